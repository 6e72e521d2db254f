//! What stands large on the wall, and the foot below it: the timeline as a scrubber, and the way on and back.

use super::super::parts::at;
use super::wall::Scene;
use crate::charts::scale::{percent, pixels};
use crate::timeline::{EventText, look};
use crate::ui::{Chip, Icon, Markdown};
use domain::reviews::meeting::{GROUND_RULES, LineKind, Stage};
use domain::reviews::themes::Theme;
use domain::timeline::{EventKind, Precision, TimelineEvent};
use domain::{EventId, walltime};
use leptos::prelude::*;

/// Characters from which a moment's words are set smaller, so that they fit on the wall.
const LONG: usize = 150;

/// The stage that runs.
pub(super) fn stage(scene: &Scene) -> AnyView {
    match (scene.wall.course.stage, scene.shown) {
        (Stage::Story, Some(n)) => moment(scene, n).into_any(),
        _ if scene.alone => scene.shown.map(|n| moment(scene, n)).into_any(),
        (Stage::Opening, _) => opening(scene).into_any(),
        (Stage::WentRight, _) => view! { {call(Stage::WentRight)}{went_right(scene)} }.into_any(),
        (Stage::Themes, _) => themes(scene).into_any(),
        (stage @ (Stage::Learnings | Stage::Close), _) => view! { {call(stage)}{round(scene, stage)} }.into_any(),
        (stage, _) => call(stage).into_any(),
    }
}

fn call(stage: Stage) -> impl IntoView {
    view! { <h1>{stage.call()}</h1><p class="then">{stage.how()}</p> }
}

fn moment(scene: &Scene, n: usize) -> impl IntoView + use<> {
    let event = scene.events[n].clone();
    let time = event.at.map(|at| {
        let words = match event.precision {
            Precision::Date => walltime::day(at, scene.zone),
            _ => walltime::clock(at, scene.zone),
        };
        view! { <time datetime=at.to_rfc3339()>{words}</time> }
    });
    let (kind, of) = (event.kind, scene.events.len());
    let long = event.body.chars().count() > LONG;
    let alone = scene.alone.then(|| alone(scene, event.id));
    let later = event.details.learned_later;
    let role = event.details.role.clone();
    view! {
        <div class="when ev" data-kind=look(kind)>
            {time}
            <span class="event-kind"><Icon name=kind.icon()/>{kind.label()}</span>
            {(!role.is_empty()).then(|| view! { <span>{role}</span> })}
            <span>{format!("{} of {of}", n + 1)}</span>
            {later.then(|| view! { <Chip tone="care">"Learned later: nobody could see it then"</Chip> })}
        </div>
        <h1 class="vh">{format!("Moment {} of {of}", n + 1)}</h1>
        <div class="moment-words" class:long=long><EventText body=event.body/></div>
        {alone}
    }
}

fn alone(scene: &Scene, event: EventId) -> impl IntoView + use<> {
    let (home, turn) = (at(scene.key, "meeting"), at(scene.key, "meeting/turn"));
    let back = home.clone();
    view! {
        <p class="then">"You look at this one on your own. "<a href=home>"Back to the meeting"</a></p>
        {scene.room.leads.then(|| view! {
            <form method="post" action=turn data-turn="here" data-back=back>
                <input type="hidden" name="stage" value=Stage::Story.slug()/>
                <button class="btn btn-primary" name="event" value=event.to_string()>"Show it to all"</button>
            </form>
        })}
    }
}

fn opening(scene: &Scene) -> impl IntoView + use<> {
    let words = scene.room.opening.words().to_owned();
    let rules = GROUND_RULES.map(|rule| view! { <li>{rule}</li> }).into_iter().collect_view();
    view! {
        <h1>{Stage::Opening.call()}</h1>
        <Markdown text=words class="meet-opening"/>
        <ul class="prompts bullets" aria-label="How we talk with each other">{rules}</ul>
    }
}

/// What the timeline says went right, to begin with.
fn went_right(scene: &Scene) -> impl IntoView + use<> {
    let right = |event: &&TimelineEvent| matches!(event.kind, EventKind::WentRight | EventKind::Recovery);
    let item = |event: &TimelineEvent| {
        let clock = event.at.map(|at| walltime::clock(at, scene.zone));
        view! { <li>{clock.map(|clock| view! { <span class="num quiet">{clock}</span>" " })}<EventText body=event.body.clone()/></li> }
    };
    let items: Vec<_> = scene.events.iter().filter(right).map(item).collect();
    view! { <ul class="prompts">{items}</ul> }
}

fn themes(scene: &Scene) -> impl IntoView + use<> {
    let shown = theme(scene).cloned();
    let (leads, act) = (scene.room.leads, at(scene.key, "meeting/turn"));
    let current = shown.as_ref().map(|theme| theme.id);
    let item = |theme: &Theme| {
        let here = current == Some(theme.id);
        let (id, name) = (theme.id.to_string(), theme.name.clone());
        view! {
            <li aria-current=here.then_some("step")>
                {if leads && !here {
                    view! { <button class="btn btn-quiet btn-small" name="theme" value=id>{name}</button> }.into_any()
                } else {
                    view! { {name} }.into_any()
                }}
            </li>
        }
    };
    let all = scene.room.themes.iter().map(item).collect_view();
    let none = scene.room.themes.is_empty();
    view! {
        {match shown {
            Some(theme) => view! {
                <h1>{theme.name}</h1>
                <p class="then">{if theme.opening.is_empty() { Stage::Themes.how().to_owned() } else { theme.opening }}</p>
            }.into_any(),
            None => call(Stage::Themes).into_any(),
        }}
        {if none {
            view! { <p class="then">"No theme was put on the agenda. Ask: what do we want to understand?"</p> }.into_any()
        } else {
            view! { <form method="post" action=act data-turn=""><ol class="agenda" aria-label="Themes">{all}</ol></form> }.into_any()
        }}
    }
}

/// The theme in discussion: the first one while none was chosen.
fn theme(scene: &Scene) -> Option<&Theme> {
    let themes = &scene.room.themes;
    themes.iter().find(|theme| Some(theme.id) == scene.wall.theme).or(themes.first())
}

/// The lines of a round, large: what surprised people, what each takes along.
fn round(scene: &Scene, stage: Stage) -> impl IntoView + use<> {
    let kind = stage.line();
    let lines = scene.room.lines.iter().filter(|line| line.kind == kind && !line.taken_out);
    let items = lines.map(|line| view! { <li>{line.text.clone()}</li> }).collect_view();
    let close = kind == LineKind::Learned;
    view! {
        <ul class="prompts bullets">{items}</ul>
        {close.then(|| view! {
            <p class="then">"The text comes to all of you before it is published. Ideas that were parked wait for another meeting. Thank you."</p>
        })}
    }
}

/// Where "Next" and "Back" lead: a field of the turn, its value, and what the button says.
type Step = (&'static str, String, String);

fn to_stage(stage: Stage) -> Step {
    ("stage", stage.slug().to_owned(), stage.title().to_owned())
}

fn steps(scene: &Scene) -> (Option<Step>, Option<Step>) {
    let stage = scene.wall.course.stage;
    let outer = (stage.before().map(to_stage), stage.next().map(to_stage));
    let (inner_back, inner_next) = match stage {
        Stage::Story => {
            let moment = |n: usize, words: &str| Some(("event", scene.events.get(n)?.id.to_string(), words.to_owned()));
            let n = scene.shown.unwrap_or_default();
            (n.checked_sub(1).and_then(|n| moment(n, "Earlier")), moment(n + 1, "Next moment"))
        }
        Stage::Themes => {
            let themes = &scene.room.themes;
            let n = theme(scene).and_then(|shown| themes.iter().position(|theme| theme.id == shown.id)).unwrap_or_default();
            let to = |n: usize| Some(("theme", themes.get(n)?.id.to_string(), themes[n].name.clone()));
            (n.checked_sub(1).and_then(to), to(n + 1))
        }
        _ => (None, None),
    };
    (inner_back.or(outer.0), inner_next.or(outer.1))
}

/// The scrubber in its stage, and for who leads the way on and back, and the end.
pub(super) fn foot(scene: &Scene) -> impl IntoView + use<> {
    let scrubber = (scene.wall.course.stage == Stage::Story && scene.events.len() > 1).then(|| scrubber(scene));
    let lead = scene.room.leads.then(|| {
        let (back, next) = steps(scene);
        let act = at(scene.key, "meeting/turn");
        let last = scene.wall.course.stage == Stage::Close;
        let button = |step: Option<Step>, class: &'static str, key: &'static str| {
            step.map(|(name, value, words)| view! { <button class=class name=name value=value data-key=key>{words}</button> })
        };
        view! {
            <form method="post" class="actions" action=act data-turn="">
                {button(back, "btn", "back")}
                {button(next, "btn btn-primary", "next")}
                <span class="wide-only quiet"><kbd>"←"</kbd>" "<kbd>"→"</kbd></span>
            </form>
            <details open=last>
                <summary class="small">"End the meeting"</summary>
                <form method="post" class="actions" action=at(scene.key, "meeting/end")>
                    <label class="check"><input type="checkbox" name="survey" value="yes" checked=true/><span>"Ask the three questions afterwards"</span></label>
                    <button class="btn">"End it"</button>
                </form>
            </details>
        }
    });
    view! { {scrubber}<div class="meet-keys">{lead}</div> }
}

/// The moments as dots: half by time and half by order, so that a busy minute stays apart. Each opens for who looks alone.
fn scrubber(scene: &Scene) -> impl IntoView + use<> {
    let places = places(&scene.events);
    let of = scene.events.len();
    let shown = scene.shown.unwrap_or_default();
    let dot = |(n, x): (usize, f64)| {
        let event = &scene.events[n];
        let clock = event.at.map(|at| walltime::clock(at, scene.zone)).unwrap_or_default();
        let label = format!("Moment {} of {of}, {clock}", n + 1);
        let (r, class) = if n == shown {
            ("11", "f1")
        } else if n < shown {
            ("6", "f1")
        } else {
            ("6", "f-rest")
        };
        let here = (n == shown).then_some("step");
        let href = format!("{}?at={}", at(scene.key, "meeting"), event.id);
        view! { <a href=href aria-label=label aria-current=here><circle class=class cx=percent(x) cy="22" r=r></circle></a> }
    };
    let end =
        |event: Option<&TimelineEvent>| event.and_then(|e| e.at).map(|at| walltime::clock(at, scene.zone)).unwrap_or_default();
    let (first, last) = (end(scene.events.first()), end(scene.events.iter().rev().find(|e| e.at.is_some())));
    let label = format!("Timeline, {first} to {last}");
    let dots: Vec<_> = places.into_iter().enumerate().map(dot).collect();
    view! {
        <svg class="plot" height=pixels(46.0) role="group" aria-label=label>
            <line class="axis" x1="0" x2="100%" y1="22" y2="22"></line>
            {dots}
            <text x="0" y="44">{first}</text>
            <text class="e" x="100%" y="44">{last}</text>
        </svg>
    }
}

/// From 1.5 to 98.5 percent.
fn places(events: &[TimelineEvent]) -> Vec<f64> {
    let times: Vec<i64> = events.iter().filter_map(|e| e.at).map(|at| at.timestamp()).collect();
    let (from, to) = (times.iter().min().copied().unwrap_or_default(), times.iter().max().copied().unwrap_or_default());
    let span = (to - from).max(1) as f64;
    let most = events.len().saturating_sub(1).max(1) as f64;
    let mut before = 0.0;
    let place = |(n, event): (usize, &TimelineEvent)| {
        let order = n as f64 / most;
        let time = event.at.map_or(before, |at| (at.timestamp() - from) as f64 / span);
        before = time;
        1.5 + 97.0 * (order + time) / 2.0
    };
    events.iter().enumerate().map(place).collect()
}
