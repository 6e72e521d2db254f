//! The page that changes or deletes an event.

use super::attachments::files_of;
use super::form::EventFields;
use super::raw::{EvidenceOf, Readable};
use super::whole::EventForm;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::{Incident, IncidentKey};
use domain::rights::{Right, may};
use domain::timeline::marks::Mark;
use domain::timeline::{Precision, TimelineEvent};
use domain::{EventId, walltime};
use http::StatusCode;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::timeline::evidence::Shown;

/// An event of a path, for somebody who may change it.
pub(super) async fn find(ctx: &Ctx, key: &str, id: &str) -> Result<(Incident, TimelineEvent), AppError> {
    let (incident, id) = place(ctx, key, id).await?;
    let event = store::timeline::event(ctx.store(), ctx.viewer()?, incident.id, id, ctx.now).await?;
    Ok((incident, event))
}

/// The incident of a path.
pub(super) async fn opened(ctx: &Ctx, key: &str) -> Result<Incident, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?.incident)
}

/// The incident and the event's id of a path.
pub(super) async fn place(ctx: &Ctx, key: &str, id: &str) -> Result<(Incident, EventId), AppError> {
    let id: EventId = id.parse().map_err(|_| AppError::NotFound)?;
    Ok((opened(ctx, key).await?, id))
}

pub(super) async fn show(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let (incident, event) = find(&ctx, &key, &id).await?;
    let files = files_of(&ctx, &incident).await?;
    let form = Form::new(EventFields { files, ..EventFields::of(&event) });
    draw(&ctx, &incident, event, form, false).await
}

/// Serves the page, the refused form, and with `conflict` the form that met another save: `event` is what is saved now.
pub(super) async fn draw(
    ctx: &Ctx,
    incident: &Incident,
    event: TimelineEvent,
    form: Form<EventFields>,
    conflict: bool,
) -> Result<Response, AppError> {
    let evidence = evidence(ctx, incident.key, event.id).await?;
    let mut head = Head::new(format!("Change an event of {}", incident.key), Nav::Incidents).refused(&form.invalid);
    if conflict {
        head = head.status(StatusCode::CONFLICT);
    }
    let base = format!("/incidents/{}", incident.key);
    let action = format!("{base}/events/{}", event.id);
    let back = format!("{base}#e-{}", event.id);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    let version = event.version.to_string();
    let marks = event.at.filter(|_| event.precision != Precision::Date).map(|_| format!("{action}/mark"));
    let like = format!("{base}/events/new?like={}", event.id);
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let id = event.id;
    Ok(shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Event"/>
            <div class="page-head"><div><h1>"Change an event"</h1></div></div>
            {conflict.then(|| view! { <Conflict event=event.clone()/> })}
            {(!event.flag.is_empty()).then(|| view! {
                <Note tone="care"><Icon name="triangle-alert"/><p>{event.flag.clone()}" Saving says that you have looked at it."</p></Note>
            })}
            <EventForm action=action.clone() back form/>
            {evidence.map(|(shown, read)| view! { <EvidenceOf event=id shown zone read/> })}
            {marks.map(|action| view! { <Marks action/> })}
            <p class="mt4"><a class="btn btn-small" href=like><Icon name="plus"/>"Write another one like it"</a></p>
            <form class="delete-form" method="post" action=format!("{action}/delete")>
                <input type="hidden" name="version" value=version/>
                <button class="btn btn-warn">"Delete this event"</button>
                <span class="hint">"You can take it back right after."</span>
            </form>
        }
    }))
}

/// What the event was told from, with its words for who may read the raw log; `None` where it was told from nothing.
async fn evidence(ctx: &Ctx, key: IncidentKey, event: EventId) -> Result<Option<(Vec<Shown>, Option<Readable>)>, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let opened = store::incidents::by_key(store, viewer, key, ctx.now).await?;
    let told = store::timeline::told(store, viewer, opened.incident.id, ctx.now).await?;
    let Some(shown) = told.evidence.get(&event).cloned() else { return Ok(None) };
    let read = match may(Right::RawLog, &opened.standing) {
        true => {
            let only = BTreeMap::from([(event, shown.clone())]);
            let texts = store::timeline::evidence::texts(store, viewer, opened.incident.id, &only, ctx.now).await?;
            Some(Readable { texts: Arc::new(texts), base: format!("/incidents/{key}") })
        }
        false => None,
    };
    Ok(Some((shown, read)))
}

/// Buttons that make the event's time a mark of the incident.
#[component]
fn Marks(action: String) -> impl IntoView {
    let buttons = Mark::ALL.map(|mark| {
        view! { <button class="btn btn-small" name="mark" value=mark.slug()>{mark.label()}</button> }
    });
    view! {
        <form class="event-marks mt4" method="post" action=action>
            <p><strong>"This time is where …"</strong>" "<span class="hint">"Sets the incident’s own mark to the saved time of this event."</span></p>
            <div class="actions">{buttons.into_iter().collect_view()}</div>
        </form>
    }
}

/// What somebody else saved while this form was open.
#[component]
fn Conflict(event: TimelineEvent) -> impl IntoView {
    let theirs = EventFields::of(&event);
    let zone = walltime::parse_zone(&event.zone).unwrap_or(chrono_tz::UTC);
    let when = event.at.map_or("no time".to_owned(), |at| walltime::absolute(at, zone));
    view! {
        <Note tone="care">
            <Icon name="git-merge"/>
            <div>
                <p><strong>"Somebody saved while you were writing."</strong>" Below is what you typed; saving it now replaces this:"</p>
                <p class="meta"><span>{when}</span><span>{event.kind.label()}</span></p>
                <pre class="source-text">{theirs.body}</pre>
            </div>
        </Note>
    }
}
