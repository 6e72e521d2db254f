//! What the instance remembers about itself: whether it is a demo, whose key it needs, soak time, smallest group.

mod chosen;
mod pulse;
mod writing;

use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError};

pub(crate) use chosen::{Kept, begins_with, order, reminder_days, triage_rate, words};
pub use chosen::{
    NewPeople, new_people, numbers, question_order, save_new_people, save_numbers, save_question_order, save_severities,
    save_wording, severities, wording,
};
pub(crate) use pulse::{chosen_pulse, pulse_is_on};
pub use pulse::{pulse, save_pulse};
pub(crate) use writing::chosen_writing;
pub use writing::{WritingChoice, save_writing_rules, save_writing_switches, writing, writing_as_chosen};

const FIND: &str = "select value from settings where key = $1";
const PUT: &str = "insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value";

pub(crate) async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    Ok(on!(conn, db => sqlx::query_scalar(FIND).bind(key).fetch_optional(db).await)?)
}

pub(crate) async fn put(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    run!(conn, sqlx::query(PUT).bind(key).bind(value))?;
    Ok(())
}

/// Whether this is a demo database: `serve` refuses one, `demo` refuses any other that holds something.
///
/// # Errors
/// What the database said.
pub async fn is_demo(store: &Store) -> Result<bool> {
    Ok(get(&mut store.read().await?, "demo").await?.is_some())
}

/// Marks this database as a demo.
///
/// # Errors
/// What the database said.
pub async fn mark_demo(store: &Store) -> Result<()> {
    let mut conn = store.write().await?;
    put(&mut conn, "demo", "yes").await?;
    conn.commit().await
}

/// Working days between publication and the opening of the wall; two unless an administrator chose otherwise.
pub(crate) async fn soak_days(conn: &mut Conn) -> Result<u32> {
    Ok(get(conn, "soak_days").await?.and_then(|v| v.parse().ok()).unwrap_or(2))
}

/// Smallest group that a people measure is shown for. Never below 5.
pub(crate) async fn smallest_group(conn: &mut Conn) -> Result<usize> {
    Ok(get(conn, "smallest_group").await?.and_then(|v| v.parse().ok()).unwrap_or(5).max(5))
}

/// Which instance key this database needs; `None` before it was first opened with one.
///
/// # Errors
/// What the database said.
pub async fn instance_key_id(store: &Store) -> Result<Option<String>> {
    get(&mut store.read().await?, "instance_key_id").await
}

/// Days that an incident stays in the trash; thirty unless an administrator chose otherwise, never less than one.
pub(crate) async fn trash_days(conn: &mut Conn) -> Result<i64> {
    Ok(get(conn, "trash_days").await?.and_then(|v| v.parse().ok()).unwrap_or(30).clamp(1, 365))
}

/// Remembers the instance key's id on first use and refuses another one afterwards.
pub(crate) async fn check_instance_key(store: &Store) -> Result<()> {
    let mut conn = store.write().await?;
    let id = conn.keys.instance_id();
    match get(&mut conn, "instance_key_id").await? {
        Some(known) if known != id => Err(StoreError::Setup(format!(
            "this database belongs to the instance key {known}, and the key given is {id}; please give the right key file"
        ))),
        Some(_) => Ok(()),
        None => {
            put(&mut conn, "instance_key_id", &id).await?;
            conn.commit().await
        }
    }
}
