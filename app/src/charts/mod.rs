//! Charts: pure functions from data to SVG. Horizontal geometry is in percent and vertical in pixels, without a `viewBox`: words keep
//! their size at every width, and nothing is measured by a script.

mod between;
mod counts;
mod frame;
mod hours;
pub mod scale;
mod shares;
mod strip;

pub use between::{BetweenChart, Gap, days};
pub use counts::{CountBar, CountsChart};
pub use frame::{Cell, ChartCard, Patterns, Row, Table};
pub use hours::{BandLegend, BandStrip, HoursBar, HoursChart};
pub use shares::{ShareBar, SharesChart};
pub use strip::{MOST_DOTS, StripChart, StripDot, StripRow};
