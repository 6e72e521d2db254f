//! The second story, to be read and printed: learnings first, then what happened with its times in the margin, and nothing of a plan.

use super::again::{self, AgainFields};
use super::happening::happened;
use super::parts::{at, opened_for, word_count};
use super::{comments, mentions};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::history::edited;
use crate::incidents::{NatureMark, SeverityMark, StateMark};
use crate::learnings::FactorFacts;
use crate::search::related_reviews;
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::{Chip, Crumbs, Icon, Markdown, Mentions, Note, OwnFiles, When};
use axum::extract::Path;
use axum::response::Response;
use chrono_tz::Tz;
use domain::incidents::{Incident, IncidentKey, Origin};
use domain::learnings::{Factor, Learning, LearningKind};
use domain::reviews::SectionKind;
use domain::rights::{Right, may};
use domain::timeline::TimelineEvent;
use domain::walltime;
use leptos::prelude::*;
use std::sync::Arc;
use store::incidents::Opened;
use store::reviews::{Comment, Story, StoryQuote};
use store::search::SimilarIncident;

/// Words that are read in a minute.
const WORDS_A_MINUTE: usize = 200;

/// Everything that the page tells.
pub(super) struct Told {
    pub(super) opened: Opened,
    story: Story,
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
    pub(super) events: Arc<Vec<TimelineEvent>>,
    pub(super) zone: Tz,
    files: OwnFiles,
    mentions: Mentions,
    comments: Vec<Comment>,
    again: Form<AgainFields>,
    related: Arc<Vec<SimilarIncident>>,
    /// How many of which teams have read it, in a sentence; empty: nothing is said.
    read_by: String,
}

/// The story before publication, for its facilitators.
pub(super) async fn preview(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    page(&ctx, opened, Form::default()).await
}

/// The page of the story, published or as a preview; who may read it the store decides.
pub(super) async fn page(ctx: &Ctx, opened: Opened, again: Form<AgainFields>) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let story = store::reviews::story(store, viewer, id, ctx.now).await?;
    let factors = store::learnings::factors(store, viewer, id, ctx.now).await?;
    let events = store::timeline::events(store, viewer, id, ctx.now).await?;
    let (mentions, _) = mentions::among(&opened.incident, &events, &factors);
    let told = Told {
        story,
        factors,
        learnings: store::learnings::learnings(store, viewer, id, ctx.now).await?,
        events,
        mentions,
        comments: store::reviews::comments(store, viewer, id, ctx.now).await?,
        again,
        zone: walltime::parse_zone(&opened.incident.zone).unwrap_or(chrono_tz::UTC),
        files: own_files(ctx, &opened.incident).await?,
        related: store::search::related(store, viewer, id, ctx.now).await?,
        read_by: store::reviews::readers(store, viewer, id, ctx.now).await?.map(|read| read.sentence()).unwrap_or_default(),
        opened,
    };
    let head = Head::new(told.opened.incident.title.clone(), Nav::Incidents).story().refused(&told.again.invalid);
    Ok(shell::page(ctx, head, move || {
        provide_context(told.files.clone());
        provide_context(told.mentions.clone());
        draw(told)
    }))
}

impl Told {
    pub(super) fn body(&self, kind: SectionKind) -> String {
        self.story.sections.iter().find(|s| s.kind == kind).map(|s| s.body.trim().to_owned()).unwrap_or_default()
    }

    /// Beside a section: how often it was changed since everybody reads it, with where that is told, and the way to its comments.
    pub(super) fn margin(&self, kind: SectionKind) -> impl IntoView + use<> {
        let times = self.story.edited.iter().find(|(this, _)| *this == kind).map_or(0, |(_, times)| *times);
        let key = self.opened.incident.key;
        let changed = edited(times + 1).map(|words| {
            let href = format!("/incidents/{key}/history?kind=section&of={}", kind.slug());
            view! { <a class="quiet" href=href>{words}<span class="vh">": this section"</span></a>" · " }
        });
        view! { <p class="small no-print">{changed}{comments::way(key, &self.comments, kind)}</p> }
    }

    pub(super) fn quotes(&self, kind: SectionKind) -> Vec<StoryQuote> {
        self.story.quotes.iter().filter(|q| q.section == kind).cloned().collect()
    }

    fn minutes(&self) -> usize {
        let sections: usize = self.story.sections.iter().filter(|s| s.kind.is_in_story()).map(|s| word_count(&s.body)).sum();
        let learned: usize = self.learnings.iter().map(|l| word_count(&l.body) + word_count(&l.before)).sum();
        let factors: usize = self.factors.iter().map(|f| word_count(&f.body)).sum();
        (sections + learned + factors).div_ceil(WORDS_A_MINUTE).max(1)
    }
}

fn draw(told: Told) -> impl IntoView {
    let key = told.opened.incident.key;
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (format!("/incidents/{key}"), key.to_string())];
    let preview = told.story.published_at.is_none();
    let edits = may(Right::EditReview, &told.opened.standing);
    let plain = |kinds: &[SectionKind]| kinds.iter().map(|kind| plain_section(&told, *kind)).collect_view();
    let now = expect_context::<Ctx>().now;
    view! {
        <div class="story-tools no-print">
            <Crumbs links here=if preview { "Preview" } else { "Second story" }/>
            {take_along(key)}
            {edits.then(|| view! {
                <p class="actions">
                    <a class="btn btn-small" href=at(key, if preview { "" } else { "summary" })><Icon name="pencil"/>"Write"</a>
                    {(!preview).then(|| view! { <a class="btn btn-small" href=at(key, "preparation#after-h")>"After the meeting"</a> })}
                </p>
            })}
        </div>
        {preview.then(|| view! {
            <div class="story-tools no-print">
                <Note><Icon name="eye"/><p>"A preview: only you and others who facilitate see it. Quotes stand in it once their authors agreed."</p></Note>
            </div>
        })}
        <article>
            {header(&told)}
            <div class="prose">
                {summary(&told)}
                {learned(&told)}
                {plain(&[SectionKind::OpenQuestions, SectionKind::Impact, SectionKind::Background])}
                {happened(&told)}
                {had_to_be_true(&told)}
                {plain(&[SectionKind::WentRight, SectionKind::Luck, SectionKind::Risks])}
                {plain(&[SectionKind::Hard, SectionKind::Surprised, SectionKind::KnownThen])}
                {how_made(&told)}
                {plain(&[SectionKind::Thanks, SectionKind::Glossary])}
                {apart(&told)}
            </div>
        </article>
        {(edits && !preview).then(|| again::question(key, told.story.asks_at, told.again.clone(), now))}
        {(!told.read_by.is_empty()).then(|| view! {
            <p class="hint no-print" id="read-by">{told.read_by.clone()}" Teams are counted, never people."</p>
        })}
        {(!preview).then(|| related_reviews(&told.related))}
    }
}

/// The story as a file; without names where it goes to people who do not know those who are quoted.
fn take_along(key: IncidentKey) -> impl IntoView {
    let link = |page: &str, words: &'static str| view! { <a href=at(key, page) download="">{words}</a> };
    view! {
        <details>
            <summary class="small">"Take it along"</summary>
            <p class="meta small">
                {link("story.md", "Markdown")}
                {link("story.html", "One HTML file")}
                {link("story.html?names=off", "HTML, quotes without names")}
            </p>
            <p class="hint">"Print it for paper or PDF. What is said to people outside is not in it."</p>
        </details>
    }
}

fn header(told: &Told) -> impl IntoView + use<> {
    let incident = &told.opened.incident;
    let deck = markdown::plain(&incident.summary);
    // An imported story begins with the very words of the deck: once is enough.
    let deck = (!deck.is_empty() && deck != markdown::plain(&told.body(SectionKind::Summary))).then_some(deck);
    let minutes = match told.minutes() {
        1 => "One minute to read".to_owned(),
        n => format!("{n} minutes to read"),
    };
    view! {
        <header class="story-head">
            <div class="meta">
                <span class="key">{incident.key.to_string()}</span>
                <SeverityMark severity=incident.severity/>
                <StateMark state=incident.state revised=told.story.revised_at.is_some()/>
                <NatureMark nature=incident.nature/>
                {(incident.origin == Origin::Import).then(|| view! { <span>"Imported"</span> })}
                {incident.team.clone().map(|team| view! { <span>{team}</span> })}
            </div>
            <h1>{incident.title.clone()}</h1>
            {deck.map(|deck| view! { <p class="deck">{deck}</p> })}
            <p class="meta">
                <span>{span(incident, told.zone)}</span>
                {told.story.published_at.map(|at| view! { <span>{format!("Published {}", walltime::day(at, told.zone))}</span> })}
                {told.story.revised_at.map(|at| view! {
                    <a class="quiet" href=format!("/incidents/{}/history?kind=section", incident.key)>"Revised "<When at/></a>
                })}
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

fn summary(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Summary);
    (!text.is_empty()).then(|| {
        view! {
            <section class="two-min">
                <h2 id="s-summary">"In two minutes"</h2>
                <Markdown text class="md"/>
                {told.margin(SectionKind::Summary)}
                {quotes(told, SectionKind::Summary)}
            </section>
        }
    })
}

fn learned(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Learnings);
    let quoted = told.quotes(SectionKind::Learnings);
    if text.is_empty() && told.learnings.is_empty() && quoted.is_empty() {
        return ().into_any();
    }
    let item = |learning: Learning| {
        let icon = match learning.kind {
            LearningKind::System => "layers",
            LearningKind::People => "users",
            LearningKind::Process => "route",
        };
        let before = learning.before.trim().to_owned();
        let now = if before.is_empty() { learning.body } else { format!("Now: {}", learning.body) };
        view! {
            <li>
                {(!before.is_empty()).then(|| view! { <p class="read quiet">{format!("Before: {}", markdown::plain(&before))}</p> })}
                <Markdown text=now class="md read"/>
                <div class="meta">
                    <Chip><Icon name=icon/>{learning.kind.label()}</Chip>
                    {learning.worded_as_plan.then(|| view! { <span>"Worded as a plan in its document"</span> })}
                </div>
            </li>
        }
    };
    view! {
        <h2 id="s-learnings">"What we learned"</h2>
        {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
        {told.margin(SectionKind::Learnings)}
        {(!told.learnings.is_empty()).then(|| view! { <ol class="learned">{told.learnings.iter().cloned().map(item).collect_view()}</ol> })}
        {pulls(quoted)}
    }
    .into_any()
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
        <h2 id="s-factors">"What had to be true"</h2>
        {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
        {told.margin(SectionKind::Factors)}
        {(told.factors.len() > 1).then(|| view! { <p>"No single one of these would have been enough. Their order means nothing."</p> })}
        {(!told.factors.is_empty()).then(|| view! { <ul class="plain-list">{told.factors.iter().cloned().map(item).collect_view()}</ul> })}
        {pulls(quoted)}
    }
    .into_any()
}

/// What is said to people outside is read on a page of its own.
fn apart(told: &Told) -> impl IntoView + use<> {
    let href = at(told.opened.incident.key, "outside");
    (!told.body(SectionKind::External).is_empty()).then(|| {
        view! { <p class="hint no-print" id="s-external"><a href=href>"A text for people outside stands apart"</a></p> }
    })
}

fn how_made(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::HowMade);
    let imported = told.opened.incident.origin == Origin::Import;
    let mut facts = Vec::new();
    if imported {
        let day = told.story.published_at.map(|at| walltime::day(at, told.zone)).unwrap_or_default();
        facts.push(format!("Taken from a document on {day}. Nobody was asked again; the words are those of the document."));
    } else {
        match told.story.asked {
            0 => {}
            1 => facts.push("One person was asked to talk. What stands here from them stands as they agreed to it.".to_owned()),
            n => facts.push(format!("{n} people were asked to talk. What stands here from them stands as they agreed to it.")),
        }
        if !told.story.facilitators.is_empty() {
            facts.push(format!("Facilitated by {}.", told.story.facilitators.join(" and ")));
        }
    }
    match told.story.parked {
        0 => {}
        1 => facts.push("One idea for later was parked; it has a place of its own.".to_owned()),
        n => facts.push(format!("{n} ideas for later were parked; they have a place of their own.")),
    }
    view! {
        <h2 id="s-how-made">"How this review was made"</h2>
        {(!text.is_empty()).then(|| view! { <Markdown text class="md"/> })}
        {told.margin(SectionKind::HowMade)}
        {quotes(told, SectionKind::HowMade)}
        <p class="facts-line">{facts.join(" ")}</p>
    }
}

fn quotes(told: &Told, kind: SectionKind) -> impl IntoView + use<> {
    pulls(told.quotes(kind))
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
