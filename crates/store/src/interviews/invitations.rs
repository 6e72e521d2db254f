//! Invitations as a facilitator sees them: whom, and where each conversation stands; never how far a draft has come.

use super::asking::{checked_note, who};
use super::links::note_ended;
use super::sets::{self, SetKey};
use super::{invitation_state, posting, talks};
use crate::db::{Conn, on, run};
use crate::mail::{self, LetterState};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, crypt, random, sessions};
use chrono::{DateTime, Duration, Utc};
use domain::interviews::InvitationState;
use domain::mail::Address;
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, InvitationId, NominationId, PersonId};

/// What is said of somebody who was asked before.
pub(super) const ALREADY: &str = "This person has been invited already.";

/// A personal link works for this long (QUALITY.md, "nobody in").
pub(super) const LINK_LASTS: Duration = Duration::days(30);

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    /// Somebody who is known here.
    Person(PersonId),
    /// Somebody new by this name, who gets a personal link.
    Guest(String),
    /// Somebody by name and address: an account's where there is one, else somebody new who gets a personal link.
    Address(Address),
}

/// How somebody is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Who.
    pub invitee: Invitee,
    /// The suggestion that is followed.
    pub nomination: Option<NominationId>,
    /// What the facilitator writes with it; may be empty.
    pub note: String,
    /// How long a personal link works.
    pub lasts: Duration,
    /// The questions to ask; `None`: what is usual for this person and incident.
    pub set: Option<SetKey>,
}

impl Ask {
    /// Without further words, for the usual time.
    pub fn plain(invitee: Invitee, nomination: Option<NominationId>) -> Self {
        Self { invitee, nomination, note: String::new(), lasts: LINK_LASTS, set: None }
    }
}

/// An invitation that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Its id.
    pub id: InvitationId,
    /// The personal link's token where the person has no account: the only time that it is known.
    pub token: Option<String>,
    /// A letter with it is on its way.
    pub mailed: bool,
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
    /// There is an address to write to.
    pub has_address: bool,
    /// Where the last letter stands, if there was one.
    pub letter: Option<LetterState>,
}

const LIST: &str = "
select v.id, v.person_id, p.name, t.name as team, p.email is not null as has_account, v.state, v.expires_at,
  p.email is not null or v.address_sealed is not null as has_address
from invitations v join people p on p.id = v.person_id left join teams t on t.id = p.team_id
where v.incident_id = $1 order by p.name_folded, v.id";
const FIND: &str = "select id, state from invitations where incident_id = $1 and person_id = $2";
const ADD: &str = "
insert into invitations (id, incident_id, person_id, state, question_set, token_hash, expires_at, invited_by, invited_at)
values ($1, $2, $3, 'invited', $4, $5, $6, $7, $8)";
const ADD_AGAIN: &str = "
update invitations set state = 'invited', token_hash = $2, expires_at = $3, invited_by = $4, invited_at = $5, closed_at = null,
  quotes_hash = null, quotes_until = null,
  question_set = case when exists (select 1 from answers a where a.invitation_id = $1) then question_set else $6 end
where id = $1";
const ADD_WORDS: &str = "update invitations set address_sealed = $2, note_sealed = $3 where id = $1";
const MARK_NOMINATION: &str = "update nominations set invited_as = $2 where id = $1 and incident_id = $3";
const STATE: &str = "select state from invitations where id = $1 and incident_id = $2";
const WITHDRAW: &str = "
update invitations set state = 'withdrawn', token_hash = null, expires_at = null, address_sealed = null, note_sealed = null,
  quotes_hash = null, quotes_until = null, closed_at = $2
where id = $1";
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
    has_address: bool,
}

/// Who was invited and where each conversation stands, by name.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn list(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<InvitationLine>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let rows: Vec<LineRow> = on!(conn, db => sqlx::query_as(LIST).bind(incident.0).fetch_all(db).await)?;
    let letters = mail::latest_of(&mut conn, incident).await?;
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
                has_address: r.has_address,
                letter: letters.get(&InvitationId(r.id)).copied(),
            })
        })
        .collect()
}

/// Invites somebody, once. With `nomination` the suggestion is marked as followed.
///
/// # Errors
/// As [`ask`].
pub async fn invite(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    invitee: &Invitee,
    nomination: Option<NominationId>,
    now: DateTime<Utc>,
) -> Result<Added> {
    ask(store, viewer, incident, &Ask::plain(invitee.clone(), nomination), now).await
}

/// Invites somebody, once, and queues the letter where mail is set up and there is an address.
///
/// # Errors
/// Field `person`, `name`, `note` or `set` when this person cannot be asked so, in words; [`StoreError::NotFound`] for all but the facilitators.
pub async fn ask(store: &Store, viewer: &Viewer, incident: IncidentId, ask: &Ask, now: DateTime<Utc>) -> Result<Added> {
    let note = checked_note(&ask.note)?;
    let mut conn = store.write().await?;
    if require(&mut conn, viewer, Right::Invite, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published; one-on-ones are over."));
    }
    let who = who(&mut conn, incident, &ask.invitee, now).await?;
    let set = sets::number_for(&mut conn, incident, who.person, ask.set).await?;
    let token = (!who.has_account).then(random::token);
    let hash = token.as_deref().map(random::token_hash);
    let until = token.is_some().then(|| now + ask.lasts);
    let by = viewer.person_id.0;
    let before: Option<(uuid::Uuid, String)> =
        on!(conn, db => sqlx::query_as(FIND).bind(incident.0).bind(who.person.0).fetch_optional(db).await)?;
    let id = match before {
        Some((_, state)) if state != InvitationState::Withdrawn.slug() => {
            return Err(Invalid::one("person", ALREADY).into());
        }
        Some((id, _)) => {
            run!(conn, sqlx::query(ADD_AGAIN).bind(id).bind(&hash).bind(until).bind(by).bind(now).bind(set))?;
            InvitationId(id)
        }
        None => {
            let id = InvitationId(random::id());
            run!(
                conn,
                sqlx::query(ADD)
                    .bind(id.0)
                    .bind(incident.0)
                    .bind(who.person.0)
                    .bind(set)
                    .bind(&hash)
                    .bind(until)
                    .bind(by)
                    .bind(now)
            )?;
            id
        }
    };
    let key = crypt::incident_key(&mut conn, incident).await?;
    let address = who.address.as_deref().map(|address| posting::seal(&key, id, "address", address));
    let note = (!note.is_empty()).then(|| posting::seal(&key, id, "note", &note));
    run!(conn, sqlx::query(ADD_WORDS).bind(id.0).bind(address).bind(note))?;
    if let Some(nomination) = ask.nomination {
        run!(conn, sqlx::query(MARK_NOMINATION).bind(nomination.0).bind(id.0).bind(incident.0))?;
    }
    let mailed = posting::queue(&mut conn, id, token.as_deref(), posting::What::Letter, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "invitation.add", &id.to_string(), Some(incident)).await?;
    conn.commit().await?;
    Ok(Added { id, token, mailed })
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
    note_ended(&mut conn, invitation, "withdrawn", now).await?;
    mail::stop_of_invitation(&mut conn, invitation, now).await?;
    run!(conn, sqlx::query(WITHDRAW).bind(invitation.0).bind(now))?;
    talks::forget(&mut conn, invitation).await?;
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
