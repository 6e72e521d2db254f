//! Who wrote the entries of a raw log: a name at the source, sealed; and, where somebody said so, the person and what they were in the incident.

use super::raw_sealing::Hashing;
use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, random, standing};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::text::{NAME_MAX, fold, optional_line};
use domain::timeline::raw::{RawAuthor, RawSource};
use domain::{IncidentId, PersonId, RawAuthorId};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Who wrote, as those who may read the log see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAuthorship {
    /// Its id here.
    pub id: RawAuthorId,
    /// The person's name, else the role, else the name at the source.
    pub label: String,
    /// A bot, an integration, a rule.
    pub machine: bool,
    /// What they were in the incident; empty where nobody said so.
    pub role: String,
}

/// An author with all that is known of them, for who maps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAuthor {
    /// Its id here.
    pub id: RawAuthorId,
    /// The tool that knows them.
    pub source: RawSource,
    /// The name at the source.
    pub name: String,
    /// A bot, an integration, a rule.
    pub machine: bool,
    /// Who it is here.
    pub person: Option<(PersonId, String)>,
    /// What they were in the incident.
    pub role: String,
    /// How many entries they wrote.
    pub entries: i64,
}

/// An author of a log that is not imported yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its id at the source.
    pub id: String,
    /// The account with the same e-mail address.
    pub person: Option<(PersonId, String)>,
    /// It is here already, and so is called this.
    pub known_as: Option<String>,
}

/// An author as an import writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorAs<'a> {
    /// As the source knows them.
    pub author: &'a RawAuthor,
    /// Who it is here, if the one who imports says so.
    pub person: Option<PersonId>,
}

const ALL: &str = "
select a.id, a.source, a.name_sealed, a.machine, a.person_id, a.role, p.name as person, cast(0 as bigint) as entries
from raw_authors a left join people p on p.id = a.person_id where a.incident_id = $1";
const COUNTED: &str = "
select a.id, a.source, a.name_sealed, a.machine, a.person_id, a.role, p.name as person,
  (select count(*) from raw_entries e where e.author_id = a.id and e.removed_at is null) as entries
from raw_authors a left join people p on p.id = a.person_id where a.incident_id = $1";
const IDS: &str = "select id, external_hash, person_id from raw_authors where incident_id = $1 and source = $2";
const ADD: &str = "
insert into raw_authors (id, incident_id, source, external_hash, name_sealed, machine, person_id, role)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
const NAME: &str = "update raw_authors set person_id = $3 where id = $1 and incident_id = $2 and person_id is null";
const SET: &str = "update raw_authors set person_id = $3, role = $4 where id = $1 and incident_id = $2";
const ACTIVE: &str = "select count(*) from people where id = $1 and email is not null and deactivated_at is null";
const BY_EMAIL: &str = "select id, name from people where email_folded = $1 and deactivated_at is null";
const OF_PERSON: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, a.source,
  (select count(*) from raw_entries e where e.author_id = a.id and e.removed_at is null) as entries
from raw_authors a join incidents i on i.id = a.incident_id where a.person_id = $1 order by i.number, a.source";
const THEIRS: &str = "select id, incident_id from raw_authors where person_id = $1";
const FORGET: &str = "update raw_authors set person_id = null, name_sealed = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct AuthorRow {
    id: Uuid,
    source: String,
    name_sealed: Vec<u8>,
    machine: bool,
    person_id: Option<Uuid>,
    role: String,
    person: Option<String>,
    entries: i64,
}

pub(super) fn place(id: Uuid) -> Place<'static> {
    Place { table: "raw_authors", row: id, column: "name", audience: "" }
}

impl AuthorRow {
    fn open(self, key: &IncidentKeyring) -> Result<KnownAuthor> {
        Ok(KnownAuthor {
            id: RawAuthorId(self.id),
            source: RawSource::from_slug(&self.source).ok_or(StoreError::Corrupt { table: "raw_authors", column: "source" })?,
            name: key.open(&place(self.id), &self.name_sealed)?,
            machine: self.machine,
            person: self.person_id.map(PersonId).zip(self.person),
            role: self.role,
            entries: self.entries,
        })
    }
}

impl KnownAuthor {
    /// As those who may read the log see them.
    pub fn label(&self) -> String {
        match &self.person {
            Some((_, name)) => name.clone(),
            None if self.role.is_empty() => self.name.clone(),
            None => self.role.clone(),
        }
    }

    fn shown(&self) -> RawAuthorship {
        RawAuthorship { id: self.id, label: self.label(), machine: self.machine, role: self.role.clone() }
    }
}

async fn all(conn: &mut Conn, incident: IncidentId, counted: bool) -> Result<Vec<KnownAuthor>> {
    let sql = if counted { COUNTED } else { ALL };
    let rows: Vec<AuthorRow> = on!(conn, db => sqlx::query_as(sql).bind(incident.0).fetch_all(db).await)?;
    let key = crypt::incident_key(conn, incident).await?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// Everybody by id, for functions that have checked the right.
pub(super) async fn by_id(conn: &mut Conn, incident: IncidentId) -> Result<HashMap<Uuid, RawAuthorship>> {
    Ok(all(conn, incident, false).await?.into_iter().map(|a| (a.id.0, a.shown())).collect())
}

/// Who wrote entries that are there, one of each name, in the order of their names.
pub(super) async fn who_wrote(conn: &mut Conn, incident: IncidentId) -> Result<Vec<RawAuthorship>> {
    let mut shown: Vec<_> = all(conn, incident, true).await?.into_iter().filter(|a| a.entries > 0).map(|a| a.shown()).collect();
    shown.sort_by_key(|a| (a.machine, fold(&a.label), a.id));
    shown.dedup_by(|a, b| a.label == b.label);
    Ok(shown)
}

/// Who wrote entries of the log, people first, for who maps them.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read the log.
pub async fn authors(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<KnownAuthor>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let mut authors = all(&mut conn, incident, true).await?;
    authors.retain(|a| a.entries > 0);
    authors.sort_by_key(|a| (a.machine, fold(&a.name), a.id));
    Ok(authors)
}

/// Says who an author is here, and what they were in the incident; an empty role and nobody: the name at the source.
///
/// # Errors
/// Fields `person` and `role`; [`StoreError::NotFound`] unless the viewer may read the log.
pub async fn name(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    author: RawAuthorId,
    (person, role): (Option<PersonId>, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    let role = optional_line("role", role, NAME_MAX)?;
    let mut conn = store.write().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    if let Some(person) = person {
        let active: i64 = on!(conn, db => sqlx::query_scalar(ACTIVE).bind(person.0).fetch_one(db).await)?;
        if active == 0 {
            return Err(domain::Invalid::one("person", "Please choose somebody from the list.").into());
        }
    }
    let named = run!(conn, sqlx::query(SET).bind(author.0).bind(incident.0).bind(person.map(|p| p.0)).bind(role))?;
    if named == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "raw.author", &author.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// For the dry run: which authors have an account here by their e-mail address, and which are known in this log already.
///
/// # Errors
/// [`StoreError::NotFound`] unless the viewer may read the log.
pub async fn propose(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    source: RawSource,
    authors: &[&RawAuthor],
    now: DateTime<Utc>,
) -> Result<Vec<Proposed>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::RawLog, incident, now).await?;
    let hashing = Hashing::of(&conn);
    let here: HashMap<Uuid, RawAuthorship> = by_id(&mut conn, incident).await?;
    let ids: Vec<(Uuid, Uuid, Option<Uuid>)> =
        on!(conn, db => sqlx::query_as(IDS).bind(incident.0).bind(source.slug()).fetch_all(db).await)?;
    let known: HashMap<Uuid, &RawAuthorship> = ids.iter().filter_map(|(id, hash, _)| Some((*hash, here.get(id)?))).collect();
    let mut proposed = Vec::with_capacity(authors.len());
    for author in authors {
        let email = fold(author.email.trim());
        let person: Option<(Uuid, String)> =
            if email.is_empty() { None } else { on!(conn, db => sqlx::query_as(BY_EMAIL).bind(email).fetch_optional(db).await)? };
        proposed.push(Proposed {
            id: author.id.clone(),
            person: person.map(|(id, name)| (PersonId(id), name)),
            known_as: known.get(&hashing.hash(&[&author.id])).map(|a| a.label.clone()),
        });
    }
    Ok(proposed)
}

/// Writes the authors of an import, and answers the id of each here. Who is known keeps name, person and role.
pub(super) async fn write(
    conn: &mut Conn,
    incident: IncidentId,
    source: RawSource,
    authors: &[AuthorAs<'_>],
) -> Result<HashMap<String, Uuid>> {
    let hashing = Hashing::of(conn);
    let key = crypt::incident_key(conn, incident).await?;
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> =
        on!(conn, db => sqlx::query_as(IDS).bind(incident.0).bind(source.slug()).fetch_all(db).await)?;
    let mut known: HashMap<Uuid, (Uuid, bool)> = rows.into_iter().map(|(id, hash, p)| (hash, (id, p.is_some()))).collect();
    let mut ids = HashMap::with_capacity(authors.len());
    for AuthorAs { author, person } in authors {
        let hash = hashing.hash(&[&author.id]);
        let id = match known.get(&hash) {
            Some((id, named)) => {
                if let (Some(person), false) = (person, named) {
                    run!(conn, sqlx::query(NAME).bind(id).bind(incident.0).bind(person.0))?;
                }
                *id
            }
            None => {
                let id = random::id();
                let sealed = key.seal(&place(id), &author.name);
                run!(
                    conn,
                    sqlx::query(ADD)
                        .bind(id)
                        .bind(incident.0)
                        .bind(source.slug())
                        .bind(hash)
                        .bind(sealed)
                        .bind(author.machine)
                        .bind(person.map(|p| p.0))
                        .bind("")
                )?;
                known.insert(hash, (id, person.is_some()));
                id
            }
        };
        ids.insert(author.id.clone(), id);
    }
    Ok(ids)
}

/// A log in which somebody is named as an author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedIn {
    /// The incident; `None` where it is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// The tool.
    pub source: RawSource,
    /// How many entries.
    pub entries: i64,
}

/// Where a person is named as an author of raw logs.
pub(crate) async fn named_in(conn: &mut Conn, person: PersonId) -> Result<Vec<NamedIn>> {
    let rows: Vec<(Option<i64>, String, i64)> = on!(conn, db => sqlx::query_as(OF_PERSON).bind(person.0).fetch_all(db).await)?;
    let mut named: BTreeMap<(Option<i64>, String), i64> = BTreeMap::new();
    for (number, source, entries) in rows {
        *named.entry((number, source)).or_default() += entries;
    }
    Ok(named
        .into_iter()
        .filter_map(|((number, source), entries)| {
            Some(NamedIn { key: number.map(IncidentKey), source: RawSource::from_slug(&source)?, entries })
        })
        .collect())
}

/// Takes a person out of all raw logs: their name there becomes `former`, and nothing leads back to them.
pub(crate) async fn forget(conn: &mut Conn, person: PersonId, former: &str) -> Result<()> {
    let rows: Vec<(Uuid, Uuid)> = on!(conn, db => sqlx::query_as(THEIRS).bind(person.0).fetch_all(db).await)?;
    for (id, incident) in rows {
        let sealed = crypt::incident_key(conn, IncidentId(incident)).await?.seal(&place(id), former);
        run!(conn, sqlx::query(FORGET).bind(id).bind(sealed))?;
    }
    Ok(())
}
