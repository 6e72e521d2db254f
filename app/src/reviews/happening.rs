//! What happened, as the second story tells it: the narrative with its times in the margin, or the moments where nobody has told it in prose.

use super::narrative::{self, Passage};
use super::story::{Told, pull, pulls};
use crate::ui::Markdown;
use chrono::{DateTime, Utc};
use domain::reviews::SectionKind;
use domain::walltime;
use leptos::prelude::*;

pub(super) fn happened(told: &Told) -> impl IntoView + use<> {
    let text = told.body(SectionKind::Narrative);
    let quoted = told.quotes(SectionKind::Narrative);
    if text.is_empty() && quoted.is_empty() && told.events.is_empty() {
        return ().into_any();
    }
    let body = if text.is_empty() { by_events(told).into_any() } else { told_forward(told, &text).into_any() };
    view! {
        <h2 id="s-narrative">"What happened"</h2>
        {body}
        {told.margin(SectionKind::Narrative)}
        {text.is_empty().then(|| pulls(quoted))}
    }
    .into_any()
}

/// The narrative with quotes between its passages, evenly, and times in the margin.
fn told_forward(told: &Told, text: &str) -> impl IntoView + use<> {
    let clocks: Vec<(String, DateTime<Utc>)> =
        told.events.iter().filter_map(|e| e.at).map(|at| (walltime::clock(at, told.zone), at)).collect();
    let passages = narrative::passages(text, &clocks);
    let mut quoted = told.quotes(SectionKind::Narrative).into_iter();
    let step = passages.len().div_ceil(quoted.len() + 1).max(1);
    let last = passages.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (n, passage) in passages.into_iter().enumerate() {
        parts.push(beside(passage).into_any());
        if (n + 1) % step == 0 && n < last {
            parts.push(quoted.next().map(pull).into_any());
        }
    }
    parts.push(pulls(quoted.collect()).into_any());
    let more = (!told.events.is_empty()).then(|| {
        let href = format!("/incidents/{}", told.opened.incident.key);
        view! { <p class="hint no-print"><a href=href>{format!("All {} moments stand on the timeline", told.events.len())}</a></p> }
    });
    view! { {parts}{more} }
}

fn beside(passage: Passage) -> impl IntoView {
    let Passage { time, text } = passage;
    match time {
        Some((clock, at)) => {
            let instant = at.map_or_else(|| clock.clone(), |at| at.to_rfc3339());
            view! {
                <div class="beside">
                    <time datetime=instant>{clock}</time>
                    <Markdown text class="md"/>
                </div>
            }
            .into_any()
        }
        None => view! { <Markdown text class="md"/> }.into_any(),
    }
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
        let about = (event.precision == domain::timeline::Precision::About).then_some("about ");
        parts.push(
            view! {
                <div class="beside">
                    {reading.map(|(_, clock, instant)| view! { <time datetime=instant>{about}{clock}</time> })}
                    <Markdown text class="md"/>
                </div>
            }
            .into_any(),
        );
    }
    parts
}
