//! Lines that people write in a meeting. They carry no person and no time, so that nothing leads from a line to who wrote it.

use super::meeting;
use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::reviews::meeting::{self as rules, LINES_MAX, LineKind, Stage};
use domain::rights::Right;
use domain::{IncidentId, LineId};
use uuid::Uuid;

/// A line as it stands on the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// What it says.
    pub kind: LineKind,
    /// The stage in which it was written.
    pub stage: Stage,
    /// The words.
    pub text: String,
    /// Who leads took it out of sight.
    pub taken_out: bool,
}

const ALL: &str = "
select id, kind, stage, text_sealed, taken_out from meeting_lines where incident_id = $1 order by position, id";
const COUNT: &str = "select count(*) from meeting_lines where incident_id = $1";
const STAGE: &str = "select stage from meetings where incident_id = $1";
const ADD: &str = "
insert into meeting_lines (id, incident_id, kind, stage, text_sealed, position, taken_out) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do nothing";
const IS_HERE: &str = "select count(*) from meeting_lines where id = $1 and incident_id = $2";
const TAKE_OUT: &str = "update meeting_lines set taken_out = $3 where id = $1 and incident_id = $2";

#[derive(sqlx::FromRow)]
struct LineRow {
    id: Uuid,
    kind: String,
    stage: String,
    text_sealed: Vec<u8>,
    taken_out: bool,
}

fn place(id: LineId) -> Place<'static> {
    Place { table: "meeting_lines", row: id.0, column: "text", audience: "" }
}

pub(super) async fn all(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Line>> {
    let rows: Vec<LineRow> = on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    let line = |row: LineRow| {
        let corrupt = |column| StoreError::Corrupt { table: "meeting_lines", column };
        let id = LineId(row.id);
        Ok(Line {
            id,
            kind: LineKind::from_slug(&row.kind).ok_or(corrupt("kind"))?,
            stage: Stage::from_slug(&row.stage).ok_or(corrupt("stage"))?,
            text: key.open(&place(id), &row.text_sealed)?,
            taken_out: row.taken_out,
        })
    };
    rows.into_iter().map(line).collect()
}

/// An id for a line that is still to be written.
pub fn new_line() -> LineId {
    LineId(random::id())
}

/// Writes a line. `id` is the writer's: the same one sent again, because no answer came, is written once.
///
/// # Errors
/// Field `text`; [`StoreError::Refused`] when the meeting does not run or is full; [`StoreError::NotFound`] for who only listens.
pub async fn write_line(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: LineId,
    kind: LineKind,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    meeting::enter(&mut conn, viewer, incident, now).await?;
    require(&mut conn, viewer, Right::SpeakInMeeting, incident, now).await?;
    let text = rules::line(typed)?;
    // No audit entry: it would say who wrote when, and with it what.
    let position = meeting::take_turn(&mut conn, incident).await?;
    let here: i64 = on!(conn, db => sqlx::query_scalar(IS_HERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
    if here > 0 {
        return Ok(());
    }
    if !meeting::runs(&mut conn, incident).await? {
        return Err(StoreError::Refused("This meeting does not run just now. Your line was not written."));
    }
    let count: i64 = on!(conn, db => sqlx::query_scalar(COUNT).bind(incident.0).fetch_one(db).await)?;
    if count >= LINES_MAX {
        return Err(StoreError::Refused("There are two thousand lines already. Your line was not written."));
    }
    let stage: String = on!(conn, db => sqlx::query_scalar(STAGE).bind(incident.0).fetch_one(db).await)?;
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&place(id), &text);
    let written = run!(
        conn,
        sqlx::query(ADD).bind(id.0).bind(incident.0).bind(kind.slug()).bind(stage).bind(sealed).bind(position).bind(false)
    )?;
    if written == 0 {
        // The id is one of another meeting.
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}

/// Takes a line out of sight, or brings it back.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators, and when it is not there.
pub async fn take_out_line(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: LineId,
    out: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    meeting::take_turn(&mut conn, incident).await?;
    if run!(conn, sqlx::query(TAKE_OUT).bind(id.0).bind(incident.0).bind(out))? == 0 {
        return Err(StoreError::NotFound);
    }
    conn.commit().await
}
