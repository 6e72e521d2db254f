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
//! **Parts.** A figure may hold several numbers, and each is about those who gave to it alone. A measure names the ways in which it can be
//! told, finest first ([`Given::WAYS`]); the finest one is taken whose every part passes the audit, beside everything told before. A longer
//! period is also tried where shorter ones could be told in a coarser way only.
//!
//! **Alike people.** A figure about five people tells of each of them when all gave the same. A measure whose values are choices
//! says so ([`Given::tells_of_each`]), and neither the figure nor what is left of it beside the figures inside may be like that.
//!
//! **What to keep.** Figures of one calendar year share no unknown with those of another, so the contributions of a month
//! are needed until its year is closed and may then go; the figures stay.

use super::audit::{Audit, Row};
use super::periods::{Period, Span};
use crate::ids::TeamId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Sum;
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

/// What people give to a measure: it adds up, atom by atom.
pub trait Given: Copy + Sum {
    /// As it is published.
    type Told: Copy;

    /// How many numbers it is made of that could be told apart.
    const ATOMS: usize;

    /// The ways to tell it, finest first. Each is a list of parts, each part a sum of atoms; the last way is one part, the whole.
    const WAYS: &'static [&'static [&'static [usize]]];

    /// Whether something was given to this atom. Nobody hides behind people who gave nothing to it.
    fn has(&self, atom: usize) -> bool;

    /// Rounded for publication, in one of [`WAYS`](Self::WAYS).
    fn told(self, way: usize) -> Self::Told;

    /// In which of [`WAYS`](Self::WAYS) it was told.
    fn way(told: &Self::Told) -> usize;

    /// The same, told in the last of [`WAYS`](Self::WAYS): less than was told, and nothing new.
    fn in_one(told: Self::Told) -> Self::Told;

    /// Whether their sum, told in one of [`WAYS`](Self::WAYS), would tell what each of these people gave, however many they are.
    fn tells_of_each(given: &BTreeMap<Uuid, Self>, way: usize) -> bool;

    /// Nothing was given: the person does not count.
    fn is_nothing(&self) -> bool {
        (0..Self::ATOMS).all(|atom| !self.has(atom))
    }
}

/// What one person gave in one team in one closed month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution<G> {
    /// The same for the same person within a calendar year; a keyed hash will do.
    pub person: Uuid,
    /// The person's team at that time; `None` for all where a measure is published for the organisation alone.
    pub team: Option<TeamId>,
    /// What they gave.
    pub given: G,
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
pub struct Released<T> {
    /// How many people contributed, each counted once.
    pub people: usize,
    /// What they gave together, as [told](Given::told) for publication: rounded, so that teams need not sum exactly to the organisation.
    pub given: T,
}

/// A cell that is published, and in which of its measure's ways: all that the audit must know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which cell.
    pub cell: Cell,
    /// Its place among [`Given::WAYS`].
    pub way: usize,
}

impl Shown {
    /// Of an outcome, if it shows anything.
    pub fn of<G: Given>(outcome: &Outcome<G::Told>) -> Option<Self> {
        let figure = outcome.figure.as_ref().ok()?;
        Some(Self { cell: outcome.cell, way: G::way(&figure.given) })
    }
}

/// Why a figure is not published. Neither says how many people there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Fewer than the smallest group contributed; perhaps nobody.
    TooFew,
    /// Together with what is published already it would tell about too few people, or about each of more.
    WouldIsolate,
}

/// What became of one cell when its period closed. Final: a correction goes into the next period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome<T> {
    /// Which cell.
    pub cell: Cell,
    /// The figure, or why there is none.
    pub figure: Result<Released<T>, Reason>,
}

/// Decides what is published when a month closes.
///
/// `closing` is the month that has just ended (a longer period counts as its last month). `teams` are the teams that exist:
/// each gets an outcome, so that a missing one tells nothing. `closed` holds the contributions of every closed month of this
/// calendar year, the closing one included, as they were when each closed; other months are ignored. `published` holds
/// every cell released before; cells of other years may be left out. Returns the outcomes to be stored, in the order of the
/// decisions; cells already published are not decided again.
pub fn release<G: Given>(
    closing: Period,
    teams: &[TeamId],
    closed: &BTreeMap<Period, Vec<Contribution<G>>>,
    published: &[Shown],
    k: MinGroup,
) -> Vec<Outcome<G::Told>> {
    let books = Books::new(closing, closed);
    let mut audit = books.audit(k);
    let mut told: BTreeMap<Cell, usize> =
        published.iter().filter(|shown| books.year.covers(shown.cell.period)).map(|shown| (shown.cell, shown.way)).collect();
    for (cell, way) in &told {
        books.rows(*cell, *way, &audit).into_iter().for_each(|row| audit.publish(row));
    }
    let mut outcomes = Vec::new();
    for period in Span::ALL.map(|span| books.month.widened(span)) {
        if period.closed_on() != books.month.closed_on() {
            continue;
        }
        for unit in books.units(teams, period) {
            let cell = Cell { unit, period };
            let ways: Vec<Option<usize>> = period.months().map(|month| finest(&told, unit, month)).collect();
            let open: Vec<Period> = period.months().zip(&ways).filter(|(_, way)| way.is_none()).map(|(month, _)| month).collect();
            // Where every month is told already, only a finer way adds anything.
            let coarsest = if open.is_empty() { ways.into_iter().flatten().max().unwrap_or(0) } else { G::WAYS.len() };
            if coarsest == 0 {
                continue;
            }
            let people = books.people(cell).len();
            let nothing_new = !open.is_empty() && open.iter().all(|month| books.people(Cell { unit, period: *month }).is_empty());
            let figure = if people < k.get() {
                Err(Reason::TooFew)
            } else if nothing_new {
                Err(Reason::WouldIsolate)
            } else {
                let mut ways = (0..coarsest).filter(|way| !books.tells_of_each(cell, &open, *way));
                let passing = ways.find_map(|way| Some((way, audit.with(books.rows(cell, way, &audit))?)));
                match passing {
                    Some((way, with_it)) => {
                        audit = with_it;
                        told.insert(cell, way);
                        Ok(Released { people, given: books.sum(cell).told(way) })
                    }
                    None if open.is_empty() => continue,
                    None => Err(Reason::WouldIsolate),
                }
            };
            outcomes.push(Outcome { cell, figure });
        }
    }
    outcomes
}

/// The finest way in which a figure of this unit tells of the month; `None` where none covers it.
fn finest(told: &BTreeMap<Cell, usize>, unit: Unit, month: Period) -> Option<usize> {
    Span::ALL.iter().filter_map(|span| told.get(&Cell { unit, period: month.widened(*span) }).copied()).min()
}

/// The contributions of one calendar year up to the closing month, by block: one team in one month.
struct Books<'a, G> {
    month: Period,
    year: Period,
    blocks: Vec<Block<'a, G>>,
}

type Block<'a, G> = (Option<TeamId>, Period, Vec<&'a Contribution<G>>);

impl<'a, G: Given> Books<'a, G> {
    fn new(closing: Period, closed: &'a BTreeMap<Period, Vec<Contribution<G>>>) -> Self {
        let month = closing.months().last().unwrap_or(closing);
        let year = month.widened(Span::Year);
        let mut blocks: BTreeMap<(Period, Option<TeamId>), Vec<&Contribution<G>>> = BTreeMap::new();
        for (&then, given) in closed.range(year.months().next().unwrap_or(month)..=month) {
            for contribution in given.iter().filter(|c| then.span() == Span::Month && !c.given.is_nothing()) {
                blocks.entry((then, contribution.team)).or_default().push(contribution);
            }
        }
        Self { month, year, blocks: blocks.into_iter().map(|((then, team), given)| (team, then, given)).collect() }
    }

    /// One column for each atom of each block, with those who gave to it.
    fn audit(&self, k: MinGroup) -> Audit {
        let everybody: BTreeSet<Uuid> = self.blocks.iter().flat_map(|(_, _, given)| given.iter().map(|c| c.person)).collect();
        let number: BTreeMap<Uuid, u32> = everybody.into_iter().zip(0..).collect();
        let people = |(_, _, given): &Block<G>, atom: usize| {
            let those = given.iter().filter(|c| c.given.has(atom)).map(|c| number[&c.person]);
            those.collect::<BTreeSet<u32>>().into_iter().collect()
        };
        Audit::new(self.blocks.iter().flat_map(|block| (0..G::ATOMS).map(move |atom| people(block, atom))).collect(), k.get())
    }

    /// Numbers of the blocks that a cell sums.
    fn blocks(&self, cell: Cell) -> impl Iterator<Item = usize> {
        let within = move |(team, month, _): &Block<G>| {
            cell.period.covers(*month) && (cell.unit == Unit::Organisation || team.map(Unit::Team) == Some(cell.unit))
        };
        self.blocks.iter().enumerate().filter(move |(_, block)| within(block)).map(|(number, _)| number)
    }

    /// What a cell publishes when it is told in this way: a row for each part.
    fn rows(&self, cell: Cell, way: usize, audit: &Audit) -> Vec<Row> {
        let of_part = |atoms: &&[usize]| {
            audit.row(self.blocks(cell).flat_map(|block| atoms.iter().map(move |atom| block * G::ATOMS + atom)))
        };
        G::WAYS[way].iter().map(of_part).collect()
    }

    fn given(&self, cell: Cell) -> impl Iterator<Item = &Contribution<G>> {
        self.blocks(cell).flat_map(|block| self.blocks[block].2.iter().copied())
    }

    fn people(&self, cell: Cell) -> BTreeSet<Uuid> {
        self.given(cell).map(|c| c.person).collect()
    }

    fn sum(&self, cell: Cell) -> G {
        self.given(cell).map(|c| c.given).sum()
    }

    /// Whether the figure, or what it adds to those published inside it (its months that none of them covers), tells what each gave.
    fn tells_of_each(&self, cell: Cell, open: &[Period], way: usize) -> bool {
        let added = |(_, month, _): &&Block<G>| open.contains(month);
        let whole = self.blocks(cell).map(|block| &self.blocks[block]);
        let rest = self.blocks(cell).map(|block| &self.blocks[block]).filter(added);
        G::tells_of_each(&by_person(whole), way) || G::tells_of_each(&by_person(rest), way)
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

/// What each of these people gave in all.
fn by_person<'a, G: Given + 'a>(blocks: impl Iterator<Item = &'a Block<'a, G>>) -> BTreeMap<Uuid, G> {
    let mut given: BTreeMap<Uuid, G> = BTreeMap::new();
    for contribution in blocks.flat_map(|(_, _, given)| given.iter()) {
        let so_far = given.remove(&contribution.person);
        given.insert(contribution.person, so_far.into_iter().chain([contribution.given]).sum());
    }
    given
}
