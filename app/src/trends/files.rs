//! Charts and lists as files: each picture as SVG, cut from the page that shows it, and the tables of the pages about factors, help and
//! beginnings as CSV. Nothing is in them that the page does not show to whoever asks.

use super::query::TrendsQuery;
use super::{factors, helped, on_call, page, when};
use crate::charts::file::{as_file, figure};
use crate::csv;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::drawn;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use http::header;

/// Charts and lists of each page but the first; what is not here is looked for on the trends page.
const OF_FACTORS: [&str; 6] = ["often", "course", "changes", "again", "usual", "together"];
const OF_ON_CALL: [&str; 4] = ["on-call", "on-call-load", "on-call-hours", "on-call-pages"];
const OF_HELP: [&str; 4] = ["helped", "mitigators", "luck", "surprised"];

/// `/trends/{name}.svg` and `/trends/{name}.csv`.
pub async fn show(ctx: Ctx, Path(file): Path<String>, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    match file.rsplit_once('.') {
        Some((name, "svg")) => picture(&ctx, name, &query).await,
        Some((name, "csv")) => table(&ctx, name, &query).await,
        _ => Err(AppError::NotFound),
    }
}

async fn table(ctx: &Ctx, name: &str, query: &TrendsQuery) -> Result<Response, AppError> {
    let table = if OF_FACTORS.contains(&name) {
        factors::read(ctx, query).await?.table(name)
    } else if OF_HELP.contains(&name) {
        helped::read(ctx, query).await?.table(name)
    } else if name == "when" {
        when::read(ctx, query).await?.table(name)
    } else if OF_ON_CALL.contains(&name) {
        on_call::read(ctx, query).await?.table(name)
    } else {
        None
    };
    let table = table.ok_or(AppError::NotFound)?;
    Ok(csv::file(&format!("{name}.csv"), &table.lines()))
}

async fn picture(ctx: &Ctx, name: &str, query: &TrendsQuery) -> Result<Response, AppError> {
    // A name that is none of a file's is on no page either, and stands in no header.
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
        return Err(AppError::NotFound);
    }
    let drawn = if OF_FACTORS.contains(&name) {
        let shown = factors::read(ctx, query).await?;
        drawn(ctx, || shown.board())
    } else if OF_HELP.contains(&name) {
        let shown = helped::read(ctx, query).await?;
        drawn(ctx, || shown.board())
    } else if name == "when" {
        let shown = when::read(ctx, query).await?;
        drawn(ctx, || shown.picture())
    } else if OF_ON_CALL.contains(&name) {
        let shown = on_call::read(ctx, query).await?;
        drawn(ctx, || shown.board())
    } else {
        page::figures(ctx, query).await?
    };
    let figure = figure(&drawn, &format!("/trends/{name}.csv")).ok_or(AppError::NotFound)?;
    let file = as_file(figure, &format!("Second Story, as of {}.", ctx.now.format("%-d %B %Y")));
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.svg\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}
