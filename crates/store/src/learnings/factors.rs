//! Contributing factors: a sentence first, then tags of the vocabulary and what else is known.

use super::{Told, noted, require_keeper};
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, random, standing, vocabulary};
use chrono::{DateTime, Utc};
use domain::history::{Change, Fields, of_factor};
use domain::learnings::{Confidence, Factor, FactorCategory, FactorDetails, FactorState, KnownBefore, Phase, Role, Usual};
use domain::people::Viewer;
use domain::rights::Right;
use domain::vocabulary::Tag;
use domain::{FactorId, IncidentId, text};
use std::collections::BTreeSet;

/// What a form says about a factor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewFactor {
    /// In words, Markdown.
    pub body: String,
    /// Its tags; those that the vocabulary does not have are left out.
    pub tags: Vec<Tag>,
    /// What else is known of it.
    pub details: FactorDetails,
}

impl NewFactor {
    /// A sentence under one tag, as importers give it.
    pub fn plain(category: FactorCategory, body: impl Into<String>) -> Self {
        Self { body: body.into(), tags: vec![category.into()], details: FactorDetails::default() }
    }
}

const FACTORS: &str = "
select f.id, f.body, f.role, f.phase, f.known_before, f.usual, f.confidence, f.state, f.other_view, f.evidence, f.position, f.version,
  (select string_agg(g.counted, ',') from factor_tags g where g.factor_id = f.id) as tags
from factors f where f.incident_id = $1 order by f.position, f.id";
const FACTOR: &str = "
select f.id, f.body, f.role, f.phase, f.known_before, f.usual, f.confidence, f.state, f.other_view, f.evidence, f.position, f.version,
  (select string_agg(g.counted, ',') from factor_tags g where g.factor_id = f.id) as tags
from factors f where f.id = $1 and f.incident_id = $2";
const NEXT: &str = "select coalesce(max(position), 0) + 1 from factors where incident_id = $1";
const ADD: &str = "
insert into factors (id, incident_id, body, role, phase, known_before, usual, confidence, state, other_view, evidence, position,
  created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const CHANGE: &str = "
update factors set body = $4, role = $5, phase = $6, known_before = $7, usual = $8, confidence = $9, state = $10, other_view = $11,
  evidence = $12, version = version + 1
where id = $1 and incident_id = $2 and version = $3";
const THERE: &str = "select count(*) from factors where id = $1 and incident_id = $2";
const REMOVE: &str = "delete from factors where id = $1 and incident_id = $2";
const TAGGED: &str = "select tag, counted from factor_tags where factor_id = $1";
const TAG: &str = "insert into factor_tags (factor_id, incident_id, tag, counted) values ($1, $2, $3, $4)";
const UNTAG: &str = "delete from factor_tags where factor_id = $1 and tag = $2";

#[derive(sqlx::FromRow)]
struct FactorRow {
    id: uuid::Uuid,
    body: String,
    role: String,
    phase: String,
    known_before: String,
    usual: String,
    confidence: String,
    state: String,
    other_view: String,
    evidence: String,
    position: i64,
    version: i64,
    tags: Option<String>,
}

impl FactorRow {
    fn into_factor(self) -> Result<Factor> {
        let corrupt = |column| StoreError::Corrupt { table: "factors", column };
        let tags = tags_of(self.tags.as_deref().unwrap_or_default());
        Ok(Factor {
            id: FactorId(self.id),
            body: self.body,
            tags: tags.into_iter().filter(|tag| !tag.is_unsorted()).collect(),
            details: FactorDetails {
                role: Role::from_slug(&self.role).ok_or_else(|| corrupt("role"))?,
                phase: Phase::from_slug(&self.phase),
                known: KnownBefore::from_slug(&self.known_before),
                usual: Usual::from_slug(&self.usual),
                confidence: Confidence::from_slug(&self.confidence),
                state: FactorState::from_slug(&self.state).ok_or_else(|| corrupt("state"))?,
                other_view: self.other_view,
                evidence: self.evidence.lines().map(str::to_owned).collect(),
            },
            position: self.position,
            version: self.version,
        })
    }
}

/// Tags of a comma list, each once.
pub(crate) fn tags_of(list: &str) -> BTreeSet<Tag> {
    list.split(',').filter_map(Tag::parse).collect()
}

pub(super) fn factor_fields(factor: &Factor) -> Fields {
    of_factor(&factor.tags, &factor.body, &factor.details)
}

pub(super) async fn find_factor(conn: &mut Conn, incident: IncidentId, id: FactorId) -> Result<Option<Factor>> {
    let row: Option<FactorRow> = on!(conn, db => sqlx::query_as(FACTOR).bind(id.0).bind(incident.0).fetch_optional(db).await)?;
    row.map(FactorRow::into_factor).transpose()
}

/// The contributing factors of an incident, in the order in which they were named.
///
/// # Errors
/// [`StoreError::NotFound`] when the viewer does not see the incident.
pub async fn factors(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Factor>> {
    let mut conn = store.read().await?;
    standing::require(&mut conn, viewer, Right::SeeIncidents, incident, now).await?;
    factors_of(&mut conn, incident).await
}

/// As [`factors`], for who has asked whether they may be read.
pub(crate) async fn factors_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Factor>> {
    let rows: Vec<FactorRow> = on!(conn, db => sqlx::query_as(FACTORS).bind(incident.0).fetch_all(db).await)?;
    rows.into_iter().map(FactorRow::into_factor).collect()
}

/// Adds a factor at the end.
///
/// # Errors
/// Field `body` when nothing is written; [`StoreError::NotFound`] without the right.
pub async fn add_factor(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    new: &NewFactor,
    now: DateTime<Utc>,
) -> Result<FactorId> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let new = NewFactor { body: text::required("body", &new.body)?, ..new.clone() };
    let position = next_position(&mut conn, incident).await?;
    let id = insert_factor(&mut conn, incident, &new, position, now).await?;
    let after = find_factor(&mut conn, incident, id).await?;
    noted(&mut conn, viewer, incident, Told::factor(id, Change::Added, None, after), now).await?;
    conn.commit().await?;
    Ok(id)
}

pub(super) async fn next_position(conn: &mut Conn, incident: IncidentId) -> Result<i64> {
    Ok(on!(conn, db => sqlx::query_scalar(NEXT).bind(incident.0).fetch_one(db).await)?)
}

/// Writes a factor without asking for a right: importers write many at once.
pub(crate) async fn insert_factor(
    conn: &mut Conn,
    incident: IncidentId,
    new: &NewFactor,
    position: i64,
    now: DateTime<Utc>,
) -> Result<FactorId> {
    let id = FactorId(random::id());
    add_as(conn, (incident, id), new, position, 1, now).await?;
    Ok(id)
}

pub(super) async fn add_as(
    conn: &mut Conn,
    (incident, id): (IncidentId, FactorId),
    new: &NewFactor,
    position: i64,
    version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let details = &new.details;
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(&new.body)
            .bind(details.role.slug())
            .bind(details.phase.map_or("", Phase::slug))
            .bind(details.known.map_or("", KnownBefore::slug))
            .bind(details.usual.map_or("", Usual::slug))
            .bind(details.confidence.map_or("", Confidence::slug))
            .bind(details.state.slug())
            .bind(&details.other_view)
            .bind(details.evidence.join("\n"))
            .bind(position)
            .bind(now)
            .bind(version)
    )?;
    put_tags(conn, (incident, id), &new.tags).await
}

/// Makes these the tags of a factor. One that was merged stays on it where the one that counts for it is chosen, so that the merge can be undone.
async fn put_tags(conn: &mut Conn, (incident, id): (IncidentId, FactorId), chosen: &[Tag]) -> Result<()> {
    // Nobody merges tags between reading what counts for what and writing it.
    audit::take_turn(conn).await?;
    let words = vocabulary::read(conn).await?;
    let mut wanted = words.known(chosen);
    if wanted.is_empty() {
        wanted.push(Tag::unsorted());
    }
    let there: Vec<(String, String)> = on!(conn, db => sqlx::query_as(TAGGED).bind(id.0).fetch_all(db).await)?;
    for (tag, counted) in &there {
        if !wanted.iter().any(|tag| tag.as_str() == counted) {
            run!(conn, sqlx::query(UNTAG).bind(id.0).bind(tag))?;
        }
    }
    for tag in wanted.iter().filter(|tag| !there.iter().any(|(_, counted)| counted == tag.as_str())) {
        run!(conn, sqlx::query(TAG).bind(id.0).bind(incident.0).bind(tag.as_str()).bind(tag.as_str()))?;
    }
    Ok(())
}

/// Changes a factor.
///
/// # Errors
/// Field `body` when nothing is written; [`StoreError::Stale`] when somebody changed it since; [`StoreError::NotFound`] without the right.
pub async fn change_factor(
    store: &Store,
    viewer: &Viewer,
    (incident, id): (IncidentId, FactorId),
    base_version: i64,
    new: &NewFactor,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let before = find_factor(&mut conn, incident, id).await?;
    write_factor(&mut conn, (incident, id), base_version, new).await?;
    let after = find_factor(&mut conn, incident, id).await?;
    noted(&mut conn, viewer, incident, Told::factor(id, Change::Changed, before, after), now).await?;
    conn.commit().await
}

pub(super) async fn write_factor(
    conn: &mut Conn,
    (incident, id): (IncidentId, FactorId),
    base_version: i64,
    new: &NewFactor,
) -> Result<()> {
    let (body, details) = (text::required("body", &new.body)?, &new.details);
    let changed = run!(
        conn,
        sqlx::query(CHANGE)
            .bind(id.0)
            .bind(incident.0)
            .bind(base_version)
            .bind(&body)
            .bind(details.role.slug())
            .bind(details.phase.map_or("", Phase::slug))
            .bind(details.known.map_or("", KnownBefore::slug))
            .bind(details.usual.map_or("", Usual::slug))
            .bind(details.confidence.map_or("", Confidence::slug))
            .bind(details.state.slug())
            .bind(&details.other_view)
            .bind(details.evidence.join("\n"))
    )?;
    if changed == 0 {
        let there: i64 = on!(conn, db => sqlx::query_scalar(THERE).bind(id.0).bind(incident.0).fetch_one(db).await)?;
        return Err(if there > 0 { StoreError::Stale } else { StoreError::NotFound });
    }
    put_tags(conn, (incident, id), &new.tags).await
}

/// Removes a factor, also from what pointed at it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or without the right.
pub async fn remove_factor(store: &Store, viewer: &Viewer, incident: IncidentId, id: FactorId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require_keeper(&mut conn, viewer, incident, now).await?;
    let removed = find_factor(&mut conn, incident, id).await?.ok_or(StoreError::NotFound)?;
    if run!(conn, sqlx::query(REMOVE).bind(id.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    noted(&mut conn, viewer, incident, Told::factor(id, Change::Deleted, Some(removed), None), now).await?;
    conn.commit().await
}
