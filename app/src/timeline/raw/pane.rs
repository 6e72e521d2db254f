//! The raw log beside the story: searched, filtered, paged; entries are chosen here and told as events.

use super::icon;
use crate::form::encode;
use crate::ui::{Empty, Icon, ListKeysScript};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::timeline::TimelineEvent;
use domain::timeline::raw::RawSource;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use store::timeline::raw::{LogEntry, LogPage, Look};

/// Longer words are folded away behind the first of them.
const SHOWN: usize = 320;

/// What of the log is looked at, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::timeline) struct LookQuery {
    pub(in crate::timeline) q: String,
    source: String,
    who: String,
    page: String,
    at: String,
}

impl LookQuery {
    /// What it means.
    pub(in crate::timeline) fn look(&self) -> Look {
        Look {
            words: self.q.trim().chars().take(200).collect(),
            source: RawSource::from_slug(&self.source),
            author: self.who.parse().ok(),
            page: self.page.parse().unwrap_or(1),
            at: DateTime::parse_from_rfc3339(&self.at).ok().map(|at| at.to_utc()),
        }
    }

    fn filters(&self) -> bool {
        !(self.q.trim().is_empty() && self.source.is_empty() && self.who.is_empty())
    }

    /// The address of a page of it.
    fn address(&self, base: &str, page: usize) -> String {
        let mut address = format!("{base}?pane=raw");
        for (name, value) in [("q", self.q.trim()), ("source", &self.source), ("who", &self.who)] {
            if !value.is_empty() {
                address += &format!("&{name}={}", encode(value));
            }
        }
        if page > 1 {
            address += &format!("&page={page}");
        }
        address
    }
}

/// The pane with what it shows.
#[derive(Clone)]
pub(in crate::timeline) struct Pane {
    /// What is looked at.
    pub(in crate::timeline) query: LookQuery,
    /// The entries.
    pub(in crate::timeline) page: LogPage,
}

/// The pane. `documents`: imported documents, as links.
#[component]
pub(in crate::timeline) fn LogPane(
    pane: Pane,
    base: String,
    zone: Tz,
    events: Arc<Vec<TimelineEvent>>,
    documents: Vec<(String, String)>,
) -> impl IntoView {
    let Pane { query, page } = pane;
    let (all, found, filters) = (page.all, page.found, query.filters());
    let stopped = page.stopped_after.map(|n| {
        format!("The first {} entries were looked through. A source, a person or a time reaches the rest.", thousands(n))
    });
    let back = query.address(&base, page.page);
    let (import, authors, story) = (format!("{base}/raw/import"), format!("{base}/raw/authors"), base.clone());
    let rows = rows(page.entries.clone(), zone, &base);
    let pager = pager(&query, &page, &base);
    view! {
        <section class="pane-raw" aria-labelledby="raw-h" data-raw-pane="">
            <div class="pane-head">
                <h2 id="raw-h">"Raw log "<span class="quiet">{thousands(all)}</span></h2>
                <div class="actions">
                    <a class="btn btn-small narrow-only" href=story>"Back to the story"</a>
                    <a class="btn btn-small btn-quiet" href=authors>"People"</a>
                    <a class="btn btn-small" href=import>"Import"</a>
                </div>
                {filter(&query, &page, &base)}
                {filters.then(|| view! {
                    <p class="hint raw-found" role="status">
                        {format!("{} found. ", thousands(found))}<a href=format!("{base}?pane=raw")>"Show all"</a>
                    </p>
                })}
                {stopped.map(|words| view! { <p class="hint raw-found">{words}</p> })}
            </div>
            <form method="post" action=format!("{base}/raw/tell")>
                <input type="hidden" name="back" value=back/>
                <div class="scroll" tabindex="0" role="region" aria-label="Entries of the raw log">
                    {if found == 0 {
                        view! { <Empty heading="Nothing like it"><p>"Fewer words, or another source, may find it."</p></Empty> }.into_any()
                    } else {
                        rows.into_any()
                    }}
                </div>
                {(found > 0).then(|| foot(&base, &events, zone))}
            </form>
            {pager}
            {(!documents.is_empty()).then(|| view! {
                <ul class="source-others small">
                    {documents.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a></li> }).collect_view()}
                </ul>
            })}
            <Keys/>
            <ListKeysScript/>
        </section>
    }
}

fn filter(query: &LookQuery, page: &LogPage, base: &str) -> impl IntoView + use<> {
    let q = query.q.clone();
    let sources: Vec<(String, String, bool)> = page
        .sources
        .iter()
        .map(|(source, count)| {
            (source.slug().to_owned(), format!("{} {}", source.label(), thousands(*count)), source.slug() == query.source)
        })
        .collect();
    let authors: Vec<(String, String, bool)> =
        page.authors.iter().map(|a| (a.id.to_string(), a.label.clone(), a.id.to_string() == query.who)).collect();
    let option =
        |(value, words, selected): (String, String, bool)| view! { <option value=value selected=selected>{words}</option> };
    view! {
        <form class="filter-line" method="get" action=base.to_owned() role="search" aria-label="Raw log">
            <input type="hidden" name="pane" value="raw"/>
            <label class="vh" for="raw-q">"Search the raw log"</label>
            <span class="find"><Icon name="search"/><input id="raw-q" type="search" name="q" value=q placeholder="Search"/></span>
            <label class="vh" for="raw-source">"Source"</label>
            <select id="raw-source" name="source"><option value="">"All sources"</option>{sources.into_iter().map(option).collect_view()}</select>
            <label class="vh" for="raw-who">"Who wrote"</label>
            <select id="raw-who" name="who"><option value="">"Everybody"</option>{authors.into_iter().map(option).collect_view()}</select>
            <button class="btn btn-small">"Show"</button>
        </form>
    }
}

/// The entries, with the day where it changes.
fn rows(entries: Vec<LogEntry>, zone: Tz, base: &str) -> impl IntoView + use<> {
    let (mut day, mut place) = (None, String::new());
    let rows = entries.into_iter().map(|entry| {
        let date = entry.at.map(|at| at.with_timezone(&zone).date_naive());
        let new_day = date.filter(|date| day != Some(*date));
        day = date.or(day);
        let new_place = (!entry.place.is_empty() && entry.place != place).then(|| entry.place.clone());
        place.clone_from(&entry.place);
        view! {
            {new_day.map(|day| view! { <li class="raw-day">{day.format("%a %-d %b %Y").to_string()}</li> })}
            {row(entry, new_place, zone, base)}
        }
    });
    let rows: Vec<_> = rows.collect();
    view! { <ol class="raw raw-log" data-raw-list="">{rows}</ol> }
}

fn row(entry: LogEntry, place: Option<String>, zone: Tz, base: &str) -> impl IntoView + use<> {
    let id = entry.id.to_string();
    let clock = entry.at.map(|at| walltime::clock(at, zone));
    let named = clock.clone().unwrap_or_else(|| "without a time".to_owned());
    let told = entry.told.first().map(|event| format!("{base}#e-{event}"));
    let class = if told.is_some() { "raw-row told" } else { "raw-row" };
    let chosen = format!("Choose the entry of {named}");
    let tell = format!("Tell in the story: {named}");
    let time = match (entry.at, clock) {
        (Some(at), Some(clock)) => view! { <time datetime=at.to_rfc3339()>{clock}</time> }.into_any(),
        _ => view! { <span class="quiet">{if entry.as_written.is_empty() { "–".to_owned() } else { entry.as_written.clone() }}</span> }.into_any(),
    };
    let (value, row_id) = (id.clone(), format!("r-{id}"));
    view! {
        <li class=class id=row_id data-raw="">
            <input type="checkbox" name="entry" value=id aria-label=chosen/>
            {time}
            <Icon name=icon(entry.kind)/>
            <Words entry place/>
            {match told {
                Some(href) => view! { <a class="raw-told" href=href>"told"<span class="vh">{format!(": {named}, in the story")}</span></a> }.into_any(),
                None => view! {
                    <button class="btn btn-quiet btn-small btn-icon" name="one" value=value aria-label=tell><Icon name="plus"/></button>
                }.into_any(),
            }}
        </li>
    }
}

/// Who said what, and what came with it.
#[component]
pub(super) fn Words(entry: LogEntry, place: Option<String>) -> impl IntoView {
    let words = entry.words();
    let (first, rest) = cut(&words);
    let (first, rest) = (first.to_owned(), rest.to_owned());
    let mut beside: Vec<String> = Vec::new();
    beside.extend(place);
    if !entry.text.trim().is_empty() {
        beside.extend((!entry.files.is_empty()).then(|| entry.files.join(", ")));
    }
    beside.extend(entry.edited_at.map(|_| "edited".to_owned()));
    beside.extend(entry.is_reply.then(|| "in a thread".to_owned()));
    beside.extend(entry.reactions.iter().map(|(name, n)| format!(":{name}: {n}")));
    if entry.at.is_some() && !entry.as_written.is_empty() {
        beside.push(format!("written as “{}”", entry.as_written));
    }
    let links = entry.links.clone();
    let author = entry.author.map(|a| a.label);
    view! {
        <div class="raw-words">
            <p>{author.map(|name| view! { <b>{name}</b>": " })}{first}</p>
            {(!rest.is_empty()).then(|| view! { <details class="more"><summary>"The rest"</summary><p>{rest}</p></details> })}
            {(!beside.is_empty()).then(|| view! { <p class="raw-beside">{beside.join(" · ")}</p> })}
            {(!links.is_empty()).then(|| view! {
                <p class="raw-beside">
                    {links.into_iter().map(|link| {
                        let words = if link.title.is_empty() { link.url.clone() } else { link.title };
                        view! { <a href=link.url rel="noopener noreferrer nofollow">{words}</a>" " }
                    }).collect_view()}
                </p>
            })}
        </div>
    }
}

fn cut(words: &str) -> (&str, &str) {
    if words.chars().count() <= SHOWN {
        return (words, "");
    }
    let end = words.char_indices().nth(SHOWN).map_or(words.len(), |(at, _)| at);
    let end = words[..end].rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or(end);
    words.split_at(end)
}

/// What is done with the chosen ones.
fn foot(base: &str, events: &[TimelineEvent], zone: Tz) -> impl IntoView + use<> {
    let events: Vec<(String, String)> = events
        .iter()
        .map(|event| {
            let clock = event.at.map_or_else(|| "–".to_owned(), |at| walltime::clock(at, zone));
            let words: String = event.body.chars().take(48).map(|c| if c.is_control() { ' ' } else { c }).collect();
            (event.id.to_string(), format!("{clock} {words}"))
        })
        .collect();
    let attach = format!("{base}/raw/attach");
    view! {
        <div class="raw-foot">
            <button class="btn btn-primary btn-small" data-raw-tell="">"Tell as an event"</button>
            {(!events.is_empty()).then(|| view! {
                <label class="vh" for="raw-event">"An event that is told already"</label>
                <select id="raw-event" name="event">
                    <option value="">"or beside …"</option>
                    {events.into_iter().map(|(id, words)| view! { <option value=id>{words}</option> }).collect_view()}
                </select>
                <button class="btn btn-small" formaction=attach>"Put there"</button>
            })}
        </div>
    }
}

fn pager(query: &LookQuery, page: &LogPage, base: &str) -> impl IntoView + use<> {
    let before = (page.page > 1).then(|| query.address(base, page.page - 1));
    let after = (page.page < page.pages).then(|| query.address(base, page.page + 1));
    let words = format!("Page {} of {}", page.page, page.pages);
    (page.pages > 1).then(|| {
        view! {
            <nav class="pager raw-pager" aria-label="Pages of the raw log">
                <span>{words}</span>
                <span class="actions">
                    {before.map(|href| view! { <a class="btn btn-small" href=href rel="prev">"Earlier"</a> })}
                    {after.map(|href| view! { <a class="btn btn-small" href=href rel="next">"Later"</a> })}
                </span>
            </nav>
        }
    })
}

/// What the keys do; scripts alone know them.
#[component]
fn Keys() -> impl IntoView {
    const KEYS: [(&str, &str); 5] = [
        ("j k", "next, previous entry; the arrows do it, too"),
        ("x", "choose, or not"),
        ("+", "tell the chosen ones as one event, or the one that you are at; Enter does it, too"),
        ("u", "undo what was just told"),
        ("?", "these lines"),
    ];
    view! {
        <details class="more raw-keys" data-raw-keys="" hidden=true>
            <summary>"Keys"</summary>
            <dl>{KEYS.into_iter().map(|(keys, words)| view! { <dt><kbd>{keys}</kbd></dt><dd>{words}</dd> }).collect_view()}</dl>
        </details>
    }
}

/// `12,480`.
pub(super) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut words = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// The address of the page that holds a time.
pub(in crate::timeline) fn at_time(base: &str, at: DateTime<Utc>) -> String {
    format!("{base}?pane=raw&at={}#raw-h", encode(&at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_in_groups_of_three() {
        for (n, words) in [(0, "0"), (214, "214"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(n), words);
        }
    }

    #[test]
    fn long_words_are_cut_at_a_word_and_none_is_lost() {
        let long = "ærlig ".repeat(100);
        let (first, rest) = cut(&long);
        assert!(first.chars().count() <= SHOWN && first.ends_with("ærlig"), "{first}");
        assert_eq!(format!("{first}{rest}"), long);
        let unbroken = "x".repeat(400);
        assert_eq!(cut(&unbroken).0.len(), SHOWN);
        assert_eq!(cut("short"), ("short", ""));
    }

    #[test]
    fn an_address_holds_what_is_looked_at() {
        let query = LookQuery { q: "a & b".to_owned(), source: "slack".to_owned(), ..LookQuery::default() };
        assert_eq!(query.address("/incidents/INC-1", 2), "/incidents/INC-1?pane=raw&q=a%20%26%20b&source=slack&page=2");
        assert_eq!(LookQuery::default().address("/incidents/INC-1", 1), "/incidents/INC-1?pane=raw");
    }
}
