//! Pages of one team and of one service: what happened there, and what was learned. Incident measures alone, and no two of them beside
//! each other.

mod index;
mod page;

pub(super) use index::{services, teams};
pub(super) use page::{service, team};

use crate::ctx::Ctx;
use domain::rights::{Right, Standing, may};
use domain::{ServiceId, TeamId};
use leptos::prelude::*;

/// Where the page of a team is.
pub fn of_team(team: TeamId) -> String {
    format!("/teams/{team}")
}

/// Where the page of a service is.
pub fn of_service(service: ServiceId) -> String {
    format!("/services/{service}")
}

/// The name of a team or service, which leads to its page for who sees trends.
#[component]
pub fn PlaceLink(#[prop(into)] href: String, #[prop(into)] name: String) -> impl IntoView {
    let viewer = expect_context::<Ctx>().viewer;
    if viewer.is_some_and(|viewer| may(Right::SeeTrends, &Standing::of(&viewer))) {
        view! { <a href=href>{name}</a> }.into_any()
    } else {
        name.into_any()
    }
}
