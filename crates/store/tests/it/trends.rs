//! Trends: incident measures count what the list shows; people measures close once, hide the few, and change only forwards.

mod annotations;
mod beside;
mod counted;
mod learned;
mod nights_measure;
mod recurring;
mod sheets;
mod spread_measure;
mod support_measure;
mod true_hours;

use crate::planning::published;
use crate::support::{People, account, at, new_incident, people};
use chrono::{DateTime, Duration, Utc};
use domain::incidents::{IncidentState, Nature, Severity};
use domain::interviews::WorkKind;
use domain::learnings::FactorCategory;
use domain::people::{GlobalRole, Viewer};
use domain::settings::Number;
use domain::stretches::NewStretch;
use domain::trends::{Hours, Period, Reason, Unit};
use domain::walltime::{BandMinutes, parse_zone};
use domain::{IncidentId, InvitationId, ServiceId, TeamId};
use store::interviews::{self, Invitee};
use store::learnings::{self, NewFactor};
use store::services::{self, ServiceChange};
use store::trends::{self as room, Filter};
use store::{Store, StoreError, incidents, reviews, settings};

conformance! {
    each_figure_counts_what_the_list_shows,
    every_filter_narrows_all_incident_measures,
    what_was_counted_before_a_change_is_not_shown_after_it,
    a_restricted_incident_of_a_service_is_counted_for_those_named_alone,
    a_month_closes_on_the_eighth_and_only_once,
    hours_fall_into_bands_on_each_workers_own_clock,
    a_holiday_is_a_day_off_until_its_month_is_closed,
    a_group_of_fewer_than_five_is_hidden_and_says_why,
    a_kind_in_which_few_worked_is_told_with_others,
    a_smallest_group_that_was_raised_holds_for_earlier_figures,
    of_an_earlier_figure_the_sum_is_left_where_more_are_asked_for,
    hidden_months_come_back_in_a_longer_period,
    hours_told_late_go_into_the_next_month_and_no_closed_figure_changes,
    drafts_and_declined_conversations_are_not_counted,
    contributions_do_not_lead_to_a_person,
    trends_are_for_members_and_leadership,
    hours_of_restricted_incidents_wait_until_they_are_opened,
}

fn month(text: &str) -> Period {
    text.parse().unwrap()
}

fn year_2026() -> Filter {
    Filter {
        from: month("2026-01"),
        to: month("2026-12"),
        nature: Some(Nature::Incident),
        team: None,
        service: None,
        severity: None,
        factor: None,
    }
}

/// Twelve incidents over four months with factors and teams, some of them reviewed; four concern the service.
async fn history(store: &Store, p: &People) -> ServiceId {
    let checkout = ServiceChange { name: "Checkout".to_owned(), ..ServiceChange::default() };
    let checkout = services::add(store, &p.admin, &checkout, at("2026-01-01T08:00:00Z")).await.unwrap();
    for number in 0..12u32 {
        let severity = if number % 3 == 0 { Severity::Sev1 } else { Severity::Sev3 };
        let started = format!("2026-0{}-{:02}T10:00:00Z", number % 4 + 1, number + 1);
        let mut new = new_incident(&format!("Incident {number}"), severity, &started);
        new.team_id = Some(if number % 2 == 0 { p.team } else { p.other_team });
        new.resolved_at = Some(new.started_at + Duration::minutes(i64::from(number) * 10 + 5));
        let now = new.started_at + Duration::days(1);
        let concerns: &[ServiceId] = if number % 3 == 1 { &[checkout] } else { &[] };
        let key = incidents::add_with(store, &p.outsider, &new, concerns, now).await.unwrap();
        let id = incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id;
        if number < 8 {
            reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
            let category = if number < 5 { FactorCategory::Alerting } else { FactorCategory::Capacity };
            for body in ["One", "Another of the same kind"] {
                let factor = NewFactor::plain(category, body.to_owned());
                learnings::add_factor(store, &p.facilitator, id, &factor, now).await.unwrap();
            }
            let kind = domain::reviews::SectionKind::Summary;
            reviews::save_section(store, &p.facilitator, id, kind, 0, "Told.", now).await.unwrap();
            reviews::publish(store, &p.facilitator, id, now).await.unwrap();
        }
    }
    checkout
}

async fn listed(store: &Store, p: &People, filter: incidents::Filter) -> u32 {
    u32::try_from(incidents::list(store, &p.leader, &filter, 100).await.unwrap().rows.len()).unwrap()
}

fn bounds(filter: &Filter) -> incidents::Filter {
    incidents::Filter {
        nature: filter.nature,
        team: filter.team,
        service: filter.service,
        severity: filter.severity,
        factor: filter.factor.clone(),
        from: Some(filter.from.first_day().and_time(chrono::NaiveTime::MIN).and_utc()),
        until: Some(filter.to.closed_on().and_time(chrono::NaiveTime::MIN).and_utc()),
        ..incidents::Filter::default()
    }
}

async fn each_figure_counts_what_the_list_shows(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let measures = room::incident_measures(&store, &p.leader, &year_2026()).await.unwrap();
    assert_eq!((measures.months.len(), measures.total(), measures.reviewed), (12, 12, 8));
    for counted in &measures.months {
        let one = Filter { from: counted.month, to: counted.month, ..year_2026() };
        assert_eq!(listed(&store, &p, bounds(&one)).await, counted.incidents, "{}", counted.month);
    }
    assert_eq!(
        measures.factors.iter().map(|f| (f.factor.as_str(), f.incidents)).collect::<Vec<_>>(),
        [("alerting", 5), ("capacity", 3)]
    );
    for row in &measures.factors {
        let those =
            incidents::Filter { state: Some(IncidentState::Published), factor: Some(row.factor.clone()), ..bounds(&year_2026()) };
        assert_eq!(listed(&store, &p, those).await, row.incidents);
        assert_eq!(row.reviewed, 8);
    }
    assert_eq!(measures.lasted.len(), 12);
    assert_eq!(measures.lasted.iter().map(|l| l.minutes).max(), Some(115));
    assert!(measures.lasted.is_sorted_by_key(|l| l.started_at));
}

async fn what_was_counted_before_a_change_is_not_shown_after_it(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let count = async || room::incident_measures(&store, &p.leader, &year_2026()).await.unwrap();
    let before = count().await;
    assert_eq!(before, count().await);
    let now = at("2026-05-03T12:00:00Z");
    let new = new_incident("One more", Severity::Sev2, "2026-05-02T10:00:00Z");
    let key = incidents::add(&store, &p.outsider, &new, now).await.unwrap();
    assert_eq!(count().await.total(), before.total() + 1);
    let id = incidents::by_key(&store, &p.outsider, key, now).await.unwrap().incident.id;
    incidents::restrict(&store, &p.outsider, id, true, now).await.unwrap();
    assert_eq!(count().await.total(), before.total());
    incidents::restrict(&store, &p.outsider, id, false, now).await.unwrap();
    store::trash::put_in(&store, &p.outsider, id, &key.to_string(), now).await.unwrap();
    assert_eq!(count().await, before);
}

async fn every_filter_narrows_all_incident_measures(store: Store) {
    let p = people(&store).await;
    let checkout = history(&store, &p).await;
    let nowhere = ServiceId(uuid::Uuid::from_u128(9));
    let filters = [
        Filter { team: Some(p.other_team), ..year_2026() },
        Filter { service: Some(checkout), ..year_2026() },
        Filter { service: Some(checkout), team: Some(p.team), ..year_2026() },
        Filter { service: Some(checkout), factor: Some(FactorCategory::Alerting.into()), ..year_2026() },
        Filter { service: Some(nowhere), ..year_2026() },
        Filter { nature: Some(Nature::NearMiss), ..year_2026() },
        Filter { severity: Some(Severity::Sev1), ..year_2026() },
        Filter { factor: Some(FactorCategory::Alerting.into()), ..year_2026() },
        Filter { from: month("2026-02"), to: month("2026-03"), ..year_2026() },
        Filter {
            from: month("2026-02"),
            team: Some(p.team),
            severity: Some(Severity::Sev3),
            factor: Some(FactorCategory::Capacity.into()),
            ..year_2026()
        },
        Filter { from: month("2025-01"), to: month("2025-12"), ..year_2026() },
    ];
    for filter in filters {
        let measures = room::incident_measures(&store, &p.leader, &filter).await.unwrap();
        assert_eq!(measures.total(), listed(&store, &p, bounds(&filter)).await, "{filter:?}");
        assert!(measures.total() < 12, "{filter:?}");
        assert_eq!(measures.lasted.len(), measures.total() as usize);
        let reviewed = incidents::Filter { state: Some(IncidentState::Published), ..bounds(&filter) };
        assert_eq!(measures.reviewed, listed(&store, &p, reviewed).await);
        for month in &measures.months {
            let one = Filter { from: month.month, to: month.month, ..filter.clone() };
            assert_eq!(month.incidents, listed(&store, &p, bounds(&one)).await, "{} of {filter:?}", month.month);
        }
        for row in &measures.factors {
            let those =
                incidents::Filter { state: Some(IncidentState::Published), factor: Some(row.factor.clone()), ..bounds(&filter) };
            assert_eq!(row.incidents, listed(&store, &p, those).await, "{:?} of {filter:?}", row.factor);
        }
    }
    let of_checkout = Filter { service: Some(checkout), ..year_2026() };
    let measures = room::incident_measures(&store, &p.leader, &of_checkout).await.unwrap();
    assert_eq!((measures.total(), measures.reviewed), (4, 3));
}

async fn a_restricted_incident_of_a_service_is_counted_for_those_named_alone(store: Store) {
    let p = people(&store).await;
    let checkout = history(&store, &p).await;
    let of_checkout = Filter { service: Some(checkout), ..year_2026() };
    let now = at("2026-05-01T08:00:00Z");
    let row = incidents::list(&store, &p.leader, &bounds(&of_checkout), 1).await.unwrap().rows.remove(0);
    incidents::restrict(&store, &p.outsider, row.id, true, now).await.unwrap();
    for (viewer, count) in [(&p.outsider, 4), (&p.leader, 3), (&p.responder, 3)] {
        let measures = room::incident_measures(&store, viewer, &of_checkout).await.unwrap();
        assert_eq!((measures.total(), measures.lasted.len()), (count, count as usize), "{}", viewer.name);
    }
}

/// Members of a team, by number.
async fn members(store: &Store, team: TeamId, name: &str, count: usize) -> Vec<Viewer> {
    let mut all = Vec::new();
    for number in 0..count {
        all.push(account(store, &format!("{name} {number}"), GlobalRole::Member, false, Some(team), None).await);
    }
    all
}

/// A review in whose conversations people tell of their hours.
async fn review(store: &Store, p: &People, started: &str) -> IncidentId {
    let now = at(started) + Duration::hours(4);
    let key = incidents::add(store, &p.outsider, &new_incident("Slow payments", Severity::Sev2, started), now).await.unwrap();
    let id = incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id;
    reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await.unwrap();
    id
}

fn stretch(from: &str, to: &str) -> NewStretch {
    let zone = parse_zone("Europe/Copenhagen").unwrap();
    NewStretch { started_at: at(from), ended_at: at(to), zone, kind: WorkKind::Responding }
}

async fn tell(
    store: &Store,
    p: &People,
    incident: IncidentId,
    who: &Viewer,
    what: &NewStretch,
    now: DateTime<Utc>,
) -> InvitationId {
    let invitee = Invitee::Person(who.person_id);
    let invitation = interviews::invite(store, &p.facilitator, incident, &invitee, None, now).await.unwrap().id;
    interviews::add_session(store, who, invitation, what, now).await.unwrap();
    interviews::submit(store, who, invitation, now).await.unwrap();
    invitation
}

/// Everybody tells of one hour of the afternoon of the tenth.
async fn an_hour_each(store: &Store, p: &People, month: &str, who: &[Viewer]) {
    let id = review(store, p, &format!("{month}-10T13:00:00Z")).await;
    let hour = stretch(&format!("{month}-10T13:00:00Z"), &format!("{month}-10T14:00:00Z"));
    for viewer in who {
        tell(store, p, id, viewer, &hour, at(&format!("{month}-12T09:00:00Z"))).await;
    }
}

async fn a_month_closes_on_the_eighth_and_only_once(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    assert!(room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap().is_empty(), "nobody has told anything");
    an_hour_each(&store, &p, "2026-02", &who).await;
    assert!(room::close_months(&store, at("2026-03-07T23:59:59Z")).await.unwrap().is_empty());
    assert_eq!(room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap(), [month("2026-02")]);
    assert!(room::close_months(&store, at("2026-03-08T00:00:01Z")).await.unwrap().is_empty());
    assert_eq!(room::close_months(&store, at("2026-05-20T00:00:00Z")).await.unwrap(), [month("2026-03"), month("2026-04")]);
    let shown = room::released(&store, &p.leader, at("2026-05-20T00:00:00Z")).await.unwrap();
    assert_eq!(shown.months, [month("2026-02"), month("2026-03"), month("2026-04")]);
    assert_eq!(shown.next, (month("2026-05"), "2026-06-08".parse().unwrap()));
}

async fn hours_fall_into_bands_on_each_workers_own_clock(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    let id = review(&store, &p, "2026-02-10T20:00:00Z").await;
    // 21:30 to 23:30 in Copenhagen on a Tuesday: half an hour of evening, then night; for one of them the same instants in Tokyo,
    // 05:30 to 07:30 on Wednesday: half an hour of night, then early.
    let late = stretch("2026-02-10T20:30:00Z", "2026-02-10T22:30:00Z");
    for viewer in &who[1..] {
        tell(&store, &p, id, viewer, &late, at("2026-02-12T09:00:00Z")).await;
    }
    let tokyo = NewStretch { zone: parse_zone("Asia/Tokyo").unwrap(), ..late };
    tell(&store, &p, id, &who[0], &tokyo, at("2026-02-12T09:00:00Z")).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    let released = shown.hours.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap();
    let expected = BandMinutes { working: 0, evening: 4 * 30 + 90, night: 4 * 90 + 30, weekend: 0 };
    assert_eq!((released.people, released.given), (5, Hours::ByBand(expected)));
    assert_eq!(released.given.out_of_hours_share(), Some(1.0));
    assert_eq!(shown.hours.latest(Unit::Team(p.team)).unwrap(), (month("2026-02"), released));
}

async fn a_holiday_is_a_day_off_until_its_month_is_closed(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    an_hour_each(&store, &p, "2026-03", &who).await;
    let february = || async { room::released(&store, &p.leader, at("2026-04-08T00:00:00Z")).await.unwrap() };
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let closed = february().await.hours.figure(Unit::Organisation, month("2026-02")).cloned();
    assert_eq!(
        closed.as_ref().unwrap().as_ref().unwrap().given.bands().unwrap().working,
        300,
        "five hours of a Tuesday afternoon"
    );

    // Both tenths become holidays; one of the two months is closed already. They are on the calendar since the second of March.
    let calendar = store::calendars::add(&store, &p.admin, "Denmark", at("2026-03-02T09:00:00Z")).await.unwrap();
    let days = ["2026-02-10", "2026-03-10"].map(|day| domain::holidays::parse(day, "A day off").unwrap());
    store::calendars::put_days(&store, &p.admin, calendar, &days, at("2026-03-20T09:00:00Z")).await.unwrap();
    store::calendars::put_team_on(&store, &p.admin, calendar, p.team, at("2026-03-02T09:00:00Z")).await.unwrap();
    let own = interviews::my_hours(&store, &who[0]).await.unwrap();
    assert_eq!(
        (own.total.working, own.total.weekend),
        (60, 60),
        "one’s own hours follow at once, from the day on they were on it"
    );
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let shown = february().await;
    assert_eq!(shown.hours.figure(Unit::Organisation, month("2026-02")).cloned(), closed, "a closed figure never changes");
    let march = shown.hours.figure(Unit::Organisation, month("2026-03")).unwrap().as_ref().unwrap().given.bands().unwrap();
    assert_eq!((march.working, march.weekend), (0, 300));
}

async fn a_group_of_fewer_than_five_is_hidden_and_says_why(store: Store) {
    let p = people(&store).await;
    let big = members(&store, p.team, "Pay", 6).await;
    let small = members(&store, p.other_team, "Har", 4).await;
    an_hour_each(&store, &p, "2026-02", &[big, small].concat()).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    let february = month("2026-02");
    assert_eq!(shown.hours.figure(Unit::Organisation, february).unwrap().unwrap().people, 10);
    assert_eq!(shown.hours.figure(Unit::Team(p.other_team), february), Some(&Err(Reason::TooFew)));
    assert_eq!(shown.hours.figure(Unit::Team(p.team), february), Some(&Err(Reason::WouldIsolate)), "the rest would be the four");
    assert_eq!(shown.hours.latest(Unit::Team(p.team)), None);
    assert_eq!(shown.teams.len(), 2);
}

async fn a_kind_in_which_few_worked_is_told_with_others(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    // One of them was also up at night.
    let id = review(&store, &p, "2026-02-20T01:00:00Z").await;
    let night = stretch("2026-02-20T01:00:00Z", "2026-02-20T02:30:00Z");
    tell(&store, &p, id, &who[0], &night, at("2026-02-20T12:00:00Z")).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    let told = shown.hours.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap();
    assert_eq!(
        (told.people, told.given),
        (6, Hours::Total { total: 6 * 60 + 90 }),
        "neither the night nor what is left without it"
    );
}

async fn a_smallest_group_that_was_raised_holds_for_earlier_figures(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = async || room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    let february = (Unit::Organisation, month("2026-02"));
    assert!(shown().await.hours.figure(february.0, february.1).unwrap().is_ok());
    let raised = [(Number::SmallestGroup, "8")];
    settings::save_numbers(&store, &p.admin, &raised, at("2026-03-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown().await.hours.figure(february.0, february.1), Some(&Err(Reason::TooFew)));
    assert_eq!(shown().await.hours.latest(Unit::Organisation), None);
}

async fn of_an_earlier_figure_the_sum_is_left_where_more_are_asked_for(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 9).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    // Five of the nine were also up at night: enough for five, not for eight.
    let id = review(&store, &p, "2026-02-20T01:00:00Z").await;
    let night = stretch("2026-02-20T01:00:00Z", "2026-02-20T02:00:00Z");
    for viewer in &who[..5] {
        tell(&store, &p, id, viewer, &night, at("2026-02-20T12:00:00Z")).await;
    }
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let given = async || {
        let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
        shown.hours.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap().given
    };
    assert_eq!(given().await, Hours::ByBand(BandMinutes { working: 9 * 60, night: 5 * 60, ..BandMinutes::default() }));
    let raised = [(Number::SmallestGroup, "8")];
    settings::save_numbers(&store, &p.admin, &raised, at("2026-03-08T00:00:00Z")).await.unwrap();
    assert_eq!(given().await, Hours::Total { total: 14 * 60 });
}

async fn hidden_months_come_back_in_a_longer_period(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    an_hour_each(&store, &p, "2026-01", &who[..3]).await;
    an_hour_each(&store, &p, "2026-02", &who[3..]).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-04-08T00:00:00Z")).await.unwrap();
    for hidden in ["2026-01", "2026-02", "2026-03"] {
        assert_eq!(shown.hours.figure(Unit::Organisation, month(hidden)), Some(&Err(Reason::TooFew)), "{hidden}");
    }
    let quarter = shown.hours.figure(Unit::Organisation, month("2026-Q1")).unwrap().unwrap();
    assert_eq!((quarter.people, quarter.given.total()), (6, 360));
    assert_eq!(shown.hours.latest(Unit::Organisation).unwrap().0, month("2026-Q1"));
}

async fn hours_told_late_go_into_the_next_month_and_no_closed_figure_changes(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 7).await;
    an_hour_each(&store, &p, "2026-02", &who[..5]).await;
    an_hour_each(&store, &p, "2026-03", &who[..5]).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let before = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    // Two more tell of February, and one of the five takes everything back.
    let id = review(&store, &p, "2026-02-20T08:00:00Z").await;
    let hours = stretch("2026-02-20T08:00:00Z", "2026-02-20T10:00:00Z");
    for viewer in &who[5..] {
        tell(&store, &p, id, viewer, &hours, at("2026-03-09T09:00:00Z")).await;
    }
    let waiting = interviews::my_hours(&store, &who[0]).await.unwrap().stretches;
    let february = waiting.iter().find(|s| s.session.started_at < at("2026-03-01T00:00:00Z")).unwrap();
    interviews::take_back(&store, &who[0], february.session.invitation_id, at("2026-03-09T09:00:00Z")).await.unwrap();
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let after = room::released(&store, &p.leader, at("2026-04-08T00:00:00Z")).await.unwrap();
    let february = month("2026-02");
    assert_eq!(after.hours.figure(Unit::Organisation, february), before.hours.figure(Unit::Organisation, february));
    let march = after.hours.figure(Unit::Organisation, month("2026-03")).unwrap().unwrap();
    assert_eq!((march.people, march.given.bands().unwrap().working), (7, 5 * 60 + 2 * 120));
}

async fn drafts_and_declined_conversations_are_not_counted(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 7).await;
    an_hour_each(&store, &p, "2026-02", &who[..5]).await;
    let id = review(&store, &p, "2026-02-20T08:00:00Z").await;
    let hours = stretch("2026-02-20T08:00:00Z", "2026-02-20T10:00:00Z");
    let now = at("2026-02-21T09:00:00Z");
    let declined = tell(&store, &p, id, &who[5], &hours, now).await;
    interviews::decline(&store, &who[5], declined, now).await.unwrap();
    let draft = interviews::invite(&store, &p.facilitator, id, &Invitee::Person(who[6].person_id), None, now).await.unwrap().id;
    interviews::add_session(&store, &who[6], draft, &hours, now).await.unwrap();
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown.hours.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap().people, 5);
}

async fn contributions_do_not_lead_to_a_person(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = format!("{:?}", room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap());
    for viewer in &who {
        assert!(!shown.contains(&viewer.name) && !shown.contains(&viewer.person_id.to_string()));
    }
}

async fn trends_are_for_members_and_leadership(store: Store) {
    let p = people(&store).await;
    published(&store, &p).await;
    let now = at("2026-03-12T09:00:00Z");
    for viewer in [&p.leader, &p.responder, &p.outsider] {
        assert!(room::released(&store, viewer, now).await.is_ok());
        assert_eq!(room::incident_measures(&store, viewer, &year_2026()).await.unwrap().total(), 1);
    }
    for viewer in [&p.admin, &p.guest] {
        assert!(matches!(room::released(&store, viewer, now).await, Err(StoreError::NotFound)));
        assert!(matches!(room::incident_measures(&store, viewer, &year_2026()).await, Err(StoreError::NotFound)));
    }
}

async fn hours_of_restricted_incidents_wait_until_they_are_opened(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    let id = review(&store, &p, "2026-02-20T08:00:00Z").await;
    let hours = stretch("2026-02-20T08:00:00Z", "2026-02-20T10:00:00Z");
    tell(&store, &p, id, &who[0], &hours, at("2026-02-21T09:00:00Z")).await;
    incidents::restrict(&store, &p.facilitator, id, true, at("2026-02-21T10:00:00Z")).await.unwrap();
    room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-03-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown.hours.figure(Unit::Organisation, month("2026-02")).unwrap().unwrap().given.total(), 300);
    assert_eq!(interviews::my_hours(&store, &who[0]).await.unwrap().stretches.len(), 2, "one's own hours stay one's own");
    incidents::restrict(&store, &p.facilitator, id, false, at("2026-03-09T10:00:00Z")).await.unwrap();
    an_hour_each(&store, &p, "2026-03", &who).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let shown = room::released(&store, &p.leader, at("2026-04-08T00:00:00Z")).await.unwrap();
    assert_eq!(shown.hours.figure(Unit::Organisation, month("2026-03")).unwrap().unwrap().given.total(), 420);
}

/// All that was told of a month may be more than a page's statement has time for.
#[tokio::test]
async fn closing_a_month_may_take_longer_than_a_page() {
    const SLOW: &str = "
        create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(2.5); return new; end $$";
    let Some(server) = crate::support::postgres_server() else { return };
    let database = crate::support::FreshDatabase::make(&server).await;
    let store = Store::open(&database.url, crate::support::key()).await.unwrap();
    store.migrate().await.unwrap();
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 5).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    let mut db = <sqlx::PgConnection as sqlx::Connection>::connect(&database.url).await.unwrap();
    for sql in [SLOW, "create trigger slow before insert on closed_months for each row execute function slow()"] {
        sqlx::query(sql).execute(&mut db).await.unwrap();
    }
    assert_eq!(room::close_months(&store, at("2026-03-08T00:00:00Z")).await.unwrap(), [month("2026-02")]);
    sqlx::Connection::close(db).await.unwrap();
    store.close().await;
    database.drop_it().await;
}
