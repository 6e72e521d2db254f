//! The feed of published stories (Atom, RFC 4287), for programs that cannot sign in: whose address it is, that account's right is asked.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::misses;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::reviews::teaser::{Names, teaser, without_quotes};
use domain::text::in_markup;
use http::{HeaderMap, StatusCode, header};
use std::hash::{DefaultHasher, Hash, Hasher};
use store::reviews::{Published, PublishedStory};
use store::{StoreError, people, reviews};

/// Sentences of a summary in the feed and in letters.
const SENTENCES: usize = 3;

pub(super) async fn show(ctx: Ctx, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, AppError> {
    misses::check(&ctx)?;
    let token = token.strip_suffix(".atom").unwrap_or(&token);
    let Some(reader) = people::feed_reader(ctx.store(), token).await? else {
        misses::missed(&ctx);
        return Err(AppError::NotFound);
    };
    let published = match reviews::published(ctx.store(), &reader).await {
        Err(StoreError::NotFound) => return Err(AppError::NotFound),
        other => other?,
    };
    let updated = published.stories.iter().map(|story| story.updated_at).max().unwrap_or(DateTime::UNIX_EPOCH);
    let feed = written(&published, &ctx.site.base_url, updated);
    let mut hasher = DefaultHasher::new();
    feed.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let facts = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, facts).into_response());
    }
    Ok((facts, [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed).into_response())
}

/// Whether who asks has this already, by the tag of the whole text alone. A date cannot say it: a story that is restricted goes out of the feed
/// and leaves the latest date as it was.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
}

fn written(published: &Published, base: &str, updated: DateTime<Utc>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    element(&mut out, "id", &format!("{base}/feed"));
    element(&mut out, "title", "Published reviews");
    element(&mut out, "updated", &instant(updated));
    out.push_str("<author><name>Second Story</name></author>\n");
    link(&mut out, &format!("{base}/incidents"));
    for story in &published.stories {
        let address = format!("{base}/incidents/{}/review", story.key);
        out.push_str("<entry>\n");
        element(&mut out, "id", &address);
        element(&mut out, "title", &format!("{} {}", story.key, story.title));
        element(&mut out, "published", &instant(story.published_at));
        element(&mut out, "updated", &instant(story.updated_at));
        link(&mut out, &address);
        element(&mut out, "summary", &first_lines(story, &published.names));
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

/// The first lines of a story as they may leave the house: without quotes, and without sentences that name somebody.
pub fn first_lines(story: &PublishedStory, names: &Names) -> String {
    teaser(&markdown::plain(&without_quotes(&story.summary)), names, SENTENCES)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
}

fn link(out: &mut String, address: &str) {
    out.push_str(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n", escaped(address)));
}

/// Text as XML 1.0 takes it: what would be markup is written out, and signs that it knows in no way are left out.
fn escaped(text: &str) -> String {
    let known = |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    in_markup(&text.chars().filter(known).collect::<String>())
}
