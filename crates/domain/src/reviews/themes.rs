//! Themes: passages of answers that are worth talking about, gathered by the facilitator under a few words.
//!
//! A passage is a copy of words of one answer, to the letter. It is there while its answer says these words and reaches the facilitator,
//! and with the author's name only where the answer has it: both follow the answer as it is now.

use super::is_word_for_word;
use crate::interviews::Audience;
use crate::{AnswerId, Invalid, PassageId, ThemeId, text};

/// Longest name of a theme, in characters: a few words.
pub const NAME_MAX: usize = 80;
/// Longest question to open a theme with, in characters.
pub const OPENING_MAX: usize = 240;
/// Longest note beside a passage, in characters.
pub const NOTE_MAX: usize = 160;
/// Most themes of one review. Two to five become the agenda of a meeting; the limit is against a script that never stops.
pub const THEMES_MAX: usize = 40;
/// Most passages of one review, against the same.
pub const PASSAGES_MAX: usize = 600;

/// A passage as a facilitator sees it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its id; random, and none of the answer's.
    pub id: PassageId,
    /// The answer that it was marked in.
    pub answer: AnswerId,
    /// The question's number.
    pub question: i64,
    /// The question's words, as over the answer.
    pub question_text: String,
    /// The words.
    pub text: String,
    /// What it is about, in the facilitator's words; may be empty.
    pub note: String,
    /// How far the answer travels now.
    pub audience: Audience,
    /// Who said it, where the answer tells this viewer.
    pub author: Option<String>,
    /// The theme that it was gathered under.
    pub theme: Option<ThemeId>,
}

impl Passage {
    /// Whether it may be read out, or shown to participants: the answer is for the review, not for who facilitates alone.
    pub fn may_be_read_out(&self) -> bool {
        self.audience >= Audience::Unattributed
    }
}

/// A theme: a few words, and perhaps a question to open with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its id.
    pub id: ThemeId,
    /// A few words, such as "Alerts nobody believed".
    pub name: String,
    /// A question to open with; may be empty.
    pub opening: String,
    /// Counts its saves.
    pub version: i64,
}

/// A theme as somebody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeDraft {
    /// A few words.
    pub name: String,
    /// A question to open with; may be empty.
    pub opening: String,
}

impl ThemeDraft {
    /// The theme as it is kept: each a line.
    ///
    /// # Errors
    /// Fields `name` and `opening`.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let name = invalid.take(text::line("name", &self.name, NAME_MAX)).unwrap_or_default();
        let opening = invalid.take(text::optional_line("opening", &self.opening, OPENING_MAX)).unwrap_or_default();
        invalid.or_ok()?;
        Ok(Self { name, opening })
    }
}

/// A passage as somebody marks it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The words: the answer, or a part of it.
    pub text: String,
    /// What it is about; may be empty.
    pub note: String,
}

impl Mark {
    /// The mark as it is kept, if its words are those of the answer.
    ///
    /// # Errors
    /// Fields `passage` and `about`.
    pub fn checked(&self, answer: &str) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let text = invalid.take(text::required("passage", &self.text)).unwrap_or_default();
        if !text.is_empty() && !is_word_for_word(answer, &text) {
            invalid.add("passage", "These are not the author’s words to the letter. Please copy them from the answer.");
        }
        let note = invalid.take(text::optional_line("about", &self.note, NOTE_MAX)).unwrap_or_default();
        invalid.or_ok()?;
        Ok(Self { text: text.trim().to_owned(), note })
    }
}

/// Whether an answer that changed still says a passage. If not, the passage goes with the words.
pub fn still_says(answer: &str, passage: &str) -> bool {
    is_word_for_word(answer, passage)
}

/// Whether two passages are the same words: marked again, they are one.
pub fn same_words(one: &str, other: &str) -> bool {
    is_word_for_word(one, other) && is_word_for_word(other, one)
}

/// An answer cut into pieces in their order, each with whether it is marked. Pieces that overlap are one; words that cannot be found as
/// they were typed (other line ends, say) are left unmarked.
pub fn pieces<'a>(answer: &'a str, passages: &[String]) -> Vec<(&'a str, bool)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for passage in passages {
        let passage = passage.replace("[…]", "…").replace("[...]", "…").replace("...", "…");
        let mut from = 0;
        for part in passage.split('…').map(str::trim).filter(|part| !part.is_empty()) {
            let Some(at) = answer[from..].find(part) else { break };
            from += at + part.len();
            ranges.push((from - part.len(), from));
        }
    }
    ranges.sort_unstable();
    let mut cut = Vec::new();
    let mut done = 0;
    let mut rest = ranges.into_iter().peekable();
    while let Some((start, mut end)) = rest.next() {
        while let Some((_, next_end)) = rest.next_if(|(next, _)| *next <= end) {
            end = end.max(next_end);
        }
        if start > done {
            cut.push((&answer[done..start], false));
        }
        cut.push((&answer[start..end], true));
        done = end;
    }
    if done < answer.len() {
        cut.push((&answer[done..], false));
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "Both boards were green. I trusted the board more than the number.\nThen the depots rang.";

    fn refused(mark: &Mark) -> Vec<String> {
        mark.checked(ANSWER).unwrap_err().fields.into_iter().map(|f| f.field).collect()
    }

    #[test]
    fn a_mark_holds_the_authors_words_to_the_letter() {
        let mark = |text: &str, note: &str| Mark { text: text.to_owned(), note: note.to_owned() };
        let kept = mark("\n I trusted the board more than the number. \r\n", " what green  means ").checked(ANSWER).unwrap();
        assert_eq!(kept, mark("I trusted the board more than the number.", "what green means"));
        assert!(mark(ANSWER, "").checked(ANSWER).is_ok(), "the whole of it");
        assert!(mark("Both boards were green … the depots rang.", "").checked(ANSWER).is_ok(), "words left out");
        assert_eq!(refused(&mark("I trusted the board too much", "")), ["passage"]);
        assert_eq!(refused(&mark("  ", &"a".repeat(NOTE_MAX + 1))), ["passage", "about"]);
    }

    #[test]
    fn a_theme_is_a_few_words_and_perhaps_a_question() {
        let draft = |name: &str, opening: &str| ThemeDraft { name: name.to_owned(), opening: opening.to_owned() };
        let kept = draft("  Alerts nobody\nbelieved ", "").checked().unwrap();
        assert_eq!(kept, draft("Alerts nobody believed", ""));
        let wrong = draft(" ", &"a".repeat(OPENING_MAX + 1)).checked().unwrap_err();
        assert_eq!(wrong.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["name", "opening"]);
        assert!(draft(&"a".repeat(NAME_MAX + 1), "").checked().is_err());
    }

    #[test]
    fn the_same_words_are_one_passage() {
        assert!(same_words("the depots\nrang", "the depots rang"));
        assert!(!same_words("the depots rang", "depots rang"));
    }

    #[test]
    fn an_answer_that_changed_may_not_say_it_any_more() {
        assert!(still_says(ANSWER, "the depots rang"));
        assert!(!still_says(ANSWER, "the depots called"));
        assert!(!still_says("", "the depots rang"));
    }

    #[test]
    fn what_is_for_who_facilitates_is_not_read_out() {
        let passage = |audience| Passage {
            id: PassageId(uuid::Uuid::nil()),
            answer: AnswerId(uuid::Uuid::nil()),
            question: 2,
            question_text: String::new(),
            text: String::new(),
            note: String::new(),
            audience,
            author: None,
            theme: None,
        };
        assert!(!passage(Audience::Facilitator).may_be_read_out());
        assert!(passage(Audience::Unattributed).may_be_read_out());
        assert!(passage(Audience::Named).may_be_read_out());
    }

    #[test]
    fn marked_pieces_stand_in_the_answer_as_it_is() {
        let of = |passages: &[&str]| pieces(ANSWER, &passages.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
        let marked = |passages: &[&str]| of(passages).into_iter().filter(|(_, m)| *m).map(|(t, _)| t).collect::<Vec<_>>();
        assert_eq!(of(&[]), [(ANSWER, false)]);
        assert_eq!(marked(&["the board", "more than"]), ["the board", "more than"]);
        assert_eq!(marked(&["I trusted the board", "the board more"]), ["I trusted the board more"], "what overlaps is one");
        assert_eq!(marked(&["boards … depots"]), ["boards", "depots"]);
        assert!(marked(&["never said"]).is_empty());
        for passages in [&["the board"][..], &["Both", "rang."], &["boards … depots", "green. I"]] {
            assert_eq!(of(passages).into_iter().map(|(t, _)| t).collect::<String>(), ANSWER);
        }
    }
}
