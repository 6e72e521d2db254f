//! What changed in the organisation, beside the figures that it may explain.

use crate::db::{on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, NaiveDate, Utc};
use domain::AnnotationId;
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::Annotation;

/// Most that are read at once: the latest.
const MOST: i64 = 200;

const BETWEEN: &str = "
select id, day, words from annotations where day >= $1 and day < $2 order by day desc, created_at desc, id limit $3";
const ADD: &str = "insert into annotations (id, day, words, created_at) values ($1, $2, $3, $4)";
const REMOVE: &str = "delete from annotations where id = $1";

/// What changed from one day until before another, the latest first.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not see trends.
pub async fn annotations(
    store: &Store,
    viewer: &Viewer,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<(AnnotationId, Annotation)>> {
    check_global(Right::SeeTrends, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<(uuid::Uuid, NaiveDate, String)> =
        on!(conn, db => sqlx::query_as(BETWEEN).bind(from).bind(until).bind(MOST).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, day, words)| (AnnotationId(id), Annotation { day, words })).collect())
}

/// Writes one down.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not.
pub async fn annotate(store: &Store, viewer: &Viewer, new: &Annotation, now: DateTime<Utc>) -> Result<AnnotationId> {
    check_global(Right::AnnotateTrends, viewer)?;
    let id = random::id();
    let mut conn = store.write().await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "trends.annotate", &id.to_string(), None).await?;
    run!(conn, sqlx::query(ADD).bind(id).bind(new.day).bind(&new.words).bind(now))?;
    conn.commit().await?;
    Ok(AnnotationId(id))
}

/// Takes one away.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, and for who may not.
pub async fn remove_annotation(store: &Store, viewer: &Viewer, id: AnnotationId, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::AnnotateTrends, viewer)?;
    let mut conn = store.write().await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "trends.unannotate", &id.to_string(), None).await?;
    if run!(conn, sqlx::query(REMOVE).bind(id.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}
