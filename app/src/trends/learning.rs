//! What a period's stories taught: three learnings, small numbers about learning, and how much of it all the figures can see.

use super::findings::per_cent;
use super::incidents::filters;
use super::query::{TrendsQuery, address, listed, listing};
use crate::charts::scale::lasting;
use crate::charts::{ChartCard, MOST_DOTS, Patterns, Row, StripChart, StripDot, StripRow, Table};
use crate::csv::{cells, file};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs};
use axum::extract::Query;
use axum::response::Response;
use domain::trends::{Period, Quartiles, Span, TooFew, quartiles, wilson};
use leptos::prelude::*;
use store::trends::{self, Became, Coverage, Filter, Learned, NamedLearning, ToldStory};

const AT: &str = "/trends/learning";
const HEADING: &str = "What we learn";

const TOLD_COMPUTED: &str = "From the beginning of the impact to the publication of the second story, for incidents with one. Line: median, with its \
    95 % interval between two of the values (order statistics, Conover 1999). Band: the middle half, from six stories on. Imported stories \
    have the time of their import. A story that took long may have had much to tell: there is no goal.";

/// The page.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let filter = query.filter(ctx.now);
    let learned = trends::learned(ctx.store(), viewer, &filter).await?;
    let teams = store::people::teams(ctx.store()).await?;
    let services = store::services::list(ctx.store(), viewer).await?;
    Ok(shell::page(&ctx, Head::new(HEADING, Nav::Trends), move || {
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here=HEADING/>
            <div class="page-head"><div>
                <h1>{HEADING}</h1>
                <p>"Not an index: a few small numbers, each with what it cannot tell. Teams are not compared by them."</p>
            </div></div>
            <div class="board">
                {filters(AT, &filter, None, &teams, &services)}
                <section class="w12 card stack" aria-labelledby="named">
                    <h2 id="named">"Three learnings of these months"</h2>
                    {three(learned.named.clone())}
                    <p class="small"><a href="/learnings">"All learnings"</a></p>
                </section>
                <div class="w7 stack">{told(&filter, &learned.stories)}</div>
                <div class="w5 stack">{numbers(&learned)}{coverage(&filter, learned.coverage)}</div>
            </div>
        }
    }))
}

pub(super) fn three(named: Vec<NamedLearning>) -> impl IntoView {
    if named.is_empty() {
        return view! { <p class="quiet">"When a story is published, what it taught shows here."</p> }.into_any();
    }
    let each = named
        .into_iter()
        .map(|learning| {
            view! {
                <li class="stack stack-tight">
                    <p><a href=format!("/learnings/{}", learning.id)>{markdown::plain(&learning.body)}</a>" "<Chip>{learning.kind.label()}</Chip></p>
                    <p class="small quiet">"From "<a href=format!("/incidents/{}/review", learning.key)>{format!("{}, {}", learning.key, learning.title)}</a></p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain-list stack">{each}</ul> }.into_any()
}

fn minutes(story: &ToldStory) -> f64 {
    (story.published_at - story.started_at).num_minutes().max(0) as f64
}

fn middle(stories: &[&ToldStory]) -> Result<Quartiles, TooFew> {
    quartiles(&stories.iter().map(|story| minutes(story)).collect::<Vec<_>>())
}

/// How long it took until a story was told.
fn told(filter: &Filter, stories: &[ToldStory]) -> impl IntoView + use<> {
    let mut quarters: Vec<(Period, Vec<&ToldStory>)> = Vec::new();
    for story in stories {
        let quarter = Period::month_of(story.started_at.date_naive()).widened(Span::Quarter);
        match quarters.last_mut() {
            Some((last, those)) if *last == quarter => those.push(story),
            _ => quarters.push((quarter, vec![story])),
        }
    }
    let published = |quarter| format!("{}&state=published", listed(filter, quarter));
    let row = |(quarter, those): &(Period, Vec<&ToldStory>)| {
        let shown = if those.len() > MOST_DOTS { &[][..] } else { those.as_slice() };
        let dots = shown.iter().map(|story| StripDot {
            key: story.key.to_string(),
            minutes: minutes(story),
            link: format!("/incidents/{}/review", story.key),
        });
        StripRow {
            label: quarter.label(),
            incidents: those.len(),
            dots: dots.collect(),
            quartiles: middle(those),
            link: published(*quarter),
        }
    };
    let rows: Vec<StripRow> = quarters.iter().map(row).collect();
    let table_row = |row: &StripRow| Row {
        head: row.label.clone(),
        link: Some(row.link.clone()),
        cells: match &row.quartiles {
            Ok(q) => {
                let (low, high) = q.median_interval;
                vec![q.n.to_string().into(), lasting(q.median).into(), format!("{} to {}", lasting(low), lasting(high)).into()]
            }
            Err(few) => vec![few.n.to_string().into(), "too few to say".into(), "".into()],
        },
    };
    let columns = vec!["Quarter", "Stories", "Median", "Its 95 % interval"];
    let table = Table { caption: "How long until the story was told", columns, rows: rows.iter().map(table_row).collect() };
    let finding = told_finding(&stories.iter().collect::<Vec<_>>());
    let counted = format!(
        "From the beginning of the impact to the published story, by the quarter in which it began. One dot is one story and opens it. n = {}.",
        stories.len()
    );
    view! {
        <ChartCard class="" finding counted table computed=TOLD_COMPUTED csv=address("/trends/learning.csv", filter)>
            {if rows.is_empty() {
                view! { <p class="quiet">"When a story is published, it shows here."</p> }.into_any()
            } else {
                view! { <StripChart rows/> }.into_any()
            }}
        </ChartCard>
    }
}

/// A number with what it is out of and what it cannot tell.
struct Small {
    label: &'static str,
    value: String,
    cannot: &'static str,
}

fn share(of: u32, all: u32) -> String {
    if all == 0 { "none yet".to_owned() } else { format!("{of} of {all}") }
}

fn per_story(stories: &[ToldStory]) -> String {
    let counts: Vec<f64> = stories.iter().map(|story| f64::from(story.learnings)).collect();
    match quartiles(&counts) {
        Ok(q) => {
            let (low, high) = counts.iter().fold((f64::MAX, 0f64), |(low, high), n| (low.min(*n), high.max(*n)));
            format!("median {:.0}, from {low:.0} to {high:.0}", q.median)
        }
        Err(TooFew { n: 0 }) => "none yet".to_owned(),
        Err(_) => "too few to say".to_owned(),
    }
}

/// How the sentences of [`shortly`] come about.
pub(super) const SHORTLY: &str = "From the beginning of the impact to the published story, and what became of the learnings of these months’ stories. The page \
    behind it has every number with what it cannot tell.";

/// Learning in a few sentences.
pub(super) fn shortly(learned: &Learned) -> Vec<String> {
    let Became { all, met_again, in_runbook, practised, .. } = learned.became;
    let told = told_finding(&learned.stories.iter().collect::<Vec<_>>());
    if all == 0 {
        return vec![told];
    }
    let of = |n: u32| if n == 0 { "none".to_owned() } else { n.to_string() };
    let became = format!(
        "Of {all} {} {} met again by a later incident, {} stands in a runbook, {} was practised.",
        if all == 1 { "learning" } else { "learnings" },
        if met_again == 1 { "1 was".to_owned() } else { format!("{} were", of(met_again)) },
        of(in_runbook),
        of(practised)
    );
    vec![told, became]
}

fn told_finding(stories: &[&ToldStory]) -> String {
    match middle(stories) {
        Ok(q) => format!("Half of the stories were told within {} of the beginning.", lasting(q.median)),
        Err(TooFew { n: 0 }) => "No story of these months is published yet.".to_owned(),
        Err(TooFew { n }) => format!("{n} published: too few to say how long stories take."),
    }
}

fn smalls(learned: &Learned) -> Vec<Small> {
    let Became { all, confirmed, outdated, met_again, new_to_others, in_runbook, practised } = learned.became;
    let published = learned.coverage.published;
    vec![
        Small {
            label: "Learnings in a story",
            value: per_story(&learned.stories),
            cannot: "More is not better: one that changes how people work is worth ten that are filed.",
        },
        Small {
            label: "New to others, too",
            value: share(new_to_others, all),
            cannot: "Counted where a group of the smallest size, five at least, said so besides you. Who does not say so may still have learned it.",
        },
        Small {
            label: "Met again by a later incident",
            value: share(met_again, all),
            cannot: "Somebody has to recognise it. Meeting a learning again is no failure: it means that it was kept.",
        },
        Small { label: "In a runbook", value: share(in_runbook, all), cannot: "Whether the runbook is read when it matters." },
        Small { label: "Practised in an exercise", value: share(practised, all), cannot: "How the exercise went." },
        Small {
            label: "Said to hold still, or no more",
            value: if all == 0 { "none yet".to_owned() } else { format!("{confirmed} hold, {outdated} no more, of {all}") },
            cannot: "Nobody has looked again at the others yet.",
        },
        Small {
            label: "Stories read by five or more",
            value: share(learned.read, published),
            cannot: "Who they were, and whether it stayed with them. More than five where your smallest group is larger. Restricted ones are counted for nobody.",
        },
    ]
}

fn numbers(learned: &Learned) -> impl IntoView + use<> {
    let rows = smalls(learned)
        .into_iter()
        .map(|small| {
            view! { <tr><th scope="row">{small.label}<br/><span class="quiet small">{small.cannot}</span></th><td class="n">{small.value}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card stack">
            <h2>"What becomes of learnings"</h2>
            <div class="table-wrap" tabindex="0" role="region" aria-label="What becomes of learnings"><table><tbody>{rows}</tbody></table></div>
        </section>
    }
}

fn coverage(filter: &Filter, c: Coverage) -> impl IntoView + use<> {
    let all = listing(filter);
    let (low, high) = wilson(c.published, c.incidents);
    let finding = if c.incidents == 0 {
        "No incident began in these months.".to_owned()
    } else {
        let share = per_cent(f64::from(c.published) / f64::from(c.incidents));
        format!(
            "{} of {} incidents have a published story: {share} (95 % interval {} to {}). Figures about factors and learnings speak of these alone.",
            c.published,
            c.incidents,
            per_cent(low),
            per_cent(high)
        )
    };
    let line = |label: &'static str, number: u32| view! { <tr><th scope="row">{label}</th><td class="n">{number}</td></tr> };
    view! {
        <section class="card stack">
            <h2>"How much of it can be seen"</h2>
            <p>{finding}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label="How much of it can be seen"><table><tbody>
                {line("Review on its way", c.in_review)}
                {line("A note is enough, or none is held, with a reason", c.let_be)}
                {line("Without an end: not in the durations", c.without_end)}
                {line("Without a word in the timeline", c.without_timeline)}
                {line("Published without a sorted factor", c.unsorted)}
            </tbody></table></div>
            <p class="small"><a href=all>"All incidents of these months"</a></p>
        </section>
    }
}

/// The stories as a file.
pub async fn csv(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let learned = trends::learned(ctx.store(), ctx.viewer()?, &query.filter(ctx.now)).await?;
    let mut lines = vec![cells(&["incident", "started_at", "published_at", "learnings"])];
    for story in &learned.stories {
        let (started, published) = (story.started_at.to_rfc3339(), story.published_at.to_rfc3339());
        lines.push(cells(&[&story.key.to_string(), &started, &published, &story.learnings.to_string()]));
    }
    Ok(file("learning.csv", &lines))
}
