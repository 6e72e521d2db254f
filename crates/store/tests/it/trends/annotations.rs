//! What changed in the organisation, beside trends: by whom it is written, and in which order it is read.

use crate::support::{at, people};
use domain::trends::Annotation;
use store::trends::{annotate, annotations, remove_annotation};
use store::{Store, StoreError};

conformance! {
    changes_are_read_by_day_and_taken_away,
    changes_are_written_by_leadership_and_facilitators,
}

fn change(day: &str, words: &str) -> Annotation {
    Annotation { day: day.parse().unwrap(), words: words.to_owned() }
}

async fn changes_are_read_by_day_and_taken_away(store: Store) {
    let p = people(&store).await;
    let now = at("2026-06-01T12:00:00Z");
    for (day, words) in
        [("2026-03-01", "On call moved to two sites"), ("2026-04-30", "Severities anew"), ("2026-05-01", "Two teams")]
    {
        annotate(&store, &p.leader, &change(day, words), now).await.unwrap();
    }
    let read = async |from: &str, until: &str| {
        annotations(&store, &p.responder, from.parse().unwrap(), until.parse().unwrap()).await.unwrap()
    };
    let words = |told: &[(domain::AnnotationId, Annotation)]| told.iter().map(|(_, a)| a.words.clone()).collect::<Vec<_>>();
    let told = read("2026-03-01", "2026-05-01").await;
    assert_eq!(words(&told), ["Severities anew", "On call moved to two sites"]);
    remove_annotation(&store, &p.leader, told[0].0, now).await.unwrap();
    assert_eq!(words(&read("2026-03-01", "2026-06-01").await), ["Two teams", "On call moved to two sites"]);
    assert!(matches!(remove_annotation(&store, &p.leader, told[0].0, now).await, Err(StoreError::NotFound)));
}

async fn changes_are_written_by_leadership_and_facilitators(store: Store) {
    let p = people(&store).await;
    let (now, new) = (at("2026-06-01T12:00:00Z"), change("2026-03-01", "On call moved to two sites"));
    let (from, until) = ("2026-01-01".parse().unwrap(), "2027-01-01".parse().unwrap());
    let id = annotate(&store, &p.facilitator, &new, now).await.unwrap();
    for nobody in [&p.responder, &p.admin, &p.guest, &p.outsider] {
        assert!(matches!(annotate(&store, nobody, &new, now).await, Err(StoreError::NotFound)), "{}", nobody.name);
        assert!(matches!(remove_annotation(&store, nobody, id, now).await, Err(StoreError::NotFound)), "{}", nobody.name);
    }
    for nobody in [&p.admin, &p.guest] {
        assert!(matches!(annotations(&store, nobody, from, until).await, Err(StoreError::NotFound)), "{}", nobody.name);
    }
    assert_eq!(annotations(&store, &p.outsider, from, until).await.unwrap(), [(id, new)]);
}
