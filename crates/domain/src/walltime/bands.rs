//! Bands: which minutes of a work session fell into working hours, evenings, nights and days off, on the worker's own clock.
//!
//! The bands are those of research/practice.md 7.2 (office hours in the person's own zone on that date, early 06–09,
//! evening 17–22, night 22–06, weekend), early and evening taken together. Where two hold, the order is that of
//! research/product.md 5.1: night before day off before evening, each minute in exactly one band, bounds half-open. Night
//! wins over working hours too: planned night work is still night work. A holiday of the person's calendar is a day off.

use super::history::WorkHistory;
use super::{day_before, day_begins, to_utc};
use crate::holidays::Holidays;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::{Add, AddAssign};

/// A person's usual working hours, on their own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkPattern {
    /// When a working day begins.
    pub start: NaiveTime,
    /// When it ends. At or before `start`: on the next day (00:00 is midnight at the end of the day).
    pub end: NaiveTime,
    /// Which days are working days, Monday first. The others are days off.
    pub days: [bool; 7],
}

impl Default for WorkPattern {
    /// Monday to Friday, 09:00 to 17:30.
    fn default() -> Self {
        Self { start: time(9, 0), end: time(17, 30), days: [true, true, true, true, true, false, false] }
    }
}

/// A person's working hours with the holidays of the calendar that they are on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Usual working hours.
    pub pattern: WorkPattern,
    /// Days off beside those of the week.
    pub holidays: Holidays,
}

/// What bands are cut by: working hours, with or without holidays, the same on all days or by day.
#[derive(Clone, Copy, Debug)]
pub struct WorkTime<'a>(Holding<'a>);

#[derive(Clone, Copy, Debug)]
enum Holding<'a> {
    Always(&'a WorkPattern, Option<&'a Holidays>),
    ByDay(&'a WorkHistory),
}

impl<'a> From<&'a WorkPattern> for WorkTime<'a> {
    fn from(pattern: &'a WorkPattern) -> Self {
        Self(Holding::Always(pattern, None))
    }
}

impl<'a> From<&'a WorkCalendar> for WorkTime<'a> {
    fn from(calendar: &'a WorkCalendar) -> Self {
        Self(Holding::Always(&calendar.pattern, Some(&calendar.holidays)))
    }
}

impl<'a> From<&'a WorkHistory> for WorkTime<'a> {
    fn from(history: &'a WorkHistory) -> Self {
        Self(Holding::ByDay(history))
    }
}

impl<'a> WorkTime<'a> {
    fn on(&self, date: NaiveDate) -> (&'a WorkPattern, Option<&'a Holidays>) {
        match self.0 {
            Holding::Always(pattern, holidays) => (pattern, holidays),
            Holding::ByDay(history) => {
                let calendar = &history.on(date).calendar;
                (&calendar.pattern, Some(&calendar.holidays))
            }
        }
    }

    /// Wall clock times at which working hours begin or end on any day.
    fn borders(&self) -> Vec<NaiveTime> {
        match self.0 {
            Holding::Always(pattern, _) => vec![pattern.start, pattern.end],
            Holding::ByDay(history) => {
                history.parts().flat_map(|part| [part.calendar.pattern.start, part.calendar.pattern.end]).collect()
            }
        }
    }

    fn is_working_day(&self, date: NaiveDate) -> bool {
        let (pattern, holidays) = self.on(date);
        let holiday = holidays.is_some_and(|h| h.is_one(date));
        !holiday && pattern.days[date.weekday().num_days_from_monday() as usize]
    }

    fn works_at(&self, date: NaiveDate, time: NaiveTime) -> bool {
        let past_midnight = |pattern: &WorkPattern| pattern.end <= pattern.start;
        let (pattern, yesterday) = (self.on(date).0, self.on(day_before(date)).0);
        let own_day = self.is_working_day(date) && pattern.start <= time && (time < pattern.end || past_midnight(pattern));
        own_day || (past_midnight(yesterday) && time < yesterday.end && self.is_working_day(day_before(date)))
    }

    /// A person's own working time that begins on a local day: its first instant and the first one after it; `None` on a day off.
    pub(super) fn own_time(&self, date: NaiveDate, tz: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let pattern = self.is_working_day(date).then(|| self.on(date).0)?;
        let last = if pattern.end <= pattern.start { date.succ_opt()? } else { date };
        Some((to_utc(tz, date.and_time(pattern.start)).at, to_utc(tz, last.and_time(pattern.end)).at))
    }
}

/// What kind of time a minute of work fell into, on the worker's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// Within the person's working hours, 06:00 to 22:00.
    Working,
    /// A working day outside working hours, 06:00 to 22:00: early mornings and evenings.
    Evening,
    /// 22:00 to 06:00 on any day.
    Night,
    /// A day off of the person (Saturday and Sunday by default, and the holidays of their calendar), 06:00 to 22:00.
    Weekend,
}

impl Band {
    /// All, in the order in which charts stack them.
    pub const ALL: [Self; 4] = [Self::Working, Self::Evening, Self::Night, Self::Weekend];

    /// As stored and in addresses.
    pub fn slug(self) -> &'static str {
        ["working", "evening", "night", "weekend"][self as usize]
    }

    /// As on the screen.
    pub fn label(self) -> &'static str {
        ["Working time", "Early and evening", "Night", "Days off"][self as usize]
    }
}

/// Minutes of work by band.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandMinutes {
    /// Minutes in [`Band::Working`].
    pub working: i64,
    /// Minutes in [`Band::Evening`].
    pub evening: i64,
    /// Minutes in [`Band::Night`].
    pub night: i64,
    /// Minutes in [`Band::Weekend`].
    pub weekend: i64,
}

impl BandMinutes {
    /// The minutes of one band.
    pub fn get(&self, band: Band) -> i64 {
        [self.working, self.evening, self.night, self.weekend][band as usize]
    }

    /// All minutes.
    pub fn total(&self) -> i64 {
        self.working + self.out_of_hours()
    }

    /// The minutes outside working time.
    pub fn out_of_hours(&self) -> i64 {
        self.evening + self.night + self.weekend
    }

    /// The part of all minutes that lay outside working time, 0 to 1 (practice.md 7.2, "OOH share"); none without minutes.
    pub fn out_of_hours_share(&self) -> Option<f64> {
        (self.total() > 0).then(|| self.out_of_hours() as f64 / self.total() as f64)
    }

    /// Each band to the nearest quarter of an hour, as published figures are.
    pub fn to_quarter_hours(self) -> Self {
        let near = |minutes: i64| (minutes + 7).div_euclid(15) * 15;
        Self { working: near(self.working), evening: near(self.evening), night: near(self.night), weekend: near(self.weekend) }
    }

    fn add_to(&mut self, band: Band, minutes: i64) {
        *[&mut self.working, &mut self.evening, &mut self.night, &mut self.weekend][band as usize] += minutes;
    }
}

impl Add for BandMinutes {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for BandMinutes {
    fn add_assign(&mut self, other: Self) {
        for band in Band::ALL {
            self.add_to(band, other.get(band));
        }
    }
}

impl std::iter::Sum for BandMinutes {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// A longest part of a stretch of work that lies in one band; half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The band.
    pub band: Band,
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
}

/// A stretch of time that somebody worked, and the zone they were in; half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// Where the worker's clock stood.
    pub zone: Tz,
}

/// Cuts a stretch of work at the borders of the bands: in order, without a hole, neighbours in different bands. Empty when
/// `end` is not after `start`. Real elapsed time: an hour that the clocks skip is not there, one that comes twice is twice.
pub fn split<'a>(start: DateTime<Utc>, end: DateTime<Utc>, tz: Tz, by: impl Into<WorkTime<'a>>) -> Vec<Piece> {
    let by = by.into();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = start;
    while at < end {
        let next = next_border(at, tz, by).min(end);
        let band = band_at(at, tz, by);
        match pieces.last_mut() {
            Some(last) if last.band == band => last.end = next,
            _ => pieces.push(Piece { band, start: at, end: next }),
        }
        at = next;
    }
    pieces
}

/// Whole minutes by band of one stretch. The total is the elapsed time between the minutes on which both bounds lie,
/// seconds dropped: nothing is lost or counted twice at a border.
pub fn minutes_by_band<'a>(start: DateTime<Utc>, end: DateTime<Utc>, tz: Tz, by: impl Into<WorkTime<'a>>) -> BandMinutes {
    let mut sum = BandMinutes::default();
    for piece in split(start, end, tz, by) {
        sum.add_to(piece.band, minutes(piece.start, piece.end));
    }
    sum
}

/// The stretches of one person without overlaps, in order (practice.md 7.1: the union, so that two incidents at once count
/// once). Where zones differ in an overlap, that of the earlier start holds.
pub fn merged(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut sorted: Vec<Stretch> = stretches.iter().copied().filter(|s| s.start < s.end).collect();
    sorted.sort_by_key(|s| (s.start, s.end, s.zone.name()));
    let mut union: Vec<Stretch> = Vec::new();
    for stretch in sorted {
        match union.last_mut() {
            Some(last) if stretch.end <= last.end => {}
            Some(last) if stretch.start <= last.end && stretch.zone == last.zone => last.end = stretch.end,
            Some(last) => {
                let start = stretch.start.max(last.end);
                union.push(Stretch { start, ..stretch });
            }
            None => union.push(stretch),
        }
    }
    union
}

/// What is left of the stretches of one person without what was counted before: overlaps once, in order. Each minute of `stretches` is
/// in `counted` or in what is left, and in no other place.
pub fn without(stretches: &[Stretch], counted: &[Stretch]) -> Vec<Stretch> {
    let counted = merged(counted);
    let mut left = Vec::new();
    for stretch in merged(stretches) {
        let mut at = stretch.start;
        for taken in counted.iter().filter(|taken| taken.start < stretch.end && taken.end > stretch.start) {
            if taken.start > at {
                left.push(Stretch { start: at, end: taken.start, ..stretch });
            }
            at = at.max(taken.end);
        }
        if at < stretch.end {
            left.push(Stretch { start: at, ..stretch });
        }
    }
    left
}

/// Minutes by band of all that one person worked, overlaps counted once.
pub fn person_minutes<'a>(stretches: &[Stretch], by: impl Into<WorkTime<'a>>) -> BandMinutes {
    let by = by.into();
    merged(stretches).iter().map(|s| minutes_by_band(s.start, s.end, s.zone, by)).sum()
}

/// The part of a stretch that lies on the worker's local days from `first` up to but not including `after`.
pub fn part_in_days(stretch: &Stretch, first: NaiveDate, after: NaiveDate) -> Option<Stretch> {
    let start = stretch.start.max(day_begins(first, stretch.zone));
    let end = stretch.end.min(day_begins(after, stretch.zone));
    (start < end).then_some(Stretch { start, end, zone: stretch.zone })
}

/// The nights of one person that were disturbed, each named by the day on which it began: at least one minute of work
/// between 22:00 and 06:00 local time (practice.md 7.2, "broken night"). Two calls in one night are one night.
pub fn disturbed_nights(stretches: &[Stretch]) -> BTreeSet<NaiveDate> {
    let pattern = WorkPattern::default();
    let mut nights = BTreeSet::new();
    for stretch in merged(stretches) {
        for piece in split(stretch.start, stretch.end, stretch.zone, &pattern) {
            if piece.band == Band::Night && minutes(piece.start, piece.end) >= 1 {
                let local = piece.start.with_timezone(&stretch.zone);
                let began = if local.hour() >= 22 { local.date_naive() } else { day_before(local.date_naive()) };
                nights.insert(began);
            }
        }
    }
    nights
}

fn band_at(at: DateTime<Utc>, tz: Tz, by: WorkTime<'_>) -> Band {
    let local = at.with_timezone(&tz);
    let (date, time) = (local.date_naive(), local.time());
    if time.hour() < 6 || time.hour() >= 22 {
        Band::Night
    } else if by.works_at(date, time) {
        Band::Working
    } else if by.is_working_day(date) {
        Band::Evening
    } else {
        Band::Weekend
    }
}

/// The next instant at which the band may change: a border on the wall clock, or a change of the clocks before it.
fn next_border(at: DateTime<Utc>, tz: Tz, by: WorkTime<'_>) -> DateTime<Utc> {
    let offset = |at: DateTime<Utc>| tz.offset_from_utc_datetime(&at.naive_utc()).fix();
    let wall = at.naive_utc() + offset(at);
    let wait = [time(0, 0), time(6, 0), time(22, 0)].into_iter().chain(by.borders()).map(|border| {
        let until = border - wall.time();
        if until > TimeDelta::zero() { until } else { until + TimeDelta::days(1) }
    });
    let next = at + wait.min().unwrap_or(TimeDelta::days(1));
    if offset(next) == offset(at) {
        return next;
    }
    // The clocks change on the way. No zone does so twice within the six to eight hours between two borders.
    let (mut before, mut after) = (at.timestamp(), next.timestamp());
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        match DateTime::from_timestamp(middle, 0) {
            Some(instant) if offset(instant) == offset(at) => before = middle,
            _ => after = middle,
        }
    }
    DateTime::from_timestamp(after, 0).unwrap_or(next)
}

/// Whole minutes between the minutes on which two instants lie; sums over neighbouring pieces without a rest.
fn minutes(start: DateTime<Utc>, end: DateTime<Utc>) -> i64 {
    end.timestamp().div_euclid(60) - start.timestamp().div_euclid(60)
}

const fn time(hour: u32, minute: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
