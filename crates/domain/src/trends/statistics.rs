//! Statistics of incident measures: intervals that say how little a small number tells, medians instead of means.

mod between;
mod rates;

pub use between::{LIMITS_FROM, Usual, rare, unlike, usual_between};
pub use rates::{CHANCE, Count, chance_of_difference, median_ranks, stand_out};

/// Two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

/// Fewest values of which quartiles are shown (practice.md 7.7: below six none).
pub const QUARTILES_FROM: usize = 6;

/// 95 % interval of a share, `k` of `n`, as parts of one (Wilson 1927; practice.md 7.4). Without any cases: 0 to 1.
pub fn wilson(k: u32, n: u32) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (k, n) = (f64::from(k.min(n)), f64::from(n));
    let (p, z2) = (k / n, Z95 * Z95);
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends the interval touches 0 and 1 exactly; rounding would leave a rest.
    let low = if k == 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if k == n { 1.0 } else { (middle + half).min(1.0) };
    (low, high)
}

/// Exact 95 % interval of the expected number where `count` were seen (Garwood 1936; practice.md 7.6), such as incidents a
/// month. Found by Newton's steps from Byar's approximation (Breslow and Day 1987, 2.6), which is close already; accurate to about nine digits.
pub fn poisson_interval(count: u32) -> (f64, f64) {
    let near = |k: f64, side: f64| k * (1.0 - 1.0 / (9.0 * k) + side * Z95 / (3.0 * k.sqrt())).powi(3);
    let solve = |up_to: u32, tail: f64, begin: f64| {
        let mut mean: f64 = begin;
        for _ in 0..30 {
            // The chance of at most `k` falls with the mean as fast as `k` itself is likely.
            let step = (poisson_at_most(up_to, mean) - tail) / log_poisson(up_to, mean).exp();
            mean = (mean + step).max(mean / 2.0);
            if step.abs() < mean * 1e-12 {
                break;
            }
        }
        mean
    };
    let seen = f64::from(count);
    let low = if count == 0 { 0.0 } else { solve(count - 1, 0.975, near(seen, -1.0).max(1e-3)) };
    (low, solve(count, 0.025, near(seen + 1.0, 1.0)))
}

/// Logarithm of the chance of exactly `k` where `mean` are expected.
fn log_poisson(k: u32, mean: f64) -> f64 {
    f64::from(k) * mean.ln() - mean - log_factorial(k)
}

/// Chance of at most `k` where `mean` are expected: summed downwards from `k` until the terms no longer count.
fn poisson_at_most(k: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    // Start at the largest term at or below `k`, so that no term underflows before it matters.
    let start = f64::from(k).min(mean.floor()) as u32;
    let first = log_poisson(start, mean).exp();
    let (mut sum, mut term) = (first, first);
    for i in (1..=start).rev() {
        term *= f64::from(i) / mean;
        sum += term;
        if term < first * 1e-18 {
            break;
        }
    }
    term = first;
    for i in start + 1..=k {
        term *= mean / f64::from(i);
        sum += term;
        if term < first * 1e-18 {
            break;
        }
    }
    sum
}

/// Natural logarithm of `n!`: summed where small, Stirling's series (error below 1e-13) above.
fn log_factorial(n: u32) -> f64 {
    let x = f64::from(n);
    if n < 16 {
        return (2..=n).map(f64::from).product::<f64>().ln();
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1260.0 * x.powi(5)) - 1.0 / (1680.0 * x.powi(7));
    (x + 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

/// Fewer than [`QUARTILES_FROM`] values: too few to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too few to say")]
pub struct TooFew {
    /// How many there are; an incident measure may say so.
    pub n: usize,
}

/// The middle of a set of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// How many values.
    pub n: usize,
    /// A quarter lies below.
    pub lower: f64,
    /// Half lies below.
    pub median: f64,
    /// Three quarters lie below.
    pub upper: f64,
    /// 95 % interval of the median of all that could have been: two of the values themselves ([`median_ranks`]).
    pub median_interval: (f64, f64),
}

/// Median and quartiles of values in one unit, which is theirs too (Hyndman and Fan's type 7, as spreadsheets do it).
/// Values that are no number are left out.
///
/// # Errors
/// [`TooFew`] below six values.
pub fn quartiles(values: &[f64]) -> Result<Quartiles, TooFew> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let n = sorted.len();
    if n < QUARTILES_FROM {
        return Err(TooFew { n });
    }
    sorted.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = part * (n - 1) as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(n - 1);
        sorted[below] + (place - place.floor()) * (sorted[above] - sorted[below])
    };
    let (low, high) = median_ranks(n).ok_or(TooFew { n })?;
    let median_interval = (sorted[low - 1], sorted[high - 1]);
    Ok(Quartiles { n, lower: at(0.25), median: at(0.5), upper: at(0.75), median_interval })
}

/// One contributing factor's row in the table of what keeps coming back.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorRow<T> {
    /// The factor.
    pub factor: T,
    /// Reviewed incidents that name it.
    pub incidents: u32,
    /// Reviewed incidents in all.
    pub reviewed: u32,
    /// 95 % interval of the share, parts of one.
    pub interval: (f64, f64),
}

/// Rows for the factors that were seen at all: most incidents first, then in the vocabulary's own order. One incident has
/// several factors, so the rows sum to more than `reviewed`.
pub fn factor_rows<T: Ord + Clone>(counts: &[(T, u32)], reviewed: u32) -> Vec<FactorRow<T>> {
    let mut seen: Vec<&(T, u32)> = counts.iter().filter(|(_, incidents)| *incidents > 0).collect();
    seen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    seen.into_iter()
        .map(|(factor, incidents)| FactorRow {
            factor: factor.clone(),
            incidents: *incidents,
            reviewed,
            interval: wilson(*incidents, reviewed),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() <= within
    }

    #[test]
    fn shares_have_the_intervals_of_the_practice_notes() {
        for (k, n, low, high) in [(3, 5, 23, 88), (4, 10, 17, 69), (8, 20, 22, 61), (12, 20, 39, 78)] {
            let (lo, hi) = wilson(k, n);
            assert_eq!(((lo * 100.0).round() as i32, (hi * 100.0).round() as i32), (low, high), "{k} of {n}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert_eq!(wilson(0, 9).0, 0.0);
        assert_eq!(wilson(9, 9).1, 1.0);
    }

    #[test]
    fn counts_have_the_exact_intervals_of_the_practice_notes() {
        let known = [
            (0, 0.0, 3.7),
            (1, 0.03, 5.6),
            (2, 0.24, 7.2),
            (3, 0.6, 8.8),
            (4, 1.1, 10.2),
            (5, 1.6, 11.7),
            (6, 2.2, 13.1),
            (8, 3.5, 15.8),
            (10, 4.8, 18.4),
            (12, 6.2, 21.0),
            (15, 8.4, 24.7),
            (20, 12.2, 30.9),
            (30, 20.2, 42.8),
            (50, 37.1, 65.9),
        ];
        for (count, low, high) in known {
            let (lo, hi) = poisson_interval(count);
            let rounding = if low < 0.5 { 0.006 } else { 0.051 };
            assert!(near(lo, low, rounding) && near(hi, high, 0.051), "{count}: {lo} to {hi}");
        }
        // χ²(0.975; 2) / 2 = −ln 0.025.
        assert!(near(poisson_interval(0).1, -(0.025f64.ln()), 1e-9));
    }

    #[test]
    fn large_counts_come_near_the_normal_approximation() {
        for count in [1_000, 100_000, 3_000_000] {
            let (lo, hi) = poisson_interval(count);
            let (mean, spread) = (f64::from(count), 1.96 * f64::from(count).sqrt());
            assert!(near(lo, mean - spread, 3.0) && near(hi, mean + spread, 4.0), "{count}: {lo} to {hi}");
        }
    }

    #[test]
    fn quartiles_are_those_of_type_seven() {
        let q = quartiles(&[7.0, 1.0, 3.0, 2.0, 8.0, 4.0]).unwrap();
        assert_eq!((q.n, q.lower, q.median, q.upper), (6, 2.25, 3.5, 6.25));
        assert_eq!(q.median_interval, (1.0, 8.0), "of six values the smallest and the largest");
        let ten: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert_eq!(quartiles(&ten).unwrap().median_interval, (2.0, 9.0));
        assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0, 5.0]), Err(TooFew { n: 5 }));
        assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0, 5.0, f64::NAN]), Err(TooFew { n: 5 }));
    }

    #[test]
    fn factors_stand_by_count_and_then_by_vocabulary() {
        let rows = factor_rows(&[("b", 2), ("z", 5), ("a", 2), ("c", 0)], 8);
        assert_eq!(rows.iter().map(|r| (r.factor, r.incidents)).collect::<Vec<_>>(), [("z", 5), ("a", 2), ("b", 2)]);
        assert_eq!(rows[0].interval, wilson(5, 8));
    }

    #[test]
    fn the_logarithm_of_a_factorial_is_that_of_its_product() {
        for n in 0..150u32 {
            let summed: f64 = (2..=n).map(|i| f64::from(i).ln()).sum();
            assert!(near(log_factorial(n), summed, 1e-11), "{n}");
        }
    }

    proptest! {
        #[test]
        fn a_share_lies_in_its_interval_and_more_cases_narrow_it(k in 0u32..200, extra in 0u32..200) {
            let n = k + extra;
            let (lo, hi) = wilson(k, n);
            prop_assert!(0.0 <= lo && lo < hi && hi <= 1.0);
            if n > 0 {
                let share = f64::from(k) / f64::from(n);
                prop_assert!(lo <= share && share <= hi);
                let (lo4, hi4) = wilson(k * 4, n * 4);
                prop_assert!(hi4 - lo4 < hi - lo);
            }
        }

        #[test]
        fn a_poisson_interval_leaves_two_and_a_half_percent_on_either_side(count in 1u32..5000) {
            let (lo, hi) = poisson_interval(count);
            prop_assert!(lo < f64::from(count) && f64::from(count) < hi);
            prop_assert!(near(poisson_at_most(count, hi), 0.025, 1e-9));
            prop_assert!(near(1.0 - poisson_at_most(count - 1, lo), 0.025, 1e-9));
        }

        #[test]
        fn half_of_the_values_lie_on_either_side_of_the_median(values in proptest::collection::vec(-1e6f64..1e6, 6..60)) {
            let q = quartiles(&values).unwrap();
            let below = values.iter().filter(|v| **v < q.median).count();
            let above = values.iter().filter(|v| **v > q.median).count();
            prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
            prop_assert!(q.lower <= q.median && q.median <= q.upper);
            prop_assert!(q.median_interval.0 <= q.median && q.median <= q.median_interval.1);
            let mut turned = values.clone();
            turned.reverse();
            prop_assert_eq!(quartiles(&turned).unwrap(), q);
        }
    }
}
