//! Spread of load: on how many people the hours of a team's quarter rest, beside what chance alone makes of the same work.
//!
//! *Effective people* is 1 / Σp² over the shares p of all hours (the inverse of Herfindahl's index): n where n people gave the same, 1 where one
//! gave all. *Gini\** is n / (n − 1) times Gini's index, so that it reaches 1 for any n (Deltas 2003). Both count those who could have been called and
//! gave nothing. With few calls even a fair rota looks uneven, so both stand beside what chance makes of them ([`chance`](chance())): the same
//! stretches of work, each given to somebody at random (practice.md 7.3).
//!
//! **What is told.** A sum of squares beside a sum of hours is a second equation about the same people: whoever knows three people's hours could solve
//! it for a fourth. So effective people are told as a half step ([`Spread`]), and only where the step leaves everybody hidden ([`safe`]);
//! Gini\* takes part in the verdict and is told as no number at all. See docs/decisions/0051.

mod chance;
mod safe;
#[cfg(test)]
mod tests;

pub use chance::{Band, Chance, chance};

use super::{MinGroup, Reason, Released};
use serde::{Deserialize, Serialize};

/// Fewest participations of which anything is said.
pub const FEWEST_PARTICIPATIONS: usize = 6;
/// Fewest participations for each person who worked, on average: with one each, what chance makes of them would tell the hours themselves.
pub const PARTICIPATIONS_EACH: usize = 2;
/// How many people, oneself among them, somebody is taken to know the hours of.
pub const KNOWN: usize = 3;
/// Below this number of people, effective people are not told apart.
pub const TOLD_FROM: u32 = 3;
/// A wider step, for what the narrow ones would tell: knowing [`KNOWN`] people's hours, "fewer than this" rules out nothing (see [`safe`]).
pub const WIDER: u32 = 5;
/// Of so many closed quarters …
pub const QUARTERS: usize = 3;
/// … this many have to be beyond chance before it is said.
pub const BEYOND_IN: usize = 2;

/// On how many people all of it rests, 1 / Σp²: from 1 to the number of people who gave. `None` where nobody gave anything.
pub fn effective_people(minutes: &[i64]) -> Option<f64> {
    let sum: f64 = minutes.iter().map(|m| *m as f64).sum();
    let squares: f64 = minutes.iter().map(|m| (*m as f64).powi(2)).sum();
    (squares > 0.0).then(|| sum * sum / squares)
}

/// Gini's index times n / (n − 1): 0 where all gave the same, 1 where one gave all. `None` for fewer than two people, or where nobody gave
/// anything.
pub fn gini_star(minutes: &[i64]) -> Option<f64> {
    let mut sorted = minutes.to_vec();
    sorted.sort_unstable();
    let (n, sum) = (sorted.len() as f64, sorted.iter().map(|m| *m as f64).sum::<f64>());
    // Σ (2i − n − 1) x₍ᵢ₎ / (n Σx), with n / (n − 1).
    let ranked: f64 = (1..).zip(&sorted).map(|(rank, m)| (2.0 * f64::from(rank) - n - 1.0) * *m as f64).sum();
    (sorted.len() > 1 && sum > 0.0).then(|| ranked / ((n - 1.0) * sum))
}

/// From a number of people up to below another one, in half people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// At least so many half people; `None`: anything below the other end.
    pub low: Option<u32>,
    /// Fewer than so many half people; `None`: any number above.
    pub high: Option<u32>,
}

impl Step {
    /// Whether it is told in place of a half step that would tell of somebody.
    pub fn is_wide(self) -> bool {
        [safe::THREE_OR_MORE, safe::FEWER_THAN_FIVE].contains(&self)
    }

    /// Whether a number of people lies in it.
    pub fn holds(self, people: f64) -> bool {
        let halves = people * 2.0;
        self.low.is_none_or(|low| halves >= f64::from(low)) && self.high.is_none_or(|high| halves < f64::from(high))
    }
}

/// How the hours of a group in a quarter are spread, as it is told. Stored as it is written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// People who could have been called.
    pub eligible: u32,
    /// Effective people.
    pub effective: Step,
    /// Effective people as chance makes them nine times in ten, rounded outwards to halves; told with half steps alone.
    pub chance: Option<Step>,
    /// More concentrated than nineteen of twenty draws of chance, by effective people and by Gini\* both.
    pub beyond: bool,
}

/// What a group gave in a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Minutes of each person who could have been called, those with none as well.
    pub minutes: Vec<i64>,
    /// Minutes of each participation: one person in one incident.
    pub participations: Vec<i64>,
}

impl Load {
    /// As it may be told; `seed` decides the draws of chance, the same seed the same draws. The people counted are those who gave.
    ///
    /// # Errors
    /// [`Reason::TooFew`], for all reasons alike: which one it was would be a figure as well.
    pub fn released(&self, k: MinGroup, seed: u64) -> Result<Released<Spread>, Reason> {
        let gave: Vec<i64> = self.minutes.iter().copied().filter(|m| *m > 0).collect();
        let participations: Vec<i64> = self.participations.iter().copied().filter(|m| *m > 0).collect();
        let enough = FEWEST_PARTICIPATIONS.max(PARTICIPATIONS_EACH * gave.len());
        if gave.len() < fewest_who_gave(k) || participations.len() < enough {
            return Err(Reason::TooFew);
        }
        let (effective, gini) = (effective_people(&gave), gini_star(&self.minutes));
        let chance = chance(&participations, self.minutes.len(), seed);
        let (Some(effective), Some(gini), Some(chance)) = (effective, gini, chance) else { return Err(Reason::TooFew) };
        let step = safe::step(&gave, effective).ok_or(Reason::TooFew)?;
        let beyond = effective < chance.effective.low && gini > chance.gini.high;
        // Beside the verdict, the ends of what chance makes say on which side of them the figure is: no end lies within a half step.
        let told = (!step.is_wide()).then(|| outwards(chance.effective, safe::cap(gave.len())));
        let eligible = u32::try_from(self.minutes.len()).unwrap_or(u32::MAX);
        Ok(Released { people: gave.len(), given: Spread { eligible, effective: step, chance: told, beyond } })
    }
}

/// How many people have to have given something: two more than the smallest group, so that whoever knows [`KNOWN`] of them has enough
/// others before them.
pub fn fewest_who_gave(k: MinGroup) -> usize {
    k.get() + 2
}

/// Rounded outwards to half people; what lies below [`TOLD_FROM`] or above the end of the scale is not told apart.
fn outwards(band: Band, cap: u32) -> Step {
    let low = ((band.low * 2.0).floor() as u32).min(cap);
    let high = (band.high * 2.0).ceil() as u32;
    Step { low: (low >= 2 * TOLD_FROM).then_some(low), high: Some(high.max(2 * TOLD_FROM)) }
}

/// What may be said of a group over its last closed quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Beyond chance in at least two of the last three.
    MoreThanChance,
    /// Not so; chance alone would spread the same work as unevenly.
    AsChance,
    /// Fewer than two of the last three are told.
    TooFew,
}

/// Over the last [`QUARTERS`] closed quarters: whether each was beyond chance, `None` where it is not told.
pub fn verdict(last: &[Option<bool>]) -> Verdict {
    let told = last.iter().rev().take(QUARTERS).filter_map(|beyond| *beyond);
    let (told, beyond) = told.fold((0, 0), |(told, beyond), is| (told + 1, beyond + usize::from(is)));
    match (told, beyond) {
        (_, beyond) if beyond >= BEYOND_IN => Verdict::MoreThanChance,
        (told, _) if told < BEYOND_IN => Verdict::TooFew,
        _ => Verdict::AsChance,
    }
}
