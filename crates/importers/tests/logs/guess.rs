//! Which tool files come from.

use crate::support::{fixture, given, real, zipped};
use domain::timeline::raw::RawSource;
use importers::{LogFile, guess_source};

const FOLDERS: [(&str, RawSource); 9] = [
    ("slack", RawSource::Slack),
    ("alertmanager", RawSource::Alertmanager),
    ("pagerduty", RawSource::PagerDuty),
    ("statuspage", RawSource::Statuspage),
    ("grafana", RawSource::Grafana),
    ("incidentio", RawSource::IncidentIo),
    ("rootly", RawSource::Rootly),
    ("csv", RawSource::Csv),
    ("json", RawSource::Json),
];

#[test]
fn each_fixture_is_known_alone_together_and_packed() {
    for (folder, source) in FOLDERS {
        let files = fixture(folder);
        assert_eq!(guess_source(&given(&files)), Some(source), "{folder}");
        let packed = zipped(&files);
        assert_eq!(guess_source(&[LogFile { name: "a.zip", bytes: &packed }]), Some(source), "{folder}");
        for (name, bytes) in files.iter().filter(|_| source != RawSource::Slack) {
            assert_eq!(guess_source(&[LogFile { name, bytes }]), Some(source), "{folder}/{name}");
        }
    }
}

#[test]
fn the_real_files_are_known() {
    let of = |name: &str| match name.split(['_', '.']).next() {
        Some("pagerduty") => RawSource::PagerDuty,
        Some("statuspage") => RawSource::Statuspage,
        Some("grafana") => RawSource::Grafana,
        Some("incidentio") => RawSource::IncidentIo,
        Some("rootly") => RawSource::Rootly,
        _ => RawSource::Alertmanager,
    };
    let files = [real("webhooks/vendor"), real("webhooks/alertmanager-captured")].concat();
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        assert_eq!(guess_source(&[LogFile { name, bytes }]), Some(of(name)), "{name}");
    }
    let slack = real("slack-export-synthetic");
    assert!(slack.is_empty() || guess_source(&given(&slack)) == Some(RawSource::Slack));
}

#[test]
fn what_is_of_no_tool_is_not_guessed() {
    for bytes in [&b""[..], b"A note.", b"{}", b"[]", b"{\"alerts\": ", b"PK\x03\x04", b"\x00\x01\x02", b"[[[[[[[[", b"4"] {
        assert_eq!(guess_source(&[LogFile { name: "a.txt", bytes }]), None, "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(guess_source(&[]), None);
}
