//! Which questions to ask, where somebody is invited.

use crate::ui::FieldError;
use domain::Invalid;
use leptos::prelude::*;
use store::interviews::{OfferedSet, SetKey};

/// The set that was chosen; `None`: what is usual.
pub(super) fn chosen(typed: &str) -> Result<Option<SetKey>, Invalid> {
    match typed {
        "" => Ok(None),
        set => set.parse().map(Some).map_err(|()| Invalid::one("set", "Please choose a set of questions from the list.")),
    }
}

/// The choice; the usual set goes first. `id` is its own on the page.
pub(super) fn field(id: &'static str, sets: &[OfferedSet], typed: &str, error: Option<String>) -> impl IntoView + use<> {
    let options = sets
        .iter()
        .map(|s| {
            let value = s.key.to_string();
            let selected = value == typed;
            view! { <option value=value selected=selected>{format!("{}, {} questions", s.name, s.questions)}</option> }
        })
        .collect_view();
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <div class=class>
            <label for=id>"Questions"</label>
            <FieldError id=format!("{id}-error") error/>
            <select id=id name="set" aria-describedby=format!("{id}-hint")><option value="">"As usual"</option>{options}</select>
            <p class="hint" id=format!("{id}-hint")>"As usual: what administrators chose for their team or this severity, else the twelve."</p>
        </div>
    }
}
