//! Quotes of mine: each as it is to stand, and the author's word on it. Also for those who came by a personal link.

use super::parts::AttributionChip;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, FieldError, Icon, Note, SafeTextarea};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::reviews::{Attribution, Decision, Excerpt, ExcerptState};
use domain::{ExcerptId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::interviews::QuotesReminder;
use store::reviews::OwnExcerpt;

/// An author's word, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WordFields {
    version: String,
    /// `right`, `change` or `leave-out`.
    decision: String,
    offered: String,
    /// The quote that the form was for, when it comes back.
    #[serde(skip)]
    id: String,
}

/// All quotes of the viewer.
pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default(), false).await
}

/// The author's word on one.
pub(super) async fn decide(
    ctx: Ctx,
    Path(id): Path<String>,
    Posted(mut typed): Posted<WordFields>,
) -> Result<Response, AppError> {
    let excerpt: ExcerptId = id.parse().map_err(|_| AppError::NotFound)?;
    let version: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
    let decision = match typed.decision.as_str() {
        "right" => Decision::Right,
        "change" => Decision::Change(typed.offered.clone()),
        "leave-out" => Decision::LeaveOut,
        _ => return Err(AppError::BadRequest),
    };
    match store::reviews::decide(ctx.store(), ctx.viewer()?, excerpt, version, &decision, ctx.now).await.map_err(AppError::from) {
        Ok(()) => Ok(form::see_and_say("/quotes", "thanks")),
        Err(AppError::Invalid(invalid)) => {
            typed.id = excerpt.to_string();
            draw(&ctx, Form::refused(typed, invalid), false).await
        }
        Err(AppError::Stale) => {
            typed.id = excerpt.to_string();
            draw(&ctx, Form::new(typed), true).await
        }
        Err(other) => Err(other),
    }
}

async fn draw(ctx: &Ctx, form: Form<WordFields>, stale: bool) -> Result<Response, AppError> {
    let mut head = Head::new("Your quotes", Nav::Home).refused(&form.invalid);
    if stale {
        head = head.status(http::StatusCode::CONFLICT);
    }
    let mine = store::reviews::my_excerpts(ctx.store(), ctx.viewer()?).await?;
    let reminders = store::interviews::quotes_reminders(ctx.store(), ctx.viewer()?).await?;
    Ok(shell::page(ctx, head, move || page(mine, reminders, &form, stale)))
}

fn page(mine: Vec<OwnExcerpt>, reminders: Vec<QuotesReminder>, form: &Form<WordFields>, stale: bool) -> impl IntoView + use<> {
    let none = mine.is_empty();
    let (open, settled): (Vec<_>, Vec<_>) =
        mine.into_iter().partition(|m| !m.published && matches!(m.excerpt.state, ExcerptState::Waiting | ExcerptState::Change));
    let nothing_open = open.is_empty() && !none;
    let key_of = |reminder: &QuotesReminder| open.iter().find(|own| own.incident == reminder.incident).map(|own| own.key);
    let reminders = reminders.iter().filter_map(|one| Some(reminder(one, key_of(one)?))).collect_view();
    let cards = |list: Vec<OwnExcerpt>| list.into_iter().map(|own| card(own, form, stale)).collect_view();
    let (open, some_settled, settled) = (cards(open), !settled.is_empty(), cards(settled));
    view! {
        <Crumbs links=vec![("/".to_owned(), "Home".to_owned())] here="Your quotes"/>
        <div class="page-head">
            <div>
                <h1>"Your quotes"</h1>
                <p>"What is to stand in a story from what you said. It stands there only as you agree to it; you need not say why."</p>
            </div>
        </div>
        {none.then(|| view! {
            <section class="empty">
                <h2>"Nothing of yours is quoted"</h2>
                <p>"When somebody wants to use your words, they come here first. You say right, offer other words, or have them left out."</p>
            </section>
        })}
        <div class="quotes-mine">
            {nothing_open.then(|| view! { <p class="quiet">"Nothing waits for your word."</p> })}
            {open}
            {reminders}
            {some_settled.then(|| view! { <h2 class="aside-h">"Settled"</h2> })}
            {settled}
        </div>
    }
}

/// That a reminder may come, and how it is stopped.
fn reminder(reminder: &QuotesReminder, key: IncidentKey) -> impl IntoView + use<> {
    let day = walltime::day(reminder.at, expect_context::<Ctx>().zone());
    view! {
        <form class="actions" method="post" action=format!("/one-on-one/{}/no-reminders", reminder.invitation)>
            <input type="hidden" name="from" value="quotes"/>
            <span class="hint">{format!("A quiet reminder about {key} may come on {day} or later, on a working day.")}</span>
            <button class="btn btn-small btn-quiet">"No more reminders"</button>
        </form>
    }
}

fn card(own: OwnExcerpt, form: &Form<WordFields>, stale: bool) -> impl IntoView + use<> {
    let zone = expect_context::<Ctx>().zone();
    let excerpt = own.excerpt;
    let id = excerpt.id.to_string();
    let came_back = form.typed.id == id;
    let error = if came_back { form.error("offered") } else { None };
    let invalid = error.is_some();
    let changed = stale && came_back;
    let offered = if came_back {
        form.typed.offered.clone()
    } else if excerpt.offered.is_empty() {
        excerpt.text.clone()
    } else {
        excerpt.offered.clone()
    };
    let named = excerpt.attribution == Attribution::Named;
    let stands = stands(&excerpt, own.published);
    let due = own.due.filter(|_| !own.published && excerpt.state == ExcerptState::Waiting);
    let word = match (excerpt.state, own.published) {
        (ExcerptState::LeftOut, _) => ().into_any(),
        (ExcerptState::Right, true) => withdraw(&id, excerpt.version).into_any(),
        (_, true) => ().into_any(),
        (state, false) => answer(&id, excerpt.version, state, offered, error, came_back).into_any(),
    };
    view! {
        <article class="card quote-mine" id=format!("q-{id}") class:invalid=invalid>
            <p class="meta"><span class="key">{own.key.to_string()}</span><span>{own.title}</span>{your_word(excerpt.state)}</p>
            {changed.then(|| view! {
                <Note tone="care"><Icon name="triangle-alert"/><p role="alert">"The words changed while you looked. These are the new ones; what you typed is kept below."</p></Note>
            })}
            <blockquote class="pull" class:paraphrased=excerpt.paraphrase>
                <p>{excerpt.text}</p>
            </blockquote>
            {(excerpt.state == ExcerptState::Change).then(|| view! {
                <p class="small"><span class="quiet">"You offered: "</span><span class="read">{excerpt.offered}</span></p>
            })}
            {stands}
            {(own.few && !named && excerpt.state != ExcerptState::LeftOut).then(|| view! {
                <p class="hint">"Few people were asked. Colleagues may guess whose words these are, also without a name."</p>
            })}
            {due.map(|at| view! { <p class="hint">{format!("Without your word by {} it is left out.", walltime::absolute(at, zone))}</p> })}
            {word}
        </article>
    }
}

/// Where the author's word stands, said to the author.
fn your_word(state: ExcerptState) -> impl IntoView {
    let (tone, words) = match state {
        ExcerptState::Waiting => ("care", "Waits for your word"),
        ExcerptState::Right => ("good", "You agreed"),
        ExcerptState::Change => ("plain", "You offered other words"),
        ExcerptState::LeftOut => ("plain", "Left out"),
    };
    view! { <Chip tone>{words}</Chip> }
}

/// Where it would stand or stands, and with whose name.
fn stands(excerpt: &Excerpt, published: bool) -> impl IntoView + use<> {
    let verb = if published { "stands" } else { "would stand" };
    let section = excerpt.section.title();
    let attribution = excerpt.attribution;
    let sentence = match (&excerpt.author, attribution) {
        (Some(name), Attribution::Named) => format!("It {verb} with your name, {name}, in “{section}”."),
        _ => format!("It {verb} without a name in “{section}”."),
    };
    let paraphrase = excerpt.paraphrase.then_some(" It is a paraphrase, not your words to the letter.");
    (excerpt.state != ExcerptState::LeftOut).then(|| {
        view! { <p class="small quote-stands"><AttributionChip attribution/><span>{sentence}{paraphrase}</span></p> }
    })
}

fn answer(
    id: &str,
    version: i64,
    state: ExcerptState,
    offered: String,
    error: Option<String>,
    open: bool,
) -> impl IntoView + use<> {
    let action = format!("/quotes/{id}");
    let invalid = error.is_some();
    let (field, field_error) = (format!("offered-{id}"), format!("offered-{id}-error"));
    let describedby = invalid.then(|| field_error.clone());
    let version = version.to_string();
    view! {
        <form class="actions" method="post" action=action.clone()>
            <input type="hidden" name="version" value=version.clone()/>
            {(state != ExcerptState::Right).then(|| view! {
                <button class="btn" name="decision" value="right"><Icon name="check"/>"That is right"</button>
            })}
            <button class="btn btn-quiet" name="decision" value="leave-out">"Leave it out"</button>
        </form>
        <details open=open>
            <summary class="small">"Offer other words"</summary>
            <form class="stack stack-tight mt2" method="post" action=action>
                <input type="hidden" name="version" value=version/>
                <div class=if invalid { "field field-error" } else { "field" }>
                    <label for=field.clone()>"In these words instead"</label>
                    <FieldError id=field_error error/>
                    <SafeTextarea id=field name="offered" text=offered rows=3 describedby invalid/>
                </div>
                <div class="actions"><button class="btn btn-small" name="decision" value="change">"Send these words"</button></div>
            </form>
        </details>
    }
}

fn withdraw(id: &str, version: i64) -> impl IntoView + use<> {
    view! {
        <form class="actions" method="post" action=format!("/quotes/{id}")>
            <input type="hidden" name="version" value=version.to_string()/>
            <button class="btn btn-quiet" name="decision" value="leave-out">"Withdraw it from the story"</button>
            <span class="hint">"It is gone from the page at once. Copies that others made cannot be called back."</span>
        </form>
    }
}
