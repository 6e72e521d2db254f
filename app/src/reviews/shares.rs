//! Links to a published story for people without an account: what is open, a new one, and taking one back.

use super::parts::{at, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Copy, CopyScript, Icon, Note, Select, When};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::ShareId;
use domain::incidents::IncidentKey;
use domain::reviews::sharing::NewShare;
use domain::rights::Right;
use domain::walltime;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Share, Shares};

/// A link, as chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct ShareFields {
    days: String,
    names: String,
    outside: String,
}

impl Default for ShareFields {
    fn default() -> Self {
        Self { days: "7".to_owned(), names: "no".to_owned(), outside: String::new() }
    }
}

/// Which link is taken back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EndFields {
    link: String,
}

/// What is open, and the form for a new one.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    list(&ctx, opened, Form::new(ShareFields::default()), None).await
}

/// Makes a link and shows it: this once.
pub(super) async fn make(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ShareFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let made = match NewShare::chosen(&typed.days, typed.names == "yes", typed.outside == "yes") {
        Ok(new) => store::reviews::share(ctx.store(), ctx.viewer()?, opened.incident.id, new, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match made {
        Ok((token, until)) => Ok(made_now(&ctx, opened, &token, until)),
        Err(StoreError::Invalid(invalid)) => list(&ctx, opened, Form::refused(typed, invalid), None).await,
        Err(StoreError::Refused(why)) => list(&ctx, opened, Form::new(typed), Some(why)).await,
        Err(other) => Err(other.into()),
    }
}

/// Takes a link back; one that is not there any more is fine.
pub(super) async fn end(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<EndFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let link: ShareId = typed.link.parse().map_err(|_| AppError::BadRequest)?;
    match store::reviews::take_back_share(ctx.store(), ctx.viewer()?, opened.incident.id, link, ctx.now).await {
        Ok(()) | Err(StoreError::NotFound) => Ok(see_and_say(&at(opened.incident.key, "links"), "link-ended")),
        Err(other) => Err(other.into()),
    }
}

/// Shows the address. It stands in this answer and nowhere else.
fn made_now(ctx: &Ctx, opened: Opened, token: &str, until: DateTime<Utc>) -> Response {
    let address = format!("{}/shared/{token}", ctx.site.base_url);
    let until = walltime::absolute(until, ctx.zone());
    shell::page(ctx, Head::new("A link to the story", Nav::Incidents), move || {
        let key = opened.incident.key;
        view! {
            <IncidentFrame opened tab=Tab::Review>
                <section class="card stack measure" aria-labelledby="made-h">
                    <h2 id="made-h">"A link to the story"</h2>
                    <p><b>"Copy it now: it is shown this once. "</b>{format!("Whoever has it reads the story until {until}, and can pass it on.")}</p>
                    <label for="share-address">"Address"</label>
                    <div class="copy-row"><input id="share-address" class="mono" readonly=true value=address/><Copy of="share-address" what="address"/></div>
                    <p class="actions"><a class="btn" href=at(key, "links")>"Done"</a></p>
                </section>
                <CopyScript/>
            </IncidentFrame>
        }
    })
}

async fn list(ctx: &Ctx, opened: Opened, form: Form<ShareFields>, refused: Option<&'static str>) -> Result<Response, AppError> {
    let shares = store::reviews::shares(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let mut head = Head::new("Links for people outside", Nav::Incidents).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || {
        let key = opened.incident.key;
        let Shares { keeps, open, has_outside } = shares;
        // What keeps a link from being made stands there once.
        let refused = refused.filter(|why| keeps != Some(why));
        view! {
            <IncidentFrame opened tab=Tab::Review>
                <p class="crumbs desk-back"><a href=at(key, "")>"The story"</a></p>
                <section class="stack measure" aria-labelledby="links-h">
                    <div class="section-head section-head-flush"><h2 id="links-h">"Links for people outside"</h2></div>
                    <p class="soft">"Somebody without an account reads this story by a link: as it stands then, in a page from which nothing leads in here. Ideas that were parked, comments and files are not on it."</p>
                    {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
                    {match keeps {
                        Some(why) => view! { <Note><Icon name="lock"/><p>{why}</p></Note> }.into_any(),
                        None => fields(key, &form, has_outside).into_any(),
                    }}
                    {links(key, open)}
                </section>
            </IncidentFrame>
        }
    }))
}

fn fields(key: IncidentKey, form: &Form<ShareFields>, has_outside: bool) -> impl IntoView + use<> {
    let typed = &form.typed;
    let days = [("1", "A day"), ("7", "A week"), ("30", "Thirty days")].map(|(v, l)| (v.to_owned(), l.to_owned())).to_vec();
    let named = typed.names == "yes";
    view! {
        <form class="card stack" method="post" action=at(key, "links")>
            <Select name="days" label="It opens for" value=typed.days.clone() options=days error=form.error("days")/>
            <fieldset class="stack stack-tight">
                <legend>"Names"</legend>
                <label class="check"><input type="radio" name="names" value="no" checked=!named/><span>"Without names"<br/><span class="quiet small">"Quotes stand without their authors, and nobody is named as facilitator. Names that you wrote into the text stay: please read it once more."</span></span></label>
                <label class="check"><input type="radio" name="names" value="yes" checked=named/><span>"With the names that go with quotes"<br/><span class="quiet small">"They agreed to be named to everybody here. Please ask them before people outside read their names."</span></span></label>
            </fieldset>
            {has_outside.then(|| view! {
                <label class="check"><input type="checkbox" name="outside" value="yes" checked=typed.outside == "yes"/><span>"With the text for people outside, at its end"</span></label>
            })}
            <p class="actions"><button class="btn btn-primary"><Icon name="link"/>"Make a link"</button></p>
        </form>
    }
}

fn links(key: IncidentKey, open: Vec<Share>) -> impl IntoView {
    if open.is_empty() {
        return view! { <p class="quiet">"No link is open."</p> }.into_any();
    }
    let ctx = expect_context::<Ctx>();
    let zone = ctx.zone();
    let item = move |share: Share| {
        let opened = match share.opened {
            0 => "Not opened yet".to_owned(),
            1 => "Opened once".to_owned(),
            n => format!("Opened {n} times"),
        };
        let until = format!("Until {}", walltime::absolute(share.until, zone));
        view! {
            <li class="row section-row">
                <Icon name="link"/>
                <div class="row-main">
                    <b>{until}</b>
                    <span class="meta small">
                        <span>{format!("Made by {} ", share.made_by)}<When at=share.made_at/></span>
                        <span>{opened}</span>
                        {share.names.then(|| view! { <Chip>"With names"</Chip> })}
                        {share.outside.then(|| view! { <Chip>"With the text for people outside"</Chip> })}
                    </span>
                </div>
                <form method="post" action=at(key, "links/end")>
                    <input type="hidden" name="link" value=share.id.to_string()/>
                    <button class="btn btn-small">"Take back"<span class="vh">{format!(": the link of {}", share.made_by)}</span></button>
                </form>
            </li>
        }
    };
    view! {
        <h3>"Open now"</h3>
        <ul class="rows">{open.into_iter().map(item).collect_view()}</ul>
        <p class="hint">"How often is counted, not by whom; programs that show a preview of a link count as well."</p>
    }
    .into_any()
}
