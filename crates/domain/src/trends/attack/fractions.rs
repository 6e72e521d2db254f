//! Exact linear algebra of the attack: fractions, and elimination in a given order of columns.

/// A fraction; the entries stay small, and an overflow would panic in tests.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Fraction(pub(super) i64, i64);

impl Fraction {
    pub(super) const ZERO: Self = Self(0, 1);
    pub(super) const ONE: Self = Self(1, 1);

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
