//! One incident of the synthetic organisation.

use super::Chance;
use super::people::People;
use super::words::{self, said, title};
use crate::cli::told;
use chrono::{DateTime, TimeDelta, Utc};
use domain::holidays::Holidays;
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};
use domain::interviews::{self, Answer, AnswerBody, Audience, InvitationState, WorkKind, WorkSession};
use domain::learnings::{Factor, FactorCategory, FactorDetails, FactorState, Learning, LearningDetails, LearningKind};
use domain::people::IncidentRole;
use domain::planning::{Effort, Item, ItemState};
use domain::reviews::{Attribution, Excerpt, ExcerptState, SectionKind};
use domain::timeline::{EventDetails, EventKind, NewEvent, Placement, Precision};
use domain::walltime::{add_working_days, parse_zone};
use domain::{
    AnswerId, EventId, ExcerptId, FactorId, IncidentId, InvitationId, ItemId, LearningId, ParkedId, PersonId, WorkSessionId,
};
use store::seed::{Batch, Invitation, Made, Quote, Review, Story};

const YEARS: TimeDelta = TimeDelta::days(5 * 365);
const EVENTS: i64 = 20;
const SECTIONS: [SectionKind; 5] =
    [SectionKind::Summary, SectionKind::Narrative, SectionKind::Surprised, SectionKind::WentRight, SectionKind::Hard];
const KINDS: [EventKind; 7] = [
    EventKind::Note,
    EventKind::Change,
    EventKind::Diagnosis,
    EventKind::Decision,
    EventKind::Mitigation,
    EventKind::Communication,
    EventKind::Handover,
];
/// How often each severity comes, gravest first, in a hundred.
const SEVERITIES: [(Severity, i64); 4] = [(Severity::Sev1, 6), (Severity::Sev2, 24), (Severity::Sev3, 45), (Severity::Sev4, 25)];

/// An incident while it is told.
struct Telling<'a> {
    story: Story<'a>,
    chance: &'a mut Chance,
    people: &'a People,
    system: &'static str,
    started: DateTime<Utc>,
    minutes: i64,
    published: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    facilitator: PersonId,
    zone: &'static str,
}

/// Tells incident `n` (from 0) of so many, in the order in which they began.
///
/// # Errors
/// None in practice: an answer cannot be written as JSON.
pub(super) fn tell(
    batch: &mut Batch,
    chance: &mut Chance,
    people: &People,
    n: u32,
    of: u32,
    now: DateTime<Utc>,
) -> Result<(), String> {
    let team = usize::try_from(chance.between(0, 7)).unwrap_or_default();
    let minutes = 12 + chance.between(0, 21) * chance.between(0, 21);
    let slot = YEARS.num_minutes() / i64::from(of.max(1));
    let into = i64::from(n) * YEARS.num_minutes() / i64::from(of.max(1)) + chance.between(0, slot.max(1) - 1);
    // The last two minutes of an incident lie behind us, whatever the slot says.
    let started = (now - YEARS + TimeDelta::minutes(into)).min(now - TimeDelta::minutes(minutes + 2));
    let left_behind = of - n;
    let age = now - started;
    let state = match left_behind {
        1 => IncidentState::Open,
        2 => IncidentState::Resolved,
        _ if age < TimeDelta::days(3) || chance.percent(3) => IncidentState::Resolved,
        3 | 4 => IncidentState::InReview,
        _ if age < TimeDelta::days(16) => IncidentState::InReview,
        _ => IncidentState::Published,
    };
    let responders = responders(chance, people, team);
    let facilitator = facilitator(chance, people, &responders);
    let published = (state == IncidentState::Published).then(|| started + TimeDelta::days(chance.between(5, 12)));
    let over = (state != IncidentState::Open).then(|| started + TimeDelta::minutes(minutes));
    let zone = people.all[responders[0]].zone;
    let (title, system) = title(chance);
    let made = Made {
        id: IncidentId(chance.id()),
        number: i64::from(n) + 1,
        new: NewIncident {
            summary: format!("{}. {}", title, said(chance, words::SUMMARIES, system)),
            title,
            severity: severity(chance),
            nature: Nature::Incident,
            state,
            team_id: people.teams.get(team).copied(),
            started_at: started,
            detected_at: Some(started + TimeDelta::minutes(chance.between(0, minutes.min(45)))),
            declared_at: None,
            mitigated_at: None,
            resolved_at: over,
            zone: zone.to_owned(),
            restricted: false,
        },
        created_by: people.all[responders[0]].id,
        created_at: started + TimeDelta::minutes(2),
        changed_at: published.or(over).unwrap_or(started + TimeDelta::minutes(2)),
        published_at: published,
    };
    let reporter = made.created_by;
    let story = batch.incident(made);
    let mut telling = Telling { story, chance, people, system, started, minutes, published, now, facilitator, zone };
    telling.events(reporter);
    let (factors, learnings) = telling.left_behind();
    if matches!(state, IncidentState::InReview | IncidentState::Published) {
        telling.review(&responders)?;
        telling.plan(&responders, factors, learnings);
    }
    Ok(())
}

/// Two to eight people who respond, most of them of the team.
fn responders(chance: &mut Chance, people: &People, team: usize) -> Vec<usize> {
    let many = usize::try_from(chance.between(2, 8)).unwrap_or(2);
    let able: Vec<usize> = (0..people.all.len()).filter(|n| people.all[*n].responds).collect();
    let own: Vec<usize> = able.iter().copied().filter(|n| people.all[*n].team == team).collect();
    let mut chosen = Vec::new();
    while chosen.len() < many {
        // Managers and facilitators respond less often.
        let from = if chance.percent(65) { &own } else { &able };
        let n = *chance.one(from);
        let apart = people.all[n].manager || people.all[n].facilitates;
        if !chosen.contains(&n) && (!apart || chance.percent(25)) {
            chosen.push(n);
        }
    }
    chosen
}

/// Somebody who may facilitate and did not respond; facilitators are nobody's line managers here.
fn facilitator(chance: &mut Chance, people: &People, responders: &[usize]) -> PersonId {
    let free: Vec<usize> = (0..people.all.len()).filter(|n| people.all[*n].facilitates && !responders.contains(n)).collect();
    let n = if chance.percent(25) { people.facilitator } else { *chance.one(&free) };
    people.all[n].id
}

fn severity(chance: &mut Chance) -> Severity {
    let mut drawn = chance.between(0, 99);
    for (severity, share) in SEVERITIES {
        if drawn < share {
            return severity;
        }
        drawn -= share;
    }
    Severity::Sev4
}

/// What became of a mitigation action, without a draw of its own: most are undone.
fn became(kind: EventKind, position: i64) -> Placement {
    match (kind, position % 5) {
        (EventKind::Mitigation, 0) => Placement::InPlace,
        (EventKind::Mitigation, 1) => Placement::Permanent,
        (EventKind::Mitigation, _) => Placement::Undone,
        _ => Placement::Unsaid,
    }
}

impl Telling<'_> {
    /// Twenty of them: one notices, one brings it back, one went right.
    fn events(&mut self, by: PersonId) {
        for position in 1..=EVENTS {
            let kind = match position {
                2 => EventKind::Detection,
                19 => EventKind::Recovery,
                20 => EventKind::WentRight,
                _ => *self.chance.one(&KINDS),
            };
            let at = self.started + TimeDelta::minutes(self.minutes * (position - 1) / EVENTS);
            let precision = if self.chance.percent(10) { Precision::About } else { Precision::Exact };
            let body = said(self.chance, words::events(kind), self.system);
            let new = NewEvent {
                at: Some(at),
                ends_at: None,
                precision,
                as_written: String::new(),
                zone: self.zone.to_owned(),
                kind,
                body,
                flag: String::new(),
                details: EventDetails { placement: became(kind, position), ..EventDetails::default() },
                position,
            };
            self.story.event(EventId(self.chance.id()), new, by, at + TimeDelta::minutes(1));
        }
    }

    /// One to five factors and up to three learnings.
    fn left_behind(&mut self) -> (Vec<FactorId>, Vec<LearningId>) {
        let at = self.published.unwrap_or(self.started + TimeDelta::minutes(self.minutes));
        let mut factors = Vec::new();
        for position in 1..=self.chance.between(1, 5) {
            let category = *self.chance.one(&FactorCategory::ALL);
            let body = said(self.chance, words::FACTORS, self.system);
            let tags = if category == FactorCategory::Unsorted { Vec::new() } else { vec![category.into()] };
            let details = FactorDetails { state: FactorState::Agreed, ..FactorDetails::default() };
            let factor = Factor { id: FactorId(self.chance.id()), body, tags, details, position, version: 1 };
            factors.push(factor.id);
            self.story.factor(factor, at);
        }
        let mut learnings = Vec::new();
        for position in 1..=self.chance.between(0, 3) {
            let kind = *self.chance.one(&LearningKind::ALL);
            let body = said(self.chance, words::LEARNINGS, self.system);
            let id = LearningId(self.chance.id());
            learnings.push(id);
            let learning = Learning {
                id,
                kind,
                body,
                before: String::new(),
                worded_as_plan: false,
                details: LearningDetails::default(),
                status_at: None,
                position,
                version: 1,
            };
            self.story.learning(learning, at);
        }
        (factors, learnings)
    }

    fn review(&mut self, responders: &[usize]) -> Result<(), String> {
        let opened = self.started + TimeDelta::minutes(self.minutes) + TimeDelta::hours(14);
        let opened = opened.min(self.now - TimeDelta::minutes(1));
        let admin = self.people.administrator;
        self.story.role(self.facilitator, IncidentRole::Facilitator, admin, opened);
        let published = self.published.map(|at| (self.facilitator, at));
        self.story.review(&Review { opened_by: admin, opened_at: opened, quotes_due_at: self.published, published });
        if let Some(at) = self.published {
            for kind in SECTIONS {
                let body = (0..6).map(|_| said(self.chance, words::SECTIONS, self.system)).collect::<Vec<_>>().join(" ");
                self.story.section(kind, &body, self.facilitator, at - TimeDelta::hours(2));
            }
        }
        let mut quotes = 0;
        for n in responders {
            let submits = self.published.is_some() || self.chance.percent(70);
            let at = opened + TimeDelta::minutes(self.chance.between(30, 4 * 24 * 60));
            let at = at.min(self.published.unwrap_or(self.now) - TimeDelta::minutes(20)).max(opened);
            let state = if submits { InvitationState::Submitted } else { InvitationState::Started };
            let id = InvitationId(self.chance.id());
            let person = self.people.all[*n].id;
            self.story.invitation(&Invitation {
                id,
                person,
                state,
                by: self.facilitator,
                invited_at: opened,
                started_at: Some(at),
                submitted_at: submits.then_some(at),
                closed_at: None,
            });
            self.sessions(id, *n, at);
            self.answers(id, person, at, submits, &mut quotes)?;
        }
        Ok(())
    }

    /// One to three stretches of work, one after the other.
    fn sessions(&mut self, invitation_id: InvitationId, n: usize, told_at: DateTime<Utc>) {
        let mut from = self.started + TimeDelta::minutes(self.chance.between(0, self.minutes / 2));
        for _ in 0..self.chance.between(1, 3) {
            let until = from + TimeDelta::minutes(self.chance.between(15, 180));
            let session = WorkSession {
                id: WorkSessionId(self.chance.id()),
                invitation_id,
                person_id: self.people.all[n].id,
                incident_id: self.story.incident(),
                started_at: from,
                ended_at: until,
                zone: self.people.all[n].zone.to_owned(),
                kind: *self.chance.one(&WorkKind::ALL),
            };
            self.story.session(session, told_at);
            from = until + TimeDelta::minutes(self.chance.between(30, 300));
        }
    }

    /// Ten answers: all questions but those for stretches and names. Up to two of an incident are quoted.
    fn answers(
        &mut self,
        invitation_id: InvitationId,
        author: PersonId,
        at: DateTime<Utc>,
        submits: bool,
        quotes: &mut u32,
    ) -> Result<(), String> {
        for kind in interviews::twelve()
            .questions
            .iter()
            .map(|q| q.kind)
            .filter(|k| !matches!(k.number, interviews::WORK | interviews::NOMINATIONS))
        {
            let audience = if self.chance.percent(60) { kind.default } else { *self.chance.one(kind.allowed) };
            let choice = if kind.choices.is_empty() { "" } else { self.chance.one(kind.choices).0 };
            let first = said(self.chance, words::ANSWERS, self.system);
            let text = format!("{first} {}", said(self.chance, words::ANSWERS, self.system));
            let answer = Answer {
                id: AnswerId(self.chance.id()),
                invitation_id,
                question: kind.number,
                body: AnswerBody { text, choice: choice.to_owned(), ..AnswerBody::default() },
                audience,
                count_me: !kind.choices.is_empty(),
                with_name: false,
                released_at: submits.then_some(at),
                saved_at: at,
                version: 1,
            };
            self.story.answer(&answer, author).map_err(told)?;
            if submits && audience == Audience::Parked {
                self.story.parked(ParkedId(self.chance.id()), author, Some(answer.id), &answer.body.text, false, at);
            }
            if self.published.is_some() && audience >= Audience::Unattributed && *quotes < 2 && self.chance.percent(30) {
                *quotes += 1;
                self.quote(&answer, author, first, at);
            }
        }
        Ok(())
    }

    fn quote(&mut self, answer: &Answer, author: PersonId, text: String, at: DateTime<Utc>) {
        let named = answer.audience == Audience::Named;
        self.story.quote(&Quote {
            excerpt: Excerpt {
                id: ExcerptId(self.chance.id()),
                section: *self.chance.one(&SECTIONS),
                text,
                offered: String::new(),
                paraphrase: false,
                attribution: if named { Attribution::Named } else { Attribution::Unattributed },
                author: None,
                state: ExcerptState::Right,
                version: 2,
            },
            answer: answer.id,
            author,
            sent_at: at + TimeDelta::minutes(5),
            decided_at: Some(at + TimeDelta::minutes(15)),
        });
    }

    /// The wall of a published incident, who plans it, and its items once planning is open.
    fn plan(&mut self, responders: &[usize], factors: Vec<FactorId>, learnings: Vec<LearningId>) {
        let Some(published) = self.published else { return };
        let Ok(zone) = parse_zone(self.zone) else { return };
        let opens_at = add_working_days(published, 2, zone, &Holidays::default());
        self.story.wall(opens_at);
        let planner = self.people.all[responders[0]].id;
        self.story.role(planner, IncidentRole::Planner, self.facilitator, published);
        if opens_at >= self.now - TimeDelta::days(1) {
            return;
        }
        for position in 1..=self.chance.between(0, 3) {
            let state = *self.chance.one(&ItemState::ALL);
            let reason = if state == ItemState::WontDo { words::NOT_DONE.to_owned() } else { String::new() };
            let added = opens_at + TimeDelta::hours(3);
            let item = Item {
                id: ItemId(self.chance.id()),
                title: said(self.chance, words::ITEMS, self.system),
                body: String::new(),
                owner_id: Some(self.people.all[*self.chance.one(responders)].id).filter(|_| state != ItemState::Proposed),
                owner: None,
                due_on: Some((opens_at + TimeDelta::days(self.chance.between(7, 90))).date_naive())
                    .filter(|_| state != ItemState::Proposed),
                effect: said(self.chance, words::EFFECTS, self.system),
                state,
                reason,
                harder: String::new(),
                effort: Some(*self.chance.one(&Effort::ALL)),
                tracker: String::new(),
                decided_at: (state != ItemState::Proposed).then_some(added),
                done_at: (state == ItemState::Done).then(|| (added + TimeDelta::days(21)).min(self.now)),
                helped: Vec::new(),
                factors: factors.iter().copied().take(1).collect(),
                learnings: learnings.iter().copied().take(1).collect(),
                parked_id: None,
                version: 1,
            };
            self.story.item(&item, position, planner, added);
        }
    }
}
