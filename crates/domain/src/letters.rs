//! What mail says: subject and text by kind, with placeholders, and how they are filled in.

use crate::{Invalid, text};

/// Longest subject, in characters.
pub const SUBJECT_MAX: usize = 150;
/// Longest text, in characters.
pub const TEXT_MAX: usize = 4000;

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Letter {
    /// Somebody gets an account.
    Account,
    /// Somebody is asked for a one-on-one by a personal link.
    OneOnOne,
    /// Quotes wait for their author.
    QuoteCheck,
    /// Somebody gets a link to set a new password.
    Reset,
    /// A quiet word about an invitation to a one-on-one.
    Reminder,
    /// A quiet word about quotes that still wait for their author.
    QuoteReminder,
    /// Stories that were published, for who asked to be told.
    Digest,
    /// Stories that were published a year ago, for who asked to be told.
    Anniversary,
    /// Something that its reader takes care of waits. Nothing of a plan stands in it but numbers.
    Items,
    /// A week or a month in numbers, for who asked to be told.
    Sheet,
}

/// Stands in the text where stories are listed; filled in when the letter goes, with those that still may be told.
pub const STORIES: &str = "{stories}";

/// Subject and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

impl Letter {
    /// All.
    pub const ALL: [Self; 10] = [
        Self::Account,
        Self::OneOnOne,
        Self::QuoteCheck,
        Self::Reset,
        Self::Reminder,
        Self::QuoteReminder,
        Self::Digest,
        Self::Anniversary,
        Self::Items,
        Self::Sheet,
    ];

    /// As stored and in addresses.
    pub fn slug(self) -> &'static str {
        [
            "account",
            "one-on-one",
            "quote-check",
            "reset",
            "reminder",
            "quote-reminder",
            "digest",
            "anniversary",
            "taken-on",
            "sheet",
        ][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        [
            "Invitation to an account",
            "Invitation to a one-on-one",
            "Quote check",
            "Password reset",
            "Reminder of a one-on-one",
            "Reminder of a quote check",
            "New stories",
            "Stories of a year ago",
            "What somebody takes care of",
            "A week or a month on one sheet",
        ][self as usize]
    }

    /// Whether it waits for its reader's working day.
    pub fn is_quiet(self) -> bool {
        match self {
            Self::Account | Self::OneOnOne | Self::QuoteCheck | Self::Reset => false,
            Self::Reminder | Self::QuoteReminder | Self::Digest | Self::Anniversary | Self::Items | Self::Sheet => true,
        }
    }

    /// What its text must hold, each with what is missing without it.
    fn needs(self) -> &'static [(&'static str, &'static str)] {
        const LINK: (&str, &str) = ("link", "Without {link} nobody could follow it. Please put it where the link should stand.");
        match self {
            Self::Digest | Self::Anniversary => {
                &[LINK, ("stories", "Without {stories} it would tell of none. Please put it where the stories should stand.")]
            }
            Self::Items | Self::Sheet => {
                &[LINK, ("what", "Without {what} it would not say why it came. Please put it where the numbers should stand.")]
            }
            _ => &[LINK],
        }
    }

    /// The placeholders that it fills in, with what stands there, and an example for the preview. All of them hold `link`.
    pub fn placeholders(self) -> &'static [(&'static str, &'static str, &'static str)] {
        const NAME: (&str, &str, &str) = ("name", "the person’s name", "Rune Ravn");
        const TITLE: (&str, &str, &str) = ("title", "the incident’s title", "Card payments were slow");
        const UNTIL: (&str, &str, &str) = ("until", "until when the link works", "24 Nov 2026");
        match self {
            Self::Account => {
                &[NAME, ("link", "the link that sets a password", "https://stories.example.org/password/4Yk…"), UNTIL]
            }
            Self::OneOnOne | Self::Reminder => {
                &[NAME, TITLE, ("link", "the personal link", "https://stories.example.org/invitation/4Yk…"), UNTIL]
            }
            Self::QuoteCheck | Self::QuoteReminder => &[
                NAME,
                TITLE,
                ("link", "the page with their quotes", "https://stories.example.org/quotes"),
                ("until", "until when you ask for an answer", "24 Nov 2026"),
            ],
            Self::Reset => {
                &[NAME, ("link", "the link that sets a new password", "https://stories.example.org/password/4Yk…"), UNTIL]
            }
            Self::Digest | Self::Anniversary => &[
                NAME,
                (
                    "stories",
                    "number, title and first lines of each story, with its link",
                    "INC-12 Card payments were slow\nThe pool of connections was smaller than the queue that it fed.\n\
                     https://stories.example.org/incidents/INC-12/review",
                ),
                ("link", "the page where letters are chosen", "https://stories.example.org/profile/letters"),
            ],
            Self::Items => &[
                NAME,
                ("what", "how many wait for what", "1 is meant for one of the next days."),
                ("link", "the page with what they take care of", "https://stories.example.org/planned"),
            ],
            Self::Sheet => &[
                NAME,
                ("period", "which week or month", "Week 47, 16 Nov 2026 to 22 Nov 2026"),
                (
                    "what",
                    "what began, was published and is still in place, in numbers",
                    "3 incidents began, 2 in the week before: no clear change.",
                ),
                ("link", "the sheet", "https://stories.example.org/trends/report?span=week&of=2026-11-16"),
            ],
        }
    }

    /// What it says until somebody chooses other words.
    pub fn default_wording(self) -> Wording {
        let (subject, text) = match self {
            Self::Account => (
                "Your account at Second Story",
                "Hello {name},\n\nyou have an account at Second Story, where we collect how incidents looked from where each of us \
                 stood, and learn from that together. Nobody looks for who erred.\n\nThis link lets you choose a password. It works \
                 once, until {until}:\n{link}\n\nPlease keep it to yourself.",
            ),
            Self::OneOnOne => (
                "How was it for you?",
                "Hello {name},\n\nyou were there when “{title}” happened. Twelve questions ask how it looked from where you stood. \
                 It is voluntary; you can stop anywhere, decline without a reason, and come back with the same link.\n\nThis link is \
                 for you alone and works until {until}:\n{link}\n\nBefore the first question you read who sees what.",
            ),
            Self::QuoteCheck => (
                "Are these your words?",
                "Hello {name},\n\nthe review of “{title}” would like to quote you. Please look at each quote and say right, change or \
                 leave out. Nothing of it is published before you have decided, if you can by {until}:\n{link}\n\nThank you.",
            ),
            Self::Reset => (
                "A new password for Second Story",
                "Hello {name},\n\nthis link lets you choose a new password. It works once, until {until}, and signs you out \
                 everywhere:\n{link}\n\nIf you did not ask for it, please tell an administrator.",
            ),
            Self::Reminder => (
                "How was it for you?",
                "Hello {name},\n\na quiet word: if you would like to say how “{title}” looked from where you stood, the questions are \
                 still here until {until}:\n{link}\n\nIt is voluntary. Declining takes one click and no reason, and leaving this \
                 mail alone is fine, too.",
            ),
            Self::QuoteReminder => (
                "Are these your words?",
                "Hello {name},\n\na quiet word: the review of “{title}” would still like to quote you, and waits for what you say: right, \
                 change or leave out. The page is open until {until}:\n{link}\n\nWithout your word nothing of it is published, and \
                 leaving this mail alone is fine.",
            ),
            Self::Digest => (
                "Second stories to read",
                "Hello {name},\n\nthese were published since the last letter of this kind:\n\n{stories}\n\nHow often this comes, if at \
                 all, is yours to choose:\n{link}",
            ),
            Self::Anniversary => (
                "A year ago: is it still true?",
                "Hello {name},\n\nthese stories were published a year ago. Does what we learned still hold?\n\n{stories}\n\nWhether this \
                 comes is yours to choose:\n{link}",
            ),
            Self::Items => (
                "Something that you take care of",
                "Hello {name},\n\na quiet word about what you take care of. {what}\n\nThe page has the words, this letter has none of \
                 them:\n{link}\n\nWhether such letters come is chosen on your profile.",
            ),
            Self::Sheet => (
                "On one sheet: {period}",
                "Hello {name},\n\n{period} in numbers.\n\n{what}\n\nThe sheet itself, for the meeting in which it is talked about:\n{link}\n\n\
                 Whether such letters come is chosen on your profile.",
            ),
        };
        Wording { subject: subject.to_owned(), text: text.to_owned() }
    }

    /// Reads words that were typed.
    ///
    /// # Errors
    /// Fields `subject` and `text`: empty, too long, a placeholder that this mail does not know, or no `{link}` in the text.
    pub fn parse(self, subject: &str, text: &str) -> Result<Wording, Invalid> {
        let mut invalid = Invalid::default();
        let subject = invalid.take(text::line("subject", subject, SUBJECT_MAX));
        let body = invalid.take(text::required("text", text));
        if let Some(length) = body.as_ref().map(|b| b.chars().count()).filter(|n| *n > TEXT_MAX) {
            invalid.add("text", format!("This has {length} characters; {TEXT_MAX} fit. Please shorten it."));
        }
        for (field, typed) in [("subject", &subject), ("text", &body)] {
            let Some(typed) = typed else { continue };
            if let Some(unknown) = named(typed).find(|n| !self.placeholders().iter().any(|(known, ..)| known == n)) {
                let known: Vec<String> = self.placeholders().iter().map(|(name, ..)| format!("{{{name}}}")).collect();
                invalid.add(field, format!("{{{unknown}}} would stay as it is. This mail knows {}.", known.join(", ")));
            }
        }
        // A subject is shown in lists and on locked screens.
        if subject.as_deref().is_some_and(|s| named(s).any(|n| n == "link" || n == "title")) {
            invalid.add("subject", "A subject shows on locked screens: please leave the link and the title to the text.");
        }
        for (needed, without) in self.needs() {
            if body.as_deref().is_some_and(|b| !named(b).any(|n| n == *needed)) {
                invalid.add("text", *without);
            }
        }
        match (subject, body) {
            (Some(subject), Some(text)) if invalid.fields.is_empty() => Ok(Wording { subject, text }),
            _ => Err(invalid),
        }
    }

    /// The words with the preview's examples.
    pub fn preview(self, wording: &Wording) -> Wording {
        let examples: Vec<(&str, &str)> = self.placeholders().iter().map(|(name, _, example)| (*name, *example)).collect();
        wording.filled(&examples)
    }
}

impl Wording {
    /// With each `{name}` replaced by its value. What a value holds is not looked at again.
    #[must_use]
    pub fn filled(&self, values: &[(&str, &str)]) -> Self {
        Self { subject: fill(&self.subject, values), text: fill(&self.text, values) }
    }
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let value = rest.find('}').and_then(|end| {
            let (_, value) = values.iter().find(|(name, _)| *name == &rest[1..end])?;
            Some((*value, end + 1))
        });
        let (written, used) = value.unwrap_or(("{", 1));
        filled.push_str(written);
        rest = &rest[used..];
    }
    filled.push_str(rest);
    filled
}

/// The words that stand in braces.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(|name| {
        let short = name.len() <= 24 && !name.is_empty();
        short && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_words_that_could_be_typed() {
        for letter in Letter::ALL {
            let words = letter.default_wording();
            assert_eq!(letter.parse(&words.subject, &words.text), Ok(words.clone()), "{letter:?}");
            let shown = letter.preview(&words);
            assert!(!shown.text.contains('{') && !shown.subject.contains('{'), "{letter:?} leaves a placeholder");
            assert_eq!(Letter::from_slug(letter.slug()), Some(letter));
        }
    }

    #[test]
    fn an_unknown_placeholder_and_a_missing_link_are_refused() {
        let refused = Letter::Reset.parse("New {title}", "Hello {nmae}, go to {link}").unwrap_err();
        assert!(refused.message("subject").unwrap().contains("{title}"));
        assert!(refused.message("text").unwrap().contains("{nmae}"));
        assert!(Letter::Account.parse("Hello", "Go there").unwrap_err().message("text").unwrap().contains("{link}"));
        assert!(Letter::OneOnOne.parse("About {title}", "{link}").unwrap_err().message("subject").is_some());
        assert!(Letter::Digest.parse("New", "{link}").unwrap_err().message("text").unwrap().contains("{stories}"));
        assert!(Letter::Account.parse("", &"x".repeat(5000)).unwrap_err().fields.len() >= 2);
    }

    #[test]
    fn values_are_put_in_once_and_not_looked_at_again() {
        let words = Wording { subject: "{name}".to_owned(), text: "{a {name} {link} {other}} {".to_owned() };
        let filled = words.filled(&[("name", "{link}"), ("link", "https://x")]);
        assert_eq!(filled, Wording { subject: "{link}".to_owned(), text: "{a {link} https://x {other}} {".to_owned() });
    }
}
