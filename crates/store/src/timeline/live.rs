//! Waiting for what others change in an incident.

use crate::db::on;
use crate::{Result, Store, held, standing};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::rights::Right;

const CHANGED_AT: &str = "select changed_at from incidents where id = $1";

/// When something of the incident was last changed, as soon as that is not `seen` any more; `None` after this many looks. While nothing is
/// written to the database at all, a look asks it for no more than that.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer does not see the incident, or no longer does.
pub async fn changed_since(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    seen: DateTime<Utc>,
    looks: u32,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    held::until(store, looks, |mut conn| async move {
        standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
        let changed_at: DateTime<Utc> = on!(conn, db => sqlx::query_scalar(CHANGED_AT).bind(incident.0).fetch_one(db).await)?;
        Ok((changed_at != seen).then_some(changed_at))
    })
    .await
}
