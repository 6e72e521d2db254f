//! Hooks over HTTP: what tools send becomes one incident an outage; and a real Alertmanager that sends to a running service.

use crate::support::{Answer, App, Person, Running, people};
use axum::body::Body;
use hmac::{Hmac, Mac};
use http::{Method, Request};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

both_engines! {
    an_outage_becomes_one_incident,
    a_proposal_is_opened_left_and_proposed_again,
    what_is_signed_wrongly_is_not_taken,
    what_does_not_fit_is_not_taken,
    an_address_works_by_itself_and_not_after_it_is_retired,
    what_cannot_be_read_is_kept_and_shown_to_nobody,
}

const FIRING: &str = r#"{"version":"4","groupKey":"{}:{alertname=\"QueueLong\"}","status":"firing","receiver":"second-story",
"groupLabels":{"alertname":"QueueLong"},"commonLabels":{"alertname":"QueueLong","severity":"critical"},"commonAnnotations":{},
"externalURL":"http://alerts.example","alerts":[{"status":"firing","labels":{"alertname":"QueueLong","severity":"critical"},
"annotations":{"summary":"canary <script>alert(1)</script>"},"startsAt":"2026-03-02T09:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"aa"}]}"#;

fn resolved() -> String {
    FIRING.replace("\"firing\"", "\"resolved\"").replace("0001-01-01T00:00:00Z", "2026-03-02T09:20:00Z")
}

fn two() -> String {
    let second = r#"}, {"status":"firing","labels":{"alertname":"QueueLong","pier":"south"},"annotations":{},
"startsAt":"2026-03-02T09:04:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"bb"}]}"#;
    FIRING.replace("}]}", second)
}

/// Makes a hook as an administrator does and answers its path.
async fn hook(admin: &Person, fields: &[(&str, &str)]) -> String {
    let mut all =
        vec![("name", "Alerts"), ("kind", "alertmanager"), ("min_severity", "3"), ("quiet_minutes", "30"), ("zone", "UTC")];
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.extend(fields);
    let page = admin.post("/settings/hooks", &all).await;
    let at = page.ok().body.find("/hooks/").unwrap_or_else(|| panic!("{}", page.body));
    let path: String = page.body[at..].chars().take_while(|c| !matches!(c, '"' | '<' | ' ' | '\n')).collect();
    assert!(path.len() > 50, "{path}");
    path
}

/// Sends as a tool does: without a cookie, without an origin.
async fn send(app: &App, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Person::request(Method::POST, path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request: Request<Body> = request.body(Body::from(body.to_owned())).unwrap();
    app.anonymous().send(request).await
}

#[track_caller]
fn made(answer: &Answer, status: u16, outcome: &str) {
    assert_eq!((answer.status, answer.body.as_str()), (status, format!("{{\"outcome\":\"{outcome}\"}}").as_str()));
}

async fn an_outage_becomes_one_incident(app: App) {
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    let path = hook(&admin, &[("opens", "open")]).await;
    made(&send(&app, &path, FIRING, &[]).await, 202, "opened");
    made(&send(&app, &path, FIRING, &[]).await, 202, "repeated");
    made(&send(&app, &path, &two(), &[]).await, 202, "written");
    made(&send(&app, &path, &resolved(), &[]).await, 202, "written");
    let rune = app.as_(&people.responder).await;
    rune.get("/incidents").await.ok().shows("QueueLong").hides("INC-2");
    rune.get("/incidents/INC-1").await.ok().shows("QueueLong").shows("Resolved").hides("canary");
    // Within the quiet period it is the same one, later another one.
    let again = FIRING.replace("09:00:00", "09:40:00");
    made(&send(&app, &path, &again, &[]).await, 202, "written");
    made(
        &send(&app, &path, &resolved().replace("09:00:00", "09:40:00").replace("09:20:00", "09:45:00"), &[]).await,
        202,
        "written",
    );
    made(&send(&app, &path, &FIRING.replace("09:00:00", "10:40:00"), &[]).await, 202, "opened");
    let list = admin.get("/settings/hooks").await;
    let one = list.attributes("href").into_iter().find(|href| href.starts_with("/settings/hooks/")).unwrap();
    admin.get(&one).await.ok().shows("Incident opened").shows("Known already").shows("INC-2").hides("canary");
}

async fn a_proposal_is_opened_left_and_proposed_again(app: App) {
    let people = people(&app).await;
    let path = hook(&app.as_(&people.admin).await, &[("label_match", "severity=critical")]).await;
    made(&send(&app, &path, &FIRING.replace("critical", "page"), &[]).await, 202, "left");
    made(&send(&app, &path, FIRING, &[]).await, 202, "proposed");
    let rune = app.as_(&people.responder).await;
    rune.get("/incidents").await.ok().shows("1 proposed");
    let page = rune.get("/proposals").await;
    page.ok().shows("QueueLong").shows("Not an incident").hides("<script>alert");
    let action = page.attributes("action").into_iter().find(|a| a.starts_with("/proposals/")).unwrap();
    rune.follow(&rune.post(&action, &[("act", "dismiss")]).await)
        .await
        .ok()
        .shows("Nothing is proposed")
        .shows("Propose it again");
    rune.follow(&rune.post(&action, &[("act", "undo")]).await).await.ok().shows("Open it");
    let opened = rune.post(&action, &[("act", "open")]).await;
    rune.follow(&opened).await.ok().shows("QueueLong").shows("INC-1").hides("<script>alert");
    made(&send(&app, &path, &resolved(), &[]).await, 202, "written");
    rune.get("/incidents/INC-1").await.ok().shows("Resolved");
}

async fn what_is_signed_wrongly_is_not_taken(app: App) {
    const BODY: &str = r#"{"event":{"id":"01A","event_type":"incident.triggered","occurred_at":"2026-03-02T09:00:00Z",
        "data":{"id":"P1","type":"incident","title":"Bookings time out","status":"triggered","urgency":"high","created_at":"2026-03-02T09:00:00Z"}}}"#;
    let secret = "a-secret-of-pagerduty-for-this-test";
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    admin.post("/settings/hooks", &[("name", "Pager"), ("kind", "pagerduty"), ("secret", "short")]).await.is(422);
    let path = hook(&admin, &[("kind", "pagerduty"), ("secret", secret), ("opens", "open")]).await;
    let sign = |secret: &str| {
        let mac = <Hmac<sha2::Sha256> as Mac>::new_from_slice(secret.as_bytes()).unwrap().chain_update(BODY);
        mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    made(&send(&app, &path, BODY, &[]).await, 401, "signature");
    for wrong in ["", "v1=", "v1=zz", &format!("v1={}", sign("another")), &sign(secret), &format!("v0={}", sign(secret))] {
        made(&send(&app, &path, BODY, &[("x-pagerduty-signature", wrong)]).await, 401, "signature");
    }
    let right = format!("v1={},v1={}", sign("another"), sign(secret));
    made(&send(&app, &path, &format!("{BODY} "), &[("x-pagerduty-signature", &right)]).await, 401, "signature");
    made(&send(&app, &path, BODY, &[("x-pagerduty-signature", &right)]).await, 202, "opened");
    app.as_(&people.responder).await.get("/incidents").await.ok().shows("Bookings time out");
}

async fn what_does_not_fit_is_not_taken(app: App) {
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    let path = hook(&admin, &[]).await;
    let huge = format!("[{}]", "1,".repeat(600 * 1024));
    made(&send(&app, &path, &huge, &[]).await, 413, "too-large");
    let deep = "[".repeat(200_000);
    for hostile in
        ["", "null", "[]", "{}", "PK\u{3}\u{4}zip", "\u{0}", deep.as_str(), r#"{"alerts":[]}"#, r#"{"alerts":[1,null]}"#]
    {
        let answer = send(&app, &path, hostile, &[]).await;
        made(&answer, 422, "failed");
    }
    app.as_(&people.responder).await.get("/proposals").await.ok().shows("Nothing is proposed");
}

async fn an_address_works_by_itself_and_not_after_it_is_retired(app: App) {
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    let path = hook(&admin, &[]).await;
    // From another site it is the same: nothing rides on a cookie.
    made(
        &send(&app, &path, FIRING, &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]).await,
        202,
        "proposed",
    );
    let never = send(&app, "/hooks/alertmanager/never-was", FIRING, &[]).await;
    assert_eq!(never.status, 404);
    let elsewhere = send(&app, &path.replace("/alertmanager/", "/grafana/"), FIRING, &[]).await;
    assert_eq!((elsewhere.status, elsewhere.bare()), (404, never.bare()));
    assert_eq!(admin.get(&path).await.status, 404);
    let list = admin.get("/settings/hooks").await;
    let token = path.rsplit('/').next().unwrap();
    list.ok().hides(token);
    let one = list.attributes("href").into_iter().find(|href| href.starts_with("/settings/hooks/")).unwrap();
    admin.follow(&admin.post(&format!("{one}/retire"), &[]).await).await.ok().shows("Retired");
    let retired = send(&app, &path, FIRING, &[]).await;
    assert_eq!((retired.status, retired.bare()), (404, never.bare()));
}

async fn what_cannot_be_read_is_kept_and_shown_to_nobody(app: App) {
    let people = people(&app).await;
    let admin = app.as_(&people.admin).await;
    let path = hook(&admin, &[]).await;
    made(&send(&app, &path, "{\"canary\": ", &[]).await, 422, "failed");
    let list = admin.get("/settings/hooks").await;
    let one = list.attributes("href").into_iter().find(|href| href.starts_with("/settings/hooks/")).unwrap();
    let page = admin.get(&one).await;
    page.ok().shows("Not read").shows("Replay").hides("canary");
    let action = page.attributes("action").into_iter().find(|a| a.ends_with("/replay")).unwrap();
    admin.follow(&admin.post(&action, &[]).await).await.ok().shows("Tried again: 1.").hides("canary");
    let rune = app.as_(&people.responder).await;
    assert_eq!(rune.post(&action, &[]).await.status, 404);
}

/// A real Alertmanager, ended when it is dropped.
struct Alertmanager {
    child: Child,
    port: u16,
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Alertmanager {
    /// Sends to this address what it is told. `None` where there is none to start, which CI does not pass over.
    fn start(folder: &Path, address: &str) -> Option<Self> {
        const PROGRAM: &str = "prometheus-alertmanager";
        if Command::new(PROGRAM).arg("--version").output().is_err() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{PROGRAM} must be there in CI: tools/setup --for test");
            eprintln!("SKIPPED: {PROGRAM} is not here; tools/setup --for test installs it");
            return None;
        }
        let config = format!(
            "route:\n  receiver: second-story\n  group_by: [alertname]\n  group_wait: 1s\n  group_interval: 1s\n  repeat_interval: 1h\n\
             receivers:\n  - name: second-story\n    webhook_configs:\n      - url: {address}\n        send_resolved: true\n"
        );
        let file = folder.join("alertmanager.yml");
        std::fs::write(&file, config).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(PROGRAM)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.path={}", folder.join("alerts").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--cluster.listen-address=")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("alertmanager.log")).unwrap())
            .spawn()
            .unwrap();
        Some(Self { child, port })
    }

    /// Tells it of an alert through its API; `false` while it does not listen yet.
    fn tell(&self, alerts: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let request = format!(
            "POST /api/v2/alerts HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{alerts}",
            alerts.len()
        );
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

/// Waits until this is so, half a minute at most.
#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} did not come");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_real_alertmanager_opens_an_incident_and_resolves_it() {
    const ADA: [(&str, &str); 6] = [
        ("name", "Ada First"),
        ("email", "ada@example.org"),
        ("password", "three calm words"),
        ("again", "three calm words"),
        ("zone", "UTC"),
        ("member", "yes"),
    ];
    let place = tempfile::tempdir().unwrap();
    let running = Running::serve(&place.path().join("data"), &[]);
    let (_, answer) = running.post(&running.set_up_path().unwrap(), &ADA);
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let session = format!("cookie: {}", line.split(';').next().unwrap());
    let fields = "name=Alerts&kind=alertmanager&opens=open&min_severity=3&quiet_minutes=30&zone=UTC";
    let (status, page) = running.ask("POST", "/settings/hooks", &[&session], fields);
    assert_eq!(status, 200, "{page}");
    let path: String =
        page[page.find("/hooks/alertmanager/").unwrap()..].chars().take_while(|c| !matches!(c, '"' | '<' | '\n')).collect();
    let Some(alertmanager) = Alertmanager::start(place.path(), &format!("http://{}{path}", running.address)) else { return };

    let now = server::clock::now();
    let stamp = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let began = stamp(now - chrono::TimeDelta::minutes(10));
    let alert = |pier: &str, more: &str| {
        format!(r#"[{{"labels":{{"alertname":"FerryLate","severity":"critical","pier":"{pier}"}},"startsAt":"{began}"{more}}}]"#)
    };
    until("Alertmanager", || alertmanager.tell(&alert("north", "")));
    let list = || running.ask("GET", "/incidents", &[&session], "").1;
    until("the incident", || list().contains("FerryLate"));
    assert!(alertmanager.tell(&alert("south", "")));
    std::thread::sleep(Duration::from_secs(2));
    let ended = format!(r#","endsAt":"{}""#, stamp(now));
    assert!(alertmanager.tell(&alert("north", &ended)) && alertmanager.tell(&alert("south", &ended)));
    let shown = || running.ask("GET", "/incidents/INC-1", &[&session], "").1;
    until("its end", || shown().contains("Resolved"));
    assert!(!list().contains("INC-2"), "one outage, one incident");
    let log = running.log();
    assert!(!log.contains(path.rsplit('/').next().unwrap()), "the log holds the address");
}
