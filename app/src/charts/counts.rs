//! Incidents by month: bars with whiskers that say how little a small number tells.

use super::scale::{Linear, label_every, percent, pixels};
use leptos::prelude::*;

const HEIGHT: f64 = 236.0;
const TOP: f64 = 22.0;
const BASE: f64 = 212.0;
const LEFT: f64 = 7.0;
const BAR: f64 = 0.62;

/// One month.
#[derive(Clone, Debug, PartialEq)]
pub struct CountBar {
    /// Under it: "Oct".
    pub label: String,
    /// The month in full.
    pub month: String,
    /// How many incidents started.
    pub count: u32,
    /// 95 % interval of how many were to be expected.
    pub interval: (f64, f64),
    /// The list of exactly these.
    pub link: String,
}

/// Bars by month with whiskers; each that counts any opens its incidents.
#[component]
pub fn CountsChart(
    bars: Vec<CountBar>,
    /// What is counted: one of them, and many.
    #[prop(default = ("incident", "incidents"))]
    nouns: (&'static str, &'static str),
    #[prop(default = "Incidents by month, with 95 percent intervals")] label: &'static str,
) -> impl IntoView {
    let scale = Linear::up_to(bars.iter().map(|b| b.interval.1).fold(0.0, f64::max));
    let slot = (100.0 - LEFT) / bars.len().max(1) as f64;
    let (wide, thin) = (label_every(bars.len(), 12), label_every(bars.len(), 4));
    let last = bars.len().saturating_sub(1);
    let height = |value: f64| BASE - scale.part(value) * (BASE - TOP);
    let lines = scale.lines().into_iter().map(|value| {
        let y = height(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        view! {
            <line class=class x1=percent(LEFT) x2="100%" y1=pixels(y) y2=pixels(y)></line>
            <text class="e" x=percent(LEFT - 1.4) y=pixels(y + 4.0)>{format!("{value:.0}")}</text>
        }
    });
    let lines = lines.collect_view();
    let drawn = bars.into_iter().enumerate().map(|(n, bar)| {
        let x = LEFT + slot * n as f64;
        let class = match ((last - n) % wide, (last - n) % thin) {
            (0, 0) => Some("m"),
            (0, _) => Some("m wide"),
            _ => None,
        };
        let (left, width, middle) = (x + slot * (1.0 - BAR) / 2.0, slot * BAR, x + slot / 2.0);
        let (y, low, high) = (height(f64::from(bar.count)), height(bar.interval.0), height(bar.interval.1));
        let aria = told(&bar, nouns);
        let cap = (slot * 0.1).min(0.9);
        // A month without incidents has nothing to open; it is said all the same.
        let column = if bar.count == 0 {
            view! { <g role="img" aria-label=aria></g> }.into_any()
        } else {
            view! {
                <a href=bar.link aria-label=aria>
                    <rect x=percent(left) y=pixels(TOP) width=percent(width) height=pixels(BASE - TOP) fill="transparent"></rect>
                    <rect class="f1" x=percent(left) y=pixels(y) width=percent(width) height=pixels(BASE - y) rx="2"></rect>
                </a>
            }
            .into_any()
        };
        view! {
            {column}
            <line class="whisk" x1=percent(middle) x2=percent(middle) y1=pixels(high) y2=pixels(low)></line>
            <line class="whisk" x1=percent(middle - cap) x2=percent(middle + cap) y1=pixels(high) y2=pixels(high)></line>
            <line class="whisk" x1=percent(middle - cap) x2=percent(middle + cap) y1=pixels(low) y2=pixels(low)></line>
            {class.map(|class| view! { <text class=class x=percent(middle) y="230">{bar.label}</text> })}
        }
    });
    let drawn = drawn.collect_view();
    view! { <svg class="plot" height=pixels(HEIGHT) role="group" aria-label=label>{lines}{drawn}</svg> }
}

fn told(bar: &CountBar, (one, many): (&str, &str)) -> String {
    let noun = if bar.count == 1 { one } else { many };
    let (low, high) = bar.interval;
    let opens = if bar.count == 0 { "" } else { ". Opens them" };
    format!("{}: {} {noun}, 95 percent interval {low:.1} to {high:.1}{opens}", bar.month, bar.count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::poisson_interval;

    fn bar(count: u32) -> CountBar {
        CountBar {
            label: "Oct".into(),
            month: "October 2026".into(),
            count,
            interval: poisson_interval(count),
            link: "/incidents?month=2026-10".into(),
        }
    }

    #[test]
    fn each_bar_is_a_link_that_says_its_count_and_interval() {
        let html = view! { <CountsChart bars=vec![bar(1), bar(4)]/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 2);
        assert!(html.contains("October 2026: 1 incident, 95 percent interval 0.0 to 5.6. Opens them"), "{html}");
        assert!(html.contains("October 2026: 4 incidents, 95 percent interval 1.1 to 10.2. Opens them"));
        assert!(!html.contains("style="));
    }

    #[test]
    fn a_month_without_incidents_is_said_and_opens_nothing() {
        let html = view! { <CountsChart bars=vec![bar(0), bar(2)]/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 1);
        assert!(html.contains(r#"aria-label="October 2026: 0 incidents, 95 percent interval 0.0 to 3.7""#), "{html}");
    }

    #[test]
    fn a_whisker_spans_its_interval_and_stays_on_the_paper() {
        for count in [0, 1, 9, 400] {
            let html = view! { <CountsChart bars=vec![bar(count)]/> }.to_html();
            let ys: Vec<f64> = html.split(" y1=\"").skip(1).map(|p| p.split('"').next().unwrap().parse().unwrap()).collect();
            assert!(ys.iter().all(|y| (TOP - 0.01..=BASE + 0.01).contains(y)), "{count}: {ys:?}");
        }
        // An empty month is a whisker without a bar.
        let empty = view! { <CountsChart bars=vec![bar(0)]/> }.to_html();
        assert!(!empty.contains("<rect") && empty.contains("whisk"), "{empty}");
    }

    #[test]
    fn no_month_at_all_draws_an_empty_chart_and_no_panic() {
        assert!(view! { <CountsChart bars=vec![]/> }.to_html().contains("<svg"));
    }
}
