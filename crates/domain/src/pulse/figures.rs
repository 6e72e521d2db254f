//! What a closed quarter tells of the pulse: shares and coarse words of groups that hide their people, in the teams that are large enough
//! and in the organisation.
//!
//! **Who may be told of** is decided by the release of people measures ([`crate::trends::release`]). It is given one period, the quarter; each team's tally
//! as so many people as answered in its fullest month, which are never fewer than there really were groups of; and the rule that on either side,
//! good and hard, at least two people must stand for certain. One thing is asked besides, because the release looks for alike people only inside
//! a figure: what is left of the organisation beside all teams that are told of must have two people on either side, too. If it has not,
//! the smallest of these teams stays untold, and its people make up the rest.
//!
//! **Why that is enough.** The figures of an item in a quarter are the organisation's and those of teams without a person in common. Whatever is computed from
//! them is about a union of told teams, or about that rest with some of them. Each has two people on both sides, and so has each union.
//!
//! **How it is told.** Shares are rounded down to 5 %, people to the five below, and the parts of a distribution are words. Intervals are computed
//! from what is told, as if each of these people had answered once: nothing more can be computed back from them.

use super::items::Item;
use super::sums::{MONTHS, Sums, Tally};
use crate::ids::TeamId;
use crate::trends::{Contribution, Given, MinGroup, Period, Span, Unit, release, wilson};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::iter::Sum;
use uuid::Uuid;

/// Fewest people on either side: with one, that one person would know what all others said; with none, everybody would.
const EITHER_SIDE: u32 = 2;
/// Shares are told in steps of so many percent.
const SHARE_STEP: u32 = 5;
/// People are told in steps of so many.
const PEOPLE_STEP: u32 = 5;

/// How large a part of the answers is, in a word. "Few" may be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Less than a third; perhaps nobody.
    Few,
    /// A third to two thirds.
    Some,
    /// More than two thirds.
    Most,
}

impl Part {
    /// All.
    pub const ALL: [Self; 3] = [Self::Few, Self::Some, Self::Most];

    /// As stored and shown.
    pub fn word(self) -> &'static str {
        ["few", "some", "most"][self as usize]
    }

    /// From [`word`](Self::word).
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.word() == word)
    }

    fn of(count: u32, all: u32) -> Self {
        match count * 3 {
            thrice if thrice < all => Self::Few,
            thrice if thrice <= all * 2 => Self::Some,
            _ => Self::Most,
        }
    }
}

/// A figure as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What was asked.
    pub item: Item,
    /// Of whom.
    pub unit: Unit,
    /// At least so many people: the five below, never under the smallest group.
    pub people: u32,
    /// The share of good answers, percent, rounded down to 5.
    pub share: u32,
    /// How large the parts of the distribution are, in the order of [`Item::parts`].
    pub parts: [Part; 3],
}

impl Figure {
    /// 95 % interval of the share, as parts of one (Wilson), as if each of the told people had answered once.
    pub fn interval(&self) -> (f64, f64) {
        wilson((self.share * self.people + 50) / 100, self.people)
    }
}

/// Answers on either side, by month.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    good: [u32; MONTHS],
    hard: [u32; MONTHS],
}

impl Sides {
    fn of(item: Item, tally: &Tally) -> Self {
        let by_month = |good: bool| std::array::from_fn(|month| tally.of(month, |step| item.is_good(step) == good));
        Self { good: by_month(true), hard: by_month(false) }
    }

    /// As many people as answered in the fullest month, with these answers dealt out among them: a month gives each at most one.
    fn dealt(&self) -> Vec<Self> {
        let people = (0..MONTHS).map(|month| self.good[month] + self.hard[month]).max().unwrap_or(0);
        let one = |n: u32, from: u32, to: u32| u32::from((from..to).contains(&n));
        (0..people)
            .map(|n| Self {
                good: std::array::from_fn(|month| one(n, 0, self.good[month])),
                hard: std::array::from_fn(|month| one(n, self.good[month], self.good[month] + self.hard[month])),
            })
            .collect()
    }

    /// Whether for certain two people stand on either side: in one month everybody answers once.
    fn hides(&self) -> bool {
        let people = |side: &[u32; MONTHS]| side.iter().copied().max().unwrap_or(0);
        people(&self.good) >= EITHER_SIDE && people(&self.hard) >= EITHER_SIDE
    }
}

impl Sum for Sides {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            good: std::array::from_fn(|month| sum.good[month] + one.good[month]),
            hard: std::array::from_fn(|month| sum.hard[month] + one.hard[month]),
        })
    }
}

impl Given for Sides {
    type Told = ();

    const ATOMS: usize = 1;
    const WAYS: &'static [&'static [&'static [usize]]] = &[&[&[0]]];

    fn has(&self, _: usize) -> bool {
        self.good.iter().chain(&self.hard).any(|n| *n > 0)
    }

    fn told(self, _: usize) {}

    fn way((): &()) -> usize {
        0
    }

    fn in_one((): ()) {}

    fn tells_of_each(given: &BTreeMap<Uuid, Self>, _: usize) -> bool {
        !given.is_empty() && !given.values().copied().sum::<Self>().hides()
    }
}

/// The figures of a quarter that closes, for groups of at least `k` people or as many as the item asks for. `teams` are those that exist.
pub fn figures(quarter: Period, sums: &Sums, teams: &[TeamId], k: MinGroup) -> Vec<Figure> {
    Item::ALL.into_iter().flat_map(|item| of_item(item, quarter, sums, teams, k)).collect()
}

fn of_item(item: Item, quarter: Period, sums: &Sums, teams: &[TeamId], k: MinGroup) -> Vec<Figure> {
    let tallies = sums.by_team(item, teams);
    let k = MinGroup::new(k.get().max(item.fewest()));
    let mut figures: Vec<Figure> = shown(item, quarter, &tallies, teams, k)
        .into_iter()
        .map(|unit| {
            let within = tallies.iter().filter(|(team, _)| unit == Unit::Organisation || team.map(Unit::Team) == Some(unit));
            told(item, unit, within.map(|(_, tally)| tally), k)
        })
        .collect();
    figures.sort_by_key(|figure| figure.unit);
    figures
}

/// The units that may be told of.
fn shown(item: Item, quarter: Period, tallies: &BTreeMap<Option<TeamId>, Tally>, teams: &[TeamId], k: MinGroup) -> Vec<Unit> {
    // Quarters share no unknowns: each is a period by itself, and stands at its last month.
    let Some(closing) = quarter.months().last() else { return Vec::new() };
    let mut next = 0;
    let mut dealt = |team: Option<TeamId>, tally: &Tally| {
        let people = Sides::of(item, tally).dealt().into_iter();
        let given = people.map(|given| {
            next += 1;
            Contribution { person: Uuid::from_u128(next), team, given }
        });
        given.collect::<Vec<_>>()
    };
    let given = tallies.iter().flat_map(|(team, tally)| dealt(*team, tally)).collect();
    let outcomes = release(closing, teams, &BTreeMap::from([(closing, given)]), &[], k);
    let passed = outcomes.iter().filter(|outcome| outcome.cell.period.span() == Span::Month && outcome.figure.is_ok());
    let mut shown: Vec<Unit> = passed.map(|outcome| outcome.cell.unit).collect();
    let told_team = |team: &Option<TeamId>| team.is_some_and(|team| shown.contains(&Unit::Team(team)));
    let rest: Vec<&Tally> = tallies.iter().filter(|(team, _)| !told_team(team)).map(|(_, tally)| tally).collect();
    let answered = rest.iter().any(|tally| tally.people() > 0);
    if answered && !rest.into_iter().map(|tally| Sides::of(item, tally)).sum::<Sides>().hides() {
        let size = |unit: &Unit| match unit {
            Unit::Organisation => u32::MAX,
            Unit::Team(team) => tallies.get(&Some(*team)).map_or(0, Tally::people),
        };
        let smallest = shown.iter().copied().min_by_key(|unit| (size(unit), *unit));
        // Without a team that is told of, the rest is the organisation, which the release has asked already.
        shown.retain(|unit| *unit == Unit::Organisation || Some(*unit) != smallest);
    }
    shown
}

fn told<'a>(item: Item, unit: Unit, tallies: impl Iterator<Item = &'a Tally> + Clone, k: MinGroup) -> Figure {
    let people: u32 = tallies.clone().map(Tally::people).sum();
    let tally: Tally = tallies.copied().sum();
    let (all, good) = (tally.answers(|_| true).max(1), tally.answers(|step| item.is_good(step)));
    let smallest = u32::try_from(k.get()).unwrap_or(u32::MAX);
    Figure {
        item,
        unit,
        people: (people / PEOPLE_STEP * PEOPLE_STEP).max(smallest),
        share: good * 100 / all / SHARE_STEP * SHARE_STEP,
        parts: std::array::from_fn(|part| Part::of(tally.answers(|step| item.part(step) == part), all)),
    }
}

/// How an objective stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The share is as large as it was meant to be, or larger.
    Met,
    /// It is not.
    NotMet,
    /// Too few people answered, or they answered too much alike, to say.
    TooFew,
}

impl Verdict {
    /// In words.
    pub fn label(self) -> &'static str {
        ["met", "not met", "too few to say"][self as usize]
    }
}

/// Whether an objective (percent, a multiple of 5) is met by what is told.
pub fn verdict(goal: u32, figure: Option<&Figure>) -> Verdict {
    match figure {
        None => Verdict::TooFew,
        // Both are multiples of five, so that rounding down changes no verdict.
        Some(figure) if figure.share >= goal => Verdict::Met,
        Some(_) => Verdict::NotMet,
    }
}

/// Whether chance alone may have put the share on its side of the objective: the interval reaches over it.
pub fn within_chance(goal: u32, figure: &Figure) -> bool {
    let (low, high) = figure.interval();
    let goal = f64::from(goal) / 100.0;
    low < goal && goal <= high
}

/// How many took part in a quarter, of how many who could: of the organisation alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// People who answered at least once.
    pub answered: u32,
    /// People with an account when the quarter closed.
    pub invited: u32,
}

/// The response rate, where neither those who took part nor those who did not are one to four (or fewer than the smallest group).
pub fn rate(answered: u32, invited: u32, k: MinGroup) -> Option<Rate> {
    let enough = |n: u32| usize::try_from(n).is_ok_and(|n| n >= k.get());
    let rest = invited.checked_sub(answered)?;
    (enough(answered) && (rest == 0 || enough(rest))).then_some(Rate { answered, invited })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::Answers;

    fn quarter() -> Period {
        Period::quarter(2026, 2).unwrap()
    }

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    /// A team's answers about focus in the first month: so many good, so many hard.
    fn told_of(teams: &[(u128, u32, u32)]) -> Vec<Figure> {
        let mut sums = Sums::default();
        for (id, good, hard) in teams {
            for (step, times) in [(4, *good), (2, *hard)] {
                (0..times).for_each(|_| sums.add(Some(team(*id)), 0, &Answers::from([(Item::Focus, step)])));
            }
        }
        let ids: Vec<TeamId> = teams.iter().map(|(id, _, _)| team(*id)).collect();
        figures(quarter(), &sums, &ids, MinGroup::default())
    }

    fn units(figures: &[Figure]) -> Vec<Unit> {
        figures.iter().map(|figure| figure.unit).collect()
    }

    #[test]
    fn a_figure_is_told_from_five_people_on_and_never_where_all_or_all_but_one_said_the_same() {
        for (good, hard, shown) in
            [(2, 2, false), (3, 2, true), (5, 0, false), (0, 5, false), (9, 1, false), (1, 9, false), (8, 2, true)]
        {
            let figures = told_of(&[(1, good, hard)]);
            assert_eq!(!figures.is_empty(), shown, "{good} {hard}");
        }
        let figures = told_of(&[(1, 8, 3)]);
        assert_eq!(units(&figures), [Unit::Organisation, Unit::Team(team(1))]);
        assert_eq!((figures[0].share, figures[0].people), (70, 10), "8 of 11, rounded down");
        assert_eq!(figures[0].parts, [Part::Few, Part::Few, Part::Most]);
    }

    #[test]
    fn three_answers_of_one_person_are_one_person() {
        // Four people in each of three months are twelve answers, and may be four people.
        let mut sums = Sums::default();
        for month in 0..3 {
            for step in [1, 1, 5, 5] {
                sums.add(Some(team(1)), month, &Answers::from([(Item::Focus, step)]));
            }
        }
        assert_eq!(figures(quarter(), &sums, &[team(1)], MinGroup::default()), []);
        // Three hard answers of three months may be one person's, who would know what the others said.
        let mut sums = Sums::default();
        for month in 0..3 {
            for step in [1, 5, 5, 5, 5] {
                sums.add(Some(team(1)), month, &Answers::from([(Item::Focus, step)]));
            }
        }
        assert_eq!(figures(quarter(), &sums, &[team(1)], MinGroup::default()), []);
    }

    #[test]
    fn sleep_the_rota_and_burnout_want_eight() {
        for (people, shown) in [(7, false), (8, true)] {
            let mut sums = Sums::default();
            for n in 0..people {
                let step = if n < 3 { 1 } else { 4 };
                let answers = Item::ALL.map(|item| (item, step.min(item.steps().len() as u8)));
                sums.add(None, 1, &answers.into_iter().collect());
            }
            let told: Vec<Item> =
                figures(quarter(), &sums, &[], MinGroup::default()).into_iter().map(|figure| figure.item).collect();
            for item in Item::ALL {
                assert_eq!(told.contains(&item), shown || item.fewest() == 5, "{people} {item:?}");
            }
        }
    }

    #[test]
    fn what_is_left_beside_the_teams_does_not_tell_of_each() {
        // Six people are left when team 1 is told of, and all six said that it was hard.
        let figures = told_of(&[(1, 5, 5), (2, 0, 3), (3, 0, 3)]);
        assert_eq!(units(&figures), [Unit::Organisation]);
        // Of two teams the smaller one makes up the rest.
        let figures = told_of(&[(1, 9, 5), (2, 3, 3), (3, 0, 6)]);
        assert_eq!(units(&figures), [Unit::Organisation, Unit::Team(team(1))]);
        // Four are left: the release itself refuses.
        let figures = told_of(&[(1, 5, 5), (2, 2, 2)]);
        assert_eq!(units(&figures), [Unit::Organisation]);
        // Six are left, on both sides.
        let figures = told_of(&[(1, 5, 5), (2, 2, 1), (3, 1, 2)]);
        assert_eq!(units(&figures), [Unit::Organisation, Unit::Team(team(1))]);
    }

    #[test]
    fn an_objective_is_met_not_met_or_not_to_be_said() {
        let figure =
            |share, people| Figure { item: Item::Sleep, unit: Unit::Organisation, people, share, parts: [Part::Some; 3] };
        assert_eq!(verdict(80, None), Verdict::TooFew);
        assert_eq!(verdict(80, Some(&figure(80, 10))), Verdict::Met);
        assert_eq!(verdict(80, Some(&figure(75, 10))), Verdict::NotMet);
        assert!(within_chance(80, &figure(75, 10)));
        assert!(!within_chance(80, &figure(40, 100)));
    }

    #[test]
    fn a_rate_tells_neither_of_few_who_did_nor_of_few_who_did_not() {
        let k = MinGroup::default();
        for (answered, invited, shown) in [
            (10, 20, true),
            (20, 20, true),
            (16, 20, false),
            (19, 20, false),
            (4, 20, false),
            (15, 20, true),
            (0, 20, false),
            (9, 8, false),
        ] {
            assert_eq!(rate(answered, invited, k).is_some(), shown, "{answered} of {invited}");
        }
    }
}
