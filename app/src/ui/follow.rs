//! What scripts add to a meeting: it follows by itself, sends lines without leaving the page, comes back after a lost connection, and turns
//! with the keys of a keyboard or a presenter. Without them the same forms and a link do it.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// Follows the meeting that the page's `data-live` names. What is being typed is never touched: it stands outside of every `data-part`. A
/// line is kept in the page until the server has said that it stands, under the id that it was given here, so that none is lost or doubled.
#[component]
pub fn Follow() -> impl IntoView {
    const SCRIPT: &str = "const m=document.querySelector('[data-live]'),say=m.querySelector('[data-say]'),form=m.querySelector('form[data-line]'),\
        field=form?.elements.text,error=form?.querySelector('.error'),pending=m.querySelector('[data-pending]'),queue=[];\
        let bad=0,quiet=0,sending=false;const wait=ms=>new Promise(r=>setTimeout(r,ms)),back=()=>wait(Math.min(5e3,400*2**bad++)),\
        seen=()=>document.hidden&&new Promise(r=>document.addEventListener('visibilitychange',r,{once:true})),\
        lost=()=>{say.textContent='Catching up. What you write is kept in this page.'},\
        home=()=>m.dataset.live.replace(/\\/live$/,'')+location.search,\
        busy=()=>queue.length||document.querySelector('dialog[open]')||[...m.querySelectorAll('input[type=text],textarea')].some(e=>e.value.trim()!==e.defaultValue.trim());\
        const later=()=>{for(const e of m.querySelectorAll('[data-spent]')){e.begun??=Date.now();\
        e.textContent=`${Math.floor((e.dataset.spent*1e3+Date.now()-e.begun)/6e4)} of ${e.dataset.of} min`}},\
        end=()=>{for(const e of m.querySelectorAll('[data-end]'))e.scrollTop=e.scrollHeight};\
        const over=now=>{if(busy()){say.textContent='The meeting has changed. What you wrote is still here; copy it before you load the page again.';m.dataset.seen=now;return wait(5e3)}location.assign(home())};\
        async function show(){const a=await fetch(home());if(!a.ok)throw a.status;\
        const d=new DOMParser().parseFromString(await a.text(),'text/html'),n=d.querySelector('[data-live]');\
        if(!n||n.dataset.look!==m.dataset.look)return over(n?.dataset.seen??'');\
        const f=document.activeElement?.closest?.('[data-part]')&&document.activeElement,k=f&&[f.dataset.key,f.getAttribute('href'),f.getAttribute('aria-label')];\
        for(const o of m.querySelectorAll('[data-part]')){const p=n.querySelector(`[data-part=\"${o.dataset.part}\"]`);\
        if(!p||p.innerHTML===o.innerHTML)continue;const open=[...o.querySelectorAll('details,input')].map(e=>e.open??e.checked);\
        o.replaceChildren(...document.importNode(p,true).childNodes);[...o.querySelectorAll('details,input')].forEach((e,i)=>{if(i in open){if('open' in e)e.open||=open[i];else e.checked=open[i]}})}\
        if(k)[...m.querySelectorAll('[data-part] button,[data-part] a,[data-part] summary')].find(e=>k[0]&&e.dataset.key===k[0]||k[1]&&e.getAttribute('href')===k[1]||k[2]&&e.getAttribute('aria-label')===k[2])?.focus({preventScroll:true});\
        if(field&&!field.value&&n.dataset.kind!==m.dataset.kind)form.elements.kind.value=n.dataset.kind;\
        m.dataset.kind=n.dataset.kind;m.dataset.seen=n.dataset.seen;later();end()}\
        const draw=()=>pending.replaceChildren(...queue.map(l=>{const e=document.createElement('li');e.textContent=`${l.text} (on its way)`;return e}));\
        async function send(){if(sending)return;sending=true;while(queue.length){try{\
        const a=await fetch(form.action,{method:'POST',headers:{accept:'application/json'},body:new URLSearchParams(queue[0])});\
        if(a.ok&&!a.redirected){queue.shift();draw();if(bad)say.textContent='';bad=0}\
        else if(a.status===422){const told=await a.json();error.textContent=told.message;error.hidden=false;field.setAttribute('aria-invalid','true');if(field.value.trim())break;field.value=queue.shift().text;draw()}\
        else if(a.redirected||a.status===401||a.status===404){say.textContent='You are not in this meeting any more. Your line is still here: copy it, then load the page again.';break}\
        else throw a.status}catch{lost();await back()}}sending=false}\
        form?.addEventListener('submit',e=>{e.preventDefault();const text=field.value.trim();if(!text){field.focus();return}\
        error.hidden=true;field.removeAttribute('aria-invalid');\
        queue.push({id:[...crypto.getRandomValues(new Uint8Array(16))].map(b=>b.toString(16).padStart(2,'0')).join(''),kind:form.elements.kind.value,text});\
        field.value='';field.focus();draw();send()});\
        m.addEventListener('submit',async e=>{const f=e.target;if(!f.matches('[data-turn]')||e.defaultPrevented)return;e.preventDefault();\
        try{const a=await fetch(f.action,{method:'POST',body:new URLSearchParams(new FormData(f,e.submitter))});if(!a.ok)throw a.status;await show();if(f.dataset.turn==='here')location.assign(f.dataset.back)}\
        catch{say.textContent='This did not arrive. Please try it again.'}});\
        addEventListener('beforeunload',e=>{if(queue.length)e.preventDefault()});\
        document.addEventListener('keydown',e=>{if(e.defaultPrevented||document.querySelector('dialog[open]'))return;\
        if(e.altKey&&e.code==='KeyN'&&!e.ctrlKey&&!e.metaKey&&field){e.preventDefault();field.focus();return}\
        if(e.altKey||e.ctrlKey||e.metaKey||e.shiftKey||e.target.closest?.('input,select,textarea,[contenteditable],[tabindex=\"0\"]'))return;\
        const to={ArrowRight:'next',PageDown:'next',ArrowLeft:'back',PageUp:'back'}[e.key],b=to&&m.querySelector(`[data-key=${to}]`);if(b){e.preventDefault();b.click()}});\
        const full=m.querySelector('[data-full]');if(full&&document.documentElement.requestFullscreen){full.hidden=false;\
        full.onclick=()=>document.fullscreenElement?document.exitFullscreen():document.documentElement.requestFullscreen()}\
        later();end();setInterval(later,5e3);\
        for(;;){await seen();try{const a=await fetch(`${m.dataset.live}?seen=${encodeURIComponent(m.dataset.seen)}`);\
        if(a.redirected||a.status===401||a.status===404){say.textContent='You are not in this meeting any more. Load the page again to see how it stands.';break}\
        if(a.status===200)await show();else if(a.status!==204)throw a.status;else if(++quiet%8===0)await show();if(bad){bad=0;say.textContent=''}}\
        catch{lost();await back()}}";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! { <script type="module" nonce=nonce inner_html=SCRIPT></script> }
}
