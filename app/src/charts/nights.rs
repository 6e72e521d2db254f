//! Broken nights and short rests by closed period: a row each, its two numbers end to end.

use super::scale::{percent, pixels};
use domain::trends::Nights;
use leptos::prelude::*;

/// Height of a row: words above, bar below.
const ROW: f64 = 46.0;

/// One period.
#[derive(Clone, Debug, PartialEq)]
pub struct NightsRow {
    /// The period in full.
    pub label: String,
    /// What is told of it.
    pub told: Nights,
    /// The whole list of its incidents.
    pub link: String,
}

/// The numbers in words.
fn words(told: &Nights) -> String {
    let of = |number: u32, one: &str, more: &str| format!("{number} {}", if number == 1 { one } else { more });
    match told.apart() {
        Some(counts) => format!(
            "{}, {}",
            of(counts.broken, "broken night", "broken nights"),
            of(counts.short_rests, "short rest", "short rests")
        ),
        None => format!("{} together", told.total()),
    }
}

/// Rows of bars, each a link to the whole list of its period. A bar of one colour is told in one sum.
#[component]
pub fn NightsChart(rows: Vec<NightsRow>) -> impl IntoView {
    let largest = f64::from(rows.iter().map(|row| row.told.total()).max().unwrap_or(0).max(1));
    let height = pixels(rows.len() as f64 * ROW);
    let drawn = rows.into_iter().enumerate().map(|(n, row)| {
        let top = n as f64 * ROW;
        let width = |number: u32| f64::from(number) / largest * 100.0;
        let parts = match row.told.apart() {
            Some(counts) => vec![
                ("f-night", Some("url(#p-night)"), counts.broken),
                ("f-evening", Some("url(#p-evening)"), counts.short_rests),
            ],
            None => vec![("f4", None, row.told.total())],
        };
        let mut x = 0.0;
        let mut bars = Vec::new();
        for (class, pattern, number) in parts.into_iter().filter(|(_, _, number)| *number > 0) {
            let (from, long) = (percent(x), percent(width(number)));
            x += width(number);
            bars.push(view! {
                <rect class=class x=from.clone() y=pixels(top + 20.0) width=long.clone() height="13" rx="2"></rect>
                {pattern.map(|fill| view! { <rect fill=fill x=from y=pixels(top + 20.0) width=long height="13" rx="2"></rect> })}
            });
        }
        let words = words(&row.told);
        let aria = format!("{}: {words}. Opens the incidents of that period", row.label);
        view! {
            <text class="ink" x="0" y=pixels(top + 13.0)>{row.label}</text>
            <text class="e" x="100%" y=pixels(top + 13.0)>{words}</text>
            <a href=row.link aria-label=aria>
                <rect x="0" y=pixels(top) width="100%" height="36" fill="transparent"></rect>
                {bars}
            </a>
        }
    });
    let drawn = drawn.collect_view();
    view! { <svg class="plot" height=height role="group" aria-label="Broken nights and short rests by closed period">{drawn}</svg> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::NightCounts;

    #[test]
    fn a_row_says_both_numbers_or_their_sum_and_is_a_link() {
        let row = |told| NightsRow { label: "October 2026".into(), told, link: "/incidents?month=2026-10".into() };
        let apart = Nights::Apart(NightCounts { broken: 12, short_rests: 1 });
        let html = view! { <NightsChart rows=vec![row(apart), row(Nights::Together { together: 26 })]/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 2);
        assert!(html.contains("October 2026: 12 broken nights, 1 short rest. Opens the incidents of that period"), "{html}");
        assert!(html.contains("October 2026: 26 together. Opens"), "{html}");
        assert!(html.contains("width=\"46.15%\"") && html.contains("width=\"100.00%\""), "{html}");
        assert!(!html.contains("style="));
    }
}
