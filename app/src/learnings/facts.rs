//! What is said of a factor below its sentence: tags, the part that it played, how well it is known, how others see it, what shows it.

use crate::ctx::Ctx;
use crate::ui::{Chip, Markdown};
use domain::learnings::{Confidence, FactorDetails, FactorState, KnownBefore, Phase, Role, Usual};
use domain::vocabulary::{Tag, Vocabulary};
use leptos::prelude::*;

/// The names of tags, or the beginning of the sentence where there are none.
pub(crate) fn named(words: &Vocabulary, tags: &[Tag], body: &str) -> String {
    let names: Vec<&str> = tags.iter().map(|tag| words.name(tag)).collect();
    if names.is_empty() { body.chars().take(40).collect() } else { names.join(", ") }
}

/// A sentence with its tags before it, for a choice among several.
pub(crate) fn tagged(words: &Vocabulary, tags: &[Tag], body: &str) -> String {
    if tags.is_empty() { body.to_owned() } else { format!("{}: {body}", named(words, tags, "")) }
}

/// Chips, another view and what shows it. With `links`, each tag leads to the other incidents that have it.
#[component]
pub(crate) fn FactorFacts(tags: Vec<Tag>, details: FactorDetails, #[prop(optional)] links: bool) -> impl IntoView {
    let words = expect_context::<Ctx>().vocabulary;
    let tags = words.known(&tags).into_iter().map(|tag| {
        let name = words.name(&tag).to_owned();
        let title = words.find(&tag).map(|entry| entry.definition.clone());
        if links {
            let same = format!("/incidents?factor={tag}");
            view! { <a class="chip chip-plain" href=same title=title>{name}<span class="vh">": other incidents with this"</span></a> }.into_any()
        } else {
            view! { <Chip>{name}</Chip> }.into_any()
        }
    });
    let tags: Vec<_> = tags.collect();
    let said = [
        (details.role != Role::Contributor).then(|| details.role.label()),
        details.phase.map(Phase::label),
        details.known.map(KnownBefore::label),
        details.usual.map(Usual::label),
        details.confidence.map(Confidence::label),
    ];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let disputed = details.state == FactorState::Disputed;
    let shown: Vec<_> = details.evidence.into_iter().map(|address| view! { <li><Evidence address/></li> }).collect();
    view! {
        {(!tags.is_empty() || disputed).then(|| view! {
            <div class="chips">
                {tags}
                {disputed.then(|| view! { <Chip tone="care">{FactorState::Disputed.label()}</Chip> })}
            </div>
        })}
        {(!said.is_empty()).then(|| view! { <p class="quiet small">{said}</p> })}
        {(!details.other_view.is_empty()).then(|| view! {
            <div class="small">"Others see it so:"<Markdown text=details.other_view class="kept-text"/></div>
        })}
        {(!shown.is_empty()).then(|| view! { <div class="small quiet">"Shown by"<ul class="plain-list">{shown}</ul></div> })}
    }
}

/// One address that shows it.
#[component]
pub(crate) fn Evidence(address: String) -> impl IntoView {
    let shown: String = address.trim_start_matches("https://").trim_start_matches("http://").chars().take(80).collect();
    if address.starts_with('/') {
        return view! { <a href=address>{shown}</a> }.into_any();
    }
    view! { <a href=address rel="noopener noreferrer nofollow">{shown}</a> }.into_any()
}
