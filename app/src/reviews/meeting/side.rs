//! Beside the stage: questions at hand, who may be called on, the lines and the form that writes one.

use super::super::parts::at;
use super::LineFields;
use super::wall::{Scene, own_call};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::FieldError;
use domain::incidents::IncidentKey;
use domain::reviews::meeting::{LINE_MAX, LineKind, Stage, prompts as prompts_of};
use domain::timeline::perspectives::Whose;
use domain::{EventId, IncidentId, Invalid};
use leptos::prelude::*;
use store::reviews::Line;

/// The viewer's own words at an event, for their own screen.
pub(super) async fn own_words(ctx: &Ctx, incident: IncidentId, event: EventId) -> Result<Vec<String>, AppError> {
    let seen = store::timeline::perspectives::perspectives(ctx.store(), ctx.viewer()?, incident, ctx.now).await?;
    let mine = seen.lanes.into_iter().filter(|lane| lane.whose == Whose::Mine).flat_map(|lane| lane.words);
    Ok(mine.filter(|words| words.event == event).map(|words| words.text).collect())
}

/// Questions for this moment, and who agreed to be called on.
pub(super) fn prompts(scene: &Scene) -> impl IntoView + use<> {
    let stage = scene.wall.course.stage;
    let event = scene.shown.filter(|_| stage == Stage::Story).map(|n| &scene.events[n]);
    let own = event.map(|e| e.details.question.clone()).filter(|question| !question.is_empty());
    let asked = own.map(|question| view! { <li>{question}</li> });
    let items = prompts_of(stage, event.map(|e| e.kind)).iter().map(|prompt| view! { <li>{*prompt}</li> }).collect_view();
    let calls = if scene.room.leads { agreed(scene).into_any() } else { mine(scene).into_any() };
    let words = (!scene.own_words.is_empty()).then(|| {
        let words = scene.own_words.iter().map(|words| view! { <li>{words.clone()}</li> }).collect_view();
        view! { <section><h2>"Your own words here, on your screen alone"</h2><ul class="notes-live">{words}</ul></section> }
    });
    view! {
        <section><h2>"To ask"</h2><ul class="prompts">{asked}{items}</ul></section>
        {words}
        {calls}
    }
}

/// Who agreed, for who leads: folded, since the page may be on the wall.
fn agreed(scene: &Scene) -> impl IntoView + use<> {
    let yes: Vec<_> = scene.room.calls.iter().filter(|call| call.agreed == Some(true)).cloned().collect();
    (!yes.is_empty()).then(|| {
        let words = format!(
            "{} may be called on",
            if yes.len() == 1 { "One person".to_owned() } else { format!("{} people", yes.len()) }
        );
        let item = |call: store::reviews::Call| view! { <li><strong>{call.name}</strong>": "{call.about}</li> };
        view! {
            <details>
                <summary>{words}</summary>
                <ul class="notes-live">{yes.into_iter().map(item).collect_view()}</ul>
            </details>
        }
    })
}

fn mine(scene: &Scene) -> impl IntoView + use<> {
    let key = scene.key;
    scene.room.calls.clone().into_iter().map(|call| own_call(key, call)).collect_view()
}

/// The lines so far, in their order.
pub(super) fn lines(scene: &Scene) -> impl IntoView + use<> {
    let (key, leads) = (scene.key, scene.room.leads);
    let none = scene.room.lines.is_empty();
    let items = scene.room.lines.iter().map(|line| item(key, leads, line)).collect_view();
    view! {
        {none.then(|| view! { <p class="quiet small">"None yet."</p> })}
        <ul class="notes-live meet-lines" data-end="" tabindex=(!none).then_some("0") aria-label="Lines so far">{items}</ul>
    }
}

/// A line; who leads can take it out of sight.
pub(super) fn item(key: IncidentKey, leads: bool, line: &Line) -> impl IntoView + use<> {
    let act = at(key, &format!("meeting/lines/{}", line.id));
    let kind = (line.kind != LineKind::Note).then(|| line.kind.label());
    let (text, out) = (line.text.clone(), line.taken_out);
    let (value, words) = if out { ("back", "Bring it back") } else { ("out", "Take it out") };
    // Who leads may have this page on the wall: what was taken out is folded away there, too.
    let about = if out { format!("{words}: {}", line.id) } else { format!("{words}: {text}") };
    let text = if out {
        view! { <details><summary>"A line that was taken out; only you see it"</summary>{text}</details> }.into_any()
    } else {
        text.into_any()
    };
    view! {
        <li class:quiet=out>
            {text}
            {kind.map(|kind| view! { " "<span class="quiet">{kind}</span> })}
            {leads.then(|| view! {
                <form method="post" action=act data-turn="">
                    <button class="btn btn-quiet btn-small" name="act" value=value aria-label=about>{words}</button>
                </form>
            })}
        </li>
    }
}

/// One line, as quick as chat.
pub(super) fn line_form(key: IncidentKey, kind: LineKind, back: Option<(LineFields, Invalid)>) -> impl IntoView {
    let (typed, error) = match back {
        Some((typed, invalid)) => (typed, invalid.message("text").map(str::to_owned)),
        None => (LineFields { kind: kind.slug().to_owned(), ..LineFields::default() }, None),
    };
    // Given anew with each page, so that a form that is sent twice writes once.
    let id = if typed.id.is_empty() { store::reviews::new_line().to_string() } else { typed.id };
    let choice = move |kind: LineKind| {
        let selected = typed.kind == kind.slug();
        view! { <option value=kind.slug() selected=selected>{kind.label()}</option> }
    };
    let invalid = error.is_some().then_some("true");
    view! {
        <form method="post" class="stack stack-tight" action=at(key, "meeting/lines") data-line="">
            <input type="hidden" name="id" value=id/>
            {error.clone().map_or_else(
                || view! { <p class="error" id="line-error" hidden=true></p> }.into_any(),
                |error| view! { <FieldError id="line-error".to_owned() error=Some(error)/> }.into_any(),
            )}
            <div class="actions">
                <input type="text" name="text" value=typed.text maxlength=LINE_MAX.to_string() aria-label="A line, without your name" autocomplete="off"
                    aria-describedby="line-error" aria-invalid=invalid placeholder="A line, without your name"/>
                <select name="kind" aria-label="What it is">{LineKind::ALL.map(choice).into_iter().collect_view()}</select>
                <button class="btn">"Write"</button>
            </div>
        </form>
    }
}
