//! planning: being written.
