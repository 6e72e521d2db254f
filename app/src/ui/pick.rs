//! A passage picked by selecting it: where words are selected inside an element with `data-picks="id"`, the field of that id takes them,
//! unless somebody has typed in it. Without scripts the passage is cut by hand.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// What wakes the picking on a page; once a page, after the texts. It also shows what stands hidden with `data-pick-hint`.
#[component]
pub fn PickScript() -> impl IntoView {
    const SCRIPT: &str = "const typed=new Set,plain=t=>t.replace(/\\s+/g,' ').trim(),\
        of=n=>(n?.nodeType===1?n:n?.parentElement)?.closest('[data-picks]');\
        for(const w of document.querySelectorAll('[data-picks]')){const f=document.getElementById(w.dataset.picks);\
        if(f?.closest('details')?.open)typed.add(f);f?.addEventListener('input',()=>typed.add(f))}\
        for(const h of document.querySelectorAll('[data-pick-hint]'))h.hidden=false;\
        document.addEventListener('selectionchange',()=>{const s=getSelection(),t=s?.toString().trim(),w=t&&(of(s.anchorNode)??of(s.focusNode)),\
        f=w&&document.getElementById(w.dataset.picks);\
        if(f&&!typed.has(f)&&plain(w.textContent).includes(plain(t)))f.value=t})";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
