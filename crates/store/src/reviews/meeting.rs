//! The meeting as it runs: where it stands, who is here, and the words that open it. Its lines are in `lines`, who may be called on in `calls`.

use super::calls::{self, Call};
use super::lines::{self, Line};
use super::{preparing, themes};
use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::{check, require, standing};
use crate::{Result, Store, StoreError, audit, held, interviews};
use chrono::{DateTime, Duration, Utc};
use domain::people::Viewer;
use domain::reviews::meeting::{self as rules, Course, HERE_FOR, Stage};
use domain::reviews::preparing::Meeting;
use domain::reviews::themes::Theme;
use domain::rights::{Right, Standing, may};
use domain::{EventId, IncidentId, ThemeId};
use uuid::Uuid;

/// What is on the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wall {
    /// Where it stands.
    pub course: Course,
    /// The moment that is shown, if one was chosen.
    pub event: Option<EventId>,
    /// The theme in discussion, if one was chosen.
    pub theme: Option<ThemeId>,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The words that open a meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Own words; empty: those that come along ([`rules::OPENING`]).
    pub own: String,
    /// Counts its changes.
    pub version: i64,
}

impl Opening {
    /// What is read out.
    pub fn words(&self) -> &str {
        if self.own.trim().is_empty() { rules::OPENING } else { &self.own }
    }
}

/// A meeting as somebody sees it who is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// `None`: it has not begun.
    pub wall: Option<Wall>,
    /// What opens it.
    pub opening: Opening,
    /// When it was planned, and for how long.
    pub plan: Option<Meeting>,
    /// The themes on its agenda.
    pub themes: Vec<Theme>,
    /// Lines in their order; those taken out only for who leads it.
    pub lines: Vec<Line>,
    /// Who may be called on: all for who leads it, else the viewer's own.
    pub calls: Vec<Call>,
    /// Names of those who were there and are here now.
    pub here: Vec<String>,
    /// Names of those who listen.
    pub listening: Vec<String>,
    /// The viewer leads it.
    pub leads: bool,
    /// The viewer writes lines.
    pub speaks: bool,
    /// The viewer was asked, or leads it: lines stay for them.
    pub took_part: bool,
    /// Names this state: another one means that something changed.
    pub revision: String,
}

const FIND: &str = "
select opening_sealed, opening_version, started_at, ended_at, stage, stage_since, spent_json, event_id, theme_id, version
from meetings where incident_id = $1";
// A row that is made before the meeting is one that has not begun.
const MAKE: &str = "
insert into meetings (incident_id, opening_version, stage, spent_json, version) values ($1, 0, 'opening', '[0,0,0,0,0,0,0]', 0)
on conflict (incident_id) do nothing";
// Whoever changes a meeting takes its turn with this.
const TURN: &str = "update meetings set version = version + 1 where incident_id = $1";
const WRITE: &str = "
update meetings set started_at = $2, ended_at = $3, stage = $4, stage_since = $5, spent_json = $6, event_id = $7, theme_id = $8
where incident_id = $1";
const OPENING: &str = "
update meetings set opening_sealed = $2, opening_version = opening_version + 1 where incident_id = $1 and opening_version = $3";
const REVISION: &str = "
select coalesce((select m.version from meetings m where m.incident_id = i.id), 0), i.changed_at from incidents i where i.id = $1";
const ARRIVE: &str = "
insert into meeting_people (incident_id, person_id, seen_at) values ($1, $2, $3)
on conflict (incident_id, person_id) do update set seen_at = excluded.seen_at";
const SEEN: &str = "select seen_at from meeting_people where incident_id = $1 and person_id = $2";
const PEOPLE: &str = "
select p.name,
  exists (select 1 from invitations v where v.incident_id = m.incident_id and v.person_id = p.id and v.state <> 'withdrawn')
    or exists (select 1 from incident_roles r where r.incident_id = m.incident_id and r.person_id = p.id and r.role = 'facilitator')
from meeting_people m join people p on p.id = m.person_id where m.incident_id = $1 and m.seen_at > $2 order by p.name, p.id";
const LEAVE_ALL: &str = "delete from meeting_people where incident_id = $1";
// Once it is over, lines stand in the order of their random ids: who wrote last says nothing any more.
const FORGET_ORDER: &str = "update meeting_lines set position = 0 where incident_id = $1";
// Takes the row, so that an end that is under way comes first.
const STILL_RUNS: &str = "
update meetings set version = version where incident_id = $1 and started_at is not null and ended_at is null";

#[derive(sqlx::FromRow)]
struct MeetingRow {
    opening_sealed: Option<Vec<u8>>,
    opening_version: i64,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    stage: String,
    stage_since: Option<DateTime<Utc>>,
    spent_json: String,
    event_id: Option<Uuid>,
    theme_id: Option<Uuid>,
    version: i64,
}

impl MeetingRow {
    fn wall(&self) -> Option<Wall> {
        self.started_at?;
        Some(Wall {
            course: Course {
                stage: Stage::from_slug(&self.stage)?,
                since: self.stage_since?,
                spent: serde_json::from_str(&self.spent_json).ok()?,
            },
            event: self.event_id.map(EventId),
            theme: self.theme_id.map(ThemeId),
            ended_at: self.ended_at,
        })
    }
}

/// The viewer's standing, if they may be in the meeting. Who manages somebody who was asked does not listen.
pub(super) async fn enter(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Standing> {
    let mut standing = standing(conn, viewer, incident, now).await?;
    standing.manages_author = interviews::manages_invited(conn, incident, viewer.person_id).await?;
    check(Right::JoinMeeting, &standing)?;
    Ok(standing)
}

async fn found(conn: &mut Conn, incident: IncidentId) -> Result<Option<MeetingRow>> {
    Ok(on!(conn, db => sqlx::query_as(FIND).bind(incident.0).fetch_optional(db).await)?)
}

/// Takes the meeting's turn: other changes of it wait until this one is committed. Returns its new version.
pub(super) async fn take_turn(conn: &mut Conn, incident: IncidentId) -> Result<i64> {
    run!(conn, sqlx::query(MAKE).bind(incident.0))?;
    run!(conn, sqlx::query(TURN).bind(incident.0))?;
    Ok(found(conn, incident).await?.map_or(0, |row| row.version))
}

/// Whether the meeting runs now.
pub(super) async fn runs(conn: &mut Conn, incident: IncidentId) -> Result<bool> {
    Ok(found(conn, incident).await?.is_some_and(|row| row.started_at.is_some() && row.ended_at.is_none()))
}

async fn revision(conn: &mut Conn, incident: IncidentId) -> Result<String> {
    let (version, changed_at): (i64, DateTime<Utc>) =
        on!(conn, db => sqlx::query_as(REVISION).bind(incident.0).fetch_one(db).await)?;
    Ok(format!("{version}.{}", changed_at.timestamp_micros()))
}

/// The meeting; while it runs, that the viewer is here is noted.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not be in it.
pub async fn room(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Room> {
    arrive(store, viewer, incident, now).await?;
    let mut conn = store.read().await?;
    let standing = enter(&mut conn, viewer, incident, now).await?;
    let leads = may(Right::EditReview, &standing);
    // Before what it names: what is written meanwhile is seen with the next look.
    let revision = revision(&mut conn, incident).await?;
    let row = found(&mut conn, incident).await?;
    let wall = row.as_ref().and_then(MeetingRow::wall);
    let over = wall.as_ref().is_some_and(|wall| wall.ended_at.is_some());
    let took_part = standing.facilitator || standing.responder;
    let mut lines = Vec::new();
    if wall.is_some() && (took_part || !over) {
        lines = lines::all(&mut conn, incident).await?;
        lines.retain(|line| leads || !line.taken_out);
    }
    let mut on_agenda = Vec::new();
    if took_part || (wall.is_some() && !over) {
        let chosen = super::ballots::on_agenda(&mut conn, incident).await?;
        on_agenda = themes::all(&mut conn, incident).await?;
        on_agenda.retain(|theme| chosen.contains(&theme.id));
    }
    let calls = if leads || may(Right::SpeakInMeeting, &standing) {
        calls::of(&mut conn, incident, (!leads).then_some(viewer.person_id)).await?
    } else {
        Vec::new()
    };
    let plan = preparing::planned(&mut conn, incident).await?;
    let (here, listening) = people(&mut conn, incident, now).await?;
    let opening = opening(&mut conn, incident, row.as_ref()).await?;
    let speaks = may(Right::SpeakInMeeting, &standing) && wall.is_some() && !over;
    Ok(Room { wall, opening, plan, themes: on_agenda, lines, calls, here, listening, leads, speaks, took_part, revision })
}

/// Whether the meeting runs, for who may be in it; `None` for others.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn runs_for(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Option<bool>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    match enter(&mut conn, viewer, incident, now).await {
        Ok(_) => Ok(Some(runs(&mut conn, incident).await?)),
        Err(StoreError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn opening(conn: &mut Conn, incident: IncidentId, row: Option<&MeetingRow>) -> Result<Opening> {
    let Some(row) = row else { return Ok(Opening::default()) };
    let own = match &row.opening_sealed {
        None => String::new(),
        Some(sealed) => crypt::incident_key(conn, incident).await?.open(&place(incident), sealed)?,
    };
    Ok(Opening { own, version: row.opening_version })
}

fn place(incident: IncidentId) -> Place<'static> {
    Place { table: "meetings", row: incident.0, column: "opening", audience: "" }
}

async fn people(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<(Vec<String>, Vec<String>)> {
    let since = now - Duration::seconds(HERE_FOR);
    let rows: Vec<(String, bool)> = on!(conn, db => sqlx::query_as(PEOPLE).bind(incident.0).bind(since).fetch_all(db).await)?;
    let (there, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, there)| *there);
    let names = |rows: Vec<(String, bool)>| rows.into_iter().map(|(name, _)| name).collect();
    Ok((names(there), names(others)))
}

/// Notes that the viewer is here, while it runs. Written at most every third of the time that it counts for.
async fn arrive(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.read().await?;
    enter(&mut conn, viewer, incident, now).await?;
    let seen: Option<DateTime<Utc>> =
        on!(conn, db => sqlx::query_scalar(SEEN).bind(incident.0).bind(viewer.person_id.0).fetch_optional(db).await)?;
    let within = |seconds| seen.is_some_and(|at| now - at < Duration::seconds(seconds));
    if within(HERE_FOR / 3) || !runs(&mut conn, incident).await? {
        return Ok(());
    }
    drop(conn);
    let mut conn = store.write().await?;
    enter(&mut conn, viewer, incident, now).await?;
    if run!(conn, sqlx::query(STILL_RUNS).bind(incident.0))? == 0 {
        return Ok(());
    }
    // Who comes in, or comes back, is news to the others.
    if !within(HERE_FOR) {
        take_turn(&mut conn, incident).await?;
    }
    run!(conn, sqlx::query(ARRIVE).bind(incident.0).bind(viewer.person_id.0).bind(now))?;
    conn.commit().await
}

/// Waits until the meeting is another than `seen`, for so many looks; then says which it is now. Whoever waits is here.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not be in it, also when that changes while they wait.
pub async fn next(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    seen: &str,
    looks: u32,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    arrive(store, viewer, incident, now).await?;
    held::until(store, looks, |mut conn| async move {
        enter(&mut conn, viewer, incident, now).await?;
        let revision = revision(&mut conn, incident).await?;
        Ok((revision != seen).then_some(revision))
    })
    .await
}

/// Who leads changes the meeting; `how` says what it is then, from what it was.
async fn change(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    act: &'static str,
    now: DateTime<Utc>,
    how: impl FnOnce(Option<Wall>) -> Result<Wall>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), act, &incident.to_string(), Some(incident)).await?;
    take_turn(&mut conn, incident).await?;
    let row = found(&mut conn, incident).await?;
    let started = row.as_ref().and_then(|row| row.started_at).unwrap_or(now);
    let wall = how(row.as_ref().and_then(MeetingRow::wall))?;
    let spent = serde_json::to_string(&wall.course.spent).unwrap_or_default();
    run!(
        conn,
        sqlx::query(WRITE)
            .bind(incident.0)
            .bind(started)
            .bind(wall.ended_at)
            .bind(wall.course.stage.slug())
            .bind(wall.course.since)
            .bind(spent)
            .bind(wall.event.map(|id| id.0))
            .bind(wall.theme.map(|id| id.0))
    )?;
    if wall.ended_at.is_some() {
        run!(conn, sqlx::query(LEAVE_ALL).bind(incident.0))?;
        run!(conn, sqlx::query(FORGET_ORDER).bind(incident.0))?;
    }
    conn.commit().await
}

/// Begins it, or goes on with one that ended. Beginning one that runs changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn begin(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    change(store, viewer, incident, "meeting.begin", now, |wall| {
        Ok(match wall {
            None => Wall { course: Course::begin(now), event: None, theme: None, ended_at: None },
            Some(wall) if wall.ended_at.is_some() => {
                Wall { course: Course { since: now, ..wall.course }, ended_at: None, ..wall }
            }
            Some(wall) => wall,
        })
    })
    .await
}

/// Turns to a stage, a moment, a theme; what is `None` stays.
///
/// # Errors
/// [`StoreError::Refused`] when it does not run; [`StoreError::NotFound`] for all but the facilitators.
pub async fn turn(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    stage: Option<Stage>,
    event: Option<EventId>,
    theme: Option<ThemeId>,
    now: DateTime<Utc>,
) -> Result<()> {
    change(store, viewer, incident, "meeting.turn", now, |wall| {
        let wall = running(wall)?;
        let course = match stage {
            Some(stage) => wall.course.turned(stage, now),
            None => wall.course,
        };
        Ok(Wall { course, event: event.or(wall.event), theme: theme.or(wall.theme), ended_at: None })
    })
    .await
}

/// Ends it: lines stay for those who took part, who was here is forgotten.
///
/// # Errors
/// As [`turn`].
pub async fn end(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    change(store, viewer, incident, "meeting.end", now, |wall| {
        let wall = running(wall)?;
        Ok(Wall { course: wall.course.paused(now), ended_at: Some(now), ..wall })
    })
    .await
}

fn running(wall: Option<Wall>) -> Result<Wall> {
    let not = StoreError::Refused("This meeting does not run just now.");
    wall.filter(|wall| wall.ended_at.is_none()).ok_or(not)
}

/// Keeps own words for the opening; empty ones bring back those that come along. `version`: the one that they started from.
///
/// # Errors
/// Field `opening`; [`StoreError::Stale`] when somebody changed them in between; [`StoreError::NotFound`] for all but the facilitators.
pub async fn set_opening(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    typed: &str,
    version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let words = rules::opening(typed)?;
    audit::note(&mut conn, now, Some(viewer.person_id), "meeting.opening", &incident.to_string(), Some(incident)).await?;
    take_turn(&mut conn, incident).await?;
    let sealed = match words.trim() {
        "" => None,
        _ => Some(crypt::incident_key(&mut conn, incident).await?.seal(&place(incident), &words)),
    };
    if run!(conn, sqlx::query(OPENING).bind(incident.0).bind(sealed).bind(version))? == 0 {
        return Err(StoreError::Stale);
    }
    conn.commit().await
}
