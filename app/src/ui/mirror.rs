//! A preview that follows what is typed: an element with `data-mirrors="name"` shows the field of that name, one with
//! `data-mirrors-lines` its lines. Without scripts the preview is as of the last save.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// What wakes the mirrors of a page; once a page, after them.
#[component]
pub fn MirrorScript() -> impl IntoView {
    const SCRIPT: &str = "for(const m of document.querySelectorAll('[data-mirrors],[data-mirrors-lines]')){\
        const lines=m.dataset.mirrorsLines,f=document.querySelector(`form [name=\"${lines??m.dataset.mirrors}\"]`);\
        f?.addEventListener('input',()=>{if(lines===undefined){m.textContent=f.value;return}\
        m.replaceChildren(...f.value.split('\\n').filter(l=>l.trim()).map(l=>{const i=document.createElement('li');i.textContent=l;return i}))})}";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
