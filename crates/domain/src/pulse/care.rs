//! What one's own last four weeks looked like, for the person alone: hours and nights, and a kind word where they were many.
//!
//! Thresholds: research/practice.md 5.5. They speak to the person and are told to nobody else.

use crate::walltime::{Band, BandMinutes, Stretch, WorkCalendar, disturbed_nights, merged, person_minutes, split};
use chrono::{DateTime, Days, Duration, NaiveDate, Timelike, Utc};
use std::collections::BTreeMap;

/// How far back it looks.
pub const LOOKS_BACK: Duration = Duration::days(28);
/// A night with more work than this asks for time to recover (practice.md 5.5), minutes.
const LONG_NIGHT: i64 = 120;
/// So many disturbed nights in four weeks, one a week, are worth a word. Ours.
const MANY_NIGHTS: usize = 4;

/// One person's last four weeks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Care {
    /// Minutes by kind of working time.
    pub minutes: BandMinutes,
    /// Nights with any work between 22:00 and 06:00 on the person's own clock.
    pub nights: usize,
    /// Of these, nights with more than two hours of it.
    pub long_nights: usize,
}

impl Care {
    /// Of all stretches of work that a person told of, those that ended within the last four weeks.
    pub fn of(stretches: &[Stretch], calendar: &WorkCalendar, now: DateTime<Utc>) -> Self {
        let recent: Vec<Stretch> = stretches.iter().filter(|s| now - s.end <= LOOKS_BACK && s.end <= now).copied().collect();
        Self {
            minutes: person_minutes(&recent, calendar),
            nights: disturbed_nights(&recent).len(),
            long_nights: night_minutes(&recent, calendar).values().filter(|minutes| **minutes > LONG_NIGHT).count(),
        }
    }

    /// What may be said to the person. Empty: nothing stands out.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.long_nights > 0 {
            let nights = if self.long_nights == 1 { "One night".to_owned() } else { format!("{} nights", self.long_nights) };
            words.push(format!("{nights} with more than two hours of work. Time to recover is fair to ask for, and to take."));
        }
        if self.nights >= MANY_NIGHTS {
            words.push(format!(
                "{} disturbed nights in four weeks. That says something about the rota, not about you; it may be worth bringing up.",
                self.nights
            ));
        }
        words
    }
}

/// Minutes between 22:00 and 06:00, by the day on which the night began.
fn night_minutes(stretches: &[Stretch], calendar: &WorkCalendar) -> BTreeMap<NaiveDate, i64> {
    let mut nights = BTreeMap::new();
    for stretch in merged(stretches) {
        for piece in split(stretch.start, stretch.end, stretch.zone, calendar).into_iter().filter(|p| p.band == Band::Night) {
            let local = piece.start.with_timezone(&stretch.zone);
            let (day, before) = (local.date_naive(), local.hour() < 12);
            let began = if before { day.checked_sub_days(Days::new(1)).unwrap_or(day) } else { day };
            *nights.entry(began).or_default() += (piece.end - piece.start).num_minutes();
        }
    }
    nights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn worked(from: &str, to: &str) -> Stretch {
        Stretch { start: at(from), end: at(to), zone: chrono_tz::UTC }
    }

    #[test]
    fn a_long_night_counts_once_and_old_ones_not_at_all() {
        let now = at("2026-03-30T12:00:00Z");
        let stretches = [
            worked("2026-03-20T23:00:00Z", "2026-03-20T23:50:00Z"),
            worked("2026-03-21T00:30:00Z", "2026-03-21T02:00:00Z"),
            worked("2026-03-25T22:30:00Z", "2026-03-25T22:40:00Z"),
            worked("2026-01-25T22:30:00Z", "2026-01-26T04:40:00Z"),
        ];
        let care = Care::of(&stretches, &WorkCalendar::default(), now);
        assert_eq!((care.nights, care.long_nights, care.minutes.night), (2, 1, 150));
        assert_eq!(care.words().len(), 1);
        assert!(Care::of(&[], &WorkCalendar::default(), now).words().is_empty());
    }
}
