//! What becomes of a raw log when its incident is merged, split off again or emptied out of the trash.

use super::{raw_authors, raw_imports, raw_sealing};
use crate::crypt::{self, IncidentKeyring};
use crate::db::{Conn, on, run};
use crate::{Result, Store, random};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use std::collections::HashMap;
use uuid::Uuid;

const ENTRIES: &str = "
select id, source, external_hash, author_id, body_sealed from raw_entries where incident_id = $1 order by id";
const IS_MERGED: &str = "
select id, source, external_hash, author_id, body_sealed from raw_entries
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $2 and kind = 'raw')
order by id";
const TWIN: &str = "select id from raw_entries where incident_id = $1 and source = $2 and external_hash = $3";
const MOVE: &str = "update raw_entries set incident_id = $2, author_id = $3, body_sealed = $4 where id = $1";
const NOTE: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail) values ($1, $2, $3, $4, '')";
const POINT: &str = "
insert into evidence (event_id, entry_id) select event_id, $2 from evidence where entry_id = $1 on conflict do nothing";
const AUTHORS: &str = "
select id, source, external_hash, name_sealed, machine, person_id, role from raw_authors where incident_id = $1";
const ADD_AUTHOR: &str = "
insert into raw_authors (id, incident_id, source, external_hash, name_sealed, machine, person_id, role)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
const IMPORTS: &str = "select id, name_sealed from raw_imports where incident_id = $1";
const MERGED_IMPORTS: &str = "
select id, name_sealed from raw_imports
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $2 and kind = 'raw-import')";
const MOVE_IMPORT: &str = "update raw_imports set incident_id = $2, name_sealed = $3 where id = $1";
const EVIDENCE_OF_REMOVED: &str = "
delete from evidence where entry_id in (select id from raw_entries where removed_at is not null and removed_at <= $1)";
const REMOVED: &str = "delete from raw_entries where removed_at is not null and removed_at <= $1";

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    source: String,
    external_hash: Uuid,
    author_id: Option<Uuid>,
    body_sealed: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct AuthorRow {
    id: Uuid,
    source: String,
    external_hash: Uuid,
    name_sealed: Vec<u8>,
    machine: bool,
    person_id: Option<Uuid>,
    role: String,
}

/// Moves the raw log of `from` to `into`, sealed under that one's key, and notes what moved. An entry that both have stays; what it is
/// evidence of stands on its twin there as well.
pub(crate) async fn merge(conn: &mut Conn, from: IncidentId, into: IncidentId) -> Result<()> {
    let rows: Vec<EntryRow> = on!(conn, db => sqlx::query_as(ENTRIES).bind(from.0).fetch_all(db).await)?;
    let imports: Vec<(Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(IMPORTS).bind(from.0).fetch_all(db).await)?;
    let moving = Moving::between(conn, from, into).await?;
    for row in rows {
        let id = row.id;
        if moving.entry(conn, row).await? {
            run!(conn, sqlx::query(NOTE).bind(into.0).bind(from.0).bind("raw").bind(id))?;
        }
    }
    for (id, sealed) in imports {
        moving.import(conn, id, &sealed).await?;
        run!(conn, sqlx::query(NOTE).bind(into.0).bind(from.0).bind("raw-import").bind(id))?;
    }
    Ok(())
}

/// Gives back to `from` what came from it.
pub(crate) async fn split(conn: &mut Conn, into: IncidentId, from: IncidentId) -> Result<()> {
    let rows: Vec<EntryRow> = on!(conn, db => sqlx::query_as(IS_MERGED).bind(into.0).bind(from.0).fetch_all(db).await)?;
    let imports: Vec<(Uuid, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(MERGED_IMPORTS).bind(into.0).bind(from.0).fetch_all(db).await)?;
    let moving = Moving::between(conn, into, from).await?;
    for row in rows {
        moving.entry(conn, row).await?;
    }
    for (id, sealed) in imports {
        moving.import(conn, id, &sealed).await?;
    }
    Ok(())
}

/// From one incident to another: both keys, and who an author of the one is in the other.
struct Moving {
    old: IncidentKeyring,
    new: IncidentKeyring,
    into: IncidentId,
    authors: HashMap<Uuid, Uuid>,
}

impl Moving {
    async fn between(conn: &mut Conn, from: IncidentId, into: IncidentId) -> Result<Self> {
        let (old, new) = (crypt::incident_key(conn, from).await?, crypt::incident_key(conn, into).await?);
        let theirs: Vec<AuthorRow> = on!(conn, db => sqlx::query_as(AUTHORS).bind(from.0).fetch_all(db).await)?;
        let here: Vec<AuthorRow> = on!(conn, db => sqlx::query_as(AUTHORS).bind(into.0).fetch_all(db).await)?;
        let here: HashMap<(String, Uuid), Uuid> = here.into_iter().map(|a| ((a.source, a.external_hash), a.id)).collect();
        let mut authors = HashMap::with_capacity(theirs.len());
        for author in theirs {
            let id = match here.get(&(author.source.clone(), author.external_hash)) {
                Some(id) => *id,
                None => {
                    let id = random::id();
                    let name = old.open(&raw_authors::place(author.id), &author.name_sealed)?;
                    run!(
                        conn,
                        sqlx::query(ADD_AUTHOR)
                            .bind(id)
                            .bind(into.0)
                            .bind(author.source)
                            .bind(author.external_hash)
                            .bind(new.seal(&raw_authors::place(id), &name))
                            .bind(author.machine)
                            .bind(author.person_id)
                            .bind(author.role)
                    )?;
                    id
                }
            };
            authors.insert(author.id, id);
        }
        Ok(Self { old, new, into, authors })
    }

    /// `false`: the other incident has it already.
    async fn entry(&self, conn: &mut Conn, row: EntryRow) -> Result<bool> {
        let twin: Option<Uuid> = on!(conn, db => sqlx::query_scalar(TWIN)
            .bind(self.into.0)
            .bind(&row.source)
            .bind(row.external_hash)
            .fetch_optional(db)
            .await)?;
        if let Some(twin) = twin {
            run!(conn, sqlx::query(POINT).bind(row.id).bind(twin))?;
            return Ok(false);
        }
        let place = raw_sealing::place(row.external_hash);
        let body = self.old.open(&place, &row.body_sealed)?;
        let author = row.author_id.and_then(|id| self.authors.get(&id).copied());
        let sealed = self.new.seal(&place, &body);
        run!(conn, sqlx::query(MOVE).bind(row.id).bind(self.into.0).bind(author).bind(sealed))?;
        Ok(true)
    }

    async fn import(&self, conn: &mut Conn, id: Uuid, sealed: &[u8]) -> Result<()> {
        let place = raw_imports::name_place(id);
        let sealed = self.new.seal(&place, &self.old.open(&place, sealed)?);
        run!(conn, sqlx::query(MOVE_IMPORT).bind(id).bind(self.into.0).bind(sealed))?;
        Ok(())
    }
}

/// Removes for good what was taken back at `before` or earlier; answers how many entries.
pub(crate) async fn forget_removed(store: &Store, before: DateTime<Utc>) -> Result<u64> {
    let mut conn = store.bulk().await?;
    run!(conn, sqlx::query(EVIDENCE_OF_REMOVED).bind(before))?;
    let gone = run!(conn, sqlx::query(REMOVED).bind(before))?;
    conn.commit().await?;
    Ok(gone)
}
