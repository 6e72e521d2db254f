//! The row-space audit: whether a figure, together with all published before, would single out a small group.
//!
//! **The unknowns** are what each person gave to one atom of a measure (the minutes of one kind of working time, say) in one team in one
//! month. A published figure is a sum of them over one unit, one period and the atoms of one part. Everybody in the same team and month is in
//! exactly the same figures, so whoever reads the figures sees one column for each *block* (team, month, atom), with those who gave to it,
//! and can learn exactly the linear combinations of the published rows. The figures leak when some combination, not zero everywhere, touches
//! only blocks whose people together are fewer than `k` (research/security.md 2.6, made stronger: any weights count, not only a plain sum
//! over the group).
//!
//! **Arithmetic.** "Is there a combination inside these blocks" is a question of ranks of submatrices of zeros and ones. They are computed
//! modulo the prime 2^61 − 1. A rank over the rationals could only be missed if that prime divided a minor, which the entries of such
//! matrices never bring about by chance worth counting (a random one would do so once in 2^61). The tests attack with fractions. Rows are
//! kept sparse: a team's month touches a handful of the columns.
//!
//! **The search.** Let `v` be a leaking combination that the new row makes possible. Start with no people. As long as the
//! new row is independent of the rest outside the people so far, there is a check on which every such `v` is not zero, so
//! `v` touches one of the check's blocks: try each that keeps the group below `k`. That misses nothing and ends after at
//! most `k - 1` steps down.

use std::collections::{HashMap, HashSet};

/// Most groups tried for one figure; beyond it the figure counts as leaking, which errs on the hiding side.
const MOST_GROUPS: usize = 2_000;

/// The prime of the arithmetic.
const PRIME: u64 = (1 << 61) - 1;

fn product(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

/// One over a number that is not zero (Fermat).
fn inverse(number: u64) -> u64 {
    let (mut result, mut power, mut exponent) = (1, number, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, power);
        }
        power = product(power, power);
        exponent >>= 1;
    }
    result
}

/// A combination of published figures: the columns that it touches, in order, each with its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row(Vec<(usize, u64)>);

impl Row {
    fn get(&self, column: usize) -> u64 {
        self.0.binary_search_by_key(&column, |(at, _)| *at).map_or(0, |at| self.0[at].1)
    }

    fn first(&self) -> Option<usize> {
        self.0.first().map(|(column, _)| *column)
    }

    fn columns(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|(column, _)| *column)
    }

    fn times(mut self, factor: u64) -> Self {
        self.0.iter_mut().for_each(|(_, weight)| *weight = product(*weight, factor));
        self
    }

    /// This row less `factor` times the other.
    fn less(&self, factor: u64, other: &Self) -> Self {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut mine, mut theirs) = (self.0.iter().copied().peekable(), other.0.iter().copied().peekable());
        loop {
            let (column, weight) = match (mine.peek().copied(), theirs.peek().copied()) {
                (None, None) => return Self(sum),
                (Some(m), t) if t.is_none_or(|t| m.0 < t.0) => {
                    mine.next();
                    m
                }
                (m, Some(t)) if m.is_none_or(|m| t.0 < m.0) => {
                    theirs.next();
                    (t.0, PRIME - product(factor, t.1))
                }
                (m, t) => {
                    mine.next();
                    theirs.next();
                    let (m, t) = (m.unwrap_or_default(), t.unwrap_or_default());
                    (m.0, (m.1 + PRIME - product(factor, t.1)) % PRIME)
                }
            };
            if weight % PRIME != 0 {
                sum.push((column, weight % PRIME));
            }
        }
    }
}

/// A reduced basis: each row's first column is its pivot, has weight one there, and stands in no other row.
#[derive(Clone, Default)]
struct Basis {
    rows: Vec<Row>,
    /// Which row has its pivot there.
    pivots: HashMap<usize, usize>,
}

impl Basis {
    fn reduced(&self, row: Row) -> Row {
        let held: Vec<(usize, u64)> =
            row.0.iter().filter_map(|(column, weight)| Some((*self.pivots.get(column)?, *weight))).collect();
        held.into_iter().fold(row, |row, (basis_row, weight)| row.less(weight, &self.rows[basis_row]))
    }

    fn insert(&mut self, row: Row) {
        let row = self.reduced(row);
        let Some(pivot) = row.first() else { return };
        let row = {
            let one = inverse(row.get(pivot));
            row.times(one)
        };
        for other in &mut self.rows {
            let weight = other.get(pivot);
            if weight != 0 {
                *other = other.less(weight, &row);
            }
        }
        self.pivots.insert(pivot, self.rows.len());
        self.rows.push(row);
    }

    fn with_pivots(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().filter_map(|row| Some((row.first()?, row)))
    }
}

/// What has been published so far, and who stands behind each block.
#[derive(Clone)]
pub(super) struct Audit {
    k: usize,
    /// People of each block as sorted numbers; large blocks first, so that they become pivots first.
    people: Vec<Vec<u32>>,
    /// The given block's place among `people`.
    place: Vec<usize>,
    /// The first block with fewer than `k` people.
    first_small: usize,
    published: Basis,
}

impl Audit {
    /// Nothing published yet. `people` holds for each block the sorted numbers of its people; empty blocks never count.
    pub(super) fn new(people: Vec<Vec<u32>>, k: usize) -> Self {
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|block| std::cmp::Reverse(people[*block].len()));
        let mut place = vec![0; people.len()];
        for (to, from) in order.iter().enumerate() {
            place[*from] = to;
        }
        let people: Vec<Vec<u32>> = order.iter().map(|block| people[*block].clone()).collect();
        let first_small = people.partition_point(|group| group.len() >= k);
        Self { k, people, place, first_small, published: Basis::default() }
    }

    /// The row of a figure over these blocks, numbered as they were given.
    pub(super) fn row(&self, blocks: impl Iterator<Item = usize>) -> Row {
        let mut columns: Vec<usize> = blocks.map(|block| self.place[block]).filter(|at| !self.people[*at].is_empty()).collect();
        columns.sort_unstable();
        columns.dedup();
        Row(columns.into_iter().map(|column| (column, 1)).collect())
    }

    /// The row of a change: these blocks less those, numbered as they were given; none in both.
    pub(super) fn difference(&self, more: impl IntoIterator<Item = usize>, less: impl IntoIterator<Item = usize>) -> Row {
        let weighted = more.into_iter().map(|block| (block, 1)).chain(less.into_iter().map(|block| (block, PRIME - 1)));
        let mut columns: Vec<(usize, u64)> =
            weighted.map(|(block, weight)| (self.place[block], weight)).filter(|(at, _)| !self.people[*at].is_empty()).collect();
        columns.sort_unstable();
        Row(columns)
    }

    /// Takes a figure as published.
    pub(super) fn publish(&mut self, row: Row) {
        self.published.insert(row);
    }

    /// With all of these published too, if none of them isolates anybody.
    pub(super) fn with(&self, rows: Vec<Row>) -> Option<Self> {
        let mut audit = self.clone();
        for row in rows {
            if audit.isolates(&row) {
                return None;
            }
            audit.publish(row);
        }
        Some(audit)
    }

    /// Whether publishing this figure too would make a group of fewer than `k` people computable, or too many groups would
    /// have to be tried to be sure that it does not.
    pub(super) fn isolates(&self, row: &Row) -> bool {
        let row = self.published.reduced(row.clone());
        match row.first() {
            // Already computable by everybody: nothing new is told.
            None => return false,
            // Whatever is added, a large block stays in every combination with this row.
            Some(first) if first < self.first_small => return false,
            Some(_) => {}
        }
        // Rows whose pivot is small hold no large block: only they can take part in a leak.
        let of_few = self.published.with_pivots().filter(|(pivot, _)| *pivot >= self.first_small);
        let small: Vec<&Row> = of_few.map(|(_, row)| row).collect();
        let mut tried = HashSet::from([Vec::new()]);
        self.leaks_around(&[], &row, &small, &mut tried)
    }

    /// Whether a combination with `row` exists that touches only a group of fewer than `k` people around these.
    fn leaks_around(&self, group: &[u32], row: &Row, small: &[&Row], tried: &mut HashSet<Vec<u32>>) -> bool {
        let outside = |column: usize| column >= self.first_small && !self.people[column].iter().all(|one| group.contains(one));
        let masked = |row: &Row| Row(row.0.iter().copied().filter(|(column, _)| outside(*column)).collect());
        let mut basis = Basis::default();
        small.iter().for_each(|row| basis.insert(masked(row)));
        let rest = basis.reduced(masked(row));
        // For each block left over, its check is that block and the pivots of the rows that hold it, weighted by what they hold of it: it is
        // zero on every row of the basis and not on `row`.
        let check = |block: usize| {
            let pivots = basis.with_pivots().filter(move |(_, row)| row.get(block) != 0).map(|(pivot, _)| pivot);
            let mut wider: Vec<Vec<u32>> = pivots.chain([block]).filter_map(|block| self.joined(group, block)).collect();
            wider.sort();
            wider.dedup();
            wider
        };
        match rest.columns().map(check).min_by_key(Vec::len) {
            // Nothing is left over outside: the combination lies within the group.
            None => true,
            Some(wider) => wider.into_iter().any(|next| {
                if tried.len() >= MOST_GROUPS {
                    return true;
                }
                tried.insert(next.clone()) && self.leaks_around(&next, row, small, tried)
            }),
        }
    }

    /// The group together with a block's people, if they are fewer than `k`.
    fn joined(&self, group: &[u32], block: usize) -> Option<Vec<u32>> {
        let mut all: Vec<u32> = group.iter().chain(&self.people[block]).copied().collect();
        all.sort_unstable();
        all.dedup();
        (all.len() < self.k).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of these sizes, nobody in two.
    fn audit(sizes: &[u32]) -> Audit {
        let mut next = 0;
        let people = sizes
            .iter()
            .map(|size| {
                let from = next;
                next += size;
                (from..next).collect()
            })
            .collect();
        Audit::new(people, 5)
    }

    #[test]
    fn the_whole_minus_a_part_must_leave_nobody_or_five() {
        for (sizes, leaks) in [([7, 5], false), ([7, 4], true), ([7, 1], true), ([7, 0], false)] {
            let mut audit = audit(&sizes);
            audit.publish(audit.row([0, 1].into_iter()));
            assert_eq!(audit.isolates(&audit.row([0].into_iter())), leaks, "{sizes:?}");
        }
    }

    #[test]
    fn two_small_parts_may_hide_together_until_one_is_told() {
        let mut audit = audit(&[7, 3, 2]);
        audit.publish(audit.row([0, 1, 2].into_iter()));
        assert!(!audit.isolates(&audit.row([0].into_iter())));
        audit.publish(audit.row([0].into_iter()));
        assert!(audit.isolates(&audit.row([1].into_iter())));
        assert!(audit.isolates(&audit.row([0, 2].into_iter())));
        assert!(!audit.isolates(&audit.row([1, 2].into_iter())));
    }

    #[test]
    fn a_difference_over_three_figures_is_found() {
        // Two teams over two months: the year of both, each month of both, and then one team's year leaves the other's.
        let mut audit = audit(&[9, 2, 9, 2]);
        audit.publish(audit.row([0, 1].into_iter()));
        audit.publish(audit.row([2, 3].into_iter()));
        assert!(audit.isolates(&audit.row([0, 2].into_iter())), "four people are left");
        let mut shared = Audit::new(vec![(0..9).collect(), vec![10, 11], (0..9).collect(), vec![12, 13, 14]], 5);
        shared.publish(shared.row([0, 1].into_iter()));
        shared.publish(shared.row([2, 3].into_iter()));
        assert!(!shared.isolates(&shared.row([0, 2].into_iter())), "five people are left");
    }

    #[test]
    fn the_same_few_people_in_two_blocks_are_still_few() {
        let mut audit = Audit::new(vec![(0..9).collect(), vec![20, 21, 22], vec![20, 21, 22]], 5);
        audit.publish(audit.row([0, 1, 2].into_iter()));
        assert!(audit.isolates(&audit.row([0].into_iter())));
    }

    #[test]
    fn what_cannot_be_searched_through_counts_as_leaking() {
        // Sixty teams of one over twelve months, no figure about fewer than twelve people: a year of one more team would be
        // safe, but showing it takes more groups than the limit, and the answer errs on the hiding side.
        let people: Vec<Vec<u32>> = (0..720).map(|block| vec![block]).collect();
        let mut audit = Audit::new(people, 12);
        for month in 0..12 {
            audit.publish(audit.row((0..60).map(|team| month * 60 + team)));
        }
        for team in 0..30 {
            audit.publish(audit.row((0..12).map(|month| month * 60 + team)));
        }
        assert!(audit.isolates(&audit.row((0..12).map(|month| month * 60 + 50))));
    }
}
