//! How long incidents lasted: a dot for each on a logarithmic axis, with the median, its interval and the middle half where there are enough to say.

use super::scale::{Durations, lasting, percent, pixels};
use domain::trends::{Quartiles, TooFew};
use leptos::prelude::*;

/// Height of a quarter's row.
const ROW: f64 = 44.0;
/// Height of the axis under the rows.
const AXIS: f64 = 24.0;
/// Where the axis begins and ends, in percent: names of the rows stand before it, the last mark needs room for its words.
const LEFT: f64 = 18.0;
const RIGHT: f64 = 97.0;
/// More dots than this in a row cover each other, and nobody tabs through them: then quartiles alone are drawn.
pub const MOST_DOTS: usize = 120;

/// One incident.
#[derive(Clone, Debug, PartialEq)]
pub struct StripDot {
    /// Its key.
    pub key: String,
    /// How long it lasted.
    pub minutes: f64,
    /// Its page.
    pub link: String,
}

/// One period.
#[derive(Clone, Debug, PartialEq)]
pub struct StripRow {
    /// "Q3 2026".
    pub label: String,
    /// How many incidents with an end it has.
    pub incidents: usize,
    /// These incidents; none need to come where they are more than [`MOST_DOTS`].
    pub dots: Vec<StripDot>,
    /// Their middle, or too few to say.
    pub quartiles: Result<Quartiles, TooFew>,
    /// The list of the period's incidents.
    pub link: String,
}

/// Rows of dots; each opens its incident.
#[component]
pub fn StripChart(rows: Vec<StripRow>) -> impl IntoView {
    let scale = Durations::spanning(rows.iter().flat_map(|r| r.dots.iter().map(|d| d.minutes)));
    let x = {
        let scale = scale.clone();
        move |minutes: f64| LEFT + scale.part(minutes) * (RIGHT - LEFT)
    };
    let base = rows.len() as f64 * ROW;
    let marks = scale.marks();
    let ends = marks.len().saturating_sub(1);
    let axis = marks.into_iter().enumerate().map(|(n, (minutes, name))| {
        // On a phone every second name is enough.
        let class = if (ends - n).is_multiple_of(2) { "m" } else { "m wide" };
        view! {
            <line class="grid" x1=percent(x(minutes)) x2=percent(x(minutes)) y1="0" y2=pixels(base)></line>
            <text class=class x=percent(x(minutes)) y=pixels(base + 18.0)>{name}</text>
        }
    });
    let axis = axis.collect_view();
    let drawn = rows.into_iter().enumerate().map(|(n, row)| draw(row, n as f64 * ROW, &x)).collect_view();
    view! {
        <svg class="plot" height=pixels(base + AXIS) role="group" aria-label="Durations by quarter, on a logarithmic axis">{axis}{drawn}</svg>
    }
}

fn draw(row: StripRow, top: f64, x: &dyn Fn(f64) -> f64) -> impl IntoView + use<> {
    let n = row.incidents;
    let words = match &row.quartiles {
        Ok(q) => format!(
            "{}: {n} incidents with an end, half of them between {} and {}; median {}, 95 % interval {} to {}. Opens the whole list of the quarter",
            row.label,
            lasting(q.lower),
            lasting(q.upper),
            lasting(q.median),
            lasting(q.median_interval.0),
            lasting(q.median_interval.1)
        ),
        Err(_) => format!("{}: {n} incidents with an end, too few to say. Opens the whole list of the quarter", row.label),
    };
    let band = row.quartiles.ok().map(|q| {
        let (left, middle, width) = (x(q.lower), x(q.median), (x(q.upper) - x(q.lower)).max(0.4));
        view! {
            <rect class="whisk-band" x=percent(left) y=pixels(top + 11.0) width=percent(width) height="22" rx="3"></rect>
            <line class="whisk" x1=percent(x(q.median_interval.0)) x2=percent(x(q.median_interval.1)) y1=pixels(top + 22.0) y2=pixels(top + 22.0)></line>
            <line class="whisk" stroke-width="2.5" x1=percent(middle) x2=percent(middle) y1=pixels(top + 10.0) y2=pixels(top + 34.0)></line>
        }
    });
    let dots = if n > MOST_DOTS { Vec::new() } else { row.dots };
    let dots = dots.into_iter().enumerate().map(|(n, dot)| {
        // Two lanes, so that neighbours do not cover each other.
        let y = top + if n % 2 == 0 { 26.0 } else { 18.0 };
        let aria = format!("{}, {}", dot.key, lasting(dot.minutes));
        view! {
            <a href=dot.link aria-label=aria>
                <circle class="f3" cx=percent(x(dot.minutes)) cy=pixels(y) r="5" fill-opacity=".82"></circle>
            </a>
        }
    });
    let dots = dots.collect_view();
    view! {
        <a href=row.link aria-label=words>
            <rect x="0" y=pixels(top + 8.0) width=percent(LEFT - 2.0) height="34" fill="transparent"></rect>
            <text class="ink" x="0" y=pixels(top + 20.0)>{row.label}</text>
            <text x="0" y=pixels(top + 36.0)>{format!("n = {n}")}</text>
        </a>
        {band}
        {dots}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::quartiles;

    fn row(minutes: &[f64]) -> StripRow {
        StripRow {
            label: "Q3 2026".into(),
            incidents: minutes.len(),
            quartiles: quartiles(minutes),
            dots: minutes
                .iter()
                .enumerate()
                .map(|(n, m)| StripDot { key: format!("INC-{n}"), minutes: *m, link: format!("/incidents/INC-{n}") })
                .collect(),
            link: "/incidents".into(),
        }
    }

    #[test]
    fn every_incident_is_a_dot_and_a_link() {
        let html = view! { <StripChart rows=vec![row(&[10.0, 45.0, 300.0])]/> }.to_html();
        assert_eq!(html.matches("<circle").count(), 3);
        assert!(html.contains("aria-label=\"INC-1, 45 min\"") && html.contains("href=\"/incidents/INC-2\""), "{html}");
    }

    #[test]
    fn a_median_is_drawn_from_six_incidents_on_and_not_before() {
        let five = view! { <StripChart rows=vec![row(&[10.0, 20.0, 30.0, 40.0, 50.0])]/> }.to_html();
        assert!(!five.contains("whisk") && five.contains("too few to say"), "{five}");
        let six = view! { <StripChart rows=vec![row(&[10.0, 20.0, 30.0, 40.0, 50.0, 60.0])]/> }.to_html();
        assert!(six.contains("whisk-band") && six.contains("half of them between 23 min and 48 min"), "{six}");
    }

    #[test]
    fn dots_lie_between_the_axis_ends_and_very_many_give_way_to_quartiles() {
        let minutes: Vec<f64> = (0..400).map(|n| f64::from(n) * 37.0 % 3000.0).collect();
        let many = view! { <StripChart rows=vec![row(&minutes)]/> }.to_html();
        assert!(!many.contains("<circle") && many.contains("whisk-band"));
        let left_out = StripRow { dots: Vec::new(), ..row(&minutes) };
        let many = view! { <StripChart rows=vec![left_out]/> }.to_html();
        assert!(many.contains("n = 400") && many.contains("400 incidents with an end"), "{many}");
        let some = view! { <StripChart rows=vec![row(&minutes[..100])]/> }.to_html();
        for part in some.split("cx=\"").skip(1) {
            let x: f64 = part.split('%').next().unwrap().parse().unwrap();
            assert!((LEFT..=RIGHT).contains(&x), "{x}");
        }
    }
}
