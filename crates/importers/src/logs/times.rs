//! Times as programs write them: RFC 3339, and seconds since 1970. Anything else is read as people write it.

use crate::times::place::Calendar;
use crate::times::scan;
use crate::times::zones::Zone;
use chrono::{DateTime, Datelike, SubsecRound, Utc};

/// Reads an instant that carries its zone, or one without a zone on the wall clock of `zone`. To the microsecond, as it is stored.
pub(super) fn instant(text: &str, zone: chrono_tz::Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    exact(text).or_else(|| {
        let written = scan::cell(text, Zone::of(zone).is_american())?;
        let whole = written.start.clock.is_some() && written.beside.is_empty();
        whole.then(|| Calendar::new(Zone::of(zone)).place(&written).ok()).flatten().map(|p| p.at).filter(plausible)
    })
}

/// RFC 3339 or seconds since 1970: nothing about it is a guess.
pub(super) fn exact(text: &str) -> Option<DateTime<Utc>> {
    let read = |t: &str| DateTime::parse_from_rfc3339(t).ok().map(|t| t.with_timezone(&Utc).trunc_subsecs(6));
    read(text).or_else(|| unix(text)).filter(plausible)
}

/// Seconds since 1970, with or without a fraction, or milliseconds.
pub(super) fn unix(text: &str) -> Option<DateTime<Utc>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !matches!(whole.len(), 9 | 10 | 13) || !digits(whole) || !digits(fraction) || text.ends_with('.') {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    if whole.len() == 13 {
        return DateTime::from_timestamp_millis(number);
    }
    let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    DateTime::from_timestamp_micros(number * 1_000_000 + micros)
}

/// Programs write 0001-01-01 for "none".
pub(super) fn plausible(at: &DateTime<Utc>) -> bool {
    (1970..2200).contains(&at.year())
}
