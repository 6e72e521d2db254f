//! Nothing lost: the real process, killed at random moments while people save, has every save that it acknowledged; and each commit
//! is one fsync.

use crate::support::{FreshDatabase, at, postgres_server};
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};
use domain::people::{GlobalRole, Viewer};
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Store;
use store::interviews::Invitee;
use store::people::NewAccount;

pub const PROCESS: &str = env!("CARGO_BIN_EXE_secondstory");
/// People who save at once.
const WRITERS: usize = 4;
/// Questions that they answer in turn.
pub const QUESTIONS: [i64; 4] = [2, 5, 6, 8];

/// A service with its data.
pub struct Place {
    folder: tempfile::TempDir,
    pub url: String,
}

impl Place {
    pub fn new(url: Option<String>) -> Self {
        Self::within(&std::env::temp_dir(), url)
    }

    /// In a folder of its own below this one.
    pub fn within(parent: &Path, url: Option<String>) -> Self {
        let folder = tempfile::tempdir_in(parent).unwrap();
        // A PostgreSQL database comes from a template that was made with the key of all tests.
        let key = server::secrets::key_path(folder.path());
        for private in [folder.path(), key.parent().unwrap()] {
            server::secrets::private_folder(private).unwrap();
        }
        std::fs::write(&key, "07".repeat(32)).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("second-story.db").display()));
        Self { folder, url }
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    pub async fn store(&self) -> Store {
        let key = server::secrets::instance_key(&server::secrets::key_path(self.data()), true).unwrap();
        let store = Store::open(&self.url, key).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    pub fn command(&self, program: &[&str]) -> Command {
        self.command_on(program, "127.0.0.1:0")
    }

    /// Listening on this address.
    pub fn command_on(&self, program: &[&str], listen: &str) -> Command {
        let mut command = Command::new(program[0]);
        command
            .args(&program[1..])
            .args(["serve", "--no-backup", "--listen", listen, "--database", &self.url, "--data"])
            .arg(self.data());
        command.env("SECOND_STORY_LOG", "off").stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Starts the service and waits until it listens.
    pub fn start(&self, program: &[&str]) -> (Child, SocketAddr) {
        Self::listening(self.command(program))
    }

    pub fn listening(mut command: Command) -> (Child, SocketAddr) {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_else(|| panic!("said {line:?}"));
        (child, address.parse().unwrap())
    }
}

/// Somebody who answers by a personal link.
#[derive(Clone)]
pub struct Writer {
    pub link: String,
    pub invitation: String,
    /// Question → (number in the last acknowledged text, its version).
    pub acknowledged: Arc<Mutex<BTreeMap<i64, (u64, i64)>>>,
}

/// An incident in review, and people without accounts who were asked about it.
pub async fn asked(store: &Store) -> Vec<Writer> {
    let now = server::clock::now();
    let account = async |name: &str, role, may_facilitate| -> Viewer {
        let email = crate::support::email(name);
        let new = NewAccount {
            name: name.to_owned(),
            email: email.clone(),
            password: None,
            role,
            may_facilitate,
            team_id: None,
            manager_id: None,
            zone: "UTC".to_owned(),
            pattern: domain::walltime::WorkPattern::default(),
        };
        store::people::add_account(store, &new, now).await.unwrap();
        store::people::viewer_by_email(store, &email).await.unwrap().unwrap()
    };
    let admin = account("Ada Admin", GlobalRole::Administrator, false).await;
    let facilitator = account("Frida Facilitator", GlobalRole::Member, true).await;
    let incident = NewIncident {
        title: "Everything at once".to_owned(),
        summary: String::new(),
        severity: Severity::Sev3,
        nature: Nature::Incident,
        state: IncidentState::Resolved,
        team_id: None,
        started_at: at("2026-03-02T10:00:00Z"),
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: Some(at("2026-03-02T11:00:00Z")),
        zone: "UTC".to_owned(),
        restricted: false,
    };
    let key = store::incidents::add(store, &facilitator, &incident, now).await.unwrap();
    let incident = store::incidents::by_key(store, &facilitator, key, now).await.unwrap().incident.id;
    store::reviews::open(store, &admin, incident, facilitator.person_id, false, now).await.unwrap();
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        let guest = Invitee::Guest(format!("Writer {n}"));
        let added = store::interviews::invite(store, &facilitator, incident, &guest, None, now).await.unwrap();
        writers.push(Writer { link: added.token.unwrap(), invitation: added.id.to_string(), acknowledged: Arc::default() });
    }
    writers
}

/// One request on a connection of its own; `None` when the service went away before it answered in full.
pub fn ask(address: SocketAddr, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let body = serde_urlencoded::to_string(fields).unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\naccept: application/json\r\n\
         cookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length =
        head.to_lowercase().lines().find_map(|l| l.strip_prefix("content-length: ").and_then(|n| n.parse::<usize>().ok()));
    if length.is_some_and(|length| body.len() < length) {
        return None;
    }
    Some((status, answer))
}

impl Writer {
    /// Begins a session by the link.
    pub fn begin(&self, address: SocketAddr) -> Option<String> {
        let (status, answer) = ask(address, &format!("/invitation/{}", self.link), "", &[])?;
        assert_eq!(status, 303, "{answer}");
        let cookie = answer.lines().find_map(|l| l.strip_prefix("set-cookie: "))?;
        Some(cookie.split(';').next()?.to_owned())
    }

    /// Saves the next text of a question; `Some` once it is acknowledged.
    pub fn save(&self, address: SocketAddr, cookie: &str, question: i64) -> Option<()> {
        let (count, version) = self.acknowledged.lock().unwrap().get(&question).copied().unwrap_or_default();
        let (text, base) = (format!("text {}", count + 1), version.to_string());
        let path = format!("/one-on-one/{}/{question}", self.invitation);
        let (status, answer) = ask(address, &path, cookie, &[("text", &text), ("base_version", &base)])?;
        assert_eq!(status, 200, "{answer}");
        let saved: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
        self.acknowledged.lock().unwrap().insert(question, (count + 1, saved["version"].as_i64().unwrap()));
        Some(())
    }

    /// Holds what is stored against what was acknowledged, and goes on from there.
    async fn hold(&self, store: &Store, moment: usize) -> usize {
        let now = server::clock::now();
        let (id, session) = store::interviews::begin_by_link(store, &self.link, now).await.unwrap();
        let viewer = store::sessions::find(store, &session, now).await.unwrap().unwrap();
        let page = store::interviews::page(store, &viewer, id, now).await.unwrap();
        let mut acknowledged = self.acknowledged.lock().unwrap();
        let total = acknowledged.values().map(|(count, _)| usize::try_from(*count).unwrap()).sum();
        for (question, (count, version)) in acknowledged.clone() {
            let answer =
                page.answer(question).unwrap_or_else(|| panic!("kill {moment}: the answer to question {question} is gone"));
            let stored: u64 = answer.body.text.strip_prefix("text ").unwrap().parse().unwrap();
            // The one that was on its way may have arrived.
            assert!(
                stored == count || stored == count + 1,
                "kill {moment}, question {question}: acknowledged {count}, stored {stored}"
            );
            assert!(answer.version >= version);
        }
        for answer in &page.answers {
            let stored: u64 = answer.body.text.strip_prefix("text ").unwrap().parse().unwrap();
            acknowledged.insert(answer.question, (stored, answer.version));
        }
        total
    }
}

/// Lets people save until the process is killed; again and again.
async fn survives(place: &Place, kills: usize) {
    let seed: u64 = rand::rng().random();
    println!("moments come from seed {seed}");
    let mut moments = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let store = place.store().await;
    let writers = asked(&store).await;
    store.close().await;
    let mut kept = 0;
    for moment in 0..kills {
        let (mut child, address) = place.start(&[PROCESS]);
        let threads: Vec<_> = writers
            .iter()
            .cloned()
            .map(|writer| {
                std::thread::spawn(move || {
                    let Some(cookie) = writer.begin(address) else { return };
                    for question in QUESTIONS.into_iter().cycle() {
                        if writer.save(address, &cookie, question).is_none() {
                            return;
                        }
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(moments.random_range(30_000..240_000))).await;
        // SIGKILL: no handler runs, nothing is flushed.
        child.kill().unwrap();
        child.wait().unwrap();
        for thread in threads {
            thread.join().unwrap();
        }
        let store = place.store().await;
        kept = 0;
        for writer in &writers {
            kept += writer.hold(&store, moment).await;
        }
        store.close().await;
    }
    println!("{kept} acknowledged saves were there after {kills} kills");
    assert!(kept > kills, "hardly anything was saved between the kills");
}

pub fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case);
}

#[test]
fn acknowledged_saves_survive_kills_on_sqlite() {
    run(async { survives(&Place::new(None), 50).await });
}

#[test]
fn acknowledged_saves_survive_kills_on_postgres() {
    let Some(server) = postgres_server() else { return };
    run(async {
        let database = FreshDatabase::make(&server).await;
        survives(&Place::new(Some(database.url.clone())), 50).await;
        database.drop_it().await;
    });
}

/// A kill cannot see a missing fsync, since the kernel keeps what was written; so they are counted.
#[test]
fn each_save_is_one_fsync() {
    const SAVES: usize = 40;
    if !can_trace() {
        eprintln!("SKIPPED: fsyncs are counted with strace, which is not here or may not trace (apt install strace)");
        return;
    }
    run(async {
        let place = Place::new(None);
        let store = place.store().await;
        let writers = asked(&store).await;
        store.close().await;
        let calls: PathBuf = place.data().join("calls");
        let (mut tracer, address) =
            place.start(&["strace", "-f", "-q", "-e", "trace=fsync,fdatasync", "-o", calls.to_str().unwrap(), PROCESS]);
        let cookie = writers[0].begin(address).unwrap();
        // The first save of each question writes what later ones only change.
        for question in QUESTIONS {
            writers[0].save(address, &cookie, question).unwrap();
        }
        let before = count(&calls);
        for question in QUESTIONS.into_iter().cycle().take(SAVES) {
            writers[0].save(address, &cookie, question).unwrap();
        }
        let after = count(&calls);
        end_below(&tracer);
        tracer.wait().unwrap();
        assert_eq!(after - before, SAVES, "fsyncs for {SAVES} acknowledged saves");
    });
}

/// Everything between the socket and the database logs here, too.
#[test]
fn the_log_of_the_process_holds_no_word_and_no_secret_at_trace() {
    run(async {
        let place = Place::new(None);
        let store = place.store().await;
        let writers = asked(&store).await;
        store.close().await;
        let log = place.data().join("log");
        let mut command = place.command(&[PROCESS]);
        command.env("SECOND_STORY_LOG", "trace").stderr(std::fs::File::create(&log).unwrap());
        let (mut child, address) = Place::listening(command);
        let writer = &writers[0];
        let cookie = writer.begin(address).unwrap();
        let answer = format!("/one-on-one/{}/2", writer.invitation);
        for (text, base) in [("canary-saved", "0"), ("canary-stale", "7"), ("canary-refused\u{1}", "1")] {
            ask(address, &answer, &cookie, &[("text", text), ("base_version", base)]).unwrap();
        }
        ask(address, "/sign-in", &cookie, &[("email", "somebody@example.org"), ("password", "canary-password")]).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let log = std::fs::read_to_string(&log).unwrap();
        assert!(log.contains("/one-on-one/"), "the log was written");
        let token = cookie.split('=').nth(1).unwrap();
        for secret in ["canary-", token, &writer.link, "somebody@example.org"] {
            assert!(!log.contains(secret), "the log holds {secret}");
        }
    });
}

fn can_trace() -> bool {
    Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Calls that began so far; `<... resumed>` lines end those that are counted already.
fn count(calls: &Path) -> usize {
    std::fs::read_to_string(calls).unwrap().lines().filter(|l| l.contains("fsync(") || l.contains("fdatasync(")).count()
}

/// Asks the traced process to stop.
fn end_below(tracer: &Child) {
    let id = tracer.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    for child in children.split_whitespace() {
        Command::new("kill").arg(child).status().unwrap();
    }
}
