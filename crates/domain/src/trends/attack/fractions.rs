//! Exact linear algebra of the attack: fractions, and elimination in a given order of columns, and who is left alone by a combination of rows.

use std::collections::BTreeSet;
use uuid::Uuid;

/// A fraction; the entries stay small, and an overflow would panic in tests.
#[derive(Clone, Copy, PartialEq)]
pub(in super::super) struct Fraction(pub(super) i64, i64);

impl Fraction {
    pub(super) const ZERO: Self = Self(0, 1);
    pub(super) const ONE: Self = Self(1, 1);

    pub(in super::super) fn whole(number: i64) -> Self {
        Self(number, 1)
    }

    /// Reduced, with a bottom above zero.
    fn new(top: i64, bottom: i64) -> Self {
        let (mut a, mut b) = (top.abs(), bottom.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = bottom.signum();
        Self(sign * top / a.max(1), sign * bottom / a.max(1))
    }

    fn minus_product(self, a: Self, b: Self) -> Self {
        let product = Self::new(a.0 * b.0, a.1 * b.1);
        Self::new(self.0 * product.1 - product.0 * self.1, self.1 * product.1)
    }
}

/// Gaussian elimination in the order of the columns; gives the pivots.
pub(super) fn eliminate(rows: &mut [Vec<Fraction>], columns: &[usize]) -> Vec<usize> {
    let mut pivots = Vec::new();
    for &column in columns {
        let done = pivots.len();
        let Some(found) = (done..rows.len()).find(|r| rows[*r][column].0 != 0) else {
            continue;
        };
        rows.swap(done, found);
        let (before, rest) = rows.split_at_mut(done);
        let (pivot_row, after) = rest.split_first_mut().unwrap();
        let pivot = pivot_row[column];
        for entry in pivot_row.iter_mut().filter(|e| e.0 != 0) {
            *entry = Fraction::new(entry.0 * pivot.1, entry.1 * pivot.0);
        }
        for row in before.iter_mut().chain(after).filter(|r| r[column].0 != 0) {
            let factor = row[column];
            for (entry, of_pivot) in row.iter_mut().zip(pivot_row.iter()).filter(|(_, p)| p.0 != 0) {
                *entry = entry.minus_product(factor, *of_pivot);
            }
        }
        pivots.push(column);
    }
    pivots
}

/// A group of fewer than `k` people that some combination of these rows touches alone, if there is one; `people` are those behind each column.
pub(in super::super) fn isolated(mut rows: Vec<Vec<Fraction>>, people: &[&BTreeSet<Uuid>], k: usize) -> Option<BTreeSet<Uuid>> {
    // A telling combination is zero on every column of enough people: make these zero first and keep what is left.
    let (large, small): (Vec<usize>, Vec<usize>) = (0..people.len()).partition(|c| people[*c].len() >= k);
    let used = eliminate(&mut rows, &large).len();
    let mut rows = rows.split_off(used);
    let pivots = eliminate(&mut rows, &small);

    // Its people are a union of small columns; try every such union. A combination holds a row exactly if it is not zero on the row's
    // pivot, so only rows with their pivot in the group matter, and a combination within the group exists exactly if these rows lose rank
    // outside it.
    let mut unions: BTreeSet<BTreeSet<Uuid>> = BTreeSet::from([BTreeSet::new()]);
    for column in &small {
        let wider: Vec<_> = unions.iter().map(|u| u | people[*column]).filter(|u| u.len() < k).collect();
        unions.extend(wider);
    }
    unions.into_iter().find(|group| {
        let inside = |column: usize| people[column].is_subset(group);
        let outside: Vec<usize> = small.iter().copied().filter(|c| !inside(*c)).collect();
        let held = pivots.iter().zip(&rows).filter(|(pivot, _)| inside(**pivot));
        let mut rows: Vec<Vec<Fraction>> = held.map(|(_, row)| row.clone()).collect();
        eliminate(&mut rows, &outside).len() < rows.len()
    })
}
