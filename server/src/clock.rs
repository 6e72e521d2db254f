//! The one place that reads the clock. Instants have microseconds: PostgreSQL keeps no more, and both engines must agree.

use chrono::{DateTime, SubsecRound, Utc};

/// Now, to the microsecond.
#[expect(clippy::disallowed_methods, reason = "this is the source that the ban points to")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
