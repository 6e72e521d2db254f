//! Edit history of an incident: written inside each change's own transaction, read by whoever may read the thing itself.
//!
//! Sections keep their own versions; here they are one stream with the edits of everything else. A version that holds words which
//! their author took back is not shown and not restored (docs/decisions/0014).

mod forgetting;
mod lines;
mod restore;

pub use lines::{Filter, Line, LineId, Page, line, page};
pub use restore::{Current, current, restore};

pub(crate) use forgetting::forget_quote;

use crate::db::{Conn, on, run};
use crate::{Result, StoreError, random};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind};
use domain::{IncidentId, PersonId};
use uuid::Uuid;

const ADD: &str = "
insert into edits (id, incident_id, kind, object_id, version, change, before_json, after_json, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// One change of one thing.
pub(crate) struct Edit {
    pub(crate) incident: IncidentId,
    pub(crate) kind: ObjectKind,
    pub(crate) object: Uuid,
    /// The version that it became.
    pub(crate) version: i64,
    pub(crate) change: Change,
    pub(crate) before: Option<Fields>,
    pub(crate) after: Option<Fields>,
    pub(crate) by: Option<PersonId>,
}

const LATEST: &str = "
select change, before_json from edits where incident_id = $1 and kind = $2 and object_id = $3 and withheld = $4
order by version desc, changed_at desc limit 1";

/// The latest change of a thing, with what it said before; `None` when nothing is known of any.
pub(crate) async fn latest(
    conn: &mut Conn,
    incident: IncidentId,
    kind: ObjectKind,
    object: Uuid,
) -> Result<Option<(Change, Option<Fields>)>> {
    let row: Option<(String, Option<String>)> = on!(conn, db => sqlx::query_as(LATEST)
        .bind(incident.0)
        .bind(kind.slug())
        .bind(object)
        .bind(false)
        .fetch_optional(db)
        .await)?;
    let Some((change, before)) = row else { return Ok(None) };
    let change = Change::from_slug(&change).ok_or(StoreError::Corrupt { table: "edits", column: "change" })?;
    Ok(Some((change, before.as_deref().and_then(read_fields))))
}

/// The fields of one side of an edit; `None` for what is none.
fn read_fields(json: &str) -> Option<Fields> {
    serde_json::from_str(json).ok()
}

/// Notes a change inside the transaction that makes it: both are kept or neither is. A save that changed nothing is not noted.
pub(crate) async fn note(conn: &mut Conn, edit: &Edit, now: DateTime<Utc>) -> Result<()> {
    if edit.change == Change::Changed && edit.before == edit.after {
        return Ok(());
    }
    let json = |fields: &Option<Fields>| fields.as_ref().map(|f| serde_json::to_string(f).expect("a map of strings"));
    run!(
        conn,
        sqlx::query(ADD)
            .bind(random::id())
            .bind(edit.incident.0)
            .bind(edit.kind.slug())
            .bind(edit.object)
            .bind(edit.version)
            .bind(edit.change.slug())
            .bind(json(&edit.before))
            .bind(json(&edit.after))
            .bind(edit.by.map(|p| p.0))
            .bind(now)
    )?;
    Ok(())
}
