//! The list of incidents: filters, three orders, keyset paging with an opaque cursor.

use super::{statements, words};
use crate::db::on;
use crate::search::patterns;
use crate::standing::check_global;
use crate::{Result, Store, learnings};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, IncidentState, Nature, Severity};
use domain::learnings::Marked;
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::rights::Right;
use domain::search::Terms;
use domain::vocabulary::Tag;
use domain::{IncidentId, PersonId, ServiceId, TeamId};

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By start, latest first.
    #[default]
    Newest,
    /// By start, earliest first.
    Oldest,
    /// By last change, latest first.
    Changed,
}

impl Sort {
    /// All, as the chooser offers them.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Oldest, Self::Changed];

    /// As in URLs.
    pub fn slug(self) -> &'static str {
        ["newest", "oldest", "changed"][self as usize]
    }

    /// From [`slug`](Self::slug); anything else is the newest first.
    pub fn from_slug(slug: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.slug() == slug).unwrap_or_default()
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Newest first", "Oldest first", "Recently changed"][self as usize]
    }
}

/// What to list. The default is everything, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// What title, summary and key must hold, as [`Terms::parse`] reads it.
    pub text: String,
    /// Of this team.
    pub team: Option<TeamId>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// In this state.
    pub state: Option<IncidentState>,
    /// Of this nature.
    pub nature: Option<Nature>,
    /// With a contributing factor of this tag, or of the one that counts for it.
    pub factor: Option<Tag>,
    /// And with one of this tag, too.
    pub with: Option<Tag>,
    /// With a factor that played this part or is as usual as this; where a tag is asked for as well, that very factor has it.
    pub marked: Option<Marked>,
    /// About this service.
    pub service: Option<ServiceId>,
    /// Facilitated by this person.
    pub facilitator: Option<PersonId>,
    /// Only those on which the viewer is named: entered by them, with a role, or invited.
    pub mine: bool,
    /// Only published ones that tell what went right, in their story or their timeline.
    pub right: bool,
    /// Only published ones whose story has words in this section.
    pub tells: Option<SectionKind>,
    /// Started at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Started before this instant.
    pub until: Option<DateTime<Utc>>,
    /// The order.
    pub sort: Sort,
    /// [`ListPage::next`] of the page before; unreadable ones begin at the start.
    pub after: Option<String>,
}

/// An incident in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    /// Id.
    pub id: IncidentId,
    /// Key.
    pub key: IncidentKey,
    /// Title.
    pub title: String,
    /// Team's name.
    pub team: Option<String>,
    /// Severity.
    pub severity: Severity,
    /// What it was.
    pub nature: Nature,
    /// State.
    pub state: IncidentState,
    /// There for those alone who are named on it.
    pub restricted: bool,
    /// When the impact began.
    pub started_at: DateTime<Utc>,
    /// When it was noticed.
    pub detected_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When its second story was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When something of the published story was changed last.
    pub revised_at: Option<DateTime<Utc>>,
    /// When something of it was changed last.
    pub changed_at: DateTime<Utc>,
    /// IANA name of the zone that its times are told in.
    pub zone: String,
    /// The tags of its factors as they are counted, most frequent first.
    pub factors: Vec<Tag>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Cursor of the next page, if there is more.
    pub next: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ListRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    team: Option<String>,
    severity: i64,
    nature: String,
    state: String,
    restricted: bool,
    started_at: DateTime<Utc>,
    detected_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
    revised_at: Option<DateTime<Utc>>,
    changed_at: DateTime<Utc>,
    zone: String,
    factors: Option<String>,
}

/// A page of incidents, at most `size` of them.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer sees no incidents.
pub async fn list(store: &Store, viewer: &Viewer, filter: &Filter, size: usize) -> Result<ListPage> {
    check_global(Right::SeeIncidents, viewer)?;
    let (from_at, from_number) = filter.after.as_deref().and_then(read_cursor).unwrap_or(match filter.sort {
        Sort::Oldest => (first_instant(), 0),
        Sort::Newest | Sort::Changed => (last_instant(), i64::MAX),
    });
    let terms = Terms::parse(&filter.text);
    if terms.is_empty() && !filter.text.trim().is_empty() {
        return Ok(ListPage { rows: Vec::new(), next: None });
    }
    let patterns = patterns(&terms);
    let more = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let me = viewer.person_id.0;
    let mut conn = store.read().await?;
    let found = words::begin_with(&mut conn, &terms).await?;
    let statement = statements::of(filter.sort, found.is_some(), conn.is_sqlite());
    let mut rows: Vec<ListRow> = on!(conn, db => {
        let query = sqlx::query_as(statement)
        .bind(from_at)
        .bind(from_number)
        .bind(filter.team.map(|t| t.0))
        .bind(filter.severity.map(Severity::number))
        .bind(filter.state.map(IncidentState::slug))
        .bind(filter.from)
        .bind(filter.until)
        .bind(&patterns[0])
        .bind(&patterns[1])
        .bind(&patterns[2])
        .bind(filter.factor.as_ref().map_or("", Tag::as_str))
        .bind(more)
        .bind(me)
        .bind(filter.mine.then_some(me))
        .bind(filter.facilitator.map(|p| p.0))
        .bind(i64::from(filter.right))
        .bind(filter.service.map(|s| s.0))
        .bind(&patterns[3])
        .bind(&patterns[4])
        .bind(&patterns[5])
        .bind(filter.nature.map(Nature::slug))
        .bind(filter.with.as_ref().map_or("", Tag::as_str))
        .bind(filter.marked.map_or("", Marked::slug))
        .bind(filter.tells.map_or("", SectionKind::slug));
        match &found {
            Some(words) => query.bind(words).fetch_all(db).await,
            None => query.fetch_all(db).await,
        }
    })?;
    let is_more = rows.len() > size;
    rows.truncate(size);
    let rows: Vec<Row> = rows.into_iter().map(into_row).collect::<Result<_>>()?;
    let next = rows.last().filter(|_| is_more).map(|row| {
        let at = if filter.sort == Sort::Changed { row.changed_at } else { row.started_at };
        write_cursor(at, row.key.0)
    });
    Ok(ListPage { rows, next })
}

/// How many incidents there are of a list, `most` at most.
///
/// # Errors
/// As [`list`].
pub async fn count(store: &Store, viewer: &Viewer, filter: &Filter, most: usize) -> Result<usize> {
    Ok(list(store, viewer, &Filter { after: None, ..filter.clone() }, most).await?.rows.len())
}

fn into_row(row: ListRow) -> Result<Row> {
    Ok(Row {
        id: IncidentId(row.id),
        key: IncidentKey(row.number),
        title: row.title,
        team: row.team,
        severity: super::severity(row.severity)?,
        nature: Nature::from_slug(&row.nature),
        state: super::state(&row.state)?,
        restricted: row.restricted,
        started_at: row.started_at,
        detected_at: row.detected_at,
        resolved_at: row.resolved_at,
        published_at: row.published_at,
        revised_at: row.revised_at,
        changed_at: row.changed_at,
        zone: row.zone,
        factors: labels(row.factors.as_deref().unwrap_or_default()),
    })
}

/// The most frequent tags of a comma list; equal ones in the order of their slugs, unsorted left out.
fn labels(list: &str) -> Vec<Tag> {
    let tags = learnings::tags_of(list).into_iter().filter(|tag| !tag.is_unsorted());
    let mut counted: Vec<(usize, Tag)> =
        tags.map(|tag| (list.split(',').filter(|slug| *slug == tag.as_str()).count(), tag)).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(_, tag)| tag).collect()
}

pub(crate) fn write_cursor(at: DateTime<Utc>, number: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{number}", at.timestamp_micros()))
}

pub(crate) fn read_cursor(cursor: &str) -> Option<(DateTime<Utc>, i64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (at, number) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    // Beyond these the engines no longer write an instant so that it sorts.
    (first_instant()..=last_instant()).contains(&at).then_some((at, number.parse().ok()?))
}

fn first_instant() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH - chrono::Duration::days(365 * 1900)
}

pub(crate) fn last_instant() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Duration::days(365 * 8000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nonsense_does_not() {
        let at = DateTime::from_timestamp_micros(1_770_000_000_123_456).unwrap();
        assert_eq!(read_cursor(&write_cursor(at, 42)), Some((at, 42)));
        for nonsense in ["", "!", "AAAA", &URL_SAFE_NO_PAD.encode("9223372036854775807.1"), &URL_SAFE_NO_PAD.encode("1.x")] {
            assert_eq!(read_cursor(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn labels_name_the_most_frequent_first_and_no_unsorted() {
        let list = "unsorted,capacity,testing,capacity,alerting,ownership";
        assert_eq!(labels(list).iter().map(Tag::as_str).collect::<Vec<_>>(), ["capacity", "alerting", "ownership", "testing"]);
        assert!(labels("").is_empty());
    }
}
