//! A person's own address of the feed of published stories: for programs that cannot sign in. 256 bits, stored hashed.

use super::ViewerRow;
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, audit, random};
use chrono::{DateTime, Utc};
use domain::PersonId;
use domain::people::Viewer;
use domain::rights::Right;

const MADE: &str = "select made_at from feeds where person_id = $1";
const PUT: &str = "
insert into feeds (person_id, token_hash, made_at) values ($1, $2, $3)
on conflict (person_id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at";
const END: &str = "delete from feeds where person_id = $1";
const BY_TOKEN: &str = "
select p.id, p.name, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate, p.team_id, p.zone, p.theme
from feeds f join people p on p.id = f.person_id where f.token_hash = $1 and p.deactivated_at is null";

/// Since when the viewer has an address of the feed.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without an account.
pub async fn feed_made(store: &Store, viewer: &Viewer) -> Result<Option<DateTime<Utc>>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    Ok(on!(conn, db => sqlx::query_scalar(MADE).bind(viewer.person_id.0).fetch_optional(db).await)?)
}

/// Makes the viewer's address of the feed and answers its token, the only time that it is known. One that there was ends.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without an account.
pub async fn make_feed(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<String> {
    check_global(Right::OwnPages, viewer)?;
    let token = random::token();
    let me = viewer.person_id;
    let mut conn = store.write().await?;
    audit::note(&mut conn, now, Some(me), "account.feed", "", None).await?;
    run!(conn, sqlx::query(PUT).bind(me.0).bind(random::token_hash(&token)).bind(now))?;
    conn.commit().await?;
    Ok(token)
}

/// Ends the viewer's address of the feed.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without an account.
pub async fn drop_feed(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let me = viewer.person_id;
    let mut conn = store.write().await?;
    audit::note(&mut conn, now, Some(me), "account.feed-end", "", None).await?;
    end_feed(&mut conn, me).await?;
    conn.commit().await
}

/// Ends the address of somebody who leaves.
pub(crate) async fn end_feed(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(END).bind(person.0))?;
    Ok(())
}

/// Whose address of the feed this is; `None`: nobody's.
///
/// # Errors
/// What the database said.
pub async fn feed_reader(store: &Store, token: &str) -> Result<Option<Viewer>> {
    let mut conn = store.read().await?;
    let hash = random::token_hash(token);
    let row: Option<ViewerRow> = on!(conn, db => sqlx::query_as(BY_TOKEN).bind(hash).fetch_optional(db).await)?;
    Ok(row.map(ViewerRow::into_viewer))
}
