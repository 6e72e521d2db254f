//! Old addresses of an incident that was merged into another one: every page of it leads to the same page of the other.

use crate::ctx::Ctx;
use crate::form::see;
use axum::response::Response;
use domain::incidents::IncidentKey;

/// Pages that ask whether the incident itself should go: they are about no other one.
const STAY: [&str; 2] = ["delete", "merge"];

/// The way on from an address where nothing is, for who may see where it lives on.
pub(crate) async fn lives_on(ctx: &Ctx) -> Option<Response> {
    let (key, rest) = old(&ctx.path)?;
    let into = store::trash::merged_into(ctx.store(), ctx.viewer.as_ref()?, key, ctx.now).await.ok()??;
    Some(see(&format!("/incidents/{into}{rest}")))
}

/// The key of an incident's address, and what stands behind it.
fn old(path: &str) -> Option<(IncidentKey, &str)> {
    let path = path.strip_prefix("/incidents/")?;
    let (key, rest) = path.split_at(path.find(['/', '?']).unwrap_or(path.len()));
    let page = rest.trim_start_matches('/').split('?').next().unwrap_or_default();
    if STAY.contains(&page) { None } else { Some((key.parse().ok()?, rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_address_keeps_its_page_and_its_query() {
        let rest = |path| old(path).map(|(key, rest)| (key.0, rest));
        assert_eq!(rest("/incidents/INC-2"), Some((2, "")));
        assert_eq!(rest("/incidents/INC-2?pane=raw"), Some((2, "?pane=raw")));
        assert_eq!(rest("/incidents/INC-2/review/summary?a=b"), Some((2, "/review/summary?a=b")));
        for other in ["/incidents", "/incidents/new", "/incidents/INC-2/delete", "/incidents/INC-2/merge?into=1", "/trash/INC-2"]
        {
            assert_eq!(rest(other), None, "{other}");
        }
    }
}
