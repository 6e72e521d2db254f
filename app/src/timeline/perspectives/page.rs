//! The page of the perspectives: what is told differently, the picture, and the lanes; and the form that notes what differs.

use super::grid::{Grid, NoteBack};
use super::picture::Picture;
use super::{Clock, at, cut, opened, short};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Empty, Icon, Note};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::EventId;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::timeline::TimelineEvent;
use domain::timeline::perspectives::{Difference, Lane, Whose};
use domain::walltime;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::timeline::perspectives::{MyWords, Perspectives, Target};

/// `only=told`: without the events at which nobody speaks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ShowQuery {
    only: String,
}

/// A note on what differs, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NoteFields {
    note: String,
    version: String,
    /// `save` or `remove`.
    act: String,
}

/// Why a note was not kept.
enum Back {
    No,
    Stale,
    Refused(&'static str),
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ShowQuery>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, query.only == "told", NoteBack::default(), Back::No).await
}

/// Keeps or takes away a facilitator's note on what differs.
pub(super) async fn note(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<NoteFields>,
) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    if !may(Right::EditReview, &opened.standing) {
        return Err(AppError::NotFound);
    }
    let event: EventId = id.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let target = Target { incident: opened.incident.id, event };
    let (outcome, said) = match typed.act.as_str() {
        "remove" => (store::timeline::perspectives::remove_note(store, viewer, target, ctx.now).await, "removed"),
        _ => {
            let base: i64 = typed.version.parse().unwrap_or_default();
            (store::timeline::perspectives::keep_note(store, viewer, target, base, &typed.note, ctx.now).await, "noted")
        }
    };
    let back = |error: Option<String>| NoteBack { event: event.to_string(), note: typed.note.clone(), error };
    match outcome.map_err(AppError::from) {
        Ok(()) => Ok(see_and_say(&format!("{}#m-{event}", at(opened.incident.key)), said)),
        Err(AppError::Invalid(invalid)) => {
            let error = invalid.message("note").map(str::to_owned);
            draw(&ctx, opened, false, back(error), Back::No).await
        }
        Err(AppError::Stale) => draw(&ctx, opened, false, back(None), Back::Stale).await,
        Err(AppError::Refused(why)) => draw(&ctx, opened, false, back(None), Back::Refused(why)).await,
        Err(other) => Err(other),
    }
}

async fn draw(ctx: &Ctx, opened: Opened, told_only: bool, back: NoteBack, why: Back) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let seen = store::timeline::perspectives::perspectives(store, viewer, id, ctx.now).await?;
    let mine = match seen.tells {
        true => store::timeline::perspectives::my_words(store, viewer, id, ctx.now).await?,
        false => Vec::new(),
    };
    let mut head = Head::new(format!("Perspectives on {}", opened.incident.title), Nav::Incidents);
    head = match why {
        Back::No if back.error.is_some() => head.status(StatusCode::UNPROCESSABLE_ENTITY),
        Back::No => head,
        Back::Stale | Back::Refused(_) => head.status(StatusCode::CONFLICT),
    };
    Ok(shell::page(ctx, head, move || page(opened, seen, mine, told_only, &back, &why)))
}

fn page(
    opened: Opened,
    seen: Perspectives,
    mine: Vec<MyWords>,
    told_only: bool,
    back: &NoteBack,
    why: &Back,
) -> impl IntoView + use<> {
    let incident = opened.incident.clone();
    let (key, facilitates) = (incident.key, may(Right::EditReview, &opened.standing));
    let clock = Clock::of(&incident);
    let Perspectives { events, lanes, differences, noted, leads, tells } = seen;
    let picture = Picture::of(&incident, &events, &lanes).map(|picture| picture.on_page());
    let drawn = picture.is_some();
    let different = differences.iter().map(|d| d.event).collect();
    let grid = Grid { key, clock, lanes: &lanes, noted: &noted, different, leads, facilitates, back };
    let table = (!lanes.is_empty() && !events.is_empty()).then(|| grid.table(&events, told_only));
    let has_table = table.is_some();
    let current = move |this: bool| (told_only == this).then_some("true");
    let refused = match why {
        Back::No => None,
        Back::Stale => {
            Some("Somebody changed this note in between; beside it stands what it says now. Keep yours if it is to stand.")
        }
        Back::Refused(why) => Some(*why),
    };
    let nobody = lanes.is_empty();
    let twin = (!nobody).then(|| as_list(&lanes, &events, clock));
    let differences = (!differences.is_empty()).then(|| told_differently(differences, &events, clock));
    let own = tells.then(|| own_words_list(key, mine));
    view! {
        <IncidentFrame opened tab=Tab::Timeline>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <div class="section-head section-head-flush">
                <div>
                    <h2>"Perspectives"</h2>
                    <p class="quiet small">"What each person tells, beside what happened. Nobody is right or wrong here: where accounts differ, there is something to learn."</p>
                </div>
                <div class="actions lanes-tools">
                    <a class="btn btn-small" href=format!("/incidents/{key}")>"Back to the timeline"</a>
                </div>
            </div>
            {differences}
            {picture}
            {drawn.then(|| view! {
                <p class="small lanes-tools">
                    <a href=format!("/incidents/{key}/timeline.svg")><Icon name="download"/>"The picture as a file (SVG)"</a>" "
                    <span class="quiet">"Its lanes hold only what everybody in the organisation may see."</span>
                </p>
            })}
            {twin}
            {own}
            {nobody.then(|| view! {
                <Empty heading="No lanes here">
                    <p>"Each person decides who reads what they say. What somebody shares with everybody stands here once the second story is published."</p>
                    <p>"The timeline itself is open to you as always."</p>
                </Empty>
            })}
            {has_table.then(|| view! {
                <div class="section-head lanes-tools">
                    <h2 id="lanes-h">"The lanes"</h2>
                    <nav class="seg" aria-label="Which events">
                        <a href=format!("{}#lanes-h", at(key)) aria-current=current(false)>"All events"</a>
                        <a href=format!("{}?only=told#lanes-h", at(key)) aria-current=current(true)>"Only where somebody speaks"</a>
                    </nav>
                </div>
                {facilitates.then(|| view! {
                    <p class="hint lanes-tools">
                        "You see here what you may read with a name. Words without a name have no lane: where they stand in time could tell who said them. Stretches of work are their worker’s alone. To place more, go to "
                        <a href=format!("/incidents/{key}/review/overview")>"what people said"</a>"."
                    </p>
                })}
            })}
            {table}
        </IncidentFrame>
    }
}

/// "Three moments are told differently".
fn counted(n: usize) -> String {
    const WORDS: [&str; 10] = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    let number = WORDS.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned());
    if n == 1 { format!("{number} moment is told differently") } else { format!("{number} moments are told differently") }
}

fn told_differently(differences: Vec<Difference>, events: &[TimelineEvent], clock: Clock) -> impl IntoView + use<> {
    let item = |difference: &Difference| {
        let event = events.iter().find(|event| event.id == difference.event)?;
        let times: Vec<String> = difference.times.iter().map(|(who, own)| format!("{who}: {}", clock.time(*own))).collect();
        Some(view! {
            <li>
                <a href=format!("#m-{}", event.id)>{format!("{}, {}", clock.of_event(event), short(event, 90))}</a>
                {difference.note.clone().map(|note| view! { <p>{note}</p> })}
                {(!times.is_empty()).then(|| view! { <p class="quiet small">{times.join("; ")}</p> })}
            </li>
        })
    };
    let (said, perhaps): (Vec<&Difference>, Vec<&Difference>) = differences.iter().partition(|d| d.said);
    let heading = if said.is_empty() { "Times that differ".to_owned() } else { counted(said.len()) };
    let hints = (!perhaps.is_empty()).then_some("Here the times alone differ. Perhaps there is something to ask:");
    let said: Vec<_> = said.into_iter().filter_map(item).collect();
    let perhaps: Vec<_> = perhaps.into_iter().filter_map(item).collect();
    view! {
        <section class="card differences" aria-labelledby="different-h">
            <h2 id="different-h">{heading}</h2>
            {(!said.is_empty()).then(|| view! {
                <p class="quiet small">"Something to talk about. Each saw it from where they stood."</p>
                <ul class="bullets">{said}</ul>
            })}
            {hints.map(|words| view! { <p class="quiet small">{words}</p><ul class="bullets">{perhaps}</ul> })}
        </section>
    }
}

/// The picture in words: whose lane, the moments that they speak of, and their work where it is the viewer's own.
fn as_list(lanes: &[Lane], events: &[TimelineEvent], clock: Clock) -> impl IntoView + use<> {
    let rows = lanes
        .iter()
        .map(|lane| {
            let moments: Vec<String> = events
                .iter()
                .filter(|event| lane.at(event.id).next().is_some())
                .map(|event| format!("{} {}", clock.of_event(event), short(event, 40)))
                .collect();
            let own = walltime::parse_zone(&lane.zone).unwrap_or(clock.zone);
            let work: Vec<String> = lane
                .work
                .iter()
                .map(|(from, to)| format!("{} to {}", walltime::absolute(*from, own), walltime::clock(*to, own)))
                .collect();
            let work = if lane.whose == Whose::Mine { work.join("; ") } else { String::new() };
            let moments = if moments.is_empty() { "Nothing shared here".to_owned() } else { moments.join("; ") };
            view! { <tr><th scope="row">{lane.label()}</th><td>{moments}</td><td>{own.name()}</td><td>{work}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="more lanes-tools">
            <summary>"The picture as a table"</summary>
            <div class="table-wrap" tabindex="0" role="region" aria-label="The picture as a table">
                <table>
                    <thead><tr><th scope="col">"Lane"</th><th scope="col">"Speaks of"</th><th scope="col">"Zone"</th><th scope="col">"Work, for its worker alone"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

/// What the viewer said themselves and may place.
fn own_words_list(key: IncidentKey, mine: Vec<MyWords>) -> impl IntoView + use<> {
    let none = mine.is_empty();
    let items = mine
        .into_iter()
        .map(|words| {
            view! {
                <li>
                    <a href=format!("{}/place/{}", at(key), words.answer)>{words.question}</a>
                    <p class="quiet small">{cut(&words.text, 90)}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="more lanes-tools">
            <summary>"Place words of yours"</summary>
            <p class="small">"Say at which event of the timeline something was for you. It stands in your lane, for those who may read the answer with your name."</p>
            {none.then(|| view! { <p class="quiet small">"There is no answer of yours that could stand here. Answers that are for you alone, or that travel without your name, have no lane."</p> })}
            <ul class="bullets">{items}</ul>
        </details>
    }
}
