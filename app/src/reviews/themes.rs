//! Themes, for those who facilitate: what was marked and is not grouped yet, and what was gathered under a few words.

use super::parts::{AudienceChip, at, opened_for};
use super::voting;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::interviews::FIRST_OWN;
use domain::reviews::themes::{Passage, Theme, ThemeDraft};
use domain::rights::Right;
use domain::{PassageId, ThemeId};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::reviews::{Gathered, Step};

/// A theme, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThemeFields {
    name: String,
    opening: String,
    version: String,
    /// `save`, `up`, `down` or `remove`.
    act: String,
    /// The theme that the form was for, when it comes back.
    #[serde(skip)]
    id: String,
}

impl ThemeFields {
    fn draft(&self) -> ThemeDraft {
        ThemeDraft { name: self.name.clone(), opening: self.opening.clone() }
    }
}

/// What to do with a passage.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PassageFields {
    /// A theme's id; empty: none.
    theme: String,
    /// `move` or `unmark`.
    act: String,
}

/// What happened to a form that comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Back {
    No,
    Stale,
    Refused(&'static str),
}

/// The themes of a review. Loading the passages is what the read log records.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    draw(&ctx, opened, Form::default(), Back::No, Form::default()).await
}

/// The page again, with the reason why something was not done.
pub(super) async fn refused(ctx: &Ctx, opened: Opened, why: &'static str) -> Result<Response, AppError> {
    draw(ctx, opened, Form::default(), Back::Refused(why), Form::default()).await
}

/// The page again, with an agenda to mend.
pub(super) async fn agenda_refused(ctx: &Ctx, opened: Opened, agenda: Form<Vec<String>>) -> Result<Response, AppError> {
    draw(ctx, opened, Form::default(), Back::No, agenda).await
}

/// Adds a theme.
pub(super) async fn add(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ThemeFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let added = store::reviews::add_theme(ctx.store(), ctx.viewer()?, opened.incident.id, &typed.draft(), ctx.now).await;
    match added.map_err(AppError::from) {
        Ok(id) => Ok(form::see_and_say(&at(opened.incident.key, &format!("themes#t-{id}")), "added")),
        Err(other) => came_back(&ctx, opened, typed, other).await,
    }
}

/// Gives a theme other words or another place, or takes it away.
pub(super) async fn settle(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(mut typed): Posted<ThemeFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let theme: ThemeId = id.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer, incident, now) = (ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now);
    let to = at(opened.incident.key, &format!("themes#t-{theme}"));
    let (outcome, to, said) = match typed.act.as_str() {
        "save" => {
            let version: i64 = typed.version.parse().map_err(|_| AppError::BadRequest)?;
            let draft = typed.draft();
            (store::reviews::change_theme(store, viewer, incident, theme, version, &draft, now).await, to, "changed")
        }
        "up" => (store::reviews::move_theme(store, viewer, incident, theme, Step::Up, now).await, to, "changed"),
        "down" => (store::reviews::move_theme(store, viewer, incident, theme, Step::Down, now).await, to, "changed"),
        "remove" => {
            let to = at(opened.incident.key, "themes");
            (store::reviews::remove_theme(store, viewer, incident, theme, now).await, to, "removed")
        }
        _ => return Err(AppError::BadRequest),
    };
    match outcome.map_err(AppError::from) {
        Ok(()) => Ok(form::see_and_say(&to, said)),
        Err(other) => {
            typed.id = theme.to_string();
            came_back(&ctx, opened, typed, other).await
        }
    }
}

/// Puts a passage under a theme, or takes its mark away.
pub(super) async fn settle_passage(
    ctx: Ctx,
    Path((key, id)): Path<(String, String)>,
    Posted(typed): Posted<PassageFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let passage: PassageId = id.parse().map_err(|_| AppError::NotFound)?;
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let (outcome, to, said) = match typed.act.as_str() {
        "move" => {
            let theme = match typed.theme.as_str() {
                "" => None,
                theme => Some(theme.parse::<ThemeId>().map_err(|_| AppError::BadRequest)?),
            };
            let to = at(opened.incident.key, &format!("themes#p-{passage}"));
            (store::reviews::gather(store, viewer, incident, passage, theme, ctx.now).await, to, "changed")
        }
        "unmark" => {
            let to = at(opened.incident.key, "themes");
            (store::reviews::unmark(store, viewer, incident, passage, ctx.now).await, to, "removed")
        }
        _ => return Err(AppError::BadRequest),
    };
    match outcome.map_err(AppError::from) {
        Ok(()) => Ok(form::see_and_say(&to, said)),
        Err(other) => came_back(&ctx, opened, ThemeFields::default(), other).await,
    }
}

/// The same page again, with what was typed and why it was not taken.
async fn came_back(ctx: &Ctx, opened: Opened, typed: ThemeFields, error: AppError) -> Result<Response, AppError> {
    match error {
        AppError::Invalid(invalid) => draw(ctx, opened, Form::refused(typed, invalid), Back::No, Form::default()).await,
        AppError::Stale => draw(ctx, opened, Form::new(typed), Back::Stale, Form::default()).await,
        AppError::Refused(why) => draw(ctx, opened, Form::new(typed), Back::Refused(why), Form::default()).await,
        other => Err(other),
    }
}

async fn draw(
    ctx: &Ctx,
    opened: Opened,
    form: Form<ThemeFields>,
    back: Back,
    agenda: Form<Vec<String>>,
) -> Result<Response, AppError> {
    let mut head =
        Head::new(format!("Themes of {}", opened.incident.title), Nav::Incidents).refused(&form.invalid).refused(&agenda.invalid);
    if back != Back::No {
        head = head.status(http::StatusCode::CONFLICT);
    }
    let gathered = store::reviews::gathered(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let vote = store::reviews::themes_vote(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    Ok(shell::page(ctx, head, move || {
        let choosing = (!opened.standing.published).then(|| voting::card(opened.incident.key, &vote, &gathered.themes, &agenda));
        page(opened, gathered, &form, back, choosing)
    }))
}

/// What each part of the page needs to know.
struct Desk<'a> {
    key: IncidentKey,
    /// The story is published: what is there can be read, and taken away.
    published: bool,
    themes: &'a [Theme],
    form: &'a Form<ThemeFields>,
    back: Back,
}

fn page<V: IntoView + 'static>(
    opened: Opened,
    gathered: Gathered,
    form: &Form<ThemeFields>,
    back: Back,
    choosing: Option<V>,
) -> impl IntoView + use<V> {
    let (key, published) = (opened.incident.key, opened.standing.published);
    let desk = Desk { key, published, themes: &gathered.themes, form, back };
    let nothing = gathered.passages.is_empty() && gathered.themes.is_empty();
    let some_are_not_read_out = gathered.passages.iter().any(|p| !p.may_be_read_out());
    let loose: Vec<&Passage> = gathered.under(None).collect();
    let all_gathered = loose.is_empty() && !gathered.passages.is_empty();
    let loose_list = (!loose.is_empty()).then(|| passages(&desk, loose));
    let last = gathered.themes.len().saturating_sub(1);
    let themes = gathered
        .themes
        .iter()
        .enumerate()
        .map(|(place, one)| theme(&desk, one, gathered.under(Some(one.id)).collect(), (place == 0, place == last)))
        .collect_view();
    let none_yet = gathered.themes.is_empty();
    let new = (!published).then(|| new_theme(&desk));
    let refused = match back {
        Back::Refused(why) => Some(why),
        Back::No | Back::Stale => None,
    };
    view! {
        <IncidentFrame opened tab=Tab::Review>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <div class="cols cols-side">
                <div class="stack stack-wide">
                    <div>
                        <h2>"Themes"</h2>
                        <p class="quiet small">"What is worth talking about, gathered from what people said. Only those who facilitate this review see the passages; names are shown when you ask people to choose."</p>
                    </div>
                    {nothing.then(|| view! {
                        <section class="empty">
                            <h3>"Nothing is marked yet"</h3>
                            <p>"Read what people said, and mark the passages that somebody should talk about. They come here, and you put together what belongs together, under a few words of your own."</p>
                            <p class="actions"><a class="btn" href=at(key, "overview")><Icon name="message-circle"/>"Read what people said"</a></p>
                        </section>
                    })}
                    {some_are_not_read_out.then(|| view! {
                        <Note>
                            <Icon name="shield-check"/>
                            <p>"Some passages were said to those who facilitate alone, and say so. They may guide a question of yours. They may not be read out, and no participant will see them."</p>
                        </Note>
                    })}
                    {(!nothing).then(|| view! {
                        <section aria-labelledby="loose">
                            <div class="section-head"><h3 id="loose">"Not grouped yet"</h3></div>
                            {all_gathered.then(|| view! { <p class="quiet">"Everything that is marked stands under a theme."</p> })}
                            {(!all_gathered && loose_list.is_none()).then(|| view! {
                                <p class="quiet">"Nothing is marked. Mark passages in "<a href=at(key, "overview")>"what people said"</a>"."</p>
                            })}
                            {(loose_list.is_some() && none_yet).then(|| view! {
                                <p class="hint">"Name a theme under “A new theme”; then each passage can be put under it."</p>
                            })}
                            {loose_list}
                        </section>
                    })}
                    {themes}
                </div>
                <aside class="stack" aria-label="Naming and reading">
                    {new}
                    {choosing}
                    <Note>
                        <Icon name="eye"/>
                        <p>"Reading is noted here, too: each author sees that you have read their answer, and when."</p>
                    </Note>
                    <p class="actions">
                        <a class="btn" href=at(key, "overview")><Icon name="message-circle"/>"What people said"</a>
                        <a class="btn" href=at(key, "")><Icon name="pencil"/>"To the story"</a>
                    </p>
                </aside>
            </div>
        </IncidentFrame>
    }
}

/// One theme with its passages; `ends`: whether it stands first, and last.
fn theme(desk: &Desk<'_>, theme: &Theme, here: Vec<&Passage>, (first, last): (bool, bool)) -> impl IntoView + use<> {
    let id = theme.id.to_string();
    let name = theme.name.clone();
    let count = here.len();
    let list = (count > 0).then(|| passages(desk, here));
    let act = at(desk.key, &format!("themes/{id}"));
    let quoted = |what: &str| format!("{what} “{name}”");
    let move_label = [quoted("Move up"), quoted("Move down"), quoted("Delete")];
    let [up, down, remove] = move_label;
    let hint = match count {
        0 => Some("No passage stands here yet. Choose this theme at a passage, and press “Move”."),
        1 => Some("One passage so far. It is a theme once two people say it, or one person and the data."),
        _ => None,
    };
    let edit = (!desk.published).then(|| edit(desk, theme));
    let published = desk.published;
    view! {
        <section class="card theme" id=format!("t-{id}") aria-labelledby=format!("t-{id}-h")>
            <div class="section-head">
                <h3 id=format!("t-{id}-h")>{theme.name.clone()}</h3>
                <form class="actions" method="post" action=act>
                    {(!published && !first).then(|| view! { <button class="btn btn-quiet btn-small" name="act" value="up" aria-label=up>"Up"</button> })}
                    {(!published && !last).then(|| view! { <button class="btn btn-quiet btn-small" name="act" value="down" aria-label=down>"Down"</button> })}
                    <button class="btn btn-quiet btn-small" name="act" value="remove" aria-label=remove>"Delete"</button>
                </form>
            </div>
            {(!theme.opening.is_empty()).then(|| view! { <p class="opening">{theme.opening.clone()}</p> })}
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            {list}
            {edit}
        </section>
    }
}

fn edit(desk: &Desk<'_>, theme: &Theme) -> impl IntoView + use<> {
    let id = theme.id.to_string();
    let came_back = desk.form.typed.id == id;
    let stale = came_back && desk.back == Back::Stale;
    let typed = if came_back {
        desk.form.typed.clone()
    } else {
        ThemeFields { name: theme.name.clone(), opening: theme.opening.clone(), ..ThemeFields::default() }
    };
    let fields = fields(&id, &typed, came_back.then_some(desk.form));
    view! {
        <details open=came_back>
            <summary class="small">"Change name or question"</summary>
            <form class="stack stack-tight mt2" method="post" action=at(desk.key, &format!("themes/{id}"))>
                {stale.then(|| view! {
                    <Note tone="care">
                        <Icon name="triangle-alert"/>
                        <p role="alert">"Somebody changed this theme in between; above it reads as it is now. Your words are still here. Save them if they are to stand."</p>
                    </Note>
                })}
                <input type="hidden" name="version" value=theme.version.to_string()/>
                {fields}
                <div class="actions"><button class="btn btn-small" name="act" value="save">"Save"</button></div>
            </form>
        </details>
    }
}

fn new_theme(desk: &Desk<'_>) -> impl IntoView + use<> {
    let came_back = desk.form.typed.id.is_empty();
    let typed = if came_back { desk.form.typed.clone() } else { ThemeFields::default() };
    let fields = fields("new", &typed, came_back.then_some(desk.form));
    view! {
        <section class="card" aria-labelledby="new-theme">
            <h2 id="new-theme">"A new theme"</h2>
            <form class="stack stack-tight" method="post" action=at(desk.key, "themes")>
                {fields}
                <div class="actions"><button class="btn btn-primary btn-small">"Add the theme"</button></div>
                <p class="hint">"Everybody who facilitates reads its name, and so do those who are asked to choose. What somebody told you alone does not go into it."</p>
            </form>
        </section>
    }
}

/// The fields of a theme; with the form that came back, its messages beside them.
fn fields(id: &str, typed: &ThemeFields, form: Option<&Form<ThemeFields>>) -> impl IntoView + use<> {
    let line = |name: &'static str, label: &'static str, hint: &'static str, value: &str| {
        let error = form.and_then(|form| form.error(name));
        let field = format!("{name}-{id}");
        let (field_hint, field_error) = (format!("{field}-hint"), format!("{field}-error"));
        let describedby = if error.is_some() { format!("{field_hint} {field_error}") } else { field_hint.clone() };
        let invalid = error.is_some();
        view! {
            <div class=if invalid { "field field-error" } else { "field" }>
                <label for=field.clone()>{label}</label>
                <p class="hint" id=field_hint>{hint}</p>
                <FieldError id=field_error error/>
                <input id=field name=name value=value.to_owned() aria-describedby=describedby aria-invalid=invalid.then_some("true")/>
            </div>
        }
    };
    view! {
        {line("name", "Name", "A few words of your own, such as “Alerts nobody believed”.", &typed.name)}
        {line("opening", "A question to open with", "May stay empty.", &typed.opening)}
    }
}

fn passages(desk: &Desk<'_>, passages: Vec<&Passage>) -> impl IntoView + use<> {
    let items = passages.into_iter().map(|one| passage(desk, one)).collect_view();
    view! { <ul class="plain-list passages">{items}</ul> }
}

/// One passage: the words, where they come from, and what can be done with them.
fn passage(desk: &Desk<'_>, passage: &Passage) -> impl IntoView + use<> {
    let id = passage.id.to_string();
    let asked = if passage.question < FIRST_OWN {
        format!("{}. {}", passage.question, passage.question_text)
    } else {
        passage.question_text.clone()
    };
    let answer = at(desk.key, &format!("overview#a-{}", passage.answer));
    let whose = passage.author.clone().unwrap_or_else(|| "Someone who was there".to_owned());
    let icon = if passage.author.is_some() { "user" } else { "message-circle" };
    let hint = (!passage.may_be_read_out()).then_some("For those who facilitate. It may not be read out.");
    let select = format!("theme-{id}");
    let options = desk.themes.iter().map(|theme| {
        let selected = passage.theme == Some(theme.id);
        view! { <option value=theme.id.to_string() selected=selected>{theme.name.clone()}</option> }
    });
    let choice = (!desk.published && !desk.themes.is_empty()).then(|| {
        view! {
            <label class="vh" for=select.clone()>"Theme of this passage"</label>
            <select id=select.clone() name="theme">
                <option value="" selected=passage.theme.is_none()>"Not grouped"</option>
                {options.collect_view()}
            </select>
            <button class="btn btn-small" name="act" value="move">"Move"</button>
        }
    });
    let note = (!passage.note.is_empty()).then(|| passage.note.clone());
    view! {
        <li class="passage" id=format!("p-{id}")>
            <p class="words">{passage.text.clone()}</p>
            {note.map(|note| view! { <p class="small"><span class="quiet">"About: "</span>{note}</p> })}
            <div class="meta">
                <span><Icon name=icon/>{whose}</span>
                <AudienceChip audience=passage.audience/>
                <a href=answer>{asked}</a>
            </div>
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            <form class="actions" method="post" action=at(desk.key, &format!("passages/{id}"))>
                {choice}
                <button class="btn btn-quiet btn-small" name="act" value="unmark">"Remove the mark"</button>
            </form>
        </li>
    }
}
