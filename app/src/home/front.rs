//! The front page: one sentence, one drawing, the way in.

use crate::ctx::Ctx;
use crate::form::Form;
use crate::session::sign_in_forms;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Note};
use axum::response::Response;
use leptos::prelude::*;

/// `waits`: nobody has set this instance up yet.
pub(super) fn draw(ctx: &Ctx, waits: bool) -> Response {
    let demo = ctx.site.demo.is_some();
    shell::page(ctx, Head::new("Every incident has a second story", Nav::None), move || {
        view! {
            {waits.then(waiting)}
            <section class="hero">
                <div>
                    <h1>"Every incident has a second story."</h1>
                    <p class="lede">
                        "The first story says who erred. The second says how the work, the tools and the system made sense to the people in it \
                         at the time. Collect it, learn from it together, and see what keeps coming back and what it costs people."
                    </p>
                    <p class="actions">
                        <a class="btn btn-primary btn-large" href="#sign-in">{if demo { "Look around the demo" } else { "Sign in" }}</a>
                        <a class="btn btn-quiet btn-large" href="/help/promise">"What stays private"</a>
                    </p>
                </div>
                {drawing()}
            </section>
            <section aria-labelledby="si" id="sign-in">
                <div class="section-head">
                    <div>
                        <h2 id="si">{if demo { "Come in as" } else { "Sign in" }}</h2>
                        {demo.then(|| view! { <p class="quiet small">"One click signs you in. Each role sees only what is meant for it."</p> })}
                    </div>
                </div>
                {sign_in_forms(Form::default())}
            </section>
            <section class="mt8" aria-labelledby="how">
                <h2 id="how" class="vh">"How it goes"</h2>
                <hr/>
                {how_it_goes()}
            </section>
        }
    })
}

/// Says where the way in is, and not what it is.
fn waiting() -> impl IntoView {
    view! {
        <Note tone="care">
            <Icon name="door-open"/>
            <div>
                <p><strong>"This instance is new and waits to be set up."</strong></p>
                <p>
                    "Whoever started it finds a one-time link in the terminal, which makes the first administrator. Lost it, or older than a \
                     day? Starting the service again makes a new one."
                </p>
            </div>
        </Note>
    }
}

fn how_it_goes() -> impl IntoView {
    let step = |icon: &'static str, name: &'static str, words: &'static str| {
        view! { <li><Icon name=icon/><h3>{name}</h3><p>{words}</p></li> }
    };
    view! {
        <ol class="path mt8">
            {step("message-circle", "Listen", "Twelve questions, one at a time, on a phone if you like. Each person decides who may read each answer.")}
            {step("waypoints", "Put it together", "What happened becomes a timeline. Quotes go back to the people who said them before anyone else reads them.")}
            {step("book-open", "Learn", "A group learns together, without fixing anything yet. What it learned is published as a story worth reading.")}
            <li class="the-wall"><span>"The wall. Two working days of quiet."</span></li>
            {step("lightbulb", "Plan", "Only now the parked ideas open, in another room, with what was learned on the table.")}
        </ol>
    }
}

/// The first story is a line of three points, the second a braid.
fn drawing() -> impl IntoView {
    const STRANDS: [(&str, &str, &str, &str, &str, &str); 5] = [
        (
            "line k1",
            "M0 204H196C262 204 268 316 340 316S390 226 452 226H560",
            "192",
            "a renewed certificate",
            "214",
            "what surprised us",
        ),
        (
            "line k2",
            "M0 258H214C272 258 280 320 340 320S392 276 452 276H560",
            "246",
            "a probe that looked away",
            "264",
            "what helped",
        ),
        (
            "line k3",
            "M0 312H210C262 312 290 324 340 324S400 326 452 326H560",
            "300",
            "a page worded like March’s",
            "314",
            "what we learned",
        ),
        (
            "line k4",
            "M0 366H190C262 366 276 328 340 328S392 376 452 376H560",
            "354",
            "a call from a depot",
            "364",
            "what it cost people",
        ),
        (
            "line k5",
            "M0 420H170C262 420 262 332 340 332S388 426 452 426H560",
            "408",
            "a drill in spring",
            "414",
            "what went right",
        ),
    ];
    view! {
        <svg class="two-stories" viewBox="0 0 560 440" role="img" aria-labelledby="ts-t">
            <title id="ts-t">
                "Two drawings of one incident. The first story is a straight line of three points: alert, mistake, fix. The second story is five \
                 strands that meet at 02:41: a renewed certificate, a probe that looked away, a page worded like March’s, a call from a depot, a \
                 drill in spring."
            </title>
            <text class="cap" x="0" y="22">"The first story"</text>
            <path class="line k0" d="M12 62H548"></path>
            <g fill="var(--ground)">
                <circle class="k0" cx="12" cy="62" r="6" stroke-width="2.25"></circle>
                <circle class="k0" cx="280" cy="62" r="6" stroke-width="2.25"></circle>
                <circle class="k0" cx="548" cy="62" r="6" stroke-width="2.25"></circle>
            </g>
            <text x="0" y="94">"Alert"</text>
            <text x="280" y="94" text-anchor="middle">"Mistake"</text>
            <text x="560" y="94" text-anchor="end">"Fix"</text>
            <text class="cap" x="0" y="160">"The second story"</text>
            {STRANDS.map(|(class, d, ..)| view! { <path class=class d=d></path> }).collect_view()}
            <circle cx="340" cy="324" r="17" fill="var(--ground)" stroke="var(--text)" stroke-width="2.25"></circle>
            <circle cx="340" cy="324" r="5.5" fill="var(--text)"></circle>
            <text class="cap" x="340" y="288" text-anchor="middle">"02:41"</text>
            {STRANDS.map(|(_, _, y, words, ..)| view! { <text x="0" y=y>{words}</text> }).collect_view()}
            {STRANDS.map(|(_, _, _, _, y, words)| view! { <text class="far" x="560" y=y text-anchor="end">{words}</text> }).collect_view()}
        </svg>
    }
}
