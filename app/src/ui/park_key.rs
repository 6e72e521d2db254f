//! The key that parks an idea without leaving the page: Alt+P, also while somebody writes. No single letter: those surprise who reads with
//! a screen reader or speaks to the machine (WCAG 2.1.4). A button with `data-park` opens it with its words. Without scripts the forms do it.

use super::SafeTextarea;
use leptos::nonce::Nonce;
use leptos::prelude::*;

/// The dialog behind the key; `action` is where ideas of this incident are parked. Once a page.
#[component]
pub fn ParkKey(action: String) -> impl IntoView {
    // What is selected comes along. Sent beside the page: the page, and what somebody writes in it, stays as it is.
    const SCRIPT: &str = "const box=document.getElementById('park-dialog'),form=box.querySelector('form'),field=form.elements.text,\
        error=box.querySelector('.error'),said=document.getElementById('park-said');let from=null;\
        const selected=at=>at?.matches?.('textarea,input[type=text]')?at.value.slice(at.selectionStart,at.selectionEnd):String(getSelection());\
        const open=(at,words=selected(at))=>{from=at;field.value=words.trim();error.hidden=true;box.showModal();field.focus()};\
        const refuse=words=>{error.textContent=words;error.hidden=false;field.setAttribute('aria-invalid','true');field.focus()};\
        box.addEventListener('close',()=>{field.removeAttribute('aria-invalid');from?.focus?.()});\
        box.querySelector('[data-leave]').onclick=()=>box.close();\
        field.addEventListener('keydown',event=>{if(event.key==='Enter'&&(event.ctrlKey||event.metaKey)){event.preventDefault();form.requestSubmit()}});\
        form.addEventListener('submit',async event=>{event.preventDefault();try{\
        const answer=await fetch(form.action,{method:'POST',headers:{accept:'application/json'},body:new URLSearchParams(new FormData(form))});\
        const told=await answer.json();if(answer.ok){box.close();said.className='toast';said.hidden=false;said.textContent='';setTimeout(()=>said.textContent=told.said,50);setTimeout(()=>said.hidden=true,8000)}else refuse(told.message)\
        }catch{refuse('This did not arrive. Your words are still here.')}});\
        for(const button of document.querySelectorAll('[data-park]')){button.hidden=false;button.onclick=()=>open(button,button.dataset.park);\
        const otherwise=button.nextElementSibling;if(otherwise)otherwise.hidden=true}\
        document.addEventListener('keydown',event=>{\
        if(!box.open&&!event.defaultPrevented&&event.altKey&&event.code==='KeyP'&&!event.shiftKey&&!event.ctrlKey&&!event.metaKey){event.preventDefault();open(document.activeElement)}})";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! {
        <dialog class="dialog" id="park-dialog" aria-labelledby="park-dialog-h">
            <form class="stack stack-tight" method="post" action=action>
                <h2 id="park-dialog-h">"Park an idea"</h2>
                <p class="hint" id="park-dialog-hint">"It goes to the parking lot, and nothing into the review. Ctrl+Enter parks it."</p>
                <p class="error" id="park-dialog-error" hidden=true></p>
                <SafeTextarea id="park-dialog-text" name="text" text="" rows=3 label="Your idea".to_owned() describedby=Some("park-dialog-error park-dialog-hint".to_owned())/>
                <div class="actions">
                    <button type="button" class="btn btn-quiet" data-leave="">"Leave it"</button>
                    <button class="btn btn-primary">"Park it"</button>
                </div>
            </form>
        </dialog>
        <div class="toast-place"><p id="park-said" role="status" hidden=true></p></div>
        <script type="module" nonce=nonce inner_html=SCRIPT></script>
    }
}
