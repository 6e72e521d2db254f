//! Three questions after the meeting. Answers are counted as they come; what is kept leads from nobody to an answer.

use super::ToVote;
use crate::db::{Conn, on, run};
use crate::standing::require;
use crate::{Result, Store, StoreError, audit};
use chrono::{DateTime, Utc};
use domain::IncidentId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::reviews::ballots::{ASKED_FOR, Asked, Counted};
use domain::rights::Right;

/// The three questions as somebody sees them who may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// They can be answered now.
    pub open: bool,
    /// This viewer has answered.
    pub answered: bool,
}

/// What came in, as who facilitates sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When the questions were asked; `None`: not yet.
    pub opened_at: Option<DateTime<Utc>>,
    /// How each was answered. Whoever shows it shows [`Counted::shown`].
    pub counts: Vec<Counted>,
}

const OPENED: &str = "select opened_at from surveys where incident_id = $1";
const OPEN: &str = "insert into surveys (incident_id, opened_at) values ($1, $2) on conflict (incident_id) do nothing";
const HAS_ANSWERED: &str = "select count(*) from survey_answerers where incident_id = $1 and person_id = $2";
const ANSWERER: &str = "
insert into survey_answerers (incident_id, person_id) values ($1, $2) on conflict (incident_id, person_id) do nothing";
const WAITING: &str = "
select i.number, i.title from surveys s join incidents i on i.id = s.incident_id
  join invitations v on v.incident_id = i.id and v.person_id = $1 and v.state <> 'withdrawn'
where s.opened_at > $2 and i.trashed_at is null
  and not exists (select 1 from survey_answerers a where a.incident_id = i.id and a.person_id = $1)
order by i.number desc";
const COUNT: &str = "
insert into survey_counts (incident_id, question, step, answers) values ($1, $2, $3, 1)
on conflict (incident_id, question, step) do update set answers = survey_counts.answers + 1";
const COUNTS: &str = "select question, step, answers from survey_counts where incident_id = $1";

async fn is_open(conn: &mut Conn, incident: IncidentId, now: DateTime<Utc>) -> Result<bool> {
    let opened: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(OPENED).bind(incident.0).fetch_optional(db).await)?;
    Ok(opened.is_some_and(|at| now < at + ASKED_FOR))
}

/// Asks the three questions, from now on for two weeks. Asking again changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn ask_survey(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "survey.open", &incident.to_string(), Some(incident)).await?;
    run!(conn, sqlx::query(OPEN).bind(incident.0).bind(now))?;
    conn.commit().await
}

/// Whether the questions wait for this viewer.
///
/// # Errors
/// [`StoreError::NotFound`] for who may not take part.
pub async fn survey(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Survey> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::AnswerSurvey, incident, now).await?;
    let open = is_open(&mut conn, incident, now).await?;
    let answered: i64 =
        on!(conn, db => sqlx::query_scalar(HAS_ANSWERED).bind(incident.0).bind(viewer.person_id.0).fetch_one(db).await)?;
    Ok(Survey { open, answered: answered > 0 })
}

/// Counts the viewer's answers.
///
/// # Errors
/// [`StoreError::Refused`] when the questions are not asked now or were answered by this viewer; [`StoreError::NotFound`] for who may not
/// take part.
pub async fn answer_survey(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    answers: &[(Asked, i64)],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::AnswerSurvey, incident, now).await?;
    // First, because it takes the writers' turn on PostgreSQL. That somebody answered, not what.
    audit::note(&mut conn, now, Some(viewer.person_id), "survey.answer", &incident.to_string(), Some(incident)).await?;
    if !is_open(&mut conn, incident, now).await? {
        return Err(StoreError::Refused("These questions are not asked just now."));
    }
    if run!(conn, sqlx::query(ANSWERER).bind(incident.0).bind(viewer.person_id.0))? == 0 {
        return Err(StoreError::Refused("You have answered already. Nothing says what, so it cannot be changed."));
    }
    for (question, step) in answers {
        run!(conn, sqlx::query(COUNT).bind(incident.0).bind(question.slug()).bind(*step))?;
    }
    conn.commit().await
}

/// The surveys that wait for the viewer, of those whose incident they were asked about: for the home page. None without an account.
///
/// # Errors
/// What the database said.
pub async fn surveys_waiting(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Vec<ToVote>> {
    if !viewer.has_account() || viewer.leadership {
        return Ok(Vec::new());
    }
    let mut conn = store.read().await?;
    let rows: Vec<(i64, String)> =
        on!(conn, db => sqlx::query_as(WAITING).bind(viewer.person_id.0).bind(now - ASKED_FOR).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(number, title)| ToVote { key: IncidentKey(number), title }).collect())
}

/// What came in. Counts of fewer than five answers leave this function for nobody.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn heard(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Heard> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let opened_at: Option<DateTime<Utc>> = on!(conn, db => sqlx::query_scalar(OPENED).bind(incident.0).fetch_optional(db).await)?;
    let rows: Vec<(String, i64, i64)> = on!(conn, db => sqlx::query_as(COUNTS).bind(incident.0).fetch_all(db).await)?;
    let counted = |question: Asked| {
        let mut steps = [0; 5];
        for (slug, step, answers) in &rows {
            if let Some(at) = usize::try_from(step - 1).ok().and_then(|at| steps.get_mut(at)).filter(|_| slug == question.slug())
            {
                *at = *answers;
            }
        }
        Counted { question, steps }
    };
    let counts = Asked::ALL.into_iter().map(counted).filter(|c| c.shown().is_some()).collect();
    Ok(Heard { opened_at, counts })
}
