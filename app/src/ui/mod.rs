//! Parts that know nothing of incidents.

pub mod autosave;
pub mod batches;

#[cfg(feature = "ssr")]
mod basic;
#[cfg(feature = "ssr")]
mod copy;
#[cfg(feature = "ssr")]
mod field;
#[cfg(feature = "ssr")]
mod follow;
#[cfg(feature = "ssr")]
mod hint_marks;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod list_keys;
#[cfg(feature = "ssr")]
mod live;
#[cfg(feature = "ssr")]
mod mirror;
#[cfg(feature = "ssr")]
mod park_key;
#[cfg(feature = "ssr")]
mod pick;
#[cfg(feature = "ssr")]
mod timer;
#[cfg(feature = "ssr")]
pub mod toast;
#[cfg(feature = "ssr")]
mod zone;

#[cfg(feature = "ssr")]
pub use basic::{Apart, Chip, Crumbs, Empty, Icon, Mark, Markdown, Mentions, Note, OwnFiles, Rings, When};
#[cfg(feature = "ssr")]
pub use copy::{Copy, CopyScript};
#[cfg(feature = "ssr")]
pub(crate) use field::escape;
#[cfg(feature = "ssr")]
pub use field::{Field, FieldError, SafeTextarea, Select, TextField, TextareaField};
#[cfg(feature = "ssr")]
pub use follow::Follow;
#[cfg(feature = "ssr")]
pub use hint_marks::HintMarks;
#[cfg(feature = "ssr")]
pub use kept::{Kept, Pieces};
#[cfg(feature = "ssr")]
pub use list_keys::ListKeysScript;
#[cfg(feature = "ssr")]
pub use live::Live;
#[cfg(feature = "ssr")]
pub use mirror::MirrorScript;
#[cfg(feature = "ssr")]
pub use park_key::ParkKey;
#[cfg(feature = "ssr")]
pub use pick::PickScript;
#[cfg(feature = "ssr")]
pub use timer::Timer;
#[cfg(feature = "ssr")]
pub use zone::GuessZone;
