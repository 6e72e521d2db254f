//! "Who may read this answer?": the choice with what it means in one plain sentence, and the names of those who could read it now.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::Rings;
use domain::InvitationId;
use domain::interviews::{self, Audience, Question};
use domain::walltime;
use leptos::prelude::*;
use store::interviews::Conversation;

/// An audience with the names of those who could read the answer now.
#[derive(Clone)]
pub(super) struct Offer {
    audience: Audience,
    readers: Vec<String>,
    /// So few were asked that words without a name may be guessed.
    guessable: bool,
}

/// What may be chosen for this question, and who would read it.
pub(super) async fn offers(ctx: &Ctx, conversation: &Conversation, question: &Question) -> Result<Vec<Offer>, AppError> {
    let viewer = ctx.viewer()?;
    let mut offers = Vec::new();
    for audience in question.kind.allowed {
        let readers =
            store::interviews::readers_now(ctx.store(), viewer, conversation.id, question.number, *audience, ctx.now).await?;
        let guessable = *audience == Audience::Unattributed && conversation.asked(question.number) < interviews::FEW;
        offers.push(Offer { audience: *audience, readers, guessable });
    }
    Ok(offers)
}

fn means(audience: Audience) -> &'static str {
    match audience {
        Audience::OnlyMe => "Nobody else can read it.",
        Audience::Parked => {
            "It waits in the parking lot, unseen, until planning opens after the review. Then planners read it. You can take it back until then."
        }
        Audience::Facilitator => "The facilitator reads it, with your name, to prepare. It is never quoted.",
        Audience::Unattributed => {
            "May be used in the review without name, time or order; the facilitator reads it so, too. You see each use first."
        }
        Audience::Named => "May be quoted with your name. You see each quote first and can say change or leave out.",
    }
}

fn now(offer: &Offer) -> String {
    match (offer.audience, offer.readers.as_slice()) {
        (Audience::OnlyMe | Audience::Parked, _) => "Now: you alone.".to_owned(),
        (_, []) => "Now: you alone, because nobody facilitates who may read it.".to_owned(),
        (_, names) => format!("Now: you and {}.", names.join(", ")),
    }
}

/// The choice. Where there is only one, it is said instead of asked.
pub(super) fn fieldset(id: InvitationId, question: &Question, offers: Vec<Offer>, chosen: &str, with_name: bool) -> AnyView {
    if let [offer] = offers.as_slice() {
        return view! {
            <p class="audience only-me" data-audience=offer.audience.slug()>
                <Rings on=offer.audience.rings()/>
                <span><b>{offer.audience.label()}</b>" "{means(offer.audience)}</span>
                <input type="hidden" name="audience" value=offer.audience.slug()/>
            </p>
        }
        .into_any();
    }
    let options = offers
        .into_iter()
        .map(|offer| {
            let slug = offer.audience.slug();
            view! {
                <label data-audience=slug>
                    <input type="radio" name="audience" value=slug checked=slug == chosen/>
                    <Rings on=offer.audience.rings()/>
                    <span>{offer.audience.label()}</span>
                    <span class="means">
                        {means(offer.audience)}" "<span class="quiet">{now(&offer)}</span>
                        {offer.guessable.then_some(" Few people were asked, so somebody may guess that it was you.")}
                    </span>
                </label>
            }
        })
        .collect_view();
    let name = (question.number == interviews::RECURRENCE).then(|| {
        view! {
            <label class="check with-name">
                <input type="checkbox" name="with_name" value="yes" checked=with_name/>
                <span>"Planners may see that it came from me"</span>
            </label>
        }
    });
    let preview = format!("/one-on-one/{id}/preview#q{}", question.number);
    view! {
        <fieldset class="audience"><legend>"Who may read this answer?"</legend><div>{options}</div>{name}</fieldset>
        <p class="small"><a href=preview>"See exactly what others would see"</a></p>
    }
    .into_any()
}

/// Whether somebody has opened it, and whether it is readable at all.
pub(super) fn status(ctx: &Ctx, conversation: &Conversation, question: &Question) -> Option<String> {
    if question.kind.allowed == [Audience::OnlyMe] {
        return None;
    }
    let answer = conversation.answer(question.number);
    let released = answer.is_some_and(|a| a.released_at.is_some());
    let reads: Vec<String> = conversation
        .read_by(question.number)
        .map(|r| format!("{} ({})", r.name, walltime::relative(r.last_at, ctx.now)))
        .collect();
    let state = if released {
        "Submitted. Changed words, or a wider choice, are a draft until you submit again; a narrower choice holds at once."
    } else {
        "A draft: until you submit, only you read it, whatever is chosen."
    };
    Some(match (released, reads.is_empty()) {
        (_, false) => format!("{state} Opened by {}.", reads.join(", ")),
        (true, true) => format!("{state} Nobody has opened it yet."),
        (false, true) => state.to_owned(),
    })
}
