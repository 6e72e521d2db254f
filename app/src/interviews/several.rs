//! Inviting several at once: those who were closest, whole teams, who was named, and addresses; and what became of each.

use super::inviting::open;
use super::sets;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{Copy, CopyScript, FieldError, Icon, TextareaField};
use axum::extract::Path;
use axum::response::Response;
use chrono::Duration;
use domain::interviews::InvitationState;
use domain::mail::{AT_ONCE, parse_addresses};
use domain::{Invalid, NominationId, PersonId};
use leptos::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::StoreError;
use store::incidents::Opened;
use store::interviews::{Ask, Asked, Invitee, OfferedSet};
use store::people::Person;

/// Days that a personal link may work, the usual one in the middle.
const DAYS: [(&str, &str); 3] = [("7", "7 days"), ("14", "14 days"), ("30", "30 days")];

/// As typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeveralFields {
    people: Vec<String>,
    nominations: Vec<String>,
    addresses: String,
    note: String,
    days: String,
    set: String,
}

/// Whom the page offers.
struct Offered {
    /// Heading and people of each group; each person stands in one.
    groups: Vec<(String, Vec<Person>)>,
    named: Vec<(NominationId, String, String)>,
    sets: Vec<OfferedSet>,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let form = Form::new(SeveralFields { days: "30".to_owned(), ..SeveralFields::default() });
    draw(&ctx, opened, form).await
}

async fn offered(ctx: &Ctx, opened: &Opened) -> Result<Offered, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let lines = store::interviews::list(store, viewer, incident, ctx.now).await?;
    let closest = store::interviews::closest(store, viewer, incident, ctx.now).await?;
    let nominated = store::interviews::nominated(store, viewer, incident, ctx.now).await?;
    let asked = |id: PersonId| lines.iter().any(|l| l.person_id == id && l.state != InvitationState::Withdrawn);
    let leads = |id: PersonId| opened.facilitators.iter().any(|(f, _)| *f == id);
    let people = store::people::list(store, viewer).await?;
    let free = people.into_iter().filter(|p| p.has_account && !asked(p.id) && !leads(p.id));
    let (near, others): (Vec<Person>, Vec<Person>) = free.partition(|p| closest.contains(&p.id));
    let mut teams: BTreeMap<String, Vec<Person>> = BTreeMap::new();
    let mut alone = Vec::new();
    for person in others {
        match person.team.clone() {
            Some(team) => teams.entry(team).or_default().push(person),
            None => alone.push(person),
        }
    }
    let mut groups = vec![("Closest: in the timeline, or with a part in it".to_owned(), near)];
    groups.extend(teams);
    groups.push(("Without a team".to_owned(), alone));
    groups.retain(|(_, people)| !people.is_empty());
    let named = nominated
        .into_iter()
        .filter(|n| !n.set_aside && n.invited_as.is_none())
        .map(|n| (n.nomination.id, n.nomination.name, n.nomination.reason))
        .collect();
    let sets = store::interviews::offered_sets(store, viewer, incident, ctx.now).await?;
    Ok(Offered { groups, named, sets })
}

/// Whom the form asks, with the name that the answer calls each by.
fn asks(typed: &SeveralFields, offered: &Offered) -> Result<Vec<(String, Ask)>, Invalid> {
    let set = sets::chosen(&typed.set)?;
    let lasts = Duration::days(typed.days.parse().ok().filter(|d| DAYS.iter().any(|(v, _)| v.parse() == Ok(*d))).unwrap_or(30));
    let ask = |invitee, nomination| Ask { invitee, nomination, note: typed.note.clone(), lasts, set };
    let mut all = Vec::new();
    for id in typed.people.iter().filter_map(|id| id.parse::<PersonId>().ok()) {
        let known = offered.groups.iter().flat_map(|(_, people)| people).find(|p| p.id == id);
        let name = known.map_or_else(|| "Somebody".to_owned(), |p| p.name.clone());
        all.push((name, ask(Invitee::Person(id), None)));
    }
    for id in typed.nominations.iter().filter_map(|id| id.parse::<NominationId>().ok()) {
        if let Some((_, name, _)) = offered.named.iter().find(|(n, ..)| *n == id) {
            all.push((name.clone(), ask(Invitee::Guest(name.clone()), Some(id))));
        }
    }
    for address in parse_addresses(&typed.addresses)? {
        all.push((format!("{} ({})", address.name, address.email), ask(Invitee::Address(address), None)));
    }
    if all.is_empty() {
        return Err(Invalid::one("people", "Please tick somebody, or write an address."));
    }
    if all.len() > AT_ONCE {
        return Err(Invalid::one("people", format!("These are {}; {AT_ONCE} go at once. Please take them in turns.", all.len())));
    }
    Ok(all)
}

pub(super) async fn invite(
    ctx: Ctx,
    Path(key): Path<String>,
    Posted(typed): Posted<SeveralFields>,
) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let offered = offered(&ctx, &opened).await?;
    let all = match asks(&typed, &offered) {
        Ok(all) => all,
        Err(invalid) => return draw(&ctx, opened, Form::refused(typed, invalid)).await,
    };
    let (names, asks): (Vec<String>, Vec<Ask>) = all.into_iter().unzip();
    match store::interviews::ask_many(ctx.store(), ctx.viewer()?, opened.incident.id, &asks, ctx.now).await {
        Ok(asked) => Ok(answer(&ctx, opened, names.into_iter().zip(asked).collect())),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

/// What became of each. Links stand in this answer and nowhere else.
fn answer(ctx: &Ctx, opened: Opened, asked: Vec<(String, Asked)>) -> Response {
    let base_url = ctx.site.base_url.clone();
    let head = Head::new(format!("Invited, {}", opened.incident.key), Nav::Incidents);
    shell::page(ctx, head, move || {
        let base = format!("/incidents/{}", opened.incident.key);
        let links: Vec<String> = asked
            .iter()
            .filter_map(|(name, asked)| match asked {
                Asked::Invited { token: Some(token), .. } => Some(format!("{name}: {base_url}/invitation/{token}")),
                _ => None,
            })
            .collect();
        let rows = asked
            .into_iter()
            .map(|(name, asked)| {
                let (icon, said) = match asked {
                    Asked::Invited { mailed: true, .. } => ("circle-check", "Invited. A letter is on its way.".to_owned()),
                    Asked::Invited { token: Some(_), .. } => ("link", "Invited. Please send the link below.".to_owned()),
                    Asked::Invited { .. } => ("circle-check", "Invited. It stands on their home page.".to_owned()),
                    Asked::Already => ("circle", "Had been invited before. Nothing was changed.".to_owned()),
                    Asked::Cannot(why) => ("info", format!("Not invited. {why}")),
                };
                view! { <tr><th scope="row">{name}</th><td><Icon name=icon/>" "{said}</td></tr> }
            })
            .collect_view();
        let any = !links.is_empty();
        let text = links.join("\n");
        view! {
            <IncidentFrame opened=opened.clone() tab=Tab::OneOnOnes>
                <div class="stack stack-wide">
                    <h2>"What became of each"</h2>
                    <div class="table-wrap" tabindex="0" role="region" aria-label="What became of each">
                        <table class="asked-table">
                            <thead class="vh"><tr><th scope="col">"Who"</th><th scope="col">"What happened"</th></tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    {any.then(|| view! {
                        <section class="note note-good new-link" role="status">
                            <Icon name="link"/>
                            <div class="stack stack-tight">
                                <p><b>"Personal links. "</b>"Copy them now, and send each on a way that only its person reads: they are shown this once."</p>
                                <p id="links" class="letter-text mono" aria-label="Personal links">{text}</p>
                                <p class="actions"><Copy of="links" what="links"/></p>
                            </div>
                        </section>
                        <CopyScript/>
                    })}
                    <p class="actions">
                        <a class="btn btn-primary" href=format!("{base}/one-on-ones")>"To the one-on-ones"</a>
                        <a class="btn" href=format!("{base}/one-on-ones/several")>"Invite more"</a>
                    </p>
                </div>
            </IncidentFrame>
        }
    })
}

async fn draw(ctx: &Ctx, opened: Opened, form: Form<SeveralFields>) -> Result<Response, AppError> {
    let offered = offered(ctx, &opened).await?;
    let over = opened.standing.published;
    let mail = ctx.store().sends_mail();
    let head = Head::new(format!("Invite several, {}", opened.incident.key), Nav::Incidents).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let base = format!("/incidents/{}/one-on-ones", opened.incident.key);
        view! {
            <IncidentFrame opened=opened.clone() tab=Tab::OneOnOnes>
                <p class="small"><a href=base.clone()>"Back to the one-on-ones"</a></p>
                {if over {
                    view! { <p>"The second story is published; one-on-ones are over."</p> }.into_any()
                } else {
                    fields(base, offered, form, mail).into_any()
                }}
            </IncidentFrame>
        }
    }))
}

fn fields(base: String, offered: Offered, form: Form<SeveralFields>, mail: bool) -> impl IntoView {
    let (people, addresses, note) = (form.error("people"), form.error("addresses"), form.error("note"));
    let set_error = form.error("set");
    let typed = form.typed;
    let ticked = typed.people.clone();
    let groups = offered
        .groups
        .into_iter()
        .enumerate()
        .map(|(number, (heading, people))| {
            let some = people.iter().any(|p| ticked.contains(&p.id.to_string()));
            let count = people.len();
            let checks = people
                .into_iter()
                .map(|p| {
                    let id = p.id.to_string();
                    let checked = ticked.contains(&id);
                    view! { <label class="check"><input type="checkbox" name="people" value=id checked=checked/><span>{p.name}</span></label> }
                })
                .collect_view();
            view! {
                <details class="more group" open=some || number == 0>
                    <summary>{heading.clone()}" "<span class="quiet small">{count}</span></summary>
                    <fieldset class="checks"><legend class="vh">{heading}</legend>{checks}</fieldset>
                </details>
            }
        })
        .collect_view();
    let named_ticked = typed.nominations.clone();
    let named = offered
        .named
        .into_iter()
        .map(|(id, name, reason)| {
            let id = id.to_string();
            let checked = named_ticked.contains(&id);
            view! {
                <label class="check">
                    <input type="checkbox" name="nominations" value=id checked=checked/>
                    <span>{name}" "<span class="quiet">{reason}</span></span>
                </label>
            }
        })
        .collect_view();
    let any_named = !named.is_empty();
    let chosen = typed.days.clone();
    let after = if mail {
        "Who has an account or an address gets a letter; for the others you get links to copy. Reminders come at most twice, on working days, and each can be stopped."
    } else {
        "No mail is set up here: accounts find it on their home page, for the others you get links to copy, all on one page."
    };
    view! {
        <form class="card stack stack-wide several" method="post" action=format!("{base}/several")>
            <h2>"Invite several at once"</h2>
            <div class="stack">
                <FieldError id="people-error".to_owned() error=people/>
                {groups}
                {any_named.then(|| view! {
                    <details class="more group" open=true>
                        <summary>"Named in question 12"</summary>
                        <fieldset class="checks"><legend class="vh">"Named in question 12"</legend>{named}</fieldset>
                    </details>
                })}
            </div>
            <TextareaField name="addresses" label="E-mail addresses" text=typed.addresses rows=4 error=addresses hint="One a line: ada@example.org, or Ada <ada@example.org>. Who has an account here is found by it."/>
            <TextareaField name="note" label="A note to all of them (may stay empty)" text=typed.note rows=3 error=note hint="It stands in the letter and on the first page of the invitation. Please leave names and details of the incident out."/>
            <div class="field narrow">
                <label for="days">"Personal links work for"</label>
                <select id="days" name="days">
                    {DAYS.into_iter().map(|(value, label)| { let selected = value == chosen; view! { <option value=value selected=selected>{label}</option> } }).collect_view()}
                </select>
            </div>
            {sets::field("set", &offered.sets, &typed.set, set_error)}
            <p class="actions"><button class="btn btn-primary"><Icon name="send"/>"Invite them"</button><a class="btn btn-quiet" href=base.clone()>"Not now"</a></p>
            <p class="hint">{after}</p>
        </form>
    }
}
