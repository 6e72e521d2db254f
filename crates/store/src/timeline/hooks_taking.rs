//! What a hook takes, in one transaction: whether it came before, and what was made of it.

use super::hooks::{self, body_place, keyring};
use super::hooks_outages::{Made, take};
use super::raw_sealing::Hashing;
use crate::db::{on, run};
use crate::{Result, Store, StoreError, audit, people, random};
use chrono::{DateTime, TimeDelta, Utc};
use domain::people::Viewer;
use domain::timeline::raw::{ImportedLog, RawSource};
use domain::{DeliveryId, HookId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Deliveries that a hook takes in a minute.
const A_MINUTE: i64 = 300;

/// What was made of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An incident was opened.
    Opened,
    /// An incident was proposed, or a proposal got more.
    Proposed,
    /// It stands in the raw log of its incident.
    Written,
    /// Nothing, by rule.
    Left,
    /// It came before.
    Repeated,
    /// It could not be read.
    Failed,
    /// More came in a minute than is taken; it was not kept.
    TooMany,
}

impl Outcome {
    /// All, the one that says most first.
    pub const ALL: [Self; 7] =
        [Self::Opened, Self::Proposed, Self::Written, Self::Left, Self::Repeated, Self::Failed, Self::TooMany];

    /// As stored and answered.
    pub fn slug(self) -> &'static str {
        ["opened", "proposed", "written", "left", "repeated", "failed", "too-many"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Incident opened", "Proposed", "Added", "Left alone", "Known already", "Not read", "Too many"][self as usize]
    }
}

/// What came, as it came and as an importer read it.
pub struct Sent<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Which tool's it is; `None` where that is not known.
    pub source: Option<RawSource>,
    /// What was read; `None` where nothing could be.
    pub logs: Option<&'a [ImportedLog]>,
}

const LATELY: &str = "select count(*) from hook_deliveries where hook_id = $1 and received_at > $2";
const KNOWN: &str = "
select id, outcome from hook_deliveries where hook_id = $1 and body_hash = $2 order by outcome = 'failed', received_at limit 1";
const ADD: &str = "
insert into hook_deliveries (id, hook_id, received_at, body_hash, body_sealed, outcome, words, incident_id, replays)
values ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const AGAIN: &str = "
update hook_deliveries set outcome = $2, words = $3, incident_id = $4, replays = replays + 1,
  body_sealed = case when $2 = 'failed' then body_sealed end where id = $1";
/// Takes what came to a hook.
///
/// # Errors
/// [`StoreError::NotFound`] where the hook takes nothing any more.
pub async fn receive(store: &Store, hook: HookId, sent: &Sent<'_>, now: DateTime<Utc>) -> Result<Outcome> {
    taking(store, hook, None, sent, now).await
}

/// Tries what failed once more, whoever asks for it having been asked for their right by [`hooks::failed`].
///
/// # Errors
/// As [`receive`].
pub async fn replay(store: &Store, hook: HookId, failed: DeliveryId, sent: &Sent<'_>, now: DateTime<Utc>) -> Result<Outcome> {
    taking(store, hook, Some(failed), sent, now).await
}

async fn taking(store: &Store, hook: HookId, again: Option<DeliveryId>, sent: &Sent<'_>, now: DateTime<Utc>) -> Result<Outcome> {
    match once(store, None, hook, again, sent, now).await {
        // It writes into an incident: under the name of imports, which cannot sign in and reads nothing.
        Err(StoreError::Stale) => {
            let by = people::service_viewer(store, now).await?;
            once(store, Some(&by), hook, again, sent, now).await
        }
        other => other,
    }
}

/// One try; stale where it needs somebody to write in whose name.
async fn once(
    store: &Store,
    by: Option<&Viewer>,
    hook: HookId,
    again: Option<DeliveryId>,
    sent: &Sent<'_>,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let hook = hooks::find(&mut conn, hook).await?;
    if hook.retired_at.is_some() {
        return Err(StoreError::NotFound);
    }
    let minute = now - TimeDelta::minutes(1);
    let lately: i64 = on!(conn, db => sqlx::query_scalar(LATELY).bind(hook.id.0).bind(minute).fetch_one(db).await)?;
    if lately >= A_MINUTE {
        return Ok(Outcome::TooMany);
    }
    let digest: String = Sha256::digest(sent.bytes).iter().map(|b| format!("{b:02x}")).collect();
    let body = Hashing::of(&conn).hash(&["hook body", &digest]);
    let known: Option<(Uuid, String)> =
        on!(conn, db => sqlx::query_as(KNOWN).bind(hook.id.0).bind(body).fetch_optional(db).await)?;
    let (failed, seen) = match known {
        _ if again.is_some() => (again.map(|delivery| delivery.0), false),
        Some((id, outcome)) if outcome == Outcome::Failed.slug() => (Some(id), false),
        other => (None, other.is_some()),
    };
    let mut made: Made = (Outcome::Left, "There was nothing in it.", None);
    match (sent.source, sent.logs) {
        (Some(source), Some(logs)) => {
            for log in logs {
                let one = take(&mut conn, by, &hook, source, log, seen, now).await?;
                if (one.0 as usize) < made.0 as usize || made.1 == "There was nothing in it." {
                    made = one;
                }
            }
        }
        _ => made = (Outcome::Failed, "It could not be read. It is kept for another try.", None),
    }
    if seen {
        made = (Outcome::Repeated, "The same came before.", made.2);
    }
    let (outcome, words, incident) = made;
    let incident = incident.map(|i| i.0);
    match failed {
        Some(id) => {
            run!(conn, sqlx::query(AGAIN).bind(id).bind(outcome.slug()).bind(words).bind(incident))?;
        }
        None => {
            let id = random::id();
            let kept = || keyring(&conn).seal(&body_place(id), &String::from_utf8_lossy(sent.bytes));
            let kept = (outcome == Outcome::Failed).then(kept);
            run!(
                conn,
                sqlx::query(ADD)
                    .bind(id)
                    .bind(hook.id.0)
                    .bind(now)
                    .bind(body)
                    .bind(kept)
                    .bind(outcome.slug())
                    .bind(words)
                    .bind(incident)
            )?;
        }
    }
    conn.commit().await?;
    Ok(outcome)
}
