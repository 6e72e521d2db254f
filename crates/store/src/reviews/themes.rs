//! Themes: a few words under which the facilitator gathers passages, in an order of their own. Facilitators alone read them.

use super::{ballots, passages};
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::reviews::themes::{Passage, THEMES_MAX, Theme, ThemeDraft};
use domain::rights::Right;
use domain::{IncidentId, ThemeId};
use uuid::Uuid;

/// All themes of a review, and the passages that this viewer may read now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// In their order.
    pub themes: Vec<Theme>,
    /// By question, otherwise in the order of their random ids.
    pub passages: Vec<Passage>,
}

impl Gathered {
    /// The passages of a theme; `None`: those that are not gathered yet.
    pub fn under(&self, theme: Option<ThemeId>) -> impl Iterator<Item = &Passage> {
        self.passages.iter().filter(move |p| p.theme == theme)
    }
}

/// Where a theme goes in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Before the one that stands before it.
    Up,
    /// Behind the one that stands behind it.
    Down,
}

const ALL: &str = "
select id, name_sealed, opening_sealed, version from themes where incident_id = $1 order by position, id";
const COUNT: &str = "select count(*) from themes where incident_id = $1";
const LAST: &str = "select coalesce(max(position), 0) from themes where incident_id = $1";
const ADD: &str = "
insert into themes (id, incident_id, name_sealed, opening_sealed, position, created_by, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, 1)";
const FIND: &str = "select version from themes where id = $1 and incident_id = $2";
const CHANGE: &str = "
update themes set name_sealed = $3, opening_sealed = $4, version = version + 1 where id = $1 and version = $2";
const ORDER: &str = "select id, position from themes where incident_id = $1 order by position, id";
const PLACE: &str = "update themes set position = $2 where id = $1";
const LET_GO: &str = "update passages set theme_id = null where theme_id = $1";
const REMOVE: &str = "delete from themes where id = $1 and incident_id = $2";

/// What is gathered, for who facilitates. Passages are read as answers are: each read is logged and shown to the author.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn gathered(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Gathered> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let passages = passages::readable(&mut conn, viewer, incident, now).await?;
    let themes = all(&mut conn, incident).await?;
    conn.commit().await?;
    Ok(Gathered { themes, passages })
}

pub(super) async fn all(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Theme>> {
    let rows: Vec<(Uuid, Vec<u8>, Vec<u8>, i64)> = on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    rows.into_iter()
        .map(|(id, name, opening, version)| {
            let name = key.open(&place(id, "name"), &name)?;
            let opening = key.open(&place(id, "opening"), &opening)?;
            Ok(Theme { id: ThemeId(id), name, opening, version })
        })
        .collect()
}

/// Adds a theme behind the others.
///
/// # Errors
/// Fields `name` and `opening`; [`StoreError::Refused`] after publication.
pub async fn add_theme(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    draft: &ThemeDraft,
    now: DateTime<Utc>,
) -> Result<ThemeId> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    ballots::not_while_open(&mut conn, incident).await?;
    let draft = draft.checked()?;
    let id = ThemeId(random::id());
    // First, because it takes the writers' turn on PostgreSQL: two that come at once get two places.
    audit::note(&mut conn, now, Some(viewer.person_id), "theme.add", &id.to_string(), Some(incident)).await?;
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?;
    if usize::try_from(count).is_ok_and(|count| count >= THEMES_MAX) {
        return Err(StoreError::Refused("There are forty themes already. Please let one go before you add another."));
    }
    let last: i64 = on!(conn, db => sqlx::query_scalar(LAST).bind(incident.0).fetch_one(db).await)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(seal(&key, id, "name", &draft.name))
            .bind(seal(&key, id, "opening", &draft.opening))
            .bind(last + 1)
            .bind(viewer.person_id.0)
            .bind(now)
    )?;
    conn.commit().await?;
    Ok(id)
}

/// Gives a theme other words.
///
/// # Errors
/// Fields `name` and `opening`; [`StoreError::Stale`] when it changed in between; [`StoreError::Refused`] after publication.
pub async fn change_theme(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    theme: ThemeId,
    base_version: i64,
    draft: &ThemeDraft,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    find(&mut conn, incident, theme).await?;
    ballots::not_while_open(&mut conn, incident).await?;
    let draft = draft.checked()?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let touched = run!(
        conn,
        sqlx::query(CHANGE).bind(theme.0).bind(base_version).bind(seal(&key, theme, "name", &draft.name)).bind(seal(
            &key,
            theme,
            "opening",
            &draft.opening
        ))
    )?;
    if touched == 0 {
        return Err(StoreError::Stale);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "theme.change", &theme.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Moves a theme one place in the order. At the end of it nothing happens.
///
/// # Errors
/// [`StoreError::Refused`] after publication.
pub async fn move_theme(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    theme: ThemeId,
    step: Step,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    find(&mut conn, incident, theme).await?;
    // First, because it takes the writers' turn on PostgreSQL: places are read and written by one at a time.
    audit::note(&mut conn, now, Some(viewer.person_id), "theme.move", &theme.to_string(), Some(incident)).await?;
    let order: Vec<(Uuid, i64)> = on!(conn, db => sqlx::query_as(ORDER).bind(incident.0).fetch_all(db).await)?;
    let at = order.iter().position(|(id, _)| *id == theme.0).ok_or(StoreError::NotFound)?;
    let other = match step {
        Step::Up => at.checked_sub(1),
        Step::Down => Some(at + 1),
    };
    if let Some((other, (_, place))) = other.and_then(|other| Some((other, order.get(other)?))) {
        run!(conn, sqlx::query(PLACE).bind(theme.0).bind(*place))?;
        run!(conn, sqlx::query(PLACE).bind(order[other].0).bind(order[at].1))?;
    }
    conn.commit().await
}

/// Takes a theme away. Its passages stay, gathered under none. Possible after publication, too.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there.
pub async fn remove_theme(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    theme: ThemeId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    find(&mut conn, incident, theme).await?;
    ballots::not_while_open(&mut conn, incident).await?;
    // First, because it takes the writers' turn on PostgreSQL: no passage comes under it while it goes.
    audit::note(&mut conn, now, Some(viewer.person_id), "theme.remove", &theme.to_string(), Some(incident)).await?;
    run!(conn, sqlx::query(LET_GO).bind(theme.0))?;
    run!(conn, sqlx::query(REMOVE).bind(theme.0).bind(incident.0))?;
    conn.commit().await
}

/// A theme of this incident, or `NotFound`.
pub(super) async fn find(conn: &mut Conn, incident: IncidentId, theme: ThemeId) -> Result<()> {
    let found: Option<i64> = on!(conn, db => sqlx::query_scalar(FIND).bind(theme.0).bind(incident.0).fetch_optional(db).await)?;
    found.map(|_| ()).ok_or(StoreError::NotFound)
}

pub(super) async fn before_publication(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    if require(conn, viewer, Right::EditReview, incident, now).await?.published {
        return Err(StoreError::Refused(
            "The second story is published. Its themes stay as they were; you can still take some away.",
        ));
    }
    Ok(())
}

fn place(row: Uuid, column: &'static str) -> Place<'static> {
    Place { table: "themes", row, column, audience: "" }
}

fn seal(key: &IncidentKeyring, theme: ThemeId, column: &'static str, text: &str) -> Vec<u8> {
    key.seal(&place(theme.0, column), text)
}
