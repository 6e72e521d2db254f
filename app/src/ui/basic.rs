//! Small parts: icons, the mark, rings, times, notes, empty places, safe Markdown.

use crate::ctx::Ctx;
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::{AttachmentId, walltime};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use store::timeline::attachments::Attachment;

/// A symbol of the sprite, always beside a word.
#[component]
pub fn Icon(#[prop(into)] name: String) -> impl IntoView {
    let sprite = use_context::<Ctx>().map(|ctx| ctx.asset("sprite.svg")).unwrap_or_default();
    view! { <svg class="icon" aria-hidden="true"><use href=format!("{sprite}#i-{name}")></use></svg> }
}

/// The two storeys: lower one an outline, upper one filled.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <rect class="lower" x="3.8" y="13.8" width="16.4" height="6.4" rx="1.6"></rect>
            <rect class="upper" x="3" y="3.5" width="18" height="8" rx="2"></rect>
        </svg>
    }
}

/// How far words travel: a dot with nought to three rings. Always with its name beside it.
#[component]
pub fn Rings(on: usize) -> impl IntoView {
    let ring = move |n: usize, r: &'static str| view! { <circle class=(on >= n).then_some("on") cx="12" cy="12" r=r></circle> };
    view! {
        <svg class="rings" viewBox="0 0 24 24" aria-hidden="true">
            {ring(1, "4.6")}{ring(2, "7.7")}{ring(3, "10.8")}
            <circle class="dot" cx="12" cy="12" r="2.1"></circle>
        </svg>
    }
}

/// A time, relative in words and absolute in the viewer's zone. `<time>` carries the instant.
#[component]
pub fn When(at: DateTime<Utc>) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let absolute = walltime::absolute(at, ctx.zone());
    let relative = walltime::relative(at, ctx.now);
    view! { <time datetime=at.to_rfc3339() title=absolute.clone()>{relative}<span class="vh">{format!(", {absolute}")}</span></time> }
}

/// A quiet box with a sentence. `tone`: `plain`, `good`, `care`, `bad`.
#[component]
pub fn Note(#[prop(default = "plain")] tone: &'static str, children: Children) -> impl IntoView {
    view! { <div class=format!("note note-{tone}")>{children()}</div> }
}

/// A short label.
#[component]
pub fn Chip(#[prop(default = "plain")] tone: &'static str, children: Children) -> impl IntoView {
    view! { <span class=format!("chip chip-{tone}")>{children()}</span> }
}

/// An empty place that teaches the next step.
#[component]
pub fn Empty(#[prop(into)] heading: String, children: Children) -> impl IntoView {
    view! { <section class="empty"><h2>{heading}</h2>{children()}</section> }
}

/// Where one is: links, then the page itself.
#[component]
pub fn Crumbs(links: Vec<(String, String)>, #[prop(into)] here: String) -> impl IntoView {
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <ol>
                {links.into_iter().map(|(href, text)| view! { <li><a href=href>{text}</a></li> }).collect_view()}
                <li aria-current="page">{here}</li>
            </ol>
        </nav>
    }
}

/// The files that text may show: those of the incident that it belongs to. A page that tells of one incident provides it to all text on it.
#[derive(Clone, Default)]
pub struct OwnFiles(Arc<Vec<Attachment>>, Option<IncidentKey>);

impl OwnFiles {
    /// Those of this incident.
    pub fn of(incident: IncidentKey, files: Arc<Vec<Attachment>>) -> Self {
        Self(files, Some(incident))
    }

    /// One that is there, by its id.
    pub fn find(&self, id: AttachmentId) -> Option<&Attachment> {
        self.0.iter().find(|file| file.id == id)
    }

    /// Where one is opened or downloaded.
    pub fn address(&self, id: AttachmentId) -> String {
        self.1.map(|key| format!("/incidents/{key}/attachments/{id}")).unwrap_or_default()
    }

    fn named(&self, id: &str) -> Option<markdown::OwnFile> {
        let file = self.find(id.parse().ok()?)?;
        let image = file.is_shown().then(|| (file.alt.clone(), file.size));
        Some(markdown::OwnFile { address: self.address(file.id), image })
    }
}

/// What text about an incident may mention, under the names that text gives it (`event:…`, `factor:…`). A page of a review provides it.
#[derive(Clone, Default)]
pub struct Mentions(pub Arc<HashMap<String, markdown::Mention>>);

/// This page is read apart from the site: text on it leads nowhere and shows no file. A page for somebody without an account provides it.
#[derive(Clone, Copy)]
pub struct Apart;

/// Markdown as safe HTML. The one place that sets inner HTML from text; `markdown` is the one sanitiser.
#[component]
pub fn Markdown(#[prop(into)] text: String, #[prop(default = "prose")] class: &'static str) -> impl IntoView {
    let (own, mentions) = (use_context::<OwnFiles>(), use_context::<Mentions>());
    let file = |id: &str| own.as_ref().and_then(|own| own.named(id));
    let find = mentions.map(|mentions| move |name: &str| mentions.0.get(name).cloned());
    let html = match &find {
        Some(find) if use_context::<Apart>().is_some() => markdown::render_apart(&text, Some(find)),
        None if use_context::<Apart>().is_some() => markdown::render_apart(&text, None),
        Some(find) => markdown::render_in(&text, &file, Some(find)),
        None => markdown::render_with(&text, &file),
    };
    view! { <div class=class inner_html=html></div> }
}
