//! Choosing blind what a meeting talks about. Each vote is counted as it comes: who voted is kept until the vote is closed, what
//! somebody chose is not kept at all.

use super::themes::{self, before_publication};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::ballots::{self, Ballot};
use domain::reviews::themes::Theme;
use domain::rights::Right;
use domain::{IncidentId, PersonId, ThemeId};
use uuid::Uuid;

/// The vote as who facilitates sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vote {
    /// The vote; `None`: nobody was asked yet.
    pub ballot: Option<Ballot>,
    /// How many chose each theme, once that may be shown; the most chosen first.
    pub totals: Vec<(ThemeId, i64)>,
    /// What the meeting talks about, in the themes' order.
    pub agenda: Vec<ThemeId>,
}

/// The vote as somebody sees it who may take part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// It takes votes now.
    pub open: bool,
    /// This viewer has voted.
    pub voted: bool,
    /// The themes to choose from, while it is open.
    pub themes: Vec<Theme>,
    /// What the meeting talks about, once that is chosen.
    pub agenda: Vec<Theme>,
}

/// A vote, or three questions, that wait for the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToVote {
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
}

const BALLOT: &str = "
select b.opened_at, b.closed_at, b.voted,
  (select count(*) from invitations v join people p on p.id = v.person_id
    where v.incident_id = b.incident_id and v.state <> 'withdrawn' and p.email is not null and p.deactivated_at is null) as asked
from ballots b where b.incident_id = $1";
const COUNTS: &str = "select id, votes, on_agenda from themes where incident_id = $1 order by position, id";
const OPEN: &str = "
insert into ballots (incident_id, opened_at, closed_at, voted) values ($1, $2, null, 0)
on conflict (incident_id) do update set opened_at = excluded.opened_at, closed_at = null, voted = 0";
const FORGET_COUNTS: &str = "update themes set votes = 0, on_agenda = $2 where incident_id = $1";
const CLOSE: &str = "update ballots set closed_at = $2 where incident_id = $1 and closed_at is null";
const FORGET_VOTERS: &str = "delete from ballot_voters where incident_id = $1";
const VOTER: &str = "
insert into ballot_voters (incident_id, person_id) values ($1, $2) on conflict (incident_id, person_id) do nothing";
const HAS_VOTED: &str = "select count(*) from ballot_voters where incident_id = $1 and person_id = $2";
const ONE_MORE: &str = "update ballots set voted = voted + 1 where incident_id = $1 and closed_at is null";
const COUNT_FOR: &str = "update themes set votes = votes + 1 where id = $1";
const CLEAR_AGENDA: &str = "update themes set on_agenda = $2 where incident_id = $1";
const ON_AGENDA: &str = "update themes set on_agenda = $2 where id = $1";
const WAITING: &str = "
select i.number, i.title from ballots b join incidents i on i.id = b.incident_id
  join invitations v on v.incident_id = i.id and v.person_id = $1 and v.state <> 'withdrawn'
where b.closed_at is null and i.published_at is null and i.trashed_at is null
  and not exists (select 1 from ballot_voters w where w.incident_id = i.id and w.person_id = $1)
order by i.number desc";

#[derive(sqlx::FromRow)]
struct BallotRow {
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    voted: i64,
    asked: i64,
}

async fn ballot(conn: &mut Conn, incident: IncidentId) -> Result<Option<Ballot>> {
    let row: Option<BallotRow> = on!(conn, db => sqlx::query_as(BALLOT).bind(incident.0).fetch_optional(db).await)?;
    Ok(row.map(|r| Ballot { opened_at: r.opened_at, closed_at: r.closed_at, voted: r.voted, asked: r.asked }))
}

/// Id, votes and whether it is on the agenda, of each theme in its order.
async fn counts(conn: &mut Conn, incident: IncidentId) -> Result<Vec<(ThemeId, i64, bool)>> {
    let rows: Vec<(Uuid, i64, bool)> = on!(conn, db => sqlx::query_as(COUNTS).bind(incident.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, votes, on)| (ThemeId(id), votes, on)).collect())
}

/// The themes on the agenda.
pub(super) async fn on_agenda(conn: &mut Conn, incident: IncidentId) -> Result<Vec<ThemeId>> {
    Ok(counts(conn, incident).await?.into_iter().filter(|(.., on)| *on).map(|(id, ..)| id).collect())
}

/// Refuses while a vote is open: people choose among the themes as they read them.
pub(super) async fn not_while_open(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    if ballot(conn, incident).await?.is_some_and(|b| b.is_open()) {
        return Err(StoreError::Refused("People are choosing among these themes just now. Please close the vote first."));
    }
    Ok(())
}

/// Where the vote stands, for who facilitates.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn themes_vote(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vote> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let ballot = ballot(&mut conn, incident).await?;
    let counts = counts(&mut conn, incident).await?;
    let agenda = counts.iter().filter(|(.., on)| *on).map(|(id, ..)| *id).collect();
    let mut totals: Vec<(ThemeId, i64)> = Vec::new();
    if ballot.as_ref().is_some_and(Ballot::shows_totals) {
        totals = counts.iter().map(|(id, votes, _)| (*id, *votes)).collect();
        // Stable: equal ones stay in the themes' order.
        totals.sort_by_key(|(_, votes)| std::cmp::Reverse(*votes));
    }
    Ok(Vote { ballot, totals, agenda })
}

/// Asks those who were there what they want to talk about. What was counted before is forgotten.
///
/// # Errors
/// [`StoreError::Refused`] with fewer than two themes, while it is open, and after publication.
pub async fn open_vote(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "vote.open", &incident.to_string(), Some(incident)).await?;
    not_while_open(&mut conn, incident).await?;
    if counts(&mut conn, incident).await?.len() < *ballots::AGENDA.start() {
        return Err(StoreError::Refused("There is nothing to choose from yet: please name two themes at least."));
    }
    run!(conn, sqlx::query(OPEN).bind(incident.0).bind(now))?;
    run!(conn, sqlx::query(FORGET_COUNTS).bind(incident.0).bind(false))?;
    run!(conn, sqlx::query(FORGET_VOTERS).bind(incident.0))?;
    conn.commit().await
}

/// Closes the vote: from now on totals may be shown, and who voted is forgotten. Closing twice changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn close_vote(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "vote.close", &incident.to_string(), Some(incident)).await?;
    run!(conn, sqlx::query(CLOSE).bind(incident.0).bind(now))?;
    run!(conn, sqlx::query(FORGET_VOTERS).bind(incident.0))?;
    conn.commit().await
}

/// Says what the meeting talks about.
///
/// # Errors
/// Field `themes`; [`StoreError::Refused`] while a vote is open and after publication.
pub async fn set_agenda(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    themes: &[ThemeId],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "agenda.set", &incident.to_string(), Some(incident)).await?;
    not_while_open(&mut conn, incident).await?;
    let all: Vec<ThemeId> = counts(&mut conn, incident).await?.into_iter().map(|(id, ..)| id).collect();
    let chosen = ballots::agenda(themes, &all)?;
    run!(conn, sqlx::query(CLEAR_AGENDA).bind(incident.0).bind(false))?;
    for theme in chosen {
        run!(conn, sqlx::query(ON_AGENDA).bind(theme.0).bind(true))?;
    }
    conn.commit().await
}

/// The vote, for somebody who was there: what to choose from while it is open, and later the agenda. Never a total.
///
/// # Errors
/// [`StoreError::NotFound`] for who was not asked to this review, and after publication.
pub async fn slip(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Slip> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Vote, incident, now).await?;
    let open = ballot(&mut conn, incident).await?.is_some_and(|b| b.is_open());
    let agenda = on_agenda(&mut conn, incident).await?;
    if !open && agenda.is_empty() {
        return Ok(Slip::default());
    }
    let all = themes::all(&mut conn, incident).await?;
    let voted: i64 =
        on!(conn, db => sqlx::query_scalar(HAS_VOTED).bind(incident.0).bind(viewer.person_id.0).fetch_one(db).await)?;
    let (mut on, mut off): (Vec<Theme>, Vec<Theme>) = all.into_iter().partition(|theme| agenda.contains(&theme.id));
    if open {
        off.append(&mut on);
    }
    Ok(Slip { open, voted: voted > 0, themes: if open { off } else { Vec::new() }, agenda: on })
}

/// Counts what the viewer chooses. It is not kept that it was they, so it cannot be changed.
///
/// # Errors
/// Field `themes`; [`StoreError::Refused`] when the vote is not open or they have voted already.
pub async fn vote(store: &Store, viewer: &Viewer, incident: IncidentId, themes: &[ThemeId], now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Vote, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL. That somebody voted, not what.
    audit::note(&mut conn, now, Some(viewer.person_id), "vote.cast", &incident.to_string(), Some(incident)).await?;
    if !ballot(&mut conn, incident).await?.is_some_and(|b| b.is_open()) {
        return Err(StoreError::Refused("This vote is closed."));
    }
    let all: Vec<ThemeId> = counts(&mut conn, incident).await?.into_iter().map(|(id, ..)| id).collect();
    let chosen = ballots::chosen(themes, &all)?;
    if run!(conn, sqlx::query(VOTER).bind(incident.0).bind(viewer.person_id.0))? == 0 {
        return Err(StoreError::Refused("You have voted already. Nothing says what, so it cannot be changed."));
    }
    run!(conn, sqlx::query(ONE_MORE).bind(incident.0))?;
    for theme in chosen {
        run!(conn, sqlx::query(COUNT_FOR).bind(theme.0))?;
    }
    conn.commit().await
}

/// The votes that wait for the viewer, for the home page. None without an account.
///
/// # Errors
/// What the database said.
pub async fn votes_waiting(store: &Store, viewer: &Viewer) -> Result<Vec<ToVote>> {
    if !viewer.has_account() {
        return Ok(Vec::new());
    }
    to_do(&mut store.read().await?, WAITING, viewer.person_id).await
}

/// What waits for one person, by a statement that answers with numbers and titles.
pub(super) async fn to_do(conn: &mut Conn, statement: &'static str, person: PersonId) -> Result<Vec<ToVote>> {
    let rows: Vec<(i64, String)> = on!(conn, db => sqlx::query_as(statement).bind(person.0).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(number, title)| ToVote { key: IncidentKey(number), title }).collect())
}
