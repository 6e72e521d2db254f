//! The time between rare events, as a control chart: where a month holds none or one, counting by month says nothing.

/// Fewest times of which limits are drawn (practice.md 7.6: about 12 to 15).
pub const LIMITS_FROM: usize = 12;
/// So many in a row on one side of the middle are a signal.
const RUN: usize = 8;
/// Times between events of one rate are exponential; to this root they are nearly normal (Nelson 1994).
const ROOT: f64 = 3.6;
/// Times the mean moving range: the limits of a chart of single values (Wheeler's XmR).
const RANGES: f64 = 2.66;

/// From this number on a month's count says something by itself (practice.md 7.6 asks for it of charts of counts).
const MANY: u32 = 5;

/// Whether events are so rare that the time between them says more than their number: the median month has fewer than two, and none has
/// five or more.
pub fn rare(months: &[u32]) -> bool {
    let mut sorted = months.to_vec();
    sorted.sort_unstable();
    // The upper one of two in the middle: "fewer than two" must hold for half of the months at least.
    sorted.get(sorted.len() / 2).is_some_and(|middle| *middle < 2) && sorted.last().is_some_and(|most| *most < MANY)
}

/// The range of times that one rate would give, in the unit of the times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usual {
    /// Shorter ones would be unlike the rest; nought where none could be.
    pub low: f64,
    /// The middle line.
    pub middle: f64,
    /// Longer ones would be unlike the rest.
    pub high: f64,
}

/// Limits of a t-chart: `y = t^(1/3.6)`, mean `y` and 2.66 mean moving ranges to either side, transformed back (practice.md 7.6). Fewer than
/// [`LIMITS_FROM`] times have none.
pub fn usual_between(times: &[f64]) -> Option<Usual> {
    if times.len() < LIMITS_FROM {
        return None;
    }
    let y: Vec<f64> = times.iter().map(|t| t.max(0.0).powf(1.0 / ROOT)).collect();
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let ranges = y.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / (y.len() - 1) as f64;
    let back = |value: f64| value.max(0.0).powf(ROOT);
    Some(Usual { low: back(mean - RANGES * ranges), middle: back(mean), high: back(mean + RANGES * ranges) })
}

/// Which times are unlike the rest: outside the limits, or the eighth and later ones in a row on one side of the middle.
pub fn unlike(times: &[f64], usual: Usual) -> Vec<bool> {
    let (mut run, mut side) = (0, 0.0);
    let signal = |time: &f64| {
        let this = if *time == usual.middle { 0.0 } else { (time - usual.middle).signum() };
        run = if this != 0.0 && this == side { run + 1 } else { usize::from(this != 0.0) };
        side = this;
        *time < usual.low || *time > usual.high || run >= RUN
    };
    times.iter().map(signal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_filter_is_rare_where_half_of_its_months_have_one_or_none_and_none_has_many() {
        assert!(rare(&[0, 1, 0, 2, 1]) && rare(&[1]) && rare(&[0, 0, 0, 4]));
        assert!(!rare(&[2, 2, 0]) && !rare(&[1, 2]) && !rare(&[]));
        assert!(!rare(&[0, 0, 0, 5]), "one month of many is seen by month");
    }

    #[test]
    fn limits_are_those_of_the_formula() {
        // Reckoned apart, from practice.md 7.6, in another program.
        let times = [12.0, 30.0, 3.0, 45.0, 8.0, 21.0, 60.0, 15.0, 2.0, 27.0, 33.0, 9.0];
        let usual = usual_between(&times).unwrap();
        for (got, known) in [(usual.low, 0.00000), (usual.middle, 16.96469), (usual.high, 240.47799)] {
            assert!((got - known).abs() < 1e-3 * known.max(1.0), "{got} {known}");
        }
        assert!(unlike(&times, usual).iter().all(|out| !out));
        assert_eq!(usual_between(&times[1..]), None, "eleven are too few");
    }

    #[test]
    fn one_far_outside_and_eight_on_one_side_are_signals() {
        let usual = Usual { low: 1.0, middle: 10.0, high: 50.0 };
        assert_eq!(unlike(&[5.0, 51.0, 0.5, 12.0], usual), [false, true, true, false]);
        let mut eight = vec![11.0; 8];
        assert_eq!(unlike(&eight, usual).iter().filter(|out| **out).count(), 1);
        eight.insert(4, 9.0);
        assert!(unlike(&eight, usual).iter().all(|out| !out));
        assert!(unlike(&[10.0; 9], usual).iter().all(|out| !out), "on the middle is on no side");
    }

    proptest! {
        #[test]
        fn the_limits_hold_the_middle_and_scale_with_the_unit(times in proptest::collection::vec(0.0f64..400.0, 12..80), by in 0.1f64..50.0) {
            let usual = usual_between(&times).unwrap();
            prop_assert!(0.0 <= usual.low && usual.low <= usual.middle && usual.middle <= usual.high);
            let scaled = usual_between(&times.iter().map(|t| t * by).collect::<Vec<_>>()).unwrap();
            prop_assert!((scaled.high - usual.high * by).abs() <= 1e-6 * (1.0 + scaled.high));
        }
    }
}
