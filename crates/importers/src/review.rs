//! Puts a review together from its sections, takes the people out, and says how it was read.

use crate::guess;
use crate::lines::{Line, Source, source};
use crate::lists::{bullet, plain_words, says_nothing};
use crate::notes::notes;
use crate::people::People;
use crate::plans;
use crate::points::{self, Point};
use crate::roster::{is_about_people, take_people};
use crate::rows::Timeline;
use crate::sections::{Kind, Outline, Section, markdown, outline};
use crate::tables;
use crate::template;
use crate::timeline::{self, Surroundings};
use crate::times::{scan::first_day, zones::zone_statement};
use domain::imported::{ImportedAction, ImportedFactor, ImportedFile, ImportedIncident, ImportedLearning, Unreadable};
use domain::text::{TEXT_MAX, TITLE_MAX};

/// Reads the text of a review.
pub(crate) fn read(file_name: &str, text: &str) -> ImportedFile {
    let Source { lines, front_matter, definitions, unclosed_comment } = source(text);
    let front =
        |keys: &[&str]| front_matter.iter().find(|(k, v)| keys.contains(&k.as_str()) && !v.is_empty()).map(|(_, v)| v.as_str());
    let Outline { title, mut sections } = outline(lines, front(&["title"]).is_some());
    let mut people = People::default();
    for (key, value) in &front_matter {
        if is_about_people(key) {
            people.line(value);
        }
    }
    for section in &mut sections {
        match section.kind {
            Kind::People => {
                people.heading(&section.heading);
                people.collect(&section.lines);
            }
            Kind::Opening | Kind::Summary | Kind::Stats | Kind::Other => take_people(&mut section.lines, &mut people),
            _ => {}
        }
    }
    let title = [title.as_deref(), front(&["title"])]
        .into_iter()
        .flatten()
        .map(clean_title)
        .find(|t| !t.is_empty())
        .unwrap_or_else(|| stem(file_name));
    let around = Surroundings {
        zone: sections
            .iter()
            .filter(|s| s.kind == Kind::Timeline)
            .find_map(|s| zone_statement(&s.heading))
            .or_else(|| zone_elsewhere(&sections)),
        day: day_elsewhere(&sections, front(&["date"]), &title, file_name),
    };
    let rows: Vec<&Line> = lines_of(&sections, Kind::Timeline).collect();
    let timeline = timeline::read(&rows, &around);
    for cell in &timeline.who {
        people.cell(cell);
    }
    let mut file = ImportedFile::default();
    let mut incident = assemble(title, &sections, &timeline);
    if template::is_template(file_name, &incident, &timeline.events) {
        let reason = if sections.len() > 1 {
            file.notes.push(Unreadable { line: 0, reason: "This looks like an empty template; it was left out.".to_owned() });
            return file;
        } else {
            "There is nothing in the file but a title."
        };
        file.unreadable.push(Unreadable { line: 0, reason: reason.to_owned() });
        return file;
    }
    file.notes = notes(&sections, &timeline, unclosed_comment);
    let cut = std::cell::Cell::new(false);
    let clean = |text: &str| fit(people.scrub(&definitions.resolve(text)), &cut);
    polish(&mut incident, timeline.events, clean);
    if cut.get() {
        let reason = format!("Some text is longer than {} KiB and was cut; the document itself is kept whole.", TEXT_MAX / 1024);
        file.notes.push(Unreadable { line: 0, reason });
    }
    file.unreadable = timeline.unreadable.into_iter().map(|u| Unreadable { reason: people.scrub(&u.reason), ..u }).collect();
    file.unreadable.sort_by_key(|u| u.line);
    file.incidents.push(incident);
    file
}

fn lines_of(sections: &[Section], kind: Kind) -> impl Iterator<Item = &Line> {
    sections.iter().filter(move |s| s.kind == kind).flat_map(|s| &s.lines)
}

fn points_of(sections: &[Section], kind: Kind) -> Vec<Point> {
    sections.iter().filter(|s| s.kind == kind).flat_map(|s| points::read(&s.lines)).collect()
}

/// Everything but the events, with the names still in.
fn assemble(title: String, sections: &[Section], timeline: &Timeline) -> ImportedIncident {
    let opening = markdown(lines_of(sections, Kind::Opening));
    let summaries: Vec<String> =
        sections.iter().filter(|s| s.kind == Kind::Summary).map(|s| markdown(&s.lines)).filter(|t| !t.is_empty()).collect();
    let has_summary = sections.iter().any(|s| s.kind == Kind::Summary);
    let mut kept = Vec::new();
    if has_summary && !says_nothing(&opening) {
        kept.push(("Introduction".to_owned(), opening.clone()));
    }
    for section in sections.iter().filter(|s| matches!(s.kind, Kind::Stats | Kind::Other)) {
        let text = markdown(&section.lines);
        if !says_nothing(&text) {
            kept.push((clean_title(&section.heading), text));
        }
    }
    let beside = markdown(&timeline.beside);
    if !says_nothing(&beside) {
        kept.push(("Timeline".to_owned(), beside));
    }
    let actions = points_of(sections, Kind::Actions).into_iter().map(|p| {
        let (body, done) = plans::action(&one_line(&p.body), p.done);
        ImportedAction { body, done }
    });
    ImportedIncident {
        title,
        summary: if has_summary { summaries.join("\n\n") } else { opening },
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
fn polish(incident: &mut ImportedIncident, events: Vec<domain::imported::ImportedEvent>, clean: impl Fn(&str) -> String) {
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

/// Wrapped lines of an action joined, unless it holds a list or paragraphs.
fn one_line(body: &str) -> String {
    let plain = body.lines().skip(1).all(|l| !l.trim().is_empty() && bullet(l).is_none() && !l.trim_start().starts_with("```"));
    if plain { body.split('\n').map(str::trim).collect::<Vec<_>>().join(" ") } else { body.to_owned() }
}

/// No longer than a text may be; remembers that something was cut.
fn fit(mut text: String, cut: &std::cell::Cell<bool>) -> String {
    if text.len() > TEXT_MAX {
        cut.set(true);
        text.truncate(text.floor_char_boundary(TEXT_MAX - '…'.len_utf8()));
        text.push('…');
    }
    text
}

/// Without emphasis around it, on one line, no longer than a title may be.
fn clean_title(text: &str) -> String {
    let text = text.trim().trim_matches(['*', '_']).trim().trim_end_matches(':');
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(TITLE_MAX).collect::<String>().trim().to_owned()
}

/// The file name without folders and endings.
fn stem(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let end = [".html.md.erb", ".md.erb", ".markdown", ".mdx", ".md", ".txt"]
        .iter()
        .find_map(|e| name.to_lowercase().ends_with(e).then_some(e.len()));
    let name = end.and_then(|e| name.get(..name.len() - e)).unwrap_or(name);
    let title = clean_title(&name.chars().filter(|c| !c.is_control()).collect::<String>());
    if says_nothing(&title) { "Untitled".to_owned() } else { title }
}

/// A zone that the document names outside of its timeline.
fn zone_elsewhere(sections: &[Section]) -> Option<crate::times::zones::Zone> {
    let says = |text: &str| {
        let lower = text.to_lowercase();
        ["all times", "times are", "times in", "timezone", "time zone", "timestamps"].iter().any(|w| lower.contains(w))
    };
    sections
        .iter()
        .filter(|s| s.kind != Kind::People)
        .flat_map(|s| &s.lines)
        .filter(|l| !l.code && says(&l.text))
        .find_map(|l| zone_statement(&l.text))
}

/// A day that the document names outside of the rows of its timeline, for rows that have only a time.
fn day_elsewhere(
    sections: &[Section],
    front: Option<&str>,
    title: &str,
    file_name: &str,
) -> Option<(chrono::NaiveDate, &'static str)> {
    let find = |text: &str| first_day(text);
    let labelled = || {
        let dated = |l: &&Line| l.text.len() < 120 && plain_words(&l.text).starts_with("date");
        sections.iter().filter(|s| s.kind != Kind::People).flat_map(|s| &s.lines).filter(dated).find_map(|l| find(&l.text))
    };
    let heading = || sections.iter().filter(|s| s.kind == Kind::Timeline).find_map(|s| find(&s.heading));
    let intro = || {
        lines_of(sections, Kind::Timeline)
            .filter(|l| zone_statement(&l.text).is_some() && !tables::is_row(&l.text))
            .find_map(|l| find(&l.text))
    };
    let summary = || lines_of(sections, Kind::Summary).find_map(|l| find(&l.text));
    let opening = || lines_of(sections, Kind::Opening).find_map(|l| find(&l.text));
    heading()
        .map(|d| (d, "of its heading"))
        .or_else(|| intro().map(|d| (d, "above it")))
        .or_else(|| front.and_then(find).map(|d| (d, "of the document")))
        .or_else(|| labelled().map(|d| (d, "of the document")))
        .or_else(|| find(title).map(|d| (d, "in the title")))
        .or_else(|| find(file_name).map(|d| (d, "in the file name")))
        .or_else(|| opening().map(|d| (d, "of the introduction")))
        .or_else(|| summary().map(|d| (d, "in the summary")))
}
