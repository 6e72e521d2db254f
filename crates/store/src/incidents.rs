//! incidents: being written.
