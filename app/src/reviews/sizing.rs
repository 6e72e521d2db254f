//! How large a review is to be: ten signals of learning, what they suggest, and what people decide, with a note or a reason.

use super::parts::{at, opened, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Markdown, Note, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::{IncidentKey, Nature};
use domain::reviews::sizing::{Signal, Size, Sizing};
use domain::rights::{Right, may};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;

/// What is said, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SizeFields {
    /// Slugs of the signals that are there.
    signals: Vec<String>,
    nominated: String,
    /// A slug of [`Size`]; nothing: not decided.
    size: String,
    words: String,
    version: String,
}

impl SizeFields {
    fn of(sizing: &Sizing) -> Self {
        Self {
            signals: sizing.signals.iter().map(|s| s.slug().to_owned()).collect(),
            nominated: if sizing.nominated { "yes" } else { "" }.to_owned(),
            size: sizing.size.map_or("", Size::slug).to_owned(),
            words: sizing.words.clone(),
            version: sizing.version.to_string(),
        }
    }

    fn parse(&self) -> Result<Sizing, AppError> {
        Ok(Sizing {
            signals: self.signals.iter().filter_map(|slug| Signal::from_slug(slug)).collect(),
            nominated: !self.nominated.is_empty(),
            size: Size::from_slug(&self.size),
            words: self.words.clone(),
            version: self.version.parse().map_err(|_| AppError::BadRequest)?,
        })
    }
}

/// The signals and what was decided.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, None, false).await
}

/// Says which signals are there, and what is decided.
pub(super) async fn save(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<SizeFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditIncidents).await?;
    let said = typed.parse()?;
    match store::reviews::size(ctx.store(), ctx.viewer()?, opened.incident.id, said, ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "size"), "saved")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Some(Form::refused(typed, invalid)), false).await,
        Err(StoreError::Stale) => draw(&ctx, opened, Some(Form::new(typed)), true).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, opened: Opened, form: Option<Form<SizeFields>>, stale: bool) -> Result<Response, AppError> {
    let now = store::reviews::sizing(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let mut form = form.unwrap_or_else(|| {
        let mut typed = SizeFields::of(&now);
        // What the incident was says one of the signals.
        if now.version == 0 && opened.incident.nature == Nature::NearMiss {
            typed.signals.push(Signal::NearMiss.slug().to_owned());
        }
        Form::new(typed)
    });
    let mut head = Head::new(format!("What to learn from {}", opened.incident.title), Nav::Incidents).refused(&form.invalid);
    if stale {
        form.typed.version = now.version.to_string();
        head = head.status(StatusCode::CONFLICT);
    }
    let theirs = stale.then_some(now);
    Ok(shell::page(ctx, head, move || page(opened, form, theirs)))
}

fn page(opened: Opened, form: Form<SizeFields>, theirs: Option<Sizing>) -> impl IntoView {
    let key = opened.incident.key;
    let edits = may(Right::EditIncidents, &opened.standing);
    let typed = form.typed.clone();
    let here: Vec<Signal> = typed.signals.iter().filter_map(|slug| Signal::from_slug(slug)).collect();
    let suggested = Size::suggested(here.len(), !typed.nominated.is_empty());
    let signal = move |signal: Signal| {
        view! {
            <label class="check">
                <input type="checkbox" name="signals" value=signal.slug() checked=here.contains(&signal) disabled=!edits/>
                <span>{signal.question()}</span>
            </label>
        }
    };
    let (chosen, looked) = (Size::from_slug(&typed.size), typed.version != "0");
    let size = move |size: Size| {
        view! {
            <label class="choice">
                <input type="radio" name="size" value=size.slug() checked=chosen == Some(size) disabled=!edits/>
                <span>
                    <b>{size.label()}</b>
                    <small>{size.means()}</small>
                    {(size == suggested && looked).then(|| view! { <small><b>"Suggested"</b></small> })}
                </span>
            </label>
        }
    };
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            {theirs.map(others)}
            <form method="post" class="stack measure" action=at(key, "size")>
                <h2 class="serif-title">"How much is there to learn?"</h2>
                <p class="soft">
                    "Severity alone says little: a dull cause, a near miss or a day that went well can teach more than a long outage. Tick what holds. "
                    "Two signals suggest a full review, one a light one; you decide."
                </p>
                <input type="hidden" name="version" value=typed.version/>
                <fieldset class="stack stack-tight">
                    <legend>"Ten signals"</legend>
                    {Signal::ALL.map(signal).into_iter().collect_view()}
                </fieldset>
                <label class="check">
                    <input type="checkbox" name="nominated" value="yes" checked=!typed.nominated.is_empty() disabled=!edits/>
                    <span>"I nominate this one, whatever the signals say"</span>
                </label>
                <fieldset>
                    <legend>"What we do"</legend>
                    <FieldError id="size-error".to_owned() error=form.error("size")/>
                    <div class="severities">{Size::ALL.map(size).into_iter().collect_view()}</div>
                </fieldset>
                <TextareaField
                    name="words"
                    label="In a few sentences"
                    hint="The note itself, or why there is no review. For a review it may stay empty."
                    text=typed.words
                    rows=4
                    error=form.error("words")
                />
                {edits.then(|| view! { <p class="actions"><button class="btn btn-primary">"Save"</button></p> })}
            </form>
        </IncidentFrame>
    }
}

/// What somebody else said in between. What was typed stays in the form.
fn others(theirs: Sizing) -> impl IntoView {
    let signals = theirs.signals.iter().map(|s| s.question()).collect::<Vec<_>>().join(" ");
    view! {
        <Note tone="care">
            <Icon name="triangle-alert"/>
            <div>
                <p role="alert">"Somebody said something here while you did. Yours is below, not saved. Theirs:"</p>
                <p>{theirs.size.map_or("Not decided", Size::label)}{(!signals.is_empty()).then(|| format!(" · {signals}"))}</p>
                <Markdown text=theirs.words class="md"/>
            </div>
        </Note>
    }
}

/// What was decided so far, on the page of an incident without a review.
pub(super) fn decided(key: IncidentKey, sizing: &Sizing, edits: bool) -> impl IntoView + use<> {
    let (signals, suggested, words, decided) = (sizing.signals.len(), sizing.suggested(), sizing.words.clone(), sizing.size);
    let said = sizing.version > 0;
    let line = match (said, decided) {
        (_, Some(size)) => size.label().to_owned(),
        (false, None) => "Nobody has looked yet at how much there is to learn.".to_owned(),
        (true, None) => {
            let counted = if signals == 1 { "1 signal".to_owned() } else { format!("{signals} signals") };
            format!("{counted}: {} suggested", suggested.label().to_lowercase())
        }
    };
    view! {
        <section class="card stack stack-tight measure" aria-labelledby="size-h">
            <h3 id="size-h">"How much is there to learn?"</h3>
            <p>{line}</p>
            {(!words.trim().is_empty()).then(|| view! { <Markdown text=words class="md"/> })}
            <p><a href=at(key, "size")>{if edits && !said { "Look at the ten signals" } else { "The ten signals" }}</a></p>
        </section>
    }
}
