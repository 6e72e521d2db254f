//! The sections of a second story: their order, what each asks, and which of them may be left out.

use serde::{Deserialize, Serialize};

/// The sections of a second story, in reading order: what was learned comes early, and what went right stands before what was hard.
/// The title is the incident's own, and the timeline is drawn from its events: neither is a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SectionKind {
    /// Two minutes' reading.
    Summary,
    /// Learnings, in prose; the list itself stands in its own table.
    Learnings,
    /// What nobody knows yet.
    OpenQuestions,
    /// Who noticed, how many, for how long, with what is not known for sure.
    Impact,
    /// What one has to know to follow.
    Background,
    /// What happened, as it looked to those who were in it.
    Narrative,
    /// Contributing factors, in prose; the list itself stands in its own table.
    Factors,
    /// What went right: what kept it small.
    WentRight,
    /// Where it was luck.
    Luck,
    /// What else this shows that has not happened.
    Risks,
    /// What was hard in handling it.
    Hard,
    /// What surprised us.
    Surprised,
    /// What was known then, beside what is known now.
    KnownThen,
    /// How this review was made.
    HowMade,
    /// Appreciations.
    Thanks,
    /// A text for people outside. It stands apart from the story.
    External,
    /// Words, links, incidents that belong to it.
    Glossary,
}

impl SectionKind {
    /// All, in reading order.
    pub const ALL: [Self; 17] = [
        Self::Summary,
        Self::Learnings,
        Self::OpenQuestions,
        Self::Impact,
        Self::Background,
        Self::Narrative,
        Self::Factors,
        Self::WentRight,
        Self::Luck,
        Self::Risks,
        Self::Hard,
        Self::Surprised,
        Self::KnownThen,
        Self::HowMade,
        Self::Thanks,
        Self::External,
        Self::Glossary,
    ];

    /// As stored and in URLs.
    pub fn slug(self) -> &'static str {
        [
            "summary",
            "learnings",
            "open-questions",
            "impact",
            "background",
            "narrative",
            "factors",
            "went-right",
            "luck",
            "risks",
            "hard",
            "surprised",
            "known-then",
            "how-made",
            "thanks",
            "external",
            "glossary",
        ][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        [
            "Summary",
            "Learnings",
            "Open questions",
            "Impact",
            "Background",
            "What happened",
            "Contributing factors",
            "What went right",
            "Where we had luck",
            "Risks seen",
            "What was hard",
            "What surprised us",
            "Known then, known now",
            "How this review was made",
            "Appreciations",
            "A text for people outside",
            "Words and links",
        ][self as usize]
    }

    /// A sentence that helps to begin.
    pub fn prompt(self) -> &'static str {
        [
            "Two minutes’ reading: what people saw, what it was, what was learned.",
            "What is known now that was not known before.",
            "What does nobody know yet? A question left open is worth more than a guess.",
            "Who noticed, how many, for how long? Say “about” and “partly” where it is so.",
            "What one has to know to follow the story: how the system and the work around it normally go.",
            "Tell it forward, as it looked then. What did people see, what did they make of it, what did they do?",
            "Many conditions had to be true together. Describe how they met; none of them alone explains it.",
            "What helped, who noticed, what held and kept it small. It is worth keeping.",
            "What could as well have gone another way, and only happened not to?",
            "What else does this show, that has not been an incident yet?",
            "Where people waited, guessed, or had to carry too much at once.",
            "Where did the system behave other than people pictured it?",
            "What did people know while it went on, and what is known only since? It keeps hindsight out of the story.",
            "Who was asked, how many talked, what was read, what could not be found out.",
            "Whom, or what, would you like to thank? People by name only if they like it.",
            "What do those outside need to hear, and what do you want to say to them? It stands apart and is no part of the story.",
            "Words that not everybody knows, pages to read on, incidents that belong to it.",
        ][self as usize]
    }

    /// Whether every story does well with it: it asks its question while it is empty. None is a must.
    pub fn is_asked_for(self) -> bool {
        matches!(
            self,
            Self::Summary
                | Self::Learnings
                | Self::Impact
                | Self::Narrative
                | Self::Factors
                | Self::WentRight
                | Self::Hard
                | Self::HowMade
        )
    }

    /// Whether it is read inside the story. What is said to people outside stands apart, and quotes of people never stand in it.
    pub fn is_in_story(self) -> bool {
        self != Self::External
    }

    /// A form to begin with, Markdown, where one helps.
    pub fn skeleton(self) -> Option<&'static str> {
        (self == Self::KnownThen).then_some("| Known then | Known now |\n|---|---|\n|  |  |\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_found_by_its_slug_and_says_what_it_asks() {
        for kind in SectionKind::ALL {
            assert_eq!(SectionKind::from_slug(kind.slug()), Some(kind));
            assert!(!kind.title().is_empty() && kind.prompt().len() > 20, "{kind:?}");
        }
        assert!(SectionKind::ALL.is_sorted(), "the order of the list is that of reading");
        assert_eq!(SectionKind::from_slug("no-such-section"), None);
    }

    #[test]
    fn what_was_stored_before_there_were_more_is_still_a_section() {
        let before =
            ["summary", "background", "narrative", "surprised", "went-right", "hard", "factors", "learnings", "how-made"];
        for slug in before {
            assert!(SectionKind::from_slug(slug).is_some_and(SectionKind::is_in_story), "{slug}");
        }
    }

    #[test]
    fn learned_comes_early_and_what_is_for_outside_is_never_asked_for() {
        let place = |kind| SectionKind::ALL.iter().position(|k| *k == kind);
        assert!(place(SectionKind::Learnings) < place(SectionKind::Narrative));
        assert!(place(SectionKind::WentRight) < place(SectionKind::Hard));
        assert_eq!(SectionKind::ALL.into_iter().filter(|k| k.is_asked_for()).count(), 8);
        assert!(!SectionKind::External.is_asked_for() && !SectionKind::External.is_in_story());
    }
}
