//! What stays of a meeting for those who took part: its lines, by what they say.

use super::super::parts::at;
use super::side::item;
use super::wall::{Look, unsaved};
use crate::incidents::{IncidentFrame, Tab};
use crate::ui::{Icon, Note, When};
use domain::reviews::meeting::LineKind;
use leptos::prelude::*;
use store::incidents::Opened;
use store::reviews::Room;

pub(super) fn page(opened: Opened, room: Room, look: &Look) -> impl IntoView + use<> {
    let key = opened.incident.key;
    let leads = room.leads;
    let published = opened.incident.published_at.is_some();
    let ended = room.wall.as_ref().and_then(|wall| wall.ended_at);
    let refused =
        look.refused.or(look.line.as_ref().map(|_| "The meeting has ended. Your line was not written; it stands below."));
    let unwritten = look.line.as_ref().map(|(typed, _)| typed.text.clone());
    let group = |kind: LineKind| {
        let lines: Vec<_> = room.lines.iter().filter(|line| line.kind == kind).map(|line| item(key, leads, line)).collect();
        (!lines.is_empty()).then(|| view! { <section><h3>{kind.heading()}</h3><ul class="notes-live">{lines}</ul></section> })
    };
    let groups = LineKind::ALL.map(group).into_iter().collect_view();
    let none = room.took_part && room.lines.is_empty();
    let opening = look.opening.as_ref().map(|(typed, _)| unsaved(typed.opening.clone()));
    view! {
        <IncidentFrame opened tab=Tab::Review>
            <p class="crumbs desk-back"><a href=at(key, "")>"The review"</a></p>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><div><p role="alert">{why}</p>{unwritten.map(|text| view! { <p class="read">{text}</p> })}</div></Note> })}
            {opening}
            <div class="stack measure">
                <h2 class="serif-title">"After the meeting"</h2>
                <p class="soft">"It ended "{ended.map(|at| view! { <When at/> })}". Its lines carry no names, and are read by those who took part."</p>
                {none.then(|| view! { <p class="quiet">"No line was written."</p> })}
                {groups}
                {(leads && !published).then(|| view! {
                    <form method="post" action=at(key, "meeting/begin")><p class="actions"><button class="btn btn-small">"Go on with it"</button></p></form>
                })}
                <p><a href=at(key, "after")>"How was it? Three questions, without your name"</a></p>
            </div>
        </IncidentFrame>
    }
}
