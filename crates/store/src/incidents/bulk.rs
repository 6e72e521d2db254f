//! The same change to many incidents at once: all of them or none.

use super::edits::{fields_now, note_edit};
use crate::db::{on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, audit};
use chrono::{DateTime, Utc};
use domain::history::Change as Edited;
use domain::incidents::{IncidentKey, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, TeamId};

/// Most incidents of one change: a few pages of the list.
pub const MOST: usize = 200;

/// What to change; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The new severity.
    pub severity: Option<Severity>,
    /// The new team; inside, `None` takes the team off.
    pub team: Option<Option<TeamId>>,
}

const FIND: &str = "select id from incidents where number = $1";
const CHANGE: &str = "
update incidents set severity = coalesce($2, severity), team_id = case when $3 then $4 else team_id end, changed_at = $5,
  version = version + 1
where id = $1";

/// Changes every one of these incidents in one transaction.
///
/// # Errors
/// Field `keys` when there is none or more than [`MOST`], `change` when nothing is to be changed;
/// [`crate::StoreError::NotFound`] when one of them is not there for the viewer, and then none is changed.
pub async fn bulk(store: &Store, viewer: &Viewer, keys: &[IncidentKey], change: Change, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::EditIncidents, viewer)?;
    let mut invalid = Invalid::default();
    match keys.len() {
        0 => invalid.add("keys", "Please tick the incidents to change."),
        n if n > MOST => invalid.add("keys", format!("Please tick at most {MOST} at a time.")),
        _ => {}
    }
    if change == Change::default() {
        invalid.add("change", "Please choose what to change.");
    }
    invalid.or_ok()?;
    let mut conn = store.write().await?;
    for key in keys {
        let id: Option<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(FIND).bind(key.0).fetch_optional(db).await)?;
        let id = IncidentId(id.ok_or(crate::StoreError::NotFound)?);
        require(&mut conn, viewer, Right::EditIncidents, id, now).await?;
        let (_, before) = fields_now(&mut conn, id).await?;
        run!(
            conn,
            sqlx::query(CHANGE)
                .bind(id.0)
                .bind(change.severity.map(Severity::number))
                .bind(change.team.is_some())
                .bind(change.team.flatten().map(|t| t.0))
                .bind(now)
        )?;
        note_edit(&mut conn, viewer, id, Edited::Changed, Some(before), now).await?;
        audit::note(&mut conn, now, Some(viewer.person_id), "incident.change", &id.to_string(), Some(id)).await?;
    }
    conn.commit().await
}
