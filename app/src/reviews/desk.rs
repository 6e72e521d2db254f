//! What stands at `/incidents/{key}/review`: the story once it is published; before that, the facilitator's desk; for others, where
//! it stands.

use super::opening::{self, Appoint};
use super::parts::{ParkForm, QuoteCard, at, is_shown, mark, opened, word_count};
use super::{comments, story};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::incidents::{IncidentFrame, Tab};
use crate::settings::ready_words;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note, TextField, When};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::letters::{Letter, Wording};
use domain::reviews::{Excerpt, ExcerptState, Section, SectionKind, title};
use domain::rights::{Right, may};
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::reviews::{Candidate, Comment, NextStep, Readiness, Status};

/// Until when authors are asked, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DueFields {
    pub(super) date: String,
    pub(super) time: String,
}

struct Desk {
    opened: Opened,
    sections: Vec<Section>,
    quotes: Vec<Excerpt>,
    readiness: Readiness,
    learned: usize,
    factors: usize,
    comments: Vec<Comment>,
    status: Option<Status>,
    candidates: Vec<Candidate>,
    due: Form<DueFields>,
    appoint: Form<Appoint>,
    refused: Option<&'static str>,
    /// What to write to those who were asked, while quotes wait for their authors.
    words: Option<Wording>,
    now: DateTime<Utc>,
}

/// The review of an incident, as this viewer may see it now.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    if opened.standing.published {
        story::page(&ctx, opened, Form::default()).await
    } else if may(Right::EditReview, &opened.standing) {
        draw(&ctx, opened, Form::default(), Form::default(), None).await
    } else {
        opening::draw(&ctx, opened, Form::default()).await
    }
}

/// The facilitator's desk, fresh or with a form that came back.
pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    due: Form<DueFields>,
    appoint: Form<Appoint>,
    refused: Option<&'static str>,
) -> Result<Response, AppError> {
    let (store, viewer, id, now) = (ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now);
    let mut head =
        Head::new(format!("Review of {}", opened.incident.title), Nav::Incidents).refused(&due.invalid).refused(&appoint.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    let candidates = if may(Right::AppointFacilitator, &opened.standing) {
        store::reviews::candidates(store, viewer, id, now).await?
    } else {
        Vec::new()
    };
    let readiness = store::reviews::readiness(store, viewer, id, now).await?;
    let words = if readiness.waiting > 0 { Some(quote_check(ctx, &opened, &readiness).await?) } else { None };
    let desk = Desk {
        words,
        readiness,
        sections: store::reviews::sections(store, viewer, id, now).await?,
        quotes: store::reviews::excerpts(store, viewer, id, now).await?,
        learned: store::learnings::learnings(store, viewer, id, now).await?.len(),
        factors: store::learnings::factors(store, viewer, id, now).await?.len(),
        comments: store::reviews::comments(store, viewer, id, now).await?,
        status: store::reviews::status(store, viewer, id, now).await?,
        candidates,
        opened,
        due,
        appoint,
        refused,
        now,
    };
    Ok(shell::page(ctx, head, move || page(desk)))
}

/// The words of the quote check. They go to everybody who was asked, by no name: who is quoted is theirs to know.
async fn quote_check(ctx: &Ctx, opened: &Opened, readiness: &Readiness) -> Result<Wording, AppError> {
    let (wording, _) = store::settings::wording(ctx.store(), Letter::QuoteCheck).await?;
    let link = format!("{}/quotes", ctx.site.base_url);
    let until = readiness.due.map(|at| walltime::absolute(at, ctx.zone())).unwrap_or_default();
    Ok(wording.filled(&[("name", "everybody"), ("title", &opened.incident.title), ("link", &link), ("until", &until)]))
}

fn page(desk: Desk) -> impl IntoView {
    let key = desk.opened.incident.key;
    let viewer = expect_context::<Ctx>().viewer.map(|v| v.person_id);
    let alone = desk.status.as_ref().is_none_or(|s| s.facilitators.len() < 2);
    view! {
        <IncidentFrame opened=desk.opened.clone() tab=Tab::Review>
            {desk.refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            {next_step(key, desk.readiness.next(desk.now))}
            <div class="cols cols-side">
                <div class="stack stack-wide">
                    {story_rows(&desk)}
                    {quote_list(key, desk.quotes)}
                </div>
                <aside class="stack" aria-label="Publishing and people">
                    {publishing(key, &desk.readiness, desk.due, desk.now)}
                    {desk.words.map(|words| view! {
                        <section class="card stack stack-tight">
                            <h2>"Ask for their word"</h2>
                            <p class="hint">"Write to all who were asked: whose words wait is theirs to know."</p>
                            {ready_words(&words)}
                        </section>
                    })}
                    {desk.status.map(|status| opening::facilitators(key, status, desk.candidates, desk.appoint, viewer, alone))}
                    <ParkForm key back=at(key, "")/>
                </aside>
            </div>
        </IncidentFrame>
    }
}

fn next_step(key: IncidentKey, step: NextStep) -> impl IntoView {
    let (icon, href, label) = match step {
        NextStep::Invite => ("message-circle", format!("/incidents/{key}/one-on-ones"), "Invite"),
        NextStep::Write => ("pencil", at(key, "overview"), "Read what people said"),
        NextStep::HearAuthors => ("quote", "#quotes".to_owned(), "See the words"),
        NextStep::AwaitAuthors => ("clock", "#quotes".to_owned(), "See where they are"),
        NextStep::Publish => ("book-open", at(key, "preview"), "Read it once more"),
    };
    view! {
        <div class="note note-good note-row desk-next">
            <Icon name=icon/>
            <p>{step.label()}"."</p>
            <div class="actions"><a class="btn" href=href>{label}</a></div>
        </div>
    }
}

fn story_rows(desk: &Desk) -> impl IntoView + use<> {
    let key = desk.opened.incident.key;
    let stage = desk.readiness.stage(desk.now);
    let (shown, folded): (Vec<_>, Vec<_>) = desk.sections.iter().cloned().partition(is_shown);
    let rows = shown.into_iter().map(|section| section_row(key, section, &desk.comments)).collect_view();
    let more = folded
        .into_iter()
        .map(|section| {
            let kind = section.kind;
            view! { <li><a href=at(key, kind.slug())>{kind.title()}</a>" "<span class="quiet small">{kind.prompt()}</span></li> }
        })
        .collect_view();
    let edits = may(Right::EditIncidents, &desk.opened.standing);
    view! {
        <section aria-labelledby="story-h">
            <div class="section-head">
                <h2 id="story-h">"The story "<span class="chip">{stage.label()}</span></h2>
                <div class="actions">
                    <a class="btn btn-small" href=at(key, "preparation")><Icon name="circle-check"/>"Preparation"</a>
                    <a class="btn btn-small" href=at(key, "overview")><Icon name="message-circle"/>"What people said"</a>
                    <a class="btn btn-small" href=at(key, "themes")><Icon name="layers"/>"Themes"</a>
                    <a class="btn btn-small" href=at(key, "meeting")><Icon name="users"/>"Meeting"</a>
                    <a class="btn btn-small" href=format!("/incidents/{key}/thanks")><Icon name="heart-handshake"/>"Thanks"</a>
                    <a class="btn btn-small" href=at(key, "preview")><Icon name="eye"/>"Preview"</a>
                </div>
            </div>
            <ul class="rows">
                {edits.then(|| view! {
                    <li class="row section-row">
                        <Icon name=mark(true)/>
                        <div class="row-main">
                            <a class="row-title" href=format!("/incidents/{key}/edit")>"Title"</a>
                            <span class="quiet small">{title_prompt(desk)}</span>
                        </div>
                    </li>
                })}
                {rows}
            </ul>
            <details class="mt2">
                <summary>"Add a section…"</summary>
                <ul class="plain-list stack stack-tight mt2">{more}</ul>
            </details>
            <p class="hint mt2">
                {format!("{} and {} stand in the story as lists. ", counted(desk.factors, "contributing factor"), counted(desk.learned, "learning"))}
                <a href=format!("/incidents/{key}/factors")>"Factors and learnings"</a>
            </p>
        </section>
    }
}

/// A quiet word on the title: it is what people find the story by.
fn title_prompt(desk: &Desk) -> String {
    let title = &desk.opened.incident.title;
    if !title::names_what_failed(title) {
        return format!("“{title}” Does it tell how it came to this?");
    }
    let summary =
        desk.sections.iter().find(|s| s.kind == SectionKind::Summary).map(|s| markdown::plain(&s.body)).unwrap_or_default();
    let begins = title::first_sentence(&summary).filter(|sentence| sentence != title);
    let begins = begins.map(|sentence| format!(" Your summary begins “{sentence}”: could that be it?")).unwrap_or_default();
    format!("“{title}” names what failed. A title that tells what happened is found again, and read.{begins}")
}

fn section_row(key: IncidentKey, section: Section, comments: &[Comment]) -> impl IntoView + use<> {
    let written = !section.body.trim().is_empty();
    let words = word_count(&section.body);
    let open = comments.iter().any(|c| c.section == section.kind && c.resolved_at.is_none());
    view! {
        <li class="row section-row">
            <Icon name=mark(written)/>
            <div class="row-main">
                <a class="row-title" href=at(key, section.kind.slug())>{section.kind.title()}</a>
                {(!written).then(|| view! { <span class="quiet small">{section.kind.prompt()}</span> })}
                {(written && !section.kind.is_in_story()).then(|| view! { <span class="quiet small">"Stands apart from the story"</span> })}
            </div>
            <div class="row-side quiet small">
                {written.then(|| view! { <span>{if words == 1 { "1 word".to_owned() } else { format!("{words} words") }}</span> })}
                {section.saved_at.filter(|_| written).map(|at| view! { <When at/> })}
                {open.then(|| comments::way(key, comments, section.kind))}
            </div>
        </li>
    }
}

/// "1 learning", "3 learnings".
fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn quote_list(key: IncidentKey, quotes: Vec<Excerpt>) -> impl IntoView {
    let none = quotes.is_empty();
    // What wants a word of the facilitator first; within a state the random order of their ids stays.
    let order = [ExcerptState::Change, ExcerptState::Waiting, ExcerptState::Right, ExcerptState::LeftOut];
    let quotes: Vec<Excerpt> = order.iter().flat_map(|state| quotes.iter().filter(|q| q.state == *state).cloned()).collect();
    let item = move |excerpt: Excerpt| {
        let (id, version, state, offered) = (excerpt.id, excerpt.version, excerpt.state, excerpt.offered.clone());
        let act = at(key, &format!("quotes/{id}"));
        view! {
            <li class="quote-item">
                <p class="small quiet">{format!("For “{}”", excerpt.section.title())}</p>
                <QuoteCard excerpt/>
                {(state == ExcerptState::Change).then(|| view! {
                    <div class="offered">
                        <p class="small quiet">"Its author would rather say:"</p>
                        <p class="read">{offered}</p>
                    </div>
                })}
                {(state != ExcerptState::LeftOut).then(|| view! {
                    <form class="actions" method="post" action=act>
                        <input type="hidden" name="version" value=version.to_string()/>
                        {(state == ExcerptState::Change).then(|| view! {
                            <button class="btn btn-small" name="act" value="take">"Take these words"</button>
                        })}
                        <button class="btn btn-quiet btn-small" name="act" value="drop">"Leave it out"</button>
                    </form>
                })}
            </li>
        }
    };
    view! {
        <section aria-labelledby="quotes">
            <div class="section-head"><h2 id="quotes">"Quotes"</h2></div>
            {none.then(|| view! {
                <p class="quiet">
                    "Quotes and paraphrases are copies that go back to their authors. Make one from "
                    <a href=at(key, "overview")>"what people said"</a>"."
                </p>
            })}
            <ul class="plain-list stack">{quotes.into_iter().map(item).collect_view()}</ul>
        </section>
    }
}

fn publishing(key: IncidentKey, readiness: &Readiness, due: Form<DueFields>, now: DateTime<Utc>) -> impl IntoView + use<> {
    let zone = expect_context::<Ctx>().zone();
    let keeps = readiness.keeps(now);
    let line = |done: bool, words: String| view! { <li class="check"><Icon name=mark(done)/><span>{words}</span></li> };
    let waiting = match (readiness.waiting, readiness.right) {
        (0, 0) => "No quotes are with their authors".to_owned(),
        (0, 1) => "An author agreed to one quote".to_owned(),
        (0, n) => format!("Authors agreed to {n} quotes"),
        (1, _) => "One quote is with its author".to_owned(),
        (n, _) => format!("{n} quotes are with their authors"),
    };
    let change = match readiness.change {
        0 => "No author offers other words".to_owned(),
        1 => "One author offers other words".to_owned(),
        n => format!("For {n} quotes authors offer other words"),
    };
    let left_out = keeps.is_none() && readiness.waiting > 0;
    let proposed = readiness
        .due
        .map(|at| DueFields { date: at.with_timezone(&zone).format("%Y-%m-%d").to_string(), time: walltime::clock(at, zone) });
    let refused = !due.invalid.fields.is_empty();
    let typed = if refused { due.typed.clone() } else { proposed.unwrap_or_default() };
    let error = due.error("due").or_else(|| due.error("date")).or_else(|| due.error("time"));
    view! {
        <section class="card" aria-labelledby="publish-h">
            <h2 id="publish-h">"Before it is published"</h2>
            <ul class="plain-list">
                {line(readiness.told, "A summary or what happened is written".to_owned())}
                {line(readiness.waiting == 0, waiting)}
                {line(readiness.change == 0, change)}
            </ul>
            {readiness.due.filter(|_| readiness.waiting > 0).map(|at| view! {
                <p class="hint mt2">{format!("Authors are asked until {}. After that, what is unanswered is left out.", walltime::absolute(at, zone))}{readiness.reminds.then_some(" Whoever has not answered may get a quiet reminder before that.")}</p>
            })}
            <form method="post" class="stack stack-tight mt4" action=at(key, "publish")>
                {keeps.map(|why| view! { <p class="hint" id="keeps">{why}</p> })}
                {left_out.then(|| view! { <p class="hint">"Publishing now leaves the unanswered quotes out."</p> })}
                <button class="btn btn-primary" disabled=keeps.is_some() aria-describedby=keeps.map(|_| "keeps")>"Publish the second story"</button>
                <p class="hint">"Then everybody here can read it, personal links end, and the soak time begins."</p>
            </form>
            {(readiness.waiting > 0 || refused).then(|| view! {
                <details class="mt4" open=refused>
                    <summary class="small">"Give authors another time"</summary>
                    <form method="post" class="stack stack-tight mt2" action=at(key, "deadline")>
                        <div class="fields">
                            <TextField name="date" label="Day" kind="date" value=typed.date error=error
                                hint="At least two days from now, so that nobody who has not answered is cut short."/>
                            <TextField name="time" label="Time" kind="time" value=typed.time/>
                        </div>
                        <button class="btn btn-small">"Set this time"</button>
                    </form>
                </details>
            })}
        </section>
    }
}
