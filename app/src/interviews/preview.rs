//! What others would see of one's answers if they were submitted as they stand: the facilitator, the review, the trends.

use super::question::load;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::{Icon, Rings};
use axum::extract::Path;
use axum::response::Response;
use domain::interviews::{self, Answer, Audience, Question};
use domain::trends::Support;
use leptos::prelude::*;
use store::interviews::Conversation;

pub(super) async fn show(ctx: Ctx, Path(invitation): Path<String>) -> Result<Response, AppError> {
    let conversation = load(&ctx, &invitation).await?;
    let name = ctx.viewer()?.name.clone();
    let head = Head::new("What others would see", Nav::None);
    Ok(shell::page(&ctx, head, move || draw(&conversation, &name)))
}

fn draw(conversation: &Conversation, name: &str) -> impl IntoView + use<> {
    let id = conversation.id;
    let said: Vec<_> = conversation
        .set
        .questions
        .iter()
        .filter(|q| conversation.answered(q.number))
        .map(|q| card(conversation, q, name))
        .collect();
    let empty = said.is_empty();
    view! {
        <div class="page-head"><div>
            <h1>"What others would see"</h1>
            <p>"If you submitted now, each answer would reach these places in exactly these words, and no other. Until you submit, nobody sees any of it."</p>
        </div></div>
        <div class="stack stack-wide measure">
            {empty.then(|| view! { <p class="quiet">"Nothing is written yet, so there is nothing that anybody could see."</p> })}
            {said}
            <p class="actions"><a class="btn" href=format!("/one-on-one/{id}/look-over")>"Look it over"</a></p>
        </div>
    }
}

fn card(conversation: &Conversation, question: &Question, name: &str) -> impl IntoView + use<> {
    let answer = conversation.answer(question.number);
    let audience = answer.map_or(question.kind.default, |a| a.audience);
    let told = answer.map(|a| told(question, a)).unwrap_or_default();
    let back = format!("/one-on-one/{}/{}", conversation.id, question.number);
    view! {
        <section class="card stack" id=format!("q{}", question.number) aria-labelledby=format!("h{}", question.number)>
            <div class="over-head">
                <h2 class="label" id=format!("h{}", question.number)>{format!("{}. {}", conversation.set.place(question.number), question.text)}</h2>
                <a class="btn btn-quiet btn-small" href=back>"Change"<span class="vh">{format!(" question {}", conversation.set.place(question.number))}</span></a>
            </div>
            <p class="meta"><span class="aud-chip" data-audience=audience.slug()><Rings on=audience.rings()/>{audience.label()}</span></p>
            {outlet("user", "The facilitator", facilitator(conversation, question, audience, &told, name))}
            {outlet("book-open", "The review", review(audience, &told, name))}
            {outlet("chart-no-axes-column", "Trends", trends(question, answer))}
        </section>
    }
}

/// What is seen at one place: a sentence, and the words themselves where there are any.
struct Seen(String, Vec<String>);

fn outlet(icon: &'static str, place: &'static str, Seen(sentence, words): Seen) -> impl IntoView {
    view! {
        <div class="outlet">
            <p><Icon name=icon/><b>{place}</b>" "<span class="soft">{sentence}</span></p>
            {(!words.is_empty()).then(|| view! {
                <blockquote class="saved-words">{words.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}</blockquote>
            })}
        </div>
    }
}

/// What readers are handed of an answer, line by line: as the store cuts it.
fn told(question: &Question, answer: &Answer) -> Vec<String> {
    let body = answer.body.clone().as_told(question.kind.entries);
    let choice = question
        .kind
        .choices
        .iter()
        .find(|(value, _)| *value == body.choice)
        .map(|(_, label)| format!("{}: {label}", question.kind.choice_label));
    let instead = body.instead.map(|i| i.label().to_owned());
    let text = Some(body.text).filter(|t| !t.trim().is_empty());
    choice.into_iter().chain(instead).chain(text).collect()
}

fn facilitator(conversation: &Conversation, question: &Question, audience: Audience, told: &[String], name: &str) -> Seen {
    if question.number == interviews::NOMINATIONS && audience == Audience::Facilitator {
        let names = conversation.nominations.iter().map(|n| format!("{}: {}", n.name, n.reason));
        return Seen(format!("reads this beside your name, {name}:"), names.chain(told.iter().cloned()).collect());
    }
    match audience {
        Audience::Facilitator | Audience::Named => Seen(format!("reads this beside your name, {name}:"), told.to_vec()),
        Audience::Unattributed => {
            Seen("reads this as from someone who was there, without name, time or order:".to_owned(), told.to_vec())
        }
        Audience::OnlyMe | Audience::Parked => Seen("sees nothing, not even that you answered.".to_owned(), Vec::new()),
    }
}

fn review(audience: Audience, told: &[String], name: &str) -> Seen {
    match audience {
        Audience::Named => Seen(format!("may quote parts of this as {name}, each after you said yes to it:"), told.to_vec()),
        Audience::Unattributed => Seen(
            "may quote parts of this as from someone who was there, each after you said yes to it:".to_owned(),
            told.to_vec(),
        ),
        Audience::Parked => {
            Seen("shows how many ideas wait, nothing else. Planners read it once planning opens.".to_owned(), Vec::new())
        }
        Audience::Facilitator | Audience::OnlyMe => Seen("holds nothing of it.".to_owned(), Vec::new()),
    }
}

fn trends(question: &Question, answer: Option<&Answer>) -> Seen {
    if question.number == interviews::WORK {
        let sentence = "count minutes and nights of your stretches in sums of five or more people, by month; never yours alone, never when you worked.";
        return Seen(sentence.to_owned(), Vec::new());
    }
    let counted = answer.filter(|a| question.number == interviews::SUPPORT && a.count_me && a.body.instead.is_none());
    let sentence = match counted.and_then(|a| Support::of_choice(&a.body.choice)) {
        Some(Support { more_needed: 0, .. }) => "count one answer “had enough”, among five or more people of the organisation.",
        Some(_) => "count one answer “more was needed”, among five or more people of the organisation.",
        None => "hold nothing of it.",
    };
    Seen(sentence.to_owned(), Vec::new())
}
