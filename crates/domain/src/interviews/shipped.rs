//! The question sets that come with the product: the twelve, a short one, and one for near misses.

use super::sets::{Asked, Definition, QuestionSet, RolePrompt};
use std::sync::LazyLock;

/// The number of the set of twelve: what invitations keep.
pub const TWELVE: i64 = 1;
/// Five questions, for when there is little time.
pub const SHORT: i64 = 2;
/// For what almost happened.
pub const NEAR_MISS: i64 = 3;
/// The numbers of all shipped sets, in the order in which they are listed.
pub const SHIPPED: [i64; 3] = [TWELVE, SHORT, NEAR_MISS];

/// A question's words as they stand here.
struct Words {
    kind: &'static str,
    text: &'static str,
    purpose: &'static str,
    prompts: &'static [&'static str],
    by_role: &'static [(&'static str, &'static str)],
}

/// Version 1 of the question set: exactly these twelve, in this order (PRODUCT.md).
const TWELVE_WORDS: [Words; 12] = [
    Words {
        kind: "role",
        text: "What was your role in the incident?",
        purpose: "In your own words, as it was and not as a plan has it. A role may have changed on the way.",
        prompts: &[
            "When did you come in, and how?",
            "Did it change while it went on?",
            "Was it the role that you expected to have?",
        ],
        by_role: &[
            ("responder", "What were you doing when it reached you?"),
            ("observer", "What did you see that those inside it could not?"),
        ],
    },
    Words {
        kind: "surprises",
        text: "What surprised you?",
        purpose: "A surprise shows where the system and our picture of it differ. That makes it worth more than an explanation.",
        prompts: &["What did you expect to see?", "What did you see?", "When did your picture change?"],
        by_role: &[
            ("change-author", "What had told you that the change would do what you meant?"),
            ("newcomer", "What did everybody else seem to know already?"),
        ],
    },
    Words {
        kind: "hours",
        text: "How long did you work on the incident?",
        purpose: "Stretches, not one number. They show what an incident costs people, so that the cost can be lowered.",
        prompts: &["Reading along in bed counts.", "Writing it up the next morning counts."],
        by_role: &[],
    },
    Words {
        kind: "support",
        text: "Were you able to get the support you needed?",
        purpose: "From people, from tools, from those who could decide. A no tells about the system, not about you.",
        prompts: &["Who or what was there when you needed it?", "What would you have asked for, if asking were free?"],
        by_role: &[
            ("lead", "Who kept you company in deciding?"),
            ("communicator", "How did you get the words you needed from those at work?"),
            ("support", "Who answered you, and how long did it take to find them?"),
            ("newcomer", "How did you know whom to ask?"),
        ],
    },
    Words {
        kind: "foreseen",
        text: "Do you feel the incident was preventable?",
        purpose: "Looking back, everything looks plain. What matters is how it looked before.",
        prompts: &["What made it look safe at the time?", "Who could have seen it, with what they had?"],
        by_role: &[],
    },
    Words {
        kind: "good",
        text: "What actions do you feel good about?",
        purpose: "Yours or someone else’s. Small things count: a message at the right moment, a graph you knew where to find.",
        prompts: &["How did you know to do that?", "Could others have done it?", "What almost did not work?"],
        by_role: &[
            ("support", "What did you tell customers that helped them?"),
            ("communicator", "Which message made things quieter?"),
        ],
    },
    Words {
        kind: "hard",
        text: "What do you think could have been better?",
        purpose: "What was hard, slow or lonely. Describe the work as it was; ideas for later have a place of their own.",
        prompts: &["Where did you wait?", "What did you have to keep in your head?", "What would have made the next step plain?"],
        by_role: &[
            ("support", "What did customers tell you before our graphs did?"),
            ("communicator", "When did you not know what to tell, and to whom?"),
            ("change-author", "What would you have needed to see, on an ordinary day?"),
        ],
    },
    Words {
        kind: "learned",
        text: "What did you personally learn from this incident?",
        purpose: "About the system, about working together, about yourself. A small thing that is new to you may be new to others.",
        prompts: &["What did you think before?", "What do you know now?"],
        by_role: &[
            ("newcomer", "What would you tell the next newcomer?"),
            ("change-author", "What does the change look like to you now?"),
        ],
    },
    Words {
        kind: "ideas",
        text: "What do you think we can do to prevent recurrence?",
        purpose: "Your ideas wait in the parking lot until planning opens, so that the review can stay with what happened.",
        prompts: &["What is the smallest thing that would have changed the night?", "What should rather stay as it is?"],
        by_role: &[],
    },
    Words {
        kind: "tools",
        text: "Did our tools and docs serve you well?",
        purpose: "Which served you, which misled you, which were missing.",
        prompts: &["What did you open first?", "What did you trust, and was it right?"],
        by_role: &[
            ("newcomer", "Which page did you look for and not find?"),
            ("expert", "What do you look at that is written down nowhere?"),
        ],
    },
    Words {
        kind: "self-care",
        text: "Did you practice self-care during the process?",
        purpose: "For you alone. Nobody else reads it, and it is not counted anywhere.",
        prompts: &["Did you eat, drink, get up?", "Did you sleep afterwards?", "Is there somebody you want to tell?"],
        by_role: &[],
    },
    Words {
        kind: "nominations",
        text: "Can you think of anyone else we can talk to?",
        purpose: "Somebody who saw a part that you did not: another team, the desk that took the calls, who built it.",
        prompts: &["Who noticed first?", "Who was asked for advice?", "Who does this work on other days?"],
        by_role: &[],
    },
];

/// Which of the twelve the short set asks, in its order.
const SHORT_KINDS: [&str; 5] = ["surprises", "good", "hard", "learned", "hours"];

/// A near miss is asked for what held, and for how ordinary it looked.
const NEAR_MISS_WORDS: [Words; 8] = [
    Words {
        kind: "role",
        text: "What was your part in it?",
        purpose: "Nothing broke, so there may have been no roles at all. How did you come to see it?",
        prompts: &["What were you doing when it caught your eye?", "Who else looked at it with you?"],
        by_role: &[("detected", "What made you look twice?")],
    },
    Words {
        kind: "surprises",
        text: "What surprised you?",
        purpose: "A surprise shows where the system and our picture of it differ, also when all went well.",
        prompts: &["What did you expect to see?", "What did you see?", "How long might it have been like that?"],
        by_role: &[("newcomer", "What did everybody else seem to know already?")],
    },
    Words {
        kind: "good",
        text: "What kept it from becoming an incident?",
        purpose: "Somebody’s habit, a limit, a test, luck: what held here may be what we rely on without knowing.",
        prompts: &[
            "What did people do that is written down nowhere?",
            "What would have had to be different for it to reach somebody?",
        ],
        by_role: &[],
    },
    Words {
        kind: "foreseen",
        text: "How visible was the risk before that day?",
        purpose: "Not whether somebody should have known, but what there was to see on an ordinary day.",
        prompts: &["What made it look safe?", "Has it been close before?"],
        by_role: &[],
    },
    Words {
        kind: "own",
        text: "How would it have gone an hour later, or with other people there?",
        purpose: "What depended on who was there, and when.",
        prompts: &["Who would have noticed at night?", "What would they have had in front of them?"],
        by_role: &[],
    },
    Words {
        kind: "learned",
        text: "What did you personally learn from it?",
        purpose: "A small thing that is new to you may be new to others.",
        prompts: &["What did you think before?", "What do you know now?"],
        by_role: &[],
    },
    Words {
        kind: "ideas",
        text: "What do you think we can do to keep it from happening?",
        purpose: "Your ideas wait in the parking lot until planning opens, so that the review can stay with what happened.",
        prompts: &["What should rather stay as it is?"],
        by_role: &[],
    },
    Words {
        kind: "nominations",
        text: "Can you think of anyone else we can talk to?",
        purpose: "Somebody who saw a part that you did not, or who knows how it usually goes.",
        prompts: &["Who does this work on other days?", "Who built it?"],
        by_role: &[],
    },
];

impl Words {
    fn asked(&self) -> Asked {
        let further = |(role, prompt): &(&str, &str)| RolePrompt { role: (*role).to_owned(), prompt: (*prompt).to_owned() };
        Asked {
            kind: self.kind.to_owned(),
            text: self.text.to_owned(),
            purpose: self.purpose.to_owned(),
            prompts: self.prompts.iter().map(|p| (*p).to_owned()).collect(),
            for_roles: self.by_role.iter().map(further).collect(),
        }
    }
}

fn definition(name: &str, purpose: &str, questions: Vec<Asked>) -> Definition {
    Definition { name: name.to_owned(), purpose: purpose.to_owned(), questions }
}

/// The shipped sets, as they could be written down.
static DEFINITIONS: LazyLock<[Definition; 3]> = LazyLock::new(|| {
    let short = SHORT_KINDS.iter().filter_map(|kind| TWELVE_WORDS.iter().find(|w| w.kind == *kind));
    [
        definition("The twelve", "For whoever was part of an incident.", TWELVE_WORDS.iter().map(Words::asked).collect()),
        definition(
            "Five questions",
            "For whoever was there for a short while, or has little time.",
            short.map(Words::asked).collect(),
        ),
        definition(
            "Near miss",
            "For what almost happened: what held, and how ordinary it looked.",
            NEAR_MISS_WORDS.iter().map(Words::asked).collect(),
        ),
    ]
});

static SETS: LazyLock<[QuestionSet; 3]> = LazyLock::new(|| {
    let mut numbers = SHIPPED.into_iter();
    DEFINITIONS.each_ref().map(|d| d.as_set(numbers.next().unwrap_or(TWELVE)))
});

/// A shipped set by its number.
pub fn shipped(number: i64) -> Option<&'static QuestionSet> {
    SETS.iter().find(|s| s.number == number)
}

/// What a shipped set says, to copy it.
pub fn shipped_definition(number: i64) -> Option<&'static Definition> {
    let place = SHIPPED.iter().position(|n| *n == number)?;
    DEFINITIONS.get(place)
}

/// The set of twelve.
pub fn twelve() -> &'static QuestionSet {
    &SETS[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_sets_are_what_anybody_could_write_down() {
        for definition in DEFINITIONS.iter() {
            assert_eq!(definition.checked().as_ref(), Ok(definition), "{}", definition.name);
        }
        let counts = SHIPPED.map(|n| shipped(n).expect("a set").questions.len());
        assert_eq!(counts, [12, 5, 8]);
    }

    #[test]
    fn the_twelve_are_numbered_one_to_twelve_in_order() {
        assert!(twelve().questions.iter().map(|q| q.number).eq(1..=12));
    }
}
