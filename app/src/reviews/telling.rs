//! The second story as it is told, whoever reads it: title, two minutes, learnings first, what happened, and how it was made. Inside with
//! ways to comments, history and files; for a reader from outside without any of them.

use super::again;
use super::happening::happened;
use super::parts::{at, word_count};
use super::{comments, thanks};
use crate::history::edited;
use crate::incidents::{NatureMark, SeverityMark, StateMark};
use crate::learnings::{FactorFacts, page_of};
use crate::ui::{Chip, Icon, Markdown, Mentions, When};
use chrono_tz::Tz;
use domain::incidents::{Incident, Origin};
use domain::learnings::thanks::{Thanks, ThanksState};
use domain::learnings::{Factor, Learning, LearningKind, LearningStatus};
use domain::reviews::SectionKind;
use domain::timeline::TimelineEvent;
use domain::walltime;
use leptos::prelude::*;
use std::sync::Arc;
use store::learnings::Met;
use store::reviews::{Comment, Story, StoryQuote};

/// Words that are read in a minute.
const WORDS_A_MINUTE: usize = 200;
/// Minutes and parts from which on a story begins with a list of its parts.
const LONG: (usize, usize) = (4, 5);

/// Everything that a story tells.
pub(super) struct Told {
    pub(super) incident: Incident,
    pub(super) story: Story,
    pub(super) factors: Vec<Factor>,
    pub(super) learnings: Vec<Learning>,
    pub(super) met: Vec<Met>,
    pub(super) thanks: Vec<Thanks>,
    pub(super) events: Arc<Vec<TimelineEvent>>,
    pub(super) mentions: Mentions,
    pub(super) comments: Vec<Comment>,
    pub(super) zone: Tz,
    /// For a reader from outside: nothing leads into the site.
    pub(super) apart: bool,
}

/// The parts in the order in which they are read.
const PARTS: [SectionKind; 14] = [
    SectionKind::Learnings,
    SectionKind::OpenQuestions,
    SectionKind::Impact,
    SectionKind::Background,
    SectionKind::Narrative,
    SectionKind::Factors,
    SectionKind::WentRight,
    SectionKind::Luck,
    SectionKind::Risks,
    SectionKind::Hard,
    SectionKind::Surprised,
    SectionKind::KnownThen,
    SectionKind::HowMade,
    SectionKind::Thanks,
];

/// What stands over a part.
fn heading(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Learnings => "What we learned",
        SectionKind::Factors => "What had to be true",
        other => other.title(),
    }
}

impl Told {
    pub(super) fn body(&self, kind: SectionKind) -> String {
        self.story.sections.iter().find(|s| s.kind == kind).map(|s| s.body.trim().to_owned()).unwrap_or_default()
    }

    /// Beside a section: how often it was changed since everybody reads it, with where that is told, and the way to its comments.
    pub(super) fn margin(&self, kind: SectionKind) -> impl IntoView + use<> {
        let times = self.story.edited.iter().find(|(this, _)| *this == kind).map_or(0, |(_, times)| *times);
        let key = self.incident.key;
        let changed = edited(times + 1).map(|words| {
            let href = format!("/incidents/{key}/history?kind=section&of={}", kind.slug());
            view! { <a class="quiet" href=href>{words}<span class="vh">": this section"</span></a>" · " }
        });
        let way = (!self.apart).then(|| comments::way(key, &self.comments, kind));
        way.map(|way| view! { <p class="small no-print">{changed}{way}</p> })
    }

    pub(super) fn quotes(&self, kind: SectionKind) -> Vec<StoryQuote> {
        self.story.quotes.iter().filter(|q| q.section == kind).cloned().collect()
    }

    /// Whether there is anything to read in this part.
    fn tells(&self, kind: SectionKind) -> bool {
        let listed = match kind {
            SectionKind::Learnings => !self.learnings.is_empty() || !self.met.is_empty(),
            SectionKind::Thanks => self.thanks.iter().any(|thanks| thanks.state == ThanksState::Agreed),
            SectionKind::Factors => !self.factors.is_empty(),
            SectionKind::Narrative => !self.events.is_empty(),
            SectionKind::HowMade => !self.made().is_empty(),
            _ => false,
        };
        listed || !self.body(kind).is_empty() || self.story.quotes.iter().any(|q| q.section == kind)
    }

    /// Minutes that this many words take.
    fn minutes(words: usize) -> usize {
        words.div_ceil(WORDS_A_MINUTE).max(1)
    }

    /// Words of the summary, and of all the rest that is read in its flow.
    fn words(&self) -> (usize, usize) {
        let of = |kind: SectionKind| {
            let quoted: usize = self.story.quotes.iter().filter(|q| q.section == kind).map(|q| word_count(&q.text)).sum();
            word_count(&self.body(kind)) + quoted
        };
        let sections: usize =
            SectionKind::ALL.into_iter().filter(|k| k.is_in_story() && *k != SectionKind::Summary).map(of).sum();
        let learned: usize = self.learnings.iter().map(|l| word_count(&l.body) + word_count(&l.before)).sum();
        let factors: usize = self.factors.iter().map(|f| word_count(&f.body)).sum();
        // Where nobody has told it in prose, its moments are read.
        let untold = self.body(SectionKind::Narrative).is_empty();
        let moments: usize = if untold { self.events.iter().map(|e| word_count(&e.body)).sum() } else { 0 };
        (of(SectionKind::Summary), sections + learned + factors + moments)
    }

    /// How this review was made, as far as it is not written.
    fn made(&self) -> Vec<String> {
        let mut facts = Vec::new();
        if self.incident.origin == Origin::Import {
            let day = self.story.published_at.map(|at| walltime::day(at, self.zone)).unwrap_or_default();
            facts.push(format!("Taken from a document on {day}. Nobody was asked again; the words are those of the document."));
        } else {
            match self.story.asked {
                0 => {}
                1 => {
                    facts.push("One person was asked to talk. What stands here from them stands as they agreed to it.".to_owned())
                }
                n => {
                    facts.push(format!("{n} people were asked to talk. What stands here from them stands as they agreed to it."))
                }
            }
            if !self.story.facilitators.is_empty() {
                facts.push(format!("Facilitated by {}.", self.story.facilitators.join(" and ")));
            }
        }
        match self.story.parked {
            0 => {}
            1 => facts.push("One idea for later was parked; it has a place of its own.".to_owned()),
            n => facts.push(format!("{n} ideas for later were parked; they have a place of their own.")),
        }
        facts
    }
}

/// The whole story.
pub(super) fn article(told: &Told) -> impl IntoView + use<> {
    let plain = |kinds: &[SectionKind]| kinds.iter().map(|kind| plain_section(told, *kind)).collect_view();
    let has_thanks = !told.body(SectionKind::Thanks).is_empty() || !told.quotes(SectionKind::Thanks).is_empty();
    view! {
        <article>
            {header(told)}
            <div class="prose">
                {summary(told)}
                {contents(told)}
                {learned(told)}
                {plain(&[SectionKind::OpenQuestions, SectionKind::Impact, SectionKind::Background])}
                {happened(told)}
                {had_to_be_true(told)}
                {plain(&[SectionKind::WentRight, SectionKind::Luck, SectionKind::Risks])}
                {plain(&[SectionKind::Hard, SectionKind::Surprised, SectionKind::KnownThen])}
                {how_made(told)}
                {plain(&[SectionKind::Thanks])}
                {thanks::in_story(&told.thanks, !has_thanks)}
                {plain(&[SectionKind::Glossary])}
                {outside(told)}
            </div>
        </article>
    }
}

fn header(told: &Told) -> impl IntoView + use<> {
    let incident = &told.incident;
    let deck = markdown::plain(&incident.summary);
    // An imported story begins with the very words of the deck: once is enough.
    let deck = (!deck.is_empty() && deck != markdown::plain(&told.body(SectionKind::Summary))).then_some(deck);
    let (summary, rest) = told.words();
    let minutes = match Told::minutes(summary + rest) {
        1 => "One minute to read".to_owned(),
        n => format!("{n} minutes to read"),
    };
    let marks = (!told.apart).then(|| {
        view! {
            <div class="meta">
                <span class="key">{incident.key.to_string()}</span>
                <SeverityMark severity=incident.severity/>
                <StateMark state=incident.state revised=told.story.revised_at.is_some()/>
                <NatureMark nature=incident.nature/>
                {(incident.origin == Origin::Import).then(|| view! { <span>"Imported"</span> })}
                {incident.team.clone().map(|team| view! { <span>{team}</span> })}
            </div>
        }
    });
    let revised = told.story.revised_at.map(|at| {
        if told.apart {
            view! { <span>{format!("Revised {}", walltime::day(at, told.zone))}</span> }.into_any()
        } else {
            view! { <a class="quiet" href=format!("/incidents/{}/history?kind=section", incident.key)>"Revised "<When at/></a> }
                .into_any()
        }
    });
    view! {
        <header class="story-head">
            {marks}
            <h1>{incident.title.clone()}</h1>
            {deck.map(|deck| view! { <p class="deck">{deck}</p> })}
            <p class="meta">
                <span>{span(incident, told.zone)}</span>
                {told.story.published_at.map(|at| view! { <span>{format!("Published {}", walltime::day(at, told.zone))}</span> })}
                {revised}
                <span>{minutes}</span>
            </p>
            {again::looked_again(&told.story.looked_again, told.zone)}
        </header>
    }
}

/// "17 Nov 2026, 01:52 to 05:48, Europe/Madrid".
fn span(incident: &Incident, zone: Tz) -> String {
    let start = incident.started_at;
    let begins = format!("{}, {}", walltime::day(start, zone), walltime::clock(start, zone));
    let ends = incident.resolved_at.map(|end| match walltime::day(end, zone) {
        day if day == walltime::day(start, zone) => format!(" to {}", walltime::clock(end, zone)),
        day => format!(" to {day}, {}", walltime::clock(end, zone)),
    });
    format!("{begins}{}, {}", ends.unwrap_or_default(), zone.name())
}

/// Where somebody who has little time begins; what it says of time is counted.
fn summary(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Summary);
    (!text.is_empty()).then(|| {
        let (here, rest) = told.words();
        let heading = match Told::minutes(here) {
            _ if Told::minutes(here + rest) == 1 => "In short".to_owned(),
            1 | 2 => "In two minutes".to_owned(),
            n => format!("In {n} minutes"),
        };
        let rest = (rest > 0).then(|| match Told::minutes(rest) {
            1 => "The rest takes a minute.".to_owned(),
            n => format!("The rest takes about {n} minutes."),
        });
        view! {
            <section class="two-min">
                <h2 id="s-summary">{heading}</h2>
                <Markdown text class="md"/>
                {told.margin(SectionKind::Summary)}
                {pulls(told.quotes(SectionKind::Summary))}
                {rest.map(|words| view! { <p class="hint mt2 no-print">{words}</p> })}
            </section>
        }
    })
}

/// The parts of a long story, to begin where one likes.
fn contents(told: &Told) -> impl IntoView + use<> {
    let parts: Vec<_> = PARTS.into_iter().filter(|kind| told.tells(*kind)).collect();
    let (_, rest) = told.words();
    (Told::minutes(rest) >= LONG.0 && parts.len() >= LONG.1).then(|| {
        let item = |kind: SectionKind| {
            view! { <li><a href=format!("#s-{}", kind.slug())>{heading(kind)}</a></li> }
        };
        view! {
            <nav class="no-print" aria-label="In this story">
                <ul class="meta story-parts">{parts.into_iter().map(item).collect_view()}</ul>
            </nav>
        }
    })
}

fn learned(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Learnings);
    let quoted = told.quotes(SectionKind::Learnings);
    if text.is_empty() && told.learnings.is_empty() && told.met.is_empty() && quoted.is_empty() {
        return ().into_any();
    }
    let apart = told.apart;
    let item = |learning: Learning| {
        let icon = match learning.kind {
            LearningKind::System => "layers",
            LearningKind::People => "users",
            LearningKind::Process => "route",
        };
        let before = learning.before.trim().to_owned();
        let (status, reason, page) = (learning.details.status, learning.details.reason, page_of(learning.id));
        let now = if before.is_empty() { learning.body } else { format!("Now: {}", learning.body) };
        view! {
            <li>
                {(!before.is_empty()).then(|| view! { <p class="read quiet">{format!("Before: {}", markdown::plain(&before))}</p> })}
                <Markdown text=now class="md read"/>
                {(status == LearningStatus::Outdated).then(|| view! { <p class="read quiet">{format!("What holds since: {}", markdown::plain(&reason))}</p> })}
                <div class="meta">
                    <Chip><Icon name=icon/>{learning.kind.label()}</Chip>
                    {learning.worded_as_plan.then(|| view! { <span>"Worded as a plan in its document"</span> })}
                    {(status != LearningStatus::New).then(|| view! { <span>{status.label()}</span> })}
                    {(!apart).then(|| view! { <a class="no-print" href=page>"More"<span class="vh">" about this learning"</span></a> })}
                </div>
            </li>
        }
    };
    view! {
        <h2 id="s-learnings">{heading(SectionKind::Learnings)}</h2>
        {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
        {told.margin(SectionKind::Learnings)}
        {(!told.learnings.is_empty()).then(|| view! { <ol class="learned">{told.learnings.iter().cloned().map(item).collect_view()}</ol> })}
        {met_again(&told.met)}
        {pulls(quoted)}
    }
    .into_any()
}

/// What was known from earlier incidents and met again in this one.
fn met_again(met: &[Met]) -> impl IntoView + use<> {
    (!met.is_empty()).then(|| {
        let items = met.iter().map(|met| {
            view! {
                <li>
                    <p><a href=page_of(met.learning)>{markdown::plain(&met.body)}</a>{format!(" ({}, {})", met.key, met.title)}</p>
                    {(!met.note.is_empty()).then(|| view! { <p class="read quiet">{met.note.clone()}</p> })}
                </li>
            }
        });
        let items: Vec<_> = items.collect();
        view! { <h3>"Met again here"</h3><ul>{items}</ul> }
    })
}

fn plain_section(told: &Told, kind: SectionKind) -> impl IntoView + use<> {
    let text = told.body(kind);
    let quoted = told.quotes(kind);
    (!text.is_empty() || !quoted.is_empty()).then(|| {
        view! {
            <h2 id=format!("s-{}", kind.slug())>{kind.title()}</h2>
            {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
            {told.margin(kind)}
            {pulls(quoted)}
        }
    })
}

fn had_to_be_true(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Factors);
    let quoted = told.quotes(SectionKind::Factors);
    if text.is_empty() && told.factors.is_empty() && quoted.is_empty() {
        return ().into_any();
    }
    let item = |factor: Factor| {
        view! {
            <li class="factor">
                <Markdown text=factor.body class="md"/>
                <FactorFacts tags=factor.tags details=factor.details/>
            </li>
        }
    };
    view! {
        <h2 id="s-factors">{heading(SectionKind::Factors)}</h2>
        {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
        {told.margin(SectionKind::Factors)}
        {(told.factors.len() > 1).then(|| view! { <p>"No single one of these would have been enough. Their order means nothing."</p> })}
        {(!told.factors.is_empty()).then(|| view! { <ul class="plain-list">{told.factors.iter().cloned().map(item).collect_view()}</ul> })}
        {pulls(quoted)}
    }
    .into_any()
}

/// What is said to people outside is read on a page of its own; for a reader from outside it comes last, where it comes at all.
fn outside(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::External);
    if text.is_empty() {
        return ().into_any();
    }
    if told.apart {
        return view! { <h2 id="s-external">{SectionKind::External.title()}</h2><Markdown text class="md"/> }.into_any();
    }
    let href = at(told.incident.key, "outside");
    view! { <p class="hint no-print" id="s-external"><a href=href>"A text for people outside stands apart"</a></p> }.into_any()
}

fn how_made(told: &Told) -> impl IntoView + use<> {
    let (text, facts) = (told.body(SectionKind::HowMade), told.made());
    told.tells(SectionKind::HowMade).then(|| {
        view! {
            <h2 id="s-how-made">"How this review was made"</h2>
            {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
            {told.margin(SectionKind::HowMade)}
            {pulls(told.quotes(SectionKind::HowMade))}
            {(!facts.is_empty()).then(|| view! { <p class="facts-line">{facts.join(" ")}</p> })}
        }
    })
}

pub(super) fn pulls(quotes: Vec<StoryQuote>) -> impl IntoView {
    quotes.into_iter().map(pull).collect_view()
}

/// Somebody's words as they agreed to them. Nothing here leads to who said what is without a name.
pub(super) fn pull(quote: StoryQuote) -> impl IntoView {
    let who = quote.author.unwrap_or_else(|| "Somebody who was there".to_owned());
    let how = if quote.paraphrase { "Paraphrased, as agreed." } else { "Used as agreed." };
    view! {
        <blockquote class="pull" class:paraphrased=quote.paraphrase>
            <p>{quote.text}</p>
            <footer>{format!("{who}. {how}")}</footer>
        </blockquote>
    }
}
