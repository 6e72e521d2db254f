//! What is counted of incidents: each nature apart, the few one by one, and anew only after an act that may have changed it.

use super::{bounds, history, listed, month, year_2026};
use crate::support::{at, new_incident, people};
use domain::incidents::{Nature, Severity};
use store::trends::{self as room, Filter};
use store::{Store, incidents};

conformance! {
    a_count_is_kept_through_acts_that_change_nothing_counted,
    near_misses_and_what_went_right_are_counted_apart,
    where_incidents_are_few_each_ones_beginning_is_told,
}

async fn a_count_is_kept_through_acts_that_change_nothing_counted(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    let now = at("2026-05-03T12:00:00Z");
    let count = async || room::incident_measures(&store, &p.leader, &year_2026()).await.unwrap();
    let before = count().await;
    let entries = async || store::audit::verify(&store).await.unwrap().entries;
    let knock = async || store::sessions::sign_in(&store, "nobody@example.org", "a guess", "192.0.2.7", now).await.unwrap();
    let noted = entries().await;
    knock().await;
    assert_eq!(entries().await, noted + 1, "it leaves an entry");
    assert!(std::sync::Arc::ptr_eq(&before, &count().await), "counted once");
    let new = new_incident("One more", Severity::Sev2, "2026-05-02T10:00:00Z");
    incidents::add(&store, &p.outsider, &new, now).await.unwrap();
    knock().await;
    assert_eq!(count().await.total(), before.total() + 1, "a quiet entry after a loud one hides nothing");
}

async fn near_misses_and_what_went_right_are_counted_apart(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    for (nature, day) in [(Nature::NearMiss, 20), (Nature::NearMiss, 21), (Nature::Success, 22)] {
        let mut new = new_incident("It came close", Severity::Sev2, &format!("2026-03-{day}T10:00:00Z"));
        new.nature = nature;
        incidents::add(&store, &p.outsider, &new, new.started_at).await.unwrap();
    }
    for (nature, total) in [(Some(Nature::Incident), 12), (Some(Nature::NearMiss), 2), (Some(Nature::Success), 1), (None, 15)] {
        let filter = Filter { nature, ..year_2026() };
        let measures = room::incident_measures(&store, &p.leader, &filter).await.unwrap();
        assert_eq!(measures.total(), total, "{nature:?}");
        assert_eq!(measures.total(), listed(&store, &p, bounds(&filter)).await, "{nature:?}");
        let mut natures = measures.natures.clone();
        natures.sort_by_key(|(nature, _)| *nature as usize);
        let apart = vec![(Nature::Incident, 12), (Nature::NearMiss, 2), (Nature::Success, 1)];
        assert_eq!(natures, apart, "whichever is asked for");
    }
}

async fn where_incidents_are_few_each_ones_beginning_is_told(store: Store) {
    let p = people(&store).await;
    history(&store, &p).await;
    // Twelve in four months of twelve: half of the months have none.
    let measures = room::incident_measures(&store, &p.leader, &year_2026()).await.unwrap();
    assert_eq!(measures.began.len(), 12);
    assert!(measures.began.is_sorted_by_key(|b| b.started_at));
    let busy = Filter { to: month("2026-04"), ..year_2026() };
    let measures = room::incident_measures(&store, &p.leader, &busy).await.unwrap();
    assert_eq!((measures.total(), measures.began.len()), (12, 0), "three a month are counted by month");
}
