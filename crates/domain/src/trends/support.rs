//! Support as people told it (question 4), as a measure about people.
//!
//! Five choices are counted as two: had enough (fully, or none was needed), or more was needed (partly, no, or needed but not
//! asked for). More kinds would tell more of each person; "needed it but did not ask" is never a number of its own.

use super::Given;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::iter::Sum;
use uuid::Uuid;

/// Fewest people on either side: with one, that one person would know what all the others said; with none, everybody would.
const EITHER_SIDE: usize = 2;

/// Answers by whether the support was enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// Had what they needed, or needed none.
    pub enough: u32,
    /// Needed more than they got.
    pub more_needed: u32,
}

impl Support {
    /// One answer, by the value of its choice; `None` for a value that is none of question 4.
    pub fn of_choice(choice: &str) -> Option<Self> {
        match choice {
            "yes" | "not-needed" => Some(Self { enough: 1, more_needed: 0 }),
            "partly" | "no" | "did-not-ask" => Some(Self { enough: 0, more_needed: 1 }),
            _ => None,
        }
    }

    /// All answers.
    pub fn answers(&self) -> u32 {
        self.enough + self.more_needed
    }
}

impl Sum for Support {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            enough: sum.enough + one.enough,
            more_needed: sum.more_needed + one.more_needed,
        })
    }
}

impl Given for Support {
    type Told = Self;

    const ATOMS: usize = 1;
    const WAYS: &'static [&'static [&'static [usize]]] = &[&[&[0]]];

    fn has(&self, _: usize) -> bool {
        self.answers() > 0
    }

    fn told(self, _: usize) -> Self {
        self
    }

    fn way(_: &Self) -> usize {
        0
    }

    fn in_one(told: Self) -> Self {
        told
    }

    fn tells_of_each(given: &BTreeMap<Uuid, Self>, _: usize) -> bool {
        let enough = given.values().filter(|g| g.enough > 0).count();
        let more_needed = given.values().filter(|g| g.more_needed > 0).count();
        !given.is_empty() && (enough < EITHER_SIDE || more_needed < EITHER_SIDE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interviews::{SUPPORT, kind};
    use crate::trends::{Contribution, MinGroup, Outcome, Period, Reason, Shown, Unit, release};

    #[test]
    fn every_choice_of_the_question_counts_on_one_side() {
        for (choice, _) in kind(SUPPORT).expect("question 4").choices {
            assert_eq!(Support::of_choice(choice).map(|s| s.answers()), Some(1), "{choice}");
        }
        assert_eq!(Support::of_choice(""), None);
    }

    fn month(number: u32) -> Period {
        Period::month(2026, number).expect("a month")
    }

    /// Closes January to the last of these months; each holds `(enough, more needed)` people, all different ones.
    fn close(months: &[(u128, u128)]) -> Vec<Outcome<Support>> {
        let (mut closed, mut outcomes, mut published, mut next) = (BTreeMap::new(), Vec::new(), Vec::new(), 0);
        for (n, (enough, more)) in (1..).zip(months) {
            let sides = (0..*enough).map(|_| "yes").chain((0..*more).map(|_| "did-not-ask"));
            let given = sides.map(|choice| {
                next += 1;
                Contribution { person: Uuid::from_u128(next), team: None, given: Support::of_choice(choice).expect("a choice") }
            });
            closed.insert(month(n), given.collect::<Vec<_>>());
            let decided = release(month(n), &[], &closed, &published, MinGroup::default());
            published.extend(decided.iter().filter_map(Shown::of::<Support>));
            outcomes.extend(decided);
        }
        outcomes
    }

    #[test]
    fn a_month_in_which_all_or_all_but_one_said_the_same_stays_hidden() {
        for (enough, more, shown) in
            [(6, 0, false), (0, 6, false), (5, 1, false), (1, 5, false), (4, 2, true), (2, 4, true), (2, 2, false)]
        {
            let outcomes = close(&[(enough, more)]);
            assert_eq!(outcomes.len(), 1);
            assert_eq!(outcomes[0].cell.unit, Unit::Organisation);
            assert_eq!(outcomes[0].figure.is_ok(), shown, "{enough} enough, {more} more needed");
        }
    }

    #[test]
    fn a_quarter_does_not_tell_what_a_hidden_month_in_it_held() {
        // Two months are shown; the quarter minus both would say that all five of the third said the same.
        let outcomes = close(&[(4, 3), (3, 4), (5, 0)]);
        let hidden: Vec<_> = outcomes.iter().filter(|o| o.figure.is_err()).map(|o| (o.cell.period, o.figure)).collect();
        assert_eq!(hidden.len(), 2, "March and the quarter: {hidden:?}");
        assert!(hidden.iter().all(|(_, figure)| *figure == Err(Reason::WouldIsolate)));
        // Where March alone was too few, and with nothing shown before, the quarter speaks for all.
        let outcomes = close(&[(2, 1), (2, 1), (1, 2)]);
        let shown: Vec<_> = outcomes.iter().filter(|o| o.figure.is_ok()).map(|o| o.cell.period.to_string()).collect();
        assert_eq!(shown, ["2026-Q1"]);
    }
}
