//! The second story as it is read. Knows of planning only how many ideas wait.

use super::{revisiting, sections};
use crate::db::{Conn, on};
use crate::standing::require;
use crate::{Result, Store, incidents, interviews, parking};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::people::{IncidentRole, Viewer};
use domain::reviews::{Attribution, ExcerptState, Section, SectionKind};
use domain::rights::Right;

/// A quote in the story, as its author agreed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryQuote {
    /// Where it stands.
    pub section: SectionKind,
    /// The words.
    pub text: String,
    /// Not word for word.
    pub paraphrase: bool,
    /// The author's name, where they gave it.
    pub author: Option<String>,
}

/// A second story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// All sections in reading order, empty ones too.
    pub sections: Vec<Section>,
    /// Quotes that are right, in the order of their random ids.
    pub quotes: Vec<StoryQuote>,
    /// How often sections were changed since publication: as many lines as the history shows everybody. Unchanged ones are left out.
    pub edited: Vec<(SectionKind, i64)>,
    /// When it was published; `None` in a preview.
    pub published_at: Option<DateTime<Utc>>,
    /// When something of it was changed last since.
    pub revised_at: Option<DateTime<Utc>>,
    /// What was found when somebody looked at it again, newest first; what was put off is left out.
    pub looked_again: Vec<revisiting::LookedAgain>,
    /// When its facilitators are asked whether it is still true; `None`: they answered, or it is not published.
    pub asks_at: Option<DateTime<Utc>>,
    /// Who facilitated.
    pub facilitators: Vec<String>,
    /// How many people were asked. How many of them talked is nobody's business.
    pub asked: i64,
    /// How many ideas wait in the parking lot.
    pub parked: i64,
}

impl Story {
    /// The story without the name of anybody: quotes that were given with one lose it, and who facilitated is not named.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        self.quotes.iter_mut().for_each(|quote| quote.author = None);
        self.facilitators.clear();
        self
    }
}

const PUBLISHED: &str = "select published_at, revised_at from incidents where id = $1";
const EDITED: &str = "
select v.kind, count(*) as times from section_versions v join incidents i on i.id = v.incident_id
where v.incident_id = $1 and v.saved_at > i.published_at group by v.kind";

/// The published story; before publication a preview for the facilitators.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for everybody else before publication.
pub async fn story(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Story> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::ReadStory, incident, now).await?;
    told(&mut conn, incident).await
}

/// The story, for who has asked whether it may be read.
pub(super) async fn told(conn: &mut Conn, incident: IncidentId) -> Result<Story> {
    let quotes = super::excerpts::all(conn, incident)
        .await?
        .into_iter()
        .filter(|e| e.state == ExcerptState::Right)
        .map(|e| StoryQuote {
            section: e.section,
            text: e.text,
            paraphrase: e.paraphrase,
            author: e.author.filter(|_| e.attribution == Attribution::Named),
        })
        .collect();
    let edited: Vec<(String, i64)> = on!(conn, db => sqlx::query_as(EDITED).bind(incident.0).fetch_all(db).await)?;
    let section =
        |slug: &str| SectionKind::from_slug(slug).ok_or(crate::StoreError::Corrupt { table: "section_versions", column: "kind" });
    let (published_at, revised_at): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) =
        on!(conn, db => sqlx::query_as(PUBLISHED).bind(incident.0).fetch_one(db).await)?;
    let revisits = revisiting::of(conn, incident).await?;
    let facilitators = incidents::holders(conn, incident, IncidentRole::Facilitator).await?;
    Ok(Story {
        sections: sections::all(conn, incident).await?,
        edited: edited.into_iter().map(|(slug, times)| Ok((section(&slug)?, times))).collect::<Result<_>>()?,
        quotes,
        published_at,
        revised_at,
        asks_at: revisits.asks_at(published_at),
        looked_again: revisits.found,
        facilitators: facilitators.into_iter().map(|(_, name)| name).collect(),
        asked: interviews::asked(conn, incident).await?,
        parked: parking::count(conn, incident).await?,
    })
}
