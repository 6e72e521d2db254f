//! Hooks: where tools send by themselves. Made, retired, and what came to them.

use super::SettingsFrame;
use super::teams::parse_team;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Copy, CopyScript, Crumbs, Empty, Icon, Select, TextField, TextareaField, When};
use axum::extract::Path;
use axum::response::Response;
use chrono::TimeDelta;
use domain::incidents::Severity;
use domain::timeline::hooks::{HookKind, Rule};
use domain::walltime::parse_zone;
use domain::{DeliveryId, HookId, Invalid};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::people::Team;
use store::timeline::hooks::{self, Delivery, Hook, NewHook, Sent};

pub(super) const AT: &str = "/settings/hooks";

/// As typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct HookFields {
    kind: String,
    name: String,
    secret: String,
    team: String,
    opens: String,
    min_severity: String,
    label_match: String,
    quiet_minutes: String,
    zone: String,
}

impl Default for HookFields {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            kind: text("alertmanager"),
            name: String::new(),
            secret: String::new(),
            team: String::new(),
            opens: text("propose"),
            min_severity: text("2"),
            label_match: String::new(),
            quiet_minutes: text("30"),
            zone: text("UTC"),
        }
    }
}

impl HookFields {
    fn parse(&self) -> Result<NewHook, Invalid> {
        let least = self.min_severity.parse().ok().and_then(Severity::from_number);
        let minutes = self.quiet_minutes.trim().parse::<u16>().ok();
        let sentence = "Please write minutes, from 0 to 1440.";
        Ok(NewHook {
            kind: HookKind::from_slug(&self.kind).ok_or_else(|| Invalid::one("kind", "Please choose from the list."))?,
            name: self.name.clone(),
            secret: self.secret.clone(),
            team_id: parse_team(&self.team)?,
            rule: Rule {
                opens: self.opens == "open",
                least: least.ok_or_else(|| Invalid::one("min_severity", "Please choose from the list."))?,
                labels: Rule::read_labels(&self.label_match)?,
                quiet: TimeDelta::minutes(minutes.ok_or_else(|| Invalid::one("quiet_minutes", sentence))?.into()),
            },
            zone: parse_zone(&self.zone)?.name().to_owned(),
        })
    }
}

fn id(hook: &str) -> Result<HookId, AppError> {
    hook.parse().map_err(|_| AppError::NotFound)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    let zone = ctx.zone().name().to_owned();
    draw_list(&ctx, Form::new(HookFields { zone, ..HookFields::default() })).await
}

pub(super) async fn add(ctx: Ctx, Posted(typed): Posted<HookFields>) -> Result<Response, AppError> {
    let added = match typed.parse() {
        Ok(new) => hooks::add(ctx.store(), ctx.viewer()?, &new, ctx.now).await.map(|(_, token)| (new, token)),
        Err(invalid) => Err(invalid.into()),
    };
    match added {
        Ok((new, token)) => Ok(draw_address(&ctx, &new, &token)),
        Err(StoreError::Invalid(invalid)) => {
            // What was pasted is secret, and not sent back.
            draw_list(&ctx, Form::refused(HookFields { secret: String::new(), ..typed }, invalid)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Shows the address: this once. It stands in this answer and nowhere else.
fn draw_address(ctx: &Ctx, new: &NewHook, token: &str) -> Response {
    let address = format!("{}/hooks/{}/{token}", ctx.site.base_url, new.kind.slug());
    let kind = new.kind;
    let snippet = format!(
        "receivers:\n  - name: second-story\n    webhook_configs:\n      - url: {address}\n        send_resolved: true\n"
    );
    shell::page(ctx, Head::new("An address to send to", Nav::Settings), move || {
        let how = match kind {
            HookKind::Alertmanager => "Add this receiver to Alertmanager’s configuration and a route to it.",
            HookKind::PagerDuty => "Give it to a v3 webhook subscription whose secret you pasted.",
            HookKind::Grafana => "Add a contact point of the kind webhook with this address.",
            HookKind::Generic => "Send JSON to it with POST: Second Story’s own, or that of any tool whose logs it imports.",
        };
        view! {
            <SettingsFrame at=AT heading="An address to send to">
                <Crumbs links=vec![(AT.to_owned(), "Hooks".to_owned())] here="Its address"/>
                <div class="card stack mt4">
                    <p><b>"Copy it now: it is shown this once. "</b>"Whoever has it can send here, and read nothing."</p>
                    <label for="hook-address">"Address"</label>
                    <div class="copy-row"><input id="hook-address" class="mono" readonly=true value=address/><Copy of="hook-address" what="address"/></div>
                    <p>{how}</p>
                    {(kind == HookKind::Alertmanager).then(|| view! {
                        <pre id="hook-snippet" class="mono" tabindex="0">{snippet}</pre>
                        <p class="actions"><Copy of="hook-snippet" what="configuration"/></p>
                    })}
                    <p class="actions"><a class="btn" href=AT>"Done"</a></p>
                </div>
                <CopyScript/>
            </SettingsFrame>
        }
    })
}

async fn draw_list(ctx: &Ctx, form: Form<HookFields>) -> Result<Response, AppError> {
    let all = hooks::list(ctx.store(), ctx.viewer()?).await?;
    let teams = store::people::teams(ctx.store()).await?;
    let severities = ctx.severities.clone();
    let names: Vec<(String, String)> =
        Severity::ALL.into_iter().map(|s| (s.number().to_string(), severities.name(s).to_owned())).collect();
    let head = Head::new("Hooks", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let open = !form.invalid.fields.is_empty() || all.is_empty();
        view! {
            <SettingsFrame at=AT heading="Hooks" lede="Alerting and paging tools send here by themselves; incidents are proposed or opened from it.">
                <details class="more" open=open>
                    <summary>"Add a hook"</summary>
                    <form class="card stack mt2" method="post" action=AT>
                        <Fields form teams severities=names/>
                        <p class="actions"><button class="btn btn-primary"><Icon name="plus"/>"Add"</button></p>
                    </form>
                </details>
                {if all.is_empty() {
                    view! { <div class="mt4"><Empty heading="No hook yet"><p>"Logs can be imported by hand without one."</p></Empty></div> }.into_any()
                } else {
                    table(all).into_any()
                }}
            </SettingsFrame>
        }
    }))
}

fn table(all: Vec<Hook>) -> impl IntoView {
    let rows = all
        .into_iter()
        .map(|hook| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("{AT}/{}", hook.id)>{hook.name}</a></th>
                    <td>{hook.kind.label()}</td>
                    <td>{if hook.rule.opens { "Opens" } else { "Proposes" }}</td>
                    <td>{hook.team.unwrap_or_default()}</td>
                    <td>{hook.retired_at.map(|_| view! { <Chip>"Retired"</Chip> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap mt4" tabindex="0" role="region" aria-label="Hooks">
            <table>
                <thead><tr><th scope="col">"Hook"</th><th scope="col">"Tool"</th><th scope="col">"Incidents"</th><th scope="col">"Team"</th><th scope="col"><span class="vh">"State"</span></th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Fields(form: Form<HookFields>, teams: Vec<Team>, severities: Vec<(String, String)>) -> impl IntoView {
    let typed = form.typed.clone();
    let kinds = HookKind::ALL.map(|kind| (kind.slug().to_owned(), kind.label().to_owned())).to_vec();
    let mut owners = vec![(String::new(), "No team".to_owned())];
    owners.extend(teams.into_iter().filter(|t| !t.put_away).map(|t| (t.id.to_string(), t.name)));
    let opens = [("propose", "Propose it to members"), ("open", "Open it at once")].map(|(v, l)| (v.to_owned(), l.to_owned()));
    view! {
        <TextField name="name" label="Name" value=typed.name error=form.error("name") autocomplete="off" required=true/>
        <Select name="kind" label="Tool" value=typed.kind options=kinds error=form.error("kind")/>
        <TextField name="secret" label="Signing secret" kind="password" value=typed.secret hint="PagerDuty alone: it shows one when the webhook is made." error=form.error("secret") autocomplete="off"/>
        <Select name="opens" label="An incident" value=typed.opens options=opens.to_vec()/>
        <Select name="min_severity" label="From this severity on" value=typed.min_severity options=severities error=form.error("min_severity")/>
        <TextareaField name="label_match" label="Labels" text=typed.label_match rows=3 hint="One a line, as severity=critical. One alert must carry all of them; none takes everything." error=form.error("label_match")/>
        <TextField name="quiet_minutes" label="Quiet period in minutes" value=typed.quiet_minutes hint="Firing again after no more than this is the same outage." error=form.error("quiet_minutes") autocomplete="off"/>
        <Select name="team" label="Team of its incidents" value=typed.team options=owners error=form.error("team")/>
        <TextField name="zone" label="Time zone of its incidents" value=typed.zone error=form.error("zone") autocomplete="off"/>
    }
}

pub(super) async fn show(ctx: Ctx, Path(hook): Path<String>) -> Result<Response, AppError> {
    let (hook, came) = hooks::deliveries(ctx.store(), ctx.viewer()?, id(&hook)?).await?;
    let least = ctx.severities.name(hook.rule.least).to_owned();
    Ok(shell::page(&ctx, Head::new(hook.name.clone(), Nav::Settings), move || {
        let base = format!("{AT}/{}", hook.id);
        let retired = hook.retired_at.is_some();
        let labels = hook.rule.label_lines().replace('\n', ", ");
        let rule = format!(
            "{} incidents from {least} on{}. Quiet period: {} minutes.",
            if hook.rule.opens { "Opens" } else { "Proposes" },
            if labels.is_empty() { String::new() } else { format!(" that carry {labels}") },
            hook.rule.quiet.num_minutes(),
        );
        let rows = came.into_iter().map(|delivery| row(&base, delivery, retired)).collect_view();
        view! {
            <SettingsFrame at=AT heading=hook.name.clone()>
                <Crumbs links=vec![(AT.to_owned(), "Hooks".to_owned())] here=hook.name.clone()/>
                <p class="mt2">{hook.kind.label()}". "{rule}</p>
                <h2 class="mt6">"What came"</h2>
                <p class="quiet small">"The latest hundred of 30 days. What it said is shown to nobody here."</p>
                <div class="table-wrap mt2" tabindex="0" role="region" aria-label="What came">
                    <table>
                        <thead><tr><th scope="col">"When"</th><th scope="col">"Outcome"</th><th scope="col">"Why"</th><th scope="col">"Incident"</th><th scope="col"><span class="vh">"Again"</span></th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {(!retired).then(|| view! {
                    <section class="card stack mt6">
                        <h2>"Retire"</h2>
                        <p>"Nothing more is taken at its address, for good. What it made stays."</p>
                        <form method="post" action=format!("{base}/retire")><button class="btn">"Retire"</button></form>
                    </section>
                })}
            </SettingsFrame>
        }
    }))
}

fn row(base: &str, delivery: Delivery, retired: bool) -> impl IntoView + use<> {
    let again = format!("{base}/deliveries/{}/replay", delivery.id);
    view! {
        <tr>
            <td><When at=delivery.received_at/></td>
            <td>{delivery.outcome.label()}</td>
            <td>{delivery.words}{(delivery.replays > 0).then(|| format!(" Tried again: {}.", delivery.replays))}</td>
            <td>{delivery.incident.map(|key| view! { <a href=format!("/incidents/{key}")>{key.to_string()}</a> })}</td>
            <td>{(delivery.kept && !retired).then(|| view! { <form method="post" action=again><button class="btn btn-small">"Replay"</button></form> })}</td>
        </tr>
    }
}

pub(super) async fn retire(ctx: Ctx, Path(hook): Path<String>) -> Result<Response, AppError> {
    hooks::retire(ctx.store(), ctx.viewer()?, id(&hook)?, ctx.now).await?;
    Ok(see_and_say(AT, "hook-retired"))
}

pub(super) async fn replay(ctx: Ctx, Path((hook, delivery)): Path<(String, String)>) -> Result<Response, AppError> {
    let delivery: DeliveryId = delivery.parse().map_err(|_| AppError::NotFound)?;
    let (hook, bytes) = hooks::failed(ctx.store(), ctx.viewer()?, id(&hook)?, delivery).await?;
    let (kind, zone, body) = (hook.kind, hook.zone, bytes.clone());
    let (source, read) =
        tokio::task::spawn_blocking(move || crate::hooks::read(kind, &body, &zone)).await.map_err(AppError::internal)?;
    let logs = (!read.logs.is_empty()).then_some(read.logs.as_slice());
    hooks::replay(ctx.store(), hook.id, delivery, &Sent { bytes: &bytes, source, logs }, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{}", hook.id), "replayed"))
}
