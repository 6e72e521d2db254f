//! Text as people type it: trimmed, without control characters, no longer than its field allows.

use crate::Invalid;
use std::ops::Range;

/// Longest title, in characters.
pub const TITLE_MAX: usize = 200;
/// Longest name of a person or team, in characters.
pub const NAME_MAX: usize = 120;
/// Longest free text (an answer, a section, an event), in bytes: 64 KiB.
pub const TEXT_MAX: usize = 64 * 1024;

/// Text as it may stand in HTML or XML, within an element or an attribute. XML 1.0 knows no control characters but tabs and line ends: who
/// writes it takes them out before.
pub fn in_markup(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

/// A single line: trimmed, inner white space made one space, at least one character.
///
/// # Errors
/// Names the field when it is empty, longer than `max` characters or holds control characters.
pub fn line(field: &str, text: &str, max: usize) -> Result<String, Invalid> {
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() {
        return Err(Invalid::one(field, "Please write something here."));
    }
    optional_line(field, &clean, max)
}

/// A single line that may be empty.
///
/// # Errors
/// Names the field when it is longer than `max` characters or holds control characters.
pub fn optional_line(field: &str, text: &str, max: usize) -> Result<String, Invalid> {
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = clean.chars().count();
    if length > max {
        return Err(Invalid::one(field, format!("This has {length} characters; {max} fit. Please shorten it.")));
    }
    no_controls(field, clean)
}

/// Text of several lines that may be empty: line ends become `\n`, the end is trimmed.
///
/// # Errors
/// Names the field when it is longer than [`TEXT_MAX`] bytes or holds control characters other than tab and line end.
pub fn long(field: &str, text: &str) -> Result<String, Invalid> {
    let clean = text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned();
    if clean.len() > TEXT_MAX {
        return Err(Invalid::one(
            field,
            format!("This is {} KB of text; {} KB fit. Please split or shorten it.", clean.len() / 1024, TEXT_MAX / 1024),
        ));
    }
    no_controls(field, clean)
}

/// Text of several lines with at least one visible character.
///
/// # Errors
/// As [`long`], and when nothing is written.
pub fn required(field: &str, text: &str) -> Result<String, Invalid> {
    let clean = long(field, text)?;
    if clean.trim().is_empty() { Err(Invalid::one(field, "Please write something here.")) } else { Ok(clean) }
}

/// PostgreSQL refuses NUL and SQLite keeps it, so both refuse: the same rule on both engines.
fn no_controls(field: &str, text: String) -> Result<String, Invalid> {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Invalid::one(
            field,
            "This holds invisible control characters. Please remove them, or paste it as plain text.",
        ));
    }
    Ok(text)
}

/// Case-folded form for look-ups: SQLite's `lower` knows ASCII only, so folding happens here.
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Longest word that search keeps in one piece, in characters; a longer one (a token, a text without spaces) is cut into pieces that follow
/// one another, since PostgreSQL indexes none of more than 2 KB.
const WORD_MAX: usize = 100;

/// The words of a text as search keeps them: case-folded, everything but letters and digits left out, with one space before, between and
/// after. Both engines search what is made here, so that neither's own idea of a word counts.
pub fn words(text: &str) -> String {
    let folded = text.to_lowercase();
    let mut words = String::with_capacity(folded.len() + 2);
    words.push(' ');
    for word in folded.split(|c: char| !is_of_a_word(c)).filter(|word| !word.is_empty()) {
        for (n, c) in word.chars().enumerate() {
            if n > 0 && n % WORD_MAX == 0 {
                words.push(' ');
            }
            words.push(c);
        }
        words.push(' ');
    }
    words
}

/// Where the words of a text stand, each with its folded form (of a very long word its pieces): to show what was found in the text itself.
pub fn word_places(text: &str) -> Vec<(Range<usize>, String)> {
    let mut places = Vec::new();
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match begin {
            None if is_of_a_word(c) => begin = Some(at),
            Some(from) if !is_of_a_word(c) => {
                begin = None;
                places.extend(words(&text[from..at]).split_whitespace().map(|word| (from..at, word.to_owned())));
            }
            _ => {}
        }
    }
    places
}

/// Letters, digits and the marks that hang on letters: what is folded may have been taken apart ("İ" becomes two characters).
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}
