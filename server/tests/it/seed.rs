//! The synthetic organisation: the same for the same seed, and of the shape that measuring counts on.

use crate::support::{App, at, key};
use server::seed;
use store::Store;
use store::incidents::{Filter, Row};

both_engines! {
    one_seed_makes_one_organisation_on_either_engine,
    the_synthetic_organisation_has_its_shape,
    a_database_that_holds_something_is_not_seeded,
}

const NOW: &str = "2026-11-23T13:20:00Z";

async fn rows(store: &Store) -> Vec<Row> {
    let viewer = store::people::viewer_by_email(store, "seed-member@example.org").await.unwrap().unwrap();
    store::incidents::list(store, &viewer, &Filter::default(), 100).await.unwrap().rows
}

async fn one_seed_makes_one_organisation_on_either_engine(app: App) {
    seed::fill(&app.store, 40, 7, at(NOW)).await.unwrap();
    let here = rows(&app.store).await;
    assert_eq!(here.len(), 40);
    for (number, same) in [(7, true), (8, false)] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("seed.db").display());
        let other = Store::open(&url, key()).await.unwrap();
        other.migrate().await.unwrap();
        seed::fill(&other, 40, number, at(NOW)).await.unwrap();
        assert_eq!(rows(&other).await == here, same, "ids, titles, times, factors of seed {number}");
        other.close().await;
    }
}

async fn the_synthetic_organisation_has_its_shape(app: App) {
    seed::fill(&app.store, 60, 1, at(NOW)).await.unwrap();
    let count = async |sql: &str| app.raw.count(sql).await;
    assert_eq!(count("select count(*) from people").await, 60);
    assert_eq!(count("select count(*) from teams").await, 8);
    assert_eq!(count("select count(*) from incidents").await, 60);
    assert_eq!(count("select count(*) from events").await, 60 * 20);
    assert_eq!(count("select count(distinct team_id) from people").await, 8);
    let published = count("select count(*) from incidents where state = 'published'").await;
    assert!(published >= 48, "{published}");
    let outside = [
        "select count(*) from (select count(*) as n from factors group by incident_id) f where n < 1 or n > 5",
        "select count(*) from (select count(*) as n from invitations group by incident_id) i where n < 2 or n > 8",
        "select count(*) from (select count(*) as n from answers group by invitation_id) a where n <> 10",
        "select count(*) from (select count(*) as n from work_sessions group by invitation_id) w where n < 1 or n > 3",
        "select count(*) from invitations v where v.state not in ('submitted', 'started')",
        "select count(*) from invitations v where not exists (select 1 from answers a where a.invitation_id = v.id)",
        "select count(*) from incident_roles r join invitations v on v.incident_id = r.incident_id and v.person_id = r.person_id
         where r.role = 'facilitator'",
    ];
    for sql in outside {
        assert_eq!(count(sql).await, 0, "{sql}");
    }
    assert!(count("select count(*) from month_contributions").await > 0, "months are closed");
    let member = store::people::viewer_by_email(&app.store, "seed-member@example.org").await.unwrap().unwrap();
    let mut quotes = 0;
    for row in rows(&app.store).await.iter().filter(|row| row.state == domain::incidents::IncidentState::Published) {
        quotes += store::reviews::story(&app.store, &member, row.id, at(NOW)).await.unwrap().quotes.len();
    }
    assert!(quotes > 30, "sealed words open again: {quotes}");
    for role in ["member", "leadership", "facilitator", "admin"] {
        let email = format!("seed-{role}@example.org");
        let entered = store::sessions::sign_in(&app.store, &email, server::demo::PASSWORD, "127.0.0.1", at(NOW)).await.unwrap();
        assert!(matches!(entered, store::sessions::SignIn::Welcome(_)), "{email}");
    }
}

async fn a_database_that_holds_something_is_not_seeded(app: App) {
    seed::fill(&app.store, 3, 1, at(NOW)).await.unwrap();
    assert!(seed::fill(&app.store, 3, 1, at(NOW)).await.is_err());
    assert_eq!(rows(&app.store).await.len(), 3);
}
