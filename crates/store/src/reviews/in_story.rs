//! Words that stand in a published story with their author's name: everybody in the organisation may know who said them.

use super::place;
use crate::Result;
use crate::crypt;
use crate::db::{Conn, on};
use domain::{AnswerId, IncidentId, PersonId};

/// A quote with a name that its author agreed to, in a published story.
pub(crate) struct NamedWords {
    pub(crate) answer: AnswerId,
    pub(crate) author: PersonId,
    pub(crate) name: String,
    /// The author's IANA zone.
    pub(crate) zone: String,
    pub(crate) text: String,
}

const NAMED: &str = "
select e.id, e.text_sealed, s.answer_id, s.author_id, p.name, p.zone
from excerpts e join excerpt_sources s on s.excerpt_id = e.id join people p on p.id = s.author_id
  join incidents i on i.id = e.incident_id
where e.incident_id = $1 and e.state = 'right' and e.attribution = 'named' and s.answer_id is not null and i.published_at is not null
order by e.id";

#[derive(sqlx::FromRow)]
struct NamedRow {
    id: uuid::Uuid,
    text_sealed: Vec<u8>,
    answer_id: uuid::Uuid,
    author_id: uuid::Uuid,
    name: String,
    zone: String,
}

/// The quotes with a name of an incident's published story; none before it is published. The caller has asked for the right to see the
/// incident.
pub(crate) async fn named_words(conn: &mut Conn, incident: IncidentId) -> Result<Vec<NamedWords>> {
    let rows: Vec<NamedRow> = on!(conn, db => sqlx::query_as(NAMED).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    rows.into_iter()
        .map(|row| {
            Ok(NamedWords {
                answer: AnswerId(row.answer_id),
                author: PersonId(row.author_id),
                name: row.name,
                zone: row.zone,
                text: key.open(&place(row.id, "text"), &row.text_sealed)?,
            })
        })
        .collect()
}
