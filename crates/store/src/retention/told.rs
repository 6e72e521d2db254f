//! What authors are told: on which day answers of theirs go, seven days ahead; and since when the present periods are known.

use crate::db::{Conn, on};
use crate::{Result, Store, interviews, settings};
use chrono::{DateTime, NaiveDate, Utc};
use domain::InvitationId;
use domain::people::Viewer;
use domain::retention::{Periods, goes_on, is_told};
use serde::{Deserialize, Serialize};

/// Answers of the viewer that go on a day to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Going {
    /// The day.
    pub day: NaiveDate,
    /// How many.
    pub answers: usize,
}

/// Under this key stands what periods were noticed, and when.
const NOTICED: &str = "retention_noticed";
const ALL: &str = "select key, value from settings where key like 'retention_%'";

/// The periods as they were when the job last ran, and the day from which on nothing is shorter than it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Noticed {
    periods: Periods,
    since: NaiveDate,
}

async fn stored(conn: &mut Conn) -> Result<(Periods, Option<Noticed>)> {
    let rows: Vec<(String, String)> = on!(conn, db => sqlx::query_as(ALL).fetch_all(db).await)?;
    let value = |key: &str| rows.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
    let noticed = value(NOTICED).and_then(|json| serde_json::from_str(&json).ok());
    Ok((Periods::read(value), noticed))
}

/// The periods, and the day since which their authors could know of them. A period that became shorter, or a service that runs this for
/// the first time, begins to count anew: nobody's words go without a week's notice.
pub(crate) async fn told(conn: &mut Conn, now: DateTime<Utc>) -> Result<(Periods, NaiveDate)> {
    let (periods, noticed) = stored(conn).await?;
    let since = match noticed {
        Some(noticed) if !periods.shorter_than(&noticed.periods) => noticed.since,
        _ => now.date_naive(),
    };
    Ok((periods, since))
}

/// Remembers the periods as they are now. Called by the daily run.
pub(super) async fn notice(conn: &mut Conn, periods: &Periods, since: NaiveDate) -> Result<()> {
    let noticed = Noticed { periods: periods.clone(), since };
    let json = serde_json::to_string(&noticed)
        .map_err(|_| crate::StoreError::Corrupt { table: "settings", column: "retention_noticed" })?;
    settings::put(conn, NOTICED, &json).await
}

/// The viewer's answers that go within seven days, by day; for somebody who came by a personal link, those of that conversation.
///
/// # Errors
/// What the database said.
pub async fn going_soon(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<Going>> {
    let mut conn = store.read().await?;
    let (periods, since) = told(&mut conn, now).await?;
    let only: Option<InvitationId> = viewer.guest_of;
    let mut going: Vec<Going> = Vec::new();
    for resting in interviews::resting_of(&mut conn, viewer.person_id).await? {
        if only.is_some_and(|invitation| invitation != resting.answer.invitation) {
            continue;
        }
        let Some((_, day)) = goes_on(&resting.rule, &periods, since) else { continue };
        if !is_told(day, now.date_naive()) {
            continue;
        }
        match going.iter_mut().find(|g| g.day == day) {
            Some(same) => same.answers += 1,
            None => going.push(Going { day, answers: 1 }),
        }
    }
    going.sort_by_key(|g| g.day);
    Ok(going)
}
