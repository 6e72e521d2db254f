//! Which tables and columns there are after given migrations, and what each column holds, read from the migrations themselves.
//!
//! PostgreSQL's migrations are read, since they alone tell an id from bytes and an instant from text; a test holds the outcome
//! against both engines' real schemas, so that a migration in words that are not understood here fails there.

use crate::{Result, StoreError};

/// Tables that are not carried: they say who is signed in, who tried to, by which link somebody may set a password or reads the feed, and by
/// which a story is read without an account. Whoever moves or restores signs in again and makes new links. And words to search by: they are
/// made again from what is carried, and so are the day sheets of trends.
pub const LEFT_BEHIND: [&str; 11] = [
    "sessions",
    "meeting_people",
    "attempts",
    "access_links",
    "story_shares",
    "feeds",
    "outbox",
    "search_texts",
    "search_stale",
    "day_sheets",
    "stale_days",
];

/// What a column holds. Each has one written form in an export, whatever the engine keeps it as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// An id.
    Id,
    /// Bytes: ciphertext, wrapped keys, hashes.
    Bytes,
    /// An instant, to the microsecond.
    Instant,
    /// A day.
    Date,
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "bigint" | "integer" | "int" | "smallint" => Self::Integer,
            "boolean" => Self::Boolean,
            "uuid" => Self::Id,
            "bytea" => Self::Bytes,
            "timestamptz" => Self::Instant,
            "date" => Self::Date,
            _ => return None,
        })
    }
}

/// A table with its columns in order and the columns of its primary key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Name and kind of each column.
    pub columns: Vec<(String, Kind)>,
    /// The primary key: the order of an export.
    pub key: Vec<String>,
}

/// The tables after these migrations (text of PostgreSQL's, in their order).
///
/// # Errors
/// [`StoreError::Setup`] for a table or column of a kind that is not known here.
pub fn tables<'a>(migrations: impl Iterator<Item = &'a str>) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for sql in migrations {
        for statement in split(&without_comments(sql), ';') {
            let words: Vec<String> = words(&statement);
            let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| !["if", "exists", "only"].contains(w)).collect();
            match words.as_slice() {
                ["create", "table", "not", name, ..] | ["create", "table", name, ..] => create(&mut tables, name, &statement)?,
                ["alter", "table", "not", name, ..] | ["alter", "table", name, ..] => alter(&mut tables, name, &statement)?,
                ["drop", "table", names @ ..] => {
                    tables.retain(|t: &Table| !names.iter().any(|name| name.trim_matches(',') == t.name));
                }
                _ => {}
            }
        }
    }
    Ok(tables)
}

fn create(tables: &mut Vec<Table>, name: &str, statement: &str) -> Result<()> {
    let inside = statement.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(inside, _)| inside);
    let mut table = Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new() };
    for part in split(inside, ',') {
        let words = words(&part);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["primary", "key", ..] => {
                let names = part.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(names, _)| names);
                table.key = names.split(',').map(|n| n.trim().to_owned()).collect();
            }
            ["unique" | "check" | "foreign" | "constraint" | "exclude", ..] | [] => {}
            _ => add(&mut table, &words)?,
        }
    }
    if !tables.iter().any(|t| t.name == name) {
        tables.push(table);
    }
    Ok(())
}

fn add(table: &mut Table, words: &[&str]) -> Result<()> {
    let (name, kind) = (words.first().copied().unwrap_or_default(), words.get(1).copied().unwrap_or_default());
    let kind = Kind::of(kind)
        .ok_or_else(|| StoreError::Setup(format!("column {}.{name} holds {kind}, which an export does not know", table.name)))?;
    if words.windows(2).any(|pair| pair == ["primary", "key"]) {
        table.key = vec![name.to_owned()];
    }
    if !table.columns.iter().any(|(known, _)| known == name) {
        table.columns.push((name.to_owned(), kind));
    }
    Ok(())
}

fn alter(tables: &mut [Table], name: &str, statement: &str) -> Result<()> {
    let Some(table) = tables.iter_mut().find(|t| t.name == name) else {
        return Err(StoreError::Setup(format!("a migration changes the table {name} before it is made")));
    };
    for part in split(after(statement, name), ',') {
        let words = words(&part);
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|w| !["if", "not", "exists", "column"].contains(w)).collect();
        match words.as_slice() {
            ["add", "constraint" | "primary" | "unique" | "check" | "foreign", ..] => {}
            ["add", column @ ..] => add(table, column)?,
            ["drop", "constraint", ..] => {}
            ["drop", column, ..] => table.columns.retain(|(known, _)| known != column),
            ["rename", "to", new] => (*new).clone_into(&mut table.name),
            ["rename", old, "to", new] => {
                for known in table.columns.iter_mut().map(|(known, _)| known).chain(&mut table.key).filter(|k| k == old) {
                    (*new).clone_into(known);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What follows the table's name.
fn after<'a>(statement: &'a str, name: &str) -> &'a str {
    let mut rest = statement;
    while let Some((word, more)) = rest.trim_start().split_once(char::is_whitespace) {
        rest = more;
        if word.eq_ignore_ascii_case(name) {
            break;
        }
    }
    rest
}

/// A text without `-- …` comments.
fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code)).collect::<Vec<_>>().join("\n")
}

/// Cuts at a separator that stands neither in brackets nor in quotes.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0i32, false);
    for c in text.chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if c == separator && depth == 0 && !quoted {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

/// Words in small letters; a bracket ends one.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || c == '(' || c == ')').filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Vec<Table> {
        tables(std::iter::once(sql)).expect("understood")
    }

    #[test]
    fn columns_kinds_and_keys_are_read() {
        let found = read(
            "-- A comment; with, signs (\ncreate table pets (\n  id uuid primary key,\n  name text not null default 'a, (b',\n  \
             owner_id uuid references people (id) on delete cascade, -- whose\n  weight bigint not null check (weight > 0),\n  \
             unique (name, owner_id)\n);\ncreate index idx_pets_name on pets (name);\n\
             create table walks (pet_id uuid not null, day date not null, primary key (pet_id, day));",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].columns.iter().map(|(name, kind)| (name.as_str(), *kind)).collect::<Vec<_>>(),
            [("id", Kind::Id), ("name", Kind::Text), ("owner_id", Kind::Id), ("weight", Kind::Integer)]
        );
        assert_eq!(found[0].key, ["id"]);
        assert_eq!(found[1].key, ["pet_id", "day"]);
    }

    #[test]
    fn later_migrations_add_drop_and_rename() {
        let found = read(
            "create table a (id uuid primary key, old text); alter table a add column b boolean not null default false;\
             ALTER TABLE a ADD COLUMN IF NOT EXISTS c bytea, add column d timestamptz; alter table a drop column old;\
             alter table a rename column d to e; create table gone (id uuid primary key); drop table if exists gone;\
             alter table a add constraint one check (b or c is null); alter table a rename to z;",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "z");
        let names: Vec<_> = found[0].columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["id", "b", "c", "e"]);
    }

    #[test]
    fn a_kind_that_is_not_known_is_an_error_and_not_left_out() {
        let error = tables(std::iter::once("create table a (id uuid primary key, place point)")).expect_err("refused");
        assert!(error.to_string().contains("a.place"), "{error}");
    }
}
