//! Trends: *incident measures* are asked live and open their incidents; *people measures* are computed once, when a month closes,
//! and only for groups that stay hidden (PRODUCT.md rule 4).

mod cells;
mod closing;
mod compare;
mod fresh;
mod hours;
mod measures;
mod released;
mod support;

pub use cells::{Beside, Figure};
pub use closing::{DAYS_FOR_LATE_ANSWERS, close_months, closes_on};
pub(crate) use measures::Kept;
pub use measures::{Began, Filter, IncidentMeasures, Lasted, MonthCount, MonthRight, incident_measures};
pub use released::{Measure, PeopleMeasures, released};
