//! The keys of the raw log. They work while the focus is in its pane, so that no single letter surprises who writes or reads elsewhere.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// What wakes the keys; once a page, after the pane.
#[component]
pub fn ListKeysScript() -> impl IntoView {
    const SCRIPT: &str = "const list=document.querySelector('[data-raw-list]'),pane=list?.closest('[data-raw-pane]');if(list){\
        const rows=[...list.querySelectorAll('[data-raw]')],form=list.closest('form'),keys=pane.querySelector('[data-raw-keys]');let here=0;\
        const go=n=>{here=Math.max(0,Math.min(rows.length-1,n));rows[here].focus()};keys.hidden=false;\
        rows.forEach((row,n)=>{row.tabIndex=n?-1:0;row.addEventListener('focusin',()=>{rows[here].tabIndex=-1;here=n;row.tabIndex=0})});\
        const at=rows.findIndex(row=>'#'+row.id===location.hash);if(at>=0)go(at);\
        const tell=()=>{if(form.querySelector('[name=entry]:checked'))form.requestSubmit(form.querySelector('[data-raw-tell]'));\
        else rows[here].querySelector('[name=one]')?.click()};\
        document.addEventListener('keydown',event=>{const to=event.target,row=to.closest?.('[data-raw]'),key=event.key;\
        if(event.ctrlKey||event.metaKey||event.altKey||!(pane.contains(to)||to.closest?.('[data-raw-toast]'))\
        ||to.matches('input:not([type=checkbox]),select,textarea'))return;\
        if(key==='j')go(row?here+1:here);else if(key==='k')go(row?here-1:here);\
        else if(row&&key==='ArrowDown')go(here+1);else if(row&&key==='ArrowUp')go(here-1);\
        else if(row&&key==='x'){const box=row.querySelector('[name=entry]');box.checked=!box.checked}\
        else if(key==='+'||(key==='Enter'&&to===row))tell();\
        else if(key==='u')document.querySelector('[data-raw-undo]')?.click();\
        else if(key==='?'){keys.open=true;keys.querySelector('summary').focus()}else return;event.preventDefault()})}";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
