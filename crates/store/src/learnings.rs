//! learnings: being written.
