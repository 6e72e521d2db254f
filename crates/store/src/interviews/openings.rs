//! When a conversation was opened by its personal link, told to the person whose it is: a link opens for whoever holds it.

use super::own;
use crate::db::on;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::InvitationId;
use domain::people::Viewer;

/// The latest that are told; a person who comes daily knows the ones before.
const TOLD: i64 = 20;

const OPENINGS: &str = "
select at from audit where incident_id = $1 and object = $2 and action = 'session.begin-by-link' order by number desc limit $3";

/// When personal links to the viewer's own conversation began a session, latest first, as far back as the audit trail goes. Links that
/// were replaced since count as well.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for everybody but the invitee.
pub async fn openings(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let mut conn = store.read().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    let object = invitation.to_string();
    Ok(on!(conn, db => sqlx::query_scalar(OPENINGS).bind(own.incident.0).bind(object).bind(TOLD).fetch_all(db).await)?)
}
