//! Themes: whose words may be marked, who sees what is marked, and that a passage goes with its words.

use crate::support::{self, People, at, people};
use domain::interviews::{AnswerBody, Audience};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::reviews::themes::{Mark, Passage, ThemeDraft};
use domain::{AnswerId, IncidentId, InvitationId, PassageId, ThemeId};
use store::interviews::{Invitee, SaveAnswer};
use store::owndata::{CreatedKind, Erase};
use store::reviews::{self as room, Step};
use store::{Store, StoreError};

conformance! {
    passages_are_marked_and_gathered_under_themes,
    only_words_of_the_answer_to_the_letter_are_marked,
    the_same_words_marked_twice_are_one_passage,
    nobody_but_the_facilitators_sees_or_changes_themes,
    a_later_facilitator_sees_passages_of_answers_they_may_read_and_no_others,
    a_line_manager_who_facilitates_sees_no_passage_of_their_people,
    a_passage_follows_the_audience_of_its_answer,
    what_reaches_no_facilitator_is_marked_no_more,
    what_is_taken_back_or_declined_is_marked_no_more,
    an_edit_that_takes_the_words_away_takes_the_passage,
    what_is_said_otherwise_instead_is_marked_no_more,
    an_answer_that_is_a_draft_again_hides_its_passages,
    what_is_erased_is_marked_no_more,
    what_is_over_its_time_is_marked_no_more,
    themes_keep_their_order_and_their_words,
    a_theme_that_goes_lets_its_passages_go,
    after_publication_marks_are_only_taken_away,
    a_merge_leaves_them_where_they_were_given,
    reading_a_passage_is_noted_and_marking_is_told_to_the_author,
}

const NOW: &str = "2026-03-03T09:00:00Z";
const LATER: &str = "2026-03-03T15:00:00Z";
const WORDS: &str = "Both boards were green. I trusted the board more than the number.";
const PART: &str = "I trusted the board more than the number.";

struct Scene {
    people: People,
    incident: IncidentId,
}

/// An incident whose review the facilitator leads.
async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    room::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    Scene { people, incident }
}

/// Somebody's answer to question 2.
#[derive(Clone, Copy)]
struct Told {
    invitation: InvitationId,
    answer: AnswerId,
}

fn theme(name: &str) -> ThemeDraft {
    ThemeDraft { name: name.to_owned(), opening: String::new() }
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

impl Scene {
    async fn save(&self, store: &Store, who: &Viewer, to: InvitationId, body: AnswerBody, audience: Audience, version: i64) {
        let save = SaveAnswer {
            body,
            audience,
            count_me: true,
            with_name: false,
            base_version: version,
            request_key: String::new(),
            follows: String::new(),
        };
        store::interviews::save(store, who, to, 2, &save, at(NOW)).await.unwrap();
    }

    async fn says(&self, store: &Store, told: Told, text: &str, audience: Audience, version: i64) {
        let body = AnswerBody { text: text.to_owned(), ..AnswerBody::default() };
        self.save(store, &self.people.responder, told.invitation, body, audience, version).await;
    }

    /// Somebody says `WORDS` to question 2 with this audience, and submits.
    async fn told_by(&self, store: &Store, who: &Viewer, audience: Audience) -> Told {
        let whom = Invitee::Person(who.person_id);
        let invitation =
            store::interviews::invite(store, &self.people.facilitator, self.incident, &whom, None, at(NOW)).await.unwrap().id;
        let body = AnswerBody { text: WORDS.to_owned(), ..AnswerBody::default() };
        self.save(store, who, invitation, body, audience, 0).await;
        store::interviews::submit(store, who, invitation, at(NOW)).await.unwrap();
        let page = store::interviews::page(store, who, invitation, at(NOW)).await.unwrap();
        Told { invitation, answer: page.answer(2).unwrap().id }
    }

    async fn told(&self, store: &Store, audience: Audience) -> Told {
        self.told_by(store, &self.people.responder, audience).await
    }

    async fn try_mark(&self, store: &Store, by: &Viewer, told: Told, text: &str, note: &str) -> Result<PassageId, StoreError> {
        let mark = Mark { text: text.to_owned(), note: note.to_owned() };
        room::mark(store, by, self.incident, told.answer, &mark, at(LATER)).await
    }

    async fn mark(&self, store: &Store, told: Told, text: &str) -> PassageId {
        self.try_mark(store, &self.people.facilitator, told, text, "what green means").await.unwrap()
    }

    async fn theme(&self, store: &Store, name: &str) -> ThemeId {
        room::add_theme(store, &self.people.facilitator, self.incident, &theme(name), at(LATER)).await.unwrap()
    }

    async fn seen_by(&self, store: &Store, who: &Viewer) -> Vec<Passage> {
        let gathered = room::gathered(store, who, self.incident, at(LATER)).await.unwrap();
        // Both pages tell the same.
        let marked = room::marked(store, who, self.incident, at(LATER)).await.unwrap();
        let texts = |passages: &[Passage]| {
            let mut texts: Vec<_> = passages.iter().map(|p| (p.id, p.text.clone())).collect();
            texts.sort();
            texts
        };
        let mut told: Vec<_> = marked.into_iter().map(|m| (m.passage, m.text)).collect();
        told.sort();
        assert_eq!(told, texts(&gathered.passages));
        gathered.passages
    }

    async fn seen(&self, store: &Store) -> Vec<Passage> {
        self.seen_by(store, &self.people.facilitator).await
    }

    async fn names(&self, store: &Store) -> Vec<String> {
        let gathered = room::gathered(store, &self.people.facilitator, self.incident, at(LATER)).await.unwrap();
        gathered.themes.into_iter().map(|theme| theme.name).collect()
    }

    async fn publish(&self, store: &Store) {
        let who = &self.people.facilitator;
        room::save_section(store, who, self.incident, SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
        room::publish(store, who, self.incident, at(LATER)).await.unwrap();
    }

    async fn is_gone(&self, store: &Store) {
        assert!(self.seen(store).await.is_empty());
        assert_eq!(kept(store).await, 0, "rows are left");
    }
}

/// How many passages the database holds, shown or not.
async fn kept(store: &Store) -> u64 {
    let rows = store::archive::export(store, std::io::sink()).await.unwrap().rows;
    assert_eq!(rows["passages"], rows["passage_sources"], "each with the way to its answer");
    rows["passages"]
}

async fn passages_are_marked_and_gathered_under_themes(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Named).await;
    let other = s.told_by(&store, &s.people.other_responder, Audience::Unattributed).await;
    let (one, two) = (s.mark(&store, told, PART).await, s.mark(&store, other, WORDS).await);
    assert_eq!((one.0.get_version_num(), two.0.get_version_num()), (4, 4), "random");
    let green = s.theme(&store, "What green  means").await;
    let frida = &s.people.facilitator;
    room::gather(&store, frida, s.incident, one, Some(green), at(LATER)).await.unwrap();
    let gathered = room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap();
    assert_eq!((gathered.themes[0].name.as_str(), gathered.themes[0].version), ("What green means", 1));
    let under: Vec<&Passage> = gathered.under(Some(green)).collect();
    assert_eq!((under.len(), under[0].id, under[0].text.as_str()), (1, one, PART));
    assert_eq!((under[0].question, under[0].question_text.as_str()), (2, "What surprised you?"));
    assert_eq!((under[0].author.as_deref(), under[0].note.as_str()), (Some("Rune Responder"), "what green means"));
    let loose: Vec<&Passage> = gathered.under(None).collect();
    assert_eq!((loose.len(), loose[0].id, loose[0].author.as_deref()), (1, two, None), "unattributed words have no name");
    assert!(gathered.passages.is_sorted_by_key(|p| (p.question, p.id)), "no other order than the questions' and random ids'");
    let marked = room::marked(&store, frida, s.incident, at(LATER)).await.unwrap();
    assert_eq!(marked.iter().find(|m| m.passage == one).unwrap().theme.as_deref(), Some("What green means"));

    room::gather(&store, frida, s.incident, one, None, at(LATER)).await.unwrap();
    assert!(s.seen(&store).await.iter().all(|p| p.theme.is_none()));
    room::unmark(&store, frida, s.incident, one, at(LATER)).await.unwrap();
    assert_eq!(s.seen(&store).await.iter().map(|p| p.id).collect::<Vec<_>>(), [two]);
    not_found(room::unmark(&store, frida, s.incident, one, at(LATER)).await);
    not_found(room::gather(&store, frida, s.incident, one, None, at(LATER)).await);
    not_found(room::gather(&store, frida, s.incident, two, Some(ThemeId(store::random::id())), at(LATER)).await);
}

async fn only_words_of_the_answer_to_the_letter_are_marked(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Facilitator).await;
    let frida = &s.people.facilitator;
    for (text, note, wrong) in [
        ("I trusted the board too much", "", vec!["passage"]),
        (" ", "", vec!["passage"]),
        ("", &"a".repeat(400)[..], vec!["passage", "about"]),
    ] {
        match s.try_mark(&store, frida, told, text, note).await {
            Err(StoreError::Invalid(invalid)) => {
                assert_eq!(invalid.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), wrong);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(s.seen(&store).await.is_empty());
    s.mark(&store, told, WORDS).await;
    assert!(!s.seen(&store).await[0].may_be_read_out(), "an answer to the facilitator may be marked, not read out");
    // Another incident's facilitator names an answer of this one.
    let (elsewhere, _) = support::incident(&store, &s.people.planner, "Elsewhere").await;
    room::open(&store, &s.people.admin, elsewhere, frida.person_id, false, at(NOW)).await.unwrap();
    let mark = Mark { text: WORDS.to_owned(), note: String::new() };
    not_found(room::mark(&store, frida, elsewhere, told.answer, &mark, at(LATER)).await);
    // A draft, and words for nobody.
    let private = s.told_by(&store, &s.people.other_responder, Audience::OnlyMe).await;
    not_found(s.try_mark(&store, frida, private, WORDS, "").await);
    s.says(&store, told, "Something else.", Audience::Named, 1).await;
    not_found(s.try_mark(&store, frida, told, "Something else.", "").await);
}

async fn the_same_words_marked_twice_are_one_passage(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Named).await;
    let frida = &s.people.facilitator;
    let one = s.try_mark(&store, frida, told, PART, "first").await.unwrap();
    assert_eq!(s.try_mark(&store, frida, told, &format!(" {PART}\r\n"), "").await.unwrap(), one);
    assert_eq!(s.seen(&store).await[0].note, "first");
    assert_eq!(s.try_mark(&store, frida, told, PART, "second").await.unwrap(), one);
    assert_eq!(s.seen(&store).await[0].note, "second");
    assert_ne!(s.try_mark(&store, frida, told, WORDS, "").await.unwrap(), one);
    // The same words of somebody else are theirs.
    let other = s.told_by(&store, &s.people.other_responder, Audience::Named).await;
    s.mark(&store, other, PART).await;
    assert_eq!(s.seen(&store).await.len(), 3);
}

async fn nobody_but_the_facilitators_sees_or_changes_themes(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told(&store, Audience::Named).await;
    let (passage, theme_id) = (s.mark(&store, told, PART).await, s.theme(&store, "Green").await);
    store::planning::appoint(&store, &p.facilitator, s.incident, p.planner.person_id, at(NOW)).await.unwrap();
    for published in [false, true] {
        if published {
            s.publish(&store).await;
        }
        for who in [&p.responder, &p.other_responder, &p.leader, &p.manager, &p.planner, &p.admin, &p.outsider, &p.guest] {
            not_found(room::gathered(&store, who, s.incident, at(LATER)).await);
            not_found(room::marked(&store, who, s.incident, at(LATER)).await);
            not_found(s.try_mark(&store, who, told, PART, "").await);
            not_found(room::gather(&store, who, s.incident, passage, Some(theme_id), at(LATER)).await);
            not_found(room::unmark(&store, who, s.incident, passage, at(LATER)).await);
            not_found(room::add_theme(&store, who, s.incident, &theme("Mine"), at(LATER)).await);
            not_found(room::change_theme(&store, who, s.incident, theme_id, 1, &theme("Mine"), at(LATER)).await);
            not_found(room::move_theme(&store, who, s.incident, theme_id, Step::Up, at(LATER)).await);
            not_found(room::remove_theme(&store, who, s.incident, theme_id, at(LATER)).await);
        }
    }
    assert_eq!((s.seen(&store).await.len(), s.names(&store).await), (1, vec!["Green".to_owned()]));
}

async fn a_later_facilitator_sees_passages_of_answers_they_may_read_and_no_others(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let closed = s.told(&store, Audience::Facilitator).await;
    let open = s.told_by(&store, &p.other_responder, Audience::Unattributed).await;
    let (hidden, shown) = (s.mark(&store, closed, PART).await, s.mark(&store, open, PART).await);
    room::appoint(&store, &p.admin, s.incident, p.later_facilitator.person_id, false, at(LATER)).await.unwrap();
    let ids = |passages: Vec<Passage>| passages.into_iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!(ids(s.seen_by(&store, &p.later_facilitator).await), [shown]);
    not_found(room::gather(&store, &p.later_facilitator, s.incident, hidden, None, at(LATER)).await);
    not_found(room::unmark(&store, &p.later_facilitator, s.incident, hidden, at(LATER)).await);
    let lars = p.later_facilitator.person_id;
    store::interviews::agree(&store, &p.responder, closed.invitation, lars, at(LATER)).await.unwrap();
    assert_eq!(s.seen_by(&store, &p.later_facilitator).await.len(), 2, "its author agreed");
}

async fn a_line_manager_who_facilitates_sees_no_passage_of_their_people(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told_by(&store, &p.other_responder, Audience::Named).await;
    let passage = s.mark(&store, told, PART).await;
    room::appoint(&store, &p.admin, s.incident, p.later_facilitator.person_id, false, at(NOW)).await.unwrap();
    let lars = &p.later_facilitator;
    assert_eq!(s.seen_by(&store, lars).await.len(), 1);
    store::people::set_manager(&store, p.other_responder.person_id, Some(lars.person_id)).await.unwrap();
    assert!(s.seen_by(&store, lars).await.is_empty());
    not_found(room::unmark(&store, lars, s.incident, passage, at(LATER)).await);
    assert_eq!(s.seen(&store).await.len(), 1);
}

async fn a_passage_follows_the_audience_of_its_answer(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Named).await;
    s.mark(&store, told, PART).await;
    let now = async || {
        let seen = s.seen(&store).await;
        (seen[0].audience, seen[0].author.clone())
    };
    assert_eq!(now().await, (Audience::Named, Some("Rune Responder".to_owned())));
    s.says(&store, told, WORDS, Audience::Unattributed, 1).await;
    assert_eq!(now().await, (Audience::Unattributed, None), "the name goes at once");
    s.says(&store, told, WORDS, Audience::Facilitator, 2).await;
    assert_eq!(now().await, (Audience::Facilitator, Some("Rune Responder".to_owned())));
    assert!(!s.seen(&store).await[0].may_be_read_out());
}

async fn what_reaches_no_facilitator_is_marked_no_more(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Named).await;
    s.mark(&store, told, PART).await;
    s.says(&store, told, WORDS, Audience::OnlyMe, 1).await;
    s.is_gone(&store).await;
    // Given again, it is unmarked.
    s.says(&store, told, WORDS, Audience::Named, 2).await;
    store::interviews::submit(&store, &s.people.responder, told.invitation, at(LATER)).await.unwrap();
    assert!(s.seen(&store).await.is_empty());
}

async fn what_is_taken_back_or_declined_is_marked_no_more(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Facilitator).await;
    let rune = &s.people.responder;
    s.mark(&store, told, PART).await;
    store::interviews::take_back(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    store::interviews::submit(&store, rune, told.invitation, at(LATER)).await.unwrap();
    assert!(s.seen(&store).await.is_empty(), "it does not come back");
    s.mark(&store, told, PART).await;
    store::interviews::decline(&store, rune, told.invitation, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
    let frida = &s.people.facilitator;
    store::interviews::withdraw(&store, frida, s.incident, told.invitation, at(LATER)).await.unwrap();
    s.is_gone(&store).await;
}

async fn an_edit_that_takes_the_words_away_takes_the_passage(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Unattributed).await;
    s.mark(&store, told, PART).await;
    s.mark(&store, told, "Both boards were green.").await;
    s.says(&store, told, "Both boards were green. I had no doubt.", Audience::Unattributed, 1).await;
    assert!(s.seen(&store).await.is_empty(), "a draft again");
    assert_eq!(kept(&store).await, 1, "the other words went at once");
    store::interviews::submit(&store, &s.people.responder, told.invitation, at(LATER)).await.unwrap();
    let seen = s.seen(&store).await;
    assert_eq!(seen.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["Both boards were green."]);
    // While it is a draft, too.
    s.says(&store, told, "Both boards were green, I think.", Audience::Unattributed, 2).await;
    s.says(&store, told, "Nothing.", Audience::Unattributed, 3).await;
    s.is_gone(&store).await;
}

async fn what_is_said_otherwise_instead_is_marked_no_more(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Named).await;
    s.mark(&store, told, PART).await;
    let instead =
        AnswerBody { text: WORDS.to_owned(), instead: Some(domain::interviews::Instead::RatherNotSay), ..AnswerBody::default() };
    s.save(&store, &s.people.responder, told.invitation, instead, Audience::Named, 1).await;
    s.is_gone(&store).await;
}

async fn an_answer_that_is_a_draft_again_hides_its_passages(store: Store) {
    let s = scene(&store).await;
    let told = s.told(&store, Audience::Facilitator).await;
    let passage = s.mark(&store, told, PART).await;
    let green = s.theme(&store, "Green").await;
    let frida = &s.people.facilitator;
    room::gather(&store, frida, s.incident, passage, Some(green), at(LATER)).await.unwrap();
    // To travel further it waits for its author's submission.
    s.says(&store, told, WORDS, Audience::Named, 1).await;
    assert!(s.seen(&store).await.is_empty());
    not_found(room::gather(&store, frida, s.incident, passage, None, at(LATER)).await);
    store::interviews::submit(&store, &s.people.responder, told.invitation, at(LATER)).await.unwrap();
    let seen = s.seen(&store).await;
    assert_eq!((seen[0].id, seen[0].theme), (passage, Some(green)), "where it was");
}

async fn what_is_erased_is_marked_no_more(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let mine = s.told(&store, Audience::Named).await;
    let theirs = s.told_by(&store, &p.other_responder, Audience::Named).await;
    s.mark(&store, mine, PART).await;
    s.mark(&store, theirs, PART).await;
    let erase = async |who: &Viewer, what| store::owndata::erase(&store, who, what, false, at(LATER)).await.unwrap();
    erase(&p.responder, Erase::Answer(mine.invitation, 2)).await;
    assert_eq!(s.seen(&store).await.len(), 1, "one answer");
    erase(&p.other_responder, Erase::Conversation(theirs.invitation)).await;
    s.is_gone(&store).await;
    let again = s.told_by(&store, &p.planner, Audience::Facilitator).await;
    s.mark(&store, again, PART).await;
    erase(&p.planner, Erase::Everything).await;
    s.is_gone(&store).await;
}

async fn what_is_over_its_time_is_marked_no_more(store: Store) {
    let s = scene(&store).await;
    let closed = s.told(&store, Audience::Facilitator).await;
    let given = s.told_by(&store, &s.people.other_responder, Audience::Unattributed).await;
    s.mark(&store, closed, PART).await;
    let stays = s.mark(&store, given, PART).await;
    s.publish(&store).await;
    let mut day = at(LATER);
    for _ in 0..100 {
        day += chrono::Duration::days(1);
        store::retention::run_daily(&store, day).await.unwrap();
    }
    let seen = s.seen(&store).await;
    assert_eq!(seen.iter().map(|p| p.id).collect::<Vec<_>>(), [stays], "ninety days after publication");
    assert_eq!(kept(&store).await, 1);
}

async fn themes_keep_their_order_and_their_words(store: Store) {
    let s = scene(&store).await;
    let frida = &s.people.facilitator;
    let (one, two, three) = (s.theme(&store, "One").await, s.theme(&store, "Two").await, s.theme(&store, "Three").await);
    assert_eq!(s.names(&store).await, ["One", "Two", "Three"]);
    let step = async |theme, step| room::move_theme(&store, frida, s.incident, theme, step, at(LATER)).await.unwrap();
    step(three, Step::Up).await;
    assert_eq!(s.names(&store).await, ["One", "Three", "Two"]);
    step(one, Step::Down).await;
    assert_eq!(s.names(&store).await, ["Three", "One", "Two"]);
    step(three, Step::Up).await;
    step(two, Step::Down).await;
    assert_eq!(s.names(&store).await, ["Three", "One", "Two"], "at the ends nothing happens");

    let draft = ThemeDraft { name: "Uno".to_owned(), opening: "How did it look?".to_owned() };
    room::change_theme(&store, frida, s.incident, one, 1, &draft, at(LATER)).await.unwrap();
    let again = room::change_theme(&store, frida, s.incident, one, 1, &theme("Eins"), at(LATER)).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
    let wrong = room::change_theme(&store, frida, s.incident, one, 2, &theme(" "), at(LATER)).await;
    assert!(matches!(wrong, Err(StoreError::Invalid(_))), "{wrong:?}");
    let wrong = room::add_theme(&store, frida, s.incident, &theme(&"a".repeat(200)), at(LATER)).await;
    assert!(matches!(wrong, Err(StoreError::Invalid(_))), "{wrong:?}");
    let gathered = room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap();
    assert_eq!((gathered.themes[1].name.as_str(), gathered.themes[1].opening.as_str()), ("Uno", "How did it look?"));

    let nobody = ThemeId(store::random::id());
    not_found(room::move_theme(&store, frida, s.incident, nobody, Step::Up, at(LATER)).await);
    not_found(room::remove_theme(&store, frida, s.incident, nobody, at(LATER)).await);
    // A theme of one incident under another one's address.
    let (elsewhere, _) = support::incident(&store, &s.people.planner, "Elsewhere").await;
    room::open(&store, &s.people.admin, elsewhere, frida.person_id, false, at(NOW)).await.unwrap();
    not_found(room::change_theme(&store, frida, elsewhere, one, 2, &theme("Uno"), at(LATER)).await);
    not_found(room::remove_theme(&store, frida, elsewhere, one, at(LATER)).await);
}

async fn a_theme_that_goes_lets_its_passages_go(store: Store) {
    let s = scene(&store).await;
    let frida = &s.people.facilitator;
    let told = s.told(&store, Audience::Named).await;
    let (passage, green) = (s.mark(&store, told, PART).await, s.theme(&store, "Green").await);
    room::gather(&store, frida, s.incident, passage, Some(green), at(LATER)).await.unwrap();
    room::remove_theme(&store, frida, s.incident, green, at(LATER)).await.unwrap();
    assert!(s.names(&store).await.is_empty());
    assert_eq!(s.seen(&store).await[0].theme, None);
}

async fn after_publication_marks_are_only_taken_away(store: Store) {
    let s = scene(&store).await;
    let frida = &s.people.facilitator;
    let told = s.told(&store, Audience::Named).await;
    let (passage, green) = (s.mark(&store, told, PART).await, s.theme(&store, "Green").await);
    s.publish(&store).await;
    let refused = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
    refused(s.try_mark(&store, frida, told, WORDS, "").await.map(|_| ()));
    refused(room::gather(&store, frida, s.incident, passage, Some(green), at(LATER)).await);
    refused(room::add_theme(&store, frida, s.incident, &theme("More"), at(LATER)).await.map(|_| ()));
    refused(room::change_theme(&store, frida, s.incident, green, 1, &theme("More"), at(LATER)).await);
    refused(room::move_theme(&store, frida, s.incident, green, Step::Up, at(LATER)).await);
    assert_eq!(s.seen(&store).await.len(), 1);
    room::unmark(&store, frida, s.incident, passage, at(LATER)).await.unwrap();
    room::remove_theme(&store, frida, s.incident, green, at(LATER)).await.unwrap();
    assert!(s.seen(&store).await.is_empty() && s.names(&store).await.is_empty());
}

async fn a_merge_leaves_them_where_they_were_given(store: Store) {
    let s = scene(&store).await;
    let frida = &s.people.facilitator;
    let told = s.told(&store, Audience::Named).await;
    let (passage, green) = (s.mark(&store, told, PART).await, s.theme(&store, "Green").await);
    room::gather(&store, frida, s.incident, passage, Some(green), at(LATER)).await.unwrap();
    let before = room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap();
    let all = store::incidents::list(&store, frida, &store::incidents::Filter::default(), 9).await.unwrap();
    let key = all.rows.iter().find(|row| row.id == s.incident).unwrap().key;
    let (same, same_key) = support::incident(&store, &s.people.planner, "The same one").await;
    store::trash::merge(&store, &s.people.planner, same, &key.to_string(), at(LATER)).await.unwrap();
    assert_eq!(room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap(), before);
    store::trash::put_back(&store, &s.people.planner, same_key, at(LATER)).await.unwrap();
    assert_eq!(room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap(), before);
    // The other way round they would have to leave the conversation that they were given to.
    let refused = store::trash::merge(&store, frida, s.incident, &same_key.to_string(), at(LATER)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    // In the trash they are nowhere, and come back whole.
    store::trash::put_in(&store, frida, s.incident, &key.to_string(), at(LATER)).await.unwrap();
    not_found(room::gathered(&store, frida, s.incident, at(LATER)).await);
    store::trash::put_back(&store, frida, key, at(LATER)).await.unwrap();
    assert_eq!(room::gathered(&store, frida, s.incident, at(LATER)).await.unwrap(), before);
}

async fn reading_a_passage_is_noted_and_marking_is_told_to_the_author(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    let told = s.told(&store, Audience::Named).await;
    s.mark(&store, told, PART).await;
    room::appoint(&store, &p.admin, s.incident, p.later_facilitator.person_id, false, at(LATER)).await.unwrap();
    let readers = async || {
        let reads = store::interviews::my_reads(&store, &p.responder).await.unwrap();
        reads.into_iter().map(|r| r.reader).collect::<Vec<_>>()
    };
    assert!(readers().await.is_empty());
    room::gathered(&store, &p.later_facilitator, s.incident, at(LATER)).await.unwrap();
    assert_eq!(readers().await, ["Lars Later"], "a passage is read as its answer is");

    s.theme(&store, "A name of hers").await;
    let data = store::owndata::collect(&store, &p.responder, at(LATER)).await.unwrap();
    let answers = &data.conversations[0].answers;
    let marks = &answers.iter().find(|a| a.answer.question == 2).unwrap().marks;
    assert_eq!((marks.len(), marks[0].name.as_str(), marks[0].at), (1, "Frida Facilitator", at(LATER)));
    let all = format!("{data:?}");
    assert!(!all.contains("what green means") && !all.contains("A name of hers"), "a note and a name are the facilitator's");
    assert!(data.audit.iter().all(|a| !a.action.starts_with("passage.") && !a.action.starts_with("theme.")), "{:?}", data.audit);

    let data = store::owndata::collect(&store, &p.facilitator, at(LATER)).await.unwrap();
    assert_eq!(data.created.iter().filter(|c| c.kind == CreatedKind::Theme).count(), 1);
    assert!(!format!("{data:?}").contains(PART), "words of others");
    let mut export = Vec::new();
    store::archive::export(&store, &mut export).await.unwrap();
    let export = String::from_utf8(export).unwrap();
    let trail: Vec<&str> = export.lines().filter(|line| line.contains("\"passage.")).collect();
    assert_eq!(trail.len(), 1);
    for leads_back in [told.answer.to_string(), told.invitation.to_string(), p.responder.person_id.to_string()] {
        assert!(export.contains(&leads_back) && !trail[0].contains(&leads_back), "the trail names {leads_back}");
    }
    assert!(trail[0].contains(&s.incident.to_string()), "{trail:?}");
    assert!(data.audit.iter().any(|a| a.action == "passage.mark" && a.by_me));
    assert!(data.audit.iter().any(|a| a.action == "theme.add" && a.by_me));
}
