//! Whether sealed words open: the key of each incident, and with it one sealed value.

use crate::Result;
use crate::StoreError;
use crate::crypt::{Place, incident_key};
use crate::db::{Conn, on};
use crate::timeline::hooks;
use domain::IncidentId;
use uuid::Uuid;

/// Incident keys to a page.
const AT_ONCE: usize = 500;

const MIGRATED: &str = "select max(version) from _sqlx_migrations where success";
const KEYS: &str = "select incident_id from incident_keys where incident_id > $1 order by incident_id limit $2";
const ANSWER: &str = "select id, audience, body_sealed from answers where incident_id = $1 limit 1";
const SOURCE: &str = "select id, '' as audience, body_sealed from sources where incident_id = $1 limit 1";
const EXCERPT: &str = "select id, '' as audience, text_sealed from excerpts where incident_id = $1 limit 1";
const NOMINATION: &str = "select id, '' as audience, body_sealed from nominations where incident_id = $1 limit 1";
const TALK_NOTE: &str = "select id, '' as audience, body_sealed from talk_notes where incident_id = $1 limit 1";
const IMPRESSIONS: &str = "select invitation_id, '' as audience, impressions_sealed from talks where incident_id = $1 limit 1";
const PASSAGE: &str = "select id, '' as audience, text_sealed from passages where incident_id = $1 limit 1";
const THEME: &str = "select id, '' as audience, name_sealed from themes where incident_id = $1 limit 1";
const PLACED: &str = "select id, '' as audience, text_sealed from placed_words where incident_id = $1 limit 1";
const TOLD_DIFFERENTLY: &str =
    "select event_id, '' as audience, note_sealed from told_differently where incident_id = $1 limit 1";
const RAW_ENTRY: &str = "select external_hash as id, '' as audience, body_sealed from raw_entries where incident_id = $1 limit 1";
const RAW_AUTHOR: &str = "select id, '' as audience, name_sealed from raw_authors where incident_id = $1 limit 1";
const RAW_IMPORT: &str = "select id, '' as audience, name_sealed from raw_imports where incident_id = $1 limit 1";
const ATTACHMENT: &str = "select id, '' as audience, name_sealed from attachments where incident_id = $1 limit 1";
const MEETING_LINE: &str = "select id, '' as audience, text_sealed from meeting_lines where incident_id = $1 limit 1";
const MEETING_CALL: &str = "select id, '' as audience, about_sealed from meeting_calls where incident_id = $1 limit 1";
const OPENING: &str = "
select incident_id, '' as audience, opening_sealed from meetings where incident_id = $1 and opening_sealed is not null limit 1";
const COMMENT: &str = "select id, '' as audience, body_sealed from section_comments where incident_id = $1 limit 1";
const PARKED: &str = "select id, 'parked' as audience, body_sealed from parked where incident_id = $1 limit 1";
const THANKS: &str = "select id, '' as audience, words_sealed from thanks where incident_id = $1 limit 1";
const IDEA_GROUP: &str = "select id, '' as audience, name_sealed from idea_groups where incident_id = $1 limit 1";

/// Where sealed words stand, the most frequent first: statement, table, column, and the migration that made the table. What is checked may
/// be older than this program: a copy from before a migration.
const PLACES: [(&str, &str, &str, i64); 21] = [
    (ANSWER, "answers", "body", 3),
    (SOURCE, "sources", "body", 2),
    (EXCERPT, "excerpts", "text", 4),
    (NOMINATION, "nominations", "body", 3),
    (PARKED, "parked", "body", 4),
    (TALK_NOTE, "talk_notes", "body", 14),
    (IMPRESSIONS, "talks", "impressions", 14),
    (PASSAGE, "passages", "text", 18),
    (THEME, "themes", "name", 18),
    (RAW_ENTRY, "raw_entries", "body", 21),
    (RAW_AUTHOR, "raw_authors", "name", 21),
    (RAW_IMPORT, "raw_imports", "name", 21),
    (ATTACHMENT, "attachments", "name", 23),
    (PLACED, "placed_words", "text", 25),
    (TOLD_DIFFERENTLY, "told_differently", "note", 25),
    (MEETING_LINE, "meeting_lines", "text", 29),
    (MEETING_CALL, "meeting_calls", "about", 29),
    (OPENING, "meetings", "opening", 29),
    (COMMENT, "section_comments", "body", 31),
    (IDEA_GROUP, "idea_groups", "name", 32),
    (THANKS, "thanks", "words", 34),
];

const SECRET: &str = "select id, secret_sealed from hooks where secret_sealed is not null limit 1";
const BODY: &str = "select id, body_sealed from hook_deliveries where body_sealed is not null limit 1";
const LOG: &str = "select id, log_sealed from hook_outages where log_sealed is not null limit 1";

/// The same for what belongs to no incident and is sealed with the key of hooks.
const OF_HOOKS: [(&str, &str, &str, i64); 3] =
    [(SECRET, "hooks", "secret", 22), (BODY, "hook_deliveries", "body", 22), (LOG, "hook_outages", "log", 22)];

/// What opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Incident keys that the instance key unwrapped.
    pub keys: u64,
    /// Values that opened: one for each incident that has any.
    pub values: u64,
    /// What did not open, one sentence each.
    pub faults: Vec<String>,
}

pub(super) async fn check(conn: &mut Conn) -> Result<Sealed> {
    let migrated: Option<i64> = on!(conn, db => sqlx::query_scalar(MIGRATED).fetch_one(db).await)?;
    let migrated = migrated.unwrap_or_default();
    let mut found = Sealed::default();
    of_hooks(conn, migrated, &mut found).await?;
    let mut after = Uuid::nil();
    loop {
        let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
        let page: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(KEYS).bind(after).bind(limit).fetch_all(db).await)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = *last;
        for incident in page {
            let fault = match incident_key(conn, IncidentId(incident)).await {
                Ok(key) => {
                    found.keys += 1;
                    open_one(conn, incident, migrated, &key, &mut found.values).await?
                }
                Err(StoreError::Setup(sentence)) => Some(sentence),
                Err(StoreError::Corrupt { .. }) => Some(format!("the key of incident {incident} does not unwrap")),
                Err(other) => return Err(other),
            };
            if let Some(fault) = fault
                && found.faults.len() < super::NAMED
            {
                found.faults.push(fault);
            }
        }
    }
}

async fn of_hooks(conn: &mut Conn, migrated: i64, found: &mut Sealed) -> Result<()> {
    for (sql, table, column, _) in OF_HOOKS.into_iter().filter(|(.., since)| *since <= migrated) {
        let row: Option<(Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(sql).fetch_optional(db).await)?;
        let Some((id, sealed)) = row else { continue };
        match hooks::keyring(conn).open(&Place { table, row: id, column, audience: "" }, &sealed) {
            Ok(_) => found.values += 1,
            Err(_) => found.faults.push(format!("row {id} of {table} does not open with the instance key")),
        }
    }
    Ok(())
}

async fn open_one(
    conn: &mut Conn,
    incident: Uuid,
    migrated: i64,
    key: &crate::crypt::IncidentKeyring,
    opened: &mut u64,
) -> Result<Option<String>> {
    for (sql, table, column, _) in PLACES.into_iter().filter(|(.., since)| *since <= migrated) {
        let row: Option<(Uuid, String, Vec<u8>)> = on!(conn, db => sqlx::query_as(sql).bind(incident).fetch_optional(db).await)?;
        let Some((id, audience, sealed)) = row else { continue };
        let place = Place { table, row: id, column, audience: &audience };
        if key.open(&place, &sealed).is_err() {
            return Ok(Some(format!("row {id} of {table} does not open with the key of its incident")));
        }
        *opened += 1;
        return Ok(None);
    }
    Ok(None)
}
