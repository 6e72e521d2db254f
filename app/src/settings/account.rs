//! One account: invite, change, make a link that sets a password, deactivate, reactivate.

use super::account_form::{AccountFields, Choices, Fields};
use super::{SettingsFrame, ready_link, ready_words};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note};
use axum::extract::Path;
use axum::response::Response;
use domain::PersonId;
use domain::letters::{Letter, Wording};
use domain::walltime;
use leptos::prelude::*;
use store::StoreError;
use store::people::{self as accounts, Account, AccountState, By, LinkKind, MadeLink};

const AT: &str = "/settings/people";

fn links() -> Vec<(String, String)> {
    vec![(AT.to_owned(), "People".to_owned())]
}

fn id(person: &str) -> Result<PersonId, AppError> {
    person.parse().map_err(|_| AppError::NotFound)
}

async fn find(ctx: &Ctx, person: &str) -> Result<Account, AppError> {
    Ok(accounts::account(ctx.store(), By::Viewer(ctx.viewer()?), id(person)?, ctx.now).await?)
}

pub(super) async fn new(ctx: Ctx) -> Result<Response, AppError> {
    draw_new(&ctx, Form::new(AccountFields::proposal())).await
}

async fn draw_new(ctx: &Ctx, form: Form<AccountFields>) -> Result<Response, AppError> {
    let choices = Choices::load(ctx).await?;
    let head = Head::new("Invite somebody", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        view! {
            <SettingsFrame at=AT heading="Invite somebody" lede="This makes the account and a link, by which they choose a password of their own. You never learn it.">
                <Crumbs links=links() here="Invite"/>
                <form class="card stack mt4" method="post" action="/settings/people/invite">
                    <Fields form choices own=None/>
                    <p class="actions"><button class="btn btn-primary"><Icon name="send"/>"Make the account"</button><a class="btn btn-quiet" href=AT>"Not now"</a></p>
                </form>
            </SettingsFrame>
        }
    }))
}

pub(super) async fn invite(ctx: Ctx, Posted(typed): Posted<AccountFields>) -> Result<Response, AppError> {
    let by = By::Viewer(ctx.viewer()?);
    let new = match typed.parse() {
        Ok(new) => new,
        Err(invalid) => return draw_new(&ctx, Form::refused(typed, invalid)).await,
    };
    match accounts::invite(ctx.store(), by, &new, ctx.now).await {
        Ok((person, link)) => draw_link(&ctx, person, link).await,
        Err(StoreError::Invalid(invalid)) => draw_new(&ctx, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn make_link(ctx: Ctx, Path(person): Path<String>) -> Result<Response, AppError> {
    let person = id(&person)?;
    let link = accounts::make_link(ctx.store(), By::Viewer(ctx.viewer()?), person, ctx.now).await?;
    draw_link(&ctx, person, link).await
}

/// Shows a link: this once. It stands in this answer and nowhere else, also not in an address.
async fn draw_link(ctx: &Ctx, person: PersonId, link: MadeLink) -> Result<Response, AppError> {
    let account = accounts::account(ctx.store(), By::Viewer(ctx.viewer()?), person, ctx.now).await?;
    let letter = if link.kind == LinkKind::Invitation { Letter::Account } else { Letter::Reset };
    let address = format!("{}/password/{}", ctx.site.base_url, link.token);
    let until = walltime::absolute(link.until, ctx.zone());
    let (wording, _) = store::settings::wording(ctx.store(), letter).await?;
    let (name, email, mailed) = (account.line.name, account.line.email, link.mailed);
    let words: Wording = wording.filled(&[("name", &name), ("link", &address), ("until", &until)]);
    Ok(shell::page(ctx, Head::new("A link to send", Nav::Settings), move || {
        let told = view! {
            {mailed.then(|| view! { <p><b>{format!("A letter is on its way to {email}. ")}</b>"The link below is the same one; you need it only if the letter does not come."</p> })}
            <p><b>{format!("A link for {name}. ")}</b>"Copy it now and send it on a way that only they read: it is shown this once."</p>
            <p class="hint">{format!("It works once, until {until}. A new one can be made on their page; this one stops working then.")}</p>
        };
        view! {
            <SettingsFrame at=AT heading=if mailed { format!("A letter to {name}") } else { format!("Send {name} this link") }>
                <Crumbs links=links() here=name.clone()/>
                <div class="stack mt4">
                    {ready_link("link", "Link that sets a password", address, told.into_any())}
                    {ready_words(&words)}
                    <p class="actions"><a class="btn" href=format!("/settings/people/{person}")>{format!("{name}’s account")}</a><a class="btn btn-quiet" href=AT>"All people"</a></p>
                </div>
            </SettingsFrame>
        }
    }))
}

pub(super) async fn show(ctx: Ctx, Path(person): Path<String>) -> Result<Response, AppError> {
    let account = find(&ctx, &person).await?;
    let form = Form::new(AccountFields::of(&account));
    draw(&ctx, account, form).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path(person): Path<String>,
    Posted(typed): Posted<AccountFields>,
) -> Result<Response, AppError> {
    let account = find(&ctx, &person).await?;
    let new = match typed.parse() {
        Ok(new) => new,
        Err(invalid) => return draw(&ctx, account, Form::refused(typed, invalid)).await,
    };
    match accounts::change_account(ctx.store(), By::Viewer(ctx.viewer()?), account.line.id, &new, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "saved")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, account, Form::refused(typed, invalid)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, account: Account, form: Form<AccountFields>) -> Result<Response, AppError> {
    let choices = Choices::load(ctx).await?;
    let head = Head::new(account.line.name.clone(), Nav::Settings).refused(&form.invalid);
    let zone = ctx.zone();
    Ok(shell::page(ctx, head, move || {
        let id = account.line.id;
        let base = format!("{AT}/{id}");
        let link_until = account.link_until.map(|at| walltime::absolute(at, zone));
        let since = account.deactivated_at.map(|at| walltime::absolute(at, zone));
        let state = account.line.state;
        view! {
            <SettingsFrame at=AT heading=account.line.name.clone() lede=state_told(state, since)>
                <Crumbs links=links() here=account.line.name.clone()/>
                <form class="card stack mt4" method="post" action=base.clone()>
                    <Fields form choices own=Some(id)/>
                    <p class="hint">"Working hours and time zone are theirs: they stand in their own profile."</p>
                    <p class="actions"><button class="btn btn-primary">"Save"</button><a class="btn btn-quiet" href=AT>"Leave as it was"</a></p>
                </form>
                {acts(&base, state, link_until)}
            </SettingsFrame>
        }
    }))
}

fn state_told(state: AccountState, since: Option<String>) -> String {
    match (state, since) {
        (AccountState::Active, _) => "Active: can sign in.".to_owned(),
        (AccountState::Invited, _) => "Invited: has not chosen a password yet.".to_owned(),
        (AccountState::Deactivated, since) => format!("Deactivated since {}.", since.unwrap_or_default()),
    }
}

fn acts(base: &str, state: AccountState, link_until: Option<String>) -> impl IntoView + use<> {
    let (link, deactivate, reactivate) = (format!("{base}/link"), format!("{base}/deactivate"), format!("{base}/reactivate"));
    let there = link_until.map(|until| format!("A link that was made before works until {until}; a new one takes its place. "));
    let (heading, what, button) = match state {
        AccountState::Invited => {
            ("Invitation", "By the link they choose a password. It works for seven days, once.", "Make a new invitation link")
        }
        _ => (
            "Forgotten password",
            "Make a one-time link and send it to them. It works for 24 hours; using it signs them out everywhere. Their present password works until then.",
            "Make a reset link",
        ),
    };
    if state == AccountState::Deactivated {
        return view! {
            <section class="card stack mt6">
                <h2>"Let them in again"</h2>
                <p>"They sign in with the password that they had. Roles and words are as they were."</p>
                <form method="post" action=reactivate><button class="btn">"Reactivate"</button></form>
            </section>
        }
        .into_any();
    }
    view! {
        <div class="cols cols-2 mt6">
            <section class="card stack">
                <h2>{heading}</h2>
                <p>{there}{what}</p>
                <form method="post" action=link><button class="btn"><Icon name="link"/>{button}</button></form>
            </section>
            <section class="card stack">
                <h2>"Leaving"</h2>
                <p>"Deactivating ends every session at once. Nothing that they wrote is lost."</p>
                <p><a class="btn btn-warn" href=deactivate><Icon name="user-x"/>"Deactivate …"</a></p>
            </section>
        </div>
    }
    .into_any()
}

pub(super) async fn confirm(ctx: Ctx, Path(person): Path<String>) -> Result<Response, AppError> {
    let account = find(&ctx, &person).await?;
    let own = ctx.viewer()?.person_id == account.line.id;
    Ok(draw_confirm(&ctx, account, own, None))
}

fn draw_confirm(ctx: &Ctx, account: Account, own: bool, refused: Option<&'static str>) -> Response {
    let name = account.line.name;
    let mut head = Head::new(format!("Deactivate {name}"), Nav::Settings);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    let base = format!("{AT}/{}", account.line.id);
    shell::page(ctx, head, move || {
        view! {
            <SettingsFrame at=AT heading=format!("Deactivate {name}?")>
                <Crumbs links=vec![(AT.to_owned(), "People".to_owned()), (base.clone(), name.clone())] here="Deactivate"/>
                <div class="card stack mt4">
                    {refused.map(|why| view! { <Note tone="bad"><Icon name="info"/><p>{why}</p></Note> })}
                    <p>"This is what happens, all at once:"</p>
                    <ul class="bullets">
                        <li>"Every session ends, on every device. They cannot sign in any more."</li>
                        <li>"Links that set a password and personal links stop working."</li>
                        <li>"Nobody can choose them any more: not for a one-on-one, not as facilitator or planner."</li>
                        <li>"Reviews that they facilitate stay theirs until somebody else is appointed."</li>
                        <li>"What they wrote stays as they shared it, and their roles stay in the history. Nothing is deleted."</li>
                    </ul>
                    {own.then(|| view! { <Note tone="care"><Icon name="user"/><p>"This is your own account: you are signed out right after."</p></Note> })}
                    <p class="quiet">"You can reactivate the account later."</p>
                    <form class="actions" method="post" action=format!("{base}/deactivate")>
                        <button class="btn btn-warn"><Icon name="user-x"/>"Deactivate"</button>
                        <a class="btn btn-quiet" href=base.clone()>"Leave active"</a>
                    </form>
                </div>
            </SettingsFrame>
        }
    })
}

pub(super) async fn deactivate(ctx: Ctx, Path(person): Path<String>) -> Result<Response, AppError> {
    let account = find(&ctx, &person).await?;
    let viewer = ctx.viewer()?;
    match accounts::deactivate(ctx.store(), By::Viewer(viewer), account.line.id, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "deactivated")),
        Err(StoreError::Refused(why)) => {
            let own = viewer.person_id == account.line.id;
            Ok(draw_confirm(&ctx, account, own, Some(why)))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn reactivate(ctx: Ctx, Path(person): Path<String>) -> Result<Response, AppError> {
    let person = id(&person)?;
    accounts::reactivate(ctx.store(), By::Viewer(ctx.viewer()?), person, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{person}"), "reactivated"))
}
