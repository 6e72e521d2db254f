//! Trends: what it costs people, by closed months and never about few; what happens and keeps coming back, live and filtered.

mod csv;
mod factors;
mod files;
mod findings;
mod helped;
mod incidents;
mod links;
mod page;
mod people;
pub(crate) mod places;
mod query;
mod support;
mod watched;
mod when;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/trends", Right::SeeTrends, page::show)
        .get("/trends/hours.csv", Right::SeeTrends, csv::hours)
        .get("/trends/support.csv", Right::SeeTrends, csv::support)
        .get("/trends/incidents.csv", Right::SeeTrends, csv::incidents)
        .get("/trends/factors.csv", Right::SeeTrends, csv::factors)
        .get("/trends/right.csv", Right::SeeTrends, csv::right)
        .get("/trends/durations.csv", Right::SeeTrends, csv::durations)
        .get("/trends/factors", Right::SeeTrends, factors::show)
        .get("/trends/helped", Right::SeeTrends, helped::show)
        .get("/trends/when", Right::SeeTrends, when::show)
        .get("/trends/{file}", Right::SeeTrends, files::show)
        .get("/teams", Right::SeeTrends, places::teams)
        .get("/teams/{team}", Right::SeeTrends, places::team)
        .get("/services", Right::SeeTrends, places::services)
        .get("/services/{service}", Right::SeeTrends, places::service)
}
