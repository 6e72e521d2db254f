//! Question sets: which one somebody is asked by. Shipped sets stand in the code; an organisation's own are kept here, and a
//! published version never changes.

mod file;
mod keep;
mod usual;

pub use file::{SET_FORMAT, set_from_file, set_to_file};
pub use keep::{
    KeptSet, Published, SetLine, copy_set, publish_set, question_set, question_sets, retire_set, save_set, take_in_set,
};
pub(super) use usual::number_for;
pub use usual::{Usual, UsualFor, save_usual_sets, usual_sets};

use crate::db::{Conn, on};
use crate::standing::require;
use crate::{Result, Store, StoreError, settings};
use chrono::{DateTime, Utc};
use domain::interviews::{Definition, QuestionSet, SHIPPED, shipped, shipped_definition};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{IncidentId, InvitationId, QuestionSetId};
use std::fmt;
use std::str::FromStr;

/// Versions of an organisation's own sets are numbered from here on.
const FIRST_NUMBER: i64 = 1000;

/// Names a question set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetKey {
    /// One that comes with the product, by its number.
    Shipped(i64),
    /// One of the organisation's own.
    Own(QuestionSetId),
}

impl fmt::Display for SetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped(number) => write!(f, "shipped-{number}"),
            Self::Own(id) => id.fmt(f),
        }
    }
}

impl FromStr for SetKey {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        match text.strip_prefix("shipped-") {
            Some(number) => SHIPPED.into_iter().find(|n| n.to_string() == number).map(Self::Shipped).ok_or(()),
            None => text.parse().map(Self::Own).map_err(|_| ()),
        }
    }
}

/// A set that can be asked by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedSet {
    /// Which.
    pub key: SetKey,
    /// Name.
    pub name: String,
    /// For whom or what it is.
    pub purpose: String,
    /// How many questions it asks.
    pub questions: usize,
}

const OF_NUMBER: &str = "select definition_json from question_set_versions where number = $1";
// The latest version of each set that is in use.
const IN_USE: &str = "
select v.set_id, v.number, v.definition_json from question_set_versions v join question_sets s on s.id = v.set_id
where s.retired_at is null
  and v.ordinal = (select max(w.ordinal) from question_set_versions w where w.set_id = v.set_id)
order by s.name_folded";
const OF_INVITATION: &str = "select question_set from invitations where id = $1";
const ASKED_BY: &str = "
select question_set, count(*) from invitations where incident_id = $1 and state <> 'withdrawn' group by question_set";

pub(super) fn definition(json: &str) -> Result<Definition> {
    serde_json::from_str(json).map_err(|_| StoreError::Corrupt { table: "question_set_versions", column: "definition_json" })
}

/// The set with this number, in its own order.
async fn said(conn: &mut Conn, number: i64) -> Result<QuestionSet> {
    if let Some(set) = shipped(number) {
        return Ok(set.clone());
    }
    let json: Option<String> = on!(conn, db => sqlx::query_scalar(OF_NUMBER).bind(number).fetch_optional(db).await)?;
    let json = json.ok_or(StoreError::Corrupt { table: "invitations", column: "question_set" })?;
    Ok(definition(&json)?.as_set(number))
}

/// The set with this number, in the order that the organisation chose.
pub(super) async fn of_number(conn: &mut Conn, number: i64) -> Result<QuestionSet> {
    let order = settings::order(conn).await?;
    Ok(said(conn, number).await?.arranged(order))
}

/// The set that an invitation asks by.
pub(super) async fn of_invitation(conn: &mut Conn, invitation: InvitationId) -> Result<QuestionSet> {
    let number: i64 = on!(conn, db => sqlx::query_scalar(OF_INVITATION).bind(invitation.0).fetch_one(db).await)?;
    of_number(conn, number).await
}

/// Refuses what is said to a question that this set does not ask.
pub(super) async fn must_ask(conn: &mut Conn, set: i64, question: i64) -> Result<()> {
    match said(conn, set).await?.question(question) {
        Some(_) => Ok(()),
        None => Err(StoreError::NotFound),
    }
}

/// The sets that an incident's people were asked by, each with how many of them.
pub(super) async fn asked_by(conn: &mut Conn, incident: IncidentId) -> Result<Vec<(QuestionSet, i64)>> {
    let counts: Vec<(i64, i64)> = on!(conn, db => sqlx::query_as(ASKED_BY).bind(incident.0).fetch_all(db).await)?;
    let mut sets = Vec::with_capacity(counts.len());
    for (number, count) in counts {
        sets.push((said(conn, number).await?, count));
    }
    Ok(sets)
}

/// How many of an incident's people were asked this question. A question of the organisation's own is the same one while its words
/// are.
pub(super) fn asked_this(sets: &[(QuestionSet, i64)], set: &QuestionSet, question: i64) -> i64 {
    let text = set.question(question).map(|q| q.text.as_str());
    let own = question >= domain::interviews::FIRST_OWN;
    let asks = |s: &QuestionSet| {
        if own {
            s.questions.iter().any(|q| q.number >= domain::interviews::FIRST_OWN && Some(q.text.as_str()) == text)
        } else {
            s.question(question).is_some()
        }
    };
    sets.iter().filter(|(s, _)| asks(s)).map(|(_, count)| count).sum()
}

/// The latest version of each set in use: (key, number, what it says). Shipped ones first.
async fn in_use(conn: &mut Conn) -> Result<Vec<(SetKey, i64, Definition)>> {
    let mut all: Vec<(SetKey, i64, Definition)> =
        SHIPPED.into_iter().filter_map(|n| Some((SetKey::Shipped(n), n, shipped_definition(n)?.clone()))).collect();
    let own: Vec<(uuid::Uuid, i64, String)> = on!(conn, db => sqlx::query_as(IN_USE).fetch_all(db).await)?;
    for (id, number, json) in own {
        all.push((SetKey::Own(QuestionSetId(id)), number, definition(&json)?));
    }
    Ok(all)
}

/// The sets that people of this incident can be asked by.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn offered_sets(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<OfferedSet>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Invite, incident, now).await?;
    let all = in_use(&mut conn).await?;
    Ok(all
        .into_iter()
        .map(|(key, _, d)| OfferedSet { key, name: d.name, purpose: d.purpose, questions: d.questions.len() })
        .collect())
}
