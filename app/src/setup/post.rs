//! What the set-up form does: the first administrator, signed in.

use super::page::{self, SetUpFields};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see};
use crate::session::{self, with_cookie};
use axum::extract::Path;
use axum::response::Response;
use domain::people::GlobalRole;
use domain::walltime::{self, WorkPattern};
use domain::{Invalid, text};
use store::StoreError;
use store::people::NewAccount;
use store::setup::{self, Outcome};

pub(super) async fn finish(
    ctx: Ctx,
    Path(token): Path<String>,
    Posted(typed): Posted<SetUpFields>,
) -> Result<Response, AppError> {
    let account = match account(&typed) {
        Ok(account) => account,
        Err(invalid) => {
            // A form is drawn only for who holds the link.
            setup::peek(ctx.store(), &token, ctx.now).await?;
            return Ok(page::draw(&ctx, token, Form::refused(typed.without_passwords(), invalid)));
        }
    };
    let refused = match setup::finish(ctx.store(), &token, &account, typed.takes_part(), &ctx.address, ctx.now).await {
        Ok(Outcome::Welcome(session)) => return with_cookie(see("/welcome"), &session::cookie(&ctx.site, &session)),
        Ok(Outcome::Wait) => Invalid::one("password", "There were many tries. Please wait some minutes; nothing is locked."),
        Err(StoreError::Invalid(invalid)) => invalid,
        Err(other) => return Err(other.into()),
    };
    Ok(page::draw(&ctx, token, Form::refused(typed.without_passwords(), refused)))
}

fn account(typed: &SetUpFields) -> Result<NewAccount, Invalid> {
    let mut invalid = Invalid::default();
    let zone = invalid.take(walltime::parse_zone(&typed.zone)).map(|zone| zone.name().to_owned()).unwrap_or_default();
    invalid.take(text::line("name", &typed.name, text::NAME_MAX));
    if typed.password != typed.again {
        invalid.add("again", "The two passwords differ. Please write the same one twice.");
    }
    invalid.or_ok()?;
    Ok(NewAccount {
        name: typed.name.clone(),
        email: typed.email.clone(),
        password: Some(typed.password.clone()),
        role: GlobalRole::Administrator,
        may_facilitate: false,
        team_id: None,
        manager_id: None,
        zone,
        pattern: WorkPattern::default(),
    })
}
