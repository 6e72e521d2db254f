//! Own data and retention at the store's doors: whose it is, what goes, what stays, and that the trail stays whole.

use crate::support::{self, People, at, people};
use chrono::{DateTime, Utc};
use domain::interviews::{AnswerBody, Audience, InvitationState, WorkKind};
use domain::people::Viewer;
use domain::retention::Kind;
use domain::reviews::{Attribution, Decision, SectionKind};
use domain::stretches::NewStretch;
use domain::{IncidentId, InvitationId};
use store::interviews::{Invitee, SaveAnswer};
use store::owndata::{self as room, Confirmed, Erase};
use store::reviews::Draft;
use store::{Store, StoreError};

conformance! {
    everything_of_mine_is_gathered_and_nothing_of_others,
    own_data_is_its_owners_alone,
    erasing_goes_by_answer_by_conversation_and_in_all,
    an_idea_goes_until_the_wall_opens_and_is_nameless_afterwards,
    a_closed_account_leaves_nothing_that_leads_back,
    who_came_by_a_link_leaves_with_their_words,
    retention_runs_once_a_day_and_tells_a_week_before,
    the_trail_is_whole_after_its_old_end_went,
}

const NOW: &str = "2026-03-04T12:00:00Z";
const PUBLISHED: &str = "2026-03-05T09:00:00Z";

struct Scene {
    people: People,
    incident: IncidentId,
    mine: InvitationId,
    other: InvitationId,
}

/// Two people answered; a quote of each was approved.
async fn scene(store: &Store) -> Scene {
    let people = people(store).await;
    let (incident, _) = support::incident(store, &people.planner, "Labels did not print").await;
    store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, at(NOW)).await.unwrap();
    let mine = talk(store, &people, incident, &people.responder, "mine").await;
    let other = talk(store, &people, incident, &people.other_responder, "theirs").await;
    Scene { people, incident, mine, other }
}

async fn talk(store: &Store, p: &People, incident: IncidentId, who: &Viewer, mark: &str) -> InvitationId {
    let now = at(NOW);
    let whom = Invitee::Person(who.person_id);
    let id = store::interviews::invite(store, &p.facilitator, incident, &whom, None, now).await.unwrap().id;
    for (question, audience) in [
        (2, Audience::Named),
        (7, Audience::Facilitator),
        (9, Audience::Parked),
        (11, Audience::OnlyMe),
        (12, Audience::Facilitator),
    ] {
        let save = SaveAnswer {
            body: AnswerBody { text: format!("{mark} {question}"), ..AnswerBody::default() },
            audience,
            count_me: false,
            with_name: true,
            base_version: 0,
            request_key: String::new(),
            follows: String::new(),
        };
        store::interviews::save(store, who, id, question, &save, now).await.unwrap();
    }
    let began = at("2026-03-02T11:00:00Z");
    let ended_at = began + chrono::Duration::minutes(30);
    let stretch = NewStretch { started_at: began, ended_at, zone: chrono_tz::UTC, kind: WorkKind::Responding };
    store::interviews::add_session(store, who, id, &stretch, now).await.unwrap();
    store::interviews::nominate(store, who, id, &format!("{mark} friend"), "", now).await.unwrap();
    store::interviews::submit(store, who, id, now).await.unwrap();
    let page = store::interviews::page(store, who, id, now).await.unwrap();
    let draft =
        Draft { section: SectionKind::Surprised, text: format!("{mark} 2"), paraphrase: false, attribution: Attribution::Named };
    let answer = page.answer(2).unwrap().id;
    let quote = store::reviews::draft_excerpt(store, &p.facilitator, incident, answer, &draft, now).await.unwrap();
    store::reviews::decide(store, who, quote, 1, &Decision::Right, now).await.unwrap();
    id
}

impl Scene {
    async fn publish(&self, store: &Store) {
        let who = &self.people.facilitator;
        store::reviews::save_section(store, who, self.incident, SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
        store::reviews::publish(store, who, self.incident, at(PUBLISHED)).await.unwrap();
    }

    /// The quotes of the published story with their names.
    async fn told(&self, store: &Store, now: &str) -> Vec<(String, Option<String>)> {
        let story = store::reviews::story(store, &self.people.leader, self.incident, at(now)).await.unwrap();
        let mut quotes: Vec<_> = story.quotes.into_iter().map(|q| (q.text, q.author)).collect();
        quotes.sort();
        quotes
    }
}

async fn gathered(store: &Store, who: &Viewer) -> String {
    format!("{:?}", room::collect(store, who, at(NOW)).await.unwrap())
}

fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

async fn everything_of_mine_is_gathered_and_nothing_of_others(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    store::interviews::overview(&store, &p.facilitator, s.incident, at(NOW)).await.unwrap();
    let data = room::collect(&store, &p.responder, at(NOW)).await.unwrap();
    let talked = &data.conversations[0];
    assert_eq!((talked.id, talked.answers.len(), talked.stretches.len(), talked.nominations.len()), (s.mine, 5, 1, 1));
    assert_eq!(talked.answers[0].reads[0].name, "Frida Facilitator");
    assert_eq!((data.quotes.len(), data.ideas.len()), (1, 1));
    assert!(data.audit.iter().any(|a| a.action == "response.submit" && a.by_me));
    assert!(data.audit.iter().any(|a| a.action == "invitation.add" && a.by.as_deref() == Some("Frida Facilitator")));
    let all = format!("{data:?}");
    for question in [2, 7, 9, 11, 12] {
        assert!(all.contains(&format!("mine {question}")), "{question}");
    }
    assert!(all.contains("mine friend") && !all.contains("theirs"));
    let facilitator = gathered(&store, &p.facilitator).await;
    assert!(facilitator.contains("facilitator") && !facilitator.contains("mine ") && !facilitator.contains("theirs "));
    assert_eq!(data.profile.manager.as_deref(), Some("Maren Manager"));
}

async fn own_data_is_its_owners_alone(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    for other in [&p.other_responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.guest] {
        not_found(room::collect_conversation(&store, other, s.mine, at(NOW)).await);
        for what in [Erase::Conversation(s.mine), Erase::Answer(s.mine, 2), Erase::Answer(s.mine, 3)] {
            not_found(room::erase(&store, other, what, true, at(NOW)).await);
        }
    }
    not_found(room::collect(&store, &p.guest, at(NOW)).await);
    not_found(room::erase(&store, &p.guest, Erase::Everything, true, at(NOW)).await);
    not_found(room::close_account(&store, &p.guest, true, at(NOW)).await);
    not_found(store::retention::overview(&store, &p.leader, at(NOW)).await);
    not_found(store::retention::dry_run_now(&store, &p.responder, at(NOW)).await);
    assert_eq!(room::collect(&store, &p.responder, at(NOW)).await.unwrap().conversations[0].answers.len(), 5);
    assert_eq!(room::confirm(&store, &p.responder, "Erase", "erase", at(NOW)).await.unwrap(), Confirmed::Yes);
    assert_eq!(room::confirm(&store, &p.responder, "", "erase", at(NOW)).await.unwrap(), Confirmed::No);
}

async fn erasing_goes_by_answer_by_conversation_and_in_all(store: Store) {
    let s = scene(&store).await;
    let me = &s.people.responder;
    room::erase(&store, me, Erase::Answer(s.mine, 11), false, at(NOW)).await.unwrap();
    not_found(room::erase(&store, me, Erase::Answer(s.mine, 11), false, at(NOW)).await);
    assert!(!gathered(&store, me).await.contains("mine 11"));
    s.publish(&store).await;
    let named = |text: &str, name: &str| (text.to_owned(), Some(name.to_owned()));
    assert_eq!(s.told(&store, PUBLISHED).await, [named("mine 2", "Rune Responder"), named("theirs 2", "Oda Other")]);
    let after = at("2026-03-05T10:00:00Z");
    room::erase(&store, me, Erase::Conversation(s.mine), false, after).await.unwrap();
    assert_eq!(s.told(&store, PUBLISHED).await, [("mine 2".to_owned(), None), named("theirs 2", "Oda Other")]);
    let data = room::collect(&store, me, after).await.unwrap();
    let talked = &data.conversations[0];
    assert_eq!((talked.answers.len(), talked.stretches.len(), talked.nominations.len(), data.ideas.len()), (0, 0, 0, 0));
    assert_eq!((talked.state, data.quotes.len()), (InvitationState::Submitted, 1), "that they talked, and a quote to withdraw");
    room::erase(&store, me, Erase::Everything, true, after).await.unwrap();
    assert_eq!(s.told(&store, PUBLISHED).await, [named("theirs 2", "Oda Other")]);
    let other = room::collect(&store, &s.people.other_responder, after).await.unwrap();
    assert_eq!((other.conversations[0].id, other.conversations[0].answers.len()), (s.other, 5));
}

async fn an_idea_goes_until_the_wall_opens_and_is_nameless_afterwards(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    store::planning::appoint(&store, &p.facilitator, s.incident, p.planner.person_id, at(NOW)).await.unwrap();
    s.publish(&store).await;
    room::erase(&store, &p.other_responder, Erase::Everything, false, at(PUBLISHED)).await.unwrap();
    let open = at("2026-03-20T12:00:00Z");
    let ideas = store::planning::ideas(&store, &p.planner, s.incident, open).await.unwrap();
    assert_eq!(
        ideas.iter().map(|i| (i.body.as_str(), i.name.as_deref())).collect::<Vec<_>>(),
        [("mine 9", Some("Rune Responder"))]
    );
    room::erase(&store, &p.responder, Erase::Answer(s.mine, 9), false, open).await.unwrap();
    let ideas = store::planning::ideas(&store, &p.planner, s.incident, open).await.unwrap();
    assert_eq!(ideas.iter().map(|i| (i.body.as_str(), i.name.as_deref())).collect::<Vec<_>>(), [("mine 9", None)]);
}

async fn a_closed_account_leaves_nothing_that_leads_back(store: Store) {
    let s = scene(&store).await;
    let p = &s.people;
    s.publish(&store).await;
    let now = at(PUBLISHED);
    let token = store::sessions::sign_in_demo(&store, "rune.responder@example.org", now).await.unwrap();
    assert!(token.is_none(), "no demo");
    room::close_account(&store, &p.responder, false, now).await.unwrap();
    assert_eq!(s.told(&store, PUBLISHED).await[0], ("mine 2".to_owned(), None));
    assert!(store::people::viewer_by_email(&store, "rune.responder@example.org").await.unwrap().is_none());
    let list = store::interviews::list(&store, &p.facilitator, s.incident, now).await.unwrap();
    assert!(list.iter().any(|line| line.name == room::FORMER) && !list.iter().any(|line| line.name == "Rune Responder"));
    assert!(matches!(room::close_account(&store, &p.admin, false, now).await, Err(StoreError::Refused(_))));
    assert_eq!(room::keeps_account(&store, &p.admin).await.unwrap(), Some(room::Keeps::LastAdministrator));
    assert_eq!(room::keeps_account(&store, &p.facilitator).await.unwrap(), None, "the review is published");
    room::close_account(&store, &p.planner, false, now).await.unwrap();
}

async fn who_came_by_a_link_leaves_with_their_words(store: Store) {
    let store = store.with_post("https://stories.example.org");
    let s = scene(&store).await;
    let (f, now) = (&s.people.facilitator, at(NOW));
    let gro = domain::mail::Address { name: "Gro Guest".to_owned(), email: "gro@example.org".to_owned() };
    let ask = async |incident, invitee: Invitee| {
        store::interviews::ask(&store, f, incident, &store::interviews::Ask::plain(invitee, None), now).await.unwrap()
    };
    let added = ask(s.incident, Invitee::Address(gro)).await;
    let link = added.token.unwrap();
    let (_, session) = store::interviews::begin_by_link(&store, &link, now).await.unwrap();
    let guest = store::sessions::find(&store, &session, now).await.unwrap().unwrap();
    let save = SaveAnswer {
        body: AnswerBody { text: "The phones went quiet.".to_owned(), ..AnswerBody::default() },
        audience: Audience::Named,
        count_me: true,
        with_name: true,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    for question in [2, 5] {
        store::interviews::save(&store, &guest, added.id, question, &save, now).await.unwrap();
    }
    store::interviews::submit(&store, &guest, added.id, now).await.unwrap();
    let line = async || {
        let lines = store::interviews::list(&store, f, s.incident, now).await.unwrap();
        lines.into_iter().find(|l| l.id == added.id).map(|l| (l.name, l.state, l.has_address)).unwrap()
    };
    // One answer, or one of two conversations, leaves them here.
    room::erase(&store, &guest, Erase::Answer(added.id, 5), false, now).await.unwrap();
    assert_eq!(line().await, ("Gro Guest".to_owned(), InvitationState::Submitted, true));
    let (second, _) = support::incident(&store, &s.people.planner, "The other one").await;
    store::reviews::open(&store, &s.people.admin, second, f.person_id, false, now).await.unwrap();
    let other = ask(second, Invitee::Person(guest.person_id)).await;
    room::erase(&store, &guest, Erase::Conversation(added.id), false, now).await.unwrap();
    assert_eq!(line().await, ("Gro Guest".to_owned(), InvitationState::Declined, false));
    let (_, there) = store::interviews::begin_by_link(&store, &other.token.unwrap(), now).await.unwrap();
    let there = store::sessions::find(&store, &there, now).await.unwrap().unwrap();
    room::erase(&store, &there, Erase::Conversation(other.id), false, now).await.unwrap();
    // Then the name goes everywhere, with the ways in and where to write.
    assert_eq!(line().await, (room::FORMER.to_owned(), InvitationState::Declined, false));
    assert_eq!(store::sessions::find(&store, &session, now).await.unwrap(), None);
    assert!(store::interviews::peek(&store, &link, now).await.is_err());
    let why = store::interviews::why_ended(&store, &link, now).await.unwrap();
    assert_eq!(why, Some(store::interviews::Ended::Erased));
    assert!(!store::people::list(&store, f).await.unwrap().iter().any(|p| p.name == "Gro Guest" || p.name == room::FORMER));
    let renewed = store::interviews::renew_link(&store, f, s.incident, added.id, now).await;
    assert!(matches!(renewed, Err(StoreError::Refused(_))), "no link leads to nobody");
    // An account keeps its name: its owner closes it, or does not.
    room::erase(&store, &s.people.responder, Erase::Conversation(s.mine), false, now).await.unwrap();
    let lines = store::interviews::list(&store, f, s.incident, now).await.unwrap();
    assert!(lines.iter().any(|l| l.id == s.mine && l.name == "Rune Responder"));
}

async fn retention_runs_once_a_day_and_tells_a_week_before(store: Store) {
    let s = scene(&store).await;
    let me = &s.people.responder;
    s.publish(&store).await;
    let run = async |now: &str| store::retention::run_daily(&store, at(now)).await.unwrap();
    assert_eq!(run(PUBLISHED).await.unwrap().private, 0);
    assert_eq!(run("2026-03-05T23:00:00Z").await, None, "once a day");
    let soon = async |now: &str| -> Vec<(String, usize)> {
        let going = store::retention::going_soon(&store, me, at(now)).await.unwrap();
        going.into_iter().map(|g| (g.day.to_string(), g.answers)).collect()
    };
    assert_eq!(soon("2026-03-28T23:59:00Z").await, []);
    assert_eq!(soon("2026-03-29T00:00:00Z").await, [("2026-04-05".to_owned(), 1)]);
    let plan = store::retention::dry_run(&store, at("2026-04-05T05:00:00Z")).await.unwrap();
    assert_eq!((plan.now.private, plan.now.facilitator), (2, 0));
    assert_eq!(run("2026-04-05T06:00:00Z").await.unwrap().private, 2);
    assert_eq!(run("2026-06-04T06:00:00Z").await.unwrap().of(Kind::Facilitator), 4, "questions 7 and 12 of both");
    let data = room::collect(&store, me, at("2026-06-04T07:00:00Z")).await.unwrap();
    let left: Vec<i64> = data.conversations[0].answers.iter().map(|a| a.answer.question).collect();
    assert_eq!((left, data.conversations[0].stretches.len()), (vec![2, 9], 1), "what was given to the review and to planning");
    assert_eq!(s.told(&store, PUBLISHED).await.len(), 2, "approved quotes stay, with their names");
    assert_eq!(s.told(&store, PUBLISHED).await[0].1.as_deref(), Some("Rune Responder"));
    let seen = store::retention::overview(&store, &s.people.admin, at("2026-06-04T07:00:00Z")).await.unwrap();
    assert_eq!(
        seen.runs.iter().map(|r| (r.dry, r.finished)).collect::<Vec<_>>(),
        [(false, true), (false, true), (true, true), (false, true)]
    );
}

async fn the_trail_is_whole_after_its_old_end_went(store: Store) {
    let s = scene(&store).await;
    let whole = store::audit::verify(&store).await.unwrap();
    assert_eq!(whole.broken_at, None);
    let later: DateTime<Utc> = at("2027-06-01T06:00:00Z");
    let counts = store::retention::run_daily(&store, later).await.unwrap().unwrap();
    assert_eq!(counts.audit, whole.entries, "all of it is older than 400 days");
    let rest = store::audit::verify(&store).await.unwrap();
    assert_eq!((rest.entries, rest.broken_at), (2, None), "the checkpoint and the run");
    room::erase(&store, &s.people.responder, Erase::Everything, false, later).await.unwrap();
    assert_eq!(store::audit::verify(&store).await.unwrap().entries, 3);
}
