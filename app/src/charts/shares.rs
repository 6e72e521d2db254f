//! Shares with their intervals: how many of the reviewed incidents name a contributing factor, how many answers said something.

use super::scale::{percent, pixels};
use leptos::prelude::*;

/// Height of a row: words above, bar below.
const ROW: f64 = 46.0;
/// Height of the axis under the rows.
const AXIS: f64 = 24.0;

/// One share.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareBar {
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u32,
    /// Of how many.
    pub of: u32,
    /// 95 % interval, parts of one.
    pub interval: (f64, f64),
    /// What it opens.
    pub link: String,
}

impl ShareBar {
    fn share(&self) -> f64 {
        f64::from(self.count) / f64::from(self.of.max(1))
    }
}

/// The share at the right edge: the smallest of 25, 50, 75, 100 % that holds every whisker.
fn right_edge(bars: &[ShareBar]) -> f64 {
    let largest = bars.iter().map(|b| b.interval.1).fold(0.0, f64::max);
    [0.25, 0.5, 0.75, 1.0].into_iter().find(|edge| largest <= *edge).unwrap_or(1.0)
}

/// Rows of bars with whiskers, each a link.
#[component]
pub fn SharesChart(
    bars: Vec<ShareBar>,
    /// What `of` counts, and what a bar opens.
    #[prop(default = ("reviewed incidents", "Opens them"))]
    words: (&'static str, &'static str),
    #[prop(default = "Contributing factors, with 95 percent intervals")] label: &'static str,
) -> impl IntoView {
    let edge = right_edge(&bars);
    let x = move |share: f64| share / edge * 100.0;
    let base = bars.len() as f64 * ROW - 8.0;
    let marks: Vec<f64> = [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().filter(|m| *m <= edge).collect();
    let axis = marks.into_iter().map(|mark| {
        let class = if mark == 0.0 {
            ""
        } else if mark == edge {
            "e"
        } else {
            "m"
        };
        view! {
            <line class="grid" x1=percent(x(mark)) x2=percent(x(mark)) y1="0" y2=pixels(base)></line>
            <text class=class x=percent(x(mark)) y=pixels(base + 16.0)>{format!("{:.0} %", mark * 100.0)}</text>
        }
    });
    let axis = axis.collect_view();
    let height = pixels(base + AXIS);
    let rows = bars.into_iter().enumerate().map(|(n, bar)| {
        let top = n as f64 * ROW;
        let (low, high) = (percent(x(bar.interval.0)), percent(x(bar.interval.1)));
        let (y, upper, lower) = (pixels(top + 26.5), pixels(top + 22.0), pixels(top + 31.0));
        let aria = told(&bar, words);
        let width = percent(x(bar.share()));
        view! {
            <text class="ink" x="0" y=pixels(top + 13.0)>{bar.label.clone()}</text>
            <text class="e" x="100%" y=pixels(top + 13.0)>{format!("{} of {}", bar.count, bar.of)}</text>
            <a href=bar.link.clone() aria-label=aria>
                <rect x="0" y=pixels(top) width="100%" height="36" fill="transparent"></rect>
                <rect class="f1" x="0" y=pixels(top + 20.0) width=width height="13" rx="2"></rect>
            </a>
            <line class="whisk" x1=low.clone() x2=high.clone() y1=y.clone() y2=y></line>
            <line class="whisk" x1=low.clone() x2=low y1=upper.clone() y2=lower.clone()></line>
            <line class="whisk" x1=high.clone() x2=high y1=upper y2=lower></line>
        }
    });
    let rows = rows.collect_view();
    view! { <svg class="plot" height=height role="group" aria-label=label>{axis}{rows}</svg> }
}

fn told(bar: &ShareBar, (counted, opens): (&str, &str)) -> String {
    let (low, high) = (bar.interval.0 * 100.0, bar.interval.1 * 100.0);
    format!("{}: {} of {} {counted}, 95 percent interval {low:.0} to {high:.0} percent. {opens}", bar.label, bar.count, bar.of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::wilson;

    fn bar(count: u32, of: u32) -> ShareBar {
        ShareBar { label: "Alerting".into(), count, of, interval: wilson(count, of), link: "/incidents?factor=alerting".into() }
    }

    #[test]
    fn the_axis_ends_at_a_round_share_beyond_every_whisker() {
        assert_eq!(right_edge(&[bar(3, 100)]), 0.25);
        assert_eq!(right_edge(&[bar(14, 31), bar(3, 31)]), 0.75);
        assert_eq!(right_edge(&[bar(5, 5)]), 1.0);
        assert_eq!(right_edge(&[]), 0.25);
    }

    #[test]
    fn a_row_says_count_total_and_interval_and_is_a_link() {
        let html = view! { <SharesChart bars=vec![bar(14, 31)]/> }.to_html();
        assert!(
            html.contains("Alerting: 14 of 31 reviewed incidents, 95 percent interval 29 to 62 percent. Opens them"),
            "{html}"
        );
        assert!(html.contains("width=\"60.22%\""), "45 % of an axis that ends at 75 %: {html}");
        assert_eq!(html.matches("<a ").count(), 1);
    }
}
