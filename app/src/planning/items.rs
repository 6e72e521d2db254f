//! The mitigation items of the open room: options, what is decided, what is done and what was decided against, which is a result as well.

use super::looking_back::tracker;
use crate::ctx::Ctx;
use crate::learnings::named;
use crate::ui::{Icon, When};
use domain::learnings::{Factor, Learning};
use domain::planning::{Item, ItemState};
use leptos::prelude::*;

/// Heading and states of each part of the list, with a word about it.
const PARTS: [(&str, &str, &[ItemState], &str); 4] = [
    ("options", "Options, not decided yet", &[ItemState::Proposed], ""),
    ("decided", "Decided", &[ItemState::Open, ItemState::Doing], ""),
    ("done", "Done", &[ItemState::Done], ""),
    ("against", "Won’t do, because", &[ItemState::WontDo], "A good outcome: it was thought through, and the reason stays."),
];

/// The column.
#[component]
pub fn Items(base: String, items: Vec<Item>, factors: Vec<Factor>, learnings: Vec<Learning>) -> impl IntoView {
    let parts = PARTS
        .into_iter()
        .filter_map(|(id, heading, states, word)| {
            let rows: Vec<_> = items.iter().filter(|item| states.contains(&item.state)).cloned().collect();
            (!rows.is_empty()).then(|| {
                let rows = rows.into_iter().map(|item| row(&base, item, &factors, &learnings)).collect_view();
                view! {
                    <section class="stack mb4" aria-labelledby=id>
                        <h3 id=id>{heading}</h3>
                        {(!word.is_empty()).then(|| view! { <p class="hint">{word}</p> })}
                        <ul class="rows">{rows}</ul>
                    </section>
                }
            })
        })
        .collect_view();
    view! {
        <section aria-labelledby="items">
            <div class="section-head"><h2 id="items">"Mitigation items"</h2></div>
            {items.is_empty().then(|| view! {
                <p class="quiet">"Nothing is weighed yet. An option begins with a parked idea, or with what was learned."</p>
            })}
            {parts}
        </section>
    }
}

/// Due dates as "15 Dec 2026": a day, not a race.
fn row(base: &str, item: Item, factors: &[Factor], learnings: &[Learning]) -> impl IntoView + use<> {
    let words = expect_context::<Ctx>().vocabulary;
    let linked: Vec<String> =
        factors.iter().filter(|f| item.factors.contains(&f.id)).map(|f| named(&words, &f.tags, &f.body)).collect();
    let rests_on = learnings.iter().filter(|l| item.learnings.contains(&l.id)).count();
    let learned = match rests_on {
        0 => None,
        1 => Some("1 learning".to_owned()),
        n => Some(format!("{n} learnings")),
    };
    let due = item.due_on.filter(|_| item.state.waits()).map(|day| day.format("due %-d %b %Y").to_string());
    let helped = item.helped.first().map(|h| format!("Did it help? {}", h.verdict.label()));
    let since = match item.state {
        ItemState::Done => item.done_at.map(|at| ("done ", at)),
        ItemState::Proposed => None,
        ItemState::Open | ItemState::Doing | ItemState::WontDo => item.decided_at.map(|at| ("decided ", at)),
    };
    view! {
        <li class="item">
            <h4><a href=format!("{base}/planning/items/{}", item.id)>{item.title.clone()}</a></h4>
            {(!item.effect.is_empty()).then(|| view! { <p>{item.effect.clone()}</p> })}
            {(!item.harder.is_empty()).then(|| view! { <p class="quiet">{format!("Harder: {}", item.harder)}</p> })}
            {(!item.reason.is_empty()).then(|| view! { <p class="quiet">{format!("Because: {}", item.reason)}</p> })}
            <div class="meta">
                <StateChip state=item.state/>
                {item.effort.map(|effort| view! { <span class="chip">{effort.label()}</span> })}
                {item.owner.clone().filter(|_| item.state != ItemState::WontDo).map(|owner| view! { <span><Icon name="user"/>{owner}</span> })}
                {due.map(|due| view! { <span><Icon name="calendar"/>{due}</span> })}
                {since.map(|(word, at)| view! { <span>{word}<When at/></span> })}
                {tracker(&item.tracker)}
                {linked.into_iter().map(|label| view! { <span class="chip">{label}</span> }).collect_view()}
                {learned.map(|learned| view! { <span class="chip">{learned}</span> })}
            </div>
            {helped.map(|helped| view! { <p class="small"><a href=format!("/planned/{}", item.id)>{helped}</a></p> })}
        </li>
    }
}

/// Where an item stands.
#[component]
fn StateChip(state: ItemState) -> impl IntoView {
    let class = match state {
        ItemState::Proposed | ItemState::WontDo => "chip chip-plain",
        ItemState::Open => "chip",
        ItemState::Doing => "chip chip-info",
        ItemState::Done => "chip chip-good",
    };
    let words = if state == ItemState::WontDo { "Won’t do, because" } else { state.label() };
    view! { <span class=class>{words}</span> }
}
