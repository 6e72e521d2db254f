//! Hours worked as a people measure: minutes by kind of working time, told as finely as leaves nobody alone in a kind.
//!
//! A figure about seven people of whom two worked at night would tell of these two. So a figure is told in one of three ways, and the
//! finest one is taken in which each kind, too, speaks of nobody or of enough people: by the four kinds of working time, by within and
//! outside working hours, or as one sum.

use super::Given;
use crate::walltime::{Band, BandMinutes};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Minutes of work of a group, as finely as they may be told. Stored as it is written here; each number is rounded by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Hours {
    /// By the four kinds of working time.
    ByBand(BandMinutes),
    /// Within and outside each person's working hours; the kinds outside stay together.
    InAndOut {
        /// Minutes in [`Band::Working`].
        working: i64,
        /// All other minutes.
        outside: i64,
    },
    /// All minutes together.
    Total {
        /// The sum.
        total: i64,
    },
}

impl Hours {
    /// All minutes.
    pub fn total(&self) -> i64 {
        match self {
            Self::ByBand(bands) => bands.total(),
            Self::InAndOut { working, outside } => working + outside,
            Self::Total { total } => *total,
        }
    }

    /// Minutes within and outside working hours, where they may be told apart.
    pub fn in_and_out(&self) -> Option<(i64, i64)> {
        match self {
            Self::ByBand(bands) => Some((bands.working, bands.out_of_hours())),
            Self::InAndOut { working, outside } => Some((*working, *outside)),
            Self::Total { .. } => None,
        }
    }

    /// The part of all minutes that lay outside working time, 0 to 1 (practice.md 7.2, "OOH share"), where it may be told.
    pub fn out_of_hours_share(&self) -> Option<f64> {
        let (_, outside) = self.in_and_out()?;
        (self.total() > 0).then(|| outside as f64 / self.total() as f64)
    }

    /// The minutes of each kind, where they may be told apart.
    pub fn bands(&self) -> Option<BandMinutes> {
        match self {
            Self::ByBand(bands) => Some(*bands),
            Self::InAndOut { .. } | Self::Total { .. } => None,
        }
    }
}

const WORKING: usize = Band::Working as usize;
const EVENING: usize = Band::Evening as usize;
const NIGHT: usize = Band::Night as usize;
const WEEKEND: usize = Band::Weekend as usize;

/// Minutes by band, overlaps already counted once, published to the nearest quarter of an hour. A sum of minutes of several people leaves
/// open who worked how many of them.
impl Given for BandMinutes {
    type Told = Hours;

    const ATOMS: usize = Band::ALL.len();
    const WAYS: &'static [&'static [&'static [usize]]] = &[
        &[&[WORKING], &[EVENING], &[NIGHT], &[WEEKEND]],
        &[&[WORKING], &[EVENING, NIGHT, WEEKEND]],
        &[&[WORKING, EVENING, NIGHT, WEEKEND]],
    ];

    fn has(&self, atom: usize) -> bool {
        self.get(Band::ALL[atom]) > 0
    }

    fn told(self, way: usize) -> Hours {
        let near = |minutes: i64| (minutes + 7).div_euclid(15) * 15;
        match way {
            0 => Hours::ByBand(self.to_quarter_hours()),
            1 => Hours::InAndOut { working: near(self.working), outside: near(self.out_of_hours()) },
            _ => Hours::Total { total: near(self.total()) },
        }
    }

    fn way(told: &Hours) -> usize {
        match told {
            Hours::ByBand(_) => 0,
            Hours::InAndOut { .. } => 1,
            Hours::Total { .. } => 2,
        }
    }

    fn in_one(told: Hours) -> Hours {
        Hours::Total { total: told.total() }
    }

    fn tells_of_each(_: &BTreeMap<Uuid, Self>, _: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_in_its_own_way() {
        let given = BandMinutes { working: 100, evening: 8, night: 50, weekend: 1 };
        for (way, json) in
            [r#"{"working":105,"evening":15,"night":45,"weekend":0}"#, r#"{"working":105,"outside":60}"#, r#"{"total":165}"#]
                .into_iter()
                .enumerate()
        {
            let told = given.told(way);
            assert_eq!(serde_json::to_string(&told).unwrap(), json);
            let back: Hours = serde_json::from_str(json).unwrap();
            assert_eq!((back, BandMinutes::way(&back)), (told, way));
            assert_eq!(BandMinutes::in_one(back), Hours::Total { total: 165 });
        }
    }

    #[test]
    fn a_share_is_told_only_where_both_sides_are() {
        assert_eq!(Hours::Total { total: 60 }.out_of_hours_share(), None);
        assert_eq!(Hours::InAndOut { working: 45, outside: 15 }.out_of_hours_share(), Some(0.25));
        assert_eq!(Hours::InAndOut { working: 0, outside: 0 }.out_of_hours_share(), None);
    }
}
