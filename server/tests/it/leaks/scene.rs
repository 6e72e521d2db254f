//! A review in which five people said something without their name, each at a time of their own, and what would tell who it was.

use crate::support::{Answer, App, BASE, Person, at, people};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::people::Viewer;
use domain::{AnswerId, ExcerptId, IncidentId, InvitationId};
use store::interviews::Invitee;

/// What they said, in the order in which they saved it.
const WORDS: [&str; 5] = [
    "The kettle was warmer than any of the screens told us.",
    "A lantern at the pier would have said more than the board.",
    "We heard of the marmot before anybody rang.",
    "Nobody expected the pumpkin to hold, and it held.",
    "The violin case stood where the spare part should be.",
];
/// They submit in another order than they saved in.
const SUBMITTING: [usize; 5] = [3, 0, 4, 1, 2];
/// The title, which may be found.
pub const TITLE: &str = "The ferry that turned back";

/// Unattributed words, and what nobody may tell from them.
pub struct Said {
    pub author: Viewer,
    pub person: Person,
    pub invitation: InvitationId,
    pub answer: AnswerId,
    pub words: &'static str,
    saved: DateTime<Utc>,
    submitted: DateTime<Utc>,
}

impl Said {
    /// A page of the author's own conversation.
    pub fn own(&self, rest: &str) -> String {
        format!("/one-on-one/{}{rest}", self.invitation)
    }

    /// One word that nobody else used and that no page holds by itself.
    pub fn word(&self) -> &'static str {
        self.words.split(' ').find(|word| word.len() > 5 && !["warmer", "Nobody", "expected"].contains(word)).unwrap()
    }

    /// What names the author: names, address, ids of the person and of the conversation.
    pub fn names(&self) -> Vec<String> {
        let (name, person, talk) = (&self.author.name, self.author.person_id.0, self.invitation.0);
        let first = name.split(' ').next().unwrap();
        let mut names = vec![name.clone(), format!("{}.", first.to_lowercase()), format!(">{first}<"), format!("{first} ")];
        for id in [person, talk] {
            names.extend([id.to_string(), id.simple().to_string()]);
        }
        names
    }

    /// When the words were saved and submitted, in the ways in which an instant is written: the clock there and in UTC, seconds
    /// since 1970, the first digits of an id that is made of the time.
    pub fn times(&self) -> Vec<String> {
        let mut times = Vec::new();
        for at in [self.saved, self.submitted] {
            let there = at.with_timezone(&chrono_tz::Europe::Copenhagen);
            times.extend([at.format("%H:%M").to_string(), there.format("%H:%M").to_string()]);
            times.extend([at.timestamp().to_string(), format!("{:08x}-", at.timestamp_millis() >> 16)]);
        }
        times
    }
}

/// Fails where a text names somebody of these, or tells when they wrote.
#[track_caller]
pub fn silent(place: &str, text: &str, said: &[Said]) {
    names_nobody(place, text, said);
    for time in said.iter().flat_map(Said::times) {
        assert!(!text.contains(&time), "{place} tells the time {time}:\n{}", near(text, &time));
    }
}

/// Fails where a text names somebody of these.
#[track_caller]
pub fn names_nobody(place: &str, text: &str, said: &[Said]) {
    for name in said.iter().flat_map(Said::names) {
        assert!(!text.contains(&name), "{place} names {name:?}:\n{}", near(text, &name));
    }
}

fn near<'a>(text: &'a str, what: &str) -> &'a str {
    let at = text.find(what).unwrap();
    let from = (0..=at.saturating_sub(150)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let to = ((at + 150).min(text.len())..=text.len()).find(|i| text.is_char_boundary(*i)).unwrap_or(text.len());
    &text[from..to]
}

/// All of an answer, head and body, without the lists of everybody from which somebody is appointed: all stand there, whoever
/// spoke.
pub fn source(answer: &Answer) -> String {
    let lists = [("<select", "</select>"), ("<details class=\"barred\"", "</details>")];
    let body = lists.into_iter().fold(answer.body.clone(), |body, (begin, end)| {
        let mut parts = body.split(begin);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |kept, part| kept + part.split_once(end).map_or("", |(_, after)| after))
    });
    answer.head() + &body
}

pub struct Scene {
    pub app: App,
    pub people: crate::support::People,
    pub incident: IncidentId,
    pub key: IncidentKey,
    /// The facilitator.
    pub frida: Person,
    /// In the order in which it was saved.
    pub said: Vec<Said>,
}

impl Scene {
    /// Five people have saved and submitted, as browsers do it. Mail is set up.
    pub async fn said(app: App) -> Self {
        let mut app = app.with(|site| site.store = site.store.with_post(BASE));
        app.store = app.store.with_post(BASE);
        let people = people(&app).await;
        let new = NewIncident {
            title: TITLE.to_owned(),
            summary: String::new(),
            severity: Severity::Sev2,
            nature: Nature::Incident,
            state: IncidentState::Resolved,
            team_id: None,
            started_at: at("2026-03-01T08:00:00Z"),
            detected_at: None,
            declared_at: None,
            mitigated_at: None,
            resolved_at: Some(at("2026-03-01T09:00:00Z")),
            zone: "Europe/Copenhagen".to_owned(),
            restricted: false,
        };
        let store = &app.store;
        let key = store::incidents::add(store, &people.planner, &new, app.now()).await.unwrap();
        let incident = store::incidents::by_key(store, &people.planner, key, app.now()).await.unwrap().incident.id;
        store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, app.now()).await.unwrap();
        let authors = [&people.responder, &people.other_responder, &people.named, &people.private, &people.drafter];
        let mut invited = Vec::new();
        for author in authors {
            let whom = Invitee::Person(author.person_id);
            let asked = store::interviews::invite(store, &people.facilitator, incident, &whom, None, app.now()).await.unwrap();
            invited.push((author, asked.id));
        }
        let noon = app.now();
        let mut said = Vec::new();
        for (n, (author, invitation)) in invited.into_iter().enumerate() {
            let saved = noon + TimeDelta::minutes(3 + 11 * i64::try_from(n).unwrap()) + TimeDelta::seconds(17);
            app.set_clock(&saved.to_rfc3339());
            let person = app.as_(author).await;
            let fields = [("text", WORDS[n]), ("audience", "unattributed"), ("base_version", "0")];
            person.post(&format!("/one-on-one/{invitation}/2"), &fields).await.is(303);
            let page = store::interviews::page(&app.store, author, invitation, app.now()).await.unwrap();
            let answer = page.answer(2).unwrap().id;
            said.push(Said { author: author.clone(), person, invitation, answer, words: WORDS[n], saved, submitted: saved });
        }
        for (turn, who) in SUBMITTING.into_iter().enumerate() {
            let at = noon + TimeDelta::minutes(65 + 7 * i64::try_from(turn).unwrap()) + TimeDelta::seconds(43);
            app.set_clock(&at.to_rfc3339());
            said[who].submitted = at;
            said[who].person.post(&said[who].own("/submit"), &[]).await.is(303);
        }
        app.set_clock("2026-03-05T14:30:00Z");
        let frida = app.as_(&people.facilitator).await;
        Self { app, people, incident, key, frida, said }
    }

    /// All of it is sent to the authors as quotes without a name.
    pub async fn quoted(app: App) -> Self {
        let scene = Self::said(app).await;
        for said in &scene.said {
            let answer = said.answer.to_string();
            let fields =
                [("answer", answer.as_str()), ("section", "surprised"), ("text", said.words), ("attribution", "unattributed")];
            scene.frida.post(&scene.review("/quotes"), &fields).await.is(303);
        }
        scene
    }

    /// The same, with the story published.
    pub async fn published(app: App) -> Self {
        let scene = Self::quoted(app).await;
        scene.publish().await;
        scene
    }

    /// The authors find the quotes right, each at a time of their own, and the story is published.
    pub async fn publish(&self) {
        for who in SUBMITTING.into_iter().rev() {
            self.later();
            let said = &self.said[who];
            let quote = self.quote_of(said).await;
            said.person.post(&format!("/quotes/{quote}"), &[("version", "1"), ("decision", "right")]).await.is(303);
        }
        self.later();
        self.frida.post(&self.review("/summary"), &[("base_version", "0"), ("body", "It turned back.")]).await.is(303);
        self.frida.post(&self.review("/publish"), &[]).await.is(303);
    }

    /// A minute goes by: what happens at one instant has no order.
    pub fn later(&self) {
        self.app.set_clock(&(self.app.now() + TimeDelta::minutes(1)).to_rfc3339());
    }

    /// A page of the review.
    pub fn review(&self, rest: &str) -> String {
        format!("/incidents/{}/review{rest}", self.key)
    }

    /// A page of the incident.
    pub fn here(&self, rest: &str) -> String {
        format!("/incidents/{}{rest}", self.key)
    }

    /// Somebody's quote, as its author finds it.
    pub async fn quote_of(&self, said: &Said) -> ExcerptId {
        let page = said.person.get("/quotes").await;
        let action = page.ok().attributes("action").into_iter().find_map(|a| Some(a.strip_prefix("/quotes/")?.to_owned()));
        action.unwrap().parse().unwrap()
    }

    /// All quotes of the review, in the order in which the store hands them out.
    pub async fn quotes(&self) -> Vec<domain::reviews::Excerpt> {
        let (store, frida) = (&self.app.store, &self.people.facilitator);
        store::reviews::excerpts(store, frida, self.incident, self.app.now()).await.unwrap()
    }

    /// Which of them a page shows, as it orders them.
    #[track_caller]
    pub fn order(&self, page: &Answer) -> Vec<AnswerId> {
        let mut shown: Vec<_> = self.said.iter().filter_map(|s| Some((page.ok().body.find(s.words)?, s.answer))).collect();
        shown.sort();
        assert_eq!(shown.len(), self.said.len(), "all words are there");
        shown.into_iter().map(|(_, answer)| answer).collect()
    }

    /// Where the words are before publication: to read, on the desk, where they are to stand.
    pub fn rooms(&self) -> [String; 3] {
        [self.review("/overview"), self.review(""), self.review("/surprised")]
    }

    /// Everybody who has no part in the words.
    pub async fn others(&self) -> Vec<Person> {
        let p = &self.people;
        let mut others = Vec::new();
        for viewer in [&p.outsider, &p.leader, &p.admin, &p.planner, &p.manager, &p.later_facilitator, &p.importer] {
            others.push(self.app.as_(viewer).await);
        }
        others
    }
}
