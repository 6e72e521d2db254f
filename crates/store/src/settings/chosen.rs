//! What administrators choose: numbers, the words for severities, what new people begin with, what mail says. One audit entry a change.

use super::{get, put};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, people};
use chrono::{DateTime, Duration, Utc};
use domain::Invalid;
use domain::incidents::Severity;
use domain::interviews::QuestionOrder;
use domain::letters::{Letter, Wording};
use domain::people::Viewer;
use domain::reminders::Days;
use domain::rights::Right;
use domain::settings::{Number, check_reminders};
use domain::severities::Severities;
use domain::walltime::{self, WorkPattern};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Words that are older are read again: another process may have changed them.
const FRESH: Duration = Duration::minutes(1);

const STARTING_WITH: &str = "select key, value from settings where key like $1";
const FORGET: &str = "delete from settings where key = $1";

/// What people call the severities, as last read.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(DateTime<Utc>, Arc<Severities>)>>);

/// What new accounts begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPeople {
    /// IANA zone.
    pub zone: String,
    /// Working hours.
    pub pattern: WorkPattern,
}

impl Default for NewPeople {
    fn default() -> Self {
        Self { zone: "UTC".to_owned(), pattern: WorkPattern::default() }
    }
}

async fn number(conn: &mut Conn, number: Number) -> Result<i64> {
    Ok(get(conn, number.key()).await?.and_then(|v| v.parse().ok()).unwrap_or(number.default_value()))
}

/// What an hour of work costs, one rate for everybody; `None` unless an administrator chose one.
pub(crate) async fn triage_rate(conn: &mut Conn) -> Result<Option<i64>> {
    Ok(Some(number(conn, Number::TriageRate).await?).filter(|rate| *rate > 0))
}

/// When reminders go; what is queued already keeps its time.
pub(crate) async fn reminder_days(conn: &mut Conn) -> Result<Days> {
    let [first, second, quotes] = Number::REMINDERS;
    let mut days = async |each| Ok::<_, StoreError>(u32::try_from(number(conn, each).await?).ok().filter(|days| *days > 0));
    Ok(Days { invitation: [days(first).await?, days(second).await?], quotes: days(quotes).await? })
}

/// All numbers as they hold now.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but administrators.
pub async fn numbers(store: &Store, viewer: &Viewer) -> Result<BTreeMap<Number, i64>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let mut all = BTreeMap::new();
    for each in Number::ALL {
        all.insert(each, number(&mut conn, each).await?);
    }
    Ok(all)
}

/// Saves the numbers that were typed; all of them or none. Answers how many changed.
///
/// # Errors
/// The field of each number that is refused; [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_numbers(store: &Store, viewer: &Viewer, typed: &[(Number, &str)], now: DateTime<Utc>) -> Result<usize> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let mut invalid = Invalid::default();
    let mut changed = Vec::new();
    for (each, text) in typed {
        let present = number(&mut conn, *each).await?;
        changed.extend(invalid.take(each.parse(text, present)).filter(|value| *value != present).map(|value| (*each, value)));
    }
    invalid.or_ok()?;
    if changed.iter().any(|(each, _)| Number::REMINDERS.contains(each)) {
        let mut new = async |each: Number| match changed.iter().find(|(one, _)| *one == each) {
            Some((_, value)) => Ok(*value),
            None => number(&mut conn, each).await,
        };
        let (first, second) = (new(Number::FirstReminderDays).await?, new(Number::SecondReminderDays).await?);
        check_reminders(first, second)?;
    }
    for (each, value) in &changed {
        save(&mut conn, viewer, each.key(), &value.to_string(), now).await?;
    }
    conn.commit().await?;
    Ok(changed.len())
}

pub(super) async fn save(conn: &mut Conn, viewer: &Viewer, key: &str, value: &str, now: DateTime<Utc>) -> Result<()> {
    put(conn, key, value).await?;
    audit::note(conn, now, Some(viewer.person_id), "setting.change", key, None).await
}

/// What people call the severities. Never fails: without a database the last words hold, or the defaults.
pub async fn severities(store: &Store, now: DateTime<Utc>) -> Arc<Severities> {
    let kept = store.severities.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match kept {
        Some((at, words)) if (now - at).abs() < FRESH => words,
        kept => match read_severities(store).await {
            Ok(words) => keep(store, words, now),
            Err(_) => kept.map(|(_, words)| words).unwrap_or_default(),
        },
    }
}

fn keep(store: &Store, words: Severities, now: DateTime<Utc>) -> Arc<Severities> {
    let words = Arc::new(words);
    *store.severities.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&words)));
    words
}

async fn read_severities(store: &Store) -> Result<Severities> {
    let mut conn = store.read().await?;
    let rows: Vec<(String, String)> = on!(conn, db => sqlx::query_as(STARTING_WITH).bind("severity_%").fetch_all(db).await)?;
    let mut rows: BTreeMap<String, String> = rows.into_iter().collect();
    let mut words = Severities::default();
    for severity in Severity::ALL {
        let number = severity.number();
        let (name, means) = (rows.remove(&format!("severity_{number}_name")), rows.remove(&format!("severity_{number}_means")));
        words = words.with(severity, name, means);
    }
    Ok(words)
}

/// Saves what people call the severities: a name and a meaning for each level, gravest first.
///
/// # Errors
/// The fields that are refused; [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_severities(store: &Store, viewer: &Viewer, typed: &[(String, String); 4], now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let words = Severities::parse(typed)?;
    let before = read_severities(store).await?;
    let mut conn = store.write().await?;
    for severity in Severity::ALL {
        let (number, new, old) = (severity.number(), words.of(severity), before.of(severity));
        if new.name != old.name {
            save(&mut conn, viewer, &format!("severity_{number}_name"), &new.name, now).await?;
        }
        if new.means != old.means {
            save(&mut conn, viewer, &format!("severity_{number}_means"), &new.means, now).await?;
        }
    }
    conn.commit().await?;
    keep(store, words, now);
    Ok(())
}

const ORDER: &str = "question_order";

/// The order in which one-on-ones offer their questions.
///
/// # Errors
/// What the database said.
pub async fn question_order(store: &Store) -> Result<QuestionOrder> {
    order(&mut store.read().await?).await
}

pub(crate) async fn order(conn: &mut Conn) -> Result<QuestionOrder> {
    Ok(get(conn, ORDER).await?.and_then(|slug| QuestionOrder::from_slug(&slug)).unwrap_or_default())
}

/// Saves the order of the questions.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_question_order(store: &Store, viewer: &Viewer, new: QuestionOrder, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    if order(&mut conn).await? != new {
        save(&mut conn, viewer, ORDER, new.slug(), now).await?;
    }
    conn.commit().await
}

/// What new accounts begin with.
///
/// # Errors
/// What the database said.
pub async fn new_people(store: &Store) -> Result<NewPeople> {
    begins_with(&mut store.read().await?).await
}

pub(crate) async fn begins_with(conn: &mut Conn) -> Result<NewPeople> {
    let mut chosen = NewPeople::default();
    if let Some(zone) = get(conn, "new_people_zone").await? {
        chosen.zone = zone;
    }
    if let Some(hours) = get(conn, "new_people_hours").await? {
        let parts: Vec<i64> = hours.split(' ').filter_map(|p| p.parse().ok()).collect();
        if let [starts, ends, days] = parts[..] {
            chosen.pattern = people::pattern(starts, ends, days)?;
        }
    }
    Ok(chosen)
}

/// Saves what new accounts begin with. Those who are here keep their own.
///
/// # Errors
/// Field `zone`; [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_new_people(
    store: &Store,
    viewer: &Viewer,
    zone: &str,
    pattern: &WorkPattern,
    now: DateTime<Utc>,
) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let zone = walltime::parse_zone(zone)?;
    let (starts, ends, days) = people::pattern_columns(pattern);
    let mut conn = store.write().await?;
    let before = begins_with(&mut conn).await?;
    if before.zone != zone.name() {
        save(&mut conn, viewer, "new_people_zone", zone.name(), now).await?;
    }
    if before.pattern != *pattern {
        save(&mut conn, viewer, "new_people_hours", &format!("{starts} {ends} {days}"), now).await?;
    }
    conn.commit().await
}

fn keys(letter: Letter) -> (String, String) {
    (format!("mail_{}_subject", letter.slug()), format!("mail_{}_text", letter.slug()))
}

/// What a kind of mail says, and whether an administrator chose these words.
///
/// # Errors
/// What the database said.
pub async fn wording(store: &Store, letter: Letter) -> Result<(Wording, bool)> {
    words(&mut store.read().await?, letter).await
}

pub(crate) async fn words(conn: &mut Conn, letter: Letter) -> Result<(Wording, bool)> {
    let (subject, text) = keys(letter);
    match (get(conn, &subject).await?, get(conn, &text).await?) {
        (Some(subject), Some(text)) => Ok((Wording { subject, text }, true)),
        _ => Ok((letter.default_wording(), false)),
    }
}

/// Saves what a kind of mail says; `None` goes back to the default.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for all but administrators.
pub async fn save_wording(
    store: &Store,
    viewer: &Viewer,
    letter: Letter,
    wording: Option<&Wording>,
    now: DateTime<Utc>,
) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let (subject, text) = keys(letter);
    let mut conn = store.write().await?;
    match wording {
        Some(wording) => {
            put(&mut conn, &subject, &wording.subject).await?;
            put(&mut conn, &text, &wording.text).await?;
        }
        None => {
            run!(conn, sqlx::query(FORGET).bind(&subject))?;
            run!(conn, sqlx::query(FORGET).bind(&text))?;
        }
    }
    let object = format!("mail_{}", letter.slug());
    audit::note(&mut conn, now, Some(viewer.person_id), "setting.change", &object, None).await?;
    conn.commit().await
}
