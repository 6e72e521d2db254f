//! The list of incidents as a file for a spreadsheet, under the filters that are on.

use super::filters::ListQuery;
use crate::csv::{cells, file};
use crate::ctx::Ctx;
use crate::error::AppError;
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::vocabulary::Vocabulary;
use store::incidents::{Filter, Row};

/// Rows asked for at once.
const AT_ONCE: usize = 500;

/// Every incident of the list, from its beginning.
pub(super) async fn download(ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let mut lines = vec![cells(&[
        "incident",
        "title",
        "severity",
        "nature",
        "state",
        "team",
        "started_at",
        "noticed_at",
        "ended_at",
        "zone",
        "published_at",
        "factors",
        "address",
    ])];
    let mut filter = Filter { after: None, ..query.filter() };
    loop {
        let page = store::incidents::list(ctx.store(), viewer, &filter, AT_ONCE).await?;
        lines.extend(page.rows.iter().map(|row| line(row, &ctx.site.base_url, &ctx.vocabulary)));
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(file("incidents.csv", &lines));
        }
    }
}

fn line(row: &Row, base: &str, words: &Vocabulary) -> String {
    let at = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let factors: Vec<&str> = row.factors.iter().map(|tag| words.name(tag)).collect();
    cells(&[
        &row.key.to_string(),
        &row.title,
        row.severity.label(),
        row.nature.slug(),
        row.state.label(),
        row.team.as_deref().unwrap_or_default(),
        &at(Some(row.started_at)),
        &at(row.detected_at),
        &at(row.resolved_at),
        &row.zone,
        &at(row.published_at),
        &factors.join("; "),
        &format!("{base}/incidents/{}", row.key),
    ])
}
