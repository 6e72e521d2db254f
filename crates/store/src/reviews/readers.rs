//! How many of which teams have read a published story; never who. An opening waits in memory, without a time, and is counted with others
//! in one turn of the clock: no request writes, no order of coming is kept, and a step is not seen in the moment in which somebody reads.

use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, settings};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::reviews::readers::{ReadBy, TeamReaders, read_by};
use domain::rights::Right;
use domain::{IncidentId, PersonId, TeamId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Openings that wait at most; what comes beyond is counted when it is opened again.
const WAITING: usize = 10_000;

/// An opening that waits to be counted.
#[derive(PartialEq, Eq, Hash)]
struct Opened {
    incident: IncidentId,
    mark: Vec<u8>,
    team: Option<TeamId>,
}

/// Openings that wait to be counted; a set, whose order says nothing.
#[derive(Default)]
pub(crate) struct Openings(Mutex<HashSet<Opened>>);

const IS_COUNTED: &str = "select count(*) from incidents where id = $1 and published_at is not null and not restricted";
const COUNTED: &str = "
select t.name as team, c.readers, (select count(*) from people p where p.team_id = c.team_id and p.deactivated_at is null) as people
from reader_counts c left join teams t on t.id = c.team_id where c.incident_id = $1";
const MARK: &str = "
insert into story_readers (incident_id, mark)
select id, $2 from incidents where id = $1 and published_at is not null and not restricted and trashed_at is null
on conflict (incident_id, mark) do nothing";
const COUNT: &str = "
insert into reader_counts (incident_id, team_id, counted_as, readers) values ($1, $2, $3, 1)
on conflict (incident_id, counted_as) do update set readers = reader_counts.readers + 1";

/// What may be said of the readers of a story, to whoever may read it. That this viewer opened it waits to be counted.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who may not read it.
pub async fn readers(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Option<ReadBy>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    let is_counted: i64 = on!(conn, db => sqlx::query_scalar(IS_COUNTED).bind(incident.0).fetch_one(db).await)?;
    if is_counted == 0 {
        return Ok(None);
    }
    if viewer.has_account() {
        let opened = Opened { incident, mark: mark(&conn, incident, viewer.person_id), team: viewer.team_id };
        let mut waiting = store.openings.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING {
            waiting.insert(opened);
        }
    }
    let smallest = i64::try_from(settings::smallest_group(&mut conn).await?).unwrap_or(i64::MAX);
    let rows: Vec<(Option<String>, i64, i64)> = on!(conn, db => sqlx::query_as(COUNTED).bind(incident.0).fetch_all(db).await)?;
    let counted = rows.into_iter().map(|(team, readers, people)| TeamReaders { team, readers, people }).collect();
    Ok(read_by(counted, smallest))
}

/// Counts the openings that wait, each account once for each story.
///
/// # Errors
/// What the database said; what was not counted waits on.
pub async fn count_readers(store: &Store) -> Result<()> {
    let waiting = std::mem::take(&mut *store.openings.0.lock().unwrap_or_else(PoisonError::into_inner));
    if waiting.is_empty() {
        return Ok(());
    }
    let outcome = count(store, &waiting).await;
    if outcome.is_err() {
        store.openings.0.lock().unwrap_or_else(PoisonError::into_inner).extend(waiting);
    }
    outcome
}

async fn count(store: &Store, waiting: &HashSet<Opened>) -> Result<()> {
    let mut conn = store.write().await?;
    for opened in waiting {
        if run!(conn, sqlx::query(MARK).bind(opened.incident.0).bind(opened.mark.clone()))? == 0 {
            continue;
        }
        let team = opened.team.map(|team| team.0);
        run!(conn, sqlx::query(COUNT).bind(opened.incident.0).bind(team).bind(team.unwrap_or(Uuid::nil())))?;
    }
    conn.commit().await
}

/// Stands for an account at a story. It does not lead back to anybody without the instance key.
fn mark(conn: &Conn, incident: IncidentId, person: PersonId) -> Vec<u8> {
    let key = conn.keys.derived("readers of stories");
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(incident.0.as_bytes());
    mac.update(person.0.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
