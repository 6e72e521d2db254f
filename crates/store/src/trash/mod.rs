//! The trash: an incident in it is nowhere else. It can be put back whole until its day comes, then it is gone with its key.

mod known;
mod merging;
mod purge;

pub use known::merged_into;
pub use merging::{Merging, merge, merging};
pub use purge::{Emptied, delete_now, empty};

pub(crate) use known::{is_gone, next_number, not_revived};

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::timeline::attachments;
use crate::{Result, Store, StoreError, audit, reviews, settings, standing};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::{Right, Standing, may};
use domain::{IncidentId, Invalid, PersonId};
use uuid::Uuid;

const COUNTS: &str = "
select
  (select count(*) from events e where e.incident_id = $1 and e.deleted_at is null) as events,
  (select count(*) from factors f where f.incident_id = $1) + (select count(*) from learnings l where l.incident_id = $1) as learned,
  (select count(distinct a.author_id) from answers a where a.incident_id = $1 and a.released_at is not null) as spoken,
  (select count(*) from invitations v where v.incident_id = $1 and v.state <> 'withdrawn') as asked";
const BY_NUMBER: &str = "select id from incidents where number = $1 and trashed_at is null";
const TRASH: &str = "update incidents set trashed_at = $2, trashed_by = $3 where id = $1 and trashed_at is null";
const END_SESSIONS: &str = "
delete from sessions where invitation_id in (select v.id from invitations v where v.incident_id = $1)";
const PUT_BACK: &str = "
update incidents set trashed_at = null, trashed_by = null, merged_into = null where id = $1 and trashed_at is not null";
const TRASHED: &str = "
select i.id, i.number, i.title, i.created_by, i.published_at, i.restricted, i.trashed_at, p.name as trashed_by,
  m.number as merged_number,
  exists (select 1 from reviews w where w.incident_id = i.id) as reviewed,
  exists (select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $1 and r.role = 'facilitator') as facilitator,
  exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1) as named
from incidents i left join people p on p.id = i.trashed_by left join incidents m on m.id = i.merged_into
where i.trashed_at is not null and (i.number = $2 or $2 = 0)
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
order by i.trashed_at desc, i.number desc";

/// What goes into the trash with an incident, for the page that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Going {
    /// Timeline events.
    pub events: i64,
    /// Factors and learnings.
    pub learned: i64,
    /// People whose submitted words go with it; for who does not facilitate, people who were asked: how many of them talked is nobody's
    /// business.
    pub people: i64,
    /// `people` counts those who talked.
    pub exact: bool,
    /// Somebody's words are in it: the key must be typed.
    pub typed_key: bool,
    /// Days until it is gone for good.
    pub days: i64,
}

/// An incident in the trash, for who may put it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    /// Its id.
    pub id: IncidentId,
    /// Its key.
    pub key: IncidentKey,
    /// Its title; `None` for who may delete it without seeing it.
    pub title: Option<String>,
    /// When it was put there.
    pub at: DateTime<Utc>,
    /// Who put it there.
    pub by: Option<String>,
    /// From when on it is gone for good.
    pub gone_at: DateTime<Utc>,
    /// The incident that it was merged into.
    pub merged_into: Option<IncidentKey>,
    /// The viewer may delete it now.
    pub may_delete_now: bool,
}

#[derive(sqlx::FromRow)]
struct CountsRow {
    events: i64,
    learned: i64,
    spoken: i64,
    asked: i64,
}

#[derive(sqlx::FromRow)]
struct TrashedRow {
    id: Uuid,
    number: i64,
    title: String,
    created_by: Option<Uuid>,
    published_at: Option<DateTime<Utc>>,
    restricted: bool,
    trashed_at: DateTime<Utc>,
    trashed_by: Option<String>,
    merged_number: Option<i64>,
    reviewed: bool,
    facilitator: bool,
    named: bool,
}

impl TrashedRow {
    fn standing(&self, viewer: &Viewer) -> Standing {
        Standing {
            facilitator: self.facilitator,
            importer: self.created_by == Some(viewer.person_id.0),
            published: self.published_at.is_some(),
            reviewed: self.reviewed,
            ..Standing::of(viewer)
        }
    }

    fn into_trashed(self, standing: &Standing, days: i64) -> Trashed {
        Trashed {
            id: IncidentId(self.id),
            key: IncidentKey(self.number),
            title: (self.named || !self.restricted).then_some(self.title),
            at: self.trashed_at,
            by: self.trashed_by,
            gone_at: self.trashed_at + TimeDelta::days(days),
            merged_into: self.merged_number.map(IncidentKey),
            may_delete_now: standing.administrator,
        }
    }
}

/// What would go into the trash with this incident.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may delete it.
pub async fn going(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Going> {
    let mut conn = store.read().await?;
    let standing = standing::require(&mut conn, viewer, Right::DeleteIncident, incident, now).await?;
    about(&mut conn, &standing, incident).await
}

async fn about(conn: &mut Conn, standing: &Standing, incident: IncidentId) -> Result<Going> {
    let row: CountsRow = on!(conn, db => sqlx::query_as(COUNTS).bind(incident.0).fetch_one(db).await)?;
    let exact = may(Right::Invite, standing);
    Ok(Going {
        events: row.events,
        learned: row.learned,
        people: if exact { row.spoken } else { row.asked },
        exact,
        typed_key: row.asked > 0,
        days: settings::trash_days(conn).await?,
    })
}

/// Puts an incident into the trash. Its personal links stop working and their sessions end.
///
/// # Errors
/// Field `key` when people were asked to talk and the key was not typed; [`StoreError::NotFound`] without the right.
pub async fn put_in(store: &Store, viewer: &Viewer, incident: IncidentId, typed: &str, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let standing = standing::require(&mut conn, viewer, Right::DeleteIncident, incident, now).await?;
    let going = about(&mut conn, &standing, incident).await?;
    let key = key_of(&mut conn, incident).await?;
    if going.typed_key && typed.trim().parse() != Ok(key) {
        return Err(Invalid::one("key", format!("Please type {key} to say that it is this one.")).into());
    }
    trash(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "incident.trash", &incident.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Puts an incident into the trash by its key alone, without opening it. A restricted one that does not name the administrator is not
/// there for this either.
///
/// # Errors
/// Field `key` when there is none of this key for the viewer; [`StoreError::NotFound`] for all but administrators.
pub async fn put_in_by_key(store: &Store, viewer: &Viewer, typed: &str, now: DateTime<Utc>) -> Result<IncidentKey> {
    check_global(Right::Administer, viewer)?;
    let none = || Invalid::one("key", "There is no incident of this key outside the trash. Keys look like INC-12.");
    let key: IncidentKey = typed.trim().parse().map_err(|()| none())?;
    let mut conn = store.write().await?;
    let found: Option<Uuid> = on!(conn, db => sqlx::query_scalar(BY_NUMBER).bind(key.0).fetch_optional(db).await)?;
    let incident = IncidentId(found.ok_or_else(none)?);
    match standing::require(&mut conn, viewer, Right::DeleteIncident, incident, now).await {
        Err(StoreError::NotFound) => return Err(none().into()),
        other => other?,
    };
    trash(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "incident.trash", &incident.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(key)
}

async fn trash(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    // A link for people outside that is made meanwhile would open when it is put back.
    audit::take_turn(conn).await?;
    if run!(conn, sqlx::query(TRASH).bind(incident.0).bind(now).bind(viewer.person_id.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    run!(conn, sqlx::query(END_SESSIONS).bind(incident.0))?;
    reviews::end_shares(conn, incident).await
}

async fn key_of(conn: &mut Conn, incident: IncidentId) -> Result<IncidentKey> {
    const NUMBER: &str = "select number from incidents where id = $1";
    let number: Option<i64> = on!(conn, db => sqlx::query_scalar(NUMBER).bind(incident.0).fetch_optional(db).await)?;
    number.map(IncidentKey).ok_or(StoreError::NotFound)
}

/// What the viewer may put back, last trashed first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Trashed>> {
    check_global(Right::SeeIncidents, viewer)?;
    let mut conn = store.read().await?;
    find(&mut conn, viewer, None).await
}

async fn find(conn: &mut Conn, viewer: &Viewer, key: Option<IncidentKey>) -> Result<Vec<Trashed>> {
    let days = settings::trash_days(conn).await?;
    let rows: Vec<TrashedRow> = on!(conn, db => sqlx::query_as(TRASHED)
        .bind(viewer.person_id.0).bind(key.map_or(0, |k| k.0)).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let standing = row.standing(viewer);
            may(Right::DeleteIncident, &standing).then(|| row.into_trashed(&standing, days))
        })
        .collect())
}

/// Puts an incident back with everything that is in it; one that was merged takes back what it brought.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not in the trash or the viewer may not put it back.
pub async fn put_back(store: &Store, viewer: &Viewer, key: IncidentKey, now: DateTime<Utc>) -> Result<()> {
    // What is given back is sealed anew, and that may be much.
    let mut conn = store.bulk().await?;
    let found = find(&mut conn, viewer, Some(key)).await?.pop().ok_or(StoreError::NotFound)?;
    let left = merging::split(&mut conn, viewer, found.id, now).await?;
    if run!(conn, sqlx::query(PUT_BACK).bind(found.id.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "incident.put-back", &found.id.to_string(), Some(found.id)).await?;
    conn.commit().await?;
    attachments::unlink(store, &left);
    Ok(())
}

/// Who did it, where somebody did.
fn actor(viewer: Option<&Viewer>) -> Option<PersonId> {
    viewer.map(|v| v.person_id)
}
