//! The browser's entry: links the app's islands and wakes them.

extern crate app;

/// Called by the page's own small script once the module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
