//! One question of a set: its words, with a preview that follows the typing where scripts run.

use super::AT;
use super::set::own;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, FieldError, Icon, MirrorScript, Note, Rings, TextField, TextareaField};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::interviews::{Asked, Kind, ROLES, RolePrompt, kind_of_slug, twelve};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::interviews::{KeptSet, save_set};

/// Rows for prompts by role that are free on the form.
const FREE_ROWS: usize = 2;

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::settings) struct QuestionFields {
    kind: String,
    text: String,
    purpose: String,
    /// One a line.
    prompts: String,
    role: Vec<String>,
    role_prompt: Vec<String>,
    base_version: String,
}

impl QuestionFields {
    fn of(asked: &Asked, version: i64) -> Self {
        Self {
            kind: asked.kind.clone(),
            text: asked.text.clone(),
            purpose: asked.purpose.clone(),
            prompts: asked.prompts.join("\n"),
            role: asked.for_roles.iter().map(|f| f.role.clone()).collect(),
            role_prompt: asked.for_roles.iter().map(|f| f.prompt.clone()).collect(),
            base_version: version.to_string(),
        }
    }

    fn asked(&self) -> Asked {
        let further = self.role.iter().zip(&self.role_prompt);
        Asked {
            kind: self.kind.clone(),
            text: self.text.clone(),
            // A line of its own on the form is none on the page.
            purpose: self.purpose.lines().collect::<Vec<_>>().join(" "),
            prompts: self.prompts.lines().map(str::to_owned).collect(),
            for_roles: further.map(|(role, prompt)| RolePrompt { role: role.clone(), prompt: prompt.clone() }).collect(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::settings) struct NewQuery {
    kind: String,
}

/// The place in the set from nought; `None`: a new question.
fn place(text: &str, set: &KeptSet) -> Result<Option<usize>, AppError> {
    if text == "new" {
        return Ok(None);
    }
    let at = text.parse::<usize>().ok().and_then(|p| p.checked_sub(1)).filter(|at| *at < set.draft.questions.len());
    at.map(Some).ok_or(AppError::NotFound)
}

/// What a new question of this kind begins with: the words of the twelve.
fn begins(kind: &str) -> Result<Asked, AppError> {
    let kind = kind_of_slug(kind).ok_or(AppError::NotFound)?;
    let words = twelve().questions.iter().find(|q| q.kind == kind);
    Ok(words.map_or_else(
        || Asked { kind: kind.slug.to_owned(), ..Asked::default() },
        |q| Asked {
            kind: kind.slug.to_owned(),
            text: q.text.clone(),
            purpose: q.purpose.clone(),
            prompts: q.prompts.clone(),
            for_roles: q.for_roles.clone(),
        },
    ))
}

pub(in crate::settings) async fn show(
    ctx: Ctx,
    Path((set, at)): Path<(String, String)>,
    Query(query): Query<NewQuery>,
) -> Result<Response, AppError> {
    let (_, kept) = own(&ctx, &set).await?;
    let at = place(&at, &kept)?;
    let asked = match at {
        Some(at) => kept.draft.questions[at].clone(),
        None => begins(&query.kind)?,
    };
    let form = Form::new(QuestionFields::of(&asked, kept.version));
    draw(&ctx, kept, at, form, false)
}

pub(in crate::settings) async fn save(
    ctx: Ctx,
    Path((set, at)): Path<(String, String)>,
    Posted(typed): Posted<QuestionFields>,
) -> Result<Response, AppError> {
    let (id, kept) = own(&ctx, &set).await?;
    let at = place(&at, &kept)?;
    let asked = match typed.asked().checked() {
        Ok(asked) => asked,
        Err(invalid) => return draw(&ctx, kept, at, Form::refused(typed, invalid), false),
    };
    let mut new = kept.draft.clone();
    match at {
        // The kind of a question that stands is not for changing: the answers that fit would be others.
        Some(at) => new.questions[at] = Asked { kind: new.questions[at].kind.clone(), ..asked },
        None => new.questions.push(asked),
    }
    let base = typed.base_version.parse().unwrap_or_default();
    match save_set(ctx.store(), ctx.viewer()?, id, base, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(&format!("{AT}/{id}#questions"), "saved")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, kept, at, Form::refused(typed, invalid), false),
        Err(StoreError::Stale) => {
            let typed = QuestionFields { base_version: kept.version.to_string(), ..typed };
            draw(&ctx, kept, at, Form::new(typed), true)
        }
        Err(other) => Err(other.into()),
    }
}

/// A question as a person sees it, with what fits as an answer and who may come to read it.
pub(super) fn asked_as(place: usize, asked: &Asked) -> impl IntoView + use<> {
    let kind = kind_of_slug(&asked.kind);
    let role = |value: &str| ROLES.iter().find(|(v, _)| *v == value).map_or("", |(_, label)| *label);
    let further = asked
        .for_roles
        .iter()
        .map(|f| view! { <li><span class="quiet">{format!("{}: ", role(&f.role))}</span>{f.prompt.clone()}</li> })
        .collect_view();
    let prompts = asked.prompts.iter().map(|p| view! { <li>{p.clone()}</li> }).collect_view();
    view! {
        <div class="stack stack-tight asked-as">
            <h3><span class="quiet">{format!("{place}. ")}</span><span data-mirrors="text">{asked.text.clone()}</span></h3>
            <p class="soft" data-mirrors="purpose">{asked.purpose.clone()}</p>
            <ul class="bullets small soft" data-mirrors-lines="prompts">{prompts}</ul>
            <ul class="bullets small soft">{further}</ul>
            {kind.map(fits)}
        </div>
    }
}

fn fits(kind: &'static Kind) -> impl IntoView {
    let mut parts = vec![kind.label.to_owned()];
    parts.extend((!kind.choices.is_empty()).then(|| "a choice".to_owned()));
    parts.extend(kind.entries.map(|shape| format!("a card for each {}", shape.one)));
    let widest = kind.allowed.last().copied().unwrap_or(kind.default);
    view! {
        <p class="meta small">
            <span class="quiet">{parts.join(" · ")}</span>
            <span class="aud-chip" data-audience=widest.slug()><Rings on=widest.rings()/>{format!("At most: {}", widest.label())}</span>
        </p>
    }
}

fn draw(ctx: &Ctx, set: KeptSet, at: Option<usize>, form: Form<QuestionFields>, stale: bool) -> Result<Response, AppError> {
    let kind = kind_of_slug(&form.typed.kind).ok_or(AppError::NotFound)?;
    let heading = match at {
        Some(at) => format!("Question {}", at + 1),
        None => "A new question".to_owned(),
    };
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::OK };
    let head = Head::new(heading.clone(), Nav::Settings).refused(&form.invalid).status(status);
    Ok(shell::page(ctx, head, move || {
        let place = at.unwrap_or(set.draft.questions.len()) + 1;
        let here = format!("{AT}/{}", set.key);
        let action = at.map_or_else(|| format!("{here}/new"), |at| format!("{here}/{}", at + 1));
        let preview = form.typed.asked();
        let stands = at.filter(|_| stale).and_then(|at| set.draft.questions.get(at)).map(|q| q.text.clone());
        let links = vec![(AT.to_owned(), "Questions".to_owned()), (here.clone(), set.draft.name.clone())];
        let typed = form.typed.clone();
        view! {
            <SettingsFrame at=AT heading=heading.clone() lede=kind.label>
                <Crumbs links here=heading.clone()/>
                {stale.then(|| view! {
                    <Note tone="care"><Icon name="layers"/><p>
                        "Somebody else changed this set in between. Below is what you typed. "
                        {stands.map(|text| format!("At this place now stands: “{text}”. "))}
                        "Save once more to put yours there."
                    </p></Note>
                })}
                <div class="cols cols-side mt4">
                    <form class="card stack" method="post" action=action>
                        <input type="hidden" name="base_version" value=typed.base_version.clone()/>
                        <input type="hidden" name="kind" value=typed.kind.clone()/>
                        <FieldError id="questions-error".to_owned() error=form.error("questions")/>
                        <TextField name="text" label="The question" value=typed.text.clone() error=form.error("text") autocomplete="off" required=true/>
                        <TextareaField name="purpose" label="Why it is asked" text=typed.purpose.clone() rows=2 error=form.error("purpose") hint="In a sentence or two beside it; may stay empty."/>
                        <TextareaField name="prompts" label="To think with" text=typed.prompts.clone() rows=5 error=form.error("prompts") hint="One a line. Never required; ask how and what."/>
                        {roles(&typed, form.error("roles"))}
                        <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=here.clone()>"Leave as it was"</a></p>
                    </form>
                    <aside class="stack" aria-label="Preview">
                        <h2 class="label">"As it is asked"</h2>
                        <div class="card">{asked_as(place, &preview)}</div>
                        <p class="hint">"Which answers fit and who may come to read them belong to the kind of question, not to its words."</p>
                    </aside>
                </div>
                <MirrorScript/>
            </SettingsFrame>
        }
    }))
}

/// A row for each prompt by role, and free ones.
fn roles(typed: &QuestionFields, error: Option<String>) -> impl IntoView + use<> {
    let rows: Vec<(String, String)> =
        typed.role.iter().cloned().zip(typed.role_prompt.iter().cloned()).filter(|(_, p)| !p.is_empty()).collect();
    let free = std::iter::repeat_n((String::new(), String::new()), FREE_ROWS);
    let rows = rows
        .into_iter()
        .chain(free)
        .enumerate()
        .map(|(n, (role, prompt))| {
            let (role_id, prompt_id) = (format!("role-{n}"), format!("role-prompt-{n}"));
            view! {
                <div class="role-row">
                    <div class="field">
                        <label for=role_id.clone()>"Role"</label>
                        <select id=role_id name="role">
                            <option value="">"Nobody"</option>
                            {ROLES.iter().map(|(v, label)| view! { <option value=*v selected=*v == role>{*label}</option> }).collect_view()}
                        </select>
                    </div>
                    <div class="field">
                        <label for=prompt_id.clone()>"Prompt"</label>
                        <input id=prompt_id name="role_prompt" value=prompt autocomplete="off"/>
                    </div>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="stack stack-tight">
            <legend class="label">"Further prompts by role"</legend>
            <p class="hint">"For who told of this role at the question about roles. Empty ones are not kept; save for more room."</p>
            <FieldError id="roles-error".to_owned() error/>
            {rows}
        </fieldset>
    }
}
