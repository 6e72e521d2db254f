//! The words that stand around a time: months, weekdays, "about", "from … until".

use crate::wordlists::holds;

/// Number of a month by its English or Danish name, or three letters of it.
pub(crate) fn month(word: &str) -> Option<u32> {
    let lower = word.to_lowercase();
    const MONTHS: [&[&str]; 12] = [
        &["jan", "january", "januar"],
        &["feb", "february", "februar"],
        &["mar", "march", "marts"],
        &["apr", "april"],
        &["may", "maj"],
        &["jun", "june", "juni"],
        &["jul", "july", "juli"],
        &["aug", "august"],
        &["sep", "sept", "september"],
        &["oct", "october", "okt", "oktober"],
        &["nov", "november"],
        &["dec", "december"],
    ];
    (1..).zip(MONTHS).find(|(_, names)| names.contains(&lower.as_str())).map(|(number, _)| number)
}

/// "Monday", "Mon", "tirsdag".
pub(crate) fn is_weekday(word: &str) -> bool {
    const NAMES: &str = "\
        mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday mandag \
        tirsdag onsdag torsdag fredag lørdag søndag";
    holds(NAMES, &word.to_lowercase())
}

/// Words that make a time less than exact.
pub(crate) fn is_about(word: &str) -> bool {
    const NAMES: &str = "\
        ca circa c cca approx approximately approximate about around roughly est estimated estimate shortly just after before \
        early late ish maybe probably omkring cirka somewhere sometime unsure near almost nearly";
    holds(NAMES, &word.to_lowercase())
}

/// Words that say nothing about when.
pub(crate) fn is_neutral(word: &str) -> bool {
    const NAMES: &str = "\
        at on from between since kl the of hrs hr h hours uhr oclock o'clock local time lt now ongoing present onwards onward \
        and by start end in to until or so";
    holds(NAMES, &word.to_lowercase())
}

/// Parts of a day: the day is known, the clock is not.
pub(crate) fn is_part_of_day(word: &str) -> bool {
    const NAMES: &str = "morning forenoon afternoon evening night lunch lunchtime overnight day unknown tbd n/a";
    holds(NAMES, &word.to_lowercase())
}
