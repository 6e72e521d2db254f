//! Comments at the sections of a review: seen and written by whoever may read it now, resolved by who wrote them or who leads the review.
//! They are sealed, and no part of the story. What was written before publication stays with those who lead the review: it was written
//! among them.

use crate::crypt::{self, Place};
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::rights::{Right, may};
use domain::{CommentId, IncidentId, PersonId, text};
use uuid::Uuid;

/// A comment at a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id; random.
    pub id: CommentId,
    /// Where it stands.
    pub section: SectionKind,
    /// Who wrote it.
    pub author: Option<String>,
    /// The words, Markdown.
    pub body: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// When it was resolved; `None`: it is open.
    pub resolved_at: Option<DateTime<Utc>>,
    /// This viewer wrote it, and may take it back.
    pub mine: bool,
    /// This viewer may resolve it, and open it again.
    pub settles: bool,
}

/// What becomes of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Done with; it folds away.
    Resolve,
    /// Open again.
    Reopen,
    /// Gone. Its author alone.
    TakeBack,
}

const OF: &str = "
select c.id, c.section, c.author_id, p.name as author, c.body_sealed, c.written_at, c.resolved_at, i.published_at
from section_comments c join incidents i on i.id = c.incident_id left join people p on p.id = c.author_id where c.incident_id = $1 order by c.written_at, c.id";
const ADD: &str = "
insert into section_comments (id, incident_id, section, author_id, body_sealed, written_at) values ($1, $2, $3, $4, $5, $6)";
const ONE: &str = "select author_id, section from section_comments where id = $1 and incident_id = $2";
const RESOLVE: &str = "
update section_comments set resolved_at = $2, resolved_by = $3 where id = $1 and resolved_at is null";
const REOPEN: &str = "update section_comments set resolved_at = null, resolved_by = null where id = $1";
const TAKE_BACK: &str = "delete from section_comments where id = $1";
const FORGET: &str = "delete from section_comments where author_id = $1";
const FORGET_RESOLVER: &str = "update section_comments set resolved_by = null where resolved_by = $1";

#[derive(sqlx::FromRow)]
struct CommentRow {
    id: Uuid,
    section: String,
    author_id: Option<Uuid>,
    author: Option<String>,
    body_sealed: Vec<u8>,
    written_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
}

fn place(row: Uuid) -> Place<'static> {
    Place { table: "section_comments", row, column: "body", audience: "" }
}

fn section_of(slug: &str) -> Result<SectionKind> {
    SectionKind::from_slug(slug).ok_or(StoreError::Corrupt { table: "section_comments", column: "section" })
}

/// The comments of a review, oldest first: for whoever may read it now.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else.
pub async fn comments(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Comment>> {
    let mut conn = store.read().await?;
    let standing = require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    let rows: Vec<CommentRow> = on!(conn, db => sqlx::query_as(OF).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(&mut conn, incident).await?;
    let leads = may(Right::EditReview, &standing);
    let is_mine = |row: &CommentRow| row.author_id == Some(viewer.person_id.0);
    rows.into_iter()
        .filter(|row| leads || is_mine(row) || row.published_at.is_some_and(|at| row.written_at > at))
        .map(|row| {
            let mine = is_mine(&row);
            Ok(Comment {
                id: CommentId(row.id),
                section: section_of(&row.section)?,
                author: row.author,
                body: key.open(&place(row.id), &row.body_sealed)?,
                written_at: row.written_at,
                resolved_at: row.resolved_at,
                mine,
                settles: mine || leads,
            })
        })
        .collect()
}

/// Writes a comment at a section. `among`: whoever wrote it was told that those who facilitate read it alone.
///
/// # Errors
/// Field `body`, also when that is true no more; [`StoreError::NotFound`] for who may not read the review now.
pub async fn comment(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    section: SectionKind,
    body: &str,
    among: bool,
    now: DateTime<Utc>,
) -> Result<CommentId> {
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let standing = require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    let body = text::required("body", body)?;
    if among && standing.published {
        const MEANWHILE: &str =
            "The story was published meanwhile: everybody who reads it would read this now. Send it again if that is right.";
        return Err(domain::Invalid::one("body", MEANWHILE).into());
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "comment.add", section.slug(), Some(incident)).await?;
    let id = random::id();
    let sealed = crypt::incident_key(&mut conn, incident).await?.seal(&place(id), &body);
    run!(conn, sqlx::query(ADD).bind(id).bind(incident.0).bind(section.slug()).bind(viewer.person_id.0).bind(sealed).bind(now))?;
    conn.commit().await?;
    Ok(CommentId(id))
}

/// Resolves a comment, opens it again or takes it back; answers where it stands.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, not theirs to settle, or the review is not theirs to read.
pub async fn settle_comment(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: CommentId,
    settling: Settling,
    now: DateTime<Utc>,
) -> Result<SectionKind> {
    let mut conn = store.write().await?;
    let standing = require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    let found: Option<(Option<Uuid>, String)> =
        on!(conn, db => sqlx::query_as(ONE).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    let (author, section) = found.ok_or(StoreError::NotFound)?;
    let mine = author == Some(viewer.person_id.0);
    let theirs = mine || (settling != Settling::TakeBack && may(Right::EditReview, &standing));
    if !theirs {
        return Err(StoreError::NotFound);
    }
    let action = match settling {
        Settling::Resolve => "comment.resolve",
        Settling::Reopen => "comment.reopen",
        Settling::TakeBack => "comment.remove",
    };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &section, Some(incident)).await?;
    match settling {
        Settling::Resolve => run!(conn, sqlx::query(RESOLVE).bind(id.0).bind(now).bind(viewer.person_id.0))?,
        Settling::Reopen => run!(conn, sqlx::query(REOPEN).bind(id.0))?,
        Settling::TakeBack => run!(conn, sqlx::query(TAKE_BACK).bind(id.0))?,
    };
    conn.commit().await?;
    section_of(&section)
}

/// Erases all that a person commented; nothing says any more what they resolved.
pub(crate) async fn forget_comments(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    run!(conn, sqlx::query(FORGET_RESOLVER).bind(person.0))?;
    Ok(())
}
