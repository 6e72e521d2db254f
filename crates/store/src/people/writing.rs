//! What the writing assistant knows of an organisation: names of people with an account and of services, and what was chosen for it.

use crate::db::on;
use crate::settings::{WritingChoice, chosen_writing};
use crate::standing::check_global;
use crate::{Result, Store};
use domain::people::Viewer;
use domain::rights::Right;

/// Names by which the assistant tells a person from a system, and its choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WritingWords {
    /// Of people. Who came by a personal link is not among them: that they are known here is theirs.
    pub people: Vec<String>,
    /// Of services.
    pub services: Vec<String>,
    /// What administrators chose.
    pub choice: WritingChoice,
}

const PEOPLE: &str = "
select name from people where deactivated_at is null and email is not null and email_folded <> 'import@service.invalid'
order by name_folded, id";
const SERVICES: &str = "select name from services order by name_folded, id";

/// The names and choices, as they are now.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer sees no incidents.
pub async fn writing_words(store: &Store, viewer: &Viewer) -> Result<WritingWords> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let people = on!(conn, db => sqlx::query_scalar(PEOPLE).fetch_all(db).await)?;
    let services = on!(conn, db => sqlx::query_scalar(SERVICES).fetch_all(db).await)?;
    let choice = chosen_writing(&mut conn).await?;
    Ok(WritingWords { people, services, choice })
}
