//! One screen to lead a talk and note it down: what to say first, each question with what it is for, off the record, private
//! impressions; and the hand-over, after which the notes are the responder's alone.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::autosave::{Autosave, saved_label};
use crate::ui::{FieldError, Icon, Mark, SafeTextarea, Timer, When};
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::InvitationId;
use domain::incidents::IncidentKey;
use domain::interviews::{InvitationState, LAST, Question, QuestionSet};
use http::StatusCode;
use leptos::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use store::StoreError;
use store::incidents::Opened;
use store::interviews::{SaveTalk, Talk, TalkNote, is_noted};

/// `note-N`, `off-N`, `impressions`, and what saving by itself adds.
type Typed = HashMap<String, String>;

struct Here {
    opened: Opened,
    id: InvitationId,
}

impl Here {
    async fn of(ctx: &Ctx, key: &str, invitation: &str) -> Result<Self, AppError> {
        let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
        let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
        Ok(Self { opened: store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?, id })
    }

    async fn talk(&self, ctx: &Ctx) -> Result<Talk, AppError> {
        Ok(store::interviews::talk(ctx.store(), ctx.viewer()?, self.opened.incident.id, self.id, ctx.now).await?)
    }

    fn path(&self) -> String {
        format!("/incidents/{}/one-on-ones/{}/talk", self.opened.incident.key, self.id)
    }
}

fn typed(talk: &Talk) -> Typed {
    let mut typed = Typed::from([
        ("impressions".to_owned(), talk.impressions.clone()),
        ("base_version".to_owned(), talk.version.to_string()),
    ]);
    for note in &talk.notes {
        typed.insert(format!("note-{}", note.question), note.text.clone());
        if note.off_record {
            typed.insert(format!("off-{}", note.question), "yes".to_owned());
        }
    }
    typed
}

pub(super) async fn show(ctx: Ctx, Path((key, invitation)): Path<(String, String)>) -> Result<Response, AppError> {
    let here = Here::of(&ctx, &key, &invitation).await?;
    let talk = here.talk(&ctx).await?;
    draw(&ctx, here, &talk, Form::new(typed(&talk)), false).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path((key, invitation)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let here = Here::of(&ctx, &key, &invitation).await?;
    let value = |name: &str| typed.get(name).map_or("", String::as_str);
    let noted = |number: i64| TalkNote {
        question: number,
        text: value(&format!("note-{number}")).to_owned(),
        off_record: !value(&format!("off-{number}")).is_empty(),
    };
    let save = SaveTalk {
        notes: (1..=LAST).filter(|n| is_noted(*n)).map(noted).collect(),
        impressions: value("impressions").to_owned(),
        base_version: value("base_version").trim().parse().unwrap_or(0),
        request_key: value("request_key").chars().take(64).collect(),
        follows: value("follows").chars().take(1000).collect(),
    };
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, here.opened.incident.id);
    match store::interviews::save_talk(store, viewer, incident, here.id, &save, ctx.now).await {
        Ok(version) if ctx.wants_json => {
            Ok(Json(json!({ "version": version, "saved": saved_label(&ctx, ctx.now) })).into_response())
        }
        Ok(_) if value("go") == "hand-over" => {
            store::interviews::hand_over(store, viewer, incident, here.id, ctx.now).await?;
            Ok(see_and_say(&here.path(), "handed-over"))
        }
        Ok(_) => Ok(see(&here.path())),
        Err(StoreError::Stale) if ctx.wants_json => Ok((StatusCode::CONFLICT, Json(json!({ "stale": true }))).into_response()),
        // What this page holds is shown as it was sent, on the version that is stored: the next save decides.
        Err(StoreError::Stale) => {
            let talk = here.talk(&ctx).await?;
            let stored = [("base_version".to_owned(), talk.version.to_string())];
            let form = Form::new(typed.into_iter().chain(stored).collect());
            draw(&ctx, here, &talk, form, true).await
        }
        Err(StoreError::Invalid(invalid)) if ctx.wants_json => {
            let message = invalid.fields.first().map(|f| f.message.clone()).unwrap_or_default();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response())
        }
        Err(StoreError::Invalid(invalid)) => {
            let talk = here.talk(&ctx).await?;
            draw(&ctx, here, &talk, Form::refused(typed, invalid), false).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, here: Here, talk: &Talk, form: Form<Typed>, stale: bool) -> Result<Response, AppError> {
    let status = if stale { StatusCode::CONFLICT } else { StatusCode::OK };
    let saved = talk.saved_at.map(|at| saved_label(ctx, at)).unwrap_or_default();
    let sprite = ctx.asset("sprite.svg");
    let over = here.opened.standing.published || matches!(talk.state, InvitationState::Declined | InvitationState::Withdrawn);
    let title = format!("Talk with {}", talk.name);
    let head = Head::new(title, Nav::Incidents).talk().status(status).refused(&form.invalid);
    let head = if over { head } else { head.islands() };
    let talk = talk.clone();
    let theirs = stale.then(|| talk.clone());
    Ok(shell::page(ctx, head, move || {
        let back = format!("/incidents/{}/one-on-ones", here.opened.incident.key);
        let handed_over = talk.handed_over_at.is_some();
        view! {
            <header class="talk-bar"><div>
                <a class="brand" href="/"><Mark/>"Second Story"</a>
                <span class="actions">
                    {(!over && !handed_over).then(|| view! { <Timer since=talk.begun_at/> })}
                    <a class="btn btn-quiet btn-small" href=back>"Leave for now"</a>
                </span>
            </div></header>
            <main id="main" class="talk"><div class="talk-one stack stack-wide">
                <div class="question">
                    <p class="count">
                        {format!("{}: {}. ", here.opened.incident.key, here.opened.incident.title)}
                        {match talk.begun_at {
                            Some(at) => view! { "Begun "<When at=at/>"." }.into_any(),
                            None => "Ten minutes are fine, an hour is much.".into_any(),
                        }}
                    </p>
                    <h1>{format!("Talk with {}", talk.name)}</h1>
                    <p class="purpose">"Listen more than you speak. Ask how and what, not why and who; let silences be."</p>
                </div>
                {theirs.map(both)}
                {if over {
                    view! { <p class="note note-plain">"This conversation is over. Nothing can be noted any more."</p> }.into_any()
                } else {
                    view! {
                        {(!handed_over).then(before)}
                        <form id="qf" class="stack stack-wide" method="post" action=here.path() novalidate>
                            <input type="hidden" name="base_version" value=form.typed.get("base_version").cloned().unwrap_or_default()/>
                            <input type="hidden" name="request_key" value=""/>
                            <input type="hidden" name="follows" value=""/>
                            {match talk.handed_over_at {
                                Some(at) => after(&talk.name, at).into_any(),
                                None => questions(&talk.set, &form).into_any(),
                            }}
                            {impressions(&form)}
                        </form>
                    }
                    .into_any()
                }}
            </div></main>
            {(!over).then(|| view! {
                <footer class="talk-foot"><div>
                    <Autosave saved=saved sprite=sprite/>
                    <button class=if handed_over { "btn" } else { "btn save-plain" } form="qf" name="go" value="stay">"Save"</button>
                    {(!handed_over).then(|| view! {
                        <button class="btn btn-primary" form="qf" name="go" value="hand-over">{format!("Give the notes to {}", first(&talk.name))}</button>
                    })}
                </div></footer>
            })}
        }
    }))
}

fn first(name: &str) -> String {
    name.split(' ').next().unwrap_or(name).to_owned()
}

/// Saved elsewhere in between: what is stored stands above what this page holds.
fn both(theirs: Talk) -> impl IntoView {
    let lines: Vec<String> = theirs
        .notes
        .iter()
        .map(|n| format!("{}. {}", theirs.set.place(n.question), if n.off_record { "off the record" } else { &n.text }))
        .collect();
    view! {
        <div class="note note-care">
            <Icon name="layers"/>
            <div class="stack stack-tight">
                <p>"These notes were also saved from another page. Nothing was written over: that is what is stored; below is what this page holds. Save below what shall stay."</p>
                {lines.into_iter().map(|line| view! { <p class="saved-words small">{line}</p> }).collect_view()}
                {(!theirs.impressions.is_empty()).then(|| view! { <p class="saved-words small">{theirs.impressions}</p> })}
            </div>
        </div>
    }
}

/// What to say before the first question, in words that can be read aloud.
fn before() -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="before">
            <h2 class="label" id="before">"Say this first, in your own words"</h2>
            <ul class="bullets">
                <li>"Thank you for your time. This is to learn how it was, not who erred; nobody is rated by it."</li>
                <li>"It is voluntary. Skip what you like, stop whenever you like."</li>
                <li>"I take notes. Afterwards they go to you: you change them, choose who reads each, or let them go. Until then nobody else can use them."</li>
                <li>"Say “off the record” whenever you like, and I write nothing of it down."</li>
                <li>"With so few people somebody may guess who said what. I cannot promise otherwise."</li>
                <li>"Is that all right for you?"</li>
            </ul>
            <details class="more">
                <summary>"If somebody blames themselves"</summary>
                <ul class="bullets small soft mt2">
                    <li>"Thank them for saying it. Do not correct the feeling, and do not hurry on."</li>
                    <li>"Ask what they saw at that moment, and what made it look right."</li>
                    <li>"Ask who else would have done the same with that in front of them."</li>
                    <li>"Offer a break, or to go on another day. Ask whether somebody is there for them tonight."</li>
                </ul>
            </details>
        </section>
    }
}

fn questions(set: &QuestionSet, form: &Form<Typed>) -> impl IntoView + use<> {
    let unheard = set.questions.iter().any(|q| !is_noted(q.number));
    let asked = set.questions.iter().filter(|q| is_noted(q.number));
    let cards = asked.map(|q| card(set.place(q.number), q, form)).collect_view();
    view! {
        <p class="hint">"What you tick as off the record is not kept, not even until the next save."</p>
        <ol class="plain-list stack stack-wide">{cards}</ol>
        {unheard.then(|| view! { <p class="hint">"Hours and self-care are not here: they are only ever their own to write."</p> })}
    }
}

fn card(place: usize, question: &Question, form: &Form<Typed>) -> impl IntoView + use<> {
    let (name, off) = (format!("note-{}", question.number), format!("off-{}", question.number));
    let value = |name: &str| form.typed.get(name).cloned().unwrap_or_default();
    let error = form.error(&name);
    let off_record = !value(&off).is_empty();
    let prompts = question.prompts.iter().map(|p| view! { <li>{p.clone()}</li> }).collect_view();
    let label = format!("Notes to question {place}");
    view! {
        <li class="card stack stack-tight">
            <h2 class="label">{format!("{place}. {}", question.text)}</h2>
            <p class="small soft">{question.purpose.clone()}</p>
            <details class="more"><summary>"To ask further"</summary><ul class="bullets small soft mt2">{prompts}</ul></details>
            <FieldError id=format!("{name}-error") error/>
            <SafeTextarea id=name.clone() name=note_name(question.number) text=value(&name) rows=3 label/>
            <label class="check">
                <input type="checkbox" name=off value="yes" checked=off_record/>
                <span>"Off the record"</span>
            </label>
        </li>
    }
}

/// The name of a question's field; names of text areas stand in the code.
fn note_name(question: i64) -> &'static str {
    const NAMES: [&str; 24] = [
        "note-1", "note-2", "note-3", "note-4", "note-5", "note-6", "note-7", "note-8", "note-9", "note-10", "note-11",
        "note-12", "note-13", "note-14", "note-15", "note-16", "note-17", "note-18", "note-19", "note-20", "note-21", "note-22",
        "note-23", "note-24",
    ];
    usize::try_from(question - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or("note-1")
}

fn after(name: &str, at: chrono::DateTime<chrono::Utc>) -> impl IntoView + use<> {
    let who = first(name);
    view! {
        <div class="note note-good">
            <Icon name="circle-check"/>
            <p>{format!("The notes went to {who} ")}<When at=at/>{format!(". They are {who}’s now: you read what {who} makes of them, if {who} chooses so.")}</p>
        </div>
    }
}

fn impressions(form: &Form<Typed>) -> impl IntoView + use<> {
    let error = form.error("impressions");
    view! {
        <section class="card stack stack-tight">
            <h2 class="label"><label for="impressions">"Your own impressions"</label></h2>
            <p class="small soft">"For you alone: what to ask in the review, whom to look after. They are never handed over, and are erased when the second story is published."</p>
            <FieldError id="impressions-error".to_owned() error/>
            <SafeTextarea id="impressions" name="impressions" text=form.typed.get("impressions").cloned().unwrap_or_default() rows=3/>
        </section>
    }
}
