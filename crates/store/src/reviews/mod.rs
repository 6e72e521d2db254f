//! Learning reviews: who leads them, what is written, whose words stand in them, and the story that is published.
//!
//! Quotes are copies. What a reader's query touches (`excerpts`) holds no way to an author; the way back (`excerpt_sources`) is read
//! only to ask the author. A review knows of planning nothing but the count of parked ideas and when its soak time begins.

mod ballots;
mod calibration;
mod calls;
mod comments;
mod erasing;
mod excerpts;
mod in_story;
mod kept_hints;
mod letters;
mod lines;
mod meeting;
mod opening;
mod passages;
mod preparing;
mod published;
mod publishing;
mod readers;
mod revisiting;
mod sections;
mod shares;
mod sizing;
mod story;
mod survey;
mod taken_back;
mod telling;
mod thanks;
mod themes;

pub use ballots::{Slip, ToVote, Vote, close_vote, open_vote, set_agenda, slip, themes_vote, vote, votes_waiting};
pub use calibration::{OwnExcerpt, WaitingQuotes, decide, my_excerpts, quotes_waiting};
pub use calls::{Call, answer_call, ask_to_call, calls_waiting, drop_call};
pub use comments::{Comment, Settling, comment, comments, settle_comment};
pub use excerpts::{Draft, change_excerpt, draft_excerpt, drop_excerpt, excerpts, take_offered};
pub use kept_hints::{HintKey, KeptHints, keep_hint, kept_hints, park_out_of, switch_hints};
pub use lines::{Line, new_line, take_out_line, write_line};
pub use meeting::{Opening, Room, Wall, begin, end, next, room, runs_for, set_opening, turn};
pub use opening::{Appointment, Candidate, Status, appoint, candidates, open, release, status};
pub use passages::{MarkOfMine, Marked, gather, mark, marked, unmark};
pub use preparing::{Preparation, mark_part, meeting, plan_meeting, preparation};
pub use published::{Published, PublishedStory, published, published_between};
pub use publishing::{NextStep, Readiness, ToPrepare, publish, readiness, set_deadline, to_prepare};
pub use readers::{count_readers, readers};
pub use revisiting::{LookedAgain, ToRevisit, revisit, revisits_waiting};
pub use sections::{Saving, VersionLine, WhileWriting, keep_section, save_section, sections, version_text, versions};
pub use shares::{Share, Shared, Shares, share, share_links, shared, shared_opened, shares, switch_share_links, take_back_share};
pub use sizing::{size, sizing};
pub use story::{Story, StoryQuote, story};
pub use survey::{Heard, Survey, answer_survey, ask_survey, heard, survey, surveys_waiting};
pub use telling::{tell_anniversary, tell_digest};
pub use thanks::{ThanksToMe, answer_thanks, may_be_thanked, remove_thanks, thank, thanks, thanks_of_mine};
pub use themes::{Gathered, Step, add_theme, change_theme, gathered, move_theme, remove_theme};

pub(crate) use calibration::answer_narrowed;
pub(crate) use calls::{calls_of, forget_in_meetings};
pub(crate) use comments::forget_comments;
pub(crate) use erasing::{Standing, forget_answer, forget_author, forget_way_to};
pub(crate) use in_story::named_words;
pub(crate) use letters::link_replaced;
pub(crate) use passages::{answer_changed, marks_of};
pub(crate) use readers::Openings;
pub(crate) use sections::{Restoring, import_section, restore_section, said};
pub(crate) use shares::{end_shares, end_shares_of, forget_ended_shares};
pub(crate) use taken_back::{holds_any, taken_back, words_of};
pub(crate) use thanks::{forget_thanks, thanks_of};

use crate::crypt::{IncidentKeyring, Place};
use crate::{Result, StoreError};
use domain::reviews::{Attribution, Excerpt, ExcerptState, SectionKind};
use uuid::Uuid;

/// An excerpt as every query of it answers, still sealed.
#[derive(sqlx::FromRow)]
struct ExcerptRow {
    id: Uuid,
    section: String,
    text_sealed: Vec<u8>,
    offered_sealed: Vec<u8>,
    paraphrase: bool,
    attribution: String,
    state: String,
    version: i64,
    /// Filled only where the attribution names the author.
    author: Option<String>,
}

fn place(row: Uuid, column: &'static str) -> Place<'static> {
    Place { table: "excerpts", row, column, audience: "" }
}

fn section(slug: &str) -> Result<SectionKind> {
    SectionKind::from_slug(slug).ok_or(StoreError::Corrupt { table: "excerpts", column: "section" })
}

fn state(slug: &str) -> Result<ExcerptState> {
    ExcerptState::from_slug(slug).ok_or(StoreError::Corrupt { table: "excerpts", column: "state" })
}

impl ExcerptRow {
    fn open(self, key: &IncidentKeyring) -> Result<Excerpt> {
        let attribution = Attribution::from_slug(&self.attribution);
        Ok(Excerpt {
            id: domain::ExcerptId(self.id),
            section: section(&self.section)?,
            text: key.open(&place(self.id, "text"), &self.text_sealed)?,
            offered: key.open(&place(self.id, "offered"), &self.offered_sealed)?,
            paraphrase: self.paraphrase,
            attribution,
            author: self.author.filter(|_| attribution == Attribution::Named),
            state: state(&self.state)?,
            version: self.version,
        })
    }
}
