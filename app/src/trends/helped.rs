//! What helped, where it was luck, what went right, and what surprised people: what keeps things going is learned from like what went wrong.

use super::findings::{SHARES_FROM, per_cent};
use super::incidents::filters;
use super::links::{marked, that_tell};
use super::query::{TrendsQuery, address, with_factor};
use super::right;
use crate::charts::{ChartCard, Patterns, Row, ShareBar, SharesChart, Table};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::Query;
use axum::response::Response;
use domain::learnings::{Marked, Role};
use domain::reviews::SectionKind;
use domain::trends::{FactorRow, wilson};
use domain::vocabulary::{Tag, Vocabulary};
use leptos::prelude::*;
use std::sync::Arc;
use store::people::Team;
use store::services::Service;
use store::trends::{Filter, Helped, IncidentMeasures, Part, Surprised};

/// Bars that are drawn; the table has all.
const BARS: usize = 10;

const KINDS_COMPUTED: &str = "Incidents with a published second story that name a tag of the group “What helped” at least once, divided by all with a \
    published story. Whiskers: 95 % interval (Wilson). Help that nobody wrote down is not in it, and what helps every day is written down least.";
const MITIGATORS_COMPUTED: &str = "Reviewed incidents with a factor that was marked “Helped: made it smaller or shorter”, by the tags of that very factor, \
    divided by all with a published story. Whiskers: 95 % interval (Wilson). An incident may have several. The part that a factor played is optional: \
    most factors of older stories have none marked, so these are the least there are.";
const LUCK_COMPUTED: &str = "Reviewed incidents with a factor that was marked “Luck, good or bad”, by the tags of that very factor, divided by all with a \
    published story. Whiskers: 95 % interval (Wilson). What was luck this time may be what everybody relies on without knowing.";
const SURPRISES_COMPUTED: &str = "Reviewed incidents whose story has words in its section “What surprised us”, by the service that they concern; those of \
    several services count for each. In the order of names: services are not compared, since who reviews writes more or less. Below five reviewed \
    incidents the share is left out. Whiskers: 95 % interval (Wilson).";

/// What the page shows.
pub(super) struct Shown {
    filter: Filter,
    helped: Helped,
    measures: Arc<IncidentMeasures>,
    teams: Vec<Team>,
    services: Vec<Service>,
    words: Arc<Vocabulary>,
}

pub(super) async fn read(ctx: &Ctx, query: &TrendsQuery) -> Result<Shown, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let filter = Filter { factor: None, ..query.filter(ctx.now) };
    Ok(Shown {
        helped: store::trends::helped(store, viewer, &filter).await?,
        measures: store::trends::incident_measures(store, viewer, &filter).await?,
        teams: store::people::teams(store).await?,
        services: store::services::list(store, viewer).await?,
        words: Arc::clone(&ctx.vocabulary),
        filter,
    })
}

/// `/trends/helped`.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let shown = read(&ctx, &query).await?;
    Ok(shell::page(&ctx, Head::new("What helped", Nav::Trends), move || {
        let lead = format!(
            "{} of {} incidents have a published story, and only those can tell. Whether people had the support that they needed stands among the \
             figures about people.",
            shown.helped.reviewed,
            shown.measures.total()
        );
        let factors = address("/trends/factors", &shown.filter);
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="What helped"/>
            <div class="page-head">
                <div><h1>"What helped"</h1><p>{lead}" "<a href="/trends#people">"Support"</a></p></div>
                <div class="actions"><a class="btn" href=factors>"Factors that keep coming back"</a></div>
            </div>
            {shown.board()}
        }
    }))
}

impl Shown {
    /// Everything under the heading.
    pub(super) fn board(&self) -> impl IntoView + use<> {
        let (helped, services) = (&self.helped, &self.services);
        let kinds: Vec<FactorRow<Tag>> = self.kinds().cloned().collect();
        let marked_so = |part: &Part, what: &str| match (self.helped.reviewed, part.incidents) {
            (0, _) => "No incident of these has a published story yet.".to_owned(),
            (_, 0) => format!("No factor of these stories is marked as {what}."),
            (of, n) => format!("{n} of {of} stories mark a factor as {what}."),
        };
        let surprised = match (helped.reviewed, helped.surprised) {
            (0, _) => "No incident of these has a published story yet.".to_owned(),
            (_, 0) => "No story of these tells what surprised people yet.".to_owned(),
            (of, told) => format!("{told} of {of} stories tell what surprised people."),
        };
        view! {
            <div class="board">
                {filters("/trends/helped", &self.filter, None, &self.teams, services)}
                <div class="w6 stack">
                    {self.card(
                        "helped",
                        match kinds.first() {
                            _ if helped.reviewed == 0 => "No incident of these has a published story yet.".to_owned(),
                            None => "No story of these names a tag of what helped yet.".to_owned(),
                            Some(first) => format!("{} is named most often, in {} of {} stories.", self.words.name(&first.factor), first.incidents, first.reviewed),
                        },
                        "Share of reviewed incidents that name a tag of what helped, with 95 % intervals.",
                        self.bars(&kinds, |tag| with_factor(&self.filter, tag)),
                        KINDS_COMPUTED,
                    )}
                    {self.card(
                        "mitigators", marked_so(&helped.mitigators, "help"),
                        "Tags of factors that made it smaller or shorter, as a share of reviewed incidents.",
                        self.bars(&helped.mitigators.tags, |tag| marked(&self.filter, Marked::As(Role::Mitigator), Some(tag))),
                        MITIGATORS_COMPUTED,
                    )}
                    {self.card(
                        "luck", marked_so(&helped.luck, "luck"),
                        "Tags of factors that were luck, good or bad, as a share of reviewed incidents.",
                        self.bars(&helped.luck.tags, |tag| marked(&self.filter, Marked::As(Role::Luck), Some(tag))),
                        LUCK_COMPUTED,
                    )}
                </div>
                <div class="w6 stack">
                    {right::card(&self.filter, &self.measures)}
                    {self.card(
                        "surprised", surprised,
                        "Reviewed incidents whose story tells of surprises, by service, in the order of names.",
                        self.surprises().into_iter().filter(|bar| bar.of >= SHARES_FROM).collect(),
                        SURPRISES_COMPUTED,
                    )}
                </div>
            </div>
        }
    }

    /// The table of a file; `None` where there is no such one.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        let (caption, first, bars) = match name {
            "helped" => {
                let kinds: Vec<FactorRow<Tag>> = self.kinds().cloned().collect();
                ("Tags of what helped", "Tag", self.bars(&kinds, |tag| with_factor(&self.filter, tag)))
            }
            "mitigators" | "luck" => {
                let (part, role, caption) = if name == "luck" {
                    (&self.helped.luck, Role::Luck, "Factors that were luck")
                } else {
                    (&self.helped.mitigators, Role::Mitigator, "Factors that made it smaller or shorter")
                };
                (caption, "Tag", self.bars(&part.tags, |tag| marked(&self.filter, Marked::As(role), Some(tag))))
            }
            "surprised" => ("Stories that tell of surprises", "Service", self.surprises()),
            _ => return None,
        };
        let row = |bar: ShareBar| {
            let few = bar.of < SHARES_FROM;
            let share = if few { "too few to say".to_owned() } else { per_cent(f64::from(bar.count) / f64::from(bar.of)) };
            let interval =
                if few { String::new() } else { format!("{} to {}", per_cent(bar.interval.0), per_cent(bar.interval.1)) };
            Row {
                head: bar.label,
                link: (bar.count > 0).then_some(bar.link),
                cells: vec![bar.count.to_string().into(), bar.of.to_string().into(), share.into(), interval.into()],
            }
        };
        let columns = vec![first, "Incidents", "Of reviewed", "Share", "95 % interval"];
        Some(Table { caption, columns, rows: bars.into_iter().map(row).collect() })
    }

    fn kinds(&self) -> impl Iterator<Item = &FactorRow<Tag>> {
        self.measures.factors.iter().filter(|row| self.words.helped(&row.factor))
    }

    fn bars(&self, rows: &[FactorRow<Tag>], link: impl Fn(&Tag) -> String) -> Vec<ShareBar> {
        let bar = |row: &FactorRow<Tag>| ShareBar {
            label: self.words.name(&row.factor).to_owned(),
            count: row.incidents,
            of: row.reviewed,
            interval: row.interval,
            link: link(&row.factor),
        };
        rows.iter().map(bar).collect()
    }

    /// By the names of services.
    fn surprises(&self) -> Vec<ShareBar> {
        let of = |service: &Service| self.helped.by_service.iter().find(|row| row.service == service.id).copied();
        let bar = |(service, row): (&Service, Surprised)| ShareBar {
            label: service.name.clone(),
            count: row.told,
            of: row.reviewed,
            interval: wilson(row.told, row.reviewed),
            link: that_tell(&Filter { service: Some(service.id), ..self.filter.clone() }, SectionKind::Surprised),
        };
        self.services.iter().filter_map(|service| Some((service, of(service)?))).map(bar).collect()
    }

    fn card(
        &self,
        name: &'static str,
        finding: String,
        about: &'static str,
        mut bars: Vec<ShareBar>,
        computed: &'static str,
    ) -> impl IntoView + use<> {
        let table = self.table(name).unwrap_or(Table { caption: "", columns: Vec::new(), rows: Vec::new() });
        let more = if bars.len() > BARS { " Ten of them; the table has all." } else { "" };
        bars.truncate(BARS);
        let counted = format!("{about} n = {}.{more}", self.helped.reviewed);
        let few = self.helped.reviewed < SHARES_FROM && !table.rows.is_empty();
        let picture = if few {
            view! { <p class="hidden-cell few"><span>"Too few to say"</span></p> }.into_any()
        } else if bars.is_empty() {
            view! { <p class="quiet">"When stories tell it, it shows here."</p> }.into_any()
        } else {
            let label = table.caption;
            view! { <SharesChart bars label/> }.into_any()
        };
        let csv = address(&format!("/trends/{name}.csv"), &self.filter);
        view! { <ChartCard class="" finding counted table computed csv>{picture}</ChartCard> }
    }
}
