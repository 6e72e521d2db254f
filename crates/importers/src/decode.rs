//! From bytes to text: size, encoding, line ends, and characters that no database keeps.

use crate::MAX_BYTES;

/// A document as text, with what had to be done to get there.
pub(crate) struct Decoded {
    /// Lines end in `\n` alone; no control characters but tab. (But see [`unpolished`].)
    pub(crate) text: String,
    /// For the person who imports.
    pub(crate) notes: Vec<String>,
}

/// Decodes a document, or says why it is left alone.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    decode_within(bytes, MAX_BYTES)
}

/// [`decode`] with another limit for its size, in bytes.
pub(crate) fn decode_within(bytes: &[u8], limit: usize) -> Result<Decoded, String> {
    let Decoded { text: raw, mut notes } = unpolished(bytes, limit)?;
    let total = raw.chars().count();
    let strange = raw.chars().filter(|c| *c == '\u{FFFD}' || is_unwanted(*c)).count();
    if total > 0 && strange * 10 > total {
        return Err("This does not look like text; it was not read.".to_owned());
    }
    if raw.contains(is_unwanted) {
        notes.push("Control characters were left out.".to_owned());
    }
    let text: String = raw.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !is_unwanted(*c)).collect();
    if text.trim().is_empty() {
        return Err("The file is empty.".to_owned());
    }
    Ok(Decoded { text, notes })
}

/// The text as it stands, for formats whose grammar tells what is text and what is not: line ends and control characters stay.
pub(crate) fn unpolished(bytes: &[u8], limit: usize) -> Result<Decoded, String> {
    if bytes.len() > limit {
        return Err(format!("The file is larger than {} MiB and was not read.", limit / (1024 * 1024)));
    }
    let mut notes = Vec::new();
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, &mut notes),
        _ => match unmarked_utf16(bytes) {
            Some(text) => {
                notes.push("The file is in UTF-16 without saying so; it was read as that.".to_owned());
                text
            }
            None => utf8(bytes, &mut notes),
        },
    };
    Ok(Decoded { text, notes })
}

fn is_unwanted(c: char) -> bool {
    c == '\u{FEFF}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

fn utf8(bytes: &[u8], notes: &mut Vec<String>) -> String {
    match String::from_utf8_lossy(bytes) {
        std::borrow::Cow::Borrowed(text) => text.to_owned(),
        std::borrow::Cow::Owned(text) => {
            notes.push("Some characters are not UTF-8; each stands as \u{FFFD}.".to_owned());
            text
        }
    }
}

/// A byte left over at the end, as in a file that was cut off, is dropped.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Text in a western language, written as UTF-16 without a mark, has a zero in nearly every other byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<String> {
    let sample = &bytes[..bytes.len().min(4096)];
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 7 && even * 10 < pairs {
        Some(utf16(bytes, u16::from_le_bytes))
    } else if even * 10 > pairs * 7 && odd * 10 < pairs {
        Some(utf16(bytes, u16::from_be_bytes))
    } else {
        None
    }
}
