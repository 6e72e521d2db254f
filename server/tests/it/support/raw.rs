//! The database behind the store's back: to see that nothing changed, and to bring about what no page can.

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// A connection of its own.
#[derive(Clone)]
pub enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Raw {
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqlitePool::connect_lazy(url).unwrap())
        } else {
            Self::Postgres(sqlx::postgres::PgPoolOptions::new().max_connections(2).connect_lazy(url).unwrap())
        }
    }

    /// Runs one statement; ids stand in it through [`Raw::id`].
    pub async fn run(&self, sql: &str) -> u64 {
        match self {
            Self::Sqlite(db) => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap().rows_affected(),
            Self::Postgres(db) => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap().rows_affected(),
        }
    }

    /// One number.
    pub async fn count(&self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(db) => sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(db).await.unwrap(),
            Self::Postgres(db) => sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(db).await.unwrap(),
        }
    }

    /// An id as a literal of this engine.
    pub fn id(&self, id: uuid::Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'::uuid"),
        }
    }

    /// The first column of what a statement finds, as texts.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(db) => sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(db).await.unwrap(),
            Self::Postgres(db) => sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(db).await.unwrap(),
        }
    }

    async fn tables(&self) -> Vec<String> {
        self.texts(match self {
            Self::Sqlite(_) => "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
            Self::Postgres(_) => "select tablename::text from pg_tables where schemaname = 'public' order by tablename",
        })
        .await
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        self.texts(&match self {
            Self::Sqlite(_) => format!("select name from pragma_table_info('{table}') order by name"),
            Self::Postgres(_) => {
                format!("select column_name::text from information_schema.columns where table_name = '{table}' order by 1")
            }
        })
        .await
    }

    /// What stands in every table, hashed. Left out is what reading is meant to leave behind: when a session was last seen, who read
    /// which answer.
    pub async fn contents(&self) -> BTreeMap<String, u64> {
        let mut contents = BTreeMap::new();
        for table in self.tables().await {
            if matches!(table.as_str(), "answer_reads" | "_sqlx_migrations") {
                continue;
            }
            let columns: Vec<String> = self.columns(&table).await.into_iter().filter(|c| c != "last_seen_at").collect();
            let rows = match self {
                Self::Sqlite(_) => {
                    let quoted: Vec<String> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
                    self.texts(&format!("select {} as row from {table} order by 1", quoted.join(" || ',' || "))).await
                }
                Self::Postgres(_) => {
                    let quoted: Vec<String> = columns.iter().map(|c| format!("quote_nullable(\"{c}\"::text)")).collect();
                    self.texts(&format!("select concat_ws(',', {}) as row from {table} order by 1", quoted.join(", "))).await
                }
            };
            let mut hasher = std::hash::DefaultHasher::new();
            rows.hash(&mut hasher);
            contents.insert(table, hasher.finish());
        }
        contents
    }

    /// Everything that is stored, as bytes: the file and its log with the attached files, or what the tables hold.
    pub async fn bytes(&self, folder: Option<&Path>) -> Vec<u8> {
        if let Some(folder) = folder {
            let attached = folder.join("attachments").join("test");
            let within = |folder: &Path| {
                std::fs::read_dir(folder).into_iter().flatten().map(|f| f.unwrap().path()).filter(|p| p.is_file())
            };
            let mut files: Vec<_> = within(folder).chain(within(&attached)).collect();
            files.sort();
            assert!(files.iter().any(|f| f.to_string_lossy().ends_with("-wal")), "the log is looked through, too");
            return files.into_iter().flat_map(|f| std::fs::read(f).unwrap()).collect();
        }
        let mut all = String::new();
        for table in self.tables().await {
            // Bytes as escaped text: printable ones stand for themselves.
            let columns: Vec<String> = self
                .texts(&format!(
                    "select case when data_type = 'bytea' then 'encode(\"' || column_name || '\", ''escape'')'
                       else '\"' || column_name || '\"::text' end
                     from information_schema.columns where table_name = '{table}' order by 1"
                ))
                .await;
            all.push_str(&self.texts(&format!("select concat_ws(' ', {}) from {table}", columns.join(", "))).await.join("\n"));
        }
        all.into_bytes()
    }
}
