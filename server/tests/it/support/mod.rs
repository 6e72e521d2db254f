//! What HTTP tests stand on: a service in process over a fresh database, people who use it, a small organisation.
//!
//! ```ignore
//! both_engines! { a_member_sees_the_list }
//!
//! async fn a_member_sees_the_list(app: App) {
//!     let world = app.world().await;                  // or `people(&app).await` for the organisation alone
//!     let rune = app.as_(&world.people.responder).await;
//!     rune.get("/incidents").await.ok().shows("INC-3");
//!     let said = rune.post("/incidents", &[("title", "")]).await;
//!     assert_eq!(said.status, 422);
//!     rune.follow(&rune.post("/profile", &[("name", "Rune")]).await).await.ok();
//! }
//! ```

// Each room takes what it needs.
#![allow(dead_code, unused_imports)]

mod answer;
mod app;
mod engines;
mod log;
mod person;
mod raw;
mod running;
mod sink;
mod world;

pub use answer::Answer;
pub use app::{App, BASE, at};
pub use engines::{FreshDatabase, key, on_postgres, on_sqlite, postgres_server};
pub use log::{listen_to_logs, logs};
pub use person::{Person, encoded};
pub use raw::Raw;
pub use running::{Running, read, said};
pub use sink::{Got, Sink};
pub use world::{Canary, GUEST, Held, People, Told, Voice, World, email, people};

/// Runs each named `async fn case(app: App)` of this module on both engines: `sqlite::case` and `postgres::case`.
macro_rules! both_engines {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $case() { $crate::support::on_sqlite(super::$case); })*
        }
        mod postgres {
            $(#[test] fn $case() { $crate::support::on_postgres(super::$case); })*
        }
    };
}
