//! The pulse: answers are added to sealed sums as they come, a mark keeps people from counting twice, and a quarter that closes tells of groups
//! that hide their people (docs/decisions/0047).
//!
//! Nothing here writes to the audit trail but the closing of a quarter, which names nobody: an entry would say who took part, and when.

mod answering;
mod closing;
mod marks;
mod sums;

pub use answering::{Asked, Mine, answer, mine, not_this_month, waits};
pub use closing::{Quarter, Released, close_quarters, released};

pub(crate) use marks::{forget, months_of};

use chrono::{DateTime, NaiveDate, Utc};
use domain::trends::{Period, Span};

/// A month that is asked about, and its quarter. Months are those of UTC, for everybody the same.
#[derive(Clone, Copy)]
struct Turn {
    month: Period,
    quarter: Period,
    /// 0 to 2 in the quarter.
    place: usize,
}

impl Turn {
    fn at(now: DateTime<Utc>) -> Self {
        let month = Period::month_of(now.date_naive());
        let quarter = month.widened(Span::Quarter);
        Self { month, quarter, place: quarter.months().position(|each| each == month).unwrap_or(0) }
    }
}

fn quarter_of(first_day: NaiveDate) -> Period {
    Period::of(Span::Quarter, first_day)
}
