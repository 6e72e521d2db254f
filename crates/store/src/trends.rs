//! trends: being written.
