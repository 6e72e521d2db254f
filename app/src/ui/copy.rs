//! A button that copies what a field or a paragraph holds. It shows where scripts run; without them the text can be selected.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// The button; `of` is the id of what is copied, `what` names it.
#[component]
pub fn Copy(of: &'static str, what: &'static str) -> impl IntoView {
    view! {
        <button type="button" class="btn" hidden=true data-copy=of aria-label=format!("Copy the {what}")>{format!("Copy {what}")}</button>
        <span class="vh" role="status"></span>
    }
}

/// What wakes the buttons of a page; once a page, after them.
#[component]
pub fn CopyScript() -> impl IntoView {
    // An insecure page has no clipboard of its own: the older way works there.
    const SCRIPT: &str = "for(const b of document.querySelectorAll('button[data-copy]')){b.hidden=false;b.onclick=async()=>{\
        const f=document.getElementById(b.dataset.copy);\
        try{await navigator.clipboard.writeText(f.value??f.textContent)}catch{\
        if(f.select)f.select();else getSelection().selectAllChildren(f);document.execCommand('copy')}\
        b.textContent='Copied';b.nextElementSibling.textContent='Copied'}}";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
