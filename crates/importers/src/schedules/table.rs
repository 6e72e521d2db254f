//! A table of shifts: a line with headings, then one shift a line.

use super::Taken;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use domain::walltime::to_utc;

const STARTS: [&str; 7] = ["start", "starts", "starts at", "start time", "from", "begin", "begins"];
const ENDS: [&str; 8] = ["end", "ends", "ends at", "end time", "to", "until", "finish", "finishes"];
const PEOPLE: [&str; 10] = ["person", "email", "e-mail", "mail", "user", "name", "who", "on call", "on-call", "oncall"];
/// A longer cell is no name.
const NAME_MAX: usize = 200;

/// Reads it line by line.
pub(super) fn read(text: &str, zone: Tz, taken: &mut Taken) {
    let head = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|mark| head.as_bytes().contains(mark)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |at| at.line());
                taken.note(usize::try_from(line).unwrap_or_default(), "This line could not be read; it was left out.");
                continue;
            }
        };
        let line = record.position().map_or(0, |at| usize::try_from(at.line()).unwrap_or_default());
        if record.iter().all(str::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Columns::of(&record);
            if columns.is_none() {
                taken.note(line, "The first line should name the columns: start, end and person, as in “start,end,person”.");
                return;
            }
            continue;
        };
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let (start, end) = (cell(columns.start), cell(columns.end));
        match (instant(start, zone), instant(end, zone)) {
            (Some(starts), Some(ends)) => {
                let people = columns.people.iter().flat_map(|at| names(cell(*at)));
                taken.shift(line, starts, ends, people.collect());
            }
            (None, _) => taken.note(line, format!("“{}” is no time that can be read; the line was left out.", short(start))),
            (_, None) => taken.note(line, format!("“{}” is no time that can be read; the line was left out.", short(end))),
        }
    }
}

struct Columns {
    start: usize,
    end: usize,
    people: Vec<usize>,
}

impl Columns {
    fn of(record: &csv::StringRecord) -> Option<Self> {
        let heads: Vec<String> = record.iter().map(|head| head.to_lowercase().replace('_', " ")).collect();
        let find = |words: &[&str]| heads.iter().position(|head| words.contains(&head.as_str()));
        // Addresses say more than names, so they are looked at first, as they are listed.
        let people = PEOPLE.iter().filter_map(|word| heads.iter().position(|head| head == word)).collect::<Vec<_>>();
        let mut people_by_mail = people;
        people_by_mail.sort_by_key(|at| !heads[*at].contains("mail"));
        if people_by_mail.is_empty() {
            return None;
        }
        Some(Self { start: find(&STARTS)?, end: find(&ENDS)?, people: people_by_mail })
    }
}

/// `Ada Lund`, `ada@example.org`, or both as in a letter: `Ada Lund <ada@example.org>`.
fn names(cell: &str) -> Vec<String> {
    let cell: String = cell.chars().take(NAME_MAX).collect();
    let both = cell.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).filter(|(_, mail)| mail.contains('@'));
    let parts = match both {
        Some((name, mail)) => vec![mail, name],
        None => vec![cell.as_str()],
    };
    parts.into_iter().map(|part| part.trim().trim_matches('"').to_owned()).filter(|part| !part.is_empty()).collect()
}

fn short(cell: &str) -> String {
    if cell.is_empty() { "(nothing)".to_owned() } else { cell.chars().take(40).collect() }
}

/// `2026-11-02T09:00:00+01:00`, `2026-11-02T08:00Z`, `2026-11-02 09:00`, `2026-11-02`.
fn instant(cell: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let cell = cell.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(cell) {
        return Some(at.to_utc());
    }
    for form in ["%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M%#z", "%Y-%m-%d %H:%M:%S%#z", "%Y-%m-%d %H:%M %#z", "%Y-%m-%d %H:%M:%S %#z"]
    {
        if let Ok(at) = DateTime::parse_from_str(cell, form) {
            return Some(at.to_utc());
        }
    }
    let plain = cell.strip_suffix('Z').map(str::trim_end);
    let (wall, zone) = plain.map_or((cell, zone), |cell| (cell, Tz::UTC));
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(wall) = NaiveDateTime::parse_from_str(wall, form) {
            return Some(to_utc(zone, wall).at);
        }
    }
    let day = NaiveDate::parse_from_str(wall, "%Y-%m-%d").ok()?;
    Some(to_utc(zone, day.and_time(NaiveTime::MIN)).at)
}
