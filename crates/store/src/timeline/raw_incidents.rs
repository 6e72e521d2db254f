//! Incidents that a tool's log tells of: found again by their name there, made where they are new.

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, incidents, trash};
use chrono::{DateTime, Utc};
use domain::history::Change;
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident};
use domain::people::Viewer;
use domain::rights::Right;
use domain::text::TITLE_MAX;
use domain::timeline::raw::{RawIncident, RawSource};
use domain::timeline::telling::severity;
use domain::{IncidentId, text};
use uuid::Uuid;

/// The incident of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is here.
    Here {
        /// Its id.
        id: IncidentId,
        /// Its key.
        key: IncidentKey,
        /// It was made just now.
        new: bool,
    },
    /// It is in the trash, was merged or is gone for good: in words.
    NotRevived(String),
}

// What is restricted and does not name the importer is not there: they get one of their own.
const FIND: &str = "
select i.id, i.number from incidents i
where i.origin_key in ($1, $2) and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $3))";
const TAKEN: &str = "select count(*) from incidents where origin_key = $1";
const SET_ORIGIN: &str = "update incidents set origin_key = $2 where id = $1";

/// Where the log of an incident would go; `None`: it would become a new one here. Writes nothing.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right to make incidents.
pub async fn looked_up(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    incident: &RawIncident,
    now: DateTime<Utc>,
) -> Result<Option<Found>> {
    check_global(Right::EditIncidents, viewer)?;
    found(&mut store.read().await?, viewer, &names(viewer, source, incident), now).await
}

/// What an incident of a tool is called here, and what one is called that somebody made because they may not see the first.
fn names(viewer: &Viewer, source: RawSource, incident: &RawIncident) -> [String; 2] {
    let origin = format!("log\n{}\n{}", source.slug(), incident.external_id);
    let own = format!("{origin}\n{}", viewer.person_id);
    [origin, own]
}

async fn found(conn: &mut Conn, viewer: &Viewer, [origin, own]: &[String; 2], now: DateTime<Utc>) -> Result<Option<Found>> {
    let there: Option<(Uuid, i64)> =
        on!(conn, db => sqlx::query_as(FIND).bind(origin).bind(own).bind(viewer.person_id.0).fetch_optional(db).await)?;
    if let Some((id, number)) = there {
        return Ok(Some(Found::Here { id: IncidentId(id), key: IncidentKey(number), new: false }));
    }
    for name in [origin, own] {
        if let Some(words) = trash::not_revived(conn, viewer, &[], Some(name), now).await? {
            return Ok(Some(Found::NotRevived(words)));
        }
    }
    Ok(None)
}

/// The incident that a log tells of. A new one has its title, its times, and how grave it is in our words; `otherwise` is when and in
/// which zone it stands where the log says no time.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right to make incidents.
pub async fn of_log(
    store: &Store,
    viewer: &Viewer,
    source: RawSource,
    incident: &RawIncident,
    (first, zone): (Option<DateTime<Utc>>, &str),
    now: DateTime<Utc>,
) -> Result<Found> {
    check_global(Right::EditIncidents, viewer)?;
    let names = names(viewer, source, incident);
    let mut conn = store.write().await?;
    if let Some(found) = found(&mut conn, viewer, &names, now).await? {
        return Ok(found);
    }
    let [origin, own] = &names;
    let started_at = incident.started_at.or(first).unwrap_or(now);
    let resolved_at = incident.resolved_at.filter(|at| *at >= started_at);
    let title: String = text::line("title", &incident.title.chars().take(TITLE_MAX).collect::<String>(), TITLE_MAX)
        .unwrap_or_else(|_| format!("An incident of {}", source.label()));
    let new = NewIncident {
        title,
        summary: String::new(),
        severity: severity(&incident.severity),
        nature: Nature::Incident,
        state: if resolved_at.is_some() { IncidentState::Resolved } else { IncidentState::Open },
        team_id: None,
        started_at,
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at,
        zone: zone.to_owned(),
        restricted: false,
    };
    let (id, key) = incidents::insert(&mut conn, viewer, &new, None, now).await?;
    incidents::note_edit(&mut conn, viewer, id, Change::Added, None, now).await?;
    let taken: i64 = on!(conn, db => sqlx::query_scalar(TAKEN).bind(origin).fetch_one(db).await)?;
    run!(conn, sqlx::query(SET_ORIGIN).bind(id.0).bind(if taken > 0 { own } else { origin }))?;
    conn.commit().await?;
    Ok(Found::Here { id, key, new: true })
}
