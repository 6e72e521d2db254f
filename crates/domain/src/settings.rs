//! Numbers that an administrator may choose, with their bounds; and the rule that the smallest group only grows.

use crate::Invalid;

/// A number that the instance remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Number {
    /// Working days between publication and the opening of the wall (PRODUCT.md rule 1).
    SoakDays,
    /// Smallest group that a people measure is shown for (PRODUCT.md rule 4).
    SmallestGroup,
    /// Days that an unsent draft is kept after its last change (research/security.md 2.8, as all that follow).
    DraftsDays,
    /// Days that "only me" answers are kept after the review is published.
    PrivateDays,
    /// Days that facilitator answers are kept after the review is published.
    FacilitatorDays,
    /// Days that a session that is over is remembered.
    SessionsDays,
    /// Days of the audit trail.
    AuditDays,
    /// Days that backups should be kept.
    BackupsDays,
    /// Days that something stays in the trash.
    TrashDays,
    /// Working days from an invitation to its first reminder; 0: none goes.
    FirstReminderDays,
    /// Working days from an invitation to its second reminder; 0: none goes.
    SecondReminderDays,
    /// Working days from the reminder of quotes to the end of the time to look at them; 0: none goes.
    QuoteReminderDays,
    /// What an hour of a person's work costs, one rate for the whole organisation, in its own currency; 0: no cost is told.
    TriageRate,
}

/// Key, default, lowest and highest of each, in the order of [`Number::ALL`].
const ROWS: [(&str, i64, i64, i64); 13] = [
    ("soak_days", 2, 0, 20),
    ("smallest_group", 5, 5, 50),
    ("retention_drafts_days", 30, 30, 365),
    ("retention_private_days", 30, 30, 365),
    ("retention_facilitator_days", 90, 30, 365),
    ("retention_sessions_days", 30, 1, 365),
    ("retention_audit_days", 400, 90, 3650),
    ("retention_backups_days", 35, 1, 365),
    ("trash_days", 30, 1, 365),
    ("reminder_first_days", 2, 0, 10),
    ("reminder_second_days", 4, 0, 20),
    ("reminder_quotes_days", 1, 0, 10),
    ("triage_rate", 0, 0, 100_000),
];

impl Number {
    /// All.
    pub const ALL: [Self; 13] = [
        Self::SoakDays,
        Self::SmallestGroup,
        Self::DraftsDays,
        Self::PrivateDays,
        Self::FacilitatorDays,
        Self::SessionsDays,
        Self::AuditDays,
        Self::BackupsDays,
        Self::TrashDays,
        Self::FirstReminderDays,
        Self::SecondReminderDays,
        Self::QuoteReminderDays,
        Self::TriageRate,
    ];

    /// Those of reminders, which stand beside the words of mail.
    pub const REMINDERS: [Self; 3] = [Self::FirstReminderDays, Self::SecondReminderDays, Self::QuoteReminderDays];

    /// As stored, and the name of its field.
    pub fn key(self) -> &'static str {
        ROWS[self as usize].0
    }

    /// What holds until somebody chooses.
    pub fn default_value(self) -> i64 {
        ROWS[self as usize].1
    }

    /// Lowest that may be chosen.
    pub fn lowest(self) -> i64 {
        ROWS[self as usize].2
    }

    /// Highest that may be chosen.
    pub fn highest(self) -> i64 {
        ROWS[self as usize].3
    }

    /// Reads what was typed, to follow `present`.
    ///
    /// # Errors
    /// The field named by [`key`](Self::key): no whole number, out of bounds, or a smallest group below the present one. What was
    /// published for groups of a size must not become a way to smaller ones.
    pub fn parse(self, typed: &str, present: i64) -> Result<i64, Invalid> {
        let (lowest, highest) = (self.lowest(), self.highest());
        let refused = |message: String| Err(Invalid::one(self.key(), message));
        let Ok(value) = typed.trim().parse::<i64>() else {
            return refused(format!("Please write a whole number from {lowest} to {highest}."));
        };
        if self == Self::SmallestGroup && value < present {
            return refused(format!(
                "Groups of {present} and more are shown now. This number can only grow: a smaller one would uncover people who \
                 answered under the promise of {present}."
            ));
        }
        if !(lowest..=highest).contains(&value) {
            return refused(format!("Please choose a number from {lowest} to {highest}."));
        }
        Ok(value)
    }
}

/// The second reminder of an invitation comes after the first, where both go; days as chosen, 0: none.
///
/// # Errors
/// Field of [`Number::SecondReminderDays`].
pub fn check_reminders(first: i64, second: i64) -> Result<(), Invalid> {
    if first > 0 && second > 0 && second <= first {
        let message = format!("The first one goes after {first}. Please choose a later day for the second, or none.");
        return Err(Invalid::one(Number::SecondReminderDays.key(), message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_keeps_its_bounds() {
        for number in Number::ALL {
            let present = number.default_value();
            assert!((number.lowest()..=number.highest()).contains(&present), "{number:?}");
            assert_eq!(number.parse(&format!(" {present} "), present), Ok(present));
            for wrong in ["", "x", "1.5", "-1", "1000000", "99999999999999999999"] {
                assert!(number.parse(wrong, present).unwrap_err().message(number.key()).is_some(), "{number:?} {wrong:?}");
            }
        }
    }

    #[test]
    fn the_smallest_group_only_grows() {
        assert_eq!(Number::SmallestGroup.parse("8", 5), Ok(8));
        assert_eq!(Number::SmallestGroup.parse("8", 8), Ok(8));
        for lower in ["7", "5", "4", "0"] {
            let refused = Number::SmallestGroup.parse(lower, 8).unwrap_err();
            assert!(refused.message("smallest_group").unwrap().contains("only grow"), "{lower}");
        }
        assert_eq!(Number::SoakDays.parse("0", 20), Ok(0), "others go both ways");
    }

    #[test]
    fn the_second_reminder_comes_after_the_first() {
        for (first, second) in [(2, 4), (0, 4), (0, 1), (3, 0), (0, 0)] {
            assert!(check_reminders(first, second).is_ok(), "{first} {second}");
        }
        for (first, second) in [(2, 2), (4, 1)] {
            let refused = check_reminders(first, second).unwrap_err();
            assert!(refused.message("reminder_second_days").is_some(), "{first} {second}");
        }
    }
}
