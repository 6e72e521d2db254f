//! On-call schedules: a table (`start,end,person`) or an iCalendar file, as shifts with the names that stand beside them.
//!
//! Of a calendar, each event is a shift; daily and weekly repeats are followed, of others the first alone is taken, and a note says so.

mod calendar;
mod repeats;
mod table;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use domain::imported::Unreadable;
use domain::schedules::{LONGEST, ReadSchedule, ReadShift, SHIFTS_MAX};

use crate::decode;

/// More notes than this help nobody.
const NOTES_MAX: usize = 30;

/// Reads a schedule. What stands in it without a zone is meant in `zone`; repeats are followed up to `until`.
///
/// Never fails: what was left out is in the notes, with its line.
pub fn read_schedule(bytes: &[u8], zone: Tz, until: DateTime<Utc>) -> ReadSchedule {
    let mut taken = Taken::default();
    match decode::decode(bytes) {
        Err(reason) => taken.note(0, reason),
        Ok(decoded) => {
            for reason in decoded.notes {
                taken.note(0, reason);
            }
            let is_calendar = decoded.text.lines().take(20).any(|line| line.trim().eq_ignore_ascii_case("BEGIN:VCALENDAR"));
            if is_calendar {
                calendar::read(&decoded.text, zone, until, &mut taken);
            } else {
                table::read(&decoded.text, zone, &mut taken);
            }
        }
    }
    taken.done()
}

/// The file as text, to be shown and sent again as it is.
pub fn schedule_text(bytes: &[u8]) -> String {
    decode::decode(bytes).map(|decoded| decoded.text).unwrap_or_default()
}

/// What was read so far.
#[derive(Default)]
struct Taken {
    shifts: Vec<ReadShift>,
    notes: Vec<Unreadable>,
    more_notes: usize,
    too_many: usize,
}

impl Taken {
    fn note(&mut self, line: usize, reason: impl Into<String>) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push(Unreadable { line, reason: reason.into() });
        } else {
            self.more_notes += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.shifts.len() >= SHIFTS_MAX
    }

    /// Takes a shift, or says why not.
    fn shift(&mut self, line: usize, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, names: Vec<String>) {
        if ends_at <= starts_at {
            self.note(line, "This shift ends before it begins, or has no length; it was left out.");
        } else if ends_at - starts_at > LONGEST {
            self.note(line, format!("This shift is longer than {} days; it was left out.", LONGEST.num_days()));
        } else if !(2000..=2100).contains(&starts_at.year()) {
            self.note(line, "This shift lies before 2000 or after 2100; it was left out.");
        } else if self.is_full() {
            self.too_many += 1;
        } else {
            self.shifts.push(ReadShift { line, starts_at, ends_at, names });
        }
    }

    fn done(mut self) -> ReadSchedule {
        self.shifts.sort_by(|a, b| (a.starts_at, a.ends_at, &a.names).cmp(&(b.starts_at, b.ends_at, &b.names)));
        let before = self.shifts.len();
        self.shifts.dedup_by(|a, b| (a.starts_at, a.ends_at, &a.names) == (b.starts_at, b.ends_at, &b.names));
        let (twice, rest) = (before - self.shifts.len(), self.too_many);
        let mut whole = |reason: String| self.notes.push(Unreadable { line: 0, reason });
        if twice > 0 {
            whole(format!("{twice} stood there twice and were taken once."));
        }
        if rest > 0 {
            whole(format!("More than {SHIFTS_MAX} shifts; {rest} were left out. Please import a shorter stretch of time."));
        }
        if self.more_notes > 0 {
            whole(format!("{} more notes of this kind.", self.more_notes));
        }
        if self.shifts.is_empty() && self.notes.is_empty() {
            self.notes.push(Unreadable { line: 0, reason: "There is no shift in it.".to_owned() });
        }
        ReadSchedule { shifts: self.shifts, notes: self.notes }
    }
}

#[cfg(test)]
mod tests;
