//! When quiet reminders go: after how many working days, or not at all.

use super::letters;
use super::numbers::words;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::ui::Select;
use axum::response::Response;
use domain::settings::Number;
use leptos::prelude::*;
use std::collections::HashMap;
use store::{StoreError, settings};

/// As typed, by the key of the number.
pub(super) type Typed = HashMap<String, String>;

/// What holds now.
pub(super) async fn present(ctx: &Ctx) -> Result<Typed, AppError> {
    let numbers = settings::numbers(ctx.store(), ctx.viewer()?).await?;
    Ok(numbers.into_iter().map(|(number, value)| (number.key().to_owned(), value.to_string())).collect())
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let wanted: Vec<(Number, &str)> =
        Number::REMINDERS.into_iter().filter_map(|n| Some((n, typed.get(n.key())?.as_str()))).collect();
    match settings::save_numbers(ctx.store(), ctx.viewer()?, &wanted, ctx.now).await {
        Ok(_) => Ok(see_and_say("/settings/mail", "saved")),
        Err(StoreError::Invalid(invalid)) => letters::draw_list(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// The form, for the page of what mail says.
pub(super) fn card(form: &Form<Typed>) -> impl IntoView + use<> {
    let fields = Number::REMINDERS.map(|number| field(number, form)).into_iter().collect_view();
    view! {
        <form class="card stack narrow-card mt8" method="post" action="/settings/mail" aria-labelledby="reminders">
            <h2 id="reminders">"When reminders go"</h2>
            <p class="quiet small">
                "On their reader’s own working days, between nine and six on their own clock. Everybody can stop theirs. What is chosen here holds for invitations and quotes from now on."
            </p>
            {fields}
            <p class="quiet small">"No reminder of quotes goes on the day of the letter about them: with few days to answer, one day before is the most that fits."</p>
            <p class="actions"><button class="btn btn-primary">"Save"</button></p>
        </form>
    }
}

fn field(number: Number, form: &Form<Typed>) -> impl IntoView + use<> {
    let (label, unit, means) = words(number);
    let one = unit.trim_end_matches('s');
    let choices = (number.lowest()..=number.highest()).map(|days| {
        let label = match days {
            0 => "None".to_owned(),
            1 => format!("1 {one}"),
            n => format!("{n} {unit}"),
        };
        (days.to_string(), label)
    });
    let (name, options, error) = (number.key(), choices.collect(), form.error(number.key()));
    let value = form.typed.get(name).cloned().unwrap_or_default();
    view! { <Select name label value options error hint=means/> }
}
