//! session: being written.

/// This room's endpoints.
pub fn routes() -> crate::table::Routes {
    crate::table::Routes::default()
}
