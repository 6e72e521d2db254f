//! The site: pages, forms and islands.
//!
//! The browser's half holds the islands and nothing else; all pages are drawn on the server (feature `ssr`). [`routes`] is the
//! route table and, with it, the permission table of the site: each endpoint stands beside the right that it needs.

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod ui;

#[cfg(feature = "ssr")]
pub mod charts;
#[cfg(feature = "ssr")]
pub mod csv;
#[cfg(feature = "ssr")]
pub mod ctx;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod help;
#[cfg(feature = "ssr")]
pub mod history;
#[cfg(feature = "ssr")]
mod holding;
#[cfg(feature = "ssr")]
pub mod home;
#[cfg(feature = "ssr")]
pub mod hooks;
#[cfg(feature = "ssr")]
pub mod incidents;
#[cfg(feature = "ssr")]
pub mod interviews;
#[cfg(feature = "ssr")]
pub mod learnings;
#[cfg(feature = "ssr")]
mod misses;
#[cfg(feature = "ssr")]
pub mod owndata;
#[cfg(feature = "ssr")]
pub mod parking;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod planning;
#[cfg(feature = "ssr")]
pub mod pulse;
#[cfg(feature = "ssr")]
pub mod retention;
#[cfg(feature = "ssr")]
pub mod reviews;
#[cfg(feature = "ssr")]
pub mod schedules;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod setup;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod site;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod timeline;
#[cfg(feature = "ssr")]
pub mod trash;
#[cfg(feature = "ssr")]
pub mod trends;

/// All endpoints of the site with the right that each needs.
#[cfg(feature = "ssr")]
pub fn routes() -> table::Routes {
    table::Routes::default()
        .merge(home::routes())
        .merge(session::routes())
        .merge(setup::routes())
        .merge(people::routes())
        .merge(settings::routes())
        .merge(help::routes())
        .merge(incidents::routes())
        .merge(schedules::routes())
        .merge(search::routes())
        .merge(timeline::routes())
        .merge(hooks::routes())
        .merge(learnings::routes())
        .merge(history::routes())
        .merge(interviews::routes())
        .merge(reviews::routes())
        .merge(parking::routes())
        .merge(planning::routes())
        .merge(trash::routes())
        .merge(trends::routes())
        .merge(pulse::routes())
        .merge(owndata::routes())
        .merge(retention::routes())
}
