//! One item by itself, for who takes care of it and for planners: what it is, and, once it is done, whether it helped.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, FieldError, Icon, Markdown, Note, TextareaField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::planning::{Helped, ItemState, Verdict, asked_at};
use domain::walltime;
use domain::{Invalid, ItemId};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::planning::{self, Planned};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HelpedFields {
    /// A verdict's slug.
    pub verdict: String,
    /// In words.
    pub words: String,
}

/// The page of an item.
pub async fn show(ctx: Ctx, Path(item): Path<String>) -> Result<Response, AppError> {
    let (planned, helped) = read(&ctx, &item).await?;
    Ok(draw(&ctx, planned, helped, Form::default()))
}

async fn read(ctx: &Ctx, item: &str) -> Result<(Planned, Vec<Helped>), AppError> {
    let id: ItemId = item.parse().map_err(|_| AppError::NotFound)?;
    Ok(planning::planned(ctx.store(), ctx.viewer()?, id, ctx.now).await?)
}

/// Keeps what is said about whether it helped.
pub async fn say(ctx: Ctx, Path(item): Path<String>, Posted(typed): Posted<HelpedFields>) -> Result<Response, AppError> {
    let (planned, helped) = read(&ctx, &item).await?;
    let said = planning::look_back(ctx.store(), ctx.viewer()?, planned.id, &typed.verdict, &typed.words, ctx.now).await;
    match said {
        Ok(()) => Ok(see_and_say(&format!("/planned/{}", planned.id), "thanks")),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, planned, helped, Form::refused(typed, invalid))),
        // It was taken up again meanwhile: nothing is asked now, and the words are not lost.
        Err(StoreError::Refused(why)) => {
            let invalid = Invalid::one("words", format!("{why} Your words are still here."));
            Ok(draw(&ctx, planned, helped, Form::refused(typed, invalid)))
        }
        Err(error) => Err(error.into()),
    }
}

fn draw(ctx: &Ctx, planned: Planned, helped: Vec<Helped>, form: Form<HelpedFields>) -> Response {
    let head = Head::new(format!("{}, {}", planned.key, planned.title), Nav::Home).planning().refused(&form.invalid);
    let head = head.band("door-open", "The story does not link here.");
    let zone = ctx.zone();
    shell::page(ctx, head, move || {
        let room = planned.plans.then(|| format!("/incidents/{}/planning", planned.key));
        let links = vec![("/planned".to_owned(), "Planned, by age".to_owned())];
        let earlier: Vec<_> = helped.iter().map(|h| (h.verdict, h.at)).collect();
        let asked = planned.done_at.and_then(|at| asked_at(at, &earlier));
        let asks = planned.state == ItemState::Done || !form.invalid.fields.is_empty();
        let due = planned.due_on.filter(|_| planned.state.waits()).map(|day| day.format("due %-d %b %Y").to_string());
        view! {
            <div class="narrow">
                <Crumbs links here=planned.title.clone()/>
                <div class="page-head"><div>
                    <h1>{planned.title.clone()}</h1>
                    <p>"After "<a href=format!("/incidents/{}", planned.key)>{planned.key.to_string()}</a>", "{planned.incident_title.clone()}</p>
                </div></div>
                <section class="card stack" aria-label="What it is">
                    {(!planned.effect.is_empty()).then(|| view! { <p><strong>"Hoped for: "</strong>{planned.effect.clone()}</p> })}
                    <Markdown text=planned.body.clone()/>
                    <p class="meta small quiet">
                        <span>{planned.state.label()}</span>
                        {planned.owner.clone().map(|owner| view! { <span><Icon name="user"/>{owner}</span> })}
                        {due.map(|due| view! { <span><Icon name="calendar"/>{due}</span> })}
                        {tracker(&planned.tracker)}
                    </p>
                    {room.map(|room| view! {
                        <p class="actions">
                            <a class="btn btn-small" href=format!("{room}/items/{}", planned.id)>"Change it"</a>
                            <a class="btn btn-small btn-quiet" href=room>"To its planning room"</a>
                        </p>
                    })}
                </section>
                {(planned.mine && !planned.plans).then(|| view! {
                    <Note><Icon name="info"/><p>"You take care of this one, so you can read it. Where it stands is changed by the planners of the incident."</p></Note>
                })}
                <section class="mt6 stack" aria-labelledby="helped">
                    <h2 id="helped">"Did it help?"</h2>
                    {said(&helped)}
                    {if asks {
                        view! { <Ask action=format!("/planned/{}", planned.id) form settled=asked.is_none() && planned.done_at.is_some()/> }.into_any()
                    } else {
                        view! { <p class="quiet">"That is asked six weeks after it is done. Not helping is worth knowing, too."</p> }.into_any()
                    }}
                    {asked.filter(|at| *at > expect_context::<Ctx>().now).map(|at| view! {
                        <p class="hint">{format!("It is asked on the home page from {} on. You can say it earlier.", walltime::absolute(at, zone))}</p>
                    })}
                </section>
            </div>
        }
    })
}

#[component]
fn Ask(action: String, form: Form<HelpedFields>, settled: bool) -> impl IntoView {
    let error = form.error("verdict");
    let typed = form.typed.clone();
    let choices = Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let checked = typed.verdict == verdict.slug();
            view! {
                <label class="choice"><input type="radio" name="verdict" value=verdict.slug() checked=checked/><span>{verdict.label()}</span></label>
            }
        })
        .collect_view();
    view! {
        <form class="card stack" method="post" action=action>
            {settled.then(|| view! { <p class="soft">"This was answered. Say it again if you have seen more since; what was said stays."</p> })}
            <fieldset class="stack">
                <legend>"Since it was done, did it help?"</legend>
                <FieldError id="verdict-error".to_owned() error/>
                {choices}
            </fieldset>
            <TextareaField
                name="words" label="What changed" text=typed.words rows=3 error=form.error("words")
                hint="For the better or the worse, also something that nobody had expected."
            />
            <div class="actions"><button class="btn btn-primary">"Keep it"</button></div>
        </form>
    }
}

/// What was said about whether it helped, the latest first.
pub fn said(helped: &[Helped]) -> Option<impl IntoView + use<>> {
    (!helped.is_empty()).then(|| {
        let each = helped
            .iter()
            .cloned()
            .map(|h| {
                view! {
                    <li>
                        <p><strong>{h.verdict.label()}</strong></p>
                        {(!h.words.is_empty()).then(|| view! { <Markdown text=h.words/> })}
                        <p class="meta small quiet">{h.by.map(|by| view! { <span>{by}</span> })}<span><When at=h.at/></span></p>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="plain-list stack">{each}</ul> }
    })
}

/// The way to an item's page in a tracker. It says nothing of where it was followed from.
pub fn tracker(address: &str) -> Option<impl IntoView + use<>> {
    (!address.is_empty()).then(|| {
        let host =
            address.strip_prefix("https://").unwrap_or(address).split(['/', '?', '#']).next().unwrap_or_default().to_owned();
        view! { <span><a href=address.to_owned() rel="noopener noreferrer">{format!("On {host}")}</a></span> }
    })
}
