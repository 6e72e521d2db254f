//! Filling an empty database in bulk: with the demo organisation, or with a synthetic one. No page comes here.
//!
//! The rooms do one act at a time and ask for a right; here a story is written down as it stands after all of them, with ids and
//! instants from the caller and many rows to a statement. Confidential text is sealed as its room seals it. Nonces and incident keys
//! are random, so the same words stand in two databases as different ciphertext.

mod rows;
mod story;

pub use story::{Invitation, Made, Quote, Review, Story};

use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, crypt, passwords, settings};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::GlobalRole;
use domain::walltime::WorkPattern;
use domain::{PersonId, TeamId, text};
use rows::Rows;

const COUNT: &str = "select (select count(*) from people) + (select count(*) from incidents)";
const TEAM: &str = "insert into teams (id, name, name_folded, created_at) values ($1, $2, $3, $4)";
const PERSON: &str = "
insert into people (id, name, name_folded, email, email_folded, password_hash, is_member, is_leadership, is_administrator,
  may_facilitate, team_id, manager_id, zone, work_starts, work_ends, work_days, theme, deactivated_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'system', null, $17)";
const INCIDENT: &str = "
insert into incidents (id, number, title, search_folded, summary, severity, state, team_id, started_at, detected_at, resolved_at, zone,
  origin, origin_key, origin_hash, created_by, created_at, changed_at, published_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'hand', null, null, $13, $14, $15, $16, 1)";

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
    let mut conn = store.read().await?;
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).fetch_one(db).await)?;
    Ok(count == 0)
}

/// Writes of one transaction: all of them are kept, or none.
pub struct Batch {
    conn: Conn,
    rows: Rows,
}

impl Batch {
    /// Begins.
    ///
    /// # Errors
    /// What the database said.
    pub async fn begin(store: &Store) -> Result<Self> {
        Ok(Self { conn: store.write().await?, rows: Rows::default() })
    }

    /// Writes a team.
    ///
    /// # Errors
    /// What the database said.
    pub async fn team(&mut self, id: TeamId, name: &str, now: DateTime<Utc>) -> Result<()> {
        run!(self.conn, sqlx::query(TEAM).bind(id.0).bind(name).bind(text::fold(name)).bind(now))?;
        Ok(())
    }

    /// Writes a person.
    ///
    /// # Errors
    /// What the database said.
    pub async fn person(&mut self, person: &Person, now: DateTime<Utc>) -> Result<()> {
        use chrono::Timelike;
        let minutes = |time: chrono::NaiveTime| i64::from(time.hour() * 60 + time.minute());
        let days: i64 = (0..).zip(person.pattern.days).filter(|(_, works)| *works).map(|(day, _)| 1i64 << day).sum();
        run!(
            self.conn,
            sqlx::query(PERSON)
                .bind(person.id.0)
                .bind(&person.name)
                .bind(text::fold(&person.name))
                .bind(&person.email)
                .bind(text::fold(&person.email))
                .bind(&person.password_hash)
                .bind(person.role != GlobalRole::Administrator)
                .bind(person.role == GlobalRole::Leadership)
                .bind(person.role == GlobalRole::Administrator)
                .bind(person.may_facilitate)
                .bind(person.team_id.map(|t| t.0))
                .bind(person.manager_id.map(|m| m.0))
                .bind(&person.zone)
                .bind(minutes(person.pattern.start))
                .bind(minutes(person.pattern.end))
                .bind(days)
                .bind(now)
        )?;
        Ok(())
    }

    /// Writes an incident with its key; what belongs to it is told to the answer.
    ///
    /// # Errors
    /// What the database said.
    pub async fn incident(&mut self, made: &Made) -> Result<Story<'_>> {
        let new = &made.new;
        let folded = text::fold(&format!("{}\n{}\n{}", IncidentKey(made.number), new.title, new.summary));
        run!(
            self.conn,
            sqlx::query(INCIDENT)
                .bind(made.id.0)
                .bind(made.number)
                .bind(&new.title)
                .bind(folded)
                .bind(&new.summary)
                .bind(new.severity.number())
                .bind(new.state.slug())
                .bind(new.team_id.map(|t| t.0))
                .bind(new.started_at)
                .bind(new.detected_at)
                .bind(new.resolved_at)
                .bind(&new.zone)
                .bind(made.created_by.0)
                .bind(made.created_at)
                .bind(made.changed_at)
                .bind(made.published_at)
        )?;
        crypt::add_incident_key(&mut self.conn, made.id).await?;
        let key = crypt::incident_key(&mut self.conn, made.id).await?;
        Ok(Story { incident: made.id, key, rows: &mut self.rows })
    }

    /// Marks the database as a demo, in the same transaction as what is in it.
    ///
    /// # Errors
    /// What the database said.
    pub async fn mark_demo(&mut self) -> Result<()> {
        settings::put(&mut self.conn, "demo", "yes").await
    }

    /// Writes what was told and keeps all of it.
    ///
    /// # Errors
    /// What the database said; nothing was kept then.
    pub async fn commit(mut self, now: DateTime<Utc>) -> Result<()> {
        self.rows.write(&mut self.conn).await?;
        audit::note(&mut self.conn, now, None, "database.fill", "", None).await?;
        self.conn.commit().await
    }
}

/// A sealed value's JSON; nothing here can fail to be written as JSON, yet nothing panics over it either.
fn json(value: &impl serde::Serialize, table: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Corrupt { table, column: "body" })
}
