//! What chance makes of the same work: each participation with its own length falls on somebody at random, many times over.

use super::{effective_people, gini_star};

/// How often the work is dealt out anew (practice.md 7.3).
pub const RUNS: usize = 2_000;

/// Three percentiles of what chance makes of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The 5th: one draw in twenty lies below.
    pub low: f64,
    /// The 50th.
    pub middle: f64,
    /// The 95th: one draw in twenty lies above.
    pub high: f64,
}

/// What chance makes of both measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Of effective people.
    pub effective: Band,
    /// Of Gini\*.
    pub gini: Band,
}

/// Deals these participations out to `people` anew [`RUNS`] times. The same seed deals the same way. `None` for fewer than two people, or where
/// nothing is to be dealt.
pub fn chance(participations: &[i64], people: usize, seed: u64) -> Option<Chance> {
    let mut random = Random(seed);
    let (mut effective, mut gini) = (Vec::with_capacity(RUNS), Vec::with_capacity(RUNS));
    let mut minutes = vec![0; people];
    for _ in 0..RUNS {
        minutes.fill(0);
        for participation in participations {
            *minutes.get_mut(random.below(people))? += participation;
        }
        effective.push(effective_people(&minutes)?);
        gini.push(gini_star(&minutes)?);
    }
    Some(Chance { effective: band(effective), gini: band(gini) })
}

/// Percentiles by nearest rank.
fn band(mut values: Vec<f64>) -> Band {
    values.sort_by(f64::total_cmp);
    let at = |percent: usize| values[((values.len() * percent).div_ceil(100)).max(1) - 1];
    Band { low: at(5), middle: at(50), high: at(95) }
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same for the same seed on every machine. Nothing secret hangs on it.
#[derive(Clone, Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below another one, each as likely but for one part in 2^64 (Lemire's multiplication).
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}
