//! The parking lot: everybody may put an idea in, its author sees it, only planning looks into it once the wall is open.
//!
//! Order and time of what is inside tell nothing: ids are random, reads are by id and answer no time. The audit entry of an idea
//! names its incident and not the idea, so that the trail does not lead from an idea to its author.

mod erasing;
mod sorting;

pub use erasing::IdeaOfMine;
pub use sorting::{Group, read_groups};

pub(crate) use erasing::{all_of, forget_answer, forget_author};
pub(crate) use sorting::{add_group, holds, put_into, put_under, remove_group, rename_group, set_aside, stand_alone};

use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{AnswerId, GroupId, IncidentId, ParkedId, PersonId, text};
use uuid::Uuid;

/// A parked idea as planners read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idea {
    /// Its id. Random: its order tells nothing.
    pub id: ParkedId,
    /// In its author's words.
    pub body: String,
    /// Its author's name, if they ticked it.
    pub name: Option<String>,
    /// Dropped, with thanks.
    pub set_aside: bool,
    /// The words of thanks; empty: the usual ones.
    pub thanks: String,
    /// The group that it is in.
    pub group: Option<GroupId>,
    /// The idea that stands for this one, too.
    pub under: Option<ParkedId>,
}

/// A parked idea as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnIdea {
    /// Its id.
    pub id: ParkedId,
    /// Its words.
    pub body: String,
    /// Planners see the author's name.
    pub with_name: bool,
    /// Came from the answer to question 9.
    pub from_answer: bool,
    /// When it was parked.
    pub parked_at: DateTime<Utc>,
    /// Planning let it go, or the one that stands for it, with these words of thanks; empty: the usual ones.
    pub thanked: Option<String>,
}

/// The parking lot of an incident as one person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The incident.
    pub incident: IncidentId,
    /// Its number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// Planners can read what is parked.
    pub wall_open: bool,
    /// The person's own ideas.
    pub mine: Vec<OwnIdea>,
}

const FIND: &str = "select id, title from incidents where number = $1";
const ADD: &str = "
insert into parked (id, incident_id, author_id, answer_id, body_sealed, with_name, parked_at, set_aside_at)
values ($1, $2, $3, $4, $5, $6, $7, null)";
const OF_ANSWER: &str = "select id from parked where answer_id = $1";
const CHANGE: &str = "update parked set body_sealed = $2, with_name = $3, parked_at = $4 where id = $1";
const REMOVE_OF_ANSWER: &str = "delete from parked where answer_id = $1";
const IS_OWN: &str = "select count(*) from parked where id = $1 and incident_id = $2 and author_id = $3 and answer_id is null";
const REMOVE_OWN: &str = "delete from parked where id = $1 and incident_id = $2 and author_id = $3 and answer_id is null";
const COUNT: &str = "select count(*) from parked where incident_id = $1";
const READ: &str = "
select d.id, d.body_sealed, d.set_aside_at is not null as set_aside, d.thanks_sealed, d.group_id, d.stands_under,
  case when d.with_name then p.name end as name
from parked d left join people p on p.id = d.author_id
where d.incident_id = $1 order by d.id";
// Dropped itself, or the one that stands for it.
const MINE: &str = "
select d.id, d.body_sealed, d.with_name, d.answer_id is not null as from_answer, d.parked_at,
  case when d.set_aside_at is not null then d.id when u.set_aside_at is not null then u.id end as let_go,
  case when d.set_aside_at is not null then d.thanks_sealed else u.thanks_sealed end as thanks_sealed
from parked d left join parked u on u.id = d.stands_under
where d.incident_id = $1 and d.author_id = $2 order by d.parked_at, d.id";

#[derive(sqlx::FromRow)]
struct IdeaRow {
    id: Uuid,
    body_sealed: Vec<u8>,
    set_aside: bool,
    thanks_sealed: Option<Vec<u8>>,
    group_id: Option<Uuid>,
    stands_under: Option<Uuid>,
    name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    id: Uuid,
    body_sealed: Vec<u8>,
    with_name: bool,
    from_answer: bool,
    parked_at: DateTime<Utc>,
    let_go: Option<Uuid>,
    thanks_sealed: Option<Vec<u8>>,
}

fn place(row: Uuid) -> Place<'static> {
    Place { table: "parked", row, column: "body", audience: "parked" }
}

/// Puts an idea into the parking lot of an incident. Nothing is added to the review.
///
/// # Errors
/// Field `text` when nothing is written or more than fits; [`StoreError::NotFound`] for who may not park there.
pub async fn park(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    text: &str,
    with_name: bool,
    now: DateTime<Utc>,
) -> Result<ParkedId> {
    let mut conn = store.write().await?;
    let id = park_in(&mut conn, viewer, incident, text, with_name, now).await?;
    conn.commit().await?;
    Ok(id)
}

/// As [`park`], in a transaction that its caller commits.
pub(crate) async fn park_in(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    text: &str,
    with_name: bool,
    now: DateTime<Utc>,
) -> Result<ParkedId> {
    require(conn, viewer, Right::Park, incident, now).await?;
    let text = text::required("text", text)?;
    let id = add(conn, incident, viewer.person_id, None, &text, with_name, now).await?;
    audit::note(conn, now, Some(viewer.person_id), "idea.park", &incident.to_string(), Some(incident)).await?;
    Ok(id)
}

async fn add(
    conn: &mut Conn,
    incident: IncidentId,
    author: PersonId,
    answer: Option<AnswerId>,
    text: &str,
    with_name: bool,
    now: DateTime<Utc>,
) -> Result<ParkedId> {
    let id = random::id();
    let sealed = crypt::incident_key(conn, incident).await?.seal(&place(id), text);
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id)
            .bind(incident.0)
            .bind(author.0)
            .bind(answer.map(|a| a.0))
            .bind(sealed)
            .bind(with_name)
            .bind(now)
    )?;
    Ok(ParkedId(id))
}

/// Parks the answer to question 9, or changes what it parked before. The caller has checked that the answer is the author's and
/// has put it on record.
pub(crate) async fn put_answer(
    conn: &mut Conn,
    incident: IncidentId,
    author: PersonId,
    answer: AnswerId,
    text: &str,
    with_name: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let known: Option<Uuid> = on!(conn, db => sqlx::query_scalar(OF_ANSWER).bind(answer.0).fetch_optional(db).await)?;
    let Some(id) = known else {
        add(conn, incident, author, Some(answer), text, with_name, now).await?;
        return Ok(());
    };
    let sealed = crypt::incident_key(conn, incident).await?.seal(&place(id), text);
    run!(conn, sqlx::query(CHANGE).bind(id).bind(sealed).bind(with_name).bind(now))?;
    Ok(())
}

/// Takes the idea of an answer out again: the answer became *only me*, empty, or was taken back.
pub(crate) async fn withdraw_answer(conn: &mut Conn, answer: AnswerId) -> Result<()> {
    run!(conn, sqlx::query(REMOVE_OF_ANSWER).bind(answer.0))?;
    Ok(())
}

/// How many ideas are parked: all that a review may show of them. Does not change with what planning does.
pub(crate) async fn count(conn: &mut Conn, incident: IncidentId) -> Result<i64> {
    Ok(on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?)
}

/// All ideas, for planners, once the wall is open. Called by planning only.
///
/// # Errors
/// [`StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn read(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Idea>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let rows: Vec<IdeaRow> = on!(conn, db => sqlx::query_as(READ).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|r| {
            let body = key.open(&place(r.id), &r.body_sealed)?;
            let thanks = sorting::thanks_of(&key, r.id, r.thanks_sealed)?;
            let (group, under) = (r.group_id.map(GroupId), r.stands_under.map(ParkedId));
            Ok(Idea { id: ParkedId(r.id), body, name: r.name, set_aside: r.set_aside, thanks, group, under })
        })
        .collect()
}

/// The viewer's own ideas.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not park there.
pub async fn mine(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<OwnIdea>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Park, incident, now).await?;
    own(&mut conn, viewer, incident).await
}

/// The parking lot of the incident of this key with the viewer's own ideas. Also for guests, who see nothing else of an incident.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or the viewer may not park there.
pub async fn lot(store: &Store, viewer: &Viewer, key: IncidentKey, now: DateTime<Utc>) -> Result<Lot> {
    let mut conn = store.read().await?;
    let found: Option<(Uuid, String)> = on!(conn, db => sqlx::query_as(FIND).bind(key.0).fetch_optional(db).await)?;
    let (id, title) = found.ok_or(StoreError::NotFound)?;
    let incident = IncidentId(id);
    let standing = require(&mut conn, viewer, Right::Park, incident, now).await?;
    let mine = own(&mut conn, viewer, incident).await?;
    Ok(Lot { incident, key, title, wall_open: standing.wall_open, mine })
}

async fn own(conn: &mut Conn, viewer: &Viewer, incident: IncidentId) -> Result<Vec<OwnIdea>> {
    let key = crypt::incident_key(conn, incident).await?;
    let me = viewer.person_id.0;
    let rows: Vec<OwnRow> = on!(conn, db => sqlx::query_as(MINE).bind(incident.0).bind(me).fetch_all(db).await)?;
    rows.into_iter()
        .map(|r| {
            let body = key.open(&place(r.id), &r.body_sealed)?;
            let thanked = r.let_go.map(|row| sorting::thanks_of(&key, row, r.thanks_sealed)).transpose()?;
            let id = ParkedId(r.id);
            Ok(OwnIdea { id, body, with_name: r.with_name, from_answer: r.from_answer, parked_at: r.parked_at, thanked })
        })
        .collect()
}

/// Takes an idea of one's own out again, until the wall opens. The idea of an answer goes with its answer instead.
///
/// # Errors
/// [`StoreError::Refused`] once planners can read it; [`StoreError::NotFound`] when it is not there or not theirs.
pub async fn withdraw(store: &Store, viewer: &Viewer, incident: IncidentId, idea: ParkedId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    let standing = require(&mut conn, viewer, Right::Park, incident, now).await?;
    let me = viewer.person_id.0;
    let own: i64 = on!(conn, db => sqlx::query_scalar(IS_OWN).bind(idea.0).bind(incident.0).bind(me).fetch_one(db).await)?;
    if own == 0 {
        return Err(StoreError::NotFound);
    }
    if standing.wall_open {
        return Err(StoreError::Refused("Planning is open: planners may have read this idea, so it stays."));
    }
    run!(conn, sqlx::query(REMOVE_OWN).bind(idea.0).bind(incident.0).bind(me))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "idea.withdraw", &incident.to_string(), Some(incident)).await?;
    conn.commit().await
}
