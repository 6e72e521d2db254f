//! Hours of the day by weekdays: a cell for each, with its number in it. Hours stand below each other, so that a phone has room for the
//! numbers; darker cells carry a pattern, too.

use super::scale::{percent, pixels};
use chrono::Weekday;
use leptos::prelude::*;

/// Height of an hour, and of the names above.
const ROW: f64 = 19.0;
const HEAD: f64 = 20.0;
/// Where the cells begin, in percent.
const LEFT: f64 = 10.0;
/// The days in their order.
pub const DAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Counts of every hour of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week([[u32; 24]; 7]);

impl Week {
    /// Counts one more; hours are 0 to 23.
    pub fn add(&mut self, day: Weekday, hour: u32) {
        if let Some(count) = self.0[day.num_days_from_monday() as usize].get_mut(hour as usize) {
            *count += 1;
        }
    }

    /// How many in an hour of a weekday.
    pub fn at(&self, day: Weekday, hour: u32) -> u32 {
        self.0[day.num_days_from_monday() as usize].get(hour as usize).copied().unwrap_or_default()
    }

    /// How many in all cells that are asked for.
    pub fn sum(&self, which: impl Fn(Weekday, u32) -> bool) -> u32 {
        let cells = DAYS.into_iter().flat_map(|day| (0..24).map(move |hour| (day, hour)));
        cells.filter(|(day, hour)| which(*day, *hour)).map(|(day, hour)| self.at(day, hour)).sum()
    }

    fn most(&self) -> u32 {
        self.0.iter().flatten().copied().max().unwrap_or_default()
    }
}

/// A weekday in full.
pub fn day_name(day: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day.num_days_from_monday() as usize]
}

/// Fill, pattern and ink of a count: five steps up to the largest.
fn step(count: u32, most: u32) -> (&'static str, Option<&'static str>, &'static str) {
    match (count * 5).div_ceil(most.max(1)) {
        0 => ("q0", None, ""),
        1 => ("q1", None, "on-light"),
        2 => ("q2", None, "on-light"),
        3 => ("q3", Some("url(#p-night)"), "on-light"),
        4 => ("q4", Some("url(#p-evening)"), "on-dark"),
        _ => ("q5", Some("url(#p-weekend)"), "on-dark"),
    }
}

/// The hours of the week; `link` says what a cell with any opens.
#[component]
pub fn HeatChart(week: Week, link: Box<dyn Fn(Weekday, u32) -> String>) -> impl IntoView {
    let most = week.most();
    let wide = (100.0 - LEFT) / 7.0;
    let x = |day: Weekday| LEFT + wide * f64::from(day.num_days_from_monday());
    let names = DAYS.map(|day| {
        let short = &day_name(day)[..2];
        view! { <text class="m" x=percent(x(day) + wide / 2.0) y="13">{short}</text> }
    });
    let hours = (0..24u32).map(|hour| {
        let top = HEAD + f64::from(hour) * ROW;
        let cells = DAYS.map(|day| {
            let count = week.at(day, hour);
            let (fill, pattern, ink) = step(count, most);
            let cell = view! {
                <rect class=fill x=percent(x(day) + 0.2) y=pixels(top + 0.5) width=percent(wide - 0.4) height=pixels(ROW - 1.0) rx="2"></rect>
            };
            if count == 0 {
                return cell.into_any();
            }
            let noun = if count == 1 { "incident" } else { "incidents" };
            let aria = format!("{}, {hour:02}:00 to {hour:02}:59: {count} {noun}. Opens them", day_name(day));
            // The pattern leaves the right of the cell to the number.
            let pattern = pattern.map(|pattern| {
                view! { <rect fill=pattern x=percent(x(day) + 0.2) y=pixels(top + 0.5) width=percent(wide * 0.34) height=pixels(ROW - 1.0)></rect> }
            });
            view! {
                <a href=link(day, hour) aria-label=aria>
                    {cell}
                    {pattern}
                    <text class=format!("m {ink}") x=percent(x(day) + wide * 0.64) y=pixels(top + 13.5)>{count}</text>
                </a>
            }
            .into_any()
        });
        view! {
            <text class="e" x=percent(LEFT - 1.6) y=pixels(top + 13.5)>{format!("{hour:02}")}</text>
            {cells.into_iter().collect_view()}
        }
    });
    let hours = hours.collect_view();
    let height = HEAD + 24.0 * ROW;
    view! {
        <svg class="plot" height=pixels(height) role="group" aria-label="Incidents by hour and weekday of their beginning">
            {names.into_iter().collect_view()}
            {hours}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_that_counts_any_has_its_number_and_opens_them() {
        let mut week = Week::default();
        for _ in 0..3 {
            week.add(Weekday::Tue, 14);
        }
        week.add(Weekday::Sun, 23);
        week.add(Weekday::Sun, 24);
        let html = view! { <HeatChart week=week.clone() link=Box::new(|day, hour| format!("/when?{day}-{hour}"))/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 2, "an hour that there is not counts nowhere");
        assert!(html.contains("Tuesday, 14:00 to 14:59: 3 incidents. Opens them") && html.contains("/when?Sun-23"), "{html}");
        assert!(html.contains("Sunday, 23:00 to 23:59: 1 incident. Opens them"));
        assert_eq!(week.sum(|_, _| true), 4);
        assert_eq!(week.sum(|day, _| day == Weekday::Sun), 1);
        assert!(!html.contains("style=") && !html.contains("viewBox"));
    }

    #[test]
    fn darker_steps_have_a_pattern_each_of_its_own() {
        let patterns: Vec<_> = (1..=5).map(|count| step(count, 5).1).collect();
        assert_eq!(patterns.iter().flatten().collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert_eq!((step(0, 5).0, step(1, 1).0, step(5, 5).0, step(1, 500).0), ("q0", "q5", "q5", "q1"));
    }
}
