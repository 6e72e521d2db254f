//! reviews: being written.
