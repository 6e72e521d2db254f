//! Who may see an incident: everybody with an account, or those alone who are named on it.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note, Select};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::{Invalid, PersonId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::{self, Access, Opened};

/// What the forms of the page send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccessFields {
    person: String,
    /// `named` or `everyone`.
    reach: String,
}

async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    if may(Right::Restrict, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, Form::default()).await
}

/// Restricts the incident, or opens it to everybody again.
pub(super) async fn reach(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<AccessFields>) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?.incident;
    incidents::restrict(ctx.store(), ctx.viewer()?, incident.id, typed.reach == "named", ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/access", incident.key), "changed"))
}

/// Names somebody.
pub(super) async fn name(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<AccessFields>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let named = match typed.person.parse() {
        Ok(id) => incidents::name(ctx.store(), ctx.viewer()?, opened.incident.id, PersonId(id), ctx.now).await,
        Err(_) => Err(Invalid::one("person", "Please choose somebody from the list.").into()),
    };
    match named {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/access", opened.incident.key), "added")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// Takes somebody off.
pub(super) async fn take_off(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<AccessFields>,
) -> Result<Response, AppError> {
    let incident = opened(&ctx, &key).await?.incident;
    let person = typed.person.parse().map_err(|_| AppError::BadRequest)?;
    incidents::take_off(ctx.store(), ctx.viewer()?, incident.id, PersonId(person), ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/access", incident.key), "removed"))
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<AccessFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let incident = opened.incident;
    let access = incidents::access(ctx.store(), viewer, incident.id, ctx.now).await?;
    let everybody = store::people::list(ctx.store(), viewer).await?;
    let others = everybody.into_iter().filter(|p| p.has_account && !is_named(&access, p.id));
    let options: Vec<(String, String)> =
        std::iter::once((String::new(), "Please choose".to_owned())).chain(others.map(|p| (p.id.to_string(), p.name))).collect();
    let (key, restricted) = (incident.key, incident.restricted);
    let head = Head::new(format!("{key}, who may see it"), Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let base = format!("/incidents/{key}");
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), key.to_string())];
        view! {
            <div class="narrow">
                <Crumbs links here="Who may see it"/>
                <div class="page-head"><div><h1>"Who may see it"</h1></div></div>
                {state(&base, restricted)}
                <h2 class="mt8">"Named on it"</h2>
                {people(&base, access)}
                <form class="card stack mt6" method="post" action=format!("{base}/access/people")>
                    <Select
                        name="person" label="Name somebody"
                        hint="They can open it from then on. It gives them no other right."
                        value=form.typed.person.clone() options error=form.error("person")
                    />
                    <div class="actions"><button class="btn">"Name this person"</button></div>
                </form>
            </div>
        }
    }))
}

fn is_named(access: &Access, person: PersonId) -> bool {
    let all = access.creator.iter().chain(&access.facilitators).chain(&access.planners).chain(&access.named);
    all.into_iter().any(|(id, _)| *id == person)
}

fn state(base: &str, restricted: bool) -> impl IntoView + use<> {
    let action = format!("{base}/access");
    let (tone, icon, heading, words, to, button) = if restricted {
        (
            "care",
            "eye-off",
            "Restricted.",
            "It is there for the people named on it alone: in lists, in the search, in trends and in exports. For everybody else, \
             administrators too, this address is empty. Its hours are not counted in figures of groups.",
            "everyone",
            "Show it to everybody with an account",
        )
    } else {
        (
            "plain",
            "eye",
            "Everybody with an account sees it.",
            "For something delicate, such as a security incident, it can be kept to the people named on it.",
            "named",
            "Keep it to the people named on it",
        )
    };
    view! {
        <Note tone>
            <Icon name=icon/>
            <div>
                <p><strong>{heading}</strong>" "{words}</p>
                <form class="mt2" method="post" action=action>
                    <input type="hidden" name="reach" value=to/>
                    <button class="btn btn-small">{button}</button>
                </form>
            </div>
        </Note>
    }
}

fn people(base: &str, access: Access) -> impl IntoView + use<> {
    let line = |name: String, why: &'static str| view! { <li class="line"><span><Icon name="user"/>" "{name}</span><span class="quiet small">{why}</span></li> };
    let action = format!("{base}/access/people/off");
    view! {
        <ul class="lines">
            {access.creator.map(|(_, name)| line(name, "wrote it down"))}
            {access.facilitators.into_iter().map(|(_, name)| line(name, "facilitates")).collect_view()}
            {access.planners.into_iter().map(|(_, name)| line(name, "plans")).collect_view()}
            {access
                .named
                .into_iter()
                .map(|(id, name)| view! {
                    <li class="line">
                        <span><Icon name="user"/>" "{name.clone()}</span>
                        <form method="post" action=action.clone()>
                            <input type="hidden" name="person" value=id.to_string()/>
                            <button class="btn btn-small btn-quiet">"Take off"<span class="vh">" "{name}</span></button>
                        </form>
                    </li>
                })
                .collect_view()}
            <li class="line quiet"><span>"Everybody who is invited to a one-on-one"</span><span class="small">"their facilitator knows who"</span></li>
        </ul>
    }
}
