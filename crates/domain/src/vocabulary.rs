//! The vocabulary of contributing factors: tags with names, definitions and examples, that grows with the people who use it.
//!
//! What is shipped stands in [`shipped`]; an organisation adds entries and puts its own words in place of shipped ones. A tag is never
//! deleted: it is retired, or merged into another one, which then counts for both until somebody undoes it.

pub mod shipped;

use crate::learnings::FactorCategory;
use crate::{Invalid, text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Longest name of a tag, in characters: it stands on chips and in charts.
pub const NAME_MAX: usize = 48;
/// Longest definition and longest example, in characters: a sentence or two beside a choice.
pub const SENTENCE_MAX: usize = 300;
/// Most other words of one tag.
pub const SYNONYMS_MAX: usize = 12;
/// Longest slug, in bytes.
const SLUG_MAX: usize = 60;

/// A tag, by the slug under which it is stored and stands in addresses; it stays when the name changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// From a slug of letters, digits and hyphens; anything else is none.
    pub fn parse(slug: &str) -> Option<Self> {
        let fits = (1..=SLUG_MAX).contains(&slug.len());
        let plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (fits && plain).then(|| Self(slug.to_owned()))
    }

    /// What a factor is filed under that nobody has sorted yet; no entry of the vocabulary.
    pub fn unsorted() -> Self {
        FactorCategory::Unsorted.into()
    }

    /// Whether it is [`unsorted`](Self::unsorted).
    pub fn is_unsorted(&self) -> bool {
        self.0 == FactorCategory::Unsorted.slug()
    }

    /// As stored and in addresses.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<FactorCategory> for Tag {
    fn from(category: FactorCategory) -> Self {
        Self(category.slug().to_owned())
    }
}

/// Whose words an entry has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Shipped, as it came.
    Shipped,
    /// Shipped, with other words.
    Changed,
    /// Added by the organisation.
    Own,
}

/// A tag with what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tag.
    pub tag: Tag,
    /// What it is called.
    pub name: String,
    /// What it means, in a sentence.
    pub definition: String,
    /// An example, in a sentence; may be empty.
    pub example: String,
    /// The group that it stands in; none: it is a group itself.
    pub parent: Option<Tag>,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// No longer offered; it stays where it is used.
    pub retired: bool,
    /// The tag that counts for it, as somebody decided.
    pub merged_into: Option<Tag>,
    /// Whose words.
    pub words: Words,
    /// Counts its changes; 0: as shipped.
    pub version: i64,
}

impl Entry {
    /// Whether forms offer it.
    pub fn is_offered(&self) -> bool {
        !self.retired && self.merged_into.is_none()
    }
}

/// What somebody says of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// What it is called.
    pub name: String,
    /// What it means.
    pub definition: String,
    /// An example; may be empty.
    pub example: String,
    /// The group that it stands in.
    pub parent: Option<Tag>,
    /// Other words for it.
    pub synonyms: Vec<String>,
}

impl EntryChange {
    /// Reads a form; `synonyms` are separated by commas or lines.
    ///
    /// # Errors
    /// Fields `name`, `definition`, `example`, `synonyms`.
    pub fn parse(name: &str, definition: &str, example: &str, parent: &str, synonyms: &str) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let name = invalid.take(text::line("name", name, NAME_MAX)).unwrap_or_default();
        let definition = invalid.take(text::line("definition", definition, SENTENCE_MAX)).unwrap_or_default();
        let example = invalid.take(text::optional_line("example", example, SENTENCE_MAX)).unwrap_or_default();
        let words: Vec<&str> = synonyms.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty()).collect();
        if words.len() > SYNONYMS_MAX || words.iter().any(|word| word.chars().count() > NAME_MAX) {
            invalid.add("synonyms", format!("At most {SYNONYMS_MAX} other words, each of at most {NAME_MAX} characters."));
        }
        let synonyms = words.into_iter().map(str::to_owned).collect();
        invalid.or_ok()?;
        Ok(Self { name, definition, example, parent: Tag::parse(parent), synonyms })
    }
}

/// All entries, groups first, each followed by what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary(Vec<Entry>);

impl Default for Vocabulary {
    fn default() -> Self {
        Self::with(Vec::new())
    }
}

impl Vocabulary {
    /// What is shipped with what an organisation changed and added.
    pub fn with(own: Vec<Entry>) -> Self {
        let mut own: BTreeMap<Tag, Entry> = own.into_iter().map(|entry| (entry.tag.clone(), entry)).collect();
        let shipped = shipped::entries().into_iter().map(|entry| match own.remove(&entry.tag) {
            Some(changed) => Entry { words: Words::Changed, ..changed },
            None => entry,
        });
        let mut all: Vec<Entry> = shipped.collect();
        let mut added: Vec<Entry> = own.into_values().map(|entry| Entry { words: Words::Own, ..entry }).collect();
        added.sort_by_key(|entry| text::fold(&entry.name));
        all.extend(added);
        Self(all)
    }

    /// All, those that are no longer offered too.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The entry of a tag.
    pub fn find(&self, tag: &Tag) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.tag == *tag)
    }

    /// What a tag is called; one that nobody knows is called by its slug.
    pub fn name<'a>(&'a self, tag: &'a Tag) -> &'a str {
        if tag.is_unsorted() {
            return "Not sorted yet";
        }
        self.find(tag).map_or(tag.as_str(), |entry| &entry.name)
    }

    /// The tag that counts for a tag: itself, or what it was merged into, and so on.
    pub fn counted<'a>(&'a self, tag: &'a Tag) -> &'a Tag {
        let mut at = tag;
        // Merging refuses circles; whatever a database holds, this ends.
        for _ in 0..self.0.len() {
            match self.find(at).and_then(|entry| entry.merged_into.as_ref()) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// What forms offer: each group with what stands in it.
    pub fn offered(&self) -> Vec<(&Entry, Vec<&Entry>)> {
        let offered: Vec<&Entry> = self.0.iter().filter(|entry| entry.is_offered()).collect();
        let group_of = |entry: &Entry| {
            let parent = entry.parent.as_ref().map(|parent| self.counted(parent))?;
            offered.iter().find(|group| group.tag == *parent && group.parent.is_none()).map(|group| group.tag.clone())
        };
        let groups = offered.iter().filter(|entry| group_of(entry).is_none()).copied();
        groups
            .map(|group| {
                let inside = offered.iter().filter(|entry| group_of(entry).as_ref() == Some(&group.tag)).copied().collect();
                (group, inside)
            })
            .collect()
    }

    /// Value and name of every tag that can be looked for, in the order of [`offered`](Self::offered), then those that are retired.
    pub fn choices(&self) -> Vec<(String, String)> {
        let offered = self.offered().into_iter().flat_map(|(group, inside)| std::iter::once(group).chain(inside));
        let retired = self.0.iter().filter(|entry| entry.retired && entry.merged_into.is_none());
        offered.chain(retired).map(|entry| (entry.tag.to_string(), entry.name.clone())).collect()
    }

    /// The place of a tag in [`choices`](Self::choices); unknown ones come last.
    pub fn place(&self, tag: &Tag) -> usize {
        self.choices().iter().position(|(slug, _)| slug == tag.as_str()).unwrap_or(usize::MAX)
    }

    /// Whether a tag tells of what helped: the group [`shipped::HELPED`] and what stands in it.
    pub fn helped(&self, tag: &Tag) -> bool {
        let helped = |tag: &Tag| tag.as_str() == shipped::HELPED;
        helped(tag) || self.find(tag).and_then(|entry| entry.parent.as_ref()).is_some_and(|parent| helped(self.counted(parent)))
    }

    /// Tags that a sentence speaks of by one of their names: to be taken by a person, never by itself. Few, in their order.
    pub fn spoken_of(&self, sentence: &str) -> Vec<&Entry> {
        let said = text::words(sentence);
        let says = |words: &str| {
            let words = text::words(words);
            words.trim().len() > 3 && said.contains(&format!(" {} ", words.trim()))
        };
        let named = |entry: &&Entry| says(&entry.name) || entry.synonyms.iter().any(|word| says(word));
        self.0.iter().filter(|entry| entry.is_offered() && entry.parent.is_some()).filter(named).take(4).collect()
    }

    /// A slug for a new entry of this name: not that of another one.
    pub fn new_tag(&self, name: &str) -> Tag {
        let letters = text::fold(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
        let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
        let mut slug: String = parts.join("-").chars().take(SLUG_MAX - 8).collect();
        if slug.is_empty() {
            "tag".clone_into(&mut slug);
        }
        let free = |tag: &Tag| !tag.is_unsorted() && self.find(tag).is_none();
        let numbered = (2..).map(|n| Tag(format!("{slug}-{n}")));
        std::iter::once(Tag(slug.clone())).chain(numbered).find(free).unwrap_or_else(Tag::unsorted)
    }

    /// Checks what is said of an entry against the others; `of` is the entry, none for a new one.
    ///
    /// # Errors
    /// Field `name` when another one is called so; `parent` when it is no group.
    pub fn check(&self, of: Option<&Tag>, said: &EntryChange) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let folded = text::fold(&said.name);
        let others = || self.0.iter().filter(|entry| Some(&entry.tag) != of);
        if others().any(|entry| text::fold(&entry.name) == folded) || folded == text::fold(self.name(&Tag::unsorted())) {
            invalid.add("name", "Another tag is called so. Other words for that one can stand beside it.");
        }
        let has_inside = of.is_some_and(|of| self.0.iter().any(|entry| entry.parent.as_ref() == Some(of)));
        match &said.parent {
            Some(parent) if !others().any(|e| e.tag == *parent && e.parent.is_none() && e.is_offered()) => {
                invalid.add("parent", "Please choose a group from the list.");
            }
            Some(_) if has_inside => invalid.add("parent", "Other tags stand in this one: it stays a group."),
            _ => {}
        }
        invalid.or_ok()
    }

    /// Checks that one tag can be merged into another one.
    ///
    /// # Errors
    /// Field `into`, in words.
    pub fn check_merge(&self, from: &Tag, into: &Tag) -> Result<(), Invalid> {
        let refused = |words: &str| Err(Invalid::one("into", words));
        match self.find(into) {
            None => refused("Please choose a tag from the list."),
            Some(_) if from == into => refused("A tag is itself already."),
            Some(entry) if !entry.is_offered() => refused("That one is no longer in use. Please choose one that is."),
            Some(_) if self.counted(into) == from => refused("That one counts for this one already."),
            Some(entry) if entry.parent.is_some() && self.0.iter().any(|inside| inside.parent.as_ref() == Some(from)) => {
                refused("Other tags stand in this one. A group goes into a group alone.")
            }
            Some(_) if from.as_str() == shipped::HELPED => refused("What helped is told apart: this group stays."),
            Some(_) => Ok(()),
        }
    }

    /// What each tag is counted as, of those that are counted as another one.
    pub fn redirects(&self) -> BTreeMap<Tag, Tag> {
        let merged = self.0.iter().filter(|entry| entry.merged_into.is_some());
        merged.map(|entry| (entry.tag.clone(), self.counted(&entry.tag).clone())).collect()
    }

    /// The tags of these that exist, as they are counted, each once, in the vocabulary's order.
    pub fn known(&self, tags: &[Tag]) -> Vec<Tag> {
        let counted: BTreeSet<&Tag> = tags.iter().filter(|tag| self.find(tag).is_some()).map(|tag| self.counted(tag)).collect();
        let mut known: Vec<Tag> = counted.into_iter().cloned().collect();
        known.sort_by_key(|tag| self.place(tag));
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(slug: &str) -> Tag {
        Tag::parse(slug).unwrap()
    }

    fn own(slug: &str, name: &str) -> Entry {
        Entry {
            tag: tag(slug),
            name: name.to_owned(),
            definition: "Something".to_owned(),
            example: String::new(),
            parent: Some(tag("change")),
            synonyms: Vec::new(),
            retired: false,
            merged_into: None,
            words: Words::Own,
            version: 1,
        }
    }

    #[test]
    fn what_is_shipped_holds_together() {
        let all = Vocabulary::default();
        assert!(FactorCategory::ALL.into_iter().skip(1).all(|c| all.find(&c.into()).is_some()), "stored tags stay");
        let mut names = BTreeSet::new();
        for entry in all.entries() {
            assert_eq!(Tag::parse(entry.tag.as_str()).as_ref(), Some(&entry.tag));
            assert!(names.insert(text::fold(&entry.name)), "two are called {}", entry.name);
            assert!(entry.name.chars().count() <= NAME_MAX && entry.definition.ends_with('.'), "{}", entry.name);
            assert!(entry.definition.chars().count() <= SENTENCE_MAX && entry.example.chars().count() <= SENTENCE_MAX);
            let group = entry.parent.as_ref().map(|parent| all.find(parent).unwrap());
            assert!(group.is_none_or(|group| group.parent.is_none()), "two levels");
            let said = format!("{} {} {}", entry.name, entry.definition, entry.synonyms.join(" ")).to_lowercase();
            for word in [concat!("human ", "error"), concat!("root ", "cause"), "careless", "complacen", "blame"] {
                assert!(!said.contains(word), "{}", entry.name);
            }
        }
        assert_eq!(all.offered().len(), 7);
        assert_eq!(all.choices().len(), all.entries().len());
        assert_eq!(all.name(&Tag::unsorted()), "Not sorted yet");
    }

    #[test]
    fn own_words_take_the_place_of_shipped_ones() {
        let all = Vocabulary::with(vec![own("capacity", "Room"), own("our-own", "Our own")]);
        assert_eq!((all.name(&tag("capacity")), all.find(&tag("capacity")).unwrap().words), ("Room", Words::Changed));
        assert_eq!(all.find(&tag("our-own")).unwrap().words, Words::Own);
        assert_eq!(all.name(&tag("never-heard")), "never-heard");
    }

    #[test]
    fn a_merged_tag_is_counted_as_the_other_until_it_is_undone() {
        let a = Entry { merged_into: Some(tag("b")), ..own("a", "A") };
        let b = Entry { merged_into: Some(tag("capacity")), ..own("b", "B") };
        let all = Vocabulary::with(vec![a, b]);
        assert_eq!(all.counted(&tag("a")), &tag("capacity"));
        assert_eq!(all.redirects().len(), 2);
        assert_eq!(all.known(&[tag("a"), tag("b"), tag("capacity"), tag("nothing")]), [tag("capacity")]);
        assert!(all.choices().iter().all(|(slug, _)| slug != "a" && slug != "b"));
        assert!(all.check_merge(&tag("capacity"), &tag("a")).is_err(), "not in use");
        assert!(all.check_merge(&tag("capacity"), &tag("capacity")).is_err());
        assert!(all.check_merge(&tag("helped"), &tag("change")).is_err());
        assert!(all.check_merge(&tag("change"), &tag("tech-debt")).is_err(), "others stand in it");
        assert!(all.check_merge(&tag("change"), &tag("condition")).is_ok());
        assert!(all.check_merge(&tag("tech-debt"), &tag("capacity")).is_ok());
        let circle = Entry { merged_into: Some(tag("a")), ..own("a", "A") };
        assert_eq!(Vocabulary::with(vec![circle]).counted(&tag("a")), &tag("a"), "ends");
    }

    #[test]
    fn names_are_given_once_and_groups_stay_groups() {
        let all = Vocabulary::default();
        let said = |name: &str, parent: &str| EntryChange::parse(name, "It means this.", "", parent, "one, two\nthree").unwrap();
        assert_eq!(said("New", "change").synonyms, ["one", "two", "three"]);
        assert!(all.check(None, &said("New", "change")).is_ok());
        assert!(all.check(None, &said("CAPACITY", "change")).unwrap_err().message("name").is_some());
        assert!(all.check(Some(&tag("capacity")), &said("Capacity", "condition")).is_ok());
        assert!(all.check(None, &said("New", "capacity")).unwrap_err().message("parent").is_some(), "no group");
        assert!(all.check(Some(&tag("change")), &said("Change", "tools")).unwrap_err().message("parent").is_some());
        let refused = EntryChange::parse(" ", "", "", "", &"x,".repeat(SYNONYMS_MAX + 1)).unwrap_err();
        assert!(["name", "definition", "synonyms"].iter().all(|field| refused.message(field).is_some()));
        assert_eq!(all.new_tag("Under the *full* moon!").as_str(), "under-the-full-moon");
        assert_eq!(all.new_tag("Capacity").as_str(), "capacity-2");
        assert_eq!(all.new_tag("Unsorted").as_str(), "unsorted-2");
        assert_eq!(all.new_tag("停电").as_str(), "tag");
    }

    #[test]
    fn a_sentence_names_its_tags_and_what_helped_is_told_apart() {
        let all = Vocabulary::default();
        let named: Vec<&str> = all.spoken_of("The feature flag hid the tech debt").iter().map(|e| e.tag.as_str()).collect();
        assert_eq!(named, ["configuration-change", "tech-debt"]);
        assert!(all.spoken_of("").is_empty());
        assert!(all.helped(&tag("safe-rollback")) && all.helped(&tag("helped")) && !all.helped(&tag("capacity")));
    }

    #[test]
    fn a_slug_is_plain() {
        for wrong in ["", "A", "a b", "ä", "a_b", &"a".repeat(SLUG_MAX + 1)] {
            assert_eq!(Tag::parse(wrong), None, "{wrong}");
        }
    }
}
