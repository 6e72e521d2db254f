//! What one log of a hook means for its outage: it goes on, is proposed, or becomes an incident.

use super::hooks::{Hook, keyring};
use super::hooks_taking::Outcome;
use super::raw_authors::AuthorAs;
use super::raw_imports::{self, Taking};
use super::raw_sealing::Hashing;
use crate::crypt::Place;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError, incidents, random, trash};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::history::Change;
use domain::incidents::{IncidentState, Nature, NewIncident};
use domain::people::Viewer;
use domain::text::{TITLE_MAX, line};
use domain::timeline::hooks::{Course, Decision, Outage, OutageState, decide, names_one_outage, pick, subject};
use domain::timeline::raw::{ImportedLog, RawSource};
use domain::timeline::telling::{placed, severity};
use std::slice::from_ref;
use uuid::Uuid;

/// Outages of a group that are looked at.
const LATEST: i64 = 20;
/// Entries that a proposal keeps.
const PROPOSED_ENTRIES: usize = 2_000;
const OUTAGES: &str = "
select id, state, incident_id, log_sealed, started_at, resolved_at, last_at, heard_at from hook_outages
where hook_id = $1 and source = $2 and group_hash = $3 order by made_at desc, id limit $4";
const ADD_OUTAGE: &str = "
insert into hook_outages (id, hook_id, source, group_hash, state, incident_id, log_sealed, severity, started_at, resolved_at, last_at,
  made_at, heard_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";
const GOES_ON: &str = "update hook_outages set resolved_at = $2, last_at = $3, heard_at = $4 where id = $1";
const HEARD: &str = "update hook_outages set heard_at = $2 where id = $1";
const KEEP_LOG: &str = "update hook_outages set log_sealed = $2 where id = $1";
const STANDS: &str = "select trashed_at is not null as trashed, merged_into from incidents where id = $1";
const BY_ORIGIN: &str = "select id from incidents where origin_key = $1 and trashed_at is null and not restricted";
const TAKEN: &str = "select count(*) from incidents where origin_key = $1";
const SET_ORIGIN: &str = "update incidents set origin_key = $2 where id = $1";

#[derive(sqlx::FromRow)]
struct OutageRow {
    id: Uuid,
    state: String,
    incident_id: Option<Uuid>,
    log_sealed: Option<Vec<u8>>,
    started_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    last_at: DateTime<Utc>,
    heard_at: DateTime<Utc>,
}

impl OutageRow {
    fn outage(&self) -> Result<Outage> {
        Ok(Outage {
            state: OutageState::from_slug(&self.state).ok_or(StoreError::Corrupt { table: "hook_outages", column: "state" })?,
            course: Course { started_at: self.started_at, resolved_at: self.resolved_at, last_at: self.last_at },
            heard_at: self.heard_at,
        })
    }
}

pub(super) fn log_place(id: Uuid) -> Place<'static> {
    Place { table: "hook_outages", row: id, column: "log", audience: "" }
}

/// What was made of a log, in a sentence, and its incident.
pub(super) type Made = (Outcome, &'static str, Option<IncidentId>);

/// One log of what came. What was seen before makes nothing new: it says that its outage is still told of.
pub(super) async fn take(
    conn: &mut Conn,
    by: Option<&Viewer>,
    hook: &Hook,
    source: RawSource,
    log: &ImportedLog,
    seen: bool,
    now: DateTime<Utc>,
) -> Result<Made> {
    let group = Hashing::of(conn).hash(&["hook group", &subject(log).external_id]);
    let rows: Vec<OutageRow> = on!(conn, db => sqlx::query_as(OUTAGES)
        .bind(hook.id.0)
        .bind(source.slug())
        .bind(group)
        .bind(LATEST)
        .fetch_all(db)
        .await)?;
    let outages = rows.iter().map(OutageRow::outage).collect::<Result<Vec<_>>>()?;
    let place = pick(&outages, log, hook.rule.quiet);
    let before = place.map(|n| (&rows[n], &outages[n]));
    if seen {
        if let Some((row, _)) = before {
            run!(conn, sqlx::query(HEARD).bind(row.id).bind(now))?;
        }
        return Ok((Outcome::Repeated, "The same came before.", before.and_then(|(row, _)| row.incident_id).map(IncidentId)));
    }
    match (decide(&hook.rule, source, log, before.map(|(_, outage)| outage), now), before) {
        (Decision::Attach(course), Some((row, outage))) => attach(conn, by, source, log, row, outage, course, now).await,
        (Decision::Leave(why, Some(course)), Some((row, _))) => {
            goes_on(conn, row.id, course, now).await?;
            Ok((Outcome::Left, why, None))
        }
        (Decision::Open(course), _) => new_outage(conn, by, hook, (source, group), log, course, true, now).await,
        (Decision::Propose(course), _) => new_outage(conn, by, hook, (source, group), log, course, false, now).await,
        (Decision::Leave(why, _), _) => Ok((Outcome::Left, why, None)),
        (Decision::Attach(_), None) => Ok((Outcome::Left, "There was nothing in it.", None)),
    }
}

async fn goes_on(conn: &mut Conn, outage: Uuid, course: Course, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(GOES_ON).bind(outage).bind(course.resolved_at).bind(course.last_at).bind(now))?;
    Ok(())
}

#[allow(clippy::too_many_arguments)]
async fn attach(
    conn: &mut Conn,
    by: Option<&Viewer>,
    source: RawSource,
    log: &ImportedLog,
    row: &OutageRow,
    outage: &Outage,
    course: Course,
    now: DateTime<Utc>,
) -> Result<Made> {
    goes_on(conn, row.id, course, now).await?;
    let Some(incident) = row.incident_id else {
        let sealed = row.log_sealed.as_deref().ok_or(StoreError::Corrupt { table: "hook_outages", column: "log" })?;
        let json = keyring(conn).open(&log_place(row.id), sealed)?;
        let so_far = serde_json::from_str(&json).map_err(|_| StoreError::Corrupt { table: "hook_outages", column: "log" })?;
        let sealed = sealed_log(conn, row.id, &together(so_far, log))?;
        run!(conn, sqlx::query(KEEP_LOG).bind(row.id).bind(sealed))?;
        return Ok((Outcome::Proposed, "It belongs to what is proposed already.", None));
    };
    let Some(living) = living(conn, incident).await? else {
        return Ok((Outcome::Left, "Its incident is in the trash.", Some(IncidentId(incident))));
    };
    let by = by.ok_or(StoreError::Stale)?;
    write(conn, by, living, source, log, now).await?;
    incidents::set_end(conn, by, living, (outage.course.resolved_at, course.resolved_at), now).await?;
    Ok((Outcome::Written, "It stands in the raw log of its incident.", Some(living)))
}

/// The incident itself, or the one that it was merged into; `None` in the trash.
async fn living(conn: &mut Conn, mut incident: Uuid) -> Result<Option<IncidentId>> {
    for _ in 0..16 {
        let row: Option<(bool, Option<Uuid>)> = on!(conn, db => sqlx::query_as(STANDS).bind(incident).fetch_optional(db).await)?;
        match row {
            Some((false, _)) => return Ok(Some(IncidentId(incident))),
            Some((true, Some(into))) => incident = into,
            _ => return Ok(None),
        }
    }
    Ok(None)
}

pub(super) fn sealed_log(conn: &Conn, outage: Uuid, log: &ImportedLog) -> Result<Vec<u8>> {
    let json = serde_json::to_string(log).map_err(|_| StoreError::Corrupt { table: "hook_outages", column: "log" })?;
    Ok(keyring(conn).seal(&log_place(outage), &json))
}

/// What a proposal holds with what came since.
fn together(mut so_far: ImportedLog, more: &ImportedLog) -> ImportedLog {
    for entry in &more.entries {
        match so_far.entries.iter().position(|known| known.external_id == entry.external_id) {
            Some(place) => so_far.entries[place].clone_from(entry),
            None if so_far.entries.len() < PROPOSED_ENTRIES => so_far.entries.push(entry.clone()),
            None => {}
        }
    }
    for author in &more.authors {
        if so_far.authors.iter().all(|known| known.id != author.id) {
            so_far.authors.push(author.clone());
        }
    }
    so_far
}

/// Writes a log as an import of this person.
async fn write(
    conn: &mut Conn,
    by: &Viewer,
    incident: IncidentId,
    source: RawSource,
    log: &ImportedLog,
    now: DateTime<Utc>,
) -> Result<()> {
    let entries = placed(from_ref(log), now);
    let authors: Vec<_> = log.authors.iter().map(|author| AuthorAs { author, person: None }).collect();
    let taking = Taking { source, name: &log.name, entries: &entries, authors: &authors };
    raw_imports::take_in(conn, by, incident, &taking, now).await
}

/// How a new outage's incident is written.
pub(super) struct Telling<'a> {
    pub(super) source: RawSource,
    pub(super) log: &'a ImportedLog,
    pub(super) course: Course,
    pub(super) team: Option<domain::TeamId>,
    pub(super) zone: &'a str,
}

/// Makes the incident of an outage, with its raw log; one that the tool's own import made is taken instead. `None`: what it was is in the
/// trash, merged away or gone.
pub(super) async fn make(conn: &mut Conn, by: &Viewer, telling: &Telling<'_>, now: DateTime<Utc>) -> Result<Option<IncidentId>> {
    let Telling { source, log, course, team, zone } = telling;
    let subject = subject(log);
    let origin = names_one_outage(*source).then(|| format!("log\n{}\n{}", source.slug(), subject.external_id));
    if let Some(origin) = &origin {
        let there: Option<Uuid> = on!(conn, db => sqlx::query_scalar(BY_ORIGIN).bind(origin).fetch_optional(db).await)?;
        if let Some(there) = there {
            write(conn, by, IncidentId(there), *source, log, now).await?;
            return Ok(Some(IncidentId(there)));
        }
        if trash::not_revived(conn, by, &[], Some(origin), now).await?.is_some() {
            return Ok(None);
        }
    }
    let title: String = subject.title.chars().take(TITLE_MAX).collect();
    let new = NewIncident {
        title: line("title", &title, TITLE_MAX).unwrap_or_else(|_| format!("An incident of {}", source.label())),
        summary: String::new(),
        severity: severity(&subject.severity),
        nature: Nature::Incident,
        state: IncidentState::Open,
        team_id: *team,
        started_at: course.started_at,
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: course.resolved_at,
        zone: (*zone).to_owned(),
        restricted: false,
    };
    let (id, _) = incidents::insert(conn, by, &new, None, now).await?;
    incidents::note_edit(conn, by, id, Change::Added, None, now).await?;
    if let Some(origin) = origin {
        let taken: i64 = on!(conn, db => sqlx::query_scalar(TAKEN).bind(&origin).fetch_one(db).await)?;
        if taken == 0 {
            run!(conn, sqlx::query(SET_ORIGIN).bind(id.0).bind(&origin))?;
        }
    }
    write(conn, by, id, *source, log, now).await?;
    Ok(Some(id))
}

#[allow(clippy::too_many_arguments)]
async fn new_outage(
    conn: &mut Conn,
    by: Option<&Viewer>,
    hook: &Hook,
    (source, group): (RawSource, Uuid),
    log: &ImportedLog,
    course: Course,
    opens: bool,
    now: DateTime<Utc>,
) -> Result<Made> {
    let outage = random::id();
    let incident = if opens {
        let telling = Telling { source, log, course, team: hook.team_id, zone: &hook.zone };
        let Some(incident) = make(conn, by.ok_or(StoreError::Stale)?, &telling, now).await? else {
            return Ok((Outcome::Left, "Its incident is in the trash, was merged or is gone.", None));
        };
        Some(incident)
    } else {
        None
    };
    let kept = if opens { None } else { Some(sealed_log(conn, outage, log)?) };
    let state = if opens { OutageState::Opened } else { OutageState::Proposed };
    run!(
        conn,
        sqlx::query(ADD_OUTAGE)
            .bind(outage)
            .bind(hook.id.0)
            .bind(source.slug())
            .bind(group)
            .bind(state.slug())
            .bind(incident.map(|i| i.0))
            .bind(kept)
            .bind(severity(&subject(log).severity).number())
            .bind(course.started_at)
            .bind(course.resolved_at)
            .bind(course.last_at)
            .bind(now)
    )?;
    Ok(match incident {
        Some(_) => (Outcome::Opened, "An incident was opened.", incident),
        None => (Outcome::Proposed, "An incident is proposed.", None),
    })
}
