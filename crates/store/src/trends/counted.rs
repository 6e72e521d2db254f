//! What closed months have counted, so that nothing is counted twice: stretches by person, and incident and person of answers about
//! support. Kept as long as something of the same months can be told late, and no longer (docs/decisions/0045).

use super::closing::{LATE_MONTHS, Months, keyed};
use super::hours::month_on_own_clock;
use crate::crypt::instance_keyring;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError, interviews, people};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use domain::trends::Period;
use domain::walltime::{Stretch, WorkHistory, parse_zone, without};
use domain::{IncidentId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const SPANS: &str = "select month, spans_sealed from counted_spans where subject = $1 and month >= $2 order by month";
const WITHIN: &str = "
select month, subject, spans_sealed from counted_spans where month >= $1 and month <= $2 order by month, subject";
const PEOPLE: &str = "select id from people order by id";
const ADD_SPANS: &str = "insert into counted_spans (month, subject, spans_sealed) values ($1, $2, $3)";
const FORGET_SPANS: &str = "delete from counted_spans where month < $1";
const MARKED: &str = "select count(*) from counted_supports where mark = $1";
const MARK: &str = "insert into counted_supports (month, mark) values ($1, $2)";
const FORGET_MARKS: &str = "delete from counted_supports where month < $1";

/// A stretch as it is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: String,
}

/// A stretch that a closed month has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedStretch {
    /// First day of the month that counted it.
    pub month: NaiveDate,
    /// The stretch; overlaps with others are taken off.
    pub stretch: Stretch,
}

/// What one person told that no month has counted yet.
pub(super) struct Told {
    pub(super) person: PersonId,
    /// What held for them, by day.
    pub(super) history: WorkHistory,
    /// What earlier months have counted.
    pub(super) counted: Vec<Stretch>,
    /// What this month counts: without overlaps, and without what was counted.
    pub(super) new: Vec<Stretch>,
}

/// Takes what was told of this month, and late of the months before, by person. It is counted from here on.
pub(super) async fn take(conn: &mut Conn, months: Months) -> Result<Vec<Told>> {
    let month = months.closing;
    let told = uncounted(conn, months).await?;
    // Stretches that were counted before anything was kept of them, as far as they are there.
    let mut there: BTreeMap<PersonId, Vec<Stretch>> = BTreeMap::new();
    let since = months.back(LATE_MONTHS + 1).first_day();
    for session in interviews::counted_since(conn, since).await? {
        there.entry(session.person).or_default().push(session.stretch);
    }
    let mut histories = people::histories(conn).await?;
    let mut taken = Vec::with_capacity(told.len());
    for (person, sessions) in told {
        let mut counted = there.remove(&person).unwrap_or_default();
        counted.extend(spans(conn, person, since).await?.iter().map(|counted| counted.stretch));
        for session in &sessions {
            interviews::mark_counted(conn, session.id, month.first_day()).await?;
        }
        let stretches: Vec<Stretch> = sessions.iter().map(|session| session.stretch).collect();
        let new = without(&stretches, &counted);
        if new.is_empty() {
            continue;
        }
        keep(conn, month, person, &new).await?;
        taken.push(Told { person, history: histories.remove(&person).unwrap_or_default(), counted, new });
    }
    Ok(taken)
}

/// What was told of this month, and late of the months before, by person.
async fn uncounted(conn: &mut Conn, months: Months) -> Result<BTreeMap<PersonId, Vec<interviews::MonthSession>>> {
    let (earliest, month) = (months.earliest(), months.closing);
    // A day more on either side: which month a session began in is a question of the worker's own clock.
    let from = earliest.first_day().and_time(NaiveTime::MIN).and_utc() - Duration::days(1);
    let until = month.closed_on().and_time(NaiveTime::MIN).and_utc() + Duration::days(1);
    let mut told: BTreeMap<PersonId, Vec<interviews::MonthSession>> = BTreeMap::new();
    for session in interviews::month_sessions(conn, from, until).await? {
        let began = month_on_own_clock(session.stretch.start, session.stretch.zone);
        if began >= earliest && began <= month {
            told.entry(session.person).or_default().push(session);
        }
    }
    Ok(told)
}

/// Stands for a person here, in no other table, and leads to them for who holds the instance key alone.
fn subject(conn: &Conn, person: PersonId) -> Uuid {
    keyed(conn, "counted subject", &[person.0.as_bytes()])
}

fn place(month: NaiveDate, subject: Uuid) -> Vec<u8> {
    format!("counted_spans\n{month}\n{subject}").into_bytes()
}

async fn keep(conn: &mut Conn, month: Period, person: PersonId, new: &[Stretch]) -> Result<()> {
    let subject = subject(conn, person);
    let spans: Vec<Sealed> = new.iter().map(|s| Sealed { start: s.start, end: s.end, zone: s.zone.name().to_owned() }).collect();
    let json = serde_json::to_vec(&spans).map_err(|_| corrupt())?;
    let sealed = instance_keyring(&conn.keys, "counted spans").seal_bytes(&place(month.first_day(), subject), &json);
    run!(conn, sqlx::query(ADD_SPANS).bind(month.first_day()).bind(subject.as_bytes().as_slice()).bind(sealed))?;
    Ok(())
}

fn corrupt() -> StoreError {
    StoreError::Corrupt { table: "counted_spans", column: "spans_sealed" }
}

async fn spans(conn: &mut Conn, person: PersonId, since: NaiveDate) -> Result<Vec<CountedStretch>> {
    let subject = subject(conn, person);
    let rows: Vec<(NaiveDate, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(SPANS).bind(subject.as_bytes().as_slice()).bind(since).fetch_all(db).await)?;
    let keyring = instance_keyring(&conn.keys, "counted spans");
    let mut counted = Vec::new();
    for (month, sealed) in rows {
        let json = keyring.open_bytes(&place(month, subject), &sealed)?;
        let spans: Vec<Sealed> = serde_json::from_slice(&json).map_err(|_| corrupt())?;
        for span in spans {
            let stretch = Stretch { start: span.start, end: span.end, zone: parse_zone(&span.zone)? };
            counted.push(CountedStretch { month, stretch });
        }
    }
    Ok(counted)
}

/// What the months from this one to that one have counted, by person: of spans that are kept still.
pub(super) async fn within(conn: &mut Conn, from: Period, to: Period) -> Result<BTreeMap<PersonId, Vec<Stretch>>> {
    let people: Vec<Uuid> = on!(conn, db => sqlx::query_scalar(PEOPLE).fetch_all(db).await)?;
    let subjects: HashMap<Uuid, PersonId> = people.into_iter().map(|id| (subject(conn, PersonId(id)), PersonId(id))).collect();
    let rows: Vec<(NaiveDate, Vec<u8>, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(WITHIN).bind(from.first_day()).bind(to.first_day()).fetch_all(db).await)?;
    let keyring = instance_keyring(&conn.keys, "counted spans");
    let mut counted: BTreeMap<PersonId, Vec<Stretch>> = BTreeMap::new();
    for (month, of, sealed) in rows {
        let of = Uuid::from_slice(&of).map_err(|_| StoreError::Corrupt { table: "counted_spans", column: "subject" })?;
        let Some(person) = subjects.get(&of) else { continue };
        let json = keyring.open_bytes(&place(month, of), &sealed)?;
        let spans: Vec<Sealed> = serde_json::from_slice(&json).map_err(|_| corrupt())?;
        for span in spans {
            let stretch = Stretch { start: span.start, end: span.end, zone: parse_zone(&span.zone)? };
            counted.entry(*person).or_default().push(stretch);
        }
    }
    Ok(counted)
}

/// All that is kept of what was counted of a person, for themselves.
pub(crate) async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<CountedStretch>> {
    // The default is the first day of 1970: nothing here is older, and PostgreSQL knows no day as early as the earliest of chrono.
    spans(conn, person, NaiveDate::default()).await
}

/// Whether this person's support in this incident was counted by no month yet; it is from now on.
pub(super) async fn is_new_support(conn: &mut Conn, months: Months, incident: IncidentId, person: PersonId) -> Result<bool> {
    let mark = keyed(conn, "counted support", &[incident.0.as_bytes(), person.0.as_bytes()]);
    let there: i64 = on!(conn, db => sqlx::query_scalar(MARKED).bind(mark.as_bytes().as_slice()).fetch_one(db).await)?;
    if there == 0 {
        run!(conn, sqlx::query(MARK).bind(months.closing.first_day()).bind(mark.as_bytes().as_slice()))?;
    }
    Ok(there == 0)
}

/// Forgets what nothing can be told late of any more when the next month closes.
pub(super) async fn forget(conn: &mut Conn, months: Months) -> Result<()> {
    let before = months.earliest().first_day();
    run!(conn, sqlx::query(FORGET_SPANS).bind(before))?;
    run!(conn, sqlx::query(FORGET_MARKS).bind(before))?;
    Ok(())
}
