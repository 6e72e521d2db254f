//! Putting back what stood before a change: a new version, itself in the history; for a thing that was deleted, the thing again.

use super::lines::{LineId, find};
use crate::db::Conn;
use crate::reviews::Restoring;
use crate::{Result, Store, StoreError, incidents, learnings, reviews, timeline};
use chrono::{DateTime, Utc};
use domain::history::{self, Change, Fields, ObjectKind};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::{EventId, FactorId, HypothesisId, IncidentId, LearningId};

/// A thing as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Its version; 0 when it is not there.
    pub version: i64,
    /// What it says; `None` when it is not there.
    pub fields: Option<Fields>,
}

/// What the thing of this line says now, for who may change it: what a restoration would replace.
///
/// # Errors
/// [`StoreError::NotFound`] when the line is not there or the viewer may not change the thing.
pub async fn current(store: &Store, viewer: &Viewer, incident: IncidentId, id: &LineId, now: DateTime<Utc>) -> Result<Current> {
    let mut conn = store.read().await?;
    let line = find(&mut conn, viewer, incident, id, now).await?;
    now_said(&mut conn, viewer, incident, line.kind, &line.object, now).await
}

pub(super) async fn now_said(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    kind: ObjectKind,
    object: &str,
    now: DateTime<Utc>,
) -> Result<Current> {
    let found = match kind {
        ObjectKind::Incident => incidents::said(conn, viewer, incident, now).await?,
        ObjectKind::Event => timeline::said(conn, viewer, incident, EventId(uuid(object)?), now).await?,
        ObjectKind::Hypothesis => timeline::hypotheses::said(conn, viewer, incident, HypothesisId(uuid(object)?), now).await?,
        ObjectKind::Factor => learnings::said_factor(conn, viewer, incident, FactorId(uuid(object)?), now).await?,
        ObjectKind::Learning => learnings::said_learning(conn, viewer, incident, LearningId(uuid(object)?), now).await?,
        ObjectKind::Section => {
            let kind = SectionKind::from_slug(object).ok_or(StoreError::NotFound)?;
            Some(reviews::said(conn, viewer, incident, kind, now).await?)
        }
    };
    Ok(found.map_or(Current { version: 0, fields: None }, |(version, fields)| Current { version, fields: Some(fields) }))
}

fn uuid(object: &str) -> Result<uuid::Uuid> {
    object.parse().map_err(|_| StoreError::NotFound)
}

/// Puts back what stood before the change of this line. `base_version` is the thing's version that was looked at; 0: it was not there.
///
/// # Errors
/// [`StoreError::Stale`] when it changed in between; [`StoreError::Refused`] when nothing stood before, or its words were taken back;
/// [`StoreError::NotFound`] when the line is not there or without the right to change the thing.
pub async fn restore(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    id: &LineId,
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let line = find(&mut conn, viewer, incident, id, now).await?;
    // Who may not change the thing learns nothing of it.
    let there = now_said(&mut conn, viewer, incident, line.kind, &line.object, now).await?;
    if line.withheld {
        return Err(StoreError::Refused("The words of this version are no longer shown, and do not come back."));
    }
    if line.kind == ObjectKind::Incident && matches!(line.change, Change::Merged | Change::Deleted) {
        return Err(StoreError::Refused("A merge is undone from the trash."));
    }
    let Some(before) = &line.before else {
        return Err(StoreError::Refused("Nothing stood here before."));
    };
    // It says that already: nothing to do, and nothing to tell of it.
    if there.fields.as_ref() == Some(before) {
        return Ok(());
    }
    if there.version != base_version {
        return Err(StoreError::Stale);
    }
    let corrupt = || StoreError::Corrupt { table: "edits", column: "before_json" };
    match line.kind {
        ObjectKind::Incident => {
            incidents::put_back(&mut conn, viewer, incident, base_version, before, now).await?;
        }
        ObjectKind::Event => {
            let new = history::event(before).ok_or_else(corrupt)?;
            timeline::put_back(&mut conn, viewer, (incident, EventId(uuid(&line.object)?)), base_version, &new, now).await?;
        }
        ObjectKind::Hypothesis => {
            let new = history::hypothesis(before).ok_or_else(corrupt)?;
            let thing = (incident, HypothesisId(uuid(&line.object)?));
            timeline::hypotheses::put_back(&mut conn, viewer, thing, base_version, &new, now).await?;
        }
        ObjectKind::Factor => {
            let (tags, body, details) = history::factor(before).ok_or_else(corrupt)?;
            let new = learnings::NewFactor { body, tags, details };
            let thing = (incident, FactorId(uuid(&line.object)?));
            learnings::put_back_factor(&mut conn, viewer, thing, base_version, new, now).await?;
        }
        ObjectKind::Learning => {
            let new = history::learning(before).ok_or_else(corrupt)?;
            let thing = (incident, LearningId(uuid(&line.object)?));
            learnings::put_back_learning(&mut conn, viewer, thing, base_version, new, now).await?;
        }
        ObjectKind::Section => {
            let LineId::Section(kind, version) = line.id else { return Err(StoreError::NotFound) };
            let body = history::section(before);
            let restoring = Restoring { kind, from: version, body: &body, base_version };
            reviews::restore_section(&mut conn, viewer, incident, restoring, now).await?;
        }
    }
    conn.commit().await
}
