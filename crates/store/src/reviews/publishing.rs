//! Publishing a second story: what still keeps it, what happens with it, and what waits for a facilitator.

use super::{letters, preparing};
use crate::db::{Conn, on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, incidents, interviews, settings, soak};
use chrono::{DateTime, Duration, Utc};
use domain::incidents::{IncidentKey, IncidentState};
use domain::people::Viewer;
use domain::reviews::ExcerptState;
use domain::reviews::stage::{Facts, Stage};
use domain::rights::Right;
use domain::{IncidentId, Invalid};

/// How far a review is, for its facilitators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// A summary or a narrative is written.
    pub told: bool,
    /// Quotes that wait for their author.
    pub waiting: usize,
    /// Quotes for which the author offers other words: open objections.
    pub change: usize,
    /// Quotes that are right.
    pub right: usize,
    /// Until when authors are asked.
    pub due: Option<DateTime<Utc>>,
    /// How many people were asked to talk.
    pub asked: i64,
    /// Authors who have not answered may get a reminder. Who they are is theirs to know.
    pub reminds: bool,
    /// When the meeting begins, if it is planned.
    pub meeting: Option<DateTime<Utc>>,
    /// The story is published.
    pub published: bool,
    /// Something of it was changed since.
    pub revised: bool,
}

impl Readiness {
    /// Why it cannot be published at `now`, in words; `None`: it can.
    pub fn keeps(&self, now: DateTime<Utc>) -> Option<&'static str> {
        if self.published {
            Some("This second story is published already.")
        } else if !self.told {
            Some("Please write a summary or tell what happened first.")
        } else if self.change > 0 {
            Some("An author has offered other words for a quote. Please take them, or leave the quote out.")
        } else if self.waiting > 0 && self.due.is_none_or(|due| now < due) {
            Some("Quotes are with their authors. You can publish when each has answered, or after the time they were given.")
        } else {
            None
        }
    }

    /// How far the document is at `now`.
    pub fn stage(&self, now: DateTime<Utc>) -> Stage {
        let unsettled = self.waiting + self.change;
        let Self { told, right, meeting, published, revised, .. } = *self;
        Facts { told, quotes: unsettled + right, unsettled, meeting, published, revised }.stage(now)
    }

    /// What to do next.
    pub fn next(&self, now: DateTime<Utc>) -> NextStep {
        if self.change > 0 {
            NextStep::HearAuthors
        } else if self.asked == 0 && !self.told {
            NextStep::Invite
        } else if !self.told {
            NextStep::Write
        } else if self.keeps(now).is_some() {
            NextStep::AwaitAuthors
        } else {
            NextStep::Publish
        }
    }
}

/// A facilitator's next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Nobody is asked yet.
    Invite,
    /// Nothing is told yet.
    Write,
    /// An author offers other words.
    HearAuthors,
    /// Quotes are with their authors.
    AwaitAuthors,
    /// Nothing keeps it.
    Publish,
}

impl NextStep {
    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Invite => "Invite those who were there",
            Self::Write => "Read what people said and begin to write",
            Self::HearAuthors => "An author offers other words for a quote",
            Self::AwaitAuthors => "Quotes are with their authors",
            Self::Publish => "Ready to publish",
        }
    }
}

/// A review that waits for its facilitator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPrepare {
    /// The incident's number.
    pub key: IncidentKey,
    /// Its title.
    pub title: String,
    /// How far its document is.
    pub stage: Stage,
    /// What comes next.
    pub next: NextStep,
    /// Until when authors are asked, while quotes are with them.
    pub due: Option<DateTime<Utc>>,
}

const REVIEW: &str = "
select i.published_at, i.revised_at, r.quotes_due_at from incidents i left join reviews r on r.incident_id = i.id where i.id = $1";
const MINE: &str = "
select i.id, i.number, i.title from incident_roles o join incidents i on i.id = o.incident_id
where o.person_id = $1 and o.role = 'facilitator' and i.state = 'in-review' and i.trashed_at is null
order by i.number desc";
const STATES: &str = "select state, count(*) from excerpts where incident_id = $1 group by state";
const TOLD: &str = "
select count(*) from sections where incident_id = $1 and kind in ('summary', 'narrative') and body <> ''";
const LEAVE_OUT_UNANSWERED: &str = "
update excerpts set state = 'left-out', version = version + 1 where incident_id = $1 and state = 'waiting'";
const PUBLISH: &str = "
update reviews set published_by = $2, published_at = $3, version = version + 1 where incident_id = $1 and published_at is null";
const SET_DEADLINE: &str = "update reviews set quotes_due_at = $2 where incident_id = $1 and published_at is null";

/// How far a review is.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn readiness(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Readiness> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    how_far(&mut conn, incident).await
}

async fn how_far(conn: &mut Conn, incident: IncidentId) -> Result<Readiness> {
    type When = Option<DateTime<Utc>>;
    let (published_at, revised_at, due): (When, When, When) =
        on!(conn, db => sqlx::query_as(REVIEW).bind(incident.0).fetch_one(db).await)?;
    let states: Vec<(String, i64)> = on!(conn, db => sqlx::query_as(STATES).bind(incident.0).fetch_all(db).await)?;
    let told: i64 = on!(conn, db => sqlx::query_scalar(TOLD).bind(incident.0).fetch_one(db).await)?;
    let count = |state: ExcerptState| {
        states.iter().find(|(slug, _)| slug == state.slug()).map_or(0, |(_, n)| usize::try_from(*n).unwrap_or_default())
    };
    Ok(Readiness {
        told: told > 0,
        waiting: count(ExcerptState::Waiting),
        change: count(ExcerptState::Change),
        right: count(ExcerptState::Right),
        due,
        asked: interviews::asked(conn, incident).await?,
        reminds: conn.post.is_some() && settings::reminder_days(conn).await?.quotes.is_some(),
        meeting: preparing::planned(conn, incident).await?.map(|m| m.at),
        published: published_at.is_some(),
        revised: revised_at.is_some(),
    })
}

/// Nobody who still has a quote to check gets less than this, counted from when the time is set.
pub const LEAST_TO_CHECK: Duration = Duration::hours(48);

/// Sets until when authors are asked to check their quotes. After it, what is unanswered is left out.
///
/// # Errors
/// Field `due` when it is over already, or when it would cut short those who have not answered.
pub async fn set_deadline(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    if due <= now {
        return Err(Invalid::one("due", "This is over already. Please choose a time to come.").into());
    }
    // The writers' turn first: no new quote between counting and setting.
    audit::note(&mut conn, now, Some(viewer.person_id), "review.deadline", &incident.to_string(), Some(incident)).await?;
    let readiness = how_far(&mut conn, incident).await?;
    let longer = readiness.due.is_some_and(|present| present > now && due >= present);
    if readiness.waiting > 0 && due < now + LEAST_TO_CHECK && !longer {
        let whose = match readiness.waiting {
            1 => "One quote waits for its author, who would be cut short.".to_owned(),
            n => format!("{n} quotes wait for their authors, who would be cut short."),
        };
        return Err(Invalid::one("due", format!("{whose} Please give them two days from now or more.")).into());
    }
    if run!(conn, sqlx::query(SET_DEADLINE).bind(incident.0).bind(due))? == 0 {
        return Err(StoreError::Refused("There is no open review here."));
    }
    letters::another_time(&mut conn, incident, now).await?;
    conn.commit().await
}

/// Publishes the second story: unanswered quotes are left out, personal links end, the soak time begins. Answers when planning opens.
///
/// # Errors
/// [`StoreError::Refused`] with the reason of [`Readiness::keeps`].
pub async fn publish(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL: no author's word is lost between reading and publishing.
    audit::note(&mut conn, now, Some(viewer.person_id), "review.publish", &incident.to_string(), Some(incident)).await?;
    let readiness = how_far(&mut conn, incident).await?;
    if let Some(keeps) = readiness.keeps(now) {
        return Err(StoreError::Refused(keeps));
    }
    run!(conn, sqlx::query(LEAVE_OUT_UNANSWERED).bind(incident.0))?;
    run!(conn, sqlx::query(PUBLISH).bind(incident.0).bind(viewer.person_id.0).bind(now))?;
    incidents::move_to(&mut conn, incident, IncidentState::Published, now).await?;
    interviews::close_links(&mut conn, incident, now).await?;
    interviews::end_talks(&mut conn, incident).await?;
    let opens_at = soak::begin(&mut conn, incident, now).await?;
    conn.commit().await?;
    Ok(opens_at)
}

/// Reviews that the viewer facilitates and that are not published, each with a next step: for the home page. None without an account.
///
/// # Errors
/// What the database said.
pub async fn to_prepare(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<ToPrepare>> {
    if check_global(Right::OwnPages, viewer).is_err() {
        return Ok(Vec::new());
    }
    let mut conn = store.read().await?;
    let rows: Vec<(uuid::Uuid, i64, String)> =
        on!(conn, db => sqlx::query_as(MINE).bind(viewer.person_id.0).fetch_all(db).await)?;
    let mut waiting = Vec::with_capacity(rows.len());
    for (id, number, title) in rows {
        let readiness = how_far(&mut conn, IncidentId(id)).await?;
        let next = readiness.next(now);
        let due = readiness.due.filter(|_| next == NextStep::AwaitAuthors);
        waiting.push(ToPrepare { key: IncidentKey(number), title, stage: readiness.stage(now), next, due });
    }
    Ok(waiting)
}
