//! Builds the world through the store's own doors.

use super::people::{People, people};
use super::{Canary, GUEST, Held, Kept, Raw, Told, Voice, World};
use crate::support::app::{App, at};
use chrono::{DateTime, Duration, Utc};
use domain::imported::{ImportedAction, ImportedFile, ImportedIncident};
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};
use domain::interviews::{self, AnswerBody, Audience, Entry, EntryField, EntryShape, FieldKind, WorkKind};
use domain::learnings::{FactorCategory, LearningKind};
use domain::people::Viewer;
use domain::planning::{ItemDraft, ItemState};
use domain::reviews::themes::{Mark, ThemeDraft};
use domain::reviews::{Attribution, Decision, SectionKind};
use domain::stretches::NewStretch;
use domain::timeline::attachments::{AttachmentKind, Limits};
use domain::timeline::hypothesis::{HypothesisState, NewHypothesis};
use domain::timeline::perspectives::{Placing, has_lane};
use domain::timeline::{EventDetails, EventKind, EventSource, NewEvent, Placement, Precision, SourceKind};
use domain::{IncidentId, PersonId};
use std::collections::BTreeMap;
use store::interviews::{Invitee, SaveAnswer, SetKey};
use store::reviews::Draft;
use store::timeline::attachments::{self, NewAttachment};
use store::timeline::perspectives::Target;

struct Builder<'a> {
    app: &'a App,
    p: &'a People,
    canaries: Vec<Canary>,
}

/// Makes all of it through the store's own doors.
pub async fn build(app: &App) -> World {
    let people = people(app).await;
    let mut b = Builder { app, p: &people, canaries: Vec::new() };
    let mut open = b.incident(&people.responder, "open", IncidentState::Open).await;
    let mut resolved = b.incident(&people.planner, "resolved", IncidentState::Resolved).await;
    let mut review = b.in_review().await;
    let mut closed = b.published("closed", "2026-03-04T08:00:00Z", "2026-03-05T09:00:00Z").await;
    let mut planned = b.published("planned", "2026-02-09T08:00:00Z", "2026-02-10T09:00:00Z").await;
    b.plan(&mut planned).await;
    let mut imported = b.imported().await;
    let mut foreign = b.foreign().await;
    for (told, name, by) in [
        (&mut open, "open", &people.responder),
        (&mut resolved, "resolved", &people.planner),
        (&mut review, "review", &people.planner),
        (&mut closed, "closed", &people.planner),
        (&mut planned, "planned", &people.planner),
        (&mut imported, "imported", &people.importer),
        (&mut foreign, "foreign", &people.foreign_responder),
    ] {
        b.raw(told, name, by).await;
    }
    let (first, second) = (closed.learning.unwrap(), planned.learning.unwrap());
    for (told, learning, by) in [
        (&mut review, first, &people.facilitator),
        (&mut closed, second, &people.facilitator),
        (&mut planned, first, &people.facilitator),
        (&mut foreign, first, &people.foreign_facilitator),
    ] {
        let now = at("2026-03-06T09:00:00Z");
        told.met = Some(store::learnings::meet(&app.store, by, told.id, learning, "Again", now).await.unwrap());
    }
    let canaries = b.canaries;
    store::people::set_manager(&app.store, people.responder.person_id, Some(people.manager.person_id)).await.unwrap();
    let kept = kept(app, &people).await;
    World { kept, people, open, resolved, review, closed, planned, imported, foreign, canaries }
}

/// What administrators keep, through the store's own doors.
async fn kept(app: &App, people: &People) -> Kept {
    use store::people::By;
    let (store, admin, now) = (&app.store, &people.admin, app.now());
    let service =
        store::services::ServiceChange { name: "Checkout".to_owned(), team_id: Some(people.team), ..Default::default() };
    let hook = a_hook(store, admin, now).await;
    let change = domain::trends::Annotation { day: now.date_naive(), words: "On call moved to two sites".to_owned() };
    let annotation = store::trends::annotate(store, &people.leader, &change, now).await.unwrap();
    let calendar = store::calendars::add(store, admin, "Denmark", now).await.unwrap();
    let christmas = domain::holidays::parse("2026-12-25", "Christmas Day").unwrap();
    store::calendars::put_days(store, admin, calendar, &[christmas], now).await.unwrap();
    // The pulse is asked, and two have answered.
    let pulse = domain::pulse::Chosen { on: true, purpose: "To look after our rotas.".to_owned(), ..Default::default() };
    store::settings::save_pulse(store, admin, &pulse, now).await.unwrap();
    for (one, step) in [(&people.named, 1), (&people.private, 5)] {
        let answers = domain::pulse::Answers::from([(domain::pulse::Item::Sleep, step), (domain::pulse::Item::Burnout, step)]);
        store::pulse::answer(store, one, &answers, now).await.unwrap();
    }
    let outsider = people.outsider.person_id;
    let replaced_link = store::people::make_link(store, By::Viewer(admin), outsider, now).await.unwrap().token;
    Kept {
        service: store::services::add(store, admin, &service, now).await.unwrap(),
        annotation,
        schedule: a_schedule(app, people, now).await,
        calendar,
        hook,
        delivery: store::timeline::hooks::deliveries(store, admin, hook).await.unwrap().1[0].id,
        proposal: store::timeline::hooks::proposals(store, &people.outsider).await.unwrap()[0].id,
        question_set: store::interviews::copy_set(store, admin, SetKey::Shipped(interviews::SHORT), now).await.unwrap(),
        empty_team: store::people::open_team(store, admin, "Nobody’s", now).await.unwrap(),
        access_link: store::people::make_link(store, By::Viewer(admin), outsider, now).await.unwrap().token,
        replaced_link,
    }
}

impl Builder<'_> {
    /// A new token, at the beginning of a sentence.
    fn token(&mut self, incident: IncidentId, label: &str, held: Held) -> String {
        use std::hash::{Hash, Hasher};
        let mut hasher = std::hash::DefaultHasher::new();
        (label, self.canaries.len()).hash(&mut hasher);
        let token = format!("canary-{label}-{:04x}", hasher.finish() & 0xffff);
        self.canaries.push(Canary { token: token.clone(), incident, held });
        token
    }

    fn text(&mut self, incident: IncidentId, label: &str, held: Held) -> String {
        format!("{} is what was written here.", self.token(incident, label, held))
    }

    /// An entry in which each field that takes words holds a token of its own.
    fn entry(&mut self, incident: IncidentId, label: &str, held: Held, shape: &EntryShape) -> Entry {
        let value = |field: &EntryField| match field.kind {
            FieldKind::Pick(options) => options[0].0.to_owned(),
            FieldKind::Line | FieldKind::Words => self.token(incident, &format!("{label}-{}", field.key), held.clone()),
        };
        Entry(shape.fields().map(value).zip(shape.fields()).map(|(value, field)| (field.key.to_owned(), value)).collect())
    }

    async fn incident(&mut self, by: &Viewer, name: &str, state: IncidentState) -> Told {
        let store = &self.app.store;
        let started_at = at("2026-02-02T10:00:00Z");
        let now = started_at + chrono::Duration::hours(3);
        let new = NewIncident {
            title: format!("canary-{name}-title"),
            summary: format!("canary-{name}-summary is what was written here."),
            severity: Severity::Sev2,
            nature: Nature::Incident,
            state,
            team_id: Some(self.p.team),
            started_at,
            detected_at: Some(started_at),
            declared_at: None,
            mitigated_at: None,
            resolved_at: (state != IncidentState::Open).then(|| started_at + chrono::Duration::hours(2)),
            zone: "Europe/Copenhagen".to_owned(),
            restricted: false,
        };
        let key = store::incidents::add(store, by, &new, now).await.unwrap();
        let id = store::incidents::by_key(store, by, key, now).await.unwrap().incident.id;
        for label in ["title", "summary"] {
            self.canaries.push(Canary { token: format!("canary-{name}-{label}"), incident: id, held: Held::Incident });
        }
        let event = NewEvent {
            at: Some(started_at),
            ends_at: None,
            precision: Precision::Exact,
            as_written: String::new(),
            zone: "Europe/Copenhagen".to_owned(),
            kind: EventKind::Mitigation,
            body: self.text(id, &format!("{name}-event"), Held::Incident),
            flag: String::new(),
            details: EventDetails {
                role: self.text(id, &format!("{name}-role"), Held::Incident),
                question: self.text(id, &format!("{name}-ask"), Held::Incident),
                sources: vec![EventSource {
                    kind: SourceKind::Chat,
                    title: self.text(id, &format!("{name}-link"), Held::Incident),
                    url: "https://chat.example/1".to_owned(),
                }],
                placement: Placement::InPlace,
                ..EventDetails::default()
            },
            position: 1,
        };
        let event = store::timeline::add(store, by, id, &event, now).await.unwrap();
        let thought = NewHypothesis {
            body: self.text(id, &format!("{name}-thought"), Held::Incident),
            state: HypothesisState::Dropped,
            raised_at: Some(started_at),
            settled_at: Some(started_at + chrono::Duration::minutes(9)),
            spoke_for: self.text(id, &format!("{name}-for"), Held::Incident),
            spoke_against: self.text(id, &format!("{name}-against"), Held::Incident),
            zone: "UTC".to_owned(),
        };
        let hypothesis = store::timeline::hypotheses::add(store, by, id, &thought, now).await.unwrap();
        let of = store::history::Filter { object: Some(event.to_string()), ..Default::default() };
        let told = store::history::page(store, by, id, &of, 1, now).await.unwrap();
        let store::history::LineId::Edit(change) = told.lines[0].id else { panic!("an edit") };
        let file = NewAttachment {
            kind: AttachmentKind::Text,
            name: format!("{}.txt", self.token(id, &format!("{name}-file"), Held::File)),
            alt: String::new(),
            size: None,
            bytes: self.text(id, &format!("{name}-inside"), Held::File).into_bytes(),
        };
        let attachment = attachments::add(store, by, id, file, Limits::default(), now).await.unwrap();
        Told {
            id,
            key,
            attachment: Some(attachment),
            event: Some(event),
            hypothesis: Some(hypothesis),
            change: Some(change),
            factor: None,
            learning: None,
            source: None,
            voices: BTreeMap::new(),
            quotes: BTreeMap::new(),
            theme: None,
            line: None,
            call: None,
            comment: None,
            link: None,
            met: None,
            thanks: None,
            passage: None,
            placed: None,
            idea: None,
            item: None,
            group: None,
            raw: Raw::default(),
        }
    }

    /// Factors and learnings, kept by the facilitator.
    async fn learned(&mut self, told: &mut Told, name: &str, by: &Viewer, now: DateTime<Utc>) {
        let store = &self.app.store;
        let words = self.text(told.id, &format!("{name}-factor"), Held::Incident);
        let mut factor = store::learnings::NewFactor::plain(FactorCategory::CodeChange, words);
        factor.details.other_view = self.text(told.id, &format!("{name}-other-view"), Held::Incident);
        let learning = store::learnings::NewLearning {
            kind: LearningKind::System,
            body: self.text(told.id, &format!("{name}-learning"), Held::Incident),
            before: self.text(told.id, &format!("{name}-before"), Held::Incident),
            worded_as_plan: false,
            details: Default::default(),
        };
        told.factor = Some(store::learnings::add_factor(store, by, told.id, &factor, now).await.unwrap());
        let id = store::learnings::add_learning(store, by, told.id, &learning, now).await.unwrap();
        let runbook = domain::learnings::NewLink {
            kind: domain::learnings::LinkKind::Runbook,
            title: self.text(told.id, &format!("{name}-runbook"), Held::Incident),
            address: "https://runbooks.example/one".to_owned(),
            day: None,
        };
        told.learning = Some(id);
        told.link = Some(store::learnings::add_link(store, by, (told.id, id), &runbook, now).await.unwrap());
    }

    /// Invites somebody, who answers every question with the widest audience up to `widest`, tells a stretch, names somebody, and
    /// submits.
    async fn talk(
        &mut self,
        told: &mut Told,
        by: &Viewer,
        author: Option<&Viewer>,
        widest: Audience,
        submitted: bool,
        now: DateTime<Utc>,
    ) {
        let store = &self.app.store;
        let whom = author.map_or_else(|| Invitee::Guest(GUEST.to_owned()), |a| Invitee::Person(a.person_id));
        let added = store::interviews::invite(store, by, told.id, &whom, None, now).await.unwrap();
        let guest;
        let author = match author {
            Some(author) => author,
            None => {
                let link = added.token.as_deref().unwrap();
                let (_, session) = store::interviews::begin_by_link(store, link, now).await.unwrap();
                guest = store::sessions::find(store, &session, now).await.unwrap().unwrap();
                &guest
            }
        };
        let first = author.name.split(' ').next().unwrap_or_default().to_lowercase();
        for question in interviews::twelve().questions.iter().map(|q| q.kind).filter(|q| q.number != interviews::WORK) {
            let audience = match question.number {
                interviews::RECURRENCE if widest > Audience::OnlyMe => Audience::Parked,
                _ => *question.allowed.iter().filter(|a| **a <= widest).max().unwrap(),
            };
            let held = Held::Answer { author: author.person_id, question: question.number, audience, submitted };
            let label = format!("{}-{first}-q{}-{}", told.key, question.number, audience.slug());
            let entries =
                question.entries.map(|shape| vec![self.entry(told.id, &label, held.clone(), shape)]).unwrap_or_default();
            let text = self.text(told.id, &label, held);
            let save = SaveAnswer {
                body: AnswerBody {
                    text,
                    choice: question.choices.first().map_or(String::new(), |(v, _)| (*v).to_owned()),
                    instead: None,
                    entries,
                    ticked: question.ticks.iter().map(|(value, _)| (*value).to_owned()).collect(),
                },
                audience,
                count_me: true,
                with_name: widest == Audience::Named,
                base_version: 0,
                request_key: String::new(),
                follows: String::new(),
            };
            store::interviews::save(store, author, added.id, question.number, &save, now).await.unwrap();
        }
        let began = at("2026-02-02T11:00:00Z");
        let stretch = NewStretch {
            started_at: began,
            ended_at: began + Duration::minutes(73),
            zone: chrono_tz::Europe::Copenhagen,
            kind: WorkKind::Responding,
        };
        store::interviews::add_session(store, author, added.id, &stretch, now).await.unwrap();
        let audience = widest.min(Audience::Facilitator);
        let held = Held::Answer { author: author.person_id, question: interviews::NOMINATIONS, audience, submitted };
        let (whom, why) = (format!("{}-{first}-nominated", told.key), format!("{}-{first}-reason", told.key));
        let (whom, why) = (self.token(told.id, &whom, held.clone()), self.token(told.id, &why, held));
        store::interviews::nominate(store, author, added.id, &whom, &why, now).await.unwrap();
        if submitted {
            store::interviews::submit(store, author, added.id, now).await.unwrap();
        }
        let page = store::interviews::page(store, author, added.id, now).await.unwrap();
        let answers = page.answers.iter().map(|a| (a.question, a.id)).collect();
        told.voices.insert(
            author.name.clone(),
            Voice {
                invitation: added.id,
                answers,
                nomination: page.nominations[0].id,
                session: page.sessions[0].id,
                link: added.token,
            },
        );
    }

    /// A paraphrase from somebody's answer; `decision` is its author's word.
    #[expect(clippy::too_many_arguments, reason = "one call a quote, each telling its whole story")]
    async fn quote(
        &mut self,
        told: &mut Told,
        label: &'static str,
        author: &Viewer,
        question: i64,
        attribution: Attribution,
        decision: Option<Decision>,
        now: DateTime<Utc>,
    ) {
        let store = &self.app.store;
        let standing = decision == Some(Decision::Right);
        let held = Held::Quote { author: author.person_id, standing, attribution };
        let draft = Draft {
            section: SectionKind::Surprised,
            text: self.text(told.id, &format!("{}-quote-{label}", told.key), held.clone()),
            paraphrase: true,
            attribution,
        };
        let answer = told.voice(author).answers[&question];
        let id = store::reviews::draft_excerpt(store, &self.p.facilitator, told.id, answer, &draft, now).await.unwrap();
        let decision = match decision {
            Some(Decision::Change(_)) => {
                Some(Decision::Change(self.text(told.id, &format!("{}-offered-{label}", told.key), held)))
            }
            other => other,
        };
        if let Some(decision) = decision {
            store::reviews::decide(store, author, id, 1, &decision, now).await.unwrap();
        }
        told.quotes.insert(label.to_owned(), id);
    }

    /// A theme, and passages for each audience that reaches a facilitator: whole answers to question 2 and a part of one.
    async fn themes(&mut self, told: &mut Told, by: &Viewer, authors: &[(&Viewer, Audience)], now: DateTime<Utc>) {
        let store = &self.app.store;
        let theme = ThemeDraft {
            name: self.token(told.id, &format!("{}-theme", told.key), Held::Theme),
            opening: self.text(told.id, &format!("{}-opening", told.key), Held::Theme),
        };
        let theme = store::reviews::add_theme(store, by, told.id, &theme, now).await.unwrap();
        told.theme = Some(theme);
        for (author, audience) in authors {
            let answer = told.voice(author).answers[&2];
            let read = store::interviews::overview(store, by, told.id, now).await.unwrap();
            let text = read.into_iter().find(|a| a.answer_id == answer).unwrap().body.text;
            let held = Held::Note { author: author.person_id, audience: *audience };
            let note = self.token(told.id, &format!("{}-note-{}", told.key, audience.slug()), held);
            let mark = Mark { text, note };
            let passage = store::reviews::mark(store, by, told.id, answer, &mark, now).await.unwrap();
            if let (Some(event), true) = (told.event, has_lane(*audience)) {
                let target = Target { incident: told.id, event };
                let placing = Placing { passage: mark.text.clone(), ..Placing::default() };
                let placed = store::timeline::perspectives::place(store, by, target, answer, &placing, now).await.unwrap();
                told.placed = Some((answer, placed));
            }
            if *audience == Audience::Named {
                told.passage = Some(passage);
            } else {
                store::reviews::gather(store, by, told.id, passage, Some(theme), now).await.unwrap();
            }
        }
    }

    /// A meeting that was held: its opening in own words, somebody to call on, who agreed, and a line.
    async fn met(&mut self, told: &mut Told, by: &Viewer, with: &Viewer, now: DateTime<Utc>) {
        use domain::reviews::meeting::LineKind;
        let store = &self.app.store;
        let line = self.token(told.id, &format!("{}-line", told.key), Held::Line);
        let about = self.token(told.id, &format!("{}-about", told.key), Held::Call { person: with.person_id });
        store::reviews::ask_to_call(store, by, told.id, with.person_id, &about, now).await.unwrap();
        store::reviews::answer_call(store, with, told.id, true, now).await.unwrap();
        store::reviews::begin(store, by, told.id, now).await.unwrap();
        let id = store::reviews::new_line();
        store::reviews::write_line(store, with, told.id, id, LineKind::Note, &line, now).await.unwrap();
        told.line = Some(id);
        told.call = store::reviews::room(store, by, told.id, now).await.unwrap().calls.first().map(|call| call.id);
        store::reviews::end(store, by, told.id, now).await.unwrap();
    }

    async fn sections(&mut self, told: &mut Told, by: &Viewer, now: DateTime<Utc>) {
        for kind in SectionKind::ALL {
            let text = self.text(told.id, &format!("{}-section-{}", told.key, kind.slug()), Held::Section);
            store::reviews::save_section(&self.app.store, by, told.id, kind, 0, &text, now).await.unwrap();
        }
        // Written before publication: it stays with those who lead the review.
        let text = self.text(told.id, &format!("{}-comment", told.key), Held::Theme);
        let comment =
            store::reviews::comment(&self.app.store, by, told.id, SectionKind::Summary, &text, true, now).await.unwrap();
        told.comment = Some(comment);
        let named = &self.p.named;
        let words = self.text(told.id, &format!("{}-thanks", told.key), Held::Call { person: named.person_id });
        let to = domain::learnings::thanks::Thanked::Person(named.person_id);
        told.thanks = Some(store::reviews::thank(&self.app.store, by, told.id, to, &words, now).await.unwrap());
    }

    async fn parked(&mut self, told: &mut Told, by: &Viewer, with_name: bool, now: DateTime<Utc>) {
        let text = self.text(told.id, &format!("{}-idea", told.key), Held::Idea { author: by.person_id });
        told.idea = Some(store::parking::park(&self.app.store, by, told.id, &text, with_name, now).await.unwrap());
    }

    /// Writes a role that its holder could not be given now, as it may have been given before.
    async fn was_appointed(&self, told: &Told, person: PersonId, at: &str) {
        let raw = &self.app.raw;
        let (incident, person) = (raw.id(told.id.0), raw.id(person.0));
        raw.run(&format!(
            "insert into incident_roles (incident_id, person_id, role, appointed_by, appointed_at)
             values ({incident}, {person}, 'facilitator', null, '{at}')"
        ))
        .await;
    }

    async fn in_review(&mut self) -> Told {
        let (p, store) = (self.p, &self.app.store);
        let (opened, talked, later) = (at("2026-03-03T09:00:00Z"), at("2026-03-03T10:00:00Z"), at("2026-03-04T09:00:00Z"));
        let mut told = self.incident(&p.planner, "review", IncidentState::Resolved).await;
        store::reviews::open(store, &p.admin, told.id, p.facilitator.person_id, false, opened).await.unwrap();
        self.talk(&mut told, &p.facilitator, Some(&p.responder), Audience::Facilitator, true, talked).await;
        self.talk(&mut told, &p.facilitator, Some(&p.other_responder), Audience::Unattributed, true, talked).await;
        self.talk(&mut told, &p.facilitator, Some(&p.named), Audience::Named, true, talked).await;
        self.talk(&mut told, &p.facilitator, Some(&p.private), Audience::OnlyMe, true, talked).await;
        self.talk(&mut told, &p.facilitator, Some(&p.drafter), Audience::Named, false, talked).await;
        self.talk(&mut told, &p.facilitator, None, Audience::Facilitator, true, talked).await;
        self.quote(&mut told, "waiting", &p.other_responder, 2, Attribution::Unattributed, None, talked).await;
        self.quote(&mut told, "right", &p.named, 6, Attribution::Named, Some(Decision::Right), talked).await;
        self.quote(&mut told, "change", &p.named, 7, Attribution::Named, Some(Decision::Change(String::new())), talked).await;
        self.quote(&mut told, "left-out", &p.other_responder, 8, Attribution::Unattributed, Some(Decision::LeaveOut), talked)
            .await;
        let marked =
            [(&p.responder, Audience::Facilitator), (&p.other_responder, Audience::Unattributed), (&p.named, Audience::Named)];
        self.themes(&mut told, &p.facilitator, &marked, talked).await;
        self.met(&mut told, &p.facilitator, &p.named, talked).await;
        self.parked(&mut told, &p.outsider, false, talked).await;
        self.sections(&mut told, &p.facilitator, talked).await;
        self.learned(&mut told, "review", &p.facilitator, talked).await;
        store::planning::appoint(store, &p.facilitator, told.id, p.planner.person_id, talked).await.unwrap();
        store::reviews::appoint(store, &p.admin, told.id, p.later_facilitator.person_id, false, later).await.unwrap();
        self.was_appointed(&told, p.leader.person_id, "2026-03-03T09:30:00+00:00").await;
        self.was_appointed(&told, p.manager.person_id, "2026-03-03T09:30:00+00:00").await;
        let (invitation, session) =
            store::interviews::begin_by_link(store, told.guest().link.as_deref().unwrap(), later).await.unwrap();
        let guest = store::sessions::find(store, &session, later).await.unwrap().unwrap();
        store::interviews::agree(store, &guest, invitation, p.later_facilitator.person_id, later).await.unwrap();
        told
    }

    async fn published(&mut self, name: &str, opened: &str, published: &str) -> Told {
        let (p, store) = (self.p, &self.app.store);
        let (opened, published) = (at(opened), at(published));
        let mut told = self.incident(&p.planner, name, IncidentState::Resolved).await;
        store::reviews::open(store, &p.admin, told.id, p.facilitator.person_id, false, opened).await.unwrap();
        self.talk(&mut told, &p.facilitator, Some(&p.responder), Audience::Facilitator, true, opened).await;
        self.talk(&mut told, &p.facilitator, Some(&p.other_responder), Audience::Unattributed, true, opened).await;
        self.talk(&mut told, &p.facilitator, Some(&p.named), Audience::Named, true, opened).await;
        self.talk(&mut told, &p.facilitator, None, Audience::Facilitator, true, opened).await;
        self.quote(&mut told, "unattributed", &p.other_responder, 2, Attribution::Unattributed, Some(Decision::Right), opened)
            .await;
        self.quote(&mut told, "named", &p.named, 6, Attribution::Named, Some(Decision::Right), opened).await;
        self.quote(&mut told, "left-out", &p.named, 7, Attribution::Named, Some(Decision::LeaveOut), opened).await;
        let marked =
            [(&p.responder, Audience::Facilitator), (&p.other_responder, Audience::Unattributed), (&p.named, Audience::Named)];
        self.themes(&mut told, &p.facilitator, &marked, opened).await;
        self.met(&mut told, &p.facilitator, &p.named, opened).await;
        self.parked(&mut told, &p.outsider, false, opened).await;
        self.sections(&mut told, &p.facilitator, opened).await;
        self.learned(&mut told, name, &p.facilitator, opened).await;
        store::planning::appoint(store, &p.facilitator, told.id, p.planner.person_id, opened).await.unwrap();
        store::reviews::publish(store, &p.facilitator, told.id, published).await.unwrap();
        told
    }

    /// A mitigation item, in a wall that has opened by itself.
    async fn plan(&mut self, told: &mut Told) {
        let planner = self.p.planner.person_id;
        let mut text = |what: &str| self.text(told.id, &format!("{}-item-{what}", told.key), Held::Plan);
        let draft = ItemDraft {
            title: text("title"),
            body: text("body"),
            owner_id: Some(planner),
            due_on: None,
            effect: text("effect"),
            state: ItemState::WontDo,
            reason: text("reason"),
            harder: text("harder"),
            effort: None,
            tracker: format!("https://tracker.example/{}", text("tracker").replace(" is what was written here.", "")),
            factors: Vec::from_iter(told.factor),
            learnings: Vec::from_iter(told.learning),
        };
        let now = at("2026-02-20T09:00:00Z");
        told.item =
            Some(store::planning::add_item(&self.app.store, &self.p.planner, told.id, draft, told.idea, now).await.unwrap());
        if let Some(idea) = told.idea {
            let name = self.text(told.id, &format!("{}-group", told.key), Held::Plan);
            let (store, how) = (&self.app.store, store::planning::Sorting::IntoNew(&name));
            store::planning::sort(store, &self.p.planner, told.id, idea, how, now).await.unwrap();
            told.group = store::planning::groups(store, &self.p.planner, told.id, now).await.unwrap().first().map(|g| g.id);
        }
    }

    /// A raw log of one entry, which is evidence of the incident's event.
    async fn raw(&mut self, told: &mut Told, name: &str, by: &Viewer) {
        use domain::timeline::raw::{ImportedLog, RawAuthor, RawEntry, RawKind, RawSource};
        use store::timeline::raw_imports::{Taking, Written};
        let (store, now) = (&self.app.store, at("2026-03-04T10:00:00Z"));
        let mut token = |what: &str| self.token(told.id, &format!("{name}-raw-{what}"), Held::Raw { importer: by.person_id });
        let (author, place, text, file, detail) =
            (token("author"), token("place"), token("text"), token("file"), token("detail"));
        let entry = RawEntry {
            external_id: token("id"),
            at: Some(at("2026-02-02T10:01:00Z")),
            as_written: String::new(),
            kind: RawKind::Message,
            author: Some("U1".to_owned()),
            place,
            in_reply_to: None,
            text: format!("{text} is what was written there."),
            links: Vec::new(),
            reactions: Vec::new(),
            files: vec![file],
            details: vec![("pool".to_owned(), detail)],
            edited_at: None,
        };
        let authors = vec![RawAuthor { id: "U1".to_owned(), name: author, email: String::new(), machine: false }];
        let log = ImportedLog { name: token("name"), incident: None, entries: vec![entry], authors };
        let entries = domain::timeline::telling::placed(std::slice::from_ref(&log), now);
        let author = store::timeline::raw_authors::AuthorAs { author: &log.authors[0], person: None };
        let taking = Taking { source: RawSource::Slack, name: &log.name, entries: &entries, authors: &[author] };
        let written = store::timeline::raw_imports::write(store, by, told.id, &taking, Written::default(), 1, now).await.unwrap();
        let page = store::timeline::raw::page(store, by, told.id, &Default::default(), now).await.unwrap();
        let entry = page.entries[0].id;
        if let Some(event) = told.event {
            store::timeline::evidence::attach(store, by, (told.id, event), &[entry], now).await.unwrap();
        }
        told.raw = Raw { entry: Some(entry), import: written.import, author: Some(page.authors[0].id) };
    }

    async fn imported(&mut self) -> Told {
        let (p, store) = (self.p, &self.app.store);
        let now = at("2026-02-03T09:00:00Z");
        // The tokens need the incident's id, which the import makes.
        let none = IncidentId(uuid::Uuid::nil());
        let before = self.canaries.len();
        let understood = ImportedFile {
            incidents: vec![ImportedIncident {
                title: self.token(none, "imported-title", Held::Incident),
                summary: self.text(none, "imported-summary", Held::Incident),
                zone: "UTC".to_owned(),
                started_at: Some(at("2026-01-10T10:00:00Z")),
                resolved_at: Some(at("2026-01-10T11:00:00Z")),
                events: Vec::new(),
                factors: Vec::new(),
                learnings: Vec::new(),
                actions: vec![ImportedAction { body: self.text(none, "imported-action", Held::Plan), done: false }],
                sections: Vec::new(),
            }],
            ..ImportedFile::default()
        };
        let document = self.text(none, "imported-source", Held::Source { importer: p.importer.person_id });
        let file = store::imports::File { name: "imported.md", understood: &understood, bytes: document.as_bytes() };
        let counts = store::imports::write(store, &p.importer, &[file], now).await.unwrap();
        let key = counts.keys[0];
        let id = store::incidents::by_key(store, &p.importer, key, now).await.unwrap().incident.id;
        for canary in &mut self.canaries[before..] {
            canary.incident = id;
        }
        let source = store::sources::list(store, &p.importer, id, now).await.unwrap()[0].id;
        Told {
            attachment: None,
            id,
            key,
            event: None,
            hypothesis: None,
            change: None,
            factor: None,
            learning: None,
            source: Some(source),
            voices: BTreeMap::new(),
            quotes: BTreeMap::new(),
            theme: None,
            line: None,
            call: None,
            comment: None,
            link: None,
            met: None,
            thanks: None,
            passage: None,
            placed: None,
            idea: None,
            item: None,
            group: None,
            raw: Raw::default(),
        }
    }

    async fn foreign(&mut self) -> Told {
        let (p, store) = (self.p, &self.app.store);
        let opened = at("2026-03-03T09:00:00Z");
        let mut told = self.incident(&p.foreign_responder, "foreign", IncidentState::Resolved).await;
        store::reviews::open(store, &p.admin, told.id, p.foreign_facilitator.person_id, false, opened).await.unwrap();
        self.talk(&mut told, &p.foreign_facilitator, Some(&p.foreign_responder), Audience::Named, true, opened).await;
        self.sections(&mut told, &p.foreign_facilitator, opened).await;
        self.learned(&mut told, "foreign", &p.foreign_facilitator, opened).await;
        let marked = [(&p.foreign_responder, Audience::Named)];
        self.themes(&mut told, &p.foreign_facilitator, &marked, opened).await;
        told
    }
}

/// A week of the team's rota: five who are known, and somebody whom nobody knows.
async fn a_schedule(app: &App, people: &People, now: DateTime<Utc>) -> uuid::Uuid {
    use domain::schedules::{ReadSchedule, ReadShift};
    let five = [&people.responder, &people.other_responder, &people.named, &people.private, &people.planner];
    let names = five.into_iter().map(|one| one.name.clone()).chain(["Nobody Known".to_owned()]);
    let shifts = (0..).zip(names).map(|(day, name)| {
        let starts_at = at("2026-02-23T08:00:00Z") + Duration::days(day);
        ReadShift { line: 1, starts_at, ends_at: starts_at + Duration::days(1), names: vec![name] }
    });
    let read = ReadSchedule { shifts: shifts.collect(), notes: Vec::new() };
    store::schedules::take_over(&app.store, &people.admin, people.team, "Europe/Copenhagen", &read, now).await.unwrap();
    store::schedules::schedule(&app.store, &people.admin, people.team).await.unwrap().imports[0].id
}

/// A hook that proposes: one thing waits, and the latest could not be read.
async fn a_hook(store: &store::Store, admin: &domain::people::Viewer, now: chrono::DateTime<chrono::Utc>) -> domain::HookId {
    use domain::timeline::hooks::{HookKind, Rule};
    use domain::timeline::raw::{ImportedLog, RawIncident, RawSource};
    use store::timeline::hooks::{self, NewHook, Sent};
    let quiet = chrono::TimeDelta::minutes(30);
    let new = NewHook {
        kind: HookKind::Generic,
        name: "Pier alerts".to_owned(),
        secret: String::new(),
        team_id: None,
        rule: Rule { opens: false, least: domain::incidents::Severity::Sev4, labels: Vec::new(), quiet },
        zone: "UTC".to_owned(),
    };
    let (hook, _) = hooks::add(store, admin, &new, now).await.unwrap();
    let incident = RawIncident { external_id: "1".to_owned(), title: "Radar quiet".to_owned(), ..RawIncident::default() };
    let log = ImportedLog { name: "Radar quiet".to_owned(), incident: Some(incident), ..ImportedLog::default() };
    let came = Sent { bytes: b"{}", source: Some(RawSource::Json), logs: Some(std::slice::from_ref(&log)) };
    hooks::receive(store, hook, &came, now).await.unwrap();
    let later = now + chrono::TimeDelta::seconds(1);
    hooks::receive(store, hook, &Sent { bytes: b"{", source: None, logs: None }, later).await.unwrap();
    hook
}
