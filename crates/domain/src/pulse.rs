//! The pulse: a voluntary check-in of two minutes a month, kept without the person and told of groups alone.
//!
//! [`items`] are what is asked, as data. [`sums`] is all that is kept of answers until a quarter closes. [`figures`] is what a closed
//! quarter tells, by way of the one release of people measures ([`crate::trends::release`]). [`chosen`] is what administrators set:
//! objectives and whom to turn to. [`care`] is for the person's own eyes.
//!
//! Source: research/practice.md 5.3 to 5.7; docs/decisions/0047.

pub mod care;
pub mod chosen;
pub mod figures;
pub mod items;
pub mod sums;

pub use care::Care;
pub use chosen::{Chosen, Goals, HelpResource};
pub use figures::{Figure, Part, Rate, Verdict, figures, rate, verdict, within_chance};
pub use items::{Answers, Item, answered};
pub use sums::{Sums, Tally};

#[cfg(test)]
mod attack;
