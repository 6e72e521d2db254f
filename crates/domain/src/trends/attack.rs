//! The attack on released people measures: random organisations, exact fractions, no knowledge of how the audit works.
//!
//! The attacker holds every figure ever published and knows who was in which figure and in which kind of working time, person by person;
//! unknown is only how much each person gave to each kind. It looks for a combination of figures, with any weights, that touches fewer than five people.

pub(super) mod fractions;

use super::*;
use crate::TeamId;
use crate::walltime::BandMinutes;
use fractions::{Fraction, isolated};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const K: usize = MinGroup::FLOOR;
/// In each run; `TRENDS_ORGANISATIONS=10000` looks longer.
const ORGANISATIONS: u64 = 300;

/// SplitMix64: small, and the same for the same seed everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

struct Organisation<G = BandMinutes> {
    teams: Vec<TeamId>,
    closed: BTreeMap<Period, Vec<Contribution<G>>>,
}

fn team(number: u64) -> TeamId {
    TeamId(Uuid::from_u128(u128::from(number) + 1000))
}

fn person(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

/// All four kinds of working time: whoever is in one is in all.
fn gave_all(who: u64, team: Option<TeamId>, minutes: i64) -> Contribution<BandMinutes> {
    let given = BandMinutes { working: minutes, evening: minutes, night: minutes, weekend: minutes };
    Contribution { person: person(who), team, given }
}

fn gave(who: u64, team: Option<TeamId>, minutes: i64) -> Contribution<BandMinutes> {
    Contribution { person: person(who), team, given: BandMinutes { night: minutes, ..BandMinutes::default() } }
}

/// 5 to 20 people in 1 to 4 teams over 12 months; they join, leave, move, have no team, or give nothing in a month. Some kinds of working
/// time are common in one organisation and rare in another.
fn organisation(random: &mut Random) -> Organisation {
    let (people, team_count) = (random.between(5, 20), random.between(1, 4));
    let (busy, restless) = (random.between(30, 100), random.between(0, 15));
    let common: Vec<u64> = (0..4).map(|_| random.between(0, 100)).collect();
    let months: Vec<Period> = Period::year(2026).unwrap().months().collect();
    let mut closed: BTreeMap<Period, Vec<Contribution<BandMinutes>>> = months.iter().map(|m| (*m, Vec::new())).collect();
    for who in 0..people {
        let joins = if random.chance(30) { random.between(0, 11) } else { 0 };
        let leaves = if random.chance(30) { random.between(joins, 12) } else { 12 };
        let any_team = |random: &mut Random| (!random.chance(5)).then(|| team(random.between(1, team_count)));
        let mut home = any_team(random);
        for month in joins..leaves {
            if random.chance(restless) {
                home = any_team(random);
            }
            let given = closed.get_mut(&months[month as usize]).unwrap();
            if random.chance(busy) {
                let mut minutes = |kind: usize| if random.chance(common[kind]) { random.between(1, 600) as i64 } else { 0 };
                let minutes = BandMinutes { working: minutes(0), evening: minutes(1), night: minutes(2), weekend: minutes(3) };
                given.push(Contribution { person: person(who), team: home, given: minutes });
            } else if random.chance(20) {
                given.push(gave(who, home, 0));
            }
        }
    }
    Organisation { teams: (1..=team_count).map(team).collect(), closed }
}

fn with_figures(outcomes: &[Outcome<Hours>]) -> Vec<Shown> {
    shown::<BandMinutes>(outcomes)
}

fn shown<G: Given>(outcomes: &[Outcome<G::Told>]) -> Vec<Shown> {
    outcomes.iter().filter_map(Shown::of::<G>).collect()
}

/// Closes month after month, as the application does, with only that known which was then.
fn close_all<G: Given>(organisation: &Organisation<G>) -> Vec<Outcome<G::Told>> {
    let mut outcomes = Vec::new();
    for month in organisation.closed.keys() {
        let known = organisation.closed.range(..=*month).map(|(m, given)| (*m, given.clone())).collect();
        outcomes.extend(release(*month, &organisation.teams, &known, &shown::<G>(&outcomes), MinGroup::default()));
    }
    outcomes
}

fn in_cell<G: Given>(cell: Cell, month: Period, contribution: &Contribution<G>) -> bool {
    let unit = cell.unit == Unit::Organisation || contribution.team.map(Unit::Team) == Some(cell.unit);
    unit && cell.period.covers(month) && !contribution.given.is_nothing()
}

fn people_in<G: Given>(organisation: &Organisation<G>, cell: Cell) -> usize {
    let all = organisation.closed.iter().flat_map(|(month, given)| given.iter().filter(|c| in_cell(cell, *month, c)));
    all.map(|c| c.person).collect::<BTreeSet<_>>().len()
}

/// The rule that looks safe: show by month, else quarter, else year, whatever has five people, by all kinds of working time.
fn naive(organisation: &Organisation) -> Vec<Shown> {
    let units = || std::iter::once(Unit::Organisation).chain(organisation.teams.iter().copied().map(Unit::Team));
    let mut told: Vec<Cell> = Vec::new();
    for span in Span::ALL {
        let periods: BTreeSet<Period> = organisation.closed.keys().map(|m| m.widened(span)).collect();
        for cell in periods.into_iter().flat_map(|period| units().map(move |unit| Cell { unit, period })) {
            let covered = |month: &Period| told.iter().any(|c| c.unit == cell.unit && c.period.covers(*month));
            if people_in(organisation, cell) >= K && !cell.period.months().all(|m| covered(&m)) {
                told.push(cell);
            }
        }
    }
    told.into_iter().map(|cell| Shown { cell, way: FINEST }).collect()
}

/// By the four kinds of working time, and as one sum.
const FINEST: usize = 0;
const COARSEST: usize = BandMinutes::WAYS.len() - 1;

/// A group of one to four people of whom the figures tell something, if there is one.
fn attack<G: Given>(organisation: &Organisation<G>, told: &[Shown]) -> Option<BTreeSet<Uuid>> {
    let figures: Vec<(Cell, &[usize])> =
        told.iter().flat_map(|shown| G::WAYS[shown.way].iter().map(|atoms| (shown.cell, *atoms))).collect();
    // Unknowns that are in exactly the same figures look alike: one column for each set of figures.
    let mut columns: BTreeMap<(Period, Vec<bool>), BTreeSet<Uuid>> = BTreeMap::new();
    for (month, given) in &organisation.closed {
        for contribution in given {
            for atom in (0..G::ATOMS).filter(|atom| contribution.given.has(*atom)) {
                let within = |(cell, atoms): &(Cell, &[usize])| atoms.contains(&atom) && in_cell(*cell, *month, contribution);
                let inside: Vec<bool> = figures.iter().map(within).collect();
                if inside.contains(&true) {
                    columns.entry((*month, inside)).or_default().insert(contribution.person);
                }
            }
        }
    }
    let people: Vec<&BTreeSet<Uuid>> = columns.values().collect();
    let entry = |inside: &Vec<bool>, figure: usize| if inside[figure] { Fraction::ONE } else { Fraction::ZERO };
    let rows = (0..figures.len()).map(|figure| columns.keys().map(|(_, inside)| entry(inside, figure)).collect()).collect();
    isolated(rows, &people, K)
}

fn seed() -> u64 {
    let seed = std::env::var("TRENDS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_117);
    println!("TRENDS_SEED={seed}");
    seed
}

fn organisations() -> u64 {
    std::env::var("TRENDS_ORGANISATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(ORGANISATIONS)
}

/// Every kind of working time of each figure, whatever its way: the rule that audits whole figures alone.
fn by_kind(told: &[Shown]) -> Vec<Shown> {
    told.iter().map(|shown| Shown { way: FINEST, ..*shown }).collect()
}

#[test]
fn nothing_ever_published_isolates_fewer_than_five_people() {
    let (seed, organisations) = (seed(), organisations());
    let (mut shown, mut cells, mut naive_leaks, mut whole_leaks, mut ways) = (0, 0, 0, 0, [0; BandMinutes::WAYS.len()]);
    for number in 0..organisations {
        let organisation = organisation(&mut Random(seed ^ (number << 32)));
        let outcomes = close_all(&organisation);
        let told = with_figures(&outcomes);
        assert_eq!(attack(&organisation, &told), None, "seed {seed}, organisation {number}");
        told.iter().for_each(|shown| ways[shown.way] += 1);
        shown += told.len();
        cells += outcomes.len();
        naive_leaks += u64::from(attack(&organisation, &naive(&organisation)).is_some());
        whole_leaks += u64::from(attack(&organisation, &by_kind(&told)).is_some());
    }
    println!(
        "shown {shown} of {cells} cells, {ways:?} by kind, in and out, in one; the naive rule leaks in {naive_leaks} of {organisations} \
         organisations, the rule that looks at whole figures alone in {whole_leaks}"
    );
    assert!(naive_leaks * 2 > organisations, "the attack must bite: it found only {naive_leaks} leaks of the naive rule");
    assert!(whole_leaks * 2 > organisations, "the attack must bite: it found only {whole_leaks} leaks of kinds");
    assert!(shown * 10 > cells, "hiding everything is no use");
    assert!(ways.iter().all(|way| *way * 50 > shown), "each way must have been taken: {ways:?}");
}

/// The same people and months, as nights: some of them, by how long somebody worked at night and in the evening, without teams.
fn nights_of(organisation: &Organisation) -> Organisation<NightCounts> {
    let count = |minutes: i64, each: i64| u32::try_from((minutes + each - 1) / each).unwrap();
    let counts = |c: &Contribution<BandMinutes>| {
        let given = NightCounts { broken: count(c.given.night, 250), short_rests: count(c.given.evening, 350) };
        Contribution { person: c.person, team: None, given }
    };
    let closed = organisation.closed.iter().map(|(month, given)| (*month, given.iter().map(counts).collect()));
    Organisation { teams: Vec::new(), closed: closed.collect() }
}

#[test]
fn no_figure_of_nights_isolates_few_or_tells_of_each() {
    let seed = seed();
    let (mut told_apart, mut told_together, mut hidden) = (0, 0, 0);
    for number in 0..organisations() {
        let organisation = nights_of(&organisation(&mut Random(seed ^ (number << 32))));
        let outcomes = close_all(&organisation);
        let told = shown::<NightCounts>(&outcomes);
        assert_eq!(attack(&organisation, &told), None, "seed {seed}, organisation {number}");
        hidden += outcomes.len() - told.len();
        for figure in &told {
            *[&mut told_apart, &mut told_together][figure.way] += 1;
            // Of the whole, and of what it adds to the figures inside it: somebody must be able to hide behind somebody else.
            let inside = |month: &Period| {
                told.iter().any(|o| o != figure && figure.cell.period.covers(o.cell.period) && o.cell.period.covers(*month))
            };
            for only_rest in [false, true] {
                let months = organisation.closed.iter().filter(|(month, _)| figure.cell.period.covers(**month));
                let months = months.filter(|(month, _)| !only_rest || !inside(month));
                let mut sums: BTreeMap<Uuid, [u32; 2]> = BTreeMap::new();
                for contribution in months.flat_map(|(_, given)| given) {
                    let sum = sums.entry(contribution.person).or_default();
                    *sum = [sum[0] + contribution.given.broken, sum[1] + contribution.given.short_rests];
                }
                for part in NightCounts::WAYS[figure.way] {
                    let gave: Vec<u32> =
                        sums.values().map(|sum| part.iter().map(|a| sum[*a]).sum::<u32>()).filter(|n| *n > 0).collect();
                    let more = gave.iter().filter(|n| **n > 1).count();
                    assert!(gave.is_empty() || more >= 2, "seed {seed}, organisation {number}, {:?}: {gave:?}", figure.cell);
                }
            }
        }
    }
    println!("nights: {told_apart} figures apart, {told_together} together, {hidden} hidden");
    assert!(told_apart > 100 && told_together > 100 && hidden > 100, "{told_apart}, {told_together}, {hidden}");
}

#[test]
fn nothing_is_refused_that_could_have_been_told() {
    let seed = seed();
    let (mut refused, mut coarser) = (0, 0);
    for number in 0..organisations() / 4 {
        let organisation = organisation(&mut Random(seed ^ (number << 32)));
        let mut told: Vec<Shown> = Vec::new();
        let leaks = |told: &[Shown], cell: Cell, way: usize| {
            let with_it: Vec<Shown> = told.iter().copied().chain([Shown { cell, way }]).collect();
            attack(&organisation, &with_it).is_some()
        };
        for outcome in close_all(&organisation) {
            match outcome.figure {
                Ok(figure) => {
                    let way = BandMinutes::way(&figure.given);
                    for finer in 0..way {
                        assert!(leaks(&told, outcome.cell, finer), "seed {seed}, {number}: {:?} by {finer}", outcome.cell);
                        coarser += 1;
                    }
                    told.push(Shown { cell: outcome.cell, way });
                }
                Err(Reason::TooFew) => assert!(people_in(&organisation, outcome.cell) < K),
                Err(Reason::WouldIsolate) => {
                    let unit = outcome.cell.unit;
                    let covered = |m: &Period| told.iter().any(|s| s.cell.unit == unit && s.cell.period.covers(*m));
                    let open = outcome.cell.period.months().filter(|m| !covered(m));
                    let empty = open.into_iter().all(|period| people_in(&organisation, Cell { unit, period }) == 0);
                    assert!(empty || leaks(&told, outcome.cell, COARSEST), "seed {seed}, {number}: {:?}", outcome.cell);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 20 && coarser > 50, "the refusals must have been tried: {refused}, {coarser}");
}

#[test]
fn a_kind_in_which_few_worked_stays_in_the_sum() {
    let january = Period::month(2026, 1).unwrap();
    let hours = |working, evening, night| BandMinutes { working, evening, night, weekend: 0 };
    let told = |given: &[BandMinutes]| {
        let given =
            (1..).zip(given).map(|(who, given)| Contribution { person: person(who), team: None, given: *given }).collect();
        let outcomes = release(january, &[], &BTreeMap::from([(january, given)]), &[], MinGroup::default());
        outcomes[0].figure.map(|figure| figure.given)
    };
    let day = hours(60, 0, 0);
    // One of six at night: neither the night nor what is left without it.
    assert_eq!(told(&[day, day, day, day, day, hours(0, 0, 90)]), Ok(Hours::Total { total: 390 }));
    // Five outside working hours, of whom one at night.
    let late = hours(60, 30, 0);
    assert_eq!(told(&[late, late, late, late, hours(60, 0, 90)]), Ok(Hours::InAndOut { working: 300, outside: 210 }));
    // Nobody outside: that is told.
    assert_eq!(told(&[day; 5]), Ok(Hours::ByBand(hours(300, 0, 0))));
}

#[test]
fn a_quarter_tells_by_kind_what_its_months_could_tell_in_one_sum_only() {
    let home = Some(team(1));
    let night = |who| Contribution {
        person: person(who),
        team: home,
        given: BandMinutes { working: 60, night: 30, ..BandMinutes::default() },
    };
    let day =
        |who| Contribution { person: person(who), team: home, given: BandMinutes { working: 60, ..BandMinutes::default() } };
    let month = |m| Period::month(2026, m).unwrap();
    let closed = [[1, 2], [3, 4], [5, 6]].into_iter().zip(1..).map(|(at_night, m)| {
        let given = (1..=6).map(|who| if at_night.contains(&who) { night(who) } else { day(who) }).collect();
        (month(m), given)
    });
    let organisation = Organisation { teams: vec![], closed: closed.collect() };
    let shown = close_all(&organisation).into_iter().filter(|o| o.cell.unit == Unit::Organisation);
    let shown: Vec<_> = shown.map(|o| (o.cell.period.to_string(), o.figure.map(|f| f.given))).collect();
    let total = Ok(Hours::Total { total: 420 });
    assert_eq!(shown[..3].iter().map(|(_, told)| *told).collect::<Vec<_>>(), [total; 3]);
    let quarter = BandMinutes { working: 18 * 60, night: 180, ..BandMinutes::default() };
    assert_eq!(shown[3..], [("2026-Q1".to_owned(), Ok(Hours::ByBand(quarter)))]);
}

/// One month: teams of these sizes, a minute each.
fn one_month(sizes: &[u64]) -> Organisation {
    let teams: Vec<TeamId> = (1..=sizes.len() as u64).map(team).collect();
    let home = teams.iter().zip(sizes).flat_map(|(team, size)| std::iter::repeat_n(*team, *size as usize));
    let given = home.zip(0..).map(|(team, who)| gave(who, Some(team), 30)).collect();
    Organisation { teams: teams.clone(), closed: BTreeMap::from([(Period::month(2026, 1).unwrap(), given)]) }
}

fn figures(organisation: &Organisation) -> Vec<(Unit, Result<usize, Reason>)> {
    close_all(organisation).into_iter().map(|o| (o.cell.unit, o.figure.map(|f| f.people))).collect()
}

#[test]
fn the_last_team_is_hidden_where_it_would_leave_a_small_one_alone() {
    let [a, b, c] = [1, 2, 3].map(|n| Unit::Team(team(n)));
    let all = Unit::Organisation;
    assert_eq!(figures(&one_month(&[7, 5])), [(all, Ok(12)), (a, Ok(7)), (b, Ok(5))]);
    assert_eq!(figures(&one_month(&[7, 4])), [(all, Ok(11)), (a, Err(Reason::WouldIsolate)), (b, Err(Reason::TooFew))]);
    assert_eq!(
        figures(&one_month(&[5, 7, 3])),
        [(all, Ok(15)), (b, Ok(7)), (a, Err(Reason::WouldIsolate)), (c, Err(Reason::TooFew))]
    );
    assert_eq!(figures(&one_month(&[3, 7, 2])), [(all, Ok(12)), (b, Ok(7)), (a, Err(Reason::TooFew)), (c, Err(Reason::TooFew))]);
    assert_eq!(figures(&one_month(&[6, 0])), [(all, Ok(6)), (a, Ok(6)), (b, Err(Reason::TooFew))]);
    assert_eq!(figures(&one_month(&[2, 2])), [all, a, b].map(|unit| (unit, Err(Reason::TooFew))));
}

/// The only team's months: who gave something in January, February, March.
fn first_quarter(months: [&[u64]; 3]) -> Vec<(Period, Result<usize, Reason>)> {
    let home = Some(team(1));
    let closed =
        (1..).zip(months).map(|(m, who)| (Period::month(2026, m).unwrap(), who.iter().map(|w| gave(*w, home, 60)).collect()));
    let organisation = Organisation { teams: vec![team(1)], closed: closed.collect() };
    let outcomes = close_all(&organisation).into_iter().filter(|o| o.cell.unit == Unit::Organisation);
    outcomes.map(|o| (o.cell.period, o.figure.map(|f| f.people))).collect()
}

#[test]
fn a_quarter_stands_in_for_months_with_too_few_unless_it_gives_one_away() {
    let month = |m| Period::month(2026, m).unwrap();
    let quarter = Period::quarter(2026, 1).unwrap();
    let few = Err(Reason::TooFew);
    assert_eq!(
        first_quarter([&[1, 2], &[2, 3, 4], &[4, 5]]),
        [(month(1), few), (month(2), few), (month(3), few), (quarter, Ok(5))]
    );
    assert_eq!(
        first_quarter([&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5], &[1, 2]]),
        [(month(1), Ok(5)), (month(2), Ok(5)), (month(3), few), (quarter, Err(Reason::WouldIsolate))]
    );
    assert_eq!(
        first_quarter([&[1, 2, 3, 4, 5], &[1, 2, 3], &[3, 4, 5]]),
        [(month(1), Ok(5)), (month(2), few), (month(3), few), (quarter, Ok(5))]
    );
    // An empty month looks like one with a few people.
    assert_eq!(
        first_quarter([&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5], &[]]),
        [(month(1), Ok(5)), (month(2), Ok(5)), (month(3), few), (quarter, Err(Reason::WouldIsolate))]
    );
    let full: &[u64] = &[1, 2, 3, 4, 5];
    assert_eq!(first_quarter([full, full, full]).len(), 3, "no quarter where each month has its figure");
}

#[test]
fn people_who_gave_nothing_hide_nobody_and_figures_are_rounded() {
    let month = Period::month(2026, 1).unwrap();
    let mut given: Vec<Contribution<BandMinutes>> = (1..=4).map(|who| gave(who, Some(team(1)), 10)).collect();
    given.extend((5..=9).map(|who| gave(who, Some(team(1)), 0)));
    let closed = BTreeMap::from([(month, given.clone())]);
    let outcomes = release(month, &[team(1)], &closed, &[], MinGroup::default());
    assert!(outcomes.iter().all(|o| o.figure == Err(Reason::TooFew)));
    given.push(gave(5, Some(team(1)), 9));
    let closed = BTreeMap::from([(month, given)]);
    let outcomes = release(month, &[team(1)], &closed, &[], MinGroup::default());
    let expected = Released { people: 5, given: Hours::ByBand(BandMinutes { night: 45, ..BandMinutes::default() }) };
    assert!(outcomes.iter().all(|o| o.figure == Ok(expected)));
    assert!(release(month, &[team(1)], &closed, &with_figures(&outcomes), MinGroup::default()).is_empty(), "decided once");
}

#[test]
fn a_wished_minimum_only_ever_rises() {
    assert_eq!([0, 4, 5, 8].map(|wished| MinGroup::new(wished).get()), [5, 5, 5, 8]);
    let month = Period::month(2026, 1).unwrap();
    let organisation = one_month(&[9, 7]);
    let outcomes = release(month, &organisation.teams, &organisation.closed, &[], MinGroup::new(8));
    let units: Vec<Unit> = with_figures(&outcomes).into_iter().map(|shown| shown.cell.unit).collect();
    assert_eq!(units, [Unit::Organisation]);
}

#[test]
fn a_year_of_sixty_teams_closes_in_moments() {
    let mut random = Random(seed());
    let months: Vec<Period> = Period::year(2026).unwrap().months().collect();
    let teams: Vec<TeamId> = (0..60).map(team).collect();
    let mut closed: BTreeMap<Period, Vec<Contribution<BandMinutes>>> = BTreeMap::new();
    for month in &months {
        let given = (0..400).filter(|_| random.chance(60)).map(|who| gave_all(who, Some(team(who % 60)), 45)).collect();
        closed.insert(*month, given);
    }
    let outcomes = close_all(&Organisation { teams, closed });
    let shown = with_figures(&outcomes).len();
    assert!(shown > 100, "{shown} of {}", outcomes.len());
}
