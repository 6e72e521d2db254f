//! What others read of submitted answers: cut by the permission table, logged in the same transaction, shown to the author.

use super::{conversation, open_body, own, own_to_change, sets};
use crate::crypt;
use crate::db::{Conn, Engine, on, run};
use crate::standing::{check_global, require, standing};
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::interviews::{AnswerBody, Audience, FIRST_OWN, QuestionSet, ROLE, kind, roles_told, twelve};
use domain::people::Viewer;
use domain::rights::{Attributed, Right, Standing, read_answer};
use domain::{AnswerId, IncidentId, InvitationId, PersonId};
use sqlx::{Postgres, QueryBuilder, Sqlite};
use std::collections::{HashMap, HashSet};

/// A submitted answer as a facilitator may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadableAnswer {
    /// Id. Random: its order tells nothing.
    pub answer_id: AnswerId,
    /// The question's number.
    pub question: i64,
    /// The question's words: those that its author was asked in; without an author the ones that all were asked in, else those of
    /// the twelve, so that the words do not tell who it was.
    pub question_text: String,
    /// What was said. Where something was said instead of words, the words are left out.
    pub body: AnswerBody,
    /// How far it travels.
    pub audience: Audience,
    /// Who said it; `None` for *review, unattributed*.
    pub author: Option<(PersonId, String)>,
    /// The roles told at question 1, in words.
    pub roles: Vec<String>,
}

/// One line of "who has read my answers".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOfMine {
    /// My conversation.
    pub invitation_id: InvitationId,
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// Which question's answer.
    pub question: i64,
    /// Who read it.
    pub reader: String,
    /// When first.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// An answer that the viewer may read, with its author. For quotes, whose author the app has to ask, and for passages: the author is
/// never shown from here.
pub(crate) struct Heard {
    pub(crate) answer_id: AnswerId,
    pub(crate) incident: IncidentId,
    pub(crate) author: PersonId,
    pub(crate) audience: Audience,
    pub(crate) text: String,
}

/// Rows to a statement.
const LOGGED_AT_ONCE: usize = 200;
const RELEASED: &str = "
select a.id, a.invitation_id, a.question, a.audience, a.author_id, v.question_set, p.name as author, p.manager_id, a.released_at, r.appointed_at,
  g.agreed_at
from answers a join invitations v on v.id = a.invitation_id join people p on p.id = a.author_id
  left join incident_roles r on r.incident_id = a.incident_id and r.person_id = $2 and r.role = 'facilitator'
  left join facilitator_agreements g on g.invitation_id = a.invitation_id and g.facilitator_id = $2
where a.incident_id = $1 and a.released_at is not null and v.state = 'submitted'
order by a.question, a.id";
const SEALED: &str = "select id, body_sealed from answers where incident_id = $1 and released_at is not null";
const LOG: &str = "
insert into answer_reads (answer_id, reader_id, first_at, last_at, times) values ($1, $2, $3, $4, 1)";
const LOG_AGAIN: &str = "
 on conflict (answer_id, reader_id) do update set last_at = excluded.last_at, times = answer_reads.times + 1";
const MY_READS: &str = "
select a.invitation_id, i.number, i.title, a.question, p.name as reader, r.first_at, r.last_at
from answer_reads r join answers a on a.id = r.answer_id join incidents i on i.id = a.incident_id join people p on p.id = r.reader_id
where a.author_id = $1 and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
order by r.last_at desc, i.number desc, a.question, p.name_folded limit 500";
const RELEASED_AT: &str = "select released_at from answers where invitation_id = $1 and question = $2";
const AGREE: &str = "
insert into facilitator_agreements (invitation_id, facilitator_id, agreed_at) values ($1, $2, $3)
on conflict (invitation_id, facilitator_id) do nothing";
const OF_ANSWER: &str = "
select a.incident_id, a.author_id, a.question, a.audience, a.body_sealed
from answers a join invitations v on v.id = a.invitation_id
where a.id = $1 and a.released_at is not null and v.state = 'submitted'";

#[derive(sqlx::FromRow)]
struct ReleasedRow {
    id: uuid::Uuid,
    invitation_id: uuid::Uuid,
    question: i64,
    audience: String,
    author_id: uuid::Uuid,
    question_set: i64,
    author: String,
    manager_id: Option<uuid::Uuid>,
    released_at: DateTime<Utc>,
    appointed_at: Option<DateTime<Utc>>,
    agreed_at: Option<DateTime<Utc>>,
}

/// An answer that the viewer may read, before it is opened.
pub(super) struct Readable {
    pub(super) id: uuid::Uuid,
    pub(super) invitation: uuid::Uuid,
    pub(super) question: i64,
    audience: Audience,
    question_set: i64,
    author: PersonId,
    pub(super) author_name: String,
    attributed: Attributed,
}

/// Which submitted answers the viewer may read: one question to the permission table for each.
pub(super) async fn readable(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<Vec<Readable>> {
    let here = standing(conn, viewer, incident, now).await?;
    let me = viewer.person_id.0;
    let rows: Vec<ReleasedRow> = on!(conn, db => sqlx::query_as(RELEASED).bind(incident.0).bind(me).fetch_all(db).await)?;
    let mut readable = Vec::with_capacity(rows.len());
    for row in rows {
        let stands = Standing {
            author: row.author_id == me,
            manages_author: row.manager_id == Some(me),
            author_agreed: row.agreed_at.is_some() || row.appointed_at.is_some_and(|at| at <= row.released_at),
            ..here.clone()
        };
        let audience = super::audience(&row.audience)?;
        if let Some(attributed) = read_answer(&stands, row.question, audience) {
            readable.push(Readable {
                id: row.id,
                invitation: row.invitation_id,
                question: row.question,
                audience,
                question_set: row.question_set,
                author: PersonId(row.author_id),
                author_name: row.author,
                attributed,
            });
        }
    }
    Ok(readable)
}

/// The submitted answers that the viewer may read and that `wanted` takes (by id and question), by question and otherwise in the order of
/// their random ids. Each is logged as read, so `conn` must be a transaction for writing.
pub(super) async fn answers_where(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
    wanted: impl Fn(AnswerId, i64) -> bool,
) -> Result<Vec<ReadableAnswer>> {
    let mut readable = readable(conn, viewer, incident, now).await?;
    readable.retain(|r| wanted(AnswerId(r.id), r.question));
    if readable.is_empty() {
        return Ok(Vec::new());
    }
    let key = crypt::incident_key(conn, incident).await?;
    let sets = sets::asked_by(conn, incident).await?;
    let sealed: Vec<(uuid::Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(SEALED).bind(incident.0).fetch_all(db).await)?;
    let sealed: HashMap<uuid::Uuid, Vec<u8>> = sealed.into_iter().collect();
    let mut answers = Vec::with_capacity(readable.len());
    for r in readable {
        let Some(sealed) = sealed.get(&r.id) else { continue };
        let body = open_body(&key, r.id, r.audience, sealed)?;
        let roles = if r.question == ROLE { roles_told(&body) } else { Vec::new() };
        let body = body.as_told(kind(r.question).and_then(|k| k.entries));
        if body.is_empty() {
            continue;
        }
        answers.push(ReadableAnswer {
            answer_id: AnswerId(r.id),
            question: r.question,
            question_text: words_for(&sets, &r),
            body,
            audience: r.audience,
            author: (r.attributed == Attributed::Yes).then_some((r.author, r.author_name)),
            roles,
        });
    }
    let read: Vec<uuid::Uuid> = answers.iter().map(|answer| answer.answer_id.0).collect();
    log(conn, &read, viewer.person_id, now).await?;
    Ok(answers)
}

/// The words in which the question of an answer is shown.
fn words_for(sets: &[(QuestionSet, i64)], answer: &Readable) -> String {
    let asked = |set: &QuestionSet| set.question(answer.question).map(|q| q.text.clone());
    let theirs = sets.iter().find(|(set, _)| set.number == answer.question_set).and_then(|(set, _)| asked(set));
    let theirs = theirs.unwrap_or_default();
    let shared = sets.iter().filter_map(|(set, _)| asked(set)).all(|text| text == theirs);
    // A question of the organisation's own has no other words; its author was told how few were asked it.
    if answer.attributed == Attributed::Yes || answer.question >= FIRST_OWN || shared {
        theirs
    } else {
        asked(twelve()).unwrap_or(theirs)
    }
}

/// Records that somebody reads these answers now: in one statement, however many they are.
pub(super) async fn log(conn: &mut Conn, answers: &[uuid::Uuid], reader: PersonId, now: DateTime<Utc>) -> Result<()> {
    // The statement stands for one row, so that it can be prepared; many rows repeat what stands in its brackets.
    let head = LOG.split_once("values (").map_or(LOG, |(head, _)| head);
    macro_rules! insert {
        ($engine:ty, $db:expr, $some:expr) => {{
            let mut insert = QueryBuilder::<$engine>::new(head);
            insert.push_values($some, |mut values, answer| {
                values.push_bind(*answer).push_bind(reader.0).push_bind(now).push_bind(now).push_bind(1_i64);
            });
            insert.push(LOG_AGAIN);
            insert.build().execute($db).await?;
        }};
    }
    for some in answers.chunks(LOGGED_AT_ONCE) {
        match conn.engine() {
            Engine::Sqlite(db) => insert!(Sqlite, db, some),
            Engine::Postgres(db) => insert!(Postgres, db, some),
        }
    }
    Ok(())
}

/// What a facilitator reads of an incident's one-on-ones. Reading is logged and shown to the authors.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn overview(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<ReadableAnswer>> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::ReadAnswer, incident, now).await?;
    let answers = answers_where(&mut conn, viewer, incident, now, |_, _| true).await?;
    conn.commit().await?;
    Ok(answers)
}

/// As [`overview`], but only these answers: what is marked in them is shown. The caller has asked for the right.
pub(crate) async fn these_answers(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    these: &HashSet<AnswerId>,
    now: DateTime<Utc>,
) -> Result<Vec<ReadableAnswer>> {
    answers_where(conn, viewer, incident, now, |answer, _| these.contains(&answer)).await
}

/// Which submitted answers the viewer may read now. Nothing is opened, nothing is logged.
pub(crate) async fn readable_answers(
    conn: &mut Conn,
    viewer: &Viewer,
    incident: IncidentId,
    now: DateTime<Utc>,
) -> Result<HashSet<AnswerId>> {
    Ok(readable(conn, viewer, incident, now).await?.into_iter().map(|r| AnswerId(r.id)).collect())
}

/// An answer for a quote: readable by the viewer and meant for the review. `NotFound` once its author narrowed it or took it back.
pub(crate) async fn quotable(conn: &mut Conn, viewer: &Viewer, answer: AnswerId, now: DateTime<Utc>) -> Result<Heard> {
    let heard = heard(conn, viewer, answer, now).await?;
    if heard.audience < Audience::Unattributed { Err(StoreError::NotFound) } else { Ok(heard) }
}

/// An answer that the viewer may read, as it is told. `NotFound` once its author narrowed it or took it back.
pub(crate) async fn heard(conn: &mut Conn, viewer: &Viewer, answer: AnswerId, now: DateTime<Utc>) -> Result<Heard> {
    let row: Option<(uuid::Uuid, uuid::Uuid, i64, String, Vec<u8>)> =
        on!(conn, db => sqlx::query_as(OF_ANSWER).bind(answer.0).fetch_optional(db).await)?;
    let (incident, author, number, slug, sealed) = row.ok_or(StoreError::NotFound)?;
    let (incident, audience) = (IncidentId(incident), super::audience(&slug)?);
    let mine = readable(conn, viewer, incident, now).await?.into_iter().any(|r| r.id == answer.0);
    if !mine {
        return Err(StoreError::NotFound);
    }
    let key = crypt::incident_key(conn, incident).await?;
    let text = open_body(&key, answer.0, audience, &sealed)?.as_told(kind(number).and_then(|k| k.entries)).text;
    Ok(Heard { answer_id: answer, incident, author: PersonId(author), audience, text })
}

/// Who has read the viewer's answers, latest first.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn my_reads(store: &Store, viewer: &Viewer) -> Result<Vec<ReadOfMine>> {
    check_global(Right::OwnPages, viewer)?;
    #[derive(sqlx::FromRow)]
    struct Row {
        invitation_id: uuid::Uuid,
        number: i64,
        title: String,
        question: i64,
        reader: String,
        first_at: DateTime<Utc>,
        last_at: DateTime<Utc>,
    }
    let mut conn = store.read().await?;
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(MY_READS).bind(viewer.person_id.0).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|r| ReadOfMine {
            invitation_id: InvitationId(r.invitation_id),
            key: IncidentKey(r.number),
            title: r.title,
            question: r.question,
            reader: r.reader,
            first_at: r.first_at,
            last_at: r.last_at,
        })
        .collect())
}

/// The names of those who could read the viewer's answer to a question now, if it were submitted with this audience. Shown beside
/// the choice. Empty: nobody else.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody but the author.
pub async fn readers_now(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    number: i64,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let mut conn = store.read().await?;
    let own = own(&mut conn, viewer, invitation, now).await?;
    let released: Option<Option<DateTime<Utc>>> =
        on!(conn, db => sqlx::query_scalar(RELEASED_AT).bind(invitation.0).bind(number).fetch_optional(db).await)?;
    let submitted_at = released.flatten().unwrap_or(now);
    let manager = conversation::manager(&mut conn, own.person).await?;
    let facilitators = conversation::facilitators(&mut conn, own.incident, invitation).await?;
    Ok(facilitators
        .into_iter()
        .filter(|f| {
            let stands = Standing {
                account: true,
                member: true,
                facilitator: true,
                leadership: f.is_leadership,
                author: f.person_id == own.person.0,
                manages_author: manager == Some(f.person_id),
                author_agreed: f.agreed_at.is_some() || f.appointed_at <= submitted_at,
                published: own.standing.published,
                ..Standing::default()
            };
            read_answer(&stands, number, audience).is_some()
        })
        .map(|f| f.name)
        .collect())
}

/// Agrees that a facilitator who was added later reads what was submitted before.
///
/// # Errors
/// [`StoreError::NotFound`] when this person does not facilitate, or for everybody but the author.
pub async fn agree(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    facilitator: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    let own = own_to_change(&mut conn, viewer, invitation, now).await?;
    let facilitators = conversation::facilitators(&mut conn, own.incident, invitation).await?;
    if !facilitators.iter().any(|f| f.person_id == facilitator.0) {
        return Err(StoreError::NotFound);
    }
    run!(conn, sqlx::query(AGREE).bind(invitation.0).bind(facilitator.0).bind(now))?;
    audit::note(&mut conn, now, Some(viewer.person_id), "facilitator.agree", &facilitator.to_string(), Some(own.incident))
        .await?;
    conn.commit().await
}
