//! Reviews: who may lead one, sections, quotes on their way to their author and back, publishing, the story.

use crate::support::{self, People, at, people};
use domain::interviews::{AnswerBody, Audience};
use domain::people::{GlobalRole, IncidentRole, Viewer};
use domain::reviews::{Attribution, Decision, ExcerptState, SectionKind};
use domain::{AnswerId, ExcerptId, IncidentId, InvitationId};
use store::interviews::{Invitee, SaveAnswer};
use store::reviews::{Draft, NextStep, Saving, WhileWriting};
use store::{Store, StoreError};

conformance! {
    a_review_is_opened_by_somebody_else_and_shown_to_all,
    bars_on_facilitating_always_win,
    a_responder_facilitates_only_before_answering_and_knowingly,
    the_last_facilitator_stays,
    a_save_from_an_old_version_writes_nothing_and_shows_both,
    every_save_is_kept,
    a_sitting_is_one_line_of_the_history,
    sections_are_closed_to_others_until_publication,
    a_quote_goes_to_its_author_and_back,
    a_quote_is_made_only_of_words_meant_for_the_review,
    an_edit_asks_the_author_again,
    offered_words_are_right_once_taken,
    a_narrowed_answer_takes_its_quotes_along,
    publishing_waits_for_open_words,
    unanswered_quotes_are_left_out_at_the_deadline,
    publishing_ends_links_and_begins_soak_time,
    unattributed_words_carry_no_author_anywhere,
    a_quote_is_withdrawn_after_publication_by_its_author_alone,
    a_guest_checks_quotes_of_one_conversation,
    the_next_step_is_plain,
}

const NOW: &str = "2026-03-03T09:00:00Z";
const LATER: &str = "2026-03-03T15:00:00Z";
/// Two working days after `LATER` in Copenhagen are over.
const AFTER_DEADLINE: &str = "2026-03-06T09:00:00Z";
const WORDS: &str = "Both boards were green. I trusted the board more than the number.";

struct Scene {
    people: People,
    incident: IncidentId,
}

/// An incident whose review the facilitator leads.
async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    Scene { people, incident }
}

async fn answer(store: &Store, author: &Viewer, invitation: InvitationId, question: i64, text: &str, audience: Audience) {
    let body = AnswerBody { text: text.to_owned(), ..AnswerBody::default() };
    let save = SaveAnswer {
        body,
        audience,
        count_me: true,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    store::interviews::save(store, author, invitation, question, &save, at(NOW)).await.unwrap();
}

impl Scene {
    async fn invite(&self, store: &Store, person: &Viewer) -> InvitationId {
        let whom = Invitee::Person(person.person_id);
        store::interviews::invite(store, &self.people.facilitator, self.incident, &whom, None, at(NOW)).await.unwrap().id
    }

    /// The responder says `WORDS` to question 2 with this audience, and submits.
    async fn told(&self, store: &Store, audience: Audience) -> (InvitationId, AnswerId) {
        let invitation = self.invite(store, &self.people.responder).await;
        answer(store, &self.people.responder, invitation, 2, WORDS, audience).await;
        store::interviews::submit(store, &self.people.responder, invitation, at(NOW)).await.unwrap();
        let page = store::interviews::page(store, &self.people.responder, invitation, at(NOW)).await.unwrap();
        (invitation, page.answers.iter().find(|a| a.question == 2).unwrap().id)
    }

    async fn quote(&self, store: &Store, answer: AnswerId, attribution: Attribution) -> Result<ExcerptId, StoreError> {
        let draft = Draft {
            section: SectionKind::Surprised,
            text: "I trusted the board more than the number.".to_owned(),
            paraphrase: false,
            attribution,
        };
        store::reviews::draft_excerpt(store, &self.people.facilitator, self.incident, answer, &draft, at(LATER)).await
    }

    async fn write(&self, store: &Store, text: &str) {
        let saved = store::reviews::save_section(
            store,
            &self.people.facilitator,
            self.incident,
            SectionKind::Narrative,
            0,
            text,
            at(NOW),
        );
        assert!(matches!(saved.await.unwrap(), Saving::Saved(_)));
    }

    async fn state(&self, store: &Store, excerpt: ExcerptId) -> ExcerptState {
        let all = store::reviews::excerpts(store, &self.people.facilitator, self.incident, at(LATER)).await.unwrap();
        all.into_iter().find(|e| e.id == excerpt).unwrap().state
    }

    async fn decide(&self, store: &Store, excerpt: ExcerptId, version: i64, decision: Decision) -> Result<(), StoreError> {
        store::reviews::decide(store, &self.people.responder, excerpt, version, &decision, at(LATER)).await
    }
}

fn field(error: StoreError) -> String {
    match error {
        StoreError::Invalid(invalid) => invalid.fields[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

async fn a_review_is_opened_by_somebody_else_and_shown_to_all(store: Store) {
    let Scene { people, incident } = scene(&store).await;
    let status = store::reviews::status(&store, &people.outsider, incident, at(NOW)).await.unwrap().unwrap();
    assert_eq!(status.facilitators.len(), 1);
    assert_eq!(status.facilitators[0].name, "Frida Facilitator");
    assert_eq!(status.facilitators[0].appointed_by.as_deref(), Some("Ada Admin"));
    let again = store::reviews::open(&store, &people.admin, incident, people.later_facilitator.person_id, false, at(NOW)).await;
    assert!(matches!(again, Err(StoreError::Refused(_))));
    let holders =
        store::incidents::with_role(&store, &people.outsider, incident, IncidentRole::Facilitator, at(NOW)).await.unwrap();
    assert_eq!(holders.len(), 1);
}

async fn bars_on_facilitating_always_win(store: Store) {
    let people = people(&store).await;
    let (incident, _) = support::incident(&store, &people.planner, "Labels").await;
    let open = |by: Viewer, whom: Viewer| {
        let store = store.clone();
        async move { store::reviews::open(&store, &by, incident, whom.person_id, true, at(NOW)).await }
    };
    assert!(
        matches!(open(people.outsider.clone(), people.facilitator.clone()).await, Err(StoreError::NotFound)),
        "no right to appoint"
    );
    assert!(
        matches!(open(people.leader.clone(), people.facilitator.clone()).await, Err(StoreError::NotFound)),
        "leadership does not appoint"
    );
    assert_eq!(field(open(people.facilitator.clone(), people.facilitator.clone()).await.unwrap_err()), "facilitator");
    assert_eq!(field(open(people.admin.clone(), people.leader.clone()).await.unwrap_err()), "facilitator");
    let other_admin = support::account(&store, "Bo Admin", GlobalRole::Administrator, false, None, None).await;
    assert_eq!(field(open(people.admin.clone(), other_admin).await.unwrap_err()), "facilitator");
    assert!(store::reviews::status(&store, &people.outsider, incident, at(NOW)).await.unwrap().is_none(), "nothing was opened");

    open(people.admin.clone(), people.facilitator.clone()).await.unwrap();
    let scene = Scene { people, incident };
    scene.invite(&store, &scene.people.responder).await;
    let manager = scene.people.manager.person_id;
    let refused = store::reviews::appoint(&store, &scene.people.admin, incident, manager, true, at(NOW)).await.unwrap_err();
    assert_eq!(field(refused), "facilitator");
    let candidates = store::reviews::candidates(&store, &scene.people.admin, incident, at(NOW)).await.unwrap();
    let bar = |viewer: &Viewer| candidates.iter().find(|c| c.id == viewer.person_id).unwrap().bar;
    for barred in [&scene.people.manager, &scene.people.leader, &scene.people.admin] {
        assert!(bar(barred).is_some(), "{}", barred.name);
    }
    assert_eq!(bar(&scene.people.later_facilitator), None);
    let none = store::reviews::candidates(&store, &scene.people.outsider, incident, at(NOW)).await;
    assert!(matches!(none, Err(StoreError::NotFound)));
}

async fn a_responder_facilitates_only_before_answering_and_knowingly(store: Store) {
    let scene = scene(&store).await;
    let other = scene.people.other_responder.clone();
    let invitation = scene.invite(&store, &other).await;
    let appoint = |knows| {
        let (store, admin, incident, whom) = (store.clone(), scene.people.admin.clone(), scene.incident, other.person_id);
        async move { store::reviews::appoint(&store, &admin, incident, whom, knows, at(NOW)).await }
    };
    assert_eq!(field(appoint(false).await.unwrap_err()), "facilitator");
    answer(&store, &other, invitation, 1, "I restarted the gateway.", Audience::OnlyMe).await;
    assert_eq!(field(appoint(true).await.unwrap_err()), "facilitator", "a draft is an answer");
    let later = scene.people.later_facilitator.clone();
    scene.invite(&store, &later).await;
    let knowingly = store::reviews::appoint(&store, &scene.people.admin, scene.incident, later.person_id, true, at(NOW)).await;
    knowingly.unwrap();
}

async fn the_last_facilitator_stays(store: Store) {
    let Scene { people, incident } = scene(&store).await;
    let first = people.facilitator.person_id;
    let alone = store::reviews::release(&store, &people.admin, incident, first, at(NOW)).await;
    assert!(matches!(alone, Err(StoreError::Refused(_))));
    store::reviews::appoint(&store, &people.admin, incident, people.later_facilitator.person_id, false, at(NOW)).await.unwrap();
    store::reviews::release(&store, &people.facilitator, incident, first, at(NOW)).await.unwrap();
    let closed = store::reviews::sections(&store, &people.facilitator, incident, at(NOW)).await;
    assert!(matches!(closed, Err(StoreError::NotFound)), "who has gone reads no more");
    assert!(store::reviews::sections(&store, &people.later_facilitator, incident, at(NOW)).await.is_ok());
}

async fn a_save_from_an_old_version_writes_nothing_and_shows_both(store: Store) {
    let Scene { people, incident } = scene(&store).await;
    let save = |base, text: &'static str| {
        let (store, who) = (store.clone(), people.facilitator.clone());
        async move { store::reviews::save_section(&store, &who, incident, SectionKind::Summary, base, text, at(NOW)).await.unwrap() }
    };
    assert!(matches!(save(0, "First.").await, Saving::Saved(s) if s.version == 1));
    assert!(matches!(save(1, "Second.").await, Saving::Saved(s) if s.version == 2));
    assert!(
        matches!(save(1, "Mine, from the first.").await, Saving::Conflict(theirs) if theirs.body == "Second." && theirs.version == 2)
    );
    assert!(matches!(save(0, "Mine, from nothing.").await, Saving::Conflict(_)));
    assert!(matches!(save(1, "Second.").await, Saving::Saved(s) if s.version == 2), "the same words twice are saved once");
    let sections = store::reviews::sections(&store, &people.facilitator, incident, at(NOW)).await.unwrap();
    assert_eq!(sections.len(), SectionKind::ALL.len());
    assert_eq!((sections[0].body.as_str(), sections[1].body.as_str(), sections[1].version), ("Second.", "", 0));
}

async fn every_save_is_kept(store: Store) {
    let Scene { people, incident } = scene(&store).await;
    let who = &people.facilitator;
    for (base, text) in [(0, "One."), (1, "Two."), (2, "")] {
        store::reviews::save_section(&store, who, incident, SectionKind::Hard, base, text, at(NOW)).await.unwrap();
    }
    let lines = store::reviews::versions(&store, who, incident, SectionKind::Hard, at(NOW)).await.unwrap();
    assert_eq!(lines.iter().map(|l| l.version).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(lines[0].saved_by.as_deref(), Some("Frida Facilitator"));
    let first = store::reviews::version_text(&store, who, incident, SectionKind::Hard, 1, at(NOW)).await.unwrap();
    assert_eq!(first.body, "One.");
    let missing = store::reviews::version_text(&store, who, incident, SectionKind::Hard, 9, at(NOW)).await;
    assert!(matches!(missing, Err(StoreError::NotFound)));
}

async fn a_sitting_is_one_line_of_the_history(store: Store) {
    let Scene { people, incident } = scene(&store).await;
    let (who, kind) = (&people.facilitator, SectionKind::Hard);
    let keep = |base_version, body: &'static str, follows, now: &'static str| {
        let (store, who) = (store.clone(), who.clone());
        async move {
            let typed = WhileWriting { base_version, body, follows };
            store::reviews::keep_section(&store, &who, incident, kind, typed, at(now)).await.unwrap()
        }
    };
    let history = async || {
        let lines = store::reviews::versions(&store, who, incident, kind, at(NOW)).await.unwrap();
        lines.iter().map(|l| l.version).collect::<Vec<_>>()
    };
    keep(0, "It", false, "2026-11-20T10:00:00Z").await;
    keep(1, "It was", false, "2026-11-20T10:00:02Z").await;
    assert!(matches!(keep(2, "It was late.", false, "2026-11-20T10:09:00Z").await, Saving::Saved(s) if s.version == 3));
    assert_eq!(history().await, [3]);
    let later = keep(3, "It was late. The board", false, "2026-11-20T10:11:00Z").await;
    assert!(matches!(later, Saving::Saved(s) if s.version == 4), "another sitting");
    assert_eq!(history().await, [4, 3]);
    // What somebody asks to be saved stays, also when the page had saved the same words by itself.
    store::reviews::save_section(&store, who, incident, kind, 4, "It was late. The board", at("2026-11-20T10:12:00Z"))
        .await
        .unwrap();
    keep(4, "It was late. The board was", false, "2026-11-20T10:12:02Z").await;
    assert_eq!(history().await, [5, 4, 3]);
    // A page that goes away does not know whether its last save arrived: its last words come after it and not against it.
    assert!(
        matches!(keep(4, "It was late. The board was green.", true, "2026-11-20T10:12:03Z").await, Saving::Saved(s) if s.version == 6)
    );
    assert!(matches!(keep(4, "Something else.", false, "2026-11-20T10:12:04Z").await, Saving::Conflict(_)));
    store::reviews::save_section(&store, who, incident, kind, 6, "Asked for.", at("2026-11-20T10:13:00Z")).await.unwrap();
    assert_eq!(history().await, [7, 4, 3]);
    let typed = WhileWriting { base_version: 7, body: "x", follows: true };
    for viewer in [&people.responder, &people.leader, &people.admin, &people.later_facilitator] {
        let kept = store::reviews::keep_section(&store, viewer, incident, kind, typed, at(NOW)).await;
        assert!(matches!(kept, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    // Once everybody reads it, only what somebody asks for is saved.
    store::reviews::save_section(&store, who, incident, SectionKind::Summary, 0, "It was late.", at(NOW)).await.unwrap();
    store::reviews::publish(&store, who, incident, at(LATER)).await.unwrap();
    let kept = store::reviews::keep_section(&store, who, incident, kind, typed, at(LATER)).await;
    assert!(matches!(kept, Err(StoreError::Refused(_))), "{kept:?}");
    assert!(store::reviews::save_section(&store, who, incident, kind, 7, "Mended.", at(LATER)).await.is_ok());
}

async fn sections_are_closed_to_others_until_publication(store: Store) {
    let scene = scene(&store).await;
    scene.write(&store, "It began on Tuesday.").await;
    let people = &scene.people;
    for viewer in [&people.responder, &people.leader, &people.admin, &people.planner, &people.outsider, &people.later_facilitator]
    {
        let sections = store::reviews::sections(&store, viewer, scene.incident, at(NOW)).await;
        assert!(matches!(sections, Err(StoreError::NotFound)), "{}", viewer.name);
        let story = store::reviews::story(&store, viewer, scene.incident, at(NOW)).await;
        assert!(matches!(story, Err(StoreError::NotFound)), "{}", viewer.name);
        let saved = store::reviews::save_section(&store, viewer, scene.incident, SectionKind::Summary, 0, "x", at(NOW)).await;
        assert!(matches!(saved, Err(StoreError::NotFound)), "{}", viewer.name);
    }
    store::reviews::publish(&store, &people.facilitator, scene.incident, at(LATER)).await.unwrap();
    for viewer in [&people.leader, &people.outsider] {
        let story = store::reviews::story(&store, viewer, scene.incident, at(LATER)).await.unwrap();
        assert!(story.sections.iter().any(|s| s.body == "It began on Tuesday."));
        assert_eq!(story.facilitators, ["Frida Facilitator"]);
    }
    let guest = store::reviews::story(&store, &people.guest, scene.incident, at(LATER)).await;
    assert!(matches!(guest, Err(StoreError::NotFound)));
}

async fn a_quote_goes_to_its_author_and_back(store: Store) {
    let scene = scene(&store).await;
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    let waiting = store::reviews::quotes_waiting(&store, &scene.people.responder, at(LATER)).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].quotes), (1, 1));
    assert!(waiting[0].due.is_some_and(|due| due > at(LATER)), "two working days to check");
    let mine = store::reviews::my_excerpts(&store, &scene.people.responder).await.unwrap();
    assert_eq!(mine[0].excerpt.text, "I trusted the board more than the number.");
    assert!(mine[0].few, "with one person asked, colleagues may guess");
    for nobody in [&scene.people.other_responder, &scene.people.facilitator, &scene.people.admin] {
        assert_eq!(store::reviews::my_excerpts(&store, nobody).await.unwrap(), [], "{}", nobody.name);
        let decided = store::reviews::decide(&store, nobody, quote, 1, &Decision::Right, at(LATER)).await;
        assert!(matches!(decided, Err(StoreError::NotFound)), "{}", nobody.name);
    }
    scene.decide(&store, quote, 1, Decision::Right).await.unwrap();
    assert_eq!(scene.state(&store, quote).await, ExcerptState::Right);
    assert_eq!(store::reviews::quotes_waiting(&store, &scene.people.responder, at(LATER)).await.unwrap(), []);
    scene.decide(&store, quote, 2, Decision::LeaveOut).await.unwrap();
    assert_eq!(scene.state(&store, quote).await, ExcerptState::LeftOut, "a mind may change before publication");
    let late = scene.decide(&store, quote, 3, Decision::Right).await;
    assert!(matches!(late, Err(StoreError::Refused(_))), "left out is left out");
}

async fn a_quote_is_made_only_of_words_meant_for_the_review(store: Store) {
    let scene = scene(&store).await;
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    assert_eq!(field(scene.quote(&store, answer, Attribution::Named).await.unwrap_err()), "attribution");
    let draft = |text: &str, paraphrase| Draft {
        section: SectionKind::Hard,
        text: text.to_owned(),
        paraphrase,
        attribution: Attribution::Unattributed,
    };
    let send = |draft: Draft| {
        let (store, who, incident) = (store.clone(), scene.people.facilitator.clone(), scene.incident);
        async move { store::reviews::draft_excerpt(&store, &who, incident, answer, &draft, at(LATER)).await }
    };
    assert_eq!(field(send(draft("I should have looked.", false)).await.unwrap_err()), "text");
    assert_eq!(field(send(draft(" ", true)).await.unwrap_err()), "text");
    send(draft("One person trusted the board.", true)).await.unwrap();
    let words = draft("Both boards were green.", false);
    let foreign =
        store::reviews::draft_excerpt(&store, &scene.people.later_facilitator, scene.incident, answer, &words, at(LATER));
    assert!(matches!(foreign.await, Err(StoreError::NotFound)));

    let other = scene.people.other_responder.clone();
    let invitation = scene.invite(&store, &other).await;
    self::answer(&store, &other, invitation, 7, "It was lonely.", Audience::Facilitator).await;
    store::interviews::submit(&store, &other, invitation, at(NOW)).await.unwrap();
    let page = store::interviews::page(&store, &other, invitation, at(NOW)).await.unwrap();
    let private = page.answers.iter().find(|a| a.question == 7).unwrap().id;
    let words = draft("It was lonely.", false);
    let quoted = store::reviews::draft_excerpt(&store, &scene.people.facilitator, scene.incident, private, &words, at(LATER));
    assert!(matches!(quoted.await, Err(StoreError::NotFound)), "what is for the facilitator is not for quoting");
}

async fn an_edit_asks_the_author_again(store: Store) {
    let scene = scene(&store).await;
    let (_, answer) = scene.told(&store, Audience::Named).await;
    let quote = scene.quote(&store, answer, Attribution::Named).await.unwrap();
    scene.decide(&store, quote, 1, Decision::Right).await.unwrap();
    let shorter = Draft {
        section: SectionKind::Hard,
        text: "I trusted the board".to_owned(),
        paraphrase: false,
        attribution: Attribution::Unattributed,
    };
    let change = |version| {
        let (store, who, incident, draft) = (store.clone(), scene.people.facilitator.clone(), scene.incident, shorter.clone());
        async move { store::reviews::change_excerpt(&store, &who, incident, quote, version, &draft, at(LATER)).await }
    };
    assert!(matches!(change(1).await, Err(StoreError::Stale)));
    change(2).await.unwrap();
    assert_eq!(scene.state(&store, quote).await, ExcerptState::Waiting);
    let old = scene.decide(&store, quote, 2, Decision::Right).await;
    assert!(matches!(old, Err(StoreError::Stale)), "agreeing to words that have changed is no agreement");
    scene.decide(&store, quote, 3, Decision::Right).await.unwrap();
}

async fn offered_words_are_right_once_taken(store: Store) {
    let scene = scene(&store).await;
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    assert_eq!(field(scene.decide(&store, quote, 1, Decision::Change(" ".into())).await.unwrap_err()), "offered");
    scene.decide(&store, quote, 1, Decision::Change("The board had always been right.".into())).await.unwrap();
    let who = &scene.people.facilitator;
    let offered = store::reviews::excerpts(&store, who, scene.incident, at(LATER)).await.unwrap();
    assert_eq!((offered[0].state, offered[0].offered.as_str()), (ExcerptState::Change, "The board had always been right."));
    store::reviews::take_offered(&store, who, scene.incident, quote, 2, at(LATER)).await.unwrap();
    let taken = store::reviews::excerpts(&store, who, scene.incident, at(LATER)).await.unwrap();
    assert_eq!(
        (taken[0].state, taken[0].text.as_str(), taken[0].offered.as_str()),
        (ExcerptState::Right, "The board had always been right.", "")
    );
    let twice = store::reviews::take_offered(&store, who, scene.incident, quote, 3, at(LATER)).await;
    assert!(matches!(twice, Err(StoreError::Refused(_))));
}

async fn a_narrowed_answer_takes_its_quotes_along(store: Store) {
    let scene = scene(&store).await;
    let (invitation, answer) = scene.told(&store, Audience::Named).await;
    let quote = scene.quote(&store, answer, Attribution::Named).await.unwrap();
    scene.decide(&store, quote, 1, Decision::Right).await.unwrap();
    let narrow = |audience, base_version| {
        let (store, who) = (store.clone(), scene.people.responder.clone());
        let body = AnswerBody { text: WORDS.to_owned(), ..AnswerBody::default() };
        let save = SaveAnswer {
            body,
            audience,
            count_me: true,
            with_name: false,
            base_version,
            request_key: String::new(),
            follows: String::new(),
        };
        async move { store::interviews::save(&store, &who, invitation, 2, &save, at(LATER)).await.unwrap().version }
    };
    let version = narrow(Audience::Unattributed, 1).await;
    let all = store::reviews::excerpts(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    assert_eq!((all[0].state, all[0].attribution, all[0].author.clone()), (ExcerptState::Right, Attribution::Unattributed, None));
    narrow(Audience::Facilitator, version).await;
    assert_eq!(scene.state(&store, quote).await, ExcerptState::LeftOut);
    scene.write(&store, "Told.").await;
    store::reviews::publish(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    let story = store::reviews::story(&store, &scene.people.leader, scene.incident, at(LATER)).await.unwrap();
    assert_eq!(story.quotes, []);
}

async fn publishing_waits_for_open_words(store: Store) {
    let scene = scene(&store).await;
    let who = scene.people.facilitator.clone();
    let publish = |now: &'static str| {
        let (store, who, incident) = (store.clone(), who.clone(), scene.incident);
        async move { store::reviews::publish(&store, &who, incident, at(now)).await }
    };
    assert!(matches!(publish(LATER).await, Err(StoreError::Refused(_))), "nothing is told");
    scene.write(&store, "Told.").await;
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    assert!(matches!(publish(LATER).await, Err(StoreError::Refused(_))), "a quote is with its author");
    scene.decide(&store, quote, 1, Decision::Change("Other words.".into())).await.unwrap();
    assert!(matches!(publish(AFTER_DEADLINE).await, Err(StoreError::Refused(_))), "an objection has no deadline");
    for other in [&scene.people.admin, &scene.people.leader, &scene.people.responder, &scene.people.planner] {
        let published = store::reviews::publish(&store, other, scene.incident, at(AFTER_DEADLINE)).await;
        assert!(matches!(published, Err(StoreError::NotFound)), "{}", other.name);
    }
    store::reviews::drop_excerpt(&store, &who, scene.incident, quote, at(LATER)).await.unwrap();
    publish(LATER).await.unwrap();
    assert!(matches!(publish(LATER).await, Err(StoreError::Refused(_))), "once");
}

async fn unanswered_quotes_are_left_out_at_the_deadline(store: Store) {
    let scene = scene(&store).await;
    scene.write(&store, "Told.").await;
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    let who = &scene.people.facilitator;
    let past = store::reviews::set_deadline(&store, who, scene.incident, at(NOW), at(LATER)).await;
    assert_eq!(field(past.unwrap_err()), "due");
    let set = async |due| store::reviews::set_deadline(&store, who, scene.incident, due, at(LATER)).await;
    let (hour, day) = (chrono::Duration::hours(1), chrono::Duration::days(1));
    assert_eq!(field(set(at(LATER) + hour * 16).await.unwrap_err()), "due", "who has not answered is not cut short");
    set(at(LATER) + day * 2).await.unwrap();
    // A little more than they have is more, however little it is.
    let then = at(LATER) + day;
    store::reviews::set_deadline(&store, who, scene.incident, at(LATER) + day * 2 + hour, then).await.unwrap();
    store::reviews::publish(&store, who, scene.incident, at(AFTER_DEADLINE)).await.unwrap();
    assert_eq!(scene.state(&store, quote).await, ExcerptState::LeftOut);
    let story = store::reviews::story(&store, &scene.people.leader, scene.incident, at(AFTER_DEADLINE)).await.unwrap();
    assert_eq!(story.quotes, []);
}

async fn publishing_ends_links_and_begins_soak_time(store: Store) {
    let scene = scene(&store).await;
    scene.write(&store, "Told.").await;
    let who = &scene.people.facilitator;
    let guest = Invitee::Guest("Gesa from the depot".to_owned());
    let added = store::interviews::invite(&store, who, scene.incident, &guest, None, at(NOW)).await.unwrap();
    let token = added.token.unwrap();
    assert!(store::interviews::peek(&store, &token, at(LATER)).await.is_ok());
    let opens_at = store::reviews::publish(&store, who, scene.incident, at(LATER)).await.unwrap();
    assert!(opens_at > at(LATER) + chrono::Duration::days(1), "the second working day after");
    assert!(store::interviews::peek(&store, &token, at(LATER)).await.is_err());
    let keys =
        store::incidents::by_key(&store, &scene.people.outsider, domain::incidents::IncidentKey(1), at(LATER)).await.unwrap();
    assert_eq!(keys.incident.published_at, Some(at(LATER)));
    assert!(keys.standing.published && !keys.standing.wall_open);
}

async fn unattributed_words_carry_no_author_anywhere(store: Store) {
    let scene = scene(&store).await;
    scene.write(&store, "Told.").await;
    let (_, answer) = scene.told(&store, Audience::Named).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    scene.decide(&store, quote, 1, Decision::Right).await.unwrap();
    let all = store::reviews::excerpts(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    assert_eq!(all[0].author, None);
    store::reviews::publish(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    for viewer in [&scene.people.leader, &scene.people.facilitator, &scene.people.outsider] {
        let story = store::reviews::story(&store, viewer, scene.incident, at(LATER)).await.unwrap();
        assert_eq!(story.quotes.len(), 1);
        let shown = format!("{story:?}");
        assert!(!shown.contains("Rune") && !shown.contains(&scene.people.responder.person_id.to_string()), "{shown}");
    }
}

async fn a_quote_is_withdrawn_after_publication_by_its_author_alone(store: Store) {
    let scene = scene(&store).await;
    scene.write(&store, "Told.").await;
    let (_, answer) = scene.told(&store, Audience::Named).await;
    let quote = scene.quote(&store, answer, Attribution::Named).await.unwrap();
    scene.decide(&store, quote, 1, Decision::Right).await.unwrap();
    store::reviews::publish(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    let story = || store::reviews::story(&store, &scene.people.leader, scene.incident, at(LATER));
    assert_eq!(story().await.unwrap().quotes[0].author.as_deref(), Some("Rune Responder"));
    let changed = scene.decide(&store, quote, 2, Decision::Change("x".into())).await;
    assert!(matches!(changed, Err(StoreError::Refused(_))));
    scene.decide(&store, quote, 2, Decision::LeaveOut).await.unwrap();
    assert_eq!(story().await.unwrap().quotes, []);
    let late = scene.quote(&store, answer, Attribution::Named).await;
    assert!(matches!(late, Err(StoreError::Refused(_))), "nothing is sent for checking after publication");
}

async fn a_guest_checks_quotes_of_one_conversation(store: Store) {
    let scene = scene(&store).await;
    let (invitation, answer) = scene.told(&store, Audience::Unattributed).await;
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    let by_link = Viewer { guest_of: Some(invitation), ..scene.people.responder.clone() };
    assert_eq!(store::reviews::my_excerpts(&store, &by_link).await.unwrap().len(), 1);
    let elsewhere = Viewer { guest_of: Some(InvitationId(store::random::id())), ..scene.people.responder.clone() };
    assert_eq!(store::reviews::my_excerpts(&store, &elsewhere).await.unwrap(), []);
    let refused = store::reviews::decide(&store, &elsewhere, quote, 1, &Decision::Right, at(LATER)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    store::reviews::decide(&store, &by_link, quote, 1, &Decision::Right, at(LATER)).await.unwrap();
}

async fn the_next_step_is_plain(store: Store) {
    let scene = scene(&store).await;
    let next = || async {
        let all = store::reviews::to_prepare(&store, &scene.people.facilitator, at(LATER)).await.unwrap();
        all.first().map(|r| r.next)
    };
    assert_eq!(next().await, Some(NextStep::Invite));
    let (_, answer) = scene.told(&store, Audience::Unattributed).await;
    assert_eq!(next().await, Some(NextStep::Write));
    scene.write(&store, "Told.").await;
    assert_eq!(next().await, Some(NextStep::Publish));
    let quote = scene.quote(&store, answer, Attribution::Unattributed).await.unwrap();
    assert_eq!(next().await, Some(NextStep::AwaitAuthors));
    scene.decide(&store, quote, 1, Decision::Change("Other words.".into())).await.unwrap();
    assert_eq!(next().await, Some(NextStep::HearAuthors));
    store::reviews::drop_excerpt(&store, &scene.people.facilitator, scene.incident, quote, at(LATER)).await.unwrap();
    store::reviews::publish(&store, &scene.people.facilitator, scene.incident, at(LATER)).await.unwrap();
    assert_eq!(next().await, None);
    assert_eq!(store::reviews::to_prepare(&store, &scene.people.outsider, at(LATER)).await.unwrap(), []);
}
