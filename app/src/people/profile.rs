//! One's own profile: name, zone, working hours, light or dark.

use super::{HoursFields, WorkHours};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::TextField;
use axum::response::Response;
use domain::people::Theme;
use leptos::prelude::*;
use serde::Deserialize;
use store::people::{self, Profile};

/// What the profile form posts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileFields {
    name: String,
    zone: String,
    starts: String,
    ends: String,
    days: Vec<String>,
}

impl ProfileFields {
    fn hours(&self) -> HoursFields {
        let this = self.clone();
        HoursFields { zone: this.zone, starts: this.starts, ends: this.ends, days: this.days }
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let profile = people::profile(ctx.store(), ctx.viewer()?).await?;
    let HoursFields { zone, starts, ends, days } = HoursFields::of(&profile.zone, &profile.pattern);
    let typed = ProfileFields { name: profile.name.clone(), zone, starts, ends, days };
    Ok(draw(&ctx, profile, Form::new(typed)))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<ProfileFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let refused = match typed.hours().pattern() {
        Err(invalid) => invalid,
        Ok(pattern) => match people::save_profile(ctx.store(), viewer, &typed.name, &typed.zone, &pattern, ctx.now).await {
            Ok(()) => return Ok(see_and_say("/profile", "saved")),
            Err(store::StoreError::Invalid(invalid)) => invalid,
            Err(other) => return Err(other.into()),
        },
    };
    let profile = people::profile(ctx.store(), viewer).await?;
    Ok(draw(&ctx, profile, Form::refused(typed, refused)))
}

fn draw(ctx: &Ctx, profile: Profile, form: Form<ProfileFields>) -> Response {
    let head = Head::new("Your profile", Nav::None).refused(&form.invalid);
    let administrator = ctx.viewer.as_ref().is_some_and(|v| v.administrator);
    shell::page(ctx, head, move || {
        view! {
            <div class="page-head">
                <div>
                    <h1>"Your profile"</h1>
                    <p>{[profile.email.clone(), profile.team.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
                </div>
                <form method="post" action="/sign-out"><button class="btn">"Sign out"</button></form>
            </div>
            <ul class="help-list">
                <li><a href="/profile/hours"><b>"Your hours"</b><small>"What incidents asked of you. Nobody else sees this page."</small></a></li>
                <li><a href="/pulse"><b>"Your pulse"</b><small>"A voluntary check-in, your last four weeks, whom to turn to. Only you see this page."</small></a></li>
                <li><a href="/profile/reads"><b>"Who has read my answers"</b><small>"Each read by a facilitator, with its time."</small></a></li>
                <li><a href="/profile/password"><b>"Your password"</b><small>"Change it; every other session ends."</small></a></li>
                <li><a href="/profile/sessions"><b>"Where you are signed in"</b><small>"Sign out of one device, or everywhere."</small></a></li>
                <li><a href="/profile/feed"><b>"A feed of published reviews"</b><small>"An address of your own for a feed reader."</small></a></li>
                <li><a href="/profile/letters"><b>"Letters that you get"</b><small>"New stories, stories of a year ago, what you take care of."</small></a></li>
                <li><a href="/quotes"><b>"Quotes of mine"</b><small>"Right, change or leave out."</small></a></li>
                <li><a href="/profile/data"><b>"What is kept about you"</b><small>"Take it with you, erase it, or leave."</small></a></li>
                {administrator.then(|| view! {
                    <li><a href="/admin/retention"><b>"Retention"</b><small>"How long words are kept, and that the daily run ran."</small></a></li>
                })}
            </ul>
            <div class="cols cols-2 mt8">
                {fields(form)}
                {looks(profile.theme)}
            </div>
        }
    })
}

fn fields(form: Form<ProfileFields>) -> impl IntoView {
    let name = form.error("name");
    let hours = Form { typed: form.typed.hours(), invalid: form.invalid };
    let typed = form.typed;
    view! {
        <form class="card stack" method="post" action="/profile">
            <h2>"Name and working hours"</h2>
            <TextField name="name" label="Name" value=typed.name error=name autocomplete="name"/>
            <WorkHours form=hours/>
            <button class="btn btn-primary">"Save"</button>
        </form>
    }
}

fn looks(chosen: Theme) -> impl IntoView {
    let pick = move |theme: Theme, name: &'static str| {
        view! {
            <label class="pick"><input type="radio" name="theme" value=theme.slug() checked=theme == chosen/>{name}</label>
        }
    };
    view! {
        <form class="card stack" id="looks" method="post" action="/profile/looks">
            <h2>"Light or dark"</h2>
            <fieldset class="stack stack-tight">
                <legend class="vh">"Light or dark"</legend>
                <div class="picks">
                    {pick(Theme::System, "As my device")}
                    {pick(Theme::Light, "Light")}
                    {pick(Theme::Dark, "Dark")}
                </div>
            </fieldset>
            <button class="btn">"Save"</button>
        </form>
    }
}

/// What the colours form posts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LooksFields {
    theme: String,
}

pub(super) async fn save_looks(ctx: Ctx, Posted(typed): Posted<LooksFields>) -> Result<Response, AppError> {
    people::save_theme(ctx.store(), ctx.viewer()?, Theme::from_slug(&typed.theme)).await?;
    Ok(see_and_say("/profile#looks", "saved"))
}
