//! The frame around every page of an incident: where one is, what it is, and its rooms. The wall stands before the last one.

use super::parts::{NatureMark, SeverityMark, StateMark};
use crate::ctx::Ctx;
use crate::trends::places::{PlaceLink, of_service, of_team};
use crate::ui::{Crumbs, Icon, ParkKey};
use chrono::{DateTime, Utc};
use domain::incidents::{Incident, IncidentState, Origin};
use domain::rights::{Right, may};
use domain::walltime;
use leptos::prelude::*;
use store::incidents::Opened;

/// The rooms of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its timeline.
    Timeline,
    /// Invitations and answers; the facilitator's.
    OneOnOnes,
    /// The learning review, later the second story.
    Review,
    /// Contributing factors and learnings.
    Factors,
    /// What was changed; reached by a quiet link.
    History,
    /// Behind the wall; the planners'.
    Planning,
}

/// Crumbs, head, facts and tabs of an incident, then the room itself. A tab is there for whom the room is.
#[component]
pub fn IncidentFrame(opened: Opened, tab: Tab, children: Children) -> impl IntoView {
    let incident = opened.incident.clone();
    let key = incident.key.to_string();
    let links = vec![("/incidents".to_owned(), "Incidents".to_owned())];
    let (parks, park) = (may(Right::Park, &opened.standing), format!("/incidents/{key}/park"));
    view! {
        <Crumbs links here=key.clone()/>
        <div class="incident-head">
            <div class="meta">
                <SeverityMark severity=incident.severity/>
                <StateMark state=incident.state revised=incident.revised_at.is_some()/>
                <NatureMark nature=incident.nature/>
                {(incident.origin == Origin::Import).then_some(view! { <span>"Imported"</span> })}
                <span class="key">{key.clone()}</span>
                {incident.restricted.then(|| restricted(&opened))}
            </div>
            <h1>{incident.title.clone()}</h1>
            <Facts opened=opened.clone() tab/>
        </div>
        <Tabs opened tab/>
        {children()}
        {parks.then(|| view! { <ParkKey action=park/> })}
    }
}

/// Says that an incident is restricted, with the way to who is named for those who may change it.
fn restricted(opened: &Opened) -> AnyView {
    let words = view! { <Icon name="eye-off"/>"Restricted" };
    if may(Right::Restrict, &opened.standing) {
        view! { <a class="chip" href=format!("/incidents/{}/access", opened.incident.key)>{words}</a> }.into_any()
    } else {
        view! { <span class="chip" title="Only people named on it see this incident">{words}</span> }.into_any()
    }
}

#[component]
fn Facts(opened: Opened, tab: Tab) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let incident = &opened.incident;
    // A document without any time stands under the day of its import.
    let told = !(incident.origin == Origin::Import && incident.published_at == Some(incident.started_at));
    let impact = if told {
        let (words, relative) = (impact(incident), walltime::relative(incident.started_at, ctx.now));
        view! { <time datetime=incident.started_at.to_rfc3339()>{words}</time>{format!(", {relative}")} }.into_any()
    } else {
        "Its document does not say when".into_any()
    };
    let team = incident.team_id.map(of_team).zip(incident.team.clone());
    let several = opened.services.len() > 1;
    let services = opened.services.iter().enumerate().map(|(n, service)| {
        let (href, name) = (of_service(service.id), service.name.clone());
        view! { {(n > 0).then_some(", ")}<PlaceLink href name/> }
    });
    let services: Vec<_> = services.collect();
    let names: Vec<String> = opened.facilitators.iter().map(|(_, name)| name.clone()).collect();
    view! {
        <div class="facts">
            <dl><dt>"Impact"</dt><dd>{impact}</dd></dl>
            {team.map(|(href, name)| view! { <dl><dt>"Team"</dt><dd><PlaceLink href name/></dd></dl> })}
            {(!services.is_empty()).then(|| view! { <dl><dt>{if several { "Services" } else { "Service" }}</dt><dd>{services}</dd></dl> })}
            {(!names.is_empty()).then(|| view! { <dl><dt>"Facilitator"</dt><dd>{names.join(", ")}</dd></dl> })}
            <a class="facts-link" href=format!("/incidents/{}/history", incident.key) aria-current=(tab == Tab::History).then_some("page")>"History"</a>
        </div>
    }
}

/// "Tue 17 Nov 2026, 01:52 to 05:48 CET": in the zone that the incident's times are told in.
fn impact(incident: &Incident) -> String {
    let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).format("%a %-d %b %Y").to_string();
    let start = incident.started_at;
    let begins = format!("{}, {}", day(start), walltime::clock(start, zone));
    let letters = walltime::abbreviation(start, zone);
    match incident.resolved_at {
        None if incident.state == IncidentState::Open => format!("{begins} {letters}, not over"),
        None => format!("{begins} {letters}"),
        Some(end) if day(end) == day(start) => {
            format!("{begins} to {} {}", walltime::clock(end, zone), walltime::abbreviation(end, zone))
        }
        Some(end) => format!("{begins} to {}, {} {}", day(end), walltime::clock(end, zone), walltime::abbreviation(end, zone)),
    }
}

#[component]
fn Tabs(opened: Opened, tab: Tab) -> impl IntoView {
    let standing = &opened.standing;
    let base = format!("/incidents/{}", opened.incident.key);
    let current = move |this: Tab| (tab == this).then_some("page");
    let count = |n: i64| (n > 0).then(|| view! { " "<span class="count">{n}</span> });
    let closed = !standing.wall_open;
    // A review shows neither plan nor link (PRODUCT.md rule 1).
    let planner = may(Right::EnterPlanning, standing) && tab != Tab::Review;
    let appoints = may(Right::AppointPlanner, standing) && !planner && tab != Tab::Review;
    view! {
        <nav class="tabs" aria-label="Incident">
            <ul>
                <li><a href=base.clone() aria-current=current(Tab::Timeline)>"Timeline"{count(opened.events)}</a></li>
                {may(Right::Invite, standing).then(|| view! {
                    <li><a href=format!("{base}/one-on-ones") aria-current=current(Tab::OneOnOnes)>"One-on-ones"</a></li>
                })}
                <li><a href=format!("{base}/review") aria-current=current(Tab::Review)>"Learning review"</a></li>
                <li><a href=format!("{base}/factors") aria-current=current(Tab::Factors)>"Factors and learnings"{count(opened.learned)}</a></li>
                {appoints.then(|| view! {
                    <li class="wall" aria-hidden="true"></li>
                    <li><a href=format!("{base}/planners")>"Who plans"</a></li>
                })}
                {planner.then(|| view! {
                    <li class="wall" aria-hidden="true"></li>
                    <li>
                        <a href=format!("{base}/planning") aria-current=current(Tab::Planning)>
                            {closed.then(|| view! { <Icon name="lock"/> })}
                            "Planning room"
                        </a>
                    </li>
                })}
            </ul>
        </nav>
    }
}
