//! Runbooks and exercises of a learning.

use super::require_keeper;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, incidents, random};
use chrono::{DateTime, NaiveDate, Utc};
use domain::learnings::{Link, LinkKind, NewLink};
use domain::people::Viewer;
use domain::{IncidentId, Invalid, LearningId, LinkId};
use uuid::Uuid;

/// Most runbooks and exercises of one learning.
pub const LINKS_MAX: i64 = 20;

const OF: &str = "
select id, kind, title, address, held_on from learning_links where learning_id = $1 order by created_at, id";
const THERE: &str = "
select (select count(*) from learning_links k where k.learning_id = l.id) from learnings l where l.id = $1 and l.incident_id = $2";
const ADD: &str = "
insert into learning_links (id, learning_id, kind, title, address, held_on, created_at) values ($1, $2, $3, $4, $5, $6, $7)";
const HAS: &str = "
select k.learning_id from learning_links k join learnings l on l.id = k.learning_id where k.id = $1 and l.incident_id = $2";
const REMOVE: &str = "delete from learning_links where id = $1 and learning_id = $2";

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: Uuid,
    kind: String,
    title: String,
    address: String,
    held_on: Option<NaiveDate>,
}

pub(super) async fn of(conn: &mut Conn, learning: LearningId) -> Result<Vec<Link>> {
    let rows: Vec<LinkRow> = on!(conn, db => sqlx::query_as(OF).bind(learning.0).fetch_all(db).await)?;
    let link = |row: LinkRow| {
        let kind = LinkKind::from_slug(&row.kind).ok_or(StoreError::Corrupt { table: "learning_links", column: "kind" })?;
        Ok(Link { id: LinkId(row.id), said: NewLink { kind, title: row.title, address: row.address, day: row.held_on } })
    };
    rows.into_iter().map(link).collect()
}

/// Adds a runbook or an exercise.
///
/// # Errors
/// Field `link_title` when there are [`LINKS_MAX`] already; [`StoreError::NotFound`] without the right, or for a learning of another incident.
pub async fn add_link(
    store: &Store,
    viewer: &Viewer,
    (incident, learning): (IncidentId, LearningId),
    new: &NewLink,
    now: DateTime<Utc>,
) -> Result<LinkId> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "learning.link", &learning.to_string(), Some(incident)).await?;
    let there: Option<i64> =
        on!(conn, db => sqlx::query_scalar(THERE).bind(learning.0).bind(incident.0).fetch_optional(db).await)?;
    if there.ok_or(StoreError::NotFound)? >= LINKS_MAX {
        return Err(Invalid::one("link_title", format!("There are {LINKS_MAX} already. Please take one away first.")).into());
    }
    let id = random::id();
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(learning.0)
            .bind(new.kind.slug())
            .bind(&new.title)
            .bind(&new.address)
            .bind(new.day)
            .bind(now)
    )?;
    incidents::touch(&mut conn, incident, now).await?;
    conn.commit().await?;
    Ok(LinkId(id))
}

/// Takes a runbook or an exercise away; answers of which learning.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or without the right.
pub async fn remove_link(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    link: LinkId,
    now: DateTime<Utc>,
) -> Result<LearningId> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let learning: Option<Uuid> = on!(conn, db => sqlx::query_scalar(HAS).bind(link.0).bind(incident.0).fetch_optional(db).await)?;
    let learning = learning.map(LearningId).ok_or(StoreError::NotFound)?;
    audit::note(&mut conn, now, Some(viewer.person_id), "learning.unlink", &learning.to_string(), Some(incident)).await?;
    if run!(conn, sqlx::query(REMOVE).bind(link.0).bind(learning.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    incidents::touch(&mut conn, incident, now).await?;
    conn.commit().await?;
    Ok(learning)
}
