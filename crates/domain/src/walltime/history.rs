//! What held for a person from a day on: working hours, holidays and team. Work is cut by what held on its day, not by what holds today.

use super::bands::{Stretch, WorkCalendar, part_in_days};
use crate::ids::TeamId;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A day before everything that is told of here (forms refuse years before 1990).
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// A day after all of it.
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2300, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// What held from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The first day, on the person's own clock.
    pub from: NaiveDate,
    /// The person's team.
    pub team: Option<TeamId>,
    /// Working hours, and the holidays of the calendar that the person was on.
    pub calendar: WorkCalendar,
}

/// All that held for a person, by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkHistory {
    /// By day, never empty.
    parts: Vec<InForce>,
}

impl Default for WorkHistory {
    fn default() -> Self {
        Self::always(None, WorkCalendar::default())
    }
}

impl WorkHistory {
    /// One and the same on all days.
    pub fn always(team: Option<TeamId>, calendar: WorkCalendar) -> Self {
        Self { parts: vec![InForce { from: FIRST_DAY, team, calendar }] }
    }

    /// By day, in any order. What is first holds for all days before it as well; with none, the usual hours hold without holidays.
    pub fn new(mut parts: Vec<InForce>) -> Self {
        if parts.is_empty() {
            return Self::default();
        }
        parts.sort_by_key(|part| part.from);
        Self { parts }
    }

    /// What held on a day.
    pub fn on(&self, day: NaiveDate) -> &InForce {
        &self.parts[self.parts.partition_point(|part| part.from <= day).saturating_sub(1)]
    }

    /// What holds now: the last of all.
    pub fn latest(&self) -> &InForce {
        &self.parts[self.parts.len() - 1]
    }

    /// All that ever held, earliest first.
    pub fn parts(&self) -> impl Iterator<Item = &InForce> {
        self.parts.iter()
    }

    /// The teams of the days from `first` up to but not including `after`; none where there was no team.
    pub fn teams_within(&self, first: NaiveDate, after: NaiveDate) -> BTreeSet<TeamId> {
        let ends = self.parts.iter().skip(1).map(|part| part.from).chain([LAST_DAY]);
        let there = self.parts.iter().zip(ends).enumerate();
        there
            .filter(|(n, (part, end))| *end > first && (*n == 0 || part.from < after))
            .filter_map(|(_, (part, _))| part.team)
            .collect()
    }

    /// Stretches with the team in which they were worked, cut at the midnights at which it changed.
    pub fn by_team(&self, stretches: &[Stretch]) -> Vec<(Option<TeamId>, Stretch)> {
        let starts = self.parts.iter().enumerate().map(|(n, part)| if n == 0 { FIRST_DAY } else { part.from });
        let ends = self.parts.iter().skip(1).map(|part| part.from).chain([LAST_DAY]);
        let spans: Vec<(Option<TeamId>, NaiveDate, NaiveDate)> =
            self.parts.iter().zip(starts.zip(ends)).map(|(part, (from, to))| (part.team, from, to)).collect();
        let cut = |stretch: &Stretch| -> Vec<(Option<TeamId>, Stretch)> {
            let part =
                |(team, from, to): &(Option<TeamId>, NaiveDate, NaiveDate)| Some((*team, part_in_days(stretch, *from, *to)?));
            spans.iter().filter_map(part).collect()
        };
        stretches.iter().flat_map(cut).collect()
    }
}
