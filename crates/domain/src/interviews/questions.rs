//! The twelve questions: their words, what kinds of answer fit, how far an answer may travel.

use super::Audience;
use super::Audience::{Facilitator, Named, OnlyMe, Parked, Unattributed};
use super::entries::{EntryField, EntryShape, FieldKind};

/// One question of a question set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// 1 to 12.
    pub number: i64,
    /// In its original words.
    pub text: &'static str,
    /// Why it is asked, in one or two sentences beside it.
    pub purpose: &'static str,
    /// Prompts to think with; never required.
    pub prompts: &'static [&'static str],
    /// The audience that an untouched answer has.
    pub default: Audience,
    /// The audiences that its author may choose, narrow to wide.
    pub allowed: &'static [Audience],
    /// A structured choice, where the question has one: (value, label).
    pub choices: &'static [(&'static str, &'static str)],
    /// What the choice asks, where it is not the question itself.
    pub choice_label: &'static str,
    /// What one repeatable entry holds, where the question has such.
    pub entries: Option<&'static EntryShape>,
    /// What can be ticked, for its author alone: (value, label).
    pub ticks: &'static [(&'static str, &'static str)],
    /// Further prompts for who had one of these roles (the values of [`ROLES`]).
    pub by_role: &'static [(&'static str, &'static str)],
}

/// The version of the shipped question set.
pub const QUESTION_SET: i64 = 1;

const UP_TO_NAMED: &[Audience] = &[OnlyMe, Facilitator, Unattributed, Named];
const UP_TO_UNATTRIBUTED: &[Audience] = &[OnlyMe, Facilitator, Unattributed];
const UP_TO_FACILITATOR: &[Audience] = &[OnlyMe, Facilitator];

/// Roles that somebody may have had: (value, label). Several are fine, and roles change.
pub const ROLES: &[(&str, &str)] = &[
    ("detected", "Noticed it"),
    ("responder", "First responder"),
    ("lead", "Kept the response together"),
    ("expert", "Knew the part"),
    ("communicator", "Kept others informed"),
    ("support", "Spoke with customers"),
    ("change-author", "Made a change that took part"),
    ("observer", "Looked on"),
    ("affected", "Was affected by it"),
    ("newcomer", "New to this"),
    ("other", "Something else"),
];

const ROLES_HELD: EntryShape = EntryShape {
    one: "role",
    fields: [
        Some(EntryField { key: "role", label: "Role", told: "", kind: FieldKind::Pick(ROLES) }),
        Some(EntryField { key: "from", label: "From about", told: "from", kind: FieldKind::Line }),
        Some(EntryField { key: "until", label: "Until about", told: "until", kind: FieldKind::Line }),
    ],
};

const SURPRISES: EntryShape = EntryShape {
    one: "surprise",
    fields: [
        Some(EntryField { key: "expected", label: "What you expected", told: "Expected:", kind: FieldKind::Words }),
        Some(EntryField { key: "saw", label: "What you saw", told: "Saw:", kind: FieldKind::Words }),
        None,
    ],
};

const GOOD: EntryShape = EntryShape {
    one: "action",
    fields: [
        Some(EntryField { key: "what", label: "What somebody did", told: "", kind: FieldKind::Words }),
        Some(EntryField {
            key: "thanks-to",
            label: "What made it possible",
            told: "thanks to",
            kind: FieldKind::Pick(&[
                ("skill", "Skill"),
                ("tool", "A tool"),
                ("people", "A person or team"),
                ("preparation", "Preparation"),
                ("communication", "Communication"),
                ("luck", "Luck"),
            ]),
        }),
        None,
    ],
};

const HARD: EntryShape = EntryShape {
    one: "hard part",
    fields: [
        Some(EntryField { key: "what", label: "What was hard", told: "", kind: FieldKind::Words }),
        Some(EntryField {
            key: "area",
            label: "Where it was hard",
            told: "",
            kind: FieldKind::Pick(&[
                ("detection", "Noticing"),
                ("diagnosis", "Finding out"),
                ("access", "Access"),
                ("tooling", "Tools"),
                ("communication", "Communication"),
                ("coordination", "Working together"),
                ("decision", "Deciding"),
                ("hand-over", "Handing over"),
                ("hours", "The hour of the day"),
            ]),
        }),
        Some(EntryField {
            key: "often",
            label: "How often it is like that",
            told: "",
            kind: FieldKind::Pick(&[("first", "For the first time"), ("sometimes", "Sometimes"), ("usual", "Usually")]),
        }),
    ],
};

const LEARNED: EntryShape = EntryShape {
    one: "thing learned",
    fields: [
        Some(EntryField { key: "before", label: "Before, I thought", told: "Before, I thought:", kind: FieldKind::Words }),
        Some(EntryField { key: "now", label: "Now I know", told: "Now I know:", kind: FieldKind::Words }),
        None,
    ],
};

const TOOLS: EntryShape = EntryShape {
    one: "tool or page",
    fields: [
        Some(EntryField { key: "tool", label: "Tool, graph or page", told: "", kind: FieldKind::Line }),
        Some(EntryField {
            key: "how",
            label: "How it served you",
            told: "",
            kind: FieldKind::Pick(&[
                ("served", "Served me well"),
                ("misled", "Misled me"),
                ("missing", "Was missing"),
                ("mistrusted", "I did not trust it"),
            ]),
        }),
        Some(EntryField { key: "note", label: "In what way", told: "", kind: FieldKind::Line }),
    ],
};

/// What one may tick of oneself at question 11; nobody else ever sees it.
const CARE: &[(&str, &str)] = &[
    ("breaks", "Took breaks"),
    ("ate", "Ate and drank"),
    ("slept", "Slept enough afterwards"),
    ("handed-over", "Handed over"),
    ("told", "Told somebody how it was"),
    ("none", "None of these"),
];

/// The question about one's role.
pub const ROLE: i64 = 1;
/// The question that holds the stretches of work.
pub const WORK: i64 = 3;
/// The question whose choice is counted as a people measure: support.
pub const SUPPORT: i64 = 4;
/// The question that goes to the parking lot.
pub const RECURRENCE: i64 = 9;
/// The question that nobody but its author ever reads.
pub const SELF_CARE: i64 = 11;
/// The question that nominates others to talk to.
pub const NOMINATIONS: i64 = 12;

/// Version 1 of the question set: exactly these twelve, in this order (PRODUCT.md). Limits of audience: PRODUCT.md rule 2.
pub const QUESTIONS: [Question; 12] = [
    Question {
        number: ROLE,
        text: "What was your role in the incident?",
        purpose: "In your own words, as it was and not as a plan has it. A role may have changed on the way.",
        prompts: &[
            "When did you come in, and how?",
            "Did it change while it went on?",
            "Was it the role that you expected to have?",
        ],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&ROLES_HELD),
        ticks: &[],
        by_role: &[
            ("responder", "What were you doing when it reached you?"),
            ("observer", "What did you see that those inside it could not?"),
        ],
    },
    Question {
        number: 2,
        text: "What surprised you?",
        purpose: "A surprise shows where the system and our picture of it differ. That makes it worth more than an explanation.",
        prompts: &["What did you expect to see?", "What did you see?", "When did your picture change?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&SURPRISES),
        ticks: &[],
        by_role: &[
            ("change-author", "What had told you that the change would do what you meant?"),
            ("newcomer", "What did everybody else seem to know already?"),
        ],
    },
    Question {
        number: WORK,
        text: "How long did you work on the incident?",
        purpose: "Stretches, not one number. They show what an incident costs people, so that the cost can be lowered.",
        prompts: &["Reading along in bed counts.", "Writing it up the next morning counts."],
        default: OnlyMe,
        allowed: &[OnlyMe],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
        by_role: &[],
    },
    Question {
        number: SUPPORT,
        text: "Were you able to get the support you needed?",
        purpose: "From people, from tools, from those who could decide. A no tells about the system, not about you.",
        prompts: &["Who or what was there when you needed it?", "What would you have asked for, if asking were free?"],
        default: Facilitator,
        allowed: UP_TO_UNATTRIBUTED,
        choices: &[
            ("yes", "Yes, fully"),
            ("partly", "Partly"),
            ("no", "No"),
            ("did-not-ask", "Needed it but did not ask"),
            ("not-needed", "Did not need any"),
        ],
        choice_label: "Support",
        entries: None,
        ticks: &[],
        by_role: &[
            ("lead", "Who kept you company in deciding?"),
            ("communicator", "How did you get the words you needed from those at work?"),
            ("support", "Who answered you, and how long did it take to find them?"),
            ("newcomer", "How did you know whom to ask?"),
        ],
    },
    Question {
        number: 5,
        text: "Do you feel the incident was preventable?",
        purpose: "Looking back, everything looks plain. What matters is how it looked before.",
        prompts: &["What made it look safe at the time?", "Who could have seen it, with what they had?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[
            ("0", "0: nobody could see it"),
            ("1", "1: hardly"),
            ("2", "2: some suspected it"),
            ("3", "3: known to those close to it"),
            ("4", "4: widely known"),
        ],
        choice_label: "How visible was the risk beforehand?",
        entries: None,
        ticks: &[],
        by_role: &[],
    },
    Question {
        number: 6,
        text: "What actions do you feel good about?",
        purpose: "Yours or someone else’s. Small things count: a message at the right moment, a graph you knew where to find.",
        prompts: &["How did you know to do that?", "Could others have done it?", "What almost did not work?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&GOOD),
        ticks: &[],
        by_role: &[
            ("support", "What did you tell customers that helped them?"),
            ("communicator", "Which message made things quieter?"),
        ],
    },
    Question {
        number: 7,
        text: "What do you think could have been better?",
        purpose: "What was hard, slow or lonely. Describe the work as it was; ideas for later have a place of their own.",
        prompts: &["Where did you wait?", "What did you have to keep in your head?", "What would have made the next step plain?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&HARD),
        ticks: &[],
        by_role: &[
            ("support", "What did customers tell you before our graphs did?"),
            ("communicator", "When did you not know what to tell, and to whom?"),
            ("change-author", "What would you have needed to see, on an ordinary day?"),
        ],
    },
    Question {
        number: 8,
        text: "What did you personally learn from this incident?",
        purpose: "About the system, about working together, about yourself. A small thing that is new to you may be new to others.",
        prompts: &["What did you think before?", "What do you know now?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&LEARNED),
        ticks: &[],
        by_role: &[
            ("newcomer", "What would you tell the next newcomer?"),
            ("change-author", "What does the change look like to you now?"),
        ],
    },
    Question {
        number: RECURRENCE,
        text: "What do you think we can do to prevent recurrence?",
        purpose: "Your ideas wait in the parking lot until planning opens, so that the review can stay with what happened.",
        prompts: &["What is the smallest thing that would have changed the night?", "What should rather stay as it is?"],
        default: Parked,
        allowed: &[OnlyMe, Parked],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
        by_role: &[],
    },
    Question {
        number: 10,
        text: "Did our tools and docs serve you well?",
        purpose: "Which served you, which misled you, which were missing.",
        prompts: &["What did you open first?", "What did you trust, and was it right?"],
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[
            ("served", "Served me well"),
            ("mixed", "Mixed"),
            ("misled", "Misled me"),
            ("missing", "Something was missing"),
        ],
        choice_label: "Tools and docs",
        entries: Some(&TOOLS),
        ticks: &[],
        by_role: &[
            ("newcomer", "Which page did you look for and not find?"),
            ("expert", "What do you look at that is written down nowhere?"),
        ],
    },
    Question {
        number: SELF_CARE,
        text: "Did you practice self-care during the process?",
        purpose: "For you alone. Nobody else reads it, and it is not counted anywhere.",
        prompts: &["Did you eat, drink, get up?", "Did you sleep afterwards?", "Is there somebody you want to tell?"],
        default: OnlyMe,
        allowed: &[OnlyMe],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: CARE,
        by_role: &[],
    },
    Question {
        number: NOMINATIONS,
        text: "Can you think of anyone else we can talk to?",
        purpose: "Somebody who saw a part that you did not: another team, the desk that took the calls, who built it.",
        prompts: &["Who noticed first?", "Who was asked for advice?", "Who does this work on other days?"],
        default: Facilitator,
        allowed: UP_TO_FACILITATOR,
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
        by_role: &[],
    },
];

/// The order in which the questions are offered; one may jump anywhere in either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionOrder {
    /// By number.
    #[default]
    Notebook,
    /// As a talk goes: what happened first, hours and care last (research/practice.md 1.0).
    Conversation,
}

impl QuestionOrder {
    /// All.
    pub const ALL: [Self; 2] = [Self::Notebook, Self::Conversation];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["notebook", "conversation"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.slug() == slug)
    }

    /// The numbers of the questions in this order.
    pub fn numbers(self) -> [i64; 12] {
        match self {
            Self::Notebook => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            Self::Conversation => [1, 2, 10, 4, 6, 8, 7, 5, 9, 3, 11, 12],
        }
    }

    /// The place of a question, from one.
    pub fn place(self, number: i64) -> usize {
        self.numbers().iter().position(|n| *n == number).map_or(1, |at| at + 1)
    }

    /// The questions before and after this one.
    pub fn beside(self, number: i64) -> (Option<i64>, Option<i64>) {
        let (numbers, place) = (self.numbers(), self.place(number));
        (place.checked_sub(2).and_then(|at| numbers.get(at)).copied(), numbers.get(place).copied())
    }
}

/// The question with this number.
pub fn question(number: i64) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_audience_is_always_allowed_and_limits_are_those_of_the_product() {
        for q in &QUESTIONS {
            assert!(q.allowed.contains(&q.default), "question {}", q.number);
        }
        let widest: Vec<Audience> = QUESTIONS.iter().map(|q| *q.allowed.iter().max().expect("some")).collect();
        assert_eq!(widest, [Named, Named, OnlyMe, Unattributed, Named, Named, Named, Named, Parked, Named, OnlyMe, Facilitator]);
    }

    #[test]
    fn further_prompts_are_for_roles_that_can_be_chosen() {
        for (role, prompt) in QUESTIONS.iter().flat_map(|q| q.by_role) {
            assert!(ROLES.iter().any(|(value, _)| value == role), "{role}: {prompt}");
        }
    }

    #[test]
    fn each_order_holds_every_question_once_and_walks_there_and_back() {
        for order in QuestionOrder::ALL {
            let mut numbers = order.numbers();
            for pair in numbers.windows(2) {
                assert_eq!((order.beside(pair[0]).1, order.beside(pair[1]).0), (Some(pair[1]), Some(pair[0])));
            }
            assert_eq!((order.beside(numbers[0]).0, order.beside(numbers[11]).1), (None, None));
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(1..=12), "{order:?}");
            assert_eq!(QuestionOrder::from_slug(order.slug()), Some(order));
        }
    }

    #[test]
    fn questions_are_numbered_one_to_twelve() {
        assert!(QUESTIONS.iter().map(|q| q.number).eq(1..=12));
    }
}
