//! Trends: what it costs people, by closed months and never about few; what happens and keeps coming back, live and filtered.

mod between;
mod changes;
mod compared;
mod csv;
mod findings;
mod incidents;
mod page;
mod people;
pub(crate) mod places;
mod query;
mod right;
mod support;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/trends", Right::SeeTrends, page::show)
        .get("/trends/hours.csv", Right::SeeTrends, csv::hours)
        .get("/trends/support.csv", Right::SeeTrends, csv::support)
        .get("/trends/incidents.csv", Right::SeeTrends, csv::incidents)
        .get("/trends/between.csv", Right::SeeTrends, csv::between)
        .get("/trends/factors.csv", Right::SeeTrends, csv::factors)
        .get("/trends/right.csv", Right::SeeTrends, csv::right)
        .get("/trends/durations.csv", Right::SeeTrends, csv::durations)
        .get("/teams", Right::SeeTrends, places::teams)
        .get("/teams/{team}", Right::SeeTrends, places::team)
        .get("/services", Right::SeeTrends, places::services)
        .get("/services/{service}", Right::SeeTrends, places::service)
}
