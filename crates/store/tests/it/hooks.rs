//! Hooks: one incident an outage, its raw log and its end; proposals; what is known again; what administrators see of it.

use crate::raw_log::{entry, log};
use crate::support::{People, at, incident, people};
use chrono::{DateTime, TimeDelta, Utc};
use domain::HookId;
use domain::incidents::{IncidentKey, IncidentState, Severity};
use domain::timeline::hooks::{HookKind, Rule};
use domain::timeline::raw::{ImportedLog, RawEntry, RawIncident, RawKind, RawSource};
use std::slice::from_ref;
use store::timeline::hooks::{self, NewHook, Outcome, Sent};
use store::timeline::raw::{self, Look};
use store::{Store, StoreError, incidents, trash};

conformance! {
    an_outage_is_one_incident_with_its_log_and_its_end,
    a_proposal_is_opened_by_a_member_or_left,
    what_failed_is_kept_and_tried_again,
    what_people_set_stays_and_what_is_in_the_trash_stays_there,
    old_deliveries_go,
    two_that_come_at_once_are_one_outage,
    what_comes_too_often_is_turned_away_and_taken_later,
    an_outage_follows_its_incident_into_another,
    only_administrators_keep_hooks,
    what_fires_is_a_page_in_the_shift_of_its_team,
}

fn new(opens: bool) -> NewHook {
    NewHook {
        kind: HookKind::Alertmanager,
        name: "Boats".to_owned(),
        secret: String::new(),
        team_id: None,
        rule: Rule { opens, least: Severity::Sev3, labels: Vec::new(), quiet: TimeDelta::minutes(30) },
        zone: "Europe/Copenhagen".to_owned(),
    }
}

fn alert(from: &str, to: &str) -> ImportedLog {
    let firing = RawEntry { kind: RawKind::Firing, ..entry(&format!("{from}/firing"), from, "The queue grows") };
    let over = (!to.is_empty()).then(|| RawEntry { kind: RawKind::Resolved, ..entry(&format!("{from}/resolved"), to, "Quiet") });
    let incident = RawIncident {
        external_id: "boats".to_owned(),
        title: "Queue over 5,000".to_owned(),
        severity: "critical".to_owned(),
        started_at: firing.at,
        resolved_at: over.as_ref().and_then(|e| e.at),
        url: String::new(),
    };
    ImportedLog { incident: Some(incident), ..log([firing].into_iter().chain(over).collect()) }
}

async fn send(store: &Store, hook: HookId, log: &ImportedLog, now: &str) -> Outcome {
    let bytes = serde_json::to_vec(log).unwrap();
    let sent = Sent { bytes: &bytes, source: Some(RawSource::Alertmanager), logs: Some(from_ref(log)) };
    hooks::receive(store, hook, &sent, time(now)).await.unwrap()
}

fn time(now: &str) -> DateTime<Utc> {
    at(&format!("2026-03-02T{now}Z"))
}

async fn made(store: &Store, p: &People, opens: bool) -> HookId {
    hooks::add(store, &p.admin, &new(opens), time("08:00:00")).await.unwrap().0
}

async fn an_outage_is_one_incident_with_its_log_and_its_end(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, true).await;
    assert_eq!(send(&store, hook, &alert("10:00:00", ""), "10:01:00").await, Outcome::Opened);
    assert_eq!(send(&store, hook, &alert("10:00:00", ""), "10:02:00").await, Outcome::Repeated);
    assert_eq!(send(&store, hook, &alert("10:05:00", ""), "10:06:00").await, Outcome::Written);
    assert_eq!(send(&store, hook, &alert("10:05:00", "10:20:00"), "10:20:00").await, Outcome::Written);
    let opened = incidents::by_key(&store, &p.responder, IncidentKey(1), time("11:00:00")).await.unwrap();
    assert_eq!((opened.incident.title.as_str(), opened.incident.severity), ("Queue over 5,000", Severity::Sev1));
    assert_eq!((opened.incident.state, opened.incident.resolved_at), (IncidentState::Resolved, Some(time("10:20:00"))));
    assert_eq!((opened.incident.started_at, opened.incident.zone.as_str()), (time("10:00:00"), "Europe/Copenhagen"));
    // Soon again it is the same, and goes on; later it is another one.
    assert_eq!(send(&store, hook, &alert("10:45:00", ""), "10:46:00").await, Outcome::Written);
    let opened = incidents::by_key(&store, &p.responder, IncidentKey(1), time("11:00:00")).await.unwrap();
    assert_eq!((opened.incident.state, opened.incident.resolved_at), (IncidentState::Open, None));
    assert_eq!(send(&store, hook, &alert("10:45:00", "10:50:00"), "10:50:00").await, Outcome::Written);
    assert_eq!(send(&store, hook, &alert("11:45:00", ""), "11:46:00").await, Outcome::Opened);
    let two = incidents::by_key(&store, &p.responder, IncidentKey(2), time("12:00:00")).await.unwrap();
    assert_eq!((two.incident.started_at, two.incident.resolved_at), (time("11:45:00"), None));
    assert!(incidents::by_key(&store, &p.responder, IncidentKey(3), time("12:00:00")).await.is_err());
    // Nobody brought it in: the raw log opens for who facilitates, not for who made the hook.
    for viewer in [&p.admin, &p.responder] {
        let page = raw::page(&store, viewer, opened.incident.id, &Look::default(), time("12:00:00")).await;
        assert!(matches!(page, Err(StoreError::NotFound)));
    }
    let (_, came) = hooks::deliveries(&store, &p.admin, hook).await.unwrap();
    assert_eq!((came.len(), came[0].incident, came[0].kept), (7, Some(IncidentKey(2)), false));
}

async fn a_proposal_is_opened_by_a_member_or_left(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, false).await;
    assert_eq!(send(&store, hook, &alert("10:00:00", ""), "10:01:00").await, Outcome::Proposed);
    assert_eq!(send(&store, hook, &alert("10:00:00", "10:20:00"), "10:20:00").await, Outcome::Proposed);
    assert_eq!(hooks::proposed(&store, &p.responder).await.unwrap(), 1);
    let one = hooks::proposals(&store, &p.responder).await.unwrap().remove(0);
    assert_eq!((one.title.as_str(), one.entries, one.resolved_at), ("Queue over 5,000", 2, Some(time("10:20:00"))));
    hooks::dismiss(&store, &p.responder, one.id, time("11:00:00")).await.unwrap();
    assert_eq!(send(&store, hook, &alert("10:30:00", ""), "10:31:00").await, Outcome::Left);
    assert_eq!(hooks::proposed(&store, &p.responder).await.unwrap(), 0);
    hooks::take_up_again(&store, &p.responder, one.id, time("11:00:00")).await.unwrap();
    let key = hooks::open(&store, &p.responder, one.id, time("11:00:00")).await.unwrap();
    assert!(matches!(hooks::open(&store, &p.responder, one.id, time("11:00:00")).await, Err(StoreError::NotFound)), "once");
    let opened = incidents::by_key(&store, &p.responder, key, time("11:00:00")).await.unwrap();
    let page = raw::page(&store, &p.responder, opened.incident.id, &Look::default(), time("11:00:00")).await.unwrap();
    assert_eq!(page.all, 2, "who opened it brought it in");
    assert_eq!(send(&store, hook, &alert("10:30:00", "10:40:00"), "10:41:00").await, Outcome::Written);
}

async fn what_failed_is_kept_and_tried_again(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, false).await;
    let unread = Sent { bytes: b"{\"canary", source: None, logs: None };
    for minute in ["10:00:00", "10:01:00"] {
        assert_eq!(hooks::receive(&store, hook, &unread, time(minute)).await.unwrap(), Outcome::Failed);
    }
    let (_, came) = hooks::deliveries(&store, &p.admin, hook).await.unwrap();
    assert_eq!((came.len(), came[0].replays, came[0].kept), (1, 1, true));
    let id = came[0].id;
    assert!(matches!(hooks::failed(&store, &p.responder, hook, id).await, Err(StoreError::NotFound)));
    let (_, bytes) = hooks::failed(&store, &p.admin, hook, id).await.unwrap();
    assert_eq!(bytes, b"{\"canary");
    let now_read = alert("10:00:00", "");
    let sent = Sent { bytes: &bytes, source: Some(RawSource::Alertmanager), logs: Some(from_ref(&now_read)) };
    assert_eq!(hooks::replay(&store, hook, id, &sent, time("10:02:00")).await.unwrap(), Outcome::Proposed);
    let (_, came) = hooks::deliveries(&store, &p.admin, hook).await.unwrap();
    assert_eq!((came.len(), came[0].outcome, came[0].kept), (1, Outcome::Proposed, false));
    assert!(hooks::failed(&store, &p.admin, hook, id).await.is_err());
}

async fn what_people_set_stays_and_what_is_in_the_trash_stays_there(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, false).await;
    send(&store, hook, &alert("10:00:00", ""), "10:01:00").await;
    let one = hooks::proposals(&store, &p.responder).await.unwrap().remove(0);
    let key = hooks::open(&store, &p.responder, one.id, time("10:05:00")).await.unwrap();
    let opened = incidents::by_key(&store, &p.responder, key, time("10:05:00")).await.unwrap();
    trash::put_in(&store, &p.responder, opened.incident.id, "", time("10:06:00")).await.unwrap();
    assert_eq!(send(&store, hook, &alert("10:00:00", "10:20:00"), "10:21:00").await, Outcome::Left);
    assert_eq!(send(&store, hook, &alert("10:30:00", ""), "10:31:00").await, Outcome::Left);
    trash::empty(&store, time("10:06:00") + TimeDelta::days(400)).await.unwrap();
    assert_eq!(send(&store, hook, &alert("10:32:00", ""), "10:33:00").await, Outcome::Left, "what is gone is not brought back");
    assert_eq!(hooks::proposed(&store, &p.responder).await.unwrap(), 0);
}

async fn old_deliveries_go(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, false).await;
    send(&store, hook, &alert("10:00:00", ""), "10:01:00").await;
    store::retention::run_daily(&store, time("10:01:00") + TimeDelta::days(29)).await.unwrap();
    assert_eq!(hooks::deliveries(&store, &p.admin, hook).await.unwrap().1.len(), 1);
    store::retention::run_daily(&store, time("10:02:00") + TimeDelta::days(30)).await.unwrap();
    assert_eq!(hooks::deliveries(&store, &p.admin, hook).await.unwrap().1.len(), 0);
    assert_eq!(hooks::proposals(&store, &p.responder).await.unwrap().len(), 0);
}

async fn two_that_come_at_once_are_one_outage(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, true).await;
    for (n, hour) in ["10", "13", "16"].into_iter().enumerate() {
        let (one, other) = (alert(&format!("{hour}:00:00"), ""), alert(&format!("{hour}:05:00"), ""));
        let now = format!("{hour}:06:00");
        // Twice the same and once another of the same group, all on their way together.
        let (a, b, c) =
            tokio::join!(send(&store, hook, &one, &now), send(&store, hook, &other, &now), send(&store, hook, &one, &now));
        let mut came = [a, b, c].map(Outcome::slug);
        came.sort_unstable();
        assert_eq!(came, ["opened", "repeated", "written"]);
        let key = |n: usize| IncidentKey(i64::try_from(n).unwrap());
        let opened = incidents::by_key(&store, &p.admin, key(n + 1), time("23:00:00")).await.unwrap();
        assert_eq!(opened.incident.title, "Queue over 5,000");
        assert!(incidents::by_key(&store, &p.admin, key(n + 2), time("23:00:00")).await.is_err());
        let over = alert(&format!("{hour}:00:00"), &format!("{hour}:30:00"));
        assert_eq!(send(&store, hook, &over, &format!("{hour}:30:00")).await, Outcome::Written);
    }
}

async fn what_comes_too_often_is_turned_away_and_taken_later(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, true).await;
    let ping = |n: usize| format!("{{\"ping\":{n}}}").into_bytes();
    for n in 0..300 {
        let sent = Sent { bytes: &ping(n), source: Some(RawSource::Alertmanager), logs: Some(&[]) };
        assert_eq!(hooks::receive(&store, hook, &sent, time("10:00:00")).await.unwrap(), Outcome::Left, "{n}");
    }
    let outage = alert("10:00:00", "");
    assert_eq!(send(&store, hook, &outage, "10:00:30").await, Outcome::TooMany);
    assert!(incidents::by_key(&store, &p.admin, IncidentKey(1), time("10:00:30")).await.is_err());
    // Another address is not held up, and what was turned away is taken when the tool tries again.
    let other = made(&store, &p, false).await;
    assert_eq!(send(&store, other, &outage, "10:00:31").await, Outcome::Proposed);
    assert_eq!(send(&store, hook, &outage, "10:01:01").await, Outcome::Opened);
}

async fn an_outage_follows_its_incident_into_another(store: Store) {
    let p = people(&store).await;
    let hook = made(&store, &p, false).await;
    let (_, into) = incident(&store, &p.responder, "Bookings hang").await;
    assert_eq!(send(&store, hook, &alert("10:00:00", ""), "10:01:00").await, Outcome::Proposed);
    let one = hooks::proposals(&store, &p.responder).await.unwrap().remove(0);
    let key = hooks::open(&store, &p.responder, one.id, time("10:02:00")).await.unwrap();
    let opened = incidents::by_key(&store, &p.responder, key, time("10:02:00")).await.unwrap();
    trash::merge(&store, &p.responder, opened.incident.id, &into.to_string(), time("10:03:00")).await.unwrap();
    assert_eq!(send(&store, hook, &alert("10:00:00", "10:20:00"), "10:20:00").await, Outcome::Written);
    assert!(incidents::by_key(&store, &p.responder, IncidentKey(3), time("11:00:00")).await.is_err());
    let (_, came) = hooks::deliveries(&store, &p.admin, hook).await.unwrap();
    assert_eq!(came[0].incident, Some(into), "the end stands where the incident stands now");
}

async fn only_administrators_keep_hooks(store: Store) {
    let p = people(&store).await;
    let refused = |e: StoreError| matches!(e, StoreError::NotFound);
    assert!(refused(hooks::add(&store, &p.responder, &new(true), time("08:00:00")).await.unwrap_err()));
    let (hook, token) = hooks::add(&store, &p.admin, &new(true), time("08:00:00")).await.unwrap();
    assert!(refused(hooks::list(&store, &p.responder).await.unwrap_err()));
    assert!(refused(hooks::deliveries(&store, &p.responder, hook).await.unwrap_err()));
    assert!(refused(hooks::retire(&store, &p.responder, hook, time("08:01:00")).await.unwrap_err()));
    assert!(hooks::door(&store, HookKind::Alertmanager, &token).await.unwrap().is_some());
    assert!(hooks::door(&store, HookKind::Grafana, &token).await.unwrap().is_none(), "another kind");
    hooks::retire(&store, &p.admin, hook, time("08:01:00")).await.unwrap();
    assert!(hooks::door(&store, HookKind::Alertmanager, &token).await.unwrap().is_none());
    assert_eq!(hooks::list(&store, &p.admin).await.unwrap().len(), 1);
}

async fn what_fires_is_a_page_in_the_shift_of_its_team(store: Store) {
    use domain::schedules::{ReadSchedule, ReadShift};
    let p = people(&store).await;
    let five = [&p.responder, &p.other_responder, &p.planner, &p.outsider, &p.facilitator];
    let shifts = (0..).zip(five).map(|(day, one)| {
        let starts_at = time("08:00:00") + TimeDelta::days(day);
        ReadShift { line: 1, starts_at, ends_at: starts_at + TimeDelta::hours(12), names: vec![one.name.clone()] }
    });
    let rota = ReadSchedule { shifts: shifts.collect(), notes: Vec::new() };
    store::schedules::take_over(&store, &p.admin, p.team, "UTC", &rota, time("07:00:00")).await.unwrap();
    let hook = async |opens: bool, team_id| {
        hooks::add(&store, &p.admin, &NewHook { team_id, ..new(opens) }, time("07:30:00")).await.unwrap().0
    };
    let (opening, proposing) = (hook(true, Some(p.team)).await, hook(false, Some(p.team)).await);
    // Two minutes later is the same notification; twenty are another one, and a repetition is none.
    for (from, now) in [("10:00:00", "10:01:00"), ("10:02:00", "10:02:30"), ("10:20:00", "10:20:30"), ("10:20:00", "10:21:00")] {
        send(&store, opening, &alert(from, ""), now).await;
    }
    assert_eq!(send(&store, proposing, &alert("15:00:00", ""), "15:01:00").await, Outcome::Proposed);
    // Of no team, and out of every shift.
    send(&store, hook(true, None).await, &alert("11:00:00", ""), "11:01:00").await;
    send(&store, hook(true, Some(p.team)).await, &alert("21:00:00", ""), "21:01:00").await;
    let month = "2026-03".parse().unwrap();
    let filter = store::trends::Filter {
        from: month,
        to: month,
        nature: Some(domain::incidents::Nature::Incident),
        team: None,
        service: None,
        severity: None,
        factor: None,
    };
    let load = async || {
        let rotas = store::trends::on_call(&store, &p.leader, &filter, at("2026-03-20T08:00:00Z")).await.unwrap();
        rotas[0].told.as_ref().unwrap().whole
    };
    let whole = load().await;
    assert_eq!((whole.shifts, whole.incidents.all, whole.pages.all, whole.pages.most), (5, 1, 3, 3));
    assert_eq!((whole.day.disturbed, whole.night.disturbed), (2, 0), "ten and three o’clock");
    // Said to be no incident, it has rung all the same; made one, it is counted once.
    let one = hooks::proposals(&store, &p.responder).await.unwrap().remove(0);
    hooks::dismiss(&store, &p.responder, one.id, time("16:00:00")).await.unwrap();
    assert_eq!(load().await, whole);
    hooks::take_up_again(&store, &p.responder, one.id, time("16:10:00")).await.unwrap();
    hooks::open(&store, &p.responder, one.id, time("16:20:00")).await.unwrap();
    let opened = load().await;
    assert_eq!((opened.incidents.all, opened.pages.all), (2, 3));
}
