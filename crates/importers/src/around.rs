//! What a document says about zones and days outside of the rows of its timeline.

use crate::front::Front;
use crate::lines::Line;
use crate::lists::plain_words;
use crate::sections::{Kind, Section};
use crate::tables;
use crate::times::find::first_day;
use crate::times::place::Elsewhere;
use crate::times::scan;
use crate::times::zones::{Zone, times_statement, zone_in, zone_statement};
use std::cell::OnceCell;

/// What a whole document, of one incident or several, says about its times.
pub(crate) struct Around<'a> {
    front: &'a Front,
    file_name: &'a str,
    /// The zone that is named for all incidents.
    zone: Option<Zone>,
    /// Lines that concern all incidents and tell a date.
    dates: Vec<&'a str>,
}

impl<'a> Around<'a> {
    /// `shared` are the sections that concern all incidents.
    pub(crate) fn new(front: &'a Front, file_name: &'a str, shared: &'a [Section]) -> Self {
        Self { front, file_name, zone: zone_named(shared), dates: dates_named(shared).collect() }
    }

    /// A zone named elsewhere: in a sentence of the incident, of the document, in its front matter.
    pub(crate) fn zone(&self, sections: &[Section]) -> Option<Zone> {
        let front = || self.front.value(&["timezone", "time zone", "tz", "zone", "times"]).and_then(zone_in);
        zone_named(sections).or(self.zone).or_else(front)
    }

    /// The day that the rows of a section belong to, for rows that have only a time: the nearest one that is named.
    pub(crate) fn day(&self, section: &Section, own: &Own<'_>, month_first: bool) -> Option<Elsewhere> {
        let find = |text: &str| first_day(text, month_first);
        let intro = || section.lines.iter().filter(|l| introduces(l)).find_map(|l| find(&l.text));
        let near = find(&section.heading).or_else(intro).map(|date| Elsewhere { date, place: None });
        near.or_else(|| *own.day.get_or_init(|| self.day_further(own, month_first)))
    }

    /// The day of an incident as it is named away from its rows.
    fn day_further(&self, own: &Own<'_>, month_first: bool) -> Option<Elsewhere> {
        const DATES: &[&str] = &[
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
        let find = |text: &str| first_day(text, month_first);
        let at = |place: Option<&'static str>| move |date| Elsewhere { date, place };
        let lines_of = |kind: Kind| own.sections.iter().filter(move |s| s.kind == kind).flat_map(|s| &s.lines);
        let front = || self.front.value(DATES).and_then(find);
        let heading = own.heading.and_then(find).map(at(None));
        heading
            .or_else(|| front().map(at(Some("of the document"))))
            .or_else(|| dates_named(own.sections).find_map(find).map(at(Some("of the document"))))
            .or_else(|| find(own.title).map(at(Some("in the title"))))
            .or_else(|| find(self.file_name).map(at(Some("in the file name"))))
            .or_else(|| lines_of(Kind::Opening).find_map(|l| find(&l.text)).map(at(Some("of the introduction"))))
            .or_else(|| lines_of(Kind::Summary).find_map(|l| find(&l.text)).map(at(Some("in the summary"))))
            .or_else(|| self.dates.iter().find_map(|l| find(l)).map(at(Some("of the document"))))
    }
}

fn zone_named(sections: &[Section]) -> Option<Zone> {
    let lines = sections.iter().filter(|s| s.kind != Kind::People).flat_map(|s| &s.lines).filter(|l| !l.code);
    lines.map(|l| l.text.as_str()).find_map(times_statement)
}

/// "Date: 4 May 2021"
fn dates_named(sections: &[Section]) -> impl Iterator<Item = &str> {
    let lines = sections.iter().filter(|s| s.kind != Kind::People).flat_map(|s| &s.lines);
    lines.filter(|l| l.text.len() < 120 && plain_words(&l.text).starts_with("date")).map(|l| l.text.as_str())
}

/// One incident of the document.
pub(crate) struct Own<'a> {
    title: &'a str,
    /// The heading that stands over it, where it is one of several.
    heading: Option<&'a str>,
    sections: &'a [Section],
    /// Looked for once, however many sections ask.
    day: OnceCell<Option<Elsewhere>>,
}

impl<'a> Own<'a> {
    pub(crate) fn new(title: &'a str, heading: Option<&'a str>, sections: &'a [Section]) -> Self {
        Self { title, heading, sections, day: OnceCell::new() }
    }
}

/// Whether a line above the rows says something about their times.
fn introduces(line: &Line) -> bool {
    let entry = scan::prefix(&line.text, false).is_some_and(|(w, _)| w.start.clock.is_some());
    !line.code && !entry && !tables::is_row(&line.text) && zone_statement(&line.text).is_some()
}
