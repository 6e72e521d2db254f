//! Sign in and out: a plain form, and in the demo five doors.

mod link;
mod page;
mod post;
mod typed;

pub use page::sign_in_forms;
pub(crate) use post::{name_device, signed_out, token, with_cookie};
pub use typed::sign_in_first;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", Right::Open, page::sign_in)
        .post("/sign-in", Right::Open, post::sign_in)
        .post("/sign-out", Right::Open, post::sign_out)
        .get("/password/{token}", Right::Open, link::show)
        .post("/password/{token}", Right::Open, link::set)
        .post("/demo/sign-in", Right::Open, post::demo_door)
}

/// The `Set-Cookie` value that begins a session in this browser.
pub fn cookie(site: &crate::site::Site, token: &str) -> String {
    set_cookie(site, token, store::sessions::ABSOLUTE.num_seconds())
}

/// The `Set-Cookie` value that ends it.
pub fn no_cookie(site: &crate::site::Site) -> String {
    set_cookie(site, "", 0)
}

fn set_cookie(site: &crate::site::Site, token: &str, age: i64) -> String {
    let secure = if site.secure_cookies { "; Secure" } else { "" };
    format!("{}={token}; Path={}; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", site.cookie_name(), site.cookie_path())
}
