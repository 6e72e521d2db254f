//! The lanes as a table: an event a row, the factual lane first, then a column a responder. On a narrow screen the columns of a row stand
//! under each other, each with its name.

use super::super::event_line::EventText;
use super::{Clock, at, short};
use crate::ui::{Icon, Kept, Pieces, Rings};
use domain::incidents::IncidentKey;
use domain::timeline::TimelineEvent;
use domain::timeline::perspectives::{Lane, Noted, PlacedWords, Whose};
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::LazyLock;

/// All that a row shows of an event at which nobody speaks.
#[derive(Clone, PartialEq, Eq, Hash)]
struct QuietRow {
    event: TimelineEvent,
    clock: Clock,
    lanes: usize,
}

static QUIET_ROWS: LazyLock<Kept<QuietRow>> = LazyLock::new(Kept::default);

/// What a note's form holds when it comes back.
#[derive(Clone, Debug, Default)]
pub(super) struct NoteBack {
    /// The event's id.
    pub(super) event: String,
    /// As typed.
    pub(super) note: String,
    /// What to mend.
    pub(super) error: Option<String>,
}

/// The table's parts that all rows need.
pub(super) struct Grid<'a> {
    pub(super) key: IncidentKey,
    pub(super) clock: Clock,
    pub(super) lanes: &'a [Lane],
    pub(super) noted: &'a [Noted],
    /// Moments told differently.
    pub(super) different: HashSet<domain::EventId>,
    /// Notes can be written.
    pub(super) leads: bool,
    /// Words of others can be moved.
    pub(super) facilitates: bool,
    pub(super) back: &'a NoteBack,
}

impl Grid<'_> {
    /// The table; with `told_only`, without the events at which nobody speaks.
    pub(super) fn table(&self, events: &[TimelineEvent], told_only: bool) -> impl IntoView + use<> {
        let spoken: HashSet<_> = self.lanes.iter().flat_map(|lane| &lane.words).map(|words| words.event).collect();
        let mut rows = Pieces::default();
        for event in events {
            if spoken.contains(&event.id) {
                rows.draw(self.row(event));
            } else if !told_only {
                let key = QuietRow { event: event.clone(), clock: self.clock, lanes: self.lanes.len() };
                rows.keep(&QUIET_ROWS, &key, || quiet_row(key.clone()));
            }
        }
        let heads = self
            .lanes
            .iter()
            .map(|lane| {
                let name = match &lane.whose {
                    Whose::Mine => "You".to_owned(),
                    Whose::Of(name) => name.clone(),
                };
                let role = (!lane.role.is_empty()).then(|| view! { <span class="lane-role">{lane.role.clone()}</span> });
                let empty = lane.words.is_empty().then_some(view! { <span class="lane-empty">"Nothing shared here"</span> });
                view! { <th scope="col">{role}<span class="lane-who">{name}</span>{empty}</th> }
            })
            .collect_view();
        view! {
            <div class="lanes-scroll" tabindex="0" role="region" aria-label="The lanes">
                <table class="lanes">
                    <thead><tr><th scope="col" class="lane-fact">"What happened"</th>{heads}</tr></thead>
                    {rows.rows()}
                </table>
            </div>
        }
    }

    fn row(&self, event: &TimelineEvent) -> impl IntoView + use<> {
        let different = self.different.contains(&event.id);
        let note = self.noted.iter().find(|note| note.event == event.id);
        let noted = note.map(|note| view! { <p class="lane-note"><Icon name="message-circle"/>{note.note.clone()}</p> });
        let form = self.leads.then(|| self.note_form(event, note));
        let cells = self
            .lanes
            .iter()
            .map(|lane| {
                let movable = self.facilitates || lane.whose == Whose::Mine;
                let words = lane
                    .at(event.id)
                    .map(|words| self.said(event, words, lane.whose == Whose::Mine, movable))
                    .collect::<Vec<_>>();
                if words.is_empty() {
                    view! { <td></td> }.into_any()
                } else {
                    view! { <td><span class="lane-name">{lane.label()}</span>{words}</td> }.into_any()
                }
            })
            .collect_view();
        view! {
            <tr id=format!("m-{}", event.id) class="lane-told">
                <th scope="row" class="lane-fact">
                    {fact(event, self.clock)}
                    {different.then(|| view! { <span class="chip chip-care"><Icon name="git-merge"/>"Told differently"</span> })}
                    {noted}
                    {form}
                </th>
                {cells}
            </tr>
        }
    }

    fn said(&self, event: &TimelineEvent, words: &PlacedWords, mine: bool, movable: bool) -> impl IntoView + use<> {
        let own = words.own_time.map(
            |own| view! { <span>{format!("{} at {}", if mine { "For you" } else { "For them" }, self.clock.time(own))}</span> },
        );
        let asked = (!words.question.is_empty()).then(|| view! { <span>{words.question.clone()}</span> });
        let (audience, known) = (words.audience, words.answer.is_some());
        let about = format!(" what stands at {}", self.clock.of_event(event));
        let href = format!("{}/words/{}", at(self.key), words.id);
        view! {
            <div class="lane-words" id=format!("w-{}", words.id)>
                <p>{words.text.clone()}</p>
                <div class="meta">
                    {own}
                    {words.differs.then(|| view! { <span class="chip chip-care">"Told differently"</span> })}
                    {words.draft.then(|| view! { <span class="chip">"Draft: you alone see this"</span> })}
                    {asked}
                    {known.then(|| view! { <span class="aud-chip" data-audience=audience.slug()><Rings on=audience.rings()/>{audience.label()}</span> })}
                    {(movable && known).then(|| view! { <a class="event-edit" href=href>"Move or take away"<span class="vh">{about}</span></a> })}
                </div>
            </div>
        }
    }

    fn note_form(&self, event: &TimelineEvent, note: Option<&Noted>) -> impl IntoView + use<> {
        let id = event.id.to_string();
        let came_back = self.back.event == id;
        let typed = if came_back { self.back.note.clone() } else { note.map(|note| note.note.clone()).unwrap_or_default() };
        let error = self.back.error.clone().filter(|_| came_back);
        let invalid = error.is_some();
        let (field, message) = (format!("note-{id}"), format!("note-{id}-error"));
        let version = note.map_or(0, |note| note.version);
        let open = came_back;
        let there = note.is_some();
        view! {
            <details class="lane-noting" open=open>
                <summary>{if there { "Change the note" } else { "Note what differs" }}<span class="vh">{format!(" at {}, {}", self.clock.of_event(event), short(event, 40))}</span></summary>
                <form class="stack stack-tight" method="post" action=format!("{}/events/{id}", at(self.key))>
                    <input type="hidden" name="version" value=version.to_string()/>
                    <div class=if invalid { "field field-error" } else { "field" }>
                        <label for=field.clone()>"What is told differently, in a few neutral words"</label>
                        <crate::ui::FieldError id=message.clone() error/>
                        <input id=field name="note" value=typed aria-invalid=invalid.then_some("true") aria-describedby=invalid.then_some(message)/>
                    </div>
                    <div class="actions">
                        <button class="btn btn-small" name="act" value="save">"Keep it"</button>
                        {there.then(|| view! { <button class="btn btn-small btn-quiet" name="act" value="remove">"Take it away"</button> })}
                    </div>
                </form>
            </details>
        }
    }
}

fn fact(event: &TimelineEvent, clock: Clock) -> impl IntoView + use<> {
    let time = clock.of_event(event);
    view! {
        <span class="lane-time">{time}<span class="event-kind">{event.kind.label()}</span></span>
        <EventText body=event.body.clone()/>
    }
}

fn quiet_row(row: QuietRow) -> impl IntoView {
    let cells: Vec<_> = (0..row.lanes).map(|_| view! { <td></td> }).collect();
    view! { <tr id=format!("m-{}", row.event.id)><th scope="row" class="lane-fact">{fact(&row.event, row.clock)}</th>{cells}</tr> }
}
