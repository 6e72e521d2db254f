//! imports: being written.
