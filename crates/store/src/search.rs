//! Search over everything that all with an account may read: incidents, events, contributing factors, learnings, published stories.
//! What is restricted, deleted, unpublished or sealed is in no index (decision 31). A restricted incident is found by its own title and
//! summary alone, by those who are named on it.

mod asking;
mod filling;
mod similar;
mod statements;

use asking::{GOES_ON, STEPS, whole_for_fts5};
pub(crate) use asking::{LOOKED_AT, MANY, are_few, for_fts5, for_tsquery, patterns};
pub(crate) use filling::refresh;
pub use filling::{Filled, check, fill, rebuild};
pub(crate) use similar::{HeldAlike, none_alike};
pub use similar::{SimilarIncident, related, similar};

use self::statements::Asked;
use crate::db::{Conn, on};
use crate::incidents::{self, Filter, last_instant, read_cursor, write_cursor};
use crate::standing::check_global;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::search::{Kind, Terms};
use domain::{ServiceId, TeamId};

/// Counted at most, of each kind.
pub const COUNTED: usize = 99;

/// What to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// As typed; see [`Terms::parse`].
    pub text: String,
    /// In incidents of this team.
    pub team: Option<TeamId>,
    /// In incidents of this severity.
    pub severity: Option<Severity>,
    /// In incidents about this service.
    pub service: Option<ServiceId>,
    /// Of this kind of their own: of event or learning, category of factor; empty for any.
    pub label: String,
    /// In incidents that began at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// In incidents that began before this instant.
    pub until: Option<DateTime<Utc>>,
    /// [`Found::next`] of the page before; unreadable ones begin at the start.
    pub after: Option<String>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Id of the event, factor or learning, slug of the section; empty for an incident.
    pub place: String,
    /// Slug of its own kind: of event or learning, category of factor, section; empty for an incident.
    pub label: String,
    /// Key of its incident.
    pub key: IncidentKey,
    /// Title of its incident.
    pub title: String,
    /// Severity of its incident.
    pub severity: Severity,
    /// When its incident began.
    pub started_at: DateTime<Utc>,
    /// IANA name of the zone that its incident's times are told in.
    pub zone: String,
    /// When an event happened.
    pub at: Option<DateTime<Utc>>,
    /// Only those who are named on it see this incident.
    pub restricted: bool,
    /// The text in which the words stand: Markdown.
    pub text: String,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Newest incidents first.
    pub hits: Vec<Hit>,
    /// Cursor of the next page, if there is more.
    pub next: Option<String>,
    /// Older texts still wait for their words.
    pub filling: bool,
}

/// How many there are of a kind; none says more than [`COUNTED`].
pub type Counts = [(Kind, usize); 5];

#[derive(sqlx::FromRow)]
struct HitRow {
    number: i64,
    object_id: uuid::Uuid,
    part: String,
    label: String,
    sort_at: DateTime<Utc>,
    incident: i64,
    title: String,
    severity: i64,
    zone: String,
    body: Option<String>,
    at: Option<DateTime<Utc>>,
}

const HOW_MANY: &str = "select count(*) from (select 1 from search_words where search_words match $1 limit $2) some_of_them";
const SUMMARY: &str = "select summary from incidents where number = $1";

/// A statement with all but the question to the index bound to it.
macro_rules! bound {
    ($query:expr, $kind:expr, $look:expr, $terms:expr, $after:expr, $most:expr) => {{
        let (at, number) = $after.unwrap_or((last_instant(), i64::MAX));
        let mut query = $query
            .bind($kind.stored())
            .bind(at)
            .bind(number)
            .bind($look.team.map(|t| t.0))
            .bind($look.severity.map(Severity::number))
            .bind($look.service.map(|s| s.0))
            .bind($look.label.as_str())
            .bind($look.from)
            .bind($look.until)
            .bind($most);
        for pattern in patterns($terms) {
            query = query.bind(pattern);
        }
        query
    }};
}

/// A page of at most `size` things of one kind; nothing where nothing is looked for.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer sees no incidents.
pub async fn find(store: &Store, viewer: &Viewer, kind: Kind, look: &Look, size: usize) -> Result<Found> {
    check_global(Right::SeeIncidents, viewer)?;
    let terms = Terms::parse(&look.text);
    if terms.is_empty() {
        return Ok(Found::default());
    }
    if kind == Kind::Incident {
        return in_incidents(store, viewer, look, size).await;
    }
    let mut conn = store.read().await?;
    let more = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let after = look.after.as_deref().and_then(read_cursor);
    let mut rows: Vec<HitRow> = Vec::new();
    for way in ways(&mut conn, kind, &terms).await? {
        if way.is_too_far(rows.len()) {
            continue;
        }
        let statement = statements::of(Asked::Page, kind, way.is_found(), conn.is_sqlite());
        rows = on!(conn, db => {
            let query = bound!(sqlx::query_as(statement), kind, look, &terms, after, more);
            match &way {
                Way::Found(words) => query.bind(words).fetch_all(db).await,
                Way::Walking(steps) => query.bind(steps).fetch_all(db).await,
            }
        })?;
        if way.is_enough(rows.len(), more) {
            break;
        }
    }
    let is_more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| is_more).map(|row| write_cursor(row.sort_at, row.number));
    let hits = rows.into_iter().map(|row| into_hit(kind, row)).collect::<Result<_>>()?;
    Ok(Found { hits, next, filling: filling::is_filling(&mut conn).await? })
}

/// How many of each kind there are, [`COUNTED`] and one at most.
///
/// # Errors
/// As [`find`].
pub async fn counts(store: &Store, viewer: &Viewer, look: &Look) -> Result<Counts> {
    check_global(Right::SeeIncidents, viewer)?;
    let terms = Terms::parse(&look.text);
    let mut counts = Kind::ALL.map(|kind| (kind, 0));
    if terms.is_empty() {
        return Ok(counts);
    }
    for (kind, count) in &mut counts {
        let look = Look { after: None, ..look.clone() };
        if *kind == Kind::Incident {
            *count = incidents::count(store, viewer, &filter_of(&look), COUNTED + 1).await?;
            continue;
        }
        let mut conn = store.read().await?;
        let most = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
        let mut counted: i64 = 0;
        for way in ways(&mut conn, *kind, &terms).await? {
            if way.is_too_far(usize::try_from(counted).unwrap_or_default()) {
                continue;
            }
            let statement = statements::of(Asked::Count, *kind, way.is_found(), conn.is_sqlite());
            counted = on!(conn, db => {
                let query = bound!(sqlx::query_scalar(statement), *kind, &look, &terms, None, most);
                match &way {
                    Way::Found(words) => query.bind(words).fetch_one(db).await,
                    Way::Walking(steps) => query.bind(steps).fetch_one(db).await,
                }
            })?;
            if way.is_enough(usize::try_from(counted).unwrap_or_default(), most) {
                break;
            }
        }
        *count = usize::try_from(counted).unwrap_or_default();
    }
    Ok(counts)
}

/// A way to what has the words.
enum Way {
    /// The newest texts one by one, so many of them.
    Walking(i64),
    /// Those that the index says, for this question.
    Found(String),
}

impl Way {
    fn is_found(&self) -> bool {
        matches!(self, Self::Found(_))
    }

    /// Whether walking on is more work than the index, when the first steps met so many.
    fn is_too_far(&self, met: usize) -> bool {
        matches!(self, Self::Walking(steps) if *steps > STEPS[0]) && met < GOES_ON
    }

    /// Whether nothing else need be tried, with so many met of those wanted.
    fn is_enough(&self, met: usize, wanted: i64) -> bool {
        self.is_found() || i64::try_from(met).is_ok_and(|met| met >= wanted)
    }
}

/// The ways to try, one after another until one is enough. Frequent words are met by walking: a page of them is full after some steps,
/// however many there are. Of the others the index knows all, and those are few.
async fn ways(conn: &mut Conn, kind: Kind, terms: &Terms) -> Result<Vec<Way>> {
    let found = if conn.is_sqlite() {
        format!("kind : \"{}\" AND words : ({})", kind.stored(), for_fts5(terms))
    } else {
        for_tsquery(terms)
    };
    // A walk looks at some of the terms alone; the index knows all of them.
    if terms.0.len() > LOOKED_AT || conn.is_sqlite() && are_seldom(conn, terms).await? {
        return Ok(vec![Way::Found(found)]);
    }
    Ok(STEPS.into_iter().map(Way::Walking).chain([Way::Found(found)]).collect())
}

/// Whether few texts of all kinds have these words. PostgreSQL's index cannot say so without reading all that have them.
async fn are_seldom(conn: &mut Conn, terms: &Terms) -> Result<bool> {
    for words in [whole_for_fts5(terms), for_fts5(terms)] {
        let asked = format!("words : ({words})");
        let met: i64 = on!(conn, db => sqlx::query_scalar(HOW_MANY).bind(&asked).bind(MANY + 1).fetch_one(db).await)?;
        if met > MANY {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Incidents are found as their list finds them: restricted ones by who is named on them.
async fn in_incidents(store: &Store, viewer: &Viewer, look: &Look, size: usize) -> Result<Found> {
    let page = incidents::list(store, viewer, &filter_of(look), size).await?;
    let mut conn = store.read().await?;
    let mut hits = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let text: Option<String> = on!(conn, db => sqlx::query_scalar(SUMMARY).bind(row.key.0).fetch_optional(db).await)?;
        hits.push(Hit {
            place: String::new(),
            label: String::new(),
            key: row.key,
            title: row.title,
            severity: row.severity,
            started_at: row.started_at,
            zone: row.zone,
            at: None,
            restricted: row.restricted,
            text: text.unwrap_or_default(),
        });
    }
    Ok(Found { hits, next: page.next, filling: false })
}

fn filter_of(look: &Look) -> Filter {
    Filter {
        text: look.text.clone(),
        team: look.team,
        severity: look.severity,
        service: look.service,
        from: look.from,
        until: look.until,
        after: look.after.clone(),
        ..Filter::default()
    }
}

fn into_hit(kind: Kind, row: HitRow) -> Result<Hit> {
    Ok(Hit {
        place: if kind == Kind::Story { row.part } else { row.object_id.to_string() },
        label: row.label,
        key: IncidentKey(row.incident),
        title: row.title,
        severity: Severity::from_number(row.severity).ok_or(StoreError::Corrupt { table: "incidents", column: "severity" })?,
        started_at: row.sort_at,
        zone: row.zone,
        at: row.at,
        restricted: false,
        text: row.body.unwrap_or_default(),
    })
}
