//! Any bytes as an on-call schedule: no panic, and each shift has a length that makes sense.
#![no_main]

use domain::schedules::{LONGEST, SHIFTS_MAX, look};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let until = chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
    let read = importers::read_schedule(bytes, chrono_tz::Europe::Madrid, until);
    assert!(!read.shifts.is_empty() || !read.notes.is_empty(), "an answer without a word");
    assert!(read.shifts.len() <= SHIFTS_MAX && read.shifts.windows(2).all(|two| two[0].starts_at <= two[1].starts_at));
    for shift in &read.shifts {
        assert!(shift.ends_at > shift.starts_at && shift.ends_at - shift.starts_at <= LONGEST, "{shift:?}");
    }
    let spans: Vec<_> = read.shifts.iter().map(|shift| (shift.starts_at, shift.ends_at)).collect();
    assert_eq!(look(&spans).is_some(), !spans.is_empty());
});
