//! Soak time: from publication until planning opens. The only thing that a review knows of what comes after it.

use crate::db::{Conn, run};
use crate::{Result, calendars, settings};
use chrono::{DateTime, Utc};
use domain::{IncidentId, walltime};

const PUT: &str = "
insert into walls (incident_id, opens_at, opened_early_at, opened_by, reason) values ($1, $2, null, null, '')
on conflict (incident_id) do update set opens_at = excluded.opens_at";

/// Sets when the wall opens: on the second working day after publication unless an administrator chose otherwise. Holidays of the
/// calendar of its place are none.
pub(crate) async fn begin(conn: &mut Conn, incident: IncidentId, published_at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let days = settings::soak_days(conn).await?;
    let (zone, holidays) = calendars::of_incident(conn, incident).await?;
    let opens_at = walltime::add_working_days(published_at, days, zone, &holidays);
    put(conn, incident, opens_at).await?;
    Ok(opens_at)
}

/// For imported incidents, whose soak time is past.
pub(crate) async fn open_now(conn: &mut Conn, incident: IncidentId, at: DateTime<Utc>) -> Result<()> {
    put(conn, incident, at).await
}

async fn put(conn: &mut Conn, incident: IncidentId, opens_at: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(PUT).bind(incident.0).bind(opens_at))?;
    Ok(())
}
