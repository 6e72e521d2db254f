//! Keeping question sets, for administrators: list, copy, change, publish a version, retire, take in from a file.

use super::file::set_from_file;
use super::usual::{self, UsualFor};
use super::{FIRST_NUMBER, SetKey, definition};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, Utc};
use domain::interviews::{Definition, SET_NAME_MAX, SHIPPED, shipped_definition};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{Invalid, QuestionSetId, text};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLine {
    /// Which.
    pub key: SetKey,
    /// Name.
    pub name: String,
    /// For whom or what.
    pub purpose: String,
    /// How many questions.
    pub questions: usize,
    /// The version that is asked by; `None`: nothing is published yet. Shipped sets have none to count.
    pub version: Option<i64>,
    /// The draft says something else than the published version.
    pub changed: bool,
    /// Not offered any more.
    pub retired: bool,
    /// Where it is the usual set.
    pub usual_for: Vec<UsualFor>,
    /// How many people were asked by a version of it.
    pub used: i64,
}

/// The latest published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Counts the versions of this set from one.
    pub ordinal: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What it says.
    pub definition: Definition,
}

/// A set as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSet {
    /// Which.
    pub key: SetKey,
    /// What the next version will say; of a shipped set what it says.
    pub draft: Definition,
    /// Counts the saves of the draft.
    pub version: i64,
    /// What people are asked by.
    pub published: Option<Published>,
    /// Not offered any more.
    pub retired: bool,
}

impl KeptSet {
    /// The draft says something else than what is asked.
    pub fn changed(&self) -> bool {
        matches!(self.key, SetKey::Own(_)) && self.published.as_ref().is_none_or(|p| p.definition != self.draft)
    }
}

const LIST: &str = "select id from question_sets order by retired_at is not null, name_folded";
const FIND: &str = "select draft_json, version, retired_at from question_sets where id = $1";
const LATEST: &str = "
select ordinal, published_at, definition_json from question_set_versions where set_id = $1 order by ordinal desc limit 1";
const USED_OWN: &str = "
select count(*) from invitations i join question_set_versions v on v.number = i.question_set where v.set_id = $1";
const USED_SHIPPED: &str = "select count(*) from invitations where question_set = $1";
const ADD: &str = "
insert into question_sets (id, name, name_folded, draft_json, version, created_at, changed_at, retired_at)
values ($1, $2, $3, $4, 1, $5, $5, null)";
const CHANGE: &str = "
update question_sets set name = $3, name_folded = $4, draft_json = $5, changed_at = $6, version = version + 1
where id = $1 and version = $2";
const TAKEN: &str = "select count(*) from question_sets where name_folded = $1";
const NEXT_NUMBER: &str = "select coalesce(max(number) + 1, $1) from question_set_versions";
const PUBLISH: &str = "
insert into question_set_versions (number, set_id, ordinal, definition_json, published_at) values ($1, $2, $3, $4, $5)";
const RETIRE: &str = "update question_sets set retired_at = $2 where id = $1";

fn json(definition: &Definition) -> Result<String> {
    serde_json::to_string(definition).map_err(|_| StoreError::Corrupt { table: "question_sets", column: "draft_json" })
}

async fn kept(conn: &mut Conn, key: SetKey) -> Result<KeptSet> {
    let id = match key {
        SetKey::Shipped(number) => {
            let draft = shipped_definition(number).ok_or(StoreError::NotFound)?.clone();
            return Ok(KeptSet { key, draft, version: 0, published: None, retired: false });
        }
        SetKey::Own(id) => id,
    };
    let row: Option<(String, i64, Option<DateTime<Utc>>)> =
        on!(conn, db => sqlx::query_as(FIND).bind(id.0).fetch_optional(db).await)?;
    let (draft, version, retired_at) = row.ok_or(StoreError::NotFound)?;
    let latest: Option<(i64, DateTime<Utc>, String)> =
        on!(conn, db => sqlx::query_as(LATEST).bind(id.0).fetch_optional(db).await)?;
    let published = match latest {
        Some((ordinal, at, said)) => Some(Published { ordinal, at, definition: definition(&said)? }),
        None => None,
    };
    Ok(KeptSet { key, draft: definition(&draft)?, version, published, retired: retired_at.is_some() })
}

/// All sets: those that come with the product first, then the organisation's own by name, retired ones last.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn question_sets(store: &Store, viewer: &Viewer) -> Result<Vec<SetLine>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let own: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(LIST).fetch_all(db).await)?;
    let usual = usual::all(&mut conn).await?;
    let keys = SHIPPED.into_iter().map(SetKey::Shipped).chain(own.into_iter().map(|id| SetKey::Own(QuestionSetId(id))));
    let mut lines = Vec::new();
    for key in keys {
        let set = kept(&mut conn, key).await?;
        let used: i64 = match key {
            SetKey::Shipped(number) => on!(conn, db => sqlx::query_scalar(USED_SHIPPED).bind(number).fetch_one(db).await)?,
            SetKey::Own(id) => on!(conn, db => sqlx::query_scalar(USED_OWN).bind(id.0).fetch_one(db).await)?,
        };
        lines.push(SetLine {
            key,
            changed: set.changed(),
            version: set.published.as_ref().map(|p| p.ordinal),
            questions: set.draft.questions.len(),
            name: set.draft.name,
            purpose: set.draft.purpose,
            retired: set.retired,
            usual_for: usual.iter().filter(|u| u.set == Some(key)).map(|u| u.holds_for).collect(),
            used,
        });
    }
    Ok(lines)
}

/// One set.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn question_set(store: &Store, viewer: &Viewer, key: SetKey) -> Result<KeptSet> {
    check_global(Right::Administer, viewer)?;
    kept(&mut store.read().await?, key).await
}

/// A name that is free: the wanted one, or the same with a number.
async fn free_name(conn: &mut Conn, wanted: &str) -> Result<String> {
    let mut number = 1;
    loop {
        let ending = if number == 1 { String::new() } else { format!(" {number}") };
        let room = SET_NAME_MAX - ending.chars().count();
        let name = format!("{}{ending}", wanted.chars().take(room).collect::<String>().trim_end());
        let folded = text::fold(&name);
        let taken: i64 = on!(conn, db => sqlx::query_scalar(TAKEN).bind(&folded).fetch_one(db).await)?;
        if taken == 0 {
            return Ok(name);
        }
        number += 1;
    }
}

async fn add(store: &Store, viewer: &Viewer, mut new: Definition, wanted: &str, now: DateTime<Utc>) -> Result<QuestionSetId> {
    let id = QuestionSetId(random::id());
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    new.name = free_name(&mut conn, wanted).await?;
    let (folded, said) = (text::fold(&new.name), json(&new)?);
    run!(conn, sqlx::query(ADD).bind(id.0).bind(&new.name).bind(folded).bind(said).bind(now))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "question-set.add", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok(id)
}

/// Makes a set of one's own out of another one, as a draft.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn copy_set(store: &Store, viewer: &Viewer, key: SetKey, now: DateTime<Utc>) -> Result<QuestionSetId> {
    let from = question_set(store, viewer, key).await?.draft;
    let wanted = format!("{}, ours", from.name);
    add(store, viewer, from, &wanted, now).await
}

/// Takes a set in from a file, as a draft.
///
/// # Errors
/// Field `file`, in words; [`StoreError::NotFound`] for all but administrators.
pub async fn take_in_set(store: &Store, viewer: &Viewer, file: &str, now: DateTime<Utc>) -> Result<QuestionSetId> {
    check_global(Right::Administer, viewer)?;
    let new = set_from_file(file)?;
    let wanted = new.name.clone();
    add(store, viewer, new, &wanted, now).await
}

/// Saves the draft. What is published stays as it is until the next version.
///
/// # Errors
/// Fields of [`Definition::checked`]; [`StoreError::Stale`] when somebody else saved since `base_version`;
/// [`StoreError::NotFound`] for all but administrators.
pub async fn save_set(
    store: &Store,
    viewer: &Viewer,
    id: QuestionSetId,
    base_version: i64,
    new: &Definition,
    now: DateTime<Utc>,
) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let new = new.checked()?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let before = kept(&mut conn, SetKey::Own(id)).await?;
    if before.version != base_version {
        return Err(StoreError::Stale);
    }
    if before.draft == new {
        return Ok(());
    }
    let (folded, said) = (text::fold(&new.name), json(&new)?);
    match run!(conn, sqlx::query(CHANGE).bind(id.0).bind(base_version).bind(&new.name).bind(folded).bind(said).bind(now)) {
        Err(e) if StoreError::is_unique(&e) => return Err(Invalid::one("name", "There is a set of this name already.").into()),
        Err(e) => return Err(e.into()),
        Ok(_) => {}
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "question-set.change", &id.to_string(), None).await?;
    conn.commit().await
}

/// Publishes the draft as the next version: whoever is invited from now on is asked by it.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else saved since `base_version`; [`StoreError::Refused`] when nothing changed;
/// [`StoreError::NotFound`] for all but administrators.
pub async fn publish_set(
    store: &Store,
    viewer: &Viewer,
    id: QuestionSetId,
    base_version: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let set = kept(&mut conn, SetKey::Own(id)).await?;
    if set.version != base_version {
        return Err(StoreError::Stale);
    }
    if !set.changed() {
        return Err(StoreError::Refused("Nothing changed since the last version."));
    }
    let ordinal = set.published.map_or(0, |p| p.ordinal) + 1;
    let number: i64 = on!(conn, db => sqlx::query_scalar(NEXT_NUMBER).bind(FIRST_NUMBER).fetch_one(db).await)?;
    let said = json(&set.draft)?;
    run!(conn, sqlx::query(PUBLISH).bind(number).bind(id.0).bind(ordinal).bind(said).bind(now))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "question-set.publish", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok(ordinal)
}

/// Offers a set no more, or again. Who was asked by it keeps it.
///
/// # Errors
/// [`StoreError::Refused`] while it is the usual set of somebody; [`StoreError::NotFound`] for all but administrators.
pub async fn retire_set(store: &Store, viewer: &Viewer, id: QuestionSetId, retire: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    let set = kept(&mut conn, SetKey::Own(id)).await?;
    if set.retired == retire {
        return Ok(());
    }
    if retire && usual::all(&mut conn).await?.iter().any(|u| u.set == Some(set.key)) {
        return Err(StoreError::Refused("This is the usual set of somebody. Please choose another one there first."));
    }
    run!(conn, sqlx::query(RETIRE).bind(id.0).bind(retire.then_some(now)))?;
    let action = if retire { "question-set.retire" } else { "question-set.restore" };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &id.to_string(), None).await?;
    conn.commit().await
}
