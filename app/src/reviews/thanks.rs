//! Thanks: written by who leads the review, to teams at once and to people who are asked first; and the page where they say yes or not.

use super::parts::opened_for;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Empty, Markdown, Select, TextareaField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::Invalid;
use domain::ThanksId;
use domain::learnings::thanks::{Thanked, Thanks, ThanksState, read_words};
use domain::rights::Right;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::ThanksToMe;

/// Thanks, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThanksFields {
    /// `team:…` or `person:…`.
    to: String,
    words: String,
}

/// What somebody says to thanks that name them: `yes` or `no`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerFields {
    answer: String,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    draw(&ctx, opened, Form::default()).await
}

pub(super) async fn add(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ThanksFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let mut invalid = Invalid::default();
    let to = invalid.take(Thanked::read(&typed.to));
    let words = invalid.take(read_words(&typed.words));
    if let (Some(to), Some(words)) = (to, words) {
        match store::reviews::thank(ctx.store(), ctx.viewer()?, opened.incident.id, to, &words, ctx.now).await {
            Ok(_) => {
                let said = if matches!(to, Thanked::Team(_)) { "added" } else { "asked" };
                return Ok(see_and_say(&format!("/incidents/{}/thanks", opened.incident.key), said));
            }
            Err(StoreError::Invalid(refused)) => invalid = refused,
            Err(other) => return Err(other.into()),
        }
    }
    draw(&ctx, opened, Form::refused(typed, invalid)).await
}

pub(super) async fn remove(ctx: Ctx, Path((key, id)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let id: ThanksId = id.parse().map_err(|_| AppError::NotFound)?;
    store::reviews::remove_thanks(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/thanks", opened.incident.key), "removed"))
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<ThanksFields>) -> Result<Response, AppError> {
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let all = store::reviews::thanks(store, viewer, id, ctx.now).await?;
    let teams = store::people::teams(store).await?;
    let people = store::reviews::may_be_thanked(store, viewer, id, ctx.now).await?;
    let teams = teams.into_iter().filter(|t| !t.put_away).map(|t| (Thanked::Team(t.id).slug(), format!("Team: {}", t.name)));
    let people = people.into_iter().map(|(id, name)| (Thanked::Person(id).slug(), name));
    let nobody = (String::new(), "Please choose".to_owned());
    let options: Vec<(String, String)> = std::iter::once(nobody).chain(teams).chain(people).collect();
    let head = Head::new(format!("Thanks in {}", opened.incident.key), Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || page(opened, all, options, form)))
}

fn page(opened: Opened, all: Vec<Thanks>, options: Vec<(String, String)>, form: Form<ThanksFields>) -> impl IntoView {
    let base = format!("/incidents/{}/thanks", opened.incident.key);
    let (to, words) = (form.error("to"), form.error("words"));
    let typed = form.typed;
    let none = all.is_empty();
    let items: Vec<_> = all.into_iter().map(|thanks| item(thanks, &base)).collect();
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <div class="cols cols-side">
                <section aria-labelledby="thanks-h">
                    <div class="section-head"><h2 id="thanks-h">"Thanks"</h2></div>
                    <p class="quiet small">"They stand at the end of the story. Those to a person stand there once that person said yes to the very words."</p>
                    {if none {
                        view! { <div class="mt4"><Empty heading="Nobody is thanked yet"><p>"Who kept something going, shared a find, or made room for others?"</p></Empty></div> }.into_any()
                    } else {
                        view! { <ul class="mt2">{items}</ul> }.into_any()
                    }}
                </section>
                <form class="card stack" method="post" action=base.clone()>
                    <h2>"Say thanks"</h2>
                    <Select name="to" label="To" value=typed.to options error=to/>
                    <TextareaField name="words" label="What for" hint="“This was great because …”" text=typed.words rows=4 error=words/>
                    <p class="hint">"A person is asked first, on their home page, with these words. Until they say yes only they and those who lead the review read them."</p>
                    <p class="actions"><button class="btn btn-primary">"Say it"</button></p>
                </form>
            </div>
        </IncidentFrame>
    }
}

fn item(thanks: Thanks, base: &str) -> impl IntoView + use<> {
    let remove = format!("{base}/{}/delete", thanks.id);
    let to = thanks.to.clone();
    let state = match thanks.state {
        ThanksState::Asked => Some("Asked; not shown yet"),
        ThanksState::Agreed if thanks.to_person => Some("They said yes"),
        ThanksState::Agreed => None,
        ThanksState::LeftOut => Some("Left out, as they wish"),
    };
    view! {
        <li class="factor">
            <p><strong>{thanks.to}</strong></p>
            <Markdown text=thanks.words class="kept-text"/>
            <div class="chips">
                {state.map(|state| view! { <Chip>{state}</Chip> })}
                <form method="post" action=remove><button class="btn btn-small btn-quiet">"Take away"<span class="vh">{format!(" the thanks to {to}")}</span></button></form>
            </div>
        </li>
    }
}

/// Thanks that name the viewer.
pub(super) async fn mine(ctx: Ctx) -> Result<Response, AppError> {
    let mine = store::reviews::thanks_of_mine(ctx.store(), ctx.viewer()?).await?;
    Ok(shell::page(&ctx, Head::new("Thanks to you", Nav::Home), move || {
        let none = mine.is_empty();
        let items: Vec<_> = mine.into_iter().map(to_me).collect();
        let links = vec![("/".to_owned(), "Home".to_owned())];
        view! {
            <Crumbs links here="Thanks to you"/>
            <div class="page-head"><div>
                <h1>"Thanks to you"</h1>
                <p>"Whoever leads a review would like to thank you in it. Only you and they read the words until you say yes, and you can change your mind at any time."</p>
            </div></div>
            {if none {
                view! { <Empty heading="Nothing here right now"><p>"When a review thanks you, you are asked here first."</p></Empty> }.into_any()
            } else {
                view! { <ul class="plain-list stack">{items}</ul> }.into_any()
            }}
        }
    }))
}

fn to_me(thanks: ThanksToMe) -> impl IntoView {
    let action = format!("/thanks/{}", thanks.id);
    let now = match thanks.state {
        ThanksState::Asked => "You have not answered yet. It stands nowhere.",
        ThanksState::Agreed => "It may stand in the story with your name.",
        ThanksState::LeftOut => "It is left out.",
    };
    let of = thanks.key.map(|key| key.to_string());
    let which = of.clone().map(|key| format!(": {key}"));
    let again = which.clone();
    view! {
        <li class="card stack stack-tight" id=format!("t-{}", thanks.id)>
            <p class="small quiet">{of.map_or_else(|| "From an incident that is not shown now, ".to_owned(), |key| format!("From {key}, "))}<When at=thanks.written_at/></p>
            <Markdown text=thanks.words class="kept-text"/>
            <p class="hint">{now}</p>
            <form class="actions" method="post" action=action>
                {(thanks.state != ThanksState::Agreed).then(|| view! {
                    <button class="btn btn-primary" name="answer" value="yes">"Yes, with my name"<span class="vh">{which}</span></button>
                })}
                {(thanks.state != ThanksState::LeftOut).then(|| view! {
                    <button class="btn" name="answer" value="no">"Leave it out"<span class="vh">{again}</span></button>
                })}
            </form>
        </li>
    }
}

/// Yes or no to thanks that name the viewer.
pub(super) async fn answer(ctx: Ctx, Path(id): Path<String>, Posted(typed): Posted<AnswerFields>) -> Result<Response, AppError> {
    let id: ThanksId = id.parse().map_err(|_| AppError::NotFound)?;
    let mine = store::reviews::thanks_of_mine(ctx.store(), ctx.viewer()?).await?;
    if !mine.iter().any(|thanks| thanks.id == id) {
        return Err(AppError::NotFound);
    }
    let agreed = match typed.answer.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(AppError::BadRequest),
    };
    store::reviews::answer_thanks(ctx.store(), ctx.viewer()?, id, agreed, ctx.now).await?;
    Ok(see_and_say(&format!("/thanks#t-{id}"), "noted"))
}

/// The thanks of a story, after its section of that name.
pub(super) fn in_story(all: &[Thanks], heading: bool) -> impl IntoView + use<> {
    let agreed: Vec<Thanks> = all.iter().filter(|thanks| thanks.state == ThanksState::Agreed).cloned().collect();
    (!agreed.is_empty()).then(|| {
        let items = agreed.into_iter().map(|thanks| {
            view! { <li><p><strong>{thanks.to}</strong></p><Markdown text=thanks.words class="md"/></li> }
        });
        let items: Vec<_> = items.collect();
        view! {
            {heading.then(|| view! { <h2 id="s-thanks">"Thanks"</h2> })}
            <ul class="plain-list">{items}</ul>
        }
    })
}
