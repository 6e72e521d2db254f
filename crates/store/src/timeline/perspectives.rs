//! Perspectives: one lane a responder beside the factual lane, cut to who looks. Words are placed at events in `placing.rs`.
//!
//! A viewer finds their own words; who facilitates, words of answers that they may read with a name; everybody, words that their author
//! placed and that stand with the author's name in a published story. A lane holds nothing else, and does not tell whether there is more.

mod placing;

pub use placing::{
    MyWords, PUBLISHED, Placeable, Target, keep_note, my_words, place, placeable, placed, remove, remove_note, settle,
};
pub(crate) use placing::{OfMine, answer_changed, forget, of_conversation};

use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on};
use crate::interviews::{self, ReadableAnswer};
use crate::{Result, Store, StoreError, reviews, standing};
use chrono::{DateTime, Utc};
use domain::interviews::Audience;
use domain::people::Viewer;
use domain::reviews::themes::still_says;
use domain::rights::{Right, Standing, may};
use domain::timeline::TimelineEvent;
use domain::timeline::perspectives::{Difference, Lane, Noted, PlacedWords, Whose, differences, has_lane};
use domain::{AnswerId, EventId, IncidentId, PersonId, PlacedId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// The lanes of an incident, as this viewer may see them.
#[derive(Clone, Debug, Default)]
pub struct Perspectives {
    /// The factual lane.
    pub events: Arc<Vec<TimelineEvent>>,
    /// The viewer's own lane first, then by name.
    pub lanes: Vec<Lane>,
    /// What is told differently, in the order of the events.
    pub differences: Vec<Difference>,
    /// Facilitators' notes, for those who facilitate.
    pub noted: Vec<Noted>,
    /// Who looks facilitates, and the story is not published: they may place words and write notes.
    pub leads: bool,
    /// Who looks was asked themselves, and the story is not published: they may place words of their own.
    pub tells: bool,
}

const ALL: &str = "
select w.id, w.event_id, w.answer_id, w.text_sealed, w.own_time_sealed, w.differs, w.placed_by, a.author_id
from placed_words w join events e on e.id = w.event_id join answers a on a.id = w.answer_id
where w.incident_id = $1 and e.incident_id = w.incident_id and e.deleted_at is null order by w.id";
const NOTES: &str = "
select n.event_id, n.note_sealed, n.version from told_differently n join events e on e.id = n.event_id
where n.incident_id = $1 and e.incident_id = n.incident_id and e.deleted_at is null order by n.event_id";

#[derive(sqlx::FromRow)]
struct PlacedRow {
    id: Uuid,
    event_id: Uuid,
    answer_id: Uuid,
    text_sealed: Vec<u8>,
    own_time_sealed: Vec<u8>,
    differs: bool,
    placed_by: Uuid,
    author_id: Uuid,
}

impl PlacedRow {
    fn own_time(&self, key: &IncidentKeyring) -> Result<Option<DateTime<Utc>>> {
        let text = key.open(&seal_place(self.id, "own_time"), &self.own_time_sealed)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| StoreError::Corrupt { table: "placed_words", column: "own_time_sealed" })
    }
}

fn seal_place(row: Uuid, column: &'static str) -> Place<'static> {
    Place { table: "placed_words", row, column, audience: "" }
}

fn note_place(row: Uuid) -> Place<'static> {
    Place { table: "told_differently", row, column: "note", audience: "" }
}

/// The lanes as the viewer may see them. What a facilitator reads is noted for its author, as on the other pages of theirs.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn perspectives(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Perspectives> {
    let events = super::events(store, viewer, incident, now).await?;
    // Reads are noted, so this is a writing one; nobody else waits for a turn.
    let mut conn = store.read().await?;
    let stands = standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let leads = may(Right::EditReview, &stands) && may(Right::ReadAnswer, &stands);
    if leads {
        drop(conn);
        conn = store.write().await?;
    }
    let seen = look(&mut conn, viewer, incident, &stands, events, now).await?;
    if leads {
        conn.commit().await?;
    }
    Ok(seen)
}

/// The lanes as everybody in the organisation may see them, also where this viewer may see more: for a file that is passed on.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn for_everybody(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Perspectives> {
    let events = super::events(store, viewer, incident, now).await?;
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    let rows = rows(&mut conn, incident).await?;
    let mut lanes = Lanes::default();
    in_the_story(&mut conn, incident, &rows, &mut lanes).await?;
    Ok(Perspectives { events, lanes: lanes.in_order(None), ..Perspectives::default() })
}

async fn look(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    stands: &Standing,
    events: Arc<Vec<TimelineEvent>>,
    now: DateTime<Utc>,
) -> Result<Perspectives> {
    let rows = rows(conn, incident).await?;
    let me = viewer.person_id;
    let leads = may(Right::EditReview, stands);
    let mut lanes = Lanes::default();
    let mine = if stands.responder { interviews::mine_here(conn, viewer, incident, now).await? } else { None };
    let tells = mine.is_some() && !stands.published;
    if let Some(mine) = mine {
        of_mine(conn, viewer, incident, mine, &rows, &mut lanes).await?;
    }
    let mut noted = Vec::new();
    if leads {
        for asked in interviews::lanes_of(conn, incident).await? {
            lanes.of(asked.person, asked.name, asked.zone);
        }
        to_the_facilitator(conn, viewer, incident, &rows, &mut lanes, now).await?;
        noted = notes(conn, incident).await?;
    }
    in_the_story(conn, incident, &rows, &mut lanes).await?;
    let lanes = lanes.in_order(Some(me));
    // A note speaks of words: to a facilitator who may read none of them it says nothing.
    noted.retain(|note| lanes.iter().any(|lane| lane.at(note.event).next().is_some()));
    let differences = differences(&events, &lanes, &noted);
    Ok(Perspectives { events, lanes, differences, noted, leads: leads && !stands.published, tells })
}

async fn rows(conn: &mut Conn, incident: IncidentId) -> Result<Vec<PlacedRow>> {
    Ok(on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?)
}

async fn notes(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Noted>> {
    let rows: Vec<(Uuid, Vec<u8>, i64)> = on!(conn, db => sqlx::query_as(NOTES).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    rows.into_iter()
        .map(|(event, note, version)| Ok(Noted { event: EventId(event), note: key.open(&note_place(event), &note)?, version }))
        .collect()
}

/// Lanes while they are filled.
#[derive(Default)]
struct Lanes {
    by_person: HashMap<PersonId, Lane>,
    /// Words that stand in a lane already: what one may read anyway is not shown twice.
    placed: HashSet<PlacedId>,
}

impl Lanes {
    fn of(&mut self, person: PersonId, name: String, zone: String) -> &mut Lane {
        self.by_person.entry(person).or_insert_with(|| Lane {
            whose: Whose::Of(name),
            role: String::new(),
            zone,
            work: Vec::new(),
            words: Vec::new(),
        })
    }

    fn put(&mut self, person: PersonId, words: PlacedWords) {
        if let Some(lane) = self.by_person.get_mut(&person)
            && self.placed.insert(words.id)
        {
            lane.words.push(words);
        }
    }

    /// The viewer's own first, then by name: no other order says anything of anybody.
    fn in_order(self, me: Option<PersonId>) -> Vec<Lane> {
        let mut lanes: Vec<(PersonId, Lane)> = self.by_person.into_iter().collect();
        lanes.sort_by_cached_key(|(person, lane)| {
            let name = match &lane.whose {
                Whose::Mine => String::new(),
                Whose::Of(name) => name.to_lowercase(),
            };
            (Some(*person) != me, name, *person)
        });
        lanes.into_iter().map(|(_, lane)| lane).collect()
    }
}

/// The viewer's own words, drafts too, and their stretches of work.
async fn of_mine(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    mine: interviews::MineHere,
    rows: &[PlacedRow],
    lanes: &mut Lanes,
) -> Result<()> {
    let me = viewer.person_id;
    let lane = Lane { whose: Whose::Mine, role: mine.roles.join(", "), zone: mine.zone, work: mine.work, words: Vec::new() };
    lanes.by_person.insert(me, lane);
    let my_rows: Vec<&PlacedRow> = rows.iter().filter(|row| row.author_id == me.0).collect();
    if my_rows.is_empty() {
        return Ok(());
    }
    let key = crypt::incident_key(conn, incident).await?;
    for row in my_rows {
        let Some(answer) = mine.answers.iter().find(|answer| answer.id.0 == row.answer_id) else { continue };
        let text = key.open(&seal_place(row.id, "text"), &row.text_sealed)?;
        if !has_lane(answer.audience) || !still_says(&answer.text, &text) {
            continue;
        }
        let words = PlacedWords {
            id: PlacedId(row.id),
            event: EventId(row.event_id),
            answer: Some(answer.id),
            question: answer.question_text.clone(),
            text,
            own_time: row.own_time(&key)?,
            differs: row.differs,
            audience: answer.audience,
            draft: answer.draft,
        };
        lanes.put(me, words);
    }
    Ok(())
}

/// What a facilitator may read with a name, and the roles.
async fn to_the_facilitator(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    rows: &[PlacedRow],
    lanes: &mut Lanes,
    now: DateTime<Utc>,
) -> Result<()> {
    let from: HashSet<AnswerId> = rows.iter().map(|row| AnswerId(row.answer_id)).collect();
    let answers = interviews::answers_for_lanes(conn, viewer, incident, &from, now).await?;
    if answers.is_empty() {
        return Ok(());
    }
    let key = crypt::incident_key(conn, incident).await?;
    for answer in answers {
        let Some((author, _)) = answer.author.clone().filter(|_| has_lane(answer.audience)) else { continue };
        if let Some(lane) = lanes.by_person.get_mut(&author)
            && !answer.roles.is_empty()
        {
            lane.role = answer.roles.join(", ");
        }
        for row in rows.iter().filter(|row| row.answer_id == answer.answer_id.0) {
            if let Some(words) = readable(&key, row, &answer)? {
                lanes.put(author, words);
            }
        }
    }
    Ok(())
}

/// Placed words of an answer that the viewer may read with its author's name; `None` once it does not say them.
fn readable(key: &IncidentKeyring, row: &PlacedRow, answer: &ReadableAnswer) -> Result<Option<PlacedWords>> {
    let text = key.open(&seal_place(row.id, "text"), &row.text_sealed)?;
    if !still_says(&answer.body.text, &text) {
        return Ok(None);
    }
    Ok(Some(PlacedWords {
        id: PlacedId(row.id),
        event: EventId(row.event_id),
        answer: Some(answer.answer_id),
        question: answer.question_text.clone(),
        text,
        own_time: row.own_time(key)?,
        differs: row.differs,
        audience: answer.audience,
        draft: false,
    }))
}

/// What everybody may know: words that their author placed, and that stand with the author's name in the published story. The times that
/// they gave, and that they differ, were agreed with nobody: they are left out.
async fn in_the_story(conn: &mut Conn, incident: IncidentId, rows: &[PlacedRow], lanes: &mut Lanes) -> Result<()> {
    let by_author: Vec<&PlacedRow> = rows.iter().filter(|row| row.placed_by == row.author_id).collect();
    if by_author.is_empty() {
        return Ok(());
    }
    let named = reviews::named_words(conn, incident).await?;
    if named.is_empty() {
        return Ok(());
    }
    let key = crypt::incident_key(conn, incident).await?;
    for row in by_author {
        let text = key.open(&seal_place(row.id, "text"), &row.text_sealed)?;
        let quote = named.iter().find(|quote| quote.answer.0 == row.answer_id && still_says(&quote.text, &text));
        let Some(quote) = quote else { continue };
        lanes.of(quote.author, quote.name.clone(), quote.zone.clone());
        let words = PlacedWords {
            id: PlacedId(row.id),
            event: EventId(row.event_id),
            answer: None,
            question: String::new(),
            text,
            own_time: None,
            differs: false,
            audience: Audience::Named,
            draft: false,
        };
        lanes.put(quote.author, words);
    }
    Ok(())
}
