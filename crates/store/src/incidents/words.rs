//! What the list does with words: which way to walk, and how each engine's index is asked.

use crate::Result;
use crate::db::{Conn, on};
use domain::search::{Term, Terms};

/// As many are read one by one and sorted within a few milliseconds; words that more incidents have are met soon by walking all of them
/// in their order.
const FEW: i64 = 2000;

/// How many terms are looked at letter by letter; the index knows all of them, but not which word follows which.
const LOOKED_AT: usize = 6;

const ON_SQLITE: &str = "select count(*) from (select 1 from incident_words where incident_words match $1 limit $2)";
const ON_POSTGRES: &str = "
select count(*) from (
  select 1 from incidents
  where not restricted and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($1 as tsquery)
  limit $2) few";

/// What to ask the index for, when few incidents have these words; `None`: walk all.
pub(super) async fn begin_with(conn: &mut Conn, terms: &Terms) -> Result<Option<String>> {
    if terms.is_empty() {
        return Ok(None);
    }
    let (statement, words) = if conn.is_sqlite() { (ON_SQLITE, for_fts5(terms)) } else { (ON_POSTGRES, for_tsquery(terms)) };
    let count: i64 = on!(conn, db => sqlx::query_scalar(statement).bind(&words).bind(FEW + 1).fetch_one(db).await)?;
    Ok((count <= FEW).then_some(words))
}

/// Patterns that must all match what [`domain::text::words`] made; longer terms first, since the index knows single words.
pub(super) fn patterns(terms: &Terms) -> [String; LOOKED_AT] {
    let mut terms: Vec<&Term> = terms.0.iter().collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.words.len()));
    // Words hold letters and digits alone: nothing in them is a wildcard.
    std::array::from_fn(|n| terms.get(n).map_or_else(|| "%".to_owned(), |term| format!("%{}%", term.as_written())))
}

/// Each word, and whether its beginning is enough.
fn each_word(terms: &Terms) -> impl Iterator<Item = (&str, bool)> {
    terms.0.iter().flat_map(|term| {
        let last = term.words.len() - 1;
        term.words.iter().enumerate().map(move |(n, word)| (word.as_str(), n == last && !term.whole))
    })
}

fn for_fts5(terms: &Terms) -> String {
    each_word(terms)
        .map(|(word, begins)| format!("\"{word}\"{}", if begins { "*" } else { "" }))
        .collect::<Vec<_>>()
        .join(" AND ")
}

fn for_tsquery(terms: &Terms) -> String {
    each_word(terms).map(|(word, begins)| format!("'{word}'{}", if begins { ":*" } else { "" })).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_patterns_and_questions_in_which_nothing_is_a_wildcard() {
        let terms = Terms::parse("\"Disk full\" 100% index_queue o'clock");
        assert_eq!(for_fts5(&terms), "\"disk\" AND \"full\" AND \"100\"* AND \"index\" AND \"queue\"* AND \"o\" AND \"clock\"*");
        assert_eq!(for_tsquery(&terms), "'disk' & 'full' & '100':* & 'index' & 'queue':* & 'o' & 'clock':*");
        assert_eq!(patterns(&terms), ["% disk full %", "% index queue%", "% o clock%", "% 100%", "%", "%"]);
    }
}
