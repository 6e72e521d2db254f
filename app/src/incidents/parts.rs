//! How severity and state look: bars and a filling circle, always with their word.

use crate::ctx::Ctx;
use crate::ui::Chip;
use domain::incidents::{IncidentState, Nature, Severity};
use domain::reviews::stage::Stage;
use leptos::prelude::*;

/// Severity as bars and its name; never a colour.
#[component]
pub fn SeverityMark(severity: Severity) -> impl IntoView {
    let name = expect_context::<Ctx>().severities.name(severity).to_owned();
    let on = 4 - severity.number();
    let bar = move |n: i64, x: &'static str, y: &'static str, height: &'static str| {
        view! { <rect class=(n <= on).then_some("on") x=x y=y width="3" height=height rx="1"></rect> }
    };
    view! {
        <span class="sev">
            <svg viewBox="0 0 14 14" aria-hidden="true">
                {bar(1, "1", "9", "4")}{bar(2, "5.5", "5", "8")}{bar(3, "10", "1", "12")}
            </svg>
            {name}
        </span>
    }
}

/// Near miss or success; an incident says nothing more.
#[component]
pub fn NatureMark(nature: Nature) -> impl IntoView {
    match nature {
        Nature::Incident => None,
        Nature::NearMiss => Some(view! { <Chip tone="accent">{nature.label()}</Chip> }),
        Nature::Success => Some(view! { <Chip tone="good">{nature.label()}</Chip> }),
    }
}

/// State as a circle that fills on the way to a second story, and its name; a story that was changed since it was published says so.
#[component]
pub fn StateMark(state: IncidentState, #[prop(optional)] revised: bool) -> impl IntoView {
    let filled = |part: &'static str| {
        view! {
            <circle cx="7" cy="7" r="5.6" fill="none" stroke="currentColor" stroke-width="1.4"></circle>
            <circle cx="7" cy="7" r="1.75" fill="none" stroke="currentColor" stroke-width="3.5" stroke-dasharray=part transform="rotate(-90 7 7)"></circle>
        }
        .into_any()
    };
    let label = if revised { Stage::Revised.label() } else { state.label() };
    let (slug, drawing) = match state {
        IncidentState::Open => ("open", filled("0 11")),
        IncidentState::Resolved => ("resolved", filled("2.75 11")),
        IncidentState::InReview => ("talks", filled("6.6 11")),
        IncidentState::Published => (
            "published",
            view! {
                <circle cx="7" cy="7" r="6" fill="currentColor"></circle>
                <path d="M4.3 7.2 6.2 9l3.5-3.9" fill="none" stroke="var(--surface)" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"></path>
            }
            .into_any(),
        ),
    };
    view! { <span class="state" data-state=slug><svg viewBox="0 0 14 14" aria-hidden="true">{drawing}</svg>{label}</span> }
}
