//! One incident of the demo, from its first minute to its plan.

use super::Roster;
use super::days::Days;
use super::files::{Answer, Incident, Passage, State, Told, Work};
use crate::cli::told as said;
use chrono::{DateTime, TimeDelta, Utc};
use domain::holidays::Holidays;
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};
use domain::interviews::{self, AnswerBody, Audience, Entry, InvitationState, WorkKind, WorkSession};
use domain::learnings::{Factor, FactorDetails, FactorState, Learning, LearningDetails, LearningKind};
use domain::people::IncidentRole;
use domain::planning::{Effort, Item, ItemState};
use domain::reviews::themes::{Mark, ThemeDraft};
use domain::reviews::{Attribution, Excerpt, ExcerptState, SectionKind};
use domain::timeline::hypothesis::{HypothesisState, NewHypothesis};
use domain::timeline::perspectives::NewPlaced;
use domain::timeline::{EventDetails, EventKind, NewEvent, Placement, Precision};
use domain::vocabulary::{Tag, Vocabulary};
use domain::walltime::{add_working_days, parse_zone};
use domain::{
    AnswerId, EventId, ExcerptId, FactorId, HypothesisId, IncidentId, InvitationId, ItemId, LearningId, NominationId, ParkedId,
    PassageId, PersonId, ThemeId, WorkSessionId,
};
use std::collections::HashMap;
use store::random::id;
use store::seed::{Batch, Invitation, Made, Quote, Review, Story};

/// What a slug of the files stands for.
fn slug<T>(found: Option<T>, slug: &str) -> Result<T, String> {
    found.ok_or_else(|| format!("the demo's files say {slug}, which is nothing here"))
}

/// Tells one incident.
///
/// # Errors
/// A sentence: a name in the files is unknown, or what the database said.
pub(super) fn tell(
    batch: &mut Batch,
    roster: &Roster,
    number: i64,
    days: &Days,
    incident: &Incident,
    told: Option<&Told>,
) -> Result<(), String> {
    let reporter = roster.person(incident.work.first().map_or("", |work| &work.person))?;
    let noted = |minutes: i64| days.after_start(minutes + 3);
    let last_event = incident.event.last().map_or(0, |event| event.offset_minutes);
    let changed_at = match incident.state {
        State::Open | State::Resolved => noted(last_event),
        State::InReview => days.opened,
        _ => days.published.unwrap_or_else(|| days.written()),
    };
    let made = Made {
        id: IncidentId(id()),
        number,
        new: NewIncident {
            title: incident.title.clone(),
            summary: incident.summary.trim().to_owned(),
            severity: slug(Severity::from_number(incident.severity), "a severity")?,
            nature: Nature::from_slug(&incident.nature),
            state: match incident.state {
                State::Open => IncidentState::Open,
                State::Resolved => IncidentState::Resolved,
                State::Published | State::Soaking => IncidentState::Published,
                State::InReview | State::Calibration | State::Invited => IncidentState::InReview,
            },
            team_id: Some(*slug(roster.teams.get(&incident.team), &incident.team)?),
            started_at: days.started,
            detected_at: Some(days.after_start(incident.detected_after_minutes)),
            declared_at: incident.declared_after_minutes.map(|minutes| days.after_start(minutes)),
            mitigated_at: incident.mitigated_after_minutes.map(|minutes| days.after_start(minutes)),
            resolved_at: days.resolved,
            zone: incident.zone.clone(),
            restricted: incident.restricted,
        },
        created_by: reporter,
        created_at: noted(incident.detected_after_minutes),
        changed_at,
        published_at: days.published,
    };
    let mut story = batch.incident(made);
    for service in &incident.services {
        story.service(*slug(roster.services.get(service), service)?);
    }
    let mut events = HashMap::new();
    for (position, event) in (1..).zip(&incident.event) {
        let event_id = EventId(id());
        events.insert(event.offset_minutes, event_id);
        let at = days.after_start(event.offset_minutes);
        let precision = event.precision.as_deref().map_or(Some(Precision::Exact), Precision::from_slug);
        let new = NewEvent {
            at: Some(at),
            ends_at: None,
            precision: slug(precision, "a precision")?,
            as_written: String::new(),
            zone: incident.zone.clone(),
            kind: slug(EventKind::from_slug(&event.kind), &event.kind)?,
            body: event.body.trim().to_owned(),
            flag: String::new(),
            details: EventDetails {
                role: event.role.clone(),
                question: event.ask.clone(),
                learned_later: event.later,
                placement: slug(Placement::from_slug(&event.became), &event.became)?,
                settled_at: event.settled_after_minutes.map(|minutes| days.after_start(minutes)),
                ..EventDetails::default()
            },
            position,
        };
        story.event(event_id, new, reporter, noted(event.offset_minutes.max(incident.detected_after_minutes)));
    }
    for thought in &incident.hypothesis {
        let said = NewHypothesis {
            body: thought.body.clone(),
            state: slug(HypothesisState::from_slug(&thought.state), &thought.state)?,
            raised_at: Some(days.after_start(thought.raised_after_minutes)),
            settled_at: Some(days.after_start(thought.settled_after_minutes)),
            spoke_for: thought.spoke_for.clone(),
            spoke_against: thought.spoke_against.clone(),
            zone: incident.zone.clone(),
        };
        story.hypothesis(HypothesisId(id()), said, reporter, noted(thought.settled_after_minutes));
    }
    let left = Left { factors: factors(&mut story, incident, days)?, learnings: learnings(&mut story, incident, days)? };
    if incident.state.has_review() {
        Telling { story, roster, days, incident, told, events, ideas: HashMap::new() }.review(&left)?;
    }
    Ok(())
}

/// What an incident left behind, in the order of its files: items point at it.
struct Left {
    factors: Vec<FactorId>,
    learnings: Vec<LearningId>,
}

fn factors(story: &mut Story<'_>, incident: &Incident, days: &Days) -> Result<Vec<FactorId>, String> {
    let mut ids = Vec::new();
    for (position, factor) in (1..).zip(&incident.factor) {
        let new = Factor {
            id: FactorId(id()),
            body: factor.body.trim().to_owned(),
            tags: tags(&factor.category)?,
            details: FactorDetails { state: FactorState::Agreed, ..FactorDetails::default() },
            position,
            version: 1,
        };
        ids.push(new.id);
        story.factor(new, days.after_start(incident.detected_after_minutes + 20));
    }
    Ok(ids)
}

/// The tags of a factor in the files: slugs, separated by commas.
fn tags(said: &str) -> Result<Vec<Tag>, String> {
    let words = Vocabulary::default();
    let known = |tag: &Tag| tag.is_unsorted() || words.find(tag).is_some();
    let tags = said.split(',').map(|each| slug(Tag::parse(each.trim()).filter(known), each));
    Ok(tags.collect::<Result<Vec<Tag>, String>>()?.into_iter().filter(|tag| !tag.is_unsorted()).collect())
}

fn learnings(story: &mut Story<'_>, incident: &Incident, days: &Days) -> Result<Vec<LearningId>, String> {
    let mut ids = Vec::new();
    for (position, learning) in (1..).zip(&incident.learning) {
        let new = Learning {
            id: LearningId(id()),
            kind: slug(LearningKind::from_slug(&learning.kind), &learning.kind)?,
            body: learning.body.trim().to_owned(),
            before: learning.before.trim().to_owned(),
            worded_as_plan: false,
            details: LearningDetails::default(),
            status_at: None,
            position,
            version: 1,
        };
        ids.push(new.id);
        story.learning(new, days.written());
    }
    Ok(ids)
}

/// A conversation while it is told.
struct Conversation {
    id: InvitationId,
    person: PersonId,
    submitted_at: Option<DateTime<Utc>>,
    /// When its author wrote, submitted or not.
    wrote_at: DateTime<Utc>,
}

/// Answers by person and question, with their authors.
type Kept = HashMap<(String, i64), (AnswerId, PersonId)>;

/// An incident with a review, on its way through it.
struct Telling<'a> {
    story: Story<'a>,
    roster: &'a Roster,
    days: &'a Days,
    incident: &'a Incident,
    told: Option<&'a Told>,
    /// The events by their minute.
    events: HashMap<i64, EventId>,
    /// What each person parked first: items say which of them they were made from.
    ideas: HashMap<&'a str, ParkedId>,
}

impl<'a> Telling<'a> {
    fn review(mut self, left: &Left) -> Result<(), String> {
        let facilitator = self.roster.person(self.incident.facilitator.as_deref().unwrap_or_default())?;
        let (days, admin) = (self.days, self.roster.administrator);
        self.story.role(facilitator, IncidentRole::Facilitator, admin, days.opened);
        for planner in &self.incident.planners {
            let at = days.published.unwrap_or(days.opened);
            self.story.role(self.roster.person(planner)?, IncidentRole::Planner, facilitator, at);
        }
        let has_quotes = self.told.is_some_and(|told| !told.quote.is_empty());
        let zone = parse_zone(&self.incident.zone).map_err(|_| "no zone".to_owned())?;
        self.story.review(&Review {
            opened_by: admin,
            opened_at: days.opened,
            quotes_due_at: has_quotes.then(|| add_working_days(days.quotes_sent, 2, zone, &Holidays::default())),
            published: days.published.map(|at| (facilitator, at)),
        });
        if let Some(at) = days.wall {
            self.story.wall(at);
        }
        self.sections(facilitator)?;
        let conversations = self.conversations(facilitator)?;
        if let Some(told) = self.told {
            let answers = self.answers(told, &conversations, facilitator)?;
            self.nominations(told, &conversations, &answers)?;
            self.quotes(told, &answers)?;
            self.themes(told, &answers, facilitator)?;
            self.perspectives(told, &answers, facilitator)?;
            for parked in &told.parked {
                let (author, idea) = (self.roster.person(&parked.person)?, ParkedId(id()));
                self.story.parked(idea, author, None, parked.text.trim(), false, days.quotes_sent);
                self.ideas.entry(&parked.person).or_insert(idea);
            }
            self.items(told, left)?;
        }
        Ok(())
    }

    fn sections(&mut self, facilitator: PersonId) -> Result<(), String> {
        let at = self.days.written();
        if let Some(told) = self.told {
            for (kind, body) in &told.sections {
                self.story.section(slug(SectionKind::from_slug(kind), kind)?, body.trim(), facilitator, at);
            }
            return Ok(());
        }
        if !self.incident.narrative.trim().is_empty() {
            self.story.section(SectionKind::Narrative, self.incident.narrative.trim(), facilitator, at);
        }
        if !self.incident.went_right.is_empty() {
            let lines: Vec<String> = self.incident.went_right.iter().map(|line| format!("- {}", line.trim())).collect();
            self.story.section(SectionKind::WentRight, &lines.join("\n"), facilitator, at);
        }
        Ok(())
    }

    /// Everybody who worked is asked. In older published reviews those of whom no answer is told have told their hours alone.
    fn conversations(&mut self, facilitator: PersonId) -> Result<HashMap<String, Conversation>, String> {
        let mut conversations = HashMap::new();
        let invited_at = self.days.opened + TimeDelta::minutes(20);
        for (n, work) in self.incident.work.iter().enumerate() {
            let key = &work.person;
            let wrote_at = self.days.submitted(n, self.incident.work.len());
            let state = match self.told {
                Some(told) if told.submitted.contains(key) => InvitationState::Submitted,
                Some(told) if told.declined.contains(key) => InvitationState::Declined,
                Some(told) if told.answer.iter().any(|a| a.person == *key) => InvitationState::Started,
                _ if self.incident.state == State::Published => InvitationState::Submitted,
                _ => InvitationState::Invited,
            };
            let writes = matches!(state, InvitationState::Submitted | InvitationState::Started);
            let conversation = Conversation {
                id: InvitationId(id()),
                person: self.roster.person(key)?,
                submitted_at: (state == InvitationState::Submitted).then_some(wrote_at),
                wrote_at,
            };
            self.story.invitation(&Invitation {
                id: conversation.id,
                person: conversation.person,
                state,
                by: facilitator,
                invited_at,
                started_at: writes.then(|| wrote_at - TimeDelta::minutes(25)),
                submitted_at: conversation.submitted_at,
                closed_at: (state == InvitationState::Declined).then_some(wrote_at),
            });
            if writes {
                self.session(work, &conversation)?;
            }
            conversations.insert(key.clone(), conversation);
        }
        Ok(conversations)
    }

    fn session(&mut self, work: &Work, conversation: &Conversation) -> Result<(), String> {
        let session = WorkSession {
            id: WorkSessionId(id()),
            invitation_id: conversation.id,
            person_id: conversation.person,
            incident_id: self.story.incident(),
            started_at: self.days.after_start(work.start_offset_minutes),
            ended_at: self.days.after_start(work.start_offset_minutes + work.minutes),
            zone: self.roster.zone(&work.person).to_owned(),
            kind: slug(WorkKind::from_slug(&work.kind), &work.kind)?,
        };
        if session.started_at < session.ended_at {
            self.story.session(session, conversation.wrote_at);
        }
        Ok(())
    }

    /// Keeps the answers; answers to question 9 are parked, and the facilitator has read what is readable.
    fn answers(
        &mut self,
        told: &'a Told,
        conversations: &HashMap<String, Conversation>,
        facilitator: PersonId,
    ) -> Result<Kept, String> {
        let mut known = HashMap::new();
        for answer in &told.answer {
            let conversation = slug(conversations.get(&answer.person), &answer.person)?;
            let kept = kept(answer, conversation)?;
            let (answer_id, author) = (kept.id, conversation.person);
            self.story.answer(&kept, author).map_err(said)?;
            if let Some(at) = conversation.submitted_at {
                if kept.audience == Audience::Parked {
                    let idea = ParkedId(id());
                    self.story.parked(idea, author, Some(answer_id), &kept.body.text, kept.with_name, at);
                    self.ideas.entry(&answer.person).or_insert(idea);
                }
                if kept.audience >= Audience::Facilitator {
                    let read_at = (at + TimeDelta::hours(3)).min(self.days.written());
                    self.story.read(answer_id, facilitator, read_at.max(at));
                }
            }
            known.insert((answer.person.clone(), answer.question), (answer_id, author));
        }
        Ok(known)
    }

    fn nominations(&mut self, told: &Told, conversations: &HashMap<String, Conversation>, answers: &Kept) -> Result<(), String> {
        let mut beside: Vec<&str> = Vec::new();
        for nomination in &told.nomination {
            let conversation = slug(conversations.get(&nomination.person), &nomination.person)?;
            let (name, reason) = (nomination.name.trim(), nomination.reason.trim());
            self.story.nomination(NominationId(id()), conversation.id, name, reason, conversation.wrote_at).map_err(said)?;
            // Names stand beside an answer to question 12, which says who may read them.
            let there = answers.contains_key(&(nomination.person.clone(), interviews::NOMINATIONS));
            if !there && !beside.contains(&nomination.person.as_str()) {
                beside.push(&nomination.person);
                let answer = Answer {
                    person: nomination.person.clone(),
                    question: interviews::NOMINATIONS,
                    audience: Audience::Facilitator.slug().to_owned(),
                    text: String::new(),
                    role: String::new(),
                    choice: String::new(),
                    with_name: false,
                };
                self.story.answer(&kept(&answer, conversation)?, conversation.person).map_err(said)?;
            }
        }
        Ok(())
    }

    fn quotes(&mut self, told: &Told, answers: &Kept) -> Result<(), String> {
        for (n, quote) in told.quote.iter().enumerate() {
            let (answer, author) = *slug(answers.get(&(quote.person.clone(), quote.question)), &quote.text)?;
            let state = slug(ExcerptState::from_slug(&quote.state), &quote.state)?;
            let decided = state != ExcerptState::Waiting;
            self.story.quote(&Quote {
                excerpt: Excerpt {
                    id: ExcerptId(id()),
                    section: slug(SectionKind::from_slug(&quote.section), &quote.section)?,
                    text: quote.text.trim().to_owned(),
                    offered: quote.offered.trim().to_owned(),
                    paraphrase: false,
                    attribution: Attribution::from_slug(&quote.attribution),
                    author: None,
                    state,
                    version: if decided { 2 } else { 1 },
                },
                answer,
                author,
                sent_at: self.days.quotes_sent,
                decided_at: decided.then(|| self.days.decided(n)),
            });
        }
        Ok(())
    }

    /// What the facilitator marked, once it was read.
    fn themes(&mut self, told: &Told, answers: &Kept, facilitator: PersonId) -> Result<(), String> {
        let at = self.days.written();
        let mark = |story: &mut Story<'_>, theme: Option<ThemeId>, passage: &Passage| {
            let (answer, _) = *slug(answers.get(&(passage.person.clone(), passage.question)), &passage.text)?;
            let mark = Mark { text: passage.text.trim().to_owned(), note: passage.about.trim().to_owned() };
            story.passage(PassageId(id()), answer, theme, &mark, facilitator, at);
            Ok::<(), String>(())
        };
        for (position, theme) in (1..).zip(&told.theme) {
            let theme_id = ThemeId(id());
            let draft = ThemeDraft { name: theme.name.trim().to_owned(), opening: theme.opening.trim().to_owned() };
            self.story.theme(theme_id, &draft, position, facilitator, at);
            for passage in &theme.passages {
                mark(&mut self.story, Some(theme_id), passage)?;
            }
        }
        told.marked.iter().try_for_each(|passage| mark(&mut self.story, None, passage))
    }

    /// What stands beside the timeline.
    fn perspectives(&mut self, told: &Told, answers: &Kept, facilitator: PersonId) -> Result<(), String> {
        let at = self.days.written();
        for placed in &told.placed {
            let (answer, author) = *slug(answers.get(&(placed.person.clone(), placed.question)), &placed.text)?;
            let event = *slug(self.events.get(&placed.at), &placed.text)?;
            let words = NewPlaced {
                text: placed.text.trim().to_owned(),
                own_time: placed.own.map(|minutes| self.days.after_start(minutes)),
                differs: placed.differs,
            };
            self.story.placed(event, answer, &words, if placed.by_author { author } else { facilitator }, at);
        }
        for different in &told.different {
            let event = *slug(self.events.get(&different.at), &different.note)?;
            self.story.told_differently(event, different.note.trim(), facilitator, at);
        }
        Ok(())
    }

    fn items(&mut self, told: &Told, left: &Left) -> Result<(), String> {
        let planner = self.incident.planners.first().map_or(Ok(self.roster.administrator), |key| self.roster.person(key))?;
        for (position, item) in (1..).zip(&told.item) {
            let state = slug(ItemState::from_slug(&item.state), &item.state)?;
            let (decided, added) = (state != ItemState::Proposed, self.days.planned(position));
            let new = Item {
                id: ItemId(id()),
                title: item.title.trim().to_owned(),
                body: item.body.trim().to_owned(),
                owner_id: Some(self.roster.person(&item.owner)?).filter(|_| decided),
                owner: None,
                due_on: Some(self.days.days_ago(item.due_in_days)).filter(|_| decided),
                effect: item.effect.trim().to_owned(),
                harder: item.harder.trim().to_owned(),
                effort: Effort::from_slug(&item.effort),
                state,
                reason: item.reason.trim().to_owned(),
                tracker: String::new(),
                decided_at: decided.then_some(added),
                done_at: (state == ItemState::Done).then(|| self.days.done(item.due_in_days, added)),
                helped: Vec::new(),
                factors: item.factors.iter().filter_map(|n| left.factors.get(*n)).copied().collect(),
                learnings: item.learnings.iter().filter_map(|n| left.learnings.get(*n)).copied().collect(),
                parked_id: match &item.idea {
                    Some(key) => Some(*slug(self.ideas.get(key.as_str()), key)?),
                    None => None,
                },
                version: 1,
            };
            self.story.item(&new, position, planner, added);
        }
        Ok(())
    }
}

/// An answer of the files as it is kept: a draft unless its author submitted.
/// A card of question 1; none where no role is told.
fn role_told(role: &str) -> Vec<Entry> {
    let entry = (!role.is_empty()).then(|| Entry([("role".to_owned(), role.to_owned())].into()));
    entry.into_iter().collect()
}

fn kept(answer: &Answer, conversation: &Conversation) -> Result<interviews::Answer, String> {
    Ok(interviews::Answer {
        id: AnswerId(id()),
        invitation_id: conversation.id,
        question: answer.question,
        body: AnswerBody {
            text: answer.text.trim().to_owned(),
            choice: answer.choice.clone(),
            entries: role_told(&answer.role),
            ..AnswerBody::default()
        },
        audience: slug(Audience::from_slug(&answer.audience), &answer.audience)?,
        count_me: !answer.choice.is_empty(),
        with_name: answer.with_name,
        released_at: conversation.submitted_at,
        saved_at: conversation.wrote_at - TimeDelta::minutes(2 * (12 - answer.question).clamp(0, 11)),
        version: 1,
    })
}
