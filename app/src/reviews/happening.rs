//! What happened, as the second story tells it: the narrative with its times in the margin and the timeline beside it, or the moments where
//! nobody has told it in prose.

use super::mentions::short;
use super::narrative::{self, Passage};
use super::telling::{Told, pull, pulls};
use crate::ui::Markdown;
use chrono::{DateTime, Utc};
use domain::EventId;
use domain::reviews::SectionKind;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use leptos::prelude::*;

/// Moments beside a narrative; of a longer timeline those that it names.
const BESIDE: usize = 80;

pub(super) fn happened(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Narrative);
    let quoted = told.quotes(SectionKind::Narrative);
    if text.is_empty() && quoted.is_empty() && told.events.is_empty() {
        return ().into_any();
    }
    if text.is_empty() {
        return view! {
            <h2 id="s-narrative">{SectionKind::Narrative.title()}</h2>
            {by_events(told)}
            {told.margin(SectionKind::Narrative)}
            {pulls(quoted)}
        }
        .into_any();
    }
    view! {
        <h2 id="s-narrative">{SectionKind::Narrative.title()}</h2>
        {told_forward(told, &text)}
    }
    .into_any()
}

/// The narrative with quotes between its passages, evenly, times in the margin and the timeline beside it.
fn told_forward(told: &Told, text: &str) -> impl IntoView + use<> {
    let clocks: Vec<(String, DateTime<Utc>)> =
        told.events.iter().filter_map(|e| e.at).map(|at| (walltime::clock(at, told.zone), at)).collect();
    let passages = narrative::passages(text, &clocks);
    let named: Vec<EventId> = passages.iter().flat_map(|p| of_passage(told, p)).filter_map(|(_, _, id)| id).collect();
    let all = told.events.len() <= BESIDE;
    let beside_it: Vec<&TimelineEvent> = told.events.iter().filter(|e| all || named.contains(&e.id)).collect();
    let timeline = timeline(told, &beside_it);
    let mut quoted = told.quotes(SectionKind::Narrative).into_iter();
    let step = passages.len().div_ceil(quoted.len() + 1).max(1);
    let last = passages.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (n, passage) in passages.into_iter().enumerate() {
        parts.push(beside(told, passage).into_any());
        if (n + 1) % step == 0 && n < last {
            parts.push(quoted.next().map(pull).into_any());
        }
    }
    parts.push(pulls(quoted.collect()).into_any());
    view! {
        <div class="narrative">
            <div>{parts}{told.margin(SectionKind::Narrative)}</div>
            {timeline}
        </div>
    }
}

/// A time in the margin: how it reads, the instant, and the moment that it is of.
type Reading = (String, Option<DateTime<Utc>>, Option<EventId>);

/// The times that stand beside a passage: the one that it begins with or names, then those of the moments that it mentions.
fn of_passage(told: &Told, passage: &Passage) -> Vec<Reading> {
    let mut times: Vec<Reading> = Vec::new();
    if let Some((clock, at)) = &passage.time {
        let event = at.and_then(|at| told.events.iter().find(|e| e.at == Some(at)));
        times.push((clock.clone(), *at, event.map(|e| e.id)));
    }
    for id in narrative::named(&passage.text) {
        let Some((event, at)) = told.events.iter().find(|e| e.id == id).and_then(|e| Some((e, e.at?))) else { continue };
        let clock = walltime::clock(at, told.zone);
        if !times.iter().any(|(this, ..)| *this == clock) {
            times.push((clock, Some(at), Some(event.id)));
        }
    }
    times
}

fn beside(told: &Told, passage: Passage) -> impl IntoView + use<> {
    let times = of_passage(told, &passage);
    let text = passage.text;
    if times.is_empty() {
        return view! { <Markdown text class="md"/> }.into_any();
    }
    let reading = |(clock, at, id): Reading| {
        let instant = at.map_or_else(|| clock.clone(), |at| at.to_rfc3339());
        let time = view! { <time datetime=instant>{clock}</time> };
        match id {
            Some(id) => view! { <a href=format!("#t-{id}")>{time}<span class="vh">" on the timeline"</span></a>" " }.into_any(),
            None => view! { {time}" " }.into_any(),
        }
    };
    view! {
        <div class="beside">
            <p class="at">{times.into_iter().map(reading).collect_view()}</p>
            <Markdown text class="md"/>
        </div>
    }
    .into_any()
}

/// The timeline, slim: beside the narrative where there is room, under it where there is none.
fn timeline(told: &Told, events: &[&TimelineEvent]) -> impl IntoView + use<> {
    if events.is_empty() {
        return ().into_any();
    }
    let (zone, key) = (told.zone, told.incident.key);
    let mut day = String::new();
    let mut items = Vec::new();
    for event in events {
        let reading = event.at.map(|at| (walltime::day(at, zone), walltime::clock(at, zone), at.to_rfc3339()));
        if let Some(heading) = reading.as_ref().map(|(d, ..)| d.clone()).filter(|d| *d != day) {
            day.clone_from(&heading);
            items.push(view! { <li class="quiet">{heading}</li> }.into_any());
        }
        let about = (event.precision == Precision::About).then_some("about ");
        let exact = event.precision != Precision::Date;
        let time = reading.filter(|_| exact).map(|(_, clock, instant)| view! { <time datetime=instant>{about}{clock}</time>" " });
        let words = short(&event.body);
        let words = if told.apart {
            view! { <span>{words}</span> }.into_any()
        } else {
            view! { <a class="quiet" href=format!("/incidents/{key}#e-{}", event.id)>{words}</a> }.into_any()
        };
        items.push(view! { <li id=format!("t-{}", event.id)>{time}{words}</li> }.into_any());
    }
    let more = (!told.apart && events.len() < told.events.len()).then(|| {
        let words = format!("All {} moments stand on the timeline", told.events.len());
        view! { <p class="hint no-print"><a href=format!("/incidents/{key}")>{words}</a></p> }
    });
    view! {
        <section class="moments" aria-labelledby="moments-h" tabindex="0">
            <h3 id="moments-h">"Timeline"</h3>
            <ol>{items}</ol>
            {more}
        </section>
    }
    .into_any()
}

/// Where nobody has told it in prose, its moments tell it.
fn by_events(told: &Told) -> impl IntoView + use<> {
    let zone = told.zone;
    let mut day = String::new();
    let mut parts = Vec::new();
    for event in told.events.iter() {
        let reading = event.at.map(|at| (walltime::day(at, zone), walltime::clock(at, zone), at.to_rfc3339()));
        let heading = reading.as_ref().map(|(d, ..)| d.clone()).filter(|d| *d != day);
        if let Some(heading) = heading {
            day.clone_from(&heading);
            parts.push(view! { <h3>{heading}</h3> }.into_any());
        }
        let text = event.body.clone();
        let about = (event.precision == Precision::About).then_some("about ");
        parts.push(
            view! {
                <div class="beside">
                    {reading.map(|(_, clock, instant)| view! { <p class="at"><time datetime=instant>{about}{clock}</time></p> })}
                    <Markdown text class="md"/>
                </div>
            }
            .into_any(),
        );
    }
    parts
}
