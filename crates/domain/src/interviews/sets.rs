//! Question sets: which questions are asked in which words and order. A set is written down as a [`Definition`]; once a version of it is
//! published it never changes, and whoever was asked by it keeps it.

use super::cards::ROLES;
use super::kinds::{FIRST_OWN, Kind, LAST, kind, kind_of_slug};
use super::shipped::TWELVE;
use crate::{Invalid, text};
use serde::{Deserialize, Serialize};

/// Longest name of a set, in characters.
pub const SET_NAME_MAX: usize = 80;
/// Longest question, in characters.
pub const QUESTION_MAX: usize = 200;
/// Longest sentence beside a set or a question, in characters.
pub const PURPOSE_MAX: usize = 400;
/// Most prompts of a question, and most for roles.
pub const PROMPTS_MAX: usize = 10;

/// A prompt for who had a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePrompt {
    /// A value of [`ROLES`].
    pub role: String,
    /// The prompt.
    pub prompt: String,
}

/// A question as it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The slug of its [`Kind`].
    pub kind: String,
    /// The question.
    pub text: String,
    /// Why it is asked.
    #[serde(default)]
    pub purpose: String,
    /// Prompts to think with; never required.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<String>,
    /// Further prompts by role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub for_roles: Vec<RolePrompt>,
}

impl Asked {
    /// The question trimmed and held to its limits.
    ///
    /// # Errors
    /// Fields `kind`, `text`, `purpose`, `prompts`, `roles`.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if kind_of_slug(&self.kind).is_none() {
            invalid.add("kind", "There is no such kind of question.");
        }
        let text = invalid.take(text::line("text", &self.text, QUESTION_MAX)).unwrap_or_default();
        let purpose = invalid.take(text::optional_line("purpose", &self.purpose, PURPOSE_MAX)).unwrap_or_default();
        let mut prompts = Vec::new();
        for prompt in self.prompts.iter().filter(|p| !p.trim().is_empty()) {
            prompts.extend(invalid.take(text::line("prompts", prompt, QUESTION_MAX)));
        }
        let mut for_roles = Vec::new();
        for further in self.for_roles.iter().filter(|p| !p.prompt.trim().is_empty()) {
            if !ROLES.iter().any(|(value, _)| *value == further.role) {
                invalid.add("roles", "Please choose the role that each of these prompts is for.");
            }
            let prompt = invalid.take(text::line("roles", &further.prompt, QUESTION_MAX));
            for_roles.extend(prompt.map(|prompt| RolePrompt { role: further.role.clone(), prompt }));
        }
        for (field, count) in [("prompts", prompts.len()), ("roles", for_roles.len())] {
            if count > PROMPTS_MAX {
                invalid.add(field, format!("These are {count}; {PROMPTS_MAX} fit. Few are read, many are not."));
            }
        }
        invalid.or_ok()?;
        Ok(Self { kind: self.kind.clone(), text, purpose, prompts, for_roles })
    }
}

/// A question set as it is written down: what a copy begins with, a draft keeps and a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name.
    pub name: String,
    /// For whom or what it is, in a sentence.
    #[serde(default)]
    pub purpose: String,
    /// The questions in their order.
    pub questions: Vec<Asked>,
}

impl Definition {
    /// The set trimmed and held to its rules: a kind of the twelve at most once, at least one question.
    ///
    /// # Errors
    /// Fields `name`, `purpose`, `questions`; what is wrong with a question is said with its place.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let name = invalid.take(text::line("name", &self.name, SET_NAME_MAX)).unwrap_or_default();
        let purpose = invalid.take(text::optional_line("purpose", &self.purpose, PURPOSE_MAX)).unwrap_or_default();
        let mut questions: Vec<Asked> = Vec::new();
        for (place, asked) in self.questions.iter().enumerate() {
            match asked.checked() {
                Ok(asked) => questions.push(asked),
                Err(wrong) => {
                    for field in wrong.fields {
                        invalid.add("questions", format!("Question {}: {}", place + 1, field.message));
                    }
                }
            }
        }
        if self.questions.is_empty() {
            invalid.add("questions", "A set asks at least one question.");
        }
        for (place, asked) in questions.iter().enumerate() {
            let twice = asked.kind != "own" && questions[..place].iter().any(|q| q.kind == asked.kind);
            if twice {
                invalid.add("questions", format!("“{}” is of a kind that is asked already, and each is asked once.", asked.text));
            }
        }
        let own = questions.iter().filter(|q| q.kind == "own").count();
        let most = usize::try_from(LAST - FIRST_OWN + 1).unwrap_or_default();
        if own > most {
            invalid.add("questions", format!("These are {own} questions of your own; {most} fit."));
        }
        invalid.or_ok()?;
        Ok(Self { name, purpose, questions })
    }

    /// The set to ask by; what [`checked`](Self::checked) would refuse is left out.
    pub fn as_set(&self, number: i64) -> QuestionSet {
        let mut next_own = FIRST_OWN..=LAST;
        let questions = self.questions.iter().filter_map(|asked| {
            let known = kind_of_slug(&asked.kind)?;
            let number = if known.number == FIRST_OWN { next_own.next()? } else { known.number };
            Some(Question {
                number,
                text: asked.text.clone(),
                purpose: asked.purpose.clone(),
                prompts: asked.prompts.clone(),
                for_roles: asked.for_roles.clone(),
                kind: kind(number)?,
            })
        });
        QuestionSet { number, name: self.name.clone(), questions: questions.collect() }
    }
}

/// A question as it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names it in its set: its kind's number, or one from [`FIRST_OWN`] on.
    pub number: i64,
    /// The question.
    pub text: String,
    /// Why it is asked, in one or two sentences beside it.
    pub purpose: String,
    /// Prompts to think with; never required.
    pub prompts: Vec<String>,
    /// Further prompts for who had one of these roles.
    pub for_roles: Vec<RolePrompt>,
    /// Which answer fits, and how far it may travel.
    pub kind: &'static Kind,
}

/// The questions that somebody is asked, in their order. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionSet {
    /// What an invitation keeps: names the version of a set.
    pub number: i64,
    /// Name.
    pub name: String,
    /// The questions in the order in which they are offered.
    pub questions: Vec<Question>,
}

impl QuestionSet {
    /// The question with this number.
    pub fn question(&self, number: i64) -> Option<&Question> {
        self.questions.iter().find(|q| q.number == number)
    }

    /// The set in the order that the organisation chose. Only the twelve have two; every other set has its own.
    #[must_use]
    pub fn arranged(&self, order: QuestionOrder) -> Self {
        let mut set = self.clone();
        if set.number == TWELVE && order == QuestionOrder::Conversation {
            set.questions.sort_by_key(|q| CONVERSATION.iter().position(|n| *n == q.number));
        }
        set
    }

    /// The place of a question, from one.
    pub fn place(&self, number: i64) -> usize {
        self.questions.iter().position(|q| q.number == number).map_or(1, |at| at + 1)
    }

    /// The questions before and after this one.
    pub fn beside(&self, number: i64) -> (Option<i64>, Option<i64>) {
        let (at, place) = (|i: usize| self.questions.get(i).map(|q| q.number), self.place(number));
        (place.checked_sub(2).and_then(at), at(place))
    }

    /// Minutes that this many questions may take, as honestly as one can say: a minute and a quarter each.
    pub fn minutes(questions: usize) -> usize {
        (questions * 5).div_ceil(4)
    }
}

/// As a talk goes: what happened first, hours and care last (research/practice.md 1.0).
const CONVERSATION: [i64; 12] = [1, 2, 10, 4, 6, 8, 7, 5, 9, 3, 11, 12];

/// The order in which the twelve are offered; one may jump anywhere in either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionOrder {
    /// By number.
    #[default]
    Notebook,
    /// What happened first, hours and care last.
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
}

#[cfg(test)]
mod tests {
    use super::super::shipped::{shipped, twelve};
    use super::*;

    fn asked(kind: &str, text: &str) -> Asked {
        Asked { kind: kind.to_owned(), text: text.to_owned(), ..Asked::default() }
    }

    fn definition(questions: Vec<Asked>) -> Definition {
        Definition { name: "Ours".to_owned(), purpose: String::new(), questions }
    }

    #[test]
    fn each_order_holds_every_question_once_and_walks_there_and_back() {
        for order in QuestionOrder::ALL {
            let set = twelve().arranged(order);
            let mut numbers: Vec<i64> = set.questions.iter().map(|q| q.number).collect();
            for pair in numbers.windows(2) {
                assert_eq!((set.beside(pair[0]).1, set.beside(pair[1]).0), (Some(pair[1]), Some(pair[0])));
            }
            assert_eq!((set.beside(numbers[0]).0, set.beside(numbers[11]).1), (None, None));
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(1..=12), "{order:?}");
            assert_eq!(QuestionOrder::from_slug(order.slug()), Some(order));
        }
        let short = shipped(2).expect("a set");
        assert_eq!(short.arranged(QuestionOrder::Conversation), *short, "a set of its own order keeps it");
    }

    #[test]
    fn own_questions_are_numbered_after_the_twelve_in_their_order() {
        let set = definition(vec![asked("own", "First?"), asked("learned", "What stays?"), asked("own", "Last?")]).as_set(1000);
        assert_eq!(set.questions.iter().map(|q| q.number).collect::<Vec<_>>(), [13, 8, 14]);
        assert_eq!((set.place(8), set.beside(13), set.beside(14)), (2, (None, Some(8)), (Some(8), None)));
    }

    #[test]
    fn what_breaks_a_rule_is_refused_in_words() {
        let wrong = |d: Definition| d.checked().expect_err("refused").fields.remove(0).message;
        assert_eq!(wrong(definition(vec![])), "A set asks at least one question.");
        assert_eq!(
            wrong(definition(vec![asked("hours", "How long?"), asked("hours", "And then?")])),
            "“And then?” is of a kind that is asked already, and each is asked once."
        );
        assert_eq!(wrong(definition(vec![asked("salary", "How much?")])), "Question 1: There is no such kind of question.");
        assert!(wrong(definition(vec![asked("own", " ")])).starts_with("Question 1: "));
        assert!(wrong(definition(vec![asked("own", "x?"); 13])).starts_with("These are 13 questions of your own"));
        let of_a_role = |role: &str| Asked {
            for_roles: vec![RolePrompt { role: role.to_owned(), prompt: "And you?".to_owned() }],
            ..asked("own", "x?")
        };
        assert!(of_a_role("newcomer").checked().is_ok());
        assert!(of_a_role("boss").checked().is_err());
    }
}
