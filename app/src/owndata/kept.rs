//! In plain words: what is kept of somebody, how long, and what stays after erasing, with the reason.

use domain::interviews::Audience;
use domain::reviews::ExcerptState;
use leptos::prelude::*;
use store::owndata::{CreatedKind, OwnData};

/// One kind of what is kept.
struct Kept {
    what: &'static str,
    count: usize,
    how: &'static str,
}

fn kept(data: &OwnData) -> Vec<Kept> {
    let answers = || data.conversations.iter().flat_map(|c| &c.answers).filter(|a| !a.answer.body.is_empty());
    let submitted = |audiences: &[Audience]| {
        answers().filter(|a| a.answer.released_at.is_some() && audiences.contains(&a.answer.audience)).count()
    };
    let created = |kind: CreatedKind| data.created.iter().filter(|c| c.kind == kind).count();
    let row = |what, count, how| Kept { what, count, how };
    vec![
        row("Conversations you were asked for", data.conversations.len(), "That you were asked stays; facilitators see it."),
        row(
            "Drafts",
            answers().filter(|a| a.answer.released_at.is_none()).count(),
            "Only you read them. They go some time after your last edit.",
        ),
        row("Answers for you alone", submitted(&[Audience::OnlyMe]), "They go some time after the story is published."),
        row(
            "Answers for the facilitator",
            submitted(&[Audience::Facilitator]),
            "They go some time after the story is published.",
        ),
        row(
            "Answers that you gave to the review",
            submitted(&[Audience::Unattributed, Audience::Named]),
            "They stay until you erase them.",
        ),
        row("Ideas in the parking lot", data.ideas.len(), "Only you read them until planning opens."),
        row(
            "Stretches of work",
            data.conversations.iter().map(|c| c.stretches.len()).sum(),
            "Only you see them. Their minutes are counted in groups of five or more.",
        ),
        row(
            "People you named",
            data.conversations.iter().map(|c| c.nominations.len()).sum(),
            "Part of your answer to question 12.",
        ),
        row("Quotes from your words", data.quotes.len(), "You decide on each; after publication you can withdraw it."),
        row(
            "Reads of your answers",
            data.conversations.iter().flat_map(|c| &c.answers).map(|a| a.reads.len()).sum(),
            "So that you see who has read what, and when.",
        ),
        row(
            "Passages of your answers that were marked",
            data.conversations.iter().flat_map(|c| &c.answers).map(|a| a.marks.len()).sum(),
            "By who facilitates, to gather themes. Facilitators alone see them; they go with your words.",
        ),
        row(
            "Words of yours beside a timeline",
            data.conversations.iter().flat_map(|c| &c.answers).map(|a| a.placed.len()).sum(),
            "Placed at an event by you or by who facilitates. You can move them and take them away; they go with your words.",
        ),
        row(
            "Agreements you gave",
            data.conversations.iter().map(|c| c.agreements.len()).sum(),
            "Facilitators who came later and whom you let read.",
        ),
        row("Roles in incidents", data.roles.len(), "Facilitator or planner; everybody invited sees them."),
        row(CreatedKind::Incident.label(), created(CreatedKind::Incident), "Entered or imported by you. They belong to all."),
        row(CreatedKind::Event.label(), created(CreatedKind::Event), "Added by you. They belong to all."),
        row(CreatedKind::Hypothesis.label(), created(CreatedKind::Hypothesis), "Written down by you. They belong to all."),
        row(CreatedKind::Section.label(), created(CreatedKind::Section), "Saved by you. They belong to all."),
        row(CreatedKind::Item.label(), created(CreatedKind::Item), "Made by you. They belong to planning."),
        row(
            CreatedKind::LookedBack.label(),
            created(CreatedKind::LookedBack),
            "Planners of the incident and who takes care of the item read it, with your name.",
        ),
        row(
            CreatedKind::StoryLink.label(),
            created(CreatedKind::StoryLink),
            "Made by you. Whoever facilitates the review sees them, and can take them back.",
        ),
        row(
            CreatedKind::Difference.label(),
            created(CreatedKind::Difference),
            "Written by you. Whoever facilitates the review sees them.",
        ),
        row(CreatedKind::Theme.label(), created(CreatedKind::Theme), "Named by you. Whoever facilitates the review sees them."),
        row(
            CreatedKind::RawImport.label(),
            created(CreatedKind::RawImport),
            "Brought by you. Whoever facilitates reads what they hold.",
        ),
        row(
            "Raw logs that name you",
            data.raw_logs.len(),
            "As who wrote there. Whoever facilitates and whoever brought them reads them; erasing takes your name out.",
        ),
        row(
            "Thanks that name you",
            data.thanks.len(),
            "Until you say yes, you and whoever leads the review read them; then everybody who reads the story.",
        ),
        row(
            "Learnings that were new to you",
            data.new_to_me.len(),
            "Nobody is shown that you said so. They go when you erase everything.",
        ),
        row(
            "Shifts on call",
            data.on_call.len(),
            "From your team’s schedule. Administrators and facilitators see them there; figures count shifts, not you. Erasing takes you out of them.",
        ),
        row(
            "Months of the pulse",
            data.pulse.len(),
            "That you answered, or put it off, so that nobody counts twice; sealed, and gone when the quarter closes. What you answered is kept nowhere.",
        ),
        row("Sign-ins", data.sign_ins.len(), "Forgotten some time after they end."),
        row("Audit entries", data.audit.len(), "Who did what and when; never content."),
    ]
}

/// The table of what is kept.
pub(super) fn table(data: &OwnData) -> impl IntoView + use<> {
    let rows = kept(data).into_iter().filter(|row| row.count > 0).map(|row| {
        view! { <tr><th scope="row">{row.what}</th><td class="num">{row.count}</td><td>{row.how}</td></tr> }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="What is kept about you">
            <table>
                <thead><tr><th>"What"</th><th class="num">"How many"</th><th>"Who sees it, how long it stays"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

/// What erasing takes.
pub(super) fn goes(data: &OwnData) -> Vec<String> {
    let answers: usize = data.conversations.iter().flat_map(|c| &c.answers).filter(|a| !a.answer.body.is_empty()).count();
    let stretches: usize = data.conversations.iter().map(|c| c.stretches.len()).sum();
    let named: usize = data.conversations.iter().map(|c| c.nominations.len()).sum();
    let ideas = data.ideas.iter().filter(|i| !i.wall_open).count();
    let quotes = data.quotes.len() - standing(data);
    [
        (answers, "answer, with who has read it", "answers, with who has read them"),
        (stretches, "stretch of work", "stretches of work"),
        (named, "name that you gave", "names that you gave"),
        (ideas, "idea in the parking lot", "ideas in the parking lot"),
        (quotes, "quote that stands in no published story", "quotes that stand in no published story"),
        (data.thanks.len(), "note of thanks that names you", "notes of thanks that name you"),
        (data.new_to_me.len(), "learning that you said was new to you", "learnings that you said were new to you"),
        (
            data.on_call.len(),
            "shift on call that is yours; it stays without you",
            "shifts on call that are yours; they stay without you",
        ),
        (data.raw_logs.len(), "raw log in which you are named as who wrote", "raw logs in which you are named as who wrote"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
    .chain(leaves(data).then(|| "your name, the address that letters went to, and your personal link".to_owned()))
    .collect()
}

/// Whether this is somebody without an account: a name is kept for their conversation alone, and goes with it.
pub(super) fn leaves(data: &OwnData) -> bool {
    data.profile.profile.email.is_none()
}

/// Quotes that stand in published stories.
pub(super) fn standing(data: &OwnData) -> usize {
    data.quotes.iter().filter(|q| q.published && q.excerpt.state == ExcerptState::Right).count()
}

/// What stays, with the reason.
pub(super) fn stays(data: &OwnData) -> Vec<(&'static str, String)> {
    let planners = data.ideas.iter().filter(|i| i.wall_open).count();
    let counted = data.conversations.iter().flat_map(|c| &c.stretches).filter(|s| s.counted_in.is_some()).count();
    let mut stays = Vec::new();
    if standing(data) > 0 {
        stays.push((
            "Quotes in published stories",
            format!(
                "{}: without your name. Others have read them as part of the story. You can take them out, too.",
                standing(data)
            ),
        ));
    }
    if planners > 0 {
        stays.push(("Ideas on planning’s table", format!("{planners}: without your name. Planners have read them.")));
    }
    if counted > 0 || !data.counted.is_empty() {
        stays.push((
            "Figures of closed months",
            "They count groups of five people or more and never one person. A figure that changed afterwards would tell who left it. Which \
             stretches they counted is kept sealed, for five months at most, so that none counts twice."
                .to_owned(),
        ));
    }
    if !data.raw_logs.is_empty() {
        stays.push((
            "What you wrote in chat or elsewhere",
            "The raw log of an incident holds it sealed, without your name. If a name stands in the words themselves, please ask who \
             facilitates."
                .to_owned(),
        ));
    }
    if !data.created.is_empty() {
        stays.push((
            "What belongs to all",
            "Incidents, timeline events, sections of stories and names of themes: others have built on them.".to_owned(),
        ));
    }
    let asked = if leaves(data) {
        "Without your name. It says that there was a conversation, not with whom or what was said."
    } else {
        "An invitation says that there was a conversation, not what was said."
    };
    stays.push(("That you were asked", asked.to_owned()));
    stays.push(("The audit trail", "Who did what and when; it holds no content, and goes when its days are over.".to_owned()));
    stays.push((
        "What has left this service",
        "What somebody has read, written down, printed or exported. Backups hold it sealed until they are deleted.".to_owned(),
    ));
    stays
}

/// The list of what stays.
pub(super) fn stays_list(data: &OwnData) -> impl IntoView + use<> {
    let rows = stays(data).into_iter().map(|(what, why)| view! { <dt><b>{what}</b></dt><dd>{why}</dd> });
    view! { <dl class="stays">{rows.collect_view()}</dl> }
}

/// An incident's number, where it is there for this person.
pub(super) fn named(key: Option<domain::incidents::IncidentKey>) -> String {
    key.map_or_else(|| "an incident that is not shown to you any more".to_owned(), |key| key.to_string())
}
