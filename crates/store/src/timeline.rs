//! timeline: being written.
