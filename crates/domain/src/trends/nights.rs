//! Nights as a people measure: broken nights, and rests that incidents made shorter than eleven hours.
//!
//! A night is broken by a minute of work between 22:00 and 06:00 on the worker's own clock ([`crate::walltime::disturbed_nights`]); a
//! rest is short as [`crate::walltime::short_rests`] says. Both are small numbers. A sum of minutes has many ways to come about; five
//! broken nights of five people have one. So a figure is told only where at least two people gave more than one: else whoever gave more
//! would know what all others gave, and with nobody everybody would.

use super::Given;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::iter::Sum;
use uuid::Uuid;

/// Fewest people who gave more than one, as two sides of a choice need two people each.
const MORE_THAN_ONE: usize = 2;

/// What one person gave, or a group together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightCounts {
    /// Nights with a minute of work or more between 22:00 and 06:00, each once.
    pub broken: u32,
    /// Working days before which incidents left no eleven hours in a row free.
    pub short_rests: u32,
}

/// Nights of a group, as finely as they may be told. Stored as it is written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Nights {
    /// Broken nights and short rests apart.
    Apart(NightCounts),
    /// One number for both.
    Together {
        /// Broken nights and short rests, added up.
        together: u32,
    },
}

impl Nights {
    /// Broken nights and short rests, added up.
    pub fn total(&self) -> u32 {
        match self {
            Self::Apart(counts) => counts.broken + counts.short_rests,
            Self::Together { together } => *together,
        }
    }

    /// Broken nights and short rests, where they may be told apart.
    pub fn apart(&self) -> Option<NightCounts> {
        match self {
            Self::Apart(counts) => Some(*counts),
            Self::Together { .. } => None,
        }
    }
}

impl Sum for NightCounts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            broken: sum.broken + one.broken,
            short_rests: sum.short_rests + one.short_rests,
        })
    }
}

impl Given for NightCounts {
    type Told = Nights;

    const ATOMS: usize = 2;
    const WAYS: &'static [&'static [&'static [usize]]] = &[&[&[0], &[1]], &[&[0, 1]]];

    fn has(&self, atom: usize) -> bool {
        [self.broken, self.short_rests][atom] > 0
    }

    fn told(self, way: usize) -> Nights {
        match way {
            0 => Nights::Apart(self),
            _ => Nights::Together { together: self.broken + self.short_rests },
        }
    }

    fn way(told: &Nights) -> usize {
        match told {
            Nights::Apart(_) => 0,
            Nights::Together { .. } => 1,
        }
    }

    fn in_one(told: Nights) -> Nights {
        Nights::Together { together: told.total() }
    }

    fn tells_of_each(given: &BTreeMap<Uuid, Self>, way: usize) -> bool {
        let alike = |count: fn(&Self) -> u32| {
            let gave = given.values().map(count).filter(|count| *count > 0);
            let more = gave.clone().filter(|count| *count > 1).count();
            gave.count() > 0 && more < MORE_THAN_ONE
        };
        match way {
            0 => alike(|g| g.broken) || alike(|g| g.short_rests),
            _ => alike(|g| g.broken + g.short_rests),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trends::{Contribution, MinGroup, Period, Reason, Shown, release};

    fn month(number: u32) -> Period {
        Period::month(2026, number).expect("a month")
    }

    /// January of people who gave these (broken nights, short rests).
    fn january(given: &[(u32, u32)]) -> Result<(usize, Nights), Reason> {
        let given = (1..).zip(given).map(|(who, (broken, short_rests))| Contribution {
            person: Uuid::from_u128(who),
            team: None,
            given: NightCounts { broken: *broken, short_rests: *short_rests },
        });
        let closed = BTreeMap::from([(month(1), given.collect())]);
        let outcomes = release(month(1), &[], &closed, &[], MinGroup::default());
        outcomes[0].figure.map(|figure| (figure.people, figure.given))
    }

    #[test]
    fn five_nights_of_five_people_would_tell_of_each() {
        assert_eq!(january(&[(1, 0); 5]), Err(Reason::WouldIsolate));
        assert_eq!(january(&[(3, 0), (1, 0), (1, 0), (1, 0), (1, 0)]), Err(Reason::WouldIsolate), "who had three would know");
        let two = january(&[(2, 0), (2, 0), (1, 0), (1, 0), (1, 0)]);
        assert_eq!(two, Ok((5, Nights::Apart(NightCounts { broken: 7, short_rests: 0 }))));
        assert_eq!(january(&[(3, 0), (2, 0), (1, 0), (1, 0)]), Err(Reason::TooFew));
    }

    #[test]
    fn what_few_had_is_told_with_the_rest_or_not_at_all() {
        // Two of six had a short rest after a broken night: both together, never the two.
        assert_eq!(january(&[(2, 1), (2, 1), (1, 0), (1, 0), (1, 0), (1, 0)]), Ok((6, Nights::Together { together: 10 })));
        // All had one of each: the sum is two each, and whoever knows of one pair knows of nothing else.
        assert_eq!(january(&[(1, 1); 5]), Ok((5, Nights::Together { together: 10 })));
        assert_eq!(
            january(&[(2, 2), (2, 2), (1, 1), (1, 1), (1, 1)]),
            Ok((5, Nights::Apart(NightCounts { broken: 7, short_rests: 7 })))
        );
    }

    #[test]
    fn a_quarter_does_not_tell_what_a_hidden_month_in_it_held() {
        let gave = |who: u128, broken| Contribution {
            person: Uuid::from_u128(who),
            team: None,
            given: NightCounts { broken, short_rests: 0 },
        };
        let closed: BTreeMap<Period, Vec<Contribution<NightCounts>>> = BTreeMap::from([
            (month(1), (0..6).map(|who| gave(who, 2)).collect()),
            (month(2), (0..6).map(|who| gave(who, 3)).collect()),
            // The quarter minus both months would say that these five had one each.
            (month(3), (0..5).map(|who| gave(who, 1)).collect()),
        ]);
        let (mut published, mut hidden) = (Vec::new(), Vec::new());
        for number in 1..=3 {
            for outcome in release(month(number), &[], &closed, &published, MinGroup::default()) {
                match Shown::of::<NightCounts>(&outcome) {
                    Some(shown) => published.push(shown),
                    None => hidden.push((outcome.cell.period.to_string(), outcome.figure)),
                }
            }
        }
        let would = |period: &str| (period.to_owned(), Err(Reason::WouldIsolate));
        assert_eq!(hidden, [would("2026-03"), would("2026-Q1")]);
    }

    #[test]
    fn what_is_stored_comes_back_in_its_own_way() {
        let given = NightCounts { broken: 7, short_rests: 3 };
        for (way, json) in [r#"{"broken":7,"short_rests":3}"#, r#"{"together":10}"#].into_iter().enumerate() {
            let told = given.told(way);
            assert_eq!(serde_json::to_string(&told).expect("json"), json);
            let back: Nights = serde_json::from_str(json).expect("nights");
            assert_eq!((back, NightCounts::way(&back)), (told, way));
            assert_eq!(NightCounts::in_one(back), Nights::Together { together: 10 });
        }
    }
}
