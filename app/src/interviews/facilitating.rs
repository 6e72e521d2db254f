//! The facilitator's page of an incident's one-on-ones: who was asked, where each stands, who was named, and the form to ask more.

use super::sets;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::incidents::{IncidentFrame, Tab};
use crate::settings::{ready_link, ready_words};
use crate::shell::{self, Head, Nav};
use crate::ui::{Empty, FieldError, Icon, When};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::interviews::InvitationState;
use domain::letters::{Letter, Wording};
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::interviews::{InvitationLine, Nominated, OfferedSet};
use store::mail::LetterState;
use store::people::Person;

/// What the invitation form posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteFields {
    /// Somebody known, by id.
    pub(super) person: String,
    /// Somebody new, by name.
    pub(super) name: String,
    /// The nomination that is followed.
    pub(super) nomination: String,
    /// Not empty: a link is wanted, for somebody new.
    pub(super) by_link: String,
    /// The questions to ask; empty: what is usual.
    pub(super) set: String,
}

/// Everything on the page.
struct Page {
    opened: Opened,
    lines: Vec<InvitationLine>,
    nominated: Vec<Nominated>,
    people: Vec<Person>,
    sets: Vec<OfferedSet>,
    form: Form<InviteFields>,
    link: Option<NewLink>,
}

/// A personal link that was just made, with the words to send with it.
struct NewLink {
    name: String,
    address: String,
    words: Wording,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    let opened = store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?;
    draw(&ctx, opened, Form::default(), None).await
}

/// Draws the page; `link` is a personal link that was just made (for whom, token): this once.
pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    form: Form<InviteFields>,
    link: Option<(String, String)>,
) -> Result<Response, AppError> {
    let (store, viewer, incident) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let lines = store::interviews::list(store, viewer, incident, ctx.now).await?;
    let nominated = store::interviews::nominated(store, viewer, incident, ctx.now).await?;
    let people = store::people::list(store, viewer).await?;
    let sets = store::interviews::offered_sets(store, viewer, incident, ctx.now).await?;
    let link = match link {
        None => None,
        Some((name, token)) => {
            let address = format!("{}/invitation/{token}", ctx.site.base_url);
            let until = lines.iter().find(|l| l.name == name).and_then(|l| l.link_until).map(|at| walltime::day(at, ctx.zone()));
            let (wording, _) = store::settings::wording(store, Letter::OneOnOne).await?;
            let (title, until) = (opened.incident.title.as_str(), until.unwrap_or_default());
            let words = wording.filled(&[("name", &name), ("title", title), ("link", &address), ("until", &until)]);
            Some(NewLink { name, address, words })
        }
    };
    let head = Head::new(format!("One-on-ones, {}", opened.incident.key), Nav::Incidents).refused(&form.invalid);
    let page = Page { opened, lines, nominated, people, sets, form, link };
    Ok(shell::page(ctx, head, move || body(page)))
}

fn body(page: Page) -> impl IntoView {
    let base = format!("/incidents/{}", page.opened.incident.key);
    let open = !page.opened.standing.published;
    let unheard = unheard(&page.opened, &page.lines);
    let submitted = page.lines.iter().any(|l| l.state == InvitationState::Submitted);
    let taken: Vec<_> = page.lines.iter().filter(|l| l.state != InvitationState::Withdrawn).map(|l| l.person_id).collect();
    let facilitators: Vec<_> = page.opened.facilitators.iter().map(|(id, _)| *id).collect();
    let people = page.people.into_iter().filter(|p| !taken.contains(&p.id) && !facilitators.contains(&p.id)).collect();
    view! {
        <IncidentFrame opened=page.opened.clone() tab=Tab::OneOnOnes>
            {page.link.map(new_link)}
            <div class="cols cols-side cols-side-wide">
                <section aria-labelledby="asked">
                    <div class="section-head">
                        <h2 id="asked">"Who was asked"</h2>
                        {submitted.then(|| view! { <a class="btn" href=format!("{base}/review/overview")><Icon name="message-circle"/>"Read what was shared"</a> })}
                    </div>
                    {if page.lines.is_empty() { nobody().into_any() } else { asked(&base, page.lines, open).into_any() }}
                    {named(&base, page.nominated, &unheard, open)}
                </section>
                <aside class="stack" aria-label="Invite">{open.then(|| invite(&base, people, page.sets, page.form))}</aside>
            </div>
        </IncidentFrame>
    }
}

fn nobody() -> impl IntoView {
    view! {
        <Empty heading="Nobody has been asked yet">
            <p>"Begin with those who were closest, then those who saw it from elsewhere: the desk that took the calls, who built it, who came newly."</p>
        </Empty>
    }
}

/// A personal link: only now, because what is kept of it is a hash.
fn new_link(NewLink { name, address, words }: NewLink) -> impl IntoView {
    let told = view! {
        <p><b>{format!("A personal link for {name}. ")}</b>"Copy it now and send it on a way that only they read: it is shown this once and opens their conversation on any device."</p>
        <p class="hint">"It works for 30 days, until you withdraw it or the review is published. A new one can be made below at any time."</p>
    };
    view! {
        <div class="stack stack-tight">
            {ready_link("link", "Personal link", address, told.into_any())}
            {ready_words(&words)}
        </div>
    }
}

fn asked(base: &str, lines: Vec<InvitationLine>, open: bool) -> impl IntoView + use<> {
    let base = base.to_owned();
    let ctx = expect_context::<Ctx>();
    let (zone, mail) = (ctx.zone(), ctx.store().sends_mail());
    let rows = lines
        .into_iter()
        .map(|line| {
            let how = match (line.has_account, line.link_until) {
                (true, _) => line.team.clone().unwrap_or_default(),
                (false, Some(until)) if line.state != InvitationState::Withdrawn => format!("Personal link until {}", walltime::day(until, zone)),
                (false, None) if line.state != InvitationState::Withdrawn => "No link leads to them any more".to_owned(),
                (false, _) => "Personal link".to_owned(),
            };
            let can_withdraw = open && matches!(line.state, InvitationState::Invited | InvitationState::Started);
            let can_talk = open && matches!(line.state, InvitationState::Invited | InvitationState::Started | InvitationState::Submitted);
            let can_renew = open && !line.has_account && line.state != InvitationState::Withdrawn && line.link_until.is_some();
            let can_send = open && mail && line.has_address && matches!(line.state, InvitationState::Invited | InvitationState::Started);
            let again = if matches!(line.letter, Some(LetterState::Sent(_))) { "Send again" } else { "Try again" };
            let (id, name) = (line.id, line.name.clone());
            view! {
                <tr>
                    <th scope="row">{line.name}<br/><span class="quiet small">{how}</span></th>
                    <td>{state(line.state)}{letter(line.state, line.letter)}</td>
                    <td>
                        <div class="actions actions-end">
                            {can_talk.then(|| view! {
                                <a class="btn btn-quiet btn-small" href=format!("{base}/one-on-ones/{id}/talk")>
                                    "Lead the talk"<span class="vh">{format!(" with {name}")}</span>
                                </a>
                            })}
                            {can_send.then(|| view! {
                                <form method="post" action=format!("{base}/one-on-ones/{id}/send")>
                                    <button class="btn btn-quiet btn-small" aria-label=format!("Send the letter to {name} again")>{again}</button>
                                </form>
                            })}
                            {can_renew.then(|| view! {
                                <form method="post" action=format!("{base}/one-on-ones/{id}/link")>
                                    <button class="btn btn-quiet btn-small" aria-label=format!("New link for {name}")>"New link"</button>
                                </form>
                            })}
                            {can_withdraw.then(|| view! {
                                <form method="post" action=format!("{base}/one-on-ones/{id}/withdraw")>
                                    <button class="btn btn-quiet btn-small" aria-label=format!("Withdraw the invitation of {name}")>"Withdraw"</button>
                                </form>
                            })}
                        </div>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Invitations">
            <table>
                <caption>"Nothing waits for anyone. How far a draft has come is shown to nobody."</caption>
                <thead class="vh"><tr><th scope="col">"Who"</th><th scope="col">"State"</th><th scope="col">"Acts"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn state(state: InvitationState) -> impl IntoView {
    let (slug, icon) = match state {
        InvitationState::Invited => ("open", "circle-dashed"),
        InvitationState::Started => ("talks", "circle"),
        InvitationState::Submitted => ("published", "circle-check"),
        InvitationState::Declined => ("note", "check"),
        InvitationState::Withdrawn => ("note", "x"),
    };
    view! { <span class="state" data-state=slug><Icon name=icon/>{state.label()}</span> }
}

/// Where the letter stands: said while it matters.
fn letter(state: InvitationState, letter: Option<LetterState>) -> impl IntoView {
    let waits = matches!(state, InvitationState::Invited | InvitationState::Started);
    letter.filter(|_| waits).map(|letter| match letter {
        LetterState::Sent(at) => view! { <br/><span class="quiet small">"Letter sent "<When at=at/></span> }.into_any(),
        LetterState::Waiting(None) => view! { <br/><span class="quiet small">"Letter on its way"</span> }.into_any(),
        LetterState::Waiting(Some(trouble)) => {
            view! { <br/><span class="small">{format!("Letter waits: {}. It is tried again by itself.", trouble.label())}</span> }
                .into_any()
        }
        LetterState::Failed(trouble) => {
            view! { <br/><span class="small"><Icon name="info"/>{format!(" Letter did not go: {}.", trouble.label())}</span> }
                .into_any()
        }
    })
}

/// Teams that the incident concerns, by itself or by a service that they own, and of which nobody was asked.
fn unheard(opened: &Opened, lines: &[InvitationLine]) -> Vec<String> {
    let asked = |team: &String| lines.iter().any(|l| l.state != InvitationState::Withdrawn && l.team.as_ref() == Some(team));
    let owners = opened.services.iter().filter_map(|s| s.team.clone());
    let mut teams: Vec<String> = opened.incident.team.clone().into_iter().chain(owners).filter(|team| !asked(team)).collect();
    teams.sort();
    teams.dedup();
    teams
}

fn named(base: &str, nominated: Vec<Nominated>, unheard: &[String], open: bool) -> impl IntoView + use<> {
    let base = base.to_owned();
    let none = nominated.is_empty();
    let (aside, here): (Vec<_>, Vec<_>) = nominated.into_iter().partition(|n| n.set_aside || n.invited_as.is_some());
    let cards = here
        .into_iter()
        .map(|n| {
            let id = n.nomination.id;
            view! {
                <li class="card stack stack-tight">
                    <p><b>{n.nomination.name.clone()}</b>{n.by.map(|by| view! { " "<span class="quiet small">{format!("named by {by}, who agreed that you see it")}</span> })}</p>
                    {(!n.nomination.reason.is_empty()).then(|| view! { <p class="read">{n.nomination.reason.clone()}</p> })}
                    {open.then(|| view! {
                        <div class="actions">
                            <form method="post" action=format!("{base}/one-on-ones/invite")>
                                <input type="hidden" name="nomination" value=id.to_string()/>
                                <input type="hidden" name="name" value=n.nomination.name.clone()/>
                                <button class="btn btn-small"><Icon name="link"/>"Invite by personal link"</button>
                            </form>
                            <form method="post" action=format!("{base}/one-on-ones/nominations/{id}")>
                                <button class="btn btn-quiet btn-small" name="aside" value="yes">"Set aside"</button>
                            </form>
                        </div>
                    })}
                </li>
            }
        })
        .collect_view();
    let any_aside = !aside.is_empty();
    let followed = aside
        .into_iter()
        .map(|n| {
            let how = if n.invited_as.is_some() { "invited" } else { "set aside" };
            view! { <li>{n.nomination.name}" "<span class="quiet small">{how}</span></li> }
        })
        .collect_view();
    let said = if none {
        "Nobody was named yet. Whom people name in question 12 for you to ask stands here."
    } else {
        "Named in question 12, for you to ask. They are not told by whom, and you only where that person agreed. If somebody has an account, choose them in the form instead."
    };
    view! {
        <div class="section-head mt8"><h2>"Perspectives still missing"</h2></div>
        {(open && !unheard.is_empty()).then(|| view! {
            <p>{format!("The incident concerns {}, and nobody there was asked yet.", unheard.join(" and "))}</p>
        })}
        <p class="quiet small">{said}</p>
        <ul class="plain-list mt4">{cards}</ul>
        {any_aside.then(|| view! {
            <details class="more mt4"><summary>"Invited or set aside"</summary><ul class="bullets small mt2">{followed}</ul></details>
        })}
    }
}

fn invite(base: &str, people: Vec<Person>, sets: Vec<OfferedSet>, form: Form<InviteFields>) -> impl IntoView + use<> {
    let action = format!("{base}/one-on-ones/invite");
    let (person, name, set_error) = (form.error("person"), form.error("name"), form.error("set"));
    let class = |error: &Option<String>| if error.is_some() { "field field-error" } else { "field" };
    let (person_class, name_class) = (class(&person), class(&name));
    let typed = form.typed;
    let chosen = typed.person.clone();
    let by_link = !typed.by_link.is_empty();
    let mail = expect_context::<Ctx>().store().sends_mail();
    let several = format!("{base}/one-on-ones/several");
    view! {
        <p><a class="btn btn-primary" href=several><Icon name="users"/>"Invite several at once"</a></p>
        <form class="card stack" method="post" action=action.clone()>
            <h2>"Invite somebody"</h2>
            <div class=person_class>
                <label for="person">"From here"</label>
                <FieldError id="person-error".to_owned() error=person/>
                <select id="person" name="person">
                    <option value="">"Choose"</option>
                    {people
                        .into_iter()
                        .map(|p| {
                            let id = p.id.to_string();
                            let selected = id == chosen;
                            let team = p.team.map(|t| format!(", {t}")).unwrap_or_default();
                            let link = if p.has_account { "" } else { ", by personal link" };
                            view! { <option value=id selected=selected>{format!("{}{team}{link}", p.name)}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            {sets::field("person-set", &sets, if by_link { "" } else { &typed.set }, set_error.clone().filter(|_| !by_link))}
            <button class="btn"><Icon name="send"/>"Invite"</button>
            <p class="hint">{if mail { "They find it on their home page, and get a letter." } else { "They find it on their home page." }}</p>
        </form>
        <form class="card stack" method="post" action=action>
            <h2>"Or anyone, by a personal link"</h2>
            <input type="hidden" name="by_link" value="yes"/>
            <div class=name_class>
                <label for="name">"Name, or what they do"</label>
                <FieldError id="name-error".to_owned() error=name/>
                <input id="name" name="name" autocomplete="off" value=typed.name/>
            </div>
            {sets::field("name-set", &sets, if by_link { &typed.set } else { "" }, set_error.filter(|_| by_link))}
            <button class="btn"><Icon name="link"/>"Make a link"</button>
            <p class="hint">"No account needed. You get a link to copy; it is shown once."</p>
        </form>
    }
}
