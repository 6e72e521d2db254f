//! What the pulse asks: each item with its words, its steps and what counts as good, as data.
//!
//! Wording is ours but for the last one: "burnout" is the single item of Dolan et al. 2015 (J Gen Intern Med 30:582), which is free to use
//! and stands here word for word. "Would you stay" asks about the rota and never about leaving. Source: research/practice.md 5.3, 5.4.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// How much of the time on call.
    OnCall,
    /// Content with the work.
    Satisfied,
    /// Stress could be managed.
    Stress,
    /// On-call left enough sleep.
    Sleep,
    /// Could focus.
    Focus,
    /// Would choose this rota again.
    Stay,
    /// The single burnout item.
    Burnout,
}

/// What one person answers: steps from 1, each item at most once, any of them left out.
pub type Answers = BTreeMap<Item, u8>;

struct Words {
    slug: &'static str,
    name: &'static str,
    sentence: &'static str,
    steps: &'static [&'static str],
    /// First and last good step.
    good: (u8, u8),
    /// What a share of good answers says.
    goal: &'static str,
    /// The three parts of a distribution, each with its first and last step.
    parts: [(&'static str, u8, u8); 3],
    /// Fewest people of a figure (practice.md 5.6, 1).
    people: usize,
}

const AGREE: &[&str] = &["Not at all", "Hardly", "Partly", "Mostly", "Fully"];
const AGREED: [(&str, u8, u8); 3] = [("1 or 2", 1, 2), ("3", 3, 3), ("4 or 5", 4, 5)];
/// Figures about health, and about who might go, want more people to hide in.
const TENDER: usize = 8;

const WORDS: [Words; 7] = [
    Words {
        slug: "on-call",
        name: "On call",
        sentence: "In the last four weeks, how much of the time were you on call?",
        steps: &["Not at all", "Up to a quarter of the time", "More than a quarter of the time"],
        good: (1, 2),
        goal: "on call a quarter of the time or less",
        parts: [("More than a quarter", 3, 3), ("Up to a quarter", 2, 2), ("Not at all", 1, 1)],
        people: 5,
    },
    Words {
        slug: "satisfied",
        name: "Satisfaction",
        sentence: "I am content with my work.",
        steps: AGREE,
        good: (3, 5),
        goal: "content: 3 or better",
        parts: AGREED,
        people: 5,
    },
    Words {
        slug: "stress",
        name: "Stress",
        sentence: "The stress of my work was manageable.",
        steps: AGREE,
        good: (3, 5),
        goal: "stress manageable: 3 or better",
        parts: AGREED,
        people: 5,
    },
    Words {
        slug: "sleep",
        name: "Sleep",
        sentence: "On-call left me enough sleep.",
        steps: AGREE,
        good: (3, 5),
        goal: "sleep 3 or better",
        parts: AGREED,
        people: TENDER,
    },
    Words {
        slug: "focus",
        name: "Focus",
        sentence: "I could focus without being pulled away.",
        steps: AGREE,
        good: (3, 5),
        goal: "focus 3 or better",
        parts: AGREED,
        people: 5,
    },
    Words {
        slug: "stay",
        name: "This rota again",
        sentence: "I would be glad to stay on this rota for the next three months.",
        steps: AGREE,
        good: (3, 5),
        goal: "glad to stay on the rota: 3 or better",
        parts: AGREED,
        people: TENDER,
    },
    Words {
        slug: "burnout",
        name: "Burnout",
        sentence: "Overall, based on your definition of burnout, how would you rate your level of burnout?",
        steps: &[
            "I enjoy my work. I have no symptoms of burnout.",
            "Occasionally I am under stress, and I don't always have as much energy as I once did, but I don't feel burned out.",
            "I am definitely burning out and have one or more symptoms of burnout, such as physical and emotional exhaustion.",
            "The symptoms of burnout that I'm experiencing won't go away. I think about frustration at work a lot.",
            "I feel completely burned out and often wonder if I can go on. I am at the point where I may need some changes or may need to \
             seek some sort of help.",
        ],
        good: (1, 2),
        goal: "not burning out: 1 or 2",
        parts: [("3 to 5", 3, 5), ("2", 2, 2), ("1", 1, 1)],
        people: TENDER,
    },
];

impl Item {
    /// All, in their order.
    pub const ALL: [Self; 7] = [Self::OnCall, Self::Satisfied, Self::Stress, Self::Sleep, Self::Focus, Self::Stay, Self::Burnout];

    fn words(self) -> &'static Words {
        &WORDS[self as usize]
    }

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        self.words().slug
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.slug() == slug)
    }

    /// One or two words, for tables.
    pub fn name(self) -> &'static str {
        self.words().name
    }

    /// As it is asked.
    pub fn sentence(self) -> &'static str {
        self.words().sentence
    }

    /// How its steps read, the first is step 1.
    pub fn steps(self) -> &'static [&'static str] {
        self.words().steps
    }

    /// Whether a step counts towards an objective.
    pub fn is_good(self, step: u8) -> bool {
        let (first, last) = self.words().good;
        (first..=last).contains(&step)
    }

    /// What a share of good answers says, after "80 %".
    pub fn goal(self) -> &'static str {
        self.words().goal
    }

    /// The three parts of a distribution, the hardest first.
    pub fn parts(self) -> [&'static str; 3] {
        self.words().parts.map(|(words, _, _)| words)
    }

    /// In which of [`parts`](Self::parts) a step is.
    pub fn part(self, step: u8) -> usize {
        self.words().parts.iter().position(|(_, first, last)| (*first..=*last).contains(&step)).unwrap_or(0)
    }

    /// The fewest people whose answers are told: 5, or 8 about sleep, the rota and burnout.
    pub fn fewest(self) -> usize {
        self.words().people
    }
}

/// Reads what was chosen; an empty text leaves an item out.
///
/// # Errors
/// The field, named as the item, of each answer that is no step of it; `pulse` when nothing was answered at all.
pub fn answered<'a>(typed: impl IntoIterator<Item = (Item, &'a str)>) -> Result<Answers, Invalid> {
    let mut invalid = Invalid::default();
    let mut answers = Answers::new();
    for (item, typed) in typed.into_iter().filter(|(_, typed)| !typed.is_empty()) {
        match typed.parse::<u8>() {
            Ok(step) if (1..=item.steps().len()).contains(&usize::from(step)) => {
                answers.insert(item, step);
            }
            _ => invalid.add(item.slug(), "Please choose one of these, or leave it out."),
        }
    }
    invalid.or_ok()?;
    if answers.is_empty() {
        return Err(Invalid::one("pulse", "Nothing is chosen yet. One answer is enough; or leave it this month."));
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_in_one_part_and_parts_do_not_cross_what_is_good() {
        for item in Item::ALL {
            assert_eq!(Item::from_slug(item.slug()), Some(item));
            let steps: Vec<u8> = (1..=item.steps().len()).map(|n| n as u8).collect();
            for part in 0..3 {
                let within: Vec<bool> = steps.iter().filter(|s| item.part(**s) == part).map(|s| item.is_good(*s)).collect();
                assert!(!within.is_empty(), "{item:?} {part}");
                assert!(within.iter().all(|good| *good == within[0]), "{item:?} {part}");
                assert_eq!(within[0], part > 0, "{item:?}: the first part is the hard one");
            }
        }
    }

    #[test]
    fn health_and_staying_want_more_people() {
        for item in Item::ALL {
            let tender = matches!(item, Item::Sleep | Item::Stay | Item::Burnout);
            assert_eq!(item.fewest(), if tender { 8 } else { 5 }, "{item:?}");
        }
    }

    #[test]
    fn anything_may_be_left_out_but_not_everything() {
        let read = answered([(Item::Sleep, "3"), (Item::Burnout, ""), (Item::OnCall, "1")]).unwrap();
        assert_eq!(read, Answers::from([(Item::OnCall, 1), (Item::Sleep, 3)]));
        for wrong in ["0", "6", "x", "-1", "3.0", " 3"] {
            assert!(answered([(Item::Sleep, wrong)]).unwrap_err().message("sleep").is_some(), "{wrong}");
        }
        assert!(answered([(Item::OnCall, "4")]).unwrap_err().message("on-call").is_some(), "three steps");
        assert!(answered([(Item::Sleep, "")]).unwrap_err().message("pulse").is_some());
    }
}
