//! What a person holds and has made in what belongs to all: roles, incidents, events, saved sections, items, themes; and their sign-ins.

use crate::Result;
use crate::db::{Conn, on};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::{InvitationId, PersonId};

/// A role in an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Which incident; `None` where it is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// `facilitator`, `planner` or `participant`.
    pub role: String,
    /// Who appointed them.
    pub appointed_by: Option<String>,
    /// When.
    pub appointed_at: DateTime<Utc>,
}

/// Something that a person made and that belongs to all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// What.
    pub kind: CreatedKind,
    /// At which incident; `None` where it is not there for this person (any more).
    pub key: Option<IncidentKey>,
    /// Its id, or a section's name and version; empty for the incident itself.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What somebody made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CreatedKind {
    /// An incident, entered or imported.
    Incident,
    /// An event of a timeline.
    Event,
    /// A hypothesis of a timeline.
    Hypothesis,
    /// A version of a section of a second story.
    Section,
    /// A mitigation item.
    Item,
    /// A theme of a review, seen by its facilitators.
    Theme,
    /// A note at a moment that is told differently, seen by facilitators.
    Difference,
    /// An import into the raw log of an incident.
    RawImport,
    /// A file or an image of an incident.
    Attachment,
    /// That one voted on what a meeting talks about; what one chose is not kept.
    Vote,
    /// That one answered the questions after a meeting; what one answered is not kept.
    Survey,
    /// A comment at a section of a review.
    Comment,
    /// That one looked at a published story again.
    Revisit,
    /// What one said about whether an item helped.
    LookedBack,
    /// A link to a published story for people without an account.
    StoryLink,
}

impl CreatedKind {
    /// As exported.
    pub fn slug(self) -> &'static str {
        [
            "incident",
            "event",
            "hypothesis",
            "section",
            "item",
            "theme",
            "difference",
            "raw-import",
            "attachment",
            "vote",
            "survey",
            "comment",
            "revisit",
            "looked-back",
            "story-link",
        ][self as usize]
    }

    /// On screen, more than one.
    pub fn label(self) -> &'static str {
        [
            "Incidents",
            "Timeline events",
            "Hypotheses",
            "Saved sections of stories",
            "Mitigation items",
            "Themes of reviews",
            "Notes at moments told differently",
            "Imports into raw logs",
            "Files and images of incidents",
            "Open votes that you took part in",
            "Questions after meetings that you answered",
            "Comments at sections of reviews",
            "Stories that you looked at again",
            "What you said about whether an item helped",
            "Links to stories that you made, while they open",
        ][self as usize]
    }
}

/// A sign-in that is not ended, or not forgotten yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// By a personal link.
    pub by_link: bool,
}

const ROLES: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, r.role, p.name, r.appointed_at
from incident_roles r join incidents i on i.id = r.incident_id left join people p on p.id = r.appointed_by
where r.person_id = $1 order by i.number, r.role";
const INCIDENTS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, i.created_at from incidents i where i.created_by = $1 order by i.number";
const EVENTS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, e.id, e.created_at from events e join incidents i on i.id = e.incident_id
where e.created_by = $1 order by i.number, e.created_at, e.id";
const HYPOTHESES: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, h.id, h.created_at from hypotheses h join incidents i on i.id = h.incident_id
where h.created_by = $1 order by i.number, h.created_at, h.id";
const SECTIONS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, s.kind, s.version, s.saved_at from section_versions s join incidents i on i.id = s.incident_id
where s.saved_by = $1 order by i.number, s.kind, s.version";
const ITEMS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, t.id, t.created_at from items t join incidents i on i.id = t.incident_id
where t.created_by = $1 order by i.number, t.created_at, t.id";
const THEMES: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, t.id, t.created_at from themes t join incidents i on i.id = t.incident_id
where t.created_by = $1 order by i.number, t.created_at, t.id";
const DIFFERENCES: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, d.event_id, d.noted_at
from told_differently d join incidents i on i.id = d.incident_id
where d.noted_by = $1 order by i.number, d.noted_at, d.event_id";
const RAW_IMPORTS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, r.id, r.imported_at
from raw_imports r join incidents i on i.id = r.incident_id where r.imported_by = $1 order by i.number, r.imported_at, r.id";
const ATTACHMENTS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, a.id, a.added_at
from attachments a join incidents i on i.id = a.incident_id where a.added_by = $1 order by i.number, a.added_at, a.id";
const VOTES: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, b.opened_at
from ballot_voters w join ballots b on b.incident_id = w.incident_id join incidents i on i.id = w.incident_id
where w.person_id = $1 order by i.number";
const SURVEYS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, s.opened_at
from survey_answerers w join surveys s on s.incident_id = w.incident_id join incidents i on i.id = w.incident_id
where w.person_id = $1 order by i.number";
const COMMENTS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, c.id, c.written_at
from section_comments c join incidents i on i.id = c.incident_id where c.author_id = $1 order by i.number, c.written_at, c.id";
const REVISITS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, v.id, v.answered_at
from revisits v join incidents i on i.id = v.incident_id where v.answered_by = $1 order by i.number, v.answered_at, v.id";
const LOOKED_BACK: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, a.id, a.answered_at
from item_answers a join items t on t.id = a.item_id join incidents i on i.id = t.incident_id
where a.answered_by = $1 order by i.number, a.answered_at, a.id";
const STORY_LINKS: &str = "
select case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1)) then i.number end as number, s.id, s.made_at
from story_shares s join incidents i on i.id = s.incident_id where s.made_by = $1 order by i.number, s.made_at, s.id";
const SIGN_INS: &str = "
select created_at, last_seen_at, expires_at, invitation_id from sessions where person_id = $1 order by created_at";

/// What is named by its id and when it was made.
const BY_ID: [(CreatedKind, &str); 11] = [
    (CreatedKind::Event, EVENTS),
    (CreatedKind::Hypothesis, HYPOTHESES),
    (CreatedKind::Item, ITEMS),
    (CreatedKind::Theme, THEMES),
    (CreatedKind::Difference, DIFFERENCES),
    (CreatedKind::RawImport, RAW_IMPORTS),
    (CreatedKind::Attachment, ATTACHMENTS),
    (CreatedKind::Comment, COMMENTS),
    (CreatedKind::Revisit, REVISITS),
    (CreatedKind::LookedBack, LOOKED_BACK),
    (CreatedKind::StoryLink, STORY_LINKS),
];

/// The roles of a person in incidents.
pub(super) async fn roles(conn: &mut Conn, person: PersonId) -> Result<Vec<HeldRole>> {
    type RoleRow = (Option<i64>, String, Option<String>, DateTime<Utc>);
    let rows: Vec<RoleRow> = on!(conn, db => sqlx::query_as(ROLES).bind(person.0).fetch_all(db).await)?;
    let role = |(number, role, appointed_by, appointed_at): (Option<i64>, _, _, _)| HeldRole {
        key: number.map(IncidentKey),
        role,
        appointed_by,
        appointed_at,
    };
    Ok(rows.into_iter().map(role).collect())
}

/// What a person made in what belongs to all.
pub(super) async fn created(conn: &mut Conn, person: PersonId) -> Result<Vec<Created>> {
    let me = person.0;
    let mut all = Vec::new();
    let mut add = |kind, number: Option<i64>, id, at| all.push(Created { kind, key: number.map(IncidentKey), id, at });
    let incidents: Vec<(Option<i64>, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(INCIDENTS).bind(me).fetch_all(db).await)?;
    for (number, at) in incidents {
        add(CreatedKind::Incident, number, String::new(), at);
    }
    let sections: Vec<(Option<i64>, String, i64, DateTime<Utc>)> =
        on!(conn, db => sqlx::query_as(SECTIONS).bind(me).fetch_all(db).await)?;
    for (number, kind, version, at) in sections {
        add(CreatedKind::Section, number, format!("{kind} {version}"), at);
    }
    for (kind, statement) in BY_ID {
        let rows: Vec<(Option<i64>, uuid::Uuid, DateTime<Utc>)> =
            on!(conn, db => sqlx::query_as(statement).bind(me).fetch_all(db).await)?;
        for (number, id, at) in rows {
            add(kind, number, id.to_string(), at);
        }
    }
    for (kind, statement) in [(CreatedKind::Vote, VOTES), (CreatedKind::Survey, SURVEYS)] {
        let rows: Vec<(Option<i64>, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(statement).bind(me).fetch_all(db).await)?;
        for (number, at) in rows {
            add(kind, number, String::new(), at);
        }
    }
    Ok(all)
}

/// The sign-ins of a person; with `only`, those by this personal link.
pub(super) async fn sign_ins(conn: &mut Conn, person: PersonId, only: Option<InvitationId>) -> Result<Vec<SignIn>> {
    type SignInRow = (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>, Option<uuid::Uuid>);
    let rows: Vec<SignInRow> = on!(conn, db => sqlx::query_as(SIGN_INS).bind(person.0).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .filter(|(.., link)| only.is_none_or(|invitation| *link == Some(invitation.0)))
        .map(|(created_at, last_seen_at, expires_at, link)| SignIn {
            created_at,
            last_seen_at,
            expires_at,
            by_link: link.is_some(),
        })
        .collect())
}
