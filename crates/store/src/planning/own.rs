//! Items seen across incidents: those that somebody takes care of and those of the rooms that they were given, by age, to be looked back
//! at, and one by itself. Who takes care of an item reads this item; the room it lies in is there for planners only.

use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, NaiveDate, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::planning::{ASKED_AFTER, Helped, ItemState, Verdict, asked_at, helped};
use domain::rights::Right;
use domain::{IncidentId, ItemId};
use std::collections::HashMap;
use uuid::Uuid;

/// Most items of a list: the oldest, which are the ones to talk about.
const MOST: i64 = 300;

/// An item with the incident that it belongs to, as its owner or a planner of the incident sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its id.
    pub id: ItemId,
    /// The incident.
    pub key: IncidentKey,
    /// Its title.
    pub incident_title: String,
    /// What is to be done, one line.
    pub title: String,
    /// More words, Markdown.
    pub body: String,
    /// The effect that is hoped for.
    pub effect: String,
    /// Where it stands.
    pub state: ItemState,
    /// Who takes care of it.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Its page in a tracker; may be empty.
    pub tracker: String,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// When it was done, where that is known.
    pub done_at: Option<DateTime<Utc>>,
    /// The viewer takes care of it.
    pub mine: bool,
    /// The viewer has the room of its incident.
    pub plans: bool,
}

/// Items that quietly wait for somebody, for their home page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Done some weeks ago: did it help?
    pub to_look_back: Vec<Planned>,
    /// Theirs, and meant for a day that is over.
    pub past_due: Vec<Planned>,
}

/// The columns and the gate of every list here: an incident that is there for the viewer, whose wall is open, with an item that is theirs
/// or in a room of theirs.
macro_rules! mine {
    ($rest:literal) => {
        concat!(
            "
select t.id, i.id as incident_id, i.number, i.title as incident_title, t.title, t.body, t.effect, t.state, p.name as owner, t.due_on,
  t.tracker, t.created_at, t.done_at, (t.owner_id is not null and t.owner_id = $1) as mine,
  exists (select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $1 and r.role = 'planner') as plans
from items t join incidents i on i.id = t.incident_id join walls w on w.incident_id = i.id left join people p on p.id = t.owner_id
where i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
  and (w.opened_early_at is not null or (w.opens_at is not null and w.opens_at <= $2))
  and t.id in (select o.id from items o where o.owner_id = $1
    union select o.id from incident_roles r join items o on o.incident_id = r.incident_id where r.person_id = $1 and r.role = 'planner')
",
            $rest
        )
    };
}
const ONE: &str = mine!("  and t.id = $3");
const WAITING: &str = mine!("  and t.state in ('option', 'open', 'doing') order by t.created_at, t.id limit $3");
const PAST_DUE: &str =
    mine!("  and t.owner_id = $1 and t.state in ('open', 'doing') and t.due_on < $3 order by t.due_on, t.id limit $4");
const SOME_WEEKS_DONE: &str = mine!(
    "  and t.state = 'done' and t.done_at <= $3 and not exists (select 1 from item_answers a
    where a.item_id = t.id and a.answered_at >= t.done_at and (a.verdict <> 'too-early' or a.answered_at > $3))
order by t.done_at, t.id limit $4"
);
const ANSWERS_OF_INCIDENT: &str = "
select a.item_id, a.verdict, a.words, p.name, a.answered_at
from item_answers a join items t on t.id = a.item_id left join people p on p.id = a.answered_by
where t.incident_id = $1 order by a.answered_at desc, a.id";
const ANSWERS_OF_ITEM: &str = "
select a.item_id, a.verdict, a.words, p.name, a.answered_at
from item_answers a left join people p on p.id = a.answered_by where a.item_id = $1 order by a.answered_at desc, a.id";
const ANSWER: &str = "
insert into item_answers (id, item_id, verdict, words, answered_by, answered_at) values ($1, $2, $3, $4, $5, $6)";

#[derive(sqlx::FromRow)]
struct PlannedRow {
    id: Uuid,
    incident_id: Uuid,
    number: i64,
    incident_title: String,
    title: String,
    body: String,
    effect: String,
    state: String,
    owner: Option<String>,
    due_on: Option<NaiveDate>,
    tracker: String,
    created_at: DateTime<Utc>,
    done_at: Option<DateTime<Utc>>,
    mine: bool,
    plans: bool,
}

impl PlannedRow {
    fn into_planned(self) -> Result<Planned> {
        Ok(Planned {
            id: ItemId(self.id),
            key: IncidentKey(self.number),
            incident_title: self.incident_title,
            title: self.title,
            body: self.body,
            effect: self.effect,
            state: ItemState::from_slug(&self.state).ok_or(StoreError::Corrupt { table: "items", column: "state" })?,
            owner: self.owner,
            due_on: self.due_on,
            tracker: self.tracker,
            created_at: self.created_at,
            done_at: self.done_at,
            mine: self.mine,
            plans: self.plans,
        })
    }
}

type AnswerRow = (Uuid, String, String, Option<String>, DateTime<Utc>);

fn answers(rows: Vec<AnswerRow>) -> Result<HashMap<Uuid, Vec<Helped>>> {
    let mut by_item: HashMap<Uuid, Vec<Helped>> = HashMap::new();
    for (item, verdict, words, by, at) in rows {
        let verdict = Verdict::from_slug(&verdict).ok_or(StoreError::Corrupt { table: "item_answers", column: "verdict" })?;
        by_item.entry(item).or_default().push(Helped { verdict, words, by, at });
    }
    Ok(by_item)
}

/// What was said about the items of an incident, by item.
pub(super) async fn helped_of(conn: &mut Conn, incident: IncidentId) -> Result<HashMap<Uuid, Vec<Helped>>> {
    answers(on!(conn, db => sqlx::query_as(ANSWERS_OF_INCIDENT).bind(incident.0).fetch_all(db).await)?)
}

async fn one(conn: &mut Conn, viewer: &Viewer, item: ItemId, now: DateTime<Utc>) -> Result<PlannedRow> {
    let me = viewer.person_id.0;
    let row = on!(conn, db => sqlx::query_as(ONE).bind(me).bind(now).bind(item.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)
}

/// One item with what was said about whether it helped, for who takes care of it and for planners of its incident.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else.
pub async fn planned(store: &Store, viewer: &Viewer, item: ItemId, now: DateTime<Utc>) -> Result<(Planned, Vec<Helped>)> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let row = one(&mut conn, viewer, item, now).await?;
    let mut said = answers(on!(conn, db => sqlx::query_as(ANSWERS_OF_ITEM).bind(item.0).fetch_all(db).await)?)?;
    Ok((row.into_planned()?, said.remove(&item.0).unwrap_or_default()))
}

/// Says whether an item that is done helped. What was said before stays.
///
/// # Errors
/// Fields `verdict` and `words`; [`StoreError::Refused`] for an item that is not done; [`StoreError::NotFound`] for who neither takes care
/// of it nor plans there.
pub async fn look_back(
    store: &Store,
    viewer: &Viewer,
    item: ItemId,
    verdict: &str,
    words: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.write().await?;
    let row = one(&mut conn, viewer, item, now).await?;
    if row.state != ItemState::Done.slug() {
        return Err(StoreError::Refused("Whether it helped is asked once it is done."));
    }
    let (verdict, words) = helped(verdict, words)?;
    let me = viewer.person_id;
    let id = random::id();
    run!(conn, sqlx::query(ANSWER).bind(id).bind(item.0).bind(verdict.slug()).bind(&words).bind(me.0).bind(now))?;
    let incident = Some(IncidentId(row.incident_id));
    audit::note(&mut conn, now, Some(me), "item.look-back", &item.to_string(), incident).await?;
    conn.commit().await
}

/// What waits to be decided or done in all rooms that the viewer was given, and what they take care of elsewhere; the oldest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn by_age(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<Planned>> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let me = viewer.person_id.0;
    let rows: Vec<PlannedRow> = on!(conn, db => sqlx::query_as(WAITING).bind(me).bind(now).bind(MOST).fetch_all(db).await)?;
    rows.into_iter().map(PlannedRow::into_planned).collect()
}

/// What was done some weeks ago and nobody has said whether it helped, and what the viewer takes care of and meant to have done by now.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn waiting(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Waits> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let (me, today) = (viewer.person_id.0, now.date_naive());
    let done: Vec<PlannedRow> = on!(conn, db => sqlx::query_as(SOME_WEEKS_DONE).bind(me).bind(now).bind(now - ASKED_AFTER)
        .bind(MOST).fetch_all(db).await)?;
    let due: Vec<PlannedRow> =
        on!(conn, db => sqlx::query_as(PAST_DUE).bind(me).bind(now).bind(today).bind(MOST).fetch_all(db).await)?;
    let to_look_back: Vec<Planned> = done.into_iter().map(PlannedRow::into_planned).collect::<Result<_>>()?;
    debug_assert!(to_look_back.iter().all(|p| p.done_at.and_then(|at| asked_at(at, &[])).is_some_and(|at| at <= now)));
    Ok(Waits { to_look_back, past_due: due.into_iter().map(PlannedRow::into_planned).collect::<Result<_>>()? })
}
