//! What administrators choose for the writing assistant: on or off, which rules speak, and the organisation's own rules as they were
//! written. What these texts mean is the assistant's to say; here they are kept.

use super::chosen::save;
use super::get;
use crate::db::Conn;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;

const OFF: &str = "writing_off";
const SWITCHES: &str = "writing_switches";
const RULES: &str = "writing_rules";

/// What was chosen. The default: on, with the catalogue as it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WritingChoice {
    /// No hints anywhere.
    pub off: bool,
    /// Which rules of the catalogue are switched, in the assistant's words.
    pub switches: String,
    /// Own rules, as written.
    pub rules: String,
}

pub(crate) async fn chosen_writing(conn: &mut Conn) -> Result<WritingChoice> {
    Ok(WritingChoice {
        off: get(conn, OFF).await?.as_deref() == Some("yes"),
        switches: get(conn, SWITCHES).await?.unwrap_or_default(),
        rules: get(conn, RULES).await?.unwrap_or_default(),
    })
}

/// What was chosen, for administrators.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn writing(store: &Store, viewer: &Viewer) -> Result<WritingChoice> {
    check_global(Right::Administer, viewer)?;
    writing_as_chosen(store).await
}

/// What was chosen, for the process itself: it makes ready what writers will ask for.
///
/// # Errors
/// What the database said.
pub async fn writing_as_chosen(store: &Store) -> Result<WritingChoice> {
    chosen_writing(&mut store.read().await?).await
}

/// Saves whether there are hints, and which rules speak; one entry of the trail for each that changed.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn save_writing_switches(store: &Store, viewer: &Viewer, off: bool, switches: &str, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    let before = chosen_writing(&mut conn).await?;
    if before.off != off {
        save(&mut conn, viewer, OFF, if off { "yes" } else { "no" }, now).await?;
    }
    if before.switches != switches {
        save(&mut conn, viewer, SWITCHES, switches, now).await?;
    }
    conn.commit().await
}

/// Saves own rules that the assistant has read. `base`: the rules that the change started from.
///
/// # Errors
/// [`StoreError::Stale`] when somebody saved in between; [`StoreError::NotFound`] for all but administrators.
pub async fn save_writing_rules(store: &Store, viewer: &Viewer, base: &str, rules: &str, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    crate::audit::take_turn(&mut conn).await?;
    let before = chosen_writing(&mut conn).await?.rules;
    if before != rules {
        if before != base {
            return Err(StoreError::Stale);
        }
        save(&mut conn, viewer, RULES, rules, now).await?;
    }
    conn.commit().await
}
