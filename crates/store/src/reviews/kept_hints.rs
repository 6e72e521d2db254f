//! Hints of the writing assistant that a review does not show: sentences that stay as they are, and documents without hints. What is
//! kept is a hash of review, rule and sentence, nobody's name and no time, so that nothing can be counted by author. Parking a sentence
//! that the assistant found stands here as well.

use super::sections::{self, Asked, Saving, WhileWriting};
use crate::db::{on, run};
use crate::standing::require;
use crate::{Result, Store, parking};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::rights::Right;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

const KEPT: &str = "select hint from kept_hints where incident_id = $1";
const KEEP: &str = "insert into kept_hints (incident_id, hint) values ($1, $2) on conflict (incident_id, hint) do nothing";
const SHOW: &str = "delete from kept_hints where incident_id = $1 and hint = $2";
/// In place of a hash: every hint of the document.
const ALL: &str = "all";

/// By what a hint on a sentence of a review is known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HintKey(String);

impl HintKey {
    /// `sentence`: as the assistant normalises it.
    pub fn new(incident: IncidentId, rule: &str, sentence: &str) -> Self {
        let hash = Sha256::new().chain_update(incident.0).chain_update(rule).chain_update([0]).chain_update(sentence).finalize();
        Self(hash.iter().take(16).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
    }

    /// For a form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a review does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptHints {
    /// No hints in this document.
    pub none: bool,
    keys: BTreeSet<String>,
}

impl KeptHints {
    /// Whether this sentence stays as it is.
    pub fn has(&self, key: &HintKey) -> bool {
        self.keys.contains(key.as_str())
    }
}

/// What this review does not show, for who writes it.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but the facilitators.
pub async fn kept_hints(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<KeptHints> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let rows: Vec<String> = on!(conn, db => sqlx::query_scalar(KEPT).bind(incident.0).fetch_all(db).await)?;
    let mut keys: BTreeSet<String> = rows.into_iter().collect();
    Ok(KeptHints { none: keys.remove(ALL), keys })
}

/// Keeps a sentence as it is, or has its hint shown again; doing it twice changes nothing.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but the facilitators.
pub async fn keep_hint(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    hint: &HintKey,
    keep: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    set(store, viewer, incident, hint.as_str(), keep, now).await
}

/// Switches the hints of a whole document off, or on again.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but the facilitators.
pub async fn switch_hints(store: &Store, viewer: &Viewer, incident: IncidentId, on: bool, now: DateTime<Utc>) -> Result<()> {
    set(store, viewer, incident, ALL, !on, now).await
}

async fn set(store: &Store, viewer: &Viewer, incident: IncidentId, hint: &str, keep: bool, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    // Not in the audit trail: it would say by name who kept how many sentences.
    run!(conn, sqlx::query(if keep { KEEP } else { SHOW }).bind(incident.0).bind(hint))?;
    conn.commit().await
}

/// Parks a sentence and saves its section without it: both, or neither. A section that has these words already, and went on since the
/// version that they started from, was sent twice, and parks nothing more.
///
/// # Errors
/// As [`super::save_section`] and [`parking::park`].
pub async fn park_out_of(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    kind: SectionKind,
    typed: WhileWriting<'_>,
    sentence: &str,
    now: DateTime<Utc>,
) -> Result<Saving> {
    let mut conn = store.write().await?;
    let base = typed.base_version;
    match sections::save_in(&mut conn, viewer, incident, kind, typed, true, now).await? {
        Asked::There(section) if section.version != base => Ok(Saving::Saved(section)),
        Asked::Conflict(theirs) => Ok(Saving::Conflict(theirs)),
        // At the same version the sentence was typed and never saved: the text stays as it is, and the lot must hold the sentence.
        Asked::There(section) | Asked::Written(section) => {
            parking::park_in(&mut conn, viewer, incident, sentence, false, now).await?;
            conn.commit().await?;
            Ok(Saving::Saved(section))
        }
    }
}
