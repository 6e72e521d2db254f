//! Parts of this room: audience and quote marks, the outline of a story, hints beside a text, the parking form.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::{Chip, Icon, Rings, SafeTextarea};
use domain::incidents::IncidentKey;
use domain::interviews::Audience;
use domain::reviews::{Attribution, Excerpt, ExcerptState, Section, SectionKind};
use domain::rights::{Right, may};
use leptos::prelude::*;
use store::incidents::Opened;

/// The incident that a path names, as the viewer sees it.
pub(super) async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

/// As [`opened`], for who has this right here: before a form is read, so that it is not refused in words to somebody for whom it is
/// not there.
pub(super) async fn opened_for(ctx: &Ctx, key: &str, right: Right) -> Result<Opened, AppError> {
    let opened = opened(ctx, key).await?;
    if may(right, &opened.standing) { Ok(opened) } else { Err(AppError::NotFound) }
}

/// Address of a page of an incident's review; the empty page is its home.
pub(super) fn at(key: IncidentKey, page: &str) -> String {
    if page.is_empty() { format!("/incidents/{key}/review") } else { format!("/incidents/{key}/review/{page}") }
}

/// How far an answer travels, with its rings.
#[component]
pub(super) fn AudienceChip(audience: Audience) -> impl IntoView {
    view! {
        <span class="aud-chip" data-audience=audience.slug()>
            <Rings on=audience.rings()/>
            {audience.label()}
        </span>
    }
}

/// With or without name, as a reader of the story will see it.
#[component]
pub(super) fn AttributionChip(attribution: Attribution) -> impl IntoView {
    let audience = match attribution {
        Attribution::Named => Audience::Named,
        Attribution::Unattributed => Audience::Unattributed,
    };
    view! { <AudienceChip audience/> }
}

/// Where a quote stands.
#[component]
pub(super) fn QuoteState(state: ExcerptState) -> impl IntoView {
    let (tone, icon, words) = match state {
        ExcerptState::Waiting => ("plain", "clock", "With its author"),
        ExcerptState::Right => ("good", "check", "Author agreed"),
        ExcerptState::Change => ("care", "pencil", "Author offers other words"),
        ExcerptState::LeftOut => ("plain", "eye-off", "Left out"),
    };
    view! { <Chip tone><Icon name=icon/>{words}</Chip> }
}

/// A quote or paraphrase as it is to stand, with its marks.
#[component]
pub(super) fn QuoteCard(excerpt: Excerpt) -> impl IntoView {
    let audience = match excerpt.attribution {
        Attribution::Named => "named",
        Attribution::Unattributed => "unattributed",
    };
    view! {
        <blockquote class="quoted" class:paraphrased=excerpt.paraphrase data-audience=audience>
            <p>{excerpt.text}</p>
            <footer>
                {excerpt.author.map(|author| view! { <span>{author}</span> })}
                <AttributionChip attribution=excerpt.attribution/>
                {excerpt.paraphrase.then(|| view! { <span>"Paraphrased"</span> })}
                <QuoteState state=excerpt.state/>
            </footer>
        </blockquote>
    }
}

/// The sections of the story with what is written, to walk through.
#[component]
pub(super) fn Outline(key: IncidentKey, sections: Vec<Section>, here: SectionKind) -> impl IntoView {
    let item = move |section: Section| {
        let current = section.kind == here;
        let written = !section.body.trim().is_empty();
        let icon = if current { "pencil" } else { mark(written) };
        view! {
            <li>
                <a href=at(key, section.kind.slug()) class=written.then_some("done") aria-current=current.then_some("page")>
                    <Icon name=icon/>
                    {section.kind.title()}
                    <span class="vh">{if written { ", written" } else { ", empty" }}</span>
                </a>
            </li>
        }
    };
    let (shown, folded): (Vec<_>, Vec<_>) = sections.into_iter().partition(|s| is_shown(s) || s.kind == here);
    view! {
        <nav class="outline" aria-label="Sections">
            <ol>{shown.into_iter().map(item).collect_view()}</ol>
            {(!folded.is_empty()).then(|| view! {
                <details class="mt2">
                    <summary class="small">"Add a section…"</summary>
                    <ol>{folded.into_iter().map(item).collect_view()}</ol>
                </details>
            })}
            <p class="hint">"An empty section asks a question. It never stops you."</p>
        </nav>
    }
}

/// Whether a section stands on the desk: one that every story does well with, or one with text. The rest are folded away.
pub(super) fn is_shown(section: &Section) -> bool {
    section.kind.is_asked_for() || !section.body.trim().is_empty()
}

/// The sign of a thing that is there, or open.
pub(super) fn mark(done: bool) -> &'static str {
    if done { "circle-check" } else { "circle-dashed" }
}

/// The parking lot as it lies in this room: it takes ideas and shows none.
#[component]
pub(super) fn ParkForm(key: IncidentKey, back: String) -> impl IntoView {
    view! {
        <section class="lot" id="park" aria-labelledby="park-h">
            <h2 id="park-h"><Icon name="square-parking"/>"Parking lot"</h2>
            <form class="stack stack-tight" method="post" action=format!("/incidents/{key}/park")>
                <input type="hidden" name="back" value=back/>
                <div class="field">
                    <label for="idea">"An idea for later"</label>
                    <SafeTextarea id="idea" name="text" text="" rows=2/>
                </div>
                <div class="actions">
                    <button class="btn btn-primary btn-small">"Park it"</button>
                    <span class="hint">"Then go on. Nothing is added to the review. Alt+P does it from anywhere here."</span>
                </div>
            </form>
            <p class="hint">
                "It stays closed to everybody but you until the story is published and the soak time is over. "
                <a href=format!("/incidents/{key}/park")>"What you parked"</a>
            </p>
        </section>
    }
}

/// How many words a text has, for a line of meta.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_table() {
        assert_eq!(at(IncidentKey(7), ""), "/incidents/INC-7/review");
        assert_eq!(at(IncidentKey(7), "went-right"), "/incidents/INC-7/review/went-right");
    }
}
