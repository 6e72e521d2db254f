//! The writing assistant over a text of a review: which hints are shown, which sentences stay as they are, and why there are none.

use crate::ctx::Ctx;
use crate::error::AppError;
use domain::IncidentId;
use domain::reviews::SectionKind;
use std::ops::Range;
use std::sync::Arc;
use store::people::WritingWords;
use store::reviews::HintKey;
use writing::{Assistant, Group, Lexicon, Own, Place, Switches};

/// Why nothing is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// The organisation switched the assistant off.
    Here,
    /// Somebody who writes this document did.
    Document,
}

/// A hint on a text.
#[derive(Clone, Debug)]
pub(super) struct Card {
    /// By what its sentence is known again.
    pub(super) key: HintKey,
    pub(super) label: &'static str,
    pub(super) words: String,
    pub(super) why: String,
    pub(super) offer: String,
    /// Asked of a person's act: how did it make sense?
    pub(super) person: bool,
    /// About later: the parking lot takes it.
    pub(super) planning: bool,
    /// Where its words stand, as a browser counts: in UTF-16, a new line as one.
    pub(super) at: Range<usize>,
    /// Its sentence, in bytes.
    pub(super) sentence: Range<usize>,
    /// The sentence, on one line and without the mark of a list.
    pub(super) alone: String,
}

/// What the assistant says of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Hinted {
    pub(super) silence: Option<Silence>,
    /// In the order of the text.
    pub(super) cards: Vec<Card>,
    /// Those whose sentences stay as they are.
    pub(super) kept: Vec<Card>,
    /// A sentence has just been parked.
    pub(super) parked: bool,
}

/// The assistant of this organisation: names, switches and own rules as they are now.
pub(crate) fn assistant(words: &WritingWords) -> Assistant {
    let WritingWords { people, services, choice } = words;
    // They were read when they were saved; what an older version could read and this one cannot is as if it were not there.
    let own: Arc<Own> = Own::kept(&choice.rules).unwrap_or_default();
    let lexicon = if own.people.is_empty() && own.systems.is_empty() {
        Lexicon::kept(people, services)
    } else {
        Lexicon::kept(&[people.as_slice(), &own.people].concat(), &[services.as_slice(), &own.systems].concat())
    };
    Assistant { lexicon, own, switches: Switches::read(&choice.switches) }
}

/// Looks at a text of this review, for who writes it.
pub(super) async fn look(ctx: &Ctx, incident: IncidentId, kind: SectionKind, text: &str) -> Result<Hinted, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let words = store::people::writing_words(store, viewer).await?;
    let known = store::reviews::kept_hints(store, viewer, incident, ctx.now).await?;
    let silence = if words.choice.off { Some(Silence::Here) } else { known.none.then_some(Silence::Document) };
    if silence.is_some() {
        return Ok(Hinted { silence, ..Hinted::default() });
    }
    let assistant = assistant(&words);
    let (mut counted, mut units) = (0, 0);
    let mut place = |byte: usize| {
        units += text[counted..byte].replace("\r\n", "\n").encode_utf16().count();
        counted = byte;
        units
    };
    let card = |hint: &writing::Hint<'_>| {
        let sentence = &text[hint.sentence.clone()];
        Card {
            key: HintKey::new(incident, &hint.rule.id, &writing::normalised(sentence)),
            label: hint.rule.group.label(),
            words: text[hint.at.clone()].to_owned(),
            why: hint.rule.why.to_string(),
            offer: hint.rule.offer.to_string(),
            person: hint.rule.is_about_a_person(),
            planning: hint.rule.group == Group::K,
            at: place(hint.at.start)..place(hint.at.end),
            sentence: hint.sentence.clone(),
            alone: writing::sentence_alone(sentence),
        }
    };
    let cards: Vec<Card> =
        assistant.check(text, if kind.is_in_story() { Place::Review } else { Place::External }).iter().map(card).collect();
    let (kept, cards) = cards.into_iter().partition(|card| known.has(&card.key));
    Ok(Hinted { silence: None, cards, kept, parked: false })
}

impl Hinted {
    /// The hint of this key, kept or not.
    pub(super) fn find(&self, key: &str) -> Option<&Card> {
        self.cards.iter().chain(&self.kept).find(|card| card.key.as_str() == key)
    }
}
