//! The figures of the page as CSV: the same ones, released or live, as files for a spreadsheet.

use super::findings::hidden;
use super::page::compared;
use super::query::TrendsQuery;
use super::{between as gaps, right as stories, spread as spreading};
use crate::csv::{cells, file};
use crate::ctx::Ctx;
use crate::error::AppError;
use axum::extract::Query;
use axum::response::Response;
use domain::trends::{Unit, poisson_interval, wilson};
use store::trends;

/// Released people measures; no filter applies.
pub async fn hours(ctx: Ctx) -> Result<Response, AppError> {
    let released = trends::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let mut lines = vec![cells(&[
        "period",
        "unit",
        "people",
        "working",
        "evening",
        "night",
        "weekend",
        "outside",
        "all",
        "hidden_because",
        "confirmed",
        "asked",
    ])];
    for figure in &released.hours.figures {
        let unit = match figure.cell.unit {
            Unit::Organisation => "All teams".to_owned(),
            Unit::Team(id) => released.teams.iter().find(|t| t.id == id).map(|t| t.name.clone()).unwrap_or_default(),
        };
        let period = figure.cell.period.to_string();
        // Of months alone, and where it may be said.
        let complete = released.completeness.figure(figure.cell.unit, figure.cell.period).and_then(|value| value.ok());
        let [confirmed, asked] = [complete.map(|c| c.given.told), complete.map(|c| c.given.asked)]
            .map(|n| n.map_or_else(String::new, |n| n.to_string()));
        lines.push(match &figure.value {
            Ok(r) => {
                // What may not be told apart stands empty, and only its sum is there.
                let bands = r.given.bands();
                let (working, outside) = r.given.in_and_out().unzip();
                let hours = [working, bands.map(|b| b.evening), bands.map(|b| b.night), bands.map(|b| b.weekend), outside]
                    .map(|minutes| minutes.map(|m| (m as f64 / 60.0).to_string()).unwrap_or_default());
                let [working, evening, night, weekend, outside] = &hours;
                let all = (r.given.total() as f64 / 60.0).to_string();
                cells(&[
                    &period,
                    &unit,
                    &r.people.to_string(),
                    working,
                    evening,
                    night,
                    weekend,
                    outside,
                    &all,
                    "",
                    &confirmed,
                    &asked,
                ])
            }
            Err(reason) => cells(&[&period, &unit, "", "", "", "", "", "", "", hidden(*reason), &confirmed, &asked]),
        });
    }
    Ok(file("hours.csv", &lines))
}

/// Released nights; no filter applies.
pub async fn nights(ctx: Ctx) -> Result<Response, AppError> {
    let released = trends::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let mut lines = vec![cells(&["period", "people", "broken_nights", "short_rests", "together", "hidden_because"])];
    for figure in &released.nights.figures {
        let period = figure.cell.period.to_string();
        lines.push(match &figure.value {
            Ok(r) => {
                // What may not be told apart stands empty, and only its sum is there.
                let counts = r.given.apart();
                let [broken, short] = [counts.map(|c| c.broken), counts.map(|c| c.short_rests)]
                    .map(|n| n.map_or_else(String::new, |n| n.to_string()));
                cells(&[&period, &r.people.to_string(), &broken, &short, &r.given.total().to_string(), ""])
            }
            Err(reason) => cells(&[&period, "", "", "", "", hidden(*reason)]),
        });
    }
    Ok(file("nights.csv", &lines))
}

/// How load is spread; no filter applies.
pub async fn spread(ctx: Ctx) -> Result<Response, AppError> {
    let released = trends::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(file("spread.csv", &spreading::lines(&released)))
}

/// Released answers about support; no filter applies.
pub async fn support(ctx: Ctx) -> Result<Response, AppError> {
    let released = trends::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let mut lines = vec![cells(&["period", "people", "enough", "more_needed", "hidden_because"])];
    for figure in &released.support.figures {
        let period = figure.cell.period.to_string();
        lines.push(match &figure.value {
            Ok(r) => {
                let [people, enough, more] =
                    [r.people as u64, r.given.enough.into(), r.given.more_needed.into()].map(|n| n.to_string());
                cells(&[&period, &people, &enough, &more, ""])
            }
            Err(reason) => cells(&[&period, "", "", "", hidden(*reason)]),
        });
    }
    Ok(file("support.csv", &lines))
}

/// Incidents by month; where two periods are compared, both with their sums and the chance of such a difference.
pub async fn incidents(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let filter = query.filter(ctx.now);
    let measures = trends::incident_measures(ctx.store(), ctx.viewer()?, &filter).await?;
    let mut lines = vec![cells(&["month", "incidents", "interval_low", "interval_high", "chance_of_difference"])];
    let line = |of: &str, incidents: u32, chance: &str| {
        let (low, high) = poisson_interval(incidents);
        cells(&[of, &incidents.to_string(), &format!("{low:.2}"), &format!("{high:.2}"), chance])
    };
    lines.extend(measures.months.iter().map(|m| line(&m.month.to_string(), m.incidents, "")));
    if let Some(Some(compared)) = compared(&ctx, &query, &filter, &measures).await? {
        let chance = format!("{:.4}", compared.chance());
        for (side, chance) in [(&compared.now, chance.as_str()), (&compared.before, "")] {
            lines.push(line(&format!("{} to {}", side.filter.from, side.filter.to), side.incidents, chance));
        }
    }
    Ok(file("incidents.csv", &lines))
}

/// Few incidents: the days from one to the next.
pub async fn between(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let measures = trends::incident_measures(ctx.store(), ctx.viewer()?, &query.filter(ctx.now)).await?;
    let mut lines = vec![cells(&["incident", "started_at", "days_since_the_one_before"])];
    let line = |(incident, days): &(trends::Began, f64)| {
        cells(&[&incident.key.to_string(), &incident.started_at.to_rfc3339(), &format!("{days:.2}")])
    };
    lines.extend(gaps::gaps(&measures.began).iter().map(line));
    Ok(file("between.csv", &lines))
}

/// Contributing factors.
pub async fn factors(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let measures = trends::incident_measures(ctx.store(), ctx.viewer()?, &query.filter(ctx.now)).await?;
    let mut lines = vec![cells(&["factor", "incidents", "reviewed", "interval_low", "interval_high"])];
    for row in &measures.factors {
        let (low, high) = (format!("{:.4}", row.interval.0), format!("{:.4}", row.interval.1));
        lines.push(cells(&[
            ctx.vocabulary.name(&row.factor),
            &row.incidents.to_string(),
            &row.reviewed.to_string(),
            &low,
            &high,
        ]));
    }
    Ok(file("factors.csv", &lines))
}

/// Stories that tell what went right, by quarter.
pub async fn right(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let measures = trends::incident_measures(ctx.store(), ctx.viewer()?, &query.filter(ctx.now)).await?;
    let mut lines = vec![cells(&["quarter", "told", "reviewed", "interval_low", "interval_high"])];
    for (quarter, told, reviewed) in stories::by_quarter(&measures) {
        let (low, high) = wilson(told, reviewed);
        let (low, high) = (format!("{low:.4}"), format!("{high:.4}"));
        lines.push(cells(&[&quarter.to_string(), &told.to_string(), &reviewed.to_string(), &low, &high]));
    }
    Ok(file("right.csv", &lines))
}

/// How long each incident lasted.
pub async fn durations(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let measures = trends::incident_measures(ctx.store(), ctx.viewer()?, &query.filter(ctx.now)).await?;
    let mut lines = vec![cells(&["incident", "started_at", "minutes"])];
    for l in &measures.lasted {
        lines.push(cells(&[&l.key.to_string(), &l.started_at.to_rfc3339(), &l.minutes.to_string()]));
    }
    Ok(file("durations.csv", &lines))
}
