//! One-on-ones: the twelve questions, who may read an answer, invitations and the stretches of work.

use crate::ids::{AnswerId, IncidentId, InvitationId, PersonId, WorkSessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far an answer travels. Ordered: a later one is wider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Audience {
    /// The author.
    OnlyMe,
    /// Nobody but its author until the wall opens, then planners, without a name unless the author ticks it. Question 9 only.
    Parked,
    /// And the facilitators of the incident.
    Facilitator,
    /// May be used in the review; the facilitator, too, reads it without an author.
    Unattributed,
    /// May be quoted with the author's name.
    Named,
}

impl Audience {
    /// All, narrow to wide.
    pub const ALL: [Self; 5] = [Self::OnlyMe, Self::Parked, Self::Facilitator, Self::Unattributed, Self::Named];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["me", "parked", "facilitator", "unattributed", "named"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Only me", "Parked until planning", "Facilitator", "Review, unattributed", "Review, with my name"][self as usize]
    }

    /// How many rings the sign has (DESIGN.md): nought to three.
    pub fn rings(self) -> usize {
        [0, 1, 1, 2, 3][self as usize]
    }
}

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
}

/// The version of the shipped question set.
pub const QUESTION_SET: i64 = 1;

use Audience::{Facilitator, Named, OnlyMe, Parked, Unattributed};
const UP_TO_NAMED: &[Audience] = &[OnlyMe, Facilitator, Unattributed, Named];
const UP_TO_UNATTRIBUTED: &[Audience] = &[OnlyMe, Facilitator, Unattributed];
const UP_TO_FACILITATOR: &[Audience] = &[OnlyMe, Facilitator];

/// The question that holds the stretches of work.
pub const WORK: i64 = 3;
/// The question that goes to the parking lot.
pub const RECURRENCE: i64 = 9;
/// The question that nobody but its author ever reads.
pub const SELF_CARE: i64 = 11;
/// The question that nominates others to talk to.
pub const NOMINATIONS: i64 = 12;

/// Version 1 of the question set: exactly these twelve, in this order (PRODUCT.md). Limits of audience: PRODUCT.md rule 2.
pub const QUESTIONS: [Question; 12] = [
    Question {
        number: 1,
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
    },
    Question {
        number: 4,
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
    },
];

/// The question with this number.
pub fn question(number: i64) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.number == number)
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InvitationState {
    /// Asked; nothing opened yet.
    Invited,
    /// Opened; answers are drafts that only the author reads.
    Started,
    /// Submitted: answers are readable within their audience.
    Submitted,
    /// Declined; no reason is asked.
    Declined,
    /// Taken back by the facilitator before it was submitted.
    Withdrawn,
}

impl InvitationState {
    /// All.
    pub const ALL: [Self; 5] = [Self::Invited, Self::Started, Self::Submitted, Self::Declined, Self::Withdrawn];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["invited", "started", "submitted", "declined", "withdrawn"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Invited", "Started", "Submitted", "Declined", "Withdrawn"][self as usize]
    }
}

/// What a person gave instead of words. Real answers, all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Instead {
    /// "I don't know."
    DontKnow,
    /// "Rather not say."
    RatherNotSay,
    /// "Prefer to talk."
    PreferToTalk,
}

impl Instead {
    /// All.
    pub const ALL: [Self; 3] = [Self::DontKnow, Self::RatherNotSay, Self::PreferToTalk];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["dont-know", "rather-not-say", "prefer-to-talk"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["I don’t know", "Rather not say", "Prefer to talk"][self as usize]
    }
}

/// The confidential part of an answer: what is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerBody {
    /// The words.
    #[serde(default)]
    pub text: String,
    /// The structured choice, by its value; empty when none was made.
    #[serde(default)]
    pub choice: String,
    /// Given instead of words.
    #[serde(default)]
    pub instead: Option<Instead>,
}

impl AnswerBody {
    /// Nothing written, chosen or said instead.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.choice.is_empty() && self.instead.is_none()
    }

    /// The words that leave the author: none when something was said instead of them.
    pub fn words(&self) -> &str {
        if self.instead.is_some() { "" } else { &self.text }
    }

    /// What others are told: when something was said instead of words, that alone; what was typed before stays its author's.
    #[must_use]
    pub fn as_told(self) -> Self {
        if self.instead.is_some() { Self { instead: self.instead, ..Self::default() } } else { self }
    }
}

/// An answer as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The conversation that it belongs to.
    pub invitation_id: InvitationId,
    /// 1 to 12.
    pub question: i64,
    /// What was said.
    pub body: AnswerBody,
    /// How far it travels.
    pub audience: Audience,
    /// Counted in people measures.
    pub count_me: bool,
    /// Shown with the author's name to planners (question 9 only).
    pub with_name: bool,
    /// When its present text was submitted; `None` while it is a draft that only the author reads.
    pub released_at: Option<DateTime<Utc>>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// Counts its saves.
    pub version: i64,
}

/// A stretch of time that a person worked on an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkSession {
    /// Its id.
    pub id: WorkSessionId,
    /// The conversation in which it was told.
    pub invitation_id: InvitationId,
    /// Whose.
    pub person_id: PersonId,
    /// On what.
    pub incident_id: IncidentId,
    /// Start.
    pub started_at: DateTime<Utc>,
    /// End, later than the start.
    pub ended_at: DateTime<Utc>,
    /// The worker's own IANA zone at that time.
    pub zone: String,
    /// What kind of work.
    pub kind: WorkKind,
}

/// What a work session was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WorkKind {
    /// Working on the thing itself.
    Responding,
    /// Keeping the response together.
    Coordinating,
    /// Telling others.
    Communicating,
    /// Standing by.
    Waiting,
    /// Afterwards: writing up, cleaning up.
    FollowUp,
    /// On the way.
    Travel,
}

impl WorkKind {
    /// All, in the order in which forms offer them.
    pub const ALL: [Self; 6] =
        [Self::Responding, Self::Coordinating, Self::Communicating, Self::Waiting, Self::FollowUp, Self::Travel];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["responding", "coordinating", "communicating", "waiting", "follow-up", "travel"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Responding", "Coordinating", "Communicating", "Waiting", "Follow-up", "Travel"][self as usize]
    }
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
    fn questions_are_numbered_one_to_twelve() {
        assert!(QUESTIONS.iter().map(|q| q.number).eq(1..=12));
    }
}
