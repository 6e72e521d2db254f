//! Mail as a rule: when a letter that did not go is tried again, addresses as people paste them, and the page that a letter also is.

use crate::people::parse_email;
use crate::{Invalid, text};
use chrono::{DateTime, TimeDelta, Utc};

/// A letter that has not gone after this is given up, visibly.
pub const GIVES_UP: TimeDelta = TimeDelta::hours(72);
/// What became of letters is kept for this long.
pub const KEPT: TimeDelta = TimeDelta::days(90);
/// Most people who are invited at once.
pub const AT_ONCE: usize = 60;
/// Longest personal note, in characters.
pub const NOTE_MAX: usize = 1000;

/// Minutes between one try and the next; the last one repeats.
const WAITS: [i64; 6] = [1, 5, 25, 120, 360, 720];

/// When a letter is tried again after `attempts` tries; `None`: it is given up.
pub fn next_try(attempts: i64, queued_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let step = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX).min(WAITS.len() - 1);
    let next = now + TimeDelta::minutes(WAITS[step]);
    (next - queued_at <= GIVES_UP).then_some(next)
}

/// Why a letter did not go: a class, never what a server said, which may quote an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing answers where the mail server should be, or it fell silent.
    Unreachable,
    /// It asked to come again later.
    Later,
    /// It does not take this letter.
    Refused,
    /// It does not take the name and password that it was shown.
    Credentials,
    /// No safe connection could be made.
    Unsafe,
    /// The letter could not be written.
    Unwritable,
}

impl Trouble {
    /// All.
    pub const ALL: [Self; 6] = [Self::Unreachable, Self::Later, Self::Refused, Self::Credentials, Self::Unsafe, Self::Unwritable];

    /// As stored.
    pub fn slug(self) -> &'static str {
        ["unreachable", "later", "refused", "credentials", "unsafe", "unwritable"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.slug() == slug)
    }

    /// On screen: what was in the way.
    pub fn label(self) -> &'static str {
        [
            "the mail server does not answer",
            "the mail server asked to come again later",
            "the mail server does not take this address or letter",
            "the mail server does not take our name and password",
            "no safe connection to the mail server could be made",
            "the letter could not be written",
        ][self as usize]
    }

    /// Trying again as it is would change nothing.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Unwritable)
    }
}

/// Somebody by name and address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name; the address's first half where none was written.
    pub name: String,
    /// E-mail.
    pub email: String,
}

/// Reads one address a line, as mail programs write them: `ada@example.org` or `Ada Lovelace <ada@example.org>`. Empty lines and
/// repeated addresses do not count.
///
/// # Errors
/// Field `addresses`, naming the first lines that are no addresses; what was typed stays with the caller.
pub fn parse_addresses(typed: &str) -> Result<Vec<Address>, Invalid> {
    let mut found: Vec<Address> = Vec::new();
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(typed.lines()) {
        let line = line.trim().trim_end_matches([',', ';']).trim();
        if line.is_empty() {
            continue;
        }
        match parse_address(line) {
            Some(address) if found.iter().any(|f| text::fold(&f.email) == text::fold(&address.email)) => {}
            Some(address) => found.push(address),
            None => wrong.push(format!("{number}")),
        }
    }
    match wrong.as_slice() {
        [] => Ok(found),
        [one] => Err(Invalid::one(
            "addresses",
            format!("Line {one} is no e-mail address. One a line, please, such as Ada <ada@example.org>."),
        )),
        many => {
            let lines = many.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
            Err(Invalid::one(
                "addresses",
                format!("Lines {lines} are no e-mail addresses. One a line, please, such as Ada <ada@example.org>."),
            ))
        }
    }
}

fn parse_address(line: &str) -> Option<Address> {
    let (name, email) = match line.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, email)) => (name.trim().trim_matches('"').trim(), email.trim()),
        None => ("", line),
    };
    let email = parse_email(email).ok().filter(|email| is_plain(email))?;
    let name = if name.is_empty() { email.split('@').next().unwrap_or_default() } else { name };
    let name = text::line("addresses", name, text::NAME_MAX).ok()?;
    (!name.contains(['<', '>'])).then_some(Address { name, email })
}

/// Nothing in it that a mail header or an SMTP command could stumble over.
fn is_plain(email: &str) -> bool {
    email.is_ascii() && !email.bytes().any(|b| b.is_ascii_control() || b" <>()[],;:\\\"".contains(&b))
}

/// A letter's text as a small HTML page: paragraphs, and links where an address stands. Everything else is escaped.
pub fn html(text: &str) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"></head><body>",
    );
    for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        page.push_str("<p>");
        for (number, line) in paragraph.lines().enumerate() {
            if number > 0 {
                page.push_str("<br>");
            }
            for (number, word) in line.split(' ').enumerate() {
                if number > 0 {
                    page.push(' ');
                }
                let shown = text::in_markup(word);
                if word.starts_with("https://") || word.starts_with("http://") {
                    page.push_str(&format!("<a href=\"{shown}\">{shown}</a>"));
                } else {
                    page.push_str(&shown);
                }
            }
        }
        page.push_str("</p>");
    }
    page.push_str("</body></html>\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn tries_come_less_and_less_often_and_end_within_three_days() {
        let (mut now, mut attempts, mut waits) = (at(0), 0, Vec::new());
        while let Some(next) = {
            attempts += 1;
            next_try(attempts, at(0), now)
        } {
            waits.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(waits[..5], [1, 5, 25, 120, 360]);
        assert!(waits.windows(2).all(|w| w[0] <= w[1]) && waits.len() < 15, "{waits:?}");
        assert!(now - at(0) <= GIVES_UP && now - at(0) > TimeDelta::hours(48), "{now}");
        assert!(next_try(0, at(0), at(0)).is_some() && next_try(i64::MAX, at(0), at(0)).is_some());
    }

    #[test]
    fn addresses_are_read_as_mail_programs_write_them() {
        let read =
            parse_addresses("ada@example.org\r\n\n \"Bo, the desk\" <bo@example.org>;\nADA@example.org\nCy Q <cy@example.org>")
                .unwrap();
        let names: Vec<(&str, &str)> = read.iter().map(|a| (a.name.as_str(), a.email.as_str())).collect();
        assert_eq!(names, [("ada", "ada@example.org"), ("Bo, the desk", "bo@example.org"), ("Cy Q", "cy@example.org")]);
        let refused = parse_addresses("ada@example.org\nnobody\nx <y>").unwrap_err();
        assert!(refused.message("addresses").unwrap().contains("2, 3"), "{refused:?}");
        for wrong in ["a@b\tc@d", "a\"b@example.org", "<<a@b>>", "a@b, c@d", "a@exämple.org"] {
            assert!(parse_addresses(wrong).is_err(), "{wrong}");
        }
        assert!(parse_addresses(" \n ").unwrap().is_empty());
    }

    #[test]
    fn the_page_of_a_letter_holds_its_words_and_no_mark_up_of_theirs() {
        let page = html("Hello <b>Ada</b> & \"co\",\n\ngo to\nhttps://x.example/a?b=1&c='2\"><script>\n\nThank you.");
        assert!(page.contains("<p>Hello &lt;b&gt;Ada&lt;/b&gt; &amp; &quot;co&quot;,</p>"), "{page}");
        assert!(page.contains("<a href=\"https://x.example/a?b=1&amp;c=&#39;2&quot;&gt;&lt;script&gt;\">"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("javascript"));
    }

    #[test]
    fn every_trouble_has_a_name_and_words() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::from_slug(trouble.slug()), Some(trouble));
            assert!(!trouble.label().is_empty());
        }
    }
}
