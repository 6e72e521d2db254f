//! The facilitator's side of a quote: draft it from an answer, see where it stands, change it, take other words, drop it.

use super::{ExcerptRow, letters, place, state};
use crate::crypt::{self, IncidentKeyring};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, calendars, interviews, random};
use chrono::{DateTime, Utc};
use domain::interviews::Audience;
use domain::people::Viewer;
use domain::reviews::{Attribution, Excerpt, ExcerptState, SectionKind, is_word_for_word};
use domain::rights::Right;
use domain::{AnswerId, ExcerptId, IncidentId, Invalid, PersonId, text, walltime};

/// Working days that authors get to check their quotes, unless the facilitator sets another time.
const DAYS_TO_CHECK: u32 = 2;

/// What a facilitator makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it is to stand.
    pub section: SectionKind,
    /// The words.
    pub text: String,
    /// Not word for word.
    pub paraphrase: bool,
    /// With or without the author's name.
    pub attribution: Attribution,
}

const ADD: &str = "
insert into excerpts (id, incident_id, section, text_sealed, offered_sealed, paraphrase, attribution, state, version)
values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 1)";
const ADD_SOURCE: &str = "
insert into excerpt_sources (excerpt_id, answer_id, author_id, sent_at, decided_at) values ($1, $2, $3, $4, null)";
const DEADLINE: &str = "select quotes_due_at from reviews where incident_id = $1";
const SET_DEADLINE: &str = "update reviews set quotes_due_at = $2 where incident_id = $1";
const ALL: &str = "
select e.id, e.section, e.text_sealed, e.offered_sealed, e.paraphrase, e.attribution, e.state, e.version, p.name as author
from excerpts e
  left join excerpt_sources s on s.excerpt_id = e.id and e.attribution = 'named'
  left join people p on p.id = s.author_id
where e.incident_id = $1 order by e.id";
const SOURCE: &str = "
select s.answer_id from excerpt_sources s join excerpts e on e.id = s.excerpt_id
where e.id = $1 and e.incident_id = $2 and s.answer_id is not null";
const CHANGE: &str = "
update excerpts set section = $3, text_sealed = $4, offered_sealed = $5, paraphrase = $6, attribution = $7, state = 'waiting',
  version = version + 1
where id = $1 and version = $2";
const SENT_AGAIN: &str = "update excerpt_sources set sent_at = $2, decided_at = null where excerpt_id = $1";
const FIND: &str = "
select e.id, e.section, e.text_sealed, e.offered_sealed, e.paraphrase, e.attribution, e.state, e.version, p.name as author
from excerpts e
  left join excerpt_sources s on s.excerpt_id = e.id and e.attribution = 'named'
  left join people p on p.id = s.author_id
where e.id = $1 and e.incident_id = $2";
const TAKE: &str = "
update excerpts set text_sealed = $3, offered_sealed = $4, paraphrase = $5, state = 'right', version = version + 1
where id = $1 and version = $2";
const DROP: &str = "update excerpts set state = 'left-out', version = version + 1 where id = $1 and incident_id = $2";

/// All quotes and paraphrases of a review, in the order of their random ids.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn excerpts(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Excerpt>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    all(&mut conn, incident).await
}

pub(super) async fn all(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Excerpt>> {
    let key = crypt::incident_key(conn, incident).await?;
    let rows: Vec<ExcerptRow> = on!(conn, db => sqlx::query_as(ALL).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter().map(|row| row.open(&key)).collect()
}

/// Drafts a quote or paraphrase from an answer that is meant for the review, and sends it to its author. The first one sets the
/// time until which authors are asked, if there is none to come.
///
/// # Errors
/// Fields `text` or `attribution`; [`StoreError::NotFound`] when the answer is not there for quoting.
pub async fn draft_excerpt(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    answer: AnswerId,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<ExcerptId> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    let id = ExcerptId(random::id());
    // First, because it takes the writers' turn on PostgreSQL: no quote slips past a publication.
    audit::note(&mut conn, now, Some(viewer.person_id), "quote.draft", &id.to_string(), Some(incident)).await?;
    let source = interviews::quotable(&mut conn, viewer, answer, now).await?;
    if source.incident != incident {
        return Err(StoreError::NotFound);
    }
    let text = checked(draft, &source.text, source.audience)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(draft.section.slug())
            .bind(seal(&key, id, "text", &text))
            .bind(seal(&key, id, "offered", ""))
            .bind(draft.paraphrase)
            .bind(draft.attribution.slug())
    )?;
    run!(conn, sqlx::query(ADD_SOURCE).bind(id.0).bind(source.answer_id.0).bind(source.author.0).bind(now))?;
    ask_author(&mut conn, incident, source.author, now).await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes the words, place or attribution of a quote: whatever its author said before counts no more.
///
/// # Errors
/// As [`draft_excerpt`]; [`StoreError::Stale`] when it changed in between.
pub async fn change_excerpt(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    excerpt: ExcerptId,
    base_version: i64,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "quote.change", &excerpt.to_string(), Some(incident)).await?;
    let answer: Option<uuid::Uuid> =
        on!(conn, db => sqlx::query_scalar(SOURCE).bind(excerpt.0).bind(incident.0).fetch_optional(db).await)?;
    let answer = AnswerId(answer.ok_or(StoreError::NotFound)?);
    let source = interviews::quotable(&mut conn, viewer, answer, now).await?;
    let text = checked(draft, &source.text, source.audience)?;
    let key = crypt::incident_key(&mut conn, incident).await?;
    let touched = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(excerpt.0)
            .bind(base_version)
            .bind(draft.section.slug())
            .bind(seal(&key, excerpt, "text", &text))
            .bind(seal(&key, excerpt, "offered", ""))
            .bind(draft.paraphrase)
            .bind(draft.attribution.slug())
    )?;
    if touched == 0 {
        return Err(StoreError::Stale);
    }
    run!(conn, sqlx::query(SENT_AGAIN).bind(excerpt.0).bind(now))?;
    ask_author(&mut conn, incident, source.author, now).await?;
    conn.commit().await
}

/// Takes the words that the author offered: they are right, since they are the author's.
///
/// # Errors
/// [`StoreError::Refused`] when no words are offered; [`StoreError::Stale`] when they changed in between.
pub async fn take_offered(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    excerpt: ExcerptId,
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    before_publication(&mut conn, viewer, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "quote.take", &excerpt.to_string(), Some(incident)).await?;
    let row: Option<ExcerptRow> =
        on!(conn, db => sqlx::query_as(FIND).bind(excerpt.0).bind(incident.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    if state(&row.state)? != ExcerptState::Change {
        return Err(StoreError::Refused("Its author has offered no other words."));
    }
    let key = crypt::incident_key(&mut conn, incident).await?;
    let offered = row.open(&key)?.offered;
    let touched = run!(
        conn,
        sqlx::query(TAKE)
            .bind(excerpt.0)
            .bind(base_version)
            .bind(seal(&key, excerpt, "text", &offered))
            .bind(seal(&key, excerpt, "offered", ""))
            // The author's own words are a quote, even where the draft was none.
            .bind(false)
    )?;
    if touched == 0 {
        return Err(StoreError::Stale);
    }
    conn.commit().await
}

/// Leaves a quote out of the story.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there.
pub async fn drop_excerpt(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    excerpt: ExcerptId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    if run!(conn, sqlx::query(DROP).bind(excerpt.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "quote.drop", &excerpt.to_string(), Some(incident)).await?;
    conn.commit().await
}

async fn before_publication(conn: &mut Conn, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    if require(conn, viewer, Right::EditReview, incident, now).await?.published {
        return Err(StoreError::Refused("The second story is published. Quotes stay as their authors agreed to them."));
    }
    Ok(())
}

/// The words as they are stored, if the answer and its audience allow them so.
fn checked(draft: &Draft, answer: &str, audience: Audience) -> Result<String> {
    let mut invalid = Invalid::default();
    let text = invalid.take(text::required("text", &draft.text)).unwrap_or_default();
    if !text.is_empty() && !draft.paraphrase && !is_word_for_word(answer, &text) {
        invalid.add("text", "These are not the author’s words to the letter. Please copy them, or mark this as a paraphrase.");
    }
    if draft.attribution == Attribution::Named && audience != Audience::Named {
        invalid.add("attribution", "The author gave these words without a name.");
    }
    if !draft.section.is_in_story() {
        invalid.add("section", "Quotes stand in the story, not in a text for people outside.");
    }
    invalid.or_ok()?;
    Ok(text)
}

/// Sends a quote to its author. Authors get two working days from the first quote on, and again when one is sent after that time is over.
async fn ask_author(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<()> {
    let due: Option<Option<DateTime<Utc>>> =
        on!(conn, db => sqlx::query_scalar(DEADLINE).bind(incident.0).fetch_optional(db).await)?;
    let over = due.flatten().is_none_or(|due| due <= now);
    if over {
        let (zone, holidays) = calendars::of_incident(conn, incident).await?;
        let due = walltime::add_working_days(now, DAYS_TO_CHECK, zone, &holidays);
        run!(conn, sqlx::query(SET_DEADLINE).bind(incident.0).bind(due))?;
    }
    letters::queue(conn, incident, author, now).await?;
    if over { letters::another_time(conn, incident, now).await } else { Ok(()) }
}

pub(super) fn seal(key: &IncidentKeyring, excerpt: ExcerptId, column: &'static str, text: &str) -> Vec<u8> {
    key.seal(&place(excerpt.0, column), text)
}
