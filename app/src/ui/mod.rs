//! Parts that know nothing of incidents.

mod basic;
mod field;
mod kept;
pub mod toast;

pub use basic::{Chip, Crumbs, Empty, Icon, Mark, Markdown, Note, Rings, When};
pub(crate) use field::escape;
pub use field::{Field, FieldError, SafeTextarea, Select, TextField, TextareaField};
pub use kept::{Kept, Pieces};
