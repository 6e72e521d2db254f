//! A time as it stands on paper, not yet on the calendar.

use super::zones::Zone;
use chrono::{NaiveDate, NaiveTime};

/// A date as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Day {
    Full(NaiveDate),
    /// "4 Nov": the year stands elsewhere.
    NoYear {
        month: u32,
        day: u32,
    },
}

/// A clock reading as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Clock {
    At(NaiveTime),
    /// 24:00, the end of the day.
    EndOfDay,
    /// `--:--`, "morning".
    Unknown,
}

/// One point in time as written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Moment {
    pub(crate) day: Option<Day>,
    pub(crate) clock: Option<Clock>,
    pub(crate) zone: Option<Zone>,
    /// `04/11/2020`: the two could be the other way round.
    pub(crate) day_or_month: bool,
    /// `1:05` without am or pm, next to an end that has one.
    pub(super) bare_twelve: bool,
    pub(super) afternoon: bool,
    /// Written with am or pm.
    pub(super) half: bool,
}

/// A time cell as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Written {
    pub(crate) start: Moment,
    pub(crate) end: Option<Moment>,
    pub(crate) about: bool,
    /// Words beside the time that were not understood.
    pub(crate) beside: String,
}

impl Written {
    /// A day without a time.
    pub(crate) fn on(date: NaiveDate) -> Self {
        Self { start: Moment { day: Some(Day::Full(date)), ..Moment::default() }, ..Self::default() }
    }

    /// Whether it is a day and nothing more.
    pub(crate) fn is_day_only(&self) -> bool {
        self.start.day.is_some() && self.start.clock.is_none() && self.end.is_none()
    }
}
