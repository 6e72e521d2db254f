//! Two periods beside each other: both counts with their intervals, and how often chance alone would put them so far apart.

use super::findings::Nouns;
use super::query::listing;
use chrono::{DateTime, NaiveTime, Utc};
use domain::trends::{Against, CHANCE, Count, Period, chance_of_difference, poisson_interval};
use leptos::prelude::*;
use store::trends::Filter;

/// A period of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    pub(super) filter: Filter,
    pub(super) incidents: u32,
    /// Days of it that are over.
    days: f64,
}

/// What is asked for beside the earlier period.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Compared {
    pub(super) now: Side,
    pub(super) before: Side,
    against: Against,
    unfinished: bool,
}

/// What may be said of the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    More,
    Fewer,
    Unclear,
    NotBegun,
}

/// The earlier period as a choice.
pub(super) fn label(against: Against) -> &'static str {
    match against {
        Against::Before => "The months before",
        Against::YearBefore => "The same months a year before",
    }
}

/// The filter of the earlier period, which is of the same length; none where it would share months with this one.
pub(super) fn earlier(filter: &Filter, against: Against) -> Option<Filter> {
    let months = std::iter::successors(Some(filter.from), |m| Some(m.next())).take_while(|m| *m <= filter.to).count();
    let back = match against {
        Against::Before => months,
        Against::YearBefore => 12,
    };
    let shifted = |month: Period| std::iter::successors(Some(month), |m| Some(m.previous())).nth(back);
    (months <= back).then(|| Some(Filter { from: shifted(filter.from)?, to: shifted(filter.to)?, ..filter.clone() }))?
}

/// From one side's first month to its last: "March 2026", "March 2026 to May 2026".
fn range(filter: &Filter) -> String {
    if filter.from == filter.to { filter.to.label() } else { format!("{} to {}", filter.from.label(), filter.to.label()) }
}

impl Side {
    pub(super) fn new(filter: Filter, incidents: u32, now: DateTime<Utc>) -> Self {
        let midnight = |month: Period| month.first_day().and_time(NaiveTime::MIN).and_utc();
        let over = midnight(filter.to.next()).min(now) - midnight(filter.from);
        let days = over.num_minutes().max(0) as f64 / 1440.0;
        Self { filter, incidents, days }
    }

    fn count(&self) -> Count {
        Count { count: self.incidents, over: self.days }
    }

    /// How it is called in tables and files.
    pub(super) fn label(&self) -> String {
        range(&self.filter)
    }

    /// 95 % interval of the count.
    pub(super) fn interval(&self) -> (f64, f64) {
        poisson_interval(self.incidents)
    }
}

impl Compared {
    pub(super) fn new(now: Side, before: Side, against: Against, at: DateTime<Utc>) -> Self {
        let unfinished = now.filter.to >= Period::month_of(at.date_naive());
        Self { now, before, against, unfinished }
    }

    /// As the URL has it.
    pub(super) fn slug(&self) -> &'static str {
        self.against.slug()
    }

    /// Two-sided, exact, given both counts and how many days each was counted over.
    pub(super) fn chance(&self) -> f64 {
        chance_of_difference(self.before.count(), self.now.count())
    }

    fn verdict(&self) -> Verdict {
        if self.now.days <= 0.0 {
            return Verdict::NotBegun;
        }
        let more = f64::from(self.now.incidents) * self.before.days > f64::from(self.before.incidents) * self.now.days;
        match self.chance() < CHANCE {
            true if more => Verdict::More,
            true => Verdict::Fewer,
            false => Verdict::Unclear,
        }
    }

    fn then(&self) -> &'static str {
        match (self.against, self.now.filter.from == self.now.filter.to) {
            (Against::Before, true) => "the month before",
            (Against::Before, false) => "the months before",
            (Against::YearBefore, true) => "the same month a year before",
            (Against::YearBefore, false) => "the same months a year before",
        }
    }

    /// A sentence that stays true.
    fn finding(&self) -> String {
        let nouns = Nouns::of(self.now.filter.nature);
        let (now, before, then) = (self.now.incidents, self.before.incidents, self.then());
        match self.verdict() {
            Verdict::More => format!("More {} than in {then}: {now}, and {before} then.", nouns.many),
            Verdict::Fewer => format!("Fewer {} than in {then}: {now}, and {before} then.", nouns.many),
            Verdict::Unclear => format!("No clear change from {then}: {}, and {before} then.", nouns.count(now)),
            Verdict::NotBegun => "These months have not begun yet.".to_owned(),
        }
    }

    /// What chance has to do with it.
    fn explained(&self) -> String {
        let nothing = if self.before.incidents == 0 {
            " None is on record then, which may only say that nobody wrote them down."
        } else {
            ""
        };
        let days = if self.unfinished { " Both are compared by the day, since these months are not over." } else { "" };
        let fewer = if self.verdict() == Verdict::Fewer { " Fewer reported ones need not be good news." } else { "" };
        format!(
            "If both had the same rate, chance alone would put them at least so far apart in {} of 100 cases; below {} we say that it is more or \
             fewer. Doubling from 4 to 8 is noise by itself: chance does that in {} of 100.{days}{nothing}{fewer}",
            hundredths(self.chance()),
            hundredths(CHANCE),
            hundredths(doubling()),
        )
    }
}

/// How often chance alone takes two equal periods from 4 to 8 or further.
fn doubling() -> f64 {
    chance_of_difference(Count { count: 4, over: 1.0 }, Count { count: 8, over: 1.0 })
}

/// A chance as so many of a hundred.
fn hundredths(chance: f64) -> String {
    match chance * 100.0 {
        few if few < 0.1 => "fewer than 0.1".to_owned(),
        some if some < 9.95 && (some - some.round()).abs() > 0.04 => format!("{some:.1}"),
        many => format!("{many:.0}"),
    }
}

/// The card of a comparison; with twelve months at most a year before is another time.
pub(super) fn card(compared: Option<Compared>) -> impl IntoView {
    let Some(compared) = compared else {
        return view! {
            <section class="card w12"><p>"A year before, these months would be compared with some of themselves. Choose twelve months or fewer."</p></section>
        }
        .into_any();
    };
    let side = |side: &Side, so_far: bool| {
        let (low, high) = side.interval();
        let so_far = if so_far { " so far" } else { "" };
        view! {
            <li>
                <a href=listing(&side.filter)>{format!("{}{so_far}", side.label())}</a>
                {format!(": {} (95 % interval {low:.1} to {high:.1})", Nouns::of(side.filter.nature).count(side.incidents))}
            </li>
        }
    };
    view! {
        <section class="card w12 stack" aria-labelledby="compared-h">
            <h3 id="compared-h">{compared.finding()}</h3>
            <ul>{side(&compared.now, compared.unfinished)}{side(&compared.before, false)}</ul>
            <p class="small soft">{compared.explained()}</p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trends::query::TrendsQuery;

    fn at() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    fn filter(from: &str, to: &str) -> Filter {
        TrendsQuery { from: from.into(), to: to.into(), ..TrendsQuery::default() }.filter(at())
    }

    fn compared(now: u32, before: u32, against: Against) -> Compared {
        let (filter, at) = (filter("2026-01", "2026-06"), at());
        let then = earlier(&filter, against).unwrap();
        Compared::new(Side::new(filter, now, at), Side::new(then, before, at), against, at)
    }

    #[test]
    fn the_earlier_period_is_as_long_and_shares_no_month() {
        let spans =
            |from: &str, to: &str, against| earlier(&filter(from, to), against).map(|f| (f.from.to_string(), f.to.to_string()));
        let of = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
        assert_eq!(spans("2026-03", "2026-05", Against::Before), of("2025-12", "2026-02"));
        assert_eq!(spans("2026-03", "2026-05", Against::YearBefore), of("2025-03", "2025-05"));
        assert_eq!(spans("2025-12", "2026-11", Against::YearBefore), of("2024-12", "2025-11"));
        assert_eq!(spans("2025-11", "2026-11", Against::YearBefore), None, "thirteen months share one");
        assert_eq!(spans("2025-11", "2026-11", Against::Before), of("2024-10", "2025-10"));
    }

    #[test]
    fn words_say_more_or_fewer_only_where_chance_would_hardly_do_it() {
        let said = |now, before| compared(now, before, Against::YearBefore).finding();
        assert_eq!(said(8, 4), "No clear change from the same months a year before: 8 incidents, and 4 then.");
        assert_eq!(said(20, 10), "No clear change from the same months a year before: 20 incidents, and 10 then.");
        assert_eq!(said(6, 0), "More incidents than in the same months a year before: 6, and 0 then.");
        assert_eq!(said(10, 41), "Fewer incidents than in the same months a year before: 10, and 41 then.");
        assert_eq!(said(0, 0), "No clear change from the same months a year before: 0 incidents, and 0 then.");
        let explained = compared(8, 4, Against::YearBefore).explained();
        assert!(explained.contains("in 39 of 100 cases; below 5 we say"), "{explained}");
        assert!(explained.contains("from 4 to 8 is noise by itself: chance does that in 39 of 100."), "{explained}");
        assert!(compared(6, 0, Against::Before).explained().contains("nobody wrote them down"));
    }

    #[test]
    fn a_period_that_is_not_over_is_compared_by_its_days() {
        let (at, filter) = (at(), filter("2026-11", "2026-11"));
        let then = earlier(&filter, Against::Before).unwrap();
        let half = |now, before| {
            let sides = (Side::new(filter.clone(), now, at), Side::new(then.clone(), before, at));
            Compared::new(sides.0, sides.1, Against::Before, at)
        };
        assert!((half(1, 1).now.days - 22.4).abs() < 0.1 && (half(1, 1).before.days - 31.0).abs() < 1e-9);
        // Thirty of a month and thirty in two thirds of one: more by the day, though not clearly so.
        assert!(half(30, 30).chance() < 0.5 && half(30, 30).verdict() == Verdict::Unclear);
        let ahead = TrendsQuery { from: "2027-01".into(), to: "2027-02".into(), ..TrendsQuery::default() }.filter(at);
        let then = earlier(&ahead, Against::Before).unwrap();
        let none = Compared::new(Side::new(ahead, 0, at), Side::new(then, 9, at), Against::Before, at);
        assert_eq!(none.finding(), "These months have not begun yet.");
    }
}
