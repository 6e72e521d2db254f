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
