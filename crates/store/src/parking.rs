//! parking: being written.
