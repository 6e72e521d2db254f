//! Ideas whose author takes their words away: gone until the wall opens, without a way to their author afterwards.

use super::sorting::thanks_of;
use super::{OwnIdea, place};
use crate::db::{Conn, on, run};
use crate::{Result, crypt};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::{AnswerId, IncidentId, ParkedId, PersonId};
use uuid::Uuid;

/// An idea with the incident that it was parked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdeaOfMine {
    /// The incident.
    pub incident: IncidentId,
    /// Its number; `None` where the incident is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// The idea.
    pub idea: OwnIdea,
    /// Planners can read it.
    pub wall_open: bool,
}

const OF_AUTHOR: &str = "
select d.id, d.incident_id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, d.body_sealed, d.with_name, d.answer_id is not null as from_answer, d.parked_at,
  (w.opened_early_at is not null or (w.opens_at is not null and w.opens_at <= $2)) as wall_open,
  case when d.set_aside_at is not null then d.id when u.set_aside_at is not null then u.id end as let_go,
  case when d.set_aside_at is not null then d.thanks_sealed else u.thanks_sealed end as thanks_sealed
from parked d join incidents i on i.id = d.incident_id left join walls w on w.incident_id = d.incident_id
  left join parked u on u.id = d.stands_under
where d.author_id = $1 order by d.parked_at, d.id";
const WALL_OPEN: &str = "
select count(*) from walls where incident_id = $1 and (opened_early_at is not null or opens_at <= $2)";
const REMOVE_OF_ANSWER: &str = "delete from parked where answer_id = $1";
const UNBIND_OF_ANSWER: &str = "update parked set answer_id = null, author_id = null, with_name = $2 where answer_id = $1";
const REMOVE: &str = "delete from parked where id = $1";
const UNBIND: &str = "update parked set answer_id = null, author_id = null, with_name = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct IdeaRow {
    id: Uuid,
    incident_id: Uuid,
    number: Option<i64>,
    body_sealed: Vec<u8>,
    with_name: bool,
    from_answer: bool,
    parked_at: DateTime<Utc>,
    wall_open: bool,
    let_go: Option<Uuid>,
    thanks_sealed: Option<Vec<u8>>,
}

/// All ideas of a person, of one incident or of all.
pub(crate) async fn all_of(
    conn: &mut Conn,
    author: PersonId,
    only: Option<IncidentId>,
    now: DateTime<Utc>,
) -> Result<Vec<IdeaOfMine>> {
    let rows: Vec<IdeaRow> = on!(conn, db => sqlx::query_as(OF_AUTHOR).bind(author.0).bind(now).fetch_all(db).await)?;
    let mut all = Vec::with_capacity(rows.len());
    for r in rows.into_iter().filter(|r| only.is_none_or(|incident| incident.0 == r.incident_id)) {
        let incident = IncidentId(r.incident_id);
        let key = crypt::incident_key(conn, incident).await?;
        let body = key.open(&place(r.id), &r.body_sealed)?;
        let thanked = r.let_go.map(|row| thanks_of(&key, row, r.thanks_sealed)).transpose()?;
        let id = ParkedId(r.id);
        let idea = OwnIdea { id, body, with_name: r.with_name, from_answer: r.from_answer, parked_at: r.parked_at, thanked };
        all.push(IdeaOfMine { incident, key: r.number.map(IncidentKey), idea, wall_open: r.wall_open });
    }
    Ok(all)
}

/// The answer behind an idea goes. Until the wall opens its idea goes with it; afterwards it stays on planning's table, nameless.
pub(crate) async fn forget_answer(conn: &mut Conn, incident: IncidentId, answer: AnswerId, now: DateTime<Utc>) -> Result<()> {
    let open: i64 = on!(conn, db => sqlx::query_scalar(WALL_OPEN).bind(incident.0).bind(now).fetch_one(db).await)?;
    if open == 0 {
        run!(conn, sqlx::query(REMOVE_OF_ANSWER).bind(answer.0))?;
    } else {
        run!(conn, sqlx::query(UNBIND_OF_ANSWER).bind(answer.0).bind(false))?;
    }
    Ok(())
}

/// Ideas of a person go, of one incident or of all, by the same rule.
pub(crate) async fn forget_author(conn: &mut Conn, author: PersonId, only: Option<IncidentId>, now: DateTime<Utc>) -> Result<()> {
    for mine in all_of(conn, author, only, now).await? {
        if mine.wall_open {
            run!(conn, sqlx::query(UNBIND).bind(mine.idea.id.0).bind(false))?;
        } else {
            run!(conn, sqlx::query(REMOVE).bind(mine.idea.id.0))?;
        }
    }
    Ok(())
}
