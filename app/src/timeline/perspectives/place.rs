//! Placing words of an answer at an event of the timeline, moving them, and taking them away: by a form, for their author and for who
//! facilitates and may read them with a name.

use super::{Clock, at, opened, short};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, FieldError, Icon, Note, PickScript, SafeTextarea, Select, TextField};
use axum::extract::Path;
use axum::response::Response;
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::timeline::TimelineEvent;
use domain::timeline::perspectives::{PlacedWords, Placing};
use domain::{AnswerId, EventId, Invalid, PlacedId, walltime};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use store::timeline::perspectives::{self as lanes, Placeable, Target};

/// The form, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlaceFields {
    passage: String,
    event: String,
    own_time: String,
    differs: String,
    /// `remove` takes placed words away.
    act: String,
}

impl PlaceFields {
    fn placing(&self) -> Placing {
        Placing { passage: self.passage.clone(), own_time: self.own_time.clone(), differs: !self.differs.is_empty() }
    }

    fn of(words: &PlacedWords, event: Option<&TimelineEvent>, zone: Tz) -> Self {
        let own = words.own_time.map(|own| walltime::clock(own, zone)).unwrap_or_default();
        Self {
            passage: words.text.clone(),
            event: event.map(|event| event.id.to_string()).unwrap_or_default(),
            own_time: own,
            differs: if words.differs { "yes".to_owned() } else { String::new() },
            act: String::new(),
        }
    }
}

/// What the form is drawn for.
struct Desk {
    incident: Incident,
    events: Arc<Vec<TimelineEvent>>,
    from: Placeable,
    /// Words that stand somewhere already.
    placed: Option<PlacedWords>,
}

impl Desk {
    async fn new(ctx: &Ctx, key: &str, answer: &str) -> Result<Self, AppError> {
        let incident = opened(ctx, key).await?.incident;
        let answer: AnswerId = answer.parse().map_err(|_| AppError::NotFound)?;
        let (store, viewer) = (ctx.store(), ctx.viewer()?);
        let from = lanes::placeable(store, viewer, incident.id, answer, ctx.now).await?;
        let events = store::timeline::events(store, viewer, incident.id, ctx.now).await?;
        Ok(Self { incident, events, from, placed: None })
    }

    async fn placed(ctx: &Ctx, key: &str, words: &str) -> Result<Self, AppError> {
        let incident = opened(ctx, key).await?.incident;
        let id: PlacedId = words.parse().map_err(|_| AppError::NotFound)?;
        let (store, viewer) = (ctx.store(), ctx.viewer()?);
        let (placed, from) = lanes::placed(store, viewer, incident.id, id, ctx.now).await?;
        let events = store::timeline::events(store, viewer, incident.id, ctx.now).await?;
        Ok(Self { incident, events, from, placed: Some(placed) })
    }

    /// An event that is not chosen or not one is refused beside the other fields.
    fn event(&self, typed: &PlaceFields) -> EventId {
        typed.event.parse().unwrap_or(EventId(uuid::Uuid::nil()))
    }
}

pub(super) async fn show(ctx: Ctx, Path((key, answer)): Path<(String, String)>) -> Result<Response, AppError> {
    let desk = match Desk::new(&ctx, &key, &answer).await {
        // A page that was open since before: nothing is placed any more, and what stands there can be seen.
        Err(AppError::Refused(lanes::PUBLISHED)) => return Ok(see(&at(opened(&ctx, &key).await?.incident.key))),
        desk => desk?,
    };
    let typed = PlaceFields { passage: desk.from.text.clone(), ..PlaceFields::default() };
    Ok(draw(&ctx, desk, Form::new(typed), None))
}

pub(super) async fn place(
    ctx: Ctx,
    Path((key, answer)): Path<(String, String)>,
    Posted(typed): Posted<PlaceFields>,
) -> Result<Response, AppError> {
    let desk = Desk::new(&ctx, &key, &answer).await?;
    let target = Target { incident: desk.incident.id, event: desk.event(&typed) };
    let placed = lanes::place(ctx.store(), ctx.viewer()?, target, desk.from.answer, &typed.placing(), ctx.now).await;
    match placed.map_err(AppError::from) {
        Ok(id) => Ok(see_and_say(&format!("{}#w-{id}", at(desk.incident.key)), "placed")),
        Err(error) => came_back(&ctx, desk, typed, error),
    }
}

pub(super) async fn show_placed(ctx: Ctx, Path((key, words)): Path<(String, String)>) -> Result<Response, AppError> {
    let desk = Desk::placed(&ctx, &key, &words).await?;
    let placed = desk.placed.as_ref().ok_or(AppError::NotFound)?;
    let event = desk.events.iter().find(|event| event.id == placed.event);
    let typed = PlaceFields::of(placed, event, Clock::of(&desk.incident).zone);
    Ok(draw(&ctx, desk, Form::new(typed), None))
}

pub(super) async fn settle(
    ctx: Ctx,
    Path((key, words)): Path<(String, String)>,
    Posted(typed): Posted<PlaceFields>,
) -> Result<Response, AppError> {
    let desk = Desk::placed(&ctx, &key, &words).await?;
    let id = desk.placed.as_ref().map(|placed| placed.id).ok_or(AppError::NotFound)?;
    let (store, viewer, back) = (ctx.store(), ctx.viewer()?, at(desk.incident.key));
    let (outcome, to, said) = if typed.act == "remove" {
        (lanes::remove(store, viewer, desk.incident.id, id, ctx.now).await, back, "removed")
    } else {
        let target = Target { incident: desk.incident.id, event: desk.event(&typed) };
        (lanes::settle(store, viewer, target, id, &typed.placing(), ctx.now).await, format!("{back}#w-{id}"), "changed")
    };
    match outcome.map_err(AppError::from) {
        Ok(()) => Ok(see_and_say(&to, said)),
        Err(error) => came_back(&ctx, desk, typed, error),
    }
}

fn came_back(ctx: &Ctx, desk: Desk, typed: PlaceFields, error: AppError) -> Result<Response, AppError> {
    match error {
        AppError::Invalid(invalid) => Ok(draw(ctx, desk, Form::refused(typed, invalid), None)),
        AppError::Refused(why) => Ok(draw(ctx, desk, Form::refused(typed, Invalid::default()), Some(why))),
        other => Err(other),
    }
}

fn draw(ctx: &Ctx, desk: Desk, form: Form<PlaceFields>, refused: Option<&'static str>) -> Response {
    let title = if desk.placed.is_some() { "Move words" } else { "Place words" };
    let mut head = Head::new(format!("{title} beside {}", desk.incident.key), Nav::Incidents).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(StatusCode::CONFLICT);
    }
    shell::page(ctx, head, move || page(&desk, &form, refused, title))
}

fn page(desk: &Desk, form: &Form<PlaceFields>, refused: Option<&'static str>, title: &'static str) -> impl IntoView + use<> {
    let (key, clock) = (desk.incident.key, Clock::of(&desk.incident));
    let back = at(key);
    let links = vec![
        ("/incidents".to_owned(), "Incidents".to_owned()),
        (format!("/incidents/{key}"), key.to_string()),
        (back.clone(), "Perspectives".to_owned()),
    ];
    let action = match &desk.placed {
        Some(placed) => format!("{back}/words/{}", placed.id),
        None => format!("{back}/place/{}", desk.from.answer),
    };
    let whose = desk.from.author.clone().unwrap_or_else(|| "You".to_owned());
    let mine = desk.from.author.is_none();
    let mut options = vec![(String::new(), "Choose an event".to_owned())];
    options.extend(
        desk.events.iter().map(|event| (event.id.to_string(), format!("{} · {}", clock.of_event(event), short(event, 80)))),
    );
    let now_at = desk.placed.as_ref().and_then(|placed| {
        let event = desk.events.iter().find(|event| event.id == placed.event)?;
        let own = placed.own_time.map(|own| format!(", for them at {}", clock.time(own))).unwrap_or_default();
        Some(format!("It stands at {}{own}.", clock.of_event(event)))
    });
    let moves = desk.placed.is_some();
    let wrong = form.error("passage");
    let invalid = wrong.is_some();
    let typed = form.typed.clone();
    let passage = if moves {
        view! { <blockquote class="lane-words"><p>{typed.passage.clone()}</p></blockquote> }.into_any()
    } else {
        view! {
            <div class=if invalid { "field field-error" } else { "field" }>
                <label for="passage">"Words"</label>
                <p class="hint">"The part that speaks of one moment, word for word. Take away what speaks of others."<span hidden=true data-pick-hint="">" Or select words above, and they stand here."</span></p>
                <FieldError id="passage-error".to_owned() error=wrong/>
                <SafeTextarea id="passage" name="passage" text=typed.passage.clone() rows=4
                    describedby=invalid.then(|| "passage-error".to_owned()) invalid/>
            </div>
        }
        .into_any()
    };
    view! {
        <Crumbs links here=title/>
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p>"Say at which event of the timeline something was. It stands beside it, in a lane of its own, for those who may read the answer with its author’s name."</p>
            </div>
        </div>
        {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
        <section class="card stack stack-tight place-from" aria-labelledby="asked-h">
            <h2 id="asked-h" class="asked">{desk.from.question.clone()}</h2>
            <p class="quiet small">{whose}</p>
            <p class="words" data-picks="passage">{desk.from.text.clone()}</p>
        </section>
        <form class="stack incident-form" method="post" action=action>
            {passage}
            {now_at.map(|words| view! { <p class="small">{words}</p> })}
            <Select name="event" label="Event" value=typed.event.clone() options error=form.error("event")
                hint=format!("Times in {}.", clock.zone.name())/>
            <TextField name="own_time" label=if mine { "When it was for you, if it was another time" } else { "When it was for them, if they say another time" }
                value=typed.own_time.clone() hint="24 hours, like 14:10. Stays empty if the timeline has it right." error=form.error("own_time") autocomplete="off"/>
            <label class="check">
                <input type="checkbox" name="differs" value="yes" checked=!typed.differs.is_empty()/>
                <span>"This is told differently here"<span class="hint">" Something to talk about. It does not say who is right."</span></span>
            </label>
            <div class="actions">
                <button class="btn btn-primary" name="act" value="save">{if moves { "Save" } else { "Place it" }}</button>
                {moves.then(|| view! { <button class="btn btn-quiet" name="act" value="remove">"Take it away"</button> })}
                <a class="btn btn-quiet" href=back>"Cancel"</a>
            </div>
        </form>
        {(!moves).then(|| view! { <PickScript/> })}
    }
}
