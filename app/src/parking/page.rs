//! The page of the parking lot: a form for an idea, and the viewer's own ideas below it.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Markdown, Note, TextareaField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use leptos::prelude::*;
use serde::Deserialize;
use store::parking::{self, Lot, OwnIdea};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ParkFields {
    /// The idea.
    pub text: String,
    /// Ticked: planners see the name.
    pub with_name: String,
    /// Where to go back to.
    pub back: String,
}

/// The parking lot of an incident as its viewer sees it.
pub async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let (_, lot) = lot(&ctx, &key).await?;
    Ok(draw(&ctx, lot, Form::default()))
}

/// The viewer, and the lot of the incident of this key.
pub async fn lot<'a>(ctx: &'a Ctx, key: &str) -> Result<(&'a Viewer, Lot), AppError> {
    let viewer = ctx.viewer()?;
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok((viewer, parking::lot(ctx.store(), viewer, key, ctx.now).await?))
}

/// Draws it, also for an idea that was refused.
pub fn draw(ctx: &Ctx, lot: Lot, form: Form<ParkFields>) -> Response {
    let head = Head::new(format!("{}, parking lot", lot.key), Nav::Incidents).refused(&form.invalid);
    let guest = ctx.viewer.as_ref().is_some_and(|v| v.guest_of.is_some());
    shell::page(ctx, head, move || {
        let base = format!("/incidents/{}", lot.key);
        let incident = (base.clone(), lot.key.to_string());
        let links = if guest { Vec::new() } else { vec![("/incidents".to_owned(), "Incidents".to_owned()), incident] };
        view! {
            <div class="narrow">
                <Crumbs links here="Parking lot"/>
                <div class="page-head"><div>
                    <h1>"Parking lot"</h1>
                    <p>{format!("Ideas for later about “{}”. They wait here, so that the review can stay with what happened.", lot.title)}</p>
                </div></div>
                <ParkForm action=format!("{base}/park") form/>
                <Mine base lot/>
            </div>
        }
    })
}

/// The form that parks an idea. `back` in it names the page to return to; empty: the parking lot.
#[component]
fn ParkForm(action: String, form: Form<ParkFields>) -> impl IntoView {
    let error = form.error("text");
    let hint =
        "Only you read it until planning opens; then the planners of this incident do, without your name unless you tick it.";
    view! {
        <form class="lot" method="post" action=action>
            <TextareaField name="text" label="An idea for later" text=form.typed.text rows=3 hint error=error/>
            <label class="check">
                <input type="checkbox" name="with_name" value="yes" checked=!form.typed.with_name.is_empty()/>
                <span>"Show my name to the planners"</span>
            </label>
            <input type="hidden" name="back" value=form.typed.back/>
            <div class="actions"><button class="btn btn-primary"><Icon name="square-parking"/>"Park it"</button></div>
        </form>
    }
}

#[component]
fn Mine(base: String, lot: Lot) -> impl IntoView {
    if lot.mine.is_empty() {
        return view! { <p class="quiet mt6">"You have parked nothing here so far."</p> }.into_any();
    }
    let open = lot.wall_open;
    view! {
        <section class="mt6" aria-labelledby="mine">
            <div class="section-head"><h2 id="mine">"Parked by you"</h2></div>
            {open.then(|| view! {
                <Note><Icon name="door-open"/><p>"Planning is open: planners can read these now, so they stay."</p></Note>
            })}
            <ul class="stack">
                {lot.mine.into_iter().map(|idea| view! { <OwnCard base=base.clone() idea open/> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn OwnCard(base: String, idea: OwnIdea, open: bool) -> impl IntoView {
    let whose = if idea.with_name { "With your name" } else { "Without your name" };
    let action = format!("{base}/park/{}/withdraw", idea.id);
    let removable = !open && !idea.from_answer;
    view! {
        <li class="idea">
            <Markdown text=idea.body/>
            <p class="meta small quiet">
                <span>"Parked "<When at=idea.parked_at/></span>
                <span>{whose}</span>
                {idea.from_answer.then(|| view! { <span>"Your answer to question 9: it changes with the answer"</span> })}
            </p>
            {idea.thanked.map(|words| view! {
                <div class="note note-good">
                    <Icon name="heart"/>
                    <div>
                        <p>"Planning read it, and lets it go for now. Thank you: it helped to see more than one way."</p>
                        {(!words.is_empty()).then(|| view! { <Markdown text=words/> })}
                    </div>
                </div>
            })}
            {removable.then(|| view! {
                <form class="actions" method="post" action=action><button class="btn btn-small">"Take it out again"</button></form>
            })}
        </li>
    }
}
