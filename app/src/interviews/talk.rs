//! The frame of a one-on-one: twelve thin steps above, one question, the save state with Back and Next below.

use crate::ctx::Ctx;
use crate::ui::{Icon, Mark};
use domain::InvitationId;
use domain::interviews::{QUESTIONS, Question, QuestionOrder, question};
use leptos::prelude::*;
use store::interviews::Conversation;

/// Where in the conversation one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    /// Before and after the questions.
    Intro,
    /// At a question.
    Question(i64),
    /// Looking it all over.
    LookOver,
}

/// What the frame needs to know of the conversation.
#[derive(Clone)]
pub(super) struct Steps {
    pub(super) id: InvitationId,
    answered: [bool; 12],
    order: QuestionOrder,
    here: Here,
    leave: String,
}

impl Steps {
    pub(super) fn new(ctx: &Ctx, conversation: &Conversation, here: Here) -> Self {
        let by_link = ctx.viewer.as_ref().is_some_and(|v| v.guest_of.is_some());
        let leave = if by_link { format!("/one-on-one/{}", conversation.id) } else { "/".to_owned() };
        let answered = QUESTIONS.map(|q| conversation.answered(q.number));
        Self { id: conversation.id, answered, order: conversation.order, here, leave }
    }

    fn is_here(&self, number: i64) -> bool {
        self.here == Here::Question(number)
    }

    fn answered(&self, number: i64) -> bool {
        usize::try_from(number - 1).ok().and_then(|i| self.answered.get(i)).copied().unwrap_or_default()
    }

    /// The questions in the order in which they are offered.
    fn questions(&self) -> impl Iterator<Item = &'static Question> {
        self.order.numbers().into_iter().filter_map(question)
    }

    /// Minutes that the questions without an answer may take, as honestly as one can say.
    fn minutes_left(&self) -> usize {
        (self.answered.iter().filter(|a| !**a).count() * 5).div_ceil(4)
    }
}

/// Bar, steps, the page itself and the foot.
#[component]
pub(super) fn Talk(steps: Steps, #[prop(optional)] foot: Option<AnyView>, children: Children) -> impl IntoView {
    let jump = steps.here != Here::Intro;
    let columns = if jump { "talk-cols" } else { "talk-one" };
    view! {
        <header class="talk-bar">
            <div>
                <a class="brand" href="/"><Mark/>"Second Story"</a>
                {(steps.here != Here::Intro).then(|| view! { <a class="btn btn-quiet btn-small" href=steps.leave.clone()>"Leave for now"</a> })}
                {jump.then(|| bar(&steps))}
            </div>
        </header>
        <main id="main" class="talk">
            <div class=columns>
                {children()}
                {jump.then(|| list(&steps))}
            </div>
        </main>
        {foot.map(|foot| view! { <footer class="talk-foot"><div>{foot}</div></footer> })}
    }
}

fn bar(steps: &Steps) -> impl IntoView + use<> {
    let items = steps
        .questions()
        .map(|q| {
            let (here, done) = (steps.is_here(q.number), steps.answered(q.number));
            let label = format!("Question {}{}", steps.order.place(q.number), if done { ", answered" } else { "" });
            view! {
                <li>
                    <a
                        href=format!("/one-on-one/{}/{}", steps.id, q.number)
                        class=done.then_some("done")
                        aria-current=here.then_some("step")
                        aria-label=label
                    ></a>
                </li>
            }
        })
        .collect_view();
    view! { <nav aria-label="Questions" class="steps-nav"><ol class="steps">{items}</ol></nav> }
}

fn list(steps: &Steps) -> impl IntoView + use<> {
    let line = |href: String, done: bool, here: bool, text: &'static str| {
        let icon = if here {
            "arrow-right"
        } else if done {
            "check"
        } else {
            "circle"
        };
        view! {
            <li>
                <a href=href class=done.then_some("done") aria-current=here.then_some("page")>
                    <Icon name=icon/>
                    <span>{text}</span>
                </a>
            </li>
        }
    };
    let questions = steps
        .questions()
        .map(|q| {
            line(format!("/one-on-one/{}/{}", steps.id, q.number), steps.answered(q.number), steps.is_here(q.number), q.text)
        })
        .collect_view();
    view! {
        <nav class="jump wide-only" aria-label="All questions">
            <ol>
                {questions}
                {line(format!("/one-on-one/{}/look-over", steps.id), false, steps.here == Here::LookOver, "Look it over and submit")}
            </ol>
        </nav>
    }
}

/// Count, the question in its own words, why it is asked.
pub(super) fn heading(steps: &Steps, question: &'static Question) -> impl IntoView + use<> {
    let place = steps.order.place(question.number);
    let count = match steps.minutes_left() {
        0 => format!("Question {place} of 12. Each has something; change what you like."),
        1 => format!("Question {place} of 12. About a minute left, and you may stop anywhere."),
        minutes => format!("Question {place} of 12. About {minutes} minutes left, and you may stop anywhere."),
    };
    view! {
        <div class="question">
            <p class="count">{count}</p>
            <h1>{question.text}</h1>
            <p class="purpose">{question.purpose}</p>
        </div>
    }
}

/// What the prompts of a question offer to think with; never required. Who had one of these roles gets further ones.
pub(super) fn prompts(question: &'static Question, roles: &[String]) -> impl IntoView + use<> {
    let further = question.by_role.iter().filter(|(role, _)| roles.iter().any(|r| r == role)).map(|(_, prompt)| *prompt);
    let all: Vec<&'static str> = further.chain(question.prompts.iter().copied()).collect();
    view! {
        <details class="more">
            <summary>"Something to think with"</summary>
            <ul class="bullets small soft mt2">{all.into_iter().map(|p| view! { <li>{p}</li> }).collect_view()}</ul>
        </details>
    }
}

/// Where Back and Next lead from a question.
pub(super) fn neighbours(id: InvitationId, order: QuestionOrder, number: i64) -> (String, String) {
    let at = |number: i64| format!("/one-on-one/{id}/{number}");
    let (back, next) = order.beside(number);
    (back.map_or_else(|| format!("/one-on-one/{id}"), at), next.map_or_else(|| format!("/one-on-one/{id}/look-over"), at))
}
