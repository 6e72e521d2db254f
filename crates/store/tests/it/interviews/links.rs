//! Inviting, and the personal link: what it opens, and when it ends.

use super::{Told, noon, not_found, refused_field, saving::publish, says, told};
use crate::support::at;
use chrono::Duration;
use domain::interviews::{Audience, InvitationState};
use domain::people::Viewer;
use store::interviews::{self as room, Added, Invitee};
use store::{Store, StoreError, sessions};

conformance! {
    a_link_opens_one_conversation_on_any_device_until_it_expires,
    a_withdrawn_or_replaced_link_is_dead_with_its_sessions,
    publication_ends_every_link,
    who_a_link_belongs_to_sees_when_it_was_opened,
    nobody_is_invited_twice_nor_those_who_cannot_be_asked,
    a_guest_writes_and_submits_like_everybody_else,
    only_the_facilitator_invites,
}

async fn guest(store: &Store, t: &Told) -> Added {
    let guest = Invitee::Guest("Gro from the desk".to_owned());
    room::invite(store, &t.people.facilitator, t.incident, &guest, None, noon()).await.unwrap()
}

async fn begin(store: &Store, token: &str, now: chrono::DateTime<chrono::Utc>) -> (String, Viewer) {
    let (_, session) = room::begin_by_link(store, token, now).await.unwrap();
    let viewer = sessions::find(store, &session, now).await.unwrap().unwrap();
    (session, viewer)
}

async fn a_link_opens_one_conversation_on_any_device_until_it_expires(store: Store) {
    let t = told(&store).await;
    let added = guest(&store, &t).await;
    let token = added.token.unwrap();
    assert!(token.len() >= 43, "256 bits");
    let peek = room::peek(&store, &token, noon()).await.unwrap();
    assert_eq!((peek.invitation_id, peek.name.as_str()), (added.id, "Gro from the desk"));
    let list = room::list(&store, &t.people.facilitator, t.incident, noon()).await.unwrap();
    let line = list.iter().find(|l| l.id == added.id).unwrap();
    assert_eq!((line.state, line.has_account), (InvitationState::Invited, false), "looking changes nothing");
    let (_, phone) = begin(&store, &token, noon()).await;
    let (_, laptop) = begin(&store, &token, noon() + Duration::days(3)).await;
    assert_eq!(phone.guest_of, Some(added.id));
    assert!(!phone.has_account());
    assert_eq!(phone.person_id, laptop.person_id);
    room::page(&store, &laptop, added.id, noon()).await.unwrap();
    not_found(room::page(&store, &laptop, t.mine, noon()).await);
    let over = noon() + Duration::days(30);
    not_found(room::peek(&store, &token, over).await);
    not_found(room::begin_by_link(&store, &token, over).await);
    not_found(room::page(&store, &phone, added.id, over).await);
    let (late, _) = begin(&store, &token, over - Duration::hours(2)).await;
    assert_eq!(sessions::find(&store, &late, over + Duration::minutes(1)).await.unwrap(), None, "no session outlives its link");
    not_found(room::peek(&store, "another", noon()).await);
}

async fn a_withdrawn_or_replaced_link_is_dead_with_its_sessions(store: Store) {
    let t = told(&store).await;
    let added = guest(&store, &t).await;
    let first = added.token.unwrap();
    let (session, viewer) = begin(&store, &first, noon()).await;
    let second = room::renew_link(&store, &t.people.facilitator, t.incident, added.id, noon()).await.unwrap();
    assert_ne!(first, second);
    not_found(room::peek(&store, &first, noon()).await);
    assert_eq!(sessions::find(&store, &session, noon()).await.unwrap(), None);
    let (session, _) = begin(&store, &second, noon()).await;
    room::withdraw(&store, &t.people.facilitator, t.incident, added.id, noon()).await.unwrap();
    not_found(room::peek(&store, &second, noon()).await);
    assert_eq!(sessions::find(&store, &session, noon()).await.unwrap(), None);
    not_found(room::page(&store, &viewer, added.id, noon()).await);
    // Asked again, the same person finds what they wrote.
    let again =
        room::invite(&store, &t.people.facilitator, t.incident, &Invitee::Person(viewer.person_id), None, noon()).await.unwrap();
    assert_eq!(again.id, added.id);
    assert!(again.token.is_some());
}

async fn publication_ends_every_link(store: Store) {
    let t = told(&store).await;
    let added = guest(&store, &t).await;
    let token = added.token.unwrap();
    let (session, viewer) = begin(&store, &token, noon()).await;
    publish(&store, &t).await;
    let later = at("2026-03-06T10:00:00Z");
    not_found(room::peek(&store, &token, later).await);
    not_found(room::page(&store, &viewer, added.id, later).await);
    assert_eq!(sessions::find(&store, &session, later).await.unwrap(), None);
    let renewed = room::renew_link(&store, &t.people.facilitator, t.incident, added.id, later).await;
    assert!(matches!(renewed, Err(StoreError::Refused(_))));
}

async fn who_a_link_belongs_to_sees_when_it_was_opened(store: Store) {
    let t = told(&store).await;
    let added = guest(&store, &t).await;
    let token = added.token.unwrap();
    room::peek(&store, &token, noon()).await.unwrap();
    let (_, viewer) = begin(&store, &token, noon()).await;
    let later = noon() + Duration::hours(5);
    begin(&store, &token, later).await;
    let new = room::renew_link(&store, &t.people.facilitator, t.incident, added.id, later).await.unwrap();
    let latest = later + Duration::hours(1);
    begin(&store, &new, latest).await;
    assert_eq!(room::openings(&store, &viewer, added.id, latest).await.unwrap(), [latest, later, noon()]);
    for other in [&t.people.facilitator, &t.people.admin, &t.people.responder, &t.people.leader] {
        not_found(room::openings(&store, other, added.id, latest).await);
    }
    not_found(room::openings(&store, &viewer, t.mine, latest).await);
    assert!(room::openings(&store, &t.people.responder, t.mine, latest).await.unwrap().is_empty(), "an account needs no link");
}

async fn nobody_is_invited_twice_nor_those_who_cannot_be_asked(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    let invite = async |who: Invitee| room::invite(&store, &p.facilitator, t.incident, &who, None, noon()).await;
    refused_field(invite(Invitee::Person(p.responder.person_id)).await, "person");
    refused_field(invite(Invitee::Person(p.facilitator.person_id)).await, "person");
    refused_field(invite(Invitee::Person(p.guest.person_id)).await, "person");
    refused_field(invite(Invitee::Guest("  ".to_owned())).await, "name");
    invite(Invitee::Guest("The Night Desk".to_owned())).await.unwrap();
    refused_field(invite(Invitee::Guest("the night  desk".to_owned())).await, "name");
    store::people::set_manager(&store, p.outsider.person_id, Some(p.facilitator.person_id)).await.unwrap();
    refused_field(invite(Invitee::Person(p.outsider.person_id)).await, "person");
    room::submit(&store, &p.responder, t.mine, noon()).await.unwrap();
    let withdrawn = room::withdraw(&store, &p.facilitator, t.incident, t.mine, noon()).await;
    assert!(matches!(withdrawn, Err(StoreError::Refused(_))), "what was submitted is its author's to take back");
    let renewed = room::renew_link(&store, &p.facilitator, t.incident, t.mine, noon()).await;
    assert!(matches!(renewed, Err(StoreError::Refused(_))), "an account needs no link");
}

async fn a_guest_writes_and_submits_like_everybody_else(store: Store) {
    let t = told(&store).await;
    let added = guest(&store, &t).await;
    let (_, viewer) = begin(&store, &added.token.unwrap(), noon()).await;
    room::save(&store, &viewer, added.id, 2, &says("The phones went quiet.", Audience::Named), noon()).await.unwrap();
    room::submit(&store, &viewer, added.id, noon()).await.unwrap();
    let read = t.reads(&store, &t.people.facilitator).await;
    assert_eq!(read, [(2, "The phones went quiet.".to_owned(), Some("Gro from the desk".to_owned()))]);
    not_found(room::my_hours(&store, &viewer).await);
    not_found(room::overview(&store, &viewer, t.incident, noon()).await);
}

async fn only_the_facilitator_invites(store: Store) {
    let t = told(&store).await;
    let p = &t.people;
    let outsider = Invitee::Person(p.outsider.person_id);
    for other in [&p.responder, &p.leader, &p.manager, &p.planner, &p.admin, &p.later_facilitator, &p.outsider, &p.guest] {
        not_found(room::invite(&store, other, t.incident, &outsider, None, noon()).await);
        not_found(room::withdraw(&store, other, t.incident, t.mine, noon()).await);
        not_found(room::renew_link(&store, other, t.incident, t.mine, noon()).await);
    }
}
