//! Markdown as people write it, made into HTML that nothing can hide in.
//!
//! Two walls: the parser's own HTML is the only HTML there is (tags that were typed become text, so that `<gateway>` stays a word),
//! and the result is cleaned with a list of what may stay. Sanitised on output, always: stored text is never trusted.
//! Pictures become their description, but those that are files of the text's own incident: nothing is ever loaded from elsewhere. Headings begin at the third level, because the page has the first two.

#![warn(missing_docs)]

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

/// What may stay. Nothing with foreign or raw content, no attribute that styles, names or runs anything.
const TAGS: &str = "a blockquote br code del em h3 h4 h5 h6 hr img li ol p pre strong sub sup table tbody td th thead tr ul";
/// How text names a file of its own.
const OWN: &str = "attachment:";
/// How text names a moment of the timeline.
const EVENT: &str = "event:";
/// How text names a contributing factor.
const FACTOR: &str = "factor:";

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::new();
    let attributes = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("img", HashSet::from(["src", "alt", "width", "height", "loading"])),
        ("ol", HashSet::from(["start"])),
    ]);
    builder
        .tags(TAGS.split(' ').collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(own_page)))
        // The second wall: a picture comes from here or from nowhere.
        .attribute_filter(|element, attribute, value| {
            let foreign = element == "img" && attribute == "src" && own_page(value).is_none();
            (!foreign).then_some(Cow::Borrowed(value))
        })
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// Relative links lead to pages of this site or nowhere: `//other.example` and `\\other.example` are not relative to a reader.
fn own_page(url: &str) -> Option<Cow<'_, str>> {
    let mut chars = url.chars();
    let first = chars.next()?;
    let second = chars.next();
    let inside = first == '/' && !matches!(second, Some('/' | '\\')) && !url.contains(['\t', '\n', '\r']);
    inside.then_some(Cow::Borrowed(url))
}

/// A file of the text's own, as its reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// Its address on this site.
    pub address: String,
    /// Of an image: what it shows, where the text does not say, and its width and height if they are known.
    pub image: Option<(String, Option<(u32, u32)>)>,
}

/// What a text mentions by its name, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its address on this site.
    pub address: String,
    /// Its time and words.
    pub words: String,
}

/// Finds what is named `event:…` or `factor:…`; `None`: it is not there (any more).
pub type Mentions<'a> = &'a dyn Fn(&str) -> Option<Mention>;

/// Safe HTML of a Markdown text: paragraphs, lists, tables, quotes, code, links to http, https, mailto and pages of this site.
///
/// Never fails: what is no Markdown is a paragraph.
pub fn render(text: &str) -> String {
    render_with(text, &|_| None)
}

/// The same where the text may show files of its own, named `attachment:…`; `own` says which of them its reader sees, by what follows
/// the colon.
pub fn render_with(text: &str, own: &dyn Fn(&str) -> Option<OwnFile>) -> String {
    render_in(text, own, None)
}

/// The same where the text may mention moments and factors: a link to `event:…` or `factor:…` without words of its own is drawn with the
/// words that stand there now, and says so when it is gone.
pub fn render_in(text: &str, own: &dyn Fn(&str) -> Option<OwnFile>, mentions: Option<Mentions<'_>>) -> String {
    html_of(mentioned(drawn(text, own), mentions))
}

/// The same for somebody who reads it apart from this site: what would lead anywhere is its words alone, and no file is shown.
pub fn render_apart(text: &str, mentions: Option<Mentions<'_>>) -> String {
    let link = |event: &Event<'_>| matches!(event, Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link));
    html_of(mentioned(drawn(text, &|_| None), mentions).into_iter().filter(|event| !link(event)).collect())
}

fn html_of(events: Vec<Event<'_>>) -> String {
    let mut out = String::with_capacity(events.len() * 32);
    html::push_html(&mut out, events.into_iter());
    // A wide table scrolls within itself, by keyboard too. After cleaning the only `<table>` is a tag: text has `&lt;`.
    CLEANER
        .clean(&out)
        .to_string()
        .replace("<table>", r#"<div class="table-wrap" tabindex="0" role="group" aria-label="Table"><table>"#)
        .replace("</table>", "</table></div>")
}

/// The words alone, on one line, for excerpts and searches.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for event in calmed(text, &|_| None) {
        match event {
            Event::Text(t) | Event::Code(t) => out.push_str(&t),
            Event::Start(_) | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link) => {}
            _ => out.push(' '),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The events with files of the text's own in their places.
fn drawn<'a>(text: &'a str, own: &dyn Fn(&str) -> Option<OwnFile>) -> Vec<Event<'a>> {
    let mut said: Option<(String, OwnFile)> = None;
    let mut depth = 0_usize;
    let mut out = Vec::new();
    for event in calmed(text, own) {
        match (&mut said, event) {
            (None, Event::Start(Tag::Image { dest_url, .. })) => {
                depth = 1;
                said = own_file(&dest_url, own).map(|file| (String::new(), file));
            }
            (Some(_), Event::Start(Tag::Image { .. })) => depth += 1,
            (Some((alt, file)), Event::End(TagEnd::Image)) => {
                depth -= 1;
                if depth == 0 {
                    out.push(Event::InlineHtml(image(alt, file).into()));
                    said = None;
                }
            }
            (Some((alt, _)), Event::Text(words) | Event::Code(words)) => alt.push_str(&words),
            (Some((alt, _)), Event::SoftBreak | Event::HardBreak) => alt.push(' '),
            (Some(_), _) => {}
            (None, Event::End(TagEnd::Image)) => {}
            (None, Event::Start(Tag::Link { link_type, dest_url, title, id })) => {
                let dest_url = own_file(&dest_url, own).map_or(dest_url, |file| file.address.into());
                out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            (None, other) => out.push(other),
        }
    }
    out
}

/// The events with what is mentioned in its place. Links do not nest: an end belongs to the last beginning.
fn mentioned<'a>(events: Vec<Event<'a>>, mentions: Option<Mentions<'_>>) -> Vec<Event<'a>> {
    let mut open: Option<(String, usize)> = None;
    let mut out = Vec::with_capacity(events.len());
    for event in events {
        match event {
            Event::Start(Tag::Link { ref dest_url, .. }) if is_mention(dest_url) => {
                open = Some((dest_url.to_string(), out.len()))
            }
            Event::End(TagEnd::Link) => match open.take() {
                Some((name, begins)) => {
                    let label = out.split_off(begins);
                    out.extend(link(&name, label, mentions));
                }
                None => out.push(event),
            },
            other => out.push(other),
        }
    }
    out
}

fn is_mention(address: &str) -> bool {
    address.starts_with(EVENT) || address.starts_with(FACTOR)
}

/// A mention with the words that its writer gave it, or those that stand there now.
fn link<'a>(name: &str, label: Vec<Event<'a>>, mentions: Option<Mentions<'_>>) -> Vec<Event<'a>> {
    let silent = label.iter().all(|e| !matches!(e, Event::Text(t) | Event::Code(t) if !t.trim().is_empty()));
    let moment = name.starts_with(EVENT);
    let found = mentions.map(|find| find(name));
    let mut out = Vec::new();
    let mention = found.as_ref().and_then(Option::as_ref);
    if let Some(Mention { address, words }) = mention {
        let title = if silent { String::new() } else { words.clone() };
        let (dest_url, id) = (address.clone().into(), "".into());
        out.push(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title: title.into(), id }));
    }
    match (mention, silent) {
        (_, false) => out.extend(label),
        (Some(mention), true) => out.push(Event::Text(mention.words.clone().into())),
        (None, true) => out.push(Event::Text(if moment { "a moment of the timeline" } else { "a contributing factor" }.into())),
    }
    match found {
        Some(Some(_)) => out.push(Event::End(TagEnd::Link)),
        Some(None) => {
            out.push(Event::Text(if moment { " (no longer on the timeline)" } else { " (no longer there)" }.into()));
        }
        None => {}
    }
    out
}

fn own_file(address: &str, own: &dyn Fn(&str) -> Option<OwnFile>) -> Option<OwnFile> {
    own(address.strip_prefix(OWN)?)
}

fn image(said: &str, file: &OwnFile) -> String {
    let (described, size) = file.image.clone().unwrap_or_default();
    let alt = if said.trim().is_empty() { described } else { said.trim().to_owned() };
    let size = size.map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\"")).unwrap_or_default();
    format!("<img src=\"{}\" alt=\"{}\"{size} loading=\"lazy\">", escaped(&file.address), escaped(&alt))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The parser's events without pictures but own ones, without typed HTML, with headings that fit under the page's own.
fn calmed<'a>(text: &'a str, own: &dyn Fn(&str) -> Option<OwnFile>) -> Vec<Event<'a>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events: Vec<Event<'_>> = Parser::new_ext(text, options).collect();
    let levels: BTreeSet<HeadingLevel> = events
        .iter()
        .filter_map(|event| if let Event::Start(Tag::Heading { level, .. }) = event { Some(*level) } else { None })
        .collect();
    let fit = |level: HeadingLevel| match levels.iter().position(|l| *l == level) {
        Some(0) => HeadingLevel::H3,
        Some(1) => HeadingLevel::H4,
        Some(2) => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    // Which pictures that are open just now stay.
    let mut open = Vec::new();
    events
        .into_iter()
        .filter_map(|event| match event {
            Event::Start(Tag::Image { ref dest_url, .. }) => {
                let stays = own_file(dest_url, own).is_some_and(|file| file.image.is_some());
                open.push(stays);
                stays.then_some(event)
            }
            Event::End(TagEnd::Image) => open.pop().unwrap_or_default().then_some(event),
            Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
            Event::Html(typed) | Event::InlineHtml(typed) if is_break(&typed) => Some(Event::HardBreak),
            Event::Html(typed) | Event::InlineHtml(typed) => Some(Event::Text(typed)),
            Event::Start(Tag::Heading { level, .. }) => {
                Some(Event::Start(Tag::Heading { level: fit(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
            }
            Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(fit(level)))),
            other => Some(other),
        })
        .collect()
}

fn is_break(typed: &str) -> bool {
    matches!(typed.trim().to_ascii_lowercase().as_str(), "<br>" | "<br/>" | "<br />")
}

#[cfg(test)]
mod tests {
    use super::{Mention, OwnFile, plain, render, render_in, render_with};

    #[test]
    fn what_people_write_becomes_what_they_mean() {
        assert_eq!(render("A *calm* **page**, `db-1`."), "<p>A <em>calm</em> <strong>page</strong>, <code>db-1</code>.</p>\n");
        assert_eq!(render("- one\n- two"), "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n");
        let table = render("| a | b |\n|---|---|\n| 1 | 2 |");
        assert!(
            table.contains("<table>") && table.contains("<td>1</td>") && table.starts_with("<div class=\"table-wrap\""),
            "{table}"
        );
    }

    #[test]
    fn typed_tags_stay_words() {
        let html = render("the <gateway> restarted\n\n<b>bold?</b>");
        assert!(html.contains("&lt;gateway&gt;") && html.contains("&lt;b&gt;bold?"), "{html}");
        assert_eq!(render("one<br>two"), "<p>one<br>\ntwo</p>\n");
    }

    #[test]
    fn links_go_where_they_say_and_nowhere_else() {
        let link = render("[run book](https://example.org/a)");
        assert!(
            link.contains(r#"href="https://example.org/a""#) && link.contains(r#"rel="noopener noreferrer nofollow""#),
            "{link}"
        );
        assert!(render("[x](/incidents/INC-1)").contains(r#"href="/incidents/INC-1""#));
        for to in ["javascript:alert(1)", "data:text/html,x", "//other.example", "vbscript:x", "JaVaScRiPt:alert(1)", "x", "?q"] {
            assert!(!render(&format!("[x]({to})")).contains("href"), "{to}");
        }
    }

    #[test]
    fn a_picture_is_its_description() {
        assert_eq!(render("![the board at 02:11](https://example.org/x.png)"), "<p>the board at 02:11</p>\n");
    }

    #[test]
    fn a_mention_says_what_stands_there_now_and_when_it_is_gone() {
        let find = |name: &str| {
            (name == "event:7")
                .then(|| Mention { address: "/incidents/INC-1#e-7".to_owned(), words: "02:11 The queue <grows>".to_owned() })
        };
        let html = |text: &str| render_in(text, &|_| None, Some(&find));
        let live = html("So [](event:7), then.");
        assert!(
            live.contains(r#"href="/incidents/INC-1#e-7""#) && live.contains(">02:11 The queue &lt;grows&gt;</a>, then."),
            "{live}"
        );
        let named = html("[the **queue**](event:7)");
        assert!(named.contains("the <strong>queue</strong></a>") && named.contains(r#"title="02:11 The queue"#), "{named}");
        assert_eq!(html("[](event:8)"), "<p>a moment of the timeline (no longer on the timeline)</p>\n");
        assert_eq!(html("[the rule](factor:8)"), "<p>the rule (no longer there)</p>\n");
        assert_eq!(html("`[](event:7)`"), "<p><code>[](event:7)</code></p>\n");
        assert_eq!(render("[](event:7) and [it](factor:7)"), "<p>a moment of the timeline and it</p>\n");
        let evil = |_: &str| Some(Mention { address: "javascript:alert(1)".to_owned(), words: "<img src=x>".to_owned() });
        let evil = render_in("[](event:1)", &|_| None, Some(&evil));
        assert!(!evil.contains("javascript") && !evil.contains("<img"), "{evil}");
    }

    #[test]
    fn a_picture_of_ones_own_is_shown_and_no_other_is_loaded() {
        let own = |id: &str| {
            (id == "7" || id == "log").then(|| OwnFile {
                address: format!("/incidents/INC-1/attachments/{id}"),
                image: (id == "7").then(|| ("The \"queue\" <grows>".to_owned(), Some((40, 30)))),
            })
        };
        let html = render_with("![](attachment:7)", &own);
        let tag = r#"<img src="/incidents/INC-1/attachments/7" alt="The &quot;queue&quot; &lt;grows&gt;" width="40" height="30" loading="lazy">"#;
        assert_eq!(html, format!("<p>{tag}</p>\n"));
        assert!(render_with("![at *02:11*](attachment:7)", &own).contains(r#"alt="at 02:11""#));
        assert!(render_with("[the log](attachment:log)", &own).contains(r#"href="/incidents/INC-1/attachments/log""#));
        for other in [
            "![a](attachment:8)",
            "![a](attachment:log)",
            "![a](https://x.example/7)",
            "![a](//x.example/7)",
            "![a](/incidents/INC-1/attachments/7)",
            "![a](data:image/png;base64,x)",
            "<img src=/incidents/INC-1/attachments/7>",
            "![a][b]\n\n[b]: https://x.example/7",
        ] {
            let html = render_with(other, &own);
            assert!(!html.contains("<img"), "{other}: {html}");
        }
        assert_eq!(render_with("![a](attachment:8)", &own), "<p>a</p>\n");
        assert!(!render_with("[a](attachment:8)", &own).contains("href"));
        assert!(!render("![a](attachment:7)").contains("<img"));
        let nested = render_with("![a ![b](https://x.example/) c](attachment:7) d", &own);
        assert!(nested.contains(r#"alt="a b c""#) && nested.contains("> d</p>"), "{nested}");
        let outer = render_with("![a ![b](attachment:7) c](https://x.example/)", &own);
        assert!(outer.contains("<img src=\"/incidents") && !outer.contains("x.example"), "{outer}");
    }

    #[test]
    fn headings_fit_under_the_page_without_a_step_left_out() {
        assert_eq!(render("# a\n#### b"), "<h3>a</h3>\n<h4>b</h4>\n");
        assert_eq!(render("## only"), "<h3>only</h3>\n");
    }

    #[test]
    fn plain_is_one_line_of_words() {
        assert_eq!(plain("## Head\n\nThe *board*\nwas `green`.\n\n- a\n- b"), "Head The board was green. a b");
    }
}
