//! The pulse: whether it is asked and what for, its objectives, and whom people can turn to. No answer can be read here.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, TextareaField};
use axum::response::Response;
use domain::pulse::chosen::{GOALS, HELP_MAX};
use domain::pulse::{Chosen, Item};
use leptos::prelude::*;
use serde::Deserialize;
use store::settings;

const AT: &str = "/settings/pulse";
/// Empty lines offered for places to turn to.
const EMPTY_LINES: usize = 2;

/// As typed; goals in the order of the items, places line by line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PulseFields {
    on: String,
    purpose: String,
    goals: Vec<String>,
    name: Vec<String>,
    how: Vec<String>,
    link: Vec<String>,
}

impl PulseFields {
    fn of(chosen: &Chosen) -> Self {
        let goal = |item: Item| chosen.goals.get(&item).map(u32::to_string).unwrap_or_default();
        Self {
            on: if chosen.on { "yes".to_owned() } else { String::new() },
            purpose: chosen.purpose.clone(),
            goals: Item::ALL.map(goal).to_vec(),
            name: chosen.help.iter().map(|h| h.name.clone()).collect(),
            how: chosen.help.iter().map(|h| h.how.clone()).collect(),
            link: chosen.help.iter().map(|h| h.link.clone()).collect(),
        }
    }

    fn line(&self, n: usize) -> (&str, &str, &str) {
        (
            self.name.get(n).map_or("", String::as_str),
            self.how.get(n).map_or("", String::as_str),
            self.link.get(n).map_or("", String::as_str),
        )
    }

    fn lines(&self) -> usize {
        self.name.len().max(self.how.len()).max(self.link.len())
    }

    fn parse(&self) -> Result<Chosen, domain::Invalid> {
        let goals = Item::ALL.into_iter().zip(self.goals.iter().map(String::as_str));
        let help = (0..self.lines()).map(|n| self.line(n));
        Chosen::parse(self.on == "yes", &self.purpose, goals, help)
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let chosen = settings::pulse(ctx.store(), ctx.viewer()?).await?;
    Ok(draw(&ctx, Form::new(PulseFields::of(&chosen))))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<PulseFields>) -> Result<Response, AppError> {
    match typed.parse() {
        Ok(chosen) => {
            settings::save_pulse(ctx.store(), ctx.viewer()?, &chosen, ctx.now).await?;
            Ok(see_and_say(AT, "saved"))
        }
        Err(invalid) => Ok(draw(&ctx, Form::refused(typed, invalid))),
    }
}

fn draw(ctx: &Ctx, form: Form<PulseFields>) -> Response {
    let head = Head::new("Pulse and help", Nav::Settings).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let purpose = form.error("purpose");
        let lines = (form.typed.lines() + EMPTY_LINES).min(HELP_MAX);
        view! {
            <SettingsFrame at=AT heading="Pulse and help"
                lede="A voluntary check-in of two minutes a month. Answers are added to sums at once; nobody can read one, and administrators least of all.">
                <form class="stack" method="post" action=AT>
                    <section class="card stack">
                        <h2>"The pulse"</h2>
                        <p class="hint">"Please ask first: answers about sleep and burnout are about health. Your works council and whoever looks after data protection have a \
                            say in this in many countries, and people answer only what they trust. Switching it off later keeps what was counted until its \
                            quarter closes."</p>
                        <label class="check">
                            <input type="checkbox" name="on" value="yes" checked=form.typed.on == "yes"/>
                            <span>"Ask everybody with an account, once a month"</span>
                        </label>
                        <TextareaField name="purpose" label="What it is for" text=form.typed.purpose.clone() rows=3 error=purpose
                            hint="Everybody who is asked reads this before the first question."/>
                    </section>
                    <section class="card stack">
                        <h2>"Objectives"</h2>
                        <p class="hint">"How many of the answers are meant to be good, by quarter. They are for the rota and the work, and no measure of anybody."</p>
                        {Item::ALL.into_iter().enumerate().map(|(n, item)| goal(n, item, &form)).collect_view()}
                    </section>
                    <section class="card stack">
                        <h2>"Whom people can turn to"</h2>
                        <p class="hint">"Shown to everybody on their own page, whether the pulse is asked or not. A line without anything in it goes."</p>
                        {(0..lines).map(|n| place(n, &form)).collect_view()}
                    </section>
                    <p class="actions"><button class="btn btn-primary">"Save"</button></p>
                </form>
            </SettingsFrame>
        }
    })
}

fn goal(n: usize, item: Item, form: &Form<PulseFields>) -> impl IntoView + use<> {
    let id = format!("goal-{}", item.slug());
    let chosen = form.typed.goals.get(n).cloned().unwrap_or_default();
    let none = chosen.is_empty();
    let label = item.goal().split_at(1);
    let label = format!("{}{}", label.0.to_uppercase(), label.1);
    let option = |goal: u32| {
        let value = goal.to_string();
        view! { <option value=value.clone() selected=value == chosen>{format!("{goal} %")}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <FieldError id=format!("{id}-error") error=form.error(&id)/>
            <select id=id.clone() name="goals">
                <option value="" selected=none>"None"</option>
                {GOALS.step_by(5).map(option).collect_view()}
            </select>
        </div>
    }
}

fn place(n: usize, form: &Form<PulseFields>) -> impl IntoView + use<> {
    let (name, how, link) = form.typed.line(n);
    let field = |field: &'static str, label: &'static str, value: &str| {
        let id = format!("{field}-{n}");
        let error = form.error(&id);
        let class = if error.is_some() { "field field-error" } else { "field" };
        let invalid = error.is_some().then_some("true");
        view! {
            <div class=class>
                <label for=id.clone()>{label}</label>
                <FieldError id=format!("{id}-error") error/>
                <input type="text" id=id.clone() name=field value=value.to_owned() aria-invalid=invalid aria-describedby=invalid.map(|_| format!("{id}-error"))/>
            </div>
        }
    };
    view! {
        <fieldset class="stack stack-tight">
            <legend>{format!("Place {}", n + 1)}</legend>
            {field("name", "Name", name)}
            {field("how", "How to reach it", how)}
            {field("link", "Link", link)}
        </fieldset>
    }
}
