//! Reads a whole document: cuts it up, finds the incidents in it, takes the people out, and says how it was read.

use crate::around::{Around, Own};
use crate::assemble::{assemble, clean_title, give_shared, polish};
use crate::labels;
use crate::lines::{Source, source};
use crate::lists::says_nothing;
use crate::notes::notes;
use crate::people::People;
use crate::roster::{is_about_people, take_people};
use crate::rows::Timeline;
use crate::sections::{Kind, Outline, Section, mark_headings, outline, settle};
use crate::several;
use crate::template;
use crate::timeline;
use domain::imported::{ImportedFile, ImportedIncident, Unreadable};
use domain::text::TEXT_MAX;
use std::collections::HashSet;

/// Reads the text of a review.
pub(crate) fn read(file_name: &str, text: &str) -> ImportedFile {
    let Source { lines, front, definitions, unclosed_comment } = source(text);
    let lines = labels::lift(mark_headings(lines));
    let front_title = front.value(&["title"]);
    let (mut parts, mut shared) = match several::split(&lines) {
        None => (vec![outline(lines, front_title.is_some())], Vec::new()),
        Some(found) => {
            let part = |(title, lines)| Outline { title: Some(title), ..outline(lines, true) };
            (found.parts.into_iter().map(part).collect::<Vec<_>>(), outline(found.shared, false).sections)
        }
    };
    let mut people = People::default();
    for field in front.fields.iter().filter(|f| is_about_people(&f.top) || is_about_people(&f.key)) {
        people.line(&field.value);
    }
    collect(&mut shared, &mut people);
    parts.iter_mut().for_each(|part| collect(&mut part.sections, &mut people));

    let around = Around::new(&front, file_name, &shared);
    let several = parts.len() > 1;
    let mut read: Vec<(ImportedIncident, Timeline)> = Vec::new();
    for Outline { title, sections } in &parts {
        let name = [title.as_deref(), front_title].into_iter().flatten().map(clean_title).find(|t| !t.is_empty());
        let name = name.unwrap_or_else(|| stem(file_name));
        let told: Vec<&Section> = sections.iter().filter(|s| matches!(s.kind, Kind::Timeline | Kind::Told)).collect();
        let own = Own::new(&name, title.as_deref().filter(|_| several), sections);
        let timeline =
            timeline::read(&told, around.zone(sections), |section, month_first| around.day(section, &own, month_first));
        timeline.who.iter().for_each(|cell| people.cell(cell));
        read.push((assemble(name.clone(), sections, &timeline, front.value(&["summary", "description"])), timeline));
    }
    let mut file = ImportedFile::default();
    if let ([(incident, timeline)], [part]) = (read.as_slice(), parts.as_slice())
        && template::is_template(file_name, incident, &timeline.events)
    {
        if part.sections.len() > 1 {
            file.notes.push(Unreadable { line: 0, reason: "This looks like an empty template; it was left out.".to_owned() });
        } else {
            file.unreadable.push(Unreadable { line: 0, reason: "There is nothing in the file but a title.".to_owned() });
        }
        return file;
    }
    for ((_, timeline), part) in read.iter().zip(&parts) {
        for note in notes(&part.sections, timeline, unclosed_comment) {
            if !file.notes.contains(&note) {
                file.notes.push(note);
            }
        }
    }
    if several {
        let reason = format!("{} incidents are told in this document; each became one of its own.", parts.len());
        file.notes.insert(0, Unreadable { line: 0, reason });
        let common = assemble(String::new(), &shared, &Timeline::new(None), None);
        if let Some((first, _)) = read.first_mut()
            && give_shared(first, common)
        {
            let reason = "What the document says about all incidents was kept with the first of them.";
            file.notes.push(Unreadable { line: 0, reason: reason.to_owned() });
        }
    }
    let cut = std::cell::Cell::new(false);
    let clean = |text: &str| fit(people.scrub(&definitions.resolve(text)), &cut);
    let mut titles = HashSet::new();
    for (mut incident, timeline) in read {
        polish(&mut incident, timeline.events, clean);
        incident.title = unlike(incident.title, &mut titles);
        file.unreadable.extend(timeline.unreadable.into_iter().map(|u| Unreadable { reason: people.scrub(&u.reason), ..u }));
        file.incidents.push(incident);
    }
    if cut.get() {
        let reason = format!("Some text is longer than {} KiB and was cut; the document itself is kept whole.", TEXT_MAX / 1024);
        file.notes.push(Unreadable { line: 0, reason });
    }
    file.unreadable.sort_by_key(|u| u.line);
    file
}

/// Takes the people of the sections, out of those where they are named in passing, and settles what the sections are.
fn collect(sections: &mut [Section], people: &mut People) {
    for section in sections.iter_mut() {
        match section.kind {
            Kind::People => {
                people.heading(&section.heading);
                people.collect(&section.lines);
            }
            Kind::Opening | Kind::Summary | Kind::Stats | Kind::Other => take_people(&mut section.lines, people),
            _ => {}
        }
    }
    settle(sections);
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

/// The title with a number behind it where an incident of the same document has it already: what was imported is known by its title.
fn unlike(title: String, taken: &mut HashSet<String>) -> String {
    let short: String = title.chars().take(domain::text::TITLE_MAX - 8).collect();
    let own =
        std::iter::once(title).chain((2..).map(|n| format!("{short} ({n})"))).find(|t| !taken.contains(t)).unwrap_or_default();
    taken.insert(own.clone());
    own
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
