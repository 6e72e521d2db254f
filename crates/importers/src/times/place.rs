//! Puts times on the calendar: a time without a date takes the one before it, and wall clocks become instants.

use super::written::{Clock, Day, Moment, Written};
use super::zones::Zone;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use domain::timeline::Precision;

/// A time with its place on the calendar.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) precision: Precision,
    /// What a person should look at, in sentences.
    pub(crate) flags: Vec<String>,
}

/// A day that the document names outside of the rows of a timeline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elsewhere {
    pub(crate) date: NaiveDate,
    /// Where, in words; `None` right above the rows, where taking it is no guess.
    pub(crate) place: Option<&'static str>,
}

/// Reads a timeline from top to bottom.
pub(crate) struct Calendar {
    pub(crate) zone: Zone,
    /// Start of the row before, on the wall.
    before: Option<NaiveDateTime>,
    /// A day named in a heading or a line of its own.
    day: Option<NaiveDate>,
    elsewhere: Option<Elsewhere>,
    /// The document says that all times are approximate.
    pub(crate) all_about: bool,
    /// Rows of a table have their dates; one that has none and lies before the row above is odd. Headings and lists of clock readings
    /// go over midnight as a matter of course.
    pub(crate) dated_rows: bool,
    /// Where the day of a timeline without dates was taken from.
    pub(crate) taken_from: Option<&'static str>,
}

/// A time without a date that lies this far before the one above it belongs to the next day; less far, and the rows are not in order.
const NEXT_DAY: Duration = Duration::hours(3);

impl Calendar {
    pub(crate) fn new(zone: Zone) -> Self {
        Self { zone, before: None, day: None, elsewhere: None, all_about: false, dated_rows: false, taken_from: None }
    }

    /// Another section begins: a day named for it counts, and the last row of the section before only where there is none.
    pub(crate) fn begin(&mut self, elsewhere: Option<Elsewhere>) {
        if elsewhere.is_some() {
            self.elsewhere = elsewhere;
            self.day = None;
        }
        self.before = None;
    }

    /// A day that the rows below belong to.
    pub(crate) fn set_day(&mut self, written: &Written) {
        if let Some(day) = written.start.day
            && let Ok((date, _)) = self.date(day)
        {
            self.day = Some(date);
            self.before = None;
        }
    }

    /// The day that [`set_day`](Self::set_day) named.
    pub(crate) fn day_above(&self) -> Option<NaiveDate> {
        self.day
    }

    /// When this is; or, in words, why that cannot be told.
    pub(crate) fn place(&mut self, written: &Written) -> Result<Placed, &'static str> {
        let mut flags = Vec::new();
        let zone = written.start.zone.unwrap_or(self.zone);
        if !written.beside.is_empty() {
            flags.push(format!("Not understood beside the time: “{}”.", written.beside));
        }
        if written.start.day_or_month {
            flags.push("Day and month could be the other way round; read as day first.".to_owned());
        }
        let clock = match written.start.clock {
            Some(Clock::At(clock)) => Some(clock),
            Some(Clock::EndOfDay) => Some(NaiveTime::MIN),
            Some(Clock::Unknown) | None => None,
        };
        let start_of = |date: NaiveDate| date.and_time(clock.unwrap_or(NaiveTime::MIN));
        let mut wall = match written.start.day {
            Some(day) => {
                let (date, guessed) = self.date(day)?;
                if guessed {
                    flags.push(format!("No year in the time; read as {}.", date.year()));
                }
                start_of(date)
            }
            None if clock.is_none() => return Err("there is neither a date nor a time in it"),
            None => self.undated(start_of, &mut flags)?,
        };
        if written.start.clock == Some(Clock::EndOfDay) {
            wall += Duration::days(1);
        }
        let (at, odd) = zone.instant(wall, written.start.zone.is_some());
        let precision = match (clock, written.about) {
            (None, _) => Precision::Date,
            (_, about) if about || self.all_about => Precision::About,
            _ => Precision::Exact,
        };
        flags.extend(odd);
        let ends_at = written.end.and_then(|end| end_of(&end, wall, at, zone, written.start.zone.is_some(), &mut flags));
        self.before = Some(wall);
        self.day = Some(wall.date());
        Ok(Placed { at, ends_at, precision, flags })
    }

    /// A clock reading without a date: that of the row before, or of the next day, or of the day above.
    fn undated(
        &mut self,
        start_of: impl Fn(NaiveDate) -> NaiveDateTime,
        flags: &mut Vec<String>,
    ) -> Result<NaiveDateTime, &'static str> {
        let Some(day) = self.day else {
            let Elsewhere { date, place } = self.elsewhere.ok_or("it has no date and there is none before it")?;
            self.taken_from = place.or(self.taken_from);
            return Ok(start_of(date));
        };
        let wall = start_of(day);
        let Some(before) = self.before.filter(|b| wall < *b) else {
            return Ok(wall);
        };
        if before - wall >= NEXT_DAY {
            if self.dated_rows {
                flags.push("No date in the time; taken as the day after the row before, since it is past midnight.".to_owned());
            }
            return Ok(wall + Duration::days(1));
        }
        flags.push("No date in the time, and earlier than the row before; taken as the same day.".to_owned());
        Ok(wall)
    }

    /// A date with its year, and whether the year is a guess.
    fn date(&self, day: Day) -> Result<(NaiveDate, bool), &'static str> {
        let (month, day) = match day {
            Day::Full(date) => return Ok((date, false)),
            Day::NoYear { month, day } => (month, day),
        };
        let (near, guessed) = match (self.day, self.elsewhere) {
            (Some(date), _) => (date, false),
            (None, Some(elsewhere)) => (elsewhere.date, elsewhere.place.is_some()),
            _ => return Err("it has no year and there is none before it"),
        };
        let date = NaiveDate::from_ymd_opt(near.year(), month, day).ok_or("there is no such day in that year")?;
        // "31 Dec", then "1 Jan".
        if !guessed && near - date > Duration::days(183) {
            let next = NaiveDate::from_ymd_opt(near.year() + 1, month, day).ok_or("there is no such day in that year")?;
            return Ok((next, false));
        }
        Ok((date, guessed))
    }
}

/// The end of a range; a clock reading alone that is earlier than the start is past midnight.
fn end_of(
    end: &Moment,
    start: NaiveDateTime,
    at: DateTime<Utc>,
    zone: Zone,
    own_zone: bool,
    flags: &mut Vec<String>,
) -> Option<DateTime<Utc>> {
    let clock = match end.clock {
        Some(Clock::At(clock)) => clock,
        _ => NaiveTime::MIN,
    };
    let dated = match end.day {
        Some(Day::Full(date)) => Some(date),
        Some(Day::NoYear { month, day }) => NaiveDate::from_ymd_opt(start.year(), month, day),
        None => None,
    };
    let mut wall = dated.unwrap_or(start.date()).and_time(clock);
    if end.clock == Some(Clock::EndOfDay) || (end.day.is_none() && wall < start) {
        wall += Duration::days(1);
    }
    let (ends_at, odd) = end.zone.unwrap_or(zone).instant(wall, own_zone || end.zone.is_some());
    if let Some(odd) = odd
        && !flags.contains(&odd)
    {
        flags.push(odd);
    }
    if ends_at < at {
        flags.push("The end lies before the start and was left out.".to_owned());
    }
    (ends_at > at).then_some(ends_at)
}
