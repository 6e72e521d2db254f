//! Nominations: "can you think of anyone else we can talk to". Part of the answer to question 12, sealed like it.

use super::answers::{draft_of_nominations, start};
use super::{own_to_change, reads, sets};
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, InvitationId, NominationId, text};
use serde::{Deserialize, Serialize};

/// Somebody whom the author named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nomination {
    /// Id.
    pub id: NominationId,
    /// Name, or what they do ("the night desk").
    pub name: String,
    /// Why them; may be empty.
    pub reason: String,
}

/// A nomination as facilitators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominated {
    /// Who was named and why.
    pub nomination: Nomination,
    /// Who named them, where they agreed that it is shown.
    pub by: Option<String>,
    /// The invitation that it became.
    pub invited_as: Option<InvitationId>,
    /// Set aside.
    pub set_aside: bool,
}

const OF_INVITATION: &str = "select id, body_sealed from nominations where invitation_id = $1 order by created_at, id";
const OF_INCIDENT: &str = "
select n.id, n.invitation_id, n.body_sealed, n.invited_as, n.set_aside, n.show_by
from nominations n where n.incident_id = $1 order by n.id";
const COUNT: &str = "select count(*) from nominations where invitation_id = $1";
const ADD: &str = "
insert into nominations (id, invitation_id, incident_id, body_sealed, invited_as, set_aside, created_at, show_by)
values ($1, $2, $3, $4, null, $5, $6, $7)";
const REMOVE: &str = "delete from nominations where id = $1 and invitation_id = $2";
const SET_ASIDE: &str = "update nominations set set_aside = $2 where id = $1 and incident_id = $3";

/// More than this is a list of everybody.
const MOST: i64 = 30;

#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    reason: String,
}

fn place(id: uuid::Uuid) -> Place<'static> {
    Place { table: "nominations", row: id, column: "body", audience: "" }
}

fn open(key: &IncidentKeyring, id: uuid::Uuid, sealed: &[u8]) -> Result<Nomination> {
    let body: Body = serde_json::from_str(&key.open(&place(id), sealed)?)
        .map_err(|_| StoreError::Corrupt { table: "nominations", column: "body" })?;
    Ok(Nomination { id: NominationId(id), name: body.name, reason: body.reason })
}

/// Whom the author of this conversation named.
pub(super) async fn of_invitation(conn: &mut Conn, key: &IncidentKeyring, invitation: InvitationId) -> Result<Vec<Nomination>> {
    let rows: Vec<(uuid::Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(OF_INVITATION).bind(invitation.0).fetch_all(db).await)?;
    rows.into_iter().map(|(id, sealed)| open(key, id, &sealed)).collect()
}

/// Names somebody, without showing the facilitator by whom.
///
/// # Errors
/// As [`nominate_as`].
pub async fn nominate(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    name: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<NominationId> {
    nominate_as(store, viewer, invitation, name, reason, false, now).await
}

/// Names somebody; with `show_by` the facilitator is shown who did. The answer to question 12 is a draft until its author submits
/// again.
///
/// # Errors
/// Fields `name` or `reason`; [`StoreError::Refused`] after publication; [`StoreError::NotFound`] for everybody but the author.
pub async fn nominate_as(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    name: &str,
    reason: &str,
    show_by: bool,
    now: DateTime<Utc>,
) -> Result<NominationId> {
    let mut invalid = Invalid::default();
    let name = invalid.take(text::line("name", name, text::NAME_MAX)).unwrap_or_default();
    let reason = invalid.take(text::optional_line("reason", reason, 500)).unwrap_or_default();
    invalid.or_ok()?;
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    sets::must_ask(&mut conn, own.question_set, domain::interviews::NOMINATIONS).await?;
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(invitation.0).fetch_one(db).await)?;
    if count >= MOST {
        return Err(Invalid::one("name", "Thirty names are here already. Please remove one first.").into());
    }
    let key = crypt::incident_key(&mut conn, own.incident).await?;
    let id = random::id();
    let json = serde_json::to_string(&Body { name, reason })
        .map_err(|_| StoreError::Corrupt { table: "nominations", column: "body" })?;
    let sealed = key.seal(&place(id), &json);
    run!(conn, sqlx::query(ADD).bind(id).bind(own.id.0).bind(own.incident.0).bind(sealed).bind(false).bind(now).bind(show_by))?;
    draft_of_nominations(&mut conn, &own, now).await?;
    start(&mut conn, viewer, &own, now).await?;
    conn.commit().await?;
    Ok(NominationId(id))
}

/// Takes a name out again, at once.
///
/// # Errors
/// As [`nominate`].
pub async fn unnominate(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    nomination: NominationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    own_to_change(&mut conn, viewer, invitation, now).await?;
    run!(conn, sqlx::query(REMOVE).bind(nomination.0).bind(invitation.0))?;
    conn.commit().await
}

#[derive(sqlx::FromRow)]
struct NominatedRow {
    id: uuid::Uuid,
    invitation_id: uuid::Uuid,
    body_sealed: Vec<u8>,
    invited_as: Option<uuid::Uuid>,
    set_aside: bool,
    show_by: bool,
}

/// The nominations that this facilitator may read: those beside a submitted answer 12 that is meant for facilitators. Logged as a
/// read of that answer.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn nominated(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Nominated>> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let readable = reads::readable(&mut conn, viewer, incident, now).await?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let rows: Vec<NominatedRow> = on!(conn, db => sqlx::query_as(OF_INCIDENT).bind(incident.0).fetch_all(db).await)?;
    let mut nominated = Vec::new();
    for row in rows {
        let beside = readable.iter().find(|r| r.invitation == row.invitation_id && r.question == domain::interviews::NOMINATIONS);
        let Some(beside) = beside else { continue };
        reads::log(&mut conn, &[beside.id], viewer.person_id, now).await?;
        nominated.push(Nominated {
            nomination: open(&key, row.id, &row.body_sealed)?,
            by: row.show_by.then(|| beside.author_name.clone()),
            invited_as: row.invited_as.map(InvitationId),
            set_aside: row.set_aside,
        });
    }
    conn.commit().await?;
    Ok(nominated)
}

/// Sets a nomination aside, or takes it up again.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators, and for a nomination of another incident.
pub async fn set_aside(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    nomination: NominationId,
    aside: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    if run!(conn, sqlx::query(SET_ASIDE).bind(nomination.0).bind(aside).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "nomination.set-aside", &nomination.to_string(), Some(incident)).await?;
    conn.commit().await
}
