//! Repeatable entries of a question, one card each with room for one more, and what can be ticked.

use crate::ui::{FieldError, Icon, SafeTextarea};
use domain::interviews::{self, Entry, EntryField, EntryShape, FieldKind, Kind, MOST_ENTRIES};
use leptos::prelude::*;
use store::interviews::Conversation;

/// The entries so far and an empty one; an entry without words is not kept.
pub(super) fn fieldset(shape: &'static EntryShape, entries: &[Entry], error: Option<String>) -> impl IntoView + use<> {
    let entries: Vec<Entry> = entries.iter().filter(|e| e.0.values().any(|v| !v.is_empty())).cloned().collect();
    let count = entries.len();
    let room = count < MOST_ENTRIES;
    let blank = room.then(Entry::default);
    let cards = entries.into_iter().chain(blank).enumerate().map(|(n, entry)| card(shape, n, &entry, n < count)).collect_view();
    view! {
        <fieldset class="stack stack-tight entries" id="entries">
            <legend class="vh">{format!("One card for each {}", shape.one)}</legend>
            // Enter in a field presses the first button of a form; it should not be Remove.
            <button class="vh" name="go" value="stay" tabindex="-1" aria-hidden="true">"Save"</button>
            <FieldError id="entries-error".to_owned() error/>
            <ol class="plain-list entry-cards">{cards}</ol>
            {room.then(|| view! {
                <p class="actions">
                    <button class="btn btn-small" name="go" value="add"><Icon name="plus"/>{format!("Add another {}", shape.one)}</button>
                </p>
            })}
        </fieldset>
    }
}

fn card(shape: &'static EntryShape, n: usize, entry: &Entry, kept: bool) -> impl IntoView + use<> {
    let fields = shape.fields.iter().enumerate().filter_map(|(place, field)| Some((place, field.as_ref()?)));
    let fields = fields.map(|(place, shape)| field(place, n, shape, entry.value(shape.key))).collect_view();
    view! {
        <li class="entry-card">
            <div class="fields entry-fields">{fields}</div>
            {kept.then(|| view! {
                <button class="btn btn-quiet btn-small" name="drop" value=n.to_string() aria-label=format!("Remove card {}", n + 1)>"Remove"</button>
            })}
        </li>
    }
}

fn field(place: usize, n: usize, field: &'static EntryField, value: &str) -> impl IntoView + use<> {
    let id = format!("entry-{n}-{}", field.key);
    let name = ["entry_1", "entry_2", "entry_3"][place];
    let value = value.to_owned();
    let control = match field.kind {
        FieldKind::Line => {
            view! { <input id=id.clone() name=name autocomplete="off" value=value/> }.into_any()
        }
        FieldKind::Words => view! { <SafeTextarea id=id.clone() name=name text=value rows=2/> }.into_any(),
        FieldKind::Pick(options) => view! {
            <select id=id.clone() name=name>
                <option value="">"Not said"</option>
                {options.iter().map(|(v, label)| view! { <option value=*v selected=*v == value>{*label}</option> }).collect_view()}
            </select>
        }
        .into_any(),
    };
    view! { <div class="field"><label for=id>{field.label}</label>{control}</div> }
}

/// What can be ticked of oneself, for oneself.
pub(super) fn ticks(kind: &'static Kind, ticked: &[String]) -> impl IntoView + use<> {
    let boxes = kind.ticks.iter().map(|(value, label)| {
        let checked = ticked.iter().any(|t| t == value);
        view! { <label class="pick"><input type="checkbox" name="ticked" value=*value checked=checked/>{*label}</label> }
    });
    view! {
        <fieldset class="stack stack-tight">
            <legend class="label">"What there was room for"</legend>
            <div class="picks">{boxes.collect_view()}</div>
            <p class="hint">"A check for yourself. Nobody else sees it, and it is counted nowhere."</p>
        </fieldset>
    }
}

/// The roles that the author has told of, by value: they choose which further prompts fit.
pub(super) fn roles_of(conversation: &Conversation) -> Vec<String> {
    let told = conversation.answer(interviews::ROLE).filter(|a| a.body.instead.is_none());
    told.map(|a| a.body.entries.iter().map(|e| e.value("role").to_owned()).collect()).unwrap_or_default()
}
