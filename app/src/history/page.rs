//! The page of the history: newest first, by day, with what differs, and the one that met another save.

use super::diff::Difference;
use super::words::{differing, thing, verb};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::encode;
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Empty, Icon, Note, When};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::history::{Change, Fields, ObjectKind};
use domain::incidents::IncidentKey;
use domain::rights::{Right, may};
use domain::walltime;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use store::history::{Current, Filter, Line, Page};
use store::incidents::Opened;

/// Lines on a page.
const LINES: usize = 30;

/// What of the history is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HistoryQuery {
    kind: String,
    /// One thing: an id, or a section's slug.
    of: String,
    after: String,
}

impl HistoryQuery {
    /// The address of this choice with another page of it.
    fn address(&self, key: IncidentKey, after: Option<&str>) -> String {
        let pairs = [("kind", self.kind.as_str()), ("of", &self.of), ("after", after.unwrap_or_default())];
        let query: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/incidents/{key}/history{mark}{}", query.join("&"))
    }
}

/// Who may put back what, and from which version on.
struct Rights {
    incident: bool,
    kept: bool,
    sections: bool,
}

impl Rights {
    fn of(&self, kind: ObjectKind) -> bool {
        match kind {
            ObjectKind::Incident | ObjectKind::Event | ObjectKind::Hypothesis => self.incident,
            ObjectKind::Section => self.sections,
            ObjectKind::Factor | ObjectKind::Learning => self.kept,
        }
    }
}

/// The incident of a path.
pub(super) async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(query): Query<HistoryQuery>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let text = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    let filter = Filter { kind: ObjectKind::from_slug(&query.kind), object: text(&query.of), after: text(&query.after) };
    let page = store::history::page(store, viewer, id, &filter, LINES, ctx.now).await?;
    let rights = Rights {
        incident: may(Right::EditIncidents, &opened.standing),
        kept: store::learnings::may_keep(store, viewer, id, ctx.now).await?,
        sections: may(Right::EditReview, &opened.standing),
    };
    let head = Head::new(format!("History of {}", opened.incident.key), Nav::Incidents);
    Ok(shell::page(&ctx, head, move || {
        let key = opened.incident.key;
        view! {
            <IncidentFrame opened tab=Tab::History>
                <section aria-labelledby="history-h">
                    <div class="section-head section-head-flush"><h2 id="history-h">"History"</h2></div>
                    <p class="quiet small">"What was changed here, and what it said before. What people said in one-on-ones has no history."</p>
                    <Kinds key query=query.clone()/>
                    <Lines key query page rights/>
                </section>
            </IncidentFrame>
        }
    }))
}

/// The kinds to choose from.
#[component]
fn Kinds(key: IncidentKey, query: HistoryQuery) -> impl IntoView {
    let chosen = ObjectKind::from_slug(&query.kind);
    let one = !query.of.is_empty();
    let link = move |kind: Option<ObjectKind>| {
        let address = HistoryQuery { kind: kind.map_or("", ObjectKind::slug).to_owned(), ..HistoryQuery::default() };
        let here = (chosen == kind && !one).then_some("true");
        view! { <li><a href=address.address(key, None) aria-current=here>{kind.map_or("Everything", ObjectKind::plural)}</a></li> }
    };
    let kinds = ObjectKind::ALL.into_iter().map(|kind| link(Some(kind))).collect_view();
    view! {
        <nav class="history-kinds" aria-label="Which changes">
            <ul>{link(None)}{kinds}</ul>
        </nav>
        {one.then(|| view! { <p class="small">"Only one thing is shown. "<a href=format!("/incidents/{key}/history")>"Show everything"</a></p> })}
    }
}

#[component]
fn Lines(key: IncidentKey, query: HistoryQuery, page: Page, rights: Rights) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    if page.lines.is_empty() {
        let paged = !query.after.is_empty();
        return view! {
            <div class="mt4">
                <Empty heading=if paged { "This is where the history begins" } else { "Nothing has been changed since the history began" }>
                    <p>"From now on every change is kept here with what stood before. What was changed earlier is not known."</p>
                </Empty>
            </div>
        }
        .into_any();
    }
    let born = |line: &Line| line.kind == ObjectKind::Incident && matches!(line.change, Change::Added | Change::Imported);
    let begins = page.next.is_none() && !page.lines.last().is_some_and(born);
    let next = page.next.as_deref().map(|cursor| query.address(key, Some(cursor)));
    let back = (!query.after.is_empty()).then(|| query.address(key, None));
    let mut days: Vec<(String, Vec<Line>)> = Vec::new();
    for line in page.lines {
        let day = line.at.with_timezone(&ctx.zone()).format("%a %-d %b %Y").to_string();
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, lines)) => lines.push(line),
            None => days.push((day, vec![line])),
        }
    }
    let days = days.into_iter().map(|(day, lines)| {
        let lines = lines.into_iter().map(|line| {
            let split = line.kind == ObjectKind::Incident && line.change == Change::Deleted;
            let restores = rights.of(line.kind) && line.before.is_some() && !split;
            view! { <OneChange key line restores/> }
        });
        let lines: Vec<_> = lines.collect();
        view! { <h3 class="history-day">{day}</h3><ol class="history-lines">{lines}</ol> }
    });
    let days: Vec<_> = days.collect();
    view! {
        <div class="history mt4">{days}</div>
        {begins.then(|| view! { <p class="quiet small mt4">"The history begins here. What was changed earlier is not known."</p> })}
        {(next.is_some() || back.is_some()).then(|| view! {
            <nav class="pager" aria-label="Pages">
                <span class="actions">
                    {back.map(|href| view! { <a class="btn btn-small" href=href>"Back to the newest"</a> })}
                    {next.map(|href| view! { <a class="btn btn-small" href=href rel="next">"Older"</a> })}
                </span>
            </nav>
        })}
    }
    .into_any()
}

/// One change: who did what when, what differs, and the way back.
#[component]
fn OneChange(key: IncidentKey, line: Line, restores: bool) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let by = line.by.clone().unwrap_or_else(|| "Somebody who has left".to_owned());
    let what = thing(&line);
    let clock = walltime::clock(line.at, ctx.zone());
    let of = HistoryQuery { kind: line.kind.slug().to_owned(), of: line.object.clone(), after: String::new() };
    let action = format!("/incidents/{key}/history/{}/restore", line.id);
    let back = if line.change == Change::Deleted { "Bring it back" } else { "Put back what stood before" };
    let about = format!(": {what}, {clock}");
    view! {
        <li class="history-line" id=format!("h-{}", line.id)>
            <p class="history-who">
                <b>{by}</b>" "{verb(&line)}" "<a href=of.address(key, None)>{what}</a>
                <span class="quiet small">" "{clock}", "<When at=line.at/></span>
            </p>
            {if line.withheld {
                view! { <p class="quiet small">"The words of this version are no longer shown."</p> }.into_any()
            } else {
                view! { <Differences kind=line.kind before=line.before.clone() after=line.after.clone()/> }.into_any()
            }}
            {restores.then(|| view! {
                <form method="post" action=action>
                    <input type="hidden" name="base_version" value=line.now.to_string()/>
                    <button class="btn btn-small">{back}<span class="vh">{about}</span></button>
                </form>
            })}
        </li>
    }
}

/// What differs, field by field.
#[component]
fn Differences(kind: ObjectKind, before: Option<Fields>, after: Option<Fields>) -> impl IntoView {
    let fields = differing(kind, before.as_ref(), after.as_ref(), &expect_context::<Ctx>().vocabulary);
    let alone = fields.len() == 1 && matches!(kind, ObjectKind::Section);
    let drawn = fields.into_iter().map(move |d| {
        view! {
            <div class="history-field">
                <dt class=alone.then_some("vh")>{d.name}</dt>
                <dd><Difference before=d.before after=d.after/></dd>
            </div>
        }
    });
    view! { <dl class="history-fields">{drawn.collect_view()}</dl> }
}

/// Serves the page of a restoration that met another save: what stands now, and what would replace it.
pub(super) fn draw_conflict(ctx: &Ctx, opened: Opened, line: Line, current: Current) -> Response {
    let key = opened.incident.key;
    let head = Head::new(format!("History of {key}"), Nav::Incidents).status(StatusCode::CONFLICT);
    shell::page(ctx, head, move || {
        let action = format!("/incidents/{key}/history/{}/restore", line.id);
        let gone = current.fields.is_none();
        view! {
            <IncidentFrame opened tab=Tab::History>
                <section class="stack" aria-labelledby="history-h">
                    <div class="section-head section-head-flush"><h2 id="history-h">"History"</h2></div>
                    <Note tone="care">
                        <Icon name="git-merge"/>
                        <p role="alert">
                            <strong>{if gone { "Somebody took this out meanwhile." } else { "Somebody changed this meanwhile." }}</strong>
                            " Nothing was put back yet. Below is how what stands now would change."
                        </p>
                    </Note>
                    <div class="card"><Differences kind=line.kind before=current.fields.clone() after=line.before.clone()/></div>
                    <form method="post" action=action>
                        <input type="hidden" name="base_version" value=current.version.to_string()/>
                        <p class="actions">
                            <button class="btn btn-primary">"Put it back all the same"</button>
                            <a class="btn btn-quiet" href=format!("/incidents/{key}/history")>"Leave it as it is"</a>
                        </p>
                    </form>
                </section>
            </IncidentFrame>
        }
    })
}
