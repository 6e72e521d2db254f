//! The meeting of a review: its agenda with soft timers, what is read out at its opening, questions at hand, and the lines that people write.
//!
//! Source: research/practice.md 2.5 (agenda and minutes), 2.6 (opening statement), 2.7 (questions). All wording is our own.

use crate::timeline::EventKind;
use crate::{Invalid, text};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A stage of the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Why people are here, and how they talk with each other.
    Opening,
    /// How this part of the system normally works.
    Background,
    /// The timeline, moment by moment, by different voices.
    Story,
    /// Skills, tools, people, luck.
    WentRight,
    /// Two to five themes.
    Themes,
    /// What surprised people, and what is open.
    Learnings,
    /// One thing each has learned; what comes next.
    Close,
}

impl Stage {
    /// All, in their order.
    pub const ALL: [Self; 7] =
        [Self::Opening, Self::Background, Self::Story, Self::WentRight, Self::Themes, Self::Learnings, Self::Close];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["opening", "background", "story", "went-right", "themes", "learnings", "close"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// In the agenda.
    pub fn title(self) -> &'static str {
        ["Open", "Background", "Walk the story", "What went right", "Themes", "Surprises", "Close"][self as usize]
    }

    /// On the stage, large.
    pub fn call(self) -> &'static str {
        [
            "Why we are here",
            "How does this normally work?",
            "Walk the story",
            "What made this not worse?",
            "What we want to understand together",
            "What surprised you today?",
            "One thing that each of us takes along",
        ][self as usize]
    }

    /// What to do now, in a sentence under the call.
    pub fn how(self) -> &'static str {
        [
            "Read it out, or say it in your own words.",
            "Somebody who knows it draws it for the others. What was already degraded before that day?",
            "Different voices, moment by moment. Stay where somebody was surprised, decided, or handed over.",
            "Skills, tools, people, and luck. What was known, and how did it get into the room?",
            "One after the other. First a minute of silent writing, then talk.",
            "A minute of silence, then everybody writes a line. Simple questions are welcome.",
            "Everybody writes one line. It may be small.",
        ][self as usize]
    }

    /// The kind of line that is written in this stage, if nothing else is chosen.
    pub fn line(self) -> LineKind {
        match self {
            Self::Learnings => LineKind::Surprise,
            Self::Close => LineKind::Learned,
            _ => LineKind::Note,
        }
    }

    /// The one after it.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The one before it.
    pub fn before(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|n| Self::ALL[n])
    }
}

/// Minutes of each stage in a meeting of an hour, and of an hour and a half (practice.md 2.5).
const OF_60: [i64; 7] = [5, 5, 30, 5, 8, 5, 2];
const OF_90: [i64; 7] = [5, 10, 45, 8, 12, 7, 3];

/// How a meeting of so many minutes is divided, each stage at least one. What rounding leaves belongs to the story.
pub fn minutes(total: i64) -> [i64; 7] {
    let (of, whole) = if total >= 75 { (OF_90, 90) } else { (OF_60, 60) };
    let mut each = of.map(|minutes| ((minutes * total + whole / 2) / whole).max(1));
    let rest: i64 = each.iter().sum::<i64>() - total;
    let story = Stage::Story as usize;
    each[story] = (each[story] - rest).max(1);
    each
}

/// Where a meeting stands and how long each stage took so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The stage that runs.
    pub stage: Stage,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Seconds of each stage before that.
    pub spent: [i64; 7],
}

impl Course {
    /// From now on, with the first stage.
    pub fn begin(now: DateTime<Utc>) -> Self {
        Self { stage: Stage::Opening, since: now, spent: [0; 7] }
    }

    /// Seconds that a stage took until now.
    pub fn seconds(&self, stage: Stage, now: DateTime<Utc>) -> i64 {
        let running = if stage == self.stage { (now - self.since).num_seconds().max(0) } else { 0 };
        self.spent[stage as usize] + running
    }

    /// With another stage from now on. Turning to the one that runs changes nothing.
    #[must_use]
    pub fn turned(mut self, to: Stage, now: DateTime<Utc>) -> Self {
        if to != self.stage {
            self.spent[self.stage as usize] = self.seconds(self.stage, now);
            self.stage = to;
            self.since = now;
        }
        self
    }

    /// Stopped now: what runs is added, and goes on from `now` when it goes on.
    #[must_use]
    pub fn paused(mut self, now: DateTime<Utc>) -> Self {
        self.spent[self.stage as usize] = self.seconds(self.stage, now);
        self.since = now;
        self
    }
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LineKind {
    /// Something that was said and is worth keeping.
    Note,
    /// "This surprised me."
    Surprise,
    /// "This is what I learned."
    Learned,
}

impl LineKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Note, Self::Surprise, Self::Learned];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["note", "surprise", "learned"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// Where one chooses.
    pub fn label(self) -> &'static str {
        ["Note", "It surprised me", "I learned it"][self as usize]
    }

    /// Over a list of them.
    pub fn heading(self) -> &'static str {
        ["Notes", "What surprised people", "What people learned"][self as usize]
    }
}

/// Characters of a line, at most. Ours: longer ones are not read on a wall.
pub const LINE_MAX: usize = 600;
/// Lines of a meeting, at most. Ours.
pub const LINES_MAX: i64 = 2000;
/// Characters of what somebody is called on about, at most.
pub const ABOUT_MAX: usize = text::TITLE_MAX;
/// How long somebody counts as here after their page was last heard of, in seconds. Ours: a page asks every six.
pub const HERE_FOR: i64 = 45;

/// A line as it is kept.
///
/// # Errors
/// Field `text`.
pub fn line(typed: &str) -> Result<String, Invalid> {
    let one: String = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    text::line("text", &one, LINE_MAX)
}

/// The opening statement as it is kept; empty takes the one that comes along.
///
/// # Errors
/// Field `opening`.
pub fn opening(typed: &str) -> Result<String, Invalid> {
    if typed.chars().count() > 4000 {
        return Err(Invalid::one("opening", "Please keep it under 4,000 characters: it is read out."));
    }
    text::long("opening", typed)
}

/// Read out at the beginning, unless the organisation's people write their own.
pub const OPENING: &str = "\
Thank you for coming. We want to understand how this made sense to the people in it, at the time, with what they could see.

We know more now than anybody did then. Please help each other to leave that aside until the end.

Nobody is on trial here. We all tend to look for one person or one reason; when we notice it, in us or in others, we say so kindly and go on.

We speak about what happened and how. Ideas for changes go to the parking lot; another meeting is for them. If we leave with no fix and have learned something, this was a good hour.

Each of you saw a different part. If something is obvious to you, say it anyway. If something is unclear to you, you ask for others, too. You may pass at any time.";

/// On the wall beside the opening.
pub const GROUND_RULES: [&str; 5] = [
    "Everybody did what made sense with what they knew.",
    "How and what, rather than why and who.",
    "Tell your own view of a minute; another one may stand beside it.",
    "A fix that comes to mind is parked, and we go on.",
    "You may pass. What is said here is noted without names.",
];

/// Questions at hand, the most fitting first.
pub fn prompts(stage: Stage, moment: Option<EventKind>) -> &'static [&'static str] {
    match stage {
        Stage::Opening => &["Who is here for the first time?", "Does anybody mind being called on?"],
        Stage::Background => &[
            "What was normal that day?",
            "How does it usually go? How often does it go like that?",
            "What was already a little broken, and well known?",
        ],
        Stage::Story => of_moment(moment),
        Stage::WentRight => &[
            "What made this not worse?",
            "Which knowledge was critical, and how did it get into the room?",
            "Which tool helped more than you thought it would?",
            "Where were we lucky?",
        ],
        Stage::Themes => &[
            "What else had to be true?",
            "Would this one alone have been enough?",
            "Has it been there before, without an incident?",
            "Was this typical? What was different?",
        ],
        Stage::Learnings => {
            &["What surprised you today?", "What is still unclear?", "What did somebody say that you had never heard?"]
        }
        Stage::Close => {
            &["What will you look at next time?", "Who else should know?", "What does this text need, so that it helps others?"]
        }
    }
}

fn of_moment(kind: Option<EventKind>) -> &'static [&'static str] {
    match kind {
        Some(EventKind::Detection) => &[
            "What did it look like to you, and what told you that it was unusual?",
            "What were you looking at? What was missing on the screen?",
            "Who knew first, and how did the others hear of it?",
        ],
        Some(EventKind::Diagnosis) => &[
            "What did you think was going on? How sure were you?",
            "What would have changed your mind?",
            "Who saw this minute differently?",
        ],
        Some(EventKind::Decision | EventKind::Mitigation | EventKind::Repair) => &[
            "What went into that decision? Which options did you see?",
            "Where did the time press?",
            "How does a step like this usually go?",
        ],
        Some(EventKind::Communication | EventKind::Handover) => &[
            "How did you know whom to ask?",
            "What did each know that the other did not?",
            "How does a handover usually go at that hour?",
        ],
        Some(EventKind::Recovery | EventKind::WentRight) => &[
            "What did you do here that is written nowhere?",
            "How did you know that it was over?",
            "What would have been missed without it?",
        ],
        _ => &["What were you looking at just before this?", "How does this usually go?", "Who saw this minute differently?"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn an_agenda_fills_the_meeting_and_the_story_gets_most() {
        assert_eq!(minutes(60), OF_60);
        assert_eq!(minutes(90), OF_90);
        for total in 15..=240 {
            let each = minutes(total);
            assert_eq!(each.iter().sum::<i64>(), total, "{total}: {each:?}");
            assert!(each.iter().all(|m| *m >= 1), "{total}: {each:?}");
            assert!(each.iter().all(|m| *m <= each[Stage::Story as usize]), "{total}: {each:?}");
        }
    }

    #[test]
    fn going_back_goes_on_counting() {
        let begun = at("2026-03-10T10:00:00Z");
        let minute = |n| begun + Duration::minutes(n);
        let course = Course::begin(begun).turned(Stage::Story, minute(5)).turned(Stage::Opening, minute(20));
        assert_eq!(course.seconds(Stage::Story, minute(30)), 15 * 60);
        assert_eq!(course.seconds(Stage::Opening, minute(30)), 15 * 60);
        assert_eq!(course.clone().turned(Stage::Opening, minute(40)), course, "it runs already");
        let paused = course.paused(minute(25));
        assert_eq!(paused.seconds(Stage::Opening, minute(25)), 10 * 60);
        assert_eq!(
            Course { since: minute(90), ..paused }.seconds(Stage::Opening, minute(91)),
            11 * 60,
            "the break does not count"
        );
    }

    #[test]
    fn a_clock_that_goes_back_takes_no_time_away() {
        let begun = at("2026-03-10T10:00:00Z");
        assert_eq!(Course::begin(begun).seconds(Stage::Opening, begun - Duration::minutes(5)), 0);
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("  The desk thought\n that on call knew. ").unwrap(), "The desk thought that on call knew.");
        assert_eq!(line(" \n ").unwrap_err().fields[0].field, "text");
        assert!(line(&"a".repeat(LINE_MAX + 1)).is_err());
        assert!(opening("").unwrap().is_empty());
        assert!(opening(&"a".repeat(4001)).is_err());
    }

    #[test]
    fn slugs_come_back_and_stages_are_in_order() {
        assert!(Stage::ALL.into_iter().all(|s| Stage::from_slug(s.slug()) == Some(s)));
        assert!(LineKind::ALL.into_iter().all(|k| LineKind::from_slug(k.slug()) == Some(k)));
        assert_eq!(Stage::Opening.before(), None);
        assert_eq!(Stage::Close.next(), None);
        assert!(Stage::ALL.windows(2).all(|w| w[0].next() == Some(w[1]) && w[1].before() == Some(w[0])));
    }

    #[test]
    fn questions_ask_how_and_what_and_never_why() {
        let kinds = EventKind::ALL.into_iter().map(Some).chain([None]);
        for prompt in kinds.flat_map(|kind| Stage::ALL.into_iter().flat_map(move |stage| prompts(stage, kind))) {
            let folded = prompt.to_lowercase();
            assert!(!folded.starts_with("why") && !folded.contains(" why ") && !folded.contains("should have"), "{prompt}");
        }
    }
}
