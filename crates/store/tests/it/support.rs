//! Fresh databases for each case on each engine, and a small organisation to tell stories with.

// Each room takes the builders that it needs.
#![allow(dead_code)]

use chrono::{DateTime, Utc};
use domain::incidents::{IncidentKey, IncidentState, Nature, NewIncident, Severity};
use domain::people::{GlobalRole, Theme, Viewer};
use domain::walltime::WorkPattern;
use domain::{IncidentId, InvitationId, PersonId, TeamId};
use sqlx::Connection;
use std::future::Future;
use store::{InstanceKey, Store};

/// Runs each named `async fn case(store: Store)` of this module on both engines: `sqlite::case` and `postgres::case`.
macro_rules! conformance {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { $crate::support::on_sqlite(super::$case); })*
        }
        mod postgres {
            $(#[test] fn $case() { $crate::support::on_postgres(super::$case); })*
        }
    };
}

/// The instance key of every test database.
pub fn key() -> InstanceKey {
    InstanceKey::new([7; 32])
}

/// An instant: `at("2026-03-02T10:00:00Z")`.
pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs a case on a fresh SQLite file.
pub fn on_sqlite<F, R>(case: F)
where
    F: FnOnce(Store) -> R,
    R: Future<Output = ()> + 'static,
{
    // In memory where there is such a place: what is on disk after a crash is tested with the process itself.
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    runtime().block_on(async {
        let store = Store::open(&url, key()).await.unwrap();
        store.migrate().await.unwrap();
        case(store.clone()).await;
        store.close().await;
    });
}

/// Runs a case on a fresh PostgreSQL database. Without a server: says so and passes, but fails where `CI` is `true`.
pub fn on_postgres<F, R>(case: F)
where
    F: FnOnce(Store) -> R,
    R: Future<Output = ()> + 'static,
{
    let Some(server) = postgres_server() else { return };
    runtime().block_on(async {
        let database = FreshDatabase::make(&server).await;
        let files = tempfile::tempdir().unwrap();
        let store = Store::open(&database.url, key()).await.unwrap().with_files(files.path());
        let case = case(store.clone());
        let outcome = tokio::task::LocalSet::new().run_until(async { tokio::task::spawn_local(case).await }).await;
        store.close().await;
        database.drop_it().await;
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}

/// Address of the test server, from the environment.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("SECOND_STORY_TEST_POSTGRES").ok().filter(|s| !s.is_empty());
    if server.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "SECOND_STORY_TEST_POSTGRES must be set in CI");
        eprintln!("SKIPPED on PostgreSQL: set SECOND_STORY_TEST_POSTGRES, or run through tools/postgres");
    }
    server
}

/// A database of its own on the server, copied from a migrated template.
pub struct FreshDatabase {
    server: String,
    name: String,
    /// Where it is.
    pub url: String,
}

impl FreshDatabase {
    /// Makes one.
    pub async fn make(server: &str) -> Self {
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        // Each test is a process of its own: they take turns at the template.
        sqlx::query("select pg_advisory_lock(7302042)").execute(&mut admin).await.unwrap();
        let template = format!("second_story_template_{}", schema_mark());
        let there: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
            .bind(&template)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if !there {
            let raw = format!("{template}_raw");
            run(&mut admin, &format!("drop database if exists {raw} with (force)")).await;
            run(&mut admin, &format!("create database {raw}")).await;
            let store = Store::open(&with_database(server, &raw), key()).await.unwrap();
            store.migrate().await.unwrap();
            store.close().await;
            run(&mut admin, &format!("alter database {raw} rename to {template}")).await;
        }
        let name = format!("second_story_{}", store::random::id().simple());
        run(&mut admin, &format!("create database {name} template {template}")).await;
        admin.close().await.unwrap();
        Self { server: server.to_owned(), url: with_database(server, &name), name }
    }

    /// Makes one without tables.
    pub async fn bare(server: &str) -> Self {
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        let name = format!("second_story_{}", store::random::id().simple());
        run(&mut admin, &format!("create database {name}")).await;
        admin.close().await.unwrap();
        Self { server: server.to_owned(), url: with_database(server, &name), name }
    }

    /// Drops it again.
    pub async fn drop_it(self) {
        let mut admin = sqlx::PgConnection::connect(&self.server).await.unwrap();
        run(&mut admin, &format!("drop database if exists {} with (force)", self.name)).await;
    }
}

async fn run(admin: &mut sqlx::PgConnection, sql: &str) {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(admin).await.unwrap();
}

/// Changes when a migration changes, so that an old template is not taken for a new one.
fn schema_mark() -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn with_database(server: &str, name: &str) -> String {
    let (address, query) = server.split_once('?').map_or((server, None), |(a, q)| (a, Some(q)));
    let (host, _) = address.rsplit_once('/').unwrap();
    query.map_or(format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

/// A small organisation. Nobody has a password: signing in is tested with people.
pub struct People {
    /// The team that most of them are in.
    pub team: TeamId,
    /// Another team.
    pub other_team: TeamId,
    /// Member; has `manager` as line manager.
    pub responder: Viewer,
    /// Member.
    pub other_responder: Viewer,
    /// Member on the list "may facilitate".
    pub facilitator: Viewer,
    /// Another one.
    pub later_facilitator: Viewer,
    /// Leadership.
    pub leader: Viewer,
    /// Member on the list "may facilitate"; line manager of `responder`.
    pub manager: Viewer,
    /// Member.
    pub planner: Viewer,
    /// Only administrator.
    pub admin: Viewer,
    /// Member of the other team with no part in anything.
    pub outsider: Viewer,
    /// Came by a personal link to a conversation that is not there; has no account and no row.
    pub guest: Viewer,
}

/// Makes the organisation.
pub async fn people(store: &Store) -> People {
    let now = at("2026-01-05T08:00:00Z");
    let team = store::people::add_team(store, "Payments", now).await.unwrap();
    let other_team = store::people::add_team(store, "Harbour", now).await.unwrap();
    let manager = account(store, "Maren Manager", GlobalRole::Member, true, Some(team), None).await;
    let boss = Some(manager.person_id);
    People {
        responder: account(store, "Rune Responder", GlobalRole::Member, false, Some(team), boss).await,
        other_responder: account(store, "Oda Other", GlobalRole::Member, false, Some(team), None).await,
        facilitator: account(store, "Frida Facilitator", GlobalRole::Member, true, Some(other_team), None).await,
        later_facilitator: account(store, "Lars Later", GlobalRole::Member, true, Some(other_team), None).await,
        leader: account(store, "Lea Leader", GlobalRole::Leadership, false, Some(team), None).await,
        planner: account(store, "Piet Planner", GlobalRole::Member, false, Some(team), None).await,
        admin: account(store, "Ada Admin", GlobalRole::Administrator, false, None, None).await,
        outsider: account(store, "Olaf Outsider", GlobalRole::Member, false, Some(other_team), None).await,
        guest: Viewer {
            person_id: PersonId(store::random::id()),
            name: "Gro Guest".to_owned(),
            member: true,
            leadership: false,
            administrator: false,
            may_facilitate: false,
            guest_of: Some(InvitationId(store::random::id())),
            team_id: None,
            zone: "Europe/Copenhagen".to_owned(),
            theme: Theme::System,
        },
        manager,
        team,
        other_team,
    }
}

/// Makes an account in Copenhagen and answers how it looks at things.
pub async fn account(
    store: &Store,
    name: &str,
    role: GlobalRole,
    may_facilitate: bool,
    team_id: Option<TeamId>,
    manager_id: Option<PersonId>,
) -> Viewer {
    let zone = "Europe/Copenhagen".to_owned();
    let new = store::people::NewAccount {
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
        password: None,
        role,
        may_facilitate,
        team_id,
        manager_id,
        zone: zone.clone(),
        pattern: WorkPattern::default(),
    };
    let person_id = store::people::add_account(store, &new, at("2026-01-05T08:00:00Z")).await.unwrap();
    Viewer {
        person_id,
        name: name.to_owned(),
        member: role != GlobalRole::Administrator,
        leadership: role == GlobalRole::Leadership,
        administrator: role == GlobalRole::Administrator,
        may_facilitate,
        guest_of: None,
        team_id,
        zone,
        theme: Theme::System,
    }
}

/// What a form would say about an incident that began at `started` and lasted two hours.
pub fn new_incident(title: &str, severity: Severity, started: &str) -> NewIncident {
    let started_at = at(started);
    NewIncident {
        title: title.to_owned(),
        summary: "Card payments were slow.".to_owned(),
        severity,
        nature: Nature::Incident,
        state: IncidentState::Resolved,
        team_id: None,
        started_at,
        detected_at: Some(started_at + chrono::Duration::minutes(7)),
        declared_at: None,
        mitigated_at: None,
        resolved_at: Some(started_at + chrono::Duration::hours(2)),
        zone: "Europe/Copenhagen".to_owned(),
        restricted: false,
    }
}

/// Makes a resolved SEV2 that began on 2 March 2026 at 10:00 UTC, entered by the viewer an hour after it was over.
pub async fn incident(store: &Store, by: &Viewer, title: &str) -> (IncidentId, IncidentKey) {
    let now = at("2026-03-02T13:00:00Z");
    let key = store::incidents::add(store, by, &new_incident(title, Severity::Sev2, "2026-03-02T10:00:00Z"), now).await.unwrap();
    let opened = store::incidents::by_key(store, by, key, now).await.unwrap();
    (opened.incident.id, key)
}
