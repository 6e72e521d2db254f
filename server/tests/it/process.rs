//! The process as an operator meets it: first start, addresses, log, metrics, a full disk, its end.

use crate::support::{FreshDatabase, Running, postgres_server, read, said};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const ADA: [(&str, &str); 6] = [
    ("name", "Ada First"),
    ("email", "ada@example.org"),
    ("password", "three calm words"),
    ("again", "three calm words"),
    ("zone", "UTC"),
    ("member", "yes"),
];

fn folder() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    (place, data)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The session cookie that an answer sets.
fn cookie(answer: &str) -> String {
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap_or_else(|| panic!("{answer}"));
    format!("cookie: {}", line.split(';').next().unwrap())
}

#[test]
fn the_first_start_is_private_and_its_link_works_once() {
    let (_place, data) = folder();
    let first = Running::serve(&data, &[]);
    assert!(first.address.ip().is_loopback());
    assert_eq!((mode(&data), mode(&data.join("secrets"))), (0o700, 0o700));
    for file in ["secrets/instance.key", "second-story.db", "second-story.db-wal"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
    let old = first.set_up_path().expect("a link");
    assert_eq!(first.get(&old).0, 200);
    assert!(first.get("/").1.contains("waits to be set up"));
    let log = first.log();
    drop(first);
    let second = Running::serve(&data, &[]);
    let link = second.set_up_path().expect("another link");
    assert_ne!(old, link);
    assert_eq!(second.get(&old).0, 404, "a new start made a new link");
    let (status, answer) = second.post(&link, &ADA);
    assert_eq!(status, 303, "{answer}");
    assert_eq!(second.ask("GET", "/welcome", &[&cookie(&answer)], "").0, 200);
    assert_eq!((second.get(&link).0, second.post(&link, &ADA).0), (404, 404));
    let log = log + &second.log();
    assert!(log.contains("/set-up/{token}"), "the log was written");
    for secret in [old.as_str(), link.as_str()].map(|link| link.trim_start_matches("/set-up/")) {
        assert!(!log.contains(secret), "the log holds a link");
    }
    drop(second);
    assert_eq!(Running::serve(&data, &[]).set_up_path(), None, "there is an administrator");
}

#[test]
fn the_first_start_on_postgres_prints_a_link_too() {
    let Some(server) = postgres_server() else { return };
    let (_place, data) = folder();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let database = FreshDatabase::make(&server).await;
        let key = server::secrets::key_path(&data);
        std::fs::create_dir_all(key.parent().unwrap()).unwrap();
        std::fs::write(&key, "07".repeat(32)).unwrap();
        // As a mounted secret: the address with its password stands in a file.
        let file = data.join("database-url");
        std::fs::write(&file, format!("{}\n", database.url)).unwrap();
        let url = format!("@{}", file.display());
        let running = Running::serve(&data, &["--database", &url, "--data", data.to_str().unwrap()]);
        let link = running.set_up_path().expect("a link");
        assert_eq!(running.post(&link, &ADA).0, 303);
        assert_eq!(running.get(&link).0, 404);
        drop(running);
        database.drop_it().await;
    });
}

#[test]
fn what_others_can_reach_wants_https_or_a_clear_word() {
    let (_place, data) = folder();
    let database = format!("sqlite://{}", data.join("second-story.db").display());
    let refused = |arguments: &[&str]| {
        let output = said(&[&["serve", "--database", &database], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let open = refused(&["--listen", "0.0.0.0:0"]);
    assert!(open.contains("--listen 0.0.0.0:0 --base-url https://") && open.contains("--insecure-http"), "{open}");
    let plain = refused(&["--listen", "127.0.0.1:0", "--base-url", "http://stories.example.org"]);
    assert!(plain.contains("--base-url https://stories.example.org"), "{plain}");
    for base in ["stories.example.org", "https://example.org/?a=b", "https://example.org/#a", "ftp://example.org"] {
        let sentence = refused(&["--listen", "127.0.0.1:0", "--base-url", base]);
        assert!(sentence.contains(base) && sentence.contains("Write for example"), "{sentence}");
    }
    for arguments in [
        &["--listen", "0.0.0.0:0", "--insecure-http"][..],
        &["--listen", "0.0.0.0:0", "--base-url", "https://stories.example.org"],
    ] {
        let running = Running::serve(&data, arguments);
        assert!(running.address.ip().is_unspecified(), "{arguments:?}");
        let link = running.set_up_path();
        assert!(link.is_some());
        let hsts = running.get("/").1.contains("strict-transport-security");
        assert_eq!(hsts, arguments.contains(&"--base-url"), "only where everything is https");
    }
    let help = String::from_utf8(said(&["serve", "--help"]).stdout).unwrap();
    assert!(help.contains("[default: 127.0.0.1:3000]"), "{help}");
}

#[test]
fn a_log_for_machines_is_json_without_words_queries_and_addresses() {
    let (_place, data) = folder();
    let running = Running::serve(&data, &["--log-format", "json", "--trusted-proxies", "1"]);
    let link = running.set_up_path().unwrap();
    let session = cookie(&running.post(&link, &ADA).1);
    running.ask("GET", "/incidents?q=canary-query", &[&session, "x-forwarded-for: 198.51.100.77"], "");
    running.ask("GET", "/incidents/INC-4711/edit", &[&session], "");
    running.ask("POST", "/incidents", &[&session], "title=canary-title");
    running.ask("GET", "/canary-nowhere", &[], "");
    let log = running.log();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["message"] == "request").collect();
    let told: Vec<_> = requests.iter().map(|r| (r["route"].as_str().unwrap(), r["status"].as_u64().unwrap())).collect();
    let wanted =
        [("/set-up/{token}", 303), ("/incidents", 200), ("/incidents/{key}/edit", 404), ("/incidents", 422), ("(none)", 404)];
    for line in wanted {
        assert!(told.contains(&line), "{line:?} in {told:?}");
    }
    for request in requests {
        assert_eq!(request["id"].as_str().unwrap().len(), 32);
        assert!(request["ms"].is_u64() && request["method"].is_string() && request["timestamp"].is_string());
    }
    for word in ["canary-", "198.51.100.77", "INC-4711", "ada@example.org", "Ada First"] {
        assert!(!log.contains(word), "the log holds {word}");
    }
}

#[test]
fn metrics_are_for_this_machine_or_for_a_token() {
    let (place, data) = folder();
    let token = place.path().join("token");
    std::fs::write(&token, "a-token-of-forty-characters-for-this-test\n").unwrap();
    let running = Running::serve(&data, &["--metrics-token-file", token.to_str().unwrap()]);
    running.get("/incidents/INC-4711");
    running.get("/canary-nowhere?q=canary");
    let mut text = String::new();
    // The job of the start may still be at work.
    for _ in 0..40 {
        let (status, told) = running.get("/metrics");
        assert_eq!(status, 200);
        text = told;
        if text.contains("close-months") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    for line in [
        "secondstory_http_requests_total{method=\"GET\",route=\"/incidents/{key}\",status=\"3xx\"} 1",
        "secondstory_http_requests_total{method=\"GET\",route=\"(none)\",status=\"4xx\"} 1",
        "secondstory_http_request_duration_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/incidents/{key}\"}",
        "secondstory_connections ",
        "secondstory_database_connections{pool=\"read\",state=\"idle\"}",
        "secondstory_job_last_success_timestamp_seconds{job=\"close-months\"}",
        "secondstory_process_resident_memory_bytes",
        "secondstory_disk_free_bytes",
        "secondstory_writes_refused 0",
        "secondstory_build_info{version=\"",
        "# TYPE secondstory_http_requests counter",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("canary") && !text.contains("INC-4711"));
    for header in ["x-forwarded-for: 198.51.100.7", "forwarded: for=198.51.100.7", "via: 1.1 proxy", "x-real-ip: 127.0.0.1"] {
        assert_eq!(running.ask("GET", "/metrics", &[header], "").0, 404, "{header}");
        let shown = "authorization: Bearer a-token-of-forty-characters-for-this-test";
        assert_eq!(running.ask("GET", "/metrics", &[header, shown], "").0, 200, "{header}");
        assert_eq!(running.ask("GET", "/metrics", &[header, "authorization: Bearer another-token"], "").0, 404);
    }
    std::fs::write(&token, "short").unwrap();
    // Another database: a second service on the first would be refused for that alone.
    let database = format!("sqlite://{}", place.path().join("another").join("second-story.db").display());
    let refused =
        said(&["serve", "--listen", "127.0.0.1:0", "--database", &database, "--metrics-token-file", token.to_str().unwrap()]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("16 characters"));
}

#[test]
fn a_stop_lets_running_requests_finish_and_takes_no_new_ones() {
    let (_place, data) = folder();
    let mut running = Running::serve(&data, &[]);
    let link = running.set_up_path().unwrap();
    let healthy = said(&["healthcheck", "--listen", &running.address.to_string()]);
    assert!(healthy.status.success());
    // A form of which half is there when the process is asked to stop.
    let form = running.request("POST", &link, &[], &serde_urlencoded::to_string(ADA).unwrap());
    let (half, rest) = form.split_at(form.len() - 20);
    let mut sending = running.connect();
    sending.write_all(half.as_bytes()).unwrap();
    let idle = running.connect();
    std::thread::sleep(Duration::from_millis(300));
    running.terminate();
    std::thread::sleep(Duration::from_millis(300));
    let (status, answer) = running.get("/readyz");
    assert!(status == 503 && answer.contains("stopping"), "{answer}");
    assert_eq!(running.get("/livez").0, 200);
    let (status, answer) = running.get("/");
    assert!(status == 503 && answer.contains("being restarted") && answer.contains("retry-after: 2"), "{answer}");
    assert!(!said(&["healthcheck", "--listen", &running.address.to_string()]).status.success());
    sending.write_all(rest.as_bytes()).unwrap();
    let (status, answer) = read(&mut sending);
    assert!(status == 303 && answer.contains("/welcome"), "{answer}");
    assert_eq!(running.ended(Duration::from_secs(5)).code(), Some(0));
    drop(idle);
    // What was acknowledged on the way out is there.
    assert_eq!(Running::serve(&data, &[]).set_up_path(), None);
}

#[test]
fn without_requests_a_stop_is_quick() {
    let (_place, data) = folder();
    let mut running = Running::serve(&data, &[]);
    running.get("/");
    running.terminate();
    assert_eq!(running.ended(Duration::from_secs(2)).code(), Some(0));
}

/// A small disk of its own, where the test may make one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(place.path()).output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(Self(place));
        }
        eprintln!("SKIPPED: a disk that fills up wants a mount of its own, which is not allowed here");
        None
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_disk_that_is_nearly_full_is_read_from_and_heals_by_itself() {
    let Some(disk) = Disk::new() else { return };
    let data = disk.0.path().join("data");
    let running = Running::serve(&data, &["--min-free-space", "32MB"]);
    let link = running.set_up_path().unwrap();
    let session = cookie(&running.post(&link, &ADA).1);
    let save = || running.ask("POST", "/profile/looks", &[&session], "theme=dark");
    assert_eq!(save().0, 303);
    let filler = disk.0.path().join("filler");
    std::fs::write(&filler, vec![0; 40 * 1024 * 1024]).unwrap();
    let (status, answer) = save();
    assert!(status == 507 && answer.contains("no room to save") && answer.contains("Everything can be read"), "{answer}");
    let json = running.ask("POST", "/profile/looks", &[&session, "accept: application/json"], "theme=dark");
    assert!(json.0 == 507 && json.1.contains("\"message\""), "{}", json.1);
    assert_eq!(running.ask("GET", "/profile", &[&session], "").0, 200, "reading goes on");
    assert_eq!(running.post("/sign-in", &[("email", "ada@example.org"), ("password", "three calm words")]).0, 303);
    let (status, answer) = running.get("/readyz");
    assert!(status == 200 && answer.contains("writing waits for room"), "{answer}");
    assert!(running.get("/metrics").1.contains("secondstory_writes_refused 1"));
    std::fs::remove_file(&filler).unwrap();
    assert_eq!(save().0, 303, "at once");
    assert!(running.get("/readyz").1.ends_with("\r\n\r\nready\n"));
}

#[test]
fn a_limit_above_the_disk_refuses_from_the_start() {
    let (_place, data) = folder();
    let running = Running::serve(&data, &["--min-free-space", "900PB"]);
    let link = running.set_up_path().unwrap();
    let (status, answer) = running.post(&link, &ADA);
    assert!(status == 507 && answer.contains("no room to save"), "{answer}");
    assert_eq!(running.get(&link).0, 200);
}
