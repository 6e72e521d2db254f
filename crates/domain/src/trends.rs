//! Trends: honest statistics of incidents, and what may be shown of people without showing a person.
//!
//! *Incident measures* are live and open their incidents: [`statistics`]. *People measures* are computed once, when a
//! period closes, and only for groups that stay hidden: [`release`](release()).

pub mod annotations;
pub mod on_call;
pub mod periods;
pub mod spread;
pub mod statistics;

mod audit;
mod compare;
mod completeness;
mod cost;
mod hours;
mod nights;
mod release;
mod seen;
mod support;

pub use annotations::Annotation;
pub use compare::{Against, Member, Verdict, compare};
pub use completeness::{Completeness, LOWER_BOUND_BELOW};
pub use cost::{Cost, cost, minutes_of_any};
pub use hours::Hours;
pub use nights::{NightCounts, Nights};
pub use periods::{Period, Span};
pub use release::{Cell, Contribution, Given, MinGroup, Outcome, Reason, Released, Shown, Unit, release};
pub use seen::{Change, SEEN_AGAIN, USUAL_FROM, WATCHED_DAYS, Watch, changes, expected_together};
pub use spread::Spread;
pub use statistics::{
    CHANCE, Count, FactorRow, LIMITS_FROM, Quartiles, TooFew, Usual, chance_of_difference, factor_rows, median_ranks,
    poisson_interval, quartiles, rare, stand_out, unlike, usual_between, wilson,
};
pub use support::Support;

#[cfg(test)]
mod attack;
