//! Charts: pure functions from data to SVG. Horizontal geometry is in percent and vertical in pixels, without a `viewBox`: words keep
//! their size at every width, and nothing is measured by a script.

mod between;
mod counts;
pub mod file;
mod frame;
mod heat;
mod hours;
mod multiples;
mod nights;
pub mod scale;
mod shares;
mod spread;
mod strip;

pub use between::{BetweenChart, Gap, days};
pub use counts::{CountBar, CountsChart};
pub use frame::{Cell, ChartCard, ListCard, Patterns, Row, Table};
pub use heat::{DAYS, HeatChart, Week, day_name};
pub use hours::{BandLegend, BandStrip, HoursBar, HoursChart};
pub use multiples::{Course, MultiplesChart, Point};
pub use nights::{NightsChart, NightsRow};
pub use shares::{ShareBar, SharesChart};
pub use spread::{SpreadChart, SpreadRow, step_words};
pub use strip::{MOST_DOTS, StripChart, StripDot, StripRow};
