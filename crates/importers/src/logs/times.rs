//! Times as programs write them: seconds since 1970.

use chrono::{DateTime, Utc};

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
