//! The list of incidents: a GET form whose every choice stands in the URL, rows that one reads down, and a way on.

use super::parts::{SeverityMark, StateMark};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::encode;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, Icon, Kept, Pieces};
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use domain::incidents::{IncidentKey, IncidentState, Severity};
use domain::learnings::FactorCategory;
use domain::rights::{Right, Standing, may};
use domain::{TeamId, walltime};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;
use store::incidents::{Filter, ListPage, Row, Sort};
use store::interviews::Waiting;
use store::people::Team;

/// Rows of a page.
const PAGE: usize = 50;

/// What the URL asks for, as typed; what cannot be read does not filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    team: String,
    severity: String,
    state: String,
    factor: String,
    from: String,
    to: String,
    sort: String,
    after: String,
}

impl ListQuery {
    /// Name and value of each choice that is made; the cursor is none.
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("q", &self.q),
            ("team", &self.team),
            ("severity", &self.severity),
            ("state", &self.state),
            ("factor", &self.factor),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
        ]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name, value.as_str()))
        .collect()
    }

    /// This list's address without `left_out`, with a cursor.
    fn address(&self, left_out: &str, after: Option<&str>) -> String {
        let mut pairs: Vec<String> = self
            .pairs()
            .into_iter()
            .filter(|(name, _)| *name != left_out)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        pairs.extend(after.map(|cursor| format!("after={}", encode(cursor))));
        if pairs.is_empty() { "/incidents".to_owned() } else { format!("/incidents?{}", pairs.join("&")) }
    }

    fn filter(&self) -> Filter {
        Filter {
            text: self.q.clone(),
            team: self.team.parse().ok().map(TeamId),
            severity: Severity::parse(&self.severity).ok(),
            state: IncidentState::from_slug(&self.state),
            factor: FactorCategory::from_slug(&self.factor),
            from: days(&self.from).map(|(first, _)| first),
            until: days(&self.to).map(|(_, after)| after),
            sort: Sort::from_slug(&self.sort),
            after: (!self.after.is_empty()).then(|| self.after.clone()),
        }
    }
}

/// First instant of a day or month (`2026-03-02`, `2026-03`; UTC, as trends count) and the first one after it.
fn days(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = text.trim();
    let (first, after) = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => (day, day.checked_add_days(Days::new(1))?),
        Err(_) => {
            let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
            (first, first.checked_add_months(Months::new(1))?)
        }
    };
    (1970..=9000)
        .contains(&first.year())
        .then(|| (first.and_time(NaiveTime::MIN).and_utc(), after.and_time(NaiveTime::MIN).and_utc()))
}

struct List {
    query: ListQuery,
    filter: Filter,
    page: ListPage,
    teams: Vec<Team>,
    waiting: Vec<Waiting>,
    may_add: bool,
}

pub(super) async fn list(ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let filter = query.filter();
    let list = List {
        page: store::incidents::list(ctx.store(), viewer, &filter, PAGE).await?,
        teams: store::people::teams(ctx.store()).await?,
        waiting: store::interviews::waiting(ctx.store(), viewer, ctx.now).await?,
        may_add: may(Right::EditIncidents, &Standing::of(viewer)),
        query,
        filter,
    };
    Ok(shell::page(&ctx, Head::new("Incidents", Nav::Incidents), move || draw(list)))
}

fn draw(list: List) -> impl IntoView {
    let asked: HashSet<IncidentKey> = list.waiting.iter().map(|w| w.key).collect();
    let first = list.waiting.into_iter().next();
    view! {
        <div class="page-head">
            <div>
                <h1>"Incidents"</h1>
                <p>"What happened, and how far its second story is. Near misses count too."</p>
            </div>
            {list.may_add.then(|| view! {
                <div class="actions">
                    <a class="btn" href="/import"><Icon name="download"/>"Import"</a>
                    <a class="btn btn-primary" href="/incidents/new"><Icon name="plus"/>"New incident"</a>
                </div>
            })}
        </div>
        {first.map(asked_note)}
        {filters(&list.query, &list.filter, &list.teams)}
        {rows(list.page.rows.clone(), &asked, &list.query, list.may_add)}
        {pager(&list.query, &list.page)}
    }
}

fn asked_note(waiting: Waiting) -> impl IntoView {
    let sentence = match waiting.answered {
        0 => "Twelve questions, in any order, at your own pace. Declining is fine.",
        _ => "What you wrote is kept. Go on when it suits you; declining is fine.",
    };
    let words = if waiting.answered == 0 { "Have a look" } else { "Go on" };
    view! {
        <div class="note note-good note-row">
            <Icon name="message-circle"/>
            <div><p><strong>{format!("Your view of {} is asked for.", waiting.key)}</strong>" "{sentence}</p></div>
            <div class="actions"><a class="btn btn-primary" href=format!("/one-on-one/{}", waiting.invitation_id)>{words}</a></div>
        </div>
    }
}

/// A choice of the filter form: "Any", then what there is.
fn choice(name: &'static str, label: &'static str, value: &str, options: Vec<(String, String)>) -> impl IntoView + use<> {
    let id = format!("f-{name}");
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                <option value="">"Any"</option>
                {options
                    .into_iter()
                    .map(|(this, text)| {
                        let selected = this == value;
                        view! { <option value=this selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

fn day_field(name: &'static str, label: &'static str, value: &str) -> impl IntoView + use<> {
    let id = format!("f-{name}");
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name value=value inputmode="numeric" autocomplete="off" placeholder="2026-03"/>
        </div>
    }
}

fn filters(query: &ListQuery, filter: &Filter, teams: &[Team]) -> impl IntoView + use<> {
    let on = query.pairs().iter().filter(|(name, _)| !matches!(*name, "q" | "sort")).count();
    let open = on > 0;
    let team_options = teams.iter().map(|t| (t.id.to_string(), t.name.clone())).collect();
    let severities = Severity::ALL.map(|s| (s.number().to_string(), s.label().to_owned())).to_vec();
    let states = IncidentState::ALL.map(|s| (s.slug().to_owned(), s.label().to_owned())).to_vec();
    let factors = FactorCategory::ALL.map(|c| (c.slug().to_owned(), c.label().to_owned())).to_vec();
    let severity = filter.severity.map(|s| s.number().to_string()).unwrap_or_default();
    let sort = filter.sort;
    let q = query.q.clone();
    view! {
        <form class="filters mt6" action="/incidents" method="get" role="search" aria-label="Filter incidents">
            <div class="filter-line">
                <span class="find">
                    <Icon name="search"/>
                    <label class="vh" for="f-q">"Words in title, summary or key"</label>
                    <input id="f-q" type="search" name="q" value=q placeholder="Search titles and summaries"/>
                </span>
                <label class="vh" for="f-sort">"Sort"</label>
                <span>
                    <select id="f-sort" name="sort">
                        {Sort::ALL
                            .map(|this| {
                                let selected = this == sort;
                                view! { <option value=this.slug() selected=selected>{this.label()}</option> }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </span>
                <button class="btn">"Show"</button>
            </div>
            <details open=open>
                <summary class="btn btn-small">
                    <Icon name="list-filter"/>
                    {if on == 0 { "Filters".to_owned() } else { format!("Filters, {on} on") }}
                </summary>
                <div class="filter-grid">
                    {choice("team", "Team", &query.team, team_options)}
                    {choice("severity", "Severity", &severity, severities)}
                    {choice("state", "State", &query.state, states)}
                    {choice("factor", "Factor", &query.factor, factors)}
                    {day_field("from", "From, month or day", &query.from)}
                    {day_field("to", "To", &query.to)}
                </div>
            </details>
            {chips(query, filter, teams)}
        </form>
    }
}

/// Each filter that is on, with a link that takes it off.
fn chips(query: &ListQuery, filter: &Filter, teams: &[Team]) -> impl IntoView + use<> {
    let mut on: Vec<(&'static str, String)> = Vec::new();
    if !filter.text.trim().is_empty() {
        on.push(("q", format!("“{}”", filter.text.trim())));
    }
    on.extend(filter.team.and_then(|id| teams.iter().find(|t| t.id == id)).map(|t| ("team", t.name.clone())));
    on.extend(filter.severity.map(|s| ("severity", s.label().to_owned())));
    on.extend(filter.state.map(|s| ("state", s.label().to_owned())));
    on.extend(filter.factor.map(|c| ("factor", c.label().to_owned())));
    on.extend(filter.from.map(|_| ("from", format!("From {}", query.from.trim()))));
    on.extend(filter.until.map(|_| ("to", format!("To {}", query.to.trim()))));
    let several = on.len() > 1;
    (!on.is_empty()).then(|| {
        let chips = on.into_iter().map(|(name, text)| {
            view! {
                <a class="chip" href=query.address(name, None)>{text}<Icon name="x"/><span class="vh">"remove this filter"</span></a>
            }
        });
        view! {
            <div class="chips">
                {chips.collect_view()}
                {several.then(|| view! { <a class="small" href="/incidents">"All incidents"</a> })}
            </div>
        }
    })
}

fn rows(rows: Vec<Row>, asked: &HashSet<IncidentKey>, query: &ListQuery, may_add: bool) -> AnyView {
    if rows.is_empty() {
        return nothing(query, may_add).into_any();
    }
    let ctx = expect_context::<Ctx>();
    let (now, zone) = (ctx.now, ctx.zone());
    let mut list = Pieces::default();
    for row in rows {
        let waits = asked.contains(&row.key);
        let this_year = row.started_at.with_timezone(&zone).year() == now.with_timezone(&zone).year();
        let key = RowKey { relative: walltime::relative(row.started_at, now), this_year, waits, zone, row };
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
    zone: Tz,
}

static ROWS: LazyLock<Kept<RowKey>> = LazyLock::new(Kept::default);

fn row_view(RowKey { row, relative, this_year, waits, zone }: RowKey) -> impl IntoView {
    let local = row.started_at.with_timezone(&zone);
    let day = local.format(if this_year { "%-d %b" } else { "%-d %b %Y" }).to_string();
    view! {
        <li class="row">
            <div class="row-lead"><span class="key">{row.key.to_string()}</span><SeverityMark severity=row.severity/></div>
            <div class="row-main">
                <a class="row-title" href=format!("/incidents/{}", row.key)>{row.title}</a>
                <div class="meta">
                    {row.team.map(|team| view! { <span>{team}</span> })}
                    {waits.then(|| view! { <Chip tone="accent">"One-on-one waiting for you"</Chip> })}
                    {row.factors.into_iter().map(|c| view! { <Chip>{c.label()}</Chip> }).collect_view()}
                </div>
            </div>
            <div class="row-state"><StateMark state=row.state/></div>
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
                <p>"Take a filter off, or try fewer words. Words match in title, summary and key."</p>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_every_choice_but_the_one_left_out() {
        let query = ListQuery { q: "disk & co".into(), severity: "2".into(), after: "old".into(), ..ListQuery::default() };
        assert_eq!(query.address("", None), "/incidents?q=disk%20%26%20co&severity=2");
        assert_eq!(query.address("q", Some("next")), "/incidents?severity=2&after=next");
        assert_eq!(ListQuery::default().address("", None), "/incidents");
    }

    #[test]
    fn a_period_is_read_as_days_or_months_and_nonsense_does_not_filter() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(days("2026-02"), Some((at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z"))));
        assert_eq!(days(" 2026-12-31 "), Some((at("2026-12-31T00:00:00Z"), at("2027-01-01T00:00:00Z"))));
        for nonsense in ["", "soon", "2026-13", "0000-01", "99999-01"] {
            assert_eq!(days(nonsense), None, "{nonsense}");
        }
    }
}
