//! On-call schedules of teams: looked at before they are taken over, put in place of what they cover, taken back.
//!
//! Who stood when is data about people: administrators and facilitators see it here, each person their own; figures count shifts alone
//! (docs/decisions/0050).

use crate::db::{Conn, on, run};
use crate::people::Team;
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, TimeDelta, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::schedules::{KEPT_DAYS, Known, Look, ReadSchedule, ReadShift, look, whose};
use domain::{Invalid, PersonId, TeamId, walltime};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Shifts of a schedule that its page lists: the latest.
const LISTED: i64 = 60;

/// A team in the list of schedules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamSchedule {
    /// Which.
    pub team: Team,
    /// How many shifts are known.
    pub shifts: i64,
    /// Until when; `None` without any.
    pub until: Option<DateTime<Utc>>,
}

/// The schedule of one team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Whose.
    pub team: Team,
    /// On whose clock its nights are told; `None` before the first import.
    pub zone: Option<String>,
    /// Imports that still have shifts in it, the latest first: it alone can be taken back.
    pub imports: Vec<Import>,
    /// The latest shifts.
    pub shifts: Vec<ListedShift>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: Uuid,
    /// When.
    pub imported_at: DateTime<Utc>,
    /// Its first shift begins.
    pub from: DateTime<Utc>,
    /// Its last shift ends.
    pub until: DateTime<Utc>,
    /// How many shifts it brought.
    pub shifts: i64,
}

/// A shift as its page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedShift {
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Ends.
    pub ends_at: DateTime<Utc>,
    /// Whose; `None`: nobody that is known here.
    pub person: Option<String>,
}

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// What the shifts look like; `None` without any.
    pub look: Option<Look>,
    /// How many there are.
    pub shifts: usize,
    /// People who are known here, by name, with how many shifts each has.
    pub known: Vec<(String, usize)>,
    /// What else stands where a person should, with how many shifts: they are kept as nobody's.
    pub unknown: Vec<(String, usize)>,
    /// Shifts of now that lie in the same time, and would be replaced.
    pub replaces: i64,
}

/// A shift of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnShift {
    /// Name of the team.
    pub team: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Ends.
    pub ends_at: DateTime<Utc>,
}

const TEAMS: &str = "
select t.id, t.name, t.put_away_at is not null as put_away,
  (select count(*) from on_call_shifts s where s.team_id = t.id and s.replaced_by is null) as shifts,
  (select max(s.ends_at) from on_call_shifts s where s.team_id = t.id and s.replaced_by is null) as until
from teams t order by t.name_folded";
const TEAM: &str = "select name, put_away_at is not null as put_away from teams where id = $1";
const IMPORTS: &str = "
select id, zone, imported_at, from_at, until_at, shifts from on_call_imports where team_id = $1 order by imported_at desc, id desc";
const SHIFTS: &str = "
select s.starts_at, s.ends_at, p.name from on_call_shifts s left join people p on p.id = s.person_id
where s.team_id = $1 and s.replaced_by is null order by s.starts_at desc, s.id limit $2";
const ACCOUNTS: &str = "select id, name, email from people where email is not null order by id";
const COUNT_WITHIN: &str = "
select count(*) from on_call_shifts where team_id = $1 and replaced_by is null and starts_at < $3 and ends_at > $2";
const WITHIN: &str = "
select person_id, starts_at, ends_at from on_call_shifts
where team_id = $1 and replaced_by is null and starts_at < $3 and ends_at > $2 order by starts_at, id";
const REPLACE: &str = "
update on_call_shifts set replaced_by = $4 where team_id = $1 and replaced_by is null and starts_at < $3 and ends_at > $2";
const FORGET_REPLACED: &str = "delete from on_call_shifts where team_id = $1 and (replaced_by is not null or ends_at < $2)";
const FORGET_EMPTY: &str = "
delete from on_call_imports where team_id = $1 and not exists (select 1 from on_call_shifts s where s.import_id = on_call_imports.id)";
const ADD_IMPORT: &str = "
insert into on_call_imports (id, team_id, zone, imported_at, from_at, until_at, shifts) values ($1, $2, $3, $4, $5, $6, $7)";
const ADD_SHIFT: &str = "
insert into on_call_shifts (id, team_id, person_id, starts_at, ends_at, import_id, replaced_by) values ($1, $2, $3, $4, $5, $6, null)";
const LATEST: &str = "select id from on_call_imports where team_id = $1 order by imported_at desc, id desc limit 1";
const IS_THERE: &str = "select count(*) from on_call_imports where id = $1 and team_id = $2";
const REMOVE_SHIFTS: &str = "delete from on_call_shifts where import_id = $1";
const PUT_BACK: &str = "update on_call_shifts set replaced_by = null where replaced_by = $1";
const REMOVE_IMPORT: &str = "delete from on_call_imports where id = $1";
const OF_PERSON: &str = "
select t.name, s.starts_at, s.ends_at from on_call_shifts s join teams t on t.id = s.team_id
where s.person_id = $1 order by s.starts_at, s.id";
const OWN: &str = "
select t.name, s.starts_at, s.ends_at from on_call_shifts s join teams t on t.id = s.team_id
where s.person_id = $1 and s.replaced_by is null order by s.starts_at, s.id";
const FORGET: &str = "update on_call_shifts set person_id = null where person_id = $1";

#[derive(sqlx::FromRow)]
struct ImportRow {
    id: Uuid,
    zone: String,
    imported_at: DateTime<Utc>,
    from_at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    shifts: i64,
}

/// All teams, by name, with what is known of their schedules.
///
/// # Errors
/// [`StoreError::NotFound`] for all who do not keep schedules.
pub async fn teams(store: &Store, viewer: &Viewer) -> Result<Vec<TeamSchedule>> {
    check_global(Right::KeepSchedules, viewer)?;
    let mut conn = store.read().await?;
    type TeamRow = (Uuid, String, bool, i64, Option<DateTime<Utc>>);
    let rows: Vec<TeamRow> = on!(conn, db => sqlx::query_as(TEAMS).fetch_all(db).await)?;
    let line =
        |(id, name, put_away, shifts, until)| TeamSchedule { team: Team { id: TeamId(id), name, put_away }, shifts, until };
    Ok(rows.into_iter().map(line).collect())
}

async fn team(conn: &mut Conn, id: TeamId) -> Result<Team> {
    let row: Option<(String, bool)> = on!(conn, db => sqlx::query_as(TEAM).bind(id.0).fetch_optional(db).await)?;
    let (name, put_away) = row.ok_or(StoreError::NotFound)?;
    Ok(Team { id, name, put_away })
}

/// The schedule of a team.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such team, and for all who do not keep schedules.
pub async fn schedule(store: &Store, viewer: &Viewer, id: TeamId) -> Result<Schedule> {
    check_global(Right::KeepSchedules, viewer)?;
    let mut conn = store.read().await?;
    let team = team(&mut conn, id).await?;
    let imports: Vec<ImportRow> = on!(conn, db => sqlx::query_as(IMPORTS).bind(id.0).fetch_all(db).await)?;
    let shifts: Vec<(DateTime<Utc>, DateTime<Utc>, Option<String>)> =
        on!(conn, db => sqlx::query_as(SHIFTS).bind(id.0).bind(LISTED).fetch_all(db).await)?;
    let listed = |(starts_at, ends_at, person)| ListedShift { starts_at, ends_at, person };
    let import =
        |r: ImportRow| Import { id: r.id, imported_at: r.imported_at, from: r.from_at, until: r.until_at, shifts: r.shifts };
    Ok(Schedule {
        team,
        zone: imports.first().map(|import| import.zone.clone()),
        imports: imports.into_iter().map(import).collect(),
        shifts: shifts.into_iter().map(listed).collect(),
    })
}

async fn accounts(conn: &mut Conn) -> Result<Vec<Known<PersonId>>> {
    let rows: Vec<(Uuid, String, String)> = on!(conn, db => sqlx::query_as(ACCOUNTS).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name, email)| Known { id: PersonId(id), name, email }).collect())
}

fn spans(shifts: &[ReadShift]) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    shifts.iter().map(|shift| (shift.starts_at, shift.ends_at)).collect()
}

/// What taking it over would do. Nothing is written.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such team, and for all who do not keep schedules.
pub async fn dry_run(store: &Store, viewer: &Viewer, id: TeamId, read: &ReadSchedule) -> Result<DryRun> {
    check_global(Right::KeepSchedules, viewer)?;
    let mut conn = store.read().await?;
    team(&mut conn, id).await?;
    let people = accounts(&mut conn).await?;
    let (mut known, mut unknown): (BTreeMap<String, usize>, BTreeMap<String, usize>) = (BTreeMap::new(), BTreeMap::new());
    for shift in &read.shifts {
        match whose(&shift.names, &people).and_then(|who| people.iter().find(|one| one.id == who)) {
            Some(one) => *known.entry(one.name.clone()).or_default() += 1,
            None => *unknown.entry(shift.names.first().cloned().unwrap_or_default()).or_default() += 1,
        }
    }
    let look = look(&spans(&read.shifts));
    let replaces = match &look {
        Some(look) => {
            on!(conn, db => sqlx::query_scalar(COUNT_WITHIN).bind(id.0).bind(look.from).bind(look.until).fetch_one(db).await)?
        }
        None => 0,
    };
    let (known, unknown) = (known.into_iter().collect(), unknown.into_iter().collect());
    Ok(DryRun { look, shifts: read.shifts.len(), known, unknown, replaces })
}

/// Takes a schedule over: in the time that it covers it stands in place of what stood there, until it is [taken back](take_back) or the
/// next one comes. What reaches into that time from before or out of it is cut there. Answers how many shifts it has.
///
/// # Errors
/// Field `text` when it has no shift, `zone`; [`StoreError::NotFound`] when there is no such team, and for all who do not keep schedules.
pub async fn take_over(
    store: &Store,
    viewer: &Viewer,
    id: TeamId,
    zone: &str,
    read: &ReadSchedule,
    now: DateTime<Utc>,
) -> Result<usize> {
    check_global(Right::KeepSchedules, viewer)?;
    let zone = walltime::parse_zone(zone)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    team(&mut conn, id).await?;
    let look = look(&spans(&read.shifts)).ok_or_else(|| Invalid::one("text", "There is no shift in it to take over."))?;
    let people = accounts(&mut conn).await?;
    // Of what an earlier import replaced nothing can come back any more; what is old serves no figure.
    run!(conn, sqlx::query(FORGET_REPLACED).bind(id.0).bind(now - TimeDelta::days(KEPT_DAYS)))?;
    run!(conn, sqlx::query(FORGET_EMPTY).bind(id.0))?;
    let import = random::id();
    let shifts = i64::try_from(read.shifts.len()).unwrap_or(i64::MAX);
    run!(
        conn,
        sqlx::query(ADD_IMPORT).bind(import).bind(id.0).bind(zone.name()).bind(now).bind(look.from).bind(look.until).bind(shifts)
    )?;
    let before: Vec<(Option<Uuid>, DateTime<Utc>, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(WITHIN).bind(id.0).bind(look.from).bind(look.until).fetch_all(db).await)?;
    run!(conn, sqlx::query(REPLACE).bind(id.0).bind(look.from).bind(look.until).bind(import))?;
    let outside = before.into_iter().flat_map(|(person, starts_at, ends_at)| {
        [(person, starts_at, look.from.min(ends_at)), (person, look.until.max(starts_at), ends_at)]
    });
    let rest = outside.filter(|(_, starts_at, ends_at)| starts_at < ends_at);
    let new = read.shifts.iter().map(|shift| (whose(&shift.names, &people).map(|who| who.0), shift.starts_at, shift.ends_at));
    for (person, starts_at, ends_at) in rest.chain(new).collect::<Vec<_>>() {
        let shift = random::id();
        run!(conn, sqlx::query(ADD_SHIFT).bind(shift).bind(id.0).bind(person).bind(starts_at).bind(ends_at).bind(import))?;
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "schedule.import", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok(read.shifts.len())
}

/// Takes the latest import of a team back: its shifts go, and what they replaced stands again.
///
/// # Errors
/// [`StoreError::Refused`] for an earlier one; [`StoreError::NotFound`] when it is not there, and for all who do not keep schedules.
pub async fn take_back(store: &Store, viewer: &Viewer, id: TeamId, import: Uuid, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::KeepSchedules, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let there: i64 = on!(conn, db => sqlx::query_scalar(IS_THERE).bind(import).bind(id.0).fetch_one(db).await)?;
    if there == 0 {
        return Err(StoreError::NotFound);
    }
    let latest: Uuid = on!(conn, db => sqlx::query_scalar(LATEST).bind(id.0).fetch_one(db).await)?;
    if latest != import {
        return Err(StoreError::Refused("A later schedule was taken over since. Please take that one back first."));
    }
    run!(conn, sqlx::query(REMOVE_SHIFTS).bind(import))?;
    run!(conn, sqlx::query(PUT_BACK).bind(import))?;
    run!(conn, sqlx::query(REMOVE_IMPORT).bind(import))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "schedule.take-back", &id.to_string(), None).await?;
    conn.commit().await
}

/// The viewer's own shifts as they stand, earliest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn own(store: &Store, viewer: &Viewer) -> Result<Vec<OwnShift>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<(String, DateTime<Utc>, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(OWN).bind(me).fetch_all(db).await)?;
    Ok(rows.into_iter().map(own_shift).collect())
}

/// All that is kept of a person's shifts, also what was replaced and could come back.
pub(crate) async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<OwnShift>> {
    let rows: Vec<(String, DateTime<Utc>, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(OF_PERSON).bind(person.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(own_shift).collect())
}

fn own_shift((team, starts_at, ends_at): (String, DateTime<Utc>, DateTime<Utc>)) -> OwnShift {
    OwnShift { team, starts_at, ends_at }
}

/// Takes a person out of their shifts; the shifts stay as nobody's.
pub(crate) async fn forget(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    Ok(())
}

/// A shift for figures: whose team, who, from and until.
pub(crate) struct FigureShift {
    pub(crate) team: TeamId,
    pub(crate) person: Option<PersonId>,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
}

const OVER: &str = "
select team_id, person_id, starts_at, ends_at from on_call_shifts
where replaced_by is null and starts_at >= $1 and starts_at < $2 and ends_at <= $3 and (team_id = $4 or $4 is null)
order by team_id, starts_at, id";
const ZONES: &str = "select team_id, zone from on_call_imports order by imported_at, id";

/// Shifts that began between two instants and are over, by team.
pub(crate) async fn over(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    team: Option<TeamId>,
    now: DateTime<Utc>,
) -> Result<Vec<FigureShift>> {
    let team = team.map(|team| team.0);
    type ShiftRow = (Uuid, Option<Uuid>, DateTime<Utc>, DateTime<Utc>);
    let rows: Vec<ShiftRow> =
        on!(conn, db => sqlx::query_as(OVER).bind(from).bind(until).bind(now).bind(team).fetch_all(db).await)?;
    let shift = |(team, person, starts_at, ends_at): (Uuid, Option<Uuid>, _, _)| FigureShift {
        team: TeamId(team),
        person: person.map(PersonId),
        starts_at,
        ends_at,
    };
    Ok(rows.into_iter().map(shift).collect())
}

/// The zone of each rota: that of its latest import.
pub(crate) async fn zones(conn: &mut Conn) -> Result<BTreeMap<TeamId, String>> {
    let rows: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(ZONES).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(team, zone)| (TeamId(team), zone)).collect())
}

/// How many different people stand in these shifts.
pub(crate) fn people_in<'a>(shifts: impl IntoIterator<Item = &'a FigureShift>) -> usize {
    shifts.into_iter().filter_map(|shift| shift.person).collect::<BTreeSet<_>>().len()
}
