//! Changes between periods, by hand and by a random search that knows nothing of the rule: it holds every change that was told, knows who
//! gave to which kind in which month, and takes it that people give what they usually give.

use super::super::attack::fractions::{Fraction, isolated};
use super::*;
use crate::trends::Span;
use crate::walltime::BandMinutes;

const K: usize = MinGroup::FLOOR;
const ORGANISATIONS: u64 = 100;

type Months = BTreeMap<Period, Vec<Member>>;

fn month(number: u32) -> Period {
    let year = 2025 + i32::try_from((number - 1) / 12).unwrap();
    Period::month(year, (number - 1) % 12 + 1).unwrap()
}

fn team(number: u64) -> TeamId {
    TeamId(Uuid::from_u128(u128::from(number) + 1000))
}

fn member(who: u32, team: Option<TeamId>, atoms: u32) -> Member {
    Member { person: Uuid::from_u128(u128::from(who)), team, atoms }
}

/// All figures of these months that are about five or more, in the given way, without any further thought.
fn shown(months: &Months, teams: &[TeamId], way: usize) -> Vec<Shown> {
    let rolls = Rolls::new(months);
    let all: Vec<usize> = (0..BandMinutes::ATOMS).collect();
    let units = || std::iter::once(Unit::Organisation).chain(teams.iter().copied().map(Unit::Team));
    let periods: BTreeSet<Period> = months.keys().flat_map(|m| [m.widened(Span::Month), m.widened(Span::Quarter)]).collect();
    let cells = periods.into_iter().flat_map(|period| units().map(move |unit| Cell { unit, period }));
    cells.filter(|cell| rolls.people(*cell, &all).len() >= K).map(|cell| Shown { cell, way }).collect()
}

/// Decides month after month, as the application does.
fn decide(months: &Months, shown: &[Shown]) -> Vec<Verdict> {
    let mut told: Vec<Verdict> = Vec::new();
    for month in months.keys() {
        let closed = month.closed_on();
        let known: Months = months.range(..=*month).map(|(m, those)| (*m, those.clone())).collect();
        let so_far: Vec<Shown> = shown.iter().copied().filter(|s| s.cell.period.closed_on() <= closed).collect();
        let new: Vec<Shown> = so_far.iter().copied().filter(|s| s.cell.period.closed_on() == closed).collect();
        let verdicts = compare::<BandMinutes>(&new, &so_far, &known, &told, MinGroup::default());
        told.extend(verdicts);
    }
    told
}

/// January to the last of these months of the organisation, each with those who worked by day and those who worked at night.
fn verdicts(months: &[(&[u32], &[u32])]) -> Vec<Option<Option<usize>>> {
    let night = 1 << 2;
    let those = |(day, at_night): &(&[u32], &[u32])| {
        let day = day.iter().map(|who| member(*who, None, 1));
        day.chain(at_night.iter().map(|who| member(*who, None, night))).collect::<Vec<_>>()
    };
    let months: Months = (1..).map(month).zip(months.iter().map(those)).collect();
    let told = decide(&months, &shown(&months, &[], 0));
    let of = |m: &Period| told.iter().find(|v| v.cell.period == *m && v.against == Against::Before).map(|v| v.way);
    months.keys().skip(1).map(of).collect()
}

#[test]
fn nobody_or_five_come_and_nobody_or_five_leave() {
    let all: Vec<u32> = (0..30).collect();
    let from = |from: usize, to: usize| &all[from..to];
    let told = |a: &[u32], b: &[u32]| verdicts(&[(a, &[]), (b, &[])])[0].unwrap();
    assert_eq!(told(from(0, 7), from(0, 7)), Some(0), "the same people");
    assert_eq!(told(from(0, 7), from(0, 8)), None, "one came");
    assert_eq!(told(from(0, 7), from(0, 11)), None, "four came");
    assert_eq!(told(from(0, 7), from(0, 12)), Some(0), "five came");
    assert_eq!(told(from(0, 12), from(0, 7)), Some(0), "five left");
    assert_eq!(told(from(0, 7), from(1, 8)), None, "as many as before, one exchanged");
    assert_eq!(told(from(0, 12), from(1, 17)), None, "five came and one left");
    assert_eq!(told(from(0, 7), from(7, 14)), Some(0), "all of them others");
}

#[test]
fn a_kind_to_which_few_came_is_told_with_others() {
    let all: Vec<u32> = (0..12).collect();
    // All twelve work by day in both months; at night the same five, then one more.
    assert_eq!(verdicts(&[(&all, &all[..5]), (&all, &all[..6])])[0], Some(Some(2)), "neither the night nor all outside hours");
    assert_eq!(verdicts(&[(&all, &all[..5]), (&all, &all[..5])])[0], Some(Some(0)));
}

#[test]
fn a_sum_is_told_with_its_parts() {
    let all: Vec<u32> = (0..12).collect();
    // Eight by day, then nine at night: each kind changed by enough people, both together by one.
    assert_eq!(verdicts(&[(&all[..8], &[]), (&[], &all[..9])])[0], Some(None));
    assert_eq!(verdicts(&[(&all[..8], &[]), (&[], &all[..8])])[0], Some(Some(0)));
}

#[test]
fn two_changes_do_not_add_up_to_one_about_few() {
    let all: Vec<u32> = (0..30).collect();
    // Five come and five leave again, of whom one is another one: March and January differ by two people.
    let march: Vec<u32> = (0..9).chain([14]).collect();
    let told = verdicts(&[(&all[..10], &[]), (&all[..15], &[]), (&march, &[])]);
    assert_eq!(told, [Some(Some(0)), Some(None)], "the second would tell the sum of both");
}

#[test]
fn a_year_before_is_asked_for_too_and_nothing_is_said_beside_what_is_hidden() {
    let those = |from: u32, to: u32| (from..to).map(|who| member(who, None, 1)).collect::<Vec<_>>();
    let months: Months = BTreeMap::from([(month(1), those(0, 8)), (month(12), those(0, 3)), (month(13), those(0, 8))]);
    let told = decide(&months, &shown(&months, &[], 0));
    let january: Vec<_> = told.iter().filter(|v| v.cell.period == month(13)).map(|v| (v.against, v.way)).collect();
    assert_eq!(january, [(Against::YearBefore, Some(0))], "December had three");
    assert_eq!(Against::YearBefore.of("2026-Q3".parse().unwrap()).to_string(), "2025-Q3");
    assert_eq!(Against::Before.of("2026-Q1".parse().unwrap()).to_string(), "2025-Q4");
}

#[test]
fn nothing_stands_beside_a_period_of_which_nobody_is_kept() {
    let those = (0..8).map(|who| member(who, None, 1)).collect::<Vec<_>>();
    let months: Months = BTreeMap::from([(month(5), those.clone()), (month(6), those)]);
    let mut all = shown(&months, &[], 0);
    all.push(Shown { cell: Cell { unit: Unit::Organisation, period: month(4) }, way: 0 });
    assert!(!decide(&months, &all).iter().any(|v| v.cell.period == month(5)), "of April it is not known who gave");
    assert!(decide(&months, &all).iter().any(|v| v.cell.period == month(6) && v.way == Some(0)));
}

/// SplitMix64, as the attack on figures has it.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

/// 8 to 20 people in up to three teams over 15 months, some of whom come or go together.
fn organisation(random: &mut Random) -> (Vec<TeamId>, Months) {
    let (people, teams) = (8 + random.below(13), 1 + random.below(3));
    let (busy, wave) = (70 + random.below(31), 4 + random.below(4));
    let mut months: Months = (1..=15).map(|n| (month(n), Vec::new())).collect();
    let seed = random.0;
    for who in 0..people {
        // People of one wave share when they come and go.
        let mut of_wave = Random(seed ^ ((who / wave) << 20));
        let joins = if of_wave.below(3) == 0 { of_wave.below(10) } else { 0 };
        let leaves = if of_wave.below(3) == 0 { joins + 1 + of_wave.below(12) } else { 15 };
        let home = team(of_wave.below(teams));
        let atoms = 1 | if of_wave.below(2) == 0 { 4 } else { 0 };
        for (n, those) in months.values_mut().enumerate() {
            let here = (joins..leaves).contains(&(n as u64)) && random.below(100) < busy;
            if here {
                those.push(member(who as u32, Some(home), atoms));
            }
        }
    }
    ((0..teams).map(team).collect(), months)
}

/// A group of one to four people of whom these changes tell something, if there is one.
fn attack(months: &Months, told: &[Verdict]) -> Option<BTreeSet<Uuid>> {
    let rolls = Rolls::new(months);
    let mut rows: Vec<BTreeMap<(Uuid, usize), i64>> = Vec::new();
    for verdict in told {
        for atoms in verdict.way.into_iter().flat_map(parts::<BandMinutes>) {
            let earlier = Cell { period: verdict.against.of(verdict.cell.period), ..verdict.cell };
            let (now, then) = (rolls.people(verdict.cell, atoms), rolls.people(earlier, atoms));
            let mut row = BTreeMap::new();
            for (these, others, sign) in [(&now, &then, 1), (&then, &now, -1)] {
                for (person, gave) in these.iter().filter(|(person, _)| !others.contains_key(person)) {
                    row.extend((0..BandMinutes::ATOMS).filter(|atom| gave & 1 << atom != 0).map(|atom| ((*person, atom), sign)));
                }
            }
            rows.push(row);
        }
    }
    // Unknowns that stand alike in every row are one column.
    let unknowns: BTreeSet<(Uuid, usize)> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    let mut columns: BTreeMap<Vec<i64>, BTreeSet<Uuid>> = BTreeMap::new();
    for unknown in unknowns {
        let column = rows.iter().map(|row| row.get(&unknown).copied().unwrap_or_default()).collect();
        columns.entry(column).or_default().insert(unknown.0);
    }
    let people: Vec<&BTreeSet<Uuid>> = columns.values().collect();
    let rows = (0..rows.len()).map(|row| columns.keys().map(|column| Fraction::whole(column[row])).collect()).collect();
    isolated(rows, &people, K)
}

/// A rule that looks safe: each pair of figures by itself, by how many people there are or by who they are.
fn naive(months: &Months, shown: &[Shown], by_sets: bool) -> Vec<Verdict> {
    let rolls = Rolls::new(months);
    let pairs = shown.iter().flat_map(|figure| Against::ALL.map(|against| (figure, against)));
    let beside = |(figure, against): &(&Shown, Against)| {
        let earlier = Cell { period: against.of(figure.cell.period), ..figure.cell };
        shown.iter().any(|s| s.cell == earlier)
            && parts::<BandMinutes>(figure.way).all(|atoms| {
                let (now, then) = (rolls.people(figure.cell, atoms).len(), rolls.people(earlier, atoms).len());
                if by_sets {
                    rolls.enough(figure.cell, *against, atoms, MinGroup::default())
                } else {
                    now == then || now.abs_diff(then) >= K
                }
            })
    };
    pairs.filter(beside).map(|(figure, against)| Verdict { cell: figure.cell, against, way: Some(figure.way) }).collect()
}

#[test]
fn no_changes_ever_told_isolate_fewer_than_five_people() {
    let (mut told, mut asked, mut by_number, mut by_sets, mut both) = (0, 0, 0, 0, [0; BandMinutes::WAYS.len()]);
    for number in 0..ORGANISATIONS {
        let (teams, months) = organisation(&mut Random(20_261_128 ^ (number << 32)));
        let figures = shown(&months, &teams, 0);
        let verdicts = decide(&months, &figures);
        assert_eq!(attack(&months, &verdicts), None, "organisation {number}");
        verdicts.iter().filter_map(|v| v.way).for_each(|way| both[way] += 1);
        told += verdicts.iter().filter(|v| v.way.is_some()).count();
        asked += verdicts.len();
        by_number += u64::from(attack(&months, &naive(&months, &figures, false)).is_some());
        by_sets += u64::from(attack(&months, &naive(&months, &figures, true)).is_some());
    }
    println!(
        "{told} of {asked} changes told, {both:?} by kind, in and out, in one; counting heads leaks in {by_number} of {ORGANISATIONS} \
         organisations, comparing pairs in {by_sets}"
    );
    assert!(by_number * 2 > ORGANISATIONS, "the search must bite: {by_number}");
    assert!(by_sets * 20 > ORGANISATIONS, "the search must bite: {by_sets}");
    assert!(told * 50 > asked, "refusing everything is no use: {told} of {asked}");
}
