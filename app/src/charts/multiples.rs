//! Small multiples: one small chart a factor, all on the same scale, so that an eye compares courses and not heights.

use super::scale::{label_every, percent, pixels};
use leptos::prelude::*;

/// Height of one, and where its bars end above and below.
const HEIGHT: f64 = 118.0;
const TOP: f64 = 26.0;
const BASE: f64 = 82.0;
/// Part of a quarter's width that its bar takes.
const BAR: f64 = 0.56;

/// One period of a course.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Under it: "Q3".
    pub label: String,
    /// In full: "Q3 2026".
    pub period: String,
    /// How many.
    pub count: u32,
    /// Of how many; 0: there is no share.
    pub of: u32,
    /// 95 % interval of the share, parts of one.
    pub interval: (f64, f64),
    /// The list of exactly these.
    pub link: String,
}

/// One small chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// What it is about.
    pub label: String,
    /// "6 of 19".
    pub whole: String,
    /// All that it counts.
    pub link: String,
    /// Its periods in order.
    pub points: Vec<Point>,
}

/// Small charts of shares between 0 and 100 %, each period a bar with its interval that opens what it counts.
#[component]
pub fn MultiplesChart(courses: Vec<Course>) -> impl IntoView {
    let all = courses.into_iter().map(|course| view! { <li>{draw(course)}</li> });
    view! { <ul class="multiples">{all.collect_view()}</ul> }
}

fn draw(course: Course) -> impl IntoView {
    let slot = 100.0 / course.points.len().max(1) as f64;
    let (last, every) = (course.points.len().saturating_sub(1), label_every(course.points.len(), 6));
    let label = format!("{}, share of reviewed incidents by quarter, with 95 percent intervals", course.label);
    let name = course.label.clone();
    let height = |share: f64| BASE - share.clamp(0.0, 1.0) * (BASE - TOP);
    let points = course.points.into_iter().enumerate().map(|(n, point)| {
        let (x, middle) = (slot * n as f64 + slot * (1.0 - BAR) / 2.0, slot * (n as f64 + 0.5));
        let aria = told(&name, &point);
        let share = f64::from(point.count) / f64::from(point.of.max(1));
        let (y, low, high) = (height(share), height(point.interval.0), height(point.interval.1));
        let bar = view! {
            <rect x=percent(x) y=pixels(TOP) width=percent(slot * BAR) height=pixels(BASE - TOP) fill="transparent"></rect>
            <rect class="f1" x=percent(x) y=pixels(y) width=percent(slot * BAR) height=pixels(BASE - y) rx="1.5"></rect>
        };
        // A period in which nothing is counted has nothing to open; it is said all the same.
        let column = if point.count == 0 {
            view! { <g role="img" aria-label=aria></g> }.into_any()
        } else {
            view! { <a href=point.link aria-label=aria>{bar}</a> }.into_any()
        };
        let whisker = (point.of > 0).then(|| {
            view! { <line class="whisk" x1=percent(middle) x2=percent(middle) y1=pixels(high) y2=pixels(low)></line> }
        });
        let words = (last - n).is_multiple_of(every).then(|| {
            let counted = if point.of == 0 { "–".to_owned() } else { format!("{}/{}", point.count, point.of) };
            view! {
                <text class="m ink" x=percent(middle) y="97">{counted}</text>
                <text class="m" x=percent(middle) y="113">{point.label}</text>
            }
        });
        view! { {column}{whisker}{words} }
    });
    let points = points.collect_view();
    view! {
        <svg class="plot" height=pixels(HEIGHT) role="group" aria-label=label>
            <a href=course.link><text class="ink" x="0" y="12">{course.label}</text></a>
            <text class="e" x="100%" y="12">{course.whole}</text>
            <line class="grid" x1="0" x2="100%" y1=pixels(TOP) y2=pixels(TOP)></line>
            <line class="axis" x1="0" x2="100%" y1=pixels(BASE) y2=pixels(BASE)></line>
            {points}
        </svg>
    }
}

fn told(name: &str, point: &Point) -> String {
    if point.of == 0 {
        return format!("{name}, {}: no reviewed incident", point.period);
    }
    let (low, high) = (point.interval.0 * 100.0, point.interval.1 * 100.0);
    let opens = if point.count == 0 { "" } else { ". Opens them" };
    format!(
        "{name}, {}: {} of {} reviewed incidents, 95 percent interval {low:.0} to {high:.0} percent{opens}",
        point.period, point.count, point.of
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::wilson;

    fn point(period: &str, count: u32, of: u32) -> Point {
        Point {
            label: period[..2].into(),
            period: period.into(),
            count,
            of,
            interval: wilson(count, of),
            link: format!("/incidents?quarter={period}"),
        }
    }

    fn course(points: Vec<Point>) -> Course {
        Course { label: "Alerting".into(), whole: "3 of 9".into(), link: "/incidents?factor=alerting".into(), points }
    }

    #[test]
    fn every_quarter_is_said_and_those_that_count_any_open_them() {
        let points = vec![point("Q1 2026", 3, 5), point("Q2 2026", 0, 4), point("Q3 2026", 0, 0)];
        let html = view! { <MultiplesChart courses=vec![course(points)]/> }.to_html();
        assert!(html.contains("Alerting, Q1 2026: 3 of 5 reviewed incidents, 95 percent interval 23 to 88 percent. Opens them"));
        assert!(html.contains("aria-label=\"Alerting, Q3 2026: no reviewed incident\""), "{html}");
        assert_eq!(html.matches("<a ").count(), 2, "the name and one quarter: {html}");
        assert!(!html.contains("style=") && !html.contains("viewBox"));
    }

    #[test]
    fn all_have_one_scale_and_stay_on_the_paper() {
        let one = view! { <MultiplesChart courses=vec![course(vec![point("Q1 2026", 5, 5)])]/> }.to_html();
        assert!(one.contains(&format!("y=\"{TOP:.1}\" width=\"{:.2}%\" height=\"{:.1}\" rx", 100.0 * BAR, BASE - TOP)), "{one}");
        for (count, of) in [(0, 1), (1, 1), (7, 90)] {
            let html = view! { <MultiplesChart courses=vec![course(vec![point("Q1 2026", count, of)])]/> }.to_html();
            let ys: Vec<f64> = html.split(" y1=\"").skip(1).map(|p| p.split('"').next().unwrap().parse().unwrap()).collect();
            assert!(ys.iter().all(|y| (TOP - 0.01..=BASE + 0.01).contains(y)), "{count} of {of}: {ys:?}");
        }
        assert!(view! { <MultiplesChart courses=vec![course(vec![])]/> }.to_html().contains("<svg"));
    }
}
