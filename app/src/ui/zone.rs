//! Guesses the time zone of whoever fills in a form for the first time; without scripts they choose it.

use crate::ctx::Ctx;
use leptos::prelude::*;

/// Fills the field with this id with the browser's zone, if nothing but UTC stands in it.
#[component]
pub fn GuessZone(field: &'static str) -> impl IntoView {
    let nonce = expect_context::<Ctx>().nonce.to_string();
    let script = format!(
        "{{const f=document.getElementById('{field}'),z=Intl.DateTimeFormat().resolvedOptions().timeZone;if(f&&z&&f.value==='UTC')f.value=z}}"
    );
    view! { <script nonce=nonce inner_html=script></script> }
}
