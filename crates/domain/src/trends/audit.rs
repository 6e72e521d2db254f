//! The row-space audit: whether a figure, together with all published before, would single out a small group.
//!
//! **The unknowns** are what each person gave in one team in one month. A published figure is a sum of them over one unit and
//! one period. Everybody in the same team and month is in exactly the same figures, so whoever reads the figures sees one
//! column for each *block* (team, month) and can learn exactly the linear combinations of the published rows. The figures
//! leak when some combination, not zero everywhere, touches only blocks whose people together are fewer than `k`
//! (research/security.md 2.6, made stronger: any weights count, not only a plain sum over the group).
//!
//! **Why bits are enough.** The team figures form one laminar family of sets of blocks (month in quarter in year, teams
//! apart), the organisation's another. The incidence matrix of the union of two laminar families is totally unimodular
//! (Edmonds 1970), so each minor is 0, 1 or −1 and each submatrix has the same rank over two elements as over the
//! rationals. "Is there a combination inside these blocks" is a question of ranks of submatrices, so exclusive-or answers
//! it exactly. A third level of units would end this; then compute modulo a large prime. The tests attack with fractions.
//!
//! **The search.** Let `v` be a leaking combination that the new row makes possible. Start with no people. As long as the
//! new row is independent of the rest outside the people so far, there is a check on which every such `v` is not zero, so
//! `v` touches one of the check's blocks: try each that keeps the group below `k`. That misses nothing and ends after at
//! most `k - 1` steps down.

use std::collections::HashSet;

/// Most groups tried for one figure; beyond it the figure counts as leaking, which errs on the hiding side.
const MOST_GROUPS: usize = 2_000;

/// A set of blocks, one bit each; also a combination of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blocks(Vec<u64>);

impl Blocks {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn insert(&mut self, block: usize) {
        self.0[block / 64] |= 1 << (block % 64);
    }

    fn has(&self, block: usize) -> bool {
        self.0[block / 64] & (1 << (block % 64)) != 0
    }

    fn first(&self) -> Option<usize> {
        let word = self.0.iter().position(|w| *w != 0)?;
        Some(word * 64 + self.0[word].trailing_zeros() as usize)
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * 64).filter(|block| self.has(*block))
    }

    fn toggle(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a ^= b);
    }

    fn keep(&mut self, mask: &Self) {
        self.0.iter_mut().zip(&mask.0).for_each(|(a, b)| *a &= b);
    }
}

/// A reduced basis: each row's first block is its pivot and stands in no other row.
#[derive(Default)]
struct Basis(Vec<(usize, Blocks)>);

impl Basis {
    fn reduced(&self, mut row: Blocks) -> Blocks {
        for (pivot, basis_row) in &self.0 {
            if row.has(*pivot) {
                row.toggle(basis_row);
            }
        }
        row
    }

    fn insert(&mut self, row: Blocks) {
        let row = self.reduced(row);
        if let Some(pivot) = row.first() {
            for (_, other) in &mut self.0 {
                if other.has(pivot) {
                    other.toggle(&row);
                }
            }
            self.0.push((pivot, row));
        }
    }
}

/// What has been published so far, and who stands behind each block.
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
    pub(super) fn row(&self, blocks: impl Iterator<Item = usize>) -> Blocks {
        let mut row = Blocks::none(self.people.len());
        for block in blocks {
            if !self.people[self.place[block]].is_empty() {
                row.insert(self.place[block]);
            }
        }
        row
    }

    /// Takes a figure as published.
    pub(super) fn publish(&mut self, row: Blocks) {
        self.published.insert(row);
    }

    /// Whether publishing this figure too would make a group of fewer than `k` people computable, or too many groups would
    /// have to be tried to be sure that it does not.
    pub(super) fn isolates(&self, row: &Blocks) -> bool {
        let row = self.published.reduced(row.clone());
        match row.first() {
            // Already computable by everybody: nothing new is told.
            None => return false,
            // Whatever is added, a large block stays in every combination with this row.
            Some(first) if first < self.first_small => return false,
            Some(_) => {}
        }
        // Rows whose pivot is small hold no large block: only they can take part in a leak.
        let small: Vec<&Blocks> =
            self.published.0.iter().filter(|(pivot, _)| *pivot >= self.first_small).map(|(_, r)| r).collect();
        let mut tried = HashSet::from([Vec::new()]);
        self.leaks_around(&[], &row, &small, &mut tried)
    }

    /// Whether a combination with `row` exists that touches only a group of fewer than `k` people around these.
    fn leaks_around(&self, group: &[u32], row: &Blocks, small: &[&Blocks], tried: &mut HashSet<Vec<u32>>) -> bool {
        let mut outside = Blocks::none(self.people.len());
        for block in self.first_small..self.people.len() {
            if !self.people[block].iter().all(|person| group.contains(person)) {
                outside.insert(block);
            }
        }
        let masked = |row: &Blocks| {
            let mut row = row.clone();
            row.keep(&outside);
            row
        };
        let mut basis = Basis::default();
        small.iter().for_each(|row| basis.insert(masked(row)));
        let rest = basis.reduced(masked(row));
        // For each block left over, its check is that block and the pivots of the rows that hold it: every row of the basis
        // meets the check in none or two blocks, `row` in an odd number.
        let check = |block: usize| {
            let pivots = basis.0.iter().filter(move |(_, row)| row.has(block)).map(|(pivot, _)| *pivot);
            let mut wider: Vec<Vec<u32>> = pivots.chain([block]).filter_map(|block| self.joined(group, block)).collect();
            wider.sort();
            wider.dedup();
            wider
        };
        match rest.iter().map(check).min_by_key(Vec::len) {
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
