//! The author's side of a quote: right, change, leave out; and after publication, withdraw.
//!
//! An audit entry of an author's decision names the incident and not the quote: the trail must not lead from a quote to its author.

use super::excerpts::seal;
use super::{ExcerptRow, passages, state};
use crate::crypt;
use crate::db::{Conn, on, run};
use crate::standing::{check, standing};
use crate::{Result, Store, StoreError, audit, history, interviews};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::interviews::Audience;
use domain::people::Viewer;
use domain::reviews::{Decision, Excerpt, ExcerptState};
use domain::rights::{Right, Standing};
use domain::{AnswerId, ExcerptId, IncidentId, text};

/// Below this many people asked, colleagues may guess whose words they read, and the author is told so.
const FEW: i64 = 5;

/// A quote as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnExcerpt {
    /// The quote; its author is the viewer.
    pub excerpt: Excerpt,
    /// The incident.
    pub incident: IncidentId,
    /// Its number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// The story is published: what stands in it is readable by all.
    pub published: bool,
    /// Until when an answer is hoped for; after that, a quote without one is left out.
    pub due: Option<DateTime<Utc>>,
    /// Fewer than five people were asked: without a name, too, colleagues may guess.
    pub few: bool,
    /// When its author was asked.
    pub sent_at: DateTime<Utc>,
    /// When its author gave their word.
    pub decided_at: Option<DateTime<Utc>>,
}

const MINE: &str = "
select e.id, e.section, e.text_sealed, e.offered_sealed, e.paraphrase, e.attribution, e.state, e.version, p.name as author,
  e.incident_id, i.number, i.title, i.published_at, r.quotes_due_at, s.sent_at, s.decided_at
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
  join people p on p.id = s.author_id left join reviews r on r.incident_id = e.incident_id
where s.author_id = $1 and i.trashed_at is null
  and ($2 is null or exists (select 1 from invitations v where v.id = $2 and v.incident_id = e.incident_id))
order by i.number desc, e.id";
const WAITING: &str = "
select i.number, i.title, count(*) as quotes, r.quotes_due_at
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
  left join reviews r on r.incident_id = e.incident_id
where s.author_id = $1 and e.state = 'waiting' and i.published_at is null and i.trashed_at is null
  and ($2 is null or exists (select 1 from invitations v where v.id = $2 and v.incident_id = e.incident_id))
group by i.number, i.title, r.quotes_due_at order by i.number desc";
const OWN: &str = "
select e.incident_id, e.state, e.version
from excerpt_sources s join excerpts e on e.id = s.excerpt_id join incidents i on i.id = e.incident_id
where e.id = $1 and s.author_id = $2 and i.trashed_at is null
  and ($3 is null or exists (select 1 from invitations v where v.id = $3 and v.incident_id = e.incident_id))";
const DECIDE: &str = "update excerpts set state = $2, offered_sealed = $3, version = version + 1 where id = $1";
const DECIDED: &str = "update excerpt_sources set decided_at = $2 where excerpt_id = $1";
const OF_ANSWER: &str = "select excerpt_id from excerpt_sources where answer_id = $1";
const LEAVE_OUT_OF_ANSWER: &str = "
update excerpts set state = 'left-out', version = version + 1
where state <> 'left-out' and id in (select excerpt_id from excerpt_sources where answer_id = $1)";
const UNNAME_OF_ANSWER: &str = "
update excerpts set attribution = 'unattributed', version = version + 1
where attribution = 'named' and id in (select excerpt_id from excerpt_sources where answer_id = $1)";

#[derive(sqlx::FromRow)]
struct OwnRow {
    #[sqlx(flatten)]
    excerpt: ExcerptRow,
    incident_id: uuid::Uuid,
    number: i64,
    title: String,
    published_at: Option<DateTime<Utc>>,
    quotes_due_at: Option<DateTime<Utc>>,
    sent_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
}

/// Quotes of one incident that wait for the viewer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingQuotes {
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// How many.
    pub quotes: i64,
    /// Until when.
    pub due: Option<DateTime<Utc>>,
}

/// All quotes from the viewer's own answers, newest incident first.
///
/// # Errors
/// What the database said.
pub async fn my_excerpts(store: &Store, viewer: &Viewer) -> Result<Vec<OwnExcerpt>> {
    let mut conn = store.read().await?;
    let guest_of = viewer.guest_of.map(|i| i.0);
    let rows: Vec<OwnRow> = on!(conn, db => sqlx::query_as(MINE).bind(viewer.person_id.0).bind(guest_of).fetch_all(db).await)?;
    let mut mine = Vec::with_capacity(rows.len());
    for row in rows {
        let incident = IncidentId(row.incident_id);
        let key = crypt::incident_key(&mut conn, incident).await?;
        mine.push(OwnExcerpt {
            excerpt: row.excerpt.open(&key)?,
            incident,
            key: IncidentKey(row.number),
            title: row.title,
            published: row.published_at.is_some(),
            due: row.quotes_due_at,
            sent_at: row.sent_at,
            decided_at: row.decided_at,
            few: interviews::asked(&mut conn, incident).await? < FEW,
        });
    }
    Ok(mine)
}

/// How many quotes wait for the viewer, by incident: for the home page.
///
/// # Errors
/// What the database said.
pub async fn quotes_waiting(store: &Store, viewer: &Viewer, _now: DateTime<Utc>) -> Result<Vec<WaitingQuotes>> {
    let mut conn = store.read().await?;
    let guest_of = viewer.guest_of.map(|i| i.0);
    let rows: Vec<(i64, String, i64, Option<DateTime<Utc>>)> =
        on!(conn, db => sqlx::query_as(WAITING).bind(viewer.person_id.0).bind(guest_of).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|(number, title, quotes, due)| WaitingQuotes { key: IncidentKey(number), title, quotes, due })
        .collect())
}

/// The author's word on one version of a quote. After publication a quote can only be left out, and is gone from the story at once.
///
/// # Errors
/// [`StoreError::Stale`] when the words changed in between, field `offered` without other words, [`StoreError::NotFound`] for
/// everybody but the author.
pub async fn decide(
    store: &Store,
    viewer: &Viewer,
    excerpt: ExcerptId,
    base_version: i64,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<()> {
    let (new, offered) = match decision {
        Decision::Right => (ExcerptState::Right, String::new()),
        Decision::Change(words) => (ExcerptState::Change, text::required("offered", words)?),
        Decision::LeaveOut => (ExcerptState::LeftOut, String::new()),
    };
    let mut conn = store.write().await?;
    let (incident, _, _) = own(&mut conn, viewer, excerpt).await?;
    // First, because it takes the writers' turn on PostgreSQL: what is read from here on is what a publication reads, too.
    audit::note(&mut conn, now, Some(viewer.person_id), "quote.decide", &incident.to_string(), Some(incident)).await?;
    let (incident, before, version) = own(&mut conn, viewer, excerpt).await?;
    let here = Standing { author: true, ..standing(&mut conn, viewer, incident, now).await? };
    check(Right::DecideExcerpt, &here)?;
    if here.published && new != ExcerptState::LeftOut {
        return Err(StoreError::Refused("The second story is published. A quote can still be withdrawn."));
    }
    if before == ExcerptState::LeftOut {
        return Err(StoreError::Refused("This quote is left out already."));
    }
    if version != base_version {
        return Err(StoreError::Stale);
    }
    let key = crypt::incident_key(&mut conn, incident).await?;
    let offered = seal(&key, excerpt, "offered", &offered);
    run!(conn, sqlx::query(DECIDE).bind(excerpt.0).bind(new.slug()).bind(offered))?;
    run!(conn, sqlx::query(DECIDED).bind(excerpt.0).bind(now))?;
    if new == ExcerptState::LeftOut {
        history::forget_quote(&mut conn, excerpt).await?;
    }
    conn.commit().await
}

async fn own(conn: &mut Conn, viewer: &Viewer, excerpt: ExcerptId) -> Result<(IncidentId, ExcerptState, i64)> {
    let guest_of = viewer.guest_of.map(|i| i.0);
    let row: Option<(uuid::Uuid, String, i64)> =
        on!(conn, db => sqlx::query_as(OWN).bind(excerpt.0).bind(viewer.person_id.0).bind(guest_of).fetch_optional(db).await)?;
    let (incident, slug, version) = row.ok_or(StoreError::NotFound)?;
    Ok((IncidentId(incident), state(&slug)?, version))
}

/// An answer now travels no further than `audience`: quotes and passages follow it, in the same transaction. Below the review quotes are
/// left out; without a name they lose it. Passages are gone once no facilitator may read the answer.
pub(crate) async fn answer_narrowed(conn: &mut Conn, answer: AnswerId, audience: Audience) -> Result<()> {
    if audience < Audience::Facilitator {
        passages::forget(conn, answer).await?;
    }
    if audience < Audience::Unattributed {
        let quotes: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(OF_ANSWER).bind(answer.0).fetch_all(db).await)?;
        for quote in quotes {
            history::forget_quote(conn, ExcerptId(quote)).await?;
        }
        run!(conn, sqlx::query(LEAVE_OUT_OF_ANSWER).bind(answer.0))?;
    } else if audience < Audience::Named {
        run!(conn, sqlx::query(UNNAME_OF_ANSWER).bind(answer.0))?;
    }
    Ok(())
}
