//! What the heading of a section means, by its words.

use crate::lists::plain_words;
use crate::sections::Kind;
use crate::wordlists::phrases;

/// Names of sections that are no title though they are no kind of ours either.
const OTHER: &str = "\
    impact, background, context, detection, response, recovery, resolution, mitigation, what happened, what went well, \
    what went wrong, where we got lucky, what went poorly, what went badly, what didnt go well, what did not go well, \
    what could have gone better, what worked, what worked well, what didnt work, what could be improved, \
    got lucky, what was lucky, lucky, luck, identified, time to repair, time to resolve, conclusion, conclusions, moving forward, \
    resolution and remediation, recovery and resolution, how did it happen, what should you do, involved parties, introduction, details, analysis, severity, status, trigger, resolution and recovery, \
    supporting information, references, links, notes, appendix, glossary, metadata, date, communication, follow up questions";

/// Names that mean a kind wherever they stand.
const NAMES: &[(Kind, &str)] = &[
    (
        Kind::Summary,
        "\
            summary, issue summary, incident summary, executive summary, overview, tl dr, tldr, abstract, synopsis, \
            short summary, brief summary, summary of the incident, incident overview, incident description, management summary",
    ),
    (
        Kind::Timeline,
        "\
            timeline, time line, incident timeline, detailed timeline, event timeline, chronology, sequence of events, \
            chain of events, event log, incident log, log of events, course of events, order of events, key events, \
            timeline of events, timeline of the incident, events timeline, incident chronology",
    ),
    (
        Kind::Factors,
        "\
            contributing factors, contributing factor, factors, root cause, root causes, rca, rootcause, rootcauses, \
            contributing causes, underlying causes, why did it happen, why did this happen, what contributed, \
            contributing factors and root causes, causes and contributing factors, contributing conditions, \
            root cause analysis, root causes analysis, root cause and contributing factors, root causes and trigger, \
            why it happened, what caused it, what caused the incident, what went wrong and why",
    ),
    (
        Kind::Learnings,
        "\
            lessons learned, lessons learnt, lesson learned, lesson learnt, lessons, learnings, key learnings, \
            learning points, what we learned, what we learnt, what did we learn, what have we learned, takeaways, \
            key takeaways, learned lessons, key lessons, lessons identified, our learnings, what we have learned, \
            lessons learned and future improvements, lessons learnt and future improvements",
    ),
    (
        Kind::Actions,
        "\
            action items, action item, actions, action points, action plan, action list, follow up, follow ups, followup, \
            followups, follow up actions, follow up items, follow up tasks, next steps, corrective actions, \
            preventive actions, preventative actions, preventive measures, preventative measures, corrective measures, \
            remediation items, remediation actions, todo, todos, to do, to dos, review actions, planned actions, \
            future actions, recommendations, recommended actions, improvement actions, improvement items, \
            corrective and preventive actions, corrective and preventative actions, corrective and preventive measures, \
            mitigation items, planned work, remediation, remediation plan, remediation steps, actions following review, \
            post incident actions, follow up work, prevention, preventing recurrence, prevention measures, \
            how are we preventing it from happening again, how are we preventing this from happening again, \
            how will we prevent this from happening again, how do we prevent this from happening again, \
            what are we doing to prevent this, what we are doing to prevent this, what are we doing about it, \
            what we are doing about it, what will we do to prevent this, short term improvements, long term improvements, \
            medium term improvements, immediate actions, process improvements, documentation improvements, \
            technical improvements, future improvements",
    ),
    (
        Kind::People,
        "\
            attendees, attendee, attendance, participants, participant, people involved, persons involved, responders, \
            incident responders, authors, author, facilitator, facilitators, who was involved, who attended, who was there, \
            who took part, reviewers, invitees, team members, key people, incident team, response team, credits, \
            acknowledgements, acknowledgments, roles and responsibilities, incident roles, on call, attending, in attendance, \
            present at the meeting, apologies, cast, involved people",
    ),
    (Kind::Stats, "stats, statistics, incident stats, incident statistics, key metrics, incident metrics, key figures"),
];

/// Names that mean a kind on their own, but are ordinary words under a heading whose kind is known ("### People" among the factors).
const WEAK_NAMES: &[(Kind, &str)] = &[
    (Kind::Timeline, "events"),
    (Kind::Factors, "cause, causes, the cause, the causes, contributors to the incident"),
    (Kind::Actions, "tasks, improvements, action, remediations, work items"),
    (Kind::People, "people, present, roles, members, involved, contributors, contacts, who, thanks"),
    (Kind::Stats, "metrics, numbers, measurements, figures"),
];

/// What a heading means. `inside` is the kind of the section that it stands in.
pub(crate) fn kind_of(heading: &str, inside: Kind) -> Option<Kind> {
    if heading.len() > 160 {
        return None;
    }
    // "Attendees: AB, CD"
    if let Some((label, names)) = heading.split_once(':')
        && !names.trim().is_empty()
        && ["attend", "particip"].iter().any(|w| label.to_lowercase().contains(w))
        && kind_of(label, inside) == Some(Kind::People)
    {
        return Some(Kind::People);
    }
    let words = plain_words(heading);
    let words = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    if words.is_empty() {
        return None;
    }
    if let Some(kind) = lookup(NAMES, words) {
        return Some(kind);
    }
    let free = matches!(inside, Kind::Opening | Kind::Other | Kind::Summary | Kind::Stats | Kind::People | Kind::Timeline);
    if free && let Some(kind) = lookup(WEAK_NAMES, words) {
        return Some(kind);
    }
    let list: Vec<&str> = words.split(' ').collect();
    let has = |names: &[&str]| list.iter().any(|w| names.contains(w));
    if list.len() <= 4 && has(&["attendees", "participants"]) {
        return Some(Kind::People);
    }
    if list.first() == Some(&"timeline") || (list.len() <= 4 && list.last() == Some(&"timeline")) {
        return Some(Kind::Timeline);
    }
    if list.len() <= 6
        && has(&["corrective", "preventative", "preventive"])
        && has(&["measure", "measures", "action", "actions", "steps"])
    {
        return Some(Kind::Actions);
    }
    let asks = has(&["how", "when", "who", "time", "found", "finding", "no"]);
    if free && list.len() <= 4 && !asks && has(&["cause", "causes", "caused", "factors"]) {
        return Some(Kind::Factors);
    }
    misspelt(words)
}

fn lookup(names: &[(Kind, &str)], words: &str) -> Option<Kind> {
    names.iter().find(|(_, list)| phrases(list).any(|name| name == words)).map(|(kind, _)| *kind)
}

/// "Atendees", "Lesons Learned", "Timline": long names with a letter or two wrong.
fn misspelt(words: &str) -> Option<Kind> {
    if words.chars().count() > 30 || is_other(words) {
        return None;
    }
    NAMES.iter().find_map(|(kind, list)| {
        phrases(list)
            .any(|name| {
                let allowed = if name.len() >= 9 { 2 } else { 1 };
                name.len() >= 7 && words.len().abs_diff(name.len()) <= allowed && distance(words, name) <= allowed
            })
            .then_some(*kind)
    })
}

/// Letters to change, add or take away to make one word of another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let changed = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Whether a heading is that of a section that we know and keep as it is.
pub(crate) fn is_other(words: &str) -> bool {
    phrases(OTHER).any(|name| name == words)
}

/// "What went well", "What went wrong", "Where we got lucky".
pub(crate) fn is_how_it_went(heading: &str) -> bool {
    const NAMES: &str = "\
        what went well, what went right, what went wrong, what went poorly, what went badly, what didnt go well, \
        what did not go well, what could have gone better, what could be improved, what worked, what worked well, what didnt work, \
        where we got lucky, where were we lucky, got lucky, we got lucky, what was lucky, lucky, luck, went well, went wrong";
    let words = plain_words(heading);
    phrases(NAMES).any(|name| name == words)
}

/// Of those, the ones about what went well.
pub(crate) fn is_what_went_well(heading: &str) -> bool {
    let words = plain_words(heading);
    phrases("what went well, what went right, what worked, what worked well, went well").any(|name| name == words)
}

/// Whether the words of a heading are exactly a name that means a kind wherever it stands.
pub(crate) fn is_name(words: &str) -> bool {
    lookup(NAMES, words).is_some()
}
