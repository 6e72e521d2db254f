//! Reading: into an empty database, in one transaction, with the checks that a file is whole and its confidential text opens.

use super::schema::{Kind, Table};
use super::value::Value;
use super::{Carried, CountsLine, DigestLine, FORMAT, Header, TableLine};
use crate::db::{Conn, Engine};
use crate::{Result, Store, StoreError};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Postgres, QueryBuilder, Row, Sqlite};
use std::collections::BTreeMap;
use std::io::BufRead;

/// Values to a statement: SQLite takes 32,766.
const VALUES: usize = 8_000;
/// Bytes to a statement, so that long documents do not add up in memory.
const BYTES: usize = 4 << 20;
/// The longest line: a document of 2 MiB in base64 and all that is around it, and room.
const LINE: u64 = 64 << 20;

/// A file as it is read, and its digest so far.
struct Lines<R> {
    input: R,
    digest: Sha256,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The next line. `None` at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>> {
        use std::io::Read;
        let mut line = Vec::new();
        self.number += 1;
        let read = self.input.by_ref().take(LINE).read_until(b'\n', &mut line);
        read.map_err(|e| StoreError::Setup(format!("the file cannot be read: {e}")))?;
        if line.last().is_some_and(|last| *last != b'\n') {
            return Err(self.refuse("does not end"));
        }
        Ok((!line.is_empty()).then_some(line))
    }

    fn read<T: DeserializeOwned>(&self, line: &[u8]) -> Result<T> {
        serde_json::from_slice(line).map_err(|e| self.refuse(&format!("does not read as it should ({e})")))
    }

    fn refuse(&self, why: &str) -> StoreError {
        StoreError::Setup(format!(
            "line {} {why}: the file was cut or altered, or it is no export of Second Story. Nothing was taken in.",
            self.number
        ))
    }

    fn cut(&self) -> StoreError {
        StoreError::Setup(format!("the file ends after line {}: it was cut. Nothing was taken in.", self.number - 1))
    }
}

/// Reads the first line alone: which instance key a file needs.
///
/// # Errors
/// [`StoreError::Setup`] when it is no export.
pub fn header(input: impl BufRead) -> Result<Header> {
    first_line(&mut Lines { input, digest: Sha256::new(), number: 0 })
}

fn first_line(lines: &mut Lines<impl BufRead>) -> Result<Header> {
    let line = lines.next()?.ok_or_else(|| StoreError::Setup("the file is empty".to_owned()))?;
    let header: Header = lines.read(&line)?;
    lines.digest.update(&line);
    if header.format != FORMAT {
        return Err(StoreError::Setup(format!(
            "the file has format {}, this Second Story reads format {FORMAT}; please use the one that wrote it",
            header.format
        )));
    }
    Ok(header)
}

/// Takes a file in. The database holds nothing yet: it has no tables (they are made as the file needs them), or empty ones.
/// Afterwards the schema is up to date.
///
/// # Errors
/// [`StoreError::Setup`] with a sentence: the database holds something, the file is cut, altered or newer, the instance key is another
/// one. Nothing is kept then.
pub async fn import(store: &Store, input: impl BufRead) -> Result<Carried> {
    let mut lines = Lines { input, digest: Sha256::new(), number: 0 };
    let header = first_line(&mut lines)?;
    let known = crate::migrations::versions();
    if let Some(newer) = header.migrations.iter().find(|m| !known.contains(m)) {
        return Err(StoreError::Setup(format!(
            "the file was written by a newer Second Story (migration {newer}); please use that one"
        )));
    }
    let key = store.keys.instance_id();
    if header.instance_key_id != key {
        return Err(StoreError::Setup(format!(
            "the file needs the instance key {}, and the key given is {key}; please give the right key file",
            header.instance_key_id
        )));
    }
    let state = store.migration_state().await?;
    if state.applied.is_empty() {
        store.migrate_these(&header.migrations).await?;
    } else if !crate::seed::is_empty(store).await? {
        return Err(StoreError::Setup("this database holds something already; an import needs an empty one".to_owned()));
    } else if state.applied != header.migrations {
        return Err(StoreError::Setup(
            "this database has another schema than the file; please name a database that does not exist yet or has no tables"
                .to_owned(),
        ));
    }
    let carried = load(store, &mut lines, &header).await?;
    store.migrate().await?;
    Ok(carried)
}

async fn load(store: &Store, lines: &mut Lines<impl BufRead>, header: &Header) -> Result<Carried> {
    let tables = super::carried(&header.migrations)?;
    let mut conn = store.bulk().await?;
    // Somebody may have come in between the first look and the lock.
    if !crate::seed::is_empty_here(&mut conn).await? {
        return Err(StoreError::Setup("this database holds something already; an import needs an empty one".to_owned()));
    }
    let references = loosen(&mut conn).await?;
    for table in &tables {
        execute(&mut conn, format!("delete from {}", table.name)).await?;
    }
    let mut rows = BTreeMap::new();
    let mut line = lines.next()?.ok_or_else(|| lines.cut())?;
    for table in &tables {
        let named: TableLine = lines.read(&line)?;
        let columns: Vec<&String> = table.columns.iter().map(|(name, _)| name).collect();
        if named.table != table.name || named.columns.iter().collect::<Vec<_>>() != columns {
            return Err(lines.refuse(&format!("does not name the table {} with its columns", table.name)));
        }
        lines.digest.update(&line);
        let mut batch = Vec::new();
        let (mut count, mut held) = (0u64, 0);
        loop {
            line = lines.next()?.ok_or_else(|| lines.cut())?;
            if line.first() != Some(&b'[') {
                break;
            }
            lines.digest.update(&line);
            batch.push(row(lines, &line, table)?);
            (count, held) = (count + 1, held + line.len());
            if batch.len() * table.columns.len() >= VALUES || held >= BYTES {
                held = 0;
                insert(&mut conn, table, std::mem::take(&mut batch)).await?;
            }
        }
        insert(&mut conn, table, batch).await?;
        rows.insert(table.name.clone(), count);
    }
    let counts: CountsLine = lines.read(&line)?;
    lines.digest.update(&line);
    let line = lines.next()?.ok_or_else(|| lines.cut())?;
    let digest: DigestLine = lines.read(&line)?;
    let found: String = std::mem::take(&mut lines.digest).finalize().iter().map(|b| format!("{b:02x}")).collect();
    if counts.rows != rows || digest.sha256 != found {
        return Err(StoreError::Setup(
            "the file's digest or its counts do not fit what it holds: it was altered. Nothing was taken in.".to_owned(),
        ));
    }
    if lines.next()?.is_some() {
        return Err(lines.refuse("comes after the end"));
    }
    tighten(&mut conn, references).await?;
    crate::health::refuse_unsound(&mut conn).await?;
    conn.commit().await?;
    Ok(Carried { instance_key_id: header.instance_key_id.clone(), rows })
}

fn row(lines: &Lines<impl BufRead>, line: &[u8], table: &Table) -> Result<Vec<Value>> {
    let values: Vec<serde_json::Value> = lines.read(line)?;
    if values.len() != table.columns.len() {
        return Err(lines.refuse(&format!("has not as many values as {} has columns", table.name)));
    }
    let of = |(value, (name, kind)): (serde_json::Value, &(String, Kind))| {
        Value::of_json(value, *kind).ok_or_else(|| lines.refuse(&format!("holds no fit value for {}.{name}", table.name)))
    };
    values.into_iter().zip(&table.columns).map(of).collect()
}

async fn insert(conn: &mut Conn, table: &Table, rows: Vec<Vec<Value>>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    // The names come from our own migrations, never from the file.
    let begin = format!("insert into {} ({}) ", table.name, columns.join(", "));
    match conn.engine() {
        Engine::Sqlite(db) => {
            let mut query = QueryBuilder::<Sqlite>::new(begin);
            query.push_values(rows, |mut into, row| row.into_iter().for_each(|value| value.into_sqlite(&mut into)));
            query.build().execute(db).await?;
        }
        Engine::Postgres(db) => {
            let mut query = QueryBuilder::<Postgres>::new(begin);
            query.push_values(rows, |mut into, row| row.into_iter().for_each(|value| value.into_postgres(&mut into)));
            query.build().execute(db).await?;
        }
    }
    Ok(())
}

async fn execute(conn: &mut Conn, sql: String) -> Result<()> {
    match conn.engine() {
        Engine::Sqlite(db) => sqlx::query(AssertSqlSafe(sql)).execute(db).await.map(|_| ())?,
        Engine::Postgres(db) => sqlx::query(AssertSqlSafe(sql)).execute(db).await.map(|_| ())?,
    }
    Ok(())
}

/// A foreign key of PostgreSQL: how to take it away and how to set it again.
struct Reference {
    drop: String,
    add: String,
}

/// Lets rows come before what they refer to, until [`tighten`]. SQLite asks at the commit; PostgreSQL's constraints cannot be
/// deferred, so they go and come back within the transaction, each then asked with one join and not row by row.
async fn loosen(conn: &mut Conn) -> Result<Vec<Reference>> {
    const DEFER: &str = "pragma defer_foreign_keys = on";
    const REFERENCES: &str = "
select quote_ident(r.relname), quote_ident(c.conname), pg_get_constraintdef(c.oid)
from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
where c.contype = 'f' and n.nspname = current_schema() order by r.relname, c.conname";
    let mut references = Vec::new();
    match conn.engine() {
        Engine::Sqlite(db) => {
            sqlx::query(DEFER).execute(db).await?;
        }
        Engine::Postgres(db) => {
            for row in sqlx::query(REFERENCES).fetch_all(db).await? {
                let (table, name, definition): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                references.push(Reference {
                    drop: format!("alter table {table} drop constraint {name}"),
                    add: format!("alter table {table} add constraint {name} {definition}"),
                });
            }
        }
    }
    for reference in &references {
        execute(conn, reference.drop.clone()).await?;
    }
    Ok(references)
}

async fn tighten(conn: &mut Conn, references: Vec<Reference>) -> Result<()> {
    for reference in references {
        execute(conn, reference.add).await?;
    }
    Ok(())
}
