//! What administrators choose for the pulse. What people answer is the room's own ([`crate::pulse`]) and not read here.

use super::chosen::save;
use super::get;
use crate::db::Conn;
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::pulse::Chosen;
use domain::rights::Right;
use serde::de::DeserializeOwned;

const ON: &str = "pulse_on";
const PURPOSE: &str = "pulse_purpose";
const GOALS: &str = "pulse_goals";
const HELP: &str = "help_resources";

async fn read<T: DeserializeOwned + Default>(conn: &mut Conn, key: &str) -> Result<T> {
    let Some(written) = get(conn, key).await? else { return Ok(T::default()) };
    serde_json::from_str(&written).map_err(|_| StoreError::Corrupt { table: "settings", column: "value" })
}

fn written(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(crate) async fn pulse_is_on(conn: &mut Conn) -> Result<bool> {
    Ok(get(conn, ON).await?.as_deref() == Some("yes"))
}

pub(crate) async fn chosen_pulse(conn: &mut Conn) -> Result<Chosen> {
    Ok(Chosen {
        on: pulse_is_on(conn).await?,
        purpose: get(conn, PURPOSE).await?.unwrap_or_default(),
        goals: read(conn, GOALS).await?,
        help: read(conn, HELP).await?,
    })
}

/// What was chosen, for administrators.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn pulse(store: &Store, viewer: &Viewer) -> Result<Chosen> {
    check_global(Right::Administer, viewer)?;
    chosen_pulse(&mut store.read().await?).await
}

/// Saves what was chosen; one entry of the trail for each part that changed. Switching off keeps what is counted so far: its quarter closes as it
/// would have.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn save_pulse(store: &Store, viewer: &Viewer, new: &Chosen, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    crate::audit::take_turn(&mut conn).await?;
    let old = chosen_pulse(&mut conn).await?;
    if old.on != new.on {
        save(&mut conn, viewer, ON, if new.on { "yes" } else { "no" }, now).await?;
    }
    if old.purpose != new.purpose {
        save(&mut conn, viewer, PURPOSE, &new.purpose, now).await?;
    }
    if old.goals != new.goals {
        save(&mut conn, viewer, GOALS, &written(&new.goals), now).await?;
    }
    if old.help != new.help {
        save(&mut conn, viewer, HELP, &written(&new.help), now).await?;
    }
    conn.commit().await
}
