//! Trends: *incident measures* are asked live and open their incidents; *people measures* are computed once, when a month closes,
//! and only for groups that stay hidden (PRODUCT.md rule 4).

mod closing;
mod measures;
mod released;

pub use closing::{DAYS_FOR_LATE_ANSWERS, close_months, closes_on};
pub use measures::{Filter, IncidentMeasures, Lasted, MonthCount, incident_measures};
pub use released::{Figure, PeopleMeasures, released};

/// The one people measure so far: minutes of work on incidents by kind of working time.
const HOURS: &str = "hours";
