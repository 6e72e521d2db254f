//! Invitations as a facilitator sees them: whom, and where each conversation stands; never how far a draft has come.

use super::invitation_state;
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, people, random, sessions};
use chrono::{DateTime, Duration, Utc};
use domain::interviews::{InvitationState, QUESTION_SET};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, InvitationId, NominationId, PersonId, text};

/// A personal link works for this long (QUALITY.md, "nobody in").
pub(super) const LINK_LASTS: Duration = Duration::days(30);

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    /// Somebody who is known here.
    Person(PersonId),
    /// Somebody new by this name, who gets a personal link.
    Guest(String),
}

/// An invitation that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its id.
    pub id: InvitationId,
    /// The personal link's token where the person has no account: the only time that it is known.
    pub token: Option<String>,
}

/// One line of the facilitator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationLine {
    /// Id.
    pub id: InvitationId,
    /// Who.
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// Their team's name.
    pub team: Option<String>,
    /// Signs in; otherwise comes by a personal link.
    pub has_account: bool,
    /// Where it stands.
    pub state: InvitationState,
    /// Until when the personal link works.
    pub link_until: Option<DateTime<Utc>>,
}

const LIST: &str = "
select v.id, v.person_id, p.name, t.name as team, p.email is not null as has_account, v.state, v.expires_at
from invitations v join people p on p.id = v.person_id left join teams t on t.id = p.team_id
where v.incident_id = $1 order by p.name_folded, v.id";
const PERSON: &str = "
select name, name_folded, manager_id, email is not null as has_account from people where id = $1 and deactivated_at is null";
const FACILITATES: &str = "
select count(*) from incident_roles where incident_id = $1 and person_id = $2 and role = 'facilitator'";
const SAME_GUEST: &str = "
select count(*) from invitations v join people p on p.id = v.person_id
where v.incident_id = $1 and p.name_folded = $2 and p.email is null and v.state <> 'withdrawn'";
const ZONE: &str = "select zone from incidents where id = $1";
const FIND: &str = "select id, state from invitations where incident_id = $1 and person_id = $2";
const ADD: &str = "
insert into invitations (id, incident_id, person_id, state, question_set, token_hash, expires_at, invited_by, invited_at)
values ($1, $2, $3, 'invited', $4, $5, $6, $7, $8)";
const ADD_AGAIN: &str = "
update invitations set state = 'invited', token_hash = $2, expires_at = $3, invited_by = $4, invited_at = $5, closed_at = null
where id = $1";
const MARK_NOMINATION: &str = "update nominations set invited_as = $2 where id = $1 and incident_id = $3";
const STATE: &str = "select state from invitations where id = $1 and incident_id = $2";
const WITHDRAW: &str = "
update invitations set state = 'withdrawn', token_hash = null, expires_at = null, closed_at = $2 where id = $1";
const HAS_ANSWER: &str = "select count(*) from answers where incident_id = $1 and author_id = $2";
const ASKED: &str = "select count(*) from invitations where incident_id = $1 and state <> 'withdrawn'";
const IS_INVITED: &str = "
select count(*) from invitations where incident_id = $1 and person_id = $2 and state <> 'withdrawn'";
const MANAGES_INVITED: &str = "
select count(*) from invitations v join people p on p.id = v.person_id
where v.incident_id = $1 and p.manager_id = $2 and v.state <> 'withdrawn'";

#[derive(sqlx::FromRow)]
struct LineRow {
    id: uuid::Uuid,
    person_id: uuid::Uuid,
    name: String,
    team: Option<String>,
    has_account: bool,
    state: String,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    name: String,
    name_folded: String,
    manager_id: Option<uuid::Uuid>,
    has_account: bool,
}

/// Who was invited and where each conversation stands, by name.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn list(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<InvitationLine>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let rows: Vec<LineRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter()
        .map(|r| {
            Ok(InvitationLine {
                id: InvitationId(r.id),
                person_id: PersonId(r.person_id),
                name: r.name,
                team: r.team,
                has_account: r.has_account,
                state: invitation_state(&r.state)?,
                link_until: r.expires_at,
            })
        })
        .collect()
}

/// Invites somebody, once. With `nomination` the suggestion is marked as followed.
///
/// # Errors
/// Field `person` or `name` when this person cannot be asked, in words; [`StoreError::NotFound`] for all but the facilitators.
pub async fn invite(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitee: &Invitee,
    nomination: Option<NominationId>,
    now: DateTime<Utc>,
) -> Result<Added> {
    let mut conn = store.write().await?;
    if require(&mut conn, viewer, Right::Invite, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published; one-on-ones are over."));
    }
    let (person, has_account) = match invitee {
        Invitee::Person(id) => (*id, check_person(&mut conn, incident, *id).await?),
        Invitee::Guest(name) => (add_guest(&mut conn, incident, name, now).await?, false),
    };
    let token = (!has_account).then(random::token);
    let hash = token.as_deref().map(random::token_hash);
    let until = token.is_some().then(|| now + LINK_LASTS);
    let by = viewer.person_id.0;
    let before: Option<(uuid::Uuid, String)> =
        on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(person.0).fetch_optional(db).await)?;
    let id = match before {
        Some((_, state)) if state != InvitationState::Withdrawn.slug() => {
            return Err(Invalid::one("person", "This person has been invited already.").into());
        }
        Some((id, _)) => {
            run!(conn, sqlx::query(ADD_AGAIN).bind(id).bind(&hash).bind(until).bind(by).bind(now))?;
            InvitationId(id)
        }
        None => {
            let id = InvitationId(random::id());
            run!(
                conn,
                sqlx::query(ADD)
                    .bind(id.0)
                    .bind(incident.0)
                    .bind(person.0)
                    .bind(QUESTION_SET)
                    .bind(&hash)
                    .bind(until)
                    .bind(by)
                    .bind(now)
            )?;
            id
        }
    };
    if let Some(nomination) = nomination {
        run!(conn, sqlx::query(MARK_NOMINATION).bind(nomination.0).bind(id.0).bind(incident.0))?;
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.add", &id.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(Added { id, token })
}

/// Whether this person can be asked, and has an account.
async fn check_person(conn: &mut Conn, incident: IncidentId, person: PersonId) -> Result<bool> {
    let row: Option<PersonRow> = on!(conn, db => sqlx::query_as(PERSON).bind(person.0).fetch_optional(db).await)?;
    let row = row.ok_or_else(|| Invalid::one("person", "Please choose somebody from the list."))?;
    if facilitates(conn, incident, person.0).await? {
        let message = format!(
            "{} facilitates this review and cannot be asked by themselves. Somebody else would have to facilitate.",
            row.name
        );
        return Err(Invalid::one("person", message).into());
    }
    // A line manager never reads what their people told a facilitator, so one of the two has to step aside first.
    if let Some(manager) = row.manager_id
        && facilitates(conn, incident, manager).await?
    {
        let message =
            format!("{}’s line manager facilitates this review. Please have another facilitator appointed first.", row.name);
        return Err(Invalid::one("person", message).into());
    }
    if !row.has_account {
        refuse_same_guest(conn, incident, &row.name_folded, "person").await?;
    }
    Ok(row.has_account)
}

async fn facilitates(conn: &mut Conn, incident: IncidentId, person: uuid::Uuid) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(FACILITATES).bind(incident.0).bind(person).fetch_one(db).await)?;
    Ok(count > 0)
}

async fn add_guest(conn: &mut Conn, incident: IncidentId, name: &str, now: DateTime<Utc>) -> Result<PersonId> {
    let name = text::line("name", name, text::NAME_MAX)?;
    refuse_same_guest(conn, incident, &text::fold(&name), "name").await?;
    let zone: String = on!(conn, db => sqlx::query_scalar(ZONE).bind(incident.0).fetch_one(db).await)?;
    people::add_guest(conn, &name, &zone, now).await
}

async fn refuse_same_guest(conn: &mut Conn, incident: IncidentId, name_folded: &str, field: &str) -> Result<()> {
    let same: i64 = on!(conn, db => sqlx::query_scalar(SAME_GUEST).bind(incident.0).bind(name_folded).fetch_one(db).await)?;
    if same > 0 {
        let message =
            "Somebody of this name has been invited already. If it is another person, please add what tells them apart.";
        return Err(Invalid::one(field, message).into());
    }
    Ok(())
}

/// Takes an invitation back that was not submitted. Its link and its sessions end at once.
///
/// # Errors
/// [`StoreError::Refused`] once it was submitted; [`StoreError::NotFound`] for all but the facilitators.
pub async fn withdraw(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let state: Option<String> =
        on!(conn, db => sqlx::query_scalar(STATE).bind(invitation.0).bind(incident.0).fetch_optional(db).await)?;
    match invitation_state(&state.ok_or(StoreError::NotFound)?)? {
        InvitationState::Withdrawn => return Ok(()),
        InvitationState::Submitted => {
            return Err(StoreError::Refused("This one-on-one has been submitted. Only its author can take it back now."));
        }
        InvitationState::Invited | InvitationState::Started | InvitationState::Declined => {}
    }
    run!(conn, sqlx::query(WITHDRAW).bind(invitation.0).bind(now))?;
    sessions::end_of_link(&mut conn, invitation).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.withdraw", &invitation.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Whether this person has written anything in this incident's one-on-ones: then they do not facilitate it (PRODUCT.md, bars).
pub(crate) async fn has_answer(conn: &mut Conn, incident: IncidentId, person: PersonId) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(HAS_ANSWER).bind(incident.0).bind(person.0).fetch_one(db).await)?;
    Ok(count > 0)
}

/// Whether this person is the line manager of somebody who is invited: then they do not facilitate it.
pub(crate) async fn manages_invited(conn: &mut Conn, incident: IncidentId, person: PersonId) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(MANAGES_INVITED).bind(incident.0).bind(person.0).fetch_one(db).await)?;
    Ok(count > 0)
}

/// How many people were asked: the only number of an incident's conversations that others see.
pub(crate) async fn asked(conn: &mut Conn, incident: IncidentId) -> Result<i64> {
    Ok(on!(conn, db => sqlx::query_scalar(ASKED).bind(incident.0).fetch_one(db).await)?)
}

/// Whether this person is invited, in whatever state: then they were part of the response as far as anybody knows.
pub(crate) async fn is_invited(conn: &mut Conn, incident: IncidentId, person: PersonId) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(IS_INVITED).bind(incident.0).bind(person.0).fetch_one(db).await)?;
    Ok(count > 0)
}
