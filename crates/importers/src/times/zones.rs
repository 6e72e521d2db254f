//! Time zones by the names that people give them, and the wall clock of each.

use chrono::{DateTime, Duration, FixedOffset, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{OffsetComponents, Tz};

/// A zone as a document names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Zone {
    place: Place,
    /// The abbreviation and whether it means summer time, where only one of the two was named.
    said: Option<(&'static str, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Named(Tz),
    Fixed(FixedOffset),
}

/// Abbreviation, the place whose wall clock it means, and whether it means summer time; `None` where it means both.
const ABBREVIATIONS: &[(&str, Tz, Option<bool>)] = &[
    ("UTC", Tz::UTC, None),
    ("GMT", Tz::UTC, None),
    ("CET", Tz::Europe__Copenhagen, Some(false)),
    ("CEST", Tz::Europe__Copenhagen, Some(true)),
    ("MEZ", Tz::Europe__Copenhagen, Some(false)),
    ("MESZ", Tz::Europe__Copenhagen, Some(true)),
    ("BST", Tz::Europe__London, Some(true)),
    ("WET", Tz::Europe__Lisbon, Some(false)),
    ("WEST", Tz::Europe__Lisbon, Some(true)),
    ("EET", Tz::Europe__Helsinki, Some(false)),
    ("EEST", Tz::Europe__Helsinki, Some(true)),
    ("MSK", Tz::Europe__Moscow, None),
    ("PST", Tz::America__Los_Angeles, Some(false)),
    ("PDT", Tz::America__Los_Angeles, Some(true)),
    ("PT", Tz::America__Los_Angeles, None),
    ("MST", Tz::America__Denver, Some(false)),
    ("MDT", Tz::America__Denver, Some(true)),
    ("MT", Tz::America__Denver, None),
    ("CST", Tz::America__Chicago, Some(false)),
    ("CDT", Tz::America__Chicago, Some(true)),
    ("CT", Tz::America__Chicago, None),
    ("EST", Tz::America__New_York, Some(false)),
    ("EDT", Tz::America__New_York, Some(true)),
    ("ET", Tz::America__New_York, None),
    ("AKST", Tz::America__Anchorage, Some(false)),
    ("AKDT", Tz::America__Anchorage, Some(true)),
    ("HST", Tz::Pacific__Honolulu, None),
    ("BRT", Tz::America__Sao_Paulo, None),
    ("IST", Tz::Asia__Kolkata, None),
    ("SGT", Tz::Asia__Singapore, None),
    ("HKT", Tz::Asia__Hong_Kong, None),
    ("JST", Tz::Asia__Tokyo, None),
    ("KST", Tz::Asia__Seoul, None),
    ("AEST", Tz::Australia__Sydney, Some(false)),
    ("AEDT", Tz::Australia__Sydney, Some(true)),
    ("AWST", Tz::Australia__Perth, None),
    ("NZST", Tz::Pacific__Auckland, Some(false)),
    ("NZDT", Tz::Pacific__Auckland, Some(true)),
];

/// Places that are named in words: "Danish time", "US/Pacific", "Pacific time".
const WORDS: &[(&str, Tz)] = &[
    ("danish", Tz::Europe__Copenhagen),
    ("denmark", Tz::Europe__Copenhagen),
    ("central european", Tz::Europe__Copenhagen),
    ("german", Tz::Europe__Berlin),
    ("dutch", Tz::Europe__Amsterdam),
    ("swedish", Tz::Europe__Stockholm),
    ("norwegian", Tz::Europe__Oslo),
    ("uk time", Tz::Europe__London),
    ("british", Tz::Europe__London),
    ("pacific", Tz::America__Los_Angeles),
    ("us eastern", Tz::America__New_York),
    ("eastern time", Tz::America__New_York),
    ("us central", Tz::America__Chicago),
    ("central time", Tz::America__Chicago),
    ("mountain time", Tz::America__Denver),
];

impl Zone {
    /// Coordinated universal time.
    pub(crate) const UTC: Self = Self { place: Place::Named(Tz::UTC), said: None };

    /// A place of the IANA database.
    pub(crate) fn of(tz: Tz) -> Self {
        Self { place: Place::Named(tz), said: None }
    }

    /// IANA name. A fixed offset of whole hours has one; another offset is told in UTC.
    pub(crate) fn name(&self) -> String {
        match self.place {
            Place::Named(tz) => tz.name().to_owned(),
            Place::Fixed(offset) => match offset.local_minus_utc() {
                seconds if seconds % 3600 == 0 && seconds != 0 && seconds.abs() <= 12 * 3600 => {
                    format!("Etc/GMT{:+}", -seconds / 3600)
                }
                _ => "UTC".to_owned(),
            },
        }
    }

    /// Whether people there write the month before the day.
    pub(crate) fn is_american(&self) -> bool {
        matches!(self.place, Place::Named(tz) if tz.name().starts_with("America/") && tz != Tz::America__Sao_Paulo)
    }

    /// The instant of a wall clock reading there, and what is odd about it. Of a reading that happens twice the earlier one is taken,
    /// unless the row itself (`own`) names summer or winter time; one that the clocks skip is read by the clock of before, so it comes
    /// out an hour later.
    pub(crate) fn instant(&self, wall: NaiveDateTime, own: bool) -> (DateTime<Utc>, Option<String>) {
        let tz = match self.place {
            Place::Fixed(offset) => return ((wall - Duration::seconds(offset.local_minus_utc().into())).and_utc(), None),
            Place::Named(tz) => tz,
        };
        match tz.from_local_datetime(&wall) {
            chrono::LocalResult::Single(at) => (at.with_timezone(&Utc), self.contradiction(&at)),
            chrono::LocalResult::Ambiguous(early, late) => match self.said.filter(|_| own) {
                Some((_, summer)) => {
                    ([early, late].into_iter().find(|at| is_summer(at) == summer).unwrap_or(early).with_timezone(&Utc), None)
                }
                None => {
                    let flag = "The clocks went back here, so this time happened twice; the first was taken.";
                    (early.with_timezone(&Utc), Some(flag.to_owned()))
                }
            },
            chrono::LocalResult::None => {
                let before = tz.offset_from_utc_datetime(&(wall - Duration::hours(14))).fix();
                let at = (wall - Duration::seconds(before.local_minus_utc().into())).and_utc();
                (at, Some("The clocks went forward here, so this time did not exist; it was read as one hour later.".to_owned()))
            }
        }
    }

    fn contradiction(&self, at: &DateTime<Tz>) -> Option<String> {
        let (abbreviation, summer) = self.said?;
        if is_summer(at) == summer {
            return None;
        }
        let season = if summer { "winter" } else { "summer" };
        let place = at.timezone().name().rsplit('/').next().unwrap_or_default().replace('_', " ");
        Some(format!("Written as {abbreviation} on a day in {season} time; taken as the time on the wall in {place}."))
    }
}

fn is_summer(at: &DateTime<Tz>) -> bool {
    !at.offset().dst_offset().is_zero()
}

/// `UTC`, `CEST`, `utc+2`, `+01:00`, `Europe/Copenhagen` at the start of `text`, and its length. Lower case only where `loose`.
pub(crate) fn zone_at(text: &str, loose: bool) -> Option<(Zone, usize)> {
    if let Some((offset, length)) = offset_at(text) {
        return Some((fixed(offset), length));
    }
    let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_')).count();
    let word = &text[..length];
    if word == "Z" {
        return Some((Zone::UTC, 1));
    }
    if word.contains('/')
        && word.len() < 40
        && let Ok(tz) = word.parse::<Tz>()
    {
        return Some((Zone { place: Place::Named(modern(tz)), said: None }, length));
    }
    // "CET/CEST": both, so the wall clock and no contradiction.
    let (first, second) = word.split_once('/').unwrap_or((word, ""));
    let zone = abbreviation(first, loose)?;
    if let Some(other) = abbreviation(second, loose)
        && other.place == zone.place
    {
        return Some((Zone { said: None, ..zone }, length));
    }
    if zone == Zone::UTC
        && let Some((offset, more)) = offset_at(&text[first.len()..])
    {
        return Some((fixed(offset), first.len() + more));
    }
    Some((zone, first.len()))
}

/// Old names of American zones by the ones that are in use.
fn modern(tz: Tz) -> Tz {
    match tz {
        Tz::US__Pacific => Tz::America__Los_Angeles,
        Tz::US__Mountain => Tz::America__Denver,
        Tz::US__Central => Tz::America__Chicago,
        Tz::US__Eastern => Tz::America__New_York,
        other => other,
    }
}

/// `loose` takes small letters too, where they are no English word: "west" and "est." are.
fn abbreviation(word: &str, loose: bool) -> Option<Zone> {
    const CLEAR: [&str; 6] = ["UTC", "GMT", "CET", "CEST", "PST", "PDT"];
    let matches = |name: &str| name == word || (loose && CLEAR.contains(&name) && name.eq_ignore_ascii_case(word));
    let (name, tz, summer) = ABBREVIATIONS.iter().find(|(name, ..)| matches(name))?;
    Some(Zone { place: Place::Named(*tz), said: summer.map(|s| (*name, s)) })
}

fn fixed(seconds: i32) -> Zone {
    match FixedOffset::east_opt(seconds) {
        Some(offset) if seconds != 0 => Zone { place: Place::Fixed(offset), said: None },
        _ => Zone::UTC,
    }
}

/// `+1`, `+01`, `+0100`, `+01:00`, `-05:30`: seconds east, and the length.
fn offset_at(text: &str) -> Option<(i32, usize)> {
    let (sign, sign_length) = match text.chars().next()? {
        '+' => (1, 1),
        '-' => (-1, 1),
        '−' => (-1, 3),
        _ => return None,
    };
    let rest = &text[sign_length..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = |s: &str| s.parse::<i32>().ok();
    let (hours, minutes, length) = match digits {
        1 | 2 => {
            let hours = number(&rest[..digits])?;
            match rest.get(digits + 1..digits + 3) {
                Some(m) if rest.as_bytes()[digits] == b':' && m.bytes().all(|b| b.is_ascii_digit()) => {
                    (hours, number(m)?, digits + 3)
                }
                _ => (hours, 0, digits),
            }
        }
        4 => (number(&rest[..2])?, number(&rest[2..4])?, 4),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 3600 + minutes * 60), sign_length + length))
}

/// The first zone named in a heading or a sentence about times.
pub(crate) fn zone_in(text: &str) -> Option<Zone> {
    let text = &text.replace("CE(S)T", "CET/CEST");
    let boundary = |i: usize| i == 0 || !text[..i].ends_with(|c: char| c.is_alphanumeric());
    for (i, c) in text.char_indices() {
        if !c.is_ascii_alphabetic() || !boundary(i) {
            continue;
        }
        if let Some((zone, length)) = zone_at(&text[i..], false).or_else(|| zone_at(&text[i..], true))
            && !text[i + length..].starts_with(|c: char| c.is_alphanumeric())
        {
            return Some(pair(zone, &text[i + length..]));
        }
    }
    let lower = text.to_lowercase();
    if let Some((_, tz)) = WORDS.iter().find(|(words, _)| lower.contains(words)) {
        return Some(Zone { place: Place::Named(*tz), said: None });
    }
    let mut names = text.split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 3 && w.starts_with(char::is_uppercase));
    names.find_map(city)
}

/// "CET / CEST", "CET or CEST": both are named.
fn pair(zone: Zone, after: &str) -> Zone {
    let next = after.trim_start_matches([' ', '/', '(', ',']).trim_start_matches("or ").trim_start_matches("and ");
    let length = next.bytes().take_while(u8::is_ascii_alphabetic).count();
    match abbreviation(&next[..length], false) {
        Some(other) if other.place == zone.place && other.said != zone.said => Zone { said: None, ..zone },
        _ => zone,
    }
}

fn city(word: &str) -> Option<Zone> {
    // Parts of zone names that are ordinary words.
    if ["Center", "General", "North", "South", "West", "East"].contains(&word) {
        return None;
    }
    let tz = chrono_tz::TZ_VARIANTS.iter().find(|tz| tz.name().rsplit('/').next() == Some(word) && tz.name().contains('/'))?;
    Some(Zone { place: Place::Named(*tz), said: None })
}

/// Whether a line says outright in which zone all times are; "time" alone is a word of many sentences.
pub(crate) fn times_statement(line: &str) -> Option<Zone> {
    let lower = line.to_lowercase();
    let says = ["all times", "times are", "times in", "timezone", "time zone", "timestamps", "times below", "time:"];
    (line.len() < 120 && says.iter().any(|w| lower.contains(w))).then(|| zone_statement(line)).flatten()
}

/// Whether a line is about the zone of the times, as in "All times in CET".
pub(crate) fn zone_statement(line: &str) -> Option<Zone> {
    let lower = line.to_lowercase();
    let about_times = ["time", "clock", "zone"].iter().any(|w| lower.contains(w));
    (about_times && line.len() < 240).then(|| zone_in(line)).flatten()
}
