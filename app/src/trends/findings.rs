//! The sentences that stand as titles of charts: what was found, in words that stay true when somebody reads them again.

use crate::charts::scale::{hours, lasting};
use domain::incidents::Nature;
use domain::trends::{
    CHANCE, Count, FactorRow, Hours, Period, Quartiles, Reason, Released, Support, TooFew, Unit, chance_of_difference, stand_out,
};
use domain::vocabulary::{Tag, Vocabulary};
use store::trends::{MonthCount, PeopleMeasures};

/// Fewest reviewed incidents of which shares are spoken.
pub const SHARES_FROM: u32 = 5;

/// What is counted, in words: one of them, and many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nouns {
    /// "incident"
    pub one: &'static str,
    /// "incidents"
    pub many: &'static str,
}

impl Nouns {
    /// Of what a filter asks for.
    pub fn of(nature: Option<Nature>) -> Self {
        let (one, many) = match nature {
            Some(Nature::Incident) => ("incident", "incidents"),
            Some(Nature::NearMiss) => ("near miss", "near misses"),
            Some(Nature::Success) => ("thing that went right", "things that went right"),
            None => ("entry of any kind", "entries of any kind"),
        };
        Self { one, many }
    }

    /// "3 incidents", "1 near miss".
    pub fn count(self, count: u32) -> String {
        format!("{count} {}", if count == 1 { self.one } else { self.many })
    }
}

/// Why a figure about people is not shown, short enough for a cell.
pub fn hidden(reason: Reason) -> &'static str {
    match reason {
        Reason::TooFew => "Too few people",
        Reason::WouldIsolate => "Hidden to protect others",
    }
}

/// Whole per cent of a share.
pub fn per_cent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The finding over the hours of the organisation.
pub fn of_hours(measures: &PeopleMeasures) -> String {
    let shown: Vec<(Period, Released<Hours>)> = measures
        .months
        .iter()
        .filter_map(|month| Some((*month, measures.hours.figure(Unit::Organisation, *month)?.ok()?)))
        .collect();
    let Some(((latest, released), before)) = shown.split_last() else {
        return "No month so far has hours of five people or more.".to_owned();
    };
    let outside = match released.given.out_of_hours_share() {
        Some(share) => format!(", {} of them outside working hours", per_cent(share)),
        None => String::new(),
    };
    let now = format!("{}: {} hours{outside}", latest.label(), hours(released.given.total()));
    let totals = || before.iter().map(|(_, r)| r.given.total());
    match (totals().min(), totals().max()) {
        (Some(low), Some(high)) if before.len() > 1 => format!("{now}; earlier months had {} to {}.", hours(low), hours(high)),
        _ => format!("{now}."),
    }
}

/// The finding over support.
pub fn of_support(latest: Option<(Period, Released<Support>)>) -> String {
    let Some((period, released)) = latest else {
        return "No closed period so far has enough answers to speak of support.".to_owned();
    };
    let Support { more_needed, .. } = released.given;
    let answers = released.given.answers();
    format!("{}: in {more_needed} of {answers} answers more support was needed.", period.label())
}

/// The finding over incidents by month. A month stands out only upwards, and only where chance alone would hardly put it so far above all
/// others together: the exact comparison of both counts over their days, with an allowance for having looked at every month.
pub fn of_counts(months: &[MonthCount], nouns: Nouns) -> String {
    let total: u32 = months.iter().map(|m| m.incidents).sum();
    if total == 0 {
        return format!("No {} started in these months.", nouns.one);
    }
    let all = match months {
        [only] => format!("{} in {}", nouns.count(total), only.month.label()),
        _ => format!("{} in {} months", nouns.count(total), months.len()),
    };
    if months.len() < 3 {
        return format!("{all}.");
    }
    let days = |month: Period| (month.closed_on() - month.first_day()).num_days() as f64;
    let all_days: f64 = months.iter().map(|m| days(m.month)).sum();
    let chance = |m: &MonthCount| {
        let others = Count { count: total - m.incidents, over: all_days - days(m.month) };
        chance_of_difference(others, Count { count: m.incidents, over: days(m.month) })
    };
    let above = |m: &MonthCount| f64::from(m.incidents) * all_days > f64::from(total) * days(m.month);
    let chances: Vec<f64> = months.iter().map(chance).collect();
    let named = months.iter().zip(stand_out(&chances, CHANCE)).filter(|(m, stands)| *stands && above(m)).map(|(m, _)| m);
    match named.max_by_key(|m| m.incidents) {
        Some(most) => format!("{all}; {} stands out with {}.", most.month.label(), most.incidents),
        None => format!("{all}; no month stands out from what chance gives."),
    }
}

/// The finding over contributing factors; what helped is told apart.
pub fn of_factors(factors: &[FactorRow<Tag>], reviewed: u32, words: &Vocabulary) -> String {
    let sorted: Vec<&FactorRow<Tag>> = factors.iter().filter(|f| !f.factor.is_unsorted() && !words.helped(&f.factor)).collect();
    let Some(first) = sorted.first() else {
        return "No reviewed incident names a sorted factor yet.".to_owned();
    };
    if reviewed < SHARES_FROM {
        return format!("{reviewed} reviewed incidents are too few to say what keeps coming back.");
    }
    let name = words.name(&first.factor);
    let apart = sorted.get(1).is_none_or(|second| first.interval.0 > second.interval.1);
    if apart {
        format!("{name} takes part most often, in {} of {reviewed} reviewed incidents.", first.incidents)
    } else {
        format!(
            "{name} is named most often, in {} of {reviewed} reviewed incidents; the order of the factors is not certain.",
            first.incidents
        )
    }
}

/// The finding over what went right.
pub fn of_right(told: u32, reviewed: u32) -> String {
    match (told, reviewed) {
        (_, 0) => "No incident of these has a published story yet.".to_owned(),
        (0, _) => "No story of these tells what went right yet.".to_owned(),
        (told, reviewed) => format!("{told} of {reviewed} stories tell what went right."),
    }
}

/// The finding over durations.
pub fn of_durations(quartiles: &Result<Quartiles, TooFew>) -> String {
    match quartiles {
        Ok(q) => format!("Half of {} incidents lasted between {} and {}.", q.n, lasting(q.lower), lasting(q.upper)),
        Err(TooFew { n: 0 }) => "No incident of these has an end yet.".to_owned(),
        Err(TooFew { n }) => format!("{n} incidents with an end are too few to say how long they last."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::trends::{factor_rows, quartiles};

    fn months(counts: &[u32]) -> Vec<MonthCount> {
        let first = Period::month(2026, 1).unwrap();
        let all = std::iter::successors(Some(first), |m| Some(m.next()));
        all.zip(counts).map(|(month, incidents)| MonthCount { month, incidents: *incidents }).collect()
    }

    fn of_counts(months: &[MonthCount]) -> String {
        super::of_counts(months, Nouns::of(Some(Nature::Incident)))
    }

    #[test]
    fn what_is_counted_has_a_name_for_one_and_for_many() {
        let near = |counts: &[u32]| super::of_counts(&months(counts), Nouns::of(Some(Nature::NearMiss)));
        assert_eq!(near(&[1]), "1 near miss in January 2026.");
        assert_eq!(near(&[1, 2]), "3 near misses in 2 months.");
        assert_eq!(near(&[0]), "No near miss started in these months.");
        assert_eq!(Nouns::of(None).count(2), "2 entries of any kind");
    }

    #[test]
    fn a_month_stands_out_only_when_chance_would_hardly_do_it() {
        assert_eq!(of_counts(&months(&[4, 8, 3, 5])), "20 incidents in 4 months; no month stands out from what chance gives.");
        assert_eq!(of_counts(&months(&[2, 3, 20, 2, 1, 3])), "31 incidents in 6 months; March 2026 stands out with 20.");
        // A month of six beside eleven of about two is likely somewhere among twelve looks.
        assert!(
            of_counts(&months(&[2, 1, 3, 2, 2, 6, 1, 2, 3, 2, 1, 2])).ends_with("no month stands out from what chance gives.")
        );
        // A quiet month is no news beside loud ones.
        assert!(of_counts(&months(&[20, 19, 0, 21, 20, 18])).ends_with("no month stands out from what chance gives."));
        assert_eq!(of_counts(&months(&[1])), "1 incident in January 2026.");
        assert_eq!(of_counts(&months(&[0, 0, 0])), "No incident started in these months.");
    }

    #[test]
    fn the_order_of_factors_is_claimed_only_where_intervals_are_apart() {
        let tag = |slug: &str| Tag::parse(slug).unwrap();
        let rows = |a, b, n| factor_rows(&[(tag("alerting"), a), (tag("capacity"), b), (tag("good-runbook"), n)], n);
        let of_factors = |rows: &[FactorRow<Tag>], n| of_factors(rows, n, &Vocabulary::default());
        assert!(of_factors(&rows(14, 12, 31), 31).ends_with("the order of the factors is not certain."));
        assert_eq!(of_factors(&rows(28, 3, 31), 31), "Alerting takes part most often, in 28 of 31 reviewed incidents.");
        assert_eq!(of_factors(&rows(2, 1, 4), 4), "4 reviewed incidents are too few to say what keeps coming back.");
        let unsorted = factor_rows(&[(Tag::unsorted(), 9)], 9);
        assert_eq!(of_factors(&unsorted, 9), "No reviewed incident names a sorted factor yet.");
    }

    #[test]
    fn durations_are_spoken_of_from_six_on() {
        assert_eq!(of_durations(&quartiles(&[60.0; 5])), "5 incidents with an end are too few to say how long they last.");
        let six = quartiles(&[26.0, 26.0, 60.0, 90.0, 180.0, 180.0]);
        assert_eq!(of_durations(&six), "Half of 6 incidents lasted between 35 min and 2 h 38 min.");
        assert_eq!(of_durations(&quartiles(&[])), "No incident of these has an end yet.");
    }
}
