//! The second story as a file to take along: Markdown, or one HTML file that needs nothing else. What is said to people outside is not in it,
//! nor is anything of a plan.

use super::mentions;
use super::parts::opened;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::{Mentions, escape};
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono_tz::Tz;
use domain::incidents::Incident;
use domain::learnings::thanks::{Thanks, ThanksState};
use domain::learnings::{Factor, Learning, LearningStatus};
use domain::reviews::SectionKind;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use serde::Deserialize;
use std::fmt::Write;
use std::sync::Arc;
use store::learnings::Met;
use store::reviews::Story;

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExportQuery {
    /// `off`: quotes lose their names, also those that were given with one.
    names: String,
}

/// Everything that the file tells.
struct Taken {
    incident: Incident,
    story: Story,
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
    met: Vec<Met>,
    thanks: Vec<Thanks>,
    events: Arc<Vec<TimelineEvent>>,
    mentions: Mentions,
    zone: Tz,
}

/// As Markdown.
pub(super) async fn markdown_file(
    ctx: Ctx,
    Path(key): Path<String>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, AppError> {
    let taken = take(&ctx, &key, &query).await?;
    Ok(file(&taken, "md", "text/markdown; charset=utf-8", taken.text()))
}

/// As one HTML file.
pub(super) async fn html_file(ctx: Ctx, Path(key): Path<String>, Query(query): Query<ExportQuery>) -> Result<Response, AppError> {
    let taken = take(&ctx, &key, &query).await?;
    Ok(file(&taken, "html", "text/html; charset=utf-8", taken.page()))
}

async fn take(ctx: &Ctx, key: &str, query: &ExportQuery) -> Result<Taken, AppError> {
    let incident = opened(ctx, key).await?.incident;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, incident.id);
    let story = store::reviews::story(store, viewer, id, ctx.now).await?;
    let story = if query.names == "off" { story.without_names() } else { story };
    let factors = store::learnings::factors(store, viewer, id, ctx.now).await?;
    let learnings = store::learnings::learnings(store, viewer, id, ctx.now).await?;
    let met = store::learnings::met_at(store, viewer, id, ctx.now).await?;
    let mut thanks = store::reviews::thanks(store, viewer, id, ctx.now).await?;
    // Without names there are no thanks to persons: the words would say who.
    thanks.retain(|thanks| thanks.state == ThanksState::Agreed && (query.names != "off" || !thanks.to_person));
    let events = store::timeline::events(store, viewer, id, ctx.now).await?;
    let (mentions, _) = mentions::among(&incident, &events, &factors);
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    Ok(Taken { incident, story, factors, learnings, met, thanks, events, mentions, zone })
}

fn file(taken: &Taken, ending: &str, kind: &str, text: String) -> Response {
    let name = format!("attachment; filename=\"second-story-{}.{ending}\"", taken.incident.key);
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], text).into_response()
}

impl Taken {
    fn text(&self) -> String {
        let mut out = format!("# {}\n\n", self.incident.title);
        let _ = writeln!(out, "{}, {}\n", self.incident.key, walltime::absolute(self.incident.started_at, self.zone));
        match (self.story.published_at, self.story.revised_at) {
            (None, _) => out += "A draft: not published.\n\n",
            (Some(at), None) => _ = writeln!(out, "Published {}.\n", walltime::day(at, self.zone)),
            (Some(at), Some(revised)) => {
                _ = writeln!(out, "Published {}, revised {}.\n", walltime::day(at, self.zone), walltime::day(revised, self.zone));
            }
        }
        for section in self.story.sections.iter().filter(|section| section.kind.is_in_story()) {
            self.section(&mut out, section.kind, section.body.trim());
        }
        let events: Vec<String> = self.events.iter().map(|event| self.event(event)).collect();
        list(&mut out, "Timeline", &events);
        out
    }

    fn section(&self, out: &mut String, kind: SectionKind, body: &str) {
        let listed: Vec<String> = match kind {
            SectionKind::Learnings => {
                let again = self.met.iter().map(|met| format!("Met again ({}): {}", met.key, one_line(&met.body)));
                self.learnings.iter().map(learned).chain(again).collect()
            }
            SectionKind::Thanks => {
                self.thanks.iter().map(|thanks| format!("{}: {}", thanks.to, one_line(&thanks.words))).collect()
            }
            SectionKind::Factors => self.factors.iter().map(|f| one_line(&f.body)).collect(),
            _ => Vec::new(),
        };
        let quotes: Vec<_> = self.story.quotes.iter().filter(|quote| quote.section == kind).collect();
        if body.is_empty() && listed.is_empty() && quotes.is_empty() {
            return;
        }
        let _ = writeln!(out, "## {}\n", kind.title());
        if !body.is_empty() {
            let _ = writeln!(out, "{}\n", told(body, &self.mentions));
        }
        for line in &listed {
            let _ = writeln!(out, "- {line}");
        }
        if !listed.is_empty() {
            out.push('\n');
        }
        for quote in quotes {
            for line in quote.text.lines() {
                let _ = writeln!(out, "> {line}");
            }
            if let Some(author) = &quote.author {
                let _ = writeln!(out, ">\n> {author}");
            }
            out.push('\n');
        }
    }

    fn event(&self, event: &TimelineEvent) -> String {
        let words = one_line(&told(&event.body, &self.mentions));
        match event.at {
            None => words,
            Some(at) if event.precision == Precision::Date => format!("**{}** {words}", walltime::day(at, self.zone)),
            Some(at) => format!("**{} {}** {words}", walltime::day(at, self.zone), walltime::clock(at, self.zone)),
        }
    }

    fn page(&self) -> String {
        const STYLE: &str = "body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:1.125rem/1.6 Georgia,serif;color:#1f1e1b;background:#fbfaf7}\
            h1{font-size:2.25rem;line-height:1.15}h2{margin-top:2.2em}blockquote{margin:1.2em 0;padding-left:1em;border-left:3px solid #0f5e59}\
            table{border-collapse:collapse}td,th{border:1px solid #cfccc4;padding:.3em .6em;text-align:left}img{max-width:100%}\
            @media(prefers-color-scheme:dark){body{color:#eceae4;background:#171613}}";
        let title = escape(&self.incident.title);
        let body = markdown::render(&self.text());
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
             initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\n{body}\n</body></html>\n"
        )
    }
}

fn list(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "## {heading}\n");
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

/// A learning in a line, with what holds now where it was true then.
fn learned(learning: &Learning) -> String {
    let body = one_line(&learning.body);
    match learning.details.status {
        LearningStatus::Outdated => format!("{body} (True then. Now: {})", one_line(&learning.details.reason)),
        _ => body,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as it reads away from here: what it mentions in words, pictures by their description.
fn told(text: &str, mentions: &Mentions) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        let Some((label, target, after)) = link(from) else {
            out += before;
            out.push('[');
            rest = &from[1..];
            continue;
        };
        if target.starts_with("event:") || target.starts_with("factor:") {
            out += before;
            let now = mentions.0.get(target).map_or("(no longer there)", |mention| mention.words.as_str());
            out += if label.is_empty() { now } else { label };
        } else if target.starts_with("attachment:") {
            out += before.strip_suffix('!').unwrap_or(before);
            let _ = write!(out, "({})", if label.is_empty() { "a file" } else { label });
        } else {
            out += before;
            out += &from[..from.len() - after.len()];
        }
        rest = after;
    }
    out + rest
}

/// "[label](target)" at the very beginning, and what comes after it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    (!label.contains(['[', ']', '\n']) && !target.contains(char::is_whitespace)).then_some((label, target, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn mentions() -> Mentions {
        let one = markdown::Mention { address: "/x".into(), words: "02:11 The queue grows".into() };
        Mentions(Arc::new(HashMap::from([("event:1".to_owned(), one)])))
    }

    #[test]
    fn what_is_mentioned_reads_in_words_away_from_here() {
        for (text, reads) in [
            ("At [](event:1) it began.", "At 02:11 The queue grows it began."),
            ("At [that time](event:1) it began.", "At that time it began."),
            ("[](factor:9)", "(no longer there)"),
            ("![The board](attachment:7) and [the log](attachment:8)", "(The board) and (the log)"),
            ("[a page](https://example.org) stays", "[a page](https://example.org) stays"),
            ("[ ] open, [x] done [", "[ ] open, [x] done ["),
        ] {
            assert_eq!(told(text, &mentions()), reads);
        }
    }
}
