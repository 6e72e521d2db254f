//! Lists of what is counted by days, by two factors, by the part that one played: what the filter's months alone do not say.

use super::query::listing;
use chrono::NaiveDate;
use domain::learnings::Marked;
use domain::reviews::SectionKind;
use domain::vocabulary::Tag;
use store::trends::Filter;

/// Reviewed incidents of these days, the last one included, that name a factor.
pub fn of_days(filter: &Filter, (from, last): (NaiveDate, NaiveDate), factor: &Tag) -> String {
    let all = listing(&Filter { factor: Some(factor.clone()), ..filter.clone() });
    // The months stand first.
    let rest = all.splitn(3, '&').nth(2).map(|rest| format!("&{rest}")).unwrap_or_default();
    format!("/incidents?from={from}&to={last}{rest}&state=published")
}

/// Reviewed incidents that name both factors.
pub fn of_both(filter: &Filter, one: &Tag, other: &Tag) -> String {
    let filter = Filter { factor: Some(one.clone()), ..filter.clone() };
    format!("{}&with={other}&state=published", listing(&filter))
}

/// Reviewed incidents with a factor that is marked so, of a tag or of any.
pub fn marked(filter: &Filter, mark: Marked, tag: Option<&Tag>) -> String {
    let filter = Filter { factor: tag.cloned(), ..filter.clone() };
    format!("{}&as={}&state=published", listing(&filter), mark.slug())
}

/// Reviewed incidents whose story has words in a section.
pub fn that_tell(filter: &Filter, section: SectionKind) -> String {
    format!("{}&tells={}", listing(filter), section.slug())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trends::query::TrendsQuery;
    use domain::learnings::Usual;

    #[test]
    fn a_list_says_all_that_it_counts() {
        let query =
            TrendsQuery { from: "2026-01".into(), to: "2026-11".into(), severity: "SEV2".into(), ..TrendsQuery::default() };
        let filter = query.filter("2026-11-23T10:00:00Z".parse().unwrap());
        let tag = |slug: &str| Tag::parse(slug).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            of_days(&filter, (day("2026-06-04"), day("2026-11-30")), &tag("alerting")),
            "/incidents?from=2026-06-04&to=2026-11-30&nature=incident&severity=SEV2&factor=alerting&state=published"
        );
        assert_eq!(
            of_both(&filter, &tag("alerting"), &tag("capacity")),
            "/incidents?from=2026-01&to=2026-11&nature=incident&severity=SEV2&factor=alerting&with=capacity&state=published"
        );
        assert_eq!(
            marked(&filter, Marked::Usually(Usual::Normal), Some(&tag("alerting"))),
            "/incidents?from=2026-01&to=2026-11&nature=incident&severity=SEV2&factor=alerting&as=normal&state=published"
        );
        assert_eq!(
            that_tell(&filter, SectionKind::Surprised),
            "/incidents?from=2026-01&to=2026-11&nature=incident&severity=SEV2&tells=surprised"
        );
    }
}
