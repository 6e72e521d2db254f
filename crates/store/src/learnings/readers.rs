//! "New to me too": one word of a reader to a learning, taken back as easily. Who said it is kept for that and for their own data, and
//! shown to nobody; when they said it is not kept.

use super::apart::seen;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::{LearningId, PersonId};
use uuid::Uuid;

/// A learning that was new to somebody, in their own data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTo {
    /// Which.
    pub learning: LearningId,
    /// Of which incident; `None` where it is not there for this person (any more).
    pub key: Option<IncidentKey>,
}

// The viewer's own word is never in what they are shown of others: trying it out tells nothing.
const COUNT: &str = "
select coalesce(sum(case when person_id = $2 then 1 else 0 end), 0) as mine,
  coalesce(sum(case when person_id = $2 then 0 else 1 end), 0) as others
from learning_readers where learning_id = $1";
const SAY: &str = "insert into learning_readers (learning_id, person_id) values ($1, $2) on conflict do nothing";
const TAKE_BACK: &str = "delete from learning_readers where learning_id = $1 and person_id = $2";
const OF_PERSON: &str = "
select l.id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number
from learning_readers r join learnings l on l.id = r.learning_id join incidents i on i.id = l.incident_id
where r.person_id = $1 order by i.number, l.position, l.id";
const FORGET: &str = "delete from learning_readers where person_id = $1";

/// Whether it was new to this person, and to how many others.
pub(super) async fn count(conn: &mut Conn, learning: LearningId, me: PersonId) -> Result<(bool, i64)> {
    let (mine, others): (i64, i64) = on!(conn, db => sqlx::query_as(COUNT).bind(learning.0).bind(me.0).fetch_one(db).await)?;
    Ok((mine > 0, others))
}

/// Says that a learning was new to the viewer, too, or takes it back. Twice is once.
///
/// # Errors
/// [`StoreError::NotFound`] when it does not stand in a published story that they see.
pub async fn say_new(store: &Store, viewer: &Viewer, learning: LearningId, new: bool, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    // Not beside an erasure of what this person said.
    audit::take_turn(&mut conn).await?;
    seen(&mut conn, viewer, learning, now).await?.filter(|(row, _)| row.published_at.is_some()).ok_or(StoreError::NotFound)?;
    run!(conn, sqlx::query(if new { SAY } else { TAKE_BACK }).bind(learning.0).bind(viewer.person_id.0))?;
    conn.commit().await
}

/// What was new to a person.
pub(crate) async fn new_to(conn: &mut Conn, person: PersonId) -> Result<Vec<NewTo>> {
    let rows: Vec<(Uuid, Option<i64>)> = on!(conn, db => sqlx::query_as(OF_PERSON).bind(person.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, number)| NewTo { learning: LearningId(id), key: number.map(IncidentKey) }).collect())
}

/// Forgets what a person said was new to them.
pub(crate) async fn forget_new(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    Ok(())
}
