//! Incidents: the list, one incident's frame, adding and changing one, importing.

mod frame;
mod parts;

pub use frame::{IncidentFrame, Tab};
pub use parts::{SeverityMark, StateMark};

use crate::table::Routes;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
}
