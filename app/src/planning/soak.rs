//! The closed planning room: how much of the soak time is left, as calm text, and the way to open it early with a reason.

use crate::ctx::Ctx;
use crate::form::Form;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, TextareaField};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::planning::Wall;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;

/// What the form for opening early sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EarlyFields {
    /// Why.
    pub reason: String,
}

/// Draws the closed room, also for a reason that was refused.
pub fn draw(ctx: &Ctx, opened: Opened, wall: Wall, form: Form<EarlyFields>) -> Response {
    let key = opened.incident.key;
    let head = Head::new(format!("{key}, planning room, closed"), Nav::Incidents)
        .planning()
        .band("lock", "Closed until the story has had time to sink in.")
        .refused(&form.invalid);
    shell::page(ctx, head, move || {
        let base = format!("/incidents/{key}");
        let links = vec![("/incidents".to_owned(), "Incidents".to_owned()), (base.clone(), key.to_string())];
        view! {
            <div class="narrow">
                <Crumbs links here="Planning room"/>
                <TimeLeft opened wall=wall.clone()/>
                {wall.opens_at.is_some().then(|| view! { <Early action=format!("{base}/planning/open") form/> })}
            </div>
        }
    })
}

#[component]
fn TimeLeft(opened: Opened, wall: Wall) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let zone = walltime::parse_zone(&opened.incident.zone).unwrap_or_else(|_| ctx.zone());
    let story = format!("/incidents/{}/review", opened.incident.key);
    let Some(opens_at) = wall.opens_at else {
        return view! {
            <section class="count-down mt6" aria-labelledby="left">
                <h1 id="left" class="big">"Opens after the story"</h1>
                <p>
                    "Planning begins once the second story is published and has had time to sink in. Ideas are safe in the parking lot \
                     until then. Nobody but their authors can read them, not even you."
                </p>
            </section>
        }
        .into_any();
    };
    let day = opens_at.with_timezone(&zone).format("%A %-d %B, %H:%M").to_string();
    view! {
        <section class="count-down mt6" aria-labelledby="left">
            <h1 id="left" class="big">{format!("Opens in {}", time_left(opens_at - ctx.now))}</h1>
            <p><time datetime=opens_at.to_rfc3339()>{day}</time>{format!(", {}", zone.name())}</p>
            {opened.incident.published_at.map(|published| view! { <SoakBar published opens_at zone/> })}
            <p>
                "Ideas are safe in the parking lot. Nobody but their authors can read them yet, not even you. First thoughts after an \
                 incident often change once the whole story has been read."
            </p>
            <div class="actions"><a class="btn btn-primary" href=story><Icon name="book-open"/>"Read the story"</a></div>
        </section>
    }
    .into_any()
}

#[component]
fn SoakBar(published: DateTime<Utc>, opens_at: DateTime<Utc>, zone: Tz) -> impl IntoView {
    let ctx = expect_context::<Ctx>();
    let (gone, all) = (ctx.now - published, opens_at - published);
    let share = gone.num_seconds() as f64 / all.num_seconds().max(1) as f64;
    let width = format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0);
    let label = format!("{} of {} soak time have passed", time_left(gone), time_left(all));
    let hour = |at: DateTime<Utc>| at.with_timezone(&zone).format("%a %H:%M").to_string();
    view! {
        <svg class="plot soak" height="36" role="img" aria-label=label>
            <rect class="all" x="0" y="4" width="100%" height="8" rx="4"></rect>
            <rect class="run" x="0" y="4" width=width height="8" rx="4"></rect>
            <text x="0" y="32">{format!("Published {}", hour(published))}</text>
            <text class="e" x="100%" y="32">{format!("Opens {}", hour(opens_at))}</text>
        </svg>
    }
}

#[component]
fn Early(action: String, form: Form<EarlyFields>) -> impl IntoView {
    let error = form.error("reason");
    let refused = error.is_some();
    view! {
        <details class="more mt6" open=refused>
            <summary>"Something cannot wait"</summary>
            <form class="card stack mt2" method="post" action=action>
                <p class="soft">
                    "A repair that keeps people or data safe may go on at any time: it belongs in the timeline. To open planning early, \
                     say why. The reason stays on record with your name."
                </p>
                <TextareaField name="reason" label="Reason for opening early" text=form.typed.reason rows=3 error=error/>
                <div class="actions"><button class="btn btn-warn">"Open now"</button></div>
            </form>
        </details>
    }
}

/// "14 h 22 min", "2 days 3 h", "less than a minute": not a ticking clock, it is read again with the page.
fn time_left(left: TimeDelta) -> String {
    let minutes = left.num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let plural = if days == 1 { "" } else { "s" };
    match (days, hours, rest) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} day{plural}"),
        (days, hours, _) => format!("{days} day{plural} {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_told_in_its_two_largest_units() {
        let told = |minutes: i64| time_left(TimeDelta::minutes(minutes));
        assert_eq!(told(14 * 60 + 22), "14 h 22 min");
        assert_eq!(told(60), "1 h");
        assert_eq!(told(22), "22 min");
        assert_eq!(told(24 * 60 + 30), "1 day");
        assert_eq!(told(51 * 60 + 5), "2 days 3 h");
        assert_eq!(told(0), "less than a minute");
        assert_eq!(told(-5), "less than a minute");
    }
}
