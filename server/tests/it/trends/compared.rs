//! Trends compared over HTTP: what was an incident and what was none, two periods beside each other, few incidents, and hours beside earlier ones.

use super::{february_closed, marks, rows};
use crate::support::{App, World};
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};

both_engines! {
    incidents_alone_are_counted_and_the_rest_stands_beside,
    two_periods_stand_beside_each_other_with_what_chance_does,
    where_incidents_are_few_the_time_between_them_is_shown,
    who_gave_is_kept_for_two_years_and_leads_to_nobody,
    hours_stand_beside_earlier_ones_only_where_the_group_is_the_same,
}

/// So many of a nature that began on the tenth of a month.
async fn began(app: &App, world: &World, month: &str, nature: Nature, count: u32) {
    for number in 0..count {
        let started: chrono::DateTime<chrono::Utc> = format!("{month}-{:02}T10:00:00Z", 10 + number).parse().unwrap();
        let new = NewIncident {
            title: format!("Of {month}, {number}"),
            summary: String::new(),
            severity: Severity::Sev3,
            nature,
            state: IncidentState::Resolved,
            team_id: None,
            started_at: started,
            detected_at: None,
            declared_at: None,
            mitigated_at: None,
            resolved_at: Some(started + chrono::Duration::hours(1)),
            zone: "UTC".to_owned(),
            restricted: false,
        };
        store::incidents::add(&app.store, &world.people.planner, &new, started + chrono::Duration::hours(2)).await.unwrap();
    }
}

async fn incidents_alone_are_counted_and_the_rest_stands_beside(app: App) {
    let world = february_closed(&app).await;
    began(&app, &world, "2025-08", Nature::Incident, 3).await;
    began(&app, &world, "2025-08", Nature::NearMiss, 2).await;
    began(&app, &world, "2025-08", Nature::Success, 1).await;
    let lea = app.as_(&world.people.leader).await;
    let months = "from=2025-07&to=2025-09";
    let page = lea.get(&format!("/trends?{months}")).await;
    page.ok().shows("3 incidents in 3 months").shows("2 near misses").shows("1 thing that went right");
    page.shows(&format!("href=\"/trends?{}&amp;nature=near-miss#incidents\"", months.replace('&', "&amp;")));
    for (nature, said) in [
        ("near-miss", "2 near misses in 3 months"),
        ("success", "1 thing that went right in 3 months"),
        ("any", "6 entries of any kind in 3 months"),
    ] {
        let page = lea.get(&format!("/trends?{months}&nature={nature}")).await;
        page.ok().shows(said);
        let chosen = page.body.split("id=\"nature\"").nth(1).unwrap();
        assert!(chosen.split("</select>").next().unwrap().contains(&format!("value=\"{nature}\" selected")), "{chosen}");
        for (label, address) in marks(&page) {
            let Some((_, counted)) = label.split_once(": ").filter(|_| label.contains("Opens them")) else { continue };
            let count: usize = counted.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(rows(lea.get(&address).await.ok()), count, "{label} → {address}");
        }
    }
    // The list itself filters by nothing that it cannot read.
    assert_eq!(rows(&lea.get(&format!("/incidents?{months}&nature=any")).await), 6);
}

async fn two_periods_stand_beside_each_other_with_what_chance_does(app: App) {
    let world = february_closed(&app).await;
    began(&app, &world, "2025-05", Nature::Incident, 4).await;
    began(&app, &world, "2025-06", Nature::Incident, 8).await;
    began(&app, &world, "2024-06", Nature::Incident, 1).await;
    began(&app, &world, "2024-06", Nature::NearMiss, 7).await;
    let lea = app.as_(&world.people.leader).await;
    let june = "/trends?from=2025-06&to=2025-06";
    lea.get(june).await.ok().hides("No clear change").shows("compare=year#incidents");
    let page = lea.get(&format!("{june}&compare=before")).await;
    page.ok()
        .shows("No clear change from the month before: 8 incidents, and 4 then.")
        .shows("8 incidents (95 % interval 3.5 to 15.8)")
        .shows("4 incidents (95 % interval 1.1 to 10.2)")
        .shows("Doubling from 4 to 8 is noise by itself")
        .shows("Chance of such a difference where nothing changed")
        .hides("↑");
    // May has a day more than June.
    let file = lea.get("/trends/incidents.csv?from=2025-06&to=2025-06&compare=before").await;
    file.ok().shows("2025-06,8,").shows("2025-06 to 2025-06,8,3.45,15.76,0.3").shows("2025-05 to 2025-05,4,1.09,10.24,");
    lea.get(&format!("{june}&compare=year"))
        .await
        .ok()
        .shows("More incidents than in the same month a year before: 8, and 1 then.");
    let near = lea.get(&format!("{june}&compare=year&nature=near-miss")).await;
    near.ok().shows("Fewer near misses than in the same month a year before: 0, and 7 then.").shows("need not be good news");
    for (of, begins) in [("team", world.people.team.to_string()), ("severity", "SEV1".to_owned())] {
        lea.get(&format!("{june}&compare=before&{of}={begins}"))
            .await
            .ok()
            .shows("No clear change from the month before: 0 incidents");
    }
    lea.get("/trends?from=2024-01&to=2025-06&compare=year").await.ok().shows("Choose twelve months or fewer.");
    for side in page.attributes("href").into_iter().filter(|h| h.contains("from=2025-05") || h.contains("from=2025-06")) {
        if !side.starts_with("/incidents?") {
            continue;
        }
        assert!(side.contains("nature=incident"), "{side}");
    }
}

async fn where_incidents_are_few_the_time_between_them_is_shown(app: App) {
    let world = february_closed(&app).await;
    for month in ["2024-01", "2024-03", "2024-04", "2024-06", "2024-07", "2024-09", "2024-12"] {
        began(&app, &world, month, Nature::Incident, 2).await;
    }
    let lea = app.as_(&world.people.leader).await;
    let page = lea.get("/trends?from=2024-01&to=2025-06").await;
    page.ok().shows("14 incidents; ").shows("Days from one to the next, in order").shows("whisk-band").shows("n = 13 times");
    let dots = marks(&page).into_iter().filter(|(label, _)| label.contains("after the one before"));
    assert_eq!(dots.count(), 13);
    let file = lea.get("/trends/between.csv?from=2024-01&to=2025-06").await;
    assert_eq!(file.ok().body.lines().count(), 14);
    file.shows(",1.00");
    lea.get("/trends?from=2024-06&to=2025-03").await.ok().shows("too few yet to say how long");
    // Two months of two each are counted by month.
    lea.get("/trends?from=2024-03&to=2024-04").await.ok().hides("Days from one").shows("Incidents by month");
}

async fn who_gave_is_kept_for_two_years_and_leads_to_nobody(app: App) {
    let world = february_closed(&app).await;
    let kept = async || app.raw.count("select count(*) from month_members").await;
    assert_eq!(kept().await, 8, "eight told of hours in February");
    for person in world.people.all() {
        let id = person.person_id.0.simple();
        let id =
            if app.raw.id(person.person_id.0).ends_with("::uuid") { format!("'\\x{id}'::bytea") } else { format!("x'{id}'") };
        assert_eq!(app.raw.count(&format!("select count(*) from month_members where member = {id}")).await, 0);
    }
    assert_eq!(app.raw.count("select count(*) from month_members m join month_contributions c on c.subject = m.member").await, 0);
    for (closed, left) in [("2027-12-08T01:00:00Z", 8), ("2028-01-08T01:00:00Z", 8), ("2028-02-08T01:00:00Z", 0)] {
        app.set_clock(closed);
        store::trends::close_months(&app.store, app.now()).await.unwrap();
        assert_eq!(kept().await, left, "{closed}");
    }
}

async fn hours_stand_beside_earlier_ones_only_where_the_group_is_the_same(app: App) {
    let world = february_closed(&app).await;
    let page = app.as_(&world.people.leader).await.get("/trends").await;
    page.ok()
        .shows("Beside earlier periods")
        .shows("No figure to stand beside")
        .shows("January 2026, the one before")
        .shows("February 2025, a year before");
    // A figure of January, to which February must not be compared.
    app.raw
        .run(
            "insert into released_cells (measure, period_kind, period_start, unit, people, value_json, suppressed, released_at)
             values ('hours', 'month', '2026-01-01', 'organisation', 7, '{\"total\":6000}', '', '2026-02-08T00:00:00+00:00')",
        )
        .await;
    app.raw.run("update released_cells set beside_before = -1 where period_start = '2026-02-01'").await;
    let page = app.as_(&world.people.leader).await.get("/trends").await;
    page.ok().shows("Not comparable: the group changed by a few people");
    app.raw.run("update released_cells set beside_before = 2 where period_start = '2026-02-01'").await;
    let page = app.as_(&world.people.leader).await.get("/trends").await;
    page.ok().shows("together").shows("100 h").hides("Not comparable");
}
