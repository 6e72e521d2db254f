//! Which letters one wishes for: new stories, stories of a year ago, what one takes care of.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::form::{Form, Posted, see_and_say};
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, FieldError, Icon, Note};
use axum::response::Response;
use domain::Invalid;
use domain::rights::{Right, Standing, may};
use domain::wishes::{Rhythm, Wishes};
use leptos::prelude::*;
use serde::Deserialize;
use store::people;

const HEADING: &str = "Letters that you get";
const AT: &str = "/profile/letters";

/// As typed; a switch that is off is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LetterWishes {
    digest: String,
    anniversaries: String,
    items: String,
    sheet: String,
}

impl LetterWishes {
    fn of(wishes: Wishes) -> Self {
        let switch = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Self {
            digest: wishes.digest.slug().to_owned(),
            anniversaries: switch(wishes.anniversaries),
            items: switch(wishes.items),
            sheet: wishes.sheet.slug().to_owned(),
        }
    }

    fn parse(&self) -> Result<Wishes, Invalid> {
        let mut invalid = Invalid::default();
        let mut rhythm = |slug: &str, field| {
            let read = Rhythm::from_slug(slug).ok_or_else(|| Invalid::one(field, "Please choose how often, or never."));
            invalid.take(read).unwrap_or_default()
        };
        let (digest, sheet) = (rhythm(&self.digest, "digest"), rhythm(&self.sheet, "sheet"));
        invalid.or_ok()?;
        Ok(Wishes { digest, anniversaries: !self.anniversaries.is_empty(), items: !self.items.is_empty(), sheet })
    }
}

pub(super) async fn show(ctx: Ctx) -> Result<Response, AppError> {
    let wishes = people::letter_wishes(ctx.store(), ctx.viewer()?).await?;
    Ok(draw(&ctx, Form::new(LetterWishes::of(wishes))))
}

pub(super) async fn save(ctx: Ctx, Posted(typed): Posted<LetterWishes>) -> Result<Response, AppError> {
    match typed.parse() {
        Err(invalid) => Ok(draw(&ctx, Form::refused(typed, invalid))),
        Ok(wishes) => {
            people::wish_letters(ctx.store(), ctx.viewer()?, wishes, ctx.now).await?;
            Ok(see_and_say(AT, "saved"))
        }
    }
}

fn draw(ctx: &Ctx, form: Form<LetterWishes>) -> Response {
    let sends = ctx.store().sends_mail();
    let trends = ctx.viewer().is_ok_and(|viewer| may(Right::SeeTrends, &Standing::of(viewer)));
    let head = Head::new(HEADING, Nav::None).refused(&form.invalid);
    shell::page(ctx, head, move || {
        let (error, sheet_error) = (form.error("digest"), form.error("sheet"));
        let typed = form.typed;
        let (digests, sheets) = (rhythms("digest", &typed.digest), rhythms("sheet", &typed.sheet));
        view! {
            <Crumbs links=vec![("/profile".to_owned(), "Your profile".to_owned())] here=HEADING/>
            <div class="page-head"><div>
                <h1>{HEADING}</h1>
                <p>"They come on your working days, between nine and six on your clock. Invitations, quotes and passwords come in any case."</p>
            </div></div>
            {(!sends).then(|| view! { <Note><Icon name="info"/><p>"No mail is set up here, so none comes yet. What you choose is kept."</p></Note> })}
            <form class="card stack measure mt4" method="post" action=AT>
                <fieldset class="stack stack-tight">
                    <legend>"Stories that were published"</legend>
                    <FieldError id="digest-error".to_owned() error/>
                    {digests}
                    <p class="hint">"Number, title and first lines, without quotes and without names of people here; nothing of restricted incidents. A time without a new story brings no letter."</p>
                </fieldset>
                {trends.then(|| view! {
                    <fieldset class="stack stack-tight">
                        <legend>"A week or a month on one sheet"</legend>
                        <FieldError id="sheet-error".to_owned() error=sheet_error/>
                        {sheets}
                        <p class="hint">"For the meeting in which it is talked about: what began, what was published and what is still in place, in numbers, with a link to the sheet. No title and no name."</p>
                    </fieldset>
                })}
                <fieldset class="stack stack-tight">
                    <legend>"And"</legend>
                    {switch("anniversaries", "Stories that are a year old", "Is what we learned still true?", !typed.anniversaries.is_empty())}
                    {switch("items", "What I take care of", "Two working days before the day that something is meant for, once it is over, and weeks after: did it help? Only how many, none of the words.", !typed.items.is_empty())}
                </fieldset>
                <p class="actions"><button class="btn btn-primary">"Save"</button></p>
            </form>
        }
    })
}

fn rhythms(name: &'static str, chosen: &str) -> impl IntoView + use<> {
    let choice = |rhythm: Rhythm| {
        let checked = chosen == rhythm.slug();
        view! { <label class="choice"><input type="radio" name=name value=rhythm.slug() checked=checked/><span>{rhythm.label()}</span></label> }
    };
    Rhythm::ALL.map(choice).collect_view()
}

fn switch(name: &'static str, label: &'static str, means: &'static str, on: bool) -> impl IntoView {
    let id = format!("{name}-means");
    view! {
        <label class="check">
            <input type="checkbox" name=name value="yes" checked=on aria-describedby=id.clone()/>
            <span>{label}</span>
        </label>
        <p class="hint" id=id>{means}</p>
    }
}
