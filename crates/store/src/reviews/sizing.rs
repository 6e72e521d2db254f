//! How large a review is to be: what people say about an incident before one is opened. Everybody who sees the incident reads it.

use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, incidents};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::reviews::sizing::{Signal, Size, Sizing};
use domain::rights::Right;

const FIND: &str = "select signals, nominated, size, words, version from sizings where incident_id = $1";
const ADD: &str = "
insert into sizings (incident_id, signals, nominated, size, words, version) values ($1, $2, $3, $4, $5, 1)
on conflict (incident_id) do nothing";
const CHANGE: &str = "
update sizings set signals = $2, nominated = $3, size = $4, words = $5, version = version + 1 where incident_id = $1 and version = $6";

#[derive(sqlx::FromRow)]
struct SizingRow {
    signals: String,
    nominated: bool,
    size: Option<String>,
    words: String,
    version: i64,
}

/// What was said so far; nothing yet is the default.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn sizing(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Sizing> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    find(&mut conn, incident).await
}

async fn find(conn: &mut Conn, incident: IncidentId) -> Result<Sizing> {
    let row: Option<SizingRow> = on!(conn, db => sqlx::query_as(FIND).bind(incident.0).fetch_optional(db).await)?;
    Ok(row.map_or_else(Sizing::default, |row| Sizing {
        signals: row.signals.split(',').filter_map(Signal::from_slug).collect(),
        nominated: row.nominated,
        size: row.size.as_deref().and_then(Size::from_slug),
        words: row.words,
        version: row.version,
    }))
}

/// Says which signals are there and what is decided. `said.version` is the version that it started from.
///
/// # Errors
/// [`StoreError::NotFound`] without the right to change the incident, field `words` where they are needed, [`StoreError::Stale`] when
/// somebody else said something in between.
pub async fn size(store: &Store, viewer: &Viewer, incident: IncidentId, said: Sizing, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditIncidents, incident, now).await?;
    let said = said.checked()?;
    let action = said.size.map_or("sizing.signals", |_| "sizing.decide");
    audit::note(&mut conn, now, Some(viewer.person_id), action, said.size.map_or("", Size::slug), Some(incident)).await?;
    let signals = said.signals.iter().map(|s| s.slug()).collect::<Vec<_>>().join(",");
    let size = said.size.map(Size::slug);
    let touched = if said.version == 0 {
        run!(conn, sqlx::query(ADD).bind(incident.0).bind(signals).bind(said.nominated).bind(size).bind(said.words))?
    } else {
        run!(
            conn,
            sqlx::query(CHANGE)
                .bind(incident.0)
                .bind(signals)
                .bind(said.nominated)
                .bind(size)
                .bind(said.words)
                .bind(said.version)
        )?
    };
    if touched == 0 {
        return Err(StoreError::Stale);
    }
    incidents::touch(&mut conn, incident, now).await?;
    conn.commit().await
}
