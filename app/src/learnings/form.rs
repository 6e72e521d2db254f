//! The forms about a factor and a learning, as typed and as drawn. Their fields have names of their own: both stand on one page.

use super::apart::page_of;
use crate::ctx::Ctx;
use crate::form::Form;
use crate::ui::{Select, TextField, TextareaField};
use domain::learnings::factor::read_evidence;
use domain::learnings::standing::read_learning;
use domain::learnings::{
    Confidence, Factor, FactorDetails, FactorState, KnownBefore, Learning, LearningDetails, LearningKind, LearningStatus, Phase,
    Role, Usual,
};
use domain::vocabulary::{Entry, Tag, Vocabulary};
use domain::{Invalid, text};
use leptos::prelude::*;
use serde::Deserialize;
use store::learnings::{NewFactor, NewLearning};
use store::people::Team;

/// A factor as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct FactorFields {
    pub(super) factor: String,
    /// Slugs that are ticked.
    pub(super) tag: Vec<String>,
    pub(super) role: String,
    pub(super) phase: String,
    pub(super) known_before: String,
    pub(super) usual: String,
    pub(super) confidence: String,
    pub(super) state: String,
    pub(super) other_view: String,
    pub(super) evidence: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl FactorFields {
    pub(super) fn of(factor: &Factor) -> Self {
        let details = &factor.details;
        Self {
            factor: factor.body.clone(),
            tag: factor.tags.iter().map(Tag::to_string).collect(),
            role: details.role.slug().to_owned(),
            phase: details.phase.map_or("", Phase::slug).to_owned(),
            known_before: details.known.map_or("", KnownBefore::slug).to_owned(),
            usual: details.usual.map_or("", Usual::slug).to_owned(),
            confidence: details.confidence.map_or("", Confidence::slug).to_owned(),
            state: details.state.slug().to_owned(),
            other_view: details.other_view.clone(),
            evidence: details.evidence.join("\n"),
            version: factor.version.to_string(),
        }
    }

    pub(super) fn parse(&self) -> Result<NewFactor, Invalid> {
        let mut invalid = Invalid::default();
        let body = invalid.take(text::required("factor", &self.factor)).unwrap_or_default();
        let other_view = invalid.take(text::long("other_view", &self.other_view)).unwrap_or_default();
        let evidence = invalid.take(read_evidence(&self.evidence)).unwrap_or_default();
        invalid.or_ok()?;
        let details = FactorDetails {
            role: Role::from_slug(&self.role).unwrap_or(Role::Contributor),
            phase: Phase::from_slug(&self.phase),
            known: KnownBefore::from_slug(&self.known_before),
            usual: Usual::from_slug(&self.usual),
            confidence: Confidence::from_slug(&self.confidence),
            state: FactorState::from_slug(&self.state).unwrap_or(FactorState::Proposed),
            other_view,
            evidence,
        };
        Ok(NewFactor { body, tags: self.tag.iter().filter_map(|slug| Tag::parse(slug)).collect(), details })
    }

    /// Whether anything stands in the part that is folded away.
    fn says_more(&self) -> bool {
        let said = [&self.phase, &self.known_before, &self.usual, &self.confidence, &self.other_view, &self.evidence];
        let other = |slug: &str, usual: &str| !slug.is_empty() && slug != usual;
        said.iter().any(|field| !field.is_empty())
            || other(&self.role, Role::Contributor.slug())
            || other(&self.state, FactorState::Proposed.slug())
    }
}

/// A learning as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct LearningFields {
    pub(super) kind: String,
    pub(super) known: String,
    pub(super) before: String,
    /// Ids of teams that are ticked.
    pub(super) team: Vec<String>,
    pub(super) status: String,
    pub(super) reason: String,
    pub(super) replaced_by: String,
    pub(super) shown_by: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl LearningFields {
    pub(super) fn of(learning: &Learning) -> Self {
        Self {
            kind: learning.kind.slug().to_owned(),
            known: learning.body.clone(),
            before: learning.before.clone(),
            team: learning.details.teams.iter().map(ToString::to_string).collect(),
            status: learning.details.status.slug().to_owned(),
            reason: learning.details.reason.clone(),
            replaced_by: learning.details.replaced_by.map(page_of).unwrap_or_default(),
            shown_by: learning.details.evidence.join("\n"),
            version: learning.version.to_string(),
        }
    }

    pub(super) fn parse(&self) -> Result<NewLearning, Invalid> {
        let mut invalid = Invalid::default();
        let body = invalid.take(text::required("known", &self.known));
        let before = invalid.take(text::long("before", &self.before));
        let kind = LearningKind::from_slug(&self.kind).unwrap_or(LearningKind::System);
        let evidence = invalid.take(read_evidence(&self.shown_by).map_err(|refused| {
            Invalid::one("shown_by", refused.message("evidence").unwrap_or("Please give one address a line."))
        }));
        let replaced_by = invalid.take(read_learning("replaced_by", &self.replaced_by)).flatten();
        let details = LearningDetails {
            evidence: evidence.unwrap_or_default(),
            teams: self.team.iter().filter_map(|id| id.parse().ok()).collect(),
            status: LearningStatus::from_slug(&self.status).unwrap_or_default(),
            reason: self.reason.clone(),
            replaced_by,
        };
        let details = invalid.take(details.checked()).unwrap_or_default();
        invalid.or_ok()?;
        let (body, before) = (body.unwrap_or_default(), before.unwrap_or_default());
        Ok(NewLearning { kind, body, before, worded_as_plan: false, details })
    }

    /// Whether anything stands in the part that is folded away.
    fn says_more(&self) -> bool {
        let said = [&self.reason, &self.replaced_by, &self.shown_by];
        let status = LearningStatus::from_slug(&self.status).unwrap_or_default();
        !self.team.is_empty() || status != LearningStatus::New || said.iter().any(|field| !field.is_empty())
    }
}

#[component]
pub(super) fn FactorForm(action: String, form: Form<FactorFields>, button: &'static str) -> impl IntoView {
    let words = expect_context::<Ctx>().vocabulary;
    let (error, other_error, evidence_error) = (form.error("factor"), form.error("other_view"), form.error("evidence"));
    let typed = form.typed;
    let more = typed.says_more() || other_error.is_some() || evidence_error.is_some();
    let chosen: Vec<Tag> = typed.tag.iter().filter_map(|slug| Tag::parse(slug)).map(|tag| words.counted(&tag).clone()).collect();
    view! {
        <form class="stack" method="post" action=action>
            <input type="hidden" name="version" value=typed.version.clone()/>
            <TextareaField
                name="factor"
                label="What had to be true?"
                hint="One condition, in a sentence, as part of how work goes. Could it be true if other people had been on shift? Then it belongs here."
                text=typed.factor.clone()
                rows=3
                error
            />
            {tags(&words, &chosen, &typed.factor)}
            <details class="more" open=more>
                <summary>"More about it"</summary>
                <div class="stack mt2">
                    <Select name="role" label="The part that it played" value=typed.role.clone() options=each(Role::ALL, Role::slug, Role::label)/>
                    <Select name="phase" label="When it mattered" value=typed.phase.clone() options=open(Phase::ALL, Phase::slug, Phase::label)/>
                    <Select
                        name="known_before" label="Was it known before?" value=typed.known_before.clone()
                        options=open(KnownBefore::ALL, KnownBefore::slug, KnownBefore::label)
                    />
                    <Select name="usual" label="How usual is it?" value=typed.usual.clone() options=open(Usual::ALL, Usual::slug, Usual::label)/>
                    <Select
                        name="confidence" label="How well is it known?" value=typed.confidence.clone()
                        options=open(Confidence::ALL, Confidence::slug, Confidence::label)
                    />
                    <Select
                        name="state" label="Where does the group stand?" value=typed.state.clone()
                        options=each(FactorState::ALL, FactorState::slug, FactorState::label)
                    />
                    <TextareaField
                        name="other_view" label="How others see it" hint="Both views stay: nobody has to win."
                        text=typed.other_view.clone() rows=2 error=other_error
                    />
                    <TextareaField
                        name="evidence" label="What shows it" hint="One address a line: of a graph, a log, or of an event here (/incidents/…)."
                        text=typed.evidence.clone() rows=2 error=evidence_error
                    />
                </div>
            </details>
            <p class="actions"><button class="btn btn-primary">{button}</button></p>
        </form>
    }
}

type Choices = Vec<(String, String)>;

fn each<T: Copy>(all: &[T], slug: fn(T) -> &'static str, label: fn(T) -> &'static str) -> Choices {
    all.iter().map(|one| (slug(*one).to_owned(), label(*one).to_owned())).collect()
}

/// As [`each`], and nobody has to choose.
fn open<T: Copy>(all: &[T], slug: fn(T) -> &'static str, label: fn(T) -> &'static str) -> Choices {
    std::iter::once((String::new(), "Not said".to_owned())).chain(each(all, slug, label)).collect()
}

/// The tags, by group, each with what it means. One that is no longer offered stands here while it is on the factor.
fn tags(words: &Vocabulary, chosen: &[Tag], sentence: &str) -> impl IntoView + use<> {
    let tick = |entry: &Entry| {
        let checked = chosen.contains(&entry.tag);
        let example = (!entry.example.is_empty()).then(|| format!(" For instance: {}", entry.example));
        view! {
            <label class="check">
                <input type="checkbox" name="tag" value=entry.tag.to_string() checked=checked/>
                <span>{entry.name.clone()}<br/><span class="hint">{entry.definition.clone()}{example}</span></span>
            </label>
        }
    };
    let group = |(group, inside): (&Entry, Vec<&Entry>)| {
        let all = || std::iter::once(group).chain(inside.iter().copied());
        let open = all().any(|entry| chosen.contains(&entry.tag));
        let ticks: Vec<_> = all().map(tick).collect();
        view! { <details class="more" open=open><summary>{group.name.clone()}</summary><div class="stack mt2">{ticks}</div></details> }
    };
    let groups: Vec<_> = words.offered().into_iter().map(group).collect();
    let away: Vec<_> =
        words.entries().iter().filter(|entry| !entry.is_offered() && chosen.contains(&entry.tag)).map(tick).collect();
    let spoken: Vec<&str> =
        words.spoken_of(sentence).into_iter().filter(|e| !chosen.contains(&e.tag)).map(|e| e.name.as_str()).collect();
    let spoken = (!spoken.is_empty()).then(|| format!("The sentence speaks of: {}.", spoken.join(", ")));
    view! {
        <details class="more" open=!chosen.is_empty()>
            <summary>"Tags"</summary>
            <fieldset class="stack mt2">
                <legend class="vh">"Tags"</legend>
                <p class="hint">"As many as fit, or none. "<a href="/vocabulary">"What they mean, and how the list grows"</a></p>
                {spoken.map(|spoken| view! { <p class="hint">{spoken}</p> })}
                {groups}
                {away}
            </fieldset>
        </details>
    }
}

#[component]
pub(super) fn LearningForm(action: String, form: Form<LearningFields>, teams: Vec<Team>, button: &'static str) -> impl IntoView {
    let options = LearningKind::ALL.map(|k| (k.slug().to_owned(), k.label().to_owned())).to_vec();
    let statuses = LearningStatus::ALL.map(|s| (s.slug().to_owned(), s.label().to_owned())).to_vec();
    let (known, before) = (form.error("known"), form.error("before"));
    let (reason, replaced_by, shown_by) = (form.error("reason"), form.error("replaced_by"), form.error("shown_by"));
    let typed = form.typed;
    let more = typed.says_more() || reason.is_some() || replaced_by.is_some() || shown_by.is_some();
    let ticks: Vec<_> = teams
        .into_iter()
        .map(|team| (team.id.to_string(), team.name, team.put_away))
        .filter(|(id, _, put_away)| !put_away || typed.team.contains(id))
        .map(|(id, name, _)| {
            let checked = typed.team.contains(&id);
            view! { <label class="check"><input type="checkbox" name="team" value=id checked=checked/><span>{name}</span></label> }
        })
        .collect();
    view! {
        <form class="stack" method="post" action=action>
            <input type="hidden" name="version" value=typed.version/>
            <Select name="kind" label="About" value=typed.kind options/>
            <TextareaField name="known" label="What is known now" hint="What surprised, not what shall be done." text=typed.known rows=3 error=known/>
            <TextareaField name="before" label="What was thought before, if it was another thing" text=typed.before rows=2 error=before/>
            <details class="more" open=more>
                <summary>"More about it"</summary>
                <div class="stack mt2">
                    {(!ticks.is_empty()).then(|| view! {
                        <fieldset class="stack stack-tight"><legend>"Who should know"</legend>{ticks}</fieldset>
                    })}
                    <Select name="status" label="Does it hold?" value=typed.status options=statuses/>
                    <TextareaField
                        name="reason" label="Why, or what holds now"
                        hint="About the system and the work, without names. One that was true then says what holds now."
                        text=typed.reason rows=2 error=reason
                    />
                    <TextField
                        name="replaced_by" label="Learning in its place" hint="Of one that was true then: the address of another learning, if there is one."
                        value=typed.replaced_by error=replaced_by
                    />
                    <TextareaField
                        name="shown_by" label="What shows it" hint="One address a line: of a graph, a log, or of an event here (/incidents/…)."
                        text=typed.shown_by rows=2 error=shown_by
                    />
                </div>
            </details>
            <p class="actions"><button class="btn btn-primary">{button}</button></p>
        </form>
    }
}
