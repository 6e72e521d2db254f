//! The time between rare events: a dot for each, in order, with the range that one rate would give where there are enough to say.

use super::scale::{Linear, label_every, percent, pixels};
use domain::trends::Usual;
use leptos::prelude::*;

const HEIGHT: f64 = 236.0;
const TOP: f64 = 14.0;
const BASE: f64 = 204.0;
const LEFT: f64 = 7.0;

/// One event, and how long it was since the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Its key.
    pub key: String,
    /// When it began, short: "Oct 26".
    pub began: String,
    /// Days since the one before.
    pub days: f64,
    /// Whether it is unlike the rest.
    pub unlike: bool,
    /// Its page.
    pub link: String,
}

/// Dots in order; each opens the event that ended the time. One unlike the rest is a square, so that colour is not needed.
#[component]
pub fn BetweenChart(gaps: Vec<Gap>, usual: Option<Usual>) -> impl IntoView {
    let longest = gaps.iter().map(|g| g.days).fold(0.0, f64::max);
    // Limits of few times may lie far above every dot: the axis is for the dots, and the band runs out of it.
    let scale = Linear::up_to(usual.map_or(longest, |u| longest.max(u.high.min(longest * 1.5))));
    let slot = (100.0 - LEFT) / gaps.len().max(1) as f64;
    let (wide, thin) = (label_every(gaps.len(), 12), label_every(gaps.len(), 4));
    let last = gaps.len().saturating_sub(1);
    let height = |days: f64| BASE - scale.part(days) * (BASE - TOP);
    let lines = scale.lines().into_iter().map(|value| {
        let y = height(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        view! {
            <line class=class x1=percent(LEFT) x2="100%" y1=pixels(y) y2=pixels(y)></line>
            <text class="e" x=percent(LEFT - 1.4) y=pixels(y + 4.0)>{format!("{value:.0}")}</text>
        }
    });
    let lines = lines.collect_view();
    let band = usual.map(|u| {
        let (high, low, middle) = (height(u.high), height(u.low), height(u.middle));
        view! {
            <rect class="whisk-band" x=percent(LEFT) y=pixels(high) width=percent(100.0 - LEFT) height=pixels((low - high).max(0.0))></rect>
            <line class="whisk" x1=percent(LEFT) x2="100%" y1=pixels(middle) y2=pixels(middle)></line>
        }
    });
    let dots = gaps.into_iter().enumerate().map(|(n, gap)| {
        let x = LEFT + slot * (n as f64 + 0.5);
        let y = height(gap.days);
        let class = match ((last - n) % wide, (last - n) % thin) {
            (0, 0) => Some("m"),
            (0, _) => Some("m wide"),
            _ => None,
        };
        let aria = told(&gap);
        let shape = if gap.unlike {
            view! {
                <svg x=percent(x) y=pixels(y) overflow="visible"><rect class="f3" x="-6" y="-6" width="12" height="12"></rect></svg>
            }
            .into_any()
        } else {
            view! { <circle class="f1" cx=percent(x) cy=pixels(y) r="5"></circle> }.into_any()
        };
        view! {
            <line class="grid" x1=percent(x) x2=percent(x) y1=pixels(y) y2=pixels(BASE)></line>
            <a href=gap.link aria-label=aria>{shape}</a>
            {class.map(|class| view! { <text class=class x=percent(x) y="226">{gap.began}</text> })}
        }
    });
    let dots = dots.collect_view();
    view! {
        <svg class="plot" height=pixels(HEIGHT) role="group" aria-label="Days from one to the next, in order">{lines}{band}{dots}</svg>
    }
}

/// Days as people say them: "12 days", "1 day", "less than a day".
pub fn days(days: f64) -> String {
    match days.round() {
        _ if days < 1.0 => "less than a day".to_owned(),
        1.0 => "1 day".to_owned(),
        whole => format!("{whole:.0} days"),
    }
}

fn told(gap: &Gap) -> String {
    let unlike = if gap.unlike { ", unlike the rest" } else { "" };
    format!("{}, {} after the one before{unlike}", gap.key, days(gap.days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(days: f64) -> Gap {
        Gap { key: "INC-7".into(), began: "Oct 26".into(), days, unlike: days > 100.0, link: "/incidents/INC-7".into() }
    }

    #[test]
    fn each_dot_is_a_link_that_says_its_time() {
        let html = view! { <BetweenChart gaps=vec![gap(0.4), gap(1.2), gap(12.0), gap(120.0)] usual=None/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 4);
        for said in [
            "less than a day after",
            "INC-7, 1 day after",
            "12 days after the one before\"",
            "120 days after the one before, unlike the rest",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(!html.contains("whisk") && !html.contains("style="), "no limits where there are too few: {html}");
    }

    #[test]
    fn the_band_stays_on_the_paper_however_wide_it_is() {
        let usual = Usual { low: 0.0, middle: 20.0, high: 4000.0 };
        let html = view! { <BetweenChart gaps=vec![gap(10.0), gap(40.0)] usual=Some(usual)/> }.to_html();
        let band = html.split('<').find(|tag| tag.contains("whisk-band")).unwrap().to_owned();
        let value = |name: &str| -> f64 {
            band.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        assert!((value("y") - TOP).abs() < 0.1 && (value("y") + value("height") - BASE).abs() < 0.1, "{band}");
    }

    #[test]
    fn nothing_at_all_draws_an_empty_chart_and_no_panic() {
        assert!(view! { <BetweenChart gaps=vec![] usual=None/> }.to_html().contains("<svg"));
    }
}
