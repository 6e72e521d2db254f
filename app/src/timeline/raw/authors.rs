//! Who wrote the raw log: the name at its source, who that is here, and what they were in the incident.

use super::opened_for;
use super::pane::thousands;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Chip, Crumbs, Empty, FieldError};
use axum::extract::Path;
use axum::response::Response;
use domain::{Invalid, PersonId, RawAuthorId};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::people::Person;
use store::timeline::raw_authors::{self, KnownAuthor};

/// As typed: a name of somebody with an account, and a role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NameFields {
    person: String,
    role: String,
}

pub(super) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    draw(&ctx, opened, None).await
}

pub(super) async fn name(
    ctx: Ctx,
    Path((key, author)): Path<(String, String)>,
    Posted(typed): Posted<NameFields>,
) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key).await?;
    let author: RawAuthorId = author.parse().map_err(|_| AppError::NotFound)?;
    let named = match person(&ctx, &typed.person).await? {
        Ok(person) => {
            let named = (person, typed.role.as_str());
            raw_authors::name(ctx.store(), ctx.viewer()?, opened.incident.id, author, named, ctx.now)
                .await
                .map_err(AppError::from)
        }
        Err(invalid) => Err(AppError::Invalid(invalid)),
    };
    match named {
        Ok(()) => Ok(see_and_say(&format!("/incidents/{}/raw/authors#a-{author}", opened.incident.key), "saved")),
        Err(AppError::Invalid(invalid)) => draw(&ctx, opened, Some((author, typed, invalid))).await,
        Err(other) => Err(other),
    }
}

/// The one person of that name; nobody for no name.
async fn person(ctx: &Ctx, name: &str) -> Result<Result<Option<PersonId>, Invalid>, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(Ok(None));
    }
    let people = accounts(ctx).await?;
    let found: Vec<&Person> = people.iter().filter(|p| domain::text::fold(&p.name) == domain::text::fold(name)).collect();
    Ok(match found.as_slice() {
        [one] => Ok(Some(one.id)),
        [] => {
            Err(Invalid::one("person", "Nobody with an account has this name. Please take one from the list, or leave it empty."))
        }
        _ => Err(Invalid::one("person", "Several people have this name. A role says who it was, too.")),
    })
}

async fn accounts(ctx: &Ctx) -> Result<Vec<Person>, AppError> {
    let people = store::people::list(ctx.store(), ctx.viewer()?).await?;
    Ok(people.into_iter().filter(|p| p.has_account).collect())
}

type Refused = Option<(RawAuthorId, NameFields, Invalid)>;

async fn draw(ctx: &Ctx, opened: Opened, refused: Refused) -> Result<Response, AppError> {
    let incident = opened.incident;
    let authors = raw_authors::authors(ctx.store(), ctx.viewer()?, incident.id, ctx.now).await?;
    let people = accounts(ctx).await?;
    let invalid = refused.as_ref().map(|(.., invalid)| invalid.clone()).unwrap_or_default();
    let head = Head::new(format!("People in the raw log of {}", incident.key), Nav::Incidents).refused(&invalid);
    let base = format!("/incidents/{}", incident.key);
    let links = vec![
        ("/incidents".to_owned(), "Incidents".to_owned()),
        (base.clone(), incident.key.to_string()),
        (format!("{base}?pane=raw"), "Raw log".to_owned()),
    ];
    Ok(shell::page(ctx, head, move || {
        let none = authors.is_empty();
        let rows = authors.into_iter().map(|author| {
            let back =
                refused.as_ref().filter(|(id, ..)| *id == author.id).map(|(_, typed, invalid)| (typed.clone(), invalid.clone()));
            row(author, back, &base)
        });
        let rows: Vec<_> = rows.collect();
        view! {
            <Crumbs links here="People"/>
            <div class="page-head">
                <div>
                    <h1>"People in the raw log"</h1>
                    <p>"Who they are here, or what they were that night. Those who read the raw log see it; no event takes a name from it."</p>
                </div>
            </div>
            {if none {
                view! { <Empty heading="Nobody yet"><p>"Names come with an import."</p></Empty> }.into_any()
            } else {
                view! { <ul class="raw-people">{rows}</ul> }.into_any()
            }}
            <datalist id="people">{people.into_iter().map(|p| view! { <option value=p.name></option> }).collect_view()}</datalist>
        }
    }))
}

fn row(author: KnownAuthor, back: Option<(NameFields, Invalid)>, base: &str) -> impl IntoView + use<> {
    let id = author.id.to_string();
    let (typed, invalid) = back.unwrap_or_else(|| {
        let person = author.person.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
        (NameFields { person, role: author.role.clone() }, Invalid::default())
    });
    let error = |field: &str| invalid.message(field).map(str::to_owned);
    let (no_person, no_role) = (error("person"), error("role"));
    let (person_id, role_id) = (format!("person-{id}"), format!("role-{id}"));
    let (person_error, role_error) = (format!("{person_id}-error"), format!("{role_id}-error"));
    let entries = usize::try_from(author.entries).unwrap_or_default();
    let wrote = if entries == 1 { "1 entry".to_owned() } else { format!("{} entries", thousands(entries)) };
    view! {
        <li class="raw-person" id=format!("a-{id}")>
            <div>
                <p><strong>{author.name}</strong>" "{author.machine.then(|| view! { <Chip>"machine"</Chip> })}</p>
                <p class="meta"><span>{author.source.label()}</span><span>{wrote}</span></p>
            </div>
            <form method="post" action=format!("{base}/raw/authors/{id}")>
                <div class="field">
                    <label for=person_id.clone()>"Who it is here"</label>
                    <FieldError id=person_error.clone() error=no_person.clone()/>
                    <input id=person_id name="person" value=typed.person list="people" autocomplete="off"
                        aria-invalid=no_person.is_some().then_some("true") aria-describedby=no_person.is_some().then_some(person_error)/>
                </div>
                <div class="field">
                    <label for=role_id.clone()>"Or what they were"</label>
                    <FieldError id=role_error.clone() error=no_role.clone()/>
                    <input id=role_id name="role" value=typed.role placeholder="Database on call" autocomplete="off"
                        aria-invalid=no_role.is_some().then_some("true") aria-describedby=no_role.is_some().then_some(role_error)/>
                </div>
                <button class="btn btn-small">"Save"</button>
            </form>
        </li>
    }
}
