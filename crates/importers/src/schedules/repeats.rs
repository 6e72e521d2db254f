//! Daily and weekly repeats of a shift (RFC 5545, 3.3.10): what rotas use.

use crate::holidays::date;
use crate::holidays::repeats::week_day;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Utc, Weekday};

/// Occurrences of one event at most.
const MOST: usize = 5_000;

/// A daily or weekly rule.
pub(super) struct Repeat {
    weekly: bool,
    every: i64,
    times: Option<usize>,
    until: Option<Until>,
    days: Vec<Weekday>,
    week_starts: Weekday,
}

enum Until {
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Repeat {
    /// Reads a rule; `None` where it repeats in another way.
    pub(super) fn parse(rule: &str) -> Option<Self> {
        let mut weekly = None;
        let mut repeat = Self { weekly: false, every: 1, times: None, until: None, days: Vec::new(), week_starts: Weekday::Mon };
        for part in rule.trim().split(';').filter(|part| !part.trim().is_empty()) {
            let (key, value) = part.split_once('=')?;
            let value = value.trim();
            match key.trim().to_ascii_uppercase().as_str() {
                "FREQ" if value.eq_ignore_ascii_case("daily") => weekly = Some(false),
                "FREQ" if value.eq_ignore_ascii_case("weekly") => weekly = Some(true),
                "INTERVAL" => repeat.every = value.parse().ok().filter(|n| (1..=400).contains(n))?,
                "COUNT" => repeat.times = Some(value.parse::<u16>().ok()?.into()),
                "UNTIL" => repeat.until = Some(until(value)?),
                "BYDAY" => {
                    for word in value.split(',').take(7) {
                        // "The second Monday" is none of a week.
                        repeat.days.push(week_day(word.trim()).filter(|(nth, _)| *nth == 0)?.1);
                    }
                }
                "WKST" => repeat.week_starts = week_day(value)?.1,
                _ => return None,
            }
        }
        repeat.weekly = weekly?;
        Some(repeat)
    }

    /// The days on which it begins, from the first one on.
    pub(super) fn days(
        &self,
        first: NaiveDateTime,
        last: NaiveDate,
        instant: impl Fn(NaiveDateTime) -> DateTime<Utc>,
    ) -> Vec<NaiveDate> {
        let begins = first.date();
        let back = begins.weekday().days_since(self.week_starts);
        let week = begins.checked_sub_days(Days::new(back.into())).unwrap_or(begins);
        let mut found = Vec::new();
        for day in begins.iter_days().take_while(|day| *day <= last) {
            let fits = if self.weekly {
                let right_day =
                    if self.days.is_empty() { day.weekday() == begins.weekday() } else { self.days.contains(&day.weekday()) };
                right_day && (day - week).num_days() / 7 % self.every == 0
            } else {
                (day - begins).num_days() % self.every == 0 && (self.days.is_empty() || self.days.contains(&day.weekday()))
            };
            // The first one counts, whether it fits the rule or not.
            if !fits && day != begins {
                continue;
            }
            let over = match &self.until {
                None => false,
                Some(Until::Day(until)) => day > *until,
                Some(Until::Instant(until)) => instant(day.and_time(first.time())) > *until,
            };
            if over || self.times.is_some_and(|most| found.len() >= most) || found.len() >= MOST {
                break;
            }
            found.push(day);
        }
        found
    }
}

fn until(value: &str) -> Option<Until> {
    let day = date(value.get(..8)?)?;
    if value.len() == 8 {
        return Some(Until::Day(day));
    }
    let wall = NaiveDateTime::parse_from_str(value.trim_end_matches('Z'), "%Y%m%dT%H%M%S").ok()?;
    Some(if value.ends_with('Z') { Until::Instant(wall.and_utc()) } else { Until::Day(day) })
}
