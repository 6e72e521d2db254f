//! A page that learns what others change: it waits for an answer, reads itself once more and puts the new parts into their places.

use leptos::nonce::Nonce;
use leptos::prelude::*;

/// Keeps the story as it is for everybody. What is being typed stands outside of it and stays; the
/// focus stays where it was, and what stands open stays open.
#[component]
pub fn Live(
    /// Answers when there is something new.
    url: String,
    /// The state that the page shows, as that address names it.
    seen: String,
) -> impl IntoView {
    const SCRIPT: &str = "const l=document.querySelector('[data-live]'),say=l.querySelector('p'),all=['[data-live-story]','[data-live-count]','.ribbon-figure'];\
        let bad=0;const wait=ms=>new Promise(r=>setTimeout(r,ms)),\
        seen=()=>document.hidden&&new Promise(r=>document.addEventListener('visibilitychange',r,{once:true}));\
        async function show(){\
        const u=new URL(location.href);for(const k of ['said','did','event','next'])u.searchParams.delete(k);\
        const a=await fetch(u);if(!a.ok)throw a.status;\
        const d=new DOMParser().parseFromString(await a.text(),'text/html'),old=new Map([...document.querySelectorAll('.event[id]')].map(e=>[e.id,e.textContent])),\
        id=e=>e.closest('[id]')?.id,\
        nth=e=>[...document.getElementById(id(e)).querySelectorAll('details')].indexOf(e),\
        open=[...document.querySelectorAll('[data-live-story] details[open]')].filter(id).map(e=>[id(e),nth(e)]),\
        f=document.activeElement?.closest('[data-live-story]')&&document.activeElement.getAttribute('href'),y=scrollY;\
        for(const s of all){const o=document.querySelector(s),n=d.querySelector(s);if(o&&n)o.replaceWith(document.importNode(n,true))}\
        for(const [i,n] of open){const e=document.getElementById(i)?.querySelectorAll('details')[n];if(e)e.open=true}\
        let more=0;for(const e of document.querySelectorAll('.event[id]'))if(old.get(e.id)!==e.textContent){e.classList.add('event-new');more++}\
        if(f)[...document.querySelectorAll('[data-live-story] a')].find(e=>e.getAttribute('href')===f)?.focus({preventScroll:true});\
        scrollTo(scrollX,y);l.dataset.seen=d.querySelector('[data-live]').dataset.seen;\
        if(more)say.textContent='Somebody changed the timeline. What is new is marked.'}\
        for(;;){await seen();try{const a=await fetch(`${l.dataset.live}?seen=${l.dataset.seen}`);\
        if(a.status===404||a.status===401||a.redirected)break;if(a.status===200)await show();else if(a.status!==204)throw a.status;bad=0}\
        catch{await wait(Math.min(3e4,500*2**bad++))}}";
    let nonce = use_context::<Nonce>().map(|n| n.to_string());
    view! {
        <div class="live" data-live=url data-seen=seen>
            <p class="small quiet" role="status"></p>
            <script type="module" nonce=nonce inner_html=SCRIPT></script>
        </div>
    }
}
