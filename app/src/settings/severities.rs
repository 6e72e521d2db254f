//! What people call the severities. The four levels stay.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::incidents::SeverityMark;
use crate::shell::{self, Head, Nav};
use crate::ui::FieldError;
use axum::response::Response;
use domain::incidents::Severity;
use domain::severities::Severities;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::settings;

const AT: &str = "/settings/severities";

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeverityFields {
    name_1: String,
    means_1: String,
    name_2: String,
    means_2: String,
    name_3: String,
    means_3: String,
    name_4: String,
    means_4: String,
}

impl SeverityFields {
    fn pairs(self) -> [(String, String); 4] {
        [(self.name_1, self.means_1), (self.name_2, self.means_2), (self.name_3, self.means_3), (self.name_4, self.means_4)]
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let words: &Severities = &ctx.severities;
    let pairs = Severity::ALL.map(|s| (words.of(s).name.clone(), words.of(s).means.clone()));
    Ok(draw(&ctx, Form::new(pairs)))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<SeverityFields>) -> Result<Response, AppError> {
    let pairs = typed.pairs();
    match settings::save_severities(ctx.store(), ctx.viewer()?, &pairs, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "saved")),
        Err(StoreError::Invalid(invalid)) => Ok(draw(&ctx, Form::refused(pairs, invalid))),
        Err(other) => Err(other.into()),
    }
}

fn draw(ctx: &Ctx, form: Form<[(String, String); 4]>) -> Response {
    let head = Head::new("Severities", Nav::Settings).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let rows = Severity::ALL.map(|severity| {
            let (name, means) = form.typed[severity as usize].clone();
            let number = severity.number();
            let (n, m) = (format!("name_{number}"), format!("means_{number}"));
            let (name_error, means_error) = (form.error(&n), form.error(&m));
            let class = |error: &Option<String>| if error.is_some() { "field field-error" } else { "field" };
            let (name_class, means_class) = (class(&name_error), class(&means_error));
            view! {
                <fieldset class="card settings-level">
                    <legend class="vh">{format!("Level {number}")}</legend>
                    <SeverityMark severity/>
                    <div class=name_class>
                        <label for=n.clone()>"Name"</label>
                        <FieldError id=format!("{n}-error") error=name_error/>
                        <input id=n.clone() name=n value=name autocomplete="off" placeholder=severity.label()/>
                    </div>
                    <div class=means_class>
                        <label for=m.clone()>"What it means, in one line"</label>
                        <FieldError id=format!("{m}-error") error=means_error/>
                        <input id=m.clone() name=m value=means autocomplete="off"/>
                    </div>
                </fieldset>
            }
        });
        view! {
            <SettingsFrame at=AT heading="Severities" lede="Four levels, gravest first. Their names and meanings are yours; the levels stay, so that past incidents keep theirs. An empty field goes back to the default.">
                <form class="stack" method="post" action=AT>
                    {rows.into_iter().collect_view()}
                    <p class="actions"><button class="btn btn-primary">"Save"</button></p>
                    <p class="hint">"Addresses and downloads go on saying SEV1 to SEV4, so that links and scripts keep working."</p>
                </form>
            </SettingsFrame>
        }
    })
}
