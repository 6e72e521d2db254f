//! The sign-in page, and the forms that it shares with the front page.

use crate::ctx::Ctx;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note, TextField};
use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

/// What the sign-in form posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignInFields {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) next: String,
    /// A form that came while nobody was signed in: where it was sent, and what it held, as it came.
    pub(crate) sent_to: String,
    pub(crate) sent: String,
}

/// Where to go afterwards.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NextQuery {
    next: String,
}

pub(crate) async fn sign_in(ctx: Ctx, Query(query): Query<NextQuery>) -> Response {
    draw(&ctx, Form::new(SignInFields { next: query.next, ..SignInFields::default() }))
}

pub(crate) fn draw(ctx: &Ctx, form: Form<SignInFields>) -> Response {
    let head = Head::new("Sign in", Nav::None).refused(&form.invalid);
    let asked = !form.typed.next.is_empty() && form.invalid.fields.is_empty();
    shell::page(ctx, head, move || {
        view! {
            <div class="page-head"><div><h1>"Sign in"</h1></div></div>
            {asked.then(|| view! { <Note><p>"The page you asked for needs you to be signed in. You come back to it right after."</p></Note> })}
            <section class="mt6">{sign_in_forms(form)}</section>
        }
    })
}

/// The doors of the demo, where this is one, beside the plain form.
pub fn sign_in_forms(form: Form<SignInFields>) -> AnyView {
    let demo = expect_context::<Ctx>().site.demo;
    match demo {
        Some(password) => view! {
            <div class="cols cols-side">
                <ul class="doors">{DOORS.into_iter().map(door).collect_view()}</ul>
                {plain_form(form, Some(password))}
            </div>
        }
        .into_any(),
        None => view! { <div class="page-narrow">{plain_form(form, None)}</div> }.into_any(),
    }
}

const DOORS: [(&str, &str, &str, &str); 5] = [
    ("responder@demo", "message-circle", "Responder", "A one-on-one is waiting for you after a short night."),
    ("facilitator@demo", "route", "Facilitator", "Lead a learning review from raw log to story."),
    ("leadership@demo", "chart-no-axes-column", "Leadership", "Read published stories and trends, and nothing private."),
    ("planner@demo", "lightbulb", "Planner", "Work behind the wall, from what was learned."),
    ("admin@demo", "settings", "Administrator", "Runs the service. Opens no answer."),
];

fn door((email, icon, name, what): (&'static str, &'static str, &'static str, &'static str)) -> impl IntoView {
    view! {
        <li>
            <form action="/demo/sign-in" method="post">
                <input type="hidden" name="door" value=email/>
                <button class="door">
                    <span class="who-mark"><Icon name=icon/></span>
                    <span><b>{name}</b><small>{what}</small></span>
                    <Icon name="chevron-right"/>
                </button>
            </form>
        </li>
    }
}

fn plain_form(form: Form<SignInFields>, demo: Option<String>) -> impl IntoView {
    let hint = demo.as_ref().map(|password| format!("demo password: {password}")).unwrap_or_default();
    let heading = if demo.is_some() { "Or sign in" } else { "Your account" };
    let (email_error, password_error) = (form.error("email"), form.error("password"));
    view! {
        <form class="card stack" action="/sign-in" method="post">
            <h2>{heading}</h2>
            <input type="hidden" name="next" value=form.typed.next/>
            {(!form.typed.sent_to.is_empty()).then(|| view! {
                <input type="hidden" name="sent_to" value=form.typed.sent_to.clone()/>
                <input type="hidden" name="sent" value=form.typed.sent.clone()/>
            })}
            <TextField name="email" label="E-mail" value=form.typed.email kind="text" autocomplete="username" error=email_error/>
            <TextField name="password" label="Password" value="" kind="password" hint autocomplete="current-password" error=password_error/>
            <button class="btn btn-primary">"Sign in"</button>
            <p class="hint">"Forgotten your password? Ask an administrator for a link."</p>
        </form>
    }
}
