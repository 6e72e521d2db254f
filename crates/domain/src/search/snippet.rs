//! The part of a text in which what was looked for stands, with its words marked.

use super::{Term, Terms};
use crate::text;
use std::ops::Range;

/// Words shown at most.
const SHOWN: usize = 36;
/// Words before the first that was found.
const BEFORE: usize = 8;
/// Longest snippet in characters, whatever its words are.
const LONGEST: usize = 400;

/// A part of a snippet, to be shown as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it was written, on one line.
    pub text: String,
    /// It was looked for.
    pub marked: bool,
}

/// The part of a text that has most of the terms, in pieces; its beginning where it has none. Empty for a text without words.
pub fn snippet(text: &str, terms: &Terms) -> Vec<Piece> {
    let places = text::word_places(text);
    if places.is_empty() {
        return Vec::new();
    }
    let found: Vec<(usize, usize, usize)> =
        terms.0.iter().enumerate().flat_map(|(n, term)| found_at(&places, term).map(move |(from, to)| (n, from, to))).collect();
    let first = best_begin(&found, places.len());
    let mut last = (first + SHOWN).min(places.len());
    while last > first + 1 && text[places[first].0.start..places[last - 1].0.end].chars().count() > LONGEST {
        last -= 1;
    }
    let mut marks = vec![Mark::None; places.len()];
    for (_, from, to) in &found {
        for (n, mark) in marks[*from..*to].iter_mut().enumerate() {
            *mark = if n > 0 { Mark::GoesOn } else { (*mark).max(Mark::Begins) };
        }
    }
    pieces(text, &places, first..last, &marks)
}

/// Whether a word was looked for, and whether together with the one before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    None,
    Begins,
    GoesOn,
}

/// From where to where the words of a term stand, each time.
fn found_at<'a>(places: &'a [(Range<usize>, String)], term: &'a Term) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (most, last) = term.words.split_at(term.words.len() - 1);
    places.windows(term.words.len()).enumerate().filter_map(move |(at, window)| {
        let (head, tail) = window.split_at(most.len());
        let fits = |(_, word): &(Range<usize>, String), wanted: &String| {
            if term.whole { word == wanted } else { word.starts_with(wanted.as_str()) }
        };
        (head.iter().map(|(_, word)| word).eq(most) && tail.iter().zip(last).all(|(place, wanted)| fits(place, wanted)))
            .then_some((at, at + window.len()))
    })
}

/// The word to begin with, so that as many different terms as can be are shown; the earliest of equals.
fn best_begin(found: &[(usize, usize, usize)], words: usize) -> usize {
    let seen_from = |from: usize| {
        let mut terms: Vec<usize> =
            found.iter().filter(|(_, at, to)| *at >= from && *to <= from + SHOWN - BEFORE).map(|(term, ..)| *term).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.len()
    };
    let mut best = (0, 0);
    // A word that stands everywhere in a long text: the first hundred places are enough to choose from.
    let mut begins: Vec<usize> = found.iter().map(|(_, at, _)| *at).collect();
    begins.sort_unstable();
    for from in begins.into_iter().take(100) {
        let seen = seen_from(from);
        if seen > best.0 {
            best = (seen, from);
        }
    }
    // The whole text where it fits, and no dots for the sake of a few words.
    if words <= SHOWN || best.1 <= BEFORE { 0 } else { best.1 - BEFORE / 2 }
}

fn pieces(text: &str, places: &[(Range<usize>, String)], shown: Range<usize>, marks: &[Mark]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut put = |part: &str, mark: bool| {
        if part.is_empty() {
            return;
        }
        match pieces.last_mut().filter(|last| last.marked == mark) {
            Some(last) => last.text.push_str(part),
            None => pieces.push(Piece { text: part.to_owned(), marked: mark }),
        }
    };
    let whole_end = shown.end == places.len();
    let mut at = if shown.start == 0 { 0 } else { places[shown.start].0.start };
    if shown.start > 0 {
        put("… ", false);
    }
    for n in shown.clone() {
        let place = &places[n].0;
        // A long word's pieces stand in one place.
        if place.start < at {
            continue;
        }
        let between = n > shown.start && marks[n] == Mark::GoesOn;
        put(&on_one_line(&text[at..place.start]), between);
        put(&cut(&text[place.clone()]), marks[n] != Mark::None);
        at = place.end;
    }
    if whole_end {
        put(on_one_line(&text[at..]).trim_end(), false);
    } else {
        put(" …", false);
    }
    pieces
}

/// White space of all kinds becomes one space, and what stands between two words is never long.
fn on_one_line(between: &str) -> String {
    let mut line = String::new();
    for c in between.chars().filter(|c| !c.is_control() || c.is_whitespace()).take(40) {
        match c.is_whitespace() {
            true if line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(c),
        }
    }
    line
}

/// A word of more than a line is shown by its beginning.
fn cut(word: &str) -> String {
    match word.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &word[..at]),
        None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, typed: &str) -> String {
        snippet(text, &Terms::parse(typed))
            .iter()
            .map(|p| if p.marked { format!("[{}]", p.text) } else { p.text.clone() })
            .collect()
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        assert_eq!(shown("The disk of the primary was full.", "disk full"), "The [disk] of the primary was [full].");
        assert_eq!(shown("The Disk Full alarm", "\"disk full\""), "The [Disk Full] alarm");
        assert_eq!(shown("Disk, full of\nlogs", "\"disk full\" log"), "[Disk, full] of [logs]");
        assert_eq!(shown("index_queue grew", "index_q"), "[index_queue] grew");
        assert_eq!(shown("Søgning svarer", "SØG"), "[Søgning] svarer");
        assert_eq!(shown("Nothing of it", "disk"), "Nothing of it");
        assert_eq!(shown("— … !", "disk"), "");
    }

    #[test]
    fn typed_markup_stays_text() {
        assert_eq!(shown("<script>alert(1)</script> disk", "disk script"), "<[script]>alert(1)</[script]> [disk]");
        assert_eq!(shown("<mark>disk</mark> & \"full\"", "mark"), "<[mark]>disk</[mark]> & \"full\"");
    }

    #[test]
    fn of_a_long_text_the_part_is_shown_that_has_most() {
        let text = format!(
            "{} the pool was {} empty when the replica fell behind {}",
            "word ".repeat(60),
            "so ".repeat(3),
            "and ".repeat(60)
        );
        let part = shown(&text, "replica pool");
        assert!(part.starts_with("… ") && part.ends_with(" …"), "{part}");
        assert!(part.contains("[pool]") && part.contains("[replica]"), "{part}");
    }

    proptest! {
        #[test]
        fn every_text_has_a_short_snippet_of_its_own_words(text in "[\\PC\\n\\t]{0,600}", typed in "\\PC{0,40}") {
            let terms = Terms::parse(&typed);
            let pieces = snippet(&text, &terms);
            let whole: String = pieces.iter().map(|p| p.text.as_str()).collect();
            prop_assert!(whole.chars().count() < 2500);
            prop_assert!(!whole.contains('\n'));
            prop_assert!(pieces.iter().all(|p| !p.text.is_empty()));
            if !terms.is_empty() && text.len() < 200 && text.is_ascii() && terms.are_in(&text) {
                prop_assert!(pieces.iter().any(|p| p.marked), "{whole}");
            }
        }

        #[test]
        fn places_and_words_say_the_same(text in "[ -~äößéсб数据\\n]{0,200}") {
            let placed: Vec<String> = text::word_places(&text).into_iter().map(|(_, word)| word).collect();
            let words = text::words(&text);
            prop_assert_eq!(placed.join(" "), words.trim());
        }

        #[test]
        fn a_long_word_is_found_by_any_beginning(word in "[a-z0-9]{1,350}", at in 1usize..350) {
            let begin: String = word.chars().take(at).collect();
            let text = format!("before {word} after");
            prop_assert!(Terms::parse(&begin).are_in(&text));
            prop_assert!(text::words(&word).split(' ').all(|piece| piece.len() <= 100));
        }
    }
}
