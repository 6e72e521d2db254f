//! Work sessions and one's own hours.

use super::{noon, not_found, refused_field, told};
use crate::support::at;
use chrono_tz::Tz;
use domain::interviews::{InvitationState, WorkKind};
use domain::stretches::NewStretch;
use store::Store;
use store::interviews as room;

conformance! {
    stretches_are_added_changed_and_removed_by_their_worker_alone,
    stretches_that_overlap_or_lie_far_off_are_refused,
    own_hours_are_cut_by_own_working_hours_and_seen_by_nobody_else,
}

fn stretch(from: &str, to: &str, zone: Tz) -> NewStretch {
    NewStretch { started_at: at(from), ended_at: at(to), zone, kind: WorkKind::Responding }
}

const COPENHAGEN: Tz = chrono_tz::Europe::Copenhagen;

async fn stretches_are_added_changed_and_removed_by_their_worker_alone(store: Store) {
    let t = told(&store).await;
    let (p, me) = (&t.people, &t.people.responder);
    let night = stretch("2026-03-02T21:30:00Z", "2026-03-03T00:10:00Z", COPENHAGEN);
    let id = room::add_session(&store, me, t.mine, &night, noon()).await.unwrap();
    let page = room::page(&store, me, t.mine, noon()).await.unwrap();
    assert_eq!(page.state, InvitationState::Started);
    assert!(page.answered(3));
    let kept = &page.sessions[0];
    assert_eq!((kept.started_at, kept.ended_at, kept.zone.as_str()), (night.started_at, night.ended_at, "Europe/Copenhagen"));
    let moved = NewStretch {
        kind: WorkKind::FollowUp,
        zone: chrono_tz::America::Halifax,
        ..stretch("2026-03-02T21:00:00Z", "2026-03-02T22:00:00Z", COPENHAGEN)
    };
    for other in [&p.other_responder, &p.facilitator, &p.leader, &p.manager, &p.admin, &p.guest] {
        not_found(room::add_session(&store, other, t.mine, &night, noon()).await);
        not_found(room::change_session(&store, other, t.mine, id, &moved, noon()).await);
        not_found(room::remove_session(&store, other, t.mine, id, noon()).await);
    }
    room::change_session(&store, me, t.mine, id, &moved, noon()).await.unwrap();
    let page = room::page(&store, me, t.mine, noon()).await.unwrap();
    assert_eq!((page.sessions[0].kind, page.sessions[0].zone.as_str()), (WorkKind::FollowUp, "America/Halifax"));
    // Through another conversation a stretch cannot be reached.
    not_found(room::change_session(&store, &p.other_responder, t.other, id, &moved, noon()).await);
    room::remove_session(&store, &p.other_responder, t.other, id, noon()).await.unwrap();
    assert_eq!(room::page(&store, me, t.mine, noon()).await.unwrap().sessions.len(), 1);
    room::remove_session(&store, me, t.mine, id, noon()).await.unwrap();
    assert!(room::page(&store, me, t.mine, noon()).await.unwrap().sessions.is_empty());
}

async fn stretches_that_overlap_or_lie_far_off_are_refused(store: Store) {
    let t = told(&store).await;
    let me = &t.people.responder;
    let first = stretch("2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z", COPENHAGEN);
    let id = room::add_session(&store, me, t.mine, &first, noon()).await.unwrap();
    let across = stretch("2026-03-02T11:59:00Z", "2026-03-02T13:00:00Z", COPENHAGEN);
    refused_field(room::add_session(&store, me, t.mine, &across, noon()).await, "from");
    let beside = stretch("2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z", COPENHAGEN);
    room::add_session(&store, me, t.mine, &beside, noon()).await.unwrap();
    refused_field(room::change_session(&store, me, t.mine, id, &across, noon()).await, "from");
    room::change_session(&store, me, t.mine, id, &first, noon()).await.unwrap();
    let year_off = stretch("2025-03-02T10:00:00Z", "2025-03-02T12:00:00Z", COPENHAGEN);
    refused_field(room::add_session(&store, me, t.mine, &year_off, noon()).await, "day");
}

async fn own_hours_are_cut_by_own_working_hours_and_seen_by_nobody_else(store: Store) {
    let t = told(&store).await;
    let me = &t.people.responder;
    // Monday 08:30 to 10:00 in Copenhagen: half an hour before nine.
    room::add_session(&store, me, t.mine, &stretch("2026-03-02T07:30:00Z", "2026-03-02T09:00:00Z", COPENHAGEN), noon())
        .await
        .unwrap();
    room::add_session(&store, me, t.mine, &stretch("2026-03-02T22:00:00Z", "2026-03-02T23:00:00Z", COPENHAGEN), noon())
        .await
        .unwrap();
    let hours = room::my_hours(&store, me).await.unwrap();
    assert_eq!((hours.total.working, hours.total.evening, hours.total.night, hours.total.weekend), (60, 30, 60, 0));
    assert_eq!(hours.stretches.len(), 2);
    assert_eq!((hours.stretches[0].minutes.night, hours.stretches[0].title.as_str()), (60, "The queue that waited"));
    assert!(room::my_hours(&store, &t.people.facilitator).await.unwrap().stretches.is_empty());
    assert!(room::my_hours(&store, &t.people.leader).await.unwrap().stretches.is_empty());
}
