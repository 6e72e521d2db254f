//! What the forms of the facilitator's page do.

use super::facilitating::{InviteFields, draw};
use super::sets;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use axum::extract::Path;
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::{Invalid, InvitationId, NominationId};
use serde::Deserialize;
use store::StoreError;
use store::incidents::Opened;
use store::interviews::{Ask, Invitee};

pub(super) async fn open(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

fn back(opened: &Opened) -> String {
    format!("/incidents/{}/one-on-ones", opened.incident.key)
}

fn invitee(typed: &InviteFields) -> Result<Invitee, Invalid> {
    match (typed.person.trim(), typed.name.trim()) {
        ("", "") if !typed.by_link.is_empty() => {
            Err(Invalid::one("name", "Please write a name, or what they do: the link is for one person."))
        }
        ("", "") => Err(Invalid::one("person", "Please choose somebody, or write a name below for a personal link.")),
        ("", name) => Ok(Invitee::Guest(name.to_owned())),
        (person, _) => {
            person.parse().map(Invitee::Person).map_err(|_| Invalid::one("person", "Please choose somebody from the list."))
        }
    }
}

pub(super) async fn invite(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<InviteFields>) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let nomination = match typed.nomination.as_str() {
        "" => None,
        id => Some(id.parse::<NominationId>().map_err(|_| AppError::NotFound)?),
    };
    let added = match invitee(&typed).and_then(|invitee| Ok((invitee, sets::chosen(&typed.set)?))) {
        Err(invalid) => Err(StoreError::Invalid(invalid)),
        Ok((invitee, set)) => {
            let ask = Ask { set, ..Ask::plain(invitee, nomination) };
            store::interviews::ask(ctx.store(), ctx.viewer()?, opened.incident.id, &ask, ctx.now).await
        }
    };
    match added {
        // The link is in this answer and nowhere else: not in an address, where it would be kept in histories.
        // A link that a letter carries is its reader's alone.
        Ok(added) => match added.token.filter(|_| !added.mailed) {
            Some(token) => with_link(&ctx, opened, added.id, token).await,
            None => Ok(see_and_say(&back(&opened), "invited")),
        },
        Err(StoreError::Invalid(invalid)) => draw(&ctx, opened, Form::refused(typed, invalid), None).await,
        Err(other) => Err(other.into()),
    }
}

async fn with_link(ctx: &Ctx, opened: Opened, id: InvitationId, token: String) -> Result<Response, AppError> {
    let lines = store::interviews::list(ctx.store(), ctx.viewer()?, opened.incident.id, ctx.now).await?;
    let name = lines.into_iter().find(|l| l.id == id).map(|l| l.name).unwrap_or_default();
    draw(ctx, opened, Form::default(), Some((name, token))).await
}

pub(super) async fn renew_link(ctx: Ctx, Path((key, invitation)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    let token = store::interviews::renew_link(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    with_link(&ctx, opened, id, token).await
}

pub(super) async fn send_again(ctx: Ctx, Path((key, invitation)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::resend(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&back(&opened), "letter-queued"))
}

pub(super) async fn withdraw(ctx: Ctx, Path((key, invitation)): Path<(String, String)>) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let id: InvitationId = invitation.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::withdraw(ctx.store(), ctx.viewer()?, opened.incident.id, id, ctx.now).await?;
    Ok(see_and_say(&back(&opened), "withdrawn"))
}

/// `aside`: `yes` sets it aside, anything else takes it up again.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AsideFields {
    aside: String,
}

pub(super) async fn set_aside(
    ctx: Ctx,
    Path((key, nomination)): Path<(String, String)>,
    Posted(typed): Posted<AsideFields>,
) -> Result<Response, AppError> {
    let opened = open(&ctx, &key).await?;
    let id: NominationId = nomination.parse().map_err(|_| AppError::NotFound)?;
    store::interviews::set_aside(ctx.store(), ctx.viewer()?, opened.incident.id, id, typed.aside == "yes", ctx.now).await?;
    Ok(see_and_say(&back(&opened), "changed"))
}
