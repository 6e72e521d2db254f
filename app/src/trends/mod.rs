//! Trends: what it costs people, by closed months and never about few; what happens and keeps coming back, live and filtered.

mod csv;
mod findings;
mod incidents;
mod nights;
mod page;
mod people;
pub(crate) mod places;
mod query;
mod support;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/trends", Right::SeeTrends, page::show)
        .get("/trends/hours.csv", Right::SeeTrends, csv::hours)
        .get("/trends/nights.csv", Right::SeeTrends, csv::nights)
        .get("/trends/support.csv", Right::SeeTrends, csv::support)
        .get("/trends/incidents.csv", Right::SeeTrends, csv::incidents)
        .get("/trends/factors.csv", Right::SeeTrends, csv::factors)
        .get("/trends/right.csv", Right::SeeTrends, csv::right)
        .get("/trends/durations.csv", Right::SeeTrends, csv::durations)
        .get("/teams", Right::SeeTrends, places::teams)
        .get("/teams/{team}", Right::SeeTrends, places::team)
        .get("/services", Right::SeeTrends, places::services)
        .get("/services/{service}", Right::SeeTrends, places::service)
}
