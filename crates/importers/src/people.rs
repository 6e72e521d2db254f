//! Who was there: collects the names, initials and handles of a document's attendees, in any layout, so that they can be kept out.
//!
//! The texts of a review are searched and quoted, and whoever took part was promised that no name of theirs would be found that way.
//! Where it is in doubt whether a word is a name, it is taken for one; words of roles and teams are known and are not.

use crate::lines::Line;
use crate::lists::bullet;
use crate::tables;
use crate::wordlists::{GROUPS, ONLY_BESIDE, ROLES, TECHNICAL, WORD_NAMES, holds};
use std::collections::{HashMap, HashSet};

/// How a word of a name is known again in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// In any case: "anna", "ANNA".
    Any,
    /// With a capital: "Mark", but not "mark".
    Capital,
    /// Only next to another word of a name.
    Beside,
}

/// The people of one document.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Words of names, in small letters without accents.
    pub(crate) words: HashMap<String, Rule>,
    /// Initials, in capitals.
    pub(crate) initials: HashSet<String>,
    /// Addresses, and names in scripts without spaces: found anywhere.
    pub(crate) anywhere: Vec<String>,
}

/// More than these are no attendees but a text that was taken for a list of them.
const MOST: usize = 2000;
/// Each of these is looked for in every text.
const MOST_ANYWHERE: usize = 100;

/// In small letters and without accents, so that "Søren" and "Soren" are one.
pub(crate) fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' => out.push('d'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ì'..='ï' | 'ī' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ť' => out.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            '\u{300}'..='\u{36F}' => {}
            c => out.push(c),
        }
    }
    out
}

impl People {
    /// Collects from the lines of an attendees section.
    pub(crate) fn collect(&mut self, lines: &[Line]) {
        for line in lines {
            let text = line.text.as_str();
            if tables::is_separator(text) {
                continue;
            }
            if line.heading > 0 {
                // Below the heading of the section, a heading is a group or a name.
                self.cell(text);
            } else if tables::is_row(text) {
                tables::cells(text).iter().for_each(|c| self.line(c));
            } else {
                self.line(bullet(text).map_or(text, |b| b.text));
            }
        }
    }

    /// Collects from the heading of an attendees section: "Attendees: AB, CD", "Participants (AB, CD)".
    pub(crate) fn heading(&mut self, text: &str) {
        if let Some((_, names)) = text.split_once([':', '(']) {
            self.line(names);
        }
    }

    /// A cell of a column that names who did something: taken only where it can be nothing but a person.
    pub(crate) fn cell(&mut self, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let named = (2..=3).contains(&words.len())
            && words.iter().all(|w| is_capitalised(w) && !is_role(w) && w.chars().any(char::is_lowercase));
        let short = words.len() == 1 && is_initials(text) && !holds(TECHNICAL, text);
        if named || short || text.starts_with('@') {
            self.line(text);
        }
    }

    /// One line of a list: "Anna Berg (AB), incident commander", "AB, CD & EF", "Scribe: Bo Carr".
    pub(crate) fn line(&mut self, text: &str) {
        let text = self.links(text);
        let (label, names) = match text.split_once(':') {
            Some((label, names)) if !names.starts_with("//") => (label, names),
            _ => ("", text.as_str()),
        };
        let found = self.list(names);
        // "Anna Berg: facilitator" names a person before the colon, "Logistics: AB, CD" a group.
        let person = label.split_whitespace().filter(|w| is_capitalised(w)).count() >= 2 && !ends_with_group(label);
        if !label.is_empty() && (!found || person) {
            self.list(label);
        }
    }

    fn list(&mut self, names: &str) -> bool {
        let words = || names.split(|c: char| separates(c) || c.is_whitespace()).filter(|w| !w.is_empty());
        // Nothing but short capitals: all of them are people, even "PM" and "QA".
        if words().next().is_some() && words().all(|w| is_initials(w) || w == "and") {
            self.initials.extend(words().filter(|w| is_initials(w)).map(str::to_owned));
            return true;
        }
        let small = !words().any(|w| is_capitalised(w) && !is_initials(w));
        let names = names.replace(" and ", ",").replace(" og ", ",");
        let mut found = false;
        for part in names.split(separates) {
            // "Anna Berg, Team Lead Payments": a role with one more word in it, after somebody was named.
            let words = || part.split_whitespace();
            let role = found && words().any(is_role) && words().filter(|w| is_capitalised(w) && !is_role(w)).count() == 1;
            found |= self.part(part, small, role);
        }
        found
    }

    /// Takes the targets of links out, and handles and addresses from them.
    fn links(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("](") {
            out.push_str(&rest[..at]);
            let target = rest[at + 2..].split([')', ' ']).next().unwrap_or_default();
            let handle = target.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
            if target.starts_with("mailto:") {
                out.push_str(&format!(", {handle}"));
            } else if handle.len() > 2 && handle.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@')) {
                self.word(handle.trim_start_matches('@'), Rule::Any);
            }
            rest = &rest[at + 2 + target.len()..];
            rest = rest.strip_prefix(')').unwrap_or(rest);
        }
        out.push_str(rest);
        out.replace(['*', '`', '[', ']', '<', '>', '"', '~', '“', '”'], " ").replace("__", " ")
    }

    /// One part between commas; whether anybody was found in it. `small` when the list has no capitals, as user names have none.
    /// `role` when it tells what somebody is.
    fn part(&mut self, part: &str, small: bool, role: bool) -> bool {
        let (mut found, mut named) = (false, role);
        // What stands in brackets or after a dash is the role, or the initials.
        let pieces = part.replace(" - ", "(").replace([')', '–', '—', '|'], "(");
        for piece in pieces.split('(') {
            let (any, name) = self.piece(piece, named, small);
            found |= any;
            named |= name;
        }
        found
    }

    /// Whether somebody was found, and whether by name. After a name only initials and addresses count.
    fn piece(&mut self, piece: &str, named: bool, small: bool) -> (bool, bool) {
        let edge = |c: char| matches!(c, '.' | '!' | '?' | '\'' | ':' | '_');
        let words: Vec<&str> = piece.split_whitespace().map(|w| w.trim_matches(edge)).filter(|w| !w.is_empty()).collect();
        let mut found = false;
        for word in words.iter().filter(|w| w.contains('@')) {
            found |= self.address(word);
        }
        if words.len() > 40 {
            return (found, false);
        }
        let mut full: Vec<&str> = Vec::new();
        let group = words.len() > 1 && ends_with_group(piece);
        for word in &words {
            let letters: String = word.chars().filter(|c| *c != '.').collect();
            if is_initials(&letters) && !is_role(&letters) {
                found = true;
                self.initials.insert(letters);
            } else if named || word.contains('@') {
                continue;
            } else if small && (words.len() == 1 || (words.len() < 4 && !words.iter().any(|w| is_role(w)))) && is_handle(word) {
                found = true;
                self.word(word, Rule::Any);
            } else if !group
                && ((is_capitalised(word) && !is_role(word)) || (!full.is_empty() && holds(ONLY_BESIDE, &fold(word))))
            {
                full.push(word);
            } else if !full.is_empty() {
                // The name is over: "Anna Berg from Copenhagen".
                break;
            }
        }
        let name = self.name(&full);
        (found || name, name)
    }

    /// The words of one name, and the initials that they make.
    fn name(&mut self, words: &[&str]) -> bool {
        let mut letters = String::new();
        let mut found = false;
        for word in words {
            let parts: Vec<&str> = word.split(['-', '.', '_', '/']).filter(|p| !p.is_empty()).collect();
            for part in &parts {
                if part.chars().count() > 1 {
                    found = true;
                    self.word(part, Rule::Any);
                }
            }
            if let Some(first) = word.chars().next().filter(|c| c.is_uppercase()) {
                letters.push(first);
            }
        }
        let count = letters.chars().count();
        if (2..=4).contains(&count) {
            let outer: String = letters.chars().take(1).chain(letters.chars().skip(count - 1)).collect();
            for initials in [letters, outer] {
                if !holds(TECHNICAL, &initials) {
                    self.initials.insert(initials);
                }
            }
        }
        found
    }

    fn address(&mut self, word: &str) -> bool {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
        if let Some(handle) = word.strip_prefix('@') {
            self.name(&[handle]);
            self.word(handle, Rule::Any);
            return !handle.is_empty();
        }
        let Some((local, domain)) = word.split_once('@') else {
            return false;
        };
        if local.is_empty() || domain.is_empty() || self.anywhere.len() >= MOST_ANYWHERE {
            return false;
        }
        self.anywhere.push(word.to_owned());
        for part in local.split(['.', '_', '-', '+']).filter(|p| p.chars().count() > 2) {
            self.word(part, Rule::Any);
        }
        true
    }

    fn word(&mut self, word: &str, rule: Rule) {
        let folded = fold(word);
        if self.words.len() >= MOST || folded.chars().count() < 2 || is_role(&folded) {
            return;
        }
        if word.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase())
            && self.anywhere.len() < MOST_ANYWHERE
        {
            self.anywhere.push(word.to_owned());
        }
        let rule = if holds(ONLY_BESIDE, &folded) {
            Rule::Beside
        } else if holds(WORD_NAMES, &folded) || folded.chars().count() == 2 {
            Rule::Capital
        } else {
            rule
        };
        self.words.insert(folded, rule);
    }
}

fn separates(c: char) -> bool {
    matches!(c, ',' | ';' | '&' | '/' | '+' | '\n' | '•' | '·' | '、' | '，')
}

fn is_role(word: &str) -> bool {
    holds(ROLES, &word.to_lowercase())
}

fn ends_with_group(text: &str) -> bool {
    let words: Vec<String> =
        text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    let group = |w: Option<&String>| w.is_some_and(|w| holds(GROUPS, w));
    group(words.last()) || (matches!(words.first().map(String::as_str), Some("team" | "squad")) && words.len() == 2)
}

/// "Anna", "王小明": not a word in small letters.
fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
}

/// Two to four capitals.
pub(crate) fn is_initials(word: &str) -> bool {
    (2..=4).contains(&word.chars().count()) && word.chars().all(|c| c.is_uppercase())
}

/// A lone word in small letters, as user names are: "rifis", "mr0grog".
fn is_handle(word: &str) -> bool {
    word.chars().count() > 2
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && word.chars().any(char::is_alphabetic)
        && !is_role(word)
}
