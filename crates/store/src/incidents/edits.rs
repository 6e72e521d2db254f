//! What an incident says of itself as its history keeps it, and earlier words that become its text again.

use super::{IncidentRow, change_in};
use crate::db::{Conn, on, run};
use crate::history::{self, Edit};
use crate::services::{self, Service};
use crate::{Result, StoreError, audit, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change as Edited, Fields, ObjectKind, of_incident};
use domain::incidents::{Incident, IncidentState};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, ServiceId};

const NOW: &str = "
select i.id, i.number, i.title, i.summary, i.severity, i.nature, i.state, i.team_id, t.name as team, i.started_at, i.detected_at, i.declared_at,
  i.mitigated_at, i.resolved_at, i.zone, i.origin, i.created_by, i.version, i.published_at, i.revised_at, i.restricted, i.changed_at, cast(0 as bigint) as events,
  cast(0 as bigint) as learned
from incidents i left join teams t on t.id = i.team_id where i.id = $1";
const SET_END: &str = "
update incidents set resolved_at = $2, state = $3, changed_at = $4, version = version + 1 where id = $1";
const TEAM_THERE: &str = "select count(*) from teams where id = $1";

async fn find(conn: &mut Conn, incident: IncidentId) -> Result<Incident> {
    let row: Option<IncidentRow> = on!(conn, db => sqlx::query_as(NOW).bind(incident.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)?.into_incident()
}

/// Version and fields as they stand now, the services that it concerns among them.
pub(super) async fn fields_now(conn: &mut Conn, incident: IncidentId) -> Result<(i64, Fields)> {
    let there = find(conn, incident).await?;
    let services = services::of_incident(conn, incident).await?;
    let mut fields = of_incident(&there);
    if !services.is_empty() {
        let joined = |of: fn(&Service) -> String, by: &str| services.iter().map(of).collect::<Vec<_>>().join(by);
        fields.insert("services".to_owned(), joined(|s| s.name.clone(), ", "));
        fields.insert("service_ids".to_owned(), joined(|s| s.id.to_string(), " "));
    }
    Ok((there.version, fields))
}

/// Notes a change of the incident's own fields; `before` as [`fields_now`] read it.
pub(crate) async fn note_edit(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    change: Edited,
    before: Option<Fields>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (version, after) = fields_now(conn, incident).await?;
    let edit = Edit {
        incident,
        kind: ObjectKind::Incident,
        object: incident.0,
        version,
        change,
        before,
        after: Some(after),
        by: Some(viewer.person_id),
    };
    history::note(conn, &edit, now).await
}

/// Ends an incident, or lets it go on, as its tool says: where no review is open yet and its end is none, or the one that the tool said
/// before. What somebody set by hand stays.
pub(crate) async fn set_end(
    conn: &mut Conn,
    by: &Viewer,
    incident: IncidentId,
    (before, end): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    now: DateTime<Utc>,
) -> Result<()> {
    let there = find(conn, incident).await?;
    let early = matches!(there.state, IncidentState::Open | IncidentState::Resolved);
    let ours = there.resolved_at.is_none() || there.resolved_at == before;
    let end = end.map(|at| at.max(there.started_at));
    if !early || !ours || there.resolved_at == end || end.zip(there.detected_at).is_some_and(|(end, seen)| end < seen) {
        return Ok(());
    }
    let (_, fields) = fields_now(conn, incident).await?;
    let state = if end.is_some() { IncidentState::Resolved } else { IncidentState::Open };
    run!(conn, sqlx::query(SET_END).bind(incident.0).bind(end).bind(state.slug()).bind(now))?;
    note_edit(conn, by, incident, Edited::Changed, Some(fields), now).await?;
    audit::note(conn, now, Some(by.person_id), "incident.change", &incident.to_string(), Some(incident)).await
}

/// Version and fields of the incident now, for who may change it.
pub(crate) async fn said(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Fields)>> {
    standing::require(conn, viewer, Right::EditIncidents, incident, now).await?;
    fields_now(conn, incident).await.map(Some)
}

/// Its version now, for functions that have checked a right.
pub(crate) async fn version(conn: &mut Conn, incident: IncidentId) -> Result<i64> {
    Ok(find(conn, incident).await?.version)
}

/// Makes what the incident said once its text again. A team or a service that is gone stays gone.
pub(crate) async fn put_back(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    base_version: i64,
    was: &Fields,
    now: DateTime<Utc>,
) -> Result<()> {
    let corrupt = StoreError::Corrupt { table: "edits", column: "before_json" };
    let mut new = domain::history::incident(was).ok_or(corrupt)?;
    if let Some(team) = new.team_id {
        let there: i64 = on!(conn, db => sqlx::query_scalar(TEAM_THERE).bind(team.0).fetch_one(db).await)?;
        new.team_id = new.team_id.filter(|_| there > 0);
    }
    let ids = was.get("service_ids").map(String::as_str).unwrap_or_default();
    let wanted: Vec<ServiceId> = ids.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    let services = services::that_may_be_named(conn, incident, &wanted).await?;
    change_in(conn, viewer, incident, base_version, (&new, Some(&services)), Edited::Restored, now).await
}
