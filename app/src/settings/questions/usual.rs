//! Who is asked by which set when a facilitator chooses none.

use super::AT;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, FieldError};
use axum::response::Response;
use domain::Invalid;
use leptos::prelude::*;
use std::collections::HashMap;
use store::StoreError;
use store::interviews::{SetKey, Usual, UsualFor, question_sets, save_usual_sets, usual_sets};

/// The name of a choice's field.
fn field(holds_for: UsualFor) -> String {
    match holds_for {
        UsualFor::Everybody => "everybody".to_owned(),
        UsualFor::Severity(severity) => format!("severity-{}", severity.number()),
        UsualFor::Team(team) => format!("team-{team}"),
    }
}

pub(in crate::settings) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let usual = usual_sets(ctx.store(), ctx.viewer()?).await?;
    draw(&ctx, usual, Form::default()).await
}

pub(in crate::settings) async fn save(ctx: Ctx, Posted(typed): Posted<HashMap<String, String>>) -> Result<Response, AppError> {
    let mut usual = usual_sets(ctx.store(), ctx.viewer()?).await?;
    let mut invalid = Invalid::default();
    for choice in &mut usual {
        choice.set = match typed.get(&field(choice.holds_for)).map(String::as_str) {
            None => continue,
            Some("") => None,
            Some(set) => match set.parse() {
                Ok(set) => Some(set),
                Err(()) => {
                    invalid.add("sets", "Please choose sets that are in use.");
                    None
                }
            },
        };
    }
    let saved = match invalid.or_ok() {
        Ok(()) => save_usual_sets(ctx.store(), ctx.viewer()?, &usual, ctx.now).await,
        Err(invalid) => Err(invalid.into()),
    };
    match saved {
        Ok(()) => Ok(see_and_say(&format!("{AT}/usual"), "saved")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, usual, Form::refused((), invalid)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, usual: Vec<Usual>, form: Form<()>) -> Result<Response, AppError> {
    let sets = question_sets(ctx.store(), ctx.viewer()?).await?;
    let offered: Vec<(SetKey, String)> = sets
        .into_iter()
        .filter(|s| !s.retired && (s.version.is_some() || matches!(s.key, SetKey::Shipped(_))))
        .map(|s| (s.key, s.name))
        .collect();
    let teams = store::people::teams(ctx.store()).await?;
    let severities = ctx.severities.clone();
    let head = Head::new("Who is asked by which", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let label = |holds_for: UsualFor| match holds_for {
            UsualFor::Everybody => Some("Everybody".to_owned()),
            UsualFor::Severity(severity) => Some(severities.of(severity).name.clone()),
            UsualFor::Team(team) => teams.iter().find(|t| t.id == team && !t.put_away).map(|t| t.name.clone()),
        };
        let select = |choice: &Usual| {
            let label = label(choice.holds_for)?;
            let (name, chosen) = (field(choice.holds_for), choice.set);
            let nothing = if choice.holds_for == UsualFor::Everybody { "The twelve" } else { "As usual" };
            let options = offered
                .iter()
                .filter(|(key, _)| choice.holds_for != UsualFor::Everybody || key.to_string() != "shipped-1")
                .map(|(key, set)| view! { <option value=key.to_string() selected=chosen == Some(*key)>{set.clone()}</option> })
                .collect_view();
            Some(view! {
                <div class="field">
                    <label for=name.clone()>{label}</label>
                    <select id=name.clone() name=name><option value="">{nothing}</option>{options}</select>
                </div>
            })
        };
        let of = |keep: fn(UsualFor) -> bool| usual.iter().filter(|u| keep(u.holds_for)).filter_map(&select).collect_view();
        let (everybody, severity) = (of(|f| f == UsualFor::Everybody), of(|f| matches!(f, UsualFor::Severity(_))));
        let team = of(|f| matches!(f, UsualFor::Team(_)));
        view! {
            <SettingsFrame at=AT heading="Who is asked by which" lede="A person’s team decides; else the severity of the incident; else what holds for everybody. A facilitator may choose otherwise while inviting.">
                <Crumbs links=vec![(AT.to_owned(), "Questions".to_owned())] here="Who is asked by which"/>
                <form class="stack stack-wide mt4" method="post" action=format!("{AT}/usual")>
                    <FieldError id="sets-error".to_owned() error=form.error("sets")/>
                    <div class="card stack narrow-card">{everybody}</div>
                    <fieldset class="stack stack-tight"><legend class="label">"By severity"</legend><div class="card fields">{severity}</div></fieldset>
                    {(!team.is_empty()).then(|| view! {
                        <fieldset class="stack stack-tight"><legend class="label">"By team"</legend><div class="card fields">{team}</div></fieldset>
                    })}
                    <p class="actions"><button class="btn btn-primary">"Save"</button></p>
                    <p class="hint">"It holds for who is invited from now on."</p>
                </form>
            </SettingsFrame>
        }
    }))
}
