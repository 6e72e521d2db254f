//! Spread of load by team and quarter: effective people as a step on a scale of people, over the band of what chance makes of the same work.

use super::scale::{Linear, percent, pixels};
use domain::trends::Spread;
use domain::trends::spread::Step;
use leptos::prelude::*;

/// Height of a row: words above, step and band below.
const ROW: f64 = 46.0;
/// Height of the axis under the rows.
const AXIS: f64 = 24.0;

/// One team or all, in one quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct SpreadRow {
    /// Whose and when.
    pub label: String,
    /// What is told of it.
    pub told: Spread,
    /// The whole list of its incidents.
    pub link: String,
}

/// Half people as people say them: "3", "3½".
fn halves(halves: u32) -> String {
    format!("{}{}", halves / 2, if halves % 2 == 1 { "½" } else { "" })
}

/// A step in words: "3 to 3½", "fewer than 3", "6½ or more".
pub fn step_words(step: Step) -> String {
    match (step.low, step.high) {
        (Some(low), Some(high)) => format!("{} to {}", halves(low), halves(high)),
        (None, Some(high)) => format!("fewer than {}", halves(high)),
        (Some(low), None) => format!("{} or more", halves(low)),
        (None, None) => "any number".to_owned(),
    }
}

fn words(told: &Spread) -> String {
    let beyond = if told.beyond { ", beyond chance" } else { "" };
    format!("{} of {}{beyond}", step_words(told.effective), told.eligible)
}

/// Rows of steps over their bands, each a link to the whole list of its quarter. A step that is open to one side is striped.
#[component]
pub fn SpreadChart(rows: Vec<SpreadRow>) -> impl IntoView {
    let most = rows.iter().map(|row| row.told.eligible).max().unwrap_or(1);
    let scale = Linear::up_to(f64::from(most));
    let base = rows.len() as f64 * ROW - 8.0;
    let last = scale.steps;
    let axis = scale.lines().into_iter().enumerate().map(|(n, mark)| {
        let class = match n {
            0 => "",
            n if n == last => "e",
            _ => "m",
        };
        let x = percent(scale.part(mark) * 100.0);
        view! {
            <line class="grid" x1=x.clone() x2=x.clone() y1="0" y2=pixels(base)></line>
            <text class=class x=x y=pixels(base + 16.0)>{format!("{mark:.0}")}</text>
        }
    });
    let axis = axis.collect_view();
    let height = pixels(base + AXIS);
    let rows = rows.into_iter().enumerate().map(|(n, row)| {
        let top = n as f64 * ROW;
        let x = |people: f64| scale.part(people) * 100.0;
        // An open end reaches to one person, or to all of them.
        let ends = |step: Step| {
            let low = step.low.map_or(1.0, |low| f64::from(low) / 2.0);
            let high = step.high.map_or(f64::from(row.told.eligible), |high| f64::from(high) / 2.0);
            (x(low), x(high.min(f64::from(row.told.eligible)).max(low)))
        };
        let band = row.told.chance.map(|chance| {
            let (from, to) = ends(chance);
            let (low, high, y) = (percent(from), percent(to), pixels(top + 26.5));
            let (upper, lower) = (pixels(top + 19.0), pixels(top + 34.0));
            view! {
                <rect class="whisk-band" x=low.clone() y=upper.clone() width=percent(to - from) height="15"></rect>
                <line class="whisk" x1=low.clone() x2=high.clone() y1=y.clone() y2=y></line>
                <line class="whisk" x1=low.clone() x2=low y1=upper.clone() y2=lower.clone()></line>
                <line class="whisk" x1=high.clone() x2=high y1=upper y2=lower></line>
            }
        });
        let (from, to) = ends(row.told.effective);
        let (at, wide) = (percent(from), percent((to - from).max(0.8)));
        let open = row.told.effective.low.is_none() || row.told.effective.high.is_none();
        let striped = open.then(|| {
            view! { <rect fill="url(#p-evening)" x=at.clone() y=pixels(top + 21.0) width=wide.clone() height="11" rx="2"></rect> }
        });
        let words = words(&row.told);
        let chance = row.told.chance.map_or_else(String::new, |step| format!(", chance makes {}", step_words(step)));
        let aria = format!("{}: load carried by {words}{chance}. Opens the incidents of that quarter", row.label);
        view! {
            <text class="ink" x="0" y=pixels(top + 13.0)>{row.label.clone()}</text>
            <text class="e" x="100%" y=pixels(top + 13.0)>{words}</text>
            <a href=row.link aria-label=aria>
                <rect x="0" y=pixels(top) width="100%" height="36" fill="transparent"></rect>
                {band}
                <rect class="f1" x=at y=pixels(top + 21.0) width=wide height="11" rx="2"></rect>
                {striped}
            </a>
        }
    });
    let rows = rows.collect_view();
    view! { <svg class="plot" height=height role="group" aria-label="Effective people by team and quarter, with what chance makes of the same work">{axis}{rows}</svg> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_its_step_and_what_chance_makes_and_is_a_link() {
        let step = |low, high| Step { low, high };
        let row = |effective, chance, beyond| SpreadRow {
            label: "Payments, Q3 2026".into(),
            told: Spread { eligible: 8, effective, chance, beyond },
            link: "/incidents?from=2026-07&to=2026-09".into(),
        };
        let rows = vec![
            row(step(Some(7), Some(8)), Some(step(Some(8), Some(13))), true),
            row(step(None, Some(6)), None, false),
            row(step(Some(13), None), None, false),
        ];
        let html = view! { <SpreadChart rows/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 3);
        let first = "Payments, Q3 2026: load carried by 3½ to 4 of 8, beyond chance, chance makes 4 to 6½. Opens the incidents";
        assert!(html.contains(first), "{html}");
        assert!(html.contains("carried by fewer than 3 of 8.") && html.contains("carried by 6½ or more of 8."), "{html}");
        assert_eq!((html.matches("whisk-band").count(), html.matches("url(#p-evening)").count()), (1, 2), "{html}");
        assert!(!html.contains("style="));
    }
}
