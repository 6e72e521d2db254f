//! How long confidential words are kept, and on which day an answer goes.
//!
//! Source: research/security.md 2.8 for the periods; PRODUCT.md rule 2 for what stays (what its author gave to the review) and rule 4
//! (closed figures). Days are whole days in UTC: the run of a day takes what was due before that day began.

use crate::interviews::Audience;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// Authors are told this many days before an answer of theirs goes.
pub const TOLD_DAYS: u64 = 7;

/// What is kept for a time and then goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Answers that were never submitted, or changed and not submitted again: from the last edit on.
    Drafts,
    /// Submitted answers for nobody but their author, self-care among them: from publication on.
    Private,
    /// Answers for the facilitator: from publication on.
    Facilitator,
    /// Sign-ins that are over, and the addresses of tries that failed.
    Sessions,
    /// The audit trail.
    Audit,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 5] = [Self::Drafts, Self::Private, Self::Facilitator, Self::Sessions, Self::Audit];

    /// The key that its days stand under in the settings.
    pub fn setting(self) -> &'static str {
        [
            "retention_drafts_days",
            "retention_private_days",
            "retention_facilitator_days",
            "retention_sessions_days",
            "retention_audit_days",
        ][self as usize]
    }

    /// Days, unless the settings say otherwise.
    pub fn default_days(self) -> u64 {
        [30, 30, 90, 30, 400][self as usize]
    }

    /// The days that may be set. Answers always stay long enough for their authors to be told before.
    pub fn allowed_days(self) -> RangeInclusive<u64> {
        [14..=365, 14..=365, 30..=365, 1..=365, 90..=3650][self as usize].clone()
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Unsubmitted drafts", "Answers for their author alone", "Answers for the facilitator", "Past sign-ins", "Audit entries"]
            [self as usize]
    }

    /// From when its days are counted.
    pub fn counted_from(self) -> &'static str {
        ["after the last edit", "after publication", "after publication", "after they end", "after the act"][self as usize]
    }
}

/// The days of each kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    days: [u64; 5],
}

impl Default for Periods {
    fn default() -> Self {
        Self { days: Kind::ALL.map(Kind::default_days) }
    }
}

impl Periods {
    /// From what the settings hold under [`Kind::setting`]: a number outside what is allowed is moved to its nearest end, and what
    /// is no number counts as not set.
    pub fn read(stored: impl Fn(&str) -> Option<String>) -> Self {
        let days = Kind::ALL.map(|kind| {
            let allowed = kind.allowed_days();
            let set: Option<u64> = stored(kind.setting()).and_then(|v| v.trim().parse().ok());
            set.map_or(kind.default_days(), |days| days.clamp(*allowed.start(), *allowed.end()))
        });
        Self { days }
    }

    /// The days of one kind.
    pub fn days(&self, kind: Kind) -> u64 {
        self.days[kind as usize]
    }

    /// The shortest time after which an answer can go.
    pub fn shortest_for_answers(&self) -> u64 {
        [Kind::Drafts, Kind::Private, Kind::Facilitator].map(|k| self.days(k)).into_iter().min().unwrap_or(0)
    }

    /// Whether something goes sooner than by `before`.
    pub fn shorter_than(&self, before: &Self) -> bool {
        self.days.iter().zip(&before.days).any(|(now, then)| now < then)
    }
}

/// What of an answer decides how long it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// How far it travels.
    pub audience: Audience,
    /// Its present text was not submitted.
    pub draft: bool,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When the second story was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// The day on which an answer goes, and why; `None`: it stays. `told_since` is the day from which on its author could know of the
/// periods: nothing goes sooner than [`TOLD_DAYS`] after it.
///
/// What its author gave to the review stays, and so does an idea in the parking lot, which belongs to planning once the wall is open.
pub fn goes_on(answer: &Resting, periods: &Periods, told_since: NaiveDate) -> Option<(Kind, NaiveDate)> {
    let (kind, from) = match (answer.draft, answer.audience) {
        (true, _) => (Kind::Drafts, answer.saved_at),
        (false, Audience::OnlyMe) => (Kind::Private, answer.published_at?),
        (false, Audience::Facilitator) => (Kind::Facilitator, answer.published_at?),
        (false, Audience::Parked | Audience::Unattributed | Audience::Named) => return None,
    };
    // The day on which it is due is lived to its end.
    let due = from.date_naive() + Days::new(periods.days(kind) + 1);
    Some((kind, due.max(told_since + Days::new(TOLD_DAYS))))
}

/// Whether an author is to be told on `today` of what goes on `day`.
pub fn is_told(day: NaiveDate, today: NaiveDate) -> bool {
    today + Days::new(TOLD_DAYS) >= day
}

/// The beginning of the day `days` before `today`: what is older than this many whole days lies before it.
pub fn older_than(today: NaiveDate, days: u64) -> DateTime<Utc> {
    (today - Days::new(days)).and_time(chrono::NaiveTime::MIN).and_utc()
}

/// How many of each kind a run took, or would take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Drafts.
    pub drafts: i64,
    /// Answers for their author alone.
    pub private: i64,
    /// Answers for the facilitator.
    pub facilitator: i64,
    /// Sign-ins and failed tries.
    pub sessions: i64,
    /// Audit entries.
    pub audit: i64,
}

impl Counts {
    /// Of one kind.
    pub fn of(&self, kind: Kind) -> i64 {
        [self.drafts, self.private, self.facilitator, self.sessions, self.audit][kind as usize]
    }

    /// One more of this kind.
    pub fn add(&mut self, kind: Kind, more: i64) {
        match kind {
            Kind::Drafts => self.drafts += more,
            Kind::Private => self.private += more,
            Kind::Facilitator => self.facilitator += more,
            Kind::Sessions => self.sessions += more,
            Kind::Audit => self.audit += more,
        }
    }

    /// All kinds together.
    pub fn total(&self) -> i64 {
        Kind::ALL.iter().map(|kind| self.of(*kind)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn resting(audience: Audience, draft: bool, published: Option<&str>) -> Resting {
        Resting { audience, draft, saved_at: at("2026-03-01T22:00:00Z"), published_at: published.map(at) }
    }

    #[test]
    fn what_the_author_gave_to_the_review_or_to_planning_stays() {
        for audience in [Audience::Unattributed, Audience::Named, Audience::Parked] {
            let answer = resting(audience, false, Some("2020-01-01T00:00:00Z"));
            assert_eq!(goes_on(&answer, &Periods::default(), day("2020-01-01")), None, "{audience:?}");
        }
    }

    #[test]
    fn a_submitted_answer_of_an_unpublished_review_stays() {
        for audience in Audience::ALL {
            assert_eq!(goes_on(&resting(audience, false, None), &Periods::default(), day("2020-01-01")), None);
        }
    }

    #[test]
    fn each_kind_has_its_own_days_and_lives_its_last_one_to_the_end() {
        let periods = Periods::default();
        let known = day("2020-01-01");
        let published = Some("2026-03-05T09:00:00Z");
        let of = |audience, draft| goes_on(&resting(audience, draft, published), &periods, known);
        assert_eq!(of(Audience::Named, true), Some((Kind::Drafts, day("2026-04-01"))), "30 days after 1 March");
        assert_eq!(of(Audience::OnlyMe, false), Some((Kind::Private, day("2026-04-05"))));
        assert_eq!(of(Audience::Facilitator, false), Some((Kind::Facilitator, day("2026-06-04"))));
    }

    #[test]
    fn nothing_goes_before_its_author_could_know_for_a_week() {
        let old = resting(Audience::OnlyMe, false, Some("2020-01-01T00:00:00Z"));
        let (_, goes) = goes_on(&old, &Periods::default(), day("2026-03-05")).unwrap();
        assert_eq!(goes, day("2026-03-12"));
        assert!(is_told(goes, day("2026-03-05")) && !is_told(goes, day("2026-03-04")));
    }

    #[test]
    fn settings_are_read_within_their_limits() {
        let read = |value: &'static str| Periods::read(move |_| Some(value.to_owned()));
        assert_eq!(read("1").days(Kind::Facilitator), 30);
        assert_eq!(read("9999").days(Kind::Facilitator), 365);
        assert_eq!(read("45").days(Kind::Facilitator), 45);
        assert_eq!(read("soon"), Periods::default());
        assert_eq!(Periods::read(|_| None), Periods::default());
        for kind in Kind::ALL {
            assert!(kind.allowed_days().contains(&kind.default_days()));
        }
        assert!(read("14").shorter_than(&Periods::default()) && !Periods::default().shorter_than(&Periods::default()));
    }
}
