//! sources: being written.
