//! Review settings: soak time, smallest group, and how long what is kept.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::FieldError;
use axum::response::Response;
use domain::interviews::QuestionOrder;
use domain::settings::Number;
use leptos::prelude::*;
use std::collections::HashMap;
use store::StoreError;
use store::settings;

const AT: &str = "/settings/review";
/// The field of the questions' order.
const ORDER: &str = "question_order";

/// The field of links for people without an account.
const LINKS: &str = "share_links";

/// How long what is kept.
const KEPT: [Number; 7] = [
    Number::DraftsDays,
    Number::PrivateDays,
    Number::FacilitatorDays,
    Number::SessionsDays,
    Number::AuditDays,
    Number::BackupsDays,
    Number::TrashDays,
];

type Typed = HashMap<String, String>;

/// Label, what is counted, and what it means.
pub(super) fn words(number: Number) -> (&'static str, &'static str, &'static str) {
    match number {
        Number::SoakDays => (
            "Soak time",
            "working days",
            "From publication until planning opens. Holds for reviews that are published from now on.",
        ),
        Number::SmallestGroup => (
            "Smallest group",
            "people",
            "Figures about people are shown for groups of this size and larger. It can only grow; months that are closed stay as they are.",
        ),
        Number::DraftsDays => ("Drafts", "days", "Answers that were never submitted, after their last change."),
        Number::PrivateDays => {
            ("“Only me” answers", "days", "After the review is published. Their authors can take them along before.")
        }
        Number::FacilitatorDays => {
            ("Facilitator answers", "days", "After the review is published. Quotes that their authors approved stay.")
        }
        Number::SessionsDays => ("Sessions", "days", "After a session is over."),
        Number::AuditDays => ("Audit trail", "days", "Who did what, never content. Goes by whole days."),
        Number::BackupsDays => (
            "Backups",
            "days",
            "What is erased is gone from every backup after this long. Whoever makes backups has to keep to it.",
        ),
        Number::TrashDays => ("Trash", "days", "Until what was put into the trash is gone for good."),
        Number::FirstReminderDays => ("First reminder of an invitation", "working days", "After the invitation."),
        Number::SecondReminderDays => ("Second reminder of an invitation", "working days", "After the invitation."),
        Number::TriageRate => (
            "Cost of an hour",
            "in your currency, for everybody",
            "With it, trends tell what a minute of incident time costs in people’s work, for the organisation alone. 0 tells nothing.",
        ),
        Number::QuoteReminderDays => ("Reminder of quotes", "working days", "Before the time to answer is over."),
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let numbers = settings::numbers(ctx.store(), ctx.viewer()?).await?;
    let mut typed: Typed = numbers.into_iter().map(|(number, value)| (number.key().to_owned(), value.to_string())).collect();
    typed.insert(ORDER.to_owned(), settings::question_order(ctx.store()).await?.slug().to_owned());
    typed.insert(LINKS.to_owned(), on_off(store::reviews::share_links(ctx.store(), ctx.viewer()?).await?).to_owned());
    Ok(draw(&ctx, Form::new(typed)))
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let wanted: Vec<(Number, &str)> = Number::ALL.into_iter().filter_map(|n| Some((n, typed.get(n.key())?.as_str()))).collect();
    match settings::save_numbers(ctx.store(), ctx.viewer()?, &wanted, ctx.now).await {
        Ok(_) => {
            if let Some(order) = typed.get(ORDER).and_then(|slug| QuestionOrder::from_slug(slug)) {
                settings::save_question_order(ctx.store(), ctx.viewer()?, order, ctx.now).await?;
            }
            if let Some(on) = typed.get(LINKS).and_then(|word| ["off", "on"].iter().position(|known| known == word)) {
                store::reviews::switch_share_links(ctx.store(), ctx.viewer()?, on == 1, ctx.now).await?;
            }
            Ok(see_and_say(AT, "saved"))
        }
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, Form::refused(typed, invalid))),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, form: Form<Typed>) -> Response {
    let head = Head::new("Review settings", Nav::Settings).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let group = |numbers: &[Number]| numbers.iter().map(|n| field(*n, &form)).collect_view();
        let (reviews, kept) = (group(&[Number::SoakDays, Number::SmallestGroup, Number::TriageRate]), group(&KEPT));
        view! {
            <SettingsFrame at=AT heading="Review settings" lede="What holds for every review here, and how long what is kept.">
                <form class="stack stack-wide" method="post" action=AT>
                    <section class="card stack"><h2>"Reviews and figures"</h2>{reviews}</section>
                    {order(form.typed.get(ORDER).map(String::as_str).unwrap_or_default())}
                    {links(form.typed.get(LINKS).is_none_or(|word| word != "off"))}
                    <section class="card stack">
                        <h2>"How long what is kept"</h2>
                        <p class="quiet small">"Published stories stay. Shorter times take effect with the next nightly run, for everything that is older by then."</p>
                        {kept}
                    </section>
                    <p class="actions"><button class="btn btn-primary">"Save"</button></p>
                </form>
            </SettingsFrame>
        }
    })
}

fn order(chosen: &str) -> impl IntoView + use<> {
    let chosen = QuestionOrder::from_slug(chosen).unwrap_or_default();
    let option = |order: QuestionOrder, label: &'static str, means: &'static str| {
        view! {
            <label class="check">
                <input type="radio" name=ORDER value=order.slug() checked=order == chosen/>
                <span>{label}<br/><span class="quiet small">{means}</span></span>
            </label>
        }
    };
    view! {
        <section class="card stack">
            <h2>"Order of the twelve questions"</h2>
            <fieldset class="stack stack-tight">
                <legend class="vh">"Order of the twelve questions"</legend>
                {option(QuestionOrder::Notebook, "By number", "As they are known.")}
                {option(QuestionOrder::Conversation, "As a talk goes", "What happened and what helped first; hours, self-care and names last.")}
            </fieldset>
            <p class="quiet small">"People may jump anywhere in either."</p>
        </section>
    }
}

fn links(on: bool) -> impl IntoView {
    let option = |value: bool, label: &'static str, means: &'static str| {
        view! {
            <label class="check">
                <input type="radio" name=LINKS value=on_off(value) checked=on == value/>
                <span>{label}<br/><span class="quiet small">{means}</span></span>
            </label>
        }
    };
    view! {
        <section class="card stack">
            <h2>"Links for people outside"</h2>
            <fieldset class="stack stack-tight">
                <legend class="vh">"Links for people outside"</legend>
                {option(true, "Facilitators can make them", "By a link that ends after a day, a week or thirty days, somebody without an account reads one published story. Never of a restricted incident.")}
                {option(false, "None", "Links that are open end at once, for good.")}
            </fieldset>
        </section>
    }
}

fn field(number: Number, form: &Form<Typed>) -> impl IntoView + use<> {
    let (label, unit, means) = words(number);
    let key = number.key();
    let error = form.error(key);
    let class = if error.is_some() { "field field-error settings-number" } else { "field settings-number" };
    let value = form.typed.get(key).cloned().unwrap_or_default();
    let described = if error.is_some() { format!("{key}-hint {key}-error") } else { format!("{key}-hint") };
    let invalid = error.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=key>{label}</label>
            <p class="hint" id=format!("{key}-hint")>{format!("{means} {} to {}.", number.lowest(), number.highest())}</p>
            <FieldError id=format!("{key}-error") error/>
            <div class="number-row"><input id=key name=key inputmode="numeric" value=value autocomplete="off" aria-describedby=described aria-invalid=invalid/><span class="quiet">{unit}</span></div>
        </div>
    }
}
