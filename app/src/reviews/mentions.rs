//! Moments and factors as text of a review mentions them: a link that says what stands there now, and a list to choose from.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::Mentions;
use chrono_tz::Tz;
use domain::incidents::{Incident, IncidentKey};
use domain::learnings::Factor;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Characters of what is mentioned that a link shows.
const SHOWN: usize = 90;

/// What can be mentioned: the name in text, and its words, in the order of the timeline and of the factors.
#[derive(Clone, Default)]
pub(super) struct Choices {
    moments: Vec<(String, String)>,
    factors: Vec<(String, String)>,
}

/// What text about this incident may mention.
pub(super) async fn of(ctx: &Ctx, incident: &Incident) -> Result<(Mentions, Choices), AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let events = store::timeline::events(store, viewer, incident.id, ctx.now).await?;
    let factors = store::learnings::factors(store, viewer, incident.id, ctx.now).await?;
    Ok(among(incident, &events, &factors))
}

/// The same of what was read already.
pub(super) fn among(incident: &Incident, events: &[TimelineEvent], factors: &[Factor]) -> (Mentions, Choices) {
    let (key, zone) = (incident.key, walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC));
    let first = walltime::day(incident.started_at, zone);
    let mut all = HashMap::new();
    let mut choices = Choices::default();
    for event in events {
        let (name, words) = (format!("event:{}", event.id), moment(event, zone, &first));
        choices.moments.push((name.clone(), words.clone()));
        all.insert(name, markdown::Mention { address: moment_at(key, event), words });
    }
    for factor in factors {
        let (name, words) = (format!("factor:{}", factor.id), short(&factor.body));
        choices.factors.push((name.clone(), words.clone()));
        all.insert(name, markdown::Mention { address: format!("/incidents/{key}/factors#f-{}", factor.id), words });
    }
    (Mentions(Arc::new(all)), choices)
}

fn moment_at(key: IncidentKey, event: &TimelineEvent) -> String {
    format!("/incidents/{key}#e-{}", event.id)
}

/// "02:11 The queue grows"; on another day than the incident began with its day.
fn moment(event: &TimelineEvent, zone: Tz, first: &str) -> String {
    let words = short(&event.body);
    let Some(at) = event.at else { return words };
    let day = Some(walltime::day(at, zone)).filter(|day| day != first).map(|day| format!("{day}, "));
    let about = if event.precision == Precision::About { "about " } else { "" };
    format!("{}{about}{} {words}", day.unwrap_or_default(), walltime::clock(at, zone))
}

/// The beginning of a text, without its marks.
pub(super) fn short(text: &str) -> String {
    let plain = markdown::plain(text);
    match plain.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", plain[..end].trim_end()),
        None => plain,
    }
}

/// A text with a mention at its end, or with the form that its section begins with.
pub(super) fn put_in(body: &str, piece: &str) -> String {
    let body = body.trim_end();
    if body.is_empty() { piece.to_owned() } else { format!("{body}\n\n{piece}") }
}

impl Choices {
    /// The mention as it stands in text; nothing for what is not there.
    pub(super) fn piece(&self, name: &str) -> Option<String> {
        let there = self.moments.iter().chain(&self.factors).any(|(this, _)| this == name);
        there.then(|| format!("[]({name})"))
    }
}

/// A list to choose from, within the form of the text; with scripts off as well it comes at the end of the text.
#[component]
pub(super) fn MentionPicker(choices: Choices) -> impl IntoView {
    if choices.moments.is_empty() && choices.factors.is_empty() {
        return ().into_any();
    }
    let option = |(name, words): (String, String)| view! { <option value=name>{words}</option> };
    let group = |label: &'static str, of: Vec<(String, String)>| {
        (!of.is_empty()).then(|| view! { <optgroup label=label>{of.into_iter().map(option).collect_view()}</optgroup> })
    };
    view! {
        <details>
            <summary class="small">"Mention a moment or a factor"</summary>
            <div class="stack stack-tight mt2">
                <div class="field">
                    <label for="mention">"Which"</label>
                    <p class="hint" id="mention-hint">"It is drawn as a link with its present time and words. In the text it looks like “[](event:…)”; words between the brackets are shown instead."</p>
                    <select id="mention" name="mention" aria-describedby="mention-hint">
                        {group("Timeline", choices.moments)}
                        {group("Contributing factors", choices.factors)}
                    </select>
                </div>
                <p><button class="btn btn-small" name="act" value="mention">"Add it at the end"</button></p>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_comes_at_the_end_and_only_of_what_is_there() {
        let choices = Choices { moments: vec![("event:7".into(), "02:11 It began".into())], factors: Vec::new() };
        assert_eq!(choices.piece("event:7").as_deref(), Some("[](event:7)"));
        assert_eq!(choices.piece("event:8"), None);
        assert_eq!(put_in("Words.\n", "[](event:7)"), "Words.\n\n[](event:7)");
        assert_eq!(put_in("", "x"), "x");
        assert_eq!(short(&"word ".repeat(40)).chars().count(), SHOWN);
    }
}
