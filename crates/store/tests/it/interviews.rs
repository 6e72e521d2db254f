//! One-on-ones: who is asked, what an author keeps, who reads what, and that it stays so on disk.

mod audiences;
mod entries;
mod links;
mod saving;
mod sets;
mod talks;
mod work;

use crate::support::{People, at, incident, people};
use chrono::{DateTime, Utc};
use domain::interviews::{AnswerBody, Audience, Instead};
use domain::people::Viewer;
use domain::{IncidentId, InvitationId};
use store::interviews::{self as room, Invitee, SaveAnswer, Saved};
use store::{Store, StoreError};

/// An incident in review with the responder and another one invited.
struct Told {
    people: People,
    incident: IncidentId,
    /// The responder's conversation.
    mine: InvitationId,
    /// The other responder's.
    other: InvitationId,
}

fn noon() -> DateTime<Utc> {
    at("2026-03-04T12:00:00Z")
}

async fn told(store: &Store) -> Told {
    told_by(store, people(store).await).await
}

async fn told_by(store: &Store, people: People) -> Told {
    let (incident, _) = incident(store, &people.responder, "The queue that waited").await;
    let opened = at("2026-03-03T09:00:00Z");
    store::reviews::open(store, &people.admin, incident, people.facilitator.person_id, false, opened).await.unwrap();
    let ask = async |who: &Viewer| {
        room::invite(store, &people.facilitator, incident, &Invitee::Person(who.person_id), None, opened).await.unwrap().id
    };
    let (mine, other) = (ask(&people.responder).await, ask(&people.other_responder).await);
    Told { mine, other, incident, people }
}

fn says(text: &str, audience: Audience) -> SaveAnswer {
    SaveAnswer {
        body: AnswerBody { text: text.to_owned(), ..AnswerBody::default() },
        audience,
        count_me: true,
        with_name: false,
        base_version: 0,
        request_key: String::new(),
        follows: String::new(),
    }
}

impl Told {
    async fn save(&self, store: &Store, question: i64, save: &SaveAnswer) -> Saved {
        room::save(store, &self.people.responder, self.mine, question, save, noon()).await.unwrap()
    }

    async fn submit(&self, store: &Store, now: DateTime<Utc>) {
        room::submit(store, &self.people.responder, self.mine, now).await.unwrap();
    }

    /// What the facilitator reads: question, words, author.
    async fn reads(&self, store: &Store, who: &Viewer) -> Vec<(i64, String, Option<String>)> {
        let answers = room::overview(store, who, self.incident, at("2026-03-05T08:00:00Z")).await.unwrap();
        answers.into_iter().map(|a| (a.question, a.body.text, a.author.map(|(_, name)| name))).collect()
    }
}

pub fn not_found<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
}

fn refused_field<T: std::fmt::Debug>(outcome: Result<T, StoreError>, field: &str) {
    match outcome {
        Err(StoreError::Invalid(invalid)) if invalid.message(field).is_some() => {}
        other => panic!("{field} was to be refused: {other:?}"),
    }
}

fn instead(text: &str, instead: Instead, audience: Audience) -> SaveAnswer {
    SaveAnswer {
        body: AnswerBody { text: text.to_owned(), instead: Some(instead), ..AnswerBody::default() },
        ..says("", audience)
    }
}
