//! The pages about schedules: all teams, and one with its import, what it would do, and what stands.

use super::AT;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::incidents::ZoneField;
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, Icon, Note, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::imported::Unreadable;
use domain::rights::{Right, Standing, may};
use domain::schedules::Look;
use domain::{TeamId, walltime};
use http::StatusCode;
use leptos::prelude::*;
use store::schedules::{self, DryRun, Import, ListedShift, Schedule, TeamSchedule};

const HEADING: &str = "On-call schedules";
const LEDE: &str = "Who stands when, so that trends can say what a shift carries. Figures count shifts; nobody is named there.";
/// Gaps that are named one by one.
const GAPS: usize = 5;

/// The form as it was sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) zone: String,
    pub(super) text: String,
}

/// How an act went that stays on the page.
pub(super) enum Outcome {
    Seen { seen: Box<DryRun>, notes: Vec<Unreadable> },
    Refused(&'static str),
}

pub(super) fn id(team: &str) -> Result<TeamId, AppError> {
    team.parse().map_err(|_| AppError::NotFound)
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// Administrators come from settings; everybody else has a page of its own.
#[component]
fn Around(administers: bool, #[prop(into)] heading: String, lede: &'static str, children: Children) -> impl IntoView {
    if administers {
        return view! { <SettingsFrame at=AT heading lede>{children()}</SettingsFrame> }.into_any();
    }
    view! {
        <div class="page-head"><div><h1>{heading}</h1>{(!lede.is_empty()).then(|| view! { <p>{lede}</p> })}</div></div>
        {children()}
    }
    .into_any()
}

fn nav(administers: bool) -> Nav {
    if administers { Nav::Settings } else { Nav::Trends }
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let teams = schedules::teams(ctx.store(), viewer).await?;
    let (administers, zone) = (viewer.administrator, ctx.zone());
    Ok(shell::page(&ctx, Head::new(HEADING, nav(administers)), move || {
        let none = teams.iter().all(|line| line.team.put_away);
        let lines = teams.into_iter().filter(|line| !line.team.put_away).map(|line| team_line(line, zone)).collect_view();
        view! {
            <Around administers heading=HEADING lede=LEDE>
                {if none {
                    view! { <Empty heading="No team yet"><p>"A schedule belongs to a team. An administrator adds teams in the settings."</p></Empty> }.into_any()
                } else {
                    view! { <ul class="help-list">{lines}</ul> }.into_any()
                }}
            </Around>
        }
    }))
}

fn team_line(line: TeamSchedule, zone: Tz) -> impl IntoView {
    let known = usize::try_from(line.shifts).unwrap_or_default();
    let told = match line.until {
        Some(until) => format!("{}, known until {}.", count(known, "shift", "shifts"), walltime::day(until, zone)),
        None => "No schedule yet.".to_owned(),
    };
    view! { <li><a href=format!("{AT}/{}", line.team.id)><b>{line.team.name}</b><small>{told}</small></a></li> }
}

pub(super) async fn show(ctx: Ctx, Path(team): Path<String>) -> Result<Response, AppError> {
    draw(&ctx, id(&team)?, Form::default(), None).await
}

pub(super) async fn draw(ctx: &Ctx, team: TeamId, mut form: Form<Typed>, outcome: Option<Outcome>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let schedule = schedules::schedule(ctx.store(), viewer, team).await?;
    let (administers, sees_trends) = (viewer.administrator, may(Right::SeeTrends, &Standing::of(viewer)));
    if form.typed.zone.is_empty() && form.error("zone").is_none() {
        form.typed.zone = schedule.zone.clone().unwrap_or_else(|| viewer.zone.clone());
    }
    let zone = walltime::parse_zone(&form.typed.zone).unwrap_or_else(|_| ctx.zone());
    let mut head = Head::new(format!("On call: {}", schedule.team.name), nav(administers)).refused(&form.invalid);
    if matches!(outcome, Some(Outcome::Refused(_))) {
        head = head.status(StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || {
        let here = schedule.team.name.clone();
        let ready = matches!(&outcome, Some(Outcome::Seen { seen, .. }) if seen.look.is_some());
        let figures = sees_trends
            .then(|| view! { <p class="small"><a href=format!("/trends/on-call?team={team}")>"What its shifts carry"</a></p> });
        view! {
            <Around administers heading=format!("On call: {here}") lede=LEDE>
                <Crumbs links=vec![(AT.to_owned(), HEADING.to_owned())] here/>
                <div class="stack stack-wide mt4">
                    {outcome.map(|outcome| told(outcome, zone))}
                    {import(team, form, ready)}
                    {stands(team, schedule, zone)}
                    {figures}
                </div>
            </Around>
        }
    }))
}

fn told(outcome: Outcome, zone: Tz) -> impl IntoView {
    let (seen, notes) = match outcome {
        Outcome::Refused(why) => return view! { <Note tone="bad"><Icon name="info"/><p>{why}</p></Note> }.into_any(),
        Outcome::Seen { seen, notes } => (seen, notes),
    };
    let at = |at: DateTime<Utc>| walltime::absolute(at, zone);
    let words = match &seen.look {
        None => "No shift was understood.".to_owned(),
        Some(look) => {
            let shifts = count(seen.shifts, "shift", "shifts");
            format!("{shifts} understood, from {} to {}. Nothing is taken over yet.", at(look.from), at(look.until))
        }
    };
    let people = (!seen.known.is_empty()).then(|| {
        let names: Vec<String> = seen.known.iter().map(|(name, shifts)| format!("{name} ({shifts})")).collect();
        format!("Known here: {}.", names.join(", "))
    });
    let strangers = (!seen.unknown.is_empty()).then(|| {
        let name = |name: &str| if name.is_empty() { "(nobody named)".to_owned() } else { format!("“{name}”") };
        let names: Vec<String> = seen.unknown.iter().take(20).map(|(who, shifts)| format!("{} ({shifts})", name(who))).collect();
        let more = if seen.unknown.len() > 20 { format!(" and {} more", seen.unknown.len() - 20) } else { String::new() };
        format!("Not known here: {}{more}. Their shifts are kept as nobody’s, and count for no person.", names.join(", "))
    });
    let replaces = (seen.replaces > 0).then(|| {
        let shifts = count(usize::try_from(seen.replaces).unwrap_or_default(), "shift of now lies", "shifts of now lie");
        format!("{shifts} in the same time, and would be replaced.")
    });
    let lines: Vec<String> = people
        .into_iter()
        .chain(strangers)
        .chain(seen.look.iter().flat_map(|look| oddities(look, zone)))
        .chain(replaces)
        .collect();
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let notes = notes
        .into_iter()
        .map(|note| {
            let place = if note.line > 0 { format!("Line {}: ", note.line) } else { String::new() };
            view! { <li>{place}{note.reason}</li> }
        })
        .collect_view();
    let tone = if seen.look.is_some() { "good" } else { "care" };
    view! {
        <Note tone=tone><Icon name="calendar"/><div role="status">
            <p><b>{words}</b></p>
            <ul class="bullets small">{lines}{notes}</ul>
        </div></Note>
    }
    .into_any()
}

fn oddities(look: &Look, zone: Tz) -> Vec<String> {
    let mut said = Vec::new();
    if look.overlaps > 0 {
        let times = count(look.overlaps, "stretch", "stretches");
        said.push(format!("{times} in which two or more stand. What comes then counts for each of their shifts."));
    }
    for (from, until) in look.gaps.iter().take(GAPS) {
        said.push(format!("Nobody stands from {} to {}.", walltime::absolute(*from, zone), walltime::absolute(*until, zone)));
    }
    if look.gaps.len() > GAPS {
        said.push(format!("{} more such gaps.", look.gaps.len() - GAPS));
    }
    said
}

fn import(team: TeamId, form: Form<Typed>, ready: bool) -> impl IntoView {
    let (text, zone) = (form.error("text"), form.error("zone"));
    let typed = form.typed;
    let hint = "A line with headings, then a shift a line: start, end, and a person’s e-mail or name. Times as 2026-11-02T09:00:00+01:00, or as 2026-11-02 09:00 in the zone below.";
    view! {
        <form class="card stack" method="post" enctype="multipart/form-data" action=format!("{AT}/{team}")>
            <h2>"Import a schedule"</h2>
            <div class="field">
                <label for="file">"File (.csv or .ics)"</label>
                <p class="hint" id="file-hint">"Of a calendar, each event is a shift: by who attends, else by its title. Daily and weekly repeats are followed for a year."</p>
                <input id="file" type="file" name="file" accept=".csv,.ics,text/csv,text/calendar" aria-describedby="file-hint"/>
            </div>
            <TextareaField name="text" label="Or paste it" text=typed.text rows=8 hint error=text/>
            <ZoneField value=typed.zone error=zone/>
            <p class="hint">"Times without a zone are read in this one, and the rota’s nights are told on its clock."</p>
            <div class="actions">
                {ready.then(|| view! { <button class="btn btn-primary" name="act" value="take">"Take it over"</button> })}
                <button class=if ready { "btn" } else { "btn btn-primary" } name="act" value="look">{if ready { "Look again" } else { "Look at it first" }}</button>
            </div>
        </form>
    }
}

fn stands(team: TeamId, schedule: Schedule, zone: Tz) -> impl IntoView {
    let Schedule { imports, shifts, .. } = schedule;
    if shifts.is_empty() && imports.is_empty() {
        let words = "Most tools export a rota as .ics or .csv. What is imported here stands in place of what it covers, and can be taken back.";
        return view! { <Empty heading="No schedule yet"><p>{words}</p></Empty> }.into_any();
    }
    let latest = imports.into_iter().next().map(|import| latest(team, &import, zone));
    let rows = shifts.into_iter().map(|shift| row(shift, zone)).collect_view();
    view! {
        {latest}
        <div class="table-wrap" tabindex="0" role="region" aria-label="The latest shifts">
            <table>
                <caption>"The latest shifts, sixty at most"</caption>
                <thead><tr><th scope="col">"From"</th><th scope="col">"To"</th><th scope="col">"Who"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn latest(team: TeamId, import: &Import, zone: Tz) -> impl IntoView + use<> {
    let shifts = count(usize::try_from(import.shifts).unwrap_or_default(), "shift", "shifts");
    let (from, until) = (walltime::absolute(import.from, zone), walltime::absolute(import.until, zone));
    let when = walltime::absolute(import.imported_at, zone);
    view! {
        <form class="card stack" method="post" action=format!("{AT}/{team}/imports/{}/back", import.id)>
            <p>{format!("Last import: {shifts} from {from} to {until}, taken over {when}.")}</p>
            <p class="hint">"Taken back, its shifts go, and what it replaced stands again; the next import ends that."</p>
            <div><button class="btn btn-quiet btn-warn">"Take the last import back"</button></div>
        </form>
    }
}

fn row(shift: ListedShift, zone: Tz) -> impl IntoView {
    view! {
        <tr>
            <td>{walltime::absolute(shift.starts_at, zone)}</td>
            <td>{walltime::absolute(shift.ends_at, zone)}</td>
            <td>{shift.person.unwrap_or_else(|| "Nobody known here".to_owned())}</td>
        </tr>
    }
}
