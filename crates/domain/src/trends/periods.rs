//! Periods: the calendar months, quarters and years by which people measures close.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// A calendar month.
    Month,
    /// Three months, from January, April, July or October on.
    Quarter,
    /// A calendar year.
    Year,
}

impl Span {
    /// All, short to long: the order in which people measures try them.
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["month", "quarter", "year"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.slug() == slug)
    }

    /// Its length in months.
    pub fn months(self) -> u32 {
        [1, 3, 12][self as usize]
    }
}

/// A calendar month, quarter or year. Ordered by its first day, shorter before longer.
///
/// Written `2026-11`, `2026-Q3`, `2026`, in addresses and in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: i32,
    first_month: u32,
    span: Span,
}

impl Period {
    /// The period of this length that a date lies in.
    pub fn of(span: Span, date: NaiveDate) -> Self {
        let first_month = date.month0() / span.months() * span.months() + 1;
        Self { year: date.year(), first_month, span }
    }

    /// The calendar month a date lies in.
    pub fn month_of(date: NaiveDate) -> Self {
        Self::of(Span::Month, date)
    }

    /// A month by number, 1 to 12; years 1970 to 9999.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        ((1970..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self {
            year,
            first_month: month,
            span: Span::Month,
        })
    }

    /// A quarter by number, 1 to 4; years as in [`month`](Self::month).
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let first = (1..=4).contains(&quarter).then(|| quarter * 3 - 2)?;
        Some(Self { span: Span::Quarter, ..Self::month(year, first)? })
    }

    /// A year, 1970 to 9999.
    pub fn year(year: i32) -> Option<Self> {
        Some(Self { span: Span::Year, ..Self::month(year, 1)? })
    }

    /// Month, quarter or year.
    pub fn span(self) -> Span {
        self.span
    }

    /// The calendar year it lies in.
    pub fn calendar_year(self) -> i32 {
        self.year
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.first_month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// The first day on which it is over.
    pub fn closed_on(self) -> NaiveDate {
        self.next().first_day()
    }

    /// The period of the same length after it.
    #[must_use]
    pub fn next(self) -> Self {
        let month0 = self.first_month - 1 + self.span.months();
        Self { year: self.year + i32::from(month0 >= 12), first_month: month0 % 12 + 1, span: self.span }
    }

    /// The period of the same length before it.
    #[must_use]
    pub fn previous(self) -> Self {
        let month0 = self.first_month - 1 + 12 - self.span.months();
        Self { year: self.year - i32::from(month0 < 12), first_month: month0 % 12 + 1, span: self.span }
    }

    /// Whether a date lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        Self::of(self.span, date) == self
    }

    /// Whether another period lies in it, or is it.
    pub fn covers(self, other: Self) -> bool {
        other.span <= self.span && self.contains(other.first_day())
    }

    /// The period of this length around it; itself where it is longer already.
    #[must_use]
    pub fn widened(self, span: Span) -> Self {
        Self::of(span.max(self.span), self.first_day())
    }

    /// Its months, in order.
    pub fn months(self) -> impl Iterator<Item = Self> {
        (self.first_month..self.first_month + self.span.months()).map(move |first_month| Self {
            first_month,
            span: Span::Month,
            ..self
        })
    }

    /// "November 2026", "Q3 2026", "2026".
    pub fn label(self) -> String {
        match self.span {
            Span::Month => self.first_day().format("%B %Y").to_string(),
            Span::Quarter => format!("Q{} {}", self.first_month.div_ceil(3), self.year),
            Span::Year => self.year.to_string(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Span::Month => write!(f, "{:04}-{:02}", self.year, self.first_month),
            Span::Quarter => write!(f, "{:04}-Q{}", self.year, self.first_month.div_ceil(3)),
            Span::Year => write!(f, "{:04}", self.year),
        }
    }
}

/// A text that names no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month, quarter or year")]
pub struct NotAPeriod;

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let number = |part: &str, digits: usize| {
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
        };
        let read = || {
            let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
            let year = i32::try_from(number(year, 4)?).ok()?;
            match rest {
                None => Self::year(year),
                Some(rest) => match rest.strip_prefix('Q') {
                    Some(quarter) => Self::quarter(year, number(quarter, 1)?),
                    None => Self::month(year, number(rest, 2)?),
                },
            }
        };
        read().ok_or(NotAPeriod)
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;
    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_knows_its_days_and_its_name() {
        let november = Period::month(2026, 11).unwrap();
        assert_eq!((november.first_day(), november.closed_on()), (date("2026-11-01"), date("2026-12-01")));
        assert_eq!(november.label(), "November 2026");
        let third = Period::quarter(2026, 3).unwrap();
        assert_eq!((third.first_day(), third.closed_on()), (date("2026-07-01"), date("2026-10-01")));
        assert_eq!(third.label(), "Q3 2026");
        let year = Period::year(2026).unwrap();
        assert_eq!((year.first_day(), year.closed_on()), (date("2026-01-01"), date("2027-01-01")));
        assert_eq!(year.label(), "2026");
        assert!(third.contains(date("2026-09-30")) && !third.contains(date("2026-10-01")) && !third.contains(date("2025-09-30")));
    }

    #[test]
    fn next_and_previous_undo_each_other_and_leave_no_day_out() {
        for span in Span::ALL {
            let mut period = Period::of(span, date("2023-12-31"));
            for _ in 0..40 {
                assert_eq!(period.next().previous(), period);
                assert_eq!(period.next().first_day(), period.closed_on());
                assert!(period.contains(period.closed_on().pred_opt().unwrap()) && !period.contains(period.closed_on()));
                assert_eq!(period.months().count(), span.months() as usize);
                assert!(period.months().all(|month| period.covers(month) && month.widened(span) == period));
                period = period.next();
            }
        }
    }

    #[test]
    fn text_and_json_bring_the_same_period_back() {
        for (text, period) in
            [("2026-11", Period::month(2026, 11)), ("2026-Q3", Period::quarter(2026, 3)), ("2026", Period::year(2026))]
        {
            let period = period.unwrap();
            assert_eq!(period.to_string(), text);
            assert_eq!(text.parse(), Ok(period));
            let json = serde_json::to_string(&period).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
        }
        for text in
            ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-1", "2026-011", "+026-01", "2026-", "1900-01", "2026-q1"]
        {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }
}
