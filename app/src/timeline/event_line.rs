//! One event as the story and other lists show it: its time, what happened, what else is known of it.

use super::raw::{EvidenceOf, Readable, at_time};
use crate::ctx::Ctx;
use crate::history::edited;
use crate::timeline::attachments::OwnSource;
use crate::ui::{Icon, Kept, Markdown, OwnFiles};
use chrono::Datelike;
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::timeline::{EventKind, EventSource, Placement, Precision, SourceKind, TimelineEvent};
use domain::walltime;
use leptos::context::Provider;
use leptos::prelude::*;
use std::sync::{Arc, LazyLock};
use store::timeline::attachments::Attachment;
use store::timeline::evidence::Shown;

/// All that the line of an event shows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct LineKey {
    pub(super) event: TimelineEvent,
    pub(super) incident: IncidentKey,
    pub(super) zone: Tz,
    pub(super) viewer_zone: Tz,
    /// Where it can be changed.
    pub(super) edit: Option<String>,
    /// How many events begin while it lasts.
    pub(super) meanwhile: usize,
    /// What it was told from.
    pub(super) evidence: Vec<Shown>,
    /// There is a raw log beside it.
    pub(super) log: bool,
    /// The files of the incident that its text or its sources name.
    pub(super) files: Vec<Attachment>,
}

pub(super) static LINES: LazyLock<Kept<LineKey>> = LazyLock::new(Kept::default);

/// The name by which the stylesheet knows a family of kinds.
pub(crate) fn look(kind: EventKind) -> &'static str {
    match kind.family() {
        "sense" => "detection",
        "people" => "communication",
        "judge" => "decision",
        "right" => "right",
        _ => "change",
    }
}

#[component]
pub(super) fn EventLine(key: LineKey, #[prop(default = None)] read: Option<Readable>) -> impl IntoView {
    let LineKey { event, incident, zone, viewer_zone: _, edit, meanwhile, evidence, log, files } = key;
    // Of this event alone: what is kept must not change with what it does not name.
    let own = OwnFiles::of(incident, Arc::new(files));
    let log = event.at.filter(|_| log).map(|at| at_time(&format!("/incidents/{incident}"), at));
    let id = event.id;
    let kind = event.kind;
    let details = event.details.clone();
    let odd = !event.flag.is_empty() || event.precision == Precision::None;
    let said = event.flag.contains(&event.as_written);
    let written = (odd && !said).then(|| format!("Written as “{}”", event.as_written.clone()));
    let flag = (!event.flag.is_empty()).then(|| event.flag.clone());
    let recorded = details.recorded_at.map(|at| format!("A record says {}", walltime::absolute(at, zone)));
    let meanwhile = match meanwhile {
        0 => None,
        1 => Some("1 event meanwhile".to_owned()),
        n => Some(format!("{n} events meanwhile")),
    };
    let about = clock_words(&event, zone);
    let history = format!("/incidents/{incident}/history?kind=event&of={}", event.id);
    let insert = edit.as_ref().map(|_| format!("/incidents/{incident}/events/new?after={}", event.id));
    let (edited, edited_about, insert_about, log_about) = (edited(event.version), about.clone(), about.clone(), about.clone());
    let class = if details.learned_later { "event event-later" } else { "event" };
    let mitigates = kind == EventKind::Mitigation;
    let became = mitigates.then(
        || view! { <Became event=event.clone() incident zone edits=edit.is_some() back=format!("/incidents/{incident}")/> },
    );
    let aside = [flag.is_some(), written.is_some(), recorded.is_some(), meanwhile.is_some()].contains(&true);
    view! {
        <li class=class id=format!("e-{}", event.id) data-kind=look(kind)>
            <EventTime event=event.clone() zone/>
            <span class="event-mark"><Icon name=kind.icon()/></span>
            <div class="event-body">
                <p class="event-top">
                    <span class="event-kind">{kind.label()}</span>
                    {(!details.role.is_empty()).then(|| view! { <span class="event-role">{details.role.clone()}</span> })}
                    {details.learned_later.then(|| view! { <span class="event-role">"Learned later"</span> })}
                    {edit.map(|href| view! {
                        <a class="event-edit" href=href>"Edit"<span class="vh">{format!(" the event {about}")}</span></a>
                    })}
                    {insert.map(|href| view! {
                        <a class="event-edit event-insert" href=href>"Insert below"<span class="vh">{format!(" the event {insert_about}")}</span></a>
                    })}
                    {log.map(|href| view! {
                        <a class="event-edit" href=href>"In the log"<span class="vh">{format!(": the time of the event {log_about}")}</span></a>
                    })}
                    {edited.map(|words| view! {
                        <a class="event-edit" href=history>{words}<span class="vh">{format!(": the event {edited_about}")}</span></a>
                    })}
                </p>
                <Provider value=own.clone()>
                    <EventText body=event.body.clone()/>
                    {became}
                    {(!details.sources.is_empty()).then(|| view! { <Sources sources=details.sources.clone()/> })}
                </Provider>
                {(!evidence.is_empty()).then(|| view! { <EvidenceOf event=id shown=evidence zone read/> })}
                {(!details.question.is_empty()).then(|| view! {
                    <div class="event-ask"><Icon name="circle-help"/><Provider value=own><EventText body=details.question.clone()/></Provider></div>
                })}
                {aside.then(|| view! {
                    <div class="meta">
                        {flag.map(|flag| view! { <span class="chip chip-care"><Icon name="triangle-alert"/>{flag}</span> })}
                        {written.map(|words| view! { <span>{words}</span> })}
                        {recorded.map(|words| view! { <span>{words}</span> })}
                        {meanwhile.map(|words| view! { <span>{words}</span> })}
                    </div>
                })}
            </div>
        </li>
    }
}

/// Links out: words, kind and host, so that one knows where a link leads; files of the incident, and images in their places.
#[component]
fn Sources(sources: Vec<EventSource>) -> impl IntoView {
    let items = sources.into_iter().map(|source| {
        if matches!(source.kind, SourceKind::File | SourceKind::Image) {
            return view! { <OwnSource source/> }.into_any();
        }
        let host = source.url.split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        // What stands before an @ is no host.
        let host = host.rsplit('@').next().unwrap_or_default().to_owned();
        let words = if source.title.is_empty() { host.clone() } else { source.title };
        let icon = match source.kind {
            SourceKind::Link => "link",
            SourceKind::Chat => "message-circle",
            SourceKind::Metric => "chart-no-axes-column",
            SourceKind::Change => "git-commit-horizontal",
            SourceKind::File | SourceKind::Image => "paperclip",
        };
        view! {
            <li>
                <Icon name=icon/>
                <a href=source.url rel="noopener noreferrer nofollow" target="_blank">{words}</a>
                <span class="quiet">{format!("{}, {host}", source.kind.label())}</span>
            </li>
        }
        .into_any()
    });
    view! { <ul class="event-sources">{items.collect_view()}</ul> }
}

/// What became of a mitigation action, with the buttons that say it.
#[component]
pub(super) fn Became(event: TimelineEvent, incident: IncidentKey, zone: Tz, edits: bool, back: String) -> impl IntoView {
    let placement = event.details.placement;
    let since = event.details.settled_at.map(|at| format!(" {}", walltime::day(at, zone))).unwrap_or_default();
    let action = format!("/incidents/{incident}/events/{}/settle", event.id);
    let tone = if placement == Placement::InPlace { "chip chip-care" } else { "chip" };
    let icon = match placement {
        Placement::InPlace => "hourglass",
        Placement::Unsaid => "circle-dashed",
        Placement::Undone | Placement::Permanent => "check",
    };
    let words = match placement {
        Placement::Unsaid => "Still in place? Not said".to_owned(),
        said => format!("{}{since}", said.label()),
    };
    let open = edits && !placement.is_settled();
    let button = |to: Placement, words: &'static str| view! { <button class="btn btn-small" name="placement" value=to.slug()>{words}</button> };
    view! {
        <div class="event-became">
            <span class=tone><Icon name=icon/>{words}</span>
            {open.then(|| view! {
                <form method="post" action=action>
                    <input type="hidden" name="version" value=event.version.to_string()/>
                    <input type="hidden" name="back" value=back/>
                    {(placement == Placement::Unsaid).then(|| button(Placement::InPlace, "Still in place"))}
                    {button(Placement::Undone, "Undone")}
                    {button(Placement::Permanent, "Made permanent")}
                </form>
            })}
        </div>
    }
}

/// "of 02:11", "without a time".
fn clock_words(event: &TimelineEvent, zone: Tz) -> String {
    match event.at {
        Some(at) if event.precision == Precision::Date => format!("of {}", walltime::day(at, zone)),
        Some(at) => format!("of {}", walltime::clock(at, zone)),
        None => "without a time".to_owned(),
    }
}

#[component]
fn EventTime(event: TimelineEvent, zone: Tz) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let until = event.ends_at.map(|end| {
        let same = event.at.is_some_and(|at| at.with_timezone(&zone).date_naive() == end.with_timezone(&zone).date_naive());
        if same {
            format!("to {}", walltime::clock(end, zone))
        } else {
            format!("to {}", end.with_timezone(&zone).format("%-d %b %H:%M"))
        }
    });
    match event.at {
        None => view! { <span class="no-time">"–"<small>"no time"</small></span> }.into_any(),
        Some(at) => {
            let local = at.with_timezone(&zone);
            let dated = event.precision == Precision::Date;
            let words = if dated { format!("{} {}", local.day(), local.format("%b")) } else { walltime::clock(at, zone) };
            let about = match event.precision {
                Precision::About => Some("about"),
                Precision::Date => Some("that day"),
                Precision::Exact | Precision::None => None,
            };
            view! {
                <time datetime=at.to_rfc3339() title=walltime::absolute(at, ctx.zone())>
                    {words}
                    {about.map(|words| view! { <small>{words}</small> })}
                    {until.map(|words| view! { <small>{words}</small> })}
                </time>
            }
            .into_any()
        }
    }
}

/// Most events are a plain sentence; only the others need the Markdown machine, which costs a hundred times as much.
#[component]
pub(crate) fn EventText(body: String) -> impl IntoView {
    if is_plain(&body) {
        view! { <div class="event-text"><p>{body}</p></div> }.into_any()
    } else {
        view! { <Markdown text=body class="event-text"/> }.into_any()
    }
}

/// One line in which nothing means anything to Markdown.
fn is_plain(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    let quiet = |c: char| c.is_alphanumeric() || " ,;()'’“”„–%/€§°–…".contains(c) || c == '.' || c == '?' || c == '"' || c == ':';
    begins && text.chars().all(quiet) && !text.contains("//") && !text.contains("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_means_nothing_to_markdown_is_plain() {
        for plain in ["The queue grows: 40 % full, so we wait.", "Ærø’s ferry is booked (twice)"] {
            assert!(is_plain(plain), "{plain}");
            assert!(markdown::render(plain).trim() == format!("<p>{plain}</p>"), "{}", markdown::render(plain));
        }
        for not in [
            "- a list",
            "1. first",
            "a *b*",
            "a\nb",
            "<b>",
            "see https://x.example",
            "a & b",
            "a_b_",
            "`x`",
            "[x](y)",
            "",
            "# x",
            "www.x.org",
        ] {
            assert!(!is_plain(not), "{not}");
        }
    }
}
