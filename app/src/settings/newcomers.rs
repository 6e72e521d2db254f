//! What new accounts begin with: zone and working hours. Afterwards these are each person's own.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::people::{HoursFields, WorkHours};
use crate::shell::{self, Head, Nav};
use axum::response::Response;
use leptos::prelude::*;
use store::StoreError;
use store::settings;

const AT: &str = "/settings/newcomers";

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let chosen = settings::new_people(ctx.store()).await?;
    Ok(draw(&ctx, Form::new(HoursFields::of(&chosen.zone, &chosen.pattern))))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<HoursFields>) -> Result<Response, AppError> {
    let saved = match typed.pattern() {
        Ok(pattern) => settings::save_new_people(ctx.store(), ctx.viewer()?, &typed.zone, &pattern, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match saved {
        Ok(()) => Ok(see_and_say(AT, "saved")),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, Form::refused(typed, invalid))),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, form: Form<HoursFields>) -> Response {
    let head = Head::new("New people", Nav::Settings).refused(&form.invalid);
    shell::page(ctx, head, move || {
        view! {
            <SettingsFrame at=AT heading="New people" lede="What an account begins with. Everybody can change their own in their profile; nobody else can.">
                <form class="card stack" method="post" action=AT>
                    <WorkHours form/>
                    <p class="actions"><button class="btn btn-primary">"Save"</button></p>
                </form>
            </SettingsFrame>
        }
    })
}
