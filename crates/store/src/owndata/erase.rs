//! Erasing one's own words: one answer, one conversation, or everything; at once and for good.
//!
//! What stays, and why: quotes that their author approved and that stand in a published story stay without a name (they are part
//! of what others have read), unless their author takes them out, too. Ideas on planning's table stay without a name. Figures of
//! closed months stay, because they are of groups and never of one person (PRODUCT.md rule 4). A shift on call stays without its person,
//! since the rota stood then. That somebody was asked stays, and
//! the audit trail, which holds no content. Whoever came only by a personal link has no account that a name is kept for: theirs goes
//! with their words.

use super::close::leave;
use crate::db::Conn;
use crate::interviews::{self, Mine};
use crate::standing::check_global;
use crate::timeline::raw_authors;
use crate::{Result, Store, StoreError, audit, learnings, parking, reviews, schedules};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{InvitationId, interviews as questions};

/// What goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// The answer to one question; for question 3 its stretches, for question 12 the names, too.
    Answer(InvitationId, i64),
    /// All that was said in one conversation. Whoever came by a personal link and has no other one leaves with it: their name, their
    /// address and their link go, too.
    Conversation(InvitationId),
    /// All that was ever said.
    Everything,
}

/// Erases. With `quotes_too`, quotes that stand in published stories leave them; otherwise they stay without a name.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody but the author, and for an answer that is not there.
pub async fn erase(store: &Store, viewer: &Viewer, what: Erase, quotes_too: bool, now: DateTime<Utc>) -> Result<()> {
    let quotes = if quotes_too { reviews::Standing::Go } else { reviews::Standing::LoseName };
    let mut conn = store.write().await?;
    match what {
        Erase::Answer(invitation, question) => {
            let mine = interviews::mine(&mut conn, viewer, invitation, now).await?;
            note(&mut conn, viewer, "answer.erase", Some(&mine), now).await?;
            if question == questions::WORK {
                interviews::forget_stretches(&mut conn, mine.id).await?;
            } else {
                let answers = interviews::answers_of(&mut conn, &mine).await?;
                let answer = answers.into_iter().find(|a| a.question == question).ok_or(StoreError::NotFound)?;
                interviews::forget_answer(&mut conn, &answer, quotes, now).await?;
            }
        }
        Erase::Conversation(invitation) => {
            let mine = interviews::mine(&mut conn, viewer, invitation, now).await?;
            note(&mut conn, viewer, "response.erase", Some(&mine), now).await?;
            conversation(&mut conn, viewer, &mine, quotes, now).await?;
            if interviews::is_guest_without_words(&mut conn, viewer.person_id).await? {
                interviews::end_links_of_eraser(&mut conn, viewer.person_id, now).await?;
                reviews::forget_way_to(&mut conn, viewer.person_id).await?;
                leave(&mut conn, viewer.person_id, now).await?;
            }
        }
        Erase::Everything => {
            check_global(Right::OwnPages, viewer)?;
            note(&mut conn, viewer, "person.erase", None, now).await?;
            everything(&mut conn, viewer, quotes, now).await?;
        }
    }
    conn.commit().await?;
    leave_no_trace(store).await;
    Ok(())
}

/// First, because it takes the writers' turn on PostgreSQL: no quote and no reading slips past.
async fn note(conn: &mut Conn, viewer: &Viewer, action: &'static str, mine: Option<&Mine>, now: DateTime<Utc>) -> Result<()> {
    let object = mine.map_or_else(String::new, |mine| mine.id.to_string());
    audit::note(conn, now, Some(viewer.person_id), action, &object, mine.map(|mine| mine.incident)).await
}

async fn conversation(
    conn: &mut Conn,
    viewer: &Viewer,
    mine: &Mine,
    quotes: reviews::Standing,
    now: DateTime<Utc>,
) -> Result<()> {
    interviews::forget_conversation(conn, mine, quotes, now).await?;
    reviews::forget_author(conn, viewer.person_id, Some(mine.incident), quotes).await?;
    parking::forget_author(conn, viewer.person_id, Some(mine.incident), now).await
}

/// All conversations, ideas and quotes of the viewer.
pub(super) async fn everything(conn: &mut Conn, viewer: &Viewer, quotes: reviews::Standing, now: DateTime<Utc>) -> Result<()> {
    for mine in interviews::all_of(conn, viewer.person_id).await? {
        interviews::forget_conversation(conn, &mine, quotes, now).await?;
    }
    interviews::forget_led_by(conn, viewer.person_id).await?;
    reviews::forget_in_meetings(conn, viewer.person_id).await?;
    reviews::forget_author(conn, viewer.person_id, None, quotes).await?;
    reviews::forget_comments(conn, viewer.person_id).await?;
    reviews::forget_thanks(conn, viewer.person_id).await?;
    learnings::forget_new(conn, viewer.person_id).await?;
    schedules::forget(conn, viewer.person_id).await?;
    raw_authors::forget(conn, viewer.person_id, super::close::FORMER).await?;
    parking::forget_author(conn, viewer.person_id, None, now).await
}

const CHECKPOINT: &str = "pragma wal_checkpoint(truncate)";

/// On SQLite, what was deleted is zeroed in the file (`secure_delete`) but still stands in the log beside it: empties the log.
/// Where a reader keeps it from that, the next checkpoint does it; the words are sealed in both places.
pub(crate) async fn leave_no_trace(store: &Store) {
    if let crate::db::Pools::Sqlite { write, .. } = &store.pools {
        let _ = sqlx::query(CHECKPOINT).execute(write).await;
    }
}
