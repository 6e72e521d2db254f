//! Perspectives: what each responder tells, in a lane of their own beside the factual one; as a page, as a picture and as a file.

mod file;
mod grid;
mod page;
mod picture;
mod place;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::table::Routes;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::incidents::IncidentKey;
use domain::rights::Right;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use store::incidents::Opened;

/// This page's endpoints. Whose words are there to be placed or moved, the store decides: authors have rights at their own.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/timeline/perspectives", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/timeline/perspectives/events/{id}", Right::EditReview, page::note)
        .get("/incidents/{key}/timeline/perspectives/answers/{answer}", Right::SeeIncidents, place::show)
        .post("/incidents/{key}/timeline/perspectives/answers/{answer}", Right::SeeIncidents, place::place)
        .get("/incidents/{key}/timeline/perspectives/words/{words}", Right::SeeIncidents, place::show_placed)
        .post("/incidents/{key}/timeline/perspectives/words/{words}", Right::SeeIncidents, place::settle)
        .get("/incidents/{key}/timeline.svg", Right::SeeIncidents, file::show)
}

/// The incident that a path names, as the viewer sees it.
async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

/// Address of the page.
fn at(key: IncidentKey) -> String {
    format!("/incidents/{key}/timeline/perspectives")
}

/// An event's time as the page says it: "02:14", "about 02:14", "3 March", "no time".
fn time_words(event: &TimelineEvent, zone: Tz) -> String {
    match event.at {
        None => "no time".to_owned(),
        Some(at) if event.precision == Precision::Date => walltime::day(at, zone),
        Some(at) if event.precision == Precision::About => format!("about {}", walltime::clock(at, zone)),
        Some(at) => walltime::clock(at, zone),
    }
}

/// The first words of an event, for a list or a link.
fn short(event: &TimelineEvent, most: usize) -> String {
    let first = event.body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let plain: String = first.chars().filter(|c| !"*_`#>".contains(*c)).take(most).collect();
    if first.chars().count() > most { format!("{}…", plain.trim_end()) } else { plain.trim().to_owned() }
}

/// A clock on another day than the event's carries its day.
fn own_words(own: DateTime<Utc>, event: &TimelineEvent, zone: Tz) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    if event.at.is_some_and(|at| day(at) == day(own)) {
        walltime::clock(own, zone)
    } else {
        own.with_timezone(&zone).format("%-d %b %H:%M").to_string()
    }
}
