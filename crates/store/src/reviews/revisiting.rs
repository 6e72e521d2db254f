//! A published story looked at again: whom it asks, what was found, and what readers see of it.

use crate::db::{Conn, on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::revisit::{ASK_AGAIN_AFTER, Answer, Outcome, REVISIT_AFTER, asks_at};
use domain::rights::Right;

/// What somebody found who looked at a story again. Who it was says nothing to a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAgain {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it is still true.
    pub outcome: Outcome,
    /// What has changed; may be empty.
    pub words: String,
}

/// A published story that asks whether it is still true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToRevisit {
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// All that is known of looking again.
pub(super) struct Revisits {
    pub(super) found: Vec<LookedAgain>,
    /// When the newest answer asks to be asked again, where there is one.
    newest: Option<Option<DateTime<Utc>>>,
}

impl Revisits {
    pub(super) fn asks_at(&self, published: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        asks_at(published?, self.newest)
    }
}

const OF: &str = "
select outcome, words, answered_at, ask_again_at from revisits where incident_id = $1 order by answered_at desc, id desc";
const ADD: &str = "
insert into revisits (id, incident_id, answered_by, answered_at, outcome, words, ask_again_at) values ($1, $2, $3, $4, $5, $6, $7)";
const WAITING: &str = "
select i.number, i.title, i.published_at from incident_roles o join incidents i on i.id = o.incident_id
where o.person_id = $1 and o.role = 'facilitator' and i.trashed_at is null and i.published_at is not null and i.published_at <= $2
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
  and not exists (
    select 1 from revisits v where v.incident_id = i.id and (v.ask_again_at is null or v.ask_again_at > $3)
      and not exists (select 1 from revisits w where w.incident_id = v.incident_id and (w.answered_at, w.id) > (v.answered_at, v.id)))
order by i.published_at, i.number limit 3";

pub(super) async fn of(conn: &mut Conn, incident: IncidentId) -> Result<Revisits> {
    type Row = (String, String, DateTime<Utc>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(OF).bind(incident.0).fetch_all(db).await)?;
    let newest = rows.first().map(|(.., again)| *again);
    let mut found = Vec::new();
    for (slug, words, at, _) in rows {
        let outcome = Outcome::from_slug(&slug).ok_or(StoreError::Corrupt { table: "revisits", column: "outcome" })?;
        if outcome != Outcome::Later {
            found.push(LookedAgain { at, outcome, words });
        }
    }
    Ok(Revisits { found, newest })
}

/// Keeps an answer to "is it still true?".
///
/// # Errors
/// Field `words`; [`StoreError::Refused`] before publication; [`StoreError::NotFound`] for all but the facilitators.
pub async fn revisit(store: &Store, viewer: &Viewer, incident: IncidentId, answer: Answer, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let standing = require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    if !standing.published {
        return Err(StoreError::Refused("This is asked of a story that is published."));
    }
    let Answer { outcome, words } = answer.checked()?;
    let again = (outcome == Outcome::Later).then(|| now + ASK_AGAIN_AFTER);
    audit::note(&mut conn, now, Some(viewer.person_id), "review.revisit", outcome.slug(), Some(incident)).await?;
    run!(
        conn,
        sqlx::query(ADD)
            .bind(random::id())
            .bind(incident.0)
            .bind(viewer.person_id.0)
            .bind(now)
            .bind(outcome.slug())
            .bind(words)
            .bind(again)
    )?;
    conn.commit().await
}

/// The published stories that ask the viewer, who facilitated them, whether they are still true; the oldest few: for the home page. None
/// without an account, and none for leadership.
///
/// # Errors
/// What the database said.
pub async fn revisits_waiting(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<ToRevisit>> {
    if check_global(Right::OwnPages, viewer).is_err() || viewer.leadership {
        return Ok(Vec::new());
    }
    let mut conn = store.read().await?;
    let rows: Vec<(i64, String, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(WAITING)
        .bind(viewer.person_id.0).bind(now - REVISIT_AFTER).bind(now).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|(number, title, published_at)| ToRevisit { key: IncidentKey(number), title, published_at })
        .collect())
}
