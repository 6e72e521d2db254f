//! Question sets, for administrators: which there are, copies, files.

pub(super) mod one;
pub(super) mod set;
pub(super) mod usual;

use super::SettingsFrame;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, FieldError, Icon};
use axum::extract::{Multipart, Path};
use axum::response::{IntoResponse, Response};
use domain::Invalid;
use http::header;
use leptos::prelude::*;
use store::StoreError;
use store::interviews::{SET_FORMAT, SetKey, SetLine, copy_set, question_set, question_sets, set_to_file, take_in_set};

/// Where the page is.
const AT: &str = "/settings/questions";
/// The largest body of a file to take in.
pub(super) const BODY: usize = 256 * 1024;

fn key(set: &str) -> Result<SetKey, AppError> {
    set.parse().map_err(|()| AppError::NotFound)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default()).await
}

pub(super) async fn copy(ctx: Ctx, Path(set): Path<String>) -> Result<Response, AppError> {
    let id = copy_set(ctx.store(), ctx.viewer()?, key(&set)?, ctx.now).await?;
    Ok(see_and_say(&format!("{AT}/{id}"), "copied"))
}

pub(super) async fn download(ctx: Ctx, Path(set): Path<String>) -> Result<Response, AppError> {
    let kept = question_set(ctx.store(), ctx.viewer()?, key(&set)?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"question-set.json\"".to_owned()),
    ];
    Ok((headers, set_to_file(&kept.draft)).into_response())
}

pub(super) async fn take_in(ctx: Ctx, mut form: Multipart) -> Result<Response, AppError> {
    let mut file = None;
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("file") {
            file = field.text().await.ok();
        }
    }
    let taken = match file.filter(|f| !f.trim().is_empty()) {
        Some(file) => take_in_set(ctx.store(), ctx.viewer()?, &file, ctx.now).await,
        None => Err(Invalid::one("file", "Please choose a file of at most 256 KB, in UTF-8.").into()),
    };
    match taken {
        Ok(id) => Ok(see_and_say(&format!("{AT}/{id}"), "taken-in")),
        Err(StoreError::Invalid(invalid)) => draw(&ctx, Form::refused((), invalid)).await,
        Err(other) => Err(other.into()),
    }
}

async fn draw(ctx: &Ctx, form: Form<()>) -> Result<Response, AppError> {
    let lines = question_sets(ctx.store(), ctx.viewer()?).await?;
    let head = Head::new("Questions", Nav::Settings).refused(&form.invalid);
    Ok(shell::page(ctx, head, move || {
        let rows = lines.into_iter().map(row).collect_view();
        let error = form.error("file");
        view! {
            <SettingsFrame at=AT heading="Questions" lede="What one-on-ones ask, in which words and order. Whoever was asked by a version keeps it.">
                <p class="actions"><a class="btn" href=format!("{AT}/usual")><Icon name="list"/>"Who is asked by which"</a></p>
                <div class="table-wrap mt4" tabindex="0" role="region" aria-label="Question sets">
                    <table>
                        <thead><tr>
                            <th scope="col">"Set"</th><th scope="col">"Questions"</th><th scope="col">"People asked"</th>
                            <th scope="col">"Version"</th><th scope="col"><span class="vh">"Acts"</span></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <details class="more mt6" open=error.is_some()>
                    <summary>"Take a set in from a file"</summary>
                    <form class="card stack mt2" method="post" enctype="multipart/form-data" action=format!("{AT}/take-in")>
                        <div class=if error.is_some() { "field field-error" } else { "field" }>
                            <label for="file">"The file"</label>
                            <p class="hint" id="file-hint">{format!("JSON, as “Download” gives it: it begins with \"format\": \"{SET_FORMAT}\".")}</p>
                            <FieldError id="file-error".to_owned() error=error.clone()/>
                            <input id="file" name="file" type="file" accept=".json,application/json" aria-describedby="file-hint"/>
                        </div>
                        <p class="actions"><button class="btn"><Icon name="plus"/>"Take it in"</button></p>
                    </form>
                </details>
            </SettingsFrame>
        }
    }))
}

fn row(line: SetLine) -> impl IntoView {
    let here = format!("{AT}/{}", line.key);
    let own = matches!(line.key, SetKey::Own(_));
    let version = match (own, line.version) {
        (false, _) => "Comes with the product".to_owned(),
        (true, Some(ordinal)) => format!("Version {ordinal}"),
        (true, None) => "Not published yet".to_owned(),
    };
    let usual = (!line.usual_for.is_empty()).then(|| view! { " "<Chip>"Usual"</Chip> });
    view! {
        <tr>
            <th scope="row">
                <a href=here.clone()>{line.name.clone()}</a>{usual}{line.retired.then(|| view! { " "<Chip>"Retired"</Chip> })}
                <br/><span class="quiet small">{line.purpose}</span>
            </th>
            <td>{line.questions}</td>
            <td>{line.used}</td>
            <td>{version}{(own && line.changed && line.version.is_some()).then(|| view! { <br/><span class="quiet small">"Changed since"</span> })}</td>
            <td>
                <div class="actions actions-end">
                    <form method="post" action=format!("{here}/copy")>
                        <button class="btn btn-quiet btn-small" aria-label=format!("Copy {}", line.name)>"Copy"</button>
                    </form>
                    <a class="btn btn-quiet btn-small" href=format!("{here}/set.json")>"Download"<span class="vh">{format!(" {}", line.name)}</span></a>
                </div>
            </td>
        </tr>
    }
}
