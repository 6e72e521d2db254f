//! Days as written: `2020-11-04`, `04/11/2020`, `4th of November`, `Nov 4, 2020`.

use super::scan::Scan;
use super::words::{is_weekday, month};
use super::written::{Day, Moment};
use chrono::NaiveDate;

impl Scan<'_> {
    /// A day, with or without its weekday; moves on only if there is one.
    pub(super) fn day(&mut self, moment: &mut Moment) -> bool {
        let back = self.at;
        if is_weekday(self.letters()) {
            self.at += self.letters().len();
            self.skip(|c| matches!(c, '.' | ',' | ' ' | '\u{A0}'));
        }
        let found = self.numeric_day(moment).or_else(|| self.named_day());
        match found {
            Some(day) if !self.rest().starts_with(|c: char| c.is_ascii_digit() || (c.is_alphabetic() && c != 'T')) => {
                moment.day = Some(day);
                true
            }
            _ => {
                self.at = back;
                false
            }
        }
    }

    fn numeric_day(&mut self, moment: &mut Moment) -> Option<Day> {
        let back = self.at;
        let found = self.numbers(moment);
        if found.is_none() {
            self.at = back;
        }
        found
    }

    fn numbers(&mut self, moment: &mut Moment) -> Option<Day> {
        let first = self.digits();
        self.at += first.len();
        if first.len() == 8 && (first.starts_with("19") || first.starts_with("20")) {
            return full(first[..4].parse().ok()?, first[4..6].parse().ok()?, first[6..].parse().ok()?);
        }
        let separator = self.rest().chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '‐' | '‑'))?;
        self.at += separator.len_utf8();
        let second = self.digits();
        self.at += second.len();
        if !matches!(second.len(), 1 | 2) || !self.rest().starts_with(separator) {
            return None;
        }
        self.at += separator.len_utf8();
        let third = self.digits();
        self.at += third.len();
        let (a, b, c) = (first.parse().ok()?, second.parse().ok()?, third.parse().ok()?);
        match (first.len(), third.len()) {
            // "24/07/25": a year of two digits, only with slashes.
            (1 | 2, 2) if separator == '/' => {
                let month_first = b > 12 || (a <= 12 && self.month_first);
                moment.day_or_month = !self.month_first && a <= 12 && b <= 12 && a != b;
                if month_first { full(2000 + c, a, b) } else { full(2000 + c, b, a) }
            }
            (4, 1 | 2) => full(a, b, c),
            (1 | 2, 4) => {
                let month_first = b > 12 || (a <= 12 && self.month_first && separator != '.');
                moment.day_or_month = separator == '/' && !self.month_first && a <= 12 && b <= 12 && a != b;
                if month_first { full(c, a, b) } else { full(c, b, a) }
            }
            _ => None,
        }
    }

    /// "4 Nov 2020", "4th of November", "November 4th, 2020", "04-Nov-2020".
    fn named_day(&mut self) -> Option<Day> {
        let back = self.at;
        let found = self.day_month().or_else(|| {
            self.at = back;
            self.month_day()
        });
        let Some((month, day)) = found else {
            self.at = back;
            return None;
        };
        let here = self.at;
        if let Some(year) = self.year() {
            return full(year, month, day);
        }
        self.at = here;
        // "October 29-30, 2025"
        if self.further_day()
            && let Some(year) = self.year()
        {
            return full(year, month, day);
        }
        self.at = here;
        // 2020 was a leap year: whether the day can exist at all.
        NaiveDate::from_ymd_opt(2020, month, day).map(|_| Day::NoYear { month, day })
    }

    /// The year after a day.
    fn year(&mut self) -> Option<u32> {
        self.skip(|c| matches!(c, ',' | '.' | ' ' | '-' | '/' | '\u{A0}'));
        let year = self.digits();
        // "November 4 2015:30" is no year; "February 15, 2024: 7:56am" is.
        let clock = |rest: &str| rest.starts_with(':') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        let found = year.len() == 4 && !clock(&self.rest()[4..]);
        self.at += if found { 4 } else { 0 };
        if found { year.parse().ok() } else { None }
    }

    /// The last day of a stretch of days: "-30", " – 30th".
    fn further_day(&mut self) -> bool {
        self.spaces();
        if !self.rest().starts_with(['-', '–', '—', '/', '&']) {
            return false;
        }
        self.skip(|c| matches!(c, '-' | '–' | '—' | '/' | '&' | ' '));
        self.ordinal().is_some()
    }

    fn day_month(&mut self) -> Option<(u32, u32)> {
        let day = self.ordinal()?;
        // "29-30 October"
        let here = self.at;
        if !(self.further_day() && month(self.rest().trim_start().split(|c: char| !c.is_alphabetic()).next()?).is_some()) {
            self.at = here;
        }
        self.skip(|c| matches!(c, '.' | ' ' | '-' | '/' | '\u{A0}'));
        if self.letters().eq_ignore_ascii_case("of") {
            self.at += 2;
            self.spaces();
        }
        let name = self.letters();
        self.at += name.len();
        Some((month(name)?, day))
    }

    fn month_day(&mut self) -> Option<(u32, u32)> {
        let name = self.letters();
        let month = month(name)?;
        self.at += name.len();
        self.skip(|c| matches!(c, '.' | ' ' | '-' | '\u{A0}'));
        let day = self.ordinal()?;
        // "May 3:15" and "May 3.5" are something else; "May 3: text" is a day.
        let rest = self.rest();
        let goes_on = rest.starts_with([':', '.']) && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        (!goes_on).then_some((month, day))
    }

    fn ordinal(&mut self) -> Option<u32> {
        let digits = self.digits();
        if !matches!(digits.len(), 1 | 2) {
            return None;
        }
        self.at += digits.len();
        if ["st", "nd", "rd", "th"].contains(&self.letters().to_lowercase().as_str()) {
            self.at += 2;
        }
        digits.parse().ok().filter(|d| (1..=31).contains(d))
    }
}

/// A date that can stand in a document of ours.
fn full(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = i32::try_from(year).ok().filter(|y| (1970..=2200).contains(y))?;
    NaiveDate::from_ymd_opt(year, month, day).map(Day::Full)
}
