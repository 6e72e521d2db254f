//! Hooks decided over many courses of events.

use super::*;
use crate::timeline::raw::RawEntry;
use proptest::prelude::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn entry(minute: i64, kind: RawKind, labels: &[(&str, &str)]) -> RawEntry {
    RawEntry {
        external_id: format!("{minute}/{kind:?}"),
        at: Some(at(minute)),
        as_written: String::new(),
        kind,
        author: None,
        place: String::new(),
        in_reply_to: None,
        text: String::new(),
        links: Vec::new(),
        reactions: Vec::new(),
        files: Vec::new(),
        details: labels.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        edited_at: None,
    }
}

/// As Alertmanager tells of alerts: each with its beginning and, where it is over, its end.
fn payload(alerts: &[(i64, Option<i64>)]) -> ImportedLog {
    let mut entries = Vec::new();
    for (from, to) in alerts {
        entries.push(entry(*from, RawKind::Firing, &[("severity", "critical"), ("team", "boats")]));
        entries.extend(to.map(|to| entry(to, RawKind::Resolved, &[])));
    }
    let over: Option<Vec<i64>> = alerts.iter().map(|(_, to)| *to).collect();
    let incident = RawIncident {
        external_id: "group".to_owned(),
        title: "Down".to_owned(),
        severity: "critical".to_owned(),
        started_at: alerts.iter().map(|(from, _)| at(*from)).min(),
        resolved_at: over.and_then(|over| over.into_iter().max()).map(at),
        url: String::new(),
    };
    ImportedLog { name: "Down".to_owned(), incident: Some(incident), entries, authors: Vec::new() }
}

fn rule() -> Rule {
    Rule { opens: true, least: Severity::Sev4, labels: Vec::new(), quiet: TimeDelta::minutes(30) }
}

/// The group as a store keeps it, the latest outage first.
#[derive(Default)]
struct Group(Vec<Outage>);

impl Group {
    fn take(&mut self, rule: &Rule, log: &ImportedLog, minute: i64) -> Decision {
        let now = at(minute);
        let place = pick(&self.0, log, rule.quiet);
        let before = place.map(|n| self.0[n]);
        let decision = decide(rule, RawSource::Alertmanager, log, before.as_ref(), now);
        match decision {
            Decision::Open(course) => self.0.insert(0, Outage { state: OutageState::Opened, course, heard_at: now }),
            Decision::Propose(course) => self.0.insert(0, Outage { state: OutageState::Proposed, course, heard_at: now }),
            Decision::Attach(course) | Decision::Leave(_, Some(course)) => {
                let outage = &mut self.0[place.unwrap()];
                (outage.course, outage.heard_at) = (course, now);
            }
            Decision::Leave(_, None) => {}
        }
        decision
    }
}

#[test]
fn resolved_follows_firing_and_firing_soon_again_is_the_same_outage() {
    let mut group = Group::default();
    assert!(matches!(group.take(&rule(), &payload(&[(0, None)]), 1), Decision::Open(_)));
    assert!(matches!(group.take(&rule(), &payload(&[(0, None), (5, None)]), 6), Decision::Attach(_)));
    group.take(&rule(), &payload(&[(0, Some(10)), (5, Some(12))]), 12);
    assert_eq!(group.0[0].course.resolved_at, Some(at(12)));
    // Late: what fired is told once more after its end.
    group.take(&rule(), &payload(&[(0, None), (5, None)]), 13);
    assert_eq!(group.0[0].course.resolved_at, Some(at(12)));
    group.take(&rule(), &payload(&[(42, None)]), 43);
    assert_eq!((group.0.len(), group.0[0].course.resolved_at), (1, None));
    group.take(&rule(), &payload(&[(42, Some(50))]), 50);
    assert!(matches!(group.take(&rule(), &payload(&[(81, None)]), 82), Decision::Open(_)));
    // A late word about the first one is put there.
    assert_eq!(pick(&group.0, &payload(&[(5, Some(12))]), rule().quiet), Some(1));
}

#[test]
fn an_outage_whose_end_was_never_told_is_over_after_a_day_without_a_word() {
    let mut group = Group::default();
    group.take(&rule(), &payload(&[(0, None)]), 0);
    assert!(matches!(group.take(&rule(), &payload(&[(23 * 60, None)]), 23 * 60), Decision::Attach(_)));
    assert!(matches!(group.take(&rule(), &payload(&[(23 * 60, None)]), 46 * 60), Decision::Attach(_)), "it still fires");
    assert!(matches!(group.take(&rule(), &payload(&[(71 * 60, None)]), 71 * 60), Decision::Open(_)));
}

#[test]
fn what_names_one_outage_is_never_another() {
    let first = payload(&[(0, Some(10))]);
    let before = Outage {
        state: OutageState::Opened,
        course: Course { started_at: at(0), resolved_at: Some(at(10)), last_at: at(10) },
        heard_at: at(10),
    };
    let again = payload(&[(500, None)]);
    assert!(
        matches!(decide(&rule(), RawSource::PagerDuty, &again, Some(&before), at(500)), Decision::Attach(c) if c.resolved_at.is_none())
    );
    // A note after the end does not open it again.
    let note = ImportedLog { incident: Some(RawIncident { resolved_at: None, ..first.incident.unwrap() }), ..payload(&[]) };
    let note = ImportedLog { entries: vec![entry(20, RawKind::Note, &[])], ..note };
    let Decision::Attach(course) = decide(&rule(), RawSource::PagerDuty, &note, Some(&before), at(20)) else { panic!() };
    assert_eq!((course.resolved_at, course.last_at), (Some(at(10)), at(20)));
}

#[test]
fn a_rule_takes_what_is_grave_enough_and_carries_its_labels() {
    let log = payload(&[(0, None)]);
    let with = |rule: Rule| decide(&rule, RawSource::Alertmanager, &log, None, at(0));
    let labels = |typed: &str| Rule { labels: Rule::read_labels(typed).unwrap(), ..rule() };
    assert!(matches!(with(labels("severity=critical\n\n team = \"boats\" ")), Decision::Open(_)));
    assert!(matches!(with(labels("team=trains")), Decision::Leave(_, None)));
    assert!(matches!(with(Rule { opens: false, ..rule() }), Decision::Propose(_)));
    let mild = ImportedLog {
        incident: Some(RawIncident { severity: "warning".to_owned(), ..log.incident.clone().unwrap() }),
        ..log.clone()
    };
    let strict = Rule { least: Severity::Sev1, ..rule() };
    assert!(matches!(decide(&strict, RawSource::Alertmanager, &mild, None, at(0)), Decision::Leave(_, None)));
    assert!(Rule::read_labels("severity").is_err() && Rule::read_labels("=x").is_err());
    assert!(Rule::read_labels(&"a=b\n".repeat(21)).is_err());
    assert_eq!(labels("a=b\nc=d=e").label_lines(), "a=b\nc=d=e");
}

#[test]
fn somebody_s_no_stays_a_no() {
    for state in [OutageState::Dismissed, OutageState::Gone] {
        let course = Course { started_at: at(0), resolved_at: None, last_at: at(0) };
        let before = Outage { state, course, heard_at: at(0) };
        let decision = decide(&rule(), RawSource::Alertmanager, &payload(&[(0, None), (3, None)]), Some(&before), at(4));
        assert!(matches!(decision, Decision::Leave(_, Some(_))));
    }
    assert!(OutageState::ALL.into_iter().all(|s| OutageState::from_slug(s.slug()) == Some(s)));
    assert!(HookKind::ALL.into_iter().all(|k| HookKind::from_slug(k.slug()) == Some(k)));
}

proptest! {
    /// Alerts fire and are resolved, told once or several times, and now and then once more later on: there is one incident for each stretch
    /// of time that no quiet longer than the rule's interrupts.
    #[test]
    fn one_incident_an_outage(steps in prop::collection::vec((1i64..90, 1i64..90, 1usize..4, any::<bool>()), 1..25)) {
        let (mut group, mut minute, mut outages, mut over) = (Group::default(), 0, 0, None::<i64>);
        let mut told: Vec<ImportedLog> = Vec::new();
        for (gap, length, times, late) in steps {
            let from = minute + gap;
            minute = from + length;
            outages += usize::from(over.is_none_or(|over| from - over > 30));
            over = Some(minute);
            for (log, when) in [(payload(&[(from, None)]), from), (payload(&[(from, Some(minute))]), minute)] {
                for _ in 0..times {
                    group.take(&rule(), &log, when);
                }
                told.push(log);
                if late {
                    let earlier = told[told.len() / 2].clone();
                    group.take(&rule(), &earlier, when);
                }
            }
            prop_assert_eq!(group.0.len(), outages);
            prop_assert_eq!(group.0[0].course.resolved_at, Some(at(minute)));
        }
    }
}
