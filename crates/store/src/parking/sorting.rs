//! What planning does with ideas on its table: dropped with thanks, put into groups, one standing for several. Called by planning only,
//! which has checked the right; nothing here leads from an idea to its author.

use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{GroupId, IncidentId, ParkedId, text};
use uuid::Uuid;

/// A group of parked ideas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// What its ideas are about, one line.
    pub name: String,
}

const SET_ASIDE: &str = "update parked set set_aside_at = $3, thanks_sealed = $4 where id = $1 and incident_id = $2";
const EXISTS: &str = "select count(*) from parked where id = $1 and incident_id = $2";
const GROUPS: &str = "select id, name_sealed from idea_groups where incident_id = $1 order by created_at, id";
const GROUP_THERE: &str = "select count(*) from idea_groups where id = $1 and incident_id = $2";
const ADD_GROUP: &str = "insert into idea_groups (id, incident_id, name_sealed, created_at) values ($1, $2, $3, $4)";
const RENAME_GROUP: &str = "update idea_groups set name_sealed = $3 where id = $1 and incident_id = $2";
const REMOVE_GROUP: &str = "delete from idea_groups where id = $1 and incident_id = $2";
const REMOVE_EMPTY: &str = "
delete from idea_groups where incident_id = $1 and not exists (select 1 from parked d where d.group_id = idea_groups.id)";
const SET_GROUP: &str = "update parked set group_id = $3 where id = $1 and incident_id = $2";
const STANDS_UNDER: &str = "select stands_under from parked where id = $1 and incident_id = $2";
const SET_UNDER: &str = "update parked set stands_under = $3 where id = $1 and incident_id = $2";
// Those that stood under it come along: one level is enough for people to follow.
const SET_FOLLOWERS: &str = "update parked set stands_under = $3 where stands_under = $1 and incident_id = $2";

fn thanks(row: Uuid) -> Place<'static> {
    Place { table: "parked", row, column: "thanks", audience: "parked" }
}

fn name(row: Uuid) -> Place<'static> {
    Place { table: "idea_groups", row, column: "name", audience: "" }
}

/// The words of thanks that were written to the author of a dropped idea.
pub(super) fn thanks_of(key: &crypt::IncidentKeyring, row: Uuid, sealed: Option<Vec<u8>>) -> Result<String> {
    sealed.map_or_else(|| Ok(String::new()), |sealed| key.open(&thanks(row), &sealed))
}

/// Drops an idea, with thanks in these words or the usual ones, or puts it back.
pub(crate) async fn set_aside(
    conn: &mut Conn,
    incident: IncidentId,
    idea: ParkedId,
    at: Option<DateTime<Utc>>,
    words: &str,
) -> Result<()> {
    let words = text::long("thanks", words)?;
    let key = crypt::incident_key(conn, incident).await?;
    let sealed = (at.is_some() && !words.is_empty()).then(|| key.seal(&thanks(idea.0), &words));
    let changed = run!(conn, sqlx::query(SET_ASIDE).bind(idea.0).bind(incident.0).bind(at).bind(sealed))?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whether this idea belongs to this incident.
pub(crate) async fn holds(conn: &mut Conn, incident: IncidentId, idea: ParkedId) -> Result<bool> {
    let found: i64 = on!(conn, db => sqlx::query_scalar(EXISTS).bind(idea.0).bind(incident.0).fetch_one(db).await)?;
    Ok(found > 0)
}

/// The groups of an incident's ideas, in the order in which they were made; for planners once the wall is open.
///
/// # Errors
/// [`StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn read_groups(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Group>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let rows: Vec<(Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(GROUPS).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter().map(|(id, sealed)| Ok(Group { id: GroupId(id), name: key.open(&name(id), &sealed)? })).collect()
}

/// Puts an idea into a group, or into none; a group that is left empty goes.
pub(crate) async fn put_into(conn: &mut Conn, incident: IncidentId, idea: ParkedId, group: Option<GroupId>) -> Result<()> {
    if let Some(group) = group {
        let there: i64 = on!(conn, db => sqlx::query_scalar(GROUP_THERE).bind(group.0).bind(incident.0).fetch_one(db).await)?;
        if there == 0 {
            return Err(StoreError::NotFound);
        }
    }
    let changed = run!(conn, sqlx::query(SET_GROUP).bind(idea.0).bind(incident.0).bind(group.map(|g| g.0)))?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    run!(conn, sqlx::query(REMOVE_EMPTY).bind(incident.0))?;
    Ok(())
}

/// Makes a group with this name.
pub(crate) async fn add_group(conn: &mut Conn, incident: IncidentId, words: &str, now: DateTime<Utc>) -> Result<GroupId> {
    let words = text::line("name", words, text::TITLE_MAX)?;
    let id = random::id();
    let sealed = crypt::incident_key(conn, incident).await?.seal(&name(id), &words);
    run!(conn, sqlx::query(ADD_GROUP).bind(id).bind(incident.0).bind(sealed).bind(now))?;
    Ok(GroupId(id))
}

/// Gives a group another name.
pub(crate) async fn rename_group(conn: &mut Conn, incident: IncidentId, group: GroupId, words: &str) -> Result<()> {
    let key = crypt::incident_key(conn, incident).await?;
    let there: i64 = on!(conn, db => sqlx::query_scalar(GROUP_THERE).bind(group.0).bind(incident.0).fetch_one(db).await)?;
    if there == 0 {
        return Err(StoreError::NotFound);
    }
    let sealed = key.seal(&name(group.0), &text::line("name", words, text::TITLE_MAX)?);
    run!(conn, sqlx::query(RENAME_GROUP).bind(group.0).bind(incident.0).bind(sealed))?;
    Ok(())
}

/// Takes a group apart; its ideas stay on the table.
pub(crate) async fn remove_group(conn: &mut Conn, incident: IncidentId, group: GroupId) -> Result<()> {
    let changed = run!(conn, sqlx::query(REMOVE_GROUP).bind(group.0).bind(incident.0))?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Lets one idea stand for another one as well; what stood under that one comes along.
pub(crate) async fn put_under(conn: &mut Conn, incident: IncidentId, idea: ParkedId, under: ParkedId) -> Result<()> {
    if !holds(conn, incident, idea).await? {
        return Err(StoreError::NotFound);
    }
    let refused = || domain::Invalid::one("under", "Please choose another idea from the list.");
    let above: Option<Option<Uuid>> =
        on!(conn, db => sqlx::query_scalar(STANDS_UNDER).bind(under.0).bind(incident.0).fetch_optional(db).await)?;
    if above != Some(None) || idea == under {
        return Err(refused().into());
    }
    run!(conn, sqlx::query(SET_FOLLOWERS).bind(idea.0).bind(incident.0).bind(Some(under.0)))?;
    run!(conn, sqlx::query(SET_UNDER).bind(idea.0).bind(incident.0).bind(Some(under.0)))?;
    Ok(())
}

/// Lets an idea stand for itself again.
pub(crate) async fn stand_alone(conn: &mut Conn, incident: IncidentId, idea: ParkedId) -> Result<()> {
    let changed = run!(conn, sqlx::query(SET_UNDER).bind(idea.0).bind(incident.0).bind(None::<Uuid>))?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
