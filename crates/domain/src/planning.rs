//! Improvement planning, behind the wall: mitigation items, first as options, and when the wall opens.

mod after;

pub use after::{ASKED_AFTER, Age, Helped, Returned, Verdict, asked_at, helped, waits_in_words};

use crate::ids::{FactorId, ItemId, LearningId, ParkedId, PersonId};
use crate::timeline::details::is_web_address;
use crate::{Invalid, text};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a mitigation item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ItemState {
    /// Weighed, not decided: what it would make harder, what is hoped for, what it takes.
    Proposed,
    /// Decided to do, not begun.
    Open,
    /// Being done.
    Doing,
    /// Done.
    Done,
    /// Decided against, with a reason.
    WontDo,
}

impl ItemState {
    /// All.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Open, Self::Doing, Self::Done, Self::WontDo];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["option", "open", "doing", "done", "wont-do"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Option", "Decided", "Being done", "Done", "Won’t do"][self as usize]
    }

    /// Something still waits to be decided or done.
    pub fn waits(self) -> bool {
        matches!(self, Self::Proposed | Self::Open | Self::Doing)
    }
}

/// How much of their time it takes those who do it, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Effort {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
}

impl Effort {
    /// All.
    pub const ALL: [Self; 4] = [Self::Hours, Self::Days, Self::Weeks, Self::Months];

    /// As stored and in forms.
    pub fn slug(self) -> &'static str {
        ["hours", "days", "weeks", "months"][self as usize]
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.slug() == slug)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        ["Some hours", "Some days", "Some weeks", "Some months"][self as usize]
    }
}

/// A mitigation item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// What is to be done, one line.
    pub title: String,
    /// More words, Markdown.
    pub body: String,
    /// Who takes care of it.
    pub owner_id: Option<PersonId>,
    /// Their name.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The effect that is hoped for.
    pub effect: String,
    /// What it would make harder, and for whom.
    pub harder: String,
    /// What it takes; `None`: not said.
    pub effort: Option<Effort>,
    /// Where it stands.
    pub state: ItemState,
    /// Why it was decided so. Needed where it will not be done.
    pub reason: String,
    /// Its page in the tracker of whoever does it; empty: none.
    pub tracker: String,
    /// When it stopped being an option; `None` while it is one.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was done, where that is known.
    pub done_at: Option<DateTime<Utc>>,
    /// What was said about whether it helped, the latest first.
    pub helped: Vec<Helped>,
    /// Factors that it answers to.
    pub factors: Vec<FactorId>,
    /// Learnings that it rests on.
    pub learnings: Vec<LearningId>,
    /// The parked idea that it was made from.
    pub parked_id: Option<ParkedId>,
    /// Counts its changes.
    pub version: i64,
}

/// What a form says about a mitigation item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDraft {
    /// See [`Item::title`].
    pub title: String,
    /// See [`Item::body`].
    pub body: String,
    /// See [`Item::owner_id`].
    pub owner_id: Option<PersonId>,
    /// See [`Item::due_on`].
    pub due_on: Option<NaiveDate>,
    /// See [`Item::effect`].
    pub effect: String,
    /// See [`Item::harder`].
    pub harder: String,
    /// See [`Item::effort`].
    pub effort: Option<Effort>,
    /// See [`Item::state`].
    pub state: ItemState,
    /// See [`Item::reason`].
    pub reason: String,
    /// See [`Item::tracker`].
    pub tracker: String,
    /// See [`Item::factors`].
    pub factors: Vec<FactorId>,
    /// See [`Item::learnings`].
    pub learnings: Vec<LearningId>,
}

impl Default for ItemDraft {
    /// An option without words.
    fn default() -> Self {
        Self {
            title: String::new(),
            body: String::new(),
            owner_id: None,
            due_on: None,
            effect: String::new(),
            harder: String::new(),
            effort: None,
            state: ItemState::Proposed,
            reason: String::new(),
            tracker: String::new(),
            factors: Vec::new(),
            learnings: Vec::new(),
        }
    }
}

impl ItemDraft {
    /// Trimmed and within its limits.
    ///
    /// # Errors
    /// Names each refused field: a title is needed, *won't do* needs its reason, an option has neither owner nor day, and a tracker is
    /// linked by an `https` address.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let title = invalid.take(text::line("title", &self.title, text::TITLE_MAX)).unwrap_or_default();
        let body = invalid.take(text::long("body", &self.body)).unwrap_or_default();
        let effect = invalid.take(text::long("effect", &self.effect)).unwrap_or_default();
        let harder = invalid.take(text::long("harder", &self.harder)).unwrap_or_default();
        let reason = invalid.take(text::long("reason", &self.reason)).unwrap_or_default();
        let tracker = invalid.take(tracker(&self.tracker)).unwrap_or_default();
        if self.state == ItemState::Proposed && self.owner_id.is_some() {
            invalid.add("owner", "An option is nobody’s yet. Choose somebody once it is decided to do it.");
        }
        if self.state == ItemState::Proposed && self.due_on.is_some() {
            invalid.add("due", "An option has no day yet. Choose one once it is decided to do it.");
        }
        if self.state == ItemState::WontDo && reason.trim().is_empty() && invalid.message("reason").is_none() {
            invalid.add("reason", "Please say why it will not be done, so that others understand it later.");
        }
        invalid.or_ok()?;
        Ok(Self { title, body, effect, harder, reason, tracker, ..self })
    }
}

/// An address in a tracker, or nothing. Only `https`: whoever follows it is signed in there.
fn tracker(address: &str) -> Result<String, Invalid> {
    let address = address.trim();
    let without_name = address.strip_prefix("https://").is_none_or(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.contains('@')
    });
    if address.is_empty() || (!without_name && is_web_address(address)) {
        return Ok(address.to_owned());
    }
    Err(Invalid::one("tracker", "Please give the whole address, beginning with https://, without a name or password in it."))
}

/// Fewest words of a reason for opening the wall early: a sentence, not a sign.
const REASON_WORDS: usize = 4;

/// The written reason for opening the wall before its time.
///
/// # Errors
/// Names the field `reason` when it is shorter than a sentence.
pub fn reason_for_opening(reason: &str) -> Result<String, Invalid> {
    let reason = text::long("reason", reason)?;
    if reason.split_whitespace().count() < REASON_WORDS {
        return Err(Invalid::one("reason", "Please write one sentence, so that others understand it later."));
    }
    Ok(reason)
}

/// A one-line title for an action that a document words in Markdown: its first line, cut at a word.
pub fn title_of(action: &str) -> String {
    let line = action.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("Item without words");
    if line.chars().count() <= text::TITLE_MAX {
        return line.to_owned();
    }
    let cut: String = line.chars().take(text::TITLE_MAX - 1).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("{whole_words}…")
}

/// The wall of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wall {
    /// When it opens by itself; `None` before publication.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it was opened early.
    pub opened_early_at: Option<DateTime<Utc>>,
    /// Who opened it early.
    pub opened_by: Option<String>,
    /// The written reason for that; stays on record.
    pub reason: String,
}

impl Wall {
    /// Whether planning is open at `now`.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.opened_early_at.is_some() || self.opens_at.is_some_and(|at| at <= now)
    }

    /// When it opened, if it is open at `now`.
    pub fn opened_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        [self.opened_early_at, self.opens_at].into_iter().flatten().filter(|at| *at <= now).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> ItemDraft {
        ItemDraft { title: "  Ask one depot gateway  ".into(), state: ItemState::Open, ..ItemDraft::default() }
    }

    #[test]
    fn an_item_needs_a_title_and_not_doing_it_needs_a_reason() {
        assert_eq!(draft().checked().expect("fine").title, "Ask one depot gateway");
        let bare = ItemDraft { title: " ".into(), state: ItemState::WontDo, ..draft() };
        let refused = bare.checked().expect_err("two fields");
        assert_eq!(refused.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["title", "reason"]);
        let told = ItemDraft { state: ItemState::WontDo, reason: "It would stop printing.".into(), ..draft() };
        assert!(told.checked().is_ok());
    }

    #[test]
    fn an_option_is_nobodys_and_has_no_day() {
        let owner_id = Some(PersonId(uuid::Uuid::from_u128(1)));
        let taken = ItemDraft { owner_id, due_on: NaiveDate::from_ymd_opt(2026, 4, 15), ..draft() };
        assert!(taken.clone().checked().is_ok());
        let refused = ItemDraft { state: ItemState::Proposed, ..taken }.checked().expect_err("two fields");
        assert_eq!(refused.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["owner", "due"]);
        assert!(ItemState::ALL.into_iter().filter(|s| s.waits()).count() == 3);
    }

    #[test]
    fn a_tracker_is_linked_by_https_alone() {
        for fine in ["", "  ", "https://tracker.example/T-1", " https://tracker.example/browse?x=1#c ", "https://x.example/@team"]
        {
            let kept = ItemDraft { tracker: fine.into(), ..draft() }.checked().expect(fine);
            assert_eq!(kept.tracker, fine.trim());
        }
        for odd in [
            "http://tracker.example/T-1",
            "javascript:alert(1)",
            "tracker.example/T-1",
            "https://",
            "https://a b",
            "https://me:secret@tracker.example/",
            "//tracker.example",
        ] {
            let refused = ItemDraft { tracker: odd.into(), ..draft() }.checked().expect_err(odd);
            assert!(refused.message("tracker").is_some(), "{odd}");
        }
    }

    #[test]
    fn a_reason_is_a_sentence() {
        assert!(reason_for_opening("urgent").is_err());
        assert!(reason_for_opening("  \n ").is_err());
        assert_eq!(reason_for_opening("Depots lose data every night.").expect("a sentence"), "Depots lose data every night.");
    }

    #[test]
    fn a_long_action_gets_a_title_of_whole_words() {
        assert_eq!(title_of("\n  Restart it  \n- and more"), "Restart it");
        let long = "word ".repeat(80);
        let title = title_of(&long);
        assert!(title.chars().count() <= text::TITLE_MAX && title.ends_with("word…"), "{title}");
    }
}
