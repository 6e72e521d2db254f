//! Slack's markup as people saw it: mentions by name, titles in place of addresses, entities decoded.

use super::Workspace;
use crate::logs::draft;
use domain::timeline::raw::RawLink;

/// Turns a message into plain text; its links are added to `links`. Marks such as `*bold*` stay: commands hold them, too.
pub(super) fn plain(text: &str, workspace: &Workspace, links: &mut Vec<RawLink>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&entities(before));
        // What a person typed is written as an entity, so a bracket is always Slack's own; one that never closes is text.
        match after.find(['<', '>', '\n']).filter(|end| after[*end..].starts_with('>')) {
            Some(end) => {
                out.push_str(&token(&after[..end], workspace, links));
                rest = &after[end + 1..];
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(&entities(rest));
    out
}

/// What stands between brackets.
fn token(inner: &str, workspace: &Workspace, links: &mut Vec<RawLink>) -> String {
    let (target, label) = inner.split_once('|').map_or((inner, ""), |(target, label)| (target, label));
    let label = entities(label);
    if let Some(id) = target.strip_prefix('@') {
        return format!("@{}", person(id, &label, workspace));
    }
    if let Some(id) = target.strip_prefix('#') {
        let name = if label.is_empty() { workspace.channel_name(id).unwrap_or(id) } else { &label };
        return format!("#{}", name.trim_start_matches('#'));
    }
    if let Some(command) = target.strip_prefix('!') {
        return special(command, &label);
    }
    let is_address = target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    });
    // Not Slack's own after all: another program wrote the file.
    if is_address { link(&entities(target), &label, links) } else { format!("<{}>", entities(inner)) }
}

/// The name behind a mention of a person.
pub(super) fn person(id: &str, label: &str, workspace: &Workspace) -> String {
    let name = workspace.people.name(id).unwrap_or(if label.is_empty() { id } else { label });
    name.trim_start_matches('@').to_owned()
}

/// `!here`, `!subteam^S1|@crew`, `!date^1700000000^{date}|yesterday`.
fn special(command: &str, label: &str) -> String {
    match command.split('^').next().unwrap_or_default() {
        "date" if !label.is_empty() => label.to_owned(),
        "subteam" => {
            let id = command.split('^').nth(1).unwrap_or_default();
            format!("@{}", if label.is_empty() { id } else { label.trim_start_matches('@') })
        }
        name if label.is_empty() => format!("@{name}"),
        _ => format!("@{}", label.trim_start_matches('@')),
    }
}

/// A link as people saw it. One that may not be followed shows its address.
pub(super) fn link(url: &str, label: &str, links: &mut Vec<RawLink>) -> String {
    let bare = |text: &str| text.trim_start_matches("mailto:").trim_end_matches('/').to_owned();
    let title = if bare(label) == bare(url) { "" } else { label };
    match draft::link(url, title) {
        Some(link) => {
            links.push(link);
            if label.is_empty() { url.trim_start_matches("mailto:").to_owned() } else { label.to_owned() }
        }
        None if label.is_empty() => url.to_owned(),
        None if url.ends_with(label) => label.to_owned(),
        None => format!("{label} ({url})"),
    }
}

/// The three entities that Slack writes. `&amp;` comes last, so that `&amp;lt;` gives `&lt;`.
pub(super) fn entities(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
