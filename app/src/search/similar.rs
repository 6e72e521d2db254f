//! Past incidents that are like one, each with what both share.

use crate::ctx::Ctx;
use crate::incidents::SeverityMark;
use domain::walltime;
use leptos::prelude::*;
use store::search::SimilarIncident;

/// The section at the end of an incident's page.
pub(crate) fn similar_incidents(similar: &[SimilarIncident]) -> impl IntoView + use<> {
    alike(similar, "", "Similar incidents", "Nothing alike so far.")
}

/// The section at the end of a published story: others that can be read.
pub(crate) fn related_reviews(related: &[SimilarIncident]) -> impl IntoView + use<> {
    alike(related, "/review", "Related reviews", "No published story is like this one so far.")
}

fn alike(similar: &[SimilarIncident], page: &'static str, heading: &'static str, none: &'static str) -> impl IntoView + use<> {
    let ctx = expect_context::<Ctx>();
    let (zone, words) = (ctx.zone(), ctx.vocabulary);
    let items = similar.iter().cloned().map(move |other| {
        let reasons = other.reasons.iter().map(|reason| view! { <li>{reason.sentence(&words)}</li> }).collect_view();
        view! {
            <li class="like">
                <div class="meta">
                    <span class="key">{other.key.to_string()}</span>
                    <SeverityMark severity=other.severity/>
                    <time datetime=other.started_at.to_rfc3339()>{walltime::day(other.started_at, zone)}</time>
                </div>
                <a href=format!("/incidents/{}{page}", other.key)>{other.title}</a>
                <ul class="small quiet">{reasons}</ul>
            </li>
        }
    });
    let items: Vec<_> = items.collect();
    view! {
        <section class="similar no-print" aria-labelledby="similar-h">
            <h2 id="similar-h">{heading}</h2>
            {if items.is_empty() {
                view! { <p class="quiet small">{none}</p> }.into_any()
            } else {
                view! { <ul class="likes">{items}</ul> }.into_any()
            }}
        </section>
    }
}
