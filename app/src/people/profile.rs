//! One's own profile: name, zone, working hours, light or dark.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::TextField;
use axum::response::Response;
use domain::people::Theme;
use domain::walltime::{self, WorkPattern};
use domain::{Invalid, walltime::parse_clock};
use leptos::prelude::*;
use serde::Deserialize;
use store::people::{self, Profile};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

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

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let profile = people::profile(ctx.store(), ctx.viewer()?).await?;
    let pattern = &profile.pattern;
    let typed = ProfileFields {
        name: profile.name.clone(),
        zone: profile.zone.clone(),
        starts: pattern.start.format("%H:%M").to_string(),
        ends: pattern.end.format("%H:%M").to_string(),
        days: (0..7).filter(|day| pattern.days[*day]).map(|day| day.to_string()).collect(),
    };
    Ok(draw(&ctx, profile, Form::new(typed)))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<ProfileFields>) -> Result<Response, AppError> {
    let viewer = ctx.viewer()?;
    let refused = match pattern(&typed) {
        Err(invalid) => invalid,
        Ok(pattern) => match people::save_profile(ctx.store(), viewer, &typed.name, &typed.zone, &pattern).await {
            Ok(()) => return Ok(see_and_say("/profile", "saved")),
            Err(store::StoreError::Invalid(invalid)) => invalid,
            Err(other) => return Err(other.into()),
        },
    };
    let profile = people::profile(ctx.store(), viewer).await?;
    Ok(draw(&ctx, profile, Form::refused(typed, refused)))
}

fn pattern(typed: &ProfileFields) -> Result<WorkPattern, Invalid> {
    let mut invalid = Invalid::default();
    let mut clock = |field: &str, text: &str| match parse_clock(text) {
        Ok(time) => Some(time),
        Err(_) => {
            invalid.add(field, "Please write a time such as 09:00.");
            None
        }
    };
    let (start, end) = (clock("starts", &typed.starts), clock("ends", &typed.ends));
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        invalid.add("ends", "The working day ends before it begins. Please look at both times.");
    }
    invalid.or_ok()?;
    Ok(WorkPattern {
        start: start.unwrap_or_default(),
        end: end.unwrap_or_default(),
        days: std::array::from_fn(|day| typed.days.contains(&day.to_string())),
    })
}

fn draw(ctx: &Ctx, profile: Profile, form: Form<ProfileFields>) -> Response {
    let head = Head::new("Your profile", Nav::None).refused(&form.invalid);
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
                <li><a href="/profile/reads"><b>"Who has read my answers"</b><small>"Each read by a facilitator, with its time."</small></a></li>
                <li><a href="/quotes"><b>"Quotes of mine"</b><small>"Right, change or leave out."</small></a></li>
            </ul>
            <div class="cols cols-2 mt8">
                {fields(form)}
                {looks(profile.theme)}
            </div>
        }
    })
}

fn fields(form: Form<ProfileFields>) -> impl IntoView {
    let (name, zone) = (form.error("name"), form.error("zone"));
    let (starts, ends) = (form.error("starts"), form.error("ends"));
    let typed = form.typed;
    view! {
        <form class="card stack" method="post" action="/profile">
            <h2>"Name and working hours"</h2>
            <TextField name="name" label="Name" value=typed.name error=name autocomplete="name"/>
            <TextField
                name="zone" label="Time zone" value=typed.zone error=zone list="zones"
                hint="Pages tell times in it. Each stretch of work keeps the zone it was worked in."
            />
            <datalist id="zones">{walltime::zones().into_iter().map(|z| view! { <option value=z></option> }).collect_view()}</datalist>
            <div class="fields">
                <TextField name="starts" label="Working day begins" value=typed.starts error=starts/>
                <TextField name="ends" label="and ends" value=typed.ends error=ends/>
            </div>
            <fieldset class="stack stack-tight">
                <legend class="label">"Working days"</legend>
                <div class="picks">
                    {DAYS
                        .into_iter()
                        .enumerate()
                        .map(|(day, name)| {
                            let checked = typed.days.contains(&day.to_string());
                            view! { <label class="pick"><input type="checkbox" name="days" value=day.to_string() checked=checked/>{name}</label> }
                        })
                        .collect_view()}
                </div>

            </fieldset>
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
