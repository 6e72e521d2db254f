//! The local wall clock: zones, times as people type and read them, working days; needs a time zone database.

mod bands;
mod history;
mod rest;

pub use bands::{
    Band, BandMinutes, Piece, Stretch, WorkCalendar, WorkPattern, WorkTime, disturbed_nights, merged, minutes_by_band,
    part_in_days, person_minutes, split, without,
};
pub use history::{InForce, WorkHistory};
pub use rest::{DAILY_REST, short_rests};

use crate::Invalid;
use crate::holidays::Holidays;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// Hour of the day at which a working day begins for [`add_working_days`].
const DAY_OPENS: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Reads the name of a time zone (IANA, "Europe/Berlin"); letter case and a space for an underscore are forgiven.
///
/// # Errors
/// Field `zone` when no zone has this name.
pub fn parse_zone(text: &str) -> Result<Tz, Invalid> {
    let name = text.trim().replace(' ', "_");
    name.parse()
        .ok()
        .or_else(|| chrono_tz::TZ_VARIANTS.into_iter().find(|zone| zone.name().eq_ignore_ascii_case(&name)))
        .ok_or_else(|| Invalid::one("zone", "Please choose a time zone from the list, for instance Europe/Berlin."))
}

/// The zone names that a form offers: UTC and every place; old aliases are read by [`parse_zone`] but not offered.
pub fn zones() -> Vec<&'static str> {
    const AREAS: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    let places = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let offered = places.filter(|name| name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area)));
    std::iter::once("UTC").chain(offered).collect()
}

/// What was odd about a wall clock reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallNote {
    /// The clocks went forward over this reading; it was moved forward by as much as they were.
    Skipped {
        /// The reading that did not exist.
        asked: NaiveDateTime,
    },
    /// The clocks went back and this reading came twice; the earlier one was taken.
    Twice {
        /// The one that was not taken.
        later: DateTime<Utc>,
    },
}

/// A wall clock reading turned into an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Present where the reading did not name exactly one instant.
    pub note: Option<WallNote>,
}

impl Resolved {
    /// The note as a sentence for the person who typed the reading.
    pub fn sentence(&self, tz: Tz) -> Option<String> {
        let taken = format!("{} {}", clock(self.at, tz), abbreviation(self.at, tz));
        Some(match self.note? {
            WallNote::Skipped { asked } => {
                format!(
                    "The clocks went forward over {} on {}; {taken} was taken.",
                    asked.format("%H:%M"),
                    asked.format("%-d %b %Y")
                )
            }
            WallNote::Twice { .. } => {
                format!("{} came twice on {}; the earlier one, {taken}, was taken.", clock(self.at, tz), day(self.at, tz))
            }
        })
    }
}

/// That a reading did not exist, for the person who typed it, where taking the one after it makes no sense; `None`: it existed.
pub fn did_not_exist(resolved: Resolved, tz: Tz) -> Option<String> {
    let Some(WallNote::Skipped { asked }) = resolved.note else { return None };
    let taken = clock(resolved.at, tz);
    Some(format!(
        "{} did not exist on {} in {}: the clocks went forward over it, and {taken} was the time. Please write the time that it was then.",
        asked.format("%H:%M"),
        asked.format("%-d %B %Y"),
        tz.name()
    ))
}

/// The instant of a wall clock reading. A reading that was skipped moves forward by the length of the gap, one that came
/// twice means the earlier; both say so in the note.
pub fn to_utc(tz: Tz, wall: NaiveDateTime) -> Resolved {
    let mapped = tz.offset_from_local_datetime(&wall).map(|offset| wall - offset.fix());
    if let Some(at) = mapped.single() {
        return Resolved { at: at.and_utc(), note: None };
    }
    if let (Some(one), Some(other)) = (mapped.earliest(), mapped.latest()) {
        return Resolved { at: one.min(other).and_utc(), note: Some(WallNote::Twice { later: one.max(other).and_utc() }) };
    }
    // No offset is above 14 h, so a day earlier (read as UTC) lies before the change: its offset still holds there, and
    // counting on with it is what "moved forward by the gap" means.
    let before = tz.offset_from_utc_datetime(&(wall - TimeDelta::days(1))).fix();
    Resolved { at: (wall - before).and_utc(), note: Some(WallNote::Skipped { asked: wall }) }
}

/// Reads a time of day as people type it: `02:14`, `2:14`, `2.14`, `0214`, `214`; seconds are kept where given.
///
/// # Errors
/// Field `time` when it is none of these.
pub fn parse_clock(text: &str) -> Result<NaiveTime, Invalid> {
    read_clock(text.trim()).ok_or_else(|| Invalid::one("time", "Please write the time like 02:14 or 0214, from 00:00 to 23:59."))
}

fn read_clock(text: &str) -> Option<NaiveTime> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let parts: Vec<&str> = text.split([':', '.']).collect();
    match parts[..] {
        [run] if matches!(run.len(), 3 | 4) => {
            let number = digits(run)?;
            NaiveTime::from_hms_opt(number / 100, number % 100, 0)
        }
        [hour, minute] if matches!(hour.len(), 1 | 2) && minute.len() == 2 => {
            NaiveTime::from_hms_opt(digits(hour)?, digits(minute)?, 0)
        }
        [hour, minute, second] if matches!(hour.len(), 1 | 2) && minute.len() == 2 && second.len() == 2 => {
            NaiveTime::from_hms_opt(digits(hour)?, digits(minute)?, digits(second)?)
        }
        _ => None,
    }
}

/// Reads what a form holds: a date `2026-11-17`, a time as [`parse_clock`], a zone as [`parse_zone`].
///
/// # Errors
/// Fields `date` (years 1990 to 2100), `time` and `zone`, each that cannot be read.
pub fn parse_local(date: &str, time: &str, zone: &str) -> Result<Resolved, Invalid> {
    let mut invalid = Invalid::default();
    let date = invalid.take(parse_date(date));
    let time = invalid.take(parse_clock(time));
    let zone = invalid.take(parse_zone(zone));
    match (date, time, zone) {
        (Some(date), Some(time), Some(zone)) => Ok(to_utc(zone, date.and_time(time))),
        _ => Err(invalid),
    }
}

fn parse_date(text: &str) -> Result<NaiveDate, Invalid> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| Invalid::one("date", "Please write the date as year-month-day, like 2026-11-17."))?;
    if (1990..=2100).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Invalid::one("date", "Please look at the year again: it should lie between 1990 and 2100."))
    }
}

/// "17 Nov 2026, 02:11 CET".
pub fn absolute(at: DateTime<Utc>, tz: Tz) -> String {
    format!("{}, {} {}", day(at, tz), clock(at, tz), abbreviation(at, tz))
}

/// "02:11".
pub fn clock(at: DateTime<Utc>, tz: Tz) -> String {
    at.with_timezone(&tz).format("%H:%M").to_string()
}

/// "17 Nov 2026".
pub fn day(at: DateTime<Utc>, tz: Tz) -> String {
    at.with_timezone(&tz).format("%-d %b %Y").to_string()
}

/// "CET"; "UTC-03" where the zone has no letters of its own.
pub fn abbreviation(at: DateTime<Utc>, tz: Tz) -> String {
    let name = at.with_timezone(&tz).format("%Z").to_string();
    if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name }
}

/// "5 days ago", "in 2 hours", "just now": to the nearest whole unit, months of 30.44 days.
pub fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    let span = seconds.unsigned_abs();
    if span < 45 {
        return "just now".to_owned();
    }
    let nearest = |unit: u64| (span + unit / 2) / unit;
    const DAY: u64 = 86_400;
    let (count, unit) = if nearest(60) < 60 {
        (nearest(60).max(1), "minute")
    } else if nearest(3600) < 24 {
        (nearest(3600), "hour")
    } else if nearest(DAY) < 30 {
        (nearest(DAY), "day")
    } else if nearest(2_630_016) < 12 {
        (nearest(2_630_016), "month")
    } else {
        (nearest(365 * DAY + DAY / 4), "year")
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds > 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

/// What is told has happened: refuses an instant that lies ahead, with five minutes for clocks that differ.
///
/// # Errors
/// The named field.
pub fn has_been(field: &str, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Invalid> {
    match at {
        Some(at) if at > now + TimeDelta::minutes(5) => {
            Err(Invalid::one(field, "This lies ahead of us. Please look at the time again, and at its day."))
        }
        _ => Ok(()),
    }
}

/// When something that waits for `n` working days opens: 09:00 local time on the `n`th working day (Monday to Friday, and no holiday)
/// after the local day of `at`. Zero days: at once.
///
/// The soak time (PRODUCT.md rule 1) lasts "until the second working day after publication": a review published on
/// Friday opens its planning on Tuesday at nine, at the start of a working day and never in a night.
pub fn add_working_days(at: DateTime<Utc>, n: u32, tz: Tz, holidays: &Holidays) -> DateTime<Utc> {
    if n == 0 {
        return at;
    }
    let published = at.with_timezone(&tz).date_naive();
    let working = |date: &NaiveDate| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.is_one(*date);
    let opens = published.iter_days().skip(1).filter(working).nth(n as usize - 1);
    opens.map_or(at, |date| to_utc(tz, date.and_time(DAY_OPENS)).at)
}

/// The first instant of a local day.
fn day_begins(date: NaiveDate, tz: Tz) -> DateTime<Utc> {
    to_utc(tz, date.and_time(NaiveTime::MIN)).at
}

/// The day before; the very first date stays.
fn day_before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}

#[cfg(test)]
mod tests;
