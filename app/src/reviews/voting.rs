//! Choosing blind what a meeting talks about: the facilitator's card beside the themes, and the page of those who were there.

use super::parts::{at, opened, opened_for};
use super::themes;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::ThemeId;
use domain::incidents::IncidentKey;
use domain::reviews::ballots::{Ballot, CHOICES};
use domain::reviews::themes::Theme;
use domain::rights::Right;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Slip, Vote};

/// What the facilitator does with the vote.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VoteAct {
    /// `open` or `close`.
    act: String,
}

/// Themes that were chosen, by id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    themes: Vec<String>,
}

impl Chosen {
    /// The ids; what is none becomes an id that is never there, and is refused as one that is gone.
    fn ids(&self) -> Vec<ThemeId> {
        self.themes.iter().map(|id| id.parse().unwrap_or(ThemeId(uuid::Uuid::nil()))).collect()
    }
}

/// Opens the vote or closes it.
pub(super) async fn turn(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<VoteAct>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let (outcome, said) = match typed.act.as_str() {
        "open" => (store::reviews::open_vote(store, viewer, incident, ctx.now).await, "opened"),
        "close" => (store::reviews::close_vote(store, viewer, incident, ctx.now).await, "changed"),
        _ => return Err(AppError::BadRequest),
    };
    match outcome {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "themes#vote-h"), said)),
        Err(StoreError::Refused(why)) => themes::refused(&ctx, opened, why).await,
        Err(other) => Err(other.into()),
    }
}

/// Says what the meeting talks about.
pub(super) async fn agenda(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<Chosen>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    match store::reviews::set_agenda(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.ids(), ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "themes#vote-h"), "saved")),
        Err(StoreError::Refused(why)) => themes::refused(&ctx, opened, why).await,
        Err(StoreError::Invalid(invalid)) => themes::agenda_refused(&ctx, opened, Form::refused(typed.themes, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// The page of those who were there.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, Form::default(), None).await
}

/// Counts what somebody chose.
pub(super) async fn vote(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<Chosen>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::Vote).await?;
    match store::reviews::vote(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.ids(), ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "vote"), "counted-vote")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid), None).await,
        Err(StoreError::Refused(why)) => draw(&ctx, opened, Form::new(typed), Some(why)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<Chosen>, refused: Option<&'static str>) -> Result<Response, AppError> {
    let slip = store::reviews::slip(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let mut head = Head::new(format!("What to talk about: {}", opened.incident.title), Nav::Incidents).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || page(opened, slip, &form, refused)))
}

fn page(opened: Opened, slip: Slip, form: &Form<Chosen>, refused: Option<&'static str>) -> impl IntoView + use<> {
    let key = opened.incident.key;
    let body = match (&slip, slip.open && !slip.voted) {
        (_, true) => choices(key, slip.themes, form).into_any(),
        (slip, _) if slip.open => view! {
            <p class="soft measure">"You have voted. Nobody sees what is chosen before the vote is closed, and then only how often each theme was."</p>
        }
        .into_any(),
        (slip, _) if !slip.agenda.is_empty() => agenda_list(slip.agenda.clone()).into_any(),
        _ => view! {
            <p class="soft measure">"Nothing is to choose just now. When the facilitator asks, it stands on your home page."</p>
        }
        .into_any(),
    };
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <section class="stack measure" aria-labelledby="choose-h">
                <h2 class="serif-title" id="choose-h">"What shall the meeting talk about?"</h2>
                {body}
            </section>
        </IncidentFrame>
    }
}

fn choices(key: IncidentKey, themes: Vec<Theme>, form: &Form<Chosen>) -> impl IntoView + use<> {
    let chosen = form.typed.themes.clone();
    let item = move |theme: Theme| {
        let checked = chosen.contains(&theme.id.to_string());
        view! {
            <label class="check">
                <input type="checkbox" name="themes" value=theme.id.to_string() checked=checked/>
                <span>
                    {theme.name}
                    {(!theme.opening.is_empty()).then(|| view! { <br/><span class="quiet small">{theme.opening}</span> })}
                </span>
            </label>
        }
    };
    view! {
        <p class="soft">
            {format!("Choose up to {CHOICES}. The vote is blind: it is counted, and nothing is kept that leads from you to a theme. So it cannot be changed afterwards, by you or by anybody.")}
        </p>
        <form method="post" class="stack" action=at(key, "vote")>
            <fieldset class="stack stack-tight">
                <legend class="vh">"Themes"</legend>
                <FieldError id="themes-error".to_owned() error=form.error("themes")/>
                {themes.into_iter().map(item).collect_view()}
            </fieldset>
            <p class="actions"><button class="btn btn-primary">"Vote"</button></p>
        </form>
    }
}

/// What the meeting talks about, for those who come.
pub(super) fn agenda_list(agenda: Vec<Theme>) -> impl IntoView {
    let item = |theme: Theme| {
        view! {
            <li>
                {theme.name}
                {(!theme.opening.is_empty()).then(|| view! { <br/><span class="quiet small">{theme.opening}</span> })}
            </li>
        }
    };
    view! { <ol class="stack stack-tight">{agenda.into_iter().map(item).collect_view()}</ol> }
}

/// The facilitator's card: ask, close, and choose the agenda.
pub(super) fn card(key: IncidentKey, vote: &Vote, themes: &[Theme], form: &Form<Vec<String>>) -> impl IntoView + use<> {
    let open = vote.ballot.as_ref().is_some_and(Ballot::is_open);
    let act = at(key, "themes/vote");
    let line = vote.ballot.as_ref().map(told);
    let agenda = (!open && themes.len() >= 2).then(|| agenda_form(key, vote, themes, form));
    view! {
        <section class="card stack stack-tight" aria-labelledby="vote-h">
            <h2 id="vote-h">"What the meeting talks about"</h2>
            {line.map(|line| view! { <p>{line}</p> })}
            {agenda}
            {if open {
                view! {
                    <form method="post" action=act><button class="btn btn-primary btn-small" name="act" value="close">"Close the vote"</button></form>
                }.into_any()
            } else {
                view! {
                    <form method="post" class="stack stack-tight" action=act>
                        <p class="hint">"Those who were there choose blind, up to three each. They see names and opening questions: word them so that they give nobody away."</p>
                        <button class="btn btn-small" name="act" value="open" disabled={themes.len() < 2}>
                            {if vote.ballot.is_some() { "Ask again" } else { "Ask what they want to talk about" }}
                        </button>
                    </form>
                }.into_any()
            }}
        </section>
    }
}

fn told(ballot: &Ballot) -> String {
    let voted = format!("{} of {} voted.", ballot.voted, ballot.asked);
    match (ballot.is_open(), ballot.shows_totals()) {
        (true, _) => format!("{voted} What is chosen is seen by nobody before you close the vote."),
        (false, true) => voted,
        (false, false) => format!("{voted} That is too few to show what was chosen."),
    }
}

fn agenda_form(key: IncidentKey, vote: &Vote, themes: &[Theme], form: &Form<Vec<String>>) -> impl IntoView + use<> {
    // By what was chosen where that is shown; else as they stand.
    let mut order: Vec<&Theme> = themes.iter().collect();
    order.sort_by_key(|theme| vote.totals.iter().position(|(id, _)| *id == theme.id).unwrap_or(usize::MAX));
    let refused = !form.invalid.fields.is_empty();
    let item = |theme: &Theme| {
        let id = theme.id.to_string();
        let checked = if refused { form.typed.contains(&id) } else { vote.agenda.contains(&theme.id) };
        let total = vote.totals.iter().find(|(of, _)| *of == theme.id).map(|(_, n)| *n);
        let total = total.map(|n| if n == 1 { "chosen once".to_owned() } else { format!("chosen {n} times") });
        view! {
            <label class="check">
                <input type="checkbox" name="themes" value=id checked=checked/>
                <span>{theme.name.clone()}{total.map(|words| view! { " "<span class="quiet small">{words}</span> })}</span>
            </label>
        }
    };
    view! {
        <form method="post" class="stack stack-tight" action=at(key, "themes/agenda")>
            <fieldset class="stack stack-tight">
                <legend class="small">"On the agenda, two to five"</legend>
                <FieldError id="agenda-error".to_owned() error=form.error("themes")/>
                {order.into_iter().map(item).collect_view()}
            </fieldset>
            <button class="btn btn-small">"Set the agenda"</button>
        </form>
    }
}
