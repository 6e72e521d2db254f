//! The pages about calendars of holidays.

use super::SettingsFrame;
use super::holidays::AT;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Empty, FieldError, Icon, Note, Select, TextField};
use axum::response::Response;
use domain::holidays::{Holiday, ImportedHolidays};
use leptos::prelude::*;
use store::calendars::{self, Calendar};
use store::people::Team;

/// What was typed into one of the page's forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) calendar_name: Option<String>,
    pub(super) day: String,
    pub(super) name: String,
}

/// How an act went that stays on the page.
pub(super) enum Outcome {
    Imported { new: i64, read: ImportedHolidays },
    Refused(&'static str),
}

fn count(n: i64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

pub(super) async fn draw_list(ctx: &Ctx, form: Form<String>) -> Result<Response, AppError> {
    let all = calendars::list(ctx.store(), ctx.viewer()?).await?;
    let head = Head::new("Holidays", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let error = form.error("name");
        view! {
            <SettingsFrame at=AT heading="Holidays" lede="A holiday is a day off: hours of work on it count as out of hours, for everybody on its calendar. Months that are closed never change.">
                <form class="settings-add" method="post" action=AT>
                    <TextField name="name" label="New calendar" value=form.typed error autocomplete="off" placeholder="Denmark"/>
                    <button class="btn btn-primary"><Icon name="plus"/>"Add"</button>
                </form>
                {if all.is_empty() {
                    view! { <Empty heading="No calendar yet"><p>"Without one every weekday is a working day. Add a calendar for each place where people work, then import its holidays from a file."</p></Empty> }.into_any()
                } else {
                    view! { <ul class="help-list">{all.into_iter().map(line).collect_view()}</ul> }.into_any()
                }}
            </SettingsFrame>
        }
    }))
}

fn line(c: Calendar) -> impl IntoView {
    let until = c.until.map(|day| format!(", known until {}", day.format("%-d %b %Y"))).unwrap_or_default();
    let told = format!("{}{until}. {} on it.", count(c.days, "day", "days"), count(c.people, "person is", "people are"));
    view! { <li><a href=format!("{AT}/{}", c.id)><b>{c.name}</b><small>{told}</small></a></li> }
}

pub(super) async fn draw_one(
    ctx: &Ctx,
    calendar: Calendar,
    form: Form<Typed>,
    outcome: Option<Outcome>,
) -> Result<Response, AppError> {
    let days = calendars::days(ctx.store(), ctx.viewer()?, calendar.id).await?;
    let teams: Vec<Team> = store::people::teams(ctx.store()).await?.into_iter().filter(|t| !t.put_away).collect();
    let mut head = Head::new(calendar.name.clone(), Nav::Settings).refused(&form.invalid);
    if matches!(outcome, Some(Outcome::Refused(_))) {
        head = head.status(http::StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || {
        let base = format!("{AT}/{}", calendar.id);
        let lede = format!("{}, {} on it.", count(calendar.days, "day", "days"), count(calendar.people, "person", "people"));
        view! {
            <SettingsFrame at=AT heading=calendar.name.clone() lede>
                <Crumbs links=vec![(AT.to_owned(), "Holidays".to_owned())] here=calendar.name.clone()/>
                <div class="stack stack-wide mt4">
                    {outcome.map(told)}
                    <div class="cols cols-2">
                        {import(&base, &form)}
                        {by_hand(&base, &form)}
                    </div>
                    {if days.is_empty() { nothing().into_any() } else { table(&base, days).into_any() }}
                    <div class="cols cols-2">
                        {team_on(&base, teams, &form)}
                        {rename(&base, &calendar, &form)}
                    </div>
                </div>
            </SettingsFrame>
        }
    }))
}

fn told(outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Refused(why) => view! { <Note tone="bad"><Icon name="info"/><p>{why}</p></Note> }.into_any(),
        Outcome::Imported { new, read } => {
            let days = i64::try_from(read.days.len()).unwrap_or(i64::MAX);
            let words = match (days, new) {
                (0, _) => "No holiday was found.".to_owned(),
                _ => format!("{} read, {} of them new.", count(days, "day was", "days were"), new),
            };
            let notes = read
                .notes
                .into_iter()
                .map(|n| {
                    let place = if n.line > 0 { format!("Line {}: ", n.line) } else { String::new() };
                    view! { <li>{place}{n.reason}</li> }
                })
                .collect_view();
            let tone = if days > 0 { "good" } else { "care" };
            view! { <Note tone=tone><Icon name="calendar"/><div role="status"><p><b>{words}</b></p><ul class="bullets small">{notes}</ul></div></Note> }.into_any()
        }
    }
}

fn import(base: &str, form: &Form<Typed>) -> impl IntoView + use<> {
    let error = form.error("file");
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <form class="card stack" method="post" enctype="multipart/form-data" action=format!("{base}/import")>
            <h2>"Import a file"</h2>
            <div class=class>
                <label for="file">"Calendar file (.ics)"</label>
                <p class="hint" id="file-hint">"All-day events from last year to five years ahead. Yearly repeats are followed. Days that are here already take the file’s name; none is removed."</p>
                <FieldError id="file-error".to_owned() error/>
                <input id="file" type="file" name="file" accept=".ics,text/calendar" aria-describedby="file-hint"/>
            </div>
            <button class="btn btn-primary"><Icon name="download"/>"Import"</button>
        </form>
    }
}

fn by_hand(base: &str, form: &Form<Typed>) -> impl IntoView + use<> {
    let (day, name) = (form.error("day"), form.error("name"));
    let typed = form.typed.clone();
    view! {
        <form class="card stack" method="post" action=format!("{base}/days")>
            <h2>"Or add a day"</h2>
            <TextField name="day" label="Day" kind="date" value=typed.day error=day/>
            <TextField name="name" label="What it is called" value=typed.name error=name autocomplete="off"/>
            <button class="btn"><Icon name="plus"/>"Add"</button>
        </form>
    }
}

fn nothing() -> impl IntoView {
    view! { <Empty heading="No day yet"><p>"Most countries’ public holidays can be had as an .ics file; import one above."</p></Empty> }
}

fn table(base: &str, days: Vec<Holiday>) -> impl IntoView + use<> {
    let remove = format!("{base}/days/remove");
    let rows = days
        .into_iter()
        .map(|h| {
            let day = h.day.to_string();
            let label = format!("Remove {}, {day}", h.name);
            view! {
                <tr>
                    <td><time datetime=day.clone()>{h.day.format("%a %-d %b %Y").to_string()}</time></td>
                    <th scope="row">{h.name}</th>
                    <td>
                        <form class="actions actions-end" method="post" action=remove.clone()>
                            <input type="hidden" name="day" value=day/>
                            <button class="btn btn-quiet btn-small" aria-label=label>"Remove"</button>
                        </form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap settings-days" tabindex="0" role="region" aria-label="Days">
            <table>
                <thead class="vh"><tr><th scope="col">"Day"</th><th scope="col">"Name"</th><th scope="col">"Acts"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn team_on(base: &str, teams: Vec<Team>, form: &Form<Typed>) -> impl IntoView + use<> {
    let error = form.error("team");
    let mut options = vec![(String::new(), "Choose".to_owned())];
    options.extend(teams.into_iter().map(|t| (t.id.to_string(), t.name)));
    view! {
        <form class="card stack" method="post" action=format!("{base}/team")>
            <h2>"Who is on it"</h2>
            <p>"Put a whole team on this calendar, or single people on their own page under People."</p>
            <Select name="team" label="Team" value="" options error/>
            <button class="btn">"Put the team on it"</button>
        </form>
    }
}

fn rename(base: &str, calendar: &Calendar, form: &Form<Typed>) -> impl IntoView + use<> {
    let error = form.error("calendar_name");
    let value = form.typed.calendar_name.clone().unwrap_or_else(|| calendar.name.clone());
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <section class="card stack">
            <h2>"The calendar itself"</h2>
            <form class="settings-add" method="post" action=base.to_owned()>
                <div class=class>
                    <label for="calendar_name">"Name"</label>
                    <FieldError id="calendar_name-error".to_owned() error/>
                    <input id="calendar_name" name="name" value=value autocomplete="off"/>
                </div>
                <button class="btn">"Rename"</button>
            </form>
            <form method="post" action=format!("{base}/remove")>
                <button class="btn btn-quiet btn-warn">"Remove the calendar"</button>
            </form>
            <p class="hint">"Only while nobody is on it."</p>
        </section>
    }
}
