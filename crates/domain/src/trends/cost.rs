//! What a minute of incident time costs, by one rate for the whole organisation: hours that were told of times the rate, over the minutes in
//! which anything was going on. Never by person and never by incident (research/practice.md 7.1).

/// Minutes in which at least one of these was going on: `(begin, end)` in minutes of any common origin. What ends before it begins counts
/// nothing.
pub fn minutes_of_any(spans: impl IntoIterator<Item = (i64, i64)>) -> i64 {
    let mut spans: Vec<(i64, i64)> = spans.into_iter().filter(|(begin, end)| begin < end).collect();
    spans.sort_unstable();
    let (mut all, mut covered) = (0, i64::MIN);
    for (begin, end) in spans {
        all += (end - begin.max(covered)).max(0);
        covered = covered.max(end);
    }
    all
}

/// What people's work costs, in the unit of the rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// In all.
    pub total: f64,
    /// For each minute in which an incident was going on; `None` where there was none.
    pub per_minute: Option<f64>,
}

/// `minutes` of people's work at `rate` an hour, over `incident_minutes` in which an incident was going on.
pub fn cost(minutes: i64, rate: i64, incident_minutes: i64) -> Cost {
    let total = minutes as f64 / 60.0 * rate as f64;
    Cost { total, per_minute: (incident_minutes > 0).then(|| total / incident_minutes as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_two_incidents_is_one_minute() {
        assert_eq!(minutes_of_any([(0, 60), (30, 90)]), 90);
        assert_eq!(minutes_of_any([(200, 210), (0, 60), (10, 20), (60, 70)]), 80);
        assert_eq!(minutes_of_any([(5, 5), (9, 3)]), 0);
        assert_eq!(minutes_of_any([]), 0);
    }

    #[test]
    fn a_slow_count_minute_by_minute_agrees() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 33) % below).unwrap()
        };
        for _ in 0..200 {
            let spans: Vec<(i64, i64)> = (0..next(8)).map(|_| (next(50), next(50))).collect();
            let slow = (0..50).filter(|minute| spans.iter().any(|(begin, end)| begin <= minute && minute < end)).count();
            assert_eq!(minutes_of_any(spans.clone()), i64::try_from(slow).unwrap(), "{spans:?}");
        }
    }

    #[test]
    fn six_people_for_an_hour_cost_six_hours() {
        assert_eq!(cost(360, 95, 60), Cost { total: 570.0, per_minute: Some(9.5) });
        assert_eq!(cost(360, 95, 0).per_minute, None);
    }
}
