//! Question 3: stretches of work, told one by one; the picture is drawn by the server after each save.

use super::question::{load, title};
use super::talk::{Here, Steps, Talk, heading, neighbours, prompts};
use super::{audience, picture};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, TextField};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::interviews::{WORK, WorkKind, WorkSession};
use domain::stretches::TypedStretch;
use domain::walltime::{self, WorkPattern};
use domain::{InvitationId, WorkSessionId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::interviews::Conversation;

/// Hints shown at most.
const MOST_HINTS: usize = 5;

/// What the form of a stretch posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StretchFields {
    /// The stretch that is changed; empty for a new one.
    session: String,
    day: String,
    from: String,
    to: String,
    next_day: String,
    zone: String,
    kind: String,
    /// Where a button of the foot leads: `back` or `next`; empty stays.
    go: String,
}

impl StretchFields {
    /// Nothing of a new stretch is told yet: whoever goes on leaves nothing behind.
    fn untold(&self) -> bool {
        self.session.is_empty() && self.from.trim().is_empty() && self.to.trim().is_empty()
    }

    async fn leads(&self, ctx: &Ctx, id: InvitationId) -> Result<Response, AppError> {
        let conversation = load(ctx, &id.to_string()).await?;
        let (back, next) = neighbours(id, &conversation.set, WORK);
        Ok(see(&match self.go.as_str() {
            "back" => back,
            "next" => next,
            _ => format!("/one-on-one/{id}/{WORK}#stretches"),
        }))
    }

    fn typed(&self) -> TypedStretch {
        TypedStretch {
            day: self.day.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            next_day: !self.next_day.is_empty(),
            zone: self.zone.clone(),
            kind: self.kind.clone(),
        }
    }

    fn of(session: &WorkSession) -> Self {
        let known = Self {
            session: session.id.to_string(),
            zone: session.zone.clone(),
            kind: session.kind.slug().to_owned(),
            ..Self::default()
        };
        known.between((session.started_at, session.ended_at))
    }

    /// A new one: on the day of the last, or of the incident, where the person is at home or was then.
    fn new(ctx: &Ctx, conversation: &Conversation) -> Self {
        let last = conversation.sessions.last().map(Self::of);
        let zone = last.as_ref().map_or_else(|| ctx.zone().name().to_owned(), |s| s.zone.clone());
        let home = walltime::parse_zone(&zone).unwrap_or(chrono_tz::UTC);
        let began = conversation.incident_started_at.with_timezone(&home).format("%Y-%m-%d").to_string();
        Self { day: last.map_or(began, |s| s.day), zone, kind: WorkKind::Responding.slug().to_owned(), ..Self::default() }
    }

    /// With these instants on the clock of its zone.
    fn between(self, (start, end): (DateTime<Utc>, DateTime<Utc>)) -> Self {
        let zone = walltime::parse_zone(&self.zone).unwrap_or(chrono_tz::UTC);
        let (start, end) = (start.with_timezone(&zone), end.with_timezone(&zone));
        Self {
            day: start.format("%Y-%m-%d").to_string(),
            from: start.format("%H:%M").to_string(),
            to: end.format("%H:%M").to_string(),
            next_day: if start.date_naive() == end.date_naive() { String::new() } else { "yes".to_owned() },
            ..self
        }
    }
}

/// `change`: the stretch that is open for changing; `hint`: the number of the hint to begin a new one with.
pub(super) async fn show(ctx: &Ctx, conversation: Conversation, change: &str, hint: &str) -> Result<Response, AppError> {
    let fields = match conversation.sessions.iter().find(|s| s.id.to_string() == change) {
        Some(session) => StretchFields::of(session),
        None => {
            let new = StretchFields::new(ctx, &conversation);
            let hints = store::interviews::hinted(ctx.store(), ctx.viewer()?, conversation.id, ctx.now).await?;
            match hint.parse().ok().and_then(|n: usize| hints.get(n)) {
                Some(hint) => new.between(*hint),
                None => new,
            }
        }
    };
    draw(ctx, conversation, Form::new(fields)).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path(invitation): Path<String>,
    Posted(typed): Posted<StretchFields>,
) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    if !typed.go.is_empty() && typed.untold() {
        return typed.leads(&ctx, id).await;
    }
    let done = match typed.typed().parse(ctx.now) {
        Err(invalid) => Err(StoreError::Invalid(invalid)),
        Ok(new) if typed.session.is_empty() => {
            store::interviews::add_session(ctx.store(), viewer, id, &new, ctx.now).await.map(|_| ())
        }
        Ok(new) => {
            let session: WorkSessionId = typed.session.parse().map_err(|_| AppError::NotFound)?;
            store::interviews::change_session(ctx.store(), viewer, id, session, &new, ctx.now).await
        }
    };
    match done {
        Ok(()) => typed.leads(&ctx, id).await,
        Err(StoreError::Invalid(invalid)) => {
            let conversation = load(&ctx, &invitation).await?;
            draw(&ctx, conversation, Form::refused(typed, invalid)).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn remove(ctx: Ctx, Path((invitation, session)): Path<(String, String)>) -> Result<Response, AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    let session: WorkSessionId = session.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::remove_session(ctx.store(), ctx.viewer()?, id, session, ctx.now).await?;
    Ok(see(&format!("/one-on-one/{id}/{WORK}#stretches")))
}

async fn draw(ctx: &Ctx, conversation: Conversation, form: Form<StretchFields>) -> Result<Response, AppError> {
    let question = conversation.set.question(WORK).cloned().ok_or(AppError::NotFound)?;
    let history = store::calendars::own_history(ctx.store(), ctx.viewer()?).await?;
    let hints = store::interviews::hinted(ctx.store(), ctx.viewer()?, conversation.id, ctx.now).await?;
    let zone = ctx.zone();
    let offers = audience::offers(ctx, &conversation, &question).await?;
    let steps = Steps::new(ctx, &conversation, Here::Question(WORK));
    let refused = !form.invalid.fields.is_empty();
    let kept = !conversation.sessions.is_empty();
    let head = Head::new(title(&conversation, WORK), Nav::None).talk().refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let foot = view! {
            <span class="save" data-state=if refused { "failed" } else { "saved" } role="status">
                {match (refused, kept) {
                    (true, _) => view! { <Icon name="triangle-alert"/>"Not saved yet" }.into_any(),
                    (false, true) => view! { <Icon name="circle-check"/>"Stretches are saved" }.into_any(),
                    (false, false) => ().into_any(),
                }}
            </span>
            <button class="btn" form="stretch" name="go" value="back">"Back"</button>
            <button class="btn btn-primary" form="stretch" name="go" value="next">"Next"</button>
        }
        .into_any();
        view! {
            <Talk steps=steps.clone() foot=foot>
                <div class="stack stack-wide">
                    {heading(&steps, &question)}
                    {told(&conversation, &form.typed.session)}
                    {(!refused).then(|| hinted(conversation.id, &hints, zone))}
                    {editor(&conversation, form)}
                    {prompts(&question, &[])}
                    {kept.then(|| picture::figure(&conversation.sessions, &history))}
                    {counted(&history.latest().calendar.pattern)}
                    {audience::fieldset(conversation.id, &question, offers, "", false)}
                </div>
            </Talk>
        }
    }))
}

/// What is counted of it, said at the question (PRODUCT.md rule 2).
fn counted(pattern: &WorkPattern) -> impl IntoView + use<> {
    let hours = format!("{} to {}", pattern.start.format("%H:%M"), pattern.end.format("%H:%M"));
    view! {
        <p class="hint">
            {format!("Only you see the stretches. Once you submit, their minutes count in figures of five or more people: hours in working time, evening, night and days off, broken nights and short rests. Waiting and travel are not counted. Your working hours are {hours}, as your profile has them.")}
        </p>
    }
}

fn minutes_told(minutes: i64) -> String {
    picture::told(minutes)
}

/// The stretches so far, each with Change and Remove.
fn told(conversation: &Conversation, changing: &str) -> impl IntoView + use<> {
    let id = conversation.id;
    let rows = conversation
        .sessions
        .iter()
        .map(|s| {
            let zone = walltime::parse_zone(&s.zone).unwrap_or(chrono_tz::UTC);
            let (start, end) = (s.started_at.with_timezone(&zone), s.ended_at.with_timezone(&zone));
            let next = if start.date_naive() == end.date_naive() { "" } else { ", the next day" };
            let day = start.format("%a %-d %b").to_string();
            let times = format!("{} to {} {}{next}", start.format("%H:%M"), end.format("%H:%M"), walltime::abbreviation(s.ended_at, zone));
            let length = minutes_told((s.ended_at - s.started_at).num_minutes());
            let (change, remove) = (format!(" {day} {times}"), format!("Remove {day} {times}"));
            let current = (s.id.to_string() == changing).then_some("true");
            view! {
                <li class="stretch" aria-current=current>
                    <p><b>{day}</b>" "<span class="num">{times}</span><br/><span class="quiet small">{format!("{length}, {}", s.kind.label().to_lowercase())}</span></p>
                    <a class="btn btn-quiet btn-small" href=format!("/one-on-one/{id}/{WORK}?change={}#stretch", s.id)>
                        "Change"<span class="vh">{change}</span>
                    </a>
                    <form method="post" action=format!("/one-on-one/{id}/sessions/{}/delete", s.id)>
                        <button class="btn btn-quiet btn-small" aria-label=remove>"Remove"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!conversation.sessions.is_empty()).then(|| view! { <ul class="stretches" id="stretches">{rows}</ul> })
}

/// What the timeline hints at: a click fills the form in, and nothing is kept before that is sent.
fn hinted(id: InvitationId, hints: &[(DateTime<Utc>, DateTime<Utc>)], zone: Tz) -> impl IntoView + use<> {
    let rows = hints.iter().take(MOST_HINTS).enumerate().map(|(n, (start, end))| {
        let (start, end) = (start.with_timezone(&zone), end.with_timezone(&zone));
        let words = format!("{}, {} to {}", start.format("%a %-d %b"), start.format("%H:%M"), end.format("%H:%M"));
        view! { <li><a href=format!("/one-on-one/{id}/{WORK}?hint={n}#stretch")>{words}</a></li> }
    });
    let rows = rows.collect_view();
    (!hints.is_empty()).then(|| {
        view! {
            <div class="note note-plain">
                <Icon name="clock"/>
                <div>
                    <p>"You wrote about these times in the timeline. Were you at work then? A click fills the form in; your word is what counts."</p>
                    <ul class="bullets small">{rows}</ul>
                </div>
            </div>
        }
    })
}

/// The form for one stretch: a new one, or the one that is changed.
fn editor(conversation: &Conversation, form: Form<StretchFields>) -> impl IntoView + use<> {
    let id = conversation.id;
    let changing = !form.typed.session.is_empty();
    let first = conversation.sessions.is_empty();
    let past_midnight = form.invalid.message("next_day").is_some();
    let errors = |name: &str| form.error(name);
    let (day, from, to, zone, kind) = (errors("day"), errors("from"), errors("to"), errors("zone"), errors("kind"));
    let typed = form.typed;
    view! {
        <form id="stretch" class="session" method="post" action=format!("/one-on-one/{id}/sessions") novalidate>
            <p class="full label">{if changing { "Change this stretch" } else if first { "The first stretch" } else { "One more stretch" }}</p>
            <input type="hidden" name="session" value=typed.session/>
            <div class="date"><TextField name="day" label="Day it began" kind="date" value=typed.day error=day/></div>
            {clock("from", "From", typed.from, from)}
            {clock("to", "To", typed.to, to)}
            <label class=if past_midnight { "check full next-day field-error" } else { "check full next-day" }>
                <input type="checkbox" name="next_day" value="yes" checked=!typed.next_day.is_empty()/>
                <span>"Ended the next day"</span>
            </label>
            <div class="half">{kinds(typed.kind, kind)}</div>
            <div class="half">
                <TextField name="zone" label="Where you were, time zone" value=typed.zone list="zones" error=zone autocomplete="off"/>
                <datalist id="zones">{walltime::zones().into_iter().map(|z| view! { <option value=z></option> }).collect_view()}</datalist>
            </div>
            <p class="full actions">
                <button class=if first { "btn btn-primary" } else { "btn" }>
                    <Icon name=if changing { "check" } else { "plus" }/>
                    {if changing { "Save the change" } else { "Add this stretch" }}
                </button>
                {changing.then(|| view! { <a class="btn btn-quiet" href=format!("/one-on-one/{id}/{WORK}#stretches")>"Leave it as it was"</a> })}
            </p>
        </form>
    }
}

fn clock(name: &'static str, label: &'static str, value: String, error: Option<String>) -> impl IntoView {
    let id = format!("{name}-error");
    let describedby = error.as_ref().map(|_| id.clone());
    let invalid = error.is_some().then_some("true");
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            <FieldError id error/>
            <input
                id=name name=name value=value inputmode="numeric" autocomplete="off" placeholder="02:14"
                aria-describedby=describedby aria-invalid=invalid
            />
        </div>
    }
}

fn kinds(chosen: String, error: Option<String>) -> impl IntoView {
    let options = WorkKind::ALL.iter().map(|k| (k.slug().to_owned(), k.label().to_owned())).collect();
    view! { <crate::ui::Select name="kind" label="Kind" value=chosen options=options error=error/> }
}
