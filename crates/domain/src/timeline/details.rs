//! What may be known of an event beside when it happened and what it was: what the record says, who acted by role, where it is shown,
//! what to ask, whether it was known then, and what became of a mitigation action.

use super::attachments::{self, AttachmentKind};
use crate::{AttachmentId, Invalid, text};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a source of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Any page.
    Link,
    /// A message in a chat.
    Chat,
    /// A graph, a dashboard, a query.
    Metric,
    /// A change: a commit, a deployment, a ticket of a change.
    Change,
    /// A file of the incident's own.
    File,
    /// An image of the incident's own.
    Image,
}

impl SourceKind {
    /// All, as forms offer them.
    pub const ALL: [Self; 6] = [Self::Link, Self::Chat, Self::Metric, Self::Change, Self::File, Self::Image];
    /// Those that are addresses elsewhere.
    pub const ADDRESSES: [Self; 4] = [Self::Link, Self::Chat, Self::Metric, Self::Change];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["link", "chat", "metric", "change", "file", "image"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Page", "Chat message", "Graph or metric", "Change", "File", "Image"][self as usize]
    }
}

/// Where an event is shown: an address with its words, or an attachment of the same incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventSource {
    /// What it is.
    pub kind: SourceKind,
    /// Words for the address; the address itself when there are none.
    pub title: String,
    /// `http` or `https`; of an attachment its [address](attachments::address).
    pub url: String,
}

impl EventSource {
    /// An attachment as a source. Its words are its own, so that they are changed in one place and stay sealed.
    pub fn attached(id: AttachmentId, kind: AttachmentKind) -> Self {
        let kind = if kind.is_image() { SourceKind::Image } else { SourceKind::File };
        Self { kind, title: String::new(), url: attachments::address(id) }
    }

    /// Which attachment it is, if it is one.
    pub fn attachment(&self) -> Option<AttachmentId> {
        matches!(self.kind, SourceKind::File | SourceKind::Image).then(|| attachments::named(&self.url)).flatten()
    }
}

/// What became of a mitigation action. What is not one has [`Unsaid`](Self::Unsaid).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Placement {
    /// Nobody has said.
    #[default]
    Unsaid,
    /// Still in place: it waits to be undone or to be made permanent.
    InPlace,
    /// Taken back.
    Undone,
    /// Kept on purpose.
    Permanent,
}

impl Placement {
    /// All, as forms offer them.
    pub const ALL: [Self; 4] = [Self::Unsaid, Self::InPlace, Self::Undone, Self::Permanent];

    /// As stored and in forms; empty for [`Unsaid`](Self::Unsaid).
    pub fn slug(self) -> &'static str {
        ["", "in-place", "undone", "permanent"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Not said", "Still in place", "Undone", "Made permanent"][self as usize]
    }

    /// Whether somebody decided what becomes of it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Undone | Self::Permanent)
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventDetails {
    /// The time that a record gives, where people know it better now; the event is told at its own time.
    pub recorded_at: Option<DateTime<Utc>>,
    /// The role of who acted ("on-call engineer"), never a name that the form asks for.
    pub role: String,
    /// What to ask about it in conversations, Markdown.
    pub question: String,
    /// Nobody in the response knew it then; it came out later.
    pub learned_later: bool,
    /// Where it is shown.
    pub sources: Vec<EventSource>,
    /// What became of it, if it is a mitigation action.
    pub placement: Placement,
    /// When it was undone or made permanent.
    pub settled_at: Option<DateTime<Utc>>,
}

/// Most sources of one event.
pub const SOURCES_MAX: usize = 20;

/// A source as a form holds it.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedSource<'a> {
    /// Slug of the kind; empty: a page.
    pub kind: &'a str,
    /// Words for it.
    pub title: &'a str,
    /// Address; a row without one and without words is no source.
    pub url: &'a str,
}

/// Reads the rows of a form.
///
/// # Errors
/// Field `sources`: an address that is none, words without one, too many.
pub fn read_sources<'a>(
    rows: impl IntoIterator<Item = TypedSource<'a>>,
    attached: &[EventSource],
) -> Result<Vec<EventSource>, Invalid> {
    let mut sources = Vec::new();
    for row in rows {
        let (title, url) = (text::optional_line("sources", row.title, text::TITLE_MAX)?, row.url.trim());
        if url.is_empty() && title.is_empty() {
            continue;
        }
        if !is_web_address(url) {
            let words = if url.is_empty() { title } else { url.chars().take(80).collect() };
            return Err(Invalid::one("sources", format!("“{words}” needs an address that begins with https:// or http://.")));
        }
        let kind =
            SourceKind::from_slug(row.kind).filter(|kind| SourceKind::ADDRESSES.contains(kind)).unwrap_or(SourceKind::Link);
        sources.push(EventSource { kind, title, url: url.to_owned() });
    }
    sources.extend_from_slice(attached);
    match sources.len() {
        0..=SOURCES_MAX => Ok(sources),
        _ => Err(Invalid::one("sources", format!("These are more than {SOURCES_MAX}. Please keep those that matter most."))),
    }
}

/// One address of the web, without blanks and control characters, of at most 2,000 bytes.
pub fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let whole = url.len() <= 2000 && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    whole && rest.is_some_and(|rest| rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '['))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(title: &'a str, url: &'a str) -> TypedSource<'a> {
        TypedSource { kind: "metric", title, url }
    }

    #[test]
    fn rows_become_sources_and_empty_ones_nothing() {
        let read =
            read_sources([row("", " "), row("Queue length", " https://graphs.example/q?x=1#y "), row("", "http://[::1]/")], &[]);
        let read = read.unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].title.as_str(), read[0].url.as_str()), ("Queue length", "https://graphs.example/q?x=1#y"));
        assert_eq!(read[0].kind, SourceKind::Metric);
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        let long = format!("https://{}", "x".repeat(2000));
        for (title, url) in [
            ("", "javascript:alert(1)"),
            ("", "data:text/html,x"),
            ("", "https://"),
            ("", "https:// x"),
            ("", "//x"),
            ("Graph", ""),
            ("", &long),
        ] {
            let refused = read_sources([row(title, url)], &[]).unwrap_err();
            assert!(refused.message("sources").is_some_and(|m| m.contains("https://")), "{url}");
        }
        let many = vec![row("", "https://a.example"); SOURCES_MAX + 1];
        assert!(read_sources(many, &[]).is_err());
    }

    #[test]
    fn an_attachment_is_a_source_by_its_id_and_nobody_types_one() {
        let id = AttachmentId(uuid::Uuid::from_u128(3));
        let image = EventSource::attached(id, AttachmentKind::Png);
        assert_eq!((image.kind, image.attachment()), (SourceKind::Image, Some(id)));
        let file = EventSource::attached(id, AttachmentKind::Pdf);
        assert_eq!(file.kind, SourceKind::File);
        let read = read_sources([row("Graph", "https://g.example/")], &[image.clone(), file]).unwrap();
        assert_eq!((read.len(), read[0].attachment()), (3, None));
        let typed = TypedSource { kind: "image", title: "", url: &image.url };
        assert!(read_sources([typed], &[]).is_err(), "no address of the web");
        let named = TypedSource { kind: "image", title: "", url: "https://g.example/x.png" };
        assert_eq!(read_sources([named], &[]).unwrap()[0].kind, SourceKind::Link);
    }

    #[test]
    fn what_became_of_it_comes_back_from_its_slug() {
        assert!(Placement::ALL.into_iter().all(|p| Placement::from_slug(p.slug()) == Some(p)));
        assert!(SourceKind::ALL.into_iter().all(|k| SourceKind::from_slug(k.slug()) == Some(k)));
        assert_eq!(Placement::from_slug("gone"), None);
        let settled: Vec<_> = Placement::ALL.into_iter().filter(|p| p.is_settled()).collect();
        assert_eq!(settled, [Placement::Undone, Placement::Permanent]);
    }
}
