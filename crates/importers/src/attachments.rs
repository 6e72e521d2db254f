//! What an attachment is by its bytes, and the same without what its maker's tools wrote into it: places, devices, names, times.
//!
//! Images are taken apart and put together again from the parts that draw them; every other part is left out, whatever it is called. Of
//! metadata one thing stays: which way up a photo is held, alone in a block of its own. What follows the end of an image goes as well, so
//! that nothing hides behind it.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod webp;

use domain::timeline::attachments::{AttachmentKind, fits_a_screen};

/// An attachment that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it is.
    pub kind: AttachmentKind,
    /// What is kept: of an image the parts that draw it, else all.
    pub bytes: Vec<u8>,
    /// Width and height in pixels, as it is shown; of images alone.
    pub size: Option<(u32, u32)>,
}

/// Why a file is not taken, in a sentence for its reader.
pub type Refusal = &'static str;

const EMPTY: Refusal = "This file is empty.";
const CUT_OFF: Refusal = "This image is cut off or damaged. Please open it, save it anew and try again.";
const HUGE: Refusal = "This image has more pixels than a page can show. Please make it smaller.";
const CUT_PDF: Refusal = "This PDF is cut off or damaged. Please save it anew and try again.";
const CUT_ARCHIVE: Refusal = "This archive is cut off or damaged. Please pack it anew and try again.";
const DRAWS: Refusal =
    "Web pages and SVG drawings can run scripts, so they are not taken. Please make an image of it, such as a PNG.";
const OTHER: Refusal = "Images (PNG, JPEG, WebP, GIF), PDF, text, JSON, zip and gzip files are taken. This one is none of them, whatever its name says.";

/// Looks at a file's bytes, and leaves out of an image what does not draw it.
///
/// # Errors
/// A sentence that says why it is not taken.
pub fn check_attachment(bytes: Vec<u8>) -> Result<Checked, Refusal> {
    if bytes.is_empty() {
        return Err(EMPTY);
    }
    let image = |kind, drawn: Option<Drawn>| {
        let drawn = drawn.ok_or(CUT_OFF)?;
        let (width, height) = drawn.size;
        if !fits_a_screen(width, height) {
            return Err(HUGE);
        }
        Ok(Checked { kind, bytes: drawn.bytes, size: Some(drawn.size) })
    };
    match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => image(AttachmentKind::Png, png::drawn(&bytes)),
        [0xff, 0xd8, 0xff, ..] => image(AttachmentKind::Jpeg, jpeg::drawn(&bytes)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => image(AttachmentKind::Webp, webp::drawn(&bytes)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => image(AttachmentKind::Gif, gif::drawn(&bytes)),
        [b'%', b'P', b'D', b'F', b'-', ..] => {
            as_it_is(AttachmentKind::Pdf, holds_near_end(&bytes, b"%%EOF", 1024), bytes, CUT_PDF)
        }
        [b'P', b'K', 3, 4, ..] => {
            as_it_is(AttachmentKind::Zip, holds_near_end(&bytes, b"PK\x05\x06", 66_000), bytes, CUT_ARCHIVE)
        }
        [0x1f, 0x8b, 8, ..] => as_it_is(AttachmentKind::Gzip, bytes.len() >= 18, bytes, CUT_ARCHIVE),
        _ => text(bytes),
    }
}

fn as_it_is(kind: AttachmentKind, whole: bool, bytes: Vec<u8>, cut_off: Refusal) -> Result<Checked, Refusal> {
    if whole { Ok(Checked { kind, bytes, size: None }) } else { Err(cut_off) }
}

/// What ends a file of some kinds stands near its end.
fn holds_near_end(bytes: &[u8], mark: &[u8], within: usize) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(within)..).unwrap_or_default();
    tail.windows(mark.len()).any(|window| window == mark)
}

/// UTF-8 without anything invisible but what logs hold: tabs, line ends, and the escapes that colour a terminal.
fn text(bytes: Vec<u8>) -> Result<Checked, Refusal> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return Err(OTHER) };
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1b}' | '\u{c}')) {
        return Err(OTHER);
    }
    if draws(text) {
        return Err(DRAWS);
    }
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    let json = begins.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(begins).is_ok();
    let kind = if json { AttachmentKind::Json } else { AttachmentKind::Text };
    Ok(Checked { kind, bytes, size: None })
}

/// Whether what opens it may take it for a page or a drawing: what a browser's own look at the first bytes goes by.
fn draws(text: &str) -> bool {
    const BEGINNINGS: [&str; 20] = [
        "<!doctype",
        "<html",
        "<head",
        "<body",
        "<script",
        "<style",
        "<iframe",
        "<svg",
        "<?xml",
        "<title",
        "<table",
        "<div",
        "<font",
        "<h1",
        "<br",
        "<p>",
        "<a ",
        "<b>",
        "<img",
        "<!--",
    ];
    let begins: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(16).collect();
    let begins = begins.to_ascii_lowercase();
    BEGINNINGS.iter().any(|tag| begins.starts_with(tag))
}

/// An image put together from the parts that draw it.
struct Drawn {
    bytes: Vec<u8>,
    size: (u32, u32),
}

/// Reads bytes in order; every step beyond the end is `None`.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
}

fn be16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?))
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

fn le16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?))
}

fn le32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// Width and height as they are shown: a photo on its side is as wide as it is high.
fn as_shown((width, height): (u32, u32), orientation: Option<u8>) -> (u32, u32) {
    if orientation.is_some_and(|way| way >= 5) { (height, width) } else { (width, height) }
}

#[cfg(test)]
mod tests;
