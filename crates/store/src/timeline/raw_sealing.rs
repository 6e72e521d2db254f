//! How an entry of the raw log stands in its row: what of it is sealed, how it is recognised again, and how it is opened.

use super::raw::LogEntry;
use super::raw_authors::{self, RawAuthorship};
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on};
use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use domain::timeline::raw::{RawEntry, RawKind, RawLink, RawSource};
use domain::{EventId, IncidentId, RawEntryId};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::HashMap;
use uuid::Uuid;

const TOLD: &str = "
select v.entry_id, v.event_id from evidence v join events o on o.id = v.event_id
where o.incident_id = $1 and o.deleted_at is null order by o.at, o.position, o.id";

#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    pub(super) id: Uuid,
    source: String,
    external_hash: Uuid,
    kind: String,
    at: Option<DateTime<Utc>>,
    pub(super) sort_at: DateTime<Utc>,
    pub(super) position: i64,
    pub(super) author_id: Option<Uuid>,
    body_sealed: Vec<u8>,
}

/// What of an entry is sealed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    pub(super) id: String,
    as_written: String,
    place: String,
    reply_to: Option<String>,
    text: String,
    links: Vec<RawLink>,
    reactions: Vec<(String, u32)>,
    files: Vec<String>,
    details: Vec<(String, String)>,
    edited_at: Option<DateTime<Utc>>,
}

impl Body {
    pub(super) fn of(entry: &RawEntry) -> Self {
        Self {
            id: entry.external_id.clone(),
            as_written: entry.as_written.clone(),
            place: entry.place.clone(),
            reply_to: entry.in_reply_to.clone(),
            text: entry.text.clone(),
            links: entry.links.clone(),
            reactions: entry.reactions.clone(),
            files: entry.files.clone(),
            details: entry.details.clone(),
            edited_at: entry.edited_at,
        }
    }
}

/// Where the body of an entry stands. Not its row's id: who writes it does not know yet whether it is new.
pub(super) fn place(external_hash: Uuid) -> Place<'static> {
    Place { table: "raw_entries", row: external_hash, column: "body", audience: "" }
}

/// Hashes ids and contents with a key that lies outside the database: what is short can be guessed.
pub(super) struct Hashing(Hmac<Sha256>);

impl Hashing {
    pub(super) fn of(conn: &Conn) -> Self {
        let key = conn.keys.derived("raw log");
        Self(<Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length"))
    }

    /// Sixteen bytes of the hash of these parts.
    pub(super) fn hash(&self, parts: &[&str]) -> Uuid {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let bytes = mac.finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&bytes[..16]);
        Uuid::from_bytes(half)
    }
}

/// What opens entries: the key of their incident, who wrote them, and what was told from them.
pub(super) struct Opening {
    key: IncidentKeyring,
    pub(super) authors: HashMap<Uuid, RawAuthorship>,
    told: HashMap<Uuid, Vec<EventId>>,
}

impl Opening {
    pub(super) async fn of(conn: &mut Conn, incident: IncidentId) -> Result<Self> {
        let authors = raw_authors::by_id(conn, incident).await?;
        let pairs: Vec<(Uuid, Uuid)> = on!(conn, db => sqlx::query_as(TOLD).bind(incident.0).fetch_all(db).await)?;
        let mut told: HashMap<Uuid, Vec<EventId>> = HashMap::new();
        for (entry, event) in pairs {
            told.entry(entry).or_default().push(EventId(event));
        }
        Ok(Self { key: crypt::incident_key(conn, incident).await?, authors, told })
    }

    pub(super) fn open(&self, row: EntryRow) -> Result<LogEntry> {
        let corrupt = |column| StoreError::Corrupt { table: "raw_entries", column };
        let json = self.key.open(&place(row.external_hash), &row.body_sealed)?;
        let body: Body = serde_json::from_str(&json).map_err(|_| corrupt("body"))?;
        Ok(LogEntry {
            id: RawEntryId(row.id),
            source: RawSource::from_slug(&row.source).ok_or(corrupt("source"))?,
            kind: RawKind::from_slug(&row.kind).ok_or(corrupt("kind"))?,
            at: row.at,
            as_written: body.as_written,
            author: row.author_id.and_then(|id| self.authors.get(&id).cloned()),
            place: body.place,
            text: body.text,
            links: body.links,
            reactions: body.reactions,
            files: body.files,
            details: body.details,
            edited_at: body.edited_at,
            is_reply: body.reply_to.is_some(),
            told: self.told.get(&row.id).cloned().unwrap_or_default(),
        })
    }
}
