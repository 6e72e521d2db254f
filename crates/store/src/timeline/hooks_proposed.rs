//! What hooks propose: members look at it, open it as an incident of theirs, or say that it is none.

use super::hooks::keyring;
use super::hooks_outages::{Telling, log_place, make};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::timeline::hooks::{Course, OutageState, subject};
use domain::timeline::raw::{ImportedLog, RawSource};
use domain::{IncidentId, OutageId, TeamId};
use uuid::Uuid;

/// Proposals that a page shows.
const SHOWN: i64 = 100;

/// An outage that may be an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: OutageId,
    /// What it is called at its source.
    pub title: String,
    /// The tool.
    pub source: RawSource,
    /// The hook that it came to.
    pub hook: String,
    /// How grave, in our words.
    pub severity: Severity,
    /// Where it began.
    pub started_at: DateTime<Utc>,
    /// Where it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Entries that would stand in its raw log.
    pub entries: usize,
    /// Somebody said that it is no incident.
    pub dismissed: bool,
}

const COUNT: &str = "select count(*) from hook_outages where state = 'proposed' and incident_id is null";
const LIST: &str = "
select o.id, o.source, o.state, o.log_sealed, o.severity, o.started_at, o.resolved_at, o.last_at, h.name as hook, h.team_id, h.zone
from hook_outages o join hooks h on h.id = o.hook_id
where o.state in ('proposed', 'dismissed') and o.incident_id is null order by o.state desc, o.made_at desc, o.id limit $1";
const FIND: &str = "
select o.id, o.source, o.state, o.log_sealed, o.severity, o.started_at, o.resolved_at, o.last_at, h.name as hook, h.team_id, h.zone
from hook_outages o join hooks h on h.id = o.hook_id
where o.id = $1 and o.state in ('proposed', 'dismissed') and o.incident_id is null";
const SET_STATE: &str = "update hook_outages set state = $3 where id = $1 and state = $2";
const SET_OPENED: &str = "update hook_outages set state = 'opened', incident_id = $2, log_sealed = null where id = $1";
const NUMBER: &str = "select number from incidents where id = $1";

#[derive(sqlx::FromRow)]
struct ProposedRow {
    id: Uuid,
    source: String,
    state: String,
    log_sealed: Option<Vec<u8>>,
    severity: i64,
    started_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    last_at: DateTime<Utc>,
    hook: String,
    team_id: Option<Uuid>,
    zone: String,
}

impl ProposedRow {
    fn corrupt(column: &'static str) -> StoreError {
        StoreError::Corrupt { table: "hook_outages", column }
    }

    fn source(&self) -> Result<RawSource> {
        RawSource::from_slug(&self.source).ok_or(Self::corrupt("source"))
    }

    fn log(&self, conn: &Conn) -> Result<ImportedLog> {
        let sealed = self.log_sealed.as_deref().ok_or(Self::corrupt("log"))?;
        let json = keyring(conn).open(&log_place(self.id), sealed)?;
        serde_json::from_str(&json).map_err(|_| Self::corrupt("log"))
    }
}

/// How many proposals wait.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not make incidents.
pub async fn proposed(store: &Store, viewer: &Viewer) -> Result<i64> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.read().await?;
    Ok(on!(conn, db => sqlx::query_scalar(COUNT).fetch_one(db).await)?)
}

/// What is proposed, the latest first; then what was said to be none.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not make incidents.
pub async fn proposals(store: &Store, viewer: &Viewer) -> Result<Vec<Proposal>> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<ProposedRow> = on!(conn, db => sqlx::query_as(LIST).bind(SHOWN).fetch_all(db).await)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let log = row.log(&conn)?;
        all.push(Proposal {
            id: OutageId(row.id),
            title: subject(&log).title,
            source: row.source()?,
            severity: Severity::from_number(row.severity).ok_or(ProposedRow::corrupt("severity"))?,
            started_at: row.started_at,
            resolved_at: row.resolved_at,
            entries: log.entries.len(),
            dismissed: row.state == OutageState::Dismissed.slug(),
            hook: row.hook,
        });
    }
    Ok(all)
}

/// Makes a proposal an incident of this person's, with all that came as its raw log.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there any more, and for who may not make incidents; [`StoreError::Refused`] where its incident
/// is in the trash, was merged or is gone.
pub async fn open(store: &Store, viewer: &Viewer, id: OutageId, now: DateTime<Utc>) -> Result<IncidentKey> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let row: Option<ProposedRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let log = row.log(&conn)?;
    let telling = Telling {
        source: row.source()?,
        log: &log,
        course: Course { started_at: row.started_at, resolved_at: row.resolved_at, last_at: row.last_at },
        team: row.team_id.map(TeamId),
        zone: &row.zone,
    };
    let Some(IncidentId(incident)) = make(&mut conn, viewer, &telling, now).await? else {
        return Err(StoreError::Refused("The incident of this is in the trash, was merged into another one, or is gone."));
    };
    run!(conn, sqlx::query(SET_OPENED).bind(id.0).bind(incident))?;
    let number: i64 = on!(conn, db => sqlx::query_scalar(NUMBER).bind(incident).fetch_one(db).await)?;
    conn.commit().await?;
    Ok(IncidentKey(number))
}

/// Says that a proposal is no incident. [`take_up_again`] takes that back.
///
/// # Errors
/// As [`open`].
pub async fn dismiss(store: &Store, viewer: &Viewer, id: OutageId, now: DateTime<Utc>) -> Result<()> {
    move_on(store, viewer, id, (OutageState::Proposed, OutageState::Dismissed), now).await
}

/// Proposes again what was said to be no incident.
///
/// # Errors
/// As [`open`].
pub async fn take_up_again(store: &Store, viewer: &Viewer, id: OutageId, now: DateTime<Utc>) -> Result<()> {
    move_on(store, viewer, id, (OutageState::Dismissed, OutageState::Proposed), now).await
}

async fn move_on(
    store: &Store,
    viewer: &Viewer,
    id: OutageId,
    (from, to): (OutageState, OutageState),
    now: DateTime<Utc>,
) -> Result<()> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.write().await?;
    if run!(conn, sqlx::query(SET_STATE).bind(id.0).bind(from.slug()).bind(to.slug()))? == 0 {
        return Err(StoreError::NotFound);
    }
    let action = if to == OutageState::Dismissed { "proposal.dismiss" } else { "proposal.take-up" };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &id.to_string(), None).await?;
    conn.commit().await
}
