//! What was typed as each engine's index is asked for it, and when walking all is less work than reading what was found.

use domain::search::{Term, Terms};

/// More than these are never counted.
pub(crate) const MANY: i64 = 2000;

/// How many terms are looked at letter by letter; the index knows all of them, but not which word follows which.
pub(crate) const LOOKED_AT: usize = 6;

/// Whether reading all that have the words is less work than walking until fifty of them were met: that takes 50 · `of_all` / `with_them`
/// steps, each about half the work of reading one that was found.
pub(crate) fn are_few(with_them: i64, of_all: i64) -> bool {
    with_them <= MANY && with_them * with_them <= 25 * of_all
}

/// How many texts a walk looks at, from the newest on: first these; then those, if it met [`GOES_ON`] by then.
pub(crate) const STEPS: [i64; 2] = [3_000, 30_000];
/// Fewer than these in the first steps are better read from the index: 50 are far then, and those that have the words are few.
pub(crate) const GOES_ON: usize = 10;

/// Patterns that must all match what [`domain::text::words`] made; longer terms first, since the index knows single words.
pub(crate) fn patterns(terms: &Terms) -> [String; LOOKED_AT] {
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

pub(crate) fn for_fts5(terms: &Terms) -> String {
    each_word(terms)
        .map(|(word, begins)| format!("\"{word}\"{}", if begins { "*" } else { "" }))
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// As [`for_fts5`] with every word as it stands: reading those stops as soon as enough are met, while beginnings are gathered first.
pub(crate) fn whole_for_fts5(terms: &Terms) -> String {
    each_word(terms).map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ")
}

pub(crate) fn for_tsquery(terms: &Terms) -> String {
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
