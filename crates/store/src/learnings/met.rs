//! Learnings that a later incident met again. Who does not see an incident reads nothing of it on either side, in no count; what is not
//! published yet is read by who keeps it.

use super::apart::seen;
use super::{keeps, require_keeper};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, LearningId, MetId, text};
use uuid::Uuid;

/// Longest note, in characters.
const NOTE_MAX: usize = 500;

/// That an incident met a learning of an earlier one again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Its id.
    pub id: MetId,
    /// The learning.
    pub learning: LearningId,
    /// What is known, Markdown.
    pub body: String,
    /// The incident on the other side: of a learning the one that met it, of an incident the one that the learning comes from.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// How it was met; may be empty.
    pub note: String,
}

// A merge may bring a learning into the incident that met it: then there is nothing to say.
const BY: &str = "
select m.id, l.id as learning_id, l.body, i.id as incident_id, i.number, i.title, m.note, i.published_at
from learnings_met m join learnings l on l.id = m.learning_id join incidents i on i.id = m.incident_id
where m.learning_id = $1 and i.id <> l.incident_id and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))
order by i.started_at, m.created_at, m.id";
const AT: &str = "
select m.id, l.id as learning_id, l.body, i.id as incident_id, i.number, i.title, m.note, i.published_at
from learnings_met m join learnings l on l.id = m.learning_id join incidents i on i.id = l.incident_id
where m.incident_id = $1 and i.id <> m.incident_id and i.trashed_at is null and i.published_at is not null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))
order by m.created_at, m.id";
const THERE: &str = "select count(*) from learnings_met where learning_id = $1 and incident_id = $2";
const ADD: &str = "insert into learnings_met (id, learning_id, incident_id, note, created_at) values ($1, $2, $3, $4, $5)";
const REMOVE: &str = "delete from learnings_met where id = $1 and incident_id = $2";

#[derive(sqlx::FromRow)]
struct MetRow {
    id: Uuid,
    learning_id: Uuid,
    body: String,
    incident_id: Uuid,
    number: i64,
    title: String,
    note: String,
    published_at: Option<DateTime<Utc>>,
}

impl MetRow {
    fn into_met(self) -> Met {
        Met {
            id: MetId(self.id),
            learning: LearningId(self.learning_id),
            body: self.body,
            key: IncidentKey(self.number),
            title: self.title,
            note: self.note,
        }
    }
}

/// Later incidents that met this learning.
pub(super) async fn by(conn: &mut Conn, viewer: &Viewer, learning: LearningId, now: DateTime<Utc>) -> Result<Vec<Met>> {
    let rows: Vec<MetRow> = on!(conn, db => sqlx::query_as(BY).bind(learning.0).bind(viewer.person_id.0).fetch_all(db).await)?;
    let mut met = Vec::new();
    for row in rows {
        if row.published_at.is_none() {
            let standing = standing::standing(conn, viewer, IncidentId(row.incident_id), now).await?;
            if !keeps(conn, &standing, IncidentId(row.incident_id)).await? {
                continue;
            }
        }
        met.push(row.into_met());
    }
    Ok(met)
}

/// Learnings of earlier incidents that this one met again, as far as the viewer may know of them.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn met_at(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Met>> {
    let mut conn = store.read().await?;
    let standing = standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    if !standing.published && !keeps(&mut conn, &standing, incident).await? {
        return Ok(Vec::new());
    }
    let rows: Vec<MetRow> = on!(conn, db => sqlx::query_as(AT).bind(incident.0).bind(viewer.person_id.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(MetRow::into_met).collect())
}

/// Says that this incident met a learning of another one.
///
/// # Errors
/// Field `learning` when the viewer sees no published one, it is of this incident, or it was said before; field `note` when it is too long;
/// [`StoreError::NotFound`] without the right.
pub async fn meet(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    learning: LearningId,
    note: &str,
    now: DateTime<Utc>,
) -> Result<MetId> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    // Takes the writers' turn on PostgreSQL: it is said once.
    audit::note(&mut conn, now, Some(viewer.person_id), "learning.meet", &learning.to_string(), Some(incident)).await?;
    let note = text::optional_line("note", note, NOTE_MAX)?;
    let refused = |why: &str| Err(Invalid::one("learning", why).into());
    let Some((row, _)) = seen(&mut conn, viewer, learning, now).await?.filter(|(row, _)| row.published_at.is_some()) else {
        return refused("You see no such learning in a published story.");
    };
    if row.incident_id == incident.0 {
        return refused("This learning comes from this very incident.");
    }
    let there: i64 = on!(conn, db => sqlx::query_scalar(THERE).bind(learning.0).bind(incident.0).fetch_one(db).await)?;
    if there > 0 {
        return refused("It stands here already.");
    }
    let id = random::id();
    run!(conn, sqlx::query(ADD).bind(id).bind(learning.0).bind(incident.0).bind(&note).bind(now))?;
    incidents::touch(&mut conn, incident, now).await?;
    conn.commit().await?;
    Ok(MetId(id))
}

/// Takes that back.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or without the right.
pub async fn unmeet(store: &Store, viewer: &Viewer, incident: IncidentId, id: MetId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "learning.unmeet", &id.to_string(), Some(incident)).await?;
    if run!(conn, sqlx::query(REMOVE).bind(id.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    incidents::touch(&mut conn, incident, now).await?;
    conn.commit().await
}
