//! Letters that ask an author to look at their quotes: one for all that are drafted within a while, and a quiet reminder while some still
//! wait for their word. Who writes a review is not told of them: they would tell whose words without a name are quoted.

use crate::db::{Conn, on};
use crate::interviews::{self, Way};
use crate::mail::{self, Envelope};
use crate::{Result, settings};
use chrono::{DateTime, TimeDelta, Utc};
use domain::letters::Letter;
use domain::{IncidentId, PersonId, reminders, walltime};

/// A facilitator drafts several quotes in a sitting: their author gets one letter.
const SITTING: TimeDelta = TimeDelta::minutes(15);

const WAITS: &str = "
select min(next_at) from outbox where person_id = $1 and incident_id = $2 and kind = $3 and state = 'queued'";
const LAST: &str = "
select max(coalesce(ended_at, next_at)) from outbox
where person_id = $1 and incident_id = $2 and kind in ('quote-check', 'quote-reminder') and state in ('queued', 'sent')";
const DUE: &str = "select quotes_due_at from reviews where incident_id = $1";
const AUTHORS: &str = "
select distinct s.author_id from excerpt_sources s join excerpts e on e.id = s.excerpt_id
where e.incident_id = $1 and e.state = 'waiting'";

/// Whom, about what, and until when they are asked.
struct About {
    incident: IncidentId,
    author: PersonId,
    due: Option<DateTime<Utc>>,
    way: Way,
}

async fn about(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<Option<About>> {
    let Some(way) = interviews::way_to(conn, incident, author, now).await? else { return Ok(None) };
    let due: Option<Option<DateTime<Utc>>> = on!(conn, db => sqlx::query_scalar(DUE).bind(incident.0).fetch_optional(db).await)?;
    Ok(Some(About { incident, author, due: due.flatten(), way }))
}

/// Queues the letter and its reminder, unless they wait already.
pub(super) async fn queue(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<()> {
    let Some(about) = about(conn, incident, author, now).await? else { return Ok(()) };
    if waits(conn, incident, author, Letter::QuoteCheck).await?.is_none() {
        write(conn, &about, Letter::QuoteCheck, now + SITTING, now).await?;
    }
    if waits(conn, incident, author, Letter::QuoteReminder).await?.is_none() {
        remind(conn, &about, now).await?;
    }
    Ok(())
}

/// Plans the reminders of a review anew: authors have another time to answer.
pub(super) async fn another_time(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let authors: Vec<uuid::Uuid> = on!(conn, db => sqlx::query_scalar(AUTHORS).bind(incident.0).fetch_all(db).await)?;
    for author in authors {
        if let Some(about) = about(conn, incident, PersonId(author), now).await? {
            mail::stop_about(conn, about.author, incident, Letter::QuoteReminder, now).await?;
            remind(conn, &about, now).await?;
        }
    }
    Ok(())
}

/// An author without an account has another personal link: what waits for them leads by that one.
pub(crate) async fn link_replaced(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<()> {
    for letter in [Letter::QuoteCheck, Letter::QuoteReminder] {
        let Some(at) = waits(conn, incident, author, letter).await? else { continue };
        mail::stop_about(conn, author, incident, letter, now).await?;
        if let Some(about) = about(conn, incident, author, now).await? {
            write(conn, &about, letter, at, now).await?;
        }
    }
    Ok(())
}

/// When a letter of this kind goes that waits for the author.
async fn waits(conn: &mut Conn, incident: IncidentId, author: PersonId, letter: Letter) -> Result<Option<DateTime<Utc>>> {
    Ok(on!(conn, db => sqlx::query_scalar(WAITS).bind(author.0).bind(incident.0).bind(letter.slug()).fetch_one(db).await)?)
}

/// Plans the reminder, if there is to be one.
async fn remind(conn: &mut Conn, about: &About, now: DateTime<Utc>) -> Result<()> {
    let days = settings::reminder_days(conn).await?.quotes;
    let (Some(due), Some(days)) = (about.due, days) else { return Ok(()) };
    if about.way.stopped || about.way.reminded >= reminders::QUOTES_MOST {
        return Ok(());
    }
    let (author, incident) = (about.author.0, about.incident.0);
    let last: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(LAST).bind(author).bind(incident).fetch_one(db).await)?;
    let at = reminders::before_due(due, days, last, now, about.way.zone, &about.way.calendar);
    match at {
        Some(at) => write(conn, about, Letter::QuoteReminder, at, now).await,
        None => Ok(()),
    }
}

async fn write(conn: &mut Conn, about: &About, letter: Letter, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    let way = &about.way;
    let until = walltime::day(about.due.unwrap_or(now), way.zone);
    let values =
        [("name", way.name.as_str()), ("title", way.title.as_str()), ("link", way.link.as_str()), ("until", until.as_str())];
    let mut words = mail::filled(conn, letter, &values).await?;
    words.text.push_str(&way.foot);
    let envelope = Envelope {
        letter,
        person: about.author,
        name: &way.name,
        address: &way.address,
        incident: Some(about.incident),
        invitation: Some(way.invitation),
    };
    mail::queue(conn, &envelope, &words, at).await
}
