//! The form of a mitigation item: the option, what it rests on, and the decision.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::Form;
use crate::learnings::tagged;
use crate::ui::{Select, TextField, TextareaField};
use chrono::NaiveDate;
use domain::learnings::{Factor, Learning};
use domain::planning::{Effort, Item, ItemDraft, ItemState};
use domain::{Invalid, ParkedId};
use leptos::prelude::*;
use serde::Deserialize;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ItemFields {
    /// One line.
    pub title: String,
    /// More words.
    pub body: String,
    /// The effect hoped for.
    pub effect: String,
    /// What it would make harder.
    pub harder: String,
    /// An effort's slug, or empty.
    pub effort: String,
    /// A person's id, or empty.
    pub owner: String,
    /// `2026-12-15`, or empty.
    pub due: String,
    /// A state's slug.
    pub state: String,
    /// Why it was decided so.
    pub reason: String,
    /// Its page in a tracker, or empty.
    pub tracker: String,
    /// Ids of factors.
    pub factor: Vec<String>,
    /// Ids of learnings.
    pub learning: Vec<String>,
    /// The version that the form was drawn from.
    pub base_version: String,
    /// The parked idea that it comes from.
    pub from: String,
}

impl ItemFields {
    /// As an item stands.
    pub fn of(item: &Item) -> Self {
        Self {
            title: item.title.clone(),
            body: item.body.clone(),
            effect: item.effect.clone(),
            harder: item.harder.clone(),
            effort: item.effort.map(|e| e.slug().to_owned()).unwrap_or_default(),
            owner: item.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            due: item.due_on.map(|day| day.to_string()).unwrap_or_default(),
            state: item.state.slug().to_owned(),
            reason: item.reason.clone(),
            tracker: item.tracker.clone(),
            factor: item.factors.iter().map(ToString::to_string).collect(),
            learning: item.learnings.iter().map(ToString::to_string).collect(),
            base_version: item.version.to_string(),
            from: String::new(),
        }
    }

    /// What was typed, read.
    pub fn draft(&self) -> Result<ItemDraft, Invalid> {
        let mut invalid = Invalid::default();
        let owner_id = match self.owner.as_str() {
            "" => None,
            id => invalid.take(id.parse().map_err(|_| Invalid::one("owner", "Please choose somebody from the list."))),
        };
        let due_on = match self.due.trim() {
            "" => None,
            day => {
                let read = NaiveDate::parse_from_str(day, "%Y-%m-%d");
                invalid.take(read.map_err(|_| Invalid::one("due", "Please write the day as year-month-day, like 2026-12-15.")))
            }
        };
        let draft = ItemDraft {
            title: self.title.clone(),
            body: self.body.clone(),
            owner_id,
            due_on,
            effect: self.effect.clone(),
            harder: self.harder.clone(),
            effort: Effort::from_slug(&self.effort),
            state: ItemState::from_slug(&self.state).unwrap_or(ItemState::Proposed),
            reason: self.reason.clone(),
            tracker: self.tracker.clone(),
            factors: self.factor.iter().filter_map(|id| id.parse().ok()).collect(),
            learnings: self.learning.iter().filter_map(|id| id.parse().ok()).collect(),
        };
        let checked = invalid.take(draft.checked());
        match checked {
            Some(draft) if invalid.fields.is_empty() => Ok(draft),
            _ => Err(invalid),
        }
    }

    /// The idea that it comes from, if it comes from one.
    pub fn from(&self) -> Result<Option<ParkedId>, AppError> {
        match self.from.as_str() {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| AppError::BadRequest),
        }
    }

    /// The version that the form was drawn from; 0 fits none.
    pub fn base(&self) -> i64 {
        self.base_version.parse().unwrap_or(0)
    }
}

/// First what it is and what it costs, then the decision: an option is written down before anybody is asked to do it.
pub fn fields(form: &Form<ItemFields>, owners: Vec<(String, String)>, linkable: Linkable) -> impl IntoView + use<> {
    let typed = form.typed.clone();
    let states = ItemState::ALL.into_iter().map(|s| (s.slug().to_owned(), state_words(s).to_owned())).collect::<Vec<_>>();
    let efforts = Effort::ALL.into_iter().map(|e| (e.slug().to_owned(), e.label().to_owned()));
    let efforts: Vec<_> = std::iter::once((String::new(), "Not said".to_owned())).chain(efforts).collect();
    let linked = linkable.view(&typed);
    view! {
        <fieldset class="stack">
            <legend>"The option"</legend>
            <TextField name="title" label="What could be done" value=typed.title error=form.error("title")/>
            <TextareaField
                name="effect" label="The effect hoped for" text=typed.effect rows=2 error=form.error("effect")
                hint="What will be different, and for whom?"
            />
            <TextareaField
                name="harder" label="What it would make harder" text=typed.harder rows=2 error=form.error("harder")
                hint="Everything costs somebody something. For whom, and when?"
            />
            <Select name="effort" label="What it takes" value=typed.effort options=efforts/>
            <TextareaField name="body" label="More words" text=typed.body rows=4 hint="Markdown works here." error=form.error("body")/>
            {linked}
        </fieldset>
        <fieldset class="stack">
            <legend>"The decision"</legend>
            <Select
                name="state" label="Where it stands" value=typed.state options=states
                hint="Weigh first, decide later: an option may stay one for a while."
            />
            <TextareaField
                name="reason" label="Because" text=typed.reason rows=2 error=form.error("reason")
                hint="Why it was decided so. Deciding against, with a reason, is a good result too."
            />
            <div class="field-row">
                <Select name="owner" label="Who takes care of it" value=typed.owner options=owners error=form.error("owner")/>
                <TextField name="due" kind="date" label="Due" value=typed.due error=form.error("due")/>
            </div>
            <TextField
                name="tracker" kind="url" label="Its page in your tracker" value=typed.tracker error=form.error("tracker")
                hint="Optional. A whole address, beginning with https://"
            />
        </fieldset>
    }
}

/// A state as a decision.
fn state_words(state: ItemState) -> &'static str {
    match state {
        ItemState::Proposed => "An option, not decided",
        ItemState::Open => "Decided: do it",
        ItemState::Doing => "Being done",
        ItemState::Done => "Done",
        ItemState::WontDo => "Decided: won’t do it, because …",
    }
}

/// What an item can rest on.
pub struct Linkable {
    /// Contributing factors of the incident.
    pub factors: Vec<Factor>,
    /// Its learnings.
    pub learnings: Vec<Learning>,
}

impl Linkable {
    fn view(self, typed: &ItemFields) -> impl IntoView + use<> {
        let words = expect_context::<Ctx>().vocabulary;
        let factors = self.factors.into_iter().map(|f| (f.id.to_string(), tagged(&words, &f.tags, &f.body)));
        let learnings = self.learnings.into_iter().map(|l| (l.id.to_string(), l.body));
        view! {
            {checks("factor", "Contributing factors that it answers to", factors.collect(), &typed.factor)}
            {checks("learning", "Learnings that it rests on", learnings.collect(), &typed.learning)}
        }
    }
}

fn checks(
    name: &'static str,
    legend: &'static str,
    options: Vec<(String, String)>,
    ticked: &[String],
) -> Option<impl IntoView + use<>> {
    let ticked = ticked.to_vec();
    (!options.is_empty()).then(|| {
        let each = options
            .into_iter()
            .map(|(id, text)| {
                let checked = ticked.contains(&id);
                view! {
                    <label class="check">
                        <input type="checkbox" name=name value=id checked=checked/>
                        <span>{text}</span>
                    </label>
                }
            })
            .collect_view();
        view! { <fieldset class="stack"><legend>{legend}</legend>{each}</fieldset> }
    })
}
