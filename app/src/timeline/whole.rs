//! All fields of an event, to write a new one between others or to change one.

use super::attachments::FilePicker;
use super::form::{EventFields, kinds};
use crate::form::Form;
use crate::incidents::ZoneField;
use crate::ui::{FieldError, Select, TextField, TextareaField};
use domain::timeline::{EventKind, Placement, SourceKind};
use leptos::prelude::*;

/// Empty rows for sources behind those that are there.
const MORE_SOURCES: usize = 2;

/// The form. Sections that hold nothing are closed: most events need the first three answers only.
#[component]
pub(super) fn EventForm(action: String, back: String, form: Form<EventFields>) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let refused = |fields: &[&str]| fields.iter().any(|field| form.error(field).is_some());
    let typed = form.typed.clone();
    let mitigates = typed.kind == EventKind::Mitigation.slug();
    let recorded = !typed.recorded_time.is_empty() || refused(&["recorded_date", "recorded_time"]);
    let changes = !typed.version.is_empty();
    view! {
        <form class="stack incident-form" method="post" action=action enctype="multipart/form-data">
            <input type="hidden" name="version" value=typed.version.clone()/>
            <input type="hidden" name="from" value="whole"/>
            <fieldset>
                <legend>"When? "<span class="hint">"~02:14 means about. Without a time: that day. Without both: not known."</span></legend>
                <div class="fields when-fields">
                    <TextField name="date" label="Day" kind="date" value=typed.date.clone() error=error("date")/>
                    <TextField name="time" label="Time, 24 hours" value=typed.time.clone() error=error("time") autocomplete="off"/>
                    <ZoneField value=typed.zone.clone() error=error("zone")/>
                </div>
                <div class="fields when-fields mt4">
                    <TextField name="until" label="Until, if it lasted" value=typed.until.clone() error=error("until") autocomplete="off"/>
                    <TextField name="until_date" label="Day, if not the same" kind="date" value=typed.until_date.clone() error=error("until_date")/>
                </div>
            </fieldset>
            <Select name="kind" label="Kind" value=typed.kind.clone() options=kinds() error=error("kind")/>
            <TextareaField name="body" label="What happened" hint="As it looked then. Markdown works." text=typed.body.clone() rows=6 error=error("body")/>
            <TextField name="role" label="Who acted, by role" hint="The role tells more than a name: on-call engineer, incident lead, support." value=typed.role.clone() error=error("role") autocomplete="off" list="roles"/>
            <datalist id="roles">{ROLES.map(|role| view! { <option value=role></option> }).into_iter().collect_view()}</datalist>
            <Became typed=typed.clone() form=form.clone() mitigates/>
            <fieldset>
                <legend>"Was it known then?"</legend>
                <div class="picks">
                    <label class="pick"><input type="radio" name="knowledge" value="" checked=typed.knowledge != "later"/>"Known then"</label>
                    <label class="pick"><input type="radio" name="knowledge" value="later" checked=typed.knowledge == "later"/>"Learned later"</label>
                </div>
                <p class="hint">"What was learned later is drawn apart, and hidden when the incident is replayed as it was known then."</p>
            </fieldset>
            <Sources typed=typed.clone() error=error("sources")/>
            <FilePicker typed=typed.clone() form=form.clone()/>
            <TextareaField name="question" label="To ask about it" hint="A question for the conversations. Everybody who sees the incident sees it." text=typed.question.clone() rows=2 error=error("question")/>
            <details class="more" open=recorded>
                <summary>"A record gives another time"</summary>
                <div class="fields when-fields mt2">
                    <TextField name="recorded_time" label="Time in the record" value=typed.recorded_time.clone() error=error("recorded_time") autocomplete="off"/>
                    <TextField name="recorded_date" label="Day, if not the same" kind="date" value=typed.recorded_date.clone() error=error("recorded_date")/>
                </div>
                <p class="hint mt2">"A clock that was wrong, a message that came late. The event is told at the time above; this one is shown beside it."</p>
            </details>
            <p class="actions">
                <button class="btn btn-primary">"Save"</button>
                {(!changes).then(|| view! { <button class="btn" name="then" value="next">"Save, and write another"</button> })}
                <a class="btn btn-quiet" href=back>{if changes { "Leave as it was" } else { "Leave it" }}</a>
            </p>
        </form>
    }
}

/// Roles that most responses have; any other can be typed.
const ROLES: [&str; 7] = [
    "on-call engineer",
    "incident lead",
    "communicator",
    "support",
    "service owner",
    "database engineer",
    "somebody who came to help",
];

/// What became of a mitigation action; shown for other kinds too, closed, because the kind can be changed without scripts.
#[component]
fn Became(typed: EventFields, form: Form<EventFields>, mitigates: bool) -> impl IntoView {
    let error = |field: &str| form.error(field);
    let refused = ["placement", "settled_date", "settled_time"].iter().any(|field| error(field).is_some());
    let choices = Placement::ALL.map(|placement| {
        let checked = typed.placement == placement.slug();
        view! {
            <label class="pick"><input type="radio" name="placement" value=placement.slug() checked=checked/>{placement.label()}</label>
        }
    });
    view! {
        <details class="more" open=mitigates || refused>
            <summary>"What became of it, if it is a mitigation action?"</summary>
            <fieldset class="mt2">
                <legend class="vh">"What became of it?"</legend>
                <FieldError id="placement-error".to_owned() error=error("placement")/>
                <div class="picks">{choices.into_iter().collect_view()}</div>
            </fieldset>
            <div class="fields when-fields mt2">
                <TextField name="settled_date" label="Undone or kept since" kind="date" value=typed.settled_date error=error("settled_date")/>
                <TextField name="settled_time" label="Time, if it matters" value=typed.settled_time error=error("settled_time") autocomplete="off"/>
            </div>
        </details>
    }
}

/// Rows of sources: those that are there, and some empty ones.
#[component]
fn Sources(typed: EventFields, error: Option<String>) -> impl IntoView {
    let filled: Vec<_> = typed.sources().map(|s| (s.kind.to_owned(), s.title.to_owned(), s.url.to_owned())).collect();
    let filled = filled.into_iter().filter(|(_, title, url)| !title.is_empty() || !url.is_empty());
    let empty = std::iter::repeat_n((String::new(), String::new(), String::new()), MORE_SOURCES);
    let rows = filled.chain(empty).enumerate().map(|(n, (kind, title, url))| {
        let options = SourceKind::ADDRESSES.map(|k| view! { <option value=k.slug() selected=k.slug() == kind>{k.label()}</option> });
        let name = |what: &str| format!("{what} of source {}", n + 1);
        view! {
            <div class="source-row">
                <select name="source_kind" aria-label=name("Kind")>{options.into_iter().collect_view()}</select>
                <input name="source_title" value=title placeholder="Words for it" autocomplete="off" aria-label=name("Words")/>
                <input name="source_url" value=url placeholder="https://" inputmode="url" autocomplete="off" aria-label=name("Address")/>
            </div>
        }
    });
    let class = if error.is_some() { "field-error" } else { "" };
    view! {
        <fieldset class=class>
            <legend>"Where it is shown "<span class="hint">"A chat message, a graph, a change. Empty rows are left out; save for more."</span></legend>
            <FieldError id="sources-error".to_owned() error/>
            <div class="source-rows">{rows.collect_view()}</div>
        </fieldset>
    }
}
