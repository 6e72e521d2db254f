//! The rows of a batch, and the statements that write many of them at once.
//!
//! Each statement stands here for one row, so that it can be prepared on both engines; many rows repeat what stands in its brackets.

use crate::Result;
use crate::db::{Conn, Engine};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Postgres, QueryBuilder, Sqlite};
use uuid::Uuid;

type At = DateTime<Utc>;

/// Rows to a statement: 19 columns of them stay well below the 32,766 values that SQLite takes.
const AT_ONCE: usize = 250;

const TEAM: &str = "insert into teams (id, name, name_folded, created_at) values ($1, $2, $3, $4)";
const SERVICE: &str = "
insert into services (id, name, name_folded, description, team_id, created_at) values ($1, $2, $3, $4, $5, $6)";
const PERSON: &str = "
insert into people (id, name, name_folded, email, email_folded, password_hash, is_member, is_leadership, is_administrator,
  may_facilitate, team_id, manager_id, zone, work_starts, work_ends, work_days, theme, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
const INCIDENT: &str = "
insert into incidents (id, number, title, search_folded, summary, severity, nature, state, team_id, started_at, detected_at,
  declared_at, mitigated_at, resolved_at, zone, origin, created_by, created_at, changed_at, published_at, restricted, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
const INCIDENT_SERVICE: &str = "insert into incident_services (incident_id, service_id) values ($1, $2)";
const KEY: &str = "insert into incident_keys (incident_id, wrapped, instance_key_id) values ($1, $2, $3)";
const ROLE: &str = "
insert into incident_roles (incident_id, person_id, role, appointed_by, appointed_at) values ($1, $2, $3, $4, $5)";
const EVENT: &str = "
insert into events (id, incident_id, at, ends_at, time_precision, as_written, zone, kind, body, flag, position, created_by, created_at,
  recorded_at, role, question, learned_later, sources_json, placement, settled_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
const HYPOTHESIS: &str = "
insert into hypotheses (id, incident_id, body, state, raised_at, settled_at, spoke_for, spoke_against, zone, created_by, created_at,
  version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const FACTOR: &str = "
insert into factors (id, incident_id, body, role, phase, known_before, usual, confidence, state, other_view, evidence, position,
  created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const FACTOR_TAG: &str = "insert into factor_tags (factor_id, incident_id, tag, counted) values ($1, $2, $3, $4)";
const LEARNING: &str = "
insert into learnings (id, incident_id, kind, body, body_before, worded_as_plan, evidence, status, status_reason, status_at, position,
  created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const INVITATION: &str = "
insert into invitations (id, incident_id, person_id, state, question_set, invited_by, invited_at, started_at, submitted_at, closed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const ANSWER: &str = "
insert into answers (id, invitation_id, incident_id, author_id, question, body_sealed, audience, count_me, with_name, released_at,
  saved_at, last_request, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const SESSION: &str = "
insert into work_sessions (id, invitation_id, incident_id, person_id, started_at, ended_at, zone, kind, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const NOMINATION: &str = "
insert into nominations (id, invitation_id, incident_id, body_sealed, set_aside, created_at) values ($1, $2, $3, $4, $5, $6)";
const READ: &str = "
insert into answer_reads (answer_id, reader_id, first_at, last_at, times) values ($1, $2, $3, $4, $5)";
const REVIEW: &str = "
insert into reviews (incident_id, opened_by, opened_at, quotes_due_at, published_by, published_at, version)
values ($1, $2, $3, $4, $5, $6, $7)";
const SECTION: &str = "
insert into sections (incident_id, kind, body, saved_by, saved_at, version) values ($1, $2, $3, $4, $5, $6)";
const SECTION_VERSION: &str = "
insert into section_versions (incident_id, kind, body, saved_by, saved_at, version) values ($1, $2, $3, $4, $5, $6)";
const EXCERPT: &str = "
insert into excerpts (id, incident_id, section, text_sealed, offered_sealed, paraphrase, attribution, state, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const SOURCE: &str = "
insert into excerpt_sources (excerpt_id, answer_id, author_id, sent_at, decided_at) values ($1, $2, $3, $4, $5)";
const THEME: &str = "
insert into themes (id, incident_id, name_sealed, opening_sealed, position, created_by, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8)";
const PASSAGE: &str = "
insert into passages (id, incident_id, theme_id, text_sealed, note_sealed) values ($1, $2, $3, $4, $5)";
const PASSAGE_SOURCE: &str = "
insert into passage_sources (passage_id, answer_id, marked_by, marked_at) values ($1, $2, $3, $4)";
const PLACED_WORDS: &str = "
insert into placed_words (id, incident_id, event_id, answer_id, text_sealed, own_time_sealed, differs, placed_by, placed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const TOLD_DIFFERENTLY: &str = "
insert into told_differently (event_id, incident_id, note_sealed, noted_by, noted_at, version) values ($1, $2, $3, $4, $5, $6)";
const PARKED: &str = "
insert into parked (id, incident_id, author_id, answer_id, body_sealed, with_name, parked_at) values ($1, $2, $3, $4, $5, $6, $7)";
const WALL: &str = "insert into walls (incident_id, opens_at, reason) values ($1, $2, $3)";
const ITEM: &str = "
insert into items (id, incident_id, title, body, owner_id, due_on, effect, state, reason, parked_id, position, created_by, created_at,
  version, harder, effort, tracker, decided_at, done_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
const ITEM_FACTOR: &str = "insert into item_factors (item_id, factor_id) values ($1, $2)";
const ITEM_LEARNING: &str = "insert into item_learnings (item_id, learning_id) values ($1, $2)";

/// A row with its columns in the order of its statement, and the writing of many.
macro_rules! rows {
    ($($name:ident by $sql:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        pub(super) struct $name { $(pub(super) $field: $type),* }

        impl $name {
            async fn write(rows: Vec<Self>, conn: &mut Conn) -> Result<()> {
                let mut rows = rows.into_iter().peekable();
                while rows.peek().is_some() {
                    let some = rows.by_ref().take(AT_ONCE);
                    match conn.engine() {
                        Engine::Sqlite(db) => {
                            let mut insert = QueryBuilder::<Sqlite>::new(head($sql));
                            insert.push_values(some, |mut values, row| { $(values.push_bind(row.$field);)* });
                            insert.build().execute(db).await?;
                        }
                        Engine::Postgres(db) => {
                            let mut insert = QueryBuilder::<Postgres>::new(head($sql));
                            insert.push_values(some, |mut values, row| { $(values.push_bind(row.$field);)* });
                            insert.build().execute(db).await?;
                        }
                    }
                }
                Ok(())
            }
        }
    )*};
}

/// A statement up to its values.
fn head(sql: &'static str) -> &'static str {
    sql.split_once("values (").map_or(sql, |(head, _)| head)
}

rows! {
    TeamRow by TEAM { id: Uuid, name: String, folded: String, at: At }
    ServiceRow by SERVICE { id: Uuid, name: String, folded: String, description: String, team: Option<Uuid>, at: At }
    PersonRow by PERSON {
        id: Uuid, name: String, name_folded: String, email: String, email_folded: String, password_hash: Option<String>,
        is_member: bool, is_leadership: bool, is_administrator: bool, may_facilitate: bool, team: Option<Uuid>,
        manager: Option<Uuid>, zone: String, starts: i64, ends: i64, days: i64, theme: &'static str, at: At,
    }
    IncidentRow by INCIDENT {
        id: Uuid, number: i64, title: String, search_folded: String, summary: String, severity: i64, nature: &'static str, state: &'static str,
        team: Option<Uuid>, started_at: At, detected_at: Option<At>, declared_at: Option<At>, mitigated_at: Option<At>,
        resolved_at: Option<At>, zone: String, origin: &'static str, by: Uuid, created_at: At, changed_at: At, published_at: Option<At>, restricted: bool, version: i64,
    }
    IncidentServiceRow by INCIDENT_SERVICE { incident: Uuid, service: Uuid }
    KeyRow by KEY { incident: Uuid, wrapped: Vec<u8>, instance_key: String }
    RoleRow by ROLE { incident: Uuid, person: Uuid, role: &'static str, by: Uuid, at: At }
    EventRow by EVENT {
        id: Uuid, incident: Uuid, at: Option<At>, ends_at: Option<At>, precision: &'static str, as_written: String, zone: String,
        kind: &'static str, body: String, flag: String, position: i64, by: Uuid, created_at: At, recorded_at: Option<At>, role: String,
        question: String, learned_later: bool, sources: String, placement: &'static str, settled_at: Option<At>, version: i64,
    }
    HypothesisRow by HYPOTHESIS {
        id: Uuid, incident: Uuid, body: String, state: &'static str, raised_at: Option<At>, settled_at: Option<At>, spoke_for: String,
        spoke_against: String, zone: String, by: Uuid, created_at: At, version: i64,
    }
    FactorRow by FACTOR {
        id: Uuid, incident: Uuid, body: String, role: &'static str, phase: &'static str, known: &'static str, usual: &'static str,
        confidence: &'static str, state: &'static str, other_view: String, evidence: String, position: i64, at: At, version: i64,
    }
    FactorTagRow by FACTOR_TAG { factor: Uuid, incident: Uuid, tag: String, counted: String }
    LearningRow by LEARNING {
        id: Uuid, incident: Uuid, kind: &'static str, body: String, before: String, as_plan: bool, evidence: String,
        status: &'static str, reason: String, status_at: Option<At>, position: i64, at: At, version: i64,
    }
    InvitationRow by INVITATION {
        id: Uuid, incident: Uuid, person: Uuid, state: &'static str, question_set: i64, by: Uuid, invited_at: At,
        started_at: Option<At>, submitted_at: Option<At>, closed_at: Option<At>,
    }
    AnswerRow by ANSWER {
        id: Uuid, invitation: Uuid, incident: Uuid, author: Uuid, question: i64, body_sealed: Vec<u8>, audience: &'static str,
        count_me: bool, with_name: bool, released_at: Option<At>, saved_at: At, last_request: &'static str, version: i64,
    }
    SessionRow by SESSION {
        id: Uuid, invitation: Uuid, incident: Uuid, person: Uuid, started_at: At, ended_at: At, zone: String, kind: &'static str, at: At,
    }
    NominationRow by NOMINATION { id: Uuid, invitation: Uuid, incident: Uuid, body_sealed: Vec<u8>, set_aside: bool, at: At }
    ReadRow by READ { answer: Uuid, reader: Uuid, first_at: At, last_at: At, times: i64 }
    ReviewRow by REVIEW {
        incident: Uuid, opened_by: Uuid, opened_at: At, quotes_due_at: Option<At>, published_by: Option<Uuid>,
        published_at: Option<At>, version: i64,
    }
    SectionRow by SECTION { incident: Uuid, kind: &'static str, body: String, by: Uuid, at: At, version: i64 }
    VersionRow by SECTION_VERSION { incident: Uuid, kind: &'static str, body: String, by: Uuid, at: At, version: i64 }
    ExcerptRow by EXCERPT {
        id: Uuid, incident: Uuid, section: &'static str, text_sealed: Vec<u8>, offered_sealed: Vec<u8>, paraphrase: bool,
        attribution: &'static str, state: &'static str, version: i64,
    }
    SourceRow by SOURCE { excerpt: Uuid, answer: Uuid, author: Uuid, sent_at: At, decided_at: Option<At> }
    ThemeRow by THEME {
        id: Uuid, incident: Uuid, name_sealed: Vec<u8>, opening_sealed: Vec<u8>, position: i64, by: Uuid, at: At, version: i64,
    }
    PassageRow by PASSAGE { id: Uuid, incident: Uuid, theme: Option<Uuid>, text_sealed: Vec<u8>, note_sealed: Vec<u8> }
    PassageSourceRow by PASSAGE_SOURCE { passage: Uuid, answer: Uuid, by: Uuid, at: At }
    PlacedRow by PLACED_WORDS {
        id: Uuid, incident: Uuid, event: Uuid, answer: Uuid, text_sealed: Vec<u8>, own_time_sealed: Vec<u8>, differs: bool, by: Uuid, at: At,
    }
    DifferenceRow by TOLD_DIFFERENTLY { event: Uuid, incident: Uuid, note_sealed: Vec<u8>, by: Uuid, at: At, version: i64 }
    ParkedRow by PARKED { id: Uuid, incident: Uuid, author: Uuid, answer: Option<Uuid>, body_sealed: Vec<u8>, with_name: bool, at: At }
    WallRow by WALL { incident: Uuid, opens_at: At, reason: &'static str }
    ItemRow by ITEM {
        id: Uuid, incident: Uuid, title: String, body: String, owner: Option<Uuid>, due_on: Option<NaiveDate>, effect: String,
        state: &'static str, reason: String, parked: Option<Uuid>, position: i64, by: Uuid, at: At, version: i64,
        harder: String, effort: &'static str, tracker: String, decided_at: Option<DateTime<Utc>>, done_at: Option<DateTime<Utc>>,
    }
    ItemFactorRow by ITEM_FACTOR { item: Uuid, factor: Uuid }
    ItemLearningRow by ITEM_LEARNING { item: Uuid, learning: Uuid }
}

/// Everything that a batch has been told and not yet written.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) teams: Vec<TeamRow>,
    pub(super) services: Vec<ServiceRow>,
    pub(super) people: Vec<PersonRow>,
    pub(super) incidents: Vec<IncidentRow>,
    pub(super) incident_services: Vec<IncidentServiceRow>,
    pub(super) keys: Vec<KeyRow>,
    pub(super) roles: Vec<RoleRow>,
    pub(super) events: Vec<EventRow>,
    pub(super) hypotheses: Vec<HypothesisRow>,
    pub(super) factors: Vec<FactorRow>,
    pub(super) factor_tags: Vec<FactorTagRow>,
    pub(super) learnings: Vec<LearningRow>,
    pub(super) invitations: Vec<InvitationRow>,
    pub(super) answers: Vec<AnswerRow>,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) nominations: Vec<NominationRow>,
    pub(super) reads: Vec<ReadRow>,
    pub(super) reviews: Vec<ReviewRow>,
    pub(super) sections: Vec<SectionRow>,
    pub(super) section_versions: Vec<VersionRow>,
    pub(super) excerpts: Vec<ExcerptRow>,
    pub(super) excerpt_sources: Vec<SourceRow>,
    pub(super) themes: Vec<ThemeRow>,
    pub(super) passages: Vec<PassageRow>,
    pub(super) passage_sources: Vec<PassageSourceRow>,
    pub(super) placed: Vec<PlacedRow>,
    pub(super) differences: Vec<DifferenceRow>,
    pub(super) parked: Vec<ParkedRow>,
    pub(super) walls: Vec<WallRow>,
    pub(super) items: Vec<ItemRow>,
    pub(super) item_factors: Vec<ItemFactorRow>,
    pub(super) item_learnings: Vec<ItemLearningRow>,
}

impl Rows {
    /// Writes everything, what is referred to first.
    pub(super) async fn write(self, conn: &mut Conn) -> Result<()> {
        TeamRow::write(self.teams, conn).await?;
        ServiceRow::write(self.services, conn).await?;
        PersonRow::write(self.people, conn).await?;
        IncidentRow::write(self.incidents, conn).await?;
        IncidentServiceRow::write(self.incident_services, conn).await?;
        KeyRow::write(self.keys, conn).await?;
        RoleRow::write(self.roles, conn).await?;
        EventRow::write(self.events, conn).await?;
        HypothesisRow::write(self.hypotheses, conn).await?;
        FactorRow::write(self.factors, conn).await?;
        FactorTagRow::write(self.factor_tags, conn).await?;
        LearningRow::write(self.learnings, conn).await?;
        InvitationRow::write(self.invitations, conn).await?;
        AnswerRow::write(self.answers, conn).await?;
        SessionRow::write(self.sessions, conn).await?;
        NominationRow::write(self.nominations, conn).await?;
        ReadRow::write(self.reads, conn).await?;
        ReviewRow::write(self.reviews, conn).await?;
        SectionRow::write(self.sections, conn).await?;
        VersionRow::write(self.section_versions, conn).await?;
        ExcerptRow::write(self.excerpts, conn).await?;
        SourceRow::write(self.excerpt_sources, conn).await?;
        ThemeRow::write(self.themes, conn).await?;
        PassageRow::write(self.passages, conn).await?;
        PassageSourceRow::write(self.passage_sources, conn).await?;
        PlacedRow::write(self.placed, conn).await?;
        DifferenceRow::write(self.differences, conn).await?;
        ParkedRow::write(self.parked, conn).await?;
        WallRow::write(self.walls, conn).await?;
        ItemRow::write(self.items, conn).await?;
        ItemFactorRow::write(self.item_factors, conn).await?;
        ItemLearningRow::write(self.item_learnings, conn).await
    }
}
