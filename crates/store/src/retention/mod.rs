//! Retention: a daily run that takes what has been kept long enough, says in counts what it took, and never whose it was.
//!
//! It takes drafts that rest, private and facilitator answers some time after publication, past sign-ins, and the old end of the audit
//! trail. It never touches submitted answers of an unpublished review, what authors gave to a review, approved quotes, closed figures
//! and imported content (`domain::retention`).

mod run;
mod runs;
mod told;

pub use run::{Plan, dry_run, dry_run_now, run_daily};
pub use runs::{Overview, Run, overview};
pub use told::{Going, going_soon};

pub(crate) use told::told;
