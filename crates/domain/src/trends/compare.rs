//! Which figures about people may stand beside an earlier one: a change is a figure too.
//!
//! Whoever sees seven people's hours in one month and eight people's in the next sees what the eighth gave, as far as the seven give what
//! they gave before. So a change is told where nobody came and nobody left, or enough people on each side, in every part that is told.
//!
//! **Pairs are not enough.** Two changes that are each about enough people may have a sum or a difference that is about one: March beside
//! February and April beside March tell April beside February, and everybody's change without a team's is the change of the rest. So each
//! change passes, beside all that were told before, the audit that figures themselves pass ([`super::audit`]). Its unknowns are what a person
//! usually gives to an atom; a change is the sum of those who came less the sum of those who left.
//!
//! **Ways.** A change is told in the finest of the measure's ways ([`Given::WAYS`]) in which both figures are told and all parts pass, and those of
//! every coarser way, too: who tells parts tells their sums.
//!
//! **What to keep.** Who gave to which atom, not how much, of this calendar year and the one before: a keyed hash will do, but one key.

use super::audit::{Audit, Row};
use super::periods::Period;
use super::release::{Cell, Contribution, Given, MinGroup, Shown, Unit};
use crate::ids::TeamId;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An earlier period of the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Against {
    /// The one just before.
    Before,
    /// The same one a year before.
    YearBefore,
}

impl Against {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Before, Self::YearBefore];

    /// As addresses have it.
    pub fn slug(self) -> &'static str {
        ["before", "year"][self as usize]
    }

    /// The earlier period.
    pub fn of(self, period: Period) -> Period {
        let back = match self {
            Self::Before => 1,
            Self::YearBefore => 12 / period.span().months(),
        };
        (0..back).fold(period, |period, _| period.previous())
    }
}

/// Who gave to a measure in a month, and to which of its atoms: nothing of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The same for the same person over the years that are kept.
    pub person: Uuid,
    /// Their team at that time.
    pub team: Option<TeamId>,
    /// A bit for each atom, the first one lowest.
    pub atoms: u32,
}

impl Member {
    /// Of what somebody gave, under the name that they have over the years.
    pub fn of<G: Given>(given: &Contribution<G>, person: Uuid) -> Self {
        Self { person, team: given.team, atoms: mask((0..G::ATOMS).filter(|atom| given.given.has(*atom))) }
    }
}

fn mask(atoms: impl IntoIterator<Item = usize>) -> u32 {
    atoms.into_iter().fold(0, |mask, atom| mask | 1 << atom)
}

/// Whether a figure may stand beside an earlier one of its unit. Final, as figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The later figure.
    pub cell: Cell,
    /// Beside which one.
    pub against: Against,
    /// In which of [`Given::WAYS`]; `None` where the group changed by too few people.
    pub way: Option<usize>,
}

/// Decides what the figures of a period that closed may stand beside.
///
/// `new` are the figures to decide, in the order in which they were released, `shown` all that are shown, these included. `members` are those
/// who gave, by month, from the first month on of which they are kept; figures of earlier months are beside nothing. `told` are the verdicts
/// so far. Where the earlier figure is not shown there is no verdict.
pub fn compare<G: Given>(
    new: &[Shown],
    shown: &[Shown],
    members: &BTreeMap<Period, Vec<Member>>,
    told: &[Verdict],
    k: MinGroup,
) -> Vec<Verdict> {
    let rolls = Rolls::new(members);
    let mut audit = rolls.audit::<G>(k);
    for verdict in told {
        let Some(way) = verdict.way.filter(|_| rolls.holds(verdict.against.of(verdict.cell.period))) else { continue };
        rolls.rows::<G>(verdict.cell, verdict.against, way, &audit).into_iter().for_each(|row| audit.publish(row));
    }
    let mut verdicts = Vec::new();
    for (figure, against) in new.iter().flat_map(|figure| Against::ALL.map(|against| (figure, against))) {
        let earlier = Cell { period: against.of(figure.cell.period), ..figure.cell };
        let Some(before) = shown.iter().find(|s| s.cell == earlier).filter(|_| rolls.holds(earlier.period)) else { continue };
        let passing = (figure.way.max(before.way)..G::WAYS.len()).find_map(|way| {
            let enough = parts::<G>(way).all(|atoms| rolls.enough(figure.cell, against, atoms, k));
            enough.then(|| Some((way, audit.with(rolls.rows::<G>(figure.cell, against, way, &audit))?)))?
        });
        let way = passing.map(|(way, with_it)| {
            audit = with_it;
            way
        });
        verdicts.push(Verdict { cell: figure.cell, against, way });
    }
    verdicts
}

/// The parts of a way and of every coarser one.
fn parts<G: Given>(way: usize) -> impl Iterator<Item = &'static [usize]> {
    G::WAYS[way..].iter().flat_map(|parts| parts.iter().copied())
}

/// Who gave, by month; people who gave to the same atoms of the same teams in the same months look alike in every change.
struct Rolls<'a> {
    members: &'a BTreeMap<Period, Vec<Member>>,
    /// The number of those who look like this person.
    alike: BTreeMap<Uuid, usize>,
    /// How many there are of each.
    groups: Vec<usize>,
}

impl<'a> Rolls<'a> {
    fn new(members: &'a BTreeMap<Period, Vec<Member>>) -> Self {
        let mut histories: BTreeMap<Uuid, BTreeSet<(Period, Option<TeamId>, u32)>> = BTreeMap::new();
        for (month, those) in members {
            for member in those.iter().filter(|member| member.atoms != 0) {
                histories.entry(member.person).or_default().insert((*month, member.team, member.atoms));
            }
        }
        let (mut numbers, mut groups, mut alike) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        for (person, history) in histories {
            let number = *numbers.entry(history).or_insert(groups.len());
            if number == groups.len() {
                groups.push(0);
            }
            groups[number] += 1;
            alike.insert(person, number);
        }
        Self { members, alike, groups }
    }

    /// One column for each atom of those who look alike.
    fn audit<G: Given>(&self, k: MinGroup) -> Audit {
        let mut next = 0u32;
        let mut columns = Vec::new();
        for size in &self.groups {
            let people: Vec<u32> = (next..).take(*size).collect();
            next = people.last().map_or(next, |last| last + 1);
            columns.extend(std::iter::repeat_n(people, G::ATOMS));
        }
        Audit::new(columns, k.get())
    }

    /// Whether it is known who gave in the whole of a period.
    fn holds(&self, period: Period) -> bool {
        self.members.keys().next().is_some_and(|first| first.first_day() <= period.first_day())
    }

    /// Those who gave to some of these atoms, with the atoms among them that they gave to.
    fn people(&self, cell: Cell, atoms: &[usize]) -> BTreeMap<Uuid, u32> {
        let (mut people, wanted) = (BTreeMap::new(), mask(atoms.iter().copied()));
        for member in cell.period.months().filter_map(|month| self.members.get(&month)).flatten() {
            let within = cell.unit == Unit::Organisation || member.team.map(Unit::Team) == Some(cell.unit);
            if within && member.atoms & wanted != 0 {
                *people.entry(member.person).or_default() |= member.atoms & wanted;
            }
        }
        people
    }

    /// Those who came and those who left.
    fn moved(&self, cell: Cell, against: Against, atoms: &[usize]) -> (BTreeMap<Uuid, u32>, BTreeMap<Uuid, u32>) {
        let mut came = self.people(cell, atoms);
        let mut left = self.people(Cell { period: against.of(cell.period), ..cell }, atoms);
        let stayed: Vec<Uuid> = came.keys().filter(|person| left.contains_key(person)).copied().collect();
        for person in &stayed {
            came.remove(person);
            left.remove(person);
        }
        (came, left)
    }

    /// Whether nobody or enough people came, and nobody or enough left.
    fn enough(&self, cell: Cell, against: Against, atoms: &[usize], k: MinGroup) -> bool {
        let (came, left) = self.moved(cell, against, atoms);
        [came.len(), left.len()].into_iter().all(|people| people == 0 || people >= k.get())
    }

    /// What a change tells in this way: a row for each part, and for each sum of parts.
    fn rows<G: Given>(&self, cell: Cell, against: Against, way: usize, audit: &Audit) -> Vec<Row> {
        let columns = |people: BTreeMap<Uuid, u32>| {
            let of_person = |(person, atoms): (Uuid, u32)| {
                let first = self.alike[&person] * G::ATOMS;
                (0..G::ATOMS).filter(move |atom| atoms & 1 << atom != 0).map(move |atom| first + atom)
            };
            people.into_iter().flat_map(of_person).collect::<BTreeSet<usize>>()
        };
        let of_part = |atoms: &[usize]| {
            let (came, left) = self.moved(cell, against, atoms);
            audit.difference(columns(came), columns(left))
        };
        parts::<G>(way).map(of_part).collect()
    }
}

#[cfg(test)]
mod tests;
