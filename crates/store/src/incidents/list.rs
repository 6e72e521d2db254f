//! The list of incidents: filters, three orders, keyset paging with an opaque cursor.

use crate::db::on;
use crate::standing::check_global;
use crate::{Result, Store};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, IncidentState, Severity};
use domain::learnings::FactorCategory;
use domain::people::Viewer;
use domain::rights::Right;
use domain::search::Terms;
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
    /// With a contributing factor of this category.
    pub factor: Option<FactorCategory>,
    /// About this service.
    pub service: Option<ServiceId>,
    /// Facilitated by this person.
    pub facilitator: Option<PersonId>,
    /// Only those on which the viewer is named: entered by them, with a role, or invited.
    pub mine: bool,
    /// Only published ones that tell what went right, in their story or their timeline.
    pub right: bool,
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
    /// When something of it was changed last.
    pub changed_at: DateTime<Utc>,
    /// IANA name of the zone that its times are told in.
    pub zone: String,
    /// Its factor categories, most frequent first; unsorted ones are left out.
    pub factors: Vec<FactorCategory>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Cursor of the next page, if there is more.
    pub next: Option<String>,
}

// Three statements, because the engines walk an index only for an order that stands in the text. The comparison with the cursor is
// a row value over the index's own columns, so that a page costs the same wherever it begins.
macro_rules! listing {
    ($and:literal, $among:literal, $from:literal, $order:literal) => {
        concat!(
            "
select i.id, i.number, i.title, t.name as team, i.severity, i.state, i.restricted, i.started_at, i.detected_at, i.resolved_at,
  i.published_at, i.changed_at, i.zone",
            $and,
            "
from ",
            $among,
            " left join teams t on t.id = i.team_id
where ",
            $from,
            "
  and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $13))
  and (i.team_id = $3 or $3 is null) and (i.severity = $4 or $4 is null) and (i.state = $5 or $5 is null)
  and (i.started_at >= $6 or $6 is null) and (i.started_at < $7 or $7 is null)
  and i.search_folded like $8 and i.search_folded like $9 and i.search_folded like $10
  and i.search_folded like $18 and i.search_folded like $19 and i.search_folded like $20
  and ($11 = '' or exists (select 1 from factors f where f.incident_id = i.id and f.category = $11))
  and ($14 is null or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $14))
  and ($15 is null or exists (
    select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $15 and r.role = 'facilitator'))
  and ($17 is null or exists (select 1 from incident_services v where v.incident_id = i.id and v.service_id = $17))
  and ($16 = 0 or (i.published_at is not null and (
    exists (select 1 from sections s where s.incident_id = i.id and s.kind = 'went-right' and s.body <> '')
    or exists (select 1 from events e where e.incident_id = i.id and e.kind = 'went-right' and e.deleted_at is null))))
order by ",
            $order,
            " limit $12"
        )
    };
}
macro_rules! walking {
    ($from:literal, $order:literal) => {
        listing!(
            ", (select string_agg(f.category, ',') from factors f where f.incident_id = i.id) as factors",
            "incidents i",
            $from,
            $order
        )
    };
}
// Those found are all read before they are sorted; what only a shown row needs is asked for the shown ones.
macro_rules! found {
    ($among:literal, $from:literal, $order:literal, $again:literal) => {
        concat!(
            "select p.*, (select string_agg(f.category, ',') from factors f where f.incident_id = p.id) as factors from (",
            listing!("", $among, $from, $order),
            ") p order by ",
            $again
        )
    };
}
macro_rules! found_among {
    ($among:literal) => {
        [
            found!(
                $among,
                "(i.started_at, i.number) < ($1, $2)",
                "i.started_at desc, i.number desc",
                "p.started_at desc, p.number desc"
            ),
            found!($among, "(i.started_at, i.number) > ($1, $2)", "i.started_at, i.number", "p.started_at, p.number"),
            found!(
                $among,
                "(i.changed_at, i.number) < ($1, $2)",
                "i.changed_at desc, i.number desc",
                "p.changed_at desc, p.number desc"
            ),
        ]
    };
}
/// Walks all in their order until the page is full: for no words, or for words that many have.
const WALKING: [&str; 3] = [
    walking!("(i.started_at, i.number) < ($1, $2)", "i.started_at desc, i.number desc"),
    walking!("(i.started_at, i.number) > ($1, $2)", "i.started_at, i.number"),
    walking!("(i.changed_at, i.number) < ($1, $2)", "i.changed_at desc, i.number desc"),
];
/// Begins at those that have the words; the words of restricted incidents are in no index, so those are taken that one is named on.
const FOUND_ON_SQLITE: [&str; 3] = found_among!(
    "(select rowid as number from incident_words where incident_words match $21
  union select r.number from incident_people n join incidents r on r.id = n.incident_id where n.person_id = $13 and r.restricted) w
  cross join incidents i on i.number = w.number"
);
const FOUND_ON_POSTGRES: [&str; 3] = found_among!(
    "(select number from incidents
    where not restricted and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($21 as tsquery)
  union select r.number from incident_people n join incidents r on r.id = n.incident_id where n.person_id = $13 and r.restricted) w
  join incidents i on i.number = w.number"
);

#[derive(sqlx::FromRow)]
struct ListRow {
    id: uuid::Uuid,
    number: i64,
    title: String,
    team: Option<String>,
    severity: i64,
    state: String,
    restricted: bool,
    started_at: DateTime<Utc>,
    detected_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
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
    let patterns = super::words::patterns(&terms);
    let more = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let me = viewer.person_id.0;
    let mut conn = store.read().await?;
    let found = super::words::begin_with(&mut conn, &terms).await?;
    let statements = match (&found, conn.is_sqlite()) {
        (None, _) => WALKING,
        (Some(_), true) => FOUND_ON_SQLITE,
        (Some(_), false) => FOUND_ON_POSTGRES,
    };
    let statement = statements[filter.sort as usize];
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
        .bind(filter.factor.map_or("", FactorCategory::slug))
        .bind(more)
        .bind(me)
        .bind(filter.mine.then_some(me))
        .bind(filter.facilitator.map(|p| p.0))
        .bind(i64::from(filter.right))
        .bind(filter.service.map(|s| s.0))
        .bind(&patterns[3])
        .bind(&patterns[4])
        .bind(&patterns[5]);
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

fn into_row(row: ListRow) -> Result<Row> {
    Ok(Row {
        id: IncidentId(row.id),
        key: IncidentKey(row.number),
        title: row.title,
        team: row.team,
        severity: super::severity(row.severity)?,
        state: super::state(&row.state)?,
        restricted: row.restricted,
        started_at: row.started_at,
        detected_at: row.detected_at,
        resolved_at: row.resolved_at,
        published_at: row.published_at,
        changed_at: row.changed_at,
        zone: row.zone,
        factors: labels(row.factors.as_deref().unwrap_or_default()),
    })
}

/// The most frequent categories of a comma list; equal ones in the vocabulary's order.
fn labels(categories: &str) -> Vec<FactorCategory> {
    let mut counted: Vec<(usize, FactorCategory)> = FactorCategory::ALL
        .into_iter()
        .filter(|c| *c != FactorCategory::Unsorted)
        .map(|c| (categories.split(',').filter(|slug| *slug == c.slug()).count(), c))
        .filter(|(count, _)| *count > 0)
        .collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(_, c)| c).collect()
}

fn write_cursor(at: DateTime<Utc>, number: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{number}", at.timestamp_micros()))
}

fn read_cursor(cursor: &str) -> Option<(DateTime<Utc>, i64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (at, number) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    // Beyond these the engines no longer write an instant so that it sorts.
    (first_instant()..=last_instant()).contains(&at).then_some((at, number.parse().ok()?))
}

fn first_instant() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH - chrono::Duration::days(365 * 1900)
}

fn last_instant() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Duration::days(365 * 8000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_order_walks_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        let store = Store::open(&url, crate::InstanceKey::new([7; 32])).await.unwrap();
        store.migrate().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let crate::db::Engine::Sqlite(db) = conn.engine() else { unreachable!("opened above") };
        let indexes = ["idx_incidents_started_at", "idx_incidents_started_at", "idx_incidents_changed_at"];
        for (statement, index) in WALKING.into_iter().zip(indexes) {
            let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *db).await.unwrap();
            let plan: Vec<String> = plan.into_iter().map(|(.., step)| step).collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "sorted after reading everything: {plan:#?}");
        }
        for statement in FOUND_ON_SQLITE {
            let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *db).await.unwrap();
            let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
            let place = |words: &str| steps.iter().position(|step| step.contains(words));
            assert!(
                place("SCAN w") < place("SEARCH i USING") && place("SEARCH i USING").is_some(),
                "begins with all: {steps:#?}"
            );
        }
    }

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
        let found = [FactorCategory::Capacity, FactorCategory::Alerting, FactorCategory::Testing, FactorCategory::Ownership];
        assert_eq!(labels(list), found);
        assert!(labels("").is_empty());
    }
}
