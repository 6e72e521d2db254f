//! reviews: being written.

#[cfg(feature = "ssr")]
/// This room's endpoints.
pub fn routes() -> crate::table::Routes {
    crate::table::Routes::default()
}
