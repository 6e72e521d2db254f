//! Any bytes as a calendar: no panic, and what comes out can be written.
#![no_main]

use domain::holidays::DAYS_MAX;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let read = importers::read_holidays(bytes, 2020, 2030);
    assert!(!read.days.is_empty() || !read.notes.is_empty(), "an answer without a word");
    assert!(read.days.len() <= DAYS_MAX && read.days.windows(2).all(|two| two[0].day < two[1].day));
    for holiday in &read.days {
        assert!(domain::holidays::parse(&holiday.day.to_string(), &holiday.name).is_ok(), "{holiday:?} could not be typed");
    }
});
