//! The planning room: the wall of an incident and the mitigation items behind it.
//!
//! Only planners come in, and only when the wall is open ([`Right::Plan`]); before that they see when it opens
//! ([`Right::EnterPlanning`]). Items link to learnings and factors; nothing in a review leads here.

use crate::db::{Conn, on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, parking, random};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::planning::{Item, ItemDraft, ItemState, Wall, reason_for_opening, title_of};
use domain::rights::Right;
use domain::{FactorId, IncidentId, Invalid, ItemId, LearningId, ParkedId, PersonId};
use std::collections::HashMap;
use uuid::Uuid;

/// How long a wall that opened is news.
const NEWS: Duration = Duration::days(14);

/// A wall that opened lately, for the home page of its planners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedWall {
    /// Which incident.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
}

const WALL: &str = "
select w.opens_at, w.opened_early_at, w.reason, p.name as opened_by
from walls w left join people p on p.id = w.opened_by where w.incident_id = $1";
const OPEN_EARLY: &str = "
update walls set opened_early_at = $2, opened_by = $3, reason = $4 where incident_id = $1 and opened_early_at is null";
const OPENED: &str = "
select i.number, i.title, coalesce(w.opened_early_at, w.opens_at) as opened_at
from incident_roles r join incidents i on i.id = r.incident_id join walls w on w.incident_id = r.incident_id
where r.person_id = $1 and r.role = 'planner' and i.origin <> 'import'
  and coalesce(w.opened_early_at, w.opens_at) between $2 and $3
order by coalesce(w.opened_early_at, w.opens_at) desc, i.number desc";
const ITEMS: &str = "
select t.id, t.title, t.body, t.owner_id, p.name as owner, t.due_on, t.effect, t.state, t.reason, t.parked_id, t.version
from items t left join people p on p.id = t.owner_id where t.incident_id = $1 order by t.position, t.id";
const LINKED_FACTORS: &str = "
select l.item_id, l.factor_id from item_factors l join items t on t.id = l.item_id where t.incident_id = $1";
const LINKED_LEARNINGS: &str = "
select l.item_id, l.learning_id from item_learnings l join items t on t.id = l.item_id where t.incident_id = $1";
const ADD: &str = "
insert into items (id, incident_id, title, body, owner_id, due_on, effect, state, reason, parked_id, position, created_by, created_at,
  version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)";
const LAST_POSITION: &str = "select coalesce(max(position), 0) from items where incident_id = $1";
const CHANGE: &str = "
update items set title = $4, body = $5, owner_id = $6, due_on = $7, effect = $8, state = $9, reason = $10, version = version + 1
where id = $1 and incident_id = $2 and version = $3";
const EXISTS: &str = "select count(*) from items where id = $1 and incident_id = $2";
const UNLINK_FACTORS: &str = "delete from item_factors where item_id = $1";
const UNLINK_LEARNINGS: &str = "delete from item_learnings where item_id = $1";
// Only what belongs to the same incident is linked.
const LINK_FACTOR: &str =
    "insert into item_factors (item_id, factor_id) select $1, id from factors where id = $2 and incident_id = $3";
const LINK_LEARNING: &str =
    "insert into item_learnings (item_id, learning_id) select $1, id from learnings where id = $2 and incident_id = $3";

#[derive(sqlx::FromRow)]
struct WallRow {
    opens_at: Option<DateTime<Utc>>,
    opened_early_at: Option<DateTime<Utc>>,
    reason: String,
    opened_by: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: Uuid,
    title: String,
    body: String,
    owner_id: Option<Uuid>,
    owner: Option<String>,
    due_on: Option<NaiveDate>,
    effect: String,
    state: String,
    reason: String,
    parked_id: Option<Uuid>,
    version: i64,
}

/// When the wall of an incident opens or opened, for its planners.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody who was not given the planning room.
pub async fn wall(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Wall> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EnterPlanning, incident, now).await?;
    let row: Option<WallRow> = on!(conn, db => sqlx::query_as(WALL).bind(incident.0).fetch_optional(db).await)?;
    Ok(row.map_or_else(
        || Wall {
            opens_at: None,
            opened_early_at: None,
            opened_by: None,
            reason: String::new(),
        },
        |r| Wall {
            opens_at: r.opens_at,
            opened_early_at: r.opened_early_at,
            opened_by: r.opened_by,
            reason: r.reason,
        },
    ))
}

/// Opens the wall of a published incident before its soak time is over. The reason stays on record with the name.
///
/// # Errors
/// Field `reason` when it is shorter than a sentence; [`StoreError::Refused`] before publication and when it is open already.
pub async fn open_early(store: &Store, viewer: &Viewer, incident: IncidentId, reason: &str, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let standing = require(&mut conn, viewer, Right::EnterPlanning, incident, now).await?;
    if !standing.published {
        return Err(StoreError::Refused("Planning opens after the story is published."));
    }
    if standing.wall_open {
        return Err(StoreError::Refused("Planning is open already."));
    }
    let reason = reason_for_opening(reason)?;
    let me = viewer.person_id.0;
    run!(
        conn,
        sqlx::query(OPEN_EARLY).bind(incident.0).bind(now).bind(me).bind(&reason)
    )?;
    audit::note(
        &mut conn,
        now,
        Some(viewer.person_id),
        "wall.open-early",
        &incident.to_string(),
        Some(incident),
    )
    .await?;
    conn.commit().await
}

/// The walls that opened in the last fourteen days where the viewer plans; latest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn opened_walls(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<OpenedWall>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<(i64, String, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(OPENED).bind(me).bind(now - NEWS).bind(now).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|(number, title, opened_at)| OpenedWall {
            key: IncidentKey(number),
            title,
            opened_at,
        })
        .collect())
}

/// The parked ideas, for planners once the wall is open; in no order that tells anything.
///
/// # Errors
/// [`StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn ideas(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<parking::Idea>> {
    parking::read(store, viewer, incident, now).await
}

/// Drops an idea, with thanks, or puts it back on the table.
///
/// # Errors
/// [`StoreError::NotFound`] when the idea is not there or the viewer does not plan here.
pub async fn set_aside(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    idea: ParkedId,
    aside: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    parking::set_aside(&mut conn, incident, idea, aside.then_some(now)).await?;
    let action = if aside { "idea.set-aside" } else { "idea.put-back" };
    audit::note(
        &mut conn,
        now,
        Some(viewer.person_id),
        action,
        &idea.to_string(),
        Some(incident),
    )
    .await?;
    conn.commit().await
}

/// The mitigation items of an incident, in the order in which they were made.
///
/// # Errors
/// [`StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn items(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Item>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    let rows: Vec<ItemRow> = on!(conn, db => sqlx::query_as(ITEMS).bind(incident.0).fetch_all(db).await)?;
    let factors: Vec<(Uuid, Uuid)> = on!(conn, db => sqlx::query_as(LINKED_FACTORS).bind(incident.0).fetch_all(db).await)?;
    let learnings: Vec<(Uuid, Uuid)> = on!(conn, db => sqlx::query_as(LINKED_LEARNINGS).bind(incident.0).fetch_all(db).await)?;
    let (mut factors, mut learnings) = (by_item(factors), by_item(learnings));
    rows.into_iter()
        .map(|r| {
            Ok(Item {
                factors: factors.remove(&r.id).unwrap_or_default().into_iter().map(FactorId).collect(),
                learnings: learnings
                    .remove(&r.id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(LearningId)
                    .collect(),
                id: ItemId(r.id),
                title: r.title,
                body: r.body,
                owner_id: r.owner_id.map(PersonId),
                owner: r.owner,
                due_on: r.due_on,
                effect: r.effect,
                state: ItemState::from_slug(&r.state).ok_or(StoreError::Corrupt {
                    table: "items",
                    column: "state",
                })?,
                reason: r.reason,
                parked_id: r.parked_id.map(ParkedId),
                version: r.version,
            })
        })
        .collect()
}

fn by_item(links: Vec<(Uuid, Uuid)>) -> HashMap<Uuid, Vec<Uuid>> {
    let mut by_item: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (item, linked) in links {
        by_item.entry(item).or_default().push(linked);
    }
    by_item
}

/// Makes a mitigation item, from a parked idea or fresh.
///
/// # Errors
/// Fields with what to mend; [`StoreError::NotFound`] for an idea of another incident and for who does not plan here.
pub async fn add_item(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    draft: ItemDraft,
    from: Option<ParkedId>,
    now: DateTime<Utc>,
) -> Result<ItemId> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    let draft = draft.checked()?;
    if let Some(idea) = from
        && !parking::holds(&mut conn, incident, idea).await?
    {
        return Err(StoreError::NotFound);
    }
    let last: i64 = on!(conn, db => sqlx::query_scalar(LAST_POSITION).bind(incident.0).fetch_one(db).await)?;
    let id = ItemId(random::id());
    let new = NewRow {
        id,
        incident,
        draft: &draft,
        parked: from,
        position: last + 1,
        by: Some(viewer.person_id),
    };
    insert(&mut conn, new, now).await?;
    link(&mut conn, id, incident, &draft).await?;
    audit::note(
        &mut conn,
        now,
        Some(viewer.person_id),
        "item.add",
        &id.to_string(),
        Some(incident),
    )
    .await?;
    conn.commit().await?;
    Ok(id)
}

/// Saves a mitigation item that was read at `base_version`.
///
/// # Errors
/// Fields with what to mend; [`StoreError::Stale`] when somebody saved in between.
pub async fn change_item(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    item: ItemId,
    base_version: i64,
    draft: ItemDraft,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    let draft = draft.checked()?;
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(item.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(&draft.title)
            .bind(&draft.body)
            .bind(draft.owner_id.map(|o| o.0))
            .bind(draft.due_on)
            .bind(&draft.effect)
            .bind(draft.state.slug())
            .bind(&draft.reason)
    )
    .map_err(unknown_owner)?;
    if changed == 0 {
        let there: i64 = on!(conn, db => sqlx::query_scalar(EXISTS).bind(item.0).bind(incident.0).fetch_one(db).await)?;
        return Err(if there == 0 { StoreError::NotFound } else { StoreError::Stale });
    }
    run!(conn, sqlx::query(UNLINK_FACTORS).bind(item.0))?;
    run!(conn, sqlx::query(UNLINK_LEARNINGS).bind(item.0))?;
    link(&mut conn, item, incident, &draft).await?;
    audit::note(
        &mut conn,
        now,
        Some(viewer.person_id),
        "item.change",
        &item.to_string(),
        Some(incident),
    )
    .await?;
    conn.commit().await
}

/// Keeps an action of an imported document as a mitigation item: it lands here and not in the review.
pub(crate) async fn add_imported(
    conn: &mut Conn,
    incident: IncidentId,
    body: &str,
    done: bool,
    position: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let title = title_of(body);
    let draft = ItemDraft {
        body: if title == body.trim() {
            String::new()
        } else {
            body.trim().to_owned()
        },
        title,
        owner_id: None,
        due_on: None,
        effect: String::new(),
        state: if done { ItemState::Done } else { ItemState::Open },
        reason: String::new(),
        factors: Vec::new(),
        learnings: Vec::new(),
    };
    let new = NewRow {
        id: ItemId(random::id()),
        incident,
        draft: &draft,
        parked: None,
        position,
        by: None,
    };
    insert(conn, new, now).await
}

struct NewRow<'a> {
    id: ItemId,
    incident: IncidentId,
    draft: &'a ItemDraft,
    parked: Option<ParkedId>,
    position: i64,
    by: Option<PersonId>,
}

async fn insert(conn: &mut Conn, new: NewRow<'_>, now: DateTime<Utc>) -> Result<()> {
    run!(
        conn,
        sqlx::query(ADD)
            .bind(new.id.0)
            .bind(new.incident.0)
            .bind(&new.draft.title)
            .bind(&new.draft.body)
            .bind(new.draft.owner_id.map(|o| o.0))
            .bind(new.draft.due_on)
            .bind(&new.draft.effect)
            .bind(new.draft.state.slug())
            .bind(&new.draft.reason)
            .bind(new.parked.map(|p| p.0))
            .bind(new.position)
            .bind(new.by.map(|p| p.0))
            .bind(now)
    )
    .map_err(unknown_owner)?;
    Ok(())
}

async fn link(conn: &mut Conn, item: ItemId, incident: IncidentId, draft: &ItemDraft) -> Result<()> {
    for factor in &draft.factors {
        run!(conn, sqlx::query(LINK_FACTOR).bind(item.0).bind(factor.0).bind(incident.0))?;
    }
    for learning in &draft.learnings {
        run!(
            conn,
            sqlx::query(LINK_LEARNING).bind(item.0).bind(learning.0).bind(incident.0)
        )?;
    }
    Ok(())
}

/// The owner comes from a list of people: one that is not there was made up.
fn unknown_owner(error: sqlx::Error) -> StoreError {
    if error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
    {
        Invalid::one("owner", "Please choose somebody from the list.").into()
    } else {
        error.into()
    }
}
