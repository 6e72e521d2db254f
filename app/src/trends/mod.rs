//! Trends: what it costs people, by closed months and never about few; what happens and keeps coming back, live and filtered.

mod annotations;
mod between;
mod changes;
mod compared;
mod cost;
mod csv;
mod factors;
mod files;
mod findings;
mod helped;
mod incidents;
mod learning;
mod links;
mod nights;
mod on_call;
mod page;
mod people;
pub(crate) mod places;
mod query;
mod questions;
mod report;
mod right;
mod spread;
mod support;
mod watched;
mod when;

pub use report::in_numbers;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/trends", Right::SeeTrends, page::show)
        .get("/trends/hours.csv", Right::SeeTrends, csv::hours)
        .get("/trends/nights.csv", Right::SeeTrends, csv::nights)
        .get("/trends/spread.csv", Right::SeeTrends, csv::spread)
        .get("/trends/support.csv", Right::SeeTrends, csv::support)
        .get("/trends/incidents.csv", Right::SeeTrends, csv::incidents)
        .get("/trends/between.csv", Right::SeeTrends, csv::between)
        .get("/trends/factors.csv", Right::SeeTrends, csv::factors)
        .get("/trends/right.csv", Right::SeeTrends, csv::right)
        .get("/trends/durations.csv", Right::SeeTrends, csv::durations)
        .get("/trends/changes", Right::SeeTrends, annotations::show)
        .post("/trends/changes", Right::AnnotateTrends, annotations::add)
        .post("/trends/changes/{annotation}/remove", Right::AnnotateTrends, annotations::remove)
        .get("/trends/questions", Right::SeeTrends, questions::show)
        .get("/trends/report", Right::SeeTrends, report::show)
        .get("/trends/learning", Right::SeeTrends, learning::show)
        .get("/trends/learning.csv", Right::SeeTrends, learning::csv)
        .get("/trends/factors", Right::SeeTrends, factors::show)
        .get("/trends/helped", Right::SeeTrends, helped::show)
        .get("/trends/on-call", Right::SeeTrends, on_call::show)
        .get("/trends/when", Right::SeeTrends, when::show)
        .get("/trends/{file}", Right::SeeTrends, files::show)
        .get("/teams", Right::SeeTrends, places::teams)
        .get("/teams/{team}", Right::SeeTrends, places::team)
        .get("/services", Right::SeeTrends, places::services)
        .get("/services/{service}", Right::SeeTrends, places::service)
}
