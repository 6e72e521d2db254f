//! Makes an incident of its sections and its timeline: everything in its place, the names still in.

use crate::guess;
use crate::lines::Line;
use crate::lists::{bullet, says_nothing};
use crate::plans;
use crate::points::{self, Point};
use crate::rows::Timeline;
use crate::sections::{Kind, Section, markdown};
use domain::imported::{ImportedAction, ImportedEvent, ImportedFactor, ImportedIncident, ImportedLearning};
use domain::text::TITLE_MAX;
use std::collections::BTreeMap;

fn points_of(sections: &[Section], kind: Kind) -> Vec<Point> {
    sections.iter().filter(|s| s.kind == kind).flat_map(|s| points::read(&s.heading, &s.lines, kind == Kind::Factors)).collect()
}

/// Everything but the events. `summary` is what the front matter says, for a document that says it nowhere else.
pub(crate) fn assemble(title: String, sections: &[Section], timeline: &Timeline, summary: Option<&str>) -> ImportedIncident {
    let opening = markdown(sections.iter().filter(|s| s.kind == Kind::Opening).flat_map(|s| &s.lines));
    let mut summaries: Vec<String> =
        sections.iter().filter(|s| s.kind == Kind::Summary).map(|s| markdown(&s.lines)).filter(|t| !t.is_empty()).collect();
    let has_summary = sections.iter().any(|s| s.kind == Kind::Summary);
    let mut kept = Vec::new();
    // Each is kept once, also where two sections have one name.
    let mut beside: BTreeMap<&str, &Vec<Line>> = timeline.beside.iter().map(|(name, lines)| (name.as_str(), lines)).collect();
    if has_summary && !says_nothing(&opening) {
        kept.push(("Introduction".to_owned(), opening.clone()));
    }
    if !has_summary {
        summaries.extend((!says_nothing(&opening)).then_some(opening).or(summary.map(str::to_owned)));
    }
    for section in sections.iter() {
        let text = match section.kind {
            Kind::Stats | Kind::Other => markdown(&section.lines),
            Kind::Told => beside.remove(section.heading.as_str()).map_or_else(String::new, markdown),
            // What leads up to a list of points is none, but it is not lost.
            Kind::Learnings | Kind::Actions => points::lead_ins(&section.lines).join("\n\n"),
            _ => continue,
        };
        if !says_nothing(&text) {
            kept.push((clean_title(&section.heading), text));
        }
    }
    let remarks = beside.remove("Timeline").map_or_else(String::new, markdown);
    if !says_nothing(&remarks) {
        kept.push(("Timeline".to_owned(), remarks));
    }
    let actions = points_of(sections, Kind::Actions).into_iter().map(|p| {
        let (body, done) = plans::action(&one_line(&p.body), p.done);
        ImportedAction { body, done }
    });
    ImportedIncident {
        title,
        summary: summaries.join("\n\n"),
        zone: timeline.zone.name(),
        started_at: timeline.events.iter().filter_map(|e| e.at).min(),
        resolved_at: None,
        events: Vec::new(),
        factors: points_of(sections, Kind::Factors)
            .into_iter()
            .map(|p| ImportedFactor { category: guess::factor_category(&p.body), body: p.body })
            .collect(),
        learnings: points_of(sections, Kind::Learnings)
            .into_iter()
            .map(|p| ImportedLearning {
                kind: guess::learning_kind(&p.body),
                worded_as_plan: plans::worded_as_plan(&p.body),
                body: p.body,
            })
            .collect(),
        actions: actions.collect(),
        sections: kept,
    }
}

/// Runs every text of the incident through `clean`, and adds the events.
pub(crate) fn polish(incident: &mut ImportedIncident, events: Vec<ImportedEvent>, clean: impl Fn(&str) -> String) {
    incident.title = clean_title(&clean(&incident.title));
    incident.summary = clean(&incident.summary);
    incident.factors.iter_mut().for_each(|f| f.body = clean(&f.body));
    incident.learnings.iter_mut().for_each(|l| l.body = clean(&l.body));
    incident.actions.iter_mut().for_each(|a| a.body = clean(&a.body));
    for (heading, text) in &mut incident.sections {
        *heading = clean(heading);
        *text = clean(text);
    }
    incident.events = events;
    for event in &mut incident.events {
        event.body = clean(&event.body);
        event.as_written = clean(&event.as_written);
        event.flag = clean(&event.flag);
    }
    let latest = incident.events.iter().flat_map(|e| [e.at, e.ends_at]).flatten().max();
    incident.resolved_at = latest.filter(|l| incident.started_at.is_some_and(|s| *l > s));
}

/// Gives the first of several incidents what the document says about all of them; whether there was anything.
pub(crate) fn give_shared(first: &mut ImportedIncident, shared: ImportedIncident) -> bool {
    let ImportedIncident { summary, mut factors, mut learnings, mut actions, mut sections, .. } = shared;
    if !says_nothing(&summary) {
        sections.insert(0, ("About all incidents of the document".to_owned(), summary));
    }
    let some = !(factors.is_empty() && learnings.is_empty() && actions.is_empty() && sections.is_empty());
    first.factors.append(&mut factors);
    first.learnings.append(&mut learnings);
    first.actions.append(&mut actions);
    first.sections.append(&mut sections);
    some
}

/// Wrapped lines of an action joined, unless it holds a list or paragraphs.
fn one_line(body: &str) -> String {
    let plain = body.lines().skip(1).all(|l| !l.trim().is_empty() && bullet(l).is_none() && !l.trim_start().starts_with("```"));
    if plain { body.split('\n').map(str::trim).collect::<Vec<_>>().join(" ") } else { body.to_owned() }
}

/// Without emphasis around it and without the targets of links, on one line, no longer than a title may be.
pub(crate) fn clean_title(text: &str) -> String {
    let text = text.trim().trim_matches(['*', '_']).trim().trim_end_matches(':');
    let text = without_targets(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(TITLE_MAX).collect::<String>().trim().to_owned()
}

/// `[words](target)` as its words.
fn without_targets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out.push_str(before);
        match link.split_once("](").and_then(|(words, after)| after.split_once(')').map(|(_, after)| (words, after))) {
            Some((words, after)) if !words.contains(['[', ']']) => {
                out.push_str(words);
                rest = after;
            }
            _ => {
                out.push('[');
                rest = link;
            }
        }
    }
    out.push_str(rest);
    out
}
