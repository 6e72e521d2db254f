//! One question set: as it will be asked, with the acts that change it.

use super::one::asked_as;
use super::{AT, key};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, FieldError, Icon, Note, TextField, When};
use axum::extract::Path;
use axum::response::Response;
use domain::QuestionSetId;
use domain::interviews::{Definition, QuestionSet, kinds};
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::interviews::{KeptSet, SetKey, publish_set, question_set, retire_set, save_set};

/// What the forms of this page post.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::settings) struct SetFields {
    name: String,
    purpose: String,
    base_version: String,
    /// `up-2`, `down-2`, `remove-2`: what to do with the question at this place, from one.
    act: String,
    /// Not empty: retire; empty: bring back.
    retire: String,
}

impl SetFields {
    fn of(set: &KeptSet) -> Self {
        Self { name: set.draft.name.clone(), purpose: set.draft.purpose.clone(), ..Self::default() }
    }

    fn base(&self) -> i64 {
        self.base_version.parse().unwrap_or_default()
    }
}

/// A set of the organisation's own: only these can be changed.
pub(super) async fn own(ctx: &Ctx, set: &str) -> Result<(QuestionSetId, KeptSet), AppError> {
    let SetKey::Own(id) = key(set)? else { return Err(AppError::NotFound) };
    Ok((id, question_set(ctx.store(), ctx.viewer()?, SetKey::Own(id)).await?))
}

pub(in crate::settings) async fn show(ctx: Ctx, Path(set): Path<String>) -> Result<Response, AppError> {
    let kept = question_set(ctx.store(), ctx.viewer()?, key(&set)?).await?;
    let form = Form::new(SetFields::of(&kept));
    Ok(draw(&ctx, kept, form, false))
}

/// Saves and goes on, or shows what stands in the way.
async fn saved(ctx: &Ctx, set: &str, typed: SetFields, new: Definition, said: Option<&str>) -> Result<Response, AppError> {
    let (id, _) = own(ctx, set).await?;
    let here = format!("{AT}/{id}");
    match save_set(ctx.store(), ctx.viewer()?, id, typed.base(), &new, ctx.now).await {
        Ok(()) => Ok(said.map_or_else(|| see(&format!("{here}#questions")), |said| see_and_say(&here, said))),
        Err(StoreError::Invalid(invalid)) => {
            let (_, kept) = own(ctx, set).await?;
            Ok(draw(ctx, kept, Form::refused(typed, invalid), false))
        }
        Err(StoreError::Stale) => {
            let (_, kept) = own(ctx, set).await?;
            Ok(draw(ctx, kept, Form::new(typed), true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(in crate::settings) async fn save(
    ctx: Ctx,
    Path(set): Path<String>,
    Posted(typed): Posted<SetFields>,
) -> Result<Response, AppError> {
    let (_, kept) = own(&ctx, &set).await?;
    let new = Definition { name: typed.name.clone(), purpose: typed.purpose.clone(), ..kept.draft };
    saved(&ctx, &set, typed, new, Some("saved")).await
}

pub(in crate::settings) async fn arrange(
    ctx: Ctx,
    Path(set): Path<String>,
    Posted(typed): Posted<SetFields>,
) -> Result<Response, AppError> {
    let (_, kept) = own(&ctx, &set).await?;
    let typed = SetFields { name: kept.draft.name.clone(), purpose: kept.draft.purpose.clone(), ..typed };
    let mut new = kept.draft;
    let (act, place) = typed.act.split_once('-').ok_or(AppError::NotFound)?;
    let at = place.parse::<usize>().ok().and_then(|p| p.checked_sub(1)).filter(|at| *at < new.questions.len());
    let at = at.ok_or(AppError::NotFound)?;
    match act {
        "up" if at > 0 => new.questions.swap(at, at - 1),
        "down" if at + 1 < new.questions.len() => new.questions.swap(at, at + 1),
        "remove" => {
            new.questions.remove(at);
        }
        _ => {}
    }
    saved(&ctx, &set, typed, new, None).await
}

pub(in crate::settings) async fn publish(
    ctx: Ctx,
    Path(set): Path<String>,
    Posted(typed): Posted<SetFields>,
) -> Result<Response, AppError> {
    let (id, kept) = own(&ctx, &set).await?;
    match publish_set(ctx.store(), ctx.viewer()?, id, typed.base(), ctx.now).await {
        Ok(_) => Ok(see_and_say(&format!("{AT}/{id}"), "published")),
        Err(StoreError::Stale) => {
            let form = Form::new(SetFields::of(&kept));
            Ok(draw(&ctx, kept, form, true))
        }
        Err(other) => Err(other.into()),
    }
}

pub(in crate::settings) async fn retire(
    ctx: Ctx,
    Path(set): Path<String>,
    Posted(typed): Posted<SetFields>,
) -> Result<Response, AppError> {
    let (id, _) = own(&ctx, &set).await?;
    let away = !typed.retire.is_empty();
    retire_set(ctx.store(), ctx.viewer()?, id, away, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{id}"), if away { "put-away" } else { "restored" }))
}

fn draw(ctx: &Ctx, set: KeptSet, form: Form<SetFields>, stale: bool) -> Response {
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::OK };
    let head = Head::new(set.draft.name.clone(), Nav::Settings).refused(&form.invalid).status(status);
    shell::page(ctx, head, move || {
        let own = matches!(set.key, SetKey::Own(_));
        let here = format!("{AT}/{}", set.key);
        let minutes = QuestionSet::minutes(set.draft.questions.len());
        let lede = format!("{} About {minutes} minutes.", set.draft.purpose).trim_start().to_owned();
        view! {
            <SettingsFrame at=AT heading=set.draft.name.clone() lede=lede>
                <Crumbs links=vec![(AT.to_owned(), "Questions".to_owned())] here=set.draft.name.clone()/>
                {stale.then(|| view! {
                    <Note tone="care"><Icon name="layers"/><p>"Somebody else changed this set in between. Nothing of theirs was written over: this is how it stands now. Please do it once more."</p></Note>
                })}
                {if own { state(&here, &set).into_any() } else { shipped(&here).into_any() }}
                {own.then(|| about(&here, &set, &form))}
                <section class="mt6" aria-labelledby="questions">
                    <div class="section-head"><h2 id="questions">"As it is asked"</h2></div>
                    <FieldError id="questions-error".to_owned() error=form.error("questions")/>
                    {questions(&here, &set, own)}
                </section>
                {own.then(|| add(&here, &set))}
            </SettingsFrame>
        }
    })
}

fn shipped(here: &str) -> impl IntoView + use<> {
    let copy = format!("{here}/copy");
    view! {
        <Note>
            <Icon name="info"/>
            <div class="stack stack-tight">
                <p>"This set comes with the product and stays as it is. Copy it to change words, order or questions."</p>
                <form method="post" action=copy><button class="btn btn-small"><Icon name="layers"/>"Copy it"</button></form>
            </div>
        </Note>
    }
}

/// Where the set stands, and what can be done with the whole of it.
fn state(here: &str, set: &KeptSet) -> impl IntoView + use<> {
    let (here, changed, retired, base) = (here.to_owned(), set.changed(), set.retired, set.version);
    let says = match &set.published {
        None => view! { <p>"A draft: nobody is asked by it yet."</p> }.into_any(),
        Some(p) => {
            let (ordinal, at) = (p.ordinal, p.at);
            view! { <p>{format!("Version {ordinal}, published ")}<When at=at/>{if changed { ". The draft below says something else." } else { "." }}</p> }.into_any()
        }
    };
    view! {
        <section class="card stack mt4" aria-label="State">
            <div class="over-head"><div>{says}</div>{retired.then(|| view! { <Chip>"Retired"</Chip> })}</div>
            <div class="actions">
                {changed.then(|| view! {
                    <form method="post" action=format!("{here}/publish")>
                        <input type="hidden" name="base_version" value=base.to_string()/>
                        <button class="btn btn-primary">"Publish this as the next version"</button>
                    </form>
                })}
                <form method="post" action=format!("{here}/copy")><button class="btn">"Copy"</button></form>
                <a class="btn" href=format!("{here}/set.json")>"Download"</a>
                <form method="post" action=format!("{here}/retire")>
                    <button class="btn btn-quiet" name="retire" value=if retired { "" } else { "yes" }>{if retired { "Offer it again" } else { "Retire" }}</button>
                </form>
            </div>
            <p class="hint">"Whoever is invited from now on is asked by the latest version; whoever was asked before keeps theirs."</p>
        </section>
    }
}

fn about(here: &str, set: &KeptSet, form: &Form<SetFields>) -> impl IntoView + use<> {
    let typed = form.typed.clone();
    let (name, purpose) = (form.error("name"), form.error("purpose"));
    let open = name.is_some() || purpose.is_some();
    view! {
        <details class="more mt4" open=open>
            <summary>"Name and purpose"</summary>
            <form class="card stack mt2" method="post" action=here.to_owned()>
                <input type="hidden" name="base_version" value=set.version.to_string()/>
                <TextField name="name" label="Name" value=typed.name error=name autocomplete="off" required=true/>
                <TextField name="purpose" label="For whom or what it is, in a sentence" value=typed.purpose error=purpose autocomplete="off"/>
                <p class="actions"><button class="btn btn-primary">"Save"</button></p>
            </form>
        </details>
    }
}

fn questions(here: &str, set: &KeptSet, own: bool) -> impl IntoView + use<> {
    let count = set.draft.questions.len();
    let items = set
        .draft
        .questions
        .iter()
        .enumerate()
        .map(|(at, asked)| {
            let place = at + 1;
            let edit = format!("{here}/{place}");
            let button = |act: &'static str, says: &'static str, off: bool| {
                view! {
                    <button class="btn btn-quiet btn-small" name="act" value=format!("{act}-{place}") disabled=off>
                        {says}<span class="vh">{format!(" question {place}")}</span>
                    </button>
                }
            };
            view! {
                <li class="card stack stack-tight">
                    {asked_as(place, asked)}
                    {own.then(|| view! {
                        <div class="actions">
                            <a class="btn btn-small" href=edit><Icon name="pencil"/>"Change"<span class="vh">{format!(" question {place}")}</span></a>
                            {button("up", "Up", at == 0)}
                            {button("down", "Down", place == count)}
                            {button("remove", "Remove", count == 1)}
                        </div>
                    })}
                </li>
            }
        })
        .collect_view();
    let list = view! { <ol class="plain-list stack mt4">{items}</ol> };
    if own {
        view! {
            <form method="post" action=format!("{here}/arrange")>
                <input type="hidden" name="base_version" value=set.version.to_string()/>
                {list}
            </form>
        }
        .into_any()
    } else {
        list.into_any()
    }
}

/// Kinds that are not asked yet, to add.
fn add(here: &str, set: &KeptSet) -> impl IntoView + use<> {
    let asked = |slug: &str| slug != "own" && set.draft.questions.iter().any(|q| q.kind == slug);
    let options = kinds()
        .filter(|k| !asked(k.slug))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|k| view! { <option value=k.slug>{k.label}</option> })
        .collect_view();
    view! {
        <form class="card mt4 fields" method="get" action=format!("{here}/new")>
            <div class="field">
                <label for="kind">"Ask about something else, too"</label>
                <select id="kind" name="kind">{options}</select>
            </div>
            <p class="actions"><button class="btn"><Icon name="plus"/>"Write the question"</button></p>
        </form>
    }
}
