//! The writing assistant: on or off, which rules speak, and the organisation's own rules, with a sentence to try them on.

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::reviews::assistant;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note, TextareaField};
use axum::response::Response;
use domain::Invalid;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::people::WritingWords;
use store::settings::{self, WritingChoice};
use writing::{Group, Own, Place, RULES, Rule, Switches};

const AT: &str = "/settings/writing";
const EXAMPLE: &str = "In the war room we whitelisted the queue.";
/// What an empty field proposes.
const BEGINNING: &str = "\
rules:
  - id: OUR-1
    extends: existence
    tokens: [war room]
    message: We say “call”.
  - id: OUR-2
    extends: substitution
    swap: { whitelist(ed)?: allow list }
ignore: []
";

/// What is ticked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SwitchFields {
    on: String,
    groups: Vec<String>,
    rules: Vec<String>,
}

/// Own rules, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleFields {
    rules: String,
    /// The rules that the change started from.
    base: String,
    /// A sentence to try them on.
    example: String,
    /// `try`, or nothing for saving.
    act: String,
}

/// A hint on the sentence that was tried: words, rule, why, offer.
struct Tried(Vec<(String, String, String, String)>);

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let choice = settings::writing(ctx.store(), ctx.viewer()?).await?;
    Ok(draw(&ctx, &choice, fresh(&choice), None, false))
}

/// Saves what is ticked.
pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<SwitchFields>) -> Result<Response, AppError> {
    let switches = Switches::ticked(&typed.groups, &typed.rules).written();
    settings::save_writing_switches(ctx.store(), ctx.viewer()?, typed.on.is_empty(), &switches, ctx.now).await?;
    Ok(see_and_say(AT, "saved"))
}

/// Saves own rules, or tries them on a sentence without saving.
pub(super) async fn save_rules(ctx: Ctx, Posted(typed): Posted<RuleFields>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let choice = settings::writing(store, viewer).await?;
    let lines = |text: &str| text.replace("\r\n", "\n");
    let typed = RuleFields { rules: lines(&typed.rules), base: lines(&typed.base), ..typed };
    if let Err(wrong) = Own::kept(&typed.rules) {
        let said = if wrong.line == 0 { wrong.reason } else { format!("Line {}: {}", wrong.line, wrong.reason) };
        return Ok(draw(&ctx, &choice, Form::refused(typed, Invalid::one("rules", said)), None, false));
    }
    if typed.act == "try" {
        let words = store::people::writing_words(store, viewer).await;
        let tried = tried(&typed, words.unwrap_or_default(), &choice);
        return Ok(draw(&ctx, &choice, Form::new(typed), Some(tried), false));
    }
    match settings::save_writing_rules(store, viewer, &typed.base, &typed.rules, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("{AT}#own"), "saved")),
        Err(StoreError::Stale) => Ok(draw(&ctx, &choice, Form::new(typed), None, true)),
        Err(other) => Err(other.into()),
    }
}

/// What the assistant would say of the example with these rules.
fn tried(typed: &RuleFields, words: WritingWords, choice: &WritingChoice) -> Tried {
    let choice = WritingChoice { off: false, rules: typed.rules.clone(), ..choice.clone() };
    let assistant = assistant(&WritingWords { choice, ..words });
    let hints = assistant.check(&typed.example, Place::Review);
    let told = |hint: &writing::Hint<'_>| {
        let words = typed.example[hint.at.clone()].to_owned();
        (words, hint.rule.id.to_string(), hint.rule.why.to_string(), hint.rule.offer.to_string())
    };
    Tried(hints.iter().map(told).collect())
}

fn fresh(choice: &WritingChoice) -> Form<RuleFields> {
    let rules = choice.rules.clone();
    Form::new(RuleFields { base: rules.clone(), rules, example: EXAMPLE.to_owned(), act: String::new() })
}

/// `stale`: somebody saved own rules in between; both are shown.
fn draw(ctx: &Ctx, choice: &WritingChoice, form: Form<RuleFields>, tried: Option<Tried>, stale: bool) -> Response {
    let mut head = Head::new("Writing assistant", Nav::Settings).refused(&form.invalid);
    if stale {
        head = head.status(StatusCode::CONFLICT);
    }
    let choice = choice.clone();
    shell::page(ctx, head, move || {
        view! {
            <SettingsFrame at=AT heading="Writing assistant"
                lede="Hints beside the text while somebody writes a review. They explain and stop nothing, and nobody counts them.">
                {switches(&choice)}
                {own(&choice, form, tried, stale)}
            </SettingsFrame>
        }
    })
}

fn switches(choice: &WritingChoice) -> impl IntoView + use<> {
    let switches = Switches::read(&choice.switches);
    let groups = Group::CATALOGUE.map(|each| group(each, &switches)).into_iter().collect_view();
    view! {
        <form class="card stack" method="post" action=AT>
            <h2>"Hints"</h2>
            <label class="check">
                <input type="checkbox" name="on" value="yes" checked=!choice.off/>
                <span>"Show hints while reviews are written"</span>
            </label>
            <h3>"What they are about"</h3>
            <ul class="plain-list stack">{groups}</ul>
            <p class="actions"><button class="btn btn-primary">"Save"</button></p>
        </form>
    }
}

fn group(group: Group, switches: &Switches) -> impl IntoView + use<> {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.group == group).collect();
    let silent = rules.iter().filter(|rule| !switches.has_rule(rule)).count();
    let line = match (rules.len(), silent) {
        (1, 0) => "1 rule".to_owned(),
        (n, 0) => format!("{n} rules"),
        (n, silent) => format!("{n} rules, {silent} of them off"),
    };
    let rule = |rule: &&Rule| {
        view! {
            <label class="check">
                <input type="checkbox" name="rules" value=rule.id.to_string() checked=switches.has_rule(rule)/>
                <span><span class="mono">{rule.id.to_string()}</span>" "{rule.why.to_string()}</span>
            </label>
        }
    };
    view! {
        <li class="stack stack-tight">
            <label class="check">
                <input type="checkbox" name="groups" value=group.letter() checked=switches.has_group(group)/>
                <span>{group.label()}</span>
            </label>
            <details>
                <summary class="small">{line}<span class="vh">{format!(", {}", group.label())}</span></summary>
                <fieldset class="card stack stack-tight mt2">
                    <legend class="vh">{format!("Rules: {}", group.label())}</legend>
                    {rules.iter().map(rule).collect_view()}
                </fieldset>
            </details>
        </li>
    }
}

fn own(choice: &WritingChoice, form: Form<RuleFields>, tried: Option<Tried>, stale: bool) -> impl IntoView + use<> {
    let error = form.error("rules");
    let typed = form.typed;
    let begin = typed.rules.is_empty() && error.is_none();
    let theirs = choice.rules.clone();
    // Whoever has seen both may save.
    let base = if stale { theirs.clone() } else { typed.base };
    view! {
        <form class="card stack mt8" id="own" method="post" action=format!("{AT}/rules")>
            <h2>"Our own rules"</h2>
            {stale.then(|| view! {
                <Note tone="care">
                    <Icon name="triangle-alert"/>
                    <div class="stack stack-tight">
                        <p role="alert">"Somebody saved other rules while you wrote. Nothing was written over. Bring them together in yours, then save."</p>
                        <p class="letter-text mono">{theirs}</p>
                    </div>
                </Note>
            })}
            <input type="hidden" name="base" value=base/>
            <TextareaField name="rules" label="Rules" text=typed.rules rows=12 error=error
                hint="YAML. What people read is “message”, and “suggestion” where there is another wording."/>
            <details open=begin>
                <summary class="small">"How a rule is written"</summary>
                <div class="stack stack-tight mt2">
                    <p class="letter-text mono">{BEGINNING}</p>
                    <p class="hint">
                        "“existence” finds any of its tokens, “substitution” offers another wording for each. Tokens are whole words, or regular expressions. \
                         “level” is low, medium or high; “scope” is review, questions or everywhere. Near words under “ignore” nothing is said. \
                         “off” and “on” name rules of the catalogue, “people” and “systems” are names that are neither accounts nor services here."
                    </p>
                </div>
            </details>
            <TextareaField name="example" label="A sentence to try them on" text=typed.example rows=2/>
            {tried.map(outcome)}
            <p class="actions">
                <button class="btn btn-primary">"Save"</button>
                <button class="btn" name="act" value="try"><Icon name="eye"/>"Try"</button>
            </p>
        </form>
    }
}

fn outcome(tried: Tried) -> impl IntoView {
    let none = tried.0.is_empty();
    let hint = |(words, id, why, offer): (String, String, String, String)| {
        view! {
            <li class="hintcard">
                <p><span class="was">{format!("“{words}”")}</span>" "<span class="mono quiet">{id}</span></p>
                <p>{why}</p>
                {(!offer.is_empty()).then(|| view! { <p class="soft">{offer}</p> })}
            </li>
        }
    };
    view! {
        <div class="stack stack-tight" role="status">
            <p class="quiet small">"Not saved yet."</p>
            {none.then(|| view! { <p>"Nothing is said of this sentence."</p> })}
            <ul class="plain-list stack stack-tight">{tried.0.into_iter().map(hint).collect_view()}</ul>
        </div>
    }
}
