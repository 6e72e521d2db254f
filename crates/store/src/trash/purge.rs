//! Gone for good: first the key, then every row of every table, then the files. Audit entries stay, they hold no content; closed figures of groups stay.

use super::{Trashed, actor, find, known};
use crate::db::{Conn, Pools, on, run};
use crate::standing::check_global;
use crate::timeline::{attachments, raw_moving};
use crate::{Result, Store, StoreError, audit, crypt, settings};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid};
use std::time::Duration;
use uuid::Uuid;

/// Incidents that one run takes at most: the next run takes the rest.
const AT_ONCE: i64 = 200;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emptied {
    /// Incidents that are gone.
    pub incidents: usize,
    /// On SQLite, what was written before is gone from the log beside the file as well. `false`: a reader held it; it is written over
    /// in time, and emptied with the next removal or when the service stops.
    pub log_is_clean: bool,
}

const DUE: &str = "select id from incidents where trashed_at <= $1 order by trashed_at limit $2";
const STILL_DUE: &str = "
select i.number, i.restricted, i.origin_key, i.origin_hash, m.number as merged_number
from incidents i left join incidents m on m.id = i.merged_into where i.id = $1 and i.trashed_at <= $2";
const GUESTS: &str = "
select distinct p.id from people p join invitations v on v.person_id = p.id
where v.incident_id = $1 and p.email is null
  and not exists (select 1 from invitations o where o.person_id = p.id and o.incident_id <> $1)";
const REMEMBER: &str = "
insert into gone (number, origin_key_hash, origin_hash, merged_into_number, gone_at) values ($1, $2, $3, $4, $5)";

const ITEM_FACTORS: &str = "
delete from item_factors where item_id in (select id from items where incident_id = $1)
  or factor_id in (select id from factors where incident_id = $1)";
const ITEM_LEARNINGS: &str = "
delete from item_learnings where item_id in (select id from items where incident_id = $1)
  or learning_id in (select id from learnings where incident_id = $1)";
const ITEM_ANSWERS: &str = "delete from item_answers where item_id in (select id from items where incident_id = $1)";
const IDEA_GROUPS: &str = "delete from idea_groups where incident_id = $1";
const ITEMS: &str = "delete from items where incident_id = $1";
const PARKED: &str = "delete from parked where incident_id = $1";
const EXCERPT_SOURCES: &str = "
delete from excerpt_sources where excerpt_id in (select id from excerpts where incident_id = $1)
  or answer_id in (select id from answers where incident_id = $1)";
const PASSAGE_SOURCES: &str = "
delete from passage_sources where passage_id in (select id from passages where incident_id = $1)
  or answer_id in (select id from answers where incident_id = $1)";
const PASSAGES: &str = "delete from passages where incident_id = $1";
const PLACED_WORDS: &str = "
delete from placed_words where incident_id = $1 or event_id in (select id from events where incident_id = $1)
  or answer_id in (select id from answers where incident_id = $1)";
const TOLD_DIFFERENTLY: &str = "
delete from told_differently where incident_id = $1 or event_id in (select id from events where incident_id = $1)";
const THEMES: &str = "delete from themes where incident_id = $1";
const EXCERPTS: &str = "delete from excerpts where incident_id = $1";
const ANSWER_READS: &str = "delete from answer_reads where answer_id in (select id from answers where incident_id = $1)";
const ANSWERS: &str = "delete from answers where incident_id = $1";
const WORK_SESSIONS: &str = "delete from work_sessions where incident_id = $1";
const NOMINATIONS: &str = "delete from nominations where incident_id = $1";
const TALK_NOTES: &str = "delete from talk_notes where incident_id = $1";
const TALKS: &str = "delete from talks where incident_id = $1";
const AGREEMENTS: &str = "
delete from facilitator_agreements where invitation_id in (select id from invitations where incident_id = $1)";
const SESSIONS: &str = "delete from sessions where invitation_id in (select id from invitations where incident_id = $1)";
const OUTBOX: &str = "
delete from outbox where incident_id = $1 or invitation_id in (select id from invitations where incident_id = $1)";
const ENDED_LINKS: &str = "delete from ended_links where invitation_id in (select id from invitations where incident_id = $1)";
const INVITATIONS: &str = "delete from invitations where incident_id = $1";
const SECTION_VERSIONS: &str = "delete from section_versions where incident_id = $1";
const SECTIONS: &str = "delete from sections where incident_id = $1";
const SECTION_COMMENTS: &str = "delete from section_comments where incident_id = $1";
const REVISITS: &str = "delete from revisits where incident_id = $1";
const STORY_SHARES: &str = "delete from story_shares where incident_id = $1";
const REVIEWS: &str = "delete from reviews where incident_id = $1";
const KEPT_HINTS: &str = "delete from kept_hints where incident_id = $1";
const SIZINGS: &str = "delete from sizings where incident_id = $1";
const PREPARATION_MARKS: &str = "delete from preparation_marks where incident_id = $1";
const MEETING_PLANS: &str = "delete from meeting_plans where incident_id = $1";
const MEETING_CALLS: &str = "delete from meeting_calls where incident_id = $1";
const MEETING_PEOPLE: &str = "delete from meeting_people where incident_id = $1";
const MEETING_LINES: &str = "delete from meeting_lines where incident_id = $1";
const MEETINGS: &str = "delete from meetings where incident_id = $1";
const BALLOTS: &str = "delete from ballots where incident_id = $1";
const BALLOT_VOTERS: &str = "delete from ballot_voters where incident_id = $1";
const SURVEYS: &str = "delete from surveys where incident_id = $1";
const SURVEY_COUNTS: &str = "delete from survey_counts where incident_id = $1";
const SURVEY_ANSWERERS: &str = "delete from survey_answerers where incident_id = $1";
const STORY_READERS: &str = "delete from story_readers where incident_id = $1";
const READER_COUNTS: &str = "delete from reader_counts where incident_id = $1";
const WALLS: &str = "delete from walls where incident_id = $1";
const EDITS: &str = "delete from edits where incident_id = $1";
const MERGED_THINGS: &str = "delete from merged_things where incident_id = $1 or from_incident_id = $1";
const EVIDENCE: &str = "
delete from evidence where event_id in (select id from events where incident_id = $1)
  or entry_id in (select id from raw_entries where incident_id = $1)";
const RAW_ENTRIES: &str = "delete from raw_entries where incident_id = $1";
// What was merged and split may point across.
const LOOSE_ENTRIES: &str = "
update raw_entries set
  import_id = case when import_id in (select id from raw_imports where incident_id = $1) then null else import_id end,
  author_id = case when author_id in (select id from raw_authors where incident_id = $1) then null else author_id end
where import_id in (select id from raw_imports where incident_id = $1)
  or author_id in (select id from raw_authors where incident_id = $1)";
const RAW_IMPORTS: &str = "delete from raw_imports where incident_id = $1";
const RAW_AUTHORS: &str = "delete from raw_authors where incident_id = $1";
const ATTACHMENTS: &str = "delete from attachments where incident_id = $1";
const SEARCH_TEXTS: &str = "delete from search_texts where incident_id = $1";
const EVENTS: &str = "delete from events where incident_id = $1";
const HYPOTHESES: &str = "delete from hypotheses where incident_id = $1";
const FACTOR_TAGS: &str = "delete from factor_tags where incident_id = $1";
const FACTORS: &str = "delete from factors where incident_id = $1";
const LEARNING_TEAMS: &str = "delete from learning_teams where learning_id in (select id from learnings where incident_id = $1)";
const LEARNING_LINKS: &str = "delete from learning_links where learning_id in (select id from learnings where incident_id = $1)";
const LEARNINGS_MET: &str = "
delete from learnings_met where incident_id = $1 or learning_id in (select id from learnings where incident_id = $1)";
const LEARNING_READERS: &str = "
delete from learning_readers where learning_id in (select id from learnings where incident_id = $1)";
const THANKS: &str = "delete from thanks where incident_id = $1";
const LEARNINGS: &str = "delete from learnings where incident_id = $1";
const SOURCES: &str = "delete from sources where incident_id = $1";
const ROLES: &str = "delete from incident_roles where incident_id = $1";
const SERVICES: &str = "delete from incident_services where incident_id = $1";
const HOOK_DELIVERIES: &str = "delete from hook_deliveries where incident_id = $1";
// An outage goes on with the incident that this one was merged into; else it stays known, so that nothing brings it back.
const HOOK_OUTAGES: &str = "
update hook_outages set
  state = case when (select merged_into from incidents where id = $1) is null then 'gone' else state end,
  incident_id = (select merged_into from incidents where id = $1)
where incident_id = $1";
const UNMERGE: &str = "update incidents set merged_into = null where merged_into = $1";
const INCIDENT: &str = "delete from incidents where id = $1";

/// Everything of an incident, what points at something before what it points at. A test walks the schema for tables that are missing here.
const EVERYTHING: [&str; 72] = [
    SEARCH_TEXTS,
    ITEM_FACTORS,
    ITEM_LEARNINGS,
    ITEM_ANSWERS,
    ITEMS,
    PARKED,
    IDEA_GROUPS,
    EXCERPT_SOURCES,
    EXCERPTS,
    PASSAGE_SOURCES,
    PASSAGES,
    THEMES,
    PLACED_WORDS,
    TOLD_DIFFERENTLY,
    ANSWER_READS,
    ANSWERS,
    WORK_SESSIONS,
    NOMINATIONS,
    TALK_NOTES,
    TALKS,
    AGREEMENTS,
    SESSIONS,
    OUTBOX,
    ENDED_LINKS,
    INVITATIONS,
    SECTION_VERSIONS,
    SECTIONS,
    SECTION_COMMENTS,
    REVISITS,
    STORY_SHARES,
    REVIEWS,
    KEPT_HINTS,
    SIZINGS,
    PREPARATION_MARKS,
    MEETING_PLANS,
    MEETING_CALLS,
    MEETING_PEOPLE,
    MEETING_LINES,
    MEETINGS,
    BALLOTS,
    BALLOT_VOTERS,
    SURVEYS,
    SURVEY_COUNTS,
    SURVEY_ANSWERERS,
    STORY_READERS,
    READER_COUNTS,
    WALLS,
    EDITS,
    HYPOTHESES,
    MERGED_THINGS,
    EVIDENCE,
    RAW_ENTRIES,
    LOOSE_ENTRIES,
    RAW_IMPORTS,
    RAW_AUTHORS,
    ATTACHMENTS,
    EVENTS,
    FACTOR_TAGS,
    FACTORS,
    LEARNING_TEAMS,
    LEARNING_LINKS,
    LEARNINGS_MET,
    LEARNING_READERS,
    THANKS,
    LEARNINGS,
    SOURCES,
    ROLES,
    SERVICES,
    HOOK_DELIVERIES,
    HOOK_OUTAGES,
    UNMERGE,
    INCIDENT,
];

const GUEST_SESSIONS: &str = "delete from sessions where person_id = $1";
const GUEST: &str = "delete from people where id = $1 and email is null";

/// Removes what has been in the trash for its time. Running it twice, or in two processes, changes nothing.
///
/// # Errors
/// What the database said; incidents before the failing one are gone.
pub async fn empty(store: &Store, now: DateTime<Utc>) -> Result<Emptied> {
    let (before, due) = {
        let mut conn = store.read().await?;
        let before = now - TimeDelta::days(settings::trash_days(&mut conn).await?);
        let due: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(DUE).bind(before).bind(AT_ONCE).fetch_all(db).await)?;
        (before, due)
    };
    let mut incidents = 0;
    for incident in due {
        incidents += usize::from(purge(store, IncidentId(incident), before, None, now).await?);
    }
    let entries = raw_moving::forget_removed(store, before).await?;
    let files = attachments::forget_removed(store, before).await?;
    attachments::clear_orphans(store, now).await?;
    let log_is_clean = (incidents == 0 && entries == 0 && files == 0) || clean_log(store).await?;
    Ok(Emptied { incidents, log_is_clean })
}

/// Deletes an incident in the trash now, by its typed key.
///
/// # Errors
/// Field `key` when it was not typed; [`StoreError::NotFound`] for all but administrators and when it is not in the trash.
pub async fn delete_now(store: &Store, viewer: &Viewer, key: IncidentKey, typed: &str, now: DateTime<Utc>) -> Result<Emptied> {
    check_global(Right::Administer, viewer)?;
    let found: Option<Trashed> = find(&mut store.read().await?, viewer, Some(key)).await?.pop();
    let found = found.filter(|t| t.may_delete_now).ok_or(StoreError::NotFound)?;
    if typed.trim().parse() != Ok(key) {
        return Err(Invalid::one("key", format!("Please type {key} to say that it is this one.")).into());
    }
    if !purge(store, found.id, now, Some(viewer), now).await? {
        return Err(StoreError::NotFound);
    }
    Ok(Emptied { incidents: 1, log_is_clean: clean_log(store).await? })
}

/// Removes one incident that was trashed at `before` or earlier; `false`: somebody put it back meanwhile.
async fn purge(
    store: &Store,
    incident: IncidentId,
    before: DateTime<Utc>,
    viewer: Option<&Viewer>,
    now: DateTime<Utc>,
) -> Result<bool> {
    type DueRow = (i64, bool, Option<String>, Option<Vec<u8>>, Option<i64>);
    // A raw log can be long.
    let mut conn = store.bulk().await?;
    // First, because it takes the writers' turn on PostgreSQL: nobody puts it back while it goes.
    audit::note(&mut conn, now, actor(viewer), "incident.delete", &incident.to_string(), Some(incident)).await?;
    let row: Option<DueRow> = on!(conn, db => sqlx::query_as(STILL_DUE).bind(incident.0).bind(before).fetch_optional(db).await)?;
    let Some((number, restricted, origin_key, origin_hash, merged)) = row else { return Ok(false) };
    let guests: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(GUESTS).bind(incident.0).fetch_all(db).await)?;
    let files = attachments::of_incident_files(&mut conn, incident).await?;
    crypt::remove_incident_key(&mut conn, incident).await?;
    for statement in EVERYTHING {
        run!(conn, sqlx::query(statement).bind(incident.0))?;
    }
    for guest in guests {
        forget_guest(&mut conn, guest).await?;
    }
    // Of a restricted one nothing tells others that it was.
    let (origin_key, origin_hash) = if restricted { (None, None) } else { (origin_key, origin_hash) };
    let origin_key_hash = origin_key.as_deref().map(known::origin_hash);
    run!(conn, sqlx::query(REMEMBER).bind(number).bind(origin_key_hash).bind(origin_hash).bind(merged).bind(now))?;
    conn.commit().await?;
    crypt::forget_incident_key(&store.keys, incident);
    attachments::unlink(store, &files);
    Ok(true)
}

/// Who came by a personal link to this one conversation leaves with it.
async fn forget_guest(conn: &mut Conn, guest: Uuid) -> Result<()> {
    run!(conn, sqlx::query(GUEST_SESSIONS).bind(guest))?;
    crate::people::forget_history(conn, domain::PersonId(guest)).await?;
    run!(conn, sqlx::query(GUEST).bind(guest))?;
    Ok(())
}

/// Empties SQLite's log, in which pages from before the deletion would lie until they are written over. `false`: a reader holds it.
async fn clean_log(store: &Store) -> Result<bool> {
    const CHECKPOINT: &str = "pragma wal_checkpoint(truncate)";
    const WAIT_LITTLE: &str = "pragma busy_timeout = 250";
    const WAIT: &str = "pragma busy_timeout = 5000";
    let Pools::Sqlite { write, .. } = &store.pools else { return Ok(true) };
    for attempt in 1..=8u64 {
        // The one writer's connection: others wait for it meanwhile.
        let mut db = write.acquire().await?;
        sqlx::query(WAIT_LITTLE).execute(&mut *db).await?;
        let done: sqlx::Result<(i64, i64, i64)> = sqlx::query_as(CHECKPOINT).fetch_one(&mut *db).await;
        sqlx::query(WAIT).execute(&mut *db).await?;
        drop(db);
        match done {
            Ok((0, ..)) => return Ok(true),
            Ok(_) => {}
            Err(error) => match StoreError::from(error) {
                StoreError::Unavailable(_) => {}
                other => return Err(other),
            },
        }
        tokio::time::sleep(Duration::from_millis(50 * attempt)).await;
    }
    Ok(false)
}
