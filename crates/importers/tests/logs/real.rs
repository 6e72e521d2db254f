//! The material beside the project, counted. Skipped, visibly, where it is not at hand.

use crate::support::{one, options, read, real, told};
use domain::timeline::raw::RawSource;

#[test]
fn the_slack_export_gives_its_fourteen_messages() {
    let files = real("slack-export-synthetic");
    if files.is_empty() {
        return;
    }
    let read = read(RawSource::Slack, &files, &options());
    let log = one(&read);
    assert_eq!((log.name.as_str(), log.entries.len(), log.authors.len()), ("inc-2023-09-18-disk", 14, 4));
    assert!(read.unreadable.is_empty() && read.notes.is_empty(), "{:?} {:?}", read.unreadable, read.notes);
    assert_eq!(
        told(&log.entries[0]),
        "18 13:42:00 message U001INC: Team noticed RootVolUtilisation-Critical in High-priority-alert channel"
    );
    assert_eq!(log.entries[0].external_id, "C02INC/1695044520.100137");
    assert_eq!(
        log.entries[0].links[0].url,
        "https://moj-digital-tools.pagerduty.com/incidents/Q0RP1GPOECB97R?utm_campaign=channel&utm_source=slack"
    );
    assert_eq!(log.entries.iter().map(|e| e.links.len()).sum::<usize>(), 3);
    assert_eq!(log.authors[0].email, "grace@example.test");
    assert!(log.entries[12].text.contains("`\"failed to assign an IP address to container\" eni error`"));
    assert!(log.authors.iter().all(|a| !a.machine));
}

#[test]
fn the_captured_alerts_are_three_in_two_groups() {
    let files = real("webhooks/alertmanager-captured");
    if files.is_empty() {
        return;
    }
    let files: Vec<_> = files.into_iter().filter(|(name, _)| name.ends_with(".json")).collect();
    let read = read(RawSource::Alertmanager, &files, &options());
    assert!(read.unreadable.is_empty() && read.notes.is_empty(), "{:?} {:?}", read.unreadable, read.notes);
    let counts: Vec<(&str, usize)> = read.logs.iter().map(|l| (l.name.as_str(), l.entries.len())).collect();
    assert_eq!(counts, [("DatabaseConnectionsExhausted", 1), ("HighErrorRate", 2)]);
    assert_eq!(
        told(&read.logs[0].entries[0]),
        "22 07:02:08 firing Alertmanager: DatabaseConnectionsExhausted: Connections at 100%\npg_stat_activity count 500/500 on db-1"
    );
    assert_eq!(read.logs[0].entries[0].external_id, "c44b585e1cd5a30e/2026-11-22T07:02:08.868268Z/firing");
    assert_eq!(read.logs[1].entries[1].text, "HighErrorRate: 5xx > 5% <script>alert(1)</script>");
    let incident = read.logs[1].incident.as_ref().expect("a group");
    assert_eq!(incident.external_id, "{}:{alertname=\"HighErrorRate\"}");
    assert_eq!((incident.severity.as_str(), incident.url.as_str()), ("critical", "http://vm:9493"));
}

fn vendor(name: &str) -> Vec<(String, Vec<u8>)> {
    let files = real("webhooks/vendor");
    files.into_iter().filter(|(file, _)| file.starts_with(name)).collect()
}

#[test]
fn pagerduty_events_make_one_incident() {
    let files = vendor("pagerduty_v3");
    if files.is_empty() {
        return;
    }
    let read = read(RawSource::PagerDuty, &files, &options());
    let log = one(&read);
    assert!(read.unreadable.is_empty() && read.notes.is_empty(), "{:?} {:?}", read.unreadable, read.notes);
    assert_eq!(
        log.entries.iter().map(told).collect::<Vec<_>>(),
        [
            "02 18:45:22 firing PLH1HKV: Triggered: A little bump in the road",
            "02 18:46:22 acknowledged PLH1HKV: Acknowledged",
            "02 18:47:22 resolved PLH1HKV: Resolved",
        ]
    );
    let incident = log.incident.as_ref().expect("an incident");
    assert_eq!((incident.external_id.as_str(), incident.severity.as_str()), ("PGR0VU2", "P1"));
    assert_eq!(incident.resolved_at, Some(crate::support::utc("2020-10-02T18:47:22.169Z")));
}

#[test]
fn pagerduty_answers_are_read_by_incident_or_by_file() {
    let files = vendor("pagerduty_rest");
    if files.is_empty() {
        return;
    }
    let read = read(RawSource::PagerDuty, &files, &options());
    assert!(read.unreadable.is_empty() && read.notes.is_empty(), "{:?} {:?}", read.unreadable, read.notes);
    let counts: Vec<(&str, usize)> = read.logs.iter().map(|l| (l.name.as_str(), l.entries.len())).collect();
    assert_eq!(
        counts,
        [
            ("Server is on fire", 1),
            ("Database connection issues", 2),
            ("pagerduty_rest_log_entries", 3),
            ("pagerduty_rest_notes", 3),
        ]
    );
    assert_eq!(
        told(&read.logs[3].entries[0]),
        "15 10:30:00 note PLH1HKV: Investigation started. Checking server logs for anomalies."
    );
}

#[test]
fn statuspage_grafana_incident_io_and_rootly_are_counted() {
    let expected: [(RawSource, &str, &str, usize, &str, &str); 4] = [
        (RawSource::Statuspage, "statuspage", "Database Connection Issues", 2, "p31zjtct2jer", "major"),
        (RawSource::Grafana, "grafana", "High error rate", 1, "rule alert_rule_uid", ""),
        (RawSource::IncidentIo, "incidentio", "Our database is sad", 1, "01FDAG4SAP5TYPT98WGR2N7W91", "Minor"),
        (RawSource::Rootly, "rootly", "API latency spike detected", 1, "abc123-def456", "sev2"),
    ];
    for (source, file, name, entries, id, severity) in expected {
        let files = vendor(file);
        if files.is_empty() {
            return;
        }
        let read = read(source, &files, &options());
        let log = one(&read);
        assert!(read.unreadable.is_empty() && read.notes.is_empty(), "{:?} {:?}", read.unreadable, read.notes);
        assert_eq!((log.name.as_str(), log.entries.len()), (name, entries));
        let incident = log.incident.as_ref().expect("an incident");
        assert_eq!((incident.external_id.as_str(), incident.severity.as_str()), (id, severity));
        assert_eq!(incident.resolved_at, None);
    }
}
