//! The dry run of an import into a raw log: what would come, what of it is here, and who its authors are.

use super::import::authors;
use super::options::{OptionFields, Understood};
use super::pane::thousands;
use super::picture::{Mark, Picture};
use super::{choice, icon};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::incidents::{Lines, ZoneField, counted};
use crate::shell::{self, Head, Nav};
use crate::ui::batches::Batches;
use crate::ui::{Crumbs, Icon, Note, Select, TextField};
use axum::response::Response;
use chrono_tz::Tz;
use domain::imported::Unreadable;
use domain::timeline::raw::{RawAuthor, RawEntry, RawSource};
use domain::timeline::telling::placed;
use domain::{timeline::Precision, walltime};
use importers::{Columns, TableHead};
use leptos::prelude::*;
use store::incidents::Opened;
use store::timeline::raw_authors::{self, Proposed};
use store::timeline::raw_imports::{self, Standing};

/// Entries that are shown of a log.
const SHOWN: usize = 20;
/// Lines that are named of what could not be read.
const NAMED: usize = 100;

/// One author as the page shows them.
struct Author {
    author: RawAuthor,
    proposed: Proposed,
}

/// An entry as the page shows it.
struct Line {
    entry: RawEntry,
    author: String,
    standing: Standing,
}

pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    held: String,
    fields: OptionFields,
    understood: Understood,
) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident);
    let Understood { source, read, head, columns } = understood;
    let entries = placed(&read.logs, incident.started_at);
    let all_authors = authors(&read);
    let (compared, proposed) = match source {
        Some(source) => (
            raw_imports::compare(store, viewer, incident.id, source, &entries, ctx.now).await?.entries,
            raw_authors::propose(store, viewer, incident.id, source, &all_authors, ctx.now).await?,
        ),
        None => (Vec::new(), Vec::new()),
    };
    let events = store::timeline::events(store, viewer, incident.id, ctx.now).await?;
    let count = |wanted| compared.iter().filter(|standing| **standing == wanted).count();
    let (fresh, changed, known) = (count(Standing::New), count(Standing::Changed), count(Standing::Known));
    let marks: Vec<Mark> = entries
        .iter()
        .zip(&compared)
        .filter_map(|(placed, standing)| Some(Mark { at: placed.entry.at?, fresh: *standing != Standing::Known }))
        .collect();
    let told = events.iter().filter(|e| e.precision != Precision::Date).filter_map(|e| e.at).collect();
    let name = |id: &Option<String>| all_authors.iter().find(|a| Some(&a.id) == id.as_ref()).map_or("", |a| a.name.as_str());
    let lines: Vec<Line> = entries
        .iter()
        .zip(&compared)
        .filter(|(_, standing)| fresh + changed == 0 || **standing != Standing::Known)
        .take(SHOWN)
        .map(|(placed, standing)| Line {
            entry: placed.entry.clone(),
            author: name(&placed.entry.author).to_owned(),
            standing: *standing,
        })
        .collect();
    let people: Vec<Author> =
        all_authors.into_iter().cloned().zip(proposed).map(|(author, proposed)| Author { author, proposed }).collect();
    let (logs, unreadable, notes) = (read.logs.len(), read.unreadable.clone(), read.notes.clone());
    let zone = fields.zone(&incident.zone);
    let base = format!("/incidents/{}", incident.key);
    let links = vec![
        ("/incidents".to_owned(), "Incidents".to_owned()),
        (base.clone(), incident.key.to_string()),
        (format!("{base}/raw/import"), "Import a raw log".to_owned()),
    ];
    let total = entries.len();
    drop(entries);
    Ok(shell::page(ctx, Head::new("What would come", Nav::Incidents).islands(), move || {
        let label = source.map_or("", RawSource::label);
        let summary = match source {
            None => "Nothing here tells which tool wrote these files. Please choose it below.".to_owned(),
            Some(_) if total == 0 => format!("Nothing was found that {label} writes. Another choice below may help."),
            Some(_) => format!(
                "{label}: {} from {}; {} new, {} changed there since, {} here already. Nothing is written yet.",
                said(total),
                counted(logs, "log", "logs"),
                thousands(fresh),
                thousands(changed),
                thousands(known)
            ),
        };
        let comes = fresh + changed;
        let hidden = hidden(&held, &fields);
        view! {
            <Crumbs links here="What would come"/>
            <div class="page-head">
                <div><h1>"What would come"</h1><p>{summary}</p></div>
                <div class="actions">
                    <a class="btn" href=format!("{base}/raw/import")>"Choose other files"</a>
                    {(comes > 0).then(|| view! {
                        <button class="btn btn-primary" form="write"><Icon name="download"/>{format!("Import {}", said(comes))}</button>
                    })}
                </div>
            </div>
            <Batches form="write".to_owned() writes=true noun="entries".to_owned()/>
            {(total > 0 && comes == 0).then(|| view! {
                <Note tone="good"><Icon name="circle-check"/><p>"All of it is here already. There is nothing to import."</p></Note>
            })}
            <Picture marks told zone/>
            <form id="write" class="stack mt4" method="post" action=format!("{base}/raw/import/write")>
                {hidden}
                <People people/>
            </form>
            <Again action=format!("{base}/raw/import/read") held fields source head columns zone/>
            <First lines zone/>
            <section class="stack stack-tight mt4">
                <Lines heading="Could not be read" icon="triangle-alert" lines=some(unreadable)/>
                <Lines heading="Read with a grain of salt" icon="info" lines=some(notes)/>
            </section>
        }
    }))
}

pub(super) fn said(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{} entries", thousands(entries)) }
}

/// The first of many lines, and how many more there are.
pub(super) fn some(mut lines: Vec<Unreadable>) -> Vec<Unreadable> {
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(Unreadable { line: 0, reason: format!("{} more like these.", thousands(more)) });
    }
    lines
}

/// What the second step needs of the first.
pub(super) fn hidden(held: &str, fields: &OptionFields) -> impl IntoView + use<> {
    let all = [
        ("held", held),
        ("source", &fields.source),
        ("zone", &fields.zone),
        ("day", &fields.day),
        ("time", &fields.time),
        ("date", &fields.date),
        ("text", &fields.text),
        ("author", &fields.author),
        ("place", &fields.place),
    ];
    all.into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

/// Who wrote, and who of them has an account here.
#[component]
fn People(people: Vec<Author>) -> impl IntoView {
    let (proposed, others): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|p| p.proposed.person.is_some() && p.proposed.known_as.is_none());
    let named: Vec<String> =
        others.iter().map(|p| p.proposed.known_as.clone().unwrap_or_else(|| p.author.name.clone())).collect();
    let rows = proposed.into_iter().enumerate().map(|(n, Author { author, proposed })| {
        let id = format!("person-{n}");
        let name = proposed.person.map(|(_, name)| name).unwrap_or_default();
        view! {
            <li class="pick">
                <input type="checkbox" id=id.clone() name="person" value=author.id/>
                <label for=id>{author.name}" is "<strong>{name}</strong>" here"</label>
            </li>
        }
    });
    let rows: Vec<_> = rows.collect();
    let (some, many) = (!rows.is_empty(), named.len());
    view! {
        {some.then(|| view! {
            <fieldset class="stack stack-tight">
                <legend>"Who they are here "<span class="hint">"By the same e-mail address. Tick those that are right; it can be changed later."</span></legend>
                <ul class="stack stack-tight">{rows}</ul>
            </fieldset>
        })}
        {(many > 0).then(|| view! {
            <details class="more">
                <summary>{format!("{} by the name that they have there", counted(many, "author stays", "authors stay"))}</summary>
                <p class="small soft">{named.join(", ")}</p>
            </details>
        })}
    }
}

/// The same files read in another way.
#[component]
pub(super) fn Again(
    action: String,
    held: String,
    fields: OptionFields,
    source: Option<RawSource>,
    head: Option<TableHead>,
    columns: Option<Columns>,
    zone: Tz,
) -> impl IntoView {
    let slug = source.map_or("", RawSource::slug).to_owned();
    let open = source.is_none() || head.is_some();
    view! {
        <details class="card card-flat mt4" open=open>
            <summary>"Read them in another way"</summary>
            <form class="stack mt2" method="get" action=action>
                <input type="hidden" name="held" value=held/>
                <input type="hidden" name="again" value="1"/>
                <div class="fields">
                    <Select name="source" label="Written by" value=slug options=choice::sources("See what is in them")/>
                    <ZoneField value=zone.name().to_owned() error=None/>
                    <TextField name="day" label="Day, for times without one" kind="date" value=fields.day/>
                </div>
                {head.zip(columns).map(|(head, columns)| view! { <ColumnChoice head columns/> })}
                <p class="actions"><button class="btn">"Look again"</button></p>
            </form>
        </details>
    }
}

/// What the columns of a table tell.
#[component]
fn ColumnChoice(head: TableHead, columns: Columns) -> impl IntoView {
    let options = |none: bool| -> Vec<(String, String)> {
        let names = head.names.iter().enumerate().map(|(n, name)| (n.to_string(), name.clone()));
        none.then(|| (String::new(), "–".to_owned())).into_iter().chain(names).collect()
    };
    let value = |column: Option<usize>| column.map(|n| n.to_string()).unwrap_or_default();
    let (must, may) = (options(false), options(true));
    view! {
        <fieldset>
            <legend>"What its columns tell"</legend>
            <div class="fields">
                <Select name="time" label="Time" value=value(Some(columns.time)) options=must.clone()/>
                <Select name="date" label="Day, if apart" value=value(columns.date) options=may.clone()/>
                <Select name="text" label="What happened" value=value(Some(columns.text)) options=must/>
                <Select name="author" label="Who" value=value(columns.author) options=may.clone()/>
                <Select name="place" label="Where" value=value(columns.place) options=may/>
            </div>
        </fieldset>
        <div class="table-wrap" tabindex="0" role="region" aria-label="First rows of the table">
            <table>
                <thead><tr>{head.names.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect_view()}</tr></thead>
                <tbody>
                    {head.rows.iter().map(|row| view! {
                        <tr>{row.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view()}</tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// The first entries.
#[component]
fn First(lines: Vec<Line>, zone: Tz) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let caption = format!("The first {} of what would come; times in {}", lines.len(), zone.name());
        let rows = lines.into_iter().map(|line| {
            let Line { entry, author, standing } = line;
            let time = match entry.at {
                Some(at) => walltime::absolute(at, zone),
                None if entry.as_written.is_empty() => "no time".to_owned(),
                None => format!("“{}”", entry.as_written),
            };
            let words: String = entry.text.chars().take(280).collect();
            let what = match standing {
                Standing::New => "new",
                Standing::Changed => "changed",
                Standing::Known => "here already",
            };
            view! {
                <tr>
                    <td class="raw-short">{time}</td>
                    <td class="raw-short"><Icon name=icon(entry.kind)/>" "{entry.kind.label()}</td>
                    <td>{author}</td>
                    <td class="raw-cell">{words}</td>
                    <td>{what}</td>
                </tr>
            }
        });
        let rows: Vec<_> = rows.collect();
        view! {
            <div class="table-wrap mt4" tabindex="0" role="region" aria-label="First entries">
                <table>
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th><th scope="col">"What"</th><th scope="col">"Who"</th>
                            <th scope="col">"Words"</th><th scope="col">"Here"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}
