//! How far the document of a review is, derived from what is there: nobody sets it by hand.

use chrono::{DateTime, Utc};

/// The way of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being written.
    Draft,
    /// Quotes are, or were, with their authors.
    Calibrating,
    /// The meeting is next, or was held.
    Meeting,
    /// Everybody may read it.
    Published,
    /// Everybody may read it, and something was changed since.
    Revised,
}

impl Stage {
    /// On screen.
    pub fn label(self) -> &'static str {
        ["Draft", "Calibrating", "Meeting", "Published", "Revised"][self as usize]
    }
}

/// What a stage is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// A summary or a narrative is written.
    pub told: bool,
    /// Quotes that were sent to their authors and not left out.
    pub quotes: usize,
    /// Of them, those that wait or that their authors would word otherwise.
    pub unsettled: usize,
    /// When the meeting begins, if it is planned.
    pub meeting: Option<DateTime<Utc>>,
    /// It is published.
    pub published: bool,
    /// Something was changed since.
    pub revised: bool,
}

impl Facts {
    /// How far the document is at `now`. A meeting that is planned comes next once it is told and every author was heard; before that the
    /// document is where its writers are.
    pub fn stage(&self, now: DateTime<Utc>) -> Stage {
        let begun = self.meeting.is_some_and(|at| at <= now);
        let next = self.meeting.is_some() && self.told && self.unsettled == 0;
        match () {
            () if self.published && self.revised => Stage::Revised,
            () if self.published => Stage::Published,
            () if begun || next => Stage::Meeting,
            () if self.quotes > 0 => Stage::Calibrating,
            () => Stage::Draft,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_document_goes_its_way_by_what_is_there() {
        let now = at("2026-03-05T09:00:00Z");
        let mut facts = Facts::default();
        assert_eq!(facts.stage(now), Stage::Draft);
        facts.meeting = Some(at("2026-03-09T09:00:00Z"));
        assert_eq!(facts.stage(now), Stage::Draft, "a plan alone is no document");
        facts.told = true;
        assert_eq!(facts.stage(now), Stage::Meeting);
        (facts.quotes, facts.unsettled) = (3, 1);
        assert_eq!(facts.stage(now), Stage::Calibrating, "an author is still asked");
        assert_eq!(facts.stage(at("2026-03-09T09:00:00Z")), Stage::Meeting, "it has begun");
        facts.unsettled = 0;
        assert_eq!(facts.stage(now), Stage::Meeting);
        facts.meeting = None;
        assert_eq!(facts.stage(now), Stage::Calibrating);
        facts.published = true;
        assert_eq!(facts.stage(now), Stage::Published);
        facts.revised = true;
        assert_eq!(facts.stage(now), Stage::Revised);
    }
}
