//! Three questions after the meeting, answered without a name; and what came in, for who facilitates.

use super::parts::{at, opened, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::reviews::ballots::{Asked, COUNTS_FROM, Counted, STEPS, answered};
use domain::rights::Right;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::reviews::{Heard, Survey};

/// The answers, as chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SurveyFields {
    learned: String,
    said: String,
    again: String,
}

impl SurveyFields {
    fn typed(&self) -> [(Asked, &str); 3] {
        [(Asked::Learned, &self.learned), (Asked::Said, &self.said), (Asked::Again, &self.again)]
    }
}

/// The questions.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, Form::default(), None).await
}

/// Counts the answers.
pub(super) async fn answer(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<SurveyFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::AnswerSurvey).await?;
    let answers = match answered(typed.typed()) {
        Ok(answers) => answers,
        Err(invalid) => return draw(&ctx, opened, Form::refused(typed, invalid), None).await,
    };
    match store::reviews::answer_survey(ctx.store(), ctx.viewer()?, opened.incident.id, &answers, ctx.now).await {
        Ok(()) => Ok(form::see_and_say(&at(opened.incident.key, "after"), "thanks")),
        Err(StoreError::Refused(why)) => draw(&ctx, opened, Form::new(typed), Some(why)).await,
        Err(other) => Err(other.into()),
    }
}

/// Asks the questions, from now on.
pub(super) async fn ask(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    store::reviews::ask_survey(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    Ok(form::see_and_say(&at(opened.incident.key, "preparation#after-h"), "opened"))
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<SurveyFields>, refused: Option<&'static str>) -> Result<Response, AppError> {
    let survey = store::reviews::survey(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let mut head = Head::new(format!("After the meeting: {}", opened.incident.title), Nav::Incidents).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || page(opened, &survey, &form, refused)))
}

fn page(opened: Opened, survey: &Survey, form: &Form<SurveyFields>, refused: Option<&'static str>) -> impl IntoView + use<> {
    let key = opened.incident.key;
    let body = match (survey.open, survey.answered) {
        (_, true) => {
            view! { <p class="soft">"Thank you. Your answers are counted, and nothing says that they were yours."</p> }.into_any()
        }
        (true, false) => questions(key, form).into_any(),
        (false, false) => view! { <p class="soft">"Nothing is asked here just now."</p> }.into_any(),
    };
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <section class="stack measure" aria-labelledby="after-h">
                <h2 class="serif-title" id="after-h">"How was the meeting?"</h2>
                {body}
            </section>
        </IncidentFrame>
    }
}

fn questions(key: IncidentKey, form: &Form<SurveyFields>) -> impl IntoView + use<> {
    let question = |(asked, typed): (Asked, &str)| {
        let slug = asked.slug();
        let typed = typed.to_owned();
        let step = move |(n, words): (usize, &'static str)| {
            let value = n.to_string();
            view! {
                <label class="choice">
                    <input type="radio" name=slug value=value.clone() checked=typed == value/>
                    <span>{words}</span>
                </label>
            }
        };
        view! {
            <fieldset>
                <legend>{asked.sentence()}</legend>
                <FieldError id=format!("{slug}-error") error=form.error(slug)/>
                <div class="severities">{(1..).zip(STEPS).map(step).collect_view()}</div>
            </fieldset>
        }
    };
    view! {
        <p class="soft">
            {format!("If you were there: three sentences, each may stay empty. Answers are counted without your name, and shown to who facilitates once {COUNTS_FROM} people have answered.")}
        </p>
        <form method="post" class="stack" action=at(key, "after")>
            {form.typed.typed().map(question).into_iter().collect_view()}
            <p class="actions"><button class="btn btn-primary">"Send"</button></p>
        </form>
    }
}

/// What came in, beside the preparation.
pub(super) fn card(key: IncidentKey, heard: Heard) -> impl IntoView {
    let asked = heard.opened_at.is_some();
    let none = heard.counts.is_empty();
    view! {
        <section class="card stack stack-tight" aria-labelledby="after-h">
            <h2 id="after-h">"After the meeting"</h2>
            {match (asked, none) {
                (false, _) => view! {
                    <p class="hint">"Three questions without names: did people learn something, could they say what they wanted, would they come again?"</p>
                    <form method="post" action=at(key, "after/ask")><button class="btn btn-small">"Ask them now"</button></form>
                }.into_any(),
                (true, true) => view! {
                    <p>{format!("They are asked for two weeks at “How was the meeting?”. Fewer than {COUNTS_FROM} have answered, so nothing is shown.")}</p>
                    <p class="small"><a href=at(key, "after")>"The page to send around"</a></p>
                }.into_any(),
                (true, false) => heard.counts.into_iter().map(counted).collect_view().into_any(),
            }}
        </section>
    }
}

fn counted(counted: Counted) -> impl IntoView {
    let n = counted.n();
    let steps = counted.shown().map(|steps| {
        steps
            .into_iter()
            .zip(STEPS)
            .map(|(n, words)| view! { <tr><th scope="row">{words}</th><td class="num">{n}</td></tr> })
            .collect_view()
    });
    view! {
        <table class="small">
            <caption>{counted.question.sentence()}{format!(" {n} answers.")}</caption>
            <tbody>{steps}</tbody>
        </table>
    }
}
