//! Letters that people wish for: what was published, a week on one sheet, what is a year old, what they take care of. They are written on their reader's working
//! days between nine and six, so that what stands in them is as fresh as a page.

use app::reviews::first_lines;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::IncidentId;
use domain::wishes::year_before;
use store::people::Wisher;
use store::reviews::Published;
use store::{Store, StoreError};

/// Queues what is due for everybody to whom it may be written now.
///
/// # Errors
/// What the database said. What was queued before stays, and nothing is told twice.
pub async fn round(store: &Store, now: DateTime<Utc>) -> store::Result<()> {
    for wisher in store::people::wishers(store, now).await? {
        digest(store, &wisher, now).await?;
        sheet(store, &wisher, now).await?;
        anniversaries(store, &wisher, now).await?;
        store::planning::remind(store, &wisher, now).await?;
    }
    Ok(())
}

async fn digest(store: &Store, wisher: &Wisher, now: DateTime<Utc>) -> store::Result<()> {
    let Some(until) = wisher.wishes.digest.turn(wisher.digest_from, wisher.today) else { return Ok(()) };
    let stories = between(store, wisher, wisher.digest_from, until).await?;
    store::reviews::tell_digest(store, wisher, &stories, until, now).await
}

async fn sheet(store: &Store, wisher: &Wisher, now: DateTime<Utc>) -> store::Result<()> {
    let rhythm = wisher.wishes.sheet;
    let Some(until) = rhythm.turn(wisher.sheet_from, wisher.today) else { return Ok(()) };
    let words = match app::trends::in_numbers(store, &wisher.viewer, rhythm, until).await {
        Ok(words) => Some(words),
        Err(StoreError::NotFound) => None,
        Err(other) => return Err(other),
    };
    store::trends::tell_sheet(store, wisher, words.as_ref(), until, now).await
}

async fn anniversaries(store: &Store, wisher: &Wisher, now: DateTime<Utc>) -> store::Result<()> {
    let Some(until) = wisher.today.checked_add_days(Days::new(1)) else { return Ok(()) };
    if !wisher.wishes.anniversaries || wisher.anniversaries_from >= until {
        return Ok(());
    }
    let stories = between(store, wisher, year_before(wisher.anniversaries_from), year_before(until)).await?;
    store::reviews::tell_anniversary(store, wisher, &stories, until, now).await
}

/// What was published on these days (UTC), the last left out, as a letter tells it. Whoever may read no stories is told of none.
async fn between(store: &Store, wisher: &Wisher, from: NaiveDate, until: NaiveDate) -> store::Result<Vec<(IncidentId, String)>> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let Some(base) = store.post() else { return Ok(Vec::new()) };
    match store::reviews::published_between(store, &wisher.viewer, midnight(from), midnight(until)).await {
        Ok(published) => Ok(told(&published, base)),
        Err(StoreError::NotFound) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

fn told(published: &Published, base: &str) -> Vec<(IncidentId, String)> {
    let words = |story: &store::reviews::PublishedStory| {
        let lines = [
            format!("{} {}", story.key, story.title),
            first_lines(story, &published.names),
            format!("{base}/incidents/{}/review", story.key),
        ];
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    published.stories.iter().map(|story| (story.id, words(story))).collect()
}
