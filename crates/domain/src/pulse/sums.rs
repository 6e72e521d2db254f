//! All that is kept of answers while a quarter is open: how many gave which step to which item, by month and team. There is no row and no
//! order of answers, and what one person answered to two items is nowhere together.
//!
//! A person gives at most one answer to an item in a month, and counts with the team that they had at their first answer of the quarter. So the
//! people behind the tallies of two teams are different ones, and those behind a tally are at least as many as answered in its fullest month.

use super::items::{Answers, Item};
use crate::ids::TeamId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::iter::Sum;

/// Most steps of an item.
pub const STEPS: usize = 5;
/// Months of a quarter.
pub const MONTHS: usize = 3;

/// Answers to one item: by month of the quarter, then by step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally([[u32; STEPS]; MONTHS]);

impl Tally {
    /// How many answered in a month (0 to 2) with a step that passes.
    pub fn of(&self, month: usize, passes: impl Fn(u8) -> bool) -> u32 {
        (1..).zip(self.0[month]).filter(|(step, _)| passes(*step)).map(|(_, n)| n).sum()
    }

    /// How many answers passed in the whole quarter; one person may have given up to three.
    pub fn answers(&self, passes: impl Fn(u8) -> bool) -> u32 {
        (0..MONTHS).map(|month| self.of(month, &passes)).sum()
    }

    /// At least so many people: those of the fullest month.
    pub fn people(&self) -> u32 {
        (0..MONTHS).map(|month| self.of(month, |_| true)).max().unwrap_or(0)
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            for (month, add) in sum.0.iter_mut().zip(one.0) {
                month.iter_mut().zip(add).for_each(|(step, n)| *step += n);
            }
            sum
        })
    }
}

/// The tallies of a quarter, by team and item. Written in the order of teams and items, whoever answered first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Line>", into = "Vec<Line>")]
pub struct Sums(BTreeMap<(Option<TeamId>, Item), Tally>);

type Line = (Option<TeamId>, Item, Tally);

impl From<Vec<Line>> for Sums {
    fn from(lines: Vec<Line>) -> Self {
        Self(lines.into_iter().map(|(team, item, tally)| ((team, item), tally)).collect())
    }
}

impl From<Sums> for Vec<Line> {
    fn from(sums: Sums) -> Self {
        sums.0.into_iter().map(|((team, item), tally)| (team, item, tally)).collect()
    }
}

impl Sums {
    /// Adds one person's answers of a month (0 to 2 in its quarter).
    pub fn add(&mut self, team: Option<TeamId>, month: usize, answers: &Answers) {
        for (item, step) in answers {
            let tally = self.0.entry((team, *item)).or_default();
            if let Some(count) = tally.0.get_mut(month).and_then(|steps| steps.get_mut(usize::from(*step).wrapping_sub(1))) {
                *count += 1;
            }
        }
    }

    /// The tallies of an item by team. Teams that are not among these any more count without one.
    pub fn by_team(&self, item: Item, teams: &[TeamId]) -> BTreeMap<Option<TeamId>, Tally> {
        let mut by_team: BTreeMap<Option<TeamId>, Tally> = BTreeMap::new();
        for ((team, _), tally) in self.0.iter().filter(|((_, of), _)| *of == item) {
            let tallied = by_team.entry(team.filter(|team| teams.contains(team))).or_default();
            *tallied = [*tallied, *tally].into_iter().sum();
        }
        by_team
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn sums_are_written_the_same_whoever_came_first() {
        let team = |n| Some(TeamId(Uuid::from_u128(n)));
        let one = Answers::from([(Item::Sleep, 2), (Item::Focus, 5)]);
        let other = Answers::from([(Item::Sleep, 4)]);
        let (mut there, mut back) = (Sums::default(), Sums::default());
        there.add(team(1), 0, &one);
        there.add(team(2), 0, &other);
        there.add(None, 2, &other);
        back.add(None, 2, &other);
        back.add(team(2), 0, &other);
        back.add(team(1), 0, &one);
        let written = serde_json::to_string(&there).unwrap();
        assert_eq!(written, serde_json::to_string(&back).unwrap());
        assert_eq!(serde_json::from_str::<Sums>(&written).unwrap(), there);
    }

    #[test]
    fn people_are_those_of_the_fullest_month() {
        let mut sums = Sums::default();
        for (month, step) in [(0, 1), (0, 2), (1, 1), (1, 1), (1, 5), (2, 4)] {
            sums.add(None, month, &Answers::from([(Item::Sleep, step)]));
        }
        let tally = sums.by_team(Item::Sleep, &[])[&None];
        assert_eq!((tally.people(), tally.answers(|_| true)), (3, 6));
        assert_eq!(tally.answers(|step| Item::Sleep.is_good(step)), 2);
    }

    #[test]
    fn a_team_that_is_gone_counts_with_those_without_one() {
        let gone = TeamId(Uuid::from_u128(1));
        let mut sums = Sums::default();
        sums.add(Some(gone), 0, &Answers::from([(Item::Sleep, 1)]));
        sums.add(None, 0, &Answers::from([(Item::Sleep, 1)]));
        assert_eq!(sums.by_team(Item::Sleep, &[gone]).len(), 2);
        assert_eq!(sums.by_team(Item::Sleep, &[])[&None].people(), 2);
    }
}
