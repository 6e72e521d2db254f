//! Own data as Markdown: to read and to print.

use super::kept::named;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::interviews::{Audience, QuestionSet};
use domain::learnings::thanks::ThanksState;
use domain::walltime::absolute;
use std::fmt::Write;
use store::interviews::{OwnAnswer, OwnConversation};
use store::owndata::OwnData;

struct Page {
    text: String,
    zone: Tz,
}

impl Page {
    fn line(&mut self, line: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{line}");
    }

    fn heading(&mut self, level: usize, heading: impl std::fmt::Display) {
        let _ = writeln!(self.text, "\n{} {heading}\n", "#".repeat(level));
    }

    /// Somebody's words, as a quotation: whatever stands in them, they stay inside of it.
    fn words(&mut self, words: &str) {
        for line in words.trim_end().lines() {
            let _ = writeln!(self.text, "> {line}");
        }
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        absolute(at, self.zone)
    }
}

/// All of it, with times in this zone.
pub(super) fn whole(data: &OwnData, zone: Tz) -> String {
    let mut page = Page { text: String::new(), zone };
    let profile = &data.profile.profile;
    page.line(format_args!("# What Second Story keeps about {}", profile.name));
    page.line(format_args!("\nTaken on {}. Times are in {}. Nobody else’s words are in here.", page.time(data.at), zone.name()));
    page.heading(2, "Profile");
    page.line(format_args!("- Name: {}", profile.name));
    for (label, value) in [("E-mail", &profile.email), ("Team", &profile.team), ("Line manager", &data.profile.manager)] {
        if let Some(value) = value {
            page.line(format_args!("- {label}: {value}"));
        }
    }
    page.line(format_args!("- Time zone: {}", profile.zone));
    page.line(format_args!(
        "- Working hours: {} to {}",
        profile.pattern.start.format("%H:%M"),
        profile.pattern.end.format("%H:%M")
    ));
    page.line(format_args!("- Known here since {}", page.time(data.profile.since)));
    for role in &data.roles {
        let by = role.appointed_by.as_ref().map(|name| format!(", appointed by {name}")).unwrap_or_default();
        page.line(format_args!("- {} of {} since {}{by}", role.role, named(role.key), page.time(role.appointed_at)));
    }
    for conversation in &data.conversations {
        talked(&mut page, conversation);
    }
    quotes(&mut page, data);
    impressions(&mut page, data);
    calls(&mut page, data);
    thanks(&mut page, data);
    ideas(&mut page, data);
    rest(&mut page, data);
    page.text
}

fn talked(page: &mut Page, c: &OwnConversation) {
    let title = c.title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
    page.heading(2, format_args!("One-on-one about {}{title}", named(c.key)));
    let by = c.invited_by.as_ref().map(|name| format!(" by {name}")).unwrap_or_default();
    page.line(format_args!("Asked{by} on {}. It stands at: {}.", page.time(c.invited_at), c.state.label().to_lowercase()));
    if let Some(note) = &c.note {
        page.words(note);
    }
    if let Some(address) = &c.address {
        page.line(format_args!("Letters about it went to {address}."));
    }
    for letter in &c.letters {
        page.line(format_args!("- A letter ({}) went out {}", letter.letter.label().to_lowercase(), page.time(letter.at)));
    }
    for answer in &c.answers {
        said(page, &c.set, answer);
    }
    if !c.stretches.is_empty() {
        page.heading(3, "3. How long did you work on the incident?");
        for s in &c.stretches {
            let zone = domain::walltime::parse_zone(&s.zone).unwrap_or(page.zone);
            let (from, to) = (absolute(s.started_at, zone), absolute(s.ended_at, zone));
            page.line(format_args!("- {from} to {to} ({}), {}", zone.name(), s.kind.label().to_lowercase()));
        }
    }
    if !c.nominations.is_empty() {
        page.heading(3, "Whom you named");
        for n in &c.nominations {
            let reason = if n.reason.is_empty() { String::new() } else { format!(": {}", n.reason) };
            page.line(format_args!("- {}{reason}", n.name));
        }
    }
    if !c.agreements.is_empty() {
        page.heading(3, "Whom you let read what you had said before they came");
        for a in &c.agreements {
            page.line(format_args!("- {}, on {}", a.facilitator, page.time(a.agreed_at)));
        }
    }
}

fn said(page: &mut Page, set: &QuestionSet, own: &OwnAnswer) {
    let answer = &own.answer;
    let Some(question) = set.question(answer.question) else { return };
    if answer.body.is_empty() && own.reads.is_empty() {
        return;
    }
    page.heading(3, format_args!("{}. {}", set.place(question.number), question.text));
    if let Some((_, label)) = question.kind.choices.iter().find(|(value, _)| *value == answer.body.choice) {
        page.line(format_args!("{label}\n"));
    }
    if let Some(instead) = answer.body.instead {
        page.line(format_args!("{}\n", instead.label()));
    }
    for ticked in question.kind.ticks.iter().filter(|(value, _)| answer.body.ticked.iter().any(|t| t == value)) {
        page.line(format_args!("- {}", ticked.1));
    }
    for entry in question.kind.entries.iter().flat_map(|shape| shape.told(&answer.body.entries)) {
        page.words(&entry);
    }
    page.words(&answer.body.text);
    let state = match answer.released_at {
        Some(at) => format!("submitted {}", page.time(at)),
        None => "a draft that only you read".to_owned(),
    };
    page.line(format_args!("\n{}; {state}; saved {}.", answer.audience.label(), page.time(answer.saved_at)));
    if let Some(day) = own.goes_on {
        page.line(format_args!("Goes by itself on {}.", day.format("%-d %B %Y")));
    }
    if answer.audience == Audience::Parked && answer.with_name {
        page.line("Planners see your name beside it.");
    }
    for read in &own.reads {
        page.line(format_args!("- Read by {}, first {}, last {}", read.name, page.time(read.first_at), page.time(read.last_at)));
    }
    for placed in &own.placed {
        page.line(format_args!("- “{}” was placed at an event by {}, {}", placed.text, placed.name, page.time(placed.at)));
    }
    for mark in &own.marks {
        page.line(format_args!("- A passage was marked for a theme by {}, {}", mark.name, page.time(mark.at)));
    }
}

fn quotes(page: &mut Page, data: &OwnData) {
    if data.quotes.is_empty() {
        return;
    }
    page.heading(2, "Quotes from your words");
    for q in &data.quotes {
        let e = &q.excerpt;
        let kind = if e.paraphrase { "Paraphrase" } else { "Quote" };
        page.line(format_args!("\n{kind} for {}, “{}”, {}:\n", q.key, e.section.title(), e.attribution.slug()));
        page.words(&e.text);
        if !e.offered.is_empty() {
            page.line("\nYour other words:\n");
            page.words(&e.offered);
        }
        let published = if q.published { "; the story is published" } else { "" };
        page.line(format_args!("\n{}; sent to you {}{published}.", e.state.label(), page.time(q.sent_at)));
    }
}

fn impressions(page: &mut Page, data: &OwnData) {
    if data.impressions.is_empty() {
        return;
    }
    page.heading(2, "Your impressions of talks that you lead");
    for (key, text) in &data.impressions {
        page.line(format_args!("\n{key}\n"));
        page.words(text);
    }
}

fn calls(page: &mut Page, data: &OwnData) {
    if data.calls.is_empty() {
        return;
    }
    page.heading(2, "Whether a meeting may call on you");
    for (key, call) in &data.calls {
        let said = match call.agreed {
            None => "You have not answered.",
            Some(true) => "You said yes.",
            Some(false) => "You said rather not.",
        };
        page.line(format_args!("\n{}: {said}\n", named(*key)));
        page.words(&call.about);
    }
}

fn thanks(page: &mut Page, data: &OwnData) {
    if !data.thanks.is_empty() {
        page.heading(2, "Thanks that name you");
        for thanks in &data.thanks {
            let said = match thanks.state {
                ThanksState::Asked => "You have not answered.",
                ThanksState::Agreed => "You said yes, with your name.",
                ThanksState::LeftOut => "You said to leave it out.",
            };
            page.line(format_args!("\n{}, written {}: {said}\n", named(thanks.key), page.time(thanks.written_at)));
            page.words(&thanks.words);
        }
    }
    if !data.new_to_me.is_empty() {
        page.heading(2, "Learnings that were new to you");
        page.line("Nobody else is shown that you said so.\n");
        for new in &data.new_to_me {
            page.line(format_args!("- {}: learning {}", named(new.key), new.learning));
        }
    }
    if !data.on_call.is_empty() {
        page.heading(2, "Your shifts on call");
        for shift in &data.on_call {
            page.line(format_args!("- {}: {} to {}", shift.team, page.time(shift.starts_at), page.time(shift.ends_at)));
        }
    }
    if !data.pulse.is_empty() {
        page.heading(2, "The pulse");
        page.line("What you answered is kept nowhere.\n");
        for (month, answered) in &data.pulse {
            page.line(format_args!("- {}: {}", month.label(), if *answered { "answered" } else { "not this month" }));
        }
    }
}

fn ideas(page: &mut Page, data: &OwnData) {
    if data.ideas.is_empty() {
        return;
    }
    page.heading(2, "Your ideas in the parking lot");
    for i in &data.ideas {
        let read = if i.wall_open { "planners can read it" } else { "nobody else can read it yet" };
        page.line(format_args!("\n{}, parked {}, {read}:\n", named(i.key), page.time(i.idea.parked_at)));
        page.words(&i.idea.body);
        if let Some(thanked) = &i.idea.thanked {
            page.line("\nLet go, with thanks.\n");
            page.words(thanked);
        }
    }
}

fn rest(page: &mut Page, data: &OwnData) {
    if !data.created.is_empty() {
        page.heading(2, "What you made that belongs to all");
        page.line("Named, not copied.\n");
        for c in &data.created {
            page.line(format_args!("- {} {}, {}, {}", c.kind.slug(), c.id, named(c.key), page.time(c.at)));
        }
    }
    if !data.raw_logs.is_empty() {
        page.heading(2, "Raw logs that name you");
        page.line("As who wrote there. What they say is read by who facilitates and who brought them.\n");
        for l in &data.raw_logs {
            page.line(format_args!("- {}, {}, {} entries", named(l.key), l.source.label(), l.entries));
        }
    }
    if !data.sign_ins.is_empty() {
        page.heading(2, "Sign-ins");
        for s in &data.sign_ins {
            page.line(format_args!("- Began {}, last used {}", page.time(s.created_at), page.time(s.last_seen_at)));
        }
    }
    if !data.audit.is_empty() {
        page.heading(2, "Audit entries about you");
        page.line("Who did what and when; never content.\n");
        for a in &data.audit {
            let by = match (&a.by, a.by_me) {
                (_, true) => "you".to_owned(),
                (Some(name), _) => name.clone(),
                (None, _) => "another one, or the service".to_owned(),
            };
            let at = a.incident.map(|key| format!(" at {key}")).unwrap_or_default();
            page.line(format_args!("- {}: {}{at}, by {by}", page.time(a.at), a.action));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_cannot_leave_its_quotation() {
        let mut page = Page { text: String::new(), zone: Tz::UTC };
        page.words("one\n# not a heading\n\n- nor a list\n");
        assert!(page.text.lines().all(|line| line.starts_with("> ")), "{}", page.text);
    }
}
