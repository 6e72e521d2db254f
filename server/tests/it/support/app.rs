//! The service in process, with a clock that tests set.

use super::person::Person;
use super::raw::Raw;
use super::world::{self, World};
use app::site::Site;
use axum::Router;
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use store::Store;

/// The address that the service believes it has.
pub const BASE: &str = "http://127.0.0.1:3000";

/// An instant: `at("2026-03-02T10:00:00Z")`.
pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A service over a database of its own.
#[derive(Clone)]
pub struct App {
    /// Its database.
    pub store: Store,
    /// The same database, behind the store's back.
    pub raw: Raw,
    /// The router, as the process serves it.
    pub router: Router,
    /// The folder of an SQLite database.
    pub folder: Option<PathBuf>,
    clock: Arc<Mutex<DateTime<Utc>>>,
    site: Site,
}

impl App {
    /// Over this store.
    pub async fn new(store: Store, raw: Raw, folder: Option<PathBuf>) -> Self {
        let clock = Arc::new(Mutex::new(at(world::NOW)));
        let reading = Arc::clone(&clock);
        let site = Site {
            store: store.clone(),
            clock: Arc::new(move || *reading.lock().unwrap()),
            asset: server::assets::hashed,
            demo: None,
            base_url: BASE.to_owned(),
            secure_cookies: false,
            trusted_proxies: 0,
            attachments: domain::timeline::attachments::Limits::default(),
        };
        // Sessions begin without a password, as in the demo; the site itself is none.
        store::settings::mark_demo(&store).await.unwrap();
        Self { store, raw, router: server::router::router(site.clone()), folder, clock, site }
    }

    /// The same service and database with another set-up (`|site| site.secure_cookies = true`).
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Site)) -> Self {
        let mut site = self.site.clone();
        change(&mut site);
        Self { router: server::router::router(site.clone()), site, ..self.clone() }
    }

    /// The same service in a process that is looked at (`/metrics`).
    #[must_use]
    pub fn of_process(&self, process: Arc<server::process::Process>) -> Self {
        Self { router: server::router::of_process(self.site.clone(), process), ..self.clone() }
    }

    /// Other endpoints with everything that stands around endpoints.
    #[must_use]
    pub fn serving(&self, routes: app::table::Routes) -> Self {
        Self { router: server::router::around(routes, self.site.clone(), Arc::default()), ..self.clone() }
    }

    /// The same service behind something that breaks it.
    #[must_use]
    pub fn wrapped(&self, wrap: impl FnOnce(Router) -> Router) -> Self {
        Self { router: wrap(self.router.clone()), ..self.clone() }
    }

    /// What the clock says.
    pub fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    /// Sets the clock. Sessions end after twelve idle hours: sign people in again after a jump.
    pub fn set_clock(&self, text: &str) {
        *self.clock.lock().unwrap() = at(text);
    }

    /// Somebody in front of a browser, not signed in.
    pub fn anonymous(&self) -> Person {
        Person::new(self.router.clone(), "session")
    }

    /// Somebody who has signed in. Accounts of tests are named by their person: "Rune Responder" is rune.responder@example.org.
    pub async fn as_(&self, viewer: &Viewer) -> Person {
        let email = world::email(&viewer.name);
        let token = store::sessions::sign_in_demo(&self.store, &email, self.now()).await.unwrap();
        self.anonymous().with_session(&token.unwrap_or_else(|| panic!("no account {email}")))
    }

    /// Somebody who has begun by a personal link.
    pub async fn by_link(&self, token: &str) -> Person {
        let (_, session) = store::interviews::begin_by_link(&self.store, token, self.now()).await.unwrap();
        self.anonymous().with_session(&session)
    }

    /// The small organisation with incidents in every state.
    pub async fn world(&self) -> World {
        world::world(self).await
    }

    /// The same world in a database of its own, as it stands now: what is done there is not done here. SQLite alone can do that.
    pub async fn fork(&self) -> Option<Self> {
        let folder = self.folder.as_ref()?;
        let copy = folder.join(format!("{}.db", store::random::id().simple()));
        self.raw.run(&format!("vacuum into '{}'", copy.display())).await;
        let url = format!("sqlite://{}", copy.display());
        let mut store = Store::open(&url, super::key()).await.unwrap();
        if let Some(files) = self.store.files_folder() {
            store = store.with_files(files);
        }
        let site = Site { store: store.clone(), ..self.site.clone() };
        Some(Self { store, raw: Raw::open(&url).await, router: server::router::router(site.clone()), site, ..self.clone() })
    }
}
