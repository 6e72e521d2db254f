//! Readers of a published story, as everybody may know of them: teams of whom enough have read it, in steps of five, and nobody by name.
//!
//! What is shown moves one step at a time, so that one more reader shows nothing but at a step. A team is named only where some of it
//! have not been counted: "five or more" of a team of five would say that each of them has read it.

use super::ballots::COUNTS_FROM;

/// What is counted is shown in steps of this many.
pub const STEP: i64 = 5;

/// Readers of a story in one team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamReaders {
    /// The team's name; `None`: people without a team.
    pub team: Option<String>,
    /// How many have read it.
    pub readers: i64,
    /// How many are in the team now.
    pub people: i64,
}

/// What is said of the readers of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadBy {
    /// Teams, by name, with how many at least.
    pub teams: Vec<(String, i64)>,
    /// Of all others together at least as many.
    pub others: Option<i64>,
}

/// What may be said of `counted`, where nothing is said of fewer than `smallest` people. `None`: nothing.
pub fn read_by(counted: Vec<TeamReaders>, smallest: i64) -> Option<ReadBy> {
    let smallest = smallest.max(COUNTS_FROM);
    let step = |readers: i64| Some(readers - readers.rem_euclid(STEP)).filter(|step| *step >= smallest);
    let (mut said, mut rest) = (ReadBy::default(), 0);
    for TeamReaders { team, readers, people } in counted {
        match (team, step(readers).filter(|step| *step < people)) {
            (Some(team), Some(step)) => said.teams.push((team, step)),
            _ => rest += readers.max(0),
        }
    }
    said.others = step(rest);
    said.teams.sort();
    (said != ReadBy::default()).then_some(said)
}

impl ReadBy {
    /// "Read by people of Payments (5 or more), Platform (10 or more) and others (5 or more)."
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = self.teams.iter().map(|(team, least)| format!("{team} ({least} or more)")).collect();
        if let Some(least) = self.others {
            parts.push(if parts.is_empty() { format!("several teams ({least} or more)") } else { "others".to_owned() });
        }
        match parts.as_slice() {
            [] => String::new(),
            [one] => format!("Read by people of {one}."),
            [most @ .., last] => format!("Read by people of {} and {last}.", most.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(name: &str, readers: i64, people: i64) -> TeamReaders {
        TeamReaders { team: Some(name.to_owned()), readers, people }
    }

    fn alone(readers: i64) -> TeamReaders {
        TeamReaders { team: None, readers, people: 0 }
    }

    fn said(counted: Vec<TeamReaders>) -> String {
        read_by(counted, 5).map(|r| r.sentence()).unwrap_or_default()
    }

    #[test]
    fn teams_are_named_from_five_readers_on_and_in_steps_of_five() {
        assert_eq!(said(vec![team("Payments", 4, 9)]), "");
        let five = said(vec![team("Payments", 5, 9)]);
        assert_eq!(five, "Read by people of Payments (5 or more).");
        for more in 6..=9 {
            assert_eq!(said(vec![team("Payments", more, 20)]), five, "one more reader shows nothing");
        }
        assert_eq!(
            said(vec![team("Platform", 12, 20), team("Payments", 5, 9), team("Desk", 3, 9), alone(2)]),
            "Read by people of Payments (5 or more), Platform (10 or more) and others."
        );
    }

    #[test]
    fn the_few_are_added_up_and_said_only_if_they_are_enough() {
        assert_eq!(said(vec![team("Desk", 3, 9), alone(1)]), "");
        assert_eq!(said(vec![team("Desk", 3, 9), alone(2)]), "Read by people of several teams (5 or more).");
        assert_eq!(said(vec![team("Payments", 5, 9), alone(4)]), "Read by people of Payments (5 or more).");
    }

    #[test]
    fn nobody_learns_that_a_whole_team_has_read_it() {
        assert_eq!(said(vec![team("Payments", 5, 5)]), "Read by people of several teams (5 or more).");
        assert_eq!(said(vec![team("Payments", 10, 8), team("Desk", 5, 5)]), "Read by people of several teams (15 or more).");
    }

    #[test]
    fn a_house_with_a_larger_smallest_group_waits_for_the_next_step() {
        assert_eq!(read_by(vec![team("Payments", 9, 20)], 7), None);
        assert_eq!(read_by(vec![team("Payments", 10, 20)], 7).unwrap().teams, [("Payments".to_owned(), 10)]);
        assert_eq!(read_by(vec![team("Payments", 4, 20)], 1), None, "never below five");
    }
}
