//! The search: one field, a tab for each kind with how many there are, and for each thing found the words in which it stands.

use super::query::Query;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::{SeverityMark, choice, day_field, factor_choices};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, Icon, Note};
use axum::extract;
use axum::response::Response;
use chrono_tz::Tz;
use domain::incidents::Severity;
use domain::learnings::LearningKind;
use domain::reviews::SectionKind;
use domain::search::{Kind, Terms, snippet};
use domain::timeline::EventKind;
use domain::vocabulary::{Tag, Vocabulary};
use domain::walltime;
use leptos::prelude::*;
use store::incidents::Choices;
use store::search::{COUNTED, Counts, Found, Hit, Look};

/// Things of a page.
const PAGE: usize = 20;

struct Searched {
    query: Query,
    kind: Kind,
    counts: Counts,
    found: Found,
    choices: Choices,
}

pub(super) async fn show(ctx: Ctx, extract::Query(query): extract::Query<Query>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let look = query.look();
    let first = query.chosen().unwrap_or(Kind::Incident);
    // An event's own kind says nothing of the other kinds.
    let mut counts = store::search::counts(store, viewer, &Look { label: String::new(), ..look.clone() }).await?;
    let kind = query.chosen().or_else(|| counts.iter().find(|(_, n)| *n > 0).map(|(kind, _)| *kind)).unwrap_or(first);
    let found = store::search::find(store, viewer, kind, &look, PAGE).await?;
    if !look.label.is_empty() && look.after.is_none() && found.next.is_none() {
        for (_, n) in counts.iter_mut().filter(|(this, _)| *this == kind) {
            *n = found.hits.len();
        }
    }
    let choices = store::incidents::choices(store, viewer).await?;
    let words = query.q.trim();
    let title = if words.is_empty() { "Search".to_owned() } else { format!("{words}: search") };
    let searched = Searched { query, kind, counts, found, choices };
    Ok(shell::page(&ctx, Head::new(title, Nav::None), move || draw(searched)))
}

fn draw(searched: Searched) -> impl IntoView {
    let Searched { query, kind, counts, found, choices } = searched;
    let terms = Terms::parse(&query.q);
    let results = if terms.is_empty() {
        how_to(!query.q.trim().is_empty()).into_any()
    } else {
        let filling = found.filling;
        view! {
            {tabs(&query, kind, &counts)}
            {filling.then(|| view! {
                <Note><Icon name="search"/><p>"Older texts are still being read: some of them are found in a few minutes only."</p></Note>
            })}
            {hits(&query, kind, &terms, &found)}
            {pager(&query, kind, &found)}
        }
        .into_any()
    };
    view! {
        <div class="page-head"><div>
            <h1>"Search"</h1>
            <p>"Incidents, events, contributing factors, learnings and published stories: what everybody with an account may read."</p>
        </div></div>
        {form(&query, kind, &choices)}
        {results}
    }
}

fn form(query: &Query, kind: Kind, choices: &Choices) -> impl IntoView + use<> {
    let on = query.filters();
    let open = on > 0;
    let words = expect_context::<Ctx>().severities;
    let teams = choices.teams.iter().map(|t| (t.id.to_string(), t.name.clone())).collect();
    let services: Vec<(String, String)> = choices.services.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let severities = Severity::ALL.map(|s| (s.number().to_string(), words.name(s).to_owned())).to_vec();
    let severity = query.look().severity.map(|s| s.number().to_string()).unwrap_or_default();
    let tags = expect_context::<Ctx>().vocabulary;
    let own = own_kinds(kind, &tags);
    let chosen = query.chosen().map(Kind::slug);
    let q = query.q.clone();
    let all = format!("/search?q={}&in={}", crate::form::encode(&q), kind.slug());
    view! {
        <form class="filters" action="/search" method="get" role="search" aria-label="Search">
            <div class="filter-line">
                <span class="find">
                    <Icon name="search"/>
                    <label class="vh" for="q">"Words to look for"</label>
                    <input id="q" type="search" name="q" value=q placeholder="Words, or \"a phrase\"" autofocus=query.q.is_empty()/>
                </span>
                {chosen.map(|kind| view! { <input type="hidden" name="in" value=kind/> })}
                <button class="btn btn-primary">"Search"</button>
            </div>
            <details open=open>
                <summary class="btn btn-small">
                    <Icon name="list-filter"/>
                    {if on == 0 { "Filters".to_owned() } else { format!("Filters, {on} on") }}
                </summary>
                <div class="filter-grid">
                    {choice("team", "Team", &query.team, teams)}
                    {choice("severity", "Severity", &severity, severities)}
                    {(!services.is_empty()).then(|| choice("service", "Service", &query.service, services))}
                    {own.map(|(label, kinds)| choice("kind", label, &query.kind, kinds))}
                    {day_field("from", "From, month or day", &query.from)}
                    {day_field("to", "To", &query.to)}
                </div>
            </details>
            {open.then(|| view! { <p class="small"><a href=all>"Without filters"</a></p> })}
        </form>
    }
}

/// What a kind can be filtered by besides: its label and its choices.
fn own_kinds(kind: Kind, tags: &Vocabulary) -> Option<(&'static str, Vec<(String, String)>)> {
    let pair = |slug: &str, label: &str| (slug.to_owned(), label.to_owned());
    match kind {
        Kind::Incident => None,
        Kind::Event => Some(("Kind of event", EventKind::ALL.map(|k| pair(k.slug(), k.label())).to_vec())),
        Kind::Factor => Some(("Tag of factor", factor_choices(tags, None).1)),
        Kind::Learning => Some(("Kind of learning", LearningKind::ALL.map(|k| pair(k.slug(), k.label())).to_vec())),
        Kind::Story => Some(("Section", SectionKind::ALL.map(|k| pair(k.slug(), k.title())).to_vec())),
    }
}

fn how_to(typed: bool) -> impl IntoView {
    let heading = if typed { "No letter or digit to look for" } else { "What are you looking for?" };
    view! {
        <Empty heading=heading>
            <ul class="how-to">
                <li><b>"Words"</b>", in any order: "<a href="/search?q=pool+timeout">"pool timeout"</a></li>
                <li><b>"The beginning of a word"</b>" is enough: "<span class="mono">"cert"</span>" finds certificates"</li>
                <li><b>"A phrase"</b>" stands in quotation marks: "<span class="mono">"\"retry storm\""</span></li>
                <li><b>"A key"</b>" leads to its incident, as it is written in chat"</li>
            </ul>
            <p class="small quiet">
                "Answers of one-on-ones, quotes, drafts, parked ideas and raw logs are in no search. Of restricted incidents, those who are named on them find title and summary."
            </p>
        </Empty>
    }
}

fn counted(n: usize) -> String {
    if n > COUNTED { format!("{COUNTED}+") } else { n.to_string() }
}

fn tabs(query: &Query, shown: Kind, counts: &Counts) -> impl IntoView + use<> {
    let tabs = counts.iter().map(|(kind, n)| {
        let href = query.address(*kind, None);
        let current = (*kind == shown).then_some("page");
        view! { <li><a href=href aria-current=current>{kind.label()}" "<span class="count">{counted(*n)}</span></a></li> }
    });
    view! { <nav class="tabs" aria-label="Kinds"><ul>{tabs.collect_view()}</ul></nav> }
}

fn hits(query: &Query, kind: Kind, terms: &Terms, found: &Found) -> AnyView {
    if found.hits.is_empty() {
        return nothing(query, kind).into_any();
    }
    let zone = expect_context::<Ctx>().zone();
    let items: Vec<_> = found.hits.iter().map(|hit| hit_view(kind, hit, terms, zone)).collect();
    view! { <ol class="hits">{items}</ol> }.into_any()
}

fn nothing(query: &Query, kind: Kind) -> impl IntoView + use<> {
    let paged = !query.after.is_empty();
    let begin = query.address(kind, None);
    if paged {
        return view! { <Empty heading="This is the end"><p><a href=begin>"Back to the beginning"</a></p></Empty> }.into_any();
    }
    view! {
        <Empty heading="Nothing here has these words">
            <p>"Look into another kind, try fewer words, or take a filter off. The beginning of a word is enough, its middle is not."</p>
        </Empty>
    }
    .into_any()
}

fn hit_view(kind: Kind, hit: &Hit, terms: &Terms, viewers: Tz) -> impl IntoView + use<> {
    let zone = walltime::parse_zone(&hit.zone).unwrap_or(chrono_tz::UTC);
    let place = &hit.place;
    let (href, name) = match kind {
        Kind::Incident => (format!("/incidents/{}", hit.key), hit.title.clone()),
        Kind::Event => (format!("/incidents/{}#e-{place}", hit.key), event_name(hit, zone)),
        Kind::Factor => {
            let words = expect_context::<Ctx>().vocabulary;
            let label = Tag::parse(&hit.label).map(|tag| words.name(words.counted(&tag)).to_owned()).unwrap_or_default();
            (format!("/incidents/{}/factors#f-{place}", hit.key), format!("Factor: {label}"))
        }
        Kind::Learning => {
            let label = LearningKind::from_slug(&hit.label).map_or("", LearningKind::label);
            (format!("/learnings/{place}"), format!("Learning: {label}"))
        }
        Kind::Story => {
            let title = SectionKind::from_slug(place).map_or("Second story", SectionKind::title);
            (format!("/incidents/{}/review#s-{place}", hit.key), title.to_owned())
        }
    };
    let pieces = |text: &str| -> Vec<AnyView> {
        let pieces = snippet(text, terms).into_iter();
        pieces.map(|p| if p.marked { view! { <mark>{p.text}</mark> }.into_any() } else { p.text.into_any() }).collect()
    };
    let text = pieces(&markdown::plain(&hit.text));
    let (title, of) = if kind == Kind::Incident {
        (pieces(&hit.title), None)
    } else {
        (vec![name.into_any()], Some(view! { <span>{hit.title.clone()}</span> }))
    };
    let (key, severity, started_at, restricted) = (hit.key.to_string(), hit.severity, hit.started_at, hit.restricted);
    view! {
        <li class="hit">
            <a class="hit-title" href=href>{title}</a>
            {(!text.is_empty()).then(|| view! { <p class="hit-text">{text}</p> })}
            <div class="meta">
                <span class="key">{key}</span>
                <SeverityMark severity=severity/>
                {of}
                {restricted.then(|| view! { <Chip tone="care"><Icon name="eye-off"/>"Restricted"</Chip> })}
                <time datetime=started_at.to_rfc3339()>{walltime::day(started_at, viewers)}</time>
            </div>
        </li>
    }
}

/// "Detection, 10:30".
fn event_name(hit: &Hit, zone: Tz) -> String {
    let label = EventKind::from_slug(&hit.label).map_or("Event", EventKind::label);
    hit.at.map_or_else(|| label.to_owned(), |at| format!("{label}, {}", walltime::clock(at, zone)))
}

fn pager(query: &Query, kind: Kind, found: &Found) -> impl IntoView + use<> {
    let next = found.next.as_deref().map(|cursor| query.address(kind, Some(cursor)));
    let back = (!query.after.is_empty()).then(|| query.address(kind, None));
    let count = found.hits.len();
    (next.is_some() || back.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <span>{format!("{count} shown")}</span>
                <span class="actions">
                    {back.map(|href| view! { <a class="btn btn-small" href=href>"Back to the beginning"</a> })}
                    {next.map(|href| view! { <a class="btn btn-small" href=href rel="next">"Older"</a> })}
                </span>
            </nav>
        }
    })
}
