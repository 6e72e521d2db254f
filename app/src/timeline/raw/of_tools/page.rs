//! The pages of an import of incidents that tools tell of: the choice with what was done, and the dry run.

use super::super::choice::Choice;
use super::super::looking::{Again, hidden, said, some};
use super::super::options::{OptionFields, Understood};
use super::super::pane::thousands;
use super::{Became, CHOICE, Refused, Would, name_of};
use crate::ctx::Ctx;
use crate::incidents::{Lines, counted};
use crate::shell::{self, Head, Nav};
use crate::ui::batches::Batches;
use crate::ui::{Crumbs, Icon, Note};
use axum::response::Response;
use chrono_tz::Tz;
use domain::Invalid;
use domain::incidents::IncidentKey;
use domain::timeline::raw::{ImportedLog, RawSource};
use domain::walltime;
use leptos::prelude::*;
use std::sync::Arc;

fn links() -> Vec<(String, String)> {
    vec![("/incidents".to_owned(), "Incidents".to_owned()), ("/import".to_owned(), "Import".to_owned())]
}

pub(super) fn draw_choice(
    ctx: &Ctx,
    fields: OptionFields,
    became: Option<(String, Arc<Vec<Became>>)>,
    invalid: &Invalid,
) -> Response {
    let head = Head::new("Import from other tools", Nav::Incidents).islands().refused(invalid);
    let error = invalid.message("files").map(str::to_owned);
    let OptionFields { source, zone, .. } = fields;
    shell::page(ctx, head, move || {
        view! {
            <Crumbs links=links() here="From other tools"/>
            <div class="page-head">
                <div>
                    <h1>"Import from other tools"</h1>
                    <p>"Incidents that PagerDuty, incident.io, Rootly, Statuspage, Grafana or Alertmanager tell of, each with its raw log. First you see what would come; nothing is written before you say so."</p>
                </div>
            </div>
            {became.map(|(done, became)| view! { <Outcome done became/> })}
            <div class="cols cols-side">
                <Choice action=CHOICE.to_owned() source zone error>
                    <a class="btn btn-quiet" href="/import">"Reviews in Markdown instead"</a>
                </Choice>
                <aside class="card card-flat">
                    <h2>"What becomes of it"</h2>
                    <ul class="bullets small soft">
                        <li>"Each incident that is told of becomes one here, with its title, its times and its severity. Imported again, it is the same one."</li>
                        <li>"What was recorded stands in its raw log. You read it, and whoever facilitates."</li>
                        <li>"A chat tells of no incident. Import it on the page of the one that it belongs to."</li>
                    </ul>
                </aside>
            </div>
        }
    })
}

impl Refused {
    fn words(&self) -> String {
        match self {
            Self::NoIncident => "tells of no incident; import it on the page of the one that it belongs to".to_owned(),
            Self::NotRevived(words) => words.clone(),
            Self::NotTheirs => "is here, and its raw log belongs to who facilitates it or brought it in".to_owned(),
        }
    }
}

#[component]
fn Outcome(done: String, became: Arc<Vec<Became>>) -> impl IntoView {
    let new = became.iter().filter(|one| one.new).count();
    let written = became.iter().filter_map(|one| one.outcome.as_ref().ok());
    let (added, changed) = written.fold((0, 0), |(added, changed), one| (added + one.added, changed + one.changed));
    let nothing = new + added + changed == 0;
    let sentence = match nothing {
        true => "Nothing new was written.".to_owned(),
        false => {
            format!("{} new; {} new and {} changed.", counted(new, "incident", "incidents"), said(added), thousands(changed))
        }
    };
    let keys: Vec<IncidentKey> = became.iter().filter_map(|one| one.incident.map(|(_, key)| key)).collect();
    let refused: Vec<String> = became
        .iter()
        .filter_map(|one| one.outcome.as_ref().err().map(|why| format!("“{}” {}.", one.title, why.words())))
        .collect();
    view! {
        <Note tone=if nothing { "plain" } else { "good" }>
            <Icon name=if nothing { "info" } else { "circle-check" }/>
            <div class="stack stack-tight">
                <p><strong>{sentence}</strong></p>
                {refused.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                {(!keys.is_empty()).then(|| view! {
                    <p class="chips">
                        {keys.into_iter().map(|key| view! { <a class="chip" href=format!("/incidents/{key}")>{key.to_string()}</a> }).collect_view()}
                    </p>
                })}
                {(!nothing).then(|| view! {
                    <form class="actions" method="post" action=format!("{CHOICE}/undo")>
                        <input type="hidden" name="done" value=done/>
                        <button class="btn btn-small">"Undo this import"</button>
                        <span class="hint">"Incidents that are new go into the trash. For a quarter of an hour; after that, each on its own page."</span>
                    </form>
                })}
            </div>
        </Note>
    }
}

pub(super) fn draw_dry_run(ctx: &Ctx, held: String, fields: OptionFields, understood: Understood, would: Vec<Would>) -> Response {
    let zone = fields.zone(ctx.zone().name());
    shell::page(ctx, Head::new("What would come", Nav::Incidents).islands(), move || {
        let Understood { source, read, head, columns } = understood;
        let label = source.map_or("", RawSource::label);
        let count = |counts: fn(&Would) -> bool| would.iter().filter(|one| counts(one)).count();
        let (new, here) = (count(|one| one.goes == Ok(None)), count(|one| matches!(one.goes, Ok(Some(_)))));
        let entries: usize = would.iter().map(|one| one.counts[0] + one.counts[1]).sum();
        let summary = match source {
            None => "Nothing here tells which tool wrote these files. Please choose it below.".to_owned(),
            Some(_) if would.is_empty() => format!("Nothing was found that {label} writes. Another choice below may help."),
            Some(_) => format!(
                "{label}: {} new, {} here already; {} would come. Nothing is written yet.",
                counted(new, "incident", "incidents"),
                thousands(here),
                said(entries)
            ),
        };
        let comes = new > 0 || entries > 0;
        let hidden = hidden(&held, &fields);
        let (unreadable, notes) = (read.unreadable.clone(), read.notes.clone());
        let rows: Vec<_> = would.into_iter().map(|one| row(&read.logs[one.log], one, zone)).collect();
        let some_rows = !rows.is_empty();
        view! {
            <Crumbs links=links() here="What would come"/>
            <div class="page-head">
                <div><h1>"What would come"</h1><p>{summary}</p></div>
                <form id="write" class="actions" method="post" action=format!("{CHOICE}/write")>
                    {hidden}
                    <a class="btn" href=CHOICE>"Choose other files"</a>
                    {comes.then(|| view! { <button class="btn btn-primary"><Icon name="download"/>"Import"</button> })}
                </form>
            </div>
            <Batches form="write".to_owned() writes=true noun="incidents".to_owned()/>
            {some_rows.then(|| view! {
                <div class="table-wrap" tabindex="0" role="region" aria-label="Incidents of these files">
                    <table>
                        <caption>{format!("Incidents of these files; times in {}", zone.name())}</caption>
                        <thead>
                            <tr><th scope="col">"Incident"</th><th scope="col">"Began"</th><th scope="col">"Entries"</th><th scope="col">"Here"</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
            <Again action=format!("{CHOICE}/read") held fields source head columns zone/>
            <section class="stack stack-tight mt4">
                <Lines heading="Could not be read" icon="triangle-alert" lines=some(unreadable)/>
                <Lines heading="Read with a grain of salt" icon="info" lines=some(notes)/>
            </section>
        }
    })
}

fn row(log: &ImportedLog, would: Would, zone: Tz) -> impl IntoView + use<> {
    let began = log.incident.as_ref().and_then(|incident| incident.started_at);
    let began = began.map_or("not said".to_owned(), |at| walltime::absolute(at, zone));
    let [fresh, changed, known] = would.counts;
    let counts = [(fresh, "new"), (changed, "changed"), (known, "here already")];
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", thousands(*n))).collect();
    let here = match would.goes {
        Ok(None) => "new".into_any(),
        Ok(Some(key)) => view! { <a href=format!("/incidents/{key}")>{key.to_string()}</a> }.into_any(),
        Err(why) => view! { <span class="quiet">{why.words()}</span> }.into_any(),
    };
    view! {
        <tr>
            <td class="raw-cell">{name_of(log)}</td>
            <td class="raw-short">{began}</td>
            <td class="raw-short">{counts.join(", ")}</td>
            <td>{here}</td>
        </tr>
    }
}
