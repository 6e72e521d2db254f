//! The running instance, for administrators: engine, size, schema, the last backup with its age, jobs with their last run.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::settings::SettingsFrame;
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Note, When};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use store::mail::Counts;
use store::operations::{Backup, JobRun, Overview};

/// The daily backup and a few hours.
const OVERDUE: TimeDelta = TimeDelta::hours(30);

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let seen = store::operations::overview(ctx.store(), ctx.viewer()?, ctx.now).await?;
    let (now, demo) = (ctx.now, ctx.site.demo.is_some());
    Ok(shell::page(&ctx, Head::new("Operations", Nav::Settings), move || draw(seen, now, demo)))
}

fn draw(seen: Overview, now: DateTime<Utc>, demo: bool) -> impl IntoView {
    let (version, name) = seen.schema;
    view! {
        <SettingsFrame at="/admin/operations" heading="Operations" lede="How this instance runs. For more, ask “secondstory doctor” on the machine that it runs on.">
        <dl class="stats card">
            <div class="stat"><dt>"Database"</dt><dd>{seen.engine}</dd></div>
            <div class="stat"><dt>"Size"</dt><dd>{size(seen.bytes)}</dd></div>
            <div class="stat"><dt>"Schema"</dt><dd>{format!("{version} ({name})")}</dd></div>
        </dl>
        <section class="card stack mt6">
            <h2>"Backup"</h2>
            {backup(seen.backup, now, demo)}
            <p class="hint">
                "Backups hold ciphertext. Keep the instance key "<code>{seen.instance_key_id}</code>
                " somewhere else than the backups: without it no answer opens again."
            </p>
        </section>
        <section class="card stack mt6">
            <h2>"Mail"</h2>
            {letters(seen.letters)}
        </section>
        <section class="mt6">
            <h2 class="mt6">"Jobs"</h2>
            {jobs(seen.jobs)}
        </section>
        </SettingsFrame>
    }
}

fn backup(last: Option<Backup>, now: DateTime<Utc>, demo: bool) -> AnyView {
    let Some(last) = last else {
        return match demo {
            true => view! { <p>"A demo is not backed up: what was invented can be invented again."</p> }.into_any(),
            false => view! {
                <Note tone="care">
                    <p>"No backup was made yet. The service makes one soon after it starts and then one a day; if this stays, its log says why."</p>
                </Note>
            }
            .into_any(),
        };
    };
    let (tone, word) = match (last.verified, now - last.at > OVERDUE) {
        (false, _) => ("care", "not found whole"),
        (true, true) => ("care", "more than a day old"),
        (true, false) => ("good", "verified"),
    };
    view! {
        <p><b>{last.file}</b>", "{size(last.bytes)}", "<When at=last.at/>" "<Chip tone=tone>{word}</Chip></p>
        <p>{last.said}</p>
    }
    .into_any()
}

fn letters(counts: Option<Counts>) -> AnyView {
    let Some(counts) = counts else {
        return view! { <p>"No mail is set up: links are copied by hand. --smtp-url and --mail-from set it up."</p> }.into_any();
    };
    let trouble = counts.tried > 0 || counts.failed > 0;
    view! {
        <dl class="stats">
            <div class="stat"><dt>"Waiting"</dt><dd>{counts.waiting}</dd></div>
            <div class="stat"><dt>"Reminders for later"</dt><dd>{counts.planned}</dd></div>
            <div class="stat"><dt>"Went"</dt><dd>{counts.sent}</dd></div>
            <div class="stat"><dt>"Given up"</dt><dd>{counts.failed}</dd></div>
        </dl>
        {trouble.then(|| view! { <Note tone="care"><p>"Some letters did not go at their first try. “secondstory doctor” says whether the mail server answers."</p></Note> })}
        <p class="hint">"Of the last ninety days. To whom they go is shown to nobody here."</p>
    }
    .into_any()
}

fn jobs(jobs: Vec<(String, JobRun)>) -> AnyView {
    if jobs.is_empty() {
        return view! { <p>"None has run yet; each is asked every quarter of an hour."</p> }.into_any();
    }
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Jobs">
            <table>
                <thead><tr><th>"Job"</th><th>"Last run"</th><th>"How it went"</th></tr></thead>
                <tbody>
                    {jobs
                        .into_iter()
                        .map(|(name, run)| view! {
                            <tr>
                                <td>{name}</td>
                                <td><When at=run.at/></td>
                                <td>
                                    {(!run.well).then(|| view! { <Chip tone="care">"did not work"</Chip>" " })}
                                    {run.said}
                                </td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A size as people say it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_told_as_people_say_them() {
        assert_eq!([super::size(81_920), super::size(2_340_000), super::size(7_000_000_000)], ["82 kB", "2.3 MB", "7.0 GB"]);
    }
}
