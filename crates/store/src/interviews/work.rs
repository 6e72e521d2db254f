//! Work sessions: stretches of time that only their worker sees; people measures take their minutes once they are submitted.

use super::answers::start;
use super::{Own, own, own_to_change, sets};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, calendars, random, timeline};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::incidents::IncidentKey;
use domain::interviews::{WorkKind, WorkSession};
use domain::people::Viewer;
use domain::rights::Right;
use domain::stretches::{self, NewStretch};
use domain::walltime::{self, BandMinutes, Stretch, disturbed_nights, minutes_by_band, person_minutes, short_rests};
use domain::{IncidentId, Invalid, InvitationId, PersonId, ServiceId, WorkSessionId};
use std::collections::BTreeSet;

/// The viewer's own hours over all incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyHours {
    /// All minutes of work by band of what held on each day; overlapping stretches count once, waiting and travel are no work.
    pub total: BandMinutes,
    /// Minutes of waiting and travel that are not work as well.
    pub apart: i64,
    /// Nights with a minute of work or more, by the evening on which they began.
    pub broken_nights: BTreeSet<NaiveDate>,
    /// Working days before which incidents left no eleven hours in a row free.
    pub short_rests: BTreeSet<NaiveDate>,
    /// The stretches, latest first.
    pub stretches: Vec<StretchOfMine>,
}

/// One stretch of the viewer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StretchOfMine {
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// The stretch.
    pub session: WorkSession,
    /// Its minutes by band.
    pub minutes: BandMinutes,
}

/// A submitted stretch with whose it is, for people measures. Not to be shown.
pub(crate) struct MonthSession {
    pub(crate) id: WorkSessionId,
    pub(crate) person: PersonId,
    pub(crate) stretch: Stretch,
}

/// A stretch that a closed month has counted and that is there still, with whose it is and where. Not to be shown.
#[derive(Clone, Copy)]
pub(crate) struct CountedWork {
    pub(crate) person: PersonId,
    pub(crate) incident: IncidentId,
    pub(crate) stretch: Stretch,
}

const OF_INVITATION: &str = "
select id, started_at, ended_at, zone, kind from work_sessions where invitation_id = $1 order by started_at, id";
const INCIDENT_BEGAN: &str = "select started_at from incidents where id = $1";
const ADD: &str = "
insert into work_sessions (id, invitation_id, incident_id, person_id, started_at, ended_at, zone, kind, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
// What was counted of it stays counted and is taken off; what is new may count with the next month.
const CHANGE: &str = "
update work_sessions set started_at = $3, ended_at = $4, zone = $5, kind = $6,
  counted_in = case when exists (select 1 from counted_spans s where s.month = work_sessions.counted_in) then null else counted_in end
where id = $1 and invitation_id = $2";
const REMOVE: &str = "delete from work_sessions where id = $1 and invitation_id = $2";
const MINE: &str = "
select w.id, w.invitation_id, w.incident_id, i.number, i.title, w.started_at, w.ended_at, w.zone, w.kind
from work_sessions w join incidents i on i.id = w.incident_id
where w.person_id = $1 and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
order by w.started_at desc, w.id";
const OF_MONTH: &str = "
select w.id, w.person_id, w.started_at, w.ended_at, w.zone, w.kind
from work_sessions w join invitations v on v.id = w.invitation_id join incidents i on i.id = w.incident_id
where v.state = 'submitted' and not i.restricted and i.trashed_at is null and w.counted_in is null and w.started_at >= $1 and w.started_at < $2 order by w.id";
const COUNTED: &str = "
select w.id, w.person_id, w.started_at, w.ended_at, w.zone, w.kind from work_sessions w where w.counted_in >= $1 order by w.id";
const COUNTED_WORK: &str = "
select w.person_id, w.incident_id, w.started_at, w.ended_at, w.zone
from work_sessions w where w.counted_in >= $1 and w.counted_in <= $2 order by w.started_at, w.id";
// Of incidents that everybody may know of; near misses and what went right ask for nobody at night.
const COUNTED_ON_SERVICES: &str = "
select c.service_id, w.person_id, w.incident_id, w.started_at, w.ended_at, w.zone
from work_sessions w join incidents i on i.id = w.incident_id join incident_services c on c.incident_id = i.id
where w.counted_in >= $1 and w.counted_in <= $2 and not i.restricted and i.trashed_at is null and i.nature = 'incident'
order by w.started_at, w.id";
// Who told of stretches of waiting alone has told of their hours as well.
const ASKED_AND_TOLD: &str = "
select count(distinct v.person_id) as asked,
  count(distinct case when v.state = 'submitted' and exists (select 1 from work_sessions w where w.invitation_id = v.id)
    then v.person_id end) as told
from invitations v join incidents i on i.id = v.incident_id
where i.started_at >= $1 and i.started_at < $2 and not i.restricted and i.trashed_at is null and v.state <> 'withdrawn'";
const EARLIEST: &str = "
select w.started_at, w.zone
from work_sessions w join invitations v on v.id = w.invitation_id join incidents i on i.id = w.incident_id
where v.state = 'submitted' and not i.restricted and i.trashed_at is null order by w.started_at limit 1";
const MARK_COUNTED: &str = "update work_sessions set counted_in = $2 where id = $1";

/// More than this in one conversation is a time sheet.
const MOST: usize = 60;
/// A stretch this long before the incident began is a slip of the date.
const BEFORE: TimeDelta = TimeDelta::days(31);

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: uuid::Uuid,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    zone: String,
    kind: String,
}

pub(super) fn kind(slug: &str) -> Result<WorkKind> {
    WorkKind::from_slug(slug).ok_or(StoreError::Corrupt { table: "work_sessions", column: "kind" })
}

/// The stretches of one conversation, in order of time.
pub(super) async fn of_invitation(conn: &mut Conn, own: &Own) -> Result<Vec<WorkSession>> {
    let rows: Vec<SessionRow> = on!(conn, db => sqlx::query_as(OF_INVITATION).bind(own.id.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|r| {
            Ok(WorkSession {
                id: WorkSessionId(r.id),
                invitation_id: own.id,
                person_id: own.person,
                incident_id: own.incident,
                started_at: r.started_at,
                ended_at: r.ended_at,
                zone: r.zone,
                kind: kind(&r.kind)?,
            })
        })
        .collect()
}

/// Stretches that the viewer may have worked, by what they wrote into the timeline: start and end, earliest first, without those that
/// overlap what was told. Nothing is kept until they say so.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody but the worker.
pub async fn hinted(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let mut conn = store.read().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    let told: Vec<_> = of_invitation(&mut conn, &own).await?.into_iter().map(|s| (s.started_at, s.ended_at)).collect();
    let seen = timeline::written_by(&mut conn, own.incident, own.person).await?;
    Ok(stretches::suggested(&seen, &told))
}

/// Adds a stretch.
///
/// # Errors
/// Fields `day` or `from` when it overlaps another or lies long before the incident; [`StoreError::Refused`] after publication;
/// [`StoreError::NotFound`] for everybody but the worker.
pub async fn add_session(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    new: &NewStretch,
    now: DateTime<Utc>,
) -> Result<WorkSessionId> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    sets::must_ask(&mut conn, own.question_set, domain::interviews::WORK).await?;
    let others = of_invitation(&mut conn, &own).await?;
    if others.len() >= MOST {
        return Err(Invalid::one("from", "Sixty stretches are here already. Please join some of them.").into());
    }
    check_place(&mut conn, &own, &others, new).await?;
    let id = random::id();
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(own.id.0)
            .bind(own.incident.0)
            .bind(own.person.0)
            .bind(new.started_at)
            .bind(new.ended_at)
            .bind(new.zone.name())
            .bind(new.kind.slug())
            .bind(now)
    )?;
    start(&mut conn, viewer, &own, now).await?;
    conn.commit().await?;
    Ok(WorkSessionId(id))
}

/// Changes a stretch.
///
/// # Errors
/// As [`add_session`].
pub async fn change_session(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    session: WorkSessionId,
    new: &NewStretch,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    let mut others = of_invitation(&mut conn, &own).await?;
    others.retain(|s| s.id != session);
    check_place(&mut conn, &own, &others, new).await?;
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(session.0)
            .bind(invitation.0)
            .bind(new.started_at)
            .bind(new.ended_at)
            .bind(new.zone.name())
            .bind(new.kind.slug())
    )?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// Removes a stretch; one that is gone already is fine.
///
/// # Errors
/// As [`add_session`].
pub async fn remove_session(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    session: WorkSessionId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    own_to_change(&mut conn, viewer, invitation, now).await?;
    run!(conn, sqlx::query(REMOVE).bind(session.0).bind(invitation.0))?;
    conn.commit().await
}

async fn check_place(conn: &mut Conn, own: &Own, others: &[WorkSession], new: &NewStretch) -> Result<()> {
    let began: DateTime<Utc> = on!(conn, db => sqlx::query_scalar(INCIDENT_BEGAN).bind(own.incident.0).fetch_one(db).await)?;
    if new.started_at < began - BEFORE {
        let message = "This is more than a month before the incident began. Please look at the day again.";
        return Err(Invalid::one("day", message).into());
    }
    let Some(other) = others.iter().find(|s| s.started_at < new.ended_at && new.started_at < s.ended_at) else { return Ok(()) };
    let (from, to) = (walltime::clock(other.started_at, new.zone), walltime::clock(other.ended_at, new.zone));
    let message = format!("You told of {from} to {to} already, and the two overlap. Please change one of them.");
    Err(Invalid::one("from", message).into())
}

#[derive(sqlx::FromRow)]
struct MineRow {
    id: uuid::Uuid,
    invitation_id: uuid::Uuid,
    incident_id: uuid::Uuid,
    number: i64,
    title: String,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    zone: String,
    kind: String,
}

/// The viewer's own hours over all incidents, by band of the working hours that held on each day. Nobody else ever sees them.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn my_hours(store: &Store, viewer: &Viewer) -> Result<MyHours> {
    check_global(Right::OwnPages, viewer)?;
    let history = calendars::own_history(store, viewer).await?;
    let mut conn = store.read().await?;
    let rows: Vec<MineRow> = on!(conn, db => sqlx::query_as(MINE).bind(viewer.person_id.0).fetch_all(db).await)?;
    let (mut work, mut other) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut stretches = Vec::with_capacity(rows.len());
    for r in rows {
        let zone = walltime::parse_zone(&r.zone)?;
        let kind = kind(&r.kind)?;
        let stretch = Stretch { start: r.started_at, end: r.ended_at, zone };
        if kind.is_work() {
            work.push(stretch)
        } else {
            other.push(stretch)
        }
        stretches.push(StretchOfMine {
            key: IncidentKey(r.number),
            title: r.title,
            minutes: minutes_by_band(r.started_at, r.ended_at, zone, &history),
            session: WorkSession {
                id: WorkSessionId(r.id),
                invitation_id: InvitationId(r.invitation_id),
                person_id: viewer.person_id,
                incident_id: IncidentId(r.incident_id),
                started_at: r.started_at,
                ended_at: r.ended_at,
                zone: r.zone,
                kind,
            },
        });
    }
    Ok(MyHours {
        total: person_minutes(&work, &history),
        apart: person_minutes(&walltime::without(&other, &work), &history).total(),
        broken_nights: disturbed_nights(&work),
        short_rests: short_rests(&work, &history),
        stretches,
    })
}

#[derive(sqlx::FromRow)]
struct MonthRow {
    id: uuid::Uuid,
    person_id: uuid::Uuid,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    zone: String,
    kind: String,
}

/// The submitted stretches of work that began from `from` to before `to` and that no closed month has counted, without those of restricted
/// incidents (docs/decisions/0015) and without waiting and travel. Days are local to each worker: ask for a day more on both sides and cut.
pub(crate) async fn month_sessions(conn: &mut Conn, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<MonthSession>> {
    sessions(on!(conn, db => sqlx::query_as(OF_MONTH).bind(from).bind(to).fetch_all(db).await)?, WorkKind::is_work)
}

/// The stretches that closed months from this one on have counted, and that are there still.
pub(crate) async fn counted_since(conn: &mut Conn, month: NaiveDate) -> Result<Vec<MonthSession>> {
    sessions(on!(conn, db => sqlx::query_as(COUNTED).bind(month).fetch_all(db).await)?, |_| true)
}

fn sessions(rows: Vec<MonthRow>, counts: impl Fn(WorkKind) -> bool) -> Result<Vec<MonthSession>> {
    let mut sessions = Vec::with_capacity(rows.len());
    for r in rows {
        if counts(kind(&r.kind)?) {
            sessions.push(MonthSession {
                id: WorkSessionId(r.id),
                person: PersonId(r.person_id),
                stretch: Stretch { start: r.started_at, end: r.ended_at, zone: walltime::parse_zone(&r.zone)? },
            });
        }
    }
    Ok(sessions)
}

#[derive(sqlx::FromRow)]
struct CountedRow {
    person_id: uuid::Uuid,
    incident_id: uuid::Uuid,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    zone: String,
}

impl CountedRow {
    fn into_work(self) -> Result<CountedWork> {
        Ok(CountedWork {
            person: PersonId(self.person_id),
            incident: IncidentId(self.incident_id),
            stretch: Stretch { start: self.started_at, end: self.ended_at, zone: walltime::parse_zone(&self.zone)? },
        })
    }
}

#[derive(sqlx::FromRow)]
struct OnServiceRow {
    service_id: uuid::Uuid,
    #[sqlx(flatten)]
    counted: CountedRow,
}

/// What closed months from this one to that one have counted, as far as it is there still.
pub(crate) async fn counted_work(conn: &mut Conn, from: NaiveDate, to: NaiveDate) -> Result<Vec<CountedWork>> {
    let rows: Vec<CountedRow> = on!(conn, db => sqlx::query_as(COUNTED_WORK).bind(from).bind(to).fetch_all(db).await)?;
    rows.into_iter().map(CountedRow::into_work).collect()
}

/// The same by service, of incidents that are neither restricted nor in the trash; one of several services stands at each.
pub(crate) async fn counted_on_services(
    conn: &mut Conn,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(ServiceId, CountedWork)>> {
    let rows: Vec<OnServiceRow> = on!(conn, db => sqlx::query_as(COUNTED_ON_SERVICES).bind(from).bind(to).fetch_all(db).await)?;
    rows.into_iter().map(|row| Ok((ServiceId(row.service_id), row.counted.into_work()?))).collect()
}

/// How many people were asked about the incidents that began from `from` to before `to`, each once, and how many of them told of their hours.
pub(crate) async fn asked_and_told(conn: &mut Conn, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<(i64, i64)> {
    Ok(on!(conn, db => sqlx::query_as(ASKED_AND_TOLD).bind(from).bind(to).fetch_one(db).await)?)
}

/// Start and zone of the earliest submitted stretch.
pub(crate) async fn earliest_session(conn: &mut Conn) -> Result<Option<(DateTime<Utc>, String)>> {
    Ok(on!(conn, db => sqlx::query_as(EARLIEST).fetch_optional(db).await)?)
}

/// Notes in which closed month a stretch was counted, so that no other counts it again.
pub(crate) async fn mark_counted(conn: &mut Conn, session: WorkSessionId, month: NaiveDate) -> Result<()> {
    run!(conn, sqlx::query(MARK_COUNTED).bind(session.0).bind(month))?;
    Ok(())
}
