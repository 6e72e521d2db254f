//! What a question is, whatever words it is asked in: which answer fits and how far that may travel. An organisation changes words and
//! order, never these.

use super::Audience;
use super::Audience::{Facilitator, Named, OnlyMe, Parked, Unattributed};
use super::cards::{CARE, GOOD, HARD, LEARNED, ROLES_HELD, SURPRISES, TOOLS};
use super::entries::EntryShape;

/// The kind of a question: what a person may answer, and who may come to read it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// 1 to 12 as in the set of twelve; questions of an organisation's own have numbers from [`FIRST_OWN`] on.
    pub number: i64,
    /// As in files and forms.
    pub slug: &'static str,
    /// On screen, for those who choose among kinds.
    pub label: &'static str,
    /// The audience that an untouched answer has.
    pub default: Audience,
    /// The audiences that its author may choose, narrow to wide (PRODUCT.md rule 2).
    pub allowed: &'static [Audience],
    /// A structured choice, where the question has one: (value, label).
    pub choices: &'static [(&'static str, &'static str)],
    /// What the choice asks, where it is not the question itself.
    pub choice_label: &'static str,
    /// What one repeatable entry holds, where the question has such.
    pub entries: Option<&'static EntryShape>,
    /// What can be ticked, for its author alone: (value, label).
    pub ticks: &'static [(&'static str, &'static str)],
}

const UP_TO_NAMED: &[Audience] = &[OnlyMe, Facilitator, Unattributed, Named];
const UP_TO_UNATTRIBUTED: &[Audience] = &[OnlyMe, Facilitator, Unattributed];
const UP_TO_FACILITATOR: &[Audience] = &[OnlyMe, Facilitator];

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
/// The first question of an organisation's own; the next ones follow.
pub const FIRST_OWN: i64 = 13;
/// The highest number that a question can have.
pub const LAST: i64 = 24;

/// The kinds of the twelve, by number.
pub const KINDS: [Kind; 12] = [
    Kind {
        number: ROLE,
        slug: "role",
        label: "Role",
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&ROLES_HELD),
        ticks: &[],
    },
    Kind {
        number: 2,
        slug: "surprises",
        label: "Surprises",
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&SURPRISES),
        ticks: &[],
    },
    Kind {
        number: WORK,
        slug: "hours",
        label: "Hours worked",
        default: OnlyMe,
        allowed: &[OnlyMe],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
    },
    Kind {
        number: SUPPORT,
        slug: "support",
        label: "Support",
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
    },
    Kind {
        number: 5,
        slug: "foreseen",
        label: "What was foreseen",
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
    },
    Kind {
        number: 6,
        slug: "good",
        label: "What felt good",
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&GOOD),
        ticks: &[],
    },
    Kind {
        number: 7,
        slug: "hard",
        label: "What was hard",
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&HARD),
        ticks: &[],
    },
    Kind {
        number: 8,
        slug: "learned",
        label: "What was learned",
        default: Facilitator,
        allowed: UP_TO_NAMED,
        choices: &[],
        choice_label: "",
        entries: Some(&LEARNED),
        ticks: &[],
    },
    Kind {
        number: RECURRENCE,
        slug: "ideas",
        label: "Ideas for later",
        default: Parked,
        allowed: &[OnlyMe, Parked],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
    },
    Kind {
        number: 10,
        slug: "tools",
        label: "Tools and docs",
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
    },
    Kind {
        number: SELF_CARE,
        slug: "self-care",
        label: "Self-care",
        default: OnlyMe,
        allowed: &[OnlyMe],
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: CARE,
    },
    Kind {
        number: NOMINATIONS,
        slug: "nominations",
        label: "Whom else to ask",
        default: Facilitator,
        allowed: UP_TO_FACILITATOR,
        choices: &[],
        choice_label: "",
        entries: None,
        ticks: &[],
    },
];

/// A question of an organisation's own: words, nothing else.
static OWN: Kind = Kind {
    number: FIRST_OWN,
    slug: "own",
    label: "A question of your own",
    default: Facilitator,
    allowed: UP_TO_NAMED,
    choices: &[],
    choice_label: "",
    entries: None,
    ticks: &[],
};

/// The kind of the question with this number.
pub fn kind(number: i64) -> Option<&'static Kind> {
    match number {
        FIRST_OWN..=LAST => Some(&OWN),
        _ => KINDS.iter().find(|k| k.number == number),
    }
}

/// All kinds: the twelve by number, then an organisation's own.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().chain([&OWN])
}

/// The kind with this slug.
pub fn kind_of_slug(slug: &str) -> Option<&'static Kind> {
    kinds().find(|k| k.slug == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_audience_is_always_allowed_and_limits_are_those_of_the_product() {
        for k in kinds() {
            assert!(k.allowed.contains(&k.default), "question {}", k.number);
        }
        let widest: Vec<Audience> = KINDS.iter().map(|k| *k.allowed.iter().max().expect("some")).collect();
        assert_eq!(widest, [Named, Named, OnlyMe, Unattributed, Named, Named, Named, Named, Parked, Named, OnlyMe, Facilitator]);
    }

    #[test]
    fn kinds_are_found_by_number_and_by_slug() {
        assert!(KINDS.iter().map(|k| k.number).eq(1..=12));
        assert!(KINDS.iter().all(|k| kind_of_slug(k.slug) == kind(k.number)));
        assert_eq!((kind(FIRST_OWN), kind(LAST), kind(LAST + 1), kind(0)), (Some(&OWN), Some(&OWN), None, None));
        assert_eq!(kind_of_slug("own").map(|k| k.number), Some(FIRST_OWN));
    }
}
