//! One's own page: this month's check-in, one's own last four weeks, and whom to turn to. Nobody else sees it, and it holds nothing of what
//! was answered, because that is kept nowhere.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Note};
use axum::response::Response;
use domain::pulse::{Answers, Care, HelpResource, Item, answered};
use domain::walltime::{Stretch, parse_zone};
use leptos::prelude::*;
use serde::Deserialize;
use store::StoreError;
use store::pulse::{self, Asked, Mine};

const AT: &str = "/pulse";

/// The answers, as chosen: a step, or nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct PulseFields {
    on_call: String,
    satisfied: String,
    stress: String,
    sleep: String,
    focus: String,
    stay: String,
    burnout: String,
}

impl PulseFields {
    fn of(&self, item: Item) -> &str {
        match item {
            Item::OnCall => &self.on_call,
            Item::Satisfied => &self.satisfied,
            Item::Stress => &self.stress,
            Item::Sleep => &self.sleep,
            Item::Focus => &self.focus,
            Item::Stay => &self.stay,
            Item::Burnout => &self.burnout,
        }
    }

    fn answers(&self) -> Result<Answers, domain::Invalid> {
        answered(Item::ALL.map(|item| (item, self.of(item))))
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    draw(&ctx, Form::default(), None).await
}

/// Adds the answers to the sums.
pub(super) async fn answer(ctx: Ctx, Posted(typed): Posted<PulseFields>) -> Result<Response, AppError> {
    if pulse::mine(ctx.store(), ctx.viewer()?, ctx.now).await?.asked == Asked::Off {
        return Err(AppError::NotFound);
    }
    let answers = match typed.answers() {
        Ok(answers) => answers,
        Err(invalid) => return draw(&ctx, Form::refused(typed, invalid), None).await,
    };
    match pulse::answer(ctx.store(), ctx.viewer()?, &answers, ctx.now).await {
        Ok(()) => Ok(see_and_say(AT, "counted-vote")),
        Err(StoreError::Refused(why)) => draw(&ctx, Form::default(), Some(why)).await,
        Err(other) => Err(other.into()),
    }
}

/// Not to be asked again this month.
pub(super) async fn not_now(ctx: Ctx) -> Result<Response, AppError> {
    pulse::not_this_month(ctx.store(), ctx.viewer()?, ctx.now).await?;
    Ok(see("/"))
}

async fn draw(ctx: &Ctx, form: Form<PulseFields>, refused: Option<&'static str>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let mine = pulse::mine(store, viewer, ctx.now).await?;
    let hours = store::interviews::my_hours(store, viewer).await?;
    let stretch = |s: &store::interviews::StretchOfMine| {
        let zone = parse_zone(&s.session.zone).unwrap_or(chrono_tz::UTC);
        Stretch { start: s.session.started_at, end: s.session.ended_at, zone }
    };
    let held = store::calendars::own_history(store, viewer).await?;
    let care = Care::of(&hours.stretches.iter().map(stretch).collect::<Vec<_>>(), &held.latest().calendar, ctx.now);
    let mut head = Head::new("Your pulse", Nav::None).refused(&form.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    Ok(shell::page(ctx, head, move || {
        let asked = match mine.asked {
            Asked::Off => {
                view! { <p class="soft">"Your organisation does not ask for a pulse. This page is yours all the same."</p> }.into_any()
            }
            Asked::Answered => view! {
                <Note tone="good">
                    <Icon name="check"/>
                    <p>{format!("Thank you. What you said for {} is counted with what others say, and kept nowhere else.", mine.month.label())}</p>
                </Note>
            }
            .into_any(),
            Asked::Open | Asked::NotNow => questions(&mine, &form).into_any(),
        };
        view! {
            <div class="page-head"><div>
                <h1>"Your pulse"</h1>
                <p>"How are you doing with this work? Only you see this page."</p>
            </div></div>
            {refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <div class="stack measure">
                {asked}
                {help(mine.help)}
                {weeks(&care)}
            </div>
        }
    }))
}

fn questions(mine: &Mine, form: &Form<PulseFields>) -> impl IntoView + use<> {
    let not_now = mine.asked == Asked::NotNow;
    let (purpose, smallest, month) = (mine.purpose.clone(), mine.smallest, mine.month.label());
    let tender = smallest.max(Item::Burnout.fewest());
    let nothing = form.error("pulse");
    view! {
        <section class="card stack" aria-labelledby="before-h">
            <h2 id="before-h">{format!("Two minutes for {month}, if you like")}</h2>
            <p>{purpose}</p>
            <ul class="stack stack-tight">
                <li>"It is never required. Each question may be left out, and no page shows who answered."</li>
                <li>"What you choose is added to sums and kept nowhere else. Nobody can show it again, change it or take it back; you cannot either."</li>
                <li>{format!("Once the quarter is over, shares are told of groups of {smallest} people or more ({tender} for sleep, the rota and burnout), and \
                    only where people said different things. Leadership, line managers and administrators see those, and nothing of a person.")}</li>
                <li>
                    "What cannot be promised: whoever holds the key of this server and copies of its database from before and after your answer can \
                    compare the two. "<a href="/help/threats">"Who could learn what"</a>
                </li>
            </ul>
        </section>
        <form method="post" class="stack" action=AT>
            <FieldError id="pulse-error".to_owned() error=nothing/>
            {Item::ALL.map(|item| question(item, form)).into_iter().collect_view()}
            <p class="hint">"The last question is the single item of Dolan and others (2015). It is no diagnosis. This page is no way to call for help either: nobody \
                reads single answers. Whom to turn to stands below."</p>
            <p class="actions"><button class="btn btn-primary">"Send, for good"</button></p>
        </form>
        {(!not_now).then(|| view! {
            <form method="post" action="/pulse/not-now"><button class="btn btn-quiet">"Not this month"</button></form>
        })}
    }
}

fn question(item: Item, form: &Form<PulseFields>) -> impl IntoView + use<> {
    let slug = item.slug();
    let typed = form.typed.of(item).to_owned();
    let step = |value: String, words: String| {
        let checked = typed == value;
        view! { <label class="choice"><input type="radio" name=slug value=value checked=checked/><span>{words}</span></label> }
    };
    // Steps of one or two words have a number, which objectives name, and stand side by side where there is room.
    let agrees = item.steps().iter().all(|words| words.len() <= "Not at all".len());
    let steps = (1..).zip(item.steps()).map(|(n, words): (usize, _)| {
        let words = if agrees { format!("{n} · {words}") } else { (*words).to_owned() };
        step(n.to_string(), words)
    });
    let class = if agrees { "severities" } else { "stack stack-tight" };
    view! {
        <fieldset>
            <legend>{item.sentence()}</legend>
            <FieldError id=format!("{slug}-error") error=form.error(slug)/>
            <div class=class>
                {steps.collect_view()}
                {step(String::new(), "Leave it out".to_owned())}
            </div>
        </fieldset>
    }
}

fn help(help: Vec<HelpResource>) -> impl IntoView {
    let line = |resource: HelpResource| {
        let HelpResource { name, how, link } = resource;
        let href = link.clone();
        view! {
            <li>
                <b>{name}</b>
                {(!how.is_empty()).then(|| view! { <span>" · "{how}</span> })}
                {(!link.is_empty()).then(move || view! { <span>" · "<a href=href rel="noreferrer">{link}</a></span> })}
            </li>
        }
    };
    let none = help.is_empty();
    view! {
        <section class="card stack stack-tight" aria-labelledby="help-h">
            <h2 id="help-h">"Whom to turn to"</h2>
            {none.then(|| view! {
                <p class="soft">"Nobody has written anything here yet. Somebody you trust, your doctor, or a works council if there is one: any of them is a good beginning."</p>
            })}
            <ul class="plain-list stack stack-tight">{help.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

fn weeks(care: &Care) -> impl IntoView + use<> {
    let hours = |minutes: i64| format!("{} h", (minutes + 30) / 60);
    let (all, outside) = (hours(care.minutes.total()), hours(care.minutes.out_of_hours()));
    let words: Vec<_> = care.words().into_iter().map(|words| view! { <p>{words}</p> }).collect();
    view! {
        <section class="card stack stack-tight" aria-labelledby="weeks-h">
            <h2 id="weeks-h">"Your last four weeks"</h2>
            {if care.minutes.total() == 0 {
                view! { <p class="soft">"You told of no work on incidents in this time."</p> }.into_any()
            } else {
                view! {
                    <p>{format!("Work on incidents that you told of: {all}, of it {outside} outside your working hours; {} disturbed nights.", care.nights)}</p>
                }
                .into_any()
            }}
            {words}
            <p class="small"><a href="/profile/hours">"Your hours, all of them"</a></p>
        </section>
    }
}

/// The line on the home page.
pub(crate) fn waiting() -> impl IntoView {
    view! {
        <li class="note note-plain note-row">
            <Icon name="heart-handshake"/>
            <div>
                <p><strong>"How are you doing with this work?"</strong></p>
                <p class="small">"Two minutes, if you like. No page shows who answered."</p>
            </div>
            <div class="actions">
                <a class="btn" href=AT>"Have a look"</a>
                <form method="post" action="/pulse/not-now"><button class="btn btn-quiet">"Not this month"</button></form>
            </div>
        </li>
    }
}
