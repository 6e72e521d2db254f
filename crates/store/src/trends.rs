//! Trends: *incident measures* are asked live and open their incidents; *people measures* are computed once, when a month closes,
//! and only for groups that stay hidden (PRODUCT.md rule 4).

mod annotations;
mod asked;
mod began;
mod cells;
mod closing;
mod compare;
mod completeness;
mod counted;
mod experts;
mod fresh;
mod helped;
mod hours;
mod learned;
mod measures;
mod nights;
mod on_call;
mod recurring;
mod released;
mod sheets;
mod spread;
mod support;
mod telling;

pub use annotations::{annotate, annotations, remove_annotation};
pub use began::began;
pub use cells::{Beside, Figure};
pub use closing::{DAYS_FOR_LATE_ANSWERS, close_months, closes_on};
pub use counted::CountedStretch;
pub(crate) use counted::of_person as counted_of;
pub use experts::{OwnLoad, OwnTeam, SecondExpert, own_load};
pub use helped::{Helped, Part, Surprised, helped};
pub use learned::{Became, Coverage, Learned, NamedLearning, ToldStory, learned};
pub(crate) use measures::Kept;
pub use measures::{Began, Filter, IncidentMeasures, Lasted, MonthCount, MonthRight, incident_measures};
pub use on_call::{Rota, RotaTold, on_call};
pub use recurring::{Course, FactorMeasures, NowAndBefore, SeenAgain, Together, factor_measures};
pub use released::{Measure, PeopleMeasures, released};
pub use sheets::{Sheets, check_sheets, rebuild_sheets};
pub(crate) use sheets::{fill_sheets, refresh as refresh_sheets};
pub use telling::{SheetWords, tell_sheet};

/// Every statement with which trends are read, by file and name, for the tests that look at their plans.
#[doc(hidden)]
pub fn statements() -> Vec<(&'static str, &'static str)> {
    [&sheets::STATEMENTS[..], &helped::STATEMENTS, &learned::STATEMENTS, &cells::STATEMENTS, &on_call::STATEMENTS].concat()
}
