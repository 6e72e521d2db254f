//! Files and images of an incident: which kinds there are, how much fits, what their names and descriptions may be, and how text
//! names them.

use crate::{AttachmentId, Invalid, text};

/// What an attachment is, by its bytes; never by its name or by what a browser said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttachmentKind {
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A WebP image.
    Webp,
    /// A GIF image.
    Gif,
    /// A PDF document.
    Pdf,
    /// Plain text: a log, a table, a note.
    Text,
    /// A JSON document.
    Json,
    /// A zip archive.
    Zip,
    /// A file packed with gzip.
    Gzip,
}

impl AttachmentKind {
    /// All.
    pub const ALL: [Self; 9] =
        [Self::Png, Self::Jpeg, Self::Webp, Self::Gif, Self::Pdf, Self::Text, Self::Json, Self::Zip, Self::Gzip];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["png", "jpeg", "webp", "gif", "pdf", "text", "json", "zip", "gzip"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["PNG image", "JPEG image", "WebP image", "GIF image", "PDF", "Text", "JSON", "Zip archive", "Gzip file"][self as usize]
    }

    /// As served.
    pub fn content_type(self) -> &'static str {
        [
            "image/png",
            "image/jpeg",
            "image/webp",
            "image/gif",
            "application/pdf",
            "text/plain; charset=utf-8",
            "application/json",
            "application/zip",
            "application/gzip",
        ][self as usize]
    }

    /// Whether a page shows it; all else is downloaded.
    pub fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp | Self::Gif)
    }

    /// What its metadata cannot be taken out of: it is kept as it came.
    pub fn keeps_metadata(self) -> bool {
        matches!(self, Self::Pdf | Self::Zip | Self::Gzip)
    }

    /// Ends of names that fit it, the usual one first. None of them is run or drawn by what opens it.
    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Gif => &["gif"],
            Self::Pdf => &["pdf"],
            Self::Text => &[
                "txt", "log", "csv", "tsv", "md", "yaml", "yml", "toml", "ini", "conf", "cfg", "sql", "diff", "patch", "out",
                "err", "jsonl", "ndjson",
            ],
            Self::Json => &["json"],
            Self::Zip => &["zip"],
            Self::Gzip => &["gz", "tgz"],
        }
    }
}

/// How much fits, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One file.
    pub file: u64,
    /// All files of an incident.
    pub incident: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file: 10_000_000, incident: 200_000_000 }
    }
}

/// Most files that one form takes.
pub const AT_ONCE: usize = 20;
/// Longest file name, in characters.
const NAME_MAX: usize = 120;
/// Longest description of an image, in characters.
pub const ALT_MAX: usize = 500;
/// Most pixels of an image: a small file can claim a picture that no memory holds.
const PIXELS_MAX: u64 = 50_000_000;
/// Longest side of an image, in pixels.
const SIDE_MAX: u32 = 20_000;

/// Whether an image of this size is shown; a small file can claim more than a reader's memory.
pub fn fits_a_screen(width: u32, height: u32) -> bool {
    (1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height) && u64::from(width) * u64::from(height) <= PIXELS_MAX
}

/// A size as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// The name under which a file is kept and downloaded: no folder, nothing invisible, an end that fits what it is, so that nothing that
/// runs is downloaded under the name of what came.
pub fn file_name(typed: &str, kind: AttachmentKind) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !is_hidden(*c)).map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let clean = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.trim_matches(['.', ' ']);
    let ends = kind.extensions();
    let (stem, end) = match clean.rsplit_once('.') {
        Some((stem, end)) if ends.contains(&end.to_ascii_lowercase().as_str()) => (stem, end),
        _ => (clean, ends.first().copied().unwrap_or("bin")),
    };
    let stem: String = stem.chars().take(NAME_MAX - end.len() - 1).collect();
    format!("{}.{end}", if stem.is_empty() { "file" } else { stem.trim_end_matches(['.', ' ']) })
}

/// Control characters, and those that turn the direction of what is read, so that `gpj.exe` looks like `exe.jpg`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// What an image shows, in words; needed before it is shown anywhere.
///
/// # Errors
/// Field `field` when it is empty or too long.
pub fn alt(field: &str, typed: &str) -> Result<String, Invalid> {
    if typed.trim().is_empty() {
        return Err(Invalid::one(field, "Please say in a sentence what the image shows, for those who cannot see it."));
    }
    text::line(field, typed, ALT_MAX)
}

/// How text names an attachment: `![what it shows](attachment:ID)`.
pub fn address(id: AttachmentId) -> String {
    format!("{SCHEME}{id}")
}

/// Which attachment an address in text names.
pub fn named(address: &str) -> Option<AttachmentId> {
    address.strip_prefix(SCHEME)?.parse().ok()
}

const SCHEME: &str = "attachment:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_come_back_from_their_slugs_and_only_images_are_shown() {
        assert!(AttachmentKind::ALL.into_iter().all(|k| AttachmentKind::from_slug(k.slug()) == Some(k)));
        for kind in AttachmentKind::ALL {
            assert_eq!(kind.is_image(), kind.content_type().starts_with("image/"), "{kind:?}");
            assert!(!["html", "svg", "xml", "javascript"].iter().any(|runs| kind.content_type().contains(runs)));
        }
        assert_eq!(AttachmentKind::from_slug("svg"), None);
    }

    #[test]
    fn a_name_loses_folders_and_tricks_and_ends_as_what_it_is() {
        use AttachmentKind::{Gzip, Jpeg, Json, Png, Text};
        for (typed, kind, name) in [
            ("graph.png", Png, "graph.png"),
            ("C:\\Users\\ada\\Desktop\\graph.PNG", Png, "graph.PNG"),
            ("../../etc/passwd", Text, "passwd.txt"),
            ("page.html", Text, "page.html.txt"),
            ("run.exe", Png, "run.exe.png"),
            ("photo\u{202e}gpj.exe", Jpeg, "photogpj.exe.jpg"),
            ("a\r\nSet-Cookie: x=1.json", Json, "aSet-Cookie_ x=1.json"),
            ("dump.tar.gz", Gzip, "dump.tar.gz"),
            ("", Text, "file.txt"),
            ("..", Png, "file.png"),
            (".png", Png, "png.png"),
            ("Kø \"längd\".csv", Text, "Kø _längd_.csv"),
        ] {
            assert_eq!(file_name(typed, kind), name, "{typed:?}");
        }
        let long = file_name(&"x".repeat(500), Png);
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with(".png"));
    }

    #[test]
    fn a_name_once_clean_stays_as_it_is() {
        for kind in AttachmentKind::ALL {
            let once = file_name("What/ever .it <is>.tar", kind);
            assert_eq!(file_name(&once, kind), once);
        }
    }

    #[test]
    fn an_image_needs_words_and_a_size_that_fits() {
        assert!(alt("alt", " \n").unwrap_err().message("alt").is_some());
        assert!(alt("alt", &"x".repeat(ALT_MAX + 1)).is_err());
        assert_eq!(alt("alt", " The queue\ngrows ").unwrap(), "The queue grows");
        assert!(fits_a_screen(1920, 1080) && fits_a_screen(10_000, 5_000));
        assert!(!fits_a_screen(0, 1) && !fits_a_screen(20_001, 1) && !fits_a_screen(10_000, 5_001));
    }

    #[test]
    fn text_names_an_attachment_by_its_id_alone() {
        let id = AttachmentId(uuid::Uuid::from_u128(7));
        assert_eq!(named(&address(id)), Some(id));
        for other in ["https://x.example/a.png", "attachment:", "attachment:../x", "data:image/png;base64,x"] {
            assert_eq!(named(other), None, "{other}");
        }
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!([size(12), size(81_920), size(2_340_000)], ["12 bytes", "82 kB", "2.3 MB"]);
    }
}
