//! The letter that asks an author to look at their quotes: one for all that are drafted within a while.

use crate::Result;
use crate::db::{Conn, on};
use crate::mail::{self, Envelope};
use chrono::{DateTime, TimeDelta, Utc};
use domain::letters::Letter;
use domain::{IncidentId, PersonId, walltime};

/// A facilitator drafts several quotes in a sitting: their author gets one letter.
const SITTING: TimeDelta = TimeDelta::minutes(15);
/// What a letter about a restricted incident says instead of its title.
const UNNAMED: &str = "an incident that few know of";

const WAITS: &str = "
select count(*) from outbox where person_id = $1 and incident_id = $2 and kind = 'quote-check' and state = 'queued'";
const AUTHOR: &str = "
select p.name, p.email, p.zone, i.title, i.restricted, r.quotes_due_at
from people p join incidents i on i.id = $2 left join reviews r on r.incident_id = i.id where p.id = $1";

#[derive(sqlx::FromRow)]
struct AuthorRow {
    name: String,
    email: Option<String>,
    zone: String,
    title: String,
    restricted: bool,
    quotes_due_at: Option<DateTime<Utc>>,
}

/// Queues the letter, unless one waits already. Who came by a personal link finds their quotes there.
pub(super) async fn queue(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<()> {
    let Some(post) = conn.post.clone() else { return Ok(()) };
    let waits: i64 = on!(conn, db => sqlx::query_scalar(WAITS).bind(author.0).bind(incident.0).fetch_one(db).await)?;
    let row: Option<AuthorRow> =
        on!(conn, db => sqlx::query_as(AUTHOR).bind(author.0).bind(incident.0).fetch_optional(db).await)?;
    let (0, Some(row)) = (waits, row) else { return Ok(()) };
    let Some(address) = &row.email else { return Ok(()) };
    let zone = walltime::parse_zone(&row.zone).unwrap_or(chrono_tz::UTC);
    let until = walltime::day(row.quotes_due_at.unwrap_or(now), zone);
    let title = if row.restricted { UNNAMED } else { row.title.as_str() };
    let link = format!("{post}/quotes");
    let values = [("name", row.name.as_str()), ("title", title), ("link", link.as_str()), ("until", until.as_str())];
    let words = mail::filled(conn, Letter::QuoteCheck, &values).await?;
    let envelope = Envelope {
        letter: Letter::QuoteCheck,
        person: author,
        name: &row.name,
        address,
        incident: Some(incident),
        invitation: None,
    };
    mail::queue(conn, &envelope, &words, now + SITTING).await
}
