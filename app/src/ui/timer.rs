//! How long something goes on already, in minutes, beside it: for who leads a talk. It shows where scripts run, counts from the time
//! given or from the opening of the page, and is kept nowhere.

use chrono::{DateTime, Utc};
use leptos::nonce::Nonce;
use leptos::prelude::*;

/// The minutes; `since`: when it began, where that is known.
#[component]
pub fn Timer(since: Option<DateTime<Utc>>) -> impl IntoView {
    const SCRIPT: &str = "const t=document.querySelector('[data-runs]'),b=Date.parse(t.dataset.runs)||Date.now();\
        const show=()=>{const m=Math.floor((Date.now()-b)/6e4);t.textContent=m<1?'Just begun':m===1?'1 minute':m<600?`${m} minutes`:'';t.hidden=!t.textContent};\
        show();setInterval(show,1e4)";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! {
        <span class="quiet small timer" hidden=true data-runs=since.map(|at| at.to_rfc3339()).unwrap_or_default()></span>
        <script type="module" nonce=nonce inner_html=SCRIPT></script>
    }
}
