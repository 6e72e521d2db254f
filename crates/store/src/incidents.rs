//! Incidents: add, change, find, list with filters and keyset paging, and who is what in one of them.

mod access;
mod bulk;
mod choices;
mod edits;
mod front;
mod list;
mod statements;
mod words;

use crate::db::{Conn, on, run};
use crate::services::{self, Service};
use crate::standing::{self, check_global};
use crate::{Result, Store, StoreError, audit, crypt, random, trash};
use chrono::{DateTime, Utc};
use domain::history::Change as Edited;
use domain::incidents::{Incident, IncidentKey, IncidentState, Nature, NewIncident, Origin, Severity};
use domain::people::{IncidentRole, Viewer};
use domain::rights::{Right, Standing};
use domain::{IncidentId, Invalid, PersonId, ServiceId, TeamId, text};

pub(crate) use edits::{note_edit, put_back, said, set_end, version};

pub use access::{Access, access, name, restrict, take_off};
pub use bulk::{Change, MOST, bulk};
pub use choices::{Choices, choices};
pub use front::{Front, front};
pub(crate) use front::{HeldFronts, no_fronts};
pub use list::{Filter, ListPage, Row, Sort, count, list};
pub(crate) use list::{last_instant, read_cursor, write_cursor};

/// An incident with how the viewer stands to it: what every page of an incident begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The incident.
    pub incident: Incident,
    /// The viewer's standing to it.
    pub standing: Standing,
    /// Who facilitates its review, in the order of their appointment.
    pub facilitators: Vec<(PersonId, String)>,
    /// The services that it concerns, by name.
    pub services: Vec<Service>,
    /// How many timeline events it has.
    pub events: i64,
    /// How many factors and learnings it has.
    pub learned: i64,
    /// When something of it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// Where an imported incident came from.
pub(crate) struct Document<'a> {
    /// Names the document.
    pub(crate) key: &'a str,
    /// SHA-256 of its bytes.
    pub(crate) hash: &'a [u8],
}

const FIND: &str = "
select i.id, i.number, i.title, i.summary, i.severity, i.nature, i.state, i.team_id, t.name as team, i.started_at, i.detected_at, i.declared_at,
  i.mitigated_at, i.resolved_at, i.zone, i.origin, i.created_by, i.version, i.published_at, i.revised_at, i.restricted, i.changed_at,
  (select count(*) from events e where e.incident_id = i.id and e.deleted_at is null) as events,
  (select count(*) from factors f where f.incident_id = i.id) + (select count(*) from learnings l where l.incident_id = i.id) as learned
from incidents i left join teams t on t.id = i.team_id where i.number = $1";
const STATE: &str = "select state from incidents where id = $1";
const ADD: &str = "
insert into incidents (id, number, title, search_folded, summary, severity, state, team_id, started_at, detected_at, resolved_at, zone,
  origin, origin_key, origin_hash, created_by, created_at, changed_at, published_at, restricted, declared_at,
  mitigated_at, nature, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20, $21, $22, 1)";
const CHANGE: &str = "
update incidents set title = $3, search_folded = $4, summary = $5, severity = $6, state = $7, team_id = $8, started_at = $9,
  detected_at = $10, resolved_at = $11, zone = $12, changed_at = $13, declared_at = $14,
  mitigated_at = $15, nature = $16, version = version + 1
where id = $1 and version = $2";
const NUMBER: &str = "select number from incidents where id = $1";
const TOUCH: &str = "update incidents set changed_at = $2 where id = $1";
// What is written with the publication itself, as an import does, is no revision.
const REVISE: &str = "update incidents set revised_at = $2 where id = $1 and published_at < $2";
const MOVE: &str = "
update incidents set state = $2, changed_at = $3, published_at = coalesce(published_at, $4), version = version + 1 where id = $1";
const ADD_ROLE: &str = "
insert into incident_roles (incident_id, person_id, role, appointed_by, appointed_at) values ($1, $2, $3, $4, $5)
on conflict (incident_id, person_id, role) do nothing";
const WITH_ROLE: &str = "
select p.id, p.name from incident_roles r join people p on p.id = r.person_id
where r.incident_id = $1 and r.role = $2 order by r.appointed_at, p.name_folded";

#[derive(sqlx::FromRow)]
struct IncidentRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    summary: String,
    severity: i64,
    nature: String,
    state: String,
    team_id: Option<uuid::Uuid>,
    team: Option<String>,
    started_at: DateTime<Utc>,
    detected_at: Option<DateTime<Utc>>,
    declared_at: Option<DateTime<Utc>>,
    mitigated_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    zone: String,
    origin: String,
    created_by: Option<uuid::Uuid>,
    version: i64,
    published_at: Option<DateTime<Utc>>,
    revised_at: Option<DateTime<Utc>>,
    restricted: bool,
    changed_at: DateTime<Utc>,
    events: i64,
    learned: i64,
}

fn severity(number: i64) -> Result<Severity> {
    Severity::from_number(number).ok_or(StoreError::Corrupt { table: "incidents", column: "severity" })
}

fn state(slug: &str) -> Result<IncidentState> {
    IncidentState::from_slug(slug).ok_or(StoreError::Corrupt { table: "incidents", column: "state" })
}

impl IncidentRow {
    fn into_incident(self) -> Result<Incident> {
        Ok(Incident {
            id: IncidentId(self.id),
            key: IncidentKey(self.number),
            severity: severity(self.severity)?,
            nature: Nature::from_slug(&self.nature),
            state: state(&self.state)?,
            title: self.title,
            summary: self.summary,
            team_id: self.team_id.map(TeamId),
            team: self.team,
            started_at: self.started_at,
            detected_at: self.detected_at,
            declared_at: self.declared_at,
            mitigated_at: self.mitigated_at,
            resolved_at: self.resolved_at,
            zone: self.zone,
            origin: Origin::from_slug(&self.origin),
            created_by: self.created_by.map(PersonId),
            version: self.version,
            published_at: self.published_at,
            revised_at: self.revised_at,
            restricted: self.restricted,
        })
    }
}

/// The incident of this key with the viewer's standing to it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or the viewer sees no incidents.
pub async fn by_key(store: &Store, viewer: &Viewer, key: IncidentKey, now: DateTime<Utc>) -> Result<Opened> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    let row: Option<IncidentRow> = on!(conn, db => sqlx::query_as(FIND).bind(key.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let (events, learned, changed_at) = (row.events, row.learned, row.changed_at);
    let incident = row.into_incident()?;
    let standing = standing::require(&mut conn, viewer, Right::SeeIncidents, incident.id, now).await?;
    let facilitators = holders(&mut conn, incident.id, IncidentRole::Facilitator).await?;
    let services = services::of_incident(&mut conn, incident.id).await?;
    Ok(Opened { incident, standing, facilitators, services, events, learned, changed_at })
}

/// An incident, for who has asked whether it may be read.
pub(crate) async fn found(conn: &mut Conn, key: IncidentKey) -> Result<Option<Incident>> {
    let row: Option<IncidentRow> = on!(conn, db => sqlx::query_as(FIND).bind(key.0).fetch_optional(db).await)?;
    row.map(IncidentRow::into_incident).transpose()
}

/// Makes an incident and answers its key.
///
/// # Errors
/// [`StoreError::NotFound`] without the right, [`StoreError::Invalid`] when its times contradict each other.
pub async fn add(store: &Store, viewer: &Viewer, new: &NewIncident, now: DateTime<Utc>) -> Result<IncidentKey> {
    add_with(store, viewer, new, &[], now).await
}

/// Makes an incident that concerns these services and answers its key.
///
/// # Errors
/// As [`add`], and field `services` for one that cannot be named.
pub async fn add_with(
    store: &Store,
    viewer: &Viewer,
    new: &NewIncident,
    services: &[ServiceId],
    now: DateTime<Utc>,
) -> Result<IncidentKey> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.write().await?;
    let (id, key) = insert(&mut conn, viewer, new, None, now).await?;
    services::set_of_incident(&mut conn, id, services).await?;
    note_edit(&mut conn, viewer, id, Edited::Added, None, now).await?;
    conn.commit().await?;
    Ok(key)
}

/// Writes a new incident with its key, number and audit entry; what came from a document is published at once.
pub(crate) async fn insert(
    conn: &mut Conn,
    viewer: &Viewer,
    new: &NewIncident,
    document: Option<Document<'_>>,
    now: DateTime<Utc>,
) -> Result<(IncidentId, IncidentKey)> {
    check_times(new)?;
    let id = IncidentId(random::id());
    let origin = if document.is_some() { Origin::Import } else { Origin::Hand };
    let state = if document.is_some() { IncidentState::Published } else { before_review(new) };
    // First, because it takes the writers' turn on PostgreSQL: two incidents never get the same number.
    audit::note(conn, now, Some(viewer.person_id), "incident.add", &id.to_string(), Some(id)).await?;
    let number = trash::next_number(conn).await?;
    let key = IncidentKey(number);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(number)
            .bind(&new.title)
            .bind(folded(key, new))
            .bind(&new.summary)
            .bind(new.severity.number())
            .bind(state.slug())
            .bind(new.team_id.map(|t| t.0))
            .bind(new.started_at)
            .bind(new.detected_at)
            .bind(new.resolved_at)
            .bind(&new.zone)
            .bind(origin.slug())
            .bind(document.as_ref().map(|d| d.key))
            .bind(document.as_ref().map(|d| d.hash))
            .bind(viewer.person_id.0)
            .bind(now)
            .bind(document.is_some().then_some(now))
            .bind(new.restricted)
            .bind(new.declared_at)
            .bind(new.mitigated_at)
            .bind(new.nature.slug())
    )?;
    crypt::add_incident_key(conn, id).await?;
    Ok((id, key))
}

/// Changes an incident. `base_version` is the version that the change started from. Once a review is open, the state stays its own;
/// who sees it is changed by [`restrict`] alone.
///
/// # Errors
/// [`StoreError::Stale`] when somebody saved in between; [`StoreError::Invalid`] when its times contradict each other.
pub async fn change(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    base_version: i64,
    new: &NewIncident,
    now: DateTime<Utc>,
) -> Result<()> {
    change_with(store, viewer, incident, base_version, new, None, now).await
}

/// As [`change`]; `services` are those that it concerns now, `None` leaves them as they are.
///
/// # Errors
/// As [`change`], and field `services` for one that cannot be named.
pub async fn change_with(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    base_version: i64,
    new: &NewIncident,
    services: Option<&[ServiceId]>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    change_in(&mut conn, viewer, incident, base_version, (new, services), Edited::Changed, now).await?;
    conn.commit().await
}

async fn change_in(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    base_version: i64,
    (new, services): (&NewIncident, Option<&[ServiceId]>),
    what: Edited,
    now: DateTime<Utc>,
) -> Result<()> {
    check_times(new)?;
    standing::require(conn, viewer, Right::EditIncidents, incident, now).await?;
    let (_, before) = edits::fields_now(conn, incident).await?;
    let number: i64 = on!(conn, db => sqlx::query_scalar(NUMBER).bind(incident.0).fetch_one(db).await)?;
    let stored: String = on!(conn, db => sqlx::query_scalar(STATE).bind(incident.0).fetch_one(db).await)?;
    let state = match state(&stored)? {
        IncidentState::Open | IncidentState::Resolved => before_review(new),
        later => later,
    };
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(incident.0)
            .bind(base_version)
            .bind(&new.title)
            .bind(folded(IncidentKey(number), new))
            .bind(&new.summary)
            .bind(new.severity.number())
            .bind(state.slug())
            .bind(new.team_id.map(|t| t.0))
            .bind(new.started_at)
            .bind(new.detected_at)
            .bind(new.resolved_at)
            .bind(&new.zone)
            .bind(now)
            .bind(new.declared_at)
            .bind(new.mitigated_at)
            .bind(new.nature.slug())
    )?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    if let Some(services) = services {
        services::set_of_incident(conn, incident, services).await?;
    }
    note_edit(conn, viewer, incident, what, Some(before), now).await?;
    let action = if what == Edited::Restored { "incident.restore" } else { "incident.change" };
    audit::note(conn, now, Some(viewer.person_id), action, &incident.to_string(), Some(incident)).await
}

/// Moves an incident on its way: to *in review* when a review opens, to *published* with its second story.
pub(crate) async fn move_to(conn: &mut Conn, incident: IncidentId, state: IncidentState, now: DateTime<Utc>) -> Result<()> {
    let published_at = (state == IncidentState::Published).then_some(now);
    run!(conn, sqlx::query(MOVE).bind(incident.0).bind(state.slug()).bind(now).bind(published_at))?;
    Ok(())
}

/// Notes that something of the incident changed, for "recently changed".
pub(crate) async fn touch(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(TOUCH).bind(incident.0).bind(now))?;
    Ok(())
}

/// Notes that the story changed, where it is published already.
pub(crate) async fn revise(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(REVISE).bind(incident.0).bind(now))?;
    Ok(())
}

/// Gives somebody a role in an incident; a role that they have already stays as it is.
pub(crate) async fn add_role(
    conn: &mut Conn,
    incident: IncidentId,
    person: PersonId,
    role: IncidentRole,
    appointed_by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    run!(conn, sqlx::query(ADD_ROLE).bind(incident.0).bind(person.0).bind(role.slug()).bind(appointed_by.0).bind(now))?;
    Ok(())
}

/// Who holds a role in an incident, in the order of their appointment: facilitators and planners are shown to all.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer sees no incidents.
pub async fn with_role(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    role: IncidentRole,
    now: DateTime<Utc>,
) -> Result<Vec<(PersonId, String)>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    holders(&mut conn, incident, role).await
}

/// As [`with_role`], for functions that have checked a right.
pub(crate) async fn holders(conn: &mut Conn, incident: IncidentId, role: IncidentRole) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(uuid::Uuid, String)> =
        on!(conn, db => sqlx::query_as(WITH_ROLE).bind(incident.0).bind(role.slug()).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
}

/// What the list searches: the words of key, title and summary.
fn folded(key: IncidentKey, new: &NewIncident) -> String {
    text::words(&format!("{key}\n{}\n{}", new.title, new.summary))
}

/// The states before a review: an incident that has an end is resolved.
fn before_review(new: &NewIncident) -> IncidentState {
    if new.resolved_at.is_some() { IncidentState::Resolved } else { new.state }
}

fn check_times(new: &NewIncident) -> Result<()> {
    let mut invalid = Invalid::default();
    if new.detected_at.is_some_and(|at| at < new.started_at) {
        invalid.add("noticed_time", "This is before the start. Please check the two times.");
    }
    if new.resolved_at.is_some_and(|at| at < new.started_at) {
        invalid.add("ended_time", "This is before the start. Please check the two times.");
    }
    Ok(invalid.or_ok()?)
}
