//! Times as people write them: `scan` reads what is written, `find` looks for it, `zones` knows the places, `place` puts it on the calendar.

mod clocks;
mod days;
pub(crate) mod find;
pub(crate) mod place;
pub(crate) mod scan;
mod words;
pub(crate) mod written;
pub(crate) mod zones;

/// "Monday", "November": a word that can begin a date.
pub(crate) fn names_a_day(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphabetic());
    words::is_weekday(word) || words::month(word).is_some()
}
