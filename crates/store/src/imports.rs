//! Imports: what an importer understood becomes incidents that are published and past their soak time. A second run changes nothing.

use crate::db::{Conn, on};
use crate::incidents::Document;
use crate::learnings::{NewFactor, NewLearning};
use crate::standing::check_global;
use crate::{Result, Store, audit, incidents, learnings, planning, reviews, soak, sources, timeline, trash};
use chrono::{DateTime, Utc};
use domain::history::Change as Edited;
use domain::imported::{ImportedFile, ImportedIncident};
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::learnings::LearningDetails;
use domain::people::{IncidentRole, Viewer};
use domain::reviews::SectionKind;
use domain::rights::Right;
use domain::text;
use domain::timeline::{EventDetails, NewEvent};
use sha2::{Digest, Sha256};

/// A file with what was understood of it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name, or its path below the folder that was named.
    pub name: &'a str,
    /// What the importer understood.
    pub understood: &'a ImportedFile,
    /// Its bytes: their hash tells whether it is here already, their text becomes the source document.
    pub bytes: &'a [u8],
}

/// What an import wrote. A second import of the same files has only `unchanged`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that something was written from.
    pub files: usize,
    /// Incidents written.
    pub incidents: usize,
    /// Timeline events written.
    pub timeline_events: usize,
    /// Contributing factors written.
    pub factors: usize,
    /// Learnings written.
    pub learnings: usize,
    /// Mitigation items written; they stand in planning.
    pub mitigation_items: usize,
    /// Incidents that are here already.
    pub unchanged: usize,
    /// Files that were imported before and differ now: left alone, because people may have worked on what they became.
    pub changed_since: Vec<String>,
    /// Files whose incidents are in the trash, were merged into another one or deleted for good, each with what to say about it.
    pub not_revived: Vec<(String, String)>,
    /// Keys of the incidents written.
    pub keys: Vec<IncidentKey>,
}

impl Counts {
    /// Counts more files.
    pub fn add(&mut self, mut more: Self) {
        self.files += more.files;
        self.incidents += more.incidents;
        self.timeline_events += more.timeline_events;
        self.factors += more.factors;
        self.learnings += more.learnings;
        self.mitigation_items += more.mitigation_items;
        self.unchanged += more.unchanged;
        self.changed_since.append(&mut more.changed_since);
        self.not_revived.append(&mut more.not_revived);
        self.keys.append(&mut more.keys);
    }
}

// What is restricted and does not name the importer is not there: the same document makes an incident of their own.
const SAME_BYTES: &str = "
select count(*) from incidents i where i.origin_hash = $1
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2))";
const SAME_KEY: &str = "
select count(*) as here,
  count(case when not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $3)
    then 1 end) as seen
from incidents i where i.origin_key in ($1, $2)";

/// Writes what importers understood, one transaction a file, so that a long import lets others write in between and what was
/// acknowledged stays when the rest fails.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right; what the database said. Files before the failing one are kept.
pub async fn write(store: &Store, viewer: &Viewer, files: &[File<'_>], now: DateTime<Utc>) -> Result<Counts> {
    check_global(Right::EditIncidents, viewer)?;
    let mut counts = Counts::default();
    for file in files {
        write_file(store, viewer, *file, now, &mut counts).await?;
    }
    Ok(counts)
}

/// Whether each file is here already, for the dry run: the same bytes were imported before.
///
/// # Errors
/// [`crate::StoreError::NotFound`] without the right.
pub async fn known(store: &Store, viewer: &Viewer, files: &[&[u8]]) -> Result<Vec<bool>> {
    check_global(Right::EditIncidents, viewer)?;
    let mut conn = store.read().await?;
    let mut known = Vec::with_capacity(files.len());
    for bytes in files {
        let hash = hash(bytes);
        known.push(is_known(&mut conn, viewer, &hash).await? || trash::is_gone(&mut conn, &hash).await?);
    }
    Ok(known)
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

async fn is_known(conn: &mut Conn, viewer: &Viewer, hash: &[u8]) -> Result<bool> {
    let count: i64 = on!(conn, db => sqlx::query_scalar(SAME_BYTES).bind(hash).bind(viewer.person_id.0).fetch_one(db).await)?;
    Ok(count > 0)
}

async fn write_file(store: &Store, viewer: &Viewer, file: File<'_>, now: DateTime<Utc>, counts: &mut Counts) -> Result<()> {
    let found = &file.understood.incidents;
    if found.is_empty() {
        return Ok(());
    }
    let hash = hash(file.bytes);
    let mut conn = store.write().await?;
    if let Some(words) = trash::not_revived(&mut conn, viewer, &hash, None, now).await? {
        counts.not_revived.push((file.name.to_owned(), words));
        return Ok(());
    }
    if is_known(&mut conn, viewer, &hash).await? {
        counts.unchanged += found.len();
        return Ok(());
    }
    let mut written = Counts::default();
    for imported in found {
        let origin = format!("review\n{}\n{}", file.name, imported.title);
        let own = format!("{origin}\n{}", viewer.person_id);
        for name in [&origin, &own] {
            if let Some(words) = trash::not_revived(&mut conn, viewer, &hash, Some(name), now).await? {
                counts.not_revived.push((file.name.to_owned(), words));
                return Ok(());
            }
        }
        let (here, seen): (i64, i64) = on!(conn, db => sqlx::query_as(SAME_KEY)
            .bind(&origin)
            .bind(&own)
            .bind(viewer.person_id.0)
            .fetch_one(db)
            .await)?;
        if seen > 0 {
            counts.changed_since.push(file.name.to_owned());
            return Ok(());
        }
        let document = Document { key: if here > 0 { &own } else { &origin }, hash: &hash };
        write_incident(&mut conn, viewer, file, imported, document, now, &mut written).await?;
    }
    conn.commit().await?;
    counts.add(Counts { files: 1, ..written });
    Ok(())
}

async fn write_incident(
    conn: &mut Conn,
    viewer: &Viewer,
    file: File<'_>,
    imported: &ImportedIncident,
    document: Document<'_>,
    now: DateTime<Utc>,
    counts: &mut Counts,
) -> Result<()> {
    let (id, key) = incidents::insert(conn, viewer, &new_incident(imported, now), Some(document), now).await?;
    incidents::note_edit(conn, viewer, id, Edited::Imported, None, now).await?;
    incidents::add_role(conn, id, viewer.person_id, IncidentRole::Planner, viewer.person_id, now).await?;
    soak::open_now(conn, id, now).await?;
    sources::insert(conn, id, file.name, &String::from_utf8_lossy(file.bytes), viewer.person_id, now).await?;
    for (position, event) in (1..).zip(&imported.events) {
        let new = NewEvent {
            at: event.at,
            ends_at: event.ends_at,
            precision: event.precision,
            as_written: event.as_written.clone(),
            zone: imported.zone.clone(),
            kind: event.kind,
            body: event.body.clone(),
            flag: event.flag.clone(),
            details: EventDetails::default(),
            position,
        };
        timeline::insert(conn, id, &new, position, Some(viewer.person_id), now).await?;
    }
    for (position, factor) in (1..).zip(&imported.factors) {
        let new = NewFactor::plain(factor.category, factor.body.as_str());
        learnings::insert_factor(conn, id, &new, position, now).await?;
    }
    for (position, learning) in (1..).zip(&imported.learnings) {
        let new = NewLearning {
            kind: learning.kind,
            body: learning.body.clone(),
            before: String::new(),
            worded_as_plan: learning.worded_as_plan,
            details: LearningDetails::default(),
        };
        learnings::insert_learning(conn, id, &new, position, now).await?;
    }
    for (position, action) in (1..).zip(&imported.actions) {
        planning::add_imported(conn, id, &action.body, action.done, position, now).await?;
    }
    for (kind, body) in story(imported) {
        reviews::import_section(conn, id, kind, &body, viewer.person_id, now).await?;
    }
    audit::note(conn, now, Some(viewer.person_id), "incident.import", &id.to_string(), Some(id)).await?;
    counts.incidents += 1;
    counts.timeline_events += imported.events.len();
    counts.factors += imported.factors.len();
    counts.learnings += imported.learnings.len();
    counts.mitigation_items += imported.actions.len();
    counts.keys.push(key);
    Ok(())
}

/// Documents tell no severity: the middle one stands until somebody who knows changes it. Without any time, the import's own.
fn new_incident(imported: &ImportedIncident, now: DateTime<Utc>) -> NewIncident {
    let started_at = imported.started_at.unwrap_or(now);
    NewIncident {
        title: imported.title.chars().take(text::TITLE_MAX).collect(),
        summary: imported.summary.clone(),
        severity: Severity::Sev3,
        nature: Nature::Incident,
        state: IncidentState::Published,
        team_id: None,
        started_at,
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: imported.resolved_at.filter(|at| *at >= started_at),
        zone: imported.zone.clone(),
        restricted: false,
    }
}

/// The sections of the story that the document tells, in reading order. What stands under a heading of its own keeps it.
fn story(imported: &ImportedIncident) -> Vec<(SectionKind, String)> {
    const MADE: &str =
        "This story was imported from a document. Nobody was asked for it here; it says what its authors wrote then.";
    SectionKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let mut parts: Vec<String> = match kind {
                SectionKind::Summary => vec![imported.summary.clone()],
                SectionKind::HowMade => vec![MADE.to_owned()],
                _ => Vec::new(),
            };
            let own = imported.sections.iter().filter(|(heading, _)| section_of(heading) == kind);
            parts.extend(own.map(|(heading, text)| match kind {
                SectionKind::Narrative => format!("### {heading}\n\n{text}"),
                _ => text.clone(),
            }));
            parts.retain(|part| !part.trim().is_empty());
            (!parts.is_empty()).then(|| (kind, parts.join("\n\n")))
        })
        .collect()
}

/// Where a section of a document belongs, by the words of its heading; what is not recognised belongs to what happened.
fn section_of(heading: &str) -> SectionKind {
    let heading = text::fold(heading);
    let says = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    if says(&["background", "context"]) {
        SectionKind::Background
    } else if says(&["went well", "went right", "worked well", "lucky"]) {
        SectionKind::WentRight
    } else if says(&["went wrong", "went poorly", "went badly", "was hard", "difficult"]) {
        SectionKind::Hard
    } else if says(&["surpris"]) {
        SectionKind::Surprised
    } else {
        SectionKind::Narrative
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_a_document_find_their_place_in_the_story() {
        let incident = ImportedIncident {
            title: "t".to_owned(),
            summary: "Short.".to_owned(),
            zone: "UTC".to_owned(),
            started_at: None,
            resolved_at: None,
            events: Vec::new(),
            factors: Vec::new(),
            learnings: Vec::new(),
            actions: Vec::new(),
            sections: [("Impact", "Much."), ("What went well", "- A"), ("Where we got lucky", "- B"), ("Stats", " ")]
                .map(|(heading, text)| (heading.to_owned(), text.to_owned()))
                .to_vec(),
        };
        let told = story(&incident);
        let kinds: Vec<SectionKind> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [SectionKind::Summary, SectionKind::Narrative, SectionKind::WentRight, SectionKind::HowMade]);
        assert!(told[1].1.starts_with("### Impact\n\nMuch."));
        assert_eq!(told[2].1, "- A\n\n- B");
    }
}
