//! Words that their author took back: what the history and the versions of sections no longer show.

use super::place;
use crate::Result;
use crate::crypt;
use crate::db::{Conn, on};
use domain::reviews::is_word_for_word;
use domain::{ExcerptId, IncidentId};

const LEFT_OUT: &str = "select id, text_sealed from excerpts where incident_id = $1 and state = 'left-out'";

const WORDS: &str = "select incident_id, text_sealed from excerpts where id = $1";

/// The words of all quotes of this incident that are left out. Whose they are is not read.
pub(crate) async fn taken_back(conn: &mut Conn, incident: IncidentId) -> Result<Vec<String>> {
    let rows: Vec<(uuid::Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(LEFT_OUT).bind(incident.0).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    rows.into_iter().map(|(id, sealed)| key.open(&place(id, "text"), &sealed)).collect()
}

/// The incident and the words of a quote; `None` when it is not there.
pub(crate) async fn words_of(conn: &mut Conn, excerpt: ExcerptId) -> Result<Option<(IncidentId, String)>> {
    let row: Option<(uuid::Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(WORDS).bind(excerpt.0).fetch_optional(db).await)?;
    let Some((incident, sealed)) = row else { return Ok(None) };
    let incident = IncidentId(incident);
    let words = crypt::incident_key(conn, incident).await?.open(&place(excerpt.0, "text"), &sealed)?;
    Ok(Some((incident, words)))
}

/// Whether a text holds one of these quotes, however it is set off: case and the signs of Markdown do not matter.
pub(crate) fn holds_any(text: &str, quotes: &[String]) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['*', '_', '>', '`'], " ");
    let text = plain(text);
    quotes.iter().any(|quote| is_word_for_word(&text, &plain(quote)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_found_however_it_is_set_off() {
        let quotes = ["I trusted the board more than the number".to_owned()];
        assert!(holds_any("As one said:\n> i trusted the **board**\n> more than the number.", &quotes));
        assert!(!holds_any("The board was trusted.", &quotes));
        assert!(!holds_any("anything", &[]));
    }
}
