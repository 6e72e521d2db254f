//! One question, one comfortable screen.

use super::audience::{self, Offer};
use super::entries;
use super::handed_over;
use super::stretches;
use super::talk::{Here, Steps, Talk, heading, prompts};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, see};
use crate::shell::{self, Head, Nav};
use crate::ui::autosave::{Autosave, saved_label};
use crate::ui::{FieldError, Icon, SafeTextarea};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::InvitationId;
use domain::interviews::{self, Audience, Entry, EntryShape, Instead, Kind, Question};
use leptos::prelude::*;
use serde::Deserialize;
use store::interviews::Conversation;

/// What the form of a question posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerFields {
    pub(super) text: String,
    pub(super) choice: String,
    pub(super) instead: String,
    /// The fields of each entry, by their place in the question's shape.
    pub(super) entry_1: Vec<String>,
    pub(super) entry_2: Vec<String>,
    pub(super) entry_3: Vec<String>,
    pub(super) ticked: Vec<String>,
    pub(super) audience: String,
    pub(super) count_me: String,
    pub(super) with_name: String,
    pub(super) base_version: String,
    pub(super) request_key: String,
    pub(super) follows: String,
    /// Which button: `back`, `next`, `stay`, `nominate`, `add`.
    pub(super) go: String,
    /// Takes out the entry with this number, from nought.
    pub(super) drop: String,
    /// Not empty: the facilitator may see who names this person.
    pub(super) show_by: String,
    /// Takes this nomination out.
    pub(super) unnominate: String,
    pub(super) nominee: String,
    pub(super) reason: String,
}

impl AnswerFields {
    /// The answer as it is stored, or an untouched one.
    pub(super) fn of(conversation: &Conversation, question: &Question) -> Self {
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        let untouched = Self {
            audience: question.kind.default.slug().to_owned(),
            count_me: yes(true),
            base_version: "0".to_owned(),
            ..Self::default()
        };
        let column = |entries: &[Entry], place: usize| match question.kind.entries.and_then(|shape| shape.fields[place]) {
            Some(field) => entries.iter().map(|entry| entry.value(field.key).to_owned()).collect(),
            None => Vec::new(),
        };
        conversation.answer(question.number).map_or(untouched, |a| Self {
            text: a.body.text.clone(),
            entry_1: column(&a.body.entries, 0),
            entry_2: column(&a.body.entries, 1),
            entry_3: column(&a.body.entries, 2),
            ticked: a.body.ticked.clone(),
            choice: a.body.choice.clone(),
            instead: a.body.instead.map_or("", Instead::slug).to_owned(),
            audience: a.audience.slug().to_owned(),
            count_me: yes(a.count_me),
            with_name: yes(a.with_name),
            base_version: a.version.to_string(),
            ..Self::default()
        })
    }

    /// The entries as typed, without the one to be taken out.
    pub(super) fn entries(&self, shape: &EntryShape) -> Vec<Entry> {
        let columns = [&self.entry_1, &self.entry_2, &self.entry_3];
        let rows = columns.iter().map(|c| c.len()).max().unwrap_or_default();
        let out: Option<usize> = self.drop.parse().ok();
        let value = |row: usize, place: usize| columns[place].get(row).cloned().unwrap_or_default();
        let entry = |row: usize| {
            let fields = shape.fields.iter().enumerate().filter_map(|(place, field)| Some((place, field.as_ref()?)));
            Entry(fields.map(|(place, field)| (field.key.to_owned(), value(row, place))).collect())
        };
        (0..rows).filter(|row| Some(*row) != out).map(entry).collect()
    }
}

/// Question 3: `change` names the stretch that is open for changing, `hint` the hint that a new one begins with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct QuestionQuery {
    change: String,
    hint: String,
}

pub(super) async fn show(
    ctx: Ctx,
    Path((invitation, number)): Path<(String, String)>,
    Query(query): Query<QuestionQuery>,
) -> Result<Response, AppError> {
    let conversation = load(&ctx, &invitation).await?;
    let question = numbered(&conversation, &number)?;
    if conversation.published {
        return Ok(see(&format!("/one-on-one/{}/look-over#q{number}", conversation.id)));
    }
    if question.number == interviews::WORK {
        return stretches::show(&ctx, conversation, &query.change, &query.hint).await;
    }
    let form = Form::new(AnswerFields::of(&conversation, &question));
    draw(&ctx, conversation, question, form).await
}

/// The viewer's own conversation named in the path.
pub(super) async fn load(ctx: &Ctx, invitation: &str) -> Result<Conversation, AppError> {
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    Ok(store::interviews::page(ctx.store(), ctx.viewer()?, id, ctx.now).await?)
}

/// The question named in the path; `07` is not there.
pub(super) fn numbered(conversation: &Conversation, number: &str) -> Result<Question, AppError> {
    let kind = kind_of(number)?;
    conversation.set.question(kind.0).cloned().ok_or(AppError::NotFound)
}

/// The number in the path with its kind, before it is known whether this person is asked it.
pub(super) fn kind_of(number: &str) -> Result<(i64, &'static Kind), AppError> {
    let parsed: i64 = number.parse().map_err(|_| AppError::NotFound)?;
    let kind = interviews::kind(parsed).ok_or(AppError::NotFound)?;
    if parsed.to_string() == number { Ok((parsed, kind)) } else { Err(AppError::NotFound) }
}

/// The title of a question's page.
pub(super) fn title(conversation: &Conversation, number: i64) -> String {
    format!("Question {} of {}", conversation.set.place(number), conversation.set.questions.len())
}

/// Draws the question with what was typed, or as it is stored.
pub(super) async fn draw(
    ctx: &Ctx,
    conversation: Conversation,
    question: Question,
    form: Form<AnswerFields>,
) -> Result<Response, AppError> {
    let offers = audience::offers(ctx, &conversation, &question).await?;
    let status = audience::status(ctx, &conversation, &question);
    let saved = conversation.answer(question.number).map(|a| saved_label(ctx, a.saved_at));
    let steps = Steps::new(ctx, &conversation, Here::Question(question.number));
    let sprite = ctx.asset("sprite.svg");
    let head = Head::new(title(&conversation, question.number), Nav::None).talk().islands().refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let foot = view! {
            <Autosave saved=saved.unwrap_or_default() sprite=sprite/>
            <button class="btn save-plain" form="qf" name="go" value="stay">"Save"</button>
            <button class="btn" form="qf" name="go" value="back">"Back"</button>
            <button class="btn btn-primary" form="qf" name="go" value="next">"Next"</button>
        }
        .into_any();
        let note = handed_over::noted(&conversation, question.number);
        view! { <Talk steps=steps.clone() foot=foot>{fields(steps, conversation, question, form, offers, status, note.into_any())}</Talk> }
    }))
}

fn fields(
    steps: Steps,
    conversation: Conversation,
    question: Question,
    form: Form<AnswerFields>,
    offers: Vec<Offer>,
    status: Option<String>,
    note: AnyView,
) -> impl IntoView {
    let typed = form.typed.clone();
    let chosen = Audience::from_slug(&typed.audience).unwrap_or(question.kind.default);
    let words_label = match question.kind {
        k if k.number == interviews::NOMINATIONS => "Anything else about it",
        k if k.entries.is_some() => "Or in your own words",
        k if k.choices.is_empty() => "Your words",
        _ => "In your words, if you like",
    };
    let roles = entries::roles_of(&conversation);
    let (text_error, audience_error) = (form.error("text"), form.error("audience"));
    view! {
        <div class="stack stack-wide">
        {heading(&steps, &question)}
        {note}
        <form id="qf" class="stack stack-wide" method="post" action=format!("/one-on-one/{}/{}", steps.id, question.number) novalidate>
            <input type="hidden" name="base_version" value=typed.base_version.clone()/>
            <input type="hidden" name="request_key" value=""/>
            <input type="hidden" name="follows" value=""/>
            {(!question.kind.choices.is_empty()).then(|| choices(question.kind, &typed, form.error("choice")))}
            {(question.number == interviews::NOMINATIONS).then(|| nominations(&conversation, &form))}
            {(!question.kind.ticks.is_empty()).then(|| entries::ticks(question.kind, &typed.ticked))}
            {question.kind.entries.map(|shape| entries::fieldset(shape, &typed.entries(shape), form.error("entries")))}
            <div class="stack">
                <FieldError id="text-error".to_owned() error=text_error.clone()/>
                <div class="entry">
                    <label class="label" for="text">{words_label}</label>
                    <SafeTextarea
                        id="text" name="text" text=typed.text.clone() rows=4
                        describedby=text_error.as_ref().map(|_| "text-error".to_owned()) invalid=text_error.is_some()
                    />
                </div>
                {prompts(&question, &roles)}
            </div>
            <div class="stack stack-tight">
                <FieldError id="audience-error".to_owned() error=audience_error/>
                {audience::fieldset(steps.id, &question, offers, chosen.slug(), !typed.with_name.is_empty())}
                {status.map(|status| view! { <p class="hint">{status}</p> })}
            </div>
            {instead(&typed.instead)}
        </form>
        </div>
    }
}

fn choices(kind: &'static Kind, typed: &AnswerFields, error: Option<String>) -> impl IntoView + use<> {
    let chosen = typed.choice.clone();
    let options = kind
        .choices
        .iter()
        .map(|(value, label)| {
            view! { <label class="pick"><input type="radio" name="choice" value=*value checked=*value == chosen/>{*label}</label> }
        })
        .collect_view();
    view! {
        <fieldset class="stack stack-tight">
            <legend class="label">{kind.choice_label}</legend>
            <FieldError id="choice-error".to_owned() error/>
            <div class="picks picks-rows">
                {options}
                <label class="pick"><input type="radio" name="choice" value="" checked=chosen.is_empty()/>"No choice"</label>
            </div>
            <label class="check">
                <input type="checkbox" name="count_me" value="yes" checked=!typed.count_me.is_empty()/>
                <span>"Count my choice in figures of five or more people"<br/><span class="quiet small">"Never alone, never with a name. Untick it and it is not counted."</span></span>
            </label>
        </fieldset>
    }
}

/// Real answers, all three. What was typed above stays with its author then.
fn instead(chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    let option = |value: &'static str, label: &'static str| {
        view! { <label class="pick"><input type="radio" name="instead" value=value checked=value == chosen/>{label}</label> }
    };
    view! {
        <fieldset class="stack stack-tight">
            <legend class="label">"Or"</legend>
            <div class="picks">
                {Instead::ALL.into_iter().map(|i| option(i.slug(), i.label())).collect_view()}
                {option("", "None of these")}
            </div>
            <p class="hint">"With one of the first three, words above stay with you; readers see only which one it is."</p>
        </fieldset>
    }
}

/// Names so far, and room for one more.
fn nominations(conversation: &Conversation, form: &Form<AnswerFields>) -> impl IntoView + use<> {
    let named = conversation
        .nominations
        .iter()
        .map(|n| {
            view! {
                <li class="named">
                    <span><b>{n.name.clone()}</b>" "<span class="quiet">{n.reason.clone()}</span></span>
                    <button class="btn btn-quiet btn-small" name="unnominate" value=n.id.to_string() aria-label=format!("Remove {}", n.name)>
                        "Remove"
                    </button>
                </li>
            }
        })
        .collect_view();
    let error = form.error("nominee");
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <fieldset class="entry">
            <legend class="vh">"Who else"</legend>
            // Enter in a field presses the first button of a form; it should not be Remove.
            <button class="vh" name="go" value="stay" tabindex="-1" aria-hidden="true">"Save"</button>
            {(!conversation.nominations.is_empty()).then(|| view! { <ul class="plain-list">{named}</ul> })}
            <div class="fields">
                <div class=class>
                    <label for="nominee">"Name, or what they do"</label>
                    <FieldError id="nominee-error".to_owned() error/>
                    <input id="nominee" name="nominee" autocomplete="off" value=form.typed.nominee.clone()/>
                </div>
                <div class="field">
                    <label for="reason">"Why them"</label>
                    <input id="reason" name="reason" autocomplete="off" value=form.typed.reason.clone()/>
                </div>
            </div>
            <label class="check"><input type="checkbox" name="show_by" value="yes" checked=!form.typed.show_by.is_empty()/>"The facilitator may see that I name them"</label>
            <p class="actions"><button class="btn btn-small" name="go" value="nominate"><Icon name="plus"/>"Add this person"</button></p>
            <p class="hint">"They are not told who named them."</p>
        </fieldset>
    }
}
