//! The tab "Factors and learnings".

use super::apart::page_of;
use super::facts::FactorFacts;
use super::form::{FactorFields, FactorForm, LearningFields, LearningForm};
use super::met::{self, MetFields};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::history::edited;
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::timeline::own_files;
use crate::ui::{Chip, Empty, Markdown, OwnFiles};
use axum::extract::Path;
use axum::response::Response;
use domain::Invalid;
use domain::incidents::IncidentKey;
use domain::learnings::{Factor, FactorState, Learning, LearningKind, LearningStatus};
use leptos::prelude::*;
use store::incidents::Opened;
use store::learnings::Met;
use store::people::Team;

/// The forms of the tab, as they came back or fresh.
#[derive(Default)]
pub(super) struct Forms {
    pub(super) factor: Form<FactorFields>,
    pub(super) learning: Form<LearningFields>,
    pub(super) met: Form<MetFields>,
}

/// What the tab shows.
pub(super) struct Kept {
    pub(super) opened: Opened,
    factors: Vec<Factor>,
    learnings: Vec<Learning>,
    met: Vec<Met>,
    teams: Vec<Team>,
    keeps: bool,
    files: OwnFiles,
}

pub(super) async fn load(ctx: &Ctx, key: &str) -> Result<Kept, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(store, viewer, key, ctx.now).await?;
    let id = opened.incident.id;
    Ok(Kept {
        factors: store::learnings::factors(store, viewer, id, ctx.now).await?,
        learnings: store::learnings::learnings(store, viewer, id, ctx.now).await?,
        keeps: store::learnings::may_keep(store, viewer, id, ctx.now).await?,
        met: store::learnings::met_at(store, viewer, id, ctx.now).await?,
        teams: store::people::teams(store).await?,
        files: own_files(ctx, &opened.incident).await?,
        opened,
    })
}

/// As [`load`], for who keeps the lists: for everybody else a form that is refused looks like one that is not there.
pub(super) async fn load_to_keep(ctx: &Ctx, key: &str) -> Result<Kept, AppError> {
    let kept = load(ctx, key).await?;
    if kept.keeps { Ok(kept) } else { Err(AppError::NotFound) }
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let kept = load(&ctx, &key).await?;
    Ok(draw(&ctx, kept, Forms::default()))
}

/// Serves the tab and its refused forms.
pub(super) fn draw(ctx: &Ctx, kept: Kept, forms: Forms) -> Response {
    let Forms { factor, learning, met: met_form } = forms;
    let mut refused = Invalid::default();
    refused.fields.extend(factor.invalid.fields.iter().chain(&learning.invalid.fields).chain(&met_form.invalid.fields).cloned());
    let title = format!("Factors and learnings of {}", kept.opened.incident.key);
    let head = Head::new(title, Nav::Incidents).refused(&refused);
    shell::page(ctx, head, move || {
        let Kept { opened, factors, learnings, met, teams, keeps, files } = kept;
        provide_context(files);
        let base = format!("/incidents/{}", opened.incident.key);
        let there = factors.len();
        view! {
            <IncidentFrame opened tab=Tab::Factors>
                <div class="cols cols-2">
                    <section aria-labelledby="factors-h">
                        <div class="section-head"><h2 id="factors-h">"Contributing factors"</h2></div>
                        <p class="quiet small">"Many conditions had to meet. None of them alone explains what happened."</p>
                        <Factors base=base.clone() factors keeps/>
                        {keeps.then(|| view! { <AddFactor base=base.clone() form=factor there/> })}
                    </section>
                    <section aria-labelledby="learnings-h">
                        <div class="section-head"><h2 id="learnings-h">"Learnings"</h2><a class="small" href="/learnings">"All learnings"</a></div>
                        <p class="quiet small">"What is known now that was not known before."</p>
                        <Learnings base=base.clone() learnings keeps/>
                        {keeps.then(|| view! { <AddLearning base=base.clone() form=learning teams/> })}
                        {met::section(&base, met, met_form, keeps)}
                    </section>
                </div>
            </IncidentFrame>
        }
    })
}

#[component]
fn Factors(base: String, factors: Vec<Factor>, keeps: bool) -> impl IntoView {
    if factors.is_empty() {
        return view! { <div class="mt4"><Empty heading="None yet"><p>"They are gathered with the learning review."</p></Empty></div> }.into_any();
    }
    let items = factors.into_iter().map(move |factor| {
        let href = format!("{base}/factors/{}", factor.id);
        let sorted = !factor.tags.is_empty();
        let proposed = keeps && factor.details.state == FactorState::Proposed;
        view! {
            <li class="factor" id=format!("f-{}", factor.id)>
                <Markdown text=factor.body class="kept-text"/>
                <FactorFacts tags=factor.tags details=factor.details links=true/>
                <div class="chips">
                    {(!sorted).then(|| view! { <Chip>"Not sorted yet"</Chip> })}
                    {proposed.then(|| view! { <Chip>{FactorState::Proposed.label()}</Chip> })}
                    {keeps.then(|| view! { <a class="event-edit" href=href>"Change"<span class="vh">" this factor"</span></a> })}
                    <Edited base=base.clone() kind="factor" id=factor.id.to_string() version=factor.version/>
                </div>
            </li>
        }
    });
    view! { <ul class="mt2">{items.collect_view()}</ul> }.into_any()
}

#[component]
fn Learnings(base: String, learnings: Vec<Learning>, keeps: bool) -> impl IntoView {
    if learnings.is_empty() {
        return view! { <div class="mt4"><Empty heading="None yet"><p>"They are written down with the learning review."</p></Empty></div> }.into_any();
    }
    let groups = LearningKind::ALL.into_iter().filter_map(|kind| {
        let own: Vec<Learning> = learnings.iter().filter(|l| l.kind == kind).cloned().collect();
        let base = base.clone();
        (!own.is_empty()).then(|| {
            view! {
                <h3 class="kind-head">{kind.label()}</h3>
                <ul>{own.into_iter().map(|learning| view! { <LearningItem base=base.clone() learning keeps/> }).collect_view()}</ul>
            }
        })
    });
    let groups: Vec<_> = groups.collect();
    view! { <div class="mt2">{groups}</div> }.into_any()
}

#[component]
fn LearningItem(base: String, learning: Learning, keeps: bool) -> impl IntoView {
    let href = format!("{base}/learnings/{}", learning.id);
    let status = learning.details.status;
    let outdated = status == LearningStatus::Outdated;
    view! {
        <li class="factor" id=format!("l-{}", learning.id)>
            <Markdown text=learning.body class="kept-text"/>
            {(!learning.before.is_empty()).then(|| view! {
                <div class="small quiet">"Thought before:"<Markdown text=learning.before class="kept-text"/></div>
            })}
            {outdated.then(|| view! { <div class="small">"Now: "<Markdown text=learning.details.reason class="kept-text"/></div> })}
            {view! {
                <div class="chips">
                    {(status != LearningStatus::New).then(|| view! { <Chip>{status.label()}</Chip> })}
                    <a class="event-edit" href=page_of(learning.id)>"More"<span class="vh">" about this learning"</span></a>
                    {learning.worded_as_plan.then(|| view! { <Chip>"Worded as a plan in its document"</Chip> })}
                    {keeps.then(|| view! { <a class="event-edit" href=href>"Change"<span class="vh">" this learning"</span></a> })}
                    <Edited base kind="learning" id=learning.id.to_string() version=learning.version/>
                </div>
            }}
        </li>
    }
}

/// How often it was changed, with where that is told.
#[component]
fn Edited(base: String, kind: &'static str, id: String, version: i64) -> impl IntoView {
    edited(version).map(|words| {
        let href = format!("{base}/history?kind={kind}&of={id}");
        view! { <a class="event-edit" href=href>{words}<span class="vh">{format!(": this {kind}")}</span></a> }
    })
}

/// Asks for one more, until the people say that it is enough.
#[component]
fn AddFactor(base: String, form: Form<FactorFields>, there: usize) -> impl IntoView {
    // Right after one was added, the question stands open.
    let asked_again = expect_context::<Ctx>().path.contains("next=factor");
    let open = !form.invalid.fields.is_empty() || asked_again;
    let summary = if there == 0 { "Add a factor" } else { "What else had to be true?" };
    view! {
        {(there == 1).then(|| view! {
            <p class="hint mt4">"One condition alone is hardly ever enough: the same one on a calm day had no such effect."</p>
        })}
        <details class="more mt4" id="more-factors" open=open>
            <summary>{summary}</summary>
            <div class="card mt2"><FactorForm action=format!("{base}/factors") form button="Add"/></div>
        </details>
    }
}

#[component]
fn AddLearning(base: String, form: Form<LearningFields>, teams: Vec<Team>) -> impl IntoView {
    let open = !form.invalid.fields.is_empty();
    view! {
        <details class="more mt4" open=open>
            <summary>"Add a learning"</summary>
            <div class="card mt2"><LearningForm action=format!("{base}/learnings") form teams button="Add"/></div>
        </details>
    }
}
