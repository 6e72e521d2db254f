//! Erasing: a page that says beforehand what goes, what stays and why; then gone, at once.

use super::{kept, page};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::interviews::frame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Select, TextField};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::interviews;
use domain::{Invalid, InvitationId};
use leptos::prelude::*;
use serde::Deserialize;
use store::owndata::{Confirmed, Erase, OwnData, collect, confirm, erase, has_password};

/// Typed where there is no password.
const WORD: &str = "erase";

/// What the forms post.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EraseFields {
    /// `all`, or the number of a question.
    what: String,
    /// Quotes leave published stories, too.
    pub(super) quotes: String,
    /// The password, or the word.
    pub(super) confirm: String,
}

/// Which answer the page was opened for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WhichQuery {
    question: String,
}

/// Why a confirmation did not do, if it did not.
pub(super) async fn refused(ctx: &Ctx, typed: &str, word: &str) -> Result<Option<Invalid>, AppError> {
    let viewer = ctx.viewer()?;
    let has = has_password(ctx.store(), viewer).await?;
    Ok(match confirm(ctx.store(), viewer, typed, word, ctx.now).await? {
        Confirmed::Yes => None,
        Confirmed::Wait => Some(Invalid::one("confirm", "There were many tries. Please wait some minutes.")),
        Confirmed::No if has => Some(Invalid::one("confirm", "This is not your password. Nothing was erased.")),
        Confirmed::No => Some(Invalid::one("confirm", format!("Please type the word {word}. Nothing was erased."))),
    })
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default()).await
}

pub(super) async fn everything(ctx: Ctx, Posted(mut typed): Posted<EraseFields>) -> Result<Response, AppError> {
    if let Some(invalid) = refused(&ctx, &typed.confirm, WORD).await? {
        typed.confirm.clear();
        return draw(&ctx, Form::refused(typed, invalid)).await;
    }
    erase(ctx.store(), ctx.viewer()?, Erase::Everything, typed.quotes == "yes", ctx.now).await?;
    Ok(see_and_say("/profile/data#stays", "erased"))
}

async fn draw(ctx: &Ctx, form: Form<EraseFields>) -> Result<Response, AppError> {
    let data = collect(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let has_password = has_password(ctx.store(), ctx.viewer()?).await?;
    let head = Head::new("Erase everything I said", Nav::None).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let links = vec![
            ("/profile".to_owned(), "Your profile".to_owned()),
            ("/profile/data".to_owned(), "What is kept about you".to_owned()),
        ];
        view! {
            <Crumbs links here="Erase"/>
            <div class="page-head"><div>
                <h1>"Erase everything I said"</h1>
                <p>"In every conversation, for good. Your account stays."</p>
            </div></div>
            {beforehand(&data)}
            <form class="card stack mt8" method="post" action="/profile/erase">
                {quotes_too(&data, &form)}
                {confirmation(has_password, WORD, &form)}
                <p class="actions"><button class="btn btn-warn">"Erase everything"</button><a class="btn btn-quiet" href="/profile/data">"Keep it"</a></p>
            </form>
        }
    }))
}

pub(super) async fn show_conversation(
    ctx: Ctx,
    Path(invitation): Path<String>,
    Query(query): Query<WhichQuery>,
) -> Result<Response, AppError> {
    let (id, data) = page::of_conversation(&ctx, &invitation).await?;
    let typed = EraseFields { what: query.question, ..EraseFields::default() };
    draw_conversation(&ctx, id, data, Form::new(typed)).await
}

pub(super) async fn conversation(
    ctx: Ctx,
    Path(invitation): Path<String>,
    Posted(mut typed): Posted<EraseFields>,
) -> Result<Response, AppError> {
    let (id, data) = page::of_conversation(&ctx, &invitation).await?;
    let what = match typed.what.as_str() {
        "all" => Some(Erase::Conversation(id)),
        number => choices(&data)
            .iter()
            .any(|(value, _)| value == number)
            .then(|| number.parse().ok())
            .flatten()
            .map(|n| Erase::Answer(id, n)),
    };
    let mut invalid = refused(&ctx, &typed.confirm, WORD).await?.unwrap_or_default();
    if what.is_none() {
        invalid.add("what", "Please choose what to erase.");
    }
    let Some(what) = what.filter(|_| invalid.fields.is_empty()) else {
        typed.confirm.clear();
        return draw_conversation(&ctx, id, data, Form::refused(typed, invalid)).await;
    };
    erase(ctx.store(), ctx.viewer()?, what, typed.quotes == "yes", ctx.now).await?;
    if ctx.viewer()?.guest_of.is_some() && matches!(what, Erase::Conversation(_)) {
        return Ok(left(&ctx));
    }
    Ok(see_and_say(&format!("/one-on-one/{id}/data#stays"), "erased"))
}

/// The last page for somebody without an account: their link has ended with their words, so it says all that there is to say.
fn left(ctx: &Ctx) -> Response {
    let mut gone = ctx.clone();
    gone.viewer = None;
    shell::page(&gone, Head::new("Erased", Nav::None).talk(), || {
        let body = view! {
            <div class="question">
                <h1>"It is erased"</h1>
                <p class="purpose">"What you said here is gone, and so are your name, your address and the link. Nobody can bring it back."</p>
            </div>
            <div class="stack talk-words">
                <p>"That somebody was asked stays, without a name. So do figures of groups that were closed before, and the audit trail, which holds no content."</p>
                <p>"Thank you for the time that you gave. You can close this page."</p>
            </div>
        }
        .into_any();
        frame(body)
    })
}

/// What of a conversation can be erased by itself: question number and its words.
fn choices(data: &OwnData) -> Vec<(String, String)> {
    let Some(c) = data.conversations.first() else { return Vec::new() };
    c.set
        .questions
        .iter()
        .filter(|q| match q.number {
            interviews::WORK => !c.stretches.is_empty(),
            number => c.answers.iter().any(|a| a.answer.question == number),
        })
        .map(|q| (q.number.to_string(), format!("{}. {}", c.set.place(q.number), q.text)))
        .collect()
}

async fn draw_conversation(ctx: &Ctx, id: InvitationId, data: OwnData, form: Form<EraseFields>) -> Result<Response, AppError> {
    let has_password = has_password(ctx.store(), ctx.viewer()?).await?;
    let head = Head::new("Erase", Nav::None).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let mut options = vec![(String::new(), "Choose".to_owned()), ("all".to_owned(), "Everything I said here".to_owned())];
        options.extend(choices(&data));
        let error = form.error("what");
        let value = form.typed.what.clone();
        let title = data.conversations.first().map(|c| format!("{} {}", kept::named(c.key), c.title.clone().unwrap_or_default()));
        view! {
            <Crumbs links=vec![(format!("/one-on-one/{id}/data"), "What is kept of this conversation".to_owned())] here="Erase"/>
            <div class="page-head"><div><h1>"Erase what I said"</h1><p>{title.unwrap_or_default()}</p></div></div>
            {beforehand(&data)}
            {kept::leaves(&data).then(|| view! {
                <p class="hint mt4">"Your name, your address and your link go when you erase everything you said here. One answer by itself leaves them."</p>
            })}
            <form class="card stack mt8" method="post" action=format!("/one-on-one/{id}/erase")>
                <Select name="what" label="What" value options error/>
                {quotes_too(&data, &form)}
                {confirmation(has_password, WORD, &form)}
                <p class="actions"><button class="btn btn-warn">"Erase"</button><a class="btn btn-quiet" href=format!("/one-on-one/{id}/data")>"Keep it"</a></p>
            </form>
        }
    }))
}

/// What goes, and what stays with the reason.
pub(super) fn beforehand(data: &OwnData) -> impl IntoView + use<> {
    let goes = kept::goes(data);
    view! {
        <div class="cols cols-2">
            <section class="stack">
                <h2>"What goes"</h2>
                {if goes.is_empty() {
                    view! { <p>"There is nothing of your words here."</p> }.into_any()
                } else {
                    view! { <ul class="bullets">{goes.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any()
                }}
                <p class="hint">"Gone from the database and its log at once. Nobody can bring it back, you neither."</p>
            </section>
            <section class="stack">
                <h2>"What stays, and why"</h2>
                {kept::stays_list(data)}
            </section>
        </div>
    }
}

/// Whether quotes are to leave published stories, where there are any.
pub(super) fn quotes_too(data: &OwnData, form: &Form<EraseFields>) -> impl IntoView + use<> {
    let checked = form.typed.quotes == "yes";
    (kept::standing(data) > 0).then(|| {
        view! {
            <label class="pick"><input type="checkbox" name="quotes" value="yes" checked=checked/>"Take my quotes out of published stories, too"</label>
        }
    })
}

/// The password, or a word where there is none.
pub(super) fn confirmation(has_password: bool, word: &'static str, form: &Form<EraseFields>) -> impl IntoView + use<> {
    let error = form.error("confirm");
    if has_password {
        view! {
            <TextField name="confirm" label="Your password" value="" kind="password" autocomplete="current-password" error
                hint="So that nobody else at this screen can do it."/>
        }
        .into_any()
    } else {
        view! {
            <TextField name="confirm" label=format!("Type the word {word}") value="" autocomplete="off" error
                hint="So that it does not happen by a slip."/>
        }
        .into_any()
    }
}
