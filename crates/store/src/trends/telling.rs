//! A letter with a week or a month in numbers, to who wished for it.

use crate::mail::{self, Envelope};
use crate::people::{Told, Wisher, told};
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use domain::letters::Letter;

/// What the letter says: no title and no name, since mail lies in places that nothing protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetWords {
    /// Which week or month.
    pub period: String,
    /// Its numbers, in sentences.
    pub what: String,
    /// The sheet, from the site's root on.
    pub path: String,
}

/// Queues the letter about everything before `until`, and says that it is told. Without words (there is nothing of it for the wisher) none goes,
/// and it is told all the same.
///
/// # Errors
/// What the database said.
pub async fn tell_sheet(
    store: &Store,
    wisher: &Wisher,
    words: Option<&SheetWords>,
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    let (person, name) = (wisher.viewer.person_id, wisher.viewer.name.as_str());
    let mut conn = store.write().await?;
    if !told(&mut conn, person, Told::Sheet, wisher.sheet_from, until).await? {
        return Ok(());
    }
    if let (Some(post), Some(SheetWords { period, what, path })) = (conn.post.clone(), words) {
        let link = format!("{post}{path}");
        let values = [("name", name), ("period", period.as_str()), ("what", what.as_str()), ("link", link.as_str())];
        let words = mail::filled(&mut conn, Letter::Sheet, &values).await?;
        let envelope =
            Envelope { letter: Letter::Sheet, person, name, address: &wisher.address, incident: None, invitation: None };
        mail::queue(&mut conn, &envelope, &words, now).await?;
    }
    conn.commit().await
}
