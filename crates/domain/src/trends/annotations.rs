//! What changed in the organisation, written beside the figures that it may explain: a second site on call, another severity scale.

use crate::{Invalid, text};
use chrono::NaiveDate;

/// Longest words, in characters.
pub const WORDS_MAX: usize = 160;

/// A change on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// When.
    pub day: NaiveDate,
    /// What changed, one line. About the organisation, naming nobody.
    pub words: String,
}

impl Annotation {
    /// Reads what was typed, by `today`: a plan is no change yet.
    ///
    /// # Errors
    /// Fields `day` (no day, before 2000 or after today) and `words` (empty, too long, several lines).
    pub fn parse(day: &str, words: &str, today: NaiveDate) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        let day = day.trim().parse::<NaiveDate>().map_err(|_| "Please give the day, such as 2026-03-01.");
        let day = match day {
            Ok(day) if day > today => Err("Please give a day that has come: figures show what was."),
            Ok(day) if day < first => Err("Please give a day from the year 2000 on."),
            other => other,
        };
        let words = invalid.take(text::line("words", words, WORDS_MAX));
        match (day, words) {
            (Ok(day), Some(words)) => Ok(Self { day, words }),
            (day, _) => {
                if let Err(why) = day {
                    invalid.add("day", why);
                }
                Err(invalid)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(day: &str, words: &str) -> Result<Annotation, Invalid> {
        Annotation::parse(day, words, "2026-03-10".parse().unwrap())
    }

    #[test]
    fn a_change_has_a_day_that_has_come_and_one_line() {
        let read_one = read(" 2026-03-10 ", " On call moved to two sites ").unwrap();
        assert_eq!((read_one.day.to_string().as_str(), read_one.words.as_str()), ("2026-03-10", "On call moved to two sites"));
        for (day, words, field) in
            [("2026-03-11", "x", "day"), ("1999-12-31", "x", "day"), ("soon", "x", "day"), ("2026-03-01", " ", "words")]
        {
            let refused = read(day, words).unwrap_err();
            assert!(refused.message(field).is_some() && refused.fields.len() == 1, "{day} {words}");
        }
        assert_eq!(read("", "").unwrap_err().fields.len(), 2, "each field says what is missing");
        assert!(read("2026-03-01", &"x".repeat(WORDS_MAX + 1)).is_err());
    }
}
