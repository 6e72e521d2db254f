//! What becomes of attachments when their incident is merged or split off again: each is sealed anew under the other incident's key, in a
//! file of another name, so that until the transaction is over both incidents have what is theirs.

use super::files::{Belongs, DAMAGED, Files, unavailable};
use super::place;
use crate::crypt::{self, IncidentKeyring};
use crate::db::{Conn, on, run};
use crate::{Result, random};
use domain::{AttachmentId, IncidentId};
use uuid::Uuid;

const ALL: &str = "select id, file_id, name_sealed, alt_sealed, bytes from attachments where incident_id = $1 order by id";
const MERGED: &str = "
select id, file_id, name_sealed, alt_sealed, bytes from attachments
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $2 and kind = 'attachment')
order by id";
const MOVE: &str = "
update attachments set incident_id = $2, file_id = $3, name_sealed = $4, alt_sealed = $5 where id = $1";
const NOTE: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail) values ($1, $2, 'attachment', $3, '')";

#[derive(sqlx::FromRow)]
struct MovedRow {
    id: Uuid,
    file_id: Uuid,
    name_sealed: Vec<u8>,
    alt_sealed: Vec<u8>,
    bytes: i64,
}

/// Moves the attachments of `from` to `into` and notes what moved. Answers the files that nothing names any more, to be removed once the
/// transaction is committed.
pub(crate) async fn merge(conn: &mut Conn, from: IncidentId, into: IncidentId) -> Result<Vec<Uuid>> {
    let rows: Vec<MovedRow> = on!(conn, db => sqlx::query_as(ALL).bind(from.0).fetch_all(db).await)?;
    for row in &rows {
        run!(conn, sqlx::query(NOTE).bind(into.0).bind(from.0).bind(row.id))?;
    }
    moved(conn, rows, from, into).await
}

/// Gives back to `from` what came from it; answers as [`merge`].
pub(crate) async fn split(conn: &mut Conn, into: IncidentId, from: IncidentId) -> Result<Vec<Uuid>> {
    let rows: Vec<MovedRow> = on!(conn, db => sqlx::query_as(MERGED).bind(into.0).bind(from.0).fetch_all(db).await)?;
    moved(conn, rows, into, from).await
}

async fn moved(conn: &mut Conn, rows: Vec<MovedRow>, from: IncidentId, into: IncidentId) -> Result<Vec<Uuid>> {
    let mut left = Vec::new();
    if rows.is_empty() {
        return Ok(left);
    }
    let (old, new) = (crypt::incident_key(conn, from).await?, crypt::incident_key(conn, into).await?);
    for row in rows {
        let file = match conn.files.clone() {
            Some(files) => sealed_anew(files, &row, (&old, from), (&new, into)).await?,
            None => None,
        };
        left.extend(file.map(|_| row.file_id));
        let again = |column, sealed: &[u8]| {
            let place = place(row.id, column);
            Ok::<_, crate::StoreError>(new.seal(&place, &old.open(&place, sealed)?))
        };
        let (name, alt) = (again("name", &row.name_sealed)?, again("alt", &row.alt_sealed)?);
        run!(conn, sqlx::query(MOVE).bind(row.id).bind(into.0).bind(file.unwrap_or(row.file_id)).bind(name).bind(alt))?;
    }
    Ok(left)
}

/// The same under another key; `None`: the file is missing or damaged, which a merge does not mend and is not kept from by.
async fn sealed_anew(
    files: Files,
    row: &MovedRow,
    (old, from): (&IncidentKeyring, IncidentId),
    (new, into): (&IncidentKeyring, IncidentId),
) -> Result<Option<Uuid>> {
    let (old, new, id, was) = (old.clone(), new.clone(), AttachmentId(row.id), row.file_id);
    let bytes = u64::try_from(row.bytes).unwrap_or_default();
    let work = move || {
        let Ok(clear) = files.open(was, old, Belongs { id, incident: from }, bytes).and_then(super::Opened::rest) else {
            return Ok(None);
        };
        let file = random::id();
        files.write(file, &new, Belongs { id, incident: into }, &clear)?;
        Ok(Some(file))
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| DAMAGED)?.map_err(unavailable)
}
