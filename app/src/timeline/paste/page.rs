//! The two pages of pasting: the text, and what was understood of it.

use super::super::form::kinds;
use super::fields::{PasteFields, RowFields};
use crate::ctx::Ctx;
use crate::form::Form;
use crate::incidents::ZoneField;
use crate::shell::{self, Head, Nav};
use crate::ui::{Crumbs, Icon, Note, SafeTextarea, TextField, TextareaField};
use axum::response::Response;
use domain::incidents::Incident;
use http::StatusCode;
use leptos::prelude::*;

fn crumbs(incident: &Incident) -> Vec<(String, String)> {
    let base = format!("/incidents/{}", incident.key);
    vec![("/incidents".to_owned(), "Incidents".to_owned()), (base, incident.key.to_string())]
}

/// The first step and the refused one.
pub(super) fn draw_text(ctx: &Ctx, incident: &Incident, form: Form<PasteFields>) -> Response {
    let head = Head::new(format!("Paste into {}", incident.key), Nav::Incidents).refused(&form.invalid);
    let base = format!("/incidents/{}", incident.key);
    let links = crumbs(incident);
    shell::page(ctx, head, move || {
        let error = |field: &str| form.error(field);
        let typed = form.typed.clone();
        view! {
            <Crumbs links here="Paste"/>
            <div class="page-head">
                <div>
                    <h1>"Paste anything with times"</h1>
                    <p>"A chat, a table, a shell’s history, a status page. You see what was understood, mend it, and drop the rest; nothing is written before."</p>
                </div>
            </div>
            <form class="stack incident-form" method="post" action=format!("{base}/paste")>
                <TextareaField name="text" label="The text" text=typed.text rows=14 error=error("text")/>
                <fieldset>
                    <legend>"What names no day and no zone is …"</legend>
                    <div class="fields when-fields">
                        <TextField name="day" label="of this day" kind="date" value=typed.day error=error("day") required=true/>
                        <ZoneField value=typed.zone error=error("zone")/>
                    </div>
                </fieldset>
                <p class="hint">"Events are read by everybody who sees the incident. What was said in confidence, and names, stay out."</p>
                <p class="actions"><button class="btn btn-primary">"Read it"</button><a class="btn btn-quiet" href=base.clone()>"Leave it"</a></p>
            </form>
        }
    })
}

/// The second step and the refused one.
pub(super) fn draw_rows(
    ctx: &Ctx,
    incident: &Incident,
    rows: RowFields,
    errors: &[(Option<usize>, String)],
    is_cut: bool,
) -> Response {
    let mut head = Head::new(format!("Paste into {}", incident.key), Nav::Incidents);
    if !errors.is_empty() {
        head = head.status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let base = format!("/incidents/{}", incident.key);
    let links = crumbs(incident);
    let errors = errors.to_vec();
    let zone = incident.zone.clone();
    shell::page(ctx, head, move || {
        let of =
            |n: usize| errors.iter().filter(|(row, _)| *row == Some(n)).map(|(_, m)| m.clone()).collect::<Vec<_>>().join(" ");
        let whole: Vec<String> = errors.iter().filter(|(row, _)| row.is_none()).map(|(_, m)| m.clone()).collect();
        let open = errors.len();
        let proposals: Vec<_> = (0..rows.len()).map(|n| view! { <Proposed n rows=rows.clone() error=of(n)/> }).collect();
        let questions = rows.midnight.iter().filter(|m| *m == "ask").count() + usize::from(rows.unzoned == "ask");
        let found = match rows.len() {
            1 => "One thing was found.".to_owned(),
            n => format!("{n} things were found."),
        };
        view! {
            <Crumbs links here="Paste"/>
            <div class="page-head"><div><h1>"What was understood"</h1><p>{found}" Untick what is no event, and mend the rest."</p></div></div>
            {(open > 0).then(|| view! {
                <Note tone="care"><Icon name="triangle-alert"/><p role="alert">{
                    if whole.is_empty() { "Some of it needs a look; it is said beside each.".to_owned() } else { whole.join(" ") }
                }</p></Note>
            })}
            {(questions > 0 && open == 0).then(|| view! {
                <Note><Icon name="circle-help"/><p>"Some days or zones do not follow from the text. Please answer where it asks."</p></Note>
            })}
            {is_cut.then(|| view! {
                <Note tone="care"><Icon name="triangle-alert"/><p>"The text is longer than one page of this; only its beginning is here. Please paste the rest afterwards."</p></Note>
            })}
            <form class="stack paste-form" method="post" action=format!("{base}/paste/add")>
                <Unzoned rows=rows.clone() zone/>
                <Roles rows=rows.clone()/>
                <ol class="proposals">{proposals}</ol>
                <p class="actions bar"><button class="btn btn-primary">"Add what is ticked"</button><a class="btn btn-quiet" href=format!("{base}/paste")>"Leave it"</a></p>
            </form>
        }
    })
}

/// Which zone times are in that name none, where others name one.
#[component]
fn Unzoned(rows: RowFields, zone: String) -> impl IntoView {
    if rows.unzoned.is_empty() {
        return ().into_any();
    }
    let mut zones = rows.zones();
    if !zones.contains(&zone) {
        zones.insert(0, zone);
    }
    let options = zones.into_iter().map(|z| view! { <option value=z.clone() selected=z == rows.unzoned>{z.clone()}</option> });
    view! {
        <div class="field">
            <label for="unzoned">"Some times name their zone and others do not. Which zone are the others in?"</label>
            <select id="unzoned" name="unzoned"><option value="ask">"Please choose"</option>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}

/// The names that the text uses: each can stand for a role.
#[component]
fn Roles(rows: RowFields) -> impl IntoView {
    if rows.who.is_empty() {
        return ().into_any();
    }
    let fields = rows.who.iter().enumerate().map(|(n, who)| {
        let id = format!("role-{n}");
        view! {
            <div class="field">
                <label for=id.clone()>{who.clone()}</label>
                <input type="hidden" name="who" value=who.clone()/>
                <input id=id name="role" value=RowFields::text(&rows.role, n) placeholder="on-call engineer" autocomplete="off"/>
            </div>
        }
    });
    view! {
        <fieldset>
            <legend>"Who acted, by role "<span class="hint">"Names are not kept: the role tells more. Empty is fine."</span></legend>
            <div class="fields when-fields">{fields.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Proposed(n: usize, rows: RowFields, error: String) -> impl IntoView {
    let text = |of: &[String]| RowFields::text(of, n);
    let chosen = text(&rows.kind);
    let options = kinds().into_iter().map(|(slug, label)| {
        let selected = slug == chosen;
        view! { <option value=slug selected=selected>{label}</option> }
    });
    let named = |what: &str| format!("{what} of {}", n + 1);
    let author = text(&rows.author).parse::<usize>().ok().map(|who| RowFields::text(&rows.who, who));
    let flag = text(&rows.flag);
    let class = if error.is_empty() { "card proposal" } else { "card proposal field-error" };
    view! {
        <li class=class>
            {(!error.is_empty()).then(|| view! { <p class="error">{error}</p> })}
            <Midnight n rows=rows.clone()/>
            <div class="proposal-when">
                <label class="pick"><input type="checkbox" name="take" value=n.to_string() checked=rows.is_taken(n)/>{format!("{}", n + 1)}<span class="vh">" becomes an event"</span></label>
                <input type="date" name="date" value=text(&rows.date) aria-label=named("Day")/>
                <input name="time" value=text(&rows.time) autocomplete="off" aria-label=named("Time")/>
                <input name="zone" value=text(&rows.zone) autocomplete="off" placeholder="as above" aria-label=named("Time zone")/>
                <select name="kind" aria-label=named("Kind")>{options.collect_view()}</select>
            </div>
            <SafeTextarea id=format!("body-{n}") name="body" text=text(&rows.body) rows=2 label=named("What happened")/>
            <p class="meta">
                {author.map(|who| view! { <span>{format!("said by {who}")}</span> })}
                {(!flag.is_empty()).then(|| view! { <span class="chip chip-care"><Icon name="triangle-alert"/>{flag.clone()}</span> })}
            </p>
            <input type="hidden" name="flag" value=flag.clone()/>
            <input type="hidden" name="author" value=text(&rows.author)/>
            <input type="hidden" name="own_day" value=text(&rows.own_day)/>
        </li>
    }
}

/// Whether midnight lies before a time that is smaller than the one above it.
#[component]
fn Midnight(n: usize, rows: RowFields) -> impl IntoView {
    let said = RowFields::text(&rows.midnight, n);
    if said.is_empty() {
        return view! { <input type="hidden" name="midnight" value=""/> }.into_any();
    }
    let above = (0..n).rev().map(|m| RowFields::text(&rows.time, m)).find(|time| !time.is_empty()).unwrap_or_default();
    let question = format!("Above it stands {above}. Is this the next day?");
    let choice = |value: &'static str, words: &'static str| view! { <option value=value selected=said == value>{words}</option> };
    view! {
        <div class="field midnight">
            <label for=format!("midnight-{n}")>{question}</label>
            <select id=format!("midnight-{n}") name="midnight">
                {choice("ask", "Please choose")}
                {choice("next", "Yes: midnight was in between")}
                {choice("same", "No: the same day, out of order")}
            </select>
        </div>
    }
    .into_any()
}
