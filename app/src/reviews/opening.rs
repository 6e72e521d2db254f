//! Opening a review, appointing who facilitates it, and the calm page for everybody else while it is made.

use super::desk;
use super::parts::{ParkForm, at, opened, opened_for};
use super::preparing::{is_ahead, planned_line};
use super::{sizing, voting};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note, Select};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::reviews::preparing::Meeting;
use domain::reviews::sizing::Sizing;
use domain::rights::{Right, may};
use domain::{Invalid, PersonId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::reviews::{Appointment, Candidate, Slip, Status};

/// Who is to facilitate, as chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Appoint {
    facilitator: String,
    /// Ticked: the appointer knows that this person may have been part of the response.
    knows: String,
}

impl Appoint {
    fn person(&self) -> Result<PersonId, Invalid> {
        self.facilitator.parse().map_err(|_| Invalid::one("facilitator", "Please choose somebody from the list."))
    }
}

/// Opens the review with its first facilitator.
pub(super) async fn open(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<Appoint>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::AppointFacilitator).await?;
    let outcome = match typed.person() {
        Ok(person) => {
            let knows = !typed.knows.is_empty();
            store::reviews::open(ctx.store(), ctx.viewer()?, opened.incident.id, person, knows, ctx.now)
                .await
                .map_err(AppError::from)
        }
        Err(invalid) => Err(invalid.into()),
    };
    match outcome {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, ""), "opened")),
        Err(AppError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other),
    }
}

/// Appoints one more facilitator.
pub(super) async fn appoint(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<Appoint>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::AppointFacilitator).await?;
    let outcome = match typed.person() {
        Ok(person) => {
            let knows = !typed.knows.is_empty();
            store::reviews::appoint(ctx.store(), ctx.viewer()?, opened.incident.id, person, knows, ctx.now)
                .await
                .map_err(AppError::from)
        }
        Err(invalid) => Err(invalid.into()),
    };
    match outcome {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, ""), "appointed")),
        Err(AppError::Invalid(invalid)) => {
            let form = Form::refused(typed, invalid);
            if may(Right::EditReview, &opened.standing) {
                desk::draw(&ctx, opened, Form::default(), form, None).await
            } else {
                draw(&ctx, opened, form).await
            }
        }
        Err(other) => Err(other),
    }
}

/// Whose appointment ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Release {
    person: String,
}

/// Ends an appointment.
pub(super) async fn release(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<Release>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let person: PersonId = typed.person.parse().map_err(|_| AppError::NotFound)?;
    store::reviews::release(ctx.store(), ctx.viewer()?, opened.incident.id, person, ctx.now).await?;
    Ok(form::see_and_say(&at(opened.incident.key, ""), "changed"))
}

/// The page before publication for everybody who does not facilitate.
pub(super) async fn draw(ctx: &Ctx, opened: Opened, form: Form<Appoint>) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let head = Head::new(format!("Review of {}", opened.incident.title), Nav::Incidents).refused(&form.invalid);
    let status = store::reviews::status(store, viewer, id, ctx.now).await?;
    let sizing = store::reviews::sizing(store, viewer, id, ctx.now).await?;
    let meeting = store::reviews::meeting(store, viewer, id, ctx.now).await?.filter(|m| is_ahead(m, ctx.now));
    let runs = store::reviews::runs_for(store, viewer, id, ctx.now).await?;
    let slip = if may(Right::Vote, &opened.standing) {
        Some(store::reviews::slip(store, viewer, id, ctx.now).await?).filter(|slip| slip.open || !slip.agenda.is_empty())
    } else {
        None
    };
    let candidates = if may(Right::AppointFacilitator, &opened.standing) {
        store::reviews::candidates(store, viewer, id, ctx.now).await?
    } else {
        Vec::new()
    };
    Ok(shell::page(ctx, head, move || match status {
        None => unopened(opened, &sizing, candidates, form).into_any(),
        Some(status) => in_the_making(opened, status, (meeting, runs, slip), candidates, form).into_any(),
    }))
}

fn unopened(opened: Opened, sizing: &Sizing, candidates: Vec<Candidate>, form: Form<Appoint>) -> impl IntoView {
    let key = opened.incident.key;
    let appoints = !candidates.is_empty();
    let decided = sizing::decided(key, sizing, may(Right::EditIncidents, &opened.standing));
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <div class="cols cols-side">
                <section class="stack">
                    <h2 class="serif-title">"There is no review yet"</h2>
                    <p class="soft measure">
                        "A review begins with somebody who was not part of the response and asks those who were: what they saw, what surprised "
                        "them, what went right. What they say stays theirs. At the end stands a story that everybody can learn from."
                    </p>
                    {(!appoints).then(|| view! {
                        <p class="soft measure">"An administrator, or somebody who may facilitate, opens it and appoints who leads it."</p>
                    })}
                    {decided}
                </section>
                {appoints.then(|| view! {
                    <aside class="card" aria-labelledby="open-h">
                        <h2 id="open-h">"Open a review"</h2>
                        {appoint_form(at(key, "open"), "Open the review", candidates, form)}
                    </aside>
                })}
            </div>
        </IncidentFrame>
    }
}

fn in_the_making(
    opened: Opened,
    status: Status,
    (meeting, runs, slip): (Option<Meeting>, Option<bool>, Option<Slip>),
    candidates: Vec<Candidate>,
    form: Form<Appoint>,
) -> impl IntoView {
    let key = opened.incident.key;
    let parks = may(Right::Park, &opened.standing);
    let alone = status.facilitators.len() < 2;
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <div class="cols cols-side">
                <section class="stack">
                    {(runs == Some(true)).then(|| joins(key))}
                    <h2 class="serif-title">"The story is being made"</h2>
                    <p class="soft measure">
                        "Those who were there are asked, quotes go back to the people who said them, and then it is published here for everybody. "
                        "Until then only those who facilitate read what is written."
                    </p>
                    <p class="soft measure">
                        "If you were there, your own part waits on your "<a href="/">"home page"</a>"; what is to be quoted from you is under "
                        <a href="/quotes">"your quotes"</a>"."
                    </p>
                </section>
                <aside class="stack" aria-label="People and ideas">
                    {meeting.map(|meeting| view! {
                        <section class="card" aria-labelledby="meets-h"><h2 id="meets-h">"The meeting"</h2>{planned_line(key, &meeting, runs.is_some())}</section>
                    })}
                    {slip.map(|slip| talks_about(key, slip))}
                    {facilitators(key, status, candidates, form, None, alone)}
                    {parks.then(|| view! { <ParkForm key back=at(key, "")/> })}
                </aside>
            </div>
        </IncidentFrame>
    }
}

/// The way into a meeting that runs.
pub(super) fn joins(key: IncidentKey) -> impl IntoView {
    view! {
        <Note tone="good">
            <Icon name="users"/>
            <p>"The meeting runs now. "<a href=at(key, "meeting")>"Be there"</a></p>
        </Note>
    }
}

/// What the meeting talks about, or the way to choose it.
fn talks_about(key: IncidentKey, slip: Slip) -> impl IntoView {
    let body = match (slip.open, slip.voted) {
        (true, false) => {
            view! { <p><a class="btn btn-primary btn-small" href=at(key, "vote")>"Choose what to talk about"</a></p> }.into_any()
        }
        (true, true) => view! { <p>"You have voted."</p> }.into_any(),
        (false, _) => voting::agenda_list(slip.agenda).into_any(),
    };
    view! { <section class="card" aria-labelledby="talks-h"><h2 id="talks-h">"What the meeting talks about"</h2>{body}</section> }
}

/// Who facilitates, by whom they were appointed, and the means to change it for those who may.
pub(super) fn facilitators(
    key: IncidentKey,
    status: Status,
    candidates: Vec<Candidate>,
    form: Form<Appoint>,
    me: Option<PersonId>,
    alone: bool,
) -> impl IntoView {
    let zone = expect_context::<Ctx>().zone();
    let appoints = !candidates.is_empty();
    let refused = !form.invalid.fields.is_empty();
    let item = move |appointment: Appointment| {
        let releases = !alone && (appoints || me == Some(appointment.person_id));
        let by = appointment.appointed_by.unwrap_or_else(|| "somebody who has left".to_owned());
        view! {
            <li class="facilitator">
                <span class="who">
                    <span class="who-mark"><Icon name="user"/></span>
                    <span>
                        {appointment.name}<br/>
                        <span class="quiet small">{format!("Appointed by {by}, {}", walltime::day(appointment.appointed_at, zone))}</span>
                    </span>
                </span>
                {releases.then(|| view! {
                    <form method="post" action=at(key, "release")>
                        <input type="hidden" name="person" value=appointment.person_id.to_string()/>
                        <button class="btn btn-quiet btn-small">"End"</button>
                    </form>
                })}
            </li>
        }
    };
    view! {
        <section class="card" aria-labelledby="led-h">
            <h2 id="led-h">"Facilitated by"</h2>
            <ul class="plain-list">{status.facilitators.into_iter().map(item).collect_view()}</ul>
            {appoints.then(|| view! {
                <details class="mt4" open=refused>
                    <summary class="small">"Appoint another one"</summary>
                    {appoint_form(at(key, "appoint"), "Appoint", candidates, form)}
                </details>
            })}
        </section>
    }
}

fn appoint_form(action: String, label: &'static str, candidates: Vec<Candidate>, form: Form<Appoint>) -> impl IntoView {
    let (barred, free): (Vec<Candidate>, Vec<Candidate>) = candidates.into_iter().partition(|c| c.bar.is_some());
    let mut options = vec![(String::new(), "Choose somebody".to_owned())];
    options.extend(free.into_iter().map(|c| {
        let name = c.team.map_or_else(|| c.name.clone(), |team| format!("{}, {team}", c.name));
        (c.id.to_string(), name)
    }));
    let error = form.error("facilitator");
    let knows = !form.typed.knows.is_empty();
    let asks = error.is_some() || knows;
    view! {
        <form method="post" class="stack mt2" action=action>
            <Select
                name="facilitator"
                label="Who facilitates"
                hint="Best somebody from another team, whom everybody can speak to freely. All who are asked see who it is and who chose them."
                value=form.typed.facilitator
                options
                error
            />
            {asks.then(|| view! {
                <label class="check">
                    <input type="checkbox" name="knows" value="yes" checked=knows/>
                    <span>"They may have been part of the response; there is nobody more independent"</span>
                </label>
            })}
            <button class="btn btn-primary">{label}</button>
            {(!barred.is_empty()).then(|| view! {
                <details class="barred">
                    <summary class="small quiet">"Who cannot, and why"</summary>
                    <ul class="plain-list small mt2">
                        {barred.into_iter().map(|c| view! { <li>{c.name}<br/><span class="quiet">{c.bar}</span></li> }).collect_view()}
                    </ul>
                </details>
            })}
        </form>
    }
}
