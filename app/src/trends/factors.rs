//! Factors that keep coming back: how often each is named and when; what stands in lists is drawn by [`watched`](super::watched). Incidents
//! are counted, never tags.

use super::findings::{self, SHARES_FROM, per_cent};
use super::incidents::filters;
use super::query::{TrendsQuery, address, listed, with_factor};
use crate::charts::{ChartCard, Course, MultiplesChart, Patterns, Point, Row, ShareBar, SharesChart, Table};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::Query;
use axum::response::Response;
use domain::trends::{FactorRow, wilson};
use domain::vocabulary::{Tag, Vocabulary};
use leptos::prelude::*;
use std::sync::Arc;
use store::people::Team;
use store::services::Service;
use store::trends::{FactorMeasures, Filter, factor_measures};

/// Courses that are drawn; the table has all.
const COURSES: usize = 12;

const OFTEN_COMPUTED: &str = "Incidents with a published second story, imported ones too, that name the factor at least once, divided by all with a \
    published story under the filter. Whiskers: 95 % interval (Wilson). An incident is counted once for a tag, however many of its factors carry \
    it; a tag that was merged into another one counts as that one. It cannot tell how much a factor weighed, nor what nobody wrote down: tags \
    depend on who reviewed. What helped stands on its own page.";
const COURSE_COMPUTED: &str = "By the quarter (UTC) in which an incident began: those that name the factor, of all with a published story. All small \
    charts have one scale, 0 to 100 %. Whiskers: 95 % interval (Wilson); with few reviewed incidents they are long, and neighbouring quarters \
    tell little. Quarters at the ends of the filter may be cut.";

/// What the page shows.
pub(super) struct Shown {
    pub(super) filter: Filter,
    pub(super) measures: Arc<FactorMeasures>,
    teams: Vec<Team>,
    pub(super) services: Vec<Service>,
    words: Arc<Vocabulary>,
}

pub(super) async fn read(ctx: &Ctx, query: &TrendsQuery) -> Result<Shown, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let filter = Filter { factor: None, ..query.filter(ctx.now) };
    Ok(Shown {
        measures: factor_measures(store, viewer, &filter, ctx.now).await?,
        teams: store::people::teams(store).await?,
        services: store::services::list(store, viewer).await?,
        words: Arc::clone(&ctx.vocabulary),
        filter,
    })
}

/// `/trends/factors`.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let shown = read(&ctx, &query).await?;
    Ok(shell::page(&ctx, Head::new("Factors that keep coming back", Nav::Trends), move || {
        let FactorMeasures { reviewed, total, .. } = *shown.measures;
        let lead = format!(
            "{reviewed} of {total} incidents have a published story; factors speak only of those. Incidents are counted, not tags, and tags \
             depend on who reviewed. Seeing a factor again is no failure of a review."
        );
        let helped = address("/trends/helped", &shown.filter);
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="Factors"/>
            <div class="page-head">
                <div><h1>"Factors that keep coming back"</h1><p>{lead}</p></div>
                <div class="actions"><a class="btn" href=helped>"What helped"</a></div>
            </div>
            {shown.board()}
        }
    }))
}

impl Shown {
    /// Everything under the heading.
    pub(super) fn board(&self) -> impl IntoView + use<> {
        view! {
            <div class="board">
                {filters("/trends/factors", &self.filter, None, &self.teams, &self.services)}
                <div class="w6 stack">{self.often()}</div>
                <div class="w6 stack">{self.course()}{self.changes()}</div>
                <h2 id="watch">"To keep an eye on"<small>"Seen again, usual, together: where to look, not what to conclude."</small></h2>
                {self.again()}
                <div class="w6 stack">{self.usual()}</div>
                <div class="w6 stack">{self.together()}</div>
            </div>
        }
    }

    /// The table of a file; `None` where there is no such one.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        Some(match name {
            "often" => self.often_table(),
            "course" => self.course_table(),
            "changes" => self.changes_table(),
            "again" => self.again_table(usize::MAX),
            "usual" => self.usual_table(),
            "together" => self.together_table(),
            _ => return None,
        })
    }

    pub(super) fn csv(&self, name: &str) -> String {
        address(&format!("/trends/{name}.csv"), &self.filter)
    }

    pub(super) fn name(&self, tag: &Tag) -> String {
        self.words.name(tag).to_owned()
    }

    /// Factors that took part; what nobody sorted stands in tables alone, what helped on its own page.
    fn took_part(&self) -> impl Iterator<Item = &store::trends::Course> {
        self.measures.courses.iter().filter(|c| !c.row.factor.is_unsorted() && !self.words.helped(&c.row.factor))
    }

    fn often(&self) -> impl IntoView + use<> {
        let reviewed = self.measures.reviewed;
        let rows: Vec<FactorRow<Tag>> = self.measures.courses.iter().map(|c| c.row.clone()).collect();
        let bar = |c: &store::trends::Course| ShareBar {
            label: self.name(&c.row.factor),
            count: c.row.incidents,
            of: c.row.reviewed,
            interval: c.row.interval,
            link: with_factor(&self.filter, &c.row.factor),
        };
        let bars: Vec<ShareBar> = self.took_part().map(bar).collect();
        let picture = if bars.is_empty() {
            view! { <p class="quiet">"When a review is published, its factors show here."</p> }.into_any()
        } else if reviewed < SHARES_FROM {
            view! { <p class="hidden-cell few"><span>"Too few to say"</span></p> }.into_any()
        } else {
            view! { <SharesChart bars/> }.into_any()
        };
        view! {
            <ChartCard
                class="" finding=findings::of_factors(&rows, reviewed, &self.words)
                counted=format!("Share of reviewed incidents that name a factor, with 95 % intervals. n = {reviewed}. An incident has many factors, so shares add up to more than 100 %.")
                table=self.often_table() computed=OFTEN_COMPUTED csv=self.csv("often")
            >
                {picture}
            </ChartCard>
        }
    }

    fn often_table(&self) -> Table {
        let unsorted = self.measures.courses.iter().filter(|c| c.row.factor.is_unsorted());
        let row = |c: &store::trends::Course| Row {
            head: self.name(&c.row.factor),
            link: Some(with_factor(&self.filter, &c.row.factor)),
            cells: vec![
                c.row.incidents.to_string().into(),
                c.row.reviewed.to_string().into(),
                per_cent(f64::from(c.row.incidents) / f64::from(c.row.reviewed.max(1))).into(),
                format!("{} to {}", per_cent(c.row.interval.0), per_cent(c.row.interval.1)).into(),
            ],
        };
        Table {
            caption: "How often factors are named",
            columns: vec!["Factor", "Incidents", "Of reviewed", "Share", "95 % interval"],
            rows: self.took_part().chain(unsorted).map(row).collect(),
        }
    }

    fn course(&self) -> impl IntoView + use<> {
        let course = |c: &store::trends::Course| Course {
            label: self.name(&c.row.factor),
            whole: format!("{} of {}", c.row.incidents, c.row.reviewed),
            link: with_factor(&self.filter, &c.row.factor),
            points: self.points(c),
        };
        let courses: Vec<Course> = self.took_part().take(COURSES).map(course).collect();
        let more = if self.took_part().count() > COURSES { " The twelve most frequent; the table has all." } else { "" };
        let empty = courses.is_empty();
        view! {
            <ChartCard
                class="" finding=self.lasting()
                counted=format!("Under each bar: incidents that name the factor, of those reviewed, by the quarter in which they began.{more}")
                table=self.course_table() computed=COURSE_COMPUTED csv=self.csv("course")
            >
                {if empty {
                    view! { <p class="quiet">"When a review is published, its factors show here."</p> }.into_any()
                } else {
                    view! { <MultiplesChart courses/> }.into_any()
                }}
            </ChartCard>
        }
    }

    fn points(&self, course: &store::trends::Course) -> Vec<Point> {
        let quarters = self.measures.quarters.iter().zip(&course.by_quarter);
        let point = |((quarter, of), count): (&(domain::trends::Period, u32), &u32)| Point {
            label: format!("{} ’{:02}", &quarter.label()[..2], quarter.calendar_year() % 100),
            period: quarter.label(),
            count: *count,
            of: *of,
            interval: wilson(*count, *of),
            link: format!(
                "{}&state=published",
                listed(&Filter { factor: Some(course.row.factor.clone()), ..self.filter.clone() }, *quarter)
            ),
        };
        quarters.map(point).collect()
    }

    /// The factors that are named in every quarter with a review.
    fn lasting(&self) -> String {
        let reviewed: Vec<usize> =
            self.measures.quarters.iter().enumerate().filter(|(_, (_, of))| *of > 0).map(|(n, _)| n).collect();
        let named = |c: &&store::trends::Course| reviewed.iter().all(|n| c.by_quarter.get(*n).is_some_and(|count| *count > 0));
        let names: Vec<String> = if reviewed.len() < 2 {
            Vec::new()
        } else {
            self.took_part().filter(named).map(|c| self.name(&c.row.factor)).collect()
        };
        match (reviewed.len(), &names[..]) {
            (0, _) => "No incident of these has a published story yet.".to_owned(),
            (1, _) => "One quarter with reviews shows no course yet.".to_owned(),
            (_, []) => "No factor is named in every quarter with reviews.".to_owned(),
            (n, [one]) => format!("{one} is named in each of {n} quarters with reviews."),
            (n, [first, .., last]) if names.len() < 4 => {
                let middle = names[1..names.len() - 1].iter().map(|name| format!(", {name}")).collect::<String>();
                format!("{first}{middle} and {last} are named in each of {n} quarters with reviews.")
            }
            (n, _) => format!("{} factors are named in each of {n} quarters with reviews.", names.len()),
        }
    }

    fn course_table(&self) -> Table {
        let row = |c: &store::trends::Course| {
            let name = self.name(&c.row.factor);
            let points = self.points(c).into_iter().filter(|point| point.of > 0);
            let rows = points.map(move |point| Row {
                head: format!("{name}, {}", point.period),
                link: (point.count > 0).then_some(point.link),
                cells: vec![
                    point.count.to_string().into(),
                    point.of.to_string().into(),
                    format!("{} to {}", per_cent(point.interval.0), per_cent(point.interval.1)).into(),
                ],
            });
            rows.collect::<Vec<_>>()
        };
        Table {
            caption: "Factors by quarter",
            columns: vec!["Factor and quarter", "Incidents", "Of reviewed", "95 % interval"],
            rows: self.took_part().flat_map(row).collect(),
        }
    }
}
