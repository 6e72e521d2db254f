//! Whom an invitation goes to: somebody known, somebody new by name, or whoever an address belongs to; and several of them at once.

use super::invitations::{ALREADY, Ask, Invitee, ask};
use super::posting;
use crate::db::{Conn, on};
use crate::standing::require;
use crate::{Result, Store, StoreError, crypt, people};
use chrono::{DateTime, Utc};
use domain::mail::{Address, NOTE_MAX};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, Invalid, InvitationId, PersonId, text};

/// What became of asking one of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A letter is on its way, or it stands on their home page.
    Invited {
        /// The personal link's token, where there is no letter: the only time that it is known.
        token: Option<String>,
        /// A letter is on its way.
        mailed: bool,
    },
    /// They were asked before.
    Already,
    /// Why not, in words.
    Cannot(String),
}

const PERSON: &str = "
select name, name_folded, manager_id, email is not null as has_account from people where id = $1 and deactivated_at is null";
const FACILITATES: &str = "
select count(*) from incident_roles where incident_id = $1 and person_id = $2 and role = 'facilitator'";
const SAME_GUEST: &str = "
select count(*) from invitations v join people p on p.id = v.person_id
where v.incident_id = $1 and p.name_folded = $2 and p.email is null and v.state <> 'withdrawn'";
const ZONE: &str = "select zone from incidents where id = $1";
const ADDRESSES: &str = "
select id, address_sealed from invitations where incident_id = $1 and address_sealed is not null and state <> 'withdrawn'";
const BY_EMAIL: &str = "select id from people where email_folded = $1 and deactivated_at is null";
const WROTE: &str = "
select distinct p.id from people p where p.deactivated_at is null and p.email is not null and (
  exists (select 1 from events e where e.incident_id = $1 and e.created_by = p.id and e.deleted_at is null)
  or exists (select 1 from incidents i where i.id = $1 and i.created_by = p.id)
  or exists (select 1 from incident_roles r where r.incident_id = $1 and r.person_id = p.id and r.role in ('responder', 'participant')))";

#[derive(sqlx::FromRow)]
struct PersonRow {
    name: String,
    name_folded: String,
    manager_id: Option<uuid::Uuid>,
    has_account: bool,
}

/// Whom the invitation is for.
pub(super) struct Who {
    pub(super) person: PersonId,
    pub(super) has_account: bool,
    /// Where to write to somebody without an account.
    pub(super) address: Option<String>,
}

/// The facilitator's words, as they are kept.
pub(super) fn checked_note(typed: &str) -> Result<String> {
    let note = text::long("note", typed.trim())?;
    let length = note.chars().count();
    if length > NOTE_MAX {
        return Err(Invalid::one("note", format!("This has {length} characters; {NOTE_MAX} fit. Please shorten it.")).into());
    }
    Ok(note)
}

/// Finds or makes whom the invitation is for.
pub(super) async fn who(conn: &mut Conn, incident: IncidentId, invitee: &Invitee, now: DateTime<Utc>) -> Result<Who> {
    match invitee {
        Invitee::Person(id) => known(conn, incident, *id).await,
        Invitee::Guest(name) => {
            Ok(Who { person: add_guest(conn, incident, name, now).await?, has_account: false, address: None })
        }
        Invitee::Address(address) => by_address(conn, incident, address, now).await,
    }
}

async fn known(conn: &mut Conn, incident: IncidentId, id: PersonId) -> Result<Who> {
    Ok(Who { person: id, has_account: check_person(conn, incident, id).await?, address: None })
}

async fn by_address(conn: &mut Conn, incident: IncidentId, address: &Address, now: DateTime<Utc>) -> Result<Who> {
    let folded = text::fold(&address.email);
    let account: Option<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(BY_EMAIL).bind(&folded).fetch_optional(db).await)?;
    if let Some(account) = account {
        return known(conn, incident, PersonId(account)).await;
    }
    let key = crypt::incident_key(conn, incident).await?;
    let there: Vec<(uuid::Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(ADDRESSES).bind(incident.0).fetch_all(db).await)?;
    for (id, sealed) in there {
        let written = posting::open(&key, InvitationId(id), "address", Some(&sealed))?;
        if written.is_some_and(|written| text::fold(&written) == folded) {
            return Err(Invalid::one("person", ALREADY).into());
        }
    }
    let person = add_guest(conn, incident, &address.name, now).await?;
    Ok(Who { person, has_account: false, address: Some(address.email.clone()) })
}

/// Asks several, each in a transaction of its own: that one cannot be asked keeps nobody else from it. Answers in their order.
///
/// # Errors
/// Field `note`; [`StoreError::NotFound`] for all but the facilitators; [`StoreError::Refused`] after publication.
pub async fn ask_many(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    asks: &[Ask],
    now: DateTime<Utc>,
) -> Result<Vec<Asked>> {
    let mut all = Vec::with_capacity(asks.len());
    for one in asks {
        checked_note(&one.note)?;
        all.push(match ask(store, viewer, incident, one, now).await {
            Ok(added) => Asked::Invited { token: added.token.filter(|_| !added.mailed), mailed: added.mailed },
            Err(StoreError::Invalid(invalid)) => match invalid.fields.into_iter().next() {
                Some(field) if field.message == ALREADY => Asked::Already,
                Some(field) => Asked::Cannot(field.message),
                None => Asked::Cannot(String::new()),
            },
            Err(other) => return Err(other),
        });
    }
    Ok(all)
}

/// Who wrote in the timeline, entered the incident or has a part in it: those who were closest.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn closest(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<PersonId>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let ids: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(WROTE).bind(incident.0).fetch_all(db).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
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
