//! What differs between two texts, word by word, with long stretches that stayed the same folded away.

use leptos::prelude::*;
use similar::{Algorithm, ChangeTag, TextDiff};
use std::time::Duration;

/// Longer than this, the comparison answers a coarser difference.
const LONGEST: Duration = Duration::from_millis(200);
/// Characters of what stayed the same that are shown on either side of a change.
const AROUND: usize = 80;

/// A stretch of two compared texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// In both.
    Same(String),
    /// Only in the text before.
    Out(String),
    /// Only in the text after.
    In(String),
    /// In both, and not shown.
    Folded,
}

/// The stretches in order; within one change what went out comes first.
pub(super) fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).timeout(LONGEST).diff_words(before, after);
    let mut runs = Runs::default();
    for change in diff.iter_all_changes() {
        runs.add(change.tag(), change.value());
    }
    fold(runs.end())
}

/// Gathers neighbouring words into stretches; a space between two changed words is part of the change.
#[derive(Default)]
struct Runs {
    done: Vec<Piece>,
    same: String,
    out: String,
    new: String,
}

impl Runs {
    fn add(&mut self, tag: ChangeTag, word: &str) {
        match tag {
            ChangeTag::Equal => self.same += word,
            ChangeTag::Delete => {
                self.close_same();
                self.out += word;
            }
            ChangeTag::Insert => {
                self.close_same();
                self.new += word;
            }
        }
    }

    fn changing(&self) -> bool {
        !self.out.is_empty() || !self.new.is_empty()
    }

    /// A change begins or goes on.
    fn close_same(&mut self) {
        if self.same.is_empty() {
            return;
        }
        let same = std::mem::take(&mut self.same);
        if self.changing() && same.trim().is_empty() && !same.contains('\n') {
            self.out += &same;
            self.new += &same;
        } else {
            self.close_change();
            self.done.push(Piece::Same(same));
        }
    }

    fn close_change(&mut self) {
        let (out, new) = (std::mem::take(&mut self.out), std::mem::take(&mut self.new));
        self.done.extend((!out.is_empty()).then_some(Piece::Out(out)));
        self.done.extend((!new.is_empty()).then_some(Piece::In(new)));
    }

    fn end(mut self) -> Vec<Piece> {
        self.close_change();
        let same = std::mem::take(&mut self.same);
        self.done.extend((!same.is_empty()).then_some(Piece::Same(same)));
        self.done
    }
}

fn fold(pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    let mut folded = Vec::with_capacity(pieces.len());
    for (n, piece) in pieces.into_iter().enumerate() {
        let Piece::Same(text) = piece else {
            folded.push(piece);
            continue;
        };
        let head = if n == 0 { 0 } else { AROUND };
        let tail = if n == last { 0 } else { AROUND };
        if text.chars().count() <= head + tail + AROUND {
            folded.push(Piece::Same(text));
            continue;
        }
        if head > 0 {
            folded.push(Piece::Same(upto(&text, head)));
        }
        folded.push(Piece::Folded);
        if tail > 0 {
            folded.push(Piece::Same(from(&text, tail)));
        }
    }
    folded
}

/// The first words of a text, about `length` characters of them.
fn upto(text: &str, length: usize) -> String {
    let cut: String = text.chars().take(length).collect();
    cut.rsplit_once(char::is_whitespace).map_or(cut.clone(), |(whole, _)| format!("{whole} "))
}

/// The last words of a text, about `length` characters of them.
fn from(text: &str, length: usize) -> String {
    let cut: String = text.chars().skip(text.chars().count() - length).collect();
    cut.split_once(char::is_whitespace).map_or(cut.clone(), |(_, whole)| format!(" {whole}"))
}

/// The difference as text: what went out and what came in, said in words to who does not see the strokes.
#[component]
pub(super) fn Difference(before: String, after: String) -> impl IntoView {
    let drawn = pieces(&before, &after).into_iter().map(|piece| match piece {
        Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
        Piece::Out(text) => {
            view! { <del><span class="vh">"[taken out: "</span>{text}<span class="vh">"] "</span></del> }.into_any()
        }
        Piece::In(text) => view! { <ins><span class="vh">"[put in: "</span>{text}<span class="vh">"] "</span></ins> }.into_any(),
        Piece::Folded => {
            view! { <span class="folded">"…"<span class="vh">" words that stayed the same "</span></span> }.into_any()
        }
    });
    view! { <p class="difference">{drawn.collect_view()}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        pieces(before, after)
            .into_iter()
            .map(|piece| match piece {
                Piece::Same(text) => text,
                Piece::Out(text) => format!("-{text}-"),
                Piece::In(text) => format!("+{text}+"),
                Piece::Folded => "…".to_owned(),
            })
            .collect()
    }

    #[test]
    fn words_that_differ_are_told_as_one_stretch() {
        assert_eq!(told("The disk was full", "The queue grew full"), "The -disk was-+queue grew+ full");
        assert_eq!(told("", "New"), "+New+");
        assert_eq!(told("Gone", ""), "-Gone-");
        assert_eq!(told("Same", "Same"), "Same");
        assert_eq!(told("", ""), "");
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_difference() {
        let before = "One two three\nfour five";
        let after = "One 2 three\n\nfour six five";
        let (mut old, mut new) = (String::new(), String::new());
        for piece in pieces(before, after) {
            match piece {
                Piece::Same(text) => {
                    old += &text;
                    new += &text;
                }
                Piece::Out(text) => old += &text,
                Piece::In(text) => new += &text,
                Piece::Folded => unreachable!("short texts are shown whole"),
            }
        }
        assert_eq!((old.as_str(), new.as_str()), (before, after));
    }

    #[test]
    fn long_stretches_that_stayed_are_folded_around_the_change() {
        let stayed = "word ".repeat(200);
        let told = told(&format!("{stayed}old {stayed}"), &format!("{stayed}new {stayed}"));
        assert!(told.starts_with('…') && told.ends_with('…') && told.contains("-old-+new+"), "{told}");
        assert!(told.len() < 250, "{told}");
    }
}
