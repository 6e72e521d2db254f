//! Comparing counts: what chance alone gives between two periods, where the median lies, and what many looks at once allow to say.

use super::log_factorial;

/// Beyond this chance alone is said to be enough.
pub const CHANCE: f64 = 0.05;

/// How many were counted over how much: days of a period, or reviewed incidents that could have named a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// How many.
    pub count: u32,
    /// Over how much, in one unit for both sides of a comparison; more than nothing.
    pub over: f64,
}

/// How likely chance alone gives two counts at least as far apart where both have one rate: the exact conditional test, two-sided as
/// twice the smaller tail (Przyborowski and Wilenski 1940). Nothing counted, or nothing to count over, is no difference: 1.
pub fn chance_of_difference(before: Count, now: Count) -> f64 {
    let (n, part) = (before.count.saturating_add(now.count), part(before, now));
    let Some(part) = part.filter(|_| n > 0) else { return 1.0 };
    let below = at_most(now.count, n, part);
    let above = if now.count == 0 { 1.0 } else { at_most(before.count, n, 1.0 - part) };
    (2.0 * below.min(above)).min(1.0)
}

/// The part of both counts that falls to now where the rates are one.
fn part(before: Count, now: Count) -> Option<f64> {
    let whole = before.over + now.over;
    (before.over > 0.0 && now.over > 0.0 && whole.is_finite()).then(|| now.over / whole)
}

/// Ranks, from one, of the values between which the median lies with at least 95 % (Conover 1999, 3.2): the sign test turned round.
/// Fewer than six values have none.
pub fn median_ranks(n: usize) -> Option<(usize, usize)> {
    let cases = u32::try_from(n).ok()?;
    let (mut low, mut high) = (0u32, cases / 2);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if 2.0 * at_most(middle - 1, cases, 0.5) <= 0.05 { low = middle } else { high = middle - 1 }
    }
    (low > 0).then(|| (low as usize, n + 1 - low as usize))
}

/// Which of many looks still stand out when at most the part `rate` of those named may be chance (Benjamini and Hochberg 1995).
pub fn stand_out(chances: &[f64], rate: f64) -> Vec<bool> {
    let mut sorted: Vec<f64> = chances.iter().copied().filter(|p| p.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let looks = chances.len() as f64;
    let allowed = |rank: usize| rate * (rank + 1) as f64 / looks;
    let limit = sorted.iter().enumerate().rev().find(|(rank, p)| **p <= allowed(*rank)).map(|(_, p)| *p);
    chances.iter().map(|p| limit.is_some_and(|limit| *p <= limit)).collect()
}

/// Chance of at most `k` of `n` where each has the chance `p`: summed away from the largest term until the terms no longer count.
fn at_most(k: u32, n: u32, p: f64) -> f64 {
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let odds = p / (1.0 - p);
    let mode = ((f64::from(n) + 1.0) * p).floor().min(f64::from(n)) as u32;
    let start = k.min(mode);
    let log_first = log_factorial(n) - log_factorial(start) - log_factorial(n - start)
        + f64::from(start) * p.ln()
        + f64::from(n - start) * (-p).ln_1p();
    let first = log_first.exp();
    let (mut sum, mut term) = (1.0f64, 1.0f64);
    for i in (1..=start).rev() {
        term *= f64::from(i) / (f64::from(n - i + 1) * odds);
        sum += term;
        if term < 1e-18 {
            break;
        }
    }
    term = 1.0;
    for i in start + 1..=k {
        term *= f64::from(n - i + 1) * odds / f64::from(i);
        sum += term;
        if term < 1e-18 {
            break;
        }
    }
    (first * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(count: u32, over: f64) -> Count {
        Count { count, over }
    }

    /// Summed term by term from Pascal's triangle: slow and plain.
    fn plainly(k: u32, n: u32, p: f64) -> f64 {
        let mut row = vec![1.0f64];
        for _ in 0..n {
            let mut next = vec![0.0; row.len() + 1];
            for (at, chance) in row.iter().enumerate() {
                next[at] += chance * (1.0 - p);
                next[at + 1] += chance * p;
            }
            row = next;
        }
        row.iter().take(k as usize + 1).sum()
    }

    #[test]
    fn two_equal_periods_have_the_chances_of_the_practice_notes() {
        for (before, now, known) in
            [(4, 8, 0.39), (3, 9, 0.15), (5, 12, 0.14), (10, 16, 0.33), (10, 20, 0.10), (12, 6, 0.24), (0, 6, 0.03)]
        {
            let p = chance_of_difference(of(before, 91.0), of(now, 91.0));
            assert!((p - known).abs() < 0.0051, "{before} → {now}: {p}");
        }
        assert_eq!(chance_of_difference(of(0, 91.0), of(0, 91.0)), 1.0);
        assert_eq!(chance_of_difference(of(3, 0.0), of(2, 91.0)), 1.0);
    }

    #[test]
    fn the_median_lies_between_the_ranks_of_the_practice_notes() {
        let known = [(5, None), (6, Some((1, 6))), (8, Some((1, 8))), (9, Some((2, 8))), (10, Some((2, 9))), (20, Some((6, 15)))];
        for (n, ranks) in known {
            assert_eq!(median_ranks(n), ranks, "{n}");
        }
        assert_eq!(median_ranks(0), None);
        let (low, high) = median_ranks(100_000).unwrap();
        assert!((49_680..49_700).contains(&low) && high == 100_001 - low, "{low}");
    }

    #[test]
    fn many_looks_are_allowed_for_as_benjamini_and_hochberg_did() {
        // The fifteen of their own example (1995, section 3.2): four stand out at 5 %.
        let chances =
            [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        assert_eq!(stand_out(&chances, 0.05).iter().filter(|out| **out).count(), 4);
        assert!(stand_out(&[], 0.05).is_empty());
        assert_eq!(stand_out(&[0.9, 0.04], 0.05), [false, false]);
    }

    proptest! {
        #[test]
        fn a_tail_is_that_of_the_plain_sum(n in 1u32..120, k in 0u32..120, p in 0.001f64..0.999) {
            prop_assert!((at_most(k.min(n), n, p) - plainly(k.min(n), n, p)).abs() < 1e-10);
        }

        #[test]
        fn chance_is_the_same_either_way_round(a in 0u32..400, b in 0u32..400, s in 1.0f64..500.0, t in 1.0f64..500.0) {
            let (before, now) = (of(a, s), of(b, t));
            let p = chance_of_difference(before, now);
            prop_assert!((0.0..=1.0).contains(&p));
            prop_assert!((p - chance_of_difference(now, before)).abs() < 1e-9);
        }

        #[test]
        fn the_ranks_of_the_median_are_the_tightest(n in 6usize..400) {
            let (low, high) = median_ranks(n).unwrap();
            let cases = n as u32;
            prop_assert_eq!(low + high, n + 1);
            prop_assert!(2.0 * plainly(low as u32 - 1, cases, 0.5) <= 0.05 + 1e-12);
            prop_assert!(2.0 * plainly(low as u32, cases, 0.5) > 0.05 - 1e-12);
        }

        #[test]
        fn more_looks_never_let_more_stand_out(chances in proptest::collection::vec(0.0f64..1.0, 1..40)) {
            let alone = chances.iter().filter(|p| **p <= 0.05).count();
            let among = stand_out(&chances, 0.05);
            prop_assert!(among.iter().filter(|out| **out).count() <= alone);
        }
    }
}
