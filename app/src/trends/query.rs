//! The filters of incident measures as they stand in the URL, and links to the lists of what is counted.

use chrono::{DateTime, Utc};
use domain::incidents::{Nature, Severity};
use domain::trends::{Against, Period, Span};
use domain::vocabulary::Tag;
use domain::{ServiceId, TeamId};
use serde::Deserialize;
use store::trends::Filter;

/// Months looked at when nothing is asked.
const USUAL_MONTHS: usize = 12;
/// Most months of one look: five years.
const MOST_MONTHS: usize = 60;

/// As the URL has it; what cannot be read does not filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TrendsQuery {
    /// What it was, `near-miss`; `any` counts all. Incidents alone where it is left out.
    pub nature: String,
    /// What to compare with: `before`, `year`.
    pub compare: String,
    /// First month, `2026-01`.
    pub from: String,
    /// Last month.
    pub to: String,
    /// A team's id.
    pub team: String,
    /// A service's id.
    pub service: String,
    /// `SEV2`.
    pub severity: String,
    /// A tag of contributing factors.
    pub factor: String,
}

/// Counts all natures, in a URL.
pub const ANY: &str = "any";

impl TrendsQuery {
    /// What the count is to be compared with.
    pub fn against(&self) -> Option<Against> {
        Against::ALL.into_iter().find(|against| against.slug() == self.compare)
    }

    /// What is counted: by default the last twelve months up to this one.
    pub fn filter(&self, now: DateTime<Utc>) -> Filter {
        let month = |text: &str| text.trim().parse::<Period>().ok().filter(|p| p.span() == Span::Month);
        // Typed the wrong way round, it is plain what was meant.
        let (from, to) = match (month(&self.from), month(&self.to)) {
            (Some(from), Some(to)) if from > to => (Some(to), Some(from)),
            as_typed => as_typed,
        };
        let to = to.unwrap_or_else(|| Period::month_of(now.date_naive()));
        let back = |months: usize| std::iter::successors(Some(to), |m| Some(m.previous())).nth(months - 1).unwrap_or(to);
        let from = from.unwrap_or_else(|| back(USUAL_MONTHS)).min(to).max(back(MOST_MONTHS));
        let nature = Nature::ALL.into_iter().find(|nature| nature.slug() == self.nature);
        Filter {
            from,
            to,
            nature: nature.or((self.nature != ANY).then_some(Nature::Incident)),
            team: self.team.parse().ok().map(TeamId),
            service: self.service.parse().ok().map(ServiceId),
            severity: Severity::parse(&self.severity).ok(),
            factor: Tag::parse(&self.factor),
        }
    }
}

/// `from=…&to=…` and whatever else the filter holds, of a page of trends: incidents alone are what it counts unasked.
pub fn address(path: &str, filter: &Filter) -> String {
    let nature = match filter.nature {
        Some(Nature::Incident) => None,
        Some(nature) => Some(nature.slug()),
        None => Some(ANY),
    };
    with_pairs(path, filter, nature)
}

/// The list of exactly what the filter counts: unasked it shows all natures.
pub fn listing(filter: &Filter) -> String {
    with_pairs("/incidents", filter, filter.nature.map(Nature::slug))
}

fn with_pairs(path: &str, filter: &Filter, nature: Option<&str>) -> String {
    let mut pairs = vec![format!("from={}", filter.from), format!("to={}", filter.to)];
    pairs.extend(nature.map(|nature| format!("nature={nature}")));
    pairs.extend(filter.team.map(|team| format!("team={team}")));
    pairs.extend(filter.service.map(|service| format!("service={service}")));
    pairs.extend(filter.severity.map(|severity| format!("severity={}", severity.label())));
    pairs.extend(filter.factor.as_ref().map(|tag| format!("factor={tag}")));
    format!("{path}?{}", pairs.join("&"))
}

/// The list of exactly those incidents that started in a period, under the filter.
pub fn listed(filter: &Filter, period: Period) -> String {
    let (first, last) = ends(period);
    listing(&Filter { from: first.max(filter.from), to: last.min(filter.to), ..filter.clone() })
}

/// The list of exactly those reviewed incidents under the filter that name a factor; a filter by another one stays.
pub fn with_factor(filter: &Filter, factor: &Tag) -> String {
    let also = filter.factor.as_ref().filter(|asked| *asked != factor).map(|asked| format!("&with={asked}")).unwrap_or_default();
    format!("{}&state=published{also}", listing(&Filter { factor: Some(factor.clone()), ..filter.clone() }))
}

/// The whole list of a period: all that people measures may link to.
pub fn whole_list(period: Period) -> String {
    let (first, last) = ends(period);
    format!("/incidents?from={first}&to={last}")
}

fn ends(period: Period) -> (Period, Period) {
    let first = period.months().next().unwrap_or(period);
    (first, period.months().last().unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn filter(from: &str, to: &str) -> Filter {
        TrendsQuery { from: from.into(), to: to.into(), ..TrendsQuery::default() }.filter(at())
    }

    #[test]
    fn without_a_wish_the_last_twelve_months_are_counted() {
        let usual = filter("", "");
        assert_eq!((usual.from.to_string(), usual.to.to_string()), ("2025-12".into(), "2026-11".into()));
    }

    #[test]
    fn a_wish_is_kept_within_reason() {
        let asked = |from, to| {
            let f = filter(from, to);
            (f.from.to_string(), f.to.to_string())
        };
        assert_eq!(asked("2026-01", "2026-03"), ("2026-01".into(), "2026-03".into()));
        assert_eq!(asked("2026-09", "2026-03"), ("2026-03".into(), "2026-09".into()));
        assert_eq!(asked("1980-01", "2026-12"), ("2022-01".into(), "2026-12".into()));
        assert_eq!(asked("soon", "2026-Q3"), ("2025-12".into(), "2026-11".into()));
    }

    #[test]
    fn incidents_alone_are_counted_unless_something_else_is_asked_for() {
        let asked = |nature: &str| TrendsQuery { nature: nature.into(), ..TrendsQuery::default() }.filter(at());
        assert_eq!(asked("").nature, Some(Nature::Incident));
        assert_eq!(asked("nonsense").nature, Some(Nature::Incident));
        assert_eq!(asked("near-miss").nature, Some(Nature::NearMiss));
        assert_eq!(asked("any").nature, None);
        // A page of trends and the list begin from different ends: both addresses say what they must.
        let months = "from=2025-12&to=2026-11";
        for (nature, trends, list) in [
            ("", String::new(), "&nature=incident"),
            ("near-miss", "&nature=near-miss".to_owned(), "&nature=near-miss"),
            ("any", "&nature=any".to_owned(), ""),
        ] {
            assert_eq!(address("/trends", &asked(nature)), format!("/trends?{months}{trends}"));
            assert_eq!(listing(&asked(nature)), format!("/incidents?{months}{list}"));
        }
    }

    #[test]
    fn links_carry_the_filter_and_only_for_incident_measures() {
        let f = Filter { severity: Some(Severity::Sev1), ..filter("2026-02", "2026-11") };
        assert_eq!(
            listed(&f, Period::month(2026, 3).unwrap()),
            "/incidents?from=2026-03&to=2026-03&nature=incident&severity=SEV1"
        );
        assert_eq!(
            listed(&f, Period::quarter(2026, 1).unwrap()),
            "/incidents?from=2026-02&to=2026-03&nature=incident&severity=SEV1"
        );
        assert_eq!(
            with_factor(&f, &Tag::parse("alerting").unwrap()),
            "/incidents?from=2026-02&to=2026-11&nature=incident&severity=SEV1&factor=alerting&state=published"
        );
        let service = ServiceId(uuid::Uuid::from_u128(7));
        let f = Filter { service: Some(service), ..filter("2026-02", "2026-11") };
        let march = listed(&f, Period::month(2026, 3).unwrap());
        assert_eq!(march, format!("/incidents?from=2026-03&to=2026-03&nature=incident&service={service}"));
        assert_eq!(whole_list(Period::quarter(2026, 3).unwrap()), "/incidents?from=2026-07&to=2026-09");
    }
}
