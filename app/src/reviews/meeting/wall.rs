//! The page of the meeting: its bar, stage, side and foot while it runs; what waits for it before; what stays of it after.

use super::super::parts::at;
use super::super::preparing::{is_ahead, planned_line};
use super::super::voting::agenda_list;
use super::{LineFields, OpeningFields, after, calls, side, stage};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::{FieldError, Follow, Icon, Mark, Note, ParkKey, SafeTextarea};
use axum::response::Response;
use chrono::DateTime;
use chrono::Utc;
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::reviews::meeting::{Stage, minutes};
use domain::timeline::TimelineEvent;
use domain::{EventId, Invalid, walltime};
use http::StatusCode;
use leptos::prelude::*;
use std::sync::Arc;
use store::incidents::Opened;
use store::reviews::{Call, Room, Wall};

/// How long an hour's meeting is: taken where none was planned.
const USUAL: i64 = 60;

/// Why a form came back.
#[derive(Clone, Debug)]
pub(super) enum Back {
    /// With something to mend.
    Refused(Invalid),
    /// Somebody saved in between.
    Stale,
}

/// What a request brings to the page beside the meeting itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// A moment that somebody looks at on their own.
    pub at: Option<EventId>,
    /// A line that came back.
    pub line: Option<(LineFields, Invalid)>,
    /// An opening that came back.
    pub opening: Option<(OpeningFields, Back)>,
    /// Why something was not done.
    pub refused: Option<&'static str>,
}

impl Look {
    fn status(&self) -> StatusCode {
        match (&self.opening, &self.line, self.refused) {
            (Some((_, Back::Stale)), ..) | (_, _, Some(_)) => StatusCode::CONFLICT,
            (Some(_), ..) | (_, Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        }
    }
}

/// All that a running meeting is drawn from.
#[derive(Clone)]
pub(super) struct Scene {
    pub key: IncidentKey,
    pub room: Room,
    pub wall: Wall,
    pub events: Arc<Vec<TimelineEvent>>,
    /// Which event is shown.
    pub shown: Option<usize>,
    /// The viewer looks at it on their own.
    pub alone: bool,
    /// The viewer's own words at it.
    pub own_words: Vec<String>,
    pub zone: Tz,
    pub now: DateTime<Utc>,
}

/// Draws the meeting as it is for this viewer.
pub(super) async fn draw(ctx: &Ctx, opened: Opened, look: Look) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let room = store::reviews::room(store, viewer, incident, ctx.now).await?;
    let head = Head::new(format!("The meeting: {}", opened.incident.title), Nav::Incidents).status(look.status());
    let Some(wall) = room.wall.clone().filter(|wall| wall.ended_at.is_none()) else {
        let begun = room.wall.is_some();
        return Ok(shell::page(ctx, head, move || match begun {
            true => after::page(opened, room, &look).into_any(),
            false => before(opened, room, look).into_any(),
        }));
    };
    let events = store::timeline::events(store, viewer, incident, ctx.now).await?;
    let files = own_files(ctx, &opened.incident).await?;
    let place = |id: EventId| events.iter().position(|event| event.id == id);
    let own_look = look.at.and_then(place);
    let shown = own_look.or_else(|| wall.event.and_then(place)).or(if events.is_empty() { None } else { Some(0) });
    let own_words = match shown.filter(|_| wall.course.stage == Stage::Story && !room.leads) {
        Some(n) => side::own_words(ctx, incident, events[n].id).await?,
        None => Vec::new(),
    };
    let zone = walltime::parse_zone(&opened.incident.zone).unwrap_or_else(|_| ctx.zone());
    let key = opened.incident.key;
    let scene = Scene { key, room, wall, events, shown, alone: own_look.is_some(), own_words, zone, now: ctx.now };
    Ok(shell::page(ctx, head.talk(), move || {
        provide_context(files);
        running(scene, opened.incident.title.clone(), look)
    }))
}

fn running(scene: Scene, title: String, look: Look) -> impl IntoView {
    let key = scene.key;
    let kind = scene.wall.course.stage.line();
    let (live, seen, park) = (at(key, "meeting/live"), scene.room.revision.clone(), format!("/incidents/{key}/park"));
    let speaks = scene.room.speaks;
    view! {
        <main id="main" class="meet" data-live=live data-seen=seen data-kind=kind.slug() data-look="runs">
            <div class="meet-bar">
                <a class="brand" href=at(key, "")><Mark/><span class="wide-only">{title}</span><span class="vh">", leave the meeting"</span></a>
                <div class="meet-agenda" data-part="agenda">{agenda(&scene)}</div>
                <div data-part="people">{people(&scene.room)}</div>
                <button type="button" class="btn btn-quiet btn-small" hidden=true data-full="">"Full screen"</button>
            </div>
            {look.refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            {look.opening.map(|(typed, _)| unsaved(typed.opening))}
            <div class="meet-main">
                <section class="moment" data-part="stage" aria-label="Now">{stage::stage(&scene)}</section>
                <aside aria-label="Questions and lines">
                    <div class="stack" data-part="side">{side::prompts(&scene)}</div>
                    <section class="stack stack-tight" aria-labelledby="lines-h">
                        <h2 id="lines-h">"Lines, without names"</h2>
                        <div data-part="lines">{side::lines(&scene)}</div>
                        <ul class="notes-live quiet" data-pending="" aria-live="polite"></ul>
                        {speaks.then(|| side::line_form(key, kind, look.line))}
                    </section>
                </aside>
            </div>
            <div class="meet-foot">
                <div class="stack stack-tight" data-part="foot">{stage::foot(&scene)}</div>
                <div class="meet-keys">
                    <span role="status" data-say=""></span>
                    <noscript><a href=at(key, "meeting")>"Show how it stands now"</a></noscript>
                    {speaks.then(|| view! { <span class="wide-only"><kbd>"Alt"</kbd>" "<kbd>"N"</kbd>" a line"</span> })}
                    <span class="wide-only"><kbd>"Alt"</kbd>" "<kbd>"P"</kbd>" park an idea"</span>
                </div>
            </div>
            <Follow/>
        </main>
        <ParkKey action=park/>
    }
}

/// Opening words that came when the meeting had begun.
pub(super) fn unsaved(words: String) -> impl IntoView {
    view! {
        <Note tone="care">
            <Icon name="triangle-alert"/>
            <div><p role="alert">"The meeting has begun. Your opening words were not saved; they stand here."</p><p class="read">{words}</p></div>
        </Note>
    }
}

fn planned(room: &Room) -> i64 {
    room.plan.as_ref().map_or(USUAL, |plan| plan.minutes)
}

/// The stages with how long the one that runs takes already. Who leads turns to another by it.
fn agenda(scene: &Scene) -> impl IntoView + use<> {
    let course = scene.wall.course.clone();
    let (leads, act) = (scene.room.leads, at(scene.key, "meeting/turn"));
    let each = minutes(planned(&scene.room));
    let now = scene.now;
    let item = |stage: Stage| {
        let current = stage == course.stage;
        let (spent, of) = (course.seconds(stage, now), each[stage as usize]);
        let time = current.then(|| {
            let words = format!("{} of {of} min", spent / 60);
            view! { <span class="num" data-spent=spent.to_string() data-of=of.to_string()>{words}</span> }
        });
        let title = stage.title();
        let name = if leads && !current {
            view! { <button class="btn btn-quiet btn-small" name="stage" value=stage.slug()>{title}</button> }.into_any()
        } else {
            view! { {title} }.into_any()
        };
        view! { <li aria-current=current.then_some("step")>{name}" "{time}</li> }
    };
    let items = Stage::ALL.map(item).into_iter().collect_view();
    view! {
        <form method="post" action=act data-turn="">
            <ol class="agenda" aria-label="Agenda">{items}</ol>
        </form>
    }
}

/// Who is here and who listens, so that nobody listens unseen.
fn people(room: &Room) -> impl IntoView + use<> {
    let listening = room.listening.len();
    let words = match listening {
        0 => format!("{} here", room.here.len()),
        n => format!("{} here, {n} listening", room.here.len()),
    };
    let here = room.here.join(", ");
    let listen = (listening > 0).then(|| view! { <p class="small">{format!("Listening: {}", room.listening.join(", "))}</p> });
    view! {
        <details class="meet-people">
            <summary><Icon name="users"/>{words}</summary>
            <div><p class="small">{format!("Here: {here}")}</p>{listen}</div>
        </details>
    }
}

/// Before it begins: when it is, what it talks about, whether one may be called on; for who leads it also the opening and the start.
fn before(opened: Opened, room: Room, look: Look) -> impl IntoView {
    let key = opened.incident.key;
    let now = expect_context::<Ctx>().now;
    let (live, seen, leads) = (at(key, "meeting/live"), room.revision.clone(), room.leads);
    let plan = room.plan.clone().filter(|plan| is_ahead(plan, now)).map(|plan| planned_line(key, &plan, false));
    let themes = (!room.themes.is_empty()).then(|| view! { <h3>"What it talks about"</h3>{agenda_list(room.themes.clone())} });
    let calls = (!leads).then(|| room.calls.clone().into_iter().map(|call| own_call(key, call)).collect_view());
    let opening = leads.then(|| opening_form(key, &room, look.opening));
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            {look.refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <div class="stack measure" data-live=live data-seen=seen data-look="before">
                <h2 class="serif-title">"The meeting"</h2>
                {plan}
                {calls}
                {themes}
                {if leads {
                    view! {
                        <p class="soft">"From then on everybody who was asked, and members who listen, follow on their own screens. Show yours on the wall."</p>
                        <form method="post" action=at(key, "meeting/begin")><p class="actions"><button class="btn btn-primary">"Begin the meeting"</button></p></form>
                    }.into_any()
                } else {
                    view! { <p class="soft">"It has not begun. This page follows by itself once it does."</p> }.into_any()
                }}
                {opening}
                <p class="small quiet" role="status" data-say=""></p>
                <Follow/>
            </div>
        </IncidentFrame>
    }
}

/// "May we call on you?", and the way to another answer.
pub(super) fn own_call(key: IncidentKey, call: Call) -> impl IntoView {
    let button = |value: &'static str, label: &'static str, chosen: bool| {
        view! { <button class="btn btn-small" name="answer" value=value aria-pressed=if chosen { "true" } else { "false" }>{label}</button> }
    };
    let words = match call.agreed {
        None => "You can think about it, and change your mind at any time.".to_owned(),
        agreed => format!("You said: {}. You can change your mind at any time.", calls::said(agreed)),
    };
    view! {
        <section class="card stack stack-tight">
            <p><strong>"May the facilitator call on you about this? "</strong>{call.about}</p>
            <form method="post" class="actions" action=at(key, "meeting/calls/answer")>
                {button("yes", "Yes, call on me", call.agreed == Some(true))}
                {button("no", "Rather not", call.agreed == Some(false))}
            </form>
            <p class="hint">{words}</p>
        </section>
    }
}

/// The words that open the meeting, to be made one's own.
pub(super) fn opening_form(key: IncidentKey, room: &Room, back: Option<(OpeningFields, Back)>) -> impl IntoView + use<> {
    let version = room.opening.version.to_string();
    let (text, error, stale) = match back {
        None => (room.opening.words().to_owned(), None, false),
        Some((typed, Back::Stale)) => (typed.opening, None, true),
        Some((typed, Back::Refused(invalid))) => (typed.opening, invalid.message("opening").map(str::to_owned), false),
    };
    let invalid = error.is_some();
    let own = !room.opening.own.is_empty();
    let theirs = stale.then(|| room.opening.words().to_owned());
    view! {
        <section class="stack stack-tight" aria-labelledby="opening-h">
            <h3 id="opening-h">"What you read out at the beginning"</h3>
            {theirs.map(|words| view! {
                <Note tone="care"><Icon name="triangle-alert"/><div><p role="alert">"Somebody changed it in between. Theirs is here, yours below, not saved."</p><p class="read">{words}</p></div></Note>
            })}
            <form method="post" class="stack stack-tight" action=at(key, "meeting/opening")>
                <input type="hidden" name="version" value=version/>
                <SafeTextarea id="opening" name="opening" text rows=10 label="Opening words".to_owned() invalid
                    describedby=Some("opening-error opening-hint".to_owned())/>
                <FieldError id="opening-error".to_owned() error/>
                <p class="hint" id="opening-hint">{if own { "Yours. Empty it to get back the words that come along." } else { "The words that come along. Change what does not sound like you." }}</p>
                <p class="actions"><button class="btn btn-small">"Keep these words"</button></p>
            </form>
        </section>
    }
}
