//! Past incidents that are like one, found by what few of them share: services, seldom words of title and summary, of factors. Restricted
//! and deleted ones are never among them, whoever looks.

use super::{for_fts5, for_tsquery};
use crate::db::{Conn, on};
use crate::held::{Held, Moment};
use crate::learnings::tags_of;
use crate::standing::require;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::incidents::{IncidentKey, IncidentState, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::search::{Features, Reason, Seldom, Term, Terms, alike, words_to_ask};
use std::collections::HashMap;
use std::sync::Arc;

/// Incidents whose neighbours are held.
const HELD: usize = 256;
/// A word that more have is not seldom in any house.
const SELDOM: usize = 200;
/// Incidents of the same services that are looked at.
const OF_SERVICES: i64 = 300;
/// Incidents that are compared in full.
const COMPARED: usize = 20;
/// Stands between texts that are read as one: no text holds it.
const BETWEEN: &str = "\u{1f}";

/// A past incident that is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarIncident {
    /// Key.
    pub key: IncidentKey,
    /// Title.
    pub title: String,
    /// Severity.
    pub severity: Severity,
    /// State.
    pub state: IncidentState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// What both share, the strongest first.
    pub reasons: Vec<Reason>,
}

/// By incident, and whether published ones alone are asked for: who may see it sees the same neighbours.
pub(crate) type HeldAlike = Held<(IncidentId, bool), Moment, Vec<SimilarIncident>>;

pub(crate) fn none_alike() -> HeldAlike {
    Held::with_room_for(HELD)
}

const FEATURES: &str = "
select i.id, i.number, i.published_at is not null as published, i.title, i.summary, i.severity, i.state, i.started_at,
  (select string_agg(s.name, $2) from incident_services v join services s on s.id = v.service_id where v.incident_id = i.id) as services,
  (select string_agg(coalesce((select string_agg(g.counted, ',') from factor_tags g where g.factor_id = f.id), '') || ' ' || f.body, $2)
    from factors f where f.incident_id = i.id) as factors
from incidents i where i.number = $1 and i.trashed_at is null and ($3 or not i.restricted)";
const NUMBER: &str = "select number from incidents where id = $1";
const ALL: &str = "select max(number) from incidents";
const OF_SAME_SERVICES: &str = "
select i.number from incident_services o join incident_services v on v.service_id = o.service_id
join incidents i on i.id = v.incident_id
where o.incident_id = $1 and v.incident_id <> $1 and not i.restricted and i.trashed_at is null limit $2";
const SAYING_SQLITE: &str = "select rowid from incident_words where incident_words match $1 limit $2";
// With a limit beside an unknown word PostgreSQL would rather walk the table, which for a seldom word is all of it.
const SAYING_POSTGRES: &str = "
with having_it as materialized (
  select number from incidents
  where not restricted and trashed_at is null
    and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($1 as tsquery))
select number from having_it limit $2";
const NAMING_SQLITE: &str = "
select i.number from (select rowid as number from search_words where search_words match $1 limit $2) w
cross join search_texts h on h.number = w.number cross join incidents i on i.id = h.incident_id";
const NAMING_POSTGRES: &str = "
with having_it as materialized (
  select incident_id from search_texts
  where kind = 'factor' and array_to_tsvector(array_remove(string_to_array(words, ' '), '')) @@ cast($1 as tsquery))
select i.number from (select incident_id from having_it limit $2) h join incidents i on i.id = h.incident_id";

#[derive(sqlx::FromRow)]
struct FeatureRow {
    number: i64,
    published: bool,
    title: String,
    summary: String,
    severity: i64,
    state: String,
    started_at: DateTime<Utc>,
    services: Option<String>,
    factors: Option<String>,
}

impl FeatureRow {
    fn features(&self) -> Features {
        let parts = |text: &Option<String>| text.iter().flat_map(|t| t.split(BETWEEN)).map(str::to_owned).collect::<Vec<_>>();
        let factor = |text: String| {
            let (tags, body) = text.split_once(' ')?;
            Some((tags_of(tags).into_iter().collect(), body.to_owned()))
        };
        Features {
            services: parts(&self.services),
            factors: parts(&self.factors).into_iter().filter_map(factor).collect(),
            said: format!("{}\n{}", self.title, self.summary),
            severity: Severity::from_number(self.severity),
        }
    }

    fn into_similar(self, reasons: Vec<Reason>) -> Result<SimilarIncident> {
        let corrupt = |column| StoreError::Corrupt { table: "incidents", column };
        Ok(SimilarIncident {
            key: IncidentKey(self.number),
            severity: Severity::from_number(self.severity).ok_or_else(|| corrupt("severity"))?,
            state: IncidentState::from_slug(&self.state).ok_or_else(|| corrupt("state"))?,
            title: self.title,
            started_at: self.started_at,
            reasons,
        })
    }
}

/// Which words to look for, and where.
#[derive(Clone, Copy)]
enum Among {
    /// Titles and summaries.
    Titles,
    /// Contributing factors.
    Factors,
}

/// Past incidents that are like this one, five at most, the most alike first.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn similar(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Arc<Vec<SimilarIncident>>> {
    neighbours(store, viewer, incident, false, now).await
}

/// Of the past incidents that are like this one, those whose story is published: five at most, the most alike first.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn related(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Arc<Vec<SimilarIncident>>> {
    neighbours(store, viewer, incident, true, now).await
}

async fn neighbours(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    published: bool,
    now: DateTime<Utc>,
) -> Result<Arc<Vec<SimilarIncident>>> {
    let moment = store.moment().await;
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    if let Some(held) = moment.as_ref().and_then(|moment| store.alike.get(&(incident, published), moment)) {
        return Ok(held);
    }
    let found = Arc::new(look(&mut conn, incident, published).await?);
    if let Some(moment) = moment {
        store.alike.put((incident, published), moment, &found);
    }
    Ok(found)
}

async fn look(conn: &mut Conn, incident: IncidentId, published: bool) -> Result<Vec<SimilarIncident>> {
    let number: i64 = on!(conn, db => sqlx::query_scalar(NUMBER).bind(incident.0).fetch_one(db).await)?;
    let Some(this) = features(conn, number, true).await? else { return Err(StoreError::NotFound) };
    let this = this.features();
    let all: Option<i64> = on!(conn, db => sqlx::query_scalar(ALL).fetch_one(db).await)?;
    let all = usize::try_from(all.unwrap_or_default()).unwrap_or_default();
    let mut seldom = Seldom::default();
    let mut promising: HashMap<i64, f64> = HashMap::new();
    let told: Vec<&str> = this.factors.iter().map(|(_, text)| text.as_str()).collect();
    for (among, text) in [(Among::Titles, this.said.clone()), (Among::Factors, told.join(" "))] {
        for word in words_to_ask(&text) {
            let having = having(conn, among, &word).await?;
            if having.len() > SELDOM || !seldom.add(&word, having.len().max(1), all) {
                continue;
            }
            for other in having.into_iter().filter(|other| *other != number) {
                *promising.entry(other).or_default() += 1.0;
            }
        }
    }
    let same: Vec<i64> =
        on!(conn, db => sqlx::query_scalar(OF_SAME_SERVICES).bind(incident.0).bind(OF_SERVICES).fetch_all(db).await)?;
    for other in same {
        *promising.entry(other).or_default() += 1.5;
    }
    let mut promising: Vec<(i64, f64)> = promising.into_iter().collect();
    promising.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    let mut others = Vec::with_capacity(COMPARED);
    // Where only some count, more are looked at.
    for (other, _) in promising.into_iter().take(if published { 3 * COMPARED } else { COMPARED }) {
        if others.len() == COMPARED {
            break;
        }
        if let Some(row) = features(conn, other, false).await?.filter(|row| row.published || !published) {
            let features = row.features();
            others.push((row, features));
        }
    }
    // Of equals the newest first.
    others.sort_by_key(|(row, _)| std::cmp::Reverse((row.started_at, row.number)));
    alike(&this, others, &seldom).into_iter().map(|found| found.which.into_similar(found.reasons)).collect()
}

async fn features(conn: &mut Conn, number: i64, also_restricted: bool) -> Result<Option<FeatureRow>> {
    Ok(on!(conn, db => {
        sqlx::query_as(FEATURES).bind(number).bind(BETWEEN).bind(also_restricted).fetch_optional(db).await
    })?)
}

/// Numbers of incidents that have this very word, one more than [`SELDOM`] at most.
async fn having(conn: &mut Conn, among: Among, word: &str) -> Result<Vec<i64>> {
    let terms = Terms(vec![Term { words: vec![word.to_owned()], whole: true }]);
    let (statement, asked) = match (among, conn.is_sqlite()) {
        (Among::Titles, true) => (SAYING_SQLITE, for_fts5(&terms)),
        (Among::Titles, false) => (SAYING_POSTGRES, for_tsquery(&terms)),
        (Among::Factors, true) => (NAMING_SQLITE, format!("kind : \"factor\" AND words : ({})", for_fts5(&terms))),
        (Among::Factors, false) => (NAMING_POSTGRES, for_tsquery(&terms)),
    };
    let limit = i64::try_from(SELDOM + 1).unwrap_or(i64::MAX);
    Ok(on!(conn, db => sqlx::query_scalar(statement).bind(&asked).bind(limit).fetch_all(db).await)?)
}
