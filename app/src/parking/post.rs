//! Parking an idea and taking it out again.

use super::page::{self, ParkFields};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, same_site, see_and_say};
use crate::ui::toast;
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::ParkedId;
use http::StatusCode;
use serde_json::json;
use store::{StoreError, parking};

/// Parks an idea and goes back to where it was parked from.
pub async fn park(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<ParkFields>) -> Result<Response, AppError> {
    let (viewer, lot) = page::lot(&ctx, &key).await?;
    let with_name = !typed.with_name.is_empty();
    match parking::park(ctx.store(), viewer, lot.incident, &typed.text, with_name, ctx.now).await {
        Ok(_) if ctx.wants_json => Ok(Json(json!({ "said": toast::sentence("parked") })).into_response()),
        Err(StoreError::Invalid(invalid)) if ctx.wants_json => {
            let message = invalid.fields.into_iter().next().map(|f| f.message).unwrap_or_default();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response())
        }
        Ok(_) => Ok(see_and_say(same_site(&typed.back, &format!("/incidents/{}/park", lot.key)), "parked")),
        Err(StoreError::Invalid(invalid)) => Ok(page::draw(&ctx, lot, Form::refused(typed, invalid))),
        Err(error) => Err(error.into()),
    }
}

/// Takes one's own idea out again.
pub async fn withdraw(ctx: Ctx, Path((key, idea)): Path<(String, String)>) -> Result<Response, AppError> {
    let (viewer, lot) = page::lot(&ctx, &key).await?;
    let idea: ParkedId = idea.parse().map_err(|_| AppError::NotFound)?;
    parking::withdraw(ctx.store(), viewer, lot.incident, idea, ctx.now).await?;
    Ok(see_and_say(&format!("/incidents/{}/park", lot.key), "withdrawn"))
}
