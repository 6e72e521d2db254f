//! Letters that tell of published stories to who wished for them: a digest, and what is a year old.

use crate::mail::{self, Envelope};
use crate::people::{Told, Wisher, told};
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use domain::IncidentId;
use domain::letters::Letter;

/// Queues a digest of these stories, each with its words, and says that everything before `until` is told. No stories: no letter, and told
/// all the same.
///
/// # Errors
/// What the database said.
pub async fn tell_digest(
    store: &Store,
    wisher: &Wisher,
    stories: &[(IncidentId, String)],
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    tell(store, wisher, (Letter::Digest, Told::Digest, wisher.digest_from), stories, until, now).await
}

/// Queues a letter about stories of a year ago, as [`tell_digest`] does.
///
/// # Errors
/// What the database said.
pub async fn tell_anniversary(
    store: &Store,
    wisher: &Wisher,
    stories: &[(IncidentId, String)],
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    tell(store, wisher, (Letter::Anniversary, Told::Anniversaries, wisher.anniversaries_from), stories, until, now).await
}

async fn tell(
    store: &Store,
    wisher: &Wisher,
    (letter, what, from): (Letter, Told, NaiveDate),
    stories: &[(IncidentId, String)],
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    let (person, name) = (wisher.viewer.person_id, wisher.viewer.name.as_str());
    let mut conn = store.write().await?;
    if !told(&mut conn, person, what, from, until).await? {
        return Ok(());
    }
    if let Some(post) = conn.post.clone().filter(|_| !stories.is_empty()) {
        let link = format!("{post}/profile/letters");
        let words = mail::filled(&mut conn, letter, &[("name", name), ("link", &link)]).await?;
        let envelope = Envelope { letter, person, name, address: &wisher.address, incident: None, invitation: None };
        mail::queue_stories(&mut conn, &envelope, &words, stories, now).await?;
    }
    conn.commit().await
}
