//! Contributing factors and learnings of an incident. Everyone with an account reads them; the facilitator keeps them, and for an
//! imported incident, which has no facilitator, whoever imported it.

mod factors;
mod latest;
mod put_back;

use crate::db::{Conn, on, run};
use crate::history::Edit;
use crate::{Result, Store, StoreError, audit, history, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind, of_learning};
use domain::learnings::{Factor, Learning, LearningKind};
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use domain::{FactorId, IncidentId, LearningId, text};

pub use factors::{NewFactor, add_factor, change_factor, factors, remove_factor};
pub(crate) use factors::{factors_of, insert_factor, tags_of};
pub use latest::{Latest, Of, latest};
pub(crate) use put_back::{put_back_factor, put_back_learning, said_factor, said_learning};

/// What a form says about a learning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLearning {
    /// System, people or process.
    pub kind: LearningKind,
    /// What is known now, Markdown.
    pub body: String,
    /// What was thought before; may be empty.
    pub before: String,
    /// Worded as a plan in the document that it came from.
    pub worded_as_plan: bool,
}

const LEARNINGS: &str = "
select id, kind, body, body_before, worded_as_plan, position, version from learnings where incident_id = $1 order by position, id";
const LEARNING: &str = "
select id, kind, body, body_before, worded_as_plan, position, version from learnings where id = $1 and incident_id = $2";
const NEXT_LEARNING: &str = "select coalesce(max(position), 0) + 1 from learnings where incident_id = $1";
const ADD_LEARNING: &str = "
insert into learnings (id, incident_id, kind, body, body_before, worded_as_plan, position, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const CHANGE_LEARNING: &str = "
update learnings set kind = $4, body = $5, body_before = $6, version = version + 1 where id = $1 and incident_id = $2 and version = $3";
const LEARNING_THERE: &str = "select count(*) from learnings where id = $1 and incident_id = $2";
const REMOVE_LEARNING: &str = "
delete from learnings where id = $1 and incident_id = $2 returning id, kind, body, body_before, worded_as_plan, position, version";
const ORIGIN: &str = "select origin from incidents where id = $1";

#[derive(sqlx::FromRow)]
struct LearningRow {
    id: uuid::Uuid,
    kind: String,
    body: String,
    body_before: String,
    worded_as_plan: bool,
    position: i64,
    version: i64,
}

impl LearningRow {
    fn into_learning(self) -> Result<Learning> {
        let kind = LearningKind::from_slug(&self.kind);
        Ok(Learning {
            id: LearningId(self.id),
            kind: kind.ok_or(StoreError::Corrupt { table: "learnings", column: "kind" })?,
            body: self.body,
            before: self.body_before,
            worded_as_plan: self.worded_as_plan,
            position: self.position,
            version: self.version,
        })
    }
}

fn learning_fields(learning: &Learning) -> Fields {
    of_learning(learning.kind, &learning.body, &learning.before, learning.worded_as_plan)
}

async fn find_learning(conn: &mut Conn, incident: IncidentId, id: LearningId) -> Result<Option<Learning>> {
    let row: Option<LearningRow> =
        on!(conn, db => sqlx::query_as(LEARNING).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.map(LearningRow::into_learning).transpose()
}

/// The learnings of an incident, in their order.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn learnings(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Learning>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    learnings_of(&mut conn, incident).await
}

/// As [`learnings`], for who has asked whether they may be read.
pub(crate) async fn learnings_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Learning>> {
    let rows: Vec<LearningRow> = on!(conn, db => sqlx::query_as(LEARNINGS).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter().map(LearningRow::into_learning).collect()
}

/// Whether the viewer keeps the factors and learnings of this incident.
///
/// # Errors
/// [`StoreError::NotFound`] when the incident is not there.
pub async fn may_keep(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<bool> {
    may_keep_in(&mut store.read().await?, viewer, incident, now).await
}

/// As [`may_keep`], inside an act.
pub(crate) async fn may_keep_in(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<bool> {
    let standing = standing::standing(conn, viewer, incident, now).await?;
    keeps(conn, &standing, incident).await
}

async fn keeps(conn: &mut Conn, standing: &Standing, incident: IncidentId) -> Result<bool> {
    if may(Right::EditReview, standing) {
        return Ok(true);
    }
    let origin: String = on!(conn, db => sqlx::query_scalar(ORIGIN).bind(incident.0).fetch_one(db).await)?;
    Ok(origin == "import" && standing.importer && may(Right::EditIncidents, standing))
}

async fn require_keeper(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let standing = standing::standing(conn, viewer, incident, now).await?;
    if keeps(conn, &standing, incident).await? { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Adds a learning at the end.
///
/// # Errors
/// Field `body` when nothing is written; [`StoreError::NotFound`] without the right.
pub async fn add_learning(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    new: &NewLearning,
    now: DateTime<Utc>,
) -> Result<LearningId> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let new = NewLearning { body: text::required("body", &new.body)?, before: text::long("before", &new.before)?, ..new.clone() };
    let position: i64 = on!(conn, db => sqlx::query_scalar(NEXT_LEARNING).bind(incident.0).fetch_one(db).await)?;
    let id = insert_learning(&mut conn, incident, &new, position, now).await?;
    let after = find_learning(&mut conn, incident, id).await?;
    noted(&mut conn, viewer, incident, Told::learning(id, Change::Added, None, after), now).await?;
    conn.commit().await?;
    Ok(id)
}

/// Writes a learning without asking for a right: importers write many at once.
pub(crate) async fn insert_learning(
    conn: &mut Conn,
    incident: IncidentId,
    new: &NewLearning,
    position: i64,
    now: DateTime<Utc>,
) -> Result<LearningId> {
    let id = LearningId(random::id());
    add_learning_as(conn, (incident, id), new, position, 1, now).await?;
    Ok(id)
}

async fn add_learning_as(
    conn: &mut Conn,
    (incident, id): (IncidentId, LearningId),
    new: &NewLearning,
    position: i64,
    version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    run!(
        conn,
        sqlx::query(ADD_LEARNING)
            .bind(id.0)
            .bind(incident.0)
            .bind(new.kind.slug())
            .bind(&new.body)
            .bind(&new.before)
            .bind(new.worded_as_plan)
            .bind(position)
            .bind(now)
            .bind(version)
    )?;
    Ok(())
}

/// Changes a learning; where it came from stays marked.
///
/// # Errors
/// As [`change_factor`].
pub async fn change_learning(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, LearningId),
    base_version: i64,
    new: &NewLearning,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let before = find_learning(&mut conn, incident, id).await?;
    write_learning(&mut conn, (incident, id), base_version, new).await?;
    let after = find_learning(&mut conn, incident, id).await?;
    noted(&mut conn, viewer, incident, Told::learning(id, Change::Changed, before, after), now).await?;
    conn.commit().await
}

async fn write_learning(
    conn: &mut Conn,
    (incident, id): (IncidentId, LearningId),
    base_version: i64,
    new: &NewLearning,
) -> Result<()> {
    let (body, before) = (text::required("body", &new.body)?, text::long("before", &new.before)?);
    let changed = run!(
        conn,
        sqlx::query(CHANGE_LEARNING)
            .bind(id.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(new.kind.slug())
            .bind(&body)
            .bind(&before)
    )?;
    if changed == 0 {
        let there: i64 = on!(conn, db => sqlx::query_scalar(LEARNING_THERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
        return Err(if there > 0 { StoreError::Stale } else { StoreError::NotFound });
    }
    Ok(())
}

/// Removes a learning, also from what pointed at it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or without the right.
pub async fn remove_learning(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: LearningId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let removed: Option<LearningRow> =
        on!(conn, db => sqlx::query_as(REMOVE_LEARNING).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let removed = removed.ok_or(StoreError::NotFound)?.into_learning()?;
    noted(&mut conn, viewer, incident, Told::learning(id, Change::Deleted, Some(removed), None), now).await?;
    conn.commit().await
}

/// A change of a factor or a learning as history and audit trail tell it.
struct Told {
    kind: ObjectKind,
    object: uuid::Uuid,
    change: Change,
    version: i64,
    before: Option<Fields>,
    after: Option<Fields>,
}

impl Told {
    fn factor(id: FactorId, change: Change, before: Option<Factor>, after: Option<Factor>) -> Self {
        Self {
            kind: ObjectKind::Factor,
            object: id.0,
            change,
            version: after.as_ref().map_or_else(|| before.as_ref().map_or(1, |b| b.version + 1), |a| a.version),
            before: before.as_ref().map(factors::factor_fields),
            after: after.as_ref().map(factors::factor_fields),
        }
    }

    fn learning(id: LearningId, change: Change, before: Option<Learning>, after: Option<Learning>) -> Self {
        Self {
            kind: ObjectKind::Learning,
            object: id.0,
            change,
            version: after.as_ref().map_or_else(|| before.as_ref().map_or(1, |b| b.version + 1), |a| a.version),
            before: before.as_ref().map(learning_fields),
            after: after.as_ref().map(learning_fields),
        }
    }

    fn action(&self) -> &'static str {
        match (self.kind, self.change) {
            (ObjectKind::Factor, Change::Added) => "factor.add",
            (ObjectKind::Factor, Change::Deleted) => "factor.remove",
            (ObjectKind::Factor, Change::Restored) => "factor.restore",
            (ObjectKind::Factor, _) => "factor.change",
            (_, Change::Added) => "learning.add",
            (_, Change::Deleted) => "learning.remove",
            (_, Change::Restored) => "learning.restore",
            (_, _) => "learning.change",
        }
    }
}

async fn noted(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, told: Told, now: DateTime<Utc>) -> Result<()> {
    let action = told.action();
    let Told { kind, object, change, version, before, after } = told;
    let edit = Edit { incident, kind, object, version, change, before, after, by: Some(viewer.person_id) };
    history::note(conn, &edit, now).await?;
    incidents::touch(conn, incident, now).await?;
    incidents::revise(conn, incident, now).await?;
    audit::note(conn, now, Some(viewer.person_id), action, &object.to_string(), Some(incident)).await
}
