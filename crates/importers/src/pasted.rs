//! Pasted text: a chat, a table, a shell's history, a status page, lines with times. What stands there becomes proposals; days and zones
//! that the text does not name stay open, for a person to say.

use crate::guess;
use crate::times::find::suffix;
use crate::times::scan::{cell, prefix};
use crate::times::written::{Clock, Day, Written};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::timeline::EventKind;

/// Most proposals of one text; what is longer is a file to import.
pub const PROPOSALS_MAX: usize = 300;

/// Something that could become an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Line in the text, from 1.
    pub line: usize,
    /// The day that the text names for it, beside its time or above it.
    pub day: Option<NaiveDate>,
    /// The day stands beside its own time.
    pub own_day: bool,
    /// The time as written; `None` when there is none.
    pub time: Option<NaiveTime>,
    /// The text says "about".
    pub about: bool,
    /// IANA name of the zone that the text names beside the time.
    pub zone: Option<String>,
    /// Who said it, as the text names them; empty when it names nobody.
    pub author: String,
    /// A kind where the words make it plain, else a note.
    pub kind: EventKind,
    /// What happened.
    pub body: String,
    /// Why a person should look at it again; empty when nothing is odd.
    pub flag: String,
}

/// What was understood of a pasted text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// In the order of the text.
    pub proposals: Vec<Proposal>,
    /// The text holds more than [`PROPOSALS_MAX`]; the rest is not here.
    pub is_cut: bool,
}

/// Reads a pasted text. `year` is that of days which name none.
pub fn read_pasted(text: &str, year: i32) -> Pasted {
    let mut reader = Reader { year, ..Reader::default() };
    for (n, line) in text.lines().enumerate() {
        reader.line(n + 1, line);
        if reader.found.len() > PROPOSALS_MAX {
            break;
        }
    }
    reader.close();
    let mut proposals = reader.found;
    // A text without a single time is a list of steps: each line is one.
    if proposals.iter().all(|p| p.time.is_none() && p.day.is_none()) {
        proposals = steps(text);
    }
    let is_cut = proposals.len() > PROPOSALS_MAX;
    proposals.truncate(PROPOSALS_MAX);
    Pasted { proposals, is_cut }
}

/// The places, from 0, at which a time without a day lies before the one above it: whether midnight was between them is for a person to say.
pub fn midnights(proposals: &[Proposal]) -> Vec<usize> {
    let mut before: Option<NaiveTime> = None;
    let mut places = Vec::new();
    for (n, proposal) in proposals.iter().enumerate() {
        let Some(time) = proposal.time else { continue };
        if !proposal.own_day && before.is_some_and(|before| time < before) {
            places.push(n);
        }
        before = Some(time);
    }
    places
}

#[derive(Default)]
struct Reader {
    year: i32,
    /// The day that a line of its own named.
    day: Option<NaiveDate>,
    found: Vec<Proposal>,
    /// An update of a status page: its time stands below its words.
    waits_for_time: bool,
    /// When the next line of a shell's history was typed.
    typed_at: Option<DateTime<Utc>>,
}

impl Reader {
    fn line(&mut self, n: usize, line: &str) {
        let line = unmarked(line.trim());
        if line.is_empty() || is_ruler(line) {
            return;
        }
        if let Some(at) = history_stamp(line) {
            self.typed_at = Some(at);
        } else if let Some(at) = self.typed_at.take() {
            self.command(n, at, line);
        } else if let Some((at, command)) = zsh(line) {
            self.command(n, at, command);
        } else if let Some((time, words)) = row(line) {
            self.entry(n, &time, &words);
        } else if let Some(words) = status_update(line) {
            self.begin(n, None, EventKind::Communication, words);
            self.waits_for_time = true;
        } else if let Some(written) = cell(line, false).filter(|w| w.beside.is_empty()) {
            self.time_line(n, &written);
        } else if let Some((name, written)) = name_and_time(line) {
            let author = self.begin(n, Some(&written), EventKind::Note, "");
            author.author = name;
        } else if let Some((written, end)) = prefix(numbered(line), false).filter(|(w, _)| w.start.clock.is_some()) {
            self.entry(n, &written, &numbered(line)[end..]);
        } else {
            self.more(n, line);
        }
    }

    /// A line that is a time and nothing else: a day for what follows, the time of an update above it, or the beginning of a message.
    fn time_line(&mut self, n: usize, written: &Written) {
        if written.is_day_only() {
            self.day = self.day_of(written);
            return;
        }
        if std::mem::take(&mut self.waits_for_time) {
            let (day, flag) = (self.day_of(written), flag_of(written));
            if let Some(last) = self.found.last_mut() {
                (last.day, last.own_day, last.flag) = (day.or(last.day), day.is_some(), flag);
                (last.time, last.about, last.zone) = (time_of(written), written.about, zone_of(written));
            }
            return;
        }
        // "Name" above "10:41": some chats copy like that.
        let name = self.found.last_mut().and_then(|last| {
            let (above, name) = last.body.rsplit_once('\n').unwrap_or(("", &last.body));
            let (above, name) = (above.to_owned(), name.to_owned());
            is_name(&name).then(|| {
                last.body = above;
                name
            })
        });
        if self.found.last().is_some_and(|last| last.body.is_empty() && last.time.is_none()) {
            self.found.pop();
        }
        self.begin(n, Some(written), EventKind::Note, "").author = name.unwrap_or_default();
    }

    /// A line that begins with its time.
    fn entry(&mut self, n: usize, written: &Written, rest: &str) {
        let rest = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ']' | ')' | ':' | '-' | '–' | '—' | '|' | ',' | ';'));
        let (author, words) = author_and_words(rest);
        self.begin(n, Some(written), EventKind::Note, words).author = author.to_owned();
    }

    fn command(&mut self, n: usize, at: DateTime<Utc>, command: &str) {
        let words = if command.contains('`') { command.to_owned() } else { format!("`{command}`") };
        let proposal = self.begin(n, None, EventKind::Note, &words);
        (proposal.day, proposal.own_day) = (Some(at.date_naive()), true);
        (proposal.time, proposal.zone) = (Some(at.time()), Some("UTC".to_owned()));
    }

    fn begin(&mut self, line: usize, written: Option<&Written>, kind: EventKind, words: &str) -> &mut Proposal {
        self.waits_for_time = false;
        let own = written.and_then(|w| self.day_of(w));
        self.day = own.or(self.day);
        self.found.push(Proposal {
            line,
            day: self.day,
            own_day: own.is_some(),
            time: written.and_then(time_of),
            about: written.is_some_and(|w| w.about),
            zone: written.and_then(zone_of),
            author: String::new(),
            kind,
            body: words.trim().to_owned(),
            flag: written.map(flag_of).unwrap_or_default(),
        });
        self.found.last_mut().expect("just pushed")
    }

    /// A line that goes on with what is above it; above the first time, it is something of its own.
    fn more(&mut self, n: usize, line: &str) {
        match self.found.last_mut() {
            Some(last) if last.body.is_empty() => line.clone_into(&mut last.body),
            Some(last) => {
                last.body.push('\n');
                last.body.push_str(line);
            }
            None => {
                self.begin(n, None, EventKind::Note, line);
            }
        }
    }

    /// The day that a time names itself; a leap day of another year is none.
    fn day_of(&self, written: &Written) -> Option<NaiveDate> {
        match written.start.day? {
            Day::Full(date) => Some(date),
            Day::NoYear { month, day } => NaiveDate::from_ymd_opt(self.year, month, day),
        }
    }

    fn close(&mut self) {
        self.found.retain(|p| !p.body.is_empty());
        for proposal in &mut self.found {
            if proposal.kind == EventKind::Note {
                proposal.kind = guess::event_kind(&proposal.body);
            }
        }
    }
}

fn time_of(written: &Written) -> Option<NaiveTime> {
    match written.start.clock? {
        Clock::At(time) => Some(time),
        Clock::EndOfDay => Some(NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN)),
        Clock::Unknown => None,
    }
}

fn zone_of(written: &Written) -> Option<String> {
    written.start.zone.map(|zone| zone.name())
}

fn flag_of(written: &Written) -> String {
    if written.start.day_or_month {
        "Day and month could be the other way round; read as day first.".to_owned()
    } else {
        String::new()
    }
}

/// Without the mark of a list or of a quotation.
fn unmarked(line: &str) -> &str {
    ["- ", "* ", "• ", "> ", "+ "].into_iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim()
}

/// `|---|---|`, `====`: drawn between rows.
fn is_ruler(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '|' | '-' | '=' | ':' | '+' | '_' | '*' | ' ' | '\t' | '—' | '–'))
}

/// `#1763370082`, as bash writes above each command.
fn history_stamp(line: &str) -> Option<DateTime<Utc>> {
    epoch(line.strip_prefix('#')?)
}

/// `: 1763370082:0;kubectl get pods`.
fn zsh(line: &str) -> Option<(DateTime<Utc>, &str)> {
    let (stamp, command) = line.strip_prefix(": ")?.split_once(';')?;
    let (at, lasted) = stamp.split_once(':')?;
    lasted.bytes().all(|b| b.is_ascii_digit()).then_some((epoch(at)?, command.trim()))
}

/// Seconds since 1970, in nine or ten digits: from 1973 to 2286.
fn epoch(digits: &str) -> Option<DateTime<Utc>> {
    let whole = matches!(digits.len(), 9 | 10) && digits.bytes().all(|b| b.is_ascii_digit());
    DateTime::from_timestamp(digits.parse().ok().filter(|_| whole)?, 0)
}

/// A row of a table: the first cell, or the first two, is its time. The other cells are told one after the other.
fn row(line: &str) -> Option<(Written, String)> {
    let inner = line.trim_matches('|');
    let mark = if inner.contains('\t') {
        '\t'
    } else if inner.contains('|') {
        '|'
    } else {
        return None;
    };
    let cells: Vec<&str> = inner.split(mark).map(str::trim).collect();
    let (mut time, mut used) = (cell(cells.first()?, false)?, 1);
    if time.is_day_only()
        && let Some(clock) = cells.get(1).and_then(|c| cell(c, false)).filter(|w| w.start.day.is_none())
    {
        let day = time.start.day;
        time = clock;
        (time.start.day, used) = (day, 2);
    }
    let words: Vec<&str> = cells[used..].iter().copied().filter(|c| !c.is_empty()).collect();
    (!words.is_empty()).then(|| (time, words.join(" – ")))
}

/// Words that status pages set before an update.
const UPDATES: [&str; 9] =
    ["resolved", "monitoring", "identified", "investigating", "update", "in progress", "scheduled", "completed", "verifying"];

fn status_update(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches('*');
    let (state, _) = bare.split_once([':', '-', '–', '—'])?;
    let state = state.trim().trim_end_matches('*').trim().to_lowercase();
    UPDATES.contains(&state.as_str()).then_some(line)
}

/// "Frida Holm  10:41 AM", "frida [10:41]": a name, and the time at the end.
fn name_and_time(line: &str) -> Option<(String, Written)> {
    let bare = line.replace(['[', ']'], " ");
    let bare = bare.trim_end();
    let (written, start, end) = suffix(bare, false)?;
    let name = bare.get(..start)?.trim_end_matches(['[', '(', ' ', '\t', ',', '·', '|', '-', '–', '—']).trim();
    (bare[end..].trim().is_empty() && written.start.clock.is_some() && is_name(name)).then(|| (name.to_owned(), written))
}

/// One to four words that all begin with a capital letter, or one word alone without a mark of a sentence.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '\'' | '’' | '@'));
    let short = !text.is_empty() && text.chars().count() <= 40;
    short && plain && (words.len() == 1 || (words.len() <= 4 && words.iter().all(capital)))
}

/// Words before a colon that are no names.
const LABELS: [&str; 14] = [
    "update", "note", "impact", "status", "alert", "warning", "error", "info", "debug", "fatal", "action", "fyi", "http", "https",
];

/// "<frida> words", "Frida Holm: words".
fn author_and_words(rest: &str) -> (&str, &str) {
    if let Some((name, words)) = rest.strip_prefix('<').and_then(|r| r.split_once('>'))
        && is_name(name)
    {
        return (name, words);
    }
    if let Some((name, words)) = rest.split_once(": ")
        && is_name(name)
        && !LABELS.contains(&name.to_lowercase().as_str())
    {
        return (name, words);
    }
    ("", rest)
}

/// Without the number that `history` sets before a line; a number alone, or a time, stays.
fn numbered(line: &str) -> &str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].trim_start();
    let is_number = (1..=6).contains(&digits) && line[digits..].starts_with("  ") && prefix(rest, false).is_some();
    if is_number { rest } else { line }
}

/// Each line as a step without a time.
fn steps(text: &str) -> Vec<Proposal> {
    let lines = text.lines().enumerate().map(|(n, line)| (n + 1, unmarked(line.trim())));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !is_ruler(line));
    lines
        .take(PROPOSALS_MAX + 1)
        .map(|(line, words)| {
            let digits = words.bytes().take_while(u8::is_ascii_digit).count();
            // "  501  kubectl get pods", "1. Restarted it"
            let bare = match words[digits..].strip_prefix(['.', ')']) {
                Some(rest) if digits > 0 => rest.trim_start(),
                _ if digits > 0 && words[digits..].starts_with("  ") => words[digits..].trim_start(),
                _ => words,
            };
            let (author, said) = author_and_words(bare);
            Proposal {
                line,
                day: None,
                own_day: false,
                time: None,
                about: false,
                zone: None,
                author: author.to_owned(),
                kind: guess::event_kind(said),
                body: said.trim().to_owned(),
                flag: String::new(),
            }
        })
        .filter(|p| !p.body.is_empty())
        .collect()
}
