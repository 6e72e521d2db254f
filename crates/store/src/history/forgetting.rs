//! Emptying old versions that hold the words of a quote which its author took back: nothing of them stays in the database.

use crate::Result;
use crate::db::{Conn, on, run};
use crate::reviews;
use domain::{ExcerptId, IncidentId};
use uuid::Uuid;

const EDITS: &str = "select id, before_json, after_json from edits where incident_id = $1 and not withheld";
const EMPTY_EDIT: &str = "update edits set before_json = null, after_json = null, withheld = true where id = $1";
// What stands in the review now is its facilitator's to change; once it is an old version, reading it asks again.
const VERSIONS: &str = "
select v.kind, v.version, v.body from section_versions v
where v.incident_id = $1 and not v.withheld
  and not exists (select 1 from sections s where s.incident_id = v.incident_id and s.kind = v.kind and s.version = v.version)";
const EMPTY_VERSION: &str = "
update section_versions set body = '', withheld = true where incident_id = $1 and kind = $2 and version = $3";

/// Empties every old version that holds the words of this quote. Called when it is left out for its author's sake, and before it is
/// removed.
pub(crate) async fn forget_quote(conn: &mut Conn, excerpt: ExcerptId) -> Result<()> {
    let Some((incident, words)) = reviews::words_of(conn, excerpt).await? else { return Ok(()) };
    empty(conn, incident, &[words]).await
}

async fn empty(conn: &mut Conn, incident: IncidentId, words: &[String]) -> Result<()> {
    let edits: Vec<(Uuid, Option<String>, Option<String>)> =
        on!(conn, db => sqlx::query_as(EDITS).bind(incident.0).fetch_all(db).await)?;
    for (id, before, after) in edits {
        let sides = [before, after];
        let fields = sides.iter().flatten().filter_map(|json| super::read_fields(json));
        if fields.flat_map(|fields| fields.into_values()).any(|text| reviews::holds_any(&text, words)) {
            run!(conn, sqlx::query(EMPTY_EDIT).bind(id))?;
        }
    }
    let versions: Vec<(String, i64, String)> = on!(conn, db => sqlx::query_as(VERSIONS).bind(incident.0).fetch_all(db).await)?;
    for (kind, version, body) in versions {
        if reviews::holds_any(&body, words) {
            run!(conn, sqlx::query(EMPTY_VERSION).bind(incident.0).bind(kind).bind(version))?;
        }
    }
    Ok(())
}
