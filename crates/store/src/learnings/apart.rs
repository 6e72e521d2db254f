//! One learning with all that belongs to it, for whoever sees its incident.

use super::met::{self, Met};
use super::{LearningRow, keeps, knowers, links, readers};
use crate::db::{Conn, on};
use crate::{Result, Store, StoreError, settings, standing};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::standing::shown_count;
use domain::learnings::{Learning, Link};
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use domain::{IncidentId, Invalid, LearningId};
use uuid::Uuid;

/// A learning with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// Itself.
    pub learning: Learning,
    /// Names of the teams that should know.
    pub teams: Vec<String>,
    /// The incident that it comes from.
    pub incident: IncidentId,
    /// Its key.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When its second story was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Runbooks and exercises.
    pub links: Vec<Link>,
    /// Later incidents that met it again, as far as this viewer may know of them.
    pub met: Vec<Met>,
    /// What took its place, if this viewer may read it: its id and its words.
    pub successor: Option<(LearningId, String)>,
    /// It was new to this viewer.
    pub new_to_me: bool,
    /// To how many others at least, in steps of the smallest group; `None`: to fewer, or to nobody.
    pub new_to_others: Option<i64>,
    /// This viewer keeps the learnings of its incident.
    pub keeps: bool,
}

const ONE: &str = "
select l.id, l.kind, l.body, l.body_before, l.worded_as_plan, l.evidence, l.status, l.status_reason, l.status_at, l.replaced_by,
  l.position, l.version, l.incident_id, i.number, i.title, i.published_at
from learnings l join incidents i on i.id = l.incident_id where l.id = $1";

#[derive(sqlx::FromRow)]
pub(super) struct ApartRow {
    #[sqlx(flatten)]
    pub(super) learning: LearningRow,
    pub(super) incident_id: Uuid,
    pub(super) number: i64,
    pub(super) title: String,
    pub(super) published_at: Option<DateTime<Utc>>,
}

/// A learning whose incident this viewer sees, with their standing to it.
pub(super) async fn seen(
    conn: &mut Conn,
    viewer: &Viewer,
    id: LearningId,
    now: DateTime<Utc>,
) -> Result<Option<(ApartRow, Standing)>> {
    let row: Option<ApartRow> = on!(conn, db => sqlx::query_as(ONE).bind(id.0).fetch_optional(db).await)?;
    let Some(row) = row else { return Ok(None) };
    match standing::standing(conn, viewer, IncidentId(row.incident_id), now).await {
        Ok(standing) if may(Right::SeeIncidents, &standing) => Ok(Some((row, standing))),
        Ok(_) | Err(StoreError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether this learning may be named as the one that took the place of `of`: another one, that the viewer sees.
pub(super) async fn successor(
    conn: &mut Conn,
    viewer: &Viewer,
    of: Option<LearningId>,
    successor: Option<LearningId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(id) = successor else { return Ok(()) };
    if of == Some(id) {
        return Err(Invalid::one("replaced_by", "This is the learning itself.").into());
    }
    match seen(conn, viewer, id, now).await? {
        Some(_) => Ok(()),
        None => Err(Invalid::one("replaced_by", "You see no such learning.").into()),
    }
}

/// One learning.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or its incident is not for this viewer.
pub async fn apart(store: &Store, viewer: &Viewer, id: LearningId, now: DateTime<Utc>) -> Result<Apart> {
    let mut conn = store.read().await?;
    let (row, standing) = seen(&mut conn, viewer, id, now).await?.ok_or(StoreError::NotFound)?;
    let incident = IncidentId(row.incident_id);
    let (ids, teams) = knowers::of(&mut conn, id).await?.into_iter().unzip();
    let learning = row.learning.into_learning(ids)?;
    let successor = match learning.details.replaced_by {
        // What is not published is found in its own incident alone.
        Some(other) => seen(&mut conn, viewer, other, now)
            .await?
            .filter(|(row, _)| row.published_at.is_some() || row.incident_id == incident.0),
        None => None,
    };
    let (new_to_me, others) = readers::count(&mut conn, id, viewer.person_id).await?;
    let smallest = i64::try_from(settings::smallest_group(&mut conn).await?).unwrap_or(i64::MAX);
    Ok(Apart {
        teams,
        incident,
        key: IncidentKey(row.number),
        title: row.title,
        published_at: row.published_at,
        links: links::of(&mut conn, id).await?,
        met: met::by(&mut conn, viewer, id, now).await?,
        successor: successor.map(|(row, _)| (LearningId(row.learning.id), row.learning.body)),
        new_to_me,
        new_to_others: shown_count(others, smallest),
        keeps: keeps(&mut conn, &standing, incident).await?,
        learning,
    })
}
