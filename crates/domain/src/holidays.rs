//! Holidays: the days off of a calendar, by name, and what an importer understood of a calendar's file.

use crate::imported::Unreadable;
use crate::{Invalid, text};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most days that one calendar holds: ten years of one a week are far more than any country has.
pub const DAYS_MAX: usize = 600;

/// A day off with its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day, on everybody's own clock.
    pub day: NaiveDate,
    /// What it is called.
    pub name: String,
}

/// The days off of one calendar; cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(Arc<BTreeMap<NaiveDate, String>>);

impl Holidays {
    /// Whether this day is one.
    pub fn is_one(&self, day: NaiveDate) -> bool {
        self.0.contains_key(&day)
    }

    /// The name of this day, if it is one.
    pub fn name(&self, day: NaiveDate) -> Option<&str> {
        self.0.get(&day).map(String::as_str)
    }
}

/// Of two holidays on a day the first keeps its name.
impl FromIterator<Holiday> for Holidays {
    fn from_iter<I: IntoIterator<Item = Holiday>>(days: I) -> Self {
        let mut all = BTreeMap::new();
        for holiday in days {
            all.entry(holiday.day).or_insert(holiday.name);
        }
        Self(Arc::new(all))
    }
}

/// What was understood of a calendar's file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedHolidays {
    /// The days, in order, each once.
    pub days: Vec<Holiday>,
    /// What was left out or changed on the way, with its line; line 0 is the whole file.
    pub notes: Vec<Unreadable>,
}

/// Reads a holiday that was typed: `2026-12-25` and a name.
///
/// # Errors
/// Fields `day` (years 1990 to 2100) and `name`.
pub fn parse(day: &str, name: &str) -> Result<Holiday, Invalid> {
    let mut invalid = Invalid::default();
    let read = NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d").ok().filter(|d| (1990..=2100).contains(&d.year()));
    if read.is_none() {
        invalid.add("day", "Please write the day as year-month-day, like 2026-12-25.");
    }
    let name = invalid.take(text::line("name", name, text::NAME_MAX));
    match (read, name) {
        (Some(day), Some(name)) => Ok(Holiday { day, name }),
        _ => Err(invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_day_is_read_or_refused_with_its_field() {
        let read = parse(" 2026-12-25 ", "Christmas  Day").unwrap();
        assert_eq!((read.day.to_string().as_str(), read.name.as_str()), ("2026-12-25", "Christmas Day"));
        let refused = parse("25.12.2026", " ").unwrap_err();
        assert!(refused.message("day").is_some() && refused.message("name").is_some());
        assert!(parse("1789-07-14", "Bastille").is_err());
    }

    #[test]
    fn the_first_name_of_a_day_stays() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let both = ["New Year", "Another"].map(|name| Holiday { day, name: name.to_owned() });
        let holidays: Holidays = both.into_iter().collect();
        assert_eq!(holidays.name(day), Some("New Year"));
        assert!(holidays.is_one(day) && !holidays.is_one(day.succ_opt().unwrap()));
    }
}
