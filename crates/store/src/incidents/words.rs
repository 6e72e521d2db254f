//! What the list does with words: which way to walk, and how each engine's index is asked.

use crate::Result;
use crate::db::{Conn, on};
use crate::search::{LOOKED_AT, MANY, are_few, for_fts5, for_tsquery};
use domain::search::Terms;

const ON_SQLITE: &str = "
select (select count(*) from (select 1 from incident_words where incident_words match $1 limit $2)) as with_them,
  (select max(number) from incidents) as of_all";
const ON_POSTGRES: &str = "
select (
    select count(*) from (
      select 1 from incidents
      where not restricted and trashed_at is null and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($1 as tsquery)
      limit $2) few) as with_them,
  (select max(number) from incidents) as of_all";

/// What to ask the index for, when few incidents have these words; `None`: walk all.
pub(super) async fn begin_with(conn: &mut Conn, terms: &Terms) -> Result<Option<String>> {
    if terms.is_empty() {
        return Ok(None);
    }
    let (statement, words) = if conn.is_sqlite() { (ON_SQLITE, for_fts5(terms)) } else { (ON_POSTGRES, for_tsquery(terms)) };
    let (with_them, of_all): (i64, Option<i64>) =
        on!(conn, db => sqlx::query_as(statement).bind(&words).bind(MANY + 1).fetch_one(db).await)?;
    // A walk looks at some of the terms alone; the index knows all of them.
    let all_looked_at = terms.0.len() <= LOOKED_AT;
    Ok((!all_looked_at || are_few(with_them, of_all.unwrap_or_default())).then_some(words))
}
