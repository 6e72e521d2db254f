//! Clock readings as written: `13:00`, `13.00`, `1:05 pm`, `13h00`, `1300Z`, `24:00`, `--:--`.

use super::scan::Scan;
use super::written::{Clock, Moment, Written};
use super::zones::zone_at;
use chrono::NaiveTime;

impl Scan<'_> {
    /// A clock reading; moves on only if there is one.
    pub(super) fn clock(&mut self, moment: &mut Moment, out: &mut Written) -> bool {
        let back = self.at;
        match self.reading(moment, out) {
            Some(clock) => {
                moment.clock = Some(clock);
                true
            }
            None => {
                self.at = back;
                false
            }
        }
    }

    fn reading(&mut self, moment: &mut Moment, out: &mut Written) -> Option<Clock> {
        for unknown in ["--:--", "-:-", "??:??", "xx:xx", "XX:XX", "__:__", "HH:mm", "HH:MM", "hh:mm", "--.--"] {
            if moment.day.is_some() && self.rest().starts_with(unknown) {
                self.at += unknown.len();
                return Some(Clock::Unknown);
            }
        }
        let word = self.letters().to_lowercase();
        let closed = self.rest()[self.letters().len()..].trim_start().starts_with([':', ',', '-', '–', '—', '*']);
        let alone = self.whole || moment.day.is_some() || out.about || closed;
        if matches!(word.as_str(), "noon" | "midday" | "midnight") && alone {
            self.at += word.len();
            return NaiveTime::from_hms_opt(if word == "midnight" { 0 } else { 12 }, 0, 0).map(Clock::At);
        }
        let first = self.digits();
        self.at += first.len();
        match first.len() {
            1 | 2 => self.hour(first, moment, out),
            4 | 6 => self.compact(first, moment.day.is_some()),
            _ => None,
        }
    }

    fn hour(&mut self, first: &str, moment: &mut Moment, out: &mut Written) -> Option<Clock> {
        let mut hour: u32 = first.parse().ok()?;
        let mut minute = 0;
        let mut second = 0;
        let mut with_minutes = false;
        if self.rest().starts_with([':', '.', 'h', '：', '∶']) {
            let mark = self.rest().chars().next()?;
            self.at += mark.len_utf8();
            let digits = self.digits();
            if digits.len() == 2 {
                // "3.45" in a sentence is a number; "13.45" at its start is a time.
                if mark == '.' && !self.whole && (first.len() < 2 || self.rest()[2..].starts_with(['.', '%'])) {
                    return None;
                }
                minute = digits.parse().ok()?;
                with_minutes = true;
                self.at += 2;
            } else if mark == ':' && ["xx", "XX", "??", "--", "__"].iter().any(|u| self.rest().starts_with(u)) {
                out.about = true;
                with_minutes = true;
                self.at += 2;
            } else if mark != 'h' || !digits.is_empty() || !self.whole {
                return None;
            } else {
                with_minutes = true;
            }
            if with_minutes && self.rest().starts_with([':', '.']) && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
                self.at += 1;
                let digits = self.digits();
                if digits.len() != 2 {
                    return None;
                }
                second = digits.parse().ok()?;
                self.at += 2;
                if self.rest().starts_with(['.', ',']) && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
                    self.at += 1;
                    self.at += self.digits().len();
                }
            }
        }
        let half = self.half_of_day();
        moment.half = half.is_some();
        if let Some(afternoon) = half {
            if !(1..=12).contains(&hour) {
                // "13:00 pm" says it twice.
                return (hour > 12 && hour < 24 && afternoon).then(|| at(hour, minute, second)).flatten();
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            moment.afternoon = afternoon;
        } else {
            if !with_minutes {
                return None;
            }
            moment.bare_twelve = hour < 12;
        }
        if self
            .rest()
            .starts_with(|c: char| c.is_ascii_digit() || c == ':' && self.rest()[1..].starts_with(|d: char| d.is_ascii_digit()))
        {
            return None;
        }
        at(hour, minute, second)
    }

    /// `1300` after a date, `1300Z`, `1300 UTC`, `130012` after a date.
    fn compact(&mut self, digits: &str, dated: bool) -> Option<Clock> {
        let rest = self.rest();
        if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ':')) && !rest.starts_with("- ") {
            return None;
        }
        let after = rest.trim_start();
        let zoned = zone_at(after, false).is_some_and(|(_, length)| !after[length..].starts_with(char::is_alphanumeric));
        if !(dated || zoned || after.starts_with("hrs") || after.starts_with("hours")) || (digits.len() == 6 && !dated) {
            return None;
        }
        let part = |from: usize| digits.get(from..from + 2).and_then(|d| d.parse().ok());
        at(part(0)?, part(2)?, part(4).unwrap_or(0))
    }

    /// am (`false`) or pm (`true`).
    fn half_of_day(&mut self) -> Option<bool> {
        let rest = self.rest();
        let inner = rest.trim_start_matches([' ', '\u{A0}', '\u{202F}']);
        let lower: String = inner.chars().take(4).flat_map(char::to_lowercase).collect();
        let (afternoon, length) = match lower.as_str() {
            "a.m." => (false, 4),
            "p.m." => (true, 4),
            text if text.starts_with("am") => (false, 2),
            text if text.starts_with("pm") => (true, 2),
            _ => return None,
        };
        if inner[length..].starts_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        self.at += rest.len() - inner.len() + length;
        Some(afternoon)
    }
}

fn at(hour: u32, minute: u32, second: u32) -> Option<Clock> {
    if (hour, minute, second) == (24, 0, 0) {
        return Some(Clock::EndOfDay);
    }
    // A leap second is told as the second before it.
    NaiveTime::from_hms_opt(hour, minute, if second == 60 { 59 } else { second }).map(Clock::At)
}
