//! What the address of the search asks for.

use crate::form::encode;
use crate::incidents::days;
use domain::incidents::Severity;
use domain::search::Kind;
use domain::{ServiceId, TeamId};
use serde::Deserialize;
use store::search::Look;

/// As typed; what cannot be read does not filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) q: String,
    /// Which kind is shown; empty: the first that has something.
    #[serde(rename = "in")]
    pub(super) among: String,
    pub(super) team: String,
    pub(super) severity: String,
    pub(super) service: String,
    /// The thing's own kind.
    pub(super) kind: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) after: String,
}

impl Query {
    /// The kind that was chosen.
    pub(super) fn chosen(&self) -> Option<Kind> {
        Kind::from_slug(&self.among)
    }

    /// What to look for; of their own kinds each kind of thing has others, so those hold where they were chosen.
    pub(super) fn look(&self) -> Look {
        Look {
            text: self.q.clone(),
            team: self.team.parse().ok().map(TeamId),
            severity: Severity::parse(&self.severity).ok(),
            service: self.service.parse().ok().map(ServiceId),
            label: self.kind.clone(),
            from: days(&self.from).map(|(first, _)| first),
            until: days(&self.to).map(|(_, after)| after),
            after: (!self.after.is_empty()).then(|| self.after.clone()),
        }
    }

    /// How many filters are on.
    pub(super) fn filters(&self) -> usize {
        [&self.team, &self.severity, &self.service, &self.kind, &self.from, &self.to]
            .iter()
            .filter(|v| !v.trim().is_empty())
            .count()
    }

    /// The address of these words and filters in another kind, where `after` of this one may go on.
    pub(super) fn address(&self, kind: Kind, after: Option<&str>) -> String {
        let own = if self.chosen().is_none_or(|chosen| chosen == kind) { self.kind.as_str() } else { "" };
        let pairs = [
            ("q", self.q.as_str()),
            ("in", kind.slug()),
            ("team", &self.team),
            ("severity", &self.severity),
            ("service", &self.service),
            ("kind", own),
            ("from", &self.from),
            ("to", &self.to),
            ("after", after.unwrap_or_default()),
        ];
        let query: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        format!("/search?{}", query.join("&"))
    }
}
