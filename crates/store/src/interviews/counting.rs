//! Choices that people measures count: read once, when a month closes, without words and without anybody to show them to.

use super::{audience, open_body};
use crate::crypt::incident_key;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::interviews::SUPPORT;
use domain::{AnswerId, IncidentId, PersonId};

/// A choice of somebody who lets it be counted.
pub(crate) struct Choice {
    pub(crate) answer: AnswerId,
    pub(crate) incident: IncidentId,
    pub(crate) person: PersonId,
    /// By its value; empty where none was made.
    pub(crate) value: String,
}

// Submitted ones of incidents that everybody sees, as hours are counted (docs/decisions/0015); those of guests too.
const UNCOUNTED: &str = "
select a.id, a.incident_id, a.author_id, a.audience, a.body_sealed
from answers a join invitations v on v.id = a.invitation_id join incidents i on i.id = a.incident_id
where i.started_at >= $2 and i.started_at < $3 and a.question = $1 and a.count_me and a.released_at is not null and a.counted_in is null
  and v.state = 'submitted' and not i.restricted and i.trashed_at is null
order by a.incident_id, a.id";
const EARLIEST: &str = "
select min(i.started_at)
from answers a join invitations v on v.id = a.invitation_id join incidents i on i.id = a.incident_id
where a.question = $1 and a.count_me and a.released_at is not null and v.state = 'submitted' and not i.restricted and i.trashed_at is null";
const MARK: &str = "update answers set counted_in = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    id: uuid::Uuid,
    incident_id: uuid::Uuid,
    author_id: uuid::Uuid,
    audience: String,
    body_sealed: Vec<u8>,
}

/// The choices about support that no closed month has counted, of incidents that started from `from` to before `to`.
pub(crate) async fn uncounted_support(conn: &mut Conn, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Choice>> {
    let rows: Vec<ChoiceRow> = on!(conn, db => sqlx::query_as(UNCOUNTED).bind(SUPPORT).bind(from).bind(to).fetch_all(db).await)?;
    let mut choices = Vec::with_capacity(rows.len());
    let mut key = None;
    for row in rows {
        let ring = match key.take() {
            Some((incident, ring)) if incident == row.incident_id => ring,
            _ => match incident_key(conn, IncidentId(row.incident_id)).await {
                Ok(ring) => ring,
                // Its key is destroyed: nobody reads it any more.
                Err(StoreError::NotFound) => continue,
                Err(other) => return Err(other),
            },
        };
        let body = open_body(&ring, row.id, audience(&row.audience)?, &row.body_sealed)?;
        key = Some((row.incident_id, ring));
        choices.push(Choice {
            answer: AnswerId(row.id),
            incident: IncidentId(row.incident_id),
            person: PersonId(row.author_id),
            value: body.as_told(None).choice,
        });
    }
    Ok(choices)
}

/// When the earliest incident started of which somebody told about support.
pub(crate) async fn earliest_support(conn: &mut Conn) -> Result<Option<DateTime<Utc>>> {
    Ok(on!(conn, db => sqlx::query_scalar(EARLIEST).bind(SUPPORT).fetch_one(db).await)?)
}

/// Notes in which closed month a choice was counted, so that no other counts it again.
pub(crate) async fn mark_choice_counted(conn: &mut Conn, answer: AnswerId, month: NaiveDate) -> Result<()> {
    run!(conn, sqlx::query(MARK).bind(answer.0).bind(month))?;
    Ok(())
}
