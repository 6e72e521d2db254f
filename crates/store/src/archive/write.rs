//! Writing: one consistent snapshot, row by row, in memory that does not grow with the database.

use super::schema::{Kind, Table};
use super::value::Value;
use super::{Carried, CountsLine, DigestLine, FORMAT, Header, TableLine};
use crate::db::{Conn, Engine};
use crate::{Result, Store, StoreError};
use futures_util::TryStreamExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;

/// What is written, and its digest so far.
struct Lines<W> {
    out: W,
    digest: Sha256,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    fn put(&mut self, value: &impl Serialize) -> Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(|e| StoreError::Setup(format!("a row cannot be written: {e}")))?;
        self.line.push(b'\n');
        self.digest.update(&self.line);
        self.out.write_all(&self.line).map_err(|e| StoreError::Setup(format!("the export cannot be written: {e}")))
    }
}

/// Writes every table but [`super::LEFT_BEHIND`], as of one moment, while others write.
///
/// # Errors
/// [`StoreError::Setup`] when the database is newer than this program or the output cannot be written; what the database said.
pub async fn export(store: &Store, out: impl Write) -> Result<Carried> {
    let state = store.migration_state().await?;
    state.refuse_newer()?;
    let tables = super::carried(&state.applied)?;
    let mut conn = store.snapshot().await?;
    let instance_key_id = crate::settings::get(&mut conn, "instance_key_id").await?;
    let instance_key_id = instance_key_id.ok_or_else(|| StoreError::Setup("this database was never served".to_owned()))?;
    let mut lines = Lines { out, digest: Sha256::new(), line: Vec::new() };
    lines.put(&Header {
        second_story: "export".to_owned(),
        format: FORMAT,
        migrations: state.applied,
        instance_key_id: instance_key_id.clone(),
    })?;
    let mut rows = BTreeMap::new();
    for table in &tables {
        let columns = table.columns.iter().map(|(name, _)| name.clone()).collect();
        lines.put(&TableLine { table: table.name.clone(), columns })?;
        rows.insert(table.name.clone(), write_rows(&mut conn, table, &mut lines).await?);
    }
    lines.put(&CountsLine { rows: rows.clone() })?;
    let sha256 = std::mem::take(&mut lines.digest).finalize().iter().map(|b| format!("{b:02x}")).collect();
    lines.put(&DigestLine { sha256 })?;
    lines.out.flush().map_err(|e| StoreError::Setup(format!("the export cannot be written: {e}")))?;
    Ok(Carried { instance_key_id, rows })
}

async fn write_rows(conn: &mut Conn, table: &Table, lines: &mut Lines<impl Write>) -> Result<u64> {
    let mut count = 0;
    let mut put = |values: std::result::Result<Vec<Value>, sqlx::Error>| {
        count += 1;
        lines.put(&values?.iter().map(Value::to_json).collect::<Vec<_>>())
    };
    let kinds = || table.columns.iter().map(|(_, kind)| *kind).enumerate();
    // The names come from our own migrations, never from a file or a person.
    match conn.engine() {
        Engine::Sqlite(db) => {
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(select(table, ""))).fetch(db);
            while let Some(row) = rows.try_next().await? {
                put(kinds().map(|(at, kind)| Value::of_sqlite(&row, at, kind)).collect())?;
            }
        }
        Engine::Postgres(db) => {
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(select(table, " collate \"C\""))).fetch(db);
            while let Some(row) = rows.try_next().await? {
                put(kinds().map(|(at, kind)| Value::of_postgres(&row, at, kind)).collect())?;
            }
        }
    }
    Ok(count)
}

/// Rows in the order of the primary key, by bytes: text sorts alike on both engines only so.
fn select(table: &Table, collation: &str) -> String {
    let column = |(name, kind): &(String, Kind)| match kind {
        Kind::Integer => format!("cast({name} as bigint)"),
        _ => name.clone(),
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    let is_text = |key: &str| table.columns.iter().any(|(name, kind)| name == key && *kind == Kind::Text);
    let order: Vec<String> =
        table.key.iter().map(|key| if is_text(key) { format!("{key}{collation}") } else { key.clone() }).collect();
    format!("select {} from {} order by {}", columns.join(", "), table.name, order.join(", "))
}
