//! What a document says about zones and days outside of the rows of its timeline.

use crate::front::Front;
use crate::lines::Line;
use crate::lists::plain_words;
use crate::sections::{Kind, Section};
use crate::tables;
use crate::times::place::Elsewhere;
use crate::times::scan::{self, first_day};
use crate::times::zones::{Zone, times_statement, zone_in, zone_statement};

/// What a whole document, of one incident or several, says about its times.
pub(crate) struct Around<'a> {
    pub(crate) front: &'a Front,
    pub(crate) file_name: &'a str,
    /// The sections that concern all incidents.
    pub(crate) shared: &'a [Section],
}

impl Around<'_> {
    /// A zone named elsewhere: in a sentence of the incident, of the document, in its front matter.
    pub(crate) fn zone(&self, sections: &[Section]) -> Option<Zone> {
        let named = |sections: &[Section]| {
            let lines = sections.iter().filter(|s| s.kind != Kind::People).flat_map(|s| &s.lines).filter(|l| !l.code);
            lines.map(|l| l.text.as_str()).find_map(times_statement)
        };
        named(sections)
            .or_else(|| named(self.shared))
            .or_else(|| self.front.value(&["timezone", "time zone", "tz", "zone", "times"]).and_then(zone_in))
    }

    /// The day that the rows of a section belong to, for rows that have only a time: the nearest one that is named.
    pub(crate) fn day(&self, section: &Section, own: &Own<'_>, month_first: bool) -> Option<Elsewhere> {
        let find = |text: &str| first_day(text, month_first);
        let near = |date| Elsewhere { date, place: None };
        let far = |place| move |date| Elsewhere { date, place: Some(place) };
        let lines_of = |kind: Kind| own.sections.iter().filter(move |s| s.kind == kind).flat_map(|s| &s.lines);
        let intro = || section.lines.iter().filter(|l| introduces(l)).find_map(|l| find(&l.text));
        let labelled = |sections: &[Section]| {
            let dated = |l: &&Line| l.text.len() < 120 && plain_words(&l.text).starts_with("date");
            sections.iter().filter(|s| s.kind != Kind::People).flat_map(|s| &s.lines).filter(dated).find_map(|l| find(&l.text))
        };
        const DATES: [&str; 12] = [
            "date",
            "incident date",
            "date of incident",
            "day",
            "started",
            "started at",
            "start",
            "start time",
            "starts at",
            "began",
            "occurred",
            "detected",
        ];
        let front = || self.front.value(&DATES).and_then(find);
        find(&section.heading)
            .or_else(intro)
            .map(near)
            .or_else(|| own.heading.and_then(find).map(near))
            .or_else(|| front().map(far("of the document")))
            .or_else(|| labelled(own.sections).map(far("of the document")))
            .or_else(|| find(own.title).map(far("in the title")))
            .or_else(|| find(self.file_name).map(far("in the file name")))
            .or_else(|| lines_of(Kind::Opening).find_map(|l| find(&l.text)).map(far("of the introduction")))
            .or_else(|| lines_of(Kind::Summary).find_map(|l| find(&l.text)).map(far("in the summary")))
            .or_else(|| labelled(self.shared).map(far("of the document")))
    }
}

/// One incident of the document.
pub(crate) struct Own<'a> {
    pub(crate) title: &'a str,
    /// The heading that stands over it, where it is one of several.
    pub(crate) heading: Option<&'a str>,
    pub(crate) sections: &'a [Section],
}

/// Whether a line above the rows says something about their times.
fn introduces(line: &Line) -> bool {
    let entry = scan::prefix(&line.text, false).is_some_and(|(w, _)| w.start.clock.is_some());
    !line.code && !entry && !tables::is_row(&line.text) && zone_statement(&line.text).is_some()
}
