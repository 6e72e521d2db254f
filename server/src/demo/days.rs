//! When things happened in the demo: everything is counted back from the moment in which it is filled.

use super::files::{Incident, State};
use chrono::{DateTime, Datelike, Days as ManyDays, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::holidays::Holidays;
use domain::walltime::{add_working_days, parse_clock, to_utc};

/// The days of one incident.
pub(super) struct Days {
    zone: Tz,
    now: DateTime<Utc>,
    /// The first minute of impact.
    pub(super) started: DateTime<Utc>,
    /// When it was over.
    pub(super) resolved: Option<DateTime<Utc>>,
    /// When its review was opened; meaningless without one.
    pub(super) opened: DateTime<Utc>,
    /// When quotes went to their authors: what is submitted was submitted before.
    pub(super) quotes_sent: DateTime<Utc>,
    /// When its second story was published.
    pub(super) published: Option<DateTime<Utc>>,
    /// When planning opens.
    pub(super) wall: Option<DateTime<Utc>>,
}

impl Days {
    /// Reads them from the incident.
    ///
    /// # Errors
    /// A sentence where a time cannot be read.
    pub(super) fn of(incident: &Incident, zone: Tz, now: DateTime<Utc>) -> Result<Self, String> {
        let today = now.with_timezone(&zone).date_naive();
        let started = match incident.minutes_ago {
            Some(minutes) => now - TimeDelta::minutes(minutes),
            None => {
                let day = nearest(back(today, incident.days_ago), incident.weekday.as_deref());
                let time = parse_clock(&incident.time).map_err(|_| format!("{} is no time", incident.time))?;
                to_utc(zone, day.and_time(time)).at
            }
        };
        let resolved = incident.duration_minutes.map(|minutes| started + TimeDelta::minutes(minutes));
        let over = resolved.unwrap_or(started);
        let afternoon = |day: NaiveDate| to_utc(zone, day.and_time(NaiveTime::MIN) + TimeDelta::minutes(15 * 60 + 40)).at;
        let published =
            incident.published_days_ago.filter(|_| incident.state.is_published()).map(|days| afternoon(back(today, days)));
        let until = published.unwrap_or(now);
        let opened = match incident.state {
            // Nobody has answered yet, so it was a short while ago.
            State::InReview => now - TimeDelta::days(2),
            _ => add_working_days(over, 1, zone, &Holidays::default()).min(over + (until - over) / 3),
        };
        let quotes_sent = if published.is_some() { opened + (until - opened) * 7 / 10 } else { now - TimeDelta::hours(20) };
        let wall = published.map(|published| match incident.state {
            State::Soaking => to_utc(zone, back(today, 0).and_time(NaiveTime::MIN) + TimeDelta::hours(24 + 9)).at,
            _ => add_working_days(published, 2, zone, &Holidays::default()),
        });
        Ok(Self { zone, now, started, resolved, opened, quotes_sent, published, wall })
    }

    /// So many minutes after the start, but not in the future.
    pub(super) fn after_start(&self, minutes: i64) -> DateTime<Utc> {
        (self.started + TimeDelta::minutes(minutes)).min(self.now)
    }

    /// When this person of so many submitted: on the days between the opening and the quotes, in the hours of a working day.
    pub(super) fn submitted(&self, person: usize, of: usize) -> DateTime<Utc> {
        let share = |n: usize| i32::try_from(n).unwrap_or(i32::MAX - 1);
        let at = self.opened + (self.quotes_sent - self.opened) * (share(person) + 1) / (share(of) + 1);
        let minutes = 9 * 60 + 35 + (i64::from(share(person)) * 97) % 400;
        let day = at.with_timezone(&self.zone).date_naive();
        let wished = to_utc(self.zone, day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes)).at;
        wished.max(self.opened + TimeDelta::hours(1)).min(self.quotes_sent - TimeDelta::minutes(10))
    }

    /// When the author of this quote decided.
    pub(super) fn decided(&self, quote: usize) -> DateTime<Utc> {
        let hours = TimeDelta::minutes(70 * (i64::try_from(quote).unwrap_or(0) + 1));
        (self.quotes_sent + hours).min(self.published.unwrap_or(self.now) - TimeDelta::minutes(30))
    }

    /// When the sections were written.
    pub(super) fn written(&self) -> DateTime<Utc> {
        (self.published.unwrap_or(self.now) - TimeDelta::hours(2)).max(self.opened + TimeDelta::hours(1))
    }

    /// When this person's item was added, after planning opened.
    pub(super) fn planned(&self, item: i64) -> DateTime<Utc> {
        (self.wall.unwrap_or(self.now) + TimeDelta::minutes(90 + 11 * item)).min(self.now)
    }

    /// When something was done that was meant for so many days from now: three days earlier, and after it was added.
    pub(super) fn done(&self, due_in_days: i64, added: DateTime<Utc>) -> DateTime<Utc> {
        (self.now + TimeDelta::days(due_in_days - 3)).max(added + TimeDelta::hours(20)).min(self.now)
    }

    /// The day so many days from now.
    pub(super) fn days_ago(&self, days: i64) -> NaiveDate {
        (self.now + TimeDelta::days(days)).with_timezone(&self.zone).date_naive()
    }
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(ManyDays::new(days)).unwrap_or(day)
}

/// The latest such weekday up to this day.
fn nearest(day: NaiveDate, weekday: Option<&str>) -> NaiveDate {
    let wished = weekday.and_then(|name| name.parse::<chrono::Weekday>().ok());
    let days = wished.map_or(0, |wished| day.weekday().days_since(wished));
    back(day, u64::from(days))
}
