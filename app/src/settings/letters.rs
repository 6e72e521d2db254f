//! What mail says: subject and text by kind, with placeholders and a preview.

use super::{SettingsFrame, reminders};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Icon, Note, TextField, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use domain::letters::{Letter, Wording};
use leptos::prelude::*;
use serde::Deserialize;
use store::settings;

const AT: &str = "/settings/mail";

/// As typed. `act`: `save`, `preview` or `default`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LetterFields {
    subject: String,
    text: String,
    act: String,
}

fn letter(slug: &str) -> Result<Letter, AppError> {
    Letter::from_slug(slug).ok_or(AppError::NotFound)
}

/// Where the words are used.
fn used(letter: Letter) -> &'static str {
    match letter {
        Letter::Account => "Sent when you invite somebody, or shown to you beside the link.",
        Letter::OneOnOne => "Sent with an invitation, or shown to a facilitator beside a personal link to copy.",
        Letter::Reminder => "Sent at most twice, on working days and never in a night, while an invitation waits.",
        Letter::QuoteCheck => "Sent when quotes wait for their author.",
        Letter::QuoteReminder => {
            "Sent while quotes still wait, before the time to answer is over; on a working day and never in a night."
        }
        Letter::Digest => "Sent after a week or a month with new stories, to who asked for it on their profile.",
        Letter::Sheet => "Sent after a week or a month, to who sees trends and asked for it on their profile.",
        Letter::Anniversary => "Sent when stories are a year old, to who asked for it on their profile.",
        Letter::Items => {
            "Sent around the day that something is meant for, and weeks after, to who takes care of it; their profile says no."
        }
        Letter::Reset => "Sent when you make a link for somebody who forgot their password, or shown to you beside it.",
    }
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    let days = reminders::present(&ctx).await?;
    draw_list(&ctx, Form::new(days)).await
}

/// `days`: when reminders go, as typed.
pub(super) async fn draw_list(ctx: &Ctx, days: Form<reminders::Typed>) -> Result<Response, AppError> {
    let mut all = Vec::new();
    for letter in Letter::ALL {
        let (wording, chosen) = settings::wording(ctx.store(), letter).await?;
        all.push((letter, wording, chosen));
    }
    let sends = ctx.store().sends_mail();
    let head = Head::new("What mail says", Nav::Settings).refused(&days.invalid);
    Ok(shell::page(ctx, head, move || {
        let rows = all
            .into_iter()
            .map(|(letter, wording, chosen)| {
                view! {
                    <li>
                        <a href=format!("{AT}/{}", letter.slug())>
                            <b>{letter.label()}</b>
                            <small>{format!("“{}”. {}", wording.subject, used(letter))}</small>
                        </a>
                        {chosen.then(|| view! { <Chip>"Your words"</Chip> })}
                    </li>
                }
            })
            .collect_view();
        view! {
            <SettingsFrame at=AT heading="What mail says">
                {(!sends).then(|| view! {
                    <Note><Icon name="info"/><p>"No mail is set up here, so Second Story sends no mail yet. These are the words that it offers to copy wherever it shows a link, filled in for the person."</p></Note>
                })}
                <ul class="help-list mt4">{rows}</ul>
                {reminders::card(&days)}
            </SettingsFrame>
        }
    }))
}

pub(super) async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Response, AppError> {
    let letter = letter(&slug)?;
    let (wording, chosen) = settings::wording(ctx.store(), letter).await?;
    let typed = LetterFields { subject: wording.subject.clone(), text: wording.text.clone(), act: String::new() };
    Ok(draw(&ctx, letter, Form::new(typed), Some(wording), chosen))
}

pub(super) async fn save(ctx: Ctx, Path(slug): Path<String>, Posted(typed): Posted<LetterFields>) -> Result<Response, AppError> {
    let letter = letter(&slug)?;
    let viewer = ctx.viewer()?;
    let here = format!("{AT}/{slug}");
    if typed.act == "default" {
        settings::save_wording(ctx.store(), viewer, letter, None, ctx.now).await?;
        return Ok(see_and_say(&here, "restored"));
    }
    let (_, chosen) = settings::wording(ctx.store(), letter).await?;
    match letter.parse(&typed.subject, &typed.text) {
        Err(invalid) => Ok(draw(&ctx, letter, Form::refused(typed, invalid), None, chosen)),
        Ok(wording) if typed.act == "preview" => Ok(draw(&ctx, letter, Form::new(typed), Some(wording), chosen)),
        Ok(wording) => {
            settings::save_wording(ctx.store(), viewer, letter, Some(&wording), ctx.now).await?;
            Ok(see_and_say(&here, "saved"))
        }
    }
}

/// `shown`: what the preview shows; `chosen`: the words that are saved are not the default.
fn draw(ctx: &Ctx, letter: Letter, form: Form<LetterFields>, shown: Option<Wording>, chosen: bool) -> Response {
    let head = Head::new(letter.label(), Nav::Settings).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let base = format!("{AT}/{}", letter.slug());
        let (subject_error, text_error) = (form.error("subject"), form.error("text"));
        let unsaved = form.typed.act == "preview";
        let typed = form.typed;
        let known = letter
            .placeholders()
            .iter()
            .map(|(name, means, _)| view! { <div><dt class="mono">{format!("{{{name}}}")}</dt><dd>{*means}</dd></div> })
            .collect_view();
        view! {
            <SettingsFrame at=AT heading=letter.label() lede=used(letter)>
                <Crumbs links=vec![(AT.to_owned(), "What mail says".to_owned())] here=letter.label()/>
                <div class="cols cols-2 mt4">
                    <form class="card stack" method="post" action=base>
                        <TextField name="subject" label="Subject" value=typed.subject error=subject_error autocomplete="off"/>
                        <TextareaField name="text" label="Text" text=typed.text rows=14 error=text_error/>
                        <dl class="placeholders">{known}</dl>
                        <p class="actions">
                            <button class="btn btn-primary" name="act" value="save">"Save"</button>
                            <button class="btn" name="act" value="preview"><Icon name="eye"/>"Preview"</button>
                            {chosen.then(|| view! { <button class="btn btn-quiet" name="act" value="default">"Back to the default"</button> })}
                        </p>
                    </form>
                    <section class="card stack" aria-labelledby="preview">
                        <h2 id="preview">"Preview"</h2>
                        {match shown {
                            Some(wording) => {
                                let filled = letter.preview(&wording);
                                view! {
                                    {unsaved.then(|| view! { <p class="quiet small">"Not saved yet."</p> })}
                                    <p><span class="quiet small">"Subject "</span><b>{filled.subject}</b></p>
                                    <p class="letter-text">{filled.text}</p>
                                }
                                .into_any()
                            }
                            None => view! { <p class="quiet">"It shows here once the words can be used."</p> }.into_any(),
                        }}
                    </section>
                </div>
            </SettingsFrame>
        }
    })
}
