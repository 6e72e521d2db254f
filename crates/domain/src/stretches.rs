//! Stretches of work as people type them: a day, from, to, where they were. Question 3 asks for these and not for one number.

use crate::Invalid;
use crate::interviews::WorkKind;
use crate::walltime::{self, Stretch};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The longest stretch: beyond a day it has breaks in it and wants to be told in parts.
pub const LONGEST: TimeDelta = TimeDelta::hours(24);

/// As typed in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedStretch {
    /// The day on which it began, `2026-11-17`.
    pub day: String,
    /// When it began: `0214`, `2:14` and `02:14` all do.
    pub from: String,
    /// When it ended.
    pub to: String,
    /// It ended on the day after.
    pub next_day: bool,
    /// IANA zone of the place where the person was.
    pub zone: String,
    /// [`WorkKind`] by its slug.
    pub kind: String,
}

/// A stretch of work as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewStretch {
    /// Start.
    pub started_at: DateTime<Utc>,
    /// End, later than the start by at most [`LONGEST`].
    pub ended_at: DateTime<Utc>,
    /// The worker's own zone at that time.
    pub zone: Tz,
    /// What kind of work.
    pub kind: WorkKind,
}

impl NewStretch {
    /// For arithmetic with bands.
    pub fn stretch(&self) -> Stretch {
        Stretch { start: self.started_at, end: self.ended_at, zone: self.zone }
    }
}

/// Signs of work further apart than this belong to two stretches.
const BREAK: TimeDelta = TimeDelta::minutes(90);
/// A single sign of work stands for this much.
const LEAST: TimeDelta = TimeDelta::minutes(15);

/// Stretches that instants at which somebody was seen at work hint at: runs of them without a long break, those left out that overlap
/// what was told already. A hint only; the person's word wins.
pub fn suggested(seen: &[DateTime<Utc>], told: &[(DateTime<Utc>, DateTime<Utc>)]) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let mut seen = seen.to_vec();
    seen.sort_unstable();
    let mut runs: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for at in seen {
        match runs.last_mut().filter(|(start, end)| at - *end <= BREAK && at - *start <= LONGEST) {
            Some((_, end)) => *end = at,
            None => runs.push((at, at)),
        }
    }
    let whole = runs.into_iter().map(|(start, end)| (start, end.max(start + LEAST)));
    whole.filter(|(start, end)| told.iter().all(|(from, to)| end <= from || start >= to)).collect()
}

impl TypedStretch {
    /// Reads it.
    ///
    /// # Errors
    /// Fields `day`, `from`, `to`, `zone` or `kind`. Field `next_day` besides, with no words, where ticking it would mend `to`.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<NewStretch, Invalid> {
        let mut invalid = Invalid::default();
        let zone = invalid.take(walltime::parse_zone(&self.zone));
        let day = NaiveDate::parse_from_str(self.day.trim(), "%Y-%m-%d").ok();
        if day.is_none() {
            invalid.add("day", "Please write the day as year-month-day, like 2026-11-17.");
        }
        let mut clock = |field: &str, text: &str| match walltime::parse_clock(text) {
            Ok(time) => Some(time),
            Err(_) => {
                invalid.add(field, "Please write the time like 02:14 or 0214, from 00:00 to 23:59.");
                None
            }
        };
        let (from, to) = (clock("from", &self.from), clock("to", &self.to));
        let kind = WorkKind::from_slug(&self.kind);
        if kind.is_none() {
            invalid.add("kind", "Please choose one of the kinds shown.");
        }
        let (Some(zone), Some(day), Some(from), Some(to), Some(kind)) = (zone, day, from, to, kind) else { return Err(invalid) };
        let last_day = if self.next_day { day.checked_add_days(Days::new(1)).unwrap_or(day) } else { day };
        let (began, ended) = (walltime::to_utc(zone, day.and_time(from)), walltime::to_utc(zone, last_day.and_time(to)));
        let (started_at, ended_at) = (began.at, ended.at);
        if ended_at <= started_at {
            // 02:30 to 03:00 in the night in which the clocks go from 02:00 to 03:00 is no mistaken order.
            for (field, read) in [("from", began), ("to", ended)] {
                if let Some(sentence) = walltime::did_not_exist(read, zone) {
                    return Err(Invalid::one(field, sentence));
                }
            }
            let mut invalid =
                Invalid::one("to", "This ends before it begins. If it went past midnight, please tick “ended the next day”.");
            invalid.add("next_day", "");
            return Err(invalid);
        }
        if ended_at - started_at > LONGEST {
            return Err(Invalid::one(
                "to",
                "This is longer than a day. Please tell it in parts, or untick “ended the next day”.",
            ));
        }
        if started_at > now {
            return Err(Invalid::one("day", "This lies ahead of us. Please look at the day and the time again."));
        }
        // Somebody may note it down in the minute in which it ends.
        if ended_at > now + TimeDelta::minutes(5) {
            return Err(Invalid::one("to", "This ends later than now. Please look at the time again."));
        }
        Ok(NewStretch { started_at, ended_at, zone, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(from: &str, to: &str, next_day: bool) -> TypedStretch {
        TypedStretch {
            day: "2026-11-17".to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            next_day,
            zone: "Europe/Madrid".to_owned(),
            kind: "responding".to_owned(),
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-11-20T08:00:00Z").expect("an instant").to_utc()
    }

    #[test]
    fn signs_of_work_hint_at_stretches_that_were_not_told() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let seen = ["2026-03-02T23:40:00Z", "2026-03-02T22:10:00Z", "2026-03-03T00:30:00Z", "2026-03-03T09:00:00Z"].map(at);
        let night = (at("2026-03-02T22:10:00Z"), at("2026-03-03T00:30:00Z"));
        let morning = (at("2026-03-03T09:00:00Z"), at("2026-03-03T09:15:00Z"));
        assert_eq!(suggested(&seen, &[]), [night, morning]);
        assert_eq!(suggested(&seen, &[(at("2026-03-03T00:00:00Z"), at("2026-03-03T02:00:00Z"))]), [morning]);
        assert!(suggested(&[], &[]).is_empty());
        let all_week: Vec<_> = (0..200).map(|hour| at("2026-03-02T00:00:00Z") + TimeDelta::hours(hour)).collect();
        assert!(suggested(&all_week, &[]).iter().all(|(start, end)| *end - *start <= LONGEST));
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for from in ["0214", "2:14", "02:14", " 2.14 "] {
            let new = typed(from, "05:55", false).parse(now()).expect(from);
            assert_eq!(new.started_at.to_rfc3339(), "2026-11-17T01:14:00+00:00");
            assert_eq!((new.ended_at - new.started_at).num_minutes(), 221);
        }
    }

    #[test]
    fn an_end_before_the_start_offers_the_next_day() {
        let refused = typed("22:00", "01:30", false).parse(now()).expect_err("ends before it begins");
        assert!(refused.message("to").is_some_and(|m| m.contains("next day")));
        assert!(refused.message("next_day").is_some());
        let new = typed("22:00", "01:30", true).parse(now()).expect("past midnight");
        assert_eq!((new.ended_at - new.started_at).num_minutes(), 210);
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_field() {
        let field = |t: TypedStretch| t.parse(now()).expect_err("refused").fields[0].field.clone();
        assert_eq!(field(typed("08:00", "09:00", true)), "to", "longer than a day");
        assert_eq!(field(typed("8 o'clock", "09:00", false)), "from");
        assert_eq!(field(TypedStretch { day: "2026-11-21".into(), ..typed("08:00", "09:00", false) }), "day", "tomorrow");
        assert_eq!(field(TypedStretch { day: "17/11".into(), ..typed("08:00", "09:00", false) }), "day");
        assert_eq!(field(TypedStretch { zone: "Mars".into(), ..typed("08:00", "09:00", false) }), "zone");
        assert_eq!(field(TypedStretch { kind: "heroics".into(), ..typed("08:00", "09:00", false) }), "kind");
    }

    #[test]
    fn a_time_that_the_clocks_skipped_is_told_so() {
        let spring = |from: &str, to: &str| {
            let zone = "Europe/Berlin".to_owned();
            TypedStretch { day: "2026-03-29".into(), zone, ..typed(from, to, false) }.parse(now())
        };
        let refused = spring("02:30", "03:10").expect_err("there was no 02:30");
        let said = refused.message("from").expect("beside the field");
        assert!(said.starts_with("02:30 did not exist on 29 March 2026 in Europe/Berlin"), "{said}");
        assert!(refused.message("next_day").is_none(), "the next day would not mend it");
        assert_eq!(spring("01:30", "03:30").map(|s| (s.ended_at - s.started_at).num_minutes()), Ok(60));
    }

    #[test]
    fn a_night_in_which_the_clocks_change_is_as_long_as_it_was() {
        let autumn = TypedStretch { day: "2026-10-25".into(), ..typed("01:30", "03:30", false) };
        let new = autumn.parse(now()).expect("a night");
        assert_eq!((new.ended_at - new.started_at).num_minutes(), 180);
    }
}
