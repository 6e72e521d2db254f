//! The pages that add and change an incident.

use super::fields::{Choices, Fields, IncidentFields};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use http::StatusCode;
use leptos::prelude::*;
use store::incidents::Opened;

pub(super) async fn new(ctx: Ctx) -> Result<Response, AppError> {
    let form = Form::new(IncidentFields::proposal(&ctx));
    draw_new(&ctx, form).await
}

/// Serves the page and the refused form.
pub(super) async fn draw_new(ctx: &Ctx, form: Form<IncidentFields>) -> Result<Response, AppError> {
    let choices = Choices::load(ctx).await?;
    let head = Head::new("New incident", Nav::Incidents).refused(&form.invalid);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned())];
    Ok(shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="New incident"/>
            <div class="page-head">
                <div><h1>"New incident"</h1><p>"A title and a time are enough to begin. Everything can be changed later."</p></div>
            </div>
            <form class="stack incident-form" method="post" action="/incidents">
                <Fields form=form.clone() choices/>
                <Reach value=form.typed.reach/>
                <p class="actions"><button class="btn btn-primary btn-large">"Open the incident"</button><a class="btn btn-quiet" href="/incidents">"Not now"</a></p>
            </form>
        }
    }))
}

/// Who sees a new incident; later that is changed on a page of its own.
#[component]
fn Reach(value: String) -> impl IntoView {
    let named = value == "named";
    view! {
        <fieldset>
            <legend>"Who may see it?"</legend>
            <div class="severities">
                <label class="choice">
                    <input type="radio" name="reach" value="everyone" checked=!named/>
                    <span><b>"Everybody with an account"</b><small>"as most incidents: others learn from it"</small></span>
                </label>
                <label class="choice">
                    <input type="radio" name="reach" value="named" checked=named/>
                    <span><b>"Only people named on it"</b><small>"you, who is invited, and whom you name"</small></span>
                </label>
            </div>
        </fieldset>
    }
}

/// The incident of a path, for somebody who may change it.
pub(super) async fn editable(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    if may(Right::EditIncidents, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

pub(super) async fn edit(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = editable(&ctx, &key).await?;
    let choices = Choices::load(&ctx).await?;
    let form = Form::new(IncidentFields::of(&opened.incident, &opened.services));
    Ok(draw_edit(&ctx, &opened, choices, form, None))
}

/// Serves the page, the refused form, and the form that met another save: `theirs` is then what the other one saved.
pub(super) fn draw_edit(
    ctx: &Ctx,
    opened: &Opened,
    choices: Choices,
    form: Form<IncidentFields>,
    theirs: Option<IncidentFields>,
) -> Response {
    let incident = &opened.incident;
    let deletes = may(Right::DeleteIncident, &opened.standing);
    let mut head = Head::new(format!("Change {}", incident.key), Nav::Incidents).refused(&form.invalid);
    if theirs.is_some() {
        head = head.status(StatusCode::CONFLICT);
    }
    let base = format!("/incidents/{}", incident.key);
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), incident.key.to_string())];
    let version = form.typed.version.clone();
    let key = incident.key;
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links here="Change"/>
            <div class="page-head"><div><h1>{format!("Change {key}")}</h1></div></div>
            {theirs.map(|theirs| view! { <Conflict mine=form.typed.clone() theirs choices=choices.clone()/> })}
            <form class="stack incident-form" method="post" action=format!("{base}/edit")>
                <input type="hidden" name="version" value=version/>
                <Fields form=form.clone() choices=choices.clone()/>
                <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=base.clone()>"Leave as it was"</a></p>
            </form>
            {deletes.then(|| view! {
                <p class="delete-form small">
                    <a href=format!("{base}/merge")>"It is the same as another one…"</a>
                    <a href=format!("{base}/delete")>"Delete this incident…"</a>
                </p>
            })}
        }
    })
}

/// What differs between two saves, side by side.
#[component]
fn Conflict(mine: IncidentFields, theirs: IncidentFields, choices: Choices) -> impl IntoView {
    let services = (choices.service_names(&mine.services), choices.service_names(&theirs.services));
    let pairs = [
        ("Title", mine.title, theirs.title),
        ("Severity", mine.severity, theirs.severity),
        ("What it was", mine.nature, theirs.nature),
        (
            "Start",
            format!("{} {} {}", mine.date, mine.time, mine.zone),
            format!("{} {} {}", theirs.date, theirs.time, theirs.zone),
        ),
        ("End", format!("{} {}", mine.ended_date, mine.ended_time), format!("{} {}", theirs.ended_date, theirs.ended_time)),
        (
            "Noticed",
            format!("{} {}", mine.noticed_date, mine.noticed_time),
            format!("{} {}", theirs.noticed_date, theirs.noticed_time),
        ),
        (
            "Declared",
            format!("{} {}", mine.declared_date, mine.declared_time),
            format!("{} {}", theirs.declared_date, theirs.declared_time),
        ),
        (
            "Mitigated",
            format!("{} {}", mine.mitigated_date, mine.mitigated_time),
            format!("{} {}", theirs.mitigated_date, theirs.mitigated_time),
        ),
        ("Services", services.0, services.1),
        ("Summary", mine.summary, theirs.summary),
    ];
    let rows = pairs.into_iter().filter(|(_, mine, theirs)| mine.trim() != theirs.trim()).map(|(name, mine, theirs)| {
        view! { <tr><th scope="row">{name}</th><td>{theirs}</td><td>{mine}</td></tr> }
    });
    view! {
        <Note tone="care">
            <Icon name="git-merge"/>
            <div>
                <p><strong>"Somebody saved while you were writing."</strong>" Below is what you typed. Saving it now replaces what is different."</p>
                <div class="table-wrap mt2">
                    <table>
                        <thead><tr><td></td><th scope="col">"Saved now"</th><th scope="col">"Yours"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </Note>
    }
}
