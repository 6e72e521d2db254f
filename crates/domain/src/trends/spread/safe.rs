//! Which step of effective people may be told beside the sum of hours.
//!
//! **Who looks.** Somebody who knows the sum T of all hours, who gave any, and the hours of up to [`KNOWN`] people: their own and those of two
//! colleagues. Of the u others they know the sum S, and of the squares what the step says: "at least a" means Σx² ≤ T² / a, "fewer than b"
//! means Σx² > T² / b. With K the sum of the squares that they know, one of the others can have given y exactly if the rest of the others can make up the
//! difference, whose squares sum to something from (S − y)² / (u − 1), all alike, to (S − y)², one of them all:
//!
//! - y² + (S − y)² / (u − 1) ≤ T² / a − K, a stretch around S / u;
//! - y² + (S − y)² ≥ T² / b − K, all but a gap around S / 2.
//!
//! **What has to be left.** Of each of the others, anything from nothing to twice the average of the others: the stretch reaches down to nothing exactly
//! if it reaches up to 2 S / u, and that is where K + S² / (u − 1) ≤ T² / a. And no gap wider than half of S: where K + ⅝ S² ≥ T² / b.
//!
//! **Whom to try.** The first is convex in what each known person gave, so it is largest for some of those who gave least and some of those who
//! gave most. The second is smallest where known people gave much; for any three, K + ⅝ S² is at least T² · ⅝ / (3 · ⅝ + 1) > T² / 5, so that
//! "fewer than five" never leaves such a gap.

use super::{KNOWN, Step, TOLD_FROM, WIDER};

/// As many of those who gave most are tried for the gap: it is smallest for people who gave much.
const TRIED: usize = 40;
/// The part of the square of what others gave that a gap of half of it leaves: ½ + ⅛.
const GAP: f64 = 0.625;

/// Told in place of a half step that would tell of somebody: of any number from three on, so that it says little of why.
pub(super) const THREE_OR_MORE: Step = Step { low: Some(2 * TOLD_FROM), high: None };
/// Told where that would, too: it rules out nothing.
pub(super) const FEWER_THAN_FIVE: Step = Step { low: None, high: Some(2 * WIDER) };

/// The step to tell, of those who gave something and effective people over them; `None`: none may be told.
pub(super) fn step(gave: &[i64], effective: f64) -> Option<Step> {
    let mut sorted: Vec<f64> = gave.iter().map(|m| *m as f64).collect();
    sorted.sort_by(f64::total_cmp);
    let sum: f64 = sorted.iter().sum();
    let (at_least, fewer) = (most_at_least(&sorted, sum), least_fewer_than(&sorted, sum));
    let halves = (effective * 2.0).floor() as u32;
    let (from, cap) = (2 * TOLD_FROM, cap(gave.len()));
    let narrow = if halves < from {
        Step { low: None, high: Some(from) }
    } else if halves >= cap {
        // What nearly everybody gave alike is told in one step, the same whatever they gave.
        Step { low: Some(cap), high: None }
    } else {
        Step { low: Some(halves), high: Some(halves + 1) }
    };
    let people = |halves: u32| f64::from(halves) / 2.0;
    let safe = narrow.low.is_none_or(|low| people(low) <= at_least) && narrow.high.is_none_or(|high| people(high) >= fewer);
    if safe {
        Some(narrow)
    } else if halves >= from && f64::from(TOLD_FROM) <= at_least {
        Some(THREE_OR_MORE)
    } else {
        (halves < 2 * WIDER).then_some(FEWER_THAN_FIVE)
    }
}

/// "At least so many" that may be said where all give alike, in half people: the end of the scale.
pub(super) fn cap(people: usize) -> u32 {
    let alike = vec![1.0; people];
    (most_at_least(&alike, people as f64) * 2.0).floor() as u32
}

/// The largest a of which "at least a" may be said.
fn most_at_least(sorted: &[f64], sum: f64) -> f64 {
    let mut largest: f64 = 0.0;
    for known in 0..=KNOWN.min(sorted.len().saturating_sub(2)) {
        let others = (sorted.len() - known) as f64;
        for least in 0..=known {
            let theirs = sorted[..least].iter().chain(&sorted[sorted.len() - (known - least)..]);
            let (s, k) = theirs.fold((sum, 0.0), |(s, k), x| (s - x, k + x * x));
            largest = largest.max(k + s * s / (others - 1.0));
        }
    }
    sum * sum / largest
}

/// The smallest b of which "fewer than b" may be said.
fn least_fewer_than(sorted: &[f64], sum: f64) -> f64 {
    let most = &sorted[sorted.len().saturating_sub(TRIED)..];
    let left = |s: f64, k: f64| k + GAP * s * s;
    let mut smallest = left(sum, 0.0);
    for (i, a) in most.iter().enumerate() {
        smallest = smallest.min(left(sum - a, a * a));
        for (j, b) in most.iter().enumerate().skip(i + 1) {
            smallest = smallest.min(left(sum - a - b, a * a + b * b));
            for c in &most[j + 1..] {
                smallest = smallest.min(left(sum - a - b - c, a * a + b * b + c * c));
            }
        }
    }
    sum * sum / smallest
}
