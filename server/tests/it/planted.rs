//! The tests that say "none leaks", tested: each leak is planted, one at a time, and the check that is there for it has to find it.
//!
//! A leak is planted from outside: a layer around the service that serves, changes or tells what it must not, or a row that stands as
//! it would if a rule had not held. So nothing of it can reach the service that people run.

use crate::canaries::{crawl, leaks, logged};
use crate::edge::foreign_faults;
use crate::permissions::{Viewers, Who, page_faults, unlisted};
use crate::support::{App, Held, Person, World, listen_to_logs, on_sqlite, people};
use app::table::Endpoint;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use domain::interviews::Audience;
use domain::rights::Right;
use http::{Method, header};
use http_body_util::BodyExt;
use std::sync::Arc;

macro_rules! planted {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { super::on_sqlite(super::$case); })*
        }
    };
}

planted! {
    a_check_that_was_dropped,
    a_whole_row_in_the_page,
    a_gate_that_lets_all_through,
    an_unattributed_answer_beside_its_author,
    a_draft_shown_to_the_facilitator,
    an_answer_for_nobody_in_the_overview,
    leadership_that_facilitates,
    an_idea_before_the_wall_opens,
    an_idea_in_the_story,
    a_source_document_for_any_member,
    a_secret_in_the_log,
    a_word_in_a_header,
    a_page_that_changes_something,
    a_refusal_that_tells_what_is_there,
    an_endpoint_that_nobody_listed,
    figures_by_the_naive_rule,
}

/// Serves this page to everybody as if they were this person.
fn serves_as(app: &App, path: String, person: &Person) -> App {
    let cookie = format!("session={}", person.session().unwrap());
    app.wrapped(|router: Router| {
        router.layer(from_fn(move |mut request: Request, next: Next| {
            if request.uri().path() == path && request.headers().contains_key(header::COOKIE) {
                request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
            }
            next.run(request)
        }))
    })
}

/// Changes what this page answers, where it answers 200.
fn answers(app: &App, path: String, change: impl Fn(String) -> String + Send + Sync + 'static) -> App {
    let change = Arc::new(change);
    app.wrapped(|router: Router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let (hit, change) = (request.uri().path() == path, Arc::clone(&change));
            async move {
                let response = next.run(request).await;
                if !hit || response.status() != 200 {
                    return response;
                }
                let (mut parts, body) = response.into_parts();
                parts.headers.remove(header::CONTENT_LENGTH);
                let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
                Response::from_parts(parts, Body::from(change(text)))
            }
        }))
    })
}

/// The token of a text in the review.
fn token(world: &World, wanted: impl Fn(&Held) -> bool) -> String {
    world.canaries.iter().find(|c| c.incident == world.review.id && wanted(&c.held)).unwrap().token.clone()
}

async fn a_check_that_was_dropped(app: App) {
    let world = app.world().await;
    let path = format!("/incidents/{}/review/overview", world.review.key);
    let broken = serves_as(&app, path, &app.as_(&world.people.facilitator).await);
    let viewers = Viewers::of(&broken, &world).await;
    let faults = page_faults(&broken, &world, &viewers, &[Who::Outsider, Who::Admin], |p| p.ends_with("/overview")).await.0;
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert!(leaks(&broken, &world, &[Who::Admin]).await.len() > 10);
}

async fn a_whole_row_in_the_page(app: App) {
    let world = app.world().await;
    let only_me = token(&world, |h| matches!(h, Held::Answer { audience: Audience::OnlyMe, .. }));
    let row = format!("<script type=\"application/json\">{{\"body\":\"{only_me} is what was written here.\"}}</script>");
    let broken = answers(&app, format!("/incidents/{}", world.review.key), move |page| page + &row);
    assert_eq!(leaks(&broken, &world, &[Who::Outsider]).await.len(), 1);
}

async fn a_gate_that_lets_all_through(app: App) {
    let people = people(&app).await;
    let broken = app.wrapped(|router| {
        router.layer(from_fn(|mut request: Request, next: Next| {
            request.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
            next.run(request)
        }))
    });
    let faults = foreign_faults(&broken, &broken.as_(&people.responder).await).await;
    assert!(faults.contains(&"something was changed".to_owned()), "{faults:#?}");
}

async fn an_unattributed_answer_beside_its_author(app: App) {
    let world = app.world().await;
    let author = world.people.other_responder.clone();
    let said = token(
        &world,
        |h| matches!(h, Held::Answer { audience: Audience::Unattributed, author: a, .. } if *a == author.person_id),
    );
    let path = format!("/incidents/{}/review/overview", world.review.key);
    let broken = answers(&app, path, move |page| page.replace(&said, &format!("{said}</p><p class=\"who\">Oda Other</p><p>")));
    let found = leaks(&broken, &world, &[Who::Facilitator]).await;
    assert!(!found.is_empty() && found.iter().all(|f| f.contains("beside its author")), "{found:#?}");
}

async fn a_draft_shown_to_the_facilitator(app: App) {
    let world = app.world().await;
    let draft = app.raw.id(world.review.voice(&world.people.drafter).invitation.0);
    app.raw.run(&format!("update answers set released_at = saved_at where invitation_id = {draft}")).await;
    app.raw.run(&format!("update invitations set state = 'submitted' where id = {draft}")).await;
    assert!(leaks(&app, &world, &[Who::Facilitator]).await.len() > 5);
}

async fn an_answer_for_nobody_in_the_overview(app: App) {
    let world = app.world().await;
    let only_me = token(&world, |h| matches!(h, Held::Answer { audience: Audience::OnlyMe, question: 11, .. }));
    let path = format!("/incidents/{}/review/overview", world.review.key);
    // Cut short, as in a list.
    let cut = only_me[..only_me.len() - 2].to_owned();
    let broken = answers(&app, path, move |page| page.replace("</main>", &format!("<p>{cut}…</p></main>")));
    assert!(!leaks(&broken, &world, &[Who::Facilitator]).await.is_empty());
}

async fn leadership_that_facilitates(app: App) {
    let world = app.world().await;
    let lea = app.raw.id(world.people.leader.person_id.0);
    app.raw.run(&format!("update people set is_leadership = {} where id = {lea}", i32::from(false))).await;
    let viewers = Viewers::of(&app, &world).await;
    let faults = page_faults(&app, &world, &viewers, &[Who::Leader], |p| p.contains("/review/")).await.0;
    assert!(faults.iter().any(|f| f.contains("overview")), "{faults:#?}");
    assert!(leaks(&app, &world, &[Who::Leader]).await.len() > 10);
}

async fn an_idea_before_the_wall_opens(app: App) {
    let world = app.world().await;
    let closed = app.raw.id(world.closed.id.0);
    app.raw.run(&format!("update walls set opens_at = '2026-03-05T11:59:00+00:00' where incident_id = {closed}")).await;
    let viewers = Viewers::of(&app, &world).await;
    let faults = page_faults(&app, &world, &viewers, &[Who::Planner], |p| p.contains("/planning/")).await.0;
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(!leaks(&app, &world, &[Who::Planner]).await.is_empty());
}

async fn an_idea_in_the_story(app: App) {
    let world = app.world().await;
    let idea = world.canaries.iter().find(|c| c.incident == world.closed.id && matches!(c.held, Held::Idea { .. })).unwrap();
    let idea = idea.token.clone();
    let broken = answers(&app, format!("/incidents/{}/review", world.closed.key), move |page| {
        page.replace("</article>", &(idea.clone() + "</article>"))
    });
    assert!(!leaks(&broken, &world, &[Who::Leader]).await.is_empty());
}

async fn a_source_document_for_any_member(app: App) {
    let world = app.world().await;
    let path = format!("/incidents/{}/source/{}", world.imported.key, world.imported.source.unwrap());
    let broken = serves_as(&app, path, &app.as_(&world.people.importer).await);
    let viewers = Viewers::of(&broken, &world).await;
    let faults = page_faults(&broken, &world, &viewers, &[Who::Outsider], |p| p.contains("/source/")).await.0;
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert_eq!(leaks(&broken, &world, &[Who::Outsider]).await.len(), 1);
}

async fn a_secret_in_the_log(app: App) {
    listen_to_logs();
    let world = app.world().await;
    let broken = app.wrapped(|router| {
        router.layer(from_fn(|request: Request, next: Next| {
            tracing::trace!(headers = ?request.headers(), "request begins");
            next.run(request)
        }))
    });
    let viewers = Viewers::of(&broken, &world).await;
    crawl(&broken, &world, &viewers, Who::Guest).await;
    let guest = viewers.get(Who::Guest).session().unwrap();
    assert!(logged(&world, &viewers).contains(&guest));
}

async fn a_word_in_a_header(app: App) {
    let world = app.world().await;
    let said = token(&world, |h| matches!(h, Held::Answer { .. }));
    let broken = app.wrapped(|router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let said = said.clone();
            async move {
                let mut response = next.run(request).await;
                response.headers_mut().insert("x-debug", said.parse().unwrap());
                response
            }
        }))
    });
    assert!(leaks(&broken, &world, &[Who::Anonymous]).await.iter().any(|f| f.contains("a header of")));
}

async fn a_page_that_changes_something(app: App) {
    let world = app.world().await;
    let raw = app.raw.clone();
    let broken = app.wrapped(|router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let raw = raw.clone();
            async move {
                if request.method() == Method::GET && request.uri().path() == "/profile/reads" {
                    raw.run("update teams set name = 'Renamed'").await;
                }
                next.run(request).await
            }
        }))
    });
    let viewers = Viewers::of(&broken, &world).await;
    let faults = page_faults(&broken, &world, &viewers, &[Who::Responder], |p| p == "/profile/reads").await.0;
    assert_eq!(faults, ["GET /profile/reads changed the database"]);
}

async fn a_refusal_that_tells_what_is_there(app: App) {
    let world = app.world().await;
    let there = format!("/incidents/{}/planning", world.review.key);
    let broken = app.wrapped(|router| {
        router.layer(from_fn(move |request: Request, next: Next| {
            let hit = request.uri().path() == there;
            async move {
                let response = next.run(request).await;
                if !hit || response.status() != 404 {
                    return response;
                }
                let (parts, body) = response.into_parts();
                let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
                Response::from_parts(parts, Body::from(text.replace("This page is not here", "This page is not for you")))
            }
        }))
    });
    let viewers = Viewers::of(&broken, &world).await;
    let faults = page_faults(&broken, &world, &viewers, &[Who::Outsider], |p| p.ends_with("/planning")).await.0;
    assert_eq!(faults.len(), 1, "{faults:#?}");
}

async fn an_endpoint_that_nobody_listed(_app: App) {
    let mut table = server::router::table();
    table.push(Endpoint { method: "GET", path: "/incidents/{key}/everything", right: Right::Open });
    assert_eq!(unlisted(&table).0.len(), 1);
}

/// What the file of people measures tells about fewer than five people: shown as they are, or left over when the teams that are shown
/// are taken from the whole.
async fn few_in_figures(app: &App, world: &World) -> Vec<String> {
    let file = app.as_(&world.people.leader).await.get("/trends/hours.csv").await;
    let mut periods: std::collections::BTreeMap<String, (i64, i64)> = std::collections::BTreeMap::new();
    let mut faults = Vec::new();
    for line in file.ok().body.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
        let Ok(count) = cells[2].parse::<i64>() else { continue };
        if count < 5 {
            faults.push(format!("{line} tells about {count}"));
        }
        let period = periods.entry(cells[0].to_owned()).or_default();
        if cells[1] == "All teams" { period.0 = count } else { period.1 += count }
    }
    for (period, (all, teams)) in periods {
        if all > 0 && (1..5).contains(&(all - teams)) {
            faults.push(format!("{period}: all teams without those shown are {}", all - teams));
        }
    }
    faults
}

async fn figures_by_the_naive_rule(app: App) {
    let world = app.world().await;
    app.set_clock("2026-03-08T01:00:00Z");
    store::trends::close_months(&app.store, app.now()).await.unwrap();
    assert!(few_in_figures(&app, &world).await.is_empty(), "what is released tells about nobody");
    // "Show groups of five or more": a team of seven, and all teams with three more.
    app.raw.run("delete from released_cells").await;
    let minutes = r#"{"working":100,"evening":10,"night":5,"weekend":0}"#;
    for (unit, people) in [("organisation".to_owned(), 10), (world.people.team.to_string(), 7)] {
        app.raw
            .run(&format!(
                "insert into released_cells (measure, period_kind, period_start, unit, people, value_json, suppressed, released_at)
                 values ('hours', 'month', '2026-02-01', '{unit}', {people}, '{minutes}', '', '2026-03-08T00:00:00+00:00')"
            ))
            .await;
    }
    let faults = few_in_figures(&app, &world).await;
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].contains("are 3"));
}
