//! Trends over HTTP: every mark opens what it counts, figures about people follow no filter and hide the few, no name anywhere.

mod compared;
mod factors;

use crate::support::{Answer, App, World};
use domain::trends::{Period, Unit};

both_engines! {
    every_bar_opens_exactly_the_incidents_that_it_counts,
    filters_stand_in_the_url_and_leave_people_measures_alone,
    what_is_hidden_is_hatched_and_explained,
    nobody_is_named_on_the_page_or_in_a_file,
    each_chart_has_a_table_a_method_and_a_file,
    a_team_name_is_no_formula_in_a_file,
    trends_are_not_for_administrators_alone_or_guests,
    spread_of_load_says_too_few_and_names_nobody,
    before_anything_happened_the_page_says_what_will_come,
    nights_and_waiting_are_told_to_their_person_and_as_sums,
    a_page_of_a_team_or_service_counts_what_the_list_shows,
    pages_of_teams_and_services_leave_restricted_incidents_out,
    pages_of_teams_and_services_are_found_from_where_one_is,
    pages_of_teams_and_services_open_for_who_sees_trends,
}

/// Each page and file of trends that is not about one team or service.
const EVERYTHING: [&str; 26] = [
    "/trends",
    "/trends/hours.csv",
    "/trends/incidents.csv",
    "/trends/between.csv",
    "/trends/factors.csv",
    "/trends/durations.csv",
    "/trends/right.csv",
    "/trends/support.csv",
    "/trends/learning",
    "/trends/questions",
    "/trends/learning.csv",
    "/trends/report?span=month&of=2026-02-01",
    "/trends/factors",
    "/trends/helped",
    "/trends/when",
    "/trends/on-call",
    "/trends/on-call.svg",
    "/trends/on-call-load.csv",
    "/trends/again.csv",
    "/trends/surprised.csv",
    "/trends/hours.svg",
    "/trends/durations.svg",
    "/trends/often.svg",
    "/trends/nights.csv",
    "/trends/spread.csv",
    "/trends/spread.svg",
];

/// The world after February has closed: eight people told of hours, five of them in the one team.
async fn february_closed(app: &App) -> World {
    let world = app.world().await;
    app.set_clock("2026-03-08T01:00:00Z");
    let closed = store::trends::close_months(&app.store, app.now()).await.unwrap();
    assert_eq!(closed, ["2026-02".parse::<Period>().unwrap()]);
    world
}

/// Names the service on the incidents in review and published.
async fn on_service(app: &App, world: &World) {
    for told in [&world.review, &world.planned] {
        let (store, viewer, now) = (&app.store, &world.people.planner, app.now());
        let incident = store::incidents::by_key(store, viewer, told.key, now).await.unwrap().incident;
        let same = domain::incidents::NewIncident {
            title: incident.title,
            summary: incident.summary,
            severity: incident.severity,
            nature: domain::incidents::Nature::default(),
            state: incident.state,
            team_id: incident.team_id,
            started_at: incident.started_at,
            detected_at: incident.detected_at,
            declared_at: incident.declared_at,
            mitigated_at: incident.mitigated_at,
            resolved_at: incident.resolved_at,
            zone: incident.zone,
            restricted: incident.restricted,
        };
        let services = Some(&[world.kept.service][..]);
        store::incidents::change_with(store, viewer, told.id, incident.version, &same, services, now).await.unwrap();
    }
}

/// (label, address) of the links inside pictures.
fn marks(page: &Answer) -> Vec<(String, String)> {
    let svg: String = page.body.split("<svg").skip(1).filter_map(|s| s.split("</svg>").next()).collect();
    let links = svg.split("<a ").skip(1).filter_map(|a| {
        let tag = a.split('>').next()?;
        let value = |name: &str| Some(tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.replace("&amp;", "&"));
        Some((value("aria-label")?, value("href")?))
    });
    links.collect()
}

fn rows(list: &Answer) -> usize {
    let keys: std::collections::BTreeSet<String> =
        list.attributes("href").into_iter().filter(|h| h.starts_with("/incidents/INC-")).collect();
    keys.len()
}

async fn every_bar_opens_exactly_the_incidents_that_it_counts(app: App) {
    let world = february_closed(&app).await;
    let lea = app.as_(&world.people.leader).await;
    let mut bars = 0;
    on_service(&app, &world).await;
    let of_service = format!("/trends?service={}", world.kept.service);
    for path in [
        "/trends",
        "/trends?severity=SEV2&from=2026-02&to=2026-03",
        "/trends?factor=capacity",
        "/trends?compare=before",
        &format!("/trends?team={}", world.people.team),
        &of_service,
    ] {
        let page = lea.get(path).await;
        for (label, address) in marks(page.ok()) {
            let Some((_, said)) = label.split_once(": ").filter(|_| label.contains("Opens them")) else { continue };
            let count: usize = said.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(rows(lea.get(&address).await.ok()), count, "{label} → {address}");
            bars += 1;
        }
    }
    assert!(bars > 6, "{bars} bars were looked at");
    for (label, address) in marks(&lea.get("/trends").await) {
        if label.starts_with("INC-") {
            lea.get(&address).await.ok().shows(label.split(',').next().unwrap());
        }
    }
}

async fn filters_stand_in_the_url_and_leave_people_measures_alone(app: App) {
    let world = february_closed(&app).await;
    let lea = app.as_(&world.people.leader).await;
    let people = |page: &Answer| {
        let from = page.body.split_once("id=\"people\"").unwrap().1;
        from.split_once("id=\"incidents\"").unwrap().0.to_owned()
    };
    let all = lea.get("/trends").await;
    let narrow =
        lea.get(&format!("/trends?severity=SEV1&from=2026-03&to=2026-03&team={}&factor=alerting", world.people.team)).await;
    assert_eq!(people(all.ok()), people(narrow.ok()));
    narrow.shows("No incident started in these months.").shows("value=\"2026-03\"");
    let severity = narrow.body.split("id=\"severity\"").nth(1).unwrap();
    assert!(severity.split("</select>").next().unwrap().contains("value=\"SEV1\" selected"), "{severity}");
    let text = people(&all);
    for address in text.split("href=\"/incidents?").skip(1).map(|a| a.split('"').next().unwrap()) {
        assert!(
            !address.contains("team") && !address.contains("severity") && !address.contains("state"),
            "{address}: the whole list only"
        );
    }
}

async fn what_is_hidden_is_hatched_and_explained(app: App) {
    let world = february_closed(&app).await;
    let shown = store::trends::released(&app.store, &world.people.leader, app.now()).await.unwrap();
    let february = "2026-02".parse().unwrap();
    assert_eq!(shown.hours.figure(Unit::Organisation, february).unwrap().unwrap().people, 8);
    assert!(shown.hours.figure(Unit::Team(world.people.team), february).unwrap().is_err(), "the three guests would be left");
    let page = app.as_(&world.people.leader).await.get("/trends").await;
    page.ok()
        .shows("hidden-cell")
        .shows("Hidden to protect others")
        .shows("2 teams are hidden.")
        .shows("Nobody, administrators included");
    page.shows("February 2026 closed on 8 March. March 2026 closes on 8 April.");
}

async fn nobody_is_named_on_the_page_or_in_a_file(app: App) {
    let world = february_closed(&app).await;
    let rune = app.as_(&world.people.responder).await;
    for path in EVERYTHING {
        let answer = rune.get(path).await;
        for person in world.people.all() {
            answer.ok().hides(&person.name).hides(&person.person_id.to_string());
        }
    }
}

async fn each_chart_has_a_table_a_method_and_a_file(app: App) {
    let world = february_closed(&app).await;
    let lea = app.as_(&world.people.leader).await;
    let page = lea.get("/trends").await;
    let charts = page.ok().body.matches("<figure class=\"chart").count();
    assert_eq!(charts, 8);
    for part in ["Show as a table", "How it is computed", ">CSV</a>", ">SVG</a>"] {
        assert_eq!(page.body.matches(part).count(), charts, "{part}");
    }
    // Figures beside earlier ones are a table without a picture.
    assert_eq!(page.body.matches("<table>").count(), charts + 1);
    assert!(!page.body.contains("style="), "no inline style: the policy forbids it");
    for file in page.attributes("href").into_iter().filter(|h| h.contains(".csv")) {
        let csv = lea.get(&file).await;
        assert_eq!(csv.ok().header("content-type"), "text/csv; charset=utf-8");
        // No quarter has closed, of which alone it is told how load is spread.
        let least = if file.ends_with("/spread.csv") { 1 } else { 2 };
        assert!(csv.body.lines().count() >= least && csv.header("content-disposition").starts_with("attachment"), "{file}");
    }
    lea.get("/trends/hours.csv").await.ok().shows("2026-02,All teams,8,");
}

async fn a_team_name_is_no_formula_in_a_file(app: App) {
    let world = app.world().await;
    store::people::add_team(&app.store, "=HYPERLINK(\"https://evil.example\")", app.now()).await.unwrap();
    app.set_clock("2026-03-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    let csv = app.as_(&world.people.leader).await.get("/trends/hours.csv").await;
    csv.ok().shows(",\"'=HYPERLINK(\"\"https://evil.example\"\")\",");
}

async fn trends_are_not_for_administrators_alone_or_guests(app: App) {
    let world = app.world().await;
    let ada = app.as_(&world.people.admin).await;
    let gro = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    for path in EVERYTHING {
        ada.get(path).await.is(404);
        gro.get(path).await.is(404);
        app.anonymous().get(path).await.is(303);
    }
}

async fn nights_and_waiting_are_told_to_their_person_and_as_sums(app: App) {
    let world = app.world().await;
    let talk = world.review.voice(&world.people.responder).invitation;
    let began = chrono::DateTime::parse_from_rfc3339("2026-02-02T11:00:00Z").unwrap();
    // The evening before, at 22:30 in Copenhagen, and an hour of waiting before that.
    let zone = domain::walltime::parse_zone("Europe/Copenhagen").unwrap();
    let evening = began.with_timezone(&zone).date_naive().pred_opt().unwrap().and_hms_opt(22, 30, 0).unwrap();
    let call = domain::walltime::to_utc(zone, evening).at;
    let hour = chrono::Duration::hours(1);
    for (from, kind) in [(call, domain::interviews::WorkKind::Responding), (call - hour, domain::interviews::WorkKind::Waiting)] {
        let new = domain::stretches::NewStretch { started_at: from, ended_at: from + hour, zone, kind };
        store::interviews::add_session(&app.store, &world.people.responder, talk, &new, app.now()).await.unwrap();
    }
    let rune = app.as_(&world.people.responder).await;
    let own = rune.get("/profile/hours").await;
    own.ok()
        .shows("<dt>Broken nights</dt><dd>1</dd>")
        .shows("<dt>Waiting and travel, apart</dt><dd>1 h</dd>")
        .shows("asking for the time back is fair");
    rune.get(&format!("/one-on-one/{talk}/3")).await.ok().shows("Waiting and travel, 1 h, stand apart");
    app.set_clock("2026-03-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    let rune = app.as_(&world.people.responder).await;
    // One night of one person: the page and the file say that it is hidden, and not how many there are.
    let page = rune.get("/trends").await;
    page.ok().shows("No closed period so far has nights of enough people to speak of.").shows("href=\"/trends/nights.csv\"");
    rune.get("/trends/nights.csv").await.ok().shows("2026-02,,,,,Too few people");
}

async fn spread_of_load_says_too_few_and_names_nobody(app: App) {
    let world = app.world().await;
    on_service(&app, &world).await;
    app.set_clock("2026-04-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    let lea = app.as_(&world.people.leader).await;
    let page = lea.get("/trends").await;
    page.ok()
        .shows("Two closed quarters with enough people and work are needed to say how load is spread.")
        .shows("Services that need a second expert")
        .shows("No service of which it may be said rests on one person.")
        .shows("href=\"/trends/spread.csv\"");
    lea.get("/trends/spread.csv").await.ok().shows("2026-Q1,All teams,,,,,,,Too few to say");
    let rune = app.as_(&world.people.responder).await;
    let own = rune.get("/profile/hours").await;
    own.ok().shows("Your part of Q1 2026").shows("Only you see it.");
    for person in [&world.people.leader, &world.people.planner] {
        let other = app.as_(person).await.get("/profile/hours").await;
        other.ok().hides("rests on you");
    }
}

async fn before_anything_happened_the_page_says_what_will_come(app: App) {
    let people = crate::support::people(&app).await;
    let page = app.as_(&people.leader).await.get("/trends").await;
    page.ok()
        .shows("No month has closed yet.")
        .shows("No incident started in these months.")
        .shows("No incident of these has an end yet.");
}

async fn a_page_of_a_team_or_service_counts_what_the_list_shows(app: App) {
    let world = february_closed(&app).await;
    on_service(&app, &world).await;
    let lea = app.as_(&world.people.leader).await;
    let (team, service) = (world.people.team, world.kept.service);
    for (path, all) in [
        (format!("/teams/{team}"), format!("/incidents?team={team}")),
        (format!("/services/{service}"), format!("/incidents?service={service}")),
    ] {
        let page = lea.get(&path).await;
        page.ok().shows(&format!("href=\"{all}\"")).shows("Latest incidents").shows("Latest learnings");
        let mut counted = 0;
        for (label, address) in marks(&page) {
            let Some((_, said)) = label.split_once(": ").filter(|_| label.contains("Opens them")) else { continue };
            let count: usize = said.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(rows(lea.get(&address).await.ok()), count, "{label} → {address}");
            counted += count;
        }
        let listed = lea.get(&all).await;
        assert!(counted > 0 && counted == rows(&listed), "{path}: {counted}");
        let latest = page.body.split_once("id=\"latest-h\"").unwrap().1.split_once("id=\"learned-h\"").unwrap().0;
        let row = |body: &str| body.matches("class=\"row-title\"").count();
        assert_eq!(row(latest), rows(&listed).min(10), "{path}");
        for person in world.people.all() {
            page.hides(&person.name).hides(&person.person_id.to_string());
        }
        page.hides("style=");
        for file in page.attributes("href").into_iter().filter(|h| h.contains(".csv")) {
            lea.get(&file).await.ok();
        }
    }
    assert_eq!(rows(&lea.get(&format!("/incidents?service={service}")).await), 2);
    let learned = store::learnings::latest(&app.store, &world.people.leader, Default::default(), 1).await.unwrap();
    lea.get(&format!("/teams/{team}")).await.ok().shows(&format!("/learnings/{}", learned[0].learning.id));
}

async fn pages_of_teams_and_services_leave_restricted_incidents_out(app: App) {
    let world = february_closed(&app).await;
    on_service(&app, &world).await;
    store::incidents::restrict(&app.store, &world.people.planner, world.review.id, true, app.now()).await.unwrap();
    let (stranger, named) = (app.as_(&world.people.outsider).await, app.as_(&world.people.planner).await);
    let key = format!("{}<", world.review.key);
    for path in [format!("/teams/{}", world.people.team), format!("/services/{}", world.kept.service)] {
        let february = |page: &Answer| -> u32 {
            let (label, _) = marks(page).into_iter().find(|(label, _)| label.starts_with("February 2026: ")).expect("a bar");
            label.split(": ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
        };
        let (theirs, ours) = (stranger.get(&path).await, named.get(&path).await);
        assert_eq!(february(theirs.ok()) + 1, february(ours.ok()), "{path}");
        theirs.hides(&key).hides("canary-review-title");
        ours.shows("canary-review-title");
    }
}

async fn pages_of_teams_and_services_are_found_from_where_one_is(app: App) {
    let world = app.world().await;
    on_service(&app, &world).await;
    let rune = app.as_(&world.people.responder).await;
    let (team, service) = (format!("/teams/{}", world.people.team), format!("/services/{}", world.kept.service));
    let here = [
        format!("/incidents/{}", world.review.key),
        format!("/incidents?team={0}&service={1}", world.people.team, world.kept.service),
    ];
    let trends = format!("/trends?team={0}&service={1}", world.people.team, world.kept.service);
    for path in here.iter().chain([&trends]) {
        let page = rune.get(path).await;
        page.ok().shows(&format!("href=\"{team}\"")).shows(&format!("href=\"{service}\""));
    }
    rune.get("/trends").await.ok().shows("href=\"/teams\"").shows("href=\"/services\"");
    rune.get("/teams").await.ok().shows(&format!("href=\"{team}\"")).shows("Checkout");
    rune.get("/services").await.ok().shows(&format!("href=\"{service}\"")).shows("Payments");
    rune.get(&service).await.ok().shows(&format!("href=\"{team}\""));
    rune.get(&team).await.ok().shows(&format!("href=\"{service}\""));
    // Who sees no trends is led nowhere.
    let ada = app.as_(&world.people.admin).await;
    ada.get(&here[0]).await.ok().shows("Checkout").hides(&team).hides(&service);
    ada.get(&here[1]).await.ok().hides("The page of");
}

async fn pages_of_teams_and_services_open_for_who_sees_trends(app: App) {
    let world = app.world().await;
    let rune = app.as_(&world.people.responder).await;
    let nobody = "00000000-0000-0000-0000-000000000009";
    for path in [format!("/teams/{nobody}"), format!("/services/{nobody}"), "/teams/x".to_owned(), "/services/x".to_owned()] {
        rune.get(&path).await.is(404);
        app.anonymous().get(&path).await.is(303);
    }
    let ada = app.as_(&world.people.admin).await;
    let gro = app.by_link(world.review.guest().link.as_deref().unwrap()).await;
    let empty = format!("/teams/{}", world.kept.empty_team);
    for path in ["/teams", "/services", &empty, &format!("/services/{}", world.kept.service)] {
        rune.get(path).await.ok();
        ada.get(path).await.is(404);
        gro.get(path).await.is(404);
        let door = app.anonymous().get(path).await;
        assert!(door.is(303).location().starts_with("/sign-in"), "{path}");
    }
    rune.get(&empty).await.ok().shows("Nothing is told of Nobody’s yet");
}
