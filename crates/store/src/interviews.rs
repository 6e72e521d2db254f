//! interviews: being written.
