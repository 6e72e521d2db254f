//! What is told of letters: counts for who runs the instance, where one stands for who sent it, what came for who received it.

use crate::db::{Conn, on};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::letters::Letter;
use domain::mail::Trouble;
use domain::{IncidentId, InvitationId};
use std::collections::HashMap;

/// Letters by what became of them, and nothing else about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Due now, or tried and to be tried again.
    pub waiting: i64,
    /// Of those that wait, the ones that were tried before.
    pub tried: i64,
    /// Reminders for a later day.
    pub planned: i64,
    /// Taken by the mail server in the last ninety days.
    pub sent: i64,
    /// Given up in the last ninety days.
    pub failed: i64,
    /// Stopped before they went, in the last ninety days.
    pub stopped: i64,
}

/// Where a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// It waits for the mail server; with what was in the way, if it was tried.
    Waiting(Option<Trouble>),
    /// The mail server took it.
    Sent(DateTime<Utc>),
    /// It was given up.
    Failed(Trouble),
}

/// A letter that its reader got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Which.
    pub letter: Letter,
    /// When the mail server took it.
    pub at: DateTime<Utc>,
}

const COUNTS: &str = "
select
  count(case when state = 'queued' and (next_at <= $1 or attempts > 0) then 1 end) as waiting,
  count(case when state = 'queued' and attempts > 0 then 1 end) as tried,
  count(case when state = 'queued' and next_at > $1 and attempts = 0 then 1 end) as planned,
  count(case when state = 'sent' then 1 end) as sent,
  count(case when state = 'failed' then 1 end) as failed,
  count(case when state = 'stopped' then 1 end) as stopped
from outbox";
// The last one by an invitation; a reminder that did not go is nobody's to mend.
const LATEST: &str = "
select invitation_id, state, last_error, ended_at from outbox
where incident_id = $1 and kind = 'one-on-one' and state <> 'stopped' order by created_at, attempts desc, id";
const SENT_OF: &str = "
select kind, ended_at from outbox where invitation_id = $1 and state = 'sent' and ended_at is not null order by ended_at, id";

#[derive(sqlx::FromRow)]
struct CountsRow {
    waiting: i64,
    tried: i64,
    planned: i64,
    sent: i64,
    failed: i64,
    stopped: i64,
}

/// How many letters there are by what became of them.
///
/// # Errors
/// What the database said.
pub async fn counts(store: &Store, now: DateTime<Utc>) -> Result<Counts> {
    let mut conn = store.read().await?;
    let row: CountsRow = on!(conn, db => sqlx::query_as(COUNTS).bind(now).fetch_one(db).await)?;
    let CountsRow { waiting, tried, planned, sent, failed, stopped } = row;
    Ok(Counts { waiting, tried, planned, sent, failed, stopped })
}

/// Where the last letter of each invitation of an incident stands.
pub(crate) async fn latest_of(conn: &mut Conn, incident: IncidentId) -> Result<HashMap<InvitationId, LetterState>> {
    type Row = (Option<uuid::Uuid>, String, String, Option<DateTime<Utc>>);
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(LATEST).bind(incident.0).fetch_all(db).await)?;
    let mut latest = HashMap::new();
    for (invitation, state, error, ended_at) in rows {
        let Some(invitation) = invitation else { continue };
        let trouble = Trouble::from_slug(&error);
        let state = match (state.as_str(), ended_at) {
            ("queued", _) => LetterState::Waiting(trouble),
            ("sent", Some(at)) => LetterState::Sent(at),
            ("failed", _) => LetterState::Failed(trouble.unwrap_or(Trouble::Unreachable)),
            _ => return Err(StoreError::Corrupt { table: "outbox", column: "state" }),
        };
        latest.insert(InvitationId(invitation), state);
    }
    Ok(latest)
}

/// What was sent about one invitation, in order.
pub(crate) async fn sent_of(conn: &mut Conn, invitation: InvitationId) -> Result<Vec<Posted>> {
    let rows: Vec<(String, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(SENT_OF).bind(invitation.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(kind, at)| {
            let letter = Letter::from_slug(&kind).ok_or(StoreError::Corrupt { table: "outbox", column: "kind" })?;
            Ok(Posted { letter, at })
        })
        .collect()
}
