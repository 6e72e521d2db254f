//! The frame of a one-on-one: a thin step a question above, one question, the save state with Back and Next below.

use crate::ctx::Ctx;
use crate::ui::{Icon, Mark};
use domain::InvitationId;
use domain::interviews::{Question, QuestionSet};
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
    /// Number, words and whether something was said, in the order in which they are offered.
    questions: Vec<(i64, String, bool)>,
    here: Here,
    leave: String,
}

impl Steps {
    pub(super) fn new(ctx: &Ctx, conversation: &Conversation, here: Here) -> Self {
        let by_link = ctx.viewer.as_ref().is_some_and(|v| v.guest_of.is_some());
        let leave = if by_link { format!("/one-on-one/{}", conversation.id) } else { "/".to_owned() };
        let step = |q: &Question| (q.number, q.text.clone(), conversation.answered(q.number));
        Self { id: conversation.id, questions: conversation.set.questions.iter().map(step).collect(), here, leave }
    }

    fn is_here(&self, number: i64) -> bool {
        self.here == Here::Question(number)
    }

    /// Minutes that the questions without an answer may take.
    fn minutes_left(&self) -> usize {
        QuestionSet::minutes(self.questions.iter().filter(|(.., answered)| !answered).count())
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
        .questions
        .iter()
        .enumerate()
        .map(|(place, (number, _, done))| {
            let (here, done) = (steps.is_here(*number), *done);
            let label = format!("Question {}{}", place + 1, if done { ", answered" } else { "" });
            view! {
                <li>
                    <a
                        href=format!("/one-on-one/{}/{number}", steps.id)
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
    let line = |href: String, done: bool, here: bool, text: String| {
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
        .questions
        .iter()
        .map(|(number, text, done)| {
            line(format!("/one-on-one/{}/{number}", steps.id), *done, steps.is_here(*number), text.clone())
        })
        .collect_view();
    view! {
        <nav class="jump wide-only" aria-label="All questions">
            <ol>
                {questions}
                {line(format!("/one-on-one/{}/look-over", steps.id), false, steps.here == Here::LookOver, "Look it over and submit".to_owned())}
            </ol>
        </nav>
    }
}

/// Count, the question in its own words, why it is asked.
pub(super) fn heading(steps: &Steps, question: &Question) -> impl IntoView + use<> {
    let place = steps.questions.iter().position(|(number, ..)| *number == question.number).map_or(1, |at| at + 1);
    let all = steps.questions.len();
    let count = match steps.minutes_left() {
        0 => format!("Question {place} of {all}. Each has something; change what you like."),
        1 => format!("Question {place} of {all}. About a minute left, and you may stop anywhere."),
        minutes => format!("Question {place} of {all}. About {minutes} minutes left, and you may stop anywhere."),
    };
    view! {
        <div class="question">
            <p class="count">{count}</p>
            <h1>{question.text.clone()}</h1>
            {(!question.purpose.is_empty()).then(|| view! { <p class="purpose">{question.purpose.clone()}</p> })}
        </div>
    }
}

/// What the prompts of a question offer to think with; never required. Who had one of these roles gets further ones.
pub(super) fn prompts(question: &Question, roles: &[String]) -> impl IntoView + use<> {
    let further = question.for_roles.iter().filter(|f| roles.contains(&f.role)).map(|f| f.prompt.clone());
    let all: Vec<String> = further.chain(question.prompts.iter().cloned()).collect();
    (!all.is_empty()).then(|| {
        view! {
            <details class="more">
                <summary>"Something to think with"</summary>
                <ul class="bullets small soft mt2">{all.into_iter().map(|p| view! { <li>{p}</li> }).collect_view()}</ul>
            </details>
        }
    })
}

/// Where Back and Next lead from a question.
pub(super) fn neighbours(id: InvitationId, set: &QuestionSet, number: i64) -> (String, String) {
    let at = |number: i64| format!("/one-on-one/{id}/{number}");
    let (back, next) = set.beside(number);
    (back.map_or_else(|| format!("/one-on-one/{id}"), at), next.map_or_else(|| format!("/one-on-one/{id}/look-over"), at))
}
