//! Quiet underlines while somebody writes: a layer behind the field repeats its words unseen and underlines those that a hint is about. The
//! list beside it follows a moment after the last key. Without scripts the list is as of the last save or preview.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// What draws the underlines and keeps the list in step; once a page, after the field `body` and the list.
#[component]
pub fn HintMarks() -> impl IntoView {
    // Marks stand where the list says (`data-at`). What is typed meanwhile moves those behind it, and takes away those that it touches.
    const SCRIPT: &str = "const area=document.getElementById('body'),list=document.querySelector('[data-hints]'),said=document.querySelector('[data-hints-said]'),\
        layer=document.createElement('div');layer.className='marks writing';layer.setAttribute('aria-hidden','true');area.before(layer);\
        let text=area.value,marks=[],asked=0,timer=0;\
        const read=()=>{marks=[...list.querySelectorAll('[data-at]')].map(card=>[...card.dataset.at.split('-').map(Number),card])},\
        size=()=>{layer.style.inlineSize=`${area.clientWidth}px`;layer.scrollTop=area.scrollTop},\
        paint=()=>{let from=0;layer.replaceChildren();for(const [start,end] of marks){const mark=document.createElement('mark');\
        mark.textContent=text.slice(start,end);layer.append(text.slice(from,start),mark);from=end}layer.append(`${text.slice(from)}\\n`);size()},\
        move=to=>{const most=Math.min(text.length,to.length),more=to.length-text.length;let same=0,tail=0;while(same<most&&text[same]===to[same])same++;\
        while(tail<most-same&&text[text.length-1-tail]===to[to.length-1-tail])tail++;const end=text.length-tail;\
        marks=marks.flatMap(([a,b,card])=>b<=same?[[a,b,card]]:a>=end?[[a+more,b+more,card]]:[]);text=to},\
        here=()=>{const at=area.selectionStart;for(const [a,b,card] of marks)if(document.activeElement===area&&a<=at&&at<=b)card.setAttribute('aria-current','true');else card.removeAttribute('aria-current')},\
        wake=()=>{for(const show of list.querySelectorAll('[data-show]'))show.hidden=false},\
        take=(html,of)=>{const focus=document.activeElement,inside=list.contains(focus),value=focus?.value,cards=()=>[...list.querySelectorAll('[data-at]')],\
        at=cards().findIndex(card=>card.contains(focus)),open=list.querySelector('details')?.open,ticked=[...list.querySelectorAll('[name=out]:checked')].map(tick=>tick.value);\
        list.innerHTML=html;wake();if(open&&list.querySelector('details'))list.querySelector('details').open=true;\
        for(const tick of list.querySelectorAll('[name=out]'))tick.checked=ticked.includes(tick.value);\
        const says=list.firstElementChild.dataset.says;if(said.textContent!==says)said.textContent=says;\
        const now=area.value;text=of;read();move(now);paint();here();\
        if(inside)([...list.querySelectorAll('button')].find(button=>value&&button.value===value)??cards()[Math.min(at,cards().length-1)]?.querySelector('button')??list).focus({preventScroll:true})},\
        ask=async act=>{const mine=++asked,of=area.value;clearTimeout(timer);try{\
        const answer=await fetch(`${area.form.action}/hints`,{method:'POST',body:new URLSearchParams({part:'yes',act,body:of})});\
        const html=await answer.text();if(!answer.ok||answer.redirected)throw answer.status;if(mine===asked)take(html,of)\
        }catch{if(act)said.textContent='This did not arrive. Please try again.'}};\
        area.addEventListener('input',()=>{move(area.value);paint();clearTimeout(timer);timer=setTimeout(ask,700,'')});\
        area.addEventListener('scroll',size);new ResizeObserver(size).observe(area);document.addEventListener('selectionchange',here);\
        list.addEventListener('click',event=>{const now=event.target.closest('[data-now]'),show=event.target.closest('[data-show]');\
        if(now){event.preventDefault();ask(now.value)}\
        if(show){const mark=marks.find(([,,card])=>card.contains(show));area.focus();if(mark)area.setSelectionRange(mark[0],mark[1])}});\
        wake();read();if(area.value!==area.defaultValue){move(area.value);ask('')}paint()";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
