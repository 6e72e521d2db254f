//! The forms about a factor and a learning, as typed and as drawn. Their fields have names of their own: both stand on one page.

use crate::form::Form;
use crate::ui::{Select, TextareaField};
use domain::learnings::{Factor, FactorCategory, Learning, LearningKind};
use domain::{Invalid, text};
use leptos::prelude::*;
use serde::Deserialize;
use store::learnings::{NewFactor, NewLearning};

/// A factor as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct FactorFields {
    pub(super) category: String,
    pub(super) factor: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl FactorFields {
    pub(super) fn of(factor: &Factor) -> Self {
        Self { category: factor.category.slug().to_owned(), factor: factor.body.clone(), version: factor.version.to_string() }
    }

    pub(super) fn parse(&self) -> Result<NewFactor, Invalid> {
        let category = FactorCategory::from_slug(&self.category).unwrap_or(FactorCategory::Unsorted);
        Ok(NewFactor { category, body: text::required("factor", &self.factor)? })
    }
}

/// A learning as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct LearningFields {
    pub(super) kind: String,
    pub(super) known: String,
    pub(super) before: String,
    /// The version that a change started from.
    pub(super) version: String,
}

impl LearningFields {
    pub(super) fn of(learning: &Learning) -> Self {
        Self {
            kind: learning.kind.slug().to_owned(),
            known: learning.body.clone(),
            before: learning.before.clone(),
            version: learning.version.to_string(),
        }
    }

    pub(super) fn parse(&self) -> Result<NewLearning, Invalid> {
        let mut invalid = Invalid::default();
        let body = invalid.take(text::required("known", &self.known));
        let before = invalid.take(text::long("before", &self.before));
        let kind = LearningKind::from_slug(&self.kind).unwrap_or(LearningKind::System);
        match (body, before) {
            (Some(body), Some(before)) => Ok(NewLearning { kind, body, before, worded_as_plan: false }),
            _ => Err(invalid),
        }
    }
}

#[component]
pub(super) fn FactorForm(action: String, form: Form<FactorFields>, button: &'static str) -> impl IntoView {
    let options = FactorCategory::ALL.map(|c| (c.slug().to_owned(), c.label().to_owned())).to_vec();
    let error = form.error("factor");
    let typed = form.typed;
    view! {
        <form class="stack" method="post" action=action>
            <input type="hidden" name="version" value=typed.version/>
            <Select name="category" label="What kind" value=typed.category options/>
            <TextareaField
                name="factor"
                label="In words"
                hint="A condition that had to be there, as part of how work goes. Never a person."
                text=typed.factor
                rows=3
                error
            />
            <p class="actions"><button class="btn btn-primary">{button}</button></p>
        </form>
    }
}

#[component]
pub(super) fn LearningForm(action: String, form: Form<LearningFields>, button: &'static str) -> impl IntoView {
    let options = LearningKind::ALL.map(|k| (k.slug().to_owned(), k.label().to_owned())).to_vec();
    let (known, before) = (form.error("known"), form.error("before"));
    let typed = form.typed;
    view! {
        <form class="stack" method="post" action=action>
            <input type="hidden" name="version" value=typed.version/>
            <Select name="kind" label="About" value=typed.kind options/>
            <TextareaField name="known" label="What is known now" hint="What surprised, not what shall be done." text=typed.known rows=3 error=known/>
            <TextareaField name="before" label="What was thought before, if it was another thing" text=typed.before rows=2 error=before/>
            <p class="actions"><button class="btn btn-primary">{button}</button></p>
        </form>
    }
}
