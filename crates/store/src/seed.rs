//! Filling an empty database in bulk: with the demo organisation, or with a synthetic one. No page comes here.
//!
//! The rooms do one act at a time and ask for a right; here a story is written down as it stands after all of them, with ids and
//! instants from the caller and many rows to a statement. Confidential text is sealed as its room seals it. Nonces and incident keys
//! are random, so the same words stand in two databases as different ciphertext.

mod rows;
mod story;

pub use story::{Invitation, Made, Quote, Review, Story};

use crate::db::{Conn, on};
use crate::{Result, Store, StoreError, audit, crypt, passwords, settings};
use chrono::{DateTime, Timelike, Utc};
use domain::people::{GlobalRole, Theme};
use domain::walltime::WorkPattern;
use domain::{PersonId, ServiceId, TeamId, text};
use rows::{KeyRow, PersonRow, Rows, ServiceRow, TeamRow};

const COUNT: &str = "select (select count(*) from people) + (select count(*) from incidents)";

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Names the account.
    pub email: String,
    /// From [`hash`]; one hash may serve many. `None`: cannot sign in.
    pub password_hash: Option<String>,
    /// Global role.
    pub role: GlobalRole,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
    /// Team.
    pub team_id: Option<TeamId>,
    /// Line manager, written before.
    pub manager_id: Option<PersonId>,
    /// IANA zone.
    pub zone: String,
    /// Working hours.
    pub pattern: WorkPattern,
}

impl Person {
    fn into_row(self, at: DateTime<Utc>) -> PersonRow {
        let minutes = |time: chrono::NaiveTime| i64::from(time.hour() * 60 + time.minute());
        PersonRow {
            id: self.id.0,
            name_folded: text::fold(&self.name),
            name: self.name,
            email_folded: text::fold(&self.email),
            email: self.email,
            password_hash: self.password_hash,
            is_member: self.role != GlobalRole::Administrator,
            is_leadership: self.role == GlobalRole::Leadership,
            is_administrator: self.role == GlobalRole::Administrator,
            may_facilitate: self.may_facilitate,
            team: self.team_id.map(|t| t.0),
            manager: self.manager_id.map(|m| m.0),
            zone: self.zone,
            starts: minutes(self.pattern.start),
            ends: minutes(self.pattern.end),
            days: (0..).zip(self.pattern.days).filter(|(_, works)| *works).map(|(day, _)| 1i64 << day).sum(),
            theme: Theme::System.slug(),
            at,
        }
    }
}

/// The hash of a password, to be given to several accounts of an invented organisation: real accounts each have a salt of their own.
///
/// # Errors
/// [`StoreError::Setup`] when hashing stopped.
pub async fn hash(store: &Store, password: &str) -> Result<String> {
    passwords::hash(store, password).await
}

/// Whether nobody and nothing is there yet.
///
/// # Errors
/// What the database said.
pub async fn is_empty(store: &Store) -> Result<bool> {
    is_empty_here(&mut store.read().await?).await
}

/// The same within a transaction.
pub(crate) async fn is_empty_here(conn: &mut Conn) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).fetch_one(db).await)?;
    Ok(count == 0)
}

/// What is to be written in one transaction: all of it is kept, or nothing.
pub struct Batch {
    store: Store,
    rows: Rows,
    demo: bool,
}

impl Batch {
    /// An empty one. Nothing is written before [`Batch::commit`].
    pub fn new(store: &Store) -> Self {
        Self { store: store.clone(), rows: Rows::default(), demo: false }
    }

    /// Tells of a team.
    pub fn team(&mut self, id: TeamId, name: &str, at: DateTime<Utc>) {
        self.rows.teams.push(TeamRow { id: id.0, name: name.to_owned(), folded: text::fold(name), at });
    }

    /// Tells of a service. The team that owns it was told before.
    pub fn service(&mut self, id: ServiceId, name: &str, description: &str, team: Option<TeamId>, at: DateTime<Utc>) {
        self.rows.services.push(ServiceRow {
            id: id.0,
            name: name.to_owned(),
            folded: text::fold(name),
            description: description.to_owned(),
            team: team.map(|t| t.0),
            at,
        });
    }

    /// Tells of a person. Their team and line manager were told before.
    pub fn person(&mut self, person: Person, at: DateTime<Utc>) {
        self.rows.people.push(person.into_row(at));
    }

    /// Tells of an incident, with a key of its own; what belongs to it is told to the answer.
    pub fn incident(&mut self, made: Made) -> Story<'_> {
        let (wrapped, key) = crypt::new_incident_key(&self.store.keys, made.id);
        let incident = made.id;
        self.rows.keys.push(KeyRow { incident: incident.0, wrapped, instance_key: self.store.keys.instance_id() });
        self.rows.incidents.push(made.into_row());
        Story { incident, key, rows: &mut self.rows }
    }

    /// Marks the database as a demo, together with what is in it.
    pub fn mark_demo(&mut self) {
        self.demo = true;
    }

    /// Writes everything that was told.
    ///
    /// # Errors
    /// What the database said; nothing was kept then.
    pub async fn commit(self, now: DateTime<Utc>) -> Result<()> {
        let mut conn = self.store.write().await?;
        self.rows.write(&mut conn).await?;
        if self.demo {
            settings::put(&mut conn, "demo", "yes").await?;
        }
        audit::note(&mut conn, now, None, "database.fill", "", None).await?;
        conn.commit().await
    }
}

/// A sealed value's JSON; nothing here can fail to be written as JSON, yet nothing panics over it either.
fn json(value: &impl serde::Serialize, table: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt { table, column: "body" })
}
