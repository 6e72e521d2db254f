//! Past incidents that are like one: what they share, in words, and how much that says.

use crate::incidents::Severity;
use crate::text;
use crate::vocabulary::{Tag, Vocabulary};
use std::collections::{BTreeSet, HashMap};

/// Shown at most.
const MOST: usize = 5;
/// From here on two incidents are alike: one service, or two seldom words.
const ENOUGH: f64 = 1.5;
/// What two texts share is named from here on: one word that hardly anything else has, or two.
const WORTH_SAYING: f64 = 0.75;
/// Words of one text that are asked for at most.
const ASKED: usize = 24;
/// Named in a reason at most.
const NAMED: usize = 3;

/// Words that say nothing of what happened, besides those of fewer than four letters.
const EVERYDAY: &str = " about above after again against also although always among another because been before began behind being below between \
both came cannot could day days did does doing done down during each either even every everything first found four from full further gave \
goes going gone good half have having here hour hours however incident incidents into issue issues itself just kept knew know known last \
later least less like long longer made make many minute minutes more most much must near need needed neither never next none nobody nothing \
often once only onto other others over part people problem problems rather said same second seconds seen several shall should shown side \
since some somebody something soon still such taken team than that their them then there these they thing this those though three through \
time times today together told took toward turned under unit until upon used user users using very want wanted week well went were what when \
where whether which while whole whose will with within without work worked would year years your ";

/// What is compared of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Names of its services.
    pub services: Vec<String>,
    /// Its contributing factors: tags as they are counted, and words.
    pub factors: Vec<(Vec<Tag>, String)>,
    /// Title and summary.
    pub said: String,
    /// Severity.
    pub severity: Option<Severity>,
}

/// Words that few incidents have, each with how much it says, from nothing to one.
#[derive(Clone, Debug, Default)]
pub struct Seldom(HashMap<String, f64>);

impl Seldom {
    /// Adds a word that `have` of `all` incidents have, if those are few: a tenth, or three.
    pub fn add(&mut self, word: &str, have: usize, all: usize) -> bool {
        let few = have * 10 <= all || have <= 3;
        if few && have > 0 {
            let all = f64::from(u32::try_from(all.max(2)).unwrap_or(u32::MAX));
            let have = f64::from(u32::try_from(have).unwrap_or(u32::MAX));
            // In a small house every word is seldom; it never says less than half.
            let weight = (1.0 + all / have).ln() / (1.0 + all).ln();
            self.0.insert(word.to_owned(), weight.clamp(0.5, 1.0));
        }
        few
    }

    fn weight(&self, word: &str) -> Option<f64> {
        self.0.get(word).copied()
    }
}

/// Why two incidents are alike.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// They concern the same services.
    Services(Vec<String>),
    /// Their factors name the same.
    Factors(Vec<String>),
    /// Factors with the same tags.
    Tags(Vec<Tag>),
    /// Title or summary speak of the same.
    Words(Vec<String>),
}

impl Reason {
    /// In a few words: "both speak of “connection pool”".
    pub fn sentence(&self, vocabulary: &Vocabulary) -> String {
        match self {
            Self::Services(names) if names.len() == 1 => format!("Same service: {}", names[0]),
            Self::Services(names) => format!("Same services: {}", and(names)),
            Self::Factors(words) => format!("Both name {} among their contributing factors", and(&quoted(words))),
            Self::Tags(tags) => {
                let labels: Vec<String> = tags.iter().map(|tag| vocabulary.name(tag).to_owned()).collect();
                format!("Contributing factors of the same kinds: {}", and(&labels))
            }
            Self::Words(words) => format!("Both speak of {}", and(&quoted(words))),
        }
    }
}

fn quoted(words: &[String]) -> Vec<String> {
    words.iter().map(|word| format!("“{word}”")).collect()
}

fn and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// An incident that is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike<T> {
    /// Which.
    pub which: T,
    /// What both share, the strongest first.
    pub reasons: Vec<Reason>,
}

/// The words of a text that may say something, each once, in their order, no more than a question of the index is worth.
pub fn words_to_ask(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    text::words(text)
        .split_whitespace()
        .filter(|word| says_something(word) && seen.insert((*word).to_owned()))
        .take(ASKED)
        .map(str::to_owned)
        .collect()
}

fn says_something(word: &str) -> bool {
    let letters = word.chars().count();
    // A sign of Chinese or Japanese says as much as a word of letters.
    let long = letters >= 4 || (letters >= 2 && word.chars().any(|c| c as u32 >= 0x2e80));
    long && !word.chars().all(char::is_numeric) && !EVERYDAY.contains(&format!(" {word} "))
}

/// Of others, in the order in which equals are wanted, those that are most like `this`: five at most.
pub fn alike<T>(this: &Features, others: Vec<(T, Features)>, seldom: &Seldom) -> Vec<Alike<T>> {
    let mut found: Vec<(f64, Alike<T>)> = others
        .into_iter()
        .map(|(which, other)| {
            let (score, reasons) = compare(this, &other, seldom);
            (score, Alike { which, reasons })
        })
        .filter(|(score, _)| *score >= ENOUGH)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(MOST).map(|(_, alike)| alike).collect()
}

fn compare(this: &Features, other: &Features, seldom: &Seldom) -> (f64, Vec<Reason>) {
    let mut reasons: Vec<(f64, Reason)> = Vec::new();
    let services: Vec<String> = this.services.iter().filter(|name| other.services.contains(name)).cloned().collect();
    if !services.is_empty() {
        reasons.push((1.5 + 0.25 * count(services.len().min(3)), Reason::Services(services)));
    }
    let told = |features: &Features| features.factors.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(". ");
    let (worth, named) = shared(&told(this), &told(other), seldom);
    if worth >= WORTH_SAYING {
        reasons.push(((1.25 * worth).min(4.0), Reason::Factors(named)));
    }
    let (worth, words) = shared(&this.said, &other.said, seldom);
    if worth >= WORTH_SAYING {
        reasons.push((worth.min(4.0), Reason::Words(words)));
    }
    let of = |features: &Features| -> BTreeSet<Tag> {
        let tags = features.factors.iter().flat_map(|(tags, _)| tags.iter());
        tags.filter(|tag| !tag.is_unsorted()).cloned().collect()
    };
    let tags: Vec<Tag> = of(this).intersection(&of(other)).cloned().collect();
    if tags.len() >= 2 {
        reasons.push((0.2 * count(tags.len().min(4)), Reason::Tags(tags.into_iter().take(4).collect())));
    }
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    let severe = if this.severity.is_some() && this.severity == other.severity { 0.1 } else { 0.0 };
    let score = reasons.iter().map(|(worth, _)| worth).sum::<f64>() + severe;
    (score, reasons.into_iter().map(|(_, reason)| reason).collect())
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// What two texts both say in seldom words: how much, and the words to name, those that follow one another in both as one.
fn shared(this: &str, other: &str, seldom: &Seldom) -> (f64, Vec<String>) {
    let theirs = text::words(other);
    let mine = text::words(this);
    let mine: Vec<&str> = mine.split_whitespace().collect();
    let has = |run: &[&str]| theirs.contains(&format!(" {} ", run.join(" ")));
    let (mut worth, mut runs, mut at) = (0.0, Vec::new(), 0);
    let mut counted = BTreeSet::new();
    while at < mine.len() {
        let weight = seldom.weight(mine[at]).filter(|_| has(&mine[at..=at]));
        let Some(weight) = weight.filter(|_| counted.insert(mine[at])) else {
            at += 1;
            continue;
        };
        worth += weight;
        let mut end = at + 1;
        while end < mine.len() && end - at < 4 && says_something(mine[end]) && has(&mine[at..=end]) {
            // Standing side by side says more than standing somewhere.
            worth += 0.25 + if counted.insert(mine[end]) { seldom.weight(mine[end]).unwrap_or(0.25) } else { 0.0 };
            end += 1;
        }
        runs.push((worth_of(&mine[at..end], seldom), mine[at..end].join(" ")));
        at = end;
    }
    runs.sort_by(|a, b| b.0.total_cmp(&a.0));
    (worth, runs.into_iter().take(NAMED).map(|(_, words)| words).collect())
}

fn worth_of(run: &[&str], seldom: &Seldom) -> f64 {
    run.iter().map(|word| seldom.weight(word).unwrap_or(0.25)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(services: &[&str], factors: &[(&str, &str)], said: &str) -> Features {
        Features {
            services: services.iter().map(|s| (*s).to_owned()).collect(),
            factors: factors.iter().map(|(tag, text)| (vec![Tag::parse(tag).unwrap()], (*text).to_owned())).collect(),
            said: said.to_owned(),
            severity: Some(Severity::Sev2),
        }
    }

    fn seldom(words: &[(&str, usize)]) -> Seldom {
        let mut seldom = Seldom::default();
        for (word, have) in words {
            seldom.add(word, *have, 1000);
        }
        seldom
    }

    #[test]
    fn what_is_shared_is_said_in_words_the_strongest_first() {
        let this = features(
            &["Checkout"],
            &[("capacity", "A retry storm met a small pool.")],
            "Checkout slow: the connection pool was empty",
        );
        let other = features(
            &["Checkout", "Search"],
            &[("capacity", "The retry storm of the morning")],
            "Pages timed out; connection pool exhausted",
        );
        let seldom = seldom(&[("retry", 12), ("storm", 4), ("connection", 30), ("pool", 40)]);
        let found = alike(&this, vec![("there", other)], &seldom);
        let said: Vec<String> = found[0].reasons.iter().map(|reason| reason.sentence(&Vocabulary::default())).collect();
        assert_eq!(
            said,
            [
                "Both name “retry storm” among their contributing factors",
                "Same service: Checkout",
                "Both speak of “connection pool”"
            ]
        );
    }

    #[test]
    fn tags_that_both_have_are_named() {
        let two = |said| features(&["Search"], &[("capacity", "x"), ("tech-debt", "y"), ("unsorted", "z")], said);
        let found = alike(&two("This"), vec![((), two("That"))], &Seldom::default());
        let said = found[0].reasons[1].sentence(&Vocabulary::default());
        assert_eq!(said, "Contributing factors of the same kinds: Capacity and Tech debt");
    }

    #[test]
    fn what_many_share_makes_nothing_alike() {
        let mut seldom = Seldom::default();
        assert!(!seldom.add("timeout", 300, 1000) && seldom.add("resolver", 3, 10));
        let this = features(&[], &[("capacity", "x")], "Timeouts again and again, the timeout");
        let other = features(&["Search"], &[("capacity", "y")], "The timeout again");
        assert!(alike(&this, vec![((), other)], &seldom).is_empty());
        assert!(alike(&this, Vec::<((), Features)>::new(), &seldom).is_empty());
    }

    #[test]
    fn five_at_most_and_the_most_alike_first() {
        let this = features(&["Search"], &[], "The resolver cache");
        let seldom = seldom(&[("resolver", 5), ("cache", 9)]);
        let others = (0..9).map(|n| (n, features(&["Search"], &[], if n == 7 { "A resolver cache" } else { "Other" }))).collect();
        let found = alike(&this, others, &seldom);
        assert_eq!(found.iter().map(|a| a.which).collect::<Vec<_>>(), [7, 0, 1, 2, 3]);
    }

    #[test]
    fn everyday_words_and_numbers_are_not_asked_for() {
        assert_eq!(words_to_ask("INC-42: There were 1000 timeouts, timeouts of the DNS resolver"), ["timeouts", "resolver"]);
        assert_eq!(words_to_ask("数据库 超时"), ["数据库", "超时"]);
        assert_eq!(words_to_ask(&(0..99).map(|n| format!("word{n} ")).collect::<String>()).len(), ASKED);
    }
}
