//! Home: what waits for me, and nothing that counts at me.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, When};
use axum::extract::Query;
use axum::response::Response;
use domain::interviews::QuestionSet;
use domain::learnings::thanks::ThanksState;
use domain::walltime;
use leptos::prelude::*;
use serde::Deserialize;
use store::interviews::Waiting;
use store::planning::{OpenedWall, Planned, Waits};
use store::retention::Going;
use store::reviews::{ToPrepare, ToRevisit, ToVote, WaitingQuotes};

/// Planned items of a kind that home shows; the others are one link away.
const SHOWN: usize = 3;

/// `doors=1` shows the front page to somebody who is signed in, to change the demo role.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RootQuery {
    doors: String,
}

struct Home {
    name: String,
    invitations: Vec<Waiting>,
    quotes: Vec<WaitingQuotes>,
    votes: Vec<ToVote>,
    surveys: Vec<ToVote>,
    calls: Vec<ToVote>,
    /// Thanks that name this person and wait for their word.
    thanks: usize,
    reviews: Vec<ToPrepare>,
    revisits: Vec<ToRevisit>,
    walls: Vec<OpenedWall>,
    planned: Waits,
    going: Vec<Going>,
    /// This month's pulse can be answered and was not put off.
    pulse: bool,
    /// Where to take one's words from before they go.
    own_data: String,
    guest: bool,
    member: bool,
}

pub(super) async fn root(ctx: Ctx, Query(query): Query<RootQuery>) -> Result<Response, AppError> {
    let Some(viewer) = ctx.viewer.clone() else {
        let waits = ctx.site.demo.is_none() && store::setup::waits(ctx.store()).await?;
        return Ok(super::front::draw(&ctx, waits));
    };
    if !query.doors.is_empty() && ctx.site.demo.is_some() {
        return Ok(super::front::draw(&ctx, false));
    }
    let store = ctx.store();
    let guest = viewer.guest_of.is_some();
    // Reviews and walls wait for people with an account.
    let home = Home {
        invitations: store::interviews::waiting(store, &viewer, ctx.now).await?,
        quotes: store::reviews::quotes_waiting(store, &viewer, ctx.now).await?,
        votes: store::reviews::votes_waiting(store, &viewer).await?,
        calls: store::reviews::calls_waiting(store, &viewer).await?,
        surveys: store::reviews::surveys_waiting(store, &viewer, ctx.now).await?,
        thanks: if guest {
            0
        } else {
            let mine = store::reviews::thanks_of_mine(store, &viewer).await?;
            mine.iter().filter(|thanks| thanks.state == ThanksState::Asked).count()
        },
        reviews: if guest { Vec::new() } else { store::reviews::to_prepare(store, &viewer, ctx.now).await? },
        revisits: store::reviews::revisits_waiting(store, &viewer, ctx.now).await?,
        walls: if guest { Vec::new() } else { store::planning::opened_walls(store, &viewer, ctx.now).await? },
        planned: if guest { Waits::default() } else { store::planning::waiting(store, &viewer, ctx.now).await? },
        // In the demo nothing goes.
        going: if ctx.site.demo.is_some() { Vec::new() } else { store::retention::going_soon(store, &viewer, ctx.now).await? },
        pulse: store::pulse::waits(store, &viewer, ctx.now).await?,
        own_data: viewer.guest_of.map_or_else(|| "/profile/data".to_owned(), |id| format!("/one-on-one/{id}/data")),
        guest,
        member: viewer.member,
        name: viewer.name.clone(),
    };
    Ok(shell::page(&ctx, Head::new("Home", Nav::Home), move || draw(home)))
}

fn draw(home: Home) -> impl IntoView {
    // A guest may be named by what they do ("The driver of van 4"): the whole of it, then.
    let first = if home.guest { home.name.clone() } else { home.name.split_whitespace().next().unwrap_or_default().to_owned() };
    let waiting = home.invitations.len()
        + home.quotes.len()
        + home.votes.len()
        + home.calls.len()
        + usize::from(home.thanks > 0)
        + home.surveys.len()
        + home.reviews.len()
        + home.revisits.len()
        + home.walls.len()
        + home.planned.to_look_back.len()
        + home.planned.past_due.len()
        + home.going.len()
        + usize::from(home.pulse);
    let actions = (home.member && !home.guest).then(|| {
        view! {
            <p class="actions">
                <a class="btn" href="/import"><Icon name="download"/>"Import"</a>
                <a class="btn" href="/incidents/new"><Icon name="plus"/>"New incident"</a>
            </p>
        }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>{format!("Hello {first}")}</h1>
                <p>{if waiting == 0 { "Nothing waits for you." } else { "This waits for you. In any order, at your pace." }}</p>
            </div>
            {actions}
        </div>
        <ul class="plain-list stack waiting">
            {home.invitations.into_iter().map(invitation).collect_view()}
            {home.quotes.into_iter().map(quotes).collect_view()}
            {home.votes.into_iter().map(vote).collect_view()}
            {home.calls.into_iter().map(call).collect_view()}
            {(home.thanks > 0).then(|| thanks(home.thanks))}
            {home.surveys.into_iter().map(survey).collect_view()}
            {home.reviews.into_iter().map(review).collect_view()}
            {home.revisits.into_iter().map(revisit).collect_view()}
            {home.walls.into_iter().map(wall).collect_view()}
            {home.planned.to_look_back.into_iter().take(SHOWN).map(|item| planned(item, true)).collect_view()}
            {home.planned.past_due.into_iter().take(SHOWN).map(|item| planned(item, false)).collect_view()}
            {home.going.into_iter().map(|going| goes(&going, home.own_data.clone())).collect_view()}
            {home.pulse.then(crate::pulse::waiting)}
        </ul>
        {(waiting == 0 && !home.guest).then(nothing)}
    }
}

fn nothing() -> impl IntoView {
    view! {
        <section class="empty">
            <h2>"A good moment to read"</h2>
            <p>"Published stories are written to be read by people who were not there."</p>
            <p class="actions"><a class="btn btn-primary" href="/incidents?state=published">"Read a story"</a><a class="btn" href="/learnings">"What was learned"</a></p>
        </section>
    }
}

fn invitation(waiting: Waiting) -> impl IntoView {
    let base = format!("/one-on-one/{}", waiting.invitation_id);
    let begun = waiting.answered > 0;
    let (href, label) = match waiting.next_question {
        Some(next) if begun => (format!("{base}/{next}"), format!("Go on with question {}", waiting.place)),
        None if begun => (format!("{base}/look-over"), "Look it over".to_owned()),
        _ => (base.clone(), "See what it is".to_owned()),
    };
    view! {
        <li class="note note-good note-row">
            <Icon name="message-circle"/>
            <div>
                <p><strong>{format!("Your view of {} is asked for.", waiting.key)}</strong>" "{waiting.title}</p>
                <p class="small">{format!("{} questions, about {} minutes, in any order. Declining is fine.", waiting.of, QuestionSet::minutes(waiting.of))}</p>
            </div>
            <div class="actions">
                <a class="btn btn-primary" href=href>{label}</a>
                <form method="post" action=format!("{base}/decline")><button class="btn btn-quiet">"Decline, no reason needed"</button></form>
            </div>
        </li>
    }
}

fn quotes(waiting: WaitingQuotes) -> impl IntoView {
    let zone = expect_context::<Ctx>().zone();
    let one = waiting.quotes == 1;
    view! {
        <li class="note note-plain note-row">
            <Icon name="quote"/>
            <div>
                <p><strong>{if one { "A quote of yours wants your word.".to_owned() } else { format!("{} quotes of yours want your word.", waiting.quotes) }}</strong>
                    " "{format!("{} {}", waiting.key, waiting.title)}</p>
                <p class="small">
                    "Right, change or leave out."
                    {waiting.due.map(|due| format!(" Without your word by {} it is left out.", walltime::absolute(due, zone)))}
                </p>
            </div>
            <div class="actions"><a class="btn" href="/quotes">"Check"</a></div>
        </li>
    }
}

fn vote(vote: ToVote) -> impl IntoView {
    view! {
        <li class="note note-good note-row">
            <Icon name="layers"/>
            <div>
                <p><strong>{format!("What shall the meeting about {} talk about?", vote.key)}</strong>" "{vote.title}</p>
                <p class="small">"A blind vote: nothing leads from you to what you choose."</p>
            </div>
            <div class="actions"><a class="btn btn-primary" href=format!("/incidents/{}/review/vote", vote.key)>"Choose"</a></div>
        </li>
    }
}

fn call(call: ToVote) -> impl IntoView {
    view! {
        <li class="note note-good note-row">
            <Icon name="users"/>
            <div>
                <p><strong>{format!("May the meeting about {} call on you?", call.key)}</strong>" "{call.title}</p>
                <p class="small">"You read about what, and say yes or rather not. You can change your mind."</p>
            </div>
            <div class="actions"><a class="btn btn-primary" href=format!("/incidents/{}/review/meeting", call.key)>"Answer"</a></div>
        </li>
    }
}

fn thanks(waiting: usize) -> impl IntoView {
    let asks = if waiting == 1 { "A review would like to thank you." } else { "Reviews would like to thank you." };
    view! {
        <li class="note note-good note-row">
            <Icon name="heart-handshake"/>
            <div>
                <p><strong>{asks}</strong></p>
                <p class="small">"You read the words first. They stand in the story only if you say yes."</p>
            </div>
            <div class="actions"><a class="btn btn-primary" href="/thanks">"Read"</a></div>
        </li>
    }
}

fn survey(survey: ToVote) -> impl IntoView {
    view! {
        <li class="note note-plain note-row">
            <Icon name="message-circle"/>
            <div>
                <p><strong>{format!("How was the meeting about {}?", survey.key)}</strong>" "{survey.title}</p>
                <p class="small">"Three sentences, without your name. If you were not there, leave it."</p>
            </div>
            <div class="actions"><a class="btn" href=format!("/incidents/{}/review/after", survey.key)>"Answer"</a></div>
        </li>
    }
}

fn review(review: ToPrepare) -> impl IntoView {
    view! {
        <li class="note note-plain note-row">
            <Icon name="book-open"/>
            <div>
                <p><strong>{format!("{} is yours to prepare.", review.key)}</strong>" "{review.title}</p>
                <p class="small"><span class="chip">{review.stage.label()}</span>" "{review.next.label()}"."</p>
            </div>
            <div class="actions"><a class="btn" href=format!("/incidents/{}/review", review.key)>"Open the review"</a></div>
        </li>
    }
}

/// A story of a while ago. Nothing hangs on the answer.
fn revisit(story: ToRevisit) -> impl IntoView {
    view! {
        <li class="note note-plain note-row">
            <Icon name="book-open"/>
            <div>
                <p><strong>{format!("Is the story of {} still true?", story.key)}</strong>" "{story.title}</p>
                <p class="small">"Published "<When at=story.published_at/>". One click if nothing has changed."</p>
            </div>
            <div class="actions"><a class="btn" href=format!("/incidents/{}/review#again", story.key)>"Look at it again"</a></div>
        </li>
    }
}

fn wall(wall: OpenedWall) -> impl IntoView {
    view! {
        <li class="note note-plain note-row">
            <Icon name="door-open"/>
            <div>
                <p><strong>{format!("The planning room of {} is open.", wall.key)}</strong>" "{wall.title}</p>
                <p class="small">"Opened "<When at=wall.opened_at/>"."</p>
            </div>
            <div class="actions"><a class="btn" href=format!("/incidents/{}/planning", wall.key)>"Go to planning"</a></div>
        </li>
    }
}

/// Something that was done some weeks ago, or was meant to be done by now: a question, not a reproach.
fn planned(item: Planned, done: bool) -> impl IntoView {
    let (said, word) = if done {
        (format!("Did “{}” help?", item.title), "It was done some weeks ago. “No” is worth knowing, too.".to_owned())
    } else {
        let day = item.due_on.map(|day| day.format("%-d %B").to_string()).unwrap_or_default();
        (
            format!("“{}” was meant for {day}.", item.title),
            "Does it still matter? Another day, or a good reason not to do it, is fine.".to_owned(),
        )
    };
    let label = if done { "Say whether it helped" } else { "Look at it" };
    view! {
        <li class="note note-plain note-row">
            <Icon name=if done { "message-circle" } else { "calendar" }/>
            <div>
                <p><strong>{said}</strong>" "{format!("{} {}", item.key, item.incident_title)}</p>
                <p class="small">{word}</p>
            </div>
            <div class="actions">
                <a class="btn" href=format!("/planned/{}", item.id)>{label}</a>
                <a class="btn btn-quiet" href="/planned">"All, by age"</a>
            </div>
        </li>
    }
}

/// Answers whose time is over soon: told a week before.
fn goes(going: &Going, own_data: String) -> impl IntoView + use<> {
    let (count, day) = (going.answers, going.day.format("%-d %B"));
    let sentence =
        if count == 1 { format!("1 answer of yours goes on {day}.") } else { format!("{count} answers of yours go on {day}.") };
    view! {
        <li class="note note-plain note-row">
            <Icon name="hourglass"/>
            <div>
                <p><strong>{sentence}</strong></p>
                <p class="small">"Nobody keeps them longer than needed. If you would like to have them, take them with you before."</p>
            </div>
            <div class="actions"><a class="btn" href=own_data>"Take them with me"</a></div>
        </li>
    }
}
