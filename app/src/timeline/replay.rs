//! The story as it was known then: without what was learned later, and step by step from before the beginning.

use chrono::{DateTime, Utc};
use domain::timeline::TimelineEvent;
use leptos::prelude::*;
use std::sync::Arc;

/// How much of the story is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// All that is known now.
    Everything,
    /// What was known then; only this many of its events, if a number stands there.
    KnownThen(Option<usize>),
}

impl Shown {
    /// From the page's query.
    pub(super) fn of(known: &str, until: &str) -> Self {
        match known {
            "then" => Self::KnownThen(until.parse().ok()),
            _ => Self::Everything,
        }
    }

    /// Until when things are told: in a replay, until the last of these events, and before the first nothing is.
    pub(super) fn until(self, told: &[TimelineEvent]) -> Option<DateTime<Utc>> {
        match self {
            Self::KnownThen(Some(_)) => Some(told.iter().filter_map(|e| e.at).next_back().unwrap_or(DateTime::<Utc>::MIN_UTC)),
            Self::KnownThen(None) | Self::Everything => None,
        }
    }

    /// The events to show, and how many were known then.
    pub(super) fn of_events(self, events: &Arc<Vec<TimelineEvent>>) -> (Arc<Vec<TimelineEvent>>, usize) {
        let Self::KnownThen(until) = self else { return (events.clone(), events.len()) };
        let mut then: Vec<TimelineEvent> = events.iter().filter(|event| !event.details.learned_later).cloned().collect();
        let all = then.len();
        then.truncate(until.map_or(all, |until| until.min(all)));
        (Arc::new(then), all)
    }
}

/// Links between the two ways to read, and through the replay. They keep the place on the page.
#[component]
pub(super) fn Replay(base: String, shown: Shown, of: usize, hidden: usize) -> impl IntoView {
    let at = move |n: usize| format!("{base}?known=then&until={n}#story");
    match shown {
        Shown::Everything if of < 2 => ().into_any(),
        Shown::Everything => view! {
            <p class="replay small">
                <a href=at(0)>"Replay as it was known then"</a>
            </p>
        }
        .into_any(),
        Shown::KnownThen(until) => {
            let n = until.unwrap_or(of).min(of);
            let whole = at(of);
            let (base, _) = whole.split_once('?').map(|(base, rest)| (base.to_owned(), rest.to_owned())).unwrap_or_default();
            let place = match n {
                0 => format!("Before the first of {of} events"),
                n if n == of => format!("All {of} events that were known then"),
                n => format!("{n} of {of} events"),
            };
            let later = match hidden {
                0 => None,
                1 => Some("1 that was learned later is hidden."),
                _ => Some("What was learned later is hidden."),
            };
            view! {
                <nav class="replay card" aria-label="Replay">
                    <p role="status">{place}{later.map(|words| format!(". {words}"))}</p>
                    <div class="actions">
                        {(n > 0).then(|| view! { <a class="btn btn-small" href=at(n - 1) rel="prev"><crate::ui::Icon name="chevron-left"/>"Back"</a> })}
                        {(n < of).then(|| view! { <a class="btn btn-small btn-primary" href=at(n + 1) rel="next">"On"<crate::ui::Icon name="chevron-right"/></a> })}
                        {(n < of).then(|| view! { <a class="btn btn-small" href=whole.clone()>"To the end"</a> })}
                        {(n > 0).then(|| view! { <a class="btn btn-small" href=at(0)>"To the beginning"</a> })}
                        <a class="btn btn-small btn-quiet" href=format!("{base}#story")>"All that is known now"</a>
                    </div>
                </nav>
            }
            .into_any()
        }
    }
}
