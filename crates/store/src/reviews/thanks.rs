//! Thanks in a review. To a team they stand at once; a person is asked first with the very words, and until they say yes nobody reads them
//! but they and who leads the review. They can change their mind at any time. The words are sealed; nothing is counted per person.

use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, incidents, random};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::thanks::{Thanked, Thanks, ThanksState, read_words};
use domain::people::Viewer;
use domain::rights::{Right, may};
use domain::{IncidentId, Invalid, PersonId, ThanksId};
use uuid::Uuid;

/// Thanks as the person whom they name sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThanksToMe {
    /// Its id.
    pub id: ThanksId,
    /// At which incident; `None` where it is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// The very words.
    pub words: String,
    /// What they said to it.
    pub state: ThanksState,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When they answered last.
    pub answered_at: Option<DateTime<Utc>>,
}

const OF: &str = "
select k.id, coalesce(t.name, p.name) as name, k.person_id, k.words_sealed, k.state, k.written_at
from thanks k left join teams t on t.id = k.team_id left join people p on p.id = k.person_id
where k.incident_id = $1 order by k.written_at, k.id";
const ADD: &str = "
insert into thanks (id, incident_id, team_id, person_id, words_sealed, state, written_at) values ($1, $2, $3, $4, $5, $6, $7)";
const REMOVE: &str = "delete from thanks where id = $1 and incident_id = $2";
const TEAM_THERE: &str = "select count(*) from teams where id = $1";
// Only somebody who sees the incident is asked; who came by a personal link alone has no page for it.
const CANDIDATES: &str = "
select p.id, p.name from people p join incidents i on i.id = $1
where p.email is not null and p.deactivated_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = p.id))
order by p.name, p.id";
const TO_PERSON: &str = "
select k.id, k.incident_id, case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number,
  k.words_sealed, k.state, k.written_at, k.answered_at
from thanks k join incidents i on i.id = k.incident_id where k.person_id = $1 order by k.written_at desc, k.id";
const MINE: &str = "select incident_id from thanks where id = $1 and person_id = $2";
const ANSWER: &str = "update thanks set state = $3, answered_at = $4 where id = $1 and person_id = $2";
const FORGET: &str = "delete from thanks where person_id = $1";

fn place(row: Uuid) -> Place<'static> {
    Place { table: "thanks", row, column: "words", audience: "" }
}

fn state_of(slug: &str) -> Result<ThanksState> {
    ThanksState::from_slug(slug).ok_or(StoreError::Corrupt { table: "thanks", column: "state" })
}

#[derive(sqlx::FromRow)]
struct ThanksRow {
    id: Uuid,
    name: Option<String>,
    person_id: Option<Uuid>,
    words_sealed: Vec<u8>,
    state: String,
    written_at: DateTime<Utc>,
}

/// The thanks of a review: for who leads it all, for other readers of the story those that may stand in it.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not read the story now.
pub async fn thanks(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Thanks>> {
    let mut conn = store.read().await?;
    let standing = require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    let leads = may(Right::EditReview, &standing);
    let rows: Vec<ThanksRow> = on!(conn, db => sqlx::query_as(OF).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(&mut conn, incident).await?;
    let mut all = Vec::new();
    for row in rows {
        let state = state_of(&row.state)?;
        if leads || state == ThanksState::Agreed {
            all.push(Thanks {
                id: ThanksId(row.id),
                to: row.name.unwrap_or_default(),
                to_person: row.person_id.is_some(),
                words: key.open(&place(row.id), &row.words_sealed)?,
                state,
                written_at: row.written_at,
            });
        }
    }
    Ok(all)
}

/// Who may be asked: people with an account who see the incident.
///
/// # Errors
/// [`StoreError::NotFound`] for who does not lead the review.
pub async fn may_be_thanked(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Vec<(PersonId, String)>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    candidates(&mut conn, incident).await
}

async fn candidates(conn: &mut Conn, incident: IncidentId) -> Result<Vec<(PersonId, String)>> {
    let rows: Vec<(Uuid, String)> = on!(conn, db => sqlx::query_as(CANDIDATES).bind(incident.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
}

/// Thanks a team, or asks a person whether they may be thanked with these words.
///
/// # Errors
/// Fields `to` and `words`; [`StoreError::NotFound`] for who does not lead the review.
pub async fn thank(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    to: Thanked,
    words: &str,
    now: DateTime<Utc>,
) -> Result<ThanksId> {
    let mut conn = store.write().await?;
    // First: on PostgreSQL somebody may leave, or lose sight of the incident, between being looked for and being asked.
    audit::take_turn(&mut conn).await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let words = read_words(words)?;
    let (team, person, state) = match to {
        Thanked::Team(team) => {
            let there: i64 = on!(conn, db => sqlx::query_scalar(TEAM_THERE).bind(team.0).fetch_one(db).await)?;
            ((there > 0).then_some(team.0), None, ThanksState::Agreed)
        }
        Thanked::Person(person) => {
            let there = candidates(&mut conn, incident).await?.iter().any(|(id, _)| *id == person);
            (None, there.then_some(person.0), ThanksState::Asked)
        }
    };
    if team.is_none() && person.is_none() {
        return Err(Invalid::one("to", "Please choose a team or a person.").into());
    }
    let id = random::id();
    audit::note(&mut conn, now, Some(viewer.person_id), "thanks.write", &id.to_string(), Some(incident)).await?;
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&place(id), &words);
    run!(conn, sqlx::query(ADD).bind(id).bind(incident.0).bind(team).bind(person).bind(sealed).bind(state.slug()).bind(now))?;
    if state == ThanksState::Agreed {
        incidents::revise(&mut conn, incident, now).await?;
    }
    conn.commit().await?;
    Ok(ThanksId(id))
}

/// Takes thanks away, whatever was answered.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, and for who does not lead the review.
pub async fn remove_thanks(store: &Store, viewer: &Viewer, incident: IncidentId, id: ThanksId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "thanks.remove", &id.to_string(), Some(incident)).await?;
    if run!(conn, sqlx::query(REMOVE).bind(id.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// Thanks that name the viewer, the latest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn thanks_of_mine(store: &Store, viewer: &Viewer) -> Result<Vec<ThanksToMe>> {
    check_global(Right::OwnPages, viewer)?;
    thanks_of(&mut store.read().await?, viewer.person_id).await
}

/// Thanks that name a person.
pub(crate) async fn thanks_of(conn: &mut Conn, person: PersonId) -> Result<Vec<ThanksToMe>> {
    type MineRow = (Uuid, Uuid, Option<i64>, Vec<u8>, String, DateTime<Utc>, Option<DateTime<Utc>>);
    let rows: Vec<MineRow> = on!(conn, db => sqlx::query_as(TO_PERSON).bind(person.0).fetch_all(db).await)?;
    let mut all = Vec::new();
    for (id, incident, number, sealed, state, written_at, answered_at) in rows {
        let key = crypt::incident_key(conn, IncidentId(incident)).await?;
        all.push(ThanksToMe {
            id: ThanksId(id),
            key: number.map(IncidentKey),
            words: key.open(&place(id), &sealed)?,
            state: state_of(&state)?,
            written_at,
            answered_at,
        });
    }
    Ok(all)
}

/// The viewer's word on thanks that name them: with their name, or left out. Theirs to change at any time.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else.
pub async fn answer_thanks(store: &Store, viewer: &Viewer, id: ThanksId, agreed: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.write().await?;
    let incident: Option<Uuid> =
        on!(conn, db => sqlx::query_scalar(MINE).bind(id.0).bind(viewer.person_id.0).fetch_optional(db).await)?;
    let incident = incident.map(IncidentId).ok_or(StoreError::NotFound)?;
    let state = if agreed { ThanksState::Agreed } else { ThanksState::LeftOut };
    audit::note(&mut conn, now, Some(viewer.person_id), "thanks.answer", &id.to_string(), Some(incident)).await?;
    if run!(conn, sqlx::query(ANSWER).bind(id.0).bind(viewer.person_id.0).bind(state.slug()).bind(now))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// Takes thanks that name a person out, with all that they said to it.
pub(crate) async fn forget_thanks(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    Ok(())
}
