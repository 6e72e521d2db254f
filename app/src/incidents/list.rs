//! The list of incidents: filters, rows that one reads down, a way on; and, where rows are ticked, a change of many at once.

use super::bulk::{BulkFields, bar};
use super::filters::{ListQuery, filters};
use super::parts::{NatureMark, SeverityMark, StateMark};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, Icon, Kept, Pieces};
use axum::extract::Query;
use axum::response::Response;
use chrono::Datelike;
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::rights::{Right, Standing, may};
use domain::walltime;
use leptos::prelude::*;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use store::incidents::{Filter, Front, ListPage, Row, Sort};
use store::interviews::AskedOf;

/// Rows of a page.
const PAGE: usize = 50;

struct List {
    query: ListQuery,
    filter: Filter,
    front: Arc<Front>,
    may_add: bool,
    /// How many incidents are proposed to whoever may add some.
    proposed: i64,
    /// What the form about ticked rows holds, where rows can be ticked.
    bulk: Option<Form<BulkFields>>,
}

pub(super) async fn list(ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Response, AppError> {
    draw_list(&ctx, query, Form::default()).await
}

/// Serves the list, and the refused change of many.
pub(super) async fn draw_list(ctx: &Ctx, query: ListQuery, bulk: Form<BulkFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let filter = query.filter();
    let may_add = may(Right::EditIncidents, &Standing::of(viewer));
    let head = Head::new("Incidents", Nav::Incidents).refused(&bulk.invalid);
    let list = List {
        front: store::incidents::front(ctx.store(), viewer, &filter, PAGE).await?,
        may_add,
        proposed: if may_add { store::timeline::hooks::proposed(ctx.store(), viewer).await? } else { 0 },
        bulk: (may_add && query.selects()).then_some(bulk),
        query,
        filter,
    };
    Ok(shell::page(ctx, head, move || draw(list)))
}

fn draw(list: List) -> impl IntoView {
    let Front { page, choices, asked } = &*list.front;
    let first = asked.first().cloned();
    let asked: HashSet<IncidentKey> = asked.iter().map(|w| w.key).collect();
    let ticked = list.bulk.as_ref().map(|form| form.typed.keys.iter().filter_map(|k| k.parse().ok()).collect());
    view! {
        <div class="page-head">
            <div>
                <h1>"Incidents"</h1>
                <p>"What happened, and how far its second story is. Near misses count too."</p>
            </div>
            {list.may_add.then(|| view! {
                <div class="actions">
                    {(list.proposed > 0).then(|| view! { <a class="btn" href="/proposals">{format!("{} proposed", list.proposed)}</a> })}
                    <a class="btn" href="/import"><Icon name="download"/>"Import"</a>
                    <a class="btn btn-primary" href="/incidents/new"><Icon name="plus"/>"New incident"</a>
                </div>
            })}
        </div>
        {first.map(asked_note)}
        {filters(&list.query, &list.filter, choices)}
        {tools(&list.query, page, list.may_add)}
        {rows(page.rows.clone(), &asked, ticked.as_ref(), &list.query, list.may_add)}
        {list.bulk.filter(|_| !page.rows.is_empty()).map(|form| bar(form, &list.query, &choices.teams))}
        {pager(&list.query, page)}
        <p class="list-tools small"><a href="/still-in-place">"Still in place"</a><a href="/trash">"Trash"</a></p>
    }
}

fn asked_note(asked: AskedOf) -> impl IntoView {
    let sentence = if asked.started {
        "What you wrote is kept. Go on when it suits you; declining is fine."
    } else {
        "A few questions, in any order, at your own pace. Declining is fine."
    };
    let words = if asked.started { "Go on" } else { "Have a look" };
    view! {
        <div class="note note-good note-row">
            <Icon name="message-circle"/>
            <div><p><strong>{format!("Your view of {} is asked for.", asked.key)}</strong>" "{sentence}</p></div>
            <div class="actions"><a class="btn btn-primary" href=format!("/one-on-one/{}", asked.invitation_id)>{words}</a></div>
        </div>
    }
}

/// What can be done with the list as a whole.
fn tools(query: &ListQuery, page: &ListPage, may_change: bool) -> impl IntoView + use<> {
    let asked = query.query("select", None);
    let csv = if asked.is_empty() { "/incidents.csv".to_owned() } else { format!("/incidents.csv?{asked}") };
    let select = query.selects();
    let ticking = query.ticking(!select);
    let after = (!query.after.is_empty()).then_some(query.after.as_str());
    let other = ticking.address("", after);
    (!page.rows.is_empty()).then(|| {
        view! {
            <p class="list-tools small">
                {may_change.then(|| view! { <a href=other>{if select { "Done changing several" } else { "Change several" }}</a> })}
                <a href=csv download="incidents.csv">"Save as CSV"</a>
            </p>
        }
    })
}

/// A few rows of the list, for pages that lead to it.
pub(crate) fn brief_rows(rows: Vec<Row>) -> AnyView {
    kept_rows(rows, &HashSet::new(), None)
}

fn rows(
    rows: Vec<Row>,
    asked: &HashSet<IncidentKey>,
    ticked: Option<&HashSet<IncidentKey>>,
    query: &ListQuery,
    may_add: bool,
) -> AnyView {
    if rows.is_empty() {
        return nothing(query, may_add).into_any();
    }
    kept_rows(rows, asked, ticked)
}

fn kept_rows(rows: Vec<Row>, asked: &HashSet<IncidentKey>, ticked: Option<&HashSet<IncidentKey>>) -> AnyView {
    let ctx = expect_context::<Ctx>();
    let (now, zone) = (ctx.now, ctx.zone());
    let mut list = Pieces::default();
    for row in rows {
        let waits = asked.contains(&row.key);
        let this_year = row.started_at.with_timezone(&zone).year() == now.with_timezone(&zone).year();
        let tick = ticked.map(|keys| keys.contains(&row.key));
        let severity = ctx.severities.name(row.severity).to_owned();
        let factors = row.factors.iter().take(LABELS).map(|tag| ctx.vocabulary.name(tag).to_owned()).collect();
        let relative = walltime::relative(row.started_at, now);
        let key = RowKey { relative, this_year, waits, tick, zone, severity, factors, row };
        list.keep(&ROWS, &key, || row_view(key.clone()));
    }
    list.list("rows").into_any()
}

/// All that a row shows.
#[derive(Clone, PartialEq, Eq, Hash)]
struct RowKey {
    row: Row,
    /// How long ago it began.
    relative: String,
    /// Then its day goes without the year.
    this_year: bool,
    /// A one-on-one waits for the viewer.
    waits: bool,
    /// It can be ticked, and is or is not.
    tick: Option<bool>,
    zone: Tz,
    /// What its severity is called.
    severity: String,
    /// What the first of its factors are called.
    factors: Vec<String>,
}

static ROWS: LazyLock<Kept<RowKey>> = LazyLock::new(Kept::default);

/// Factors named in a row.
const LABELS: usize = 3;

fn row_view(RowKey { row, relative, this_year, waits, tick, zone, factors, .. }: RowKey) -> impl IntoView {
    let local = row.started_at.with_timezone(&zone);
    let day = local.format(if this_year { "%-d %b" } else { "%-d %b %Y" }).to_string();
    view! {
        <li class="row">
            <div class="row-lead">
                {tick.map(|checked| view! {
                    <input type="checkbox" form="bulk" name="keys" value=row.key.to_string() checked=checked aria-label=format!("Tick {}", row.key)/>
                })}
                <span class="key">{row.key.to_string()}</span>
                <SeverityMark severity=row.severity/>
            </div>
            <div class="row-main">
                <a class="row-title" href=format!("/incidents/{}", row.key)>{row.title}</a>
                <div class="meta">
                    {row.team.map(|team| view! { <span>{team}</span> })}
                    <NatureMark nature=row.nature/>
                    {waits.then(|| view! { <Chip tone="accent">"One-on-one waiting for you"</Chip> })}
                    {row.restricted.then(|| view! { <Chip tone="care"><Icon name="eye-off"/>"Restricted"</Chip> })}
                    {factors.into_iter().map(|name| view! { <Chip>{name}</Chip> }).collect_view()}
                </div>
            </div>
            <div class="row-state"><StateMark state=row.state revised=row.revised_at.is_some()/></div>
            <div class="row-side">
                <time class="small" datetime=row.started_at.to_rfc3339() title=walltime::absolute(row.started_at, zone)>{day}</time>
                <span class="key">{relative}</span>
            </div>
        </li>
    }
}

fn nothing(query: &ListQuery, may_add: bool) -> impl IntoView + use<> {
    let filtered = query.pairs().iter().any(|(name, _)| *name != "sort");
    let paged = !query.after.is_empty();
    let beginning = query.address("", None);
    if paged {
        view! { <Empty heading="This is the end of the list"><p><a href=beginning>"Back to its beginning"</a></p></Empty> }
            .into_any()
    } else if filtered {
        view! {
            <Empty heading="No incident is like that">
                <p>"Take a filter off, or try fewer words. A word is found by how it begins, in title, summary and key; a phrase in quotation marks stands as it is."</p>
                <p><a class="btn" href="/incidents">"All incidents"</a></p>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty heading="No incidents yet">
                <p>"Bring in reviews that were written elsewhere, or write the first one down: a title and a time are enough to begin."</p>
                {may_add.then(|| view! {
                    <p class="actions">
                        <a class="btn" href="/import"><Icon name="download"/>"Import reviews"</a>
                        <a class="btn btn-primary" href="/incidents/new"><Icon name="plus"/>"New incident"</a>
                    </p>
                })}
            </Empty>
        }
        .into_any()
    }
}

fn pager(query: &ListQuery, page: &ListPage) -> impl IntoView + use<> {
    let next = page.next.as_deref().map(|cursor| query.address("", Some(cursor)));
    let back = (!query.after.is_empty()).then(|| query.address("", None));
    let count = page.rows.len();
    let words = match Sort::from_slug(&query.sort) {
        Sort::Newest => "Older",
        Sort::Oldest => "Newer",
        Sort::Changed => "Changed before",
    };
    (next.is_some() || back.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <span>{format!("{count} shown")}</span>
                <span class="actions">
                    {back.map(|href| view! { <a class="btn btn-small" href=href>"Back to the beginning"</a> })}
                    {next.map(|href| view! { <a class="btn btn-small" href=href rel="next">{words}</a> })}
                </span>
            </nav>
        }
    })
}
