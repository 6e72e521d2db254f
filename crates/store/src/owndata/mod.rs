//! Own data: everything about one person and by them, to take away, to erase, and to leave with.
//!
//! A person is shown their own words and nobody else's; what they wrote into what belongs to all (incidents, timelines, stories) is
//! named and not copied. Erasing is at once and for good: see [`erase`] for what stays and why.

mod close;
mod collect;
mod confirm;
mod created;
mod erase;

pub use close::{FORMER, Keeps, close_account, keeps_account};
pub use collect::{HeldFrom, OwnData, OwnProfile, Roles, collect, collect_conversation};
pub use confirm::{Confirmed, confirm, has_password};
pub use created::{Created, CreatedKind, HeldRole, SignIn};
pub use erase::{Erase, erase};

pub(crate) use erase::leave_no_trace;
