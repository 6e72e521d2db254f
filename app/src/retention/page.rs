//! The periods, the last runs in counts, and a rehearsal by hand.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see_and_say;
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Empty, When};
use axum::response::Response;
use chrono::Days;
use domain::retention::{Kind, TOLD_DAYS};
use leptos::prelude::*;
use store::retention::{Overview, Run, dry_run_now, overview};

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let seen = overview(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(shell::page(&ctx, Head::new("Retention", Nav::Settings), move || draw(seen)))
}

pub(super) async fn dry_run(ctx: Ctx) -> Result<Response, AppError> {
    dry_run_now(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(see_and_say("/admin/retention#runs", "counted"))
}

fn draw(seen: Overview) -> impl IntoView {
    let demo = expect_context::<Ctx>().site.demo.is_some();
    let first = seen.told_since + Days::new(TOLD_DAYS);
    let days = |kind: Kind| {
        view! {
            <tr>
                <th scope="row">{kind.label()}</th>
                <td class="num">{seen.periods.days(kind)}</td>
                <td>{kind.counted_from()}</td>
                <td class="mono">{kind.setting()}</td>
            </tr>
        }
    };
    let rows = Kind::ALL.into_iter().map(days).collect_view();
    view! {
        <SettingsFrame at="/admin/retention" heading="Retention" lede="How long confidential words are kept. It runs once a day and says in counts what it took, never whose.">
        {demo.then(|| view! { <div class="note"><p>"In the demo the daily run is off."</p></div> })}
        <div class="section-head">
            <h2>"How long"</h2>
            <form method="post" action="/admin/retention"><button class="btn">"Dry run now"</button></form>
        </div>
        <div class="table-wrap mt4" tabindex="0" role="region" aria-label="How long each kind is kept">
            <table>
                <thead><tr><th>"What"</th><th class="num">"Days"</th><th>"Counted"</th><th>"Setting"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="hint mt4">
            {format!("Authors are told seven days before an answer of theirs goes. No answer goes before {}.", first.format("%-d %B %Y"))}
            " The days are chosen under "<a href="/settings/review">"Review settings"</a>". What authors gave to a review, approved quotes, closed figures and imported incidents stay."
        </p>
        <h2 class="mt8" id="runs">"The last runs"</h2>
        {if seen.runs.is_empty() {
            view! { <Empty heading="It has not run yet"><p>"It runs by itself within the hour. A dry run counts and takes nothing."</p></Empty> }.into_any()
        } else {
            runs(seen.runs).into_any()
        }}
        </SettingsFrame>
    }
}

fn runs(runs: Vec<Run>) -> impl IntoView {
    let line = |run: Run| {
        view! {
            <tr>
                <td><When at=run.ran_at/></td>
                <td>
                    {match (run.dry, run.finished) {
                        (true, _) => view! { <Chip>"Dry run"</Chip> }.into_any(),
                        (false, true) => view! { <Chip tone="good">"Done"</Chip> }.into_any(),
                        (false, false) => view! { <Chip tone="care">"Cut short; the next day goes on"</Chip> }.into_any(),
                    }}
                </td>
                {Kind::ALL.into_iter().map(|kind| view! { <td class="num">{run.counts.of(kind)}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        <div class="table-wrap mt4" tabindex="0" role="region" aria-label="The last runs">
            <table>
                <thead>
                    <tr>
                        <th>"When"</th><th>"How"</th>
                        {Kind::ALL.into_iter().map(|kind| view! { <th class="num">{kind.label()}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{runs.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
