//! What happens and keeps coming back: incident measures under the filters of the URL. Every mark opens exactly what it counts.

use super::annotations::{self, Told};
use super::compared::{self, Compared};
use super::findings::{self, Nouns, SHARES_FROM, per_cent};
use super::places::{of_service, of_team};
use super::query::{ANY, address, listed, listing, with_factor};
use super::{between, right};
use crate::charts::scale::lasting;
use crate::charts::{
    ChartCard, CountBar, CountsChart, MOST_DOTS, Row, ShareBar, SharesChart, StripChart, StripDot, StripRow, Table,
};
use crate::ctx::Ctx;
use crate::incidents::factor_choices;
use crate::ui::{Icon, Select, TextField};
use chrono::{DateTime, Utc};
use domain::incidents::{Nature, Severity};
use domain::trends::{Against, FactorRow, Period, Quartiles, Span, TooFew, poisson_interval, quartiles};
use domain::vocabulary::Tag;
use leptos::prelude::*;
use store::people::Team;
use store::services::Service;
use store::trends::{Filter, IncidentMeasures, Lasted};

const COUNTS_COMPUTED: &str = "Incidents by the month in which their impact began, in UTC; imported ones too. Near misses and what went right \
    are chosen apart. Whiskers: exact 95 % \
    interval of a count (Poisson), that is, what the same conditions could have given by chance. Fewer reported incidents need not be good news.";
const FACTORS_COMPUTED: &str = "Incidents with a published second story, imported ones too, that name the factor at least once, divided by all with a \
    published story. Whiskers: 95 % interval (Wilson). What helped is drawn apart, \
    factors that nobody has sorted yet stand in the table alone. A tag that was merged into another one counts as that one. \
    Seeing a factor again is no failure of the review before.";
const LASTED_COMPUTED: &str = "From the start of the impact to its end, as entered, for incidents that have an end. Line: median, with its 95 % \
    interval between two of the durations (order statistics, Conover 1999). Band: the middle half (type 7 quartiles), from six incidents on. Start and end are judgements and a few long ones rule every mean, so there is no mean and no goal.";

/// What the block is drawn from, beside the counts.
pub struct Block {
    /// What is counted.
    pub filter: Filter,
    /// What it is compared with.
    pub against: Option<Against>,
    /// Both counts; `Some(None)` where both periods would share months.
    pub compared: Option<Option<Compared>>,
    /// Teams to choose from.
    pub teams: Vec<Team>,
    /// Services to choose from.
    pub services: Vec<Service>,
    /// What changed in the organisation in these months.
    pub changed: Told,
    /// Now.
    pub now: DateTime<Utc>,
}

/// The block.
pub fn block(block: &Block, measures: &IncidentMeasures) -> impl IntoView + use<> {
    let Block { filter, against, compared, now, .. } = block;
    let all = Nouns::of(filter.nature).count(measures.total());
    let coverage = format!("{} of {all} have a published story. Factors speak only of those.", measures.reviewed);
    let both = compared.as_ref().and_then(Option::as_ref);
    view! {
        <h2 id="incidents">"What happens, and keeps coming back"<small>{coverage}</small></h2>
        {filters("/trends#incidents", filter, *against, &block.teams, &block.services)}
        {beside(filter, *against, measures)}
        {annotations::beside(&block.changed)}
        {compared.clone().map(compared::card)}
        <div class="w7 stack">{counts(filter, measures, both, *now)}{durations(filter, measures)}</div>
        <div class="w5 stack">{factors(filter, measures)}{right::card(filter, measures)}</div>
    }
}

/// What else there is under the same filter, and what it can be compared with: one click each.
fn beside(filter: &Filter, against: Option<Against>, measures: &IncidentMeasures) -> impl IntoView + use<> {
    let place = |filter: &Filter, against: Option<Against>| {
        let compare = against.map(|a| format!("&compare={}", a.slug())).unwrap_or_default();
        format!("{}{compare}#incidents", address("/trends", filter))
    };
    let others = Nature::ALL.into_iter().filter(|nature| Some(*nature) != filter.nature).map(|nature| {
        let count = measures.natures.iter().find(|(this, _)| *this == nature).map_or(0, |(_, count)| *count);
        let href = place(&Filter { nature: Some(nature), ..filter.clone() }, against);
        view! { <a class="chip" href=href>{Nouns::of(Some(nature)).count(count)}</a> }
    });
    let others: Vec<_> = others.collect();
    let ways = Against::ALL.into_iter().map(|this| {
        let on = against == Some(this);
        // What is chosen is taken off where it stands.
        let href = place(filter, (!on).then_some(this));
        view! {
            <a class="chip" href=href>{compared::label(this)}{on.then(|| view! { <Icon name="x"/><span class="vh">"do not compare"</span> })}</a>
        }
    });
    let ways: Vec<_> = ways.collect();
    view! {
        <p class="chips small w12">"Counted apart: "{others}</p>
        <p class="chips small w12">"Compare with: "{ways}</p>
    }
}

/// The form of the filters of a page. On pages about factors a factor is none: a share among incidents that were chosen by one says nothing.
pub(super) fn filters(
    page: &'static str,
    filter: &Filter,
    against: Option<Against>,
    teams: &[Team],
    services: &[Service],
) -> impl IntoView + use<> {
    let by_factor = !matches!(page, "/trends/factors" | "/trends/helped");
    let compares = page.starts_with("/trends#");
    let natures = Nature::ALL.into_iter().map(|n| (n.slug().to_owned(), n.label().to_owned()));
    let nature_options = natures.chain([(ANY.to_owned(), "All together".to_owned())]).collect::<Vec<_>>();
    let nature = filter.nature.map_or(ANY, Nature::slug).to_owned();
    let ways = Against::ALL.into_iter().map(|a| (a.slug().to_owned(), compared::label(a).to_owned()));
    let against_options = std::iter::once((String::new(), "Nothing".to_owned())).chain(ways).collect::<Vec<_>>();
    let against = against.map(|a| a.slug().to_owned()).unwrap_or_default();
    let all = |label: &str| (String::new(), label.to_owned());
    let team_options =
        std::iter::once(all("All teams")).chain(teams.iter().map(|t| (t.id.to_string(), t.name.clone()))).collect::<Vec<_>>();
    let named = services.iter().map(|s| (s.id.to_string(), s.name.clone()));
    let service_options = std::iter::once(all("All services")).chain(named).collect::<Vec<_>>();
    let words = expect_context::<Ctx>().severities;
    let severities = Severity::ALL.into_iter().map(|s| (s.label().to_owned(), words.name(s).to_owned()));
    let severity_options = std::iter::once(all("All severities")).chain(severities).collect::<Vec<_>>();
    let (factor, tags) = factor_choices(&expect_context::<Ctx>().vocabulary, filter.factor.as_ref());
    let factor_options = std::iter::once(all("All factors")).chain(tags).collect::<Vec<_>>();
    let team = filter.team.map(|t| t.to_string()).unwrap_or_default();
    let service = filter.service.map(|s| s.to_string()).unwrap_or_default();
    let severity = filter.severity.map(|s| s.label().to_owned()).unwrap_or_default();
    let summary = format!("{} to {}", filter.from.label(), filter.to.label());
    let team_page = filter.team.and_then(|id| teams.iter().find(|t| t.id == id)).map(|t| (of_team(t.id), t.name.clone()));
    let service_page =
        filter.service.and_then(|id| services.iter().find(|s| s.id == id)).map(|s| (of_service(s.id), s.name.clone()));
    let chosen = team_page.into_iter().chain(service_page);
    let pages: Vec<_> =
        chosen.map(|(href, name)| view! { <a class="small" href=href>{format!("The page of {name}")}</a> }).collect();
    view! {
        <form class="filters w12" method="get" action=page>
            <details>
                <summary class="btn btn-small"><Icon name="list-filter"/>{summary}</summary>
                <div class="filter-grid">
                    <TextField name="from" kind="month" label="From month" value=filter.from.to_string() placeholder="2026-01"/>
                    <TextField name="to" kind="month" label="To month" value=filter.to.to_string() placeholder="2026-12"/>
                    {compares.then(|| view! { <Select name="compare" label="Compare with" value=against options=against_options/> })}
                    <Select name="nature" label="What it was" value=nature options=nature_options/>
                    <Select name="team" label="Team" value=team options=team_options/>
                    {(service_options.len() > 1).then(|| view! { <Select name="service" label="Service" value=service options=service_options/> })}
                    <Select name="severity" label="Severity" value=severity options=severity_options/>
                    {by_factor.then(|| view! { <Select name="factor" label="Factor" value=factor options=factor_options/> })}
                    <button class="btn">"Show"</button>
                </div>
            </details>
            {(!pages.is_empty()).then(|| view! { <p class="chips">{pages}</p> })}
        </form>
    }
}

/// How many began in each month, with the list behind each; where they are few, the time between them.
pub(super) fn counts(
    filter: &Filter,
    measures: &IncidentMeasures,
    compared: Option<&Compared>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    if between::says_more(measures) && compared.is_none() {
        between::card(filter, measures, now).into_any()
    } else {
        by_month(filter, measures, compared, now).into_any()
    }
}

fn by_month(
    filter: &Filter,
    measures: &IncidentMeasures,
    compared: Option<&Compared>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let nouns = Nouns::of(filter.nature);
    let many = measures.months.len() > 12;
    let bars: Vec<CountBar> = measures
        .months
        .iter()
        .map(|m| CountBar {
            label: m.month.first_day().format(if many { "%b %y" } else { "%b" }).to_string(),
            month: m.month.label(),
            count: m.incidents,
            interval: poisson_interval(m.incidents),
            link: listed(filter, m.month),
        })
        .collect();
    let interval = |(low, high): (f64, f64)| format!("{low:.1} to {high:.1}");
    let by_month = bars.iter().map(|b| Row {
        head: b.month.clone(),
        link: Some(b.link.clone()),
        cells: vec![b.count.to_string().into(), interval(b.interval).into()],
    });
    // Both periods of a comparison, and what chance has to do with them.
    let sides = compared.into_iter().flat_map(|both| [&both.now, &both.before]).map(|side| Row {
        head: side.label(),
        link: Some(listing(&side.filter)),
        cells: vec![side.incidents.to_string().into(), interval(side.interval()).into()],
    });
    let chance = compared.map(|both| Row {
        head: "Chance of such a difference where nothing changed".to_owned(),
        link: None,
        cells: vec![format!("{:.2}", both.chance()).into(), "".into()],
    });
    let rows = by_month.chain(sides).chain(chance).collect();
    let table = Table { caption: "Incidents by month", columns: vec!["Month", "Incidents", "95 % interval"], rows };
    let current = Period::month_of(now.date_naive());
    let unfinished = if filter.to >= current { format!(" {} is not over.", current.label()) } else { String::new() };
    let counted = format!(
        "By the month in which they began (UTC), with 95 % intervals. n = {}.{unfinished}",
        nouns.count(measures.total())
    );
    let compare = compared.map(|both| format!("&compare={}", both.slug())).unwrap_or_default();
    view! {
        <ChartCard
            class="" finding=findings::of_counts(&measures.months, nouns) counted table computed=COUNTS_COMPUTED
            csv=format!("{}{compare}", address("/trends/incidents.csv", filter))
        >
            <CountsChart bars nouns=(nouns.one, nouns.many)/>
        </ChartCard>
    }
}

/// Which factors keep taking part, among reviewed incidents.
pub(super) fn factors(filter: &Filter, measures: &IncidentMeasures) -> impl IntoView + use<> {
    let (reviewed, words) = (measures.reviewed, expect_context::<Ctx>().vocabulary);
    let bar = |f: &FactorRow<Tag>| ShareBar {
        label: words.name(&f.factor).to_owned(),
        count: f.incidents,
        of: f.reviewed,
        interval: f.interval,
        link: with_factor(filter, &f.factor),
    };
    let took_part = measures.factors.iter().filter(|f| !f.factor.is_unsorted() && !words.helped(&f.factor));
    let bars: Vec<ShareBar> = took_part.take(10).map(bar).collect();
    let helped: Vec<ShareBar> = measures.factors.iter().filter(|f| words.helped(&f.factor)).take(5).map(bar).collect();
    let rows = measures
        .factors
        .iter()
        .map(|f| Row {
            head: words.name(&f.factor).to_owned(),
            link: Some(with_factor(filter, &f.factor)),
            cells: vec![
                format!("{} of {}", f.incidents, f.reviewed).into(),
                per_cent(f64::from(f.incidents) / f64::from(f.reviewed.max(1))).into(),
                format!("{} to {}", per_cent(f.interval.0), per_cent(f.interval.1)).into(),
            ],
        })
        .collect();
    let table = Table { caption: "Contributing factors", columns: vec!["Factor", "Incidents", "Share", "95 % interval"], rows };
    let left_out = measures.factors.len() > 10;
    let more = if left_out { " The ten most frequent; the table has all." } else { "" };
    let counted = format!(
        "Share of reviewed incidents that name a factor, with 95 % intervals. n = {reviewed}. An incident has many factors, so shares add up \
         to more than 100 %.{more}"
    );
    let over_time = address("/trends/factors", filter);
    view! {
        <ChartCard
            class="" finding=findings::of_factors(&measures.factors, reviewed, &words) counted table computed=FACTORS_COMPUTED
            csv=address("/trends/factors.csv", filter)
        >
            <p class="small"><a href=over_time>"Over time, seen again, together"</a></p>
            {if bars.is_empty() && helped.is_empty() {
                view! { <p class="quiet">"When a review is published, its factors show here."</p> }.into_any()
            } else if reviewed < SHARES_FROM {
                view! { <p class="hidden-cell few"><span>"Too few to say"</span></p> }.into_any()
            } else {
                view! {
                    {(!bars.is_empty()).then(|| view! { <SharesChart bars/> })}
                    {(!helped.is_empty()).then(|| view! { <p class="mt4">"What helped"</p><SharesChart label="What helped, with 95 percent intervals" bars=helped/> })}
                }
                .into_any()
            }}
        </ChartCard>
    }
}

fn durations(filter: &Filter, measures: &IncidentMeasures) -> impl IntoView + use<> {
    let lasted = &measures.lasted;
    let whole = middle(lasted);
    let rows: Vec<StripRow> = quarters(filter)
        .into_iter()
        .filter_map(|quarter| {
            let those = began_in(lasted, quarter);
            (!those.is_empty()).then(|| strip_row(filter, quarter, those))
        })
        .collect();
    let table_rows = rows
        .iter()
        .map(|row| Row {
            head: row.label.clone(),
            link: Some(row.link.clone()),
            cells: match &row.quartiles {
                Ok(q) => {
                    let (low, high) = q.median_interval;
                    let interval = format!("{} to {}", lasting(low), lasting(high));
                    let spread = [lasting(q.lower), lasting(q.median), interval, lasting(q.upper)];
                    std::iter::once(q.n.to_string()).chain(spread).map(Into::into).collect()
                }
                Err(few) => vec![few.n.to_string().into(), "too few to say".into(), "".into(), "".into(), "".into()],
            },
        })
        .collect();
    let columns = vec!["Quarter", "Incidents with an end", "A quarter below", "Median", "Its 95 % interval", "A quarter above"];
    let crowded = rows.iter().any(|row| row.incidents > MOST_DOTS);
    let table = Table { caption: "How long incidents lasted", columns, rows: table_rows };
    let counted = format!(
        "From the start of the impact to its end. One dot is one incident and opens it. Upright line: median, level line: its 95 % interval, band: \
         the middle half, from six on. The axis is logarithmic. n = {}.",
        lasted.len()
    );
    view! {
        <ChartCard
            class="" finding=findings::of_durations(&whole) counted table computed=LASTED_COMPUTED
            csv=address("/trends/durations.csv", filter)
        >
            {if rows.is_empty() {
                view! { <p class="quiet">"Incidents with an end show here."</p> }.into_any()
            } else {
                view! {
                    <StripChart rows/>
                    {crowded.then(|| view! {
                        <p class="hint">{format!("Quarters with more than {MOST_DOTS} incidents show line and band alone; their incidents are in the list and in the file.")}</p>
                    })}
                }
                .into_any()
            }}
        </ChartCard>
    }
}

/// Those of one quarter, of durations that come by when they began.
fn began_in(lasted: &[Lasted], quarter: Period) -> &[Lasted] {
    let before = |day| lasted.partition_point(|l| l.started_at.date_naive() < day);
    &lasted[before(quarter.first_day())..before(quarter.closed_on())]
}

fn strip_row(filter: &Filter, quarter: Period, those: &[Lasted]) -> StripRow {
    let shown = if those.len() > MOST_DOTS { &[] } else { those };
    let dots = shown
        .iter()
        .map(|l| StripDot { key: l.key.to_string(), minutes: l.minutes as f64, link: format!("/incidents/{}", l.key) })
        .collect();
    StripRow { label: quarter.label(), incidents: those.len(), dots, quartiles: middle(those), link: listed(filter, quarter) }
}

fn middle(lasted: &[Lasted]) -> Result<Quartiles, TooFew> {
    quartiles(&lasted.iter().map(|l| l.minutes as f64).collect::<Vec<_>>())
}

fn quarters(filter: &Filter) -> Vec<Period> {
    let (first, last) = (filter.from.widened(Span::Quarter), filter.to.widened(Span::Quarter));
    std::iter::successors(Some(first), |q| Some(q.next())).take_while(|q| *q <= last).collect()
}
