//! The release of people measures: which figures about whom are published when a month closes.
//!
//! PRODUCT.md rule 4: one fixed partition, team in organisation; by closed month, else quarter, else year, the first with
//! at least five contributing people; computed once and kept; nothing published so far may isolate fewer than five.
//!
//! **Order**, the same every time, since the first figures make others impossible: months before quarters before years; in
//! each the organisation first, which serves everybody and stands for the small teams, then the teams, the larger first
//! (then by id), as long as the audit holds. So large teams see their own figures and small ones keep company in the rest.
//!
//! **A quarter or a year** is tried only where a unit has a month in it that no figure of the unit covers yet, and it is
//! refused if nobody gave anything in those months: it would tell of them that they were empty, which is a figure about
//! few people too.
//!
//! **What to keep.** Figures of one calendar year share no unknown with those of another, so the contributions of a month
//! are needed until its year is closed and may then go; the figures stay.

use super::audit::Audit;
use super::periods::{Period, Span};
use crate::ids::TeamId;
use crate::walltime::BandMinutes;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The fewest people a published figure may be about: five, or more where an organisation wishes so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinGroup(usize);

impl MinGroup {
    /// Five (PRODUCT.md rule 4).
    pub const FLOOR: usize = 5;

    /// As wished, but at least five.
    pub fn new(wished: usize) -> Self {
        Self(wished.max(Self::FLOOR))
    }

    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl Default for MinGroup {
    fn default() -> Self {
        Self(Self::FLOOR)
    }
}

/// Whom a figure is about. Ordered: the organisation first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Everybody, people without a team included.
    Organisation,
    /// One team as it was in the month of the contribution.
    Team(TeamId),
}

/// What one person gave in one team in one closed month. Without minutes it does not count: nobody hides behind people who
/// did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The same for the same person within a calendar year; a keyed hash will do.
    pub person: Uuid,
    /// The person's team at that time.
    pub team: Option<TeamId>,
    /// Minutes by band, overlaps already counted once.
    pub minutes: BandMinutes,
}

/// The place of a figure: one unit, one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// Whom it is about.
    pub unit: Unit,
    /// When.
    pub period: Period,
}

/// A published figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// How many people contributed, each counted once.
    pub people: usize,
    /// Minutes by band, each to the nearest quarter of an hour; teams therefore need not sum exactly to the organisation.
    pub minutes: BandMinutes,
}

/// Why a figure is not published. Neither says how many people there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer than the smallest group contributed; perhaps nobody.
    TooFew,
    /// Together with what is published already it would tell about too few people.
    WouldIsolate,
}

/// What became of one cell when its period closed. Final: a correction goes into the next period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which cell.
    pub cell: Cell,
    /// The figure, or why there is none.
    pub figure: Result<Released, Reason>,
}

/// Decides what is published when a month closes.
///
/// `closing` is the month that has just ended (a longer period counts as its last month). `teams` are the teams that exist:
/// each gets an outcome, so that a missing one tells nothing. `closed` holds the contributions of every closed month of this
/// calendar year, the closing one included, as they were when each closed; other months are ignored. `published` holds
/// every cell released before; cells of other years may be left out. Returns the outcomes to be stored, in the order of the
/// decisions; cells already published are not decided again.
pub fn release(
    closing: Period,
    teams: &[TeamId],
    closed: &BTreeMap<Period, Vec<Contribution>>,
    published: &[Cell],
    k: MinGroup,
) -> Vec<Outcome> {
    let books = Books::new(closing, closed);
    let mut audit = books.audit(k);
    let mut told: BTreeSet<Cell> = published.iter().copied().filter(|cell| books.year.covers(cell.period)).collect();
    for cell in &told {
        audit.publish(audit.row(books.blocks(*cell)));
    }
    let mut outcomes = Vec::new();
    for period in Span::ALL.map(|span| books.month.widened(span)) {
        if period.closed_on() != books.month.closed_on() {
            continue;
        }
        for unit in books.units(teams, period) {
            let cell = Cell { unit, period };
            let open: Vec<Period> = period.months().filter(|month| !covered(&told, unit, *month)).collect();
            if open.is_empty() {
                continue;
            }
            let people = books.people(cell).len();
            let row = audit.row(books.blocks(cell));
            let nothing_new = open.iter().all(|month| books.people(Cell { unit, period: *month }).is_empty());
            let figure = if people < k.get() {
                Err(Reason::TooFew)
            } else if nothing_new || audit.isolates(&row) {
                Err(Reason::WouldIsolate)
            } else {
                audit.publish(row);
                told.insert(cell);
                Ok(Released { people, minutes: books.minutes(cell).to_quarter_hours() })
            };
            outcomes.push(Outcome { cell, figure });
        }
    }
    outcomes
}

/// Whether a figure of this unit already covers the month.
fn covered(told: &BTreeSet<Cell>, unit: Unit, month: Period) -> bool {
    Span::ALL.iter().any(|span| told.contains(&Cell { unit, period: month.widened(*span) }))
}

/// The contributions of one calendar year up to the closing month, by block: one team in one month.
struct Books<'a> {
    month: Period,
    year: Period,
    blocks: Vec<(Option<TeamId>, Period, Vec<&'a Contribution>)>,
}

impl<'a> Books<'a> {
    fn new(closing: Period, closed: &'a BTreeMap<Period, Vec<Contribution>>) -> Self {
        let month = closing.months().last().unwrap_or(closing);
        let year = month.widened(Span::Year);
        let mut blocks: BTreeMap<(Period, Option<TeamId>), Vec<&Contribution>> = BTreeMap::new();
        for (&then, given) in closed.range(year.months().next().unwrap_or(month)..=month) {
            for contribution in given.iter().filter(|c| then.span() == Span::Month && c.minutes.total() > 0) {
                blocks.entry((then, contribution.team)).or_default().push(contribution);
            }
        }
        Self { month, year, blocks: blocks.into_iter().map(|((then, team), given)| (team, then, given)).collect() }
    }

    fn audit(&self, k: MinGroup) -> Audit {
        let everybody: BTreeSet<Uuid> = self.blocks.iter().flat_map(|(_, _, given)| given.iter().map(|c| c.person)).collect();
        let number: BTreeMap<Uuid, u32> = everybody.into_iter().zip(0..).collect();
        let people = |(_, _, given): &(_, _, Vec<&Contribution>)| {
            given.iter().map(|c| number[&c.person]).collect::<BTreeSet<u32>>().into_iter().collect()
        };
        Audit::new(self.blocks.iter().map(people).collect(), k.get())
    }

    /// Numbers of the blocks that a cell sums.
    fn blocks(&self, cell: Cell) -> impl Iterator<Item = usize> {
        let within = move |(team, month, _): &(Option<TeamId>, Period, Vec<&Contribution>)| {
            cell.period.covers(*month) && (cell.unit == Unit::Organisation || team.map(Unit::Team) == Some(cell.unit))
        };
        self.blocks.iter().enumerate().filter(move |(_, block)| within(block)).map(|(number, _)| number)
    }

    fn given(&self, cell: Cell) -> impl Iterator<Item = &Contribution> {
        self.blocks(cell).flat_map(|block| self.blocks[block].2.iter().copied())
    }

    fn people(&self, cell: Cell) -> BTreeSet<Uuid> {
        self.given(cell).map(|c| c.person).collect()
    }

    fn minutes(&self, cell: Cell) -> BandMinutes {
        self.given(cell).map(|c| c.minutes).sum()
    }

    /// The organisation, then the teams with the most contributing people first.
    fn units(&self, teams: &[TeamId], period: Period) -> Vec<Unit> {
        let contributing = self.blocks.iter().filter_map(|(team, _, _)| *team);
        let all: BTreeSet<TeamId> = teams.iter().copied().chain(contributing).collect();
        let mut sized: Vec<_> =
            all.into_iter().map(Unit::Team).map(|unit| (self.people(Cell { unit, period }).len(), unit)).collect();
        sized.sort_by_key(|(people, unit)| (std::cmp::Reverse(*people), *unit));
        std::iter::once(Unit::Organisation).chain(sized.into_iter().map(|(_, unit)| unit)).collect()
    }
}
