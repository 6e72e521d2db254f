//! What the list does with words: which way to walk, and how each engine's index is asked.

use crate::Result;
use crate::db::{Conn, on};
use domain::search::{Term, Terms};

/// More than these are never counted.
const MANY: i64 = 2000;

/// How many terms are looked at letter by letter; the index knows all of them, but not which word follows which.
const LOOKED_AT: usize = 6;

const ON_SQLITE: &str = "
select (select count(*) from (select 1 from incident_words where incident_words match $1 limit $2)) as with_them,
  (select max(number) from incidents) as of_all";
const ON_POSTGRES: &str = "
select (
    select count(*) from (
      select 1 from incidents
      where not restricted and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($1 as tsquery)
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

/// Whether reading all that have the words is less work than walking until fifty of them were met: that takes 50 · `of_all` / `with_them`
/// steps, each about half the work of reading one that was found.
fn are_few(with_them: i64, of_all: i64) -> bool {
    with_them <= MANY && with_them * with_them <= 25 * of_all
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
    fn rare_words_begin_at_the_index_and_frequent_ones_walk() {
        assert!(are_few(0, 0) && are_few(25, 25) && are_few(500, 10_000) && are_few(1500, 100_000));
        assert!(
            !are_few(26, 26)
                && !are_few(200, 1000)
                && !are_few(600, 10_000)
                && !are_few(1700, 100_000)
                && !are_few(2001, 10_000_000)
        );
    }

    #[test]
    fn words_become_patterns_and_questions_in_which_nothing_is_a_wildcard() {
        let terms = Terms::parse("\"Disk full\" 100% index_queue o'clock");
        assert_eq!(for_fts5(&terms), "\"disk\" AND \"full\" AND \"100\"* AND \"index\" AND \"queue\"* AND \"o\" AND \"clock\"*");
        assert_eq!(for_tsquery(&terms), "'disk' & 'full' & '100':* & 'index' & 'queue':* & 'o' & 'clock':*");
        assert_eq!(patterns(&terms), ["% disk full %", "% index queue%", "% o clock%", "% 100%", "%", "%"]);
    }
}
