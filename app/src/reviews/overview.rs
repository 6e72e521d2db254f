//! What people said, for those who facilitate: by question or by person, with a form that marks a passage for a theme and one that makes
//! a quote of what may be quoted.

use super::marking::{self, MarkFields};
use super::parts::{AudienceChip, ParkForm, at, opened, opened_for};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{self, Form, Posted};
use crate::incidents::{IncidentFrame, Tab};
use crate::shell::{self, Head, Nav};
use crate::ui::{FieldError, Icon, Note, PickScript, SafeTextarea};
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::incidents::IncidentKey;
use domain::interviews::{Audience, FIRST_OWN, kind, twelve};
use domain::reviews::{Attribution, SectionKind};
use domain::rights::Right;
use domain::timeline::perspectives::has_lane;
use domain::{AnswerId, Invalid};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::Opened;
use store::interviews::ReadableAnswer;
use store::reviews::{Draft, Marked};

/// Fewer voices than this: words without a name may be guessed.
const FEW: usize = 5;

/// How the page is arranged.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Arrangement {
    by: String,
}

/// A quote or paraphrase, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct QuoteFields {
    answer: String,
    section: String,
    text: String,
    paraphrase: String,
    attribution: String,
    by: String,
}

/// The answers that the viewer may read. Loading them is what the read log records.
pub(super) async fn show(ctx: Ctx, Path(key): Path<String>, Query(arranged): Query<Arrangement>) -> Result<Response, AppError> {
    let opened = opened(&ctx, &key).await?;
    draw(&ctx, opened, arranged.by == "person", Form::default(), Form::default(), None).await
}

/// Sends a quote or paraphrase to its author.
pub(super) async fn draft(ctx: Ctx, Path(key): Path<String>, Posted(typed): Posted<QuoteFields>) -> Result<Response, AppError> {
    let opened = opened_for(&ctx, &key, Right::EditReview).await?;
    let answer: AnswerId = typed.answer.parse().map_err(|_| AppError::BadRequest)?;
    let outcome = match SectionKind::from_slug(&typed.section) {
        None => Err(Invalid::one("section", "Please choose where it is to stand.").into()),
        Some(section) => {
            let draft = Draft {
                section,
                text: typed.text.clone(),
                paraphrase: !typed.paraphrase.is_empty(),
                attribution: Attribution::from_slug(&typed.attribution),
            };
            let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
            store::reviews::draft_excerpt(store, viewer, id, answer, &draft, ctx.now).await.map_err(AppError::from)
        }
    };
    let by_person = typed.by == "person";
    match outcome {
        Ok(_) => {
            let page = if by_person { "overview?by=person" } else { "overview" };
            Ok(form::see_and_say(&format!("{}#a-{answer}", at(opened.incident.key, page)), "sent"))
        }
        Err(AppError::Invalid(invalid)) => {
            draw(&ctx, opened, by_person, Form::refused(typed, invalid), Form::default(), None).await
        }
        Err(other) => Err(other),
    }
}

/// What can be done with an answer, and what was done.
struct Acts {
    quote: Form<QuoteFields>,
    mark: Form<MarkFields>,
    marked: Vec<Marked>,
    /// Why a mark was not taken.
    refused: Option<&'static str>,
    /// The story is published: nothing is marked any more.
    published: bool,
}

/// The page, fresh or with a form that came back.
pub(super) async fn draw(
    ctx: &Ctx,
    opened: Opened,
    by_person: bool,
    quote: Form<QuoteFields>,
    mark: Form<MarkFields>,
    refused: Option<&'static str>,
) -> Result<Response, AppError> {
    let title = format!("What people said about {}", opened.incident.title);
    let mut head = Head::new(title, Nav::Incidents).refused(&quote.invalid).refused(&mark.invalid);
    if refused.is_some() {
        head = head.status(http::StatusCode::CONFLICT);
    }
    let (store, viewer, id) = (ctx.store(), ctx.viewer()?, opened.incident.id);
    let answers = store::interviews::overview(store, viewer, id, ctx.now).await?;
    let marked = store::reviews::marked(store, viewer, id, ctx.now).await?;
    let acts = Acts { quote, mark, marked, refused, published: opened.standing.published };
    Ok(shell::page(ctx, head, move || page(opened, answers, by_person, acts)))
}

fn page(opened: Opened, answers: Vec<ReadableAnswer>, by_person: bool, acts: Acts) -> impl IntoView {
    let key = opened.incident.key;
    let none = answers.is_empty();
    let most = asked(&answers).iter().map(|a| answers.iter().filter(|b| a.asks(b)).count()).max().unwrap_or_default();
    let unattributed = answers.iter().any(|a| a.audience == Audience::Unattributed);
    let arranged = if by_person { people(key, answers, &acts).into_any() } else { questions(key, answers, &acts).into_any() };
    let current = move |this: bool| (by_person == this).then_some("true");
    let back = at(key, if by_person { "overview?by=person" } else { "overview" });
    view! {
        <IncidentFrame opened tab=Tab::Review>
            {acts.refused.map(|why| view! { <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{why}</p></Note> })}
            <div class="cols cols-side">
                <div class="stack stack-wide">
                    <div class="section-head section-head-flush">
                        <div>
                            <h2>"What people said"</h2>
                            <p class="quiet small">"What is not for you does not appear here, not even as a number."</p>
                        </div>
                        <nav class="seg" aria-label="Arrange">
                            <a href=at(key, "overview") aria-current=current(false)>"By question"</a>
                            <a href=at(key, "overview?by=person") aria-current=current(true)>"By person"</a>
                        </nav>
                    </div>
                    {none.then(|| view! {
                        <section class="empty">
                            <h3>"Nobody has answered yet"</h3>
                            <p>"Answers come when people have time. Declining is fine, and nothing waits for anyone."</p>
                            <p class="actions"><a class="btn" href=format!("/incidents/{key}/one-on-ones")>"Who was invited"</a></p>
                        </section>
                    })}
                    {arranged}
                    {(!none).then(|| view! { <PickScript/> })}
                </div>
                <aside class="stack" aria-label="Reading and parking">
                    <Note>
                        <Icon name="eye"/>
                        <p>"Reading is noted: each author sees that you have read their answer, and when."</p>
                    </Note>
                    {(unattributed && most < FEW).then(|| view! {
                        <Note>
                            <Icon name="shield-check"/>
                            <p>"Few have answered. Words without a name may be guessed by people who were there; their authors were told so before they chose."</p>
                        </Note>
                    })}
                    <p class="actions">
                        <a class="btn" href=at(key, "themes")><Icon name="layers"/>"Themes"</a>
                        <a class="btn" href=at(key, "")><Icon name="pencil"/>"To the story"</a>
                    </p>
                    <ParkForm key back/>
                </aside>
            </div>
        </IncidentFrame>
    }
}

/// A question that something was said to. One of the organisation's own is the same while its words are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AskedOne {
    number: i64,
    /// Of a question of the organisation's own.
    own: String,
}

impl AskedOne {
    fn of(answer: &ReadableAnswer) -> Self {
        if answer.question < FIRST_OWN {
            Self { number: answer.question, own: String::new() }
        } else {
            Self { number: FIRST_OWN, own: answer.question_text.clone() }
        }
    }

    fn asks(&self, answer: &ReadableAnswer) -> bool {
        *self == Self::of(answer)
    }
}

fn asked(answers: &[ReadableAnswer]) -> Vec<AskedOne> {
    let mut asked: Vec<AskedOne> = answers.iter().map(AskedOne::of).collect();
    asked.sort();
    asked.dedup();
    asked
}

/// The words over the answers to a question: those that all were asked in, else those of the twelve.
fn heading(answers: &[ReadableAnswer]) -> String {
    let mut texts: Vec<&str> = answers.iter().map(|a| a.question_text.as_str()).collect();
    texts.dedup();
    match (texts.as_slice(), answers.first()) {
        ([one], _) => (*one).to_owned(),
        (_, Some(first)) => twelve().question(first.question).map_or_else(|| first.question_text.clone(), |q| q.text.clone()),
        (_, None) => String::new(),
    }
}

fn questions(key: IncidentKey, answers: Vec<ReadableAnswer>, acts: &Acts) -> impl IntoView + use<> {
    let asked: Vec<(usize, AskedOne)> = asked(&answers).into_iter().enumerate().map(|(at, one)| (at + 1, one)).collect();
    let jump = (asked.len() > 1).then(|| {
        let links = asked
            .iter()
            .map(|(place, _)| view! { <li><a class="btn btn-small" href=format!("#q{place}")>{place.to_string()}</a></li> })
            .collect_view();
        view! { <nav aria-label="Questions"><ul class="actions">{links}</ul></nav> }
    });
    let sections = asked
        .into_iter()
        .map(|(place, one)| {
            let here: Vec<ReadableAnswer> = answers.iter().filter(|a| one.asks(a)).cloned().collect();
            let heading = heading(&here);
            let said = here.into_iter().map(|a| said(key, a, Shown::Under(heading.clone()), acts)).collect_view();
            view! {
                <section aria-labelledby=format!("q{place}")>
                    <h3 class="asked" id=format!("q{place}")><span class="quiet">{format!("{place}. ")}</span>{heading}</h3>
                    {said}
                </section>
            }
        })
        .collect_view();
    view! { {jump}{sections} }
}

fn people(key: IncidentKey, answers: Vec<ReadableAnswer>, acts: &Acts) -> impl IntoView + use<> {
    let mut authors: Vec<_> = answers.iter().filter_map(|a| a.author.clone()).collect();
    authors.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
    authors.dedup();
    let without_name = answers.iter().any(|a| a.author.is_none());
    let sections = authors
        .into_iter()
        .map(|(id, name)| {
            let theirs = answers.iter().filter(|a| a.author.as_ref().is_some_and(|(author, _)| *author == id));
            let here = theirs.cloned().map(|a| said(key, a, Shown::ByPerson, acts)).collect_view();
            view! {
                <section aria-labelledby=format!("p-{id}")>
                    <h3 class="asked" id=format!("p-{id}")>{name}</h3>
                    {here}
                </section>
            }
        })
        .collect_view();
    view! {
        {sections}
        {without_name.then(|| view! { <p class="hint">"Words without a name stand under “By question” alone."</p> })}
    }
}

/// Where an answer stands.
enum Shown {
    /// Under the words of its question.
    Under(String),
    /// Under its author.
    ByPerson,
}

/// One answer, large enough to read aloud.
fn said(key: IncidentKey, answer: ReadableAnswer, shown: Shown, acts: &Acts) -> impl IntoView + use<> {
    let by_person = matches!(shown, Shown::ByPerson);
    let otherwise = match shown {
        Shown::Under(heading) if heading != answer.question_text => Some(format!("Asked as: {}", answer.question_text)),
        Shown::Under(_) | Shown::ByPerson => None,
    };
    let id = answer.answer_id;
    let words = !answer.body.text.trim().is_empty();
    let usable = answer.audience >= Audience::Unattributed && words;
    let marked = marking::marked_in(&acts.marked, id, &answer.body.text);
    let whose = answer.author.as_ref().map_or_else(|| "Someone who was there".to_owned(), |(_, name)| name.clone());
    let choice = kind(answer.question).and_then(|k| {
        k.choices.iter().find(|(value, _)| *value == answer.body.choice).map(|(_, label)| (k.choice_label, *label))
    });
    let hint = match answer.audience {
        Audience::Unattributed => {
            Some("No name, time or order, not even here. A quote finds its way back to its author by itself.")
        }
        Audience::Facilitator => Some("For those who facilitate. It can guide a question; it is not for quoting."),
        _ => None,
    };
    let quote = usable.then(|| quote_form(key, &answer, by_person, &acts.quote));
    let mark = (words && !acts.published).then(|| marking::mark_form(key, id, &answer.body.text, by_person, &acts.mark));
    let place = (words && !acts.published && has_lane(answer.audience)).then(|| {
        view! {
            <a class="btn btn-quiet btn-small" href=format!("/incidents/{key}/timeline/perspectives/place/{id}")><Icon name="clock"/>"Place on the timeline"</a>
        }
    });
    let head = if by_person { answer.question_text.clone() } else { whose };
    let icon = if answer.author.is_some() && !by_person { "user" } else { "message-circle" };
    view! {
        <article class="said" id=format!("a-{id}")>
            <div class="said-head">
                <span class="who"><span class="who-mark"><Icon name=icon/></span><span>{head}</span></span>
                <AudienceChip audience=answer.audience/>
            </div>
            {otherwise.map(|text| view! { <p class="quiet small">{text}</p> })}
            {choice.map(|(what, label)| view! { <p class="small"><span class="quiet">{format!("{what} ")}</span>{label}</p> })}
            {answer.body.instead.map(|instead| view! { <p class="quiet">{instead.label()}</p> })}
            {words.then(|| marking::words(id, &answer.body.text, &marked))}
            {marking::chips(key, &marked)}
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            {words.then(|| view! { <div class="said-acts">{mark}{quote}{place}</div> })}
        </article>
    }
}

fn quote_form(key: IncidentKey, answer: &ReadableAnswer, by_person: bool, form: &Form<QuoteFields>) -> impl IntoView + use<> {
    let id = answer.answer_id.to_string();
    let came_back = form.typed.answer == id;
    let typed =
        if came_back { form.typed.clone() } else { QuoteFields { text: answer.body.text.clone(), ..QuoteFields::default() } };
    let error = |field: &str| if came_back { form.error(field) } else { None };
    let (wrong_text, wrong_section, wrong_name) = (error("text"), error("section"), error("attribution"));
    let describedby = wrong_text.is_some().then(|| format!("text-{id}-error"));
    let invalid = wrong_text.is_some();
    let named = answer.audience == Audience::Named;
    let sections = SectionKind::ALL.into_iter().filter(|kind| kind.is_in_story()).map(|kind| {
        let selected = kind.slug() == typed.section || (typed.section.is_empty() && kind == suggested(answer.question));
        view! { <option value=kind.slug() selected=selected>{kind.title()}</option> }
    });
    let sections = sections.collect_view();
    let attribution = named.then(|| {
        let with_name = !came_back || typed.attribution == "named";
        view! {
            <fieldset>
                <legend>"Whose words"</legend>
                <div class="picks">
                    <label class="pick"><input type="radio" name="attribution" value="named" checked=with_name/>"With the name"</label>
                    <label class="pick"><input type="radio" name="attribution" value="unattributed" checked=!with_name/>"Without it"</label>
                </div>
                <FieldError id=format!("attribution-{id}-error") error=wrong_name/>
            </fieldset>
        }
    });
    let field = if invalid { "field field-error" } else { "field" };
    view! {
        <details class="quote-form" open=came_back>
            <summary class="btn btn-quiet btn-small"><Icon name="quote"/>"Quote or paraphrase"</summary>
            <form method="post" class="stack stack-tight mt2" action=at(key, "quotes")>
                <input type="hidden" name="answer" value=id.clone()/>
                <input type="hidden" name="by" value=by_person.then_some("person")/>
                <div class=field>
                    <label for=format!("text-{id}")>"Words"</label>
                    <p class="hint">"Copied from the answer; cut it down to what is to stand. “…” marks words that are left out."</p>
                    <FieldError id=format!("text-{id}-error") error=wrong_text/>
                    <SafeTextarea id=format!("text-{id}") name="text" text=typed.text rows=3 describedby invalid/>
                </div>
                <label class="check">
                    <input type="checkbox" name="paraphrase" value="yes" checked=!typed.paraphrase.is_empty()/>
                    <span>"A paraphrase: in other words"</span>
                </label>
                {attribution}
                <div class="field">
                    <label for=format!("section-{id}")>"Where it is to stand"</label>
                    <FieldError id=format!("section-{id}-error") error=wrong_section/>
                    <select id=format!("section-{id}") name="section">{sections}</select>
                </div>
                <div class="actions">
                    <button class="btn btn-primary btn-small">"Send to its author"</button>
                    <span class="hint">"It stands in the story only as its author agrees to it."</span>
                </div>
            </form>
        </details>
    }
}

/// The section in which an answer to this question most often finds its place.
fn suggested(question: i64) -> SectionKind {
    match question {
        2 => SectionKind::Surprised,
        4 | 7 | 10 => SectionKind::Hard,
        5 => SectionKind::Factors,
        6 => SectionKind::WentRight,
        8 => SectionKind::Learnings,
        _ => SectionKind::Narrative,
    }
}
