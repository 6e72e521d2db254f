//! The pages about factors, what helped and when incidents begin, and the files of charts: every count opens what it counts, and a file
//! tells no more than its page.

use super::{february_closed, marks, rows};
use crate::support::{Answer, App, World};

both_engines! {
    pages_about_factors_and_help_open_what_they_count,
    a_cell_of_the_heat_map_opens_its_incidents,
    a_picture_as_a_file_is_the_one_of_the_page,
}

/// Five incidents of one service with equal factors and published stories.
async fn reviewed(app: &App, world: &World) {
    let (store, p) = (&app.store, &world.people);
    for day in 1..=5 {
        let started = format!("2026-02-{day:02}T10:00:00Z").parse().unwrap();
        let new = domain::incidents::NewIncident {
            title: format!("Queue {day} stood still"),
            summary: String::new(),
            severity: domain::incidents::Severity::Sev2,
            nature: domain::incidents::Nature::default(),
            state: domain::incidents::IncidentState::Resolved,
            team_id: None,
            started_at: started,
            detected_at: None,
            declared_at: None,
            mitigated_at: None,
            resolved_at: None,
            zone: "UTC".to_owned(),
            restricted: false,
        };
        let key = store::incidents::add_with(store, &p.outsider, &new, &[world.kept.service], app.now()).await.unwrap();
        let id = store::incidents::by_key(store, &p.outsider, key, app.now()).await.unwrap().incident.id;
        store::reviews::open(store, &p.manager, id, p.facilitator.person_id, true, app.now()).await.unwrap();
        for (tags, role) in [
            (["alerting", "capacity"], domain::learnings::Role::Contributor),
            (["good-runbook", "alerting"], domain::learnings::Role::Mitigator),
        ] {
            let usual = Some(domain::learnings::Usual::Normal);
            let details = domain::learnings::FactorDetails { role, usual, ..domain::learnings::FactorDetails::default() };
            let tags = tags.map(|slug| domain::vocabulary::Tag::parse(slug).unwrap()).to_vec();
            let factor = store::learnings::NewFactor { body: "It took part".to_owned(), tags, details };
            store::learnings::add_factor(store, &p.facilitator, id, &factor, app.now()).await.unwrap();
        }
        for kind in [domain::reviews::SectionKind::Summary, domain::reviews::SectionKind::Surprised] {
            store::reviews::save_section(store, &p.facilitator, id, kind, 0, "Told.", app.now()).await.unwrap();
        }
        store::reviews::publish(store, &p.facilitator, id, app.now()).await.unwrap();
    }
}

/// (cells, address) of the rows of all tables that lead somewhere.
fn table_rows(page: &Answer) -> Vec<(Vec<String>, String)> {
    let rows = page.body.split("<tr><th scope=\"row\"><a href=\"").skip(1).map(|row| {
        let row = row.split("</tr>").next().unwrap();
        let address = row.split('"').next().unwrap().replace("&amp;", "&");
        let cells = row.split("<td class=\"n\">").skip(1).map(|cell| cell.split("</td>").next().unwrap().to_owned());
        (cells.collect(), address)
    });
    rows.collect()
}

async fn pages_about_factors_and_help_open_what_they_count(app: App) {
    let world = february_closed(&app).await;
    reviewed(&app, &world).await;
    let lea = app.as_(&world.people.leader).await;
    let mut counted = 0;
    for path in ["/trends/factors", "/trends/helped", &format!("/trends/factors?service={}", world.kept.service)] {
        let page = lea.get(path).await;
        for (label, address) in marks(page.ok()) {
            let Some((_, said)) = label.rsplit_once(": ").filter(|_| label.contains("Opens them")) else { continue };
            let count: usize = said.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(rows(lea.get(&address).await.ok()), count, "{path} {label} → {address}");
            counted += 1;
        }
        for (cells, address) in table_rows(&page).into_iter().filter(|(_, address)| address.starts_with("/incidents?")) {
            // Of a watch list the service stands first.
            let number = cells.iter().find_map(|cell| cell.split(' ').next().unwrap().parse::<usize>().ok()).unwrap();
            assert_eq!(rows(lea.get(&address).await.ok()), number, "{path} {cells:?} → {address}");
            counted += 1;
        }
        for person in world.people.all() {
            page.hides(&person.name).hides(&person.person_id.to_string());
        }
        page.hides("style=").hides("/planning");
        for file in page
            .attributes("href")
            .into_iter()
            .filter(|h| h.starts_with("/trends/") && (h.contains(".csv") || h.contains(".svg")))
        {
            let answer = lea.get(&file.replace("&amp;", "&")).await;
            assert!(answer.ok().header("content-disposition").starts_with("attachment"), "{file}");
        }
    }
    assert!(counted > 30, "{counted} counts were looked at");
    let page = lea.get("/trends/factors").await;
    page.ok().shows("2 times a factor was seen again at the same service.").shows("no clear change");
    page.shows("2 difficulties were called the normal state more than once.").shows("Alerting and Capacity");
    lea.get("/trends/helped").await.ok().shows("stories mark a factor as help.").shows("stories tell what surprised people.");
    // Nothing else is a file there.
    for path in ["/trends/nothing.csv", "/trends/nothing.svg", "/trends/often", "/trends/..svg", "/trends/People.svg"] {
        lea.get(path).await.is(404);
    }
}

async fn a_cell_of_the_heat_map_opens_its_incidents(app: App) {
    let world = february_closed(&app).await;
    reviewed(&app, &world).await;
    let lea = app.as_(&world.people.leader).await;
    let page = lea.get("/trends/when?from=2026-02&to=2026-03").await;
    let (mut cells, mut all) = (0, 0);
    for (label, address) in marks(page.ok()) {
        let (_, said) = label.rsplit_once(": ").unwrap();
        let count: usize = said.split(' ').next().unwrap().parse().unwrap();
        let opened = lea.get(address.split('#').next().unwrap()).await;
        let those = opened.ok().body.split_once("id=\"these\"").unwrap().1;
        assert_eq!(those.matches("<li class=\"line\">").count(), count, "{label} → {address}");
        (cells, all) = (cells + 1, all + count);
    }
    assert!(cells > 2 && all >= 5, "{cells} cells, {all} incidents");
    let listed = lea.get("/incidents?from=2026-02&to=2026-03&nature=incident").await;
    assert_eq!(rows(listed.ok()), all);
    // A restricted incident is in no cell of somebody who is not named on it.
    store::incidents::restrict(&app.store, &world.people.planner, world.review.id, true, app.now()).await.unwrap();
    let stranger = app.as_(&world.people.outsider).await;
    let fewer: usize = marks(&stranger.get("/trends/when?from=2026-02&to=2026-03").await)
        .iter()
        .map(|(label, _)| label.rsplit_once(": ").unwrap().1.split(' ').next().unwrap().parse::<usize>().unwrap())
        .sum();
    assert_eq!(fewer + 1, all);
}

async fn a_picture_as_a_file_is_the_one_of_the_page(app: App) {
    let world = february_closed(&app).await;
    reviewed(&app, &world).await;
    let lea = app.as_(&world.people.leader).await;
    let mut files = 0;
    for path in ["/trends", "/trends?severity=SEV2", "/trends/factors", "/trends/helped", "/trends/when"] {
        let page = lea.get(path).await;
        for file in page.ok().attributes("href").into_iter().filter(|h| h.starts_with("/trends/") && h.contains(".svg")) {
            let answer = lea.get(&file.replace("&amp;", "&")).await;
            assert_eq!(answer.ok().header("content-type"), "image/svg+xml; charset=utf-8", "{file}");
            let title = answer.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
            assert!(page.body.contains(&format!("<figcaption><strong>{title}</strong>")), "{file}: {title}");
            assert!(answer.body.starts_with("<?xml") && answer.body.trim_end().ends_with("</svg>"), "{file}");
            for no in ["href", "<a ", "<!", "script", "undefined", "/incidents"] {
                answer.hides(no);
            }
            for person in world.people.all() {
                answer.hides(&person.name);
            }
            files += 1;
        }
    }
    assert!(files > 15, "{files} files");
}
