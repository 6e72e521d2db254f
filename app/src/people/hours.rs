//! One's own hours: for the person alone.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty};
use axum::response::Response;
use chrono::{DateTime, NaiveTime, Utc};
use domain::trends::{Period, Span};
use domain::{schedules, walltime};
use leptos::prelude::*;
use store::interviews::MyHours;
use store::schedules::OwnShift;
use store::trends::{OwnLoad, OwnTeam};

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let hours = store::interviews::my_hours(ctx.store(), ctx.viewer()?).await?;
    let load = store::trends::own_load(ctx.store(), ctx.viewer()?).await?;
    let shifts = store::schedules::own(ctx.store(), ctx.viewer()?).await?;
    let now = ctx.now;
    Ok(shell::page(&ctx, Head::new("Your hours", Nav::None), move || draw(hours, load, &shifts, now)))
}

fn draw(hours: MyHours, load: Option<OwnLoad>, shifts: &[OwnShift], now: DateTime<Utc>) -> impl IntoView + use<> {
    let on_call = (!shifts.is_empty()).then(|| on_call(&hours, shifts, now));
    view! {
        <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here="Your hours"/>
        <div class="page-head"><div>
            <h1>"Your hours"</h1>
            <p>"What incidents asked of you, by the working hours that held on each day. Only you see this page. Trends count groups of five or more, never you alone."</p>
        </div></div>
        {on_call}
        {if hours.stretches.is_empty() { nothing().into_any() } else { table(hours).into_any() }}
        {load.and_then(own_part)}
    }
}

/// Own hours of the quarter that closed last beside the team's, and what rests on oneself; nothing where there is neither.
fn own_part(load: OwnLoad) -> Option<impl IntoView> {
    let OwnLoad { quarter, teams, rests_on } = load;
    let teams: Vec<OwnTeam> = teams.into_iter().filter(|team| team.minutes > 0).collect();
    (!teams.is_empty() || !rests_on.is_empty()).then(|| {
        let teams = teams.into_iter().map(|team| view! { <li>{beside(&team)}</li> }).collect_view();
        let services = rests_on.into_iter().map(|one| {
            view! {
                <p>
                    "Much of what happens at "<a href=format!("/services/{}", one.service)>{one.name}</a>" rests on you. That is worth a word with your team, not a score."
                </p>
            }
        });
        let services = services.collect_view();
        view! {
            <section class="card stack mt6" aria-labelledby="own-part">
                <div>
                    <h2 id="own-part">{format!("Your part of {}", quarter.label())}</h2>
                    <p class="small quiet">"Of the quarter that closed last, as closed months counted it. Only you see it."</p>
                </div>
                <ul class="bullets">{teams}</ul>
                {services}
            </section>
        }
    })
}

/// Own minutes of a team, beside the team's where everybody may know them.
fn beside(team: &OwnTeam) -> String {
    let own = told(team.minutes);
    match (&team.name, team.published) {
        (Some(name), Some(all)) => format!("{name}: {own} of yours; the team together {}.", told(all)),
        (Some(name), None) => format!(
            "{name}: {own} of yours. The team’s hours are not shown to anybody: too few people, or they would tell of others."
        ),
        (None, _) => format!("Without a team: {own} of yours."),
    }
}

/// Of one's shifts: the share of the quarter that is over, and where one was called although somebody else stood.
fn on_call(hours: &MyHours, shifts: &[OwnShift], now: DateTime<Utc>) -> impl IntoView + use<> {
    let spans: Vec<_> = shifts.iter().map(|shift| (shift.starts_at, shift.ends_at)).collect();
    let quarter = Period::month_of(now.date_naive()).widened(Span::Quarter).previous();
    let (from, until) =
        (quarter.first_day().and_time(NaiveTime::MIN).and_utc(), quarter.closed_on().and_time(NaiveTime::MIN).and_utc());
    let share = schedules::share(&spans, from, until);
    let work = hours.stretches.iter().filter(|s| s.session.kind.is_work());
    let work: Vec<_> = work.map(|s| (s.key.0, s.session.started_at, s.session.ended_at)).collect();
    let (pulled_in, of) = schedules::pulled_in(&work, &spans);
    let called = (of > 0).then(|| {
        let what = if of == 1 { "the one incident".to_owned() } else { format!("{of} incidents") };
        format!("Of {what} that you told hours of while your shifts are known, {pulled_in} found you when you were not on call.")
    });
    let much = (share > schedules::MUCH).then_some(
        "That is more than a quarter of your time, which is a lot to ask of anybody. A larger rota helps, more effort of yours does not: \
         you may show this to whoever plans it.",
    );
    let thanks = (pulled_in > 0).then_some("You were there although nobody had asked you to be ready. Thank you, and it is fair to say so when the rota is next talked about.");
    view! {
        <section class="card stack mb4" aria-labelledby="on-call-h">
            <h2 id="on-call-h">"On call"</h2>
            <p>{format!("{}: on call for {:.0} % of all hours, day and night.", quarter.label(), share * 100.0)}{called.map(|words| format!(" {words}"))}</p>
            {much.map(|words| view! { <p class="hint">{words}</p> })}
            {thanks.map(|words| view! { <p class="hint">{words}</p> })}
        </section>
    }
}

fn nothing() -> impl IntoView {
    view! {
        <Empty heading="No stretch of work yet">
            <p>"When you answer a one-on-one, question 3 asks for stretches of time. They are collected here."</p>
        </Empty>
    }
}

/// Beside broken nights and short rests.
fn kind_word() -> impl IntoView {
    view! {
        <p class="hint">
            "A night counts with a minute of work between 22:00 and 06:00; a rest where incidents left no eleven hours in a row free before your \
             working day. That is a lot to ask of anybody, and asking for the time back is fair."
        </p>
    }
}

/// Minutes as people say them.
fn told(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m:02}"),
    }
}

fn table(hours: MyHours) -> impl IntoView {
    let total = hours.total;
    let stat = |label: &'static str, minutes: i64| view! { <div class="stat"><dt>{label}</dt><dd>{told(minutes)}</dd></div> };
    let count = |label: &'static str, number: usize| view! { <div class="stat"><dt>{label}</dt><dd>{number}</dd></div> };
    let (broken, short) = (hours.broken_nights.len(), hours.short_rests.len());
    view! {
        <dl class="stats card">
            {stat("In all", total.total())}
            {stat("Working hours", total.working)}
            {stat("Evening and early", total.evening)}
            {stat("Night", total.night)}
            {stat("Days off", total.weekend)}
            {(hours.apart > 0).then(|| stat("Waiting and travel, apart", hours.apart))}
            {count("Broken nights", broken)}
            {count("Rests under 11 h", short)}
        </dl>
        {(broken + short > 0).then(kind_word)}
        <div class="table-wrap mt6" tabindex="0" role="region" aria-label="Stretches of work">
            <table>
                <thead><tr><th>"Incident"</th><th>"From"</th><th>"To"</th><th>"Kind"</th><th>"In all"</th><th>"Out of hours"</th></tr></thead>
                <tbody>
                    {hours.stretches
                        .into_iter()
                        .map(|s| {
                            let zone = walltime::parse_zone(&s.session.zone).unwrap_or(chrono_tz::UTC);
                            view! {
                                <tr>
                                    <td><a href=format!("/incidents/{}", s.key)>{s.key.to_string()}</a>" "{s.title}</td>
                                    <td>{walltime::absolute(s.session.started_at, zone)}</td>
                                    <td>{walltime::absolute(s.session.ended_at, zone)}</td>
                                    <td>{s.session.kind.label()}</td>
                                    <td>{told(s.minutes.total())}</td>
                                    <td>{told(s.minutes.out_of_hours())}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_hours_stand_beside_the_teams_only_where_these_are_known() {
        let team = |name: Option<&str>, published| beside(&OwnTeam { name: name.map(Into::into), minutes: 90, published });
        assert_eq!(team(Some("Payments"), Some(1200)), "Payments: 1 h 30 of yours; the team together 20 h.");
        assert!(team(Some("Payments"), None).starts_with("Payments: 1 h 30 of yours. The team’s hours are not shown to anybody"));
        assert_eq!(team(None, None), "Without a team: 1 h 30 of yours.");
    }

    #[test]
    fn minutes_are_told_as_people_say_them() {
        assert_eq!([told(5), told(60), told(125)], ["5 min", "1 h", "2 h 05"]);
    }
}
