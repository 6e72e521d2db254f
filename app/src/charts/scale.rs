//! Scales: where a value lies, and which values deserve a line and a label.

/// A percentage of the drawing's width, as an attribute says it.
pub fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

/// Pixels, as an attribute says them.
pub fn pixels(value: f64) -> String {
    format!("{value:.1}")
}

/// From 0 to a round value at or above the largest, in three or four steps of a round size.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Size of a step.
    pub step: f64,
    /// Number of steps.
    pub steps: usize,
}

impl Linear {
    /// Fits values up to `largest`.
    pub fn up_to(largest: f64) -> Self {
        let largest = largest.max(1.0);
        let rough = largest / 4.0;
        let magnitude = 10f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * magnitude);
        // Counts and hours have no halves on their axis.
        let step = round.into_iter().find(|step| *step >= rough && step.fract() == 0.0).unwrap_or(1.0).max(1.0);
        Self { step, steps: (largest / step).ceil().max(1.0) as usize }
    }

    /// The value at the top.
    pub fn top(&self) -> f64 {
        self.step * self.steps as f64
    }

    /// The part of the whole height or width that a value takes, 0 to 1.
    pub fn part(&self, value: f64) -> f64 {
        (value / self.top()).clamp(0.0, 1.0)
    }

    /// The values of the lines, 0 first.
    pub fn lines(&self) -> Vec<f64> {
        (0..=self.steps).map(|n| n as f64 * self.step).collect()
    }
}

/// A logarithmic scale over durations in minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Durations {
    low: f64,
    high: f64,
}

/// Durations that have a short name, in minutes.
const MARKS: [(f64, &str); 9] = [
    (1.0, "1 min"),
    (5.0, "5 min"),
    (15.0, "15 min"),
    (60.0, "1 h"),
    (240.0, "4 h"),
    (1440.0, "1 day"),
    (10_080.0, "1 week"),
    (43_200.0, "30 days"),
    (525_600.0, "1 year"),
];

impl Durations {
    /// From the mark below the smallest to the mark above the largest.
    pub fn spanning(minutes: impl Iterator<Item = f64>) -> Self {
        let (low, high) = minutes.fold((f64::MAX, 1.0f64), |(low, high), m| (low.min(m.max(1.0)), high.max(m)));
        let low = MARKS.iter().rev().map(|(m, _)| *m).find(|m| *m <= low).unwrap_or(1.0);
        let high = MARKS.iter().map(|(m, _)| *m).find(|m| *m >= high && *m > low).unwrap_or(high.max(low * 2.0));
        Self { low, high }
    }

    /// The part of the width at which a duration lies, 0 to 1.
    pub fn part(&self, minutes: f64) -> f64 {
        ((minutes.max(1.0) / self.low).ln() / (self.high / self.low).ln()).clamp(0.0, 1.0)
    }

    /// The marks within.
    pub fn marks(&self) -> Vec<(f64, &'static str)> {
        MARKS.into_iter().filter(|(m, _)| *m >= self.low && *m <= self.high).collect()
    }
}

/// Of `count` labels in a row, every how many there is room for: on a wide page for twelve, on a phone for four.
pub fn label_every(count: usize, room: usize) -> usize {
    count.div_ceil(room).max(1)
}

/// Minutes as people say them: "45 min", "3 h 5 min", "2 days 4 h".
pub fn lasting(minutes: f64) -> String {
    let minutes = minutes.round().max(0.0) as i64;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let plural = if days == 1 { "" } else { "s" };
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} day{plural}"),
        (days, hours, _) => format!("{days} day{plural} {hours} h"),
    }
}

/// Minutes as hours, rounded where it does not matter: "39", "1.5".
pub fn hours(minutes: i64) -> String {
    let hours = minutes as f64 / 60.0;
    if hours >= 10.0 || hours.fract() == 0.0 { format!("{hours:.0}") } else { format!("{hours:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_is_round_and_holds_its_largest_value() {
        for (largest, step, steps) in
            [(0.0, 1.0, 1), (3.0, 1.0, 3), (9.0, 5.0, 2), (13.1, 5.0, 3), (95.0, 25.0, 4), (609.0, 200.0, 4)]
        {
            let scale = Linear::up_to(largest);
            assert_eq!((scale.step, scale.steps), (step, steps), "{largest}");
        }
        for largest in 1..2000 {
            let scale = Linear::up_to(f64::from(largest));
            assert!(scale.top() >= f64::from(largest) && scale.steps <= 5 && scale.step.fract() == 0.0, "{largest}: {scale:?}");
            assert_eq!(scale.part(scale.top()), 1.0);
        }
    }

    #[test]
    fn durations_lie_on_a_logarithmic_axis_between_round_marks() {
        let scale = Durations::spanning([11.0, 492.0].into_iter());
        assert_eq!(scale.marks().iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["5 min", "15 min", "1 h", "4 h", "1 day"]);
        assert_eq!((scale.part(5.0), scale.part(1440.0)), (0.0, 1.0));
        let equal_ratios = scale.part(60.0) - scale.part(15.0);
        assert!((scale.part(240.0) - scale.part(60.0) - equal_ratios).abs() < 1e-9);
        let one = Durations::spanning([0.0].into_iter());
        assert_eq!(one.part(0.0), 0.0);
        assert!(Durations::spanning([9e6].into_iter()).part(9e6) <= 1.0);
    }

    #[test]
    fn labels_thin_out_when_there_are_many() {
        assert_eq!(
            (label_every(12, 12), label_every(13, 12), label_every(60, 12), label_every(12, 4), label_every(0, 12)),
            (1, 2, 5, 3, 1)
        );
    }

    #[test]
    fn durations_are_said_in_two_units() {
        let said: Vec<String> = [45.0, 60.0, 185.0, 1440.0, 3120.0].into_iter().map(lasting).collect();
        assert_eq!(said, ["45 min", "1 h", "3 h 5 min", "1 day", "2 days 4 h"]);
    }

    #[test]
    fn hours_are_rounded_where_it_does_not_matter() {
        assert_eq!([90, 60, 615, 5940, 0].map(hours), ["1.5", "1", "10", "99", "0"]);
    }
}
