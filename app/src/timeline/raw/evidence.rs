//! The evidence under an event of the story: that there is some for all, what it says for who may read the raw log.

use super::pane::Words;
use chrono_tz::Tz;
use domain::timeline::raw::RawSource;
use domain::{EventId, RawEntryId, walltime};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::timeline::evidence::Shown;
use store::timeline::raw::LogEntry;

/// What evidence says, for who may read it, with where it can be taken away.
#[derive(Clone)]
pub(in crate::timeline) struct Readable {
    /// By entry.
    pub(in crate::timeline) texts: Arc<BTreeMap<RawEntryId, LogEntry>>,
    /// The incident's address.
    pub(in crate::timeline) base: String,
}

/// The evidence of an event; opens in place.
#[component]
pub(in crate::timeline) fn EvidenceOf(event: EventId, shown: Vec<Shown>, zone: Tz, read: Option<Readable>) -> impl IntoView {
    let words = format!("Evidence ({})", shown.len());
    let hidden = read.is_none();
    let items = shown.into_iter().map(|shown| {
        let found = read.as_ref().and_then(|read| Some((read.texts.get(&shown.entry)?.clone(), read.base.clone())));
        match found {
            Some((entry, base)) => read_item(event, &shown, entry, &base, zone).into_any(),
            None => view! { <li><span class="quiet">{of(shown.source, &shown, zone)}</span></li> }.into_any(),
        }
    });
    let items: Vec<_> = items.collect();
    view! {
        <details class="more evidence">
            <summary>{words}</summary>
            <ul>{items}</ul>
            {hidden.then(|| view! { <p class="hint">"What it says is read by who facilitates and who brought the raw log."</p> })}
        </details>
    }
}

fn of(source: RawSource, shown: &Shown, zone: Tz) -> String {
    match shown.at {
        Some(at) => format!("{}, {}", source.label(), walltime::clock(at, zone)),
        None => source.label().to_owned(),
    }
}

fn read_item(event: EventId, shown: &Shown, entry: LogEntry, base: &str, zone: Tz) -> impl IntoView + use<> {
    let from = of(shown.source, shown, zone);
    let (id, place) = (shown.entry.to_string(), (!entry.place.is_empty()).then(|| entry.place.clone()));
    let away = format!("Take away: {from}");
    view! {
        <li>
            <span class="quiet">{from}</span>
            <Words entry place/>
            <form method="post" action=format!("{base}/raw/detach")>
                <input type="hidden" name="event" value=event.to_string()/>
                <input type="hidden" name="entry" value=id/>
                <button class="btn btn-quiet btn-small" aria-label=away>"Take away"</button>
            </form>
        </li>
    }
}
