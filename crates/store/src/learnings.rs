//! Contributing factors and learnings of an incident. Everyone with an account reads them; the facilitator keeps them, and for an
//! imported incident, which has no facilitator, whoever imported it.

mod apart;
mod factors;
mod knowers;
mod latest;
mod links;
mod list;
mod met;
mod put_back;
mod readers;

use crate::db::{Conn, on, run};
use crate::history::Edit;
use crate::{Result, Store, StoreError, audit, history, incidents, random, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind, SaidLearning, of_learning};
use domain::learnings::{Factor, Learning, LearningDetails, LearningKind, LearningStatus};
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use domain::{FactorId, IncidentId, Invalid, LearningId, TeamId, text};

use apart::successor;
pub use apart::{Apart, apart};
pub use factors::{NewFactor, add_factor, change_factor, factors, remove_factor};
pub(crate) use factors::{factors_of, insert_factor, tags_of};
pub use latest::{Latest, Of, latest};
pub use links::{LINKS_MAX, add_link, remove_link};
pub use list::{Filter, Listed, Page, list};
pub use met::{Met, meet, met_at, unmeet};
pub(crate) use put_back::{put_back_factor, put_back_learning, said_factor, said_learning};
pub use readers::{NewTo, say_new};
pub(crate) use readers::{forget_new, new_to};

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
    /// What else is said of it.
    pub details: LearningDetails,
}

const LEARNINGS: &str = "
select id, kind, body, body_before, worded_as_plan, evidence, status, status_reason, status_at, replaced_by, position, version
from learnings where incident_id = $1 order by position, id";
const LEARNING: &str = "
select id, kind, body, body_before, worded_as_plan, evidence, status, status_reason, status_at, replaced_by, position, version
from learnings where id = $1 and incident_id = $2";
const NEXT_LEARNING: &str = "select coalesce(max(position), 0) + 1 from learnings where incident_id = $1";
const ADD_LEARNING: &str = "
insert into learnings (id, incident_id, kind, body, body_before, worded_as_plan, position, created_at, version, evidence, status,
  status_reason, status_at, replaced_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const CHANGE_LEARNING: &str = "
update learnings set kind = $4, body = $5, body_before = $6, evidence = $7, status_at = case when status = $8 then status_at else $9 end,
  status = $8, status_reason = $10, replaced_by = $11, version = version + 1
where id = $1 and incident_id = $2 and version = $3";
const LEARNING_THERE: &str = "select count(*) from learnings where id = $1 and incident_id = $2";
const REMOVE_LEARNING: &str = "delete from learnings where id = $1 and incident_id = $2";
const ORIGIN: &str = "select origin from incidents where id = $1";

#[derive(sqlx::FromRow)]
struct LearningRow {
    id: uuid::Uuid,
    kind: String,
    body: String,
    body_before: String,
    worded_as_plan: bool,
    evidence: String,
    status: String,
    status_reason: String,
    status_at: Option<DateTime<Utc>>,
    replaced_by: Option<uuid::Uuid>,
    position: i64,
    version: i64,
}

impl LearningRow {
    fn into_learning(self, teams: Vec<TeamId>) -> Result<Learning> {
        let corrupt = |column| StoreError::Corrupt { table: "learnings", column };
        Ok(Learning {
            id: LearningId(self.id),
            kind: LearningKind::from_slug(&self.kind).ok_or_else(|| corrupt("kind"))?,
            body: self.body,
            before: self.body_before,
            worded_as_plan: self.worded_as_plan,
            details: LearningDetails {
                evidence: self.evidence.lines().map(str::to_owned).collect(),
                teams,
                status: LearningStatus::from_slug(&self.status).ok_or_else(|| corrupt("status"))?,
                reason: self.status_reason,
                replaced_by: self.replaced_by.map(LearningId),
            },
            status_at: self.status_at,
            position: self.position,
            version: self.version,
        })
    }
}

/// A learning with the names of the teams that should know.
type Named = (Learning, Vec<String>);

fn learning_fields((learning, teams): &Named) -> Fields {
    of_learning(&SaidLearning {
        kind: learning.kind,
        body: learning.body.clone(),
        before: learning.before.clone(),
        worded_as_plan: learning.worded_as_plan,
        details: learning.details.clone(),
        teams: teams.clone(),
    })
}

async fn find_learning(conn: &mut Conn, incident: IncidentId, id: LearningId) -> Result<Option<Named>> {
    let row: Option<LearningRow> =
        on!(conn, db => sqlx::query_as(LEARNING).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let Some(row) = row else { return Ok(None) };
    let (teams, names) = knowers::of(conn, id).await?.into_iter().unzip();
    Ok(Some((row.into_learning(teams)?, names)))
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
    let mut teams = knowers::of_incident(conn, incident).await?;
    rows.into_iter()
        .map(|row| {
            let teams = teams.remove(&row.id).unwrap_or_default();
            row.into_learning(teams)
        })
        .collect()
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
    let new = checked(new)?;
    successor(&mut conn, viewer, None, new.details.replaced_by, now).await?;
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
            .bind(new.details.evidence.join("\n"))
            .bind(new.details.status.slug())
            .bind(&new.details.reason)
            .bind((new.details.status != LearningStatus::New).then_some(now))
            .bind(new.details.replaced_by.map(|id| id.0))
    )?;
    knowers::put(conn, id, &new.details.teams).await
}

/// What is written, in its bounds.
fn checked(new: &NewLearning) -> Result<NewLearning> {
    let mut invalid = Invalid::default();
    let body = invalid.take(text::required("body", &new.body)).unwrap_or_default();
    let before = invalid.take(text::long("before", &new.before)).unwrap_or_default();
    let details = invalid.take(new.details.clone().checked()).unwrap_or_default();
    invalid.or_ok()?;
    Ok(NewLearning { body, before, details, ..new.clone() })
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
    let new = checked(new)?;
    // What stands already may stay, also where this viewer does not see it.
    let stands = before.as_ref().and_then(|(learning, _)| learning.details.replaced_by);
    if new.details.replaced_by != stands {
        successor(&mut conn, viewer, Some(id), new.details.replaced_by, now).await?;
    }
    write_learning(&mut conn, (incident, id), base_version, &new, now).await?;
    let after = find_learning(&mut conn, incident, id).await?;
    noted(&mut conn, viewer, incident, Told::learning(id, Change::Changed, before, after), now).await?;
    conn.commit().await
}

async fn write_learning(
    conn: &mut Conn,
    (incident, id): (IncidentId, LearningId),
    base_version: i64,
    new: &NewLearning,
    now: DateTime<Utc>,
) -> Result<()> {
    let changed = run!(
        conn,
        sqlx::query(CHANGE_LEARNING)
            .bind(id.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(new.kind.slug())
            .bind(&new.body)
            .bind(&new.before)
            .bind(new.details.evidence.join("\n"))
            .bind(new.details.status.slug())
            .bind(now)
            .bind(&new.details.reason)
            .bind(new.details.replaced_by.map(|id| id.0))
    )?;
    if changed == 0 {
        let there: i64 = on!(conn, db => sqlx::query_scalar(LEARNING_THERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
        return Err(if there > 0 { StoreError::Stale } else { StoreError::NotFound });
    }
    knowers::put(conn, id, &new.details.teams).await
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
    let removed = find_learning(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)?;
    if run!(conn, sqlx::query(REMOVE_LEARNING).bind(id.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
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

    fn learning(id: LearningId, change: Change, before: Option<Named>, after: Option<Named>) -> Self {
        Self {
            kind: ObjectKind::Learning,
            object: id.0,
            change,
            version: after.as_ref().map_or_else(|| before.as_ref().map_or(1, |(b, _)| b.version + 1), |(a, _)| a.version),
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
