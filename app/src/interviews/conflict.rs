//! Two versions of one answer: both are shown, the author chooses, nothing is written over in silence.

use super::question::AnswerFields;
use super::talk::{Here, Steps, Talk, heading};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, SafeTextarea};
use axum::response::Response;
use domain::interviews::{Entry, Instead, Question};
use domain::walltime;
use http::StatusCode;
use leptos::prelude::*;
use store::interviews::Conversation;

/// Shows what is saved beside what was sent.
pub(super) fn draw(ctx: &Ctx, conversation: Conversation, question: Question, typed: AnswerFields) -> Result<Response, AppError> {
    let stored = conversation.answer(question.number).cloned();
    let saved_at = stored.as_ref().map(|a| walltime::relative(a.saved_at, ctx.now)).unwrap_or_default();
    let version = stored.as_ref().map_or(0, |a| a.version);
    let body = stored.map(|a| a.body).unwrap_or_default();
    let steps = Steps::new(ctx, &conversation, Here::Question(question.number));
    let here = format!("/one-on-one/{}/{}", conversation.id, question.number);
    let head = Head::new("Two versions", Nav::None).talk().status(StatusCode::CONFLICT);
    Ok(shell::page(ctx, head, move || {
        let foot = view! {
            <span class="save wide-only" data-state="failed"><Icon name="layers"/>"Two versions"</span>
            <a class="btn" href=here.clone()>"Use the saved one"</a>
            <button class="btn btn-primary" form="qf" name="go" value="stay">"Use this page’s"</button>
        }
        .into_any();
        let choice = |value: &str| question.kind.choices.iter().find(|(v, _)| *v == value).map(|(_, label)| (*label).to_owned());
        let told = |entries: &[Entry]| question.kind.entries.map(|shape| shape.told(entries)).unwrap_or_default();
        let listed = |entries: Vec<String>| {
            (!entries.is_empty())
                .then(|| view! { <ul class="bullets">{entries.into_iter().map(|e| view! { <li>{e}</li> }).collect_view()}</ul> })
        };
        let mine = question.kind.entries.map(|shape| typed.entries(shape)).unwrap_or_default();
        let columns =
            [("entry_1", &typed.entry_1), ("entry_2", &typed.entry_2), ("entry_3", &typed.entry_3), ("ticked", &typed.ticked)];
        let repeated = columns
            .into_iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name, value.clone())))
            .collect::<Vec<_>>();
        let said = |choice: Option<String>, instead: Option<Instead>| {
            let parts: Vec<String> = [choice, instead.map(|i| i.label().to_owned())].into_iter().flatten().collect();
            (!parts.is_empty()).then(|| view! { <p class="quiet small">{parts.join(" · ")}</p> })
        };
        view! {
            <Talk steps=steps.clone() foot=foot>
                <form id="qf" class="stack stack-wide" method="post" action=here>
                    {heading(&steps, &question)}
                    <div class="note note-care">
                        <Icon name="layers"/>
                        <p>"This answer was also saved from another page or device. Nothing was written over. Keep one, or bring both together below."</p>
                    </div>
                    <section class="entry">
                        <h2 class="label">{format!("Saved elsewhere, {saved_at}")}</h2>
                        {said(choice(&body.choice), body.instead)}
                        {listed(told(&body.entries))}
                        <p class="answer saved-words">{body.text.clone()}</p>
                    </section>
                    <section class="entry">
                        <label class="label" for="text">"In this page"</label>
                        {said(choice(&typed.choice), Instead::from_slug(&typed.instead))}
                        {listed(told(&mine))}
                        <SafeTextarea id="text" name="text" text=typed.text.clone() rows=4/>
                    </section>
                    {[
                        ("base_version", version.to_string()),
                        ("choice", typed.choice),
                        ("instead", typed.instead),
                        ("audience", typed.audience),
                        ("count_me", typed.count_me),
                        ("with_name", typed.with_name),
                    ]
                        .into_iter()
                        .chain(repeated)
                        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                        .collect_view()}
                </form>
            </Talk>
        }
    }))
}
