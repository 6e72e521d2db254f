//! What becomes of quotes and passages when the answer that they were made from goes: what stands in a published story stays without a
//! name, everything else goes with it.

use super::passages;
use crate::db::{Conn, on, run};
use crate::{Result, history};
use domain::{AnswerId, ExcerptId, IncidentId, PersonId};

/// What happens to the quotes that stand in a published story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// They stay as their author agreed to them: the answer's time is over.
    Stay,
    /// They stay and lose the author's name.
    LoseName,
    /// They leave the story.
    Go,
}

const OF_ANSWER: &str = "
select e.id, e.state, i.published_at is not null as published
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
where s.answer_id = $1";
const OF_AUTHOR: &str = "
select e.id, e.state, i.published_at is not null as published
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
where s.author_id = $1";
const OF_AUTHOR_HERE: &str = "
select e.id, e.state, i.published_at is not null as published
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
where s.author_id = $1 and e.incident_id = $2";
const UNNAME: &str = "
update excerpts set attribution = 'unattributed', version = version + 1 where id = $1 and attribution = 'named'";
const LET_GO_OF_ANSWER: &str = "update excerpt_sources set answer_id = null where excerpt_id = $1";
const REMOVE_SOURCE: &str = "delete from excerpt_sources where excerpt_id = $1";
const REMOVE_SOURCES_OF: &str = "delete from excerpt_sources where author_id = $1";
const REMOVE: &str = "delete from excerpts where id = $1";

type Row = (uuid::Uuid, String, bool);

/// An answer goes. Called before it does.
pub(crate) async fn forget_answer(conn: &mut Conn, answer: AnswerId, standing: Standing) -> Result<()> {
    passages::forget(conn, answer).await?;
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_all(db).await)?;
    forget(conn, rows, standing).await
}

/// All quotes of one author go, of one incident or of all: also those whose answers went before them.
pub(crate) async fn forget_author(
    conn: &mut Conn,
    author: PersonId,
    incident: Option<IncidentId>,
    standing: Standing,
) -> Result<()> {
    let rows: Vec<Row> = match incident {
        Some(incident) => on!(conn, db => sqlx::query_as(OF_AUTHOR_HERE).bind(author.0).bind(incident.0).fetch_all(db).await)?,
        None => on!(conn, db => sqlx::query_as(OF_AUTHOR).bind(author.0).fetch_all(db).await)?,
    };
    forget(conn, rows, standing).await
}

async fn forget(conn: &mut Conn, rows: Vec<Row>, standing: Standing) -> Result<()> {
    for (id, state, published) in rows {
        let stands = published && state == domain::reviews::ExcerptState::Right.slug();
        if stands && standing != Standing::Go {
            if standing == Standing::LoseName {
                run!(conn, sqlx::query(UNNAME).bind(id))?;
            }
            // Its author still finds it under their quotes and can withdraw it.
            run!(conn, sqlx::query(LET_GO_OF_ANSWER).bind(id))?;
        } else {
            // Once the quote is gone nothing knows its words any more: copies in old versions go first.
            history::forget_quote(conn, ExcerptId(id)).await?;
            run!(conn, sqlx::query(REMOVE_SOURCE).bind(id))?;
            run!(conn, sqlx::query(REMOVE).bind(id))?;
        }
    }
    Ok(())
}

/// No quote leads to this author any more: the account is closed.
pub(crate) async fn forget_way_to(conn: &mut Conn, author: PersonId) -> Result<()> {
    run!(conn, sqlx::query(REMOVE_SOURCES_OF).bind(author.0))?;
    Ok(())
}
