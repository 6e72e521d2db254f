//! The planning room: the wall of an incident, the parked ideas and the mitigation items behind it.
//!
//! Only planners come in, and only when the wall is open ([`domain::rights::Right::Plan`]); before that they see when it opens
//! ([`domain::rights::Right::EnterPlanning`]). Items link to learnings and factors; nothing in a review leads here. Who takes care of an
//! item reads this one item, without the room.

mod ideas;
mod items;
mod own;
mod reminding;
mod returned;
mod wall;

pub use ideas::{Sorting, change_group, groups, ideas, sort};
pub(crate) use items::add_imported;
pub use items::{add_item, change_item, items};
pub use own::{Planned, Waits, by_age, look_back, planned, waiting};
pub use reminding::remind;
pub use returned::returned;
pub use wall::{OpenedWall, appoint, open_early, opened_walls, wall};
