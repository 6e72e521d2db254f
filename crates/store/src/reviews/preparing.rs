//! What is prepared before a review's meeting: facts counted here, what the facilitator says by hand, and when the meeting is.

use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::reviews::preparing::{Facts, Mark, Meeting, Part, Standing};
use domain::rights::Right;

const COUNTS: &str = "
select
  (select count(*) from incident_roles r where r.incident_id = i.id and r.role = 'facilitator') as facilitators,
  (select count(*) from events e where e.incident_id = i.id and e.deleted_at is null) as events,
  exists (select 1 from events e where e.incident_id = i.id and e.deleted_at is null and e.at < i.started_at) as begins_before,
  (select count(*) from invitations v where v.incident_id = i.id and v.state <> 'withdrawn') as asked,
  (select count(*) from invitations v where v.incident_id = i.id and v.state in ('submitted', 'declined')) as answered,
  (select count(*) from placed_words w where w.incident_id = i.id) as placed,
  (select count(*) from themes t where t.incident_id = i.id) as themes,
  exists (select 1 from sections s where s.incident_id = i.id and s.kind in ('summary', 'narrative') and s.body <> '') as told,
  (select count(*) from excerpts x where x.incident_id = i.id and x.state <> 'left-out') as quotes,
  (select count(*) from excerpts x where x.incident_id = i.id and x.state in ('waiting', 'change')) as unsettled,
  (select count(*) from meeting_calls c where c.incident_id = i.id and exists (
    select 1 from invitations v where v.incident_id = i.id and v.person_id = c.person_id and v.state <> 'withdrawn')) as calls,
  (select count(*) from meeting_calls c where c.incident_id = i.id and c.answer is not null and exists (
    select 1 from invitations v where v.incident_id = i.id and v.person_id = c.person_id and v.state <> 'withdrawn')) as calls_answered
from incidents i where i.id = $1";
const MARKS: &str = "select part, mark, marked_at from preparation_marks where incident_id = $1";
const MARK: &str = "
insert into preparation_marks (incident_id, part, mark, marked_at) values ($1, $2, $3, $4)
on conflict (incident_id, part) do update set mark = excluded.mark, marked_at = excluded.marked_at";
const UNMARK: &str = "delete from preparation_marks where incident_id = $1 and part = $2";
const MEETING: &str = "select starts_at, zone, minutes, place, version from meeting_plans where incident_id = $1";
const PLAN: &str = "
insert into meeting_plans (incident_id, starts_at, zone, minutes, place, version) values ($1, $2, $3, $4, $5, 1)
on conflict (incident_id) do nothing";
const CHANGE_PLAN: &str = "
update meeting_plans set starts_at = $2, zone = $3, minutes = $4, place = $5, version = version + 1 where incident_id = $1 and version = $6";

#[derive(sqlx::FromRow)]
struct CountsRow {
    facilitators: i64,
    events: i64,
    begins_before: bool,
    asked: i64,
    answered: i64,
    placed: i64,
    themes: i64,
    told: bool,
    quotes: i64,
    unsettled: i64,
    calls: i64,
    calls_answered: i64,
}

#[derive(sqlx::FromRow)]
struct MeetingRow {
    starts_at: DateTime<Utc>,
    zone: String,
    minutes: i64,
    place: String,
    version: i64,
}

/// The board: every part and where it stands, and the meeting's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// All parts in their order.
    pub parts: Vec<(Part, Standing)>,
    /// The meeting.
    pub meeting: Option<Meeting>,
}

/// What is prepared, for who facilitates.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn preparation(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Preparation> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let counts: CountsRow = on!(conn, db => sqlx::query_as(COUNTS).bind(incident.0).fetch_one(db).await)?;
    let rows: Vec<(String, String, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(MARKS).bind(incident.0).fetch_all(db).await)?;
    let marks: Vec<(Part, Mark, DateTime<Utc>)> =
        rows.into_iter().filter_map(|(part, mark, at)| Some((Part::from_slug(&part)?, Mark::from_slug(&mark)?, at))).collect();
    let meeting = planned(&mut conn, incident).await?;
    let facts = counts.into_facts(meeting.clone());
    let standing = |part: Part| {
        let mark = marks.iter().find(|(of, ..)| *of == part).map(|(_, mark, at)| (*mark, *at));
        (part, facts.standing(part, mark))
    };
    Ok(Preparation { parts: Part::ALL.into_iter().map(standing).collect(), meeting })
}

impl CountsRow {
    fn into_facts(self, meeting: Option<Meeting>) -> Facts {
        let count = |n: i64| usize::try_from(n).unwrap_or_default();
        Facts {
            facilitators: count(self.facilitators),
            events: count(self.events),
            begins_before: self.begins_before,
            asked: count(self.asked),
            answered: count(self.answered),
            placed: count(self.placed),
            themes: count(self.themes),
            told: self.told,
            quotes: count(self.quotes),
            unsettled: count(self.unsettled),
            calls: count(self.calls),
            calls_answered: count(self.calls_answered),
            meeting,
        }
    }
}

/// Says by hand where a part stands; `None` takes it back.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn mark_part(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    part: Part,
    mark: Option<Mark>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "preparation.mark", part.slug(), Some(incident)).await?;
    match mark {
        Some(mark) => run!(conn, sqlx::query(MARK).bind(incident.0).bind(part.slug()).bind(mark.slug()).bind(now))?,
        None => run!(conn, sqlx::query(UNMARK).bind(incident.0).bind(part.slug()))?,
    };
    conn.commit().await
}

/// When the review meets, for everybody who sees the incident.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn meeting(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Option<Meeting>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    planned(&mut conn, incident).await
}

pub(super) async fn planned(conn: &mut Conn, incident: IncidentId) -> Result<Option<Meeting>> {
    let row: Option<MeetingRow> = on!(conn, db => sqlx::query_as(MEETING).bind(incident.0).fetch_optional(db).await)?;
    Ok(row.map(|r| Meeting { at: r.starts_at, zone: r.zone, minutes: r.minutes, place: r.place, version: r.version }))
}

/// Plans the meeting, or moves it. `plan.version` is the version that the change started from, 0 for none.
///
/// # Errors
/// Fields `minutes` and `place`; [`StoreError::Stale`] when it was planned in between; [`StoreError::NotFound`] for all but the
/// facilitators.
pub async fn plan_meeting(store: &Store, viewer: &Viewer, incident: IncidentId, plan: Meeting, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let plan = plan.checked()?;
    audit::note(&mut conn, now, Some(viewer.person_id), "meeting.plan", &incident.to_string(), Some(incident)).await?;
    let touched = if plan.version == 0 {
        run!(conn, sqlx::query(PLAN).bind(incident.0).bind(plan.at).bind(plan.zone).bind(plan.minutes).bind(plan.place))?
    } else {
        run!(
            conn,
            sqlx::query(CHANGE_PLAN)
                .bind(incident.0)
                .bind(plan.at)
                .bind(plan.zone)
                .bind(plan.minutes)
                .bind(plan.place)
                .bind(plan.version)
        )?
    };
    if touched == 0 {
        return Err(StoreError::Stale);
    }
    conn.commit().await
}
