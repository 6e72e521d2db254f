//! The page behind the set-up link.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{GuessZone, TextField};
use axum::extract::Path;
use axum::response::Response;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;

/// What the set-up form posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SetUpFields {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) again: String,
    pub(super) zone: String,
    member: String,
}

impl SetUpFields {
    /// Takes part in incidents, too.
    pub(super) fn takes_part(&self) -> bool {
        !self.member.is_empty()
    }

    /// A password is never sent back.
    pub(super) fn without_passwords(mut self) -> Self {
        self.password.clear();
        self.again.clear();
        self
    }
}

pub(super) async fn show(ctx: Ctx, Path(token): Path<String>) -> Result<Response, AppError> {
    store::setup::peek(ctx.store(), &token, ctx.now).await?;
    let typed = SetUpFields { zone: "UTC".to_owned(), member: "yes".to_owned(), ..SetUpFields::default() };
    Ok(draw(&ctx, token, Form::new(typed)))
}

pub(super) fn draw(ctx: &Ctx, token: String, form: Form<SetUpFields>) -> Response {
    let head = Head::new("Set up", Nav::None).refused(&form.invalid);
    let untouched = form.invalid.fields.is_empty();
    shell::page(ctx, head, move || {
        let (name, email, zone) = (form.error("name"), form.error("email"), form.error("zone"));
        let (password, again) = (form.error("password"), form.error("again"));
        let member = form.typed.takes_part();
        let typed = form.typed;
        view! {
            <div class="page-narrow">
                <div class="page-head">
                    <div>
                        <h1>"Set up Second Story"</h1>
                        <p>
                            "This makes the first administrator. Administrators look after accounts, teams and settings. They read no answer that \
                             was not meant for them."
                        </p>
                    </div>
                </div>
                <form class="card stack" method="post" action=format!("/set-up/{token}")>
                    <TextField name="name" label="Your name" value=typed.name error=name autocomplete="name"/>
                    <TextField name="email" label="E-mail" value=typed.email kind="email" error=email autocomplete="username" hint="You sign in with it."/>
                    <TextField
                        name="password" label="Password" value="" kind="password" error=password autocomplete="new-password"
                        hint="12 characters or more; a few words in a row do well."
                    />
                    <TextField name="again" label="The same password again" value="" kind="password" error=again autocomplete="new-password"/>
                    <TextField name="zone" label="Time zone" value=typed.zone error=zone list="zones" hint="Pages tell times in it."/>
                    <datalist id="zones">{walltime::zones().into_iter().map(|z| view! { <option value=z></option> }).collect_view()}</datalist>
                    <label class="check">
                        <input type="checkbox" name="member" value="yes" checked=member/>
                        "I take part in incidents here, too"
                    </label>
                    <button class="btn btn-primary">"Make the account and come in"</button>
                </form>
            </div>
            {untouched.then(|| view! { <GuessZone field="zone"/> })}
        }
    })
}
