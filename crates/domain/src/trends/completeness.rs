//! How complete the hours of a month are: of the people who were asked about its incidents, how many told of their hours.

use super::{MinGroup, Reason, Released};
use serde::{Deserialize, Serialize};

/// Below this part the hours of a month are a lower bound (research/practice.md 7.1).
pub const LOWER_BOUND_BELOW: f64 = 0.7;

/// Responders of the incidents that began in a month, each counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Those who submitted at least one stretch of time.
    pub told: usize,
    /// Those who were asked, these among them.
    pub asked: usize,
}

impl Completeness {
    /// The part who told, 0 to 1; nobody asked: all told.
    pub fn share(&self) -> f64 {
        if self.asked == 0 { 1.0 } else { self.told as f64 / self.asked as f64 }
    }

    /// Whether hours of this month are to be read as a lower bound.
    pub fn is_lower_bound(&self) -> bool {
        self.share() < LOWER_BOUND_BELOW
    }

    /// As it may be shown: of groups of `k` alone, and neither where fewer than `k` told nor where fewer than `k` did not (unless nobody did not).
    ///
    /// # Errors
    /// Why it is not shown.
    pub fn released(self, k: MinGroup) -> Result<Released<Self>, Reason> {
        let silent = self.asked.saturating_sub(self.told);
        if self.told < k.get() {
            Err(Reason::TooFew)
        } else if silent > 0 && silent < k.get() {
            Err(Reason::WouldIsolate)
        } else {
            Ok(Released { people: self.told, given: self })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_who_told_and_few_who_did_not_are_hidden() {
        let shown = |told, asked, k| Completeness { told, asked }.released(MinGroup::new(k)).map(|r| r.people);
        assert_eq!(shown(14, 19, 5), Ok(14));
        assert_eq!(shown(14, 18, 5), Err(Reason::WouldIsolate), "four did not");
        assert_eq!(shown(18, 19, 5), Err(Reason::WouldIsolate), "one did not");
        assert_eq!(shown(19, 19, 5), Ok(19), "everybody did");
        assert_eq!(shown(4, 19, 5), Err(Reason::TooFew));
        assert_eq!(shown(14, 19, 6), Err(Reason::WouldIsolate), "a larger smallest group");
    }

    #[test]
    fn under_seventy_in_a_hundred_is_a_lower_bound() {
        let of = |told, asked| Completeness { told, asked }.is_lower_bound();
        assert_eq!((of(7, 10), of(69, 100), of(0, 0)), (false, true, false));
    }
}
