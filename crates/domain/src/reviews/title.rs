//! The title of a story: whether it only names what failed, and a sentence of the story that could stand there.

/// Words that name a failure and tell nothing of how it came about.
const FAILED: [&str; 22] = [
    "outage",
    "outages",
    "failure",
    "failures",
    "failed",
    "failing",
    "down",
    "downtime",
    "crash",
    "crashed",
    "error",
    "errors",
    "incident",
    "unavailable",
    "unavailability",
    "degraded",
    "degradation",
    "broken",
    "disruption",
    "issue",
    "issues",
    "problem",
];
/// Words by which a title begins to tell: something came before, after, although.
const TELLS: [&str; 14] =
    ["how", "that", "which", "who", "when", "while", "until", "because", "after", "before", "but", "although", "where", "why"];
/// Characters of a sentence that could be a title.
const LONGEST: usize = 100;

/// Whether a title names what failed, and nothing of how it came to it.
pub fn names_what_failed(title: &str) -> bool {
    let words: Vec<String> =
        title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    has(&FAILED) && !has(&TELLS)
}

/// The first sentence of a plain text, where it is short enough for a title and says more than a name.
pub fn first_sentence(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.char_indices().find(|(at, c)| {
        let ends = matches!(c, '.' | '!' | '?') && text[at + c.len_utf8()..].chars().next().is_none_or(char::is_whitespace);
        ends || *c == '\n'
    });
    let sentence = end.map_or(text, |(at, _)| &text[..at]).trim();
    let fits = sentence.chars().count() <= LONGEST && sentence.split_whitespace().count() >= 4;
    fits.then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_only_names_what_failed_is_known() {
        for title in
            ["Database outage", "API down", "Label printing failed in Lyon", "INC: payment errors (SEV1)", "Checkout Unavailable"]
        {
            assert!(names_what_failed(title), "{title}");
        }
        for title in [
            "The renewal that worked everywhere but in the depots",
            "How a green board hid an outage for two hours",
            "Labels stayed white all morning",
            "The queue grew after the disk failed",
            "Breakdown lorries arrive late",
            "",
        ] {
            assert!(!names_what_failed(title), "{title}");
        }
    }

    #[test]
    fn a_first_sentence_could_be_a_title_where_it_is_one() {
        let told = "A renewal reached every public address. It did not reach the depots.";
        assert_eq!(first_sentence(told), Some("A renewal reached every public address"));
        assert_eq!(first_sentence("Version 1.2 went out to all depots\nand more"), Some("Version 1.2 went out to all depots"));
        assert_eq!(first_sentence("Told."), None, "too little");
        assert_eq!(first_sentence(&"word ".repeat(40)), None, "too much");
        assert_eq!(first_sentence(""), None);
    }
}
