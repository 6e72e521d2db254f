//! What closed quarters tell of the pulse: objectives and shares of groups that hide their people, as tables and as a file.

use crate::csv::{cells, file};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::response::Response;
use domain::pulse::{Figure, Item, verdict, within_chance};
use domain::trends::Unit;
use leptos::prelude::*;
use store::pulse::{self, Quarter, Released};

const HIDDEN: &str = "Too few to say";

/// The page.
pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let released = pulse::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(shell::page(&ctx, Head::new("The pulse", Nav::Trends), move || draw(&released)))
}

/// The same figures as a file.
pub(super) async fn csv(ctx: Ctx) -> Result<Response, AppError> {
    let released = pulse::released(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let mut lines = vec![cells(&[
        "quarter",
        "item",
        "unit",
        "people_at_least",
        "share_at_least",
        "interval_low",
        "interval_high",
        "objective",
        "stands",
        "hidden_because",
    ])];
    for quarter in &released.quarters {
        for (item, unit, figure) in rows(&released, quarter) {
            let goal = released.goals.get(&item);
            let stands = goal.map_or("", |goal| verdict(*goal, figure).label());
            let goal = goal.map(u32::to_string).unwrap_or_default();
            let told = figure.map(|figure| {
                let (low, high) = figure.interval();
                [figure.people.to_string(), figure.share.to_string(), format!("{low:.2}"), format!("{high:.2}"), String::new()]
            });
            let [people, share, low, high, hidden] = told.unwrap_or_else(|| ["", "", "", "", HIDDEN].map(str::to_owned));
            let name = unit_name(&released, unit);
            lines.push(cells(&[
                &quarter.period.to_string(),
                item.slug(),
                &name,
                &people,
                &share,
                &low,
                &high,
                &goal,
                stands,
                &hidden,
            ]));
        }
    }
    Ok(file("pulse.csv", &lines))
}

/// The organisation for each item, told of or not, and the teams that are told of.
fn rows<'a>(released: &Released, quarter: &'a Quarter) -> Vec<(Item, Unit, Option<&'a Figure>)> {
    let teams: Vec<Unit> = released.teams.iter().map(|team| Unit::Team(team.id)).collect();
    let of_item = |item: Item| {
        let team = |unit: &Unit| Some((item, *unit, Some(quarter.figure(item, *unit)?)));
        let all = (item, Unit::Organisation, quarter.figure(item, Unit::Organisation));
        std::iter::once(all).chain(teams.iter().filter_map(team).collect::<Vec<_>>())
    };
    Item::ALL.into_iter().flat_map(of_item).collect()
}

fn unit_name(released: &Released, unit: Unit) -> String {
    match unit {
        Unit::Organisation => "All teams".to_owned(),
        Unit::Team(id) => released.teams.iter().find(|team| team.id == id).map(|team| team.name.clone()).unwrap_or_default(),
    }
}

/// The latest closed quarter of the organisation in sentences.
pub(crate) fn finding(released: &Released) -> Vec<String> {
    let Some(quarter) = released.quarters.iter().max_by_key(|quarter| quarter.period) else {
        return vec![if released.on {
            let (next, day) = (released.next.0.label(), released.next.1.format("%-d %B"));
            format!("Too few to say: no quarter is closed yet. {next} closes on {day}.")
        } else {
            "The pulse is not asked here.".to_owned()
        }];
    };
    let told = |item: Item| {
        let figure = quarter.figure(item, Unit::Organisation)?;
        let goal =
            released.goals.get(&item).map(|goal| format!(" (objective {goal} %: {})", verdict(*goal, Some(figure)).label()));
        Some(format!("{}: {} % or more {}{}.", item.name(), figure.share, item.goal(), goal.unwrap_or_default()))
    };
    let lines: Vec<String> = Item::ALL.into_iter().filter_map(told).collect();
    let heading = format!("{}:", quarter.period.label());
    if lines.is_empty() { vec![format!("{heading} too few to say.")] } else { std::iter::once(heading).chain(lines).collect() }
}

fn draw(released: &Released) -> impl IntoView + use<> {
    let (next, day) = (released.next.0.label(), released.next.1.format("%-d %B").to_string());
    let (on, smallest) = (released.on, released.smallest);
    let tender = smallest.max(Item::Burnout.fewest());
    let none = released.quarters.is_empty();
    let quarters: Vec<_> = released.quarters.iter().map(|quarter| table(released, quarter)).collect();
    let goals: Vec<String> = released.goals.iter().map(|(item, goal)| format!("{goal} % {}", item.goal())).collect();
    view! {
        <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here="The pulse"/>
        <div class="page-head"><div>
            <h1>"The pulse"</h1>
            <p>"What people say of their work, by closed quarter and never about few. No page shows who answered, or what one person said."</p>
        </div></div>
        <div class="stack">
            {(!goals.is_empty()).then(|| view! {
                <section class="card stack stack-tight" aria-labelledby="goals-h">
                    <h2 id="goals-h">"Objectives"</h2>
                    <ul>{goals.into_iter().map(|goal| view! { <li>{goal}</li> }).collect_view()}</ul>
                </section>
            })}
            {none.then(|| view! {
                <section class="card">
                    <p>{if on {
                        format!("Too few to say: no quarter is closed yet. {next} closes on {day}.")
                    } else {
                        "Too few to say: the pulse is not asked here.".to_owned()
                    }}</p>
                </section>
            })}
            {quarters}
            <details class="card">
                <summary>"How this is counted"</summary>
                <div class="stack stack-tight mt2">
                    <p>{format!(
                        "Each person may answer once a month, and counts with the team of their first answer in the quarter. A quarter closes on the eighth \
                         after it ends, is computed once and never again. Told is who is many enough: {smallest} people, {tender} for sleep, the rota and \
                         burnout, counted by the month in which most answered, and with at least two people on either side. A team without a line of its \
                         own is in “All teams” alone; where that would leave few beside the teams, or people who all said the same, a team stays untold, too."
                    )}</p>
                    <p>"Shares are rounded down to 5 %, people to the five below. “Few” is less than a third and may be nobody, “most” more than two thirds. \
                        Intervals are 95 % Wilson intervals of what is told, as if each person had answered once: for small groups they are wide, and \
                        an objective that is just met or missed may be so by chance."</p>
                    <p>"What people say of their work is not what their work is, and who does not answer may feel otherwise. No figure here speaks of a person’s health."</p>
                </div>
            </details>
            {(!none).then(|| view! { <p class="small"><a href="/trends/pulse.csv">"These figures as a file"</a></p> })}
        </div>
    }
}

fn table(released: &Released, quarter: &Quarter) -> impl IntoView + use<> {
    let label = quarter.period.label();
    let rate = quarter.rate.map(|rate| format!("{} of {} people took part.", rate.answered, rate.invited));
    let lines: Vec<_> = rows(released, quarter)
        .into_iter()
        .map(|(item, unit, figure)| line(item, unit_name(released, unit), figure, released.goals.get(&item).copied()))
        .collect();
    let caption = format!("The pulse, {label}");
    let region = caption.clone();
    view! {
        <section class="stack stack-tight">
            <h2>{label}</h2>
            {rate.map(|rate| view! { <p class="soft">{rate}</p> })}
            <div class="table-wrap" tabindex="0" role="region" aria-label=region>
                <table>
                    <caption class="vh">{caption}</caption>
                    <thead><tr>
                        <th scope="col">"What"</th><th scope="col">"Who"</th><th scope="col">"Share"</th>
                        <th scope="col">"Spread"</th><th scope="col">"Objective"</th>
                    </tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}

fn line(item: Item, unit: String, figure: Option<&Figure>, goal: Option<u32>) -> impl IntoView + use<> {
    let told = figure.map(|figure| {
        let (low, high) = figure.interval();
        let share = format!("{} % or more {}", figure.share, item.goal());
        let of = format!("interval {:.0} to {:.0} %, {} people or more", low * 100.0, high * 100.0, figure.people);
        let parts = item.parts().into_iter().zip(figure.parts).map(|(words, part)| format!("{words}: {}", part.word()));
        (share, of, parts.collect::<Vec<_>>().join(" · "))
    });
    let stands = goal.map(|goal| {
        let chance = figure.is_some_and(|figure| within_chance(goal, figure));
        format!("{goal} %: {}{}", verdict(goal, figure).label(), if chance { "; chance alone could do that" } else { "" })
    });
    let cells = match told {
        Some((share, of, parts)) => view! { <td>{share}<br/><small class="quiet">{of}</small></td><td>{parts}</td> }.into_any(),
        None => view! { <td colspan="2" class="quiet">{HIDDEN}</td> }.into_any(),
    };
    view! { <tr><th scope="row">{item.name()}</th><td>{unit}</td>{cells}<td>{stands}</td></tr> }
}
