//! Two incidents that are the same one: what one of them gathered moves to the other, it goes into the trash, and from there it can be
//! split off again. People gave their words to one conversation: these never move.

use super::{actor, key_of};
use crate::db::{Conn, on, run};
use crate::history::Edit;
use crate::timeline::{attachments, raw_moving};
use crate::{Result, Store, StoreError, audit, history, incidents, learnings, sources, standing};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, ObjectKind};
use domain::incidents::IncidentKey;
use domain::people::{IncidentRole, Viewer};
use domain::rights::Right;
use domain::{IncidentId, Invalid, PersonId, SourceId};
use uuid::Uuid;

/// What a merge would do, for the page that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merging {
    /// The incident that stays, with its title and times.
    pub into: IncidentKey,
    /// Its title.
    pub into_title: String,
    /// Events that move.
    pub events: i64,
    /// Factors that move.
    pub factors: i64,
    /// Learnings that move.
    pub learnings: i64,
    /// Documents that move.
    pub sources: i64,
    /// Entries of the raw log that move.
    pub raw_entries: i64,
    /// Files and images that move.
    pub attachments: i64,
    /// Services that the one that stays concerns as well from then on.
    pub services: i64,
    /// Planned items that move; they stay behind the wall.
    pub items: i64,
    /// People who plan there, or are named on it, as well from then on.
    pub people: i64,
    /// The text of its story does not move: it goes into the trash.
    pub story_stays: bool,
    /// Why it cannot be done, in words; `None`: it can.
    pub keeps: Option<&'static str>,
}

const FIND_INTO: &str = "select id, title, restricted from incidents where number = $1 and trashed_at is null";
const RESTRICTED: &str = "select restricted from incidents where id = $1";
const MOVES: &str = "
select
  (select count(*) from events e where e.incident_id = $1 and e.deleted_at is null) as events,
  (select count(*) from factors f where f.incident_id = $1) as factors,
  (select count(*) from learnings l where l.incident_id = $1) as learnings,
  (select count(*) from learnings_met m where m.incident_id = $1) as met,
  (select count(*) from sources s where s.incident_id = $1) as sources,
  (select count(*) from raw_entries r where r.incident_id = $1 and r.removed_at is null) as raw_entries,
  (select count(*) from attachments a where a.incident_id = $1 and a.removed_at is null) as attachments,
  (select count(*) from items t where t.incident_id = $1) as items,
  (select count(*) from incident_services s where s.incident_id = $1
    and not exists (select 1 from incident_services o where o.incident_id = $2 and o.service_id = s.service_id)) as services,
  (select count(distinct r.person_id) from incident_roles r where r.incident_id = $1 and r.role in ('planner', 'participant')
    and not exists (select 1 from incident_roles o where o.incident_id = $2 and o.person_id = r.person_id and o.role = r.role))
    as people,
  exists (select 1 from sections c where c.incident_id = $1 and c.body <> '') as story";
const VOICES: &str = "
select
  exists (select 1 from reviews w where w.incident_id = $1) as reviewed,
  exists (select 1 from invitations v where v.incident_id = $1) or exists (select 1 from parked k where k.incident_id = $1) as heard";

const LAST_EVENT: &str = "select coalesce(max(position), 0) from events where incident_id = $1";
const LAST_FACTOR: &str = "select coalesce(max(position), 0) from factors where incident_id = $1";
const LAST_LEARNING: &str = "select coalesce(max(position), 0) from learnings where incident_id = $1";
const LAST_ITEM: &str = "select coalesce(max(position), 0) from items where incident_id = $1";
const NOTE_EVENTS: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'event', id, cast($3 as text) from events where incident_id = $1";
// A hypothesis has its place by its time alone: nothing to shift.
const NOTE_HYPOTHESES: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'hypothesis', id, '' from hypotheses where incident_id = $1";
const MOVE_HYPOTHESES: &str = "
update hypotheses set incident_id = $2
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $3 and kind = 'hypothesis')";
// That a learning was met again has no place to shift either.
// What the other one met as well stays with the merged one, and stands there again when they are split.
const NOTE_MET: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'met', m.id, '' from learnings_met m
where m.incident_id = $1
  and not exists (select 1 from learnings_met o where o.incident_id = $2 and o.learning_id = m.learning_id)";
const MOVE_MET: &str = "
update learnings_met set incident_id = $2
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $3 and kind = 'met')";
const NOTE_FACTORS: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'factor', id, cast($3 as text) from factors where incident_id = $1";
const NOTE_LEARNINGS: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'learning', id, cast($3 as text) from learnings where incident_id = $1";
const NOTE_ITEMS: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail)
select $2, $1, 'item', id, cast($3 as text) from items where incident_id = $1";
const MOVE_EVENTS: &str = "
update events set incident_id = $2, position = position + $3
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $4 and kind = 'event')";
const MOVE_FACTORS: &str = "
update factors set incident_id = $2, position = position + $3
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $4 and kind = 'factor')";
// The tags of a factor follow it.
const MOVE_TAGS: &str = "
update factor_tags set incident_id = $2
where incident_id = $1 and factor_id in (select object_id from merged_things where from_incident_id = $3 and kind = 'factor')";
const MOVE_LEARNINGS: &str = "
update learnings set incident_id = $2, position = position + $3
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $4 and kind = 'learning')";
const MOVE_ITEMS: &str = "
update items set incident_id = $2, position = position + $3
where incident_id = $1 and id in (select object_id from merged_things where from_incident_id = $4 and kind = 'item')";
const MOVE_EDITS: &str = "
update edits set incident_id = $2
where incident_id = $1 and object_id in (select object_id from merged_things where from_incident_id = $3)";
const SHIFT: &str = "select detail from merged_things where from_incident_id = $1 and kind = $2 limit 1";
const NOTE_ONE: &str = "
insert into merged_things (incident_id, from_incident_id, kind, object_id, detail) values ($1, $2, $3, $4, $5)";
const MERGED: &str = "select object_id from merged_things where from_incident_id = $1 and kind = $2";
const FORGET: &str = "delete from merged_things where from_incident_id = $1";
const ROLES: &str = "
select r.person_id, r.role from incident_roles r where r.incident_id = $1 and r.role in ('planner', 'participant')
  and not exists (select 1 from incident_roles o where o.incident_id = $2 and o.person_id = r.person_id and o.role = r.role)";
const END_ROLE: &str = "delete from incident_roles where incident_id = $1 and person_id = $2 and role = $3";
const MERGED_ROLES: &str = "select object_id, detail from merged_things where from_incident_id = $1 and kind = 'role'";
const SERVICES: &str = "
select s.service_id from incident_services s where s.incident_id = $1
  and not exists (select 1 from incident_services o where o.incident_id = $2 and o.service_id = s.service_id)";
const NAME_SERVICE: &str = "insert into incident_services (incident_id, service_id) values ($1, $2)";
const LET_GO_SERVICE: &str = "delete from incident_services where incident_id = $1 and service_id = $2";
const SET_MERGED: &str = "update incidents set merged_into = $2 where id = $1";
const MERGED_INTO: &str = "select merged_into from incidents where id = $1";
const TITLE: &str = "select title from incidents where id = $1";

#[derive(sqlx::FromRow)]
struct MovesRow {
    events: i64,
    factors: i64,
    learnings: i64,
    met: i64,
    sources: i64,
    raw_entries: i64,
    attachments: i64,
    items: i64,
    services: i64,
    people: i64,
    story: bool,
}

struct Pair {
    from: IncidentId,
    into: IncidentId,
    merging: Merging,
}

/// What merging `from` into the incident of the typed key would do.
///
/// # Errors
/// Field `into` when the viewer sees no other incident of this key; [`StoreError::NotFound`] unless they may delete `from`.
pub async fn merging(store: &Store, viewer: &Viewer, from: IncidentId, into: &str, now: DateTime<Utc>) -> Result<Merging> {
    Ok(look(&mut store.read().await?, viewer, from, into, now).await?.merging)
}

async fn look(conn: &mut Conn, viewer: &Viewer, from: IncidentId, into: &str, now: DateTime<Utc>) -> Result<Pair> {
    standing::require(conn, viewer, Right::DeleteIncident, from, now).await?;
    standing::require(conn, viewer, Right::EditIncidents, from, now).await?;
    let none = || Invalid::one("into", "You see no other incident of this key. Keys look like INC-12.");
    let key: IncidentKey = into.trim().parse().map_err(|()| none())?;
    let found: Option<(Uuid, String, bool)> = on!(conn, db => sqlx::query_as(FIND_INTO).bind(key.0).fetch_optional(db).await)?;
    let (id, into_title, restricted) = found.filter(|(id, ..)| *id != from.0).ok_or_else(none)?;
    let into = IncidentId(id);
    match standing::require(conn, viewer, Right::EditIncidents, into, now).await {
        Err(StoreError::NotFound) => return Err(none().into()),
        other => {
            other?;
        }
    }
    let moves: MovesRow = on!(conn, db => sqlx::query_as(MOVES).bind(from.0).bind(into.0).fetch_one(db).await)?;
    let from_restricted: bool = on!(conn, db => sqlx::query_scalar(RESTRICTED).bind(from.0).fetch_one(db).await)?;
    let (reviewed, heard): (bool, bool) = on!(conn, db => sqlx::query_as(VOICES).bind(from.0).fetch_one(db).await)?;
    let (other_reviewed, other_heard): (bool, bool) = on!(conn, db => sqlx::query_as(VOICES).bind(into.0).fetch_one(db).await)?;
    let learned = moves.factors + moves.learnings + moves.met > 0;
    let keeps = if (reviewed || heard) && (other_reviewed || other_heard) {
        Some("People gave their words to both. They gave them to one conversation each, so these two stay two.")
    } else if reviewed || heard {
        Some("People were asked about this one, and their words stay where they were given. Please merge the other one into it.")
    } else if restricted != from_restricted {
        Some(
            "One of the two is restricted and the other is not. Please make them alike first, so that nobody sees more than before.",
        )
    } else if learned && other_reviewed && !learnings::may_keep_in(conn, viewer, into, now).await? {
        Some("Factors and learnings would come into a review that somebody else leads. Please ask its facilitator to merge them.")
    } else {
        None
    };
    let merging = Merging {
        into: key,
        into_title,
        events: moves.events,
        factors: moves.factors,
        learnings: moves.learnings,
        sources: moves.sources,
        raw_entries: moves.raw_entries,
        attachments: moves.attachments,
        items: moves.items,
        services: moves.services,
        people: moves.people,
        story_stays: moves.story,
        keeps,
    };
    Ok(Pair { from, into, merging })
}

/// Merges `from` into the incident of the typed key, and answers that key.
///
/// # Errors
/// [`StoreError::Refused`] with the reason of [`Merging::keeps`]; as [`merging`] else.
pub async fn merge(store: &Store, viewer: &Viewer, from: IncidentId, into: &str, now: DateTime<Utc>) -> Result<IncidentKey> {
    let mut conn = store.bulk().await?;
    // First, because it takes the writers' turn on PostgreSQL: what is counted from here on is what moves.
    audit::note(&mut conn, now, actor(Some(viewer)), "incident.merge", &from.to_string(), Some(from)).await?;
    let Pair { from, into, merging } = look(&mut conn, viewer, from, into, now).await?;
    if let Some(keeps) = merging.keeps {
        return Err(StoreError::Refused(keeps));
    }
    for (last, note, shift) in [
        (LAST_EVENT, NOTE_EVENTS, MOVE_EVENTS),
        (LAST_FACTOR, NOTE_FACTORS, MOVE_FACTORS),
        (LAST_LEARNING, NOTE_LEARNINGS, MOVE_LEARNINGS),
        (LAST_ITEM, NOTE_ITEMS, MOVE_ITEMS),
    ] {
        let behind: i64 = on!(conn, db => sqlx::query_scalar(last).bind(into.0).fetch_one(db).await)?;
        run!(conn, sqlx::query(note).bind(from.0).bind(into.0).bind(behind.to_string()))?;
        run!(conn, sqlx::query(shift).bind(from.0).bind(into.0).bind(behind).bind(from.0))?;
    }
    run!(conn, sqlx::query(MOVE_TAGS).bind(from.0).bind(into.0).bind(from.0))?;
    run!(conn, sqlx::query(NOTE_HYPOTHESES).bind(from.0).bind(into.0))?;
    run!(conn, sqlx::query(MOVE_HYPOTHESES).bind(from.0).bind(into.0).bind(from.0))?;
    run!(conn, sqlx::query(NOTE_MET).bind(from.0).bind(into.0))?;
    run!(conn, sqlx::query(MOVE_MET).bind(from.0).bind(into.0).bind(from.0))?;
    run!(conn, sqlx::query(MOVE_EDITS).bind(from.0).bind(into.0).bind(from.0))?;
    for source in sources::ids(&mut conn, from).await? {
        sources::move_to(&mut conn, source, from, into).await?;
        note_one(&mut conn, (from, into), "source", source.0, "").await?;
    }
    raw_moving::merge(&mut conn, from, into).await?;
    let left = attachments::merge(&mut conn, from, into).await?;
    let roles: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(ROLES).bind(from.0).bind(into.0).fetch_all(db).await)?;
    for (person, slug) in roles {
        let role = [IncidentRole::Planner, IncidentRole::Participant].into_iter().find(|role| role.slug() == slug);
        let role = role.ok_or(StoreError::Corrupt { table: "incident_roles", column: "role" })?;
        incidents::add_role(&mut conn, into, PersonId(person), role, viewer.person_id, now).await?;
        note_one(&mut conn, (from, into), "role", person, role.slug()).await?;
    }
    let services: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(SERVICES).bind(from.0).bind(into.0).fetch_all(db).await)?;
    for service in services {
        run!(conn, sqlx::query(NAME_SERVICE).bind(into.0).bind(service))?;
        note_one(&mut conn, (from, into), "service", service, "").await?;
    }
    run!(conn, sqlx::query(SET_MERGED).bind(from.0).bind(into.0))?;
    tell(&mut conn, viewer, from, into, Change::Merged, now).await?;
    super::trash(&mut conn, viewer, from, now).await?;
    incidents::touch(&mut conn, into, now).await?;
    conn.commit().await?;
    attachments::unlink(store, &left);
    Ok(merging.into)
}

async fn note_one(conn: &mut Conn, (from, into): (IncidentId, IncidentId), kind: &str, object: Uuid, detail: &str) -> Result<()> {
    run!(conn, sqlx::query(NOTE_ONE).bind(into.0).bind(from.0).bind(kind).bind(object).bind(detail))?;
    Ok(())
}

/// Tells the merge, or its undoing, in the history of the incident that stays.
async fn tell(
    conn: &mut Conn,
    viewer: &Viewer,
    from: IncidentId,
    into: IncidentId,
    change: Change,
    now: DateTime<Utc>,
) -> Result<()> {
    let title: String = on!(conn, db => sqlx::query_scalar(TITLE).bind(from.0).fetch_one(db).await)?;
    let other = Fields::from([("merged".to_owned(), format!("{} {title}", key_of(conn, from).await?))]);
    let version = incidents::version(conn, into).await?;
    let (before, after) = if change == Change::Merged { (None, Some(other)) } else { (Some(other), None) };
    let by = Some(viewer.person_id);
    let edit = Edit { incident: into, kind: ObjectKind::Incident, object: into.0, version, change, before, after, by };
    history::note(conn, &edit, now).await
}

/// Gives back what came with a merge, as it is now; what was removed since stays removed. Nothing to do for what was never merged. Answers
/// the files that are to be removed once this is committed.
pub(super) async fn split(conn: &mut Conn, viewer: &Viewer, from: IncidentId, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let into: Option<Option<Uuid>> = on!(conn, db => sqlx::query_scalar(MERGED_INTO).bind(from.0).fetch_optional(db).await)?;
    let Some(into) = into.flatten().map(IncidentId) else { return Ok(Vec::new()) };
    for (kind, shift) in [("event", MOVE_EVENTS), ("factor", MOVE_FACTORS), ("learning", MOVE_LEARNINGS), ("item", MOVE_ITEMS)] {
        let behind: Option<String> = on!(conn, db => sqlx::query_scalar(SHIFT).bind(from.0).bind(kind).fetch_optional(db).await)?;
        let back = -behind.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        run!(conn, sqlx::query(shift).bind(into.0).bind(from.0).bind(back).bind(from.0))?;
    }
    run!(conn, sqlx::query(MOVE_TAGS).bind(into.0).bind(from.0).bind(from.0))?;
    run!(conn, sqlx::query(MOVE_HYPOTHESES).bind(into.0).bind(from.0).bind(from.0))?;
    run!(conn, sqlx::query(MOVE_MET).bind(into.0).bind(from.0).bind(from.0))?;
    run!(conn, sqlx::query(MOVE_EDITS).bind(into.0).bind(from.0).bind(from.0))?;
    let moved: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(MERGED).bind(from.0).bind("source").fetch_all(db).await)?;
    for source in moved {
        sources::move_to(conn, SourceId(source), into, from).await?;
    }
    raw_moving::split(conn, into, from).await?;
    let left = attachments::split(conn, into, from).await?;
    let roles: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(MERGED_ROLES).bind(from.0).fetch_all(db).await)?;
    for (person, role) in roles {
        run!(conn, sqlx::query(END_ROLE).bind(into.0).bind(person).bind(role))?;
    }
    let services: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(MERGED).bind(from.0).bind("service").fetch_all(db).await)?;
    for service in services {
        run!(conn, sqlx::query(LET_GO_SERVICE).bind(into.0).bind(service))?;
    }
    run!(conn, sqlx::query(FORGET).bind(from.0))?;
    tell(conn, viewer, from, into, Change::Deleted, now).await?;
    incidents::touch(conn, into, now).await?;
    Ok(left)
}
