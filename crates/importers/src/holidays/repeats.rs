//! Yearly repeats of an iCalendar event (RFC 5545, 3.3.10), as far as holidays use them.

use super::date;
use chrono::{Datelike, NaiveDate, Weekday};

/// A yearly rule.
#[derive(Debug, Default)]
pub(super) struct Repeat {
    every: i32,
    times: Option<usize>,
    until: Option<NaiveDate>,
    months: Vec<u32>,
    month_days: Vec<i32>,
    /// A weekday, and which one of the month; 0 is each.
    week_days: Vec<(i32, Weekday)>,
}

impl Repeat {
    /// Reads a rule, or says in words to follow the event's name why it is not followed.
    pub(super) fn parse(rule: &str) -> Result<Self, String> {
        const ODD: &str = "repeats in a way that is not read here";
        let mut repeat = Self { every: 1, ..Self::default() };
        let mut frequency = String::new();
        for part in rule.trim().split(';').filter(|p| !p.trim().is_empty()) {
            let (key, value) = part.split_once('=').ok_or(ODD)?;
            let value = value.trim();
            match key.trim().to_ascii_uppercase().as_str() {
                "FREQ" => frequency = value.to_ascii_lowercase(),
                "INTERVAL" => repeat.every = value.parse().ok().filter(|n| (1..=100).contains(n)).ok_or(ODD)?,
                "COUNT" => repeat.times = Some(value.parse::<u16>().map_err(|_| ODD)?.into()),
                "UNTIL" => repeat.until = Some(value.get(..8).and_then(date).ok_or(ODD)?),
                "BYMONTH" => repeat.months = list(value, |m| m.parse().ok().filter(|m| (1..=12).contains(m))).ok_or(ODD)?,
                "BYMONTHDAY" => {
                    repeat.month_days =
                        list(value, |d| d.parse().ok().filter(|d: &i32| (1..=31).contains(&d.abs()))).ok_or(ODD)?;
                }
                "BYDAY" => repeat.week_days = list(value, week_day).ok_or(ODD)?,
                "WKST" => {}
                _ => return Err(ODD.to_owned()),
            }
        }
        let often = match frequency.as_str() {
            "yearly" => None,
            "daily" | "weekly" | "monthly" => Some(format!("repeats {frequency}, and only yearly repeats are read")),
            _ => Some(ODD.to_owned()),
        };
        if let Some(often) = often {
            return Err(often);
        }
        // Without a month, "the third Monday" is one of the year.
        if repeat.months.is_empty() && !repeat.week_days.is_empty() {
            return Err(ODD.to_owned());
        }
        Ok(repeat)
    }

    /// The days from `first` on, up to the end of the year `last`.
    pub(super) fn from(&self, first: NaiveDate, last: i32) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        // The first day counts as one, whether it fits the rule or not.
        let mut times = usize::from(!self.fits(first));
        let mut year = first.year();
        while year <= last {
            let months = if self.months.is_empty() { vec![first.month()] } else { self.months.clone() };
            let mut these: Vec<NaiveDate> = months
                .iter()
                .flat_map(|month| (1..=31).filter_map(move |day| NaiveDate::from_ymd_opt(year, *month, day)))
                .filter(|day| if self.chooses() { self.fits(*day) } else { day.day() == first.day() })
                .filter(|day| *day >= first)
                .collect();
            these.sort_unstable();
            these.dedup();
            for day in these {
                times += 1;
                if self.until.is_some_and(|until| day > until) || self.times.is_some_and(|most| times > most) {
                    return days;
                }
                days.push(day);
            }
            year += self.every;
        }
        days
    }

    /// Says which days of a month.
    fn chooses(&self) -> bool {
        !self.month_days.is_empty() || !self.week_days.is_empty()
    }

    fn fits(&self, day: NaiveDate) -> bool {
        let length = i32::from(day.num_days_in_month());
        let (this, from_end) = (day.day().cast_signed(), day.day().cast_signed() - length - 1);
        let by_day = self.month_days.is_empty() || self.month_days.iter().any(|d| *d == this || *d == from_end);
        let (nth, nth_last) = ((this - 1) / 7 + 1, -((length - this) / 7 + 1));
        let weekday = |(n, weekday): &(i32, Weekday)| *weekday == day.weekday() && (*n == 0 || *n == nth || *n == nth_last);
        by_day && (self.week_days.is_empty() || self.week_days.iter().any(weekday))
    }
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').take(64).map(|part| read(part.trim())).collect()
}

/// `TH`, `4TH`, `-1MO`.
pub(crate) fn week_day(text: &str) -> Option<(i32, Weekday)> {
    let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let (number, letters) = text.split_at(split);
    let weekday = match letters.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    };
    let number = if number.is_empty() { 0 } else { number.parse().ok().filter(|n: &i32| (1..=5).contains(&n.abs()))? };
    Some((number, weekday))
}
