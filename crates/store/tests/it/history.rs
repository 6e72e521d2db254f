//! Edit history: every change is kept with what stood before, read by who may read the thing, put back as a new version.

use crate::support::{People, at, incident, new_incident, people};
use domain::history::{Change, ObjectKind};
use domain::incidents::Severity;
use domain::interviews::{AnswerBody, Audience};
use domain::learnings::{FactorCategory, LearningKind};
use domain::people::Viewer;
use domain::reviews::{Attribution, Decision, SectionKind};
use domain::timeline::{EventDetails, EventKind, NewEvent, Precision};
use domain::{AnswerId, IncidentId};
use store::history::{self, Filter, Line, LineId};
use store::interviews::{Invitee, SaveAnswer};
use store::learnings::{NewFactor, NewLearning};
use store::reviews::{Draft, Saving};
use store::{Store, StoreError};

conformance! {
    each_change_is_told_with_what_stood_before,
    a_save_that_changes_nothing_is_not_told,
    an_earlier_version_comes_back_as_a_new_one,
    what_was_deleted_comes_back,
    a_stale_restoration_writes_nothing,
    pages_follow_each_other_without_gap_or_double,
    drafts_of_a_review_are_its_facilitators_alone,
    readers_compare_with_what_was_published_and_not_with_a_draft,
    a_quote_that_its_author_took_back_lives_on_nowhere_in_the_history,
    nobody_puts_back_what_they_may_not_change,
}

const NOW: &str = "2026-03-02T14:00:00Z";

fn event(body: &str) -> NewEvent {
    NewEvent {
        at: Some(at("2026-03-02T10:30:00Z")),
        ends_at: None,
        precision: Precision::Exact,
        as_written: "half past ten".to_owned(),
        zone: "Europe/Copenhagen".to_owned(),
        kind: EventKind::Note,
        body: body.to_owned(),
        flag: String::new(),
        details: EventDetails::default(),
        position: 0,
    }
}

async fn lines(store: &Store, viewer: &Viewer, id: IncidentId) -> Vec<Line> {
    history::page(store, viewer, id, &Filter::default(), 99, at("2027-01-01T00:00:00Z")).await.unwrap().lines
}

/// A review with its facilitator, opened by the other one.
async fn in_review(store: &Store, p: &People, id: IncidentId) {
    store::reviews::open(store, &p.admin, id, p.facilitator.person_id, true, at("2026-03-02T15:00:00Z")).await.unwrap();
}

async fn write(store: &Store, by: &Viewer, id: IncidentId, base: i64, body: &str, when: &str) {
    let saved = store::reviews::save_section(store, by, id, SectionKind::Summary, base, body, at(when)).await.unwrap();
    assert!(matches!(saved, Saving::Saved(_)), "{saved:?}");
}

async fn each_change_is_told_with_what_stood_before(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let mut new = new_incident("Very slow", Severity::Sev1, "2026-03-02T10:00:00Z");
    new.team_id = Some(p.team);
    store::incidents::change(&store, &p.outsider, id, 1, &new, at("2026-03-02T14:01:00Z")).await.unwrap();
    let e = store::timeline::add(&store, &p.responder, id, &event("one"), at("2026-03-02T14:02:00Z")).await.unwrap();
    store::timeline::change(&store, &p.outsider, (id, e), 1, &event("two"), at("2026-03-02T14:03:00Z")).await.unwrap();
    store::timeline::delete(&store, &p.outsider, id, e, 2, at("2026-03-02T14:04:00Z")).await.unwrap();
    store::timeline::take_back(&store, &p.outsider, (id, e), 0, at("2026-03-02T14:05:00Z")).await.unwrap();
    in_review(&store, &p, id).await;
    let factor = NewFactor::plain(FactorCategory::Capacity, "Full".to_owned());
    let f = store::learnings::add_factor(&store, &p.facilitator, id, &factor, at("2026-03-02T16:00:00Z")).await.unwrap();
    store::learnings::remove_factor(&store, &p.facilitator, id, f, at("2026-03-02T16:01:00Z")).await.unwrap();
    let learning = NewLearning {
        kind: LearningKind::System,
        body: "Known".to_owned(),
        before: String::new(),
        worded_as_plan: false,
        details: Default::default(),
    };
    store::learnings::add_learning(&store, &p.facilitator, id, &learning, at("2026-03-02T16:02:00Z")).await.unwrap();

    let told: Vec<_> = lines(&store, &p.leader, id).await.into_iter().rev().collect();
    let what: Vec<_> = told.iter().map(|l| (l.kind, l.change, l.version)).collect();
    use Change::{Added, Changed, Deleted, Restored};
    assert_eq!(
        what,
        [
            (ObjectKind::Incident, Added, 1),
            (ObjectKind::Incident, Changed, 2),
            (ObjectKind::Event, Added, 1),
            (ObjectKind::Event, Changed, 2),
            (ObjectKind::Event, Deleted, 3),
            (ObjectKind::Event, Restored, 4),
            (ObjectKind::Factor, Added, 1),
            (ObjectKind::Factor, Deleted, 2),
            (ObjectKind::Learning, Added, 1),
        ]
    );
    let changed = &told[1];
    assert_eq!(changed.by.as_deref(), Some("Olaf Outsider"));
    assert_eq!(changed.before.as_ref().unwrap()["title"], "Slow");
    let after = changed.after.as_ref().unwrap();
    assert_eq!((after["title"].as_str(), after["team"].as_str(), after["severity"].as_str()), ("Very slow", "Payments", "1"));
    let body = |line: &Line, before: bool| if before { &line.before } else { &line.after }.as_ref().map(|f| f["body"].clone());
    assert_eq!((body(&told[3], true).as_deref(), body(&told[3], false).as_deref()), (Some("one"), Some("two")));
    assert_eq!((body(&told[4], true).as_deref(), body(&told[4], false)), (Some("two"), None));
    assert_eq!((body(&told[7], true).as_deref(), told[7].now), (Some("Full"), 0));
    assert_eq!(told[3].now, 4);
    let only = Filter { kind: Some(ObjectKind::Event), object: Some(e.to_string()), after: None };
    assert_eq!(history::page(&store, &p.leader, id, &only, 99, at(NOW)).await.unwrap().lines.len(), 4);
    assert!(matches!(history::page(&store, &p.guest, id, &only, 99, at(NOW)).await, Err(StoreError::NotFound)));
}

async fn a_save_that_changes_nothing_is_not_told(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let same = new_incident("Slow", Severity::Sev2, "2026-03-02T10:00:00Z");
    store::incidents::change(&store, &p.responder, id, 1, &same, at(NOW)).await.unwrap();
    assert_eq!(lines(&store, &p.responder, id).await.len(), 1, "that it was added");
}

async fn an_earlier_version_comes_back_as_a_new_one(store: Store) {
    let p = people(&store).await;
    let (id, key) = incident(&store, &p.responder, "Slow").await;
    let new = new_incident("Very slow", Severity::Sev1, "2026-03-02T09:00:00Z");
    store::incidents::change(&store, &p.responder, id, 1, &new, at("2026-03-02T14:01:00Z")).await.unwrap();
    let line = lines(&store, &p.responder, id).await.remove(0);
    history::restore(&store, &p.outsider, id, &line.id, 2, at("2026-03-02T14:02:00Z")).await.unwrap();
    let opened = store::incidents::by_key(&store, &p.responder, key, at(NOW)).await.unwrap().incident;
    assert_eq!((opened.title.as_str(), opened.severity, opened.version), ("Slow", Severity::Sev2, 3));
    let told = lines(&store, &p.responder, id).await;
    assert_eq!((told[0].change, told[0].by.as_deref()), (Change::Restored, Some("Olaf Outsider")));
    history::restore(&store, &p.outsider, id, &line.id, 3, at("2026-03-02T14:03:00Z")).await.unwrap();
    assert_eq!(lines(&store, &p.responder, id).await.len(), 3, "it says so already");

    in_review(&store, &p, id).await;
    write(&store, &p.facilitator, id, 0, "First.", "2026-03-03T10:00:00Z").await;
    write(&store, &p.facilitator, id, 1, "Second.", "2026-03-03T10:01:00Z").await;
    let line = LineId::Section(SectionKind::Summary, 2);
    history::restore(&store, &p.facilitator, id, &line, 2, at("2026-03-03T10:02:00Z")).await.unwrap();
    let sections = store::reviews::sections(&store, &p.facilitator, id, at(NOW)).await.unwrap();
    let summary = sections.iter().find(|s| s.kind == SectionKind::Summary).unwrap();
    assert_eq!((summary.body.as_str(), summary.version), ("First.", 3));
    assert_eq!(lines(&store, &p.facilitator, id).await[0].change, Change::Restored);
}

async fn what_was_deleted_comes_back(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let e = store::timeline::add(&store, &p.responder, id, &event("here"), at(NOW)).await.unwrap();
    store::timeline::delete(&store, &p.responder, id, e, 1, at("2026-03-02T14:01:00Z")).await.unwrap();
    in_review(&store, &p, id).await;
    let factor = NewFactor::plain(FactorCategory::Capacity, "Full".to_owned());
    let f = store::learnings::add_factor(&store, &p.facilitator, id, &factor, at("2026-03-02T16:00:00Z")).await.unwrap();
    store::learnings::remove_factor(&store, &p.facilitator, id, f, at("2026-03-02T16:01:00Z")).await.unwrap();
    let learning = NewLearning {
        kind: LearningKind::System,
        body: "Known".into(),
        before: "Not".into(),
        worded_as_plan: true,
        details: Default::default(),
    };
    let l = store::learnings::add_learning(&store, &p.facilitator, id, &learning, at("2026-03-02T16:02:00Z")).await.unwrap();
    store::learnings::remove_learning(&store, &p.facilitator, id, l, at("2026-03-02T16:03:00Z")).await.unwrap();
    for line in lines(&store, &p.facilitator, id).await.iter().filter(|l| l.change == Change::Deleted) {
        history::restore(&store, &p.facilitator, id, &line.id, 0, at("2026-03-02T17:00:00Z")).await.unwrap();
    }
    let events = store::timeline::events(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!((events[0].id, events[0].body.as_str(), events[0].as_written.as_str()), (e, "here", "half past ten"));
    let factors = store::learnings::factors(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!((factors[0].id, factors[0].body.as_str(), factors[0].version), (f, "Full", 3));
    let learnings = store::learnings::learnings(&store, &p.leader, id, at(NOW)).await.unwrap();
    assert_eq!((learnings[0].id, learnings[0].before.as_str(), learnings[0].worded_as_plan), (l, "Not", true));
    assert_eq!(lines(&store, &p.leader, id).await[0].change, Change::Restored);
}

async fn a_stale_restoration_writes_nothing(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let e = store::timeline::add(&store, &p.responder, id, &event("one"), at(NOW)).await.unwrap();
    store::timeline::change(&store, &p.responder, (id, e), 1, &event("two"), at("2026-03-02T14:01:00Z")).await.unwrap();
    let line = lines(&store, &p.responder, id).await.remove(0);
    store::timeline::change(&store, &p.responder, (id, e), 2, &event("three"), at("2026-03-02T14:02:00Z")).await.unwrap();
    let stale = history::restore(&store, &p.responder, id, &line.id, 2, at(NOW)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    let now = history::current(&store, &p.responder, id, &line.id, at(NOW)).await.unwrap();
    assert_eq!((now.version, now.fields.unwrap()["body"].as_str()), (3, "three"));
    let added = lines(&store, &p.responder, id).await.into_iter().find(|l| l.change == Change::Added).unwrap();
    let nothing = history::restore(&store, &p.responder, id, &added.id, 3, at(NOW)).await;
    assert!(matches!(nothing, Err(StoreError::Refused(_))), "nothing stood before it was added");
}

async fn pages_follow_each_other_without_gap_or_double(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    in_review(&store, &p, id).await;
    // All at one instant: the order among them must still be one.
    for n in 0..5 {
        store::timeline::add(&store, &p.responder, id, &event(&format!("{n}")), at("2026-03-03T10:00:00Z")).await.unwrap();
        write(&store, &p.facilitator, id, n, &format!("Text {n}."), "2026-03-03T10:00:00Z").await;
    }
    let all: Vec<String> = lines(&store, &p.facilitator, id).await.iter().map(|l| l.id.to_string()).collect();
    assert_eq!(all.len(), 11);
    for size in [1, 3, 4] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let filter = Filter { after, ..Filter::default() };
            let page = history::page(&store, &p.facilitator, id, &filter, size, at(NOW)).await.unwrap();
            found.extend(page.lines.iter().map(|l| l.id.to_string()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all, "pages of {size}");
    }
    let sections = Filter { kind: Some(ObjectKind::Section), ..Filter::default() };
    assert_eq!(history::page(&store, &p.facilitator, id, &sections, 99, at(NOW)).await.unwrap().lines.len(), 5);
}

async fn drafts_of_a_review_are_its_facilitators_alone(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    in_review(&store, &p, id).await;
    write(&store, &p.facilitator, id, 0, "A draft with a secret.", "2026-03-03T10:00:00Z").await;
    write(&store, &p.facilitator, id, 1, "What is told.", "2026-03-03T10:01:00Z").await;
    let sections = |lines: &[Line]| lines.iter().filter(|l| l.kind == ObjectKind::Section).count();
    assert_eq!(sections(&lines(&store, &p.facilitator, id).await), 2);
    for other in [&p.leader, &p.outsider, &p.admin, &p.responder, &p.later_facilitator] {
        assert_eq!(sections(&lines(&store, other, id).await), 0);
    }
    store::reviews::publish(&store, &p.facilitator, id, at("2026-03-04T10:00:00Z")).await.unwrap();
    for other in [&p.leader, &p.outsider, &p.admin, &p.responder] {
        assert_eq!(sections(&lines(&store, other, id).await), 0, "drafts stay drafts");
        let draft = history::line(&store, other, id, &LineId::Section(SectionKind::Summary, 2), at("2026-03-05T10:00:00Z")).await;
        assert!(matches!(draft, Err(StoreError::NotFound)));
    }
    write(&store, &p.facilitator, id, 2, "What is told now.", "2026-03-05T10:00:00Z").await;
    let told = lines(&store, &p.leader, id).await;
    assert_eq!(sections(&told), 1);
    assert_eq!(told[0].before.as_ref().unwrap()["body"], "What is told.");
}

async fn readers_compare_with_what_was_published_and_not_with_a_draft(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    in_review(&store, &p, id).await;
    write(&store, &p.facilitator, id, 0, "A draft with a secret.", "2026-03-03T10:00:00Z").await;
    let typed = store::reviews::WhileWriting { base_version: 1, body: "What is told.", follows: false };
    let kept = store::reviews::keep_section(&store, &p.facilitator, id, SectionKind::Summary, typed, at("2026-03-03T10:01:00Z"));
    assert!(matches!(kept.await.unwrap(), Saving::Saved(_)));
    store::reviews::publish(&store, &p.facilitator, id, at("2026-03-03T10:02:00Z")).await.unwrap();
    // Within one sitting of the text that was published.
    write(&store, &p.facilitator, id, 2, "What is told now.", "2026-03-03T10:03:00Z").await;
    let told = lines(&store, &p.leader, id).await;
    assert_eq!(told[0].before.as_ref().unwrap()["body"], "What is told.");
}

async fn a_quote_that_its_author_took_back_lives_on_nowhere_in_the_history(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    in_review(&store, &p, id).await;
    const WORDS: &str = "I was too tired to read the second page";
    let excerpt = quoted(&store, &p, id, WORDS).await;
    store::reviews::decide(&store, &p.responder, excerpt, 1, &Decision::Right, at("2026-03-03T11:00:00Z")).await.unwrap();
    write(&store, &p.facilitator, id, 0, &format!("One said:\n> **{WORDS}**."), "2026-03-03T12:00:00Z").await;
    let factor = NewFactor::plain(FactorCategory::Alerting, format!("“{WORDS}”"));
    let f = store::learnings::add_factor(&store, &p.facilitator, id, &factor, at("2026-03-03T12:01:00Z")).await.unwrap();
    assert!(format!("{:?}", lines(&store, &p.facilitator, id).await).contains(WORDS), "while the author agrees");
    store::reviews::publish(&store, &p.facilitator, id, at("2026-03-04T10:00:00Z")).await.unwrap();

    store::reviews::decide(&store, &p.responder, excerpt, 2, &Decision::LeaveOut, at("2026-03-05T10:00:00Z")).await.unwrap();
    // The facilitator takes the copies out of the text, too.
    write(&store, &p.facilitator, id, 1, "One was tired.", "2026-03-05T11:00:00Z").await;
    let plain = NewFactor::plain(FactorCategory::Alerting, "Two pages at once".to_owned());
    store::learnings::change_factor(&store, &p.facilitator, (id, f), 1, &plain, at("2026-03-05T11:01:00Z")).await.unwrap();
    for viewer in [&p.leader, &p.facilitator, &p.outsider, &p.responder] {
        let told = lines(&store, viewer, id).await;
        assert!(!format!("{told:?}").contains("too tired"), "{told:?}");
        let withheld: Vec<_> = told.iter().filter(|l| l.withheld).collect();
        assert!(withheld.len() >= 2, "{withheld:?}");
        for line in withheld {
            let back = history::restore(&store, &p.facilitator, id, &line.id, line.now, at("2026-03-05T12:00:00Z")).await;
            assert!(matches!(back, Err(StoreError::Refused(_))), "{back:?}");
        }
    }
    let old = store::reviews::version_text(&store, &p.facilitator, id, SectionKind::Summary, 1, at("2026-03-05T12:00:00Z")).await;
    assert!(matches!(old, Err(StoreError::Refused(_))), "{old:?}");
}

/// The responder says these words for the review and submits.
pub(crate) async fn answered(store: &Store, p: &People, id: IncidentId, words: &str) -> AnswerId {
    let whom = Invitee::Person(p.responder.person_id);
    let now = at("2026-03-03T09:00:00Z");
    let invitation = store::interviews::invite(store, &p.facilitator, id, &whom, None, now).await.unwrap().id;
    let save = SaveAnswer {
        body: AnswerBody { text: words.to_owned(), ..AnswerBody::default() },
        audience: Audience::Unattributed,
        count_me: true,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    };
    store::interviews::save(store, &p.responder, invitation, 2, &save, now).await.unwrap();
    store::interviews::submit(store, &p.responder, invitation, now).await.unwrap();
    let page = store::interviews::page(store, &p.responder, invitation, now).await.unwrap();
    page.answers.iter().find(|a| a.question == 2).unwrap().id
}

/// Sends a quote of these words to their author, the responder.
async fn quoted(store: &Store, p: &People, id: IncidentId, words: &str) -> domain::ExcerptId {
    let answer = answered(store, p, id, words).await;
    let draft = Draft {
        section: SectionKind::Summary,
        text: words.to_owned(),
        paraphrase: false,
        attribution: Attribution::Unattributed,
    };
    store::reviews::draft_excerpt(store, &p.facilitator, id, answer, &draft, at("2026-03-03T10:30:00Z")).await.unwrap()
}

async fn nobody_puts_back_what_they_may_not_change(store: Store) {
    let p = people(&store).await;
    let (id, _) = incident(&store, &p.responder, "Slow").await;
    let (other, _) = incident(&store, &p.responder, "Another").await;
    let e = store::timeline::add(&store, &p.responder, id, &event("one"), at(NOW)).await.unwrap();
    store::timeline::change(&store, &p.responder, (id, e), 1, &event("two"), at("2026-03-02T14:01:00Z")).await.unwrap();
    in_review(&store, &p, id).await;
    let factor = NewFactor::plain(FactorCategory::Capacity, "Full".to_owned());
    let f = store::learnings::add_factor(&store, &p.facilitator, id, &factor, at("2026-03-02T16:00:00Z")).await.unwrap();
    store::learnings::remove_factor(&store, &p.facilitator, id, f, at("2026-03-02T16:01:00Z")).await.unwrap();
    let told = lines(&store, &p.responder, id).await;
    let (removed, changed) = (&told[0], told.iter().find(|l| l.change == Change::Changed).unwrap());
    for viewer in [&p.outsider, &p.responder, &p.admin, &p.leader, &p.guest] {
        let back = history::restore(&store, viewer, id, &removed.id, 0, at(NOW)).await;
        assert!(matches!(back, Err(StoreError::NotFound)), "{}: {back:?}", viewer.name);
        assert!(matches!(history::current(&store, viewer, id, &removed.id, at(NOW)).await, Err(StoreError::NotFound)));
    }
    for viewer in [&p.admin, &p.guest] {
        assert!(matches!(history::restore(&store, viewer, id, &changed.id, 2, at(NOW)).await, Err(StoreError::NotFound)));
    }
    let elsewhere = history::restore(&store, &p.responder, other, &changed.id, 2, at(NOW)).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound)), "not through another incident");
}
