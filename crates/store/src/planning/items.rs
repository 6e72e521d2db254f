//! Mitigation items: made from a parked idea or fresh, linked to learnings and factors, changed with a version.

use super::own;
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, parking, random};
use chrono::{DateTime, NaiveDate, Utc};
use domain::people::Viewer;
use domain::planning::{Effort, Item, ItemDraft, ItemState, title_of};
use domain::rights::Right;
use domain::{FactorId, IncidentId, Invalid, ItemId, LearningId, ParkedId, PersonId};
use std::collections::HashMap;
use uuid::Uuid;

const ITEMS: &str = "
select t.id, t.title, t.body, t.owner_id, p.name as owner, t.due_on, t.effect, t.harder, t.effort, t.state, t.reason, t.tracker,
  t.decided_at, t.done_at, t.parked_id, t.version
from items t left join people p on p.id = t.owner_id where t.incident_id = $1 order by t.position, t.id";
const LINKED_FACTORS: &str = "
select l.item_id, l.factor_id from item_factors l join items t on t.id = l.item_id where t.incident_id = $1";
const LINKED_LEARNINGS: &str = "
select l.item_id, l.learning_id from item_learnings l join items t on t.id = l.item_id where t.incident_id = $1";
const ADD: &str = "
insert into items (id, incident_id, title, body, owner_id, due_on, effect, state, reason, parked_id, position, created_by, created_at,
  harder, effort, tracker, decided_at, done_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)";
const LAST_POSITION: &str = "select coalesce(max(position), 0) from items where incident_id = $1";
const CHANGE: &str = "
update items set title = $4, body = $5, owner_id = $6, due_on = $7, effect = $8, state = $9, reason = $10, harder = $11,
  effort = $12, tracker = $13, version = version + 1,
  decided_at = case when $9 = 'option' then null when state = 'option' then $14 else decided_at end,
  done_at = case when $9 <> 'done' then null when state <> 'done' then $14 else done_at end
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
struct ItemRow {
    id: Uuid,
    title: String,
    body: String,
    owner_id: Option<Uuid>,
    owner: Option<String>,
    due_on: Option<NaiveDate>,
    effect: String,
    harder: String,
    effort: String,
    state: String,
    reason: String,
    tracker: String,
    decided_at: Option<DateTime<Utc>>,
    done_at: Option<DateTime<Utc>>,
    parked_id: Option<Uuid>,
    version: i64,
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
    let mut helped = own::helped_of(&mut conn, incident).await?;
    let (mut factors, mut learnings) = (by_item(factors), by_item(learnings));
    rows.into_iter()
        .map(|r| {
            Ok(Item {
                factors: factors.remove(&r.id).unwrap_or_default().into_iter().map(FactorId).collect(),
                learnings: learnings.remove(&r.id).unwrap_or_default().into_iter().map(LearningId).collect(),
                helped: helped.remove(&r.id).unwrap_or_default(),
                id: ItemId(r.id),
                title: r.title,
                body: r.body,
                owner_id: r.owner_id.map(PersonId),
                owner: r.owner,
                due_on: r.due_on,
                effect: r.effect,
                harder: r.harder,
                effort: Effort::from_slug(&r.effort),
                tracker: r.tracker,
                decided_at: r.decided_at,
                done_at: r.done_at,
                state: ItemState::from_slug(&r.state).ok_or(StoreError::Corrupt { table: "items", column: "state" })?,
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
    let new = NewRow { id, incident, draft: &draft, parked: from, position: last + 1, by: Some(viewer.person_id) };
    insert(&mut conn, new, now).await?;
    link(&mut conn, id, incident, &draft).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "item.add", &id.to_string(), Some(incident)).await?;
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
            .bind(&draft.harder)
            .bind(draft.effort.map_or("", Effort::slug))
            .bind(&draft.tracker)
            .bind(now)
    )
    .map_err(unknown_owner)?;
    if changed == 0 {
        let there: i64 = on!(conn, db => sqlx::query_scalar(EXISTS).bind(item.0).bind(incident.0).fetch_one(db).await)?;
        return Err(if there == 0 { StoreError::NotFound } else { StoreError::Stale });
    }
    run!(conn, sqlx::query(UNLINK_FACTORS).bind(item.0))?;
    run!(conn, sqlx::query(UNLINK_LEARNINGS).bind(item.0))?;
    link(&mut conn, item, incident, &draft).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "item.change", &item.to_string(), Some(incident)).await?;
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
        body: if title == body.trim() { String::new() } else { body.trim().to_owned() },
        title,
        state: if done { ItemState::Done } else { ItemState::Open },
        ..ItemDraft::default()
    };
    let new = NewRow { id: ItemId(random::id()), incident, draft: &draft, parked: None, position, by: None };
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
    // When something of an imported document was decided or done, nobody knows.
    let known = new.by.is_some();
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
            .bind(&new.draft.harder)
            .bind(new.draft.effort.map_or("", Effort::slug))
            .bind(&new.draft.tracker)
            .bind((new.draft.state != ItemState::Proposed && known).then_some(now))
            .bind((new.draft.state == ItemState::Done && known).then_some(now))
    )
    .map_err(unknown_owner)?;
    Ok(())
}

async fn link(conn: &mut Conn, item: ItemId, incident: IncidentId, draft: &ItemDraft) -> Result<()> {
    for factor in &draft.factors {
        run!(conn, sqlx::query(LINK_FACTOR).bind(item.0).bind(factor.0).bind(incident.0))?;
    }
    for learning in &draft.learnings {
        run!(conn, sqlx::query(LINK_LEARNING).bind(item.0).bind(learning.0).bind(incident.0))?;
    }
    Ok(())
}

/// The owner comes from a list of people: one that is not there was made up.
fn unknown_owner(error: sqlx::Error) -> StoreError {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation) {
        Invalid::one("owner", "Please choose somebody from the list.").into()
    } else {
        error.into()
    }
}
