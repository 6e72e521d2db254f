//! Factors that keep coming back, and what helped: incidents are counted, never tags, and every count is what the list shows.

use super::{bounds, listed, month, year_2026};
use crate::support::{People, at, new_incident, people};
use chrono::Duration;
use domain::incidents::{IncidentState, Severity};
use domain::learnings::{FactorDetails, Marked, Role, Usual};
use domain::reviews::SectionKind;
use domain::trends::Change;
use domain::vocabulary::Tag;
use domain::{IncidentId, ServiceId};
use store::learnings::{self, NewFactor};
use store::services::{self, ServiceChange};
use store::trends::{self as room, Filter};
use store::{Store, StoreError, incidents, reviews};

conformance! {
    a_factor_counts_once_for_an_incident_whatever_its_tags,
    only_published_stories_that_one_may_see_are_counted,
    a_factor_is_seen_again_at_the_same_service_within_180_days,
    more_often_than_before_is_said_by_reviewed_incidents,
    usual_difficulties_and_pairs_open_what_they_count,
    what_helped_and_what_surprised_open_what_they_count,
    beginnings_are_those_of_the_filter,
    recurring_factors_are_for_members_and_leadership,
}

fn tag(slug: &str) -> Tag {
    Tag::parse(slug).unwrap()
}

async fn service(store: &Store, p: &People, name: &str) -> ServiceId {
    let change = ServiceChange { name: name.to_owned(), ..ServiceChange::default() };
    services::add(store, &p.admin, &change, at("2025-01-01T08:00:00Z")).await.unwrap()
}

/// A factor to be told: its tags, the part that it played, whether it is the normal state.
type Factor<'a> = (&'a [&'a str], Role, bool);

/// An incident that began on this day, with these factors and words in a section; its story is published where that is said.
async fn told(
    store: &Store,
    p: &People,
    day: &str,
    services: &[ServiceId],
    factors: &[Factor<'_>],
    section: Option<SectionKind>,
    publish: bool,
) -> IncidentId {
    let new = new_incident(&format!("Of {day}"), Severity::Sev2, &format!("{day}T10:00:00Z"));
    let now = new.started_at + Duration::days(1);
    let key = incidents::add_with(store, &p.outsider, &new, services, now).await.unwrap();
    let id = incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id;
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    for (tags, role, normal) in factors {
        let details = FactorDetails { role: *role, usual: normal.then_some(Usual::Normal), ..FactorDetails::default() };
        let factor = NewFactor { body: "A sentence".to_owned(), tags: tags.iter().map(|slug| tag(slug)).collect(), details };
        learnings::add_factor(store, &p.facilitator, id, &factor, now).await.unwrap();
    }
    for kind in section.into_iter().chain([SectionKind::Summary]) {
        reviews::save_section(store, &p.facilitator, id, kind, 0, "Told.", now).await.unwrap();
    }
    if publish {
        reviews::publish(store, &p.facilitator, id, now).await.unwrap();
    }
    id
}

async fn plain(store: &Store, p: &People, day: &str, services: &[ServiceId], tags: &[&str]) -> IncidentId {
    told(store, p, day, services, &[(tags, Role::Contributor, false)], None, true).await
}

async fn measures(store: &Store, p: &People, filter: &Filter) -> std::sync::Arc<room::FactorMeasures> {
    room::factor_measures(store, &p.leader, filter, at("2026-12-01T12:00:00Z")).await.unwrap()
}

fn published(filter: &Filter) -> incidents::Filter {
    incidents::Filter { state: Some(IncidentState::Published), ..bounds(filter) }
}

async fn a_factor_counts_once_for_an_incident_whatever_its_tags(store: Store) {
    let p = people(&store).await;
    let thrice: [Factor; 3] = [
        (&["alerting", "capacity"], Role::Contributor, false),
        (&["alerting"], Role::Risk, false),
        (&["alerting"], Role::Luck, false),
    ];
    told(&store, &p, "2026-01-05", &[], &thrice, None, true).await;
    plain(&store, &p, "2026-02-05", &[], &["alerting", "good-runbook"]).await;
    plain(&store, &p, "2026-08-05", &[], &["alerting"]).await;
    plain(&store, &p, "2026-08-06", &[], &[]).await;
    let seen = measures(&store, &p, &year_2026()).await;
    assert_eq!((seen.total, seen.reviewed), (4, 4));
    assert_eq!(
        seen.quarters.iter().map(|(q, of)| (q.to_string(), *of)).collect::<Vec<_>>(),
        [("2026-Q1".to_owned(), 2), ("2026-Q2".to_owned(), 0), ("2026-Q3".to_owned(), 2), ("2026-Q4".to_owned(), 0)]
    );
    let alerting = &seen.courses[0];
    assert_eq!(
        (alerting.row.factor.as_str(), alerting.row.incidents, &alerting.by_quarter[..]),
        ("alerting", 3, &[2, 0, 1, 0][..])
    );
    for course in &seen.courses {
        let those = incidents::Filter { factor: Some(course.row.factor.clone()), ..published(&year_2026()) };
        assert_eq!(listed(&store, &p, those).await, course.row.incidents, "{}", course.row.factor);
        assert_eq!(course.by_quarter.iter().sum::<u32>(), course.row.incidents);
    }
    // A tag that was merged counts as the other one, and an incident with both of them once.
    let now = at("2026-09-01T08:00:00Z");
    store::vocabulary::merge(&store, &p.admin, &tag("capacity"), &tag("alerting"), now).await.unwrap();
    let seen = measures(&store, &p, &year_2026()).await;
    assert_eq!(seen.courses[0].row.incidents, 3);
    assert!(!seen.courses.iter().any(|c| c.row.factor.as_str() == "capacity"));
    let one_month = Filter { from: month("2026-08"), to: month("2026-08"), ..year_2026() };
    assert_eq!(measures(&store, &p, &one_month).await.courses[0].row.incidents, 1);
}

async fn only_published_stories_that_one_may_see_are_counted(store: Store) {
    let p = people(&store).await;
    let shop = service(&store, &p, "Shop").await;
    let factor: [Factor; 1] = [(&["alerting", "capacity"], Role::Mitigator, true)];
    let mut all = Vec::new();
    for day in ["2026-07-01", "2026-07-02", "2026-07-03", "2026-07-04"] {
        all.push(told(&store, &p, day, &[shop], &factor, Some(SectionKind::Surprised), true).await);
    }
    told(&store, &p, "2026-07-05", &[shop], &factor, Some(SectionKind::Surprised), false).await;
    let counts = async |who| {
        let seen = room::factor_measures(&store, who, &year_2026(), at("2026-12-01T12:00:00Z")).await.unwrap();
        let helped = room::helped(&store, who, &year_2026()).await.unwrap();
        let again: Vec<usize> = seen.again.iter().map(|a| a.keys.len()).collect();
        let all = (seen.courses[0].row.incidents, again, seen.usual[0].1, seen.together[0].incidents);
        (all, helped.mitigators.incidents, helped.surprised, helped.by_service[0].told)
    };
    assert_eq!(counts(&p.leader).await, ((4, vec![4, 4], 4, 4), 4, 4, 4));
    incidents::restrict(&store, &p.outsider, all[0], true, at("2026-08-01T08:00:00Z")).await.unwrap();
    assert_eq!(counts(&p.leader).await, ((3, vec![3, 3], 3, 3), 3, 3, 3));
    assert_eq!(counts(&p.outsider).await, ((4, vec![4, 4], 4, 4), 4, 4, 4));
}

async fn a_factor_is_seen_again_at_the_same_service_within_180_days(store: Store) {
    let p = people(&store).await;
    let (shop, bank) = (service(&store, &p, "Shop").await, service(&store, &p, "Bank").await);
    // The last 180 days up to the first of December begin on the fifth of June.
    plain(&store, &p, "2026-06-04", &[shop], &["capacity"]).await;
    for day in ["2026-06-06", "2026-09-01"] {
        plain(&store, &p, day, &[shop, bank], &["alerting", "capacity", "good-runbook"]).await;
    }
    plain(&store, &p, "2026-11-30", &[shop], &["alerting", "good-runbook"]).await;
    plain(&store, &p, "2026-11-29", &[], &["alerting"]).await;
    let seen = measures(&store, &p, &year_2026()).await;
    assert_eq!((seen.watch.from.to_string(), seen.watch.until.to_string()), ("2026-06-05".into(), "2026-12-02".into()));
    let again: Vec<_> = seen.again.iter().map(|a| (a.tag.as_str(), a.service, a.keys.len())).collect();
    assert_eq!(again, [("alerting", shop, 3)], "not the one too early, of another service, or of help");
    assert_eq!(seen.again[0].last, at("2026-11-30T10:00:00Z"));
    for again in &seen.again {
        let midnight = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        let those = incidents::Filter {
            factor: Some(again.tag.clone()),
            service: Some(again.service),
            from: Some(midnight(seen.watch.from)),
            until: Some(midnight(seen.watch.until)),
            state: Some(IncidentState::Published),
            ..incidents::Filter::default()
        };
        let rows = incidents::list(&store, &p.leader, &those, 100).await.unwrap().rows;
        assert_eq!(
            rows.iter().map(|row| row.key).collect::<std::collections::BTreeSet<_>>(),
            again.keys.iter().copied().collect()
        );
    }
    // Up to an earlier month: the days before its end.
    let earlier = Filter { to: month("2026-09"), ..year_2026() };
    let seen = measures(&store, &p, &earlier).await;
    assert_eq!(seen.watch.last_day().to_string(), "2026-09-30");
    assert_eq!(seen.again.iter().map(|a| (a.tag.as_str(), a.keys.len())).collect::<Vec<_>>(), [("capacity", 3)]);
}

async fn more_often_than_before_is_said_by_reviewed_incidents(store: Store) {
    let p = people(&store).await;
    let day = |n: i64| (at("2026-12-01T00:00:00Z") - Duration::days(n)).format("%Y-%m-%d").to_string();
    for n in 0..12 {
        plain(&store, &p, &day(10 + n), &[], &["alerting", "capacity"]).await;
        let before: &[&str] = if n < 6 { &["capacity"] } else { &[] };
        plain(&store, &p, &day(200 + n), &[], before).await;
    }
    let seen = measures(&store, &p, &year_2026()).await;
    assert_eq!((seen.reviewed_now, seen.reviewed_before), (12, 12));
    let said: Vec<_> = seen.changes.iter().map(|c| (c.tag.as_str(), c.now, c.before, c.change)).collect();
    assert_eq!(said, [("alerting", 12, 0, Change::MoreOften), ("capacity", 12, 6, Change::NotClear)]);
}

async fn usual_difficulties_and_pairs_open_what_they_count(store: Store) {
    let p = people(&store).await;
    let usual: [Factor; 2] = [(&["alerting"], Role::Difficulty, true), (&["capacity"], Role::Contributor, false)];
    for day in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        told(&store, &p, day, &[], &usual, None, true).await;
    }
    plain(&store, &p, "2026-03-04", &[], &["alerting"]).await;
    let seen = measures(&store, &p, &year_2026()).await;
    assert_eq!(seen.usual, [(tag("alerting"), 3)]);
    // The very factor is marked: capacity is in the same incidents, and is not.
    for (factor, count) in [("alerting", 3), ("capacity", 0)] {
        let marked = Some(Marked::Usually(Usual::Normal));
        let those = incidents::Filter { factor: Some(tag(factor)), marked, ..published(&year_2026()) };
        assert_eq!(listed(&store, &p, those).await, count, "{factor}");
    }
    let pairs: Vec<_> = seen.together.iter().map(|t| (t.tags.0.as_str(), t.tags.1.as_str(), t.incidents, t.expected)).collect();
    assert_eq!(pairs, [("alerting", "capacity", 3, 3.0)], "4 · 3 / 4");
    let both = incidents::Filter { factor: Some(tag("alerting")), with: Some(tag("capacity")), ..published(&year_2026()) };
    assert_eq!(listed(&store, &p, both).await, 3);
}

async fn what_helped_and_what_surprised_open_what_they_count(store: Store) {
    let p = people(&store).await;
    let (shop, bank) = (service(&store, &p, "Shop").await, service(&store, &p, "Bank").await);
    let surprised = Some(SectionKind::Surprised);
    let helping: [Factor; 3] =
        [(&["good-runbook"], Role::Mitigator, false), (&["alerting"], Role::Mitigator, false), (&["luck"], Role::Luck, false)];
    told(&store, &p, "2026-03-01", &[shop, bank], &helping, surprised, true).await;
    told(&store, &p, "2026-03-02", &[shop], &helping[..1], None, true).await;
    plain(&store, &p, "2026-03-03", &[], &["good-runbook"]).await;
    let helped = room::helped(&store, &p.leader, &year_2026()).await.unwrap();
    assert_eq!((helped.reviewed, helped.surprised), (3, 1));
    for (part, role, all) in [(&helped.mitigators, Role::Mitigator, 2), (&helped.luck, Role::Luck, 1)] {
        assert_eq!(part.incidents, all);
        assert!(!part.tags.is_empty());
        let any = incidents::Filter { marked: Some(Marked::As(role)), ..published(&year_2026()) };
        assert_eq!(listed(&store, &p, any.clone()).await, all);
        for row in &part.tags {
            let those = incidents::Filter { factor: Some(row.factor.clone()), ..any.clone() };
            assert_eq!(listed(&store, &p, those).await, row.incidents, "{role:?} {}", row.factor);
        }
    }
    assert_eq!(helped.mitigators.tags[0].factor, tag("good-runbook"));
    for (place, reviewed, told) in [(shop, 2, 1), (bank, 1, 1)] {
        let row = helped.by_service.iter().find(|row| row.service == place).unwrap();
        assert_eq!((row.reviewed, row.told), (reviewed, told));
        let those = incidents::Filter { tells: surprised, service: Some(place), ..bounds(&year_2026()) };
        assert_eq!(listed(&store, &p, those).await, told);
    }
    assert_eq!(helped.by_service.len(), 2);
}

async fn beginnings_are_those_of_the_filter(store: Store) {
    let p = people(&store).await;
    let shop = service(&store, &p, "Shop").await;
    plain(&store, &p, "2026-03-02", &[shop], &[]).await;
    told(&store, &p, "2026-03-01", &[], &[], None, false).await;
    plain(&store, &p, "2025-12-31", &[shop], &[]).await;
    let began = room::began(&store, &p.leader, &year_2026()).await.unwrap();
    assert_eq!(began.iter().map(|b| b.started_at).collect::<Vec<_>>(), [at("2026-03-01T10:00:00Z"), at("2026-03-02T10:00:00Z")]);
    let began = room::began(&store, &p.leader, &Filter { service: Some(shop), ..year_2026() }).await.unwrap();
    assert_eq!(began.len(), 1);
}

async fn recurring_factors_are_for_members_and_leadership(store: Store) {
    let p = people(&store).await;
    let now = at("2026-12-01T12:00:00Z");
    for who in [&p.leader, &p.responder] {
        assert!(room::factor_measures(&store, who, &year_2026(), now).await.is_ok());
        assert!(room::helped(&store, who, &year_2026()).await.is_ok());
        assert!(room::began(&store, who, &year_2026()).await.is_ok());
    }
    assert!(matches!(room::factor_measures(&store, &p.admin, &year_2026(), now).await, Err(StoreError::NotFound)));
    assert!(matches!(room::helped(&store, &p.admin, &year_2026()).await, Err(StoreError::NotFound)));
    assert!(matches!(room::began(&store, &p.admin, &year_2026()).await, Err(StoreError::NotFound)));
}
