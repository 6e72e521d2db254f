//! The attack on the pulse: random organisations of real people who answer when they like, skip what they like and change teams; then every group that
//! can be computed from what was told is held against who was really in it.

use super::*;
use crate::TeamId;
use crate::trends::{MinGroup, Period, Unit};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const ORGANISATIONS: u64 = 400;

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

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What each person said of each item: who stands on which side.
type Said = BTreeMap<Item, BTreeMap<u64, BTreeSet<bool>>>;

struct World {
    teams: Vec<TeamId>,
    sums: Sums,
    /// By home.
    said: BTreeMap<Option<TeamId>, Said>,
}

fn world(random: &mut Random) -> World {
    let (people, team_count) = (5 + random.below(30), 1 + random.below(4));
    let teams: Vec<TeamId> = (0..team_count).map(|n| TeamId(Uuid::from_u128(u128::from(n) + 1))).collect();
    let (keen, skips, content) = (random.below(101), random.below(60), random.below(101));
    let mut world = World { teams, sums: Sums::default(), said: BTreeMap::new() };
    for who in 0..people {
        // As the store does: at home where they first answered in the quarter.
        let any = |random: &mut Random| (!random.chance(10)).then(|| world.teams[random.below(team_count) as usize]);
        let mut home = None;
        for month in 0..3 {
            if !random.chance(keen) {
                continue;
            }
            let home = *home.get_or_insert_with(|| any(random));
            let mut answers = Answers::new();
            for item in Item::ALL {
                if !random.chance(skips) {
                    let steps = item.steps().len() as u64;
                    let step = if random.chance(content) == item.is_good(1) { 1 } else { steps };
                    answers.insert(item, step as u8);
                }
            }
            world.sums.add(home, month, &answers);
            let said = world.said.entry(home).or_default();
            for (item, step) in answers {
                said.entry(item).or_default().entry(who).or_default().insert(item.is_good(step));
            }
        }
    }
    world
}

impl World {
    /// Who answered an item in these homes, and how many of them on either side.
    fn group(&self, item: Item, homes: &[Option<TeamId>]) -> (usize, usize, usize) {
        let mut all: BTreeMap<u64, BTreeSet<bool>> = BTreeMap::new();
        for said in homes.iter().filter_map(|home| self.said.get(home)?.get(&item)) {
            all.extend(said.clone());
        }
        let side = |good: bool| all.values().filter(|sides| sides.contains(&good)).count();
        (all.len(), side(true), side(false))
    }
}

#[test]
fn nothing_that_can_be_computed_is_about_few_people_or_tells_of_each() {
    let mut random = Random(47);
    let (mut told, mut computed) = (0, 0);
    for number in 0..ORGANISATIONS {
        let world = world(&mut random);
        let figures = figures(Period::quarter(2026, 1).unwrap(), &world.sums, &world.teams, MinGroup::default());
        told += figures.len();
        for item in Item::ALL {
            let units: Vec<Unit> = figures.iter().filter(|f| f.item == item).map(|f| f.unit).collect();
            let teams: Vec<TeamId> = world.teams.iter().copied().filter(|team| units.contains(&Unit::Team(*team))).collect();
            let homes = || world.teams.iter().copied().map(Some).chain([None]);
            let rest: Vec<Option<TeamId>> = homes().filter(|home| !home.is_some_and(|team| teams.contains(&team))).collect();
            assert!(teams.is_empty() || units.contains(&Unit::Organisation), "{number} {item:?}");
            // Each union of told teams, alone and, where the organisation is told of, with what is left beside them all.
            for chosen in 0..1_u32 << teams.len() {
                let union: Vec<Option<TeamId>> =
                    teams.iter().enumerate().filter(|(n, _)| chosen & (1 << n) != 0).map(|(_, team)| Some(*team)).collect();
                let with_rest = units.contains(&Unit::Organisation).then(|| [union.clone(), rest.clone()].concat());
                for homes in [Some(union), with_rest].into_iter().flatten() {
                    let (people, good, hard) = world.group(item, &homes);
                    if people > 0 {
                        computed += 1;
                        assert!(people >= item.fewest(), "{number} {item:?}: {people} people");
                        assert!(good >= 2 && hard >= 2, "{number} {item:?}: {good} and {hard} of {people}");
                    }
                }
            }
        }
        for figure in &figures {
            let homes: Vec<Option<TeamId>> = match figure.unit {
                Unit::Organisation => world.teams.iter().copied().map(Some).chain([None]).collect(),
                Unit::Team(team) => vec![Some(team)],
            };
            let (people, _, _) = world.group(figure.item, &homes);
            assert!(figure.people as usize <= people, "never more people than there were");
            assert!(figure.share % 5 == 0 && figure.share < 100);
        }
    }
    println!("{told} figures told of {ORGANISATIONS} organisations, {computed} groups computed from them");
    assert!(told > 1_000 && computed > told, "{told} {computed}");
}

/// What the test is worth: with the rule that looks safe (each unit of five people), it finds groups that are told of one by one.
#[test]
fn the_rule_that_looks_safe_tells_of_each() {
    let mut random = Random(47);
    let mut leaks = 0;
    for _ in 0..ORGANISATIONS {
        let world = world(&mut random);
        for home in world.teams.iter().copied().map(Some) {
            let (people, good, hard) = world.group(Item::Focus, &[home]);
            leaks += usize::from(people >= 5 && (good < 2 || hard < 2));
        }
    }
    assert!(leaks > 50, "{leaks}");
}
