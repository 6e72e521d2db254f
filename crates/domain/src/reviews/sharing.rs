//! A link to a published story for people without an account: how long it lasts, what it shows, and what rules it out.

use crate::Invalid;

/// Days that a link may last. None lasts for ever.
pub const DAYS: [i64; 3] = [1, 7, 30];

/// Links to one story that are open at once, at most.
pub const MOST: i64 = 20;

/// A link to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewShare {
    /// How long it lasts.
    pub days: i64,
    /// Quotes that were given with a name carry it, and who facilitated is named.
    pub names: bool,
    /// The text for people outside comes with it.
    pub outside: bool,
}

impl NewShare {
    /// A link as it was chosen.
    ///
    /// # Errors
    /// Field `days` for another time than [`DAYS`].
    pub fn chosen(days: &str, names: bool, outside: bool) -> Result<Self, Invalid> {
        let days = days.trim().parse().ok().filter(|days| DAYS.contains(days));
        let days = days.ok_or_else(|| Invalid::one("days", "Please choose how long it lasts: a day, a week or thirty days."))?;
        Ok(Self { days, names, outside })
    }
}

/// What decides whether links to a story can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharable {
    /// The story is published.
    pub published: bool,
    /// The incident is restricted.
    pub restricted: bool,
    /// The organisation has such links.
    pub switched_on: bool,
}

impl Sharable {
    /// Why none can be made, in words; `None`: one can.
    pub fn keeps(self) -> Option<&'static str> {
        if self.restricted {
            Some("This incident is restricted: it exists for those alone who are named on it, so no link leads to its story.")
        } else if !self.published {
            Some("A link leads to a published story. This one is not published yet.")
        } else if !self.switched_on {
            Some("Links for people without an account are switched off here. Whoever administers can switch them on.")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lasts_a_day_a_week_or_thirty_days() {
        for days in ["1", "7", " 30 "] {
            assert!(NewShare::chosen(days, false, false).is_ok(), "{days}");
        }
        for days in ["", "0", "-7", "31", "365", "for ever", "7.5"] {
            let refused = NewShare::chosen(days, false, false).expect_err(days);
            assert_eq!(refused.fields[0].field, "days");
        }
    }

    #[test]
    fn one_thing_alone_rules_it_out() {
        let fine = Sharable { published: true, restricted: false, switched_on: true };
        assert_eq!(fine.keeps(), None);
        for (kept, word) in [
            (Sharable { restricted: true, ..fine }, "restricted"),
            (Sharable { published: false, ..fine }, "not published"),
            (Sharable { switched_on: false, ..fine }, "switched off"),
        ] {
            assert!(kept.keeps().expect("kept").contains(word), "{kept:?}");
        }
    }
}
