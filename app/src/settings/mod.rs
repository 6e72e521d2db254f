//! Settings, for administrators: people, teams, services, severities, holidays, review settings, what mail says. No content of
//! anybody's is read here.

mod account;
mod account_form;
mod frame;
mod holidays;
mod holidays_page;
mod hooks;
mod letters;
mod newcomers;
mod numbers;
mod people;
mod pulse;
mod questions;
mod ready;
mod reminders;
mod services;
mod severities;
mod teams;
mod writing;

pub use frame::{ROOMS, SettingsFrame};
pub(crate) use ready::{ready_link, ready_words};

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::see;
use crate::table::Routes;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::response::Response;
use domain::rights::Right;

async fn front(ctx: Ctx) -> Result<Response, AppError> {
    ctx.viewer()?;
    Ok(see(ROOMS[0].0))
}

/// This room's endpoints.
pub fn routes() -> Routes {
    let administer = Right::Administer;
    Routes::default()
        .get("/settings", administer, front)
        .get("/settings/people", administer, people::list)
        .get("/settings/people/invite", administer, account::new)
        .post("/settings/people/invite", administer, account::invite)
        .get("/settings/people/{person}", administer, account::show)
        .post("/settings/people/{person}", administer, account::save)
        .post("/settings/people/{person}/link", administer, account::make_link)
        .get("/settings/people/{person}/deactivate", administer, account::confirm)
        .post("/settings/people/{person}/deactivate", administer, account::deactivate)
        .post("/settings/people/{person}/reactivate", administer, account::reactivate)
        .get("/settings/teams", administer, teams::list)
        .post("/settings/teams", administer, teams::add)
        .post("/settings/teams/{team}", administer, teams::rename)
        .post("/settings/teams/{team}/away", administer, teams::put_away)
        .get("/settings/services", administer, services::list)
        .post("/settings/services", administer, services::add)
        .get("/settings/services/{service}", administer, services::show)
        .post("/settings/services/{service}", administer, services::change)
        .post("/settings/services/{service}/away", administer, services::put_away)
        .get("/settings/severities", administer, severities::show)
        .post("/settings/severities", administer, severities::save)
        .get("/settings/holidays", administer, holidays::list)
        .post("/settings/holidays", administer, holidays::add)
        .get("/settings/holidays/{calendar}", administer, holidays::show)
        .post("/settings/holidays/{calendar}", administer, holidays::rename)
        .post("/settings/holidays/{calendar}/import", administer, holidays::import.layer(DefaultBodyLimit::max(holidays::BODY)))
        .post("/settings/holidays/{calendar}/days", administer, holidays::put_day)
        .post("/settings/holidays/{calendar}/days/remove", administer, holidays::remove_day)
        .post("/settings/holidays/{calendar}/team", administer, holidays::put_team_on)
        .post("/settings/holidays/{calendar}/remove", administer, holidays::remove)
        .get("/settings/questions", administer, questions::list)
        .post("/settings/questions/take-in", administer, questions::take_in.layer(DefaultBodyLimit::max(questions::BODY)))
        .get("/settings/questions/usual", administer, questions::usual::show)
        .post("/settings/questions/usual", administer, questions::usual::save)
        .get("/settings/questions/{set}", administer, questions::set::show)
        .post("/settings/questions/{set}", administer, questions::set::save)
        .post("/settings/questions/{set}/arrange", administer, questions::set::arrange)
        .post("/settings/questions/{set}/copy", administer, questions::copy)
        .get("/settings/questions/{set}/set.json", administer, questions::download)
        .post("/settings/questions/{set}/publish", administer, questions::set::publish)
        .post("/settings/questions/{set}/retire", administer, questions::set::retire)
        .get("/settings/questions/{set}/{place}", administer, questions::one::show)
        .post("/settings/questions/{set}/{place}", administer, questions::one::save)
        .get("/settings/hooks", administer, hooks::list)
        .post("/settings/hooks", administer, hooks::add)
        .get("/settings/hooks/{hook}", administer, hooks::show)
        .post("/settings/hooks/{hook}/retire", administer, hooks::retire)
        .post("/settings/hooks/{hook}/deliveries/{delivery}/replay", administer, hooks::replay)
        .get("/settings/review", administer, numbers::show)
        .post("/settings/review", administer, numbers::save)
        .get("/settings/writing", administer, writing::show)
        .post("/settings/writing", administer, writing::save)
        .post("/settings/writing/rules", administer, writing::save_rules)
        .get("/settings/pulse", administer, pulse::show)
        .post("/settings/pulse", administer, pulse::save)
        .get("/settings/newcomers", administer, newcomers::show)
        .post("/settings/newcomers", administer, newcomers::save)
        .get("/settings/mail", administer, letters::list)
        .post("/settings/mail", administer, reminders::save)
        .get("/settings/mail/{letter}", administer, letters::show)
        .post("/settings/mail/{letter}", administer, letters::save)
}
