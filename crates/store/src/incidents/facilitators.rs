//! Who facilitates something, for the list's filter.

use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store};
use domain::PersonId;
use domain::people::Viewer;
use domain::rights::Right;

const FACILITATORS: &str = "
select p.id, p.name from people p
where exists (
  select 1 from incident_roles r join incidents i on i.id = r.incident_id
  where r.person_id = p.id and r.role = 'facilitator' and i.trashed_at is null
    and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)))
order by p.name_folded, p.id";

/// Everybody who facilitates an incident that the viewer sees, by name.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer sees no incidents.
pub async fn facilitators(store: &Store, viewer: &Viewer) -> Result<Vec<(PersonId, String)>> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<(uuid::Uuid, String)> =
        on!(conn, db => sqlx::query_as(FACILITATORS).bind(viewer.person_id.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
}
