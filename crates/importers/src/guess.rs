//! Modest guesses from words: kinds of events, factors and learnings. Where nothing is plain, nothing is guessed.

use crate::lists::plain_words;
use crate::wordlists::phrases;
use domain::learnings::{FactorCategory, LearningKind};
use domain::timeline::EventKind;

/// Whether one of the phrases stands in the text as whole words. A phrase that ends in `*` may go on.
pub(crate) fn says(words: &str, list: &str) -> bool {
    let padded = format!(" {words} ");
    phrases(list).any(|phrase| match phrase.strip_suffix('*') {
        Some(stem) => padded.contains(&format!(" {stem}")),
        None => padded.contains(&format!(" {phrase} ")),
    })
}

fn words_of(body: &str) -> String {
    plain_words(&body.replace(['(', ')', '[', ']'], " "))
}

/// "not fully operational", "never resolved": the words after a denial say nothing.
fn without_denials(words: &str) -> String {
    let mut skip = 0usize;
    let kept = words.split(' ').filter(|word| {
        if matches!(*word, "not" | "never" | "without" | "isnt" | "wasnt" | "cannot") {
            skip = 3;
        }
        skip = skip.saturating_sub(1);
        skip == 0
    });
    kept.collect::<Vec<_>>().join(" ")
}

/// A kind where the words make it plain, else a note.
pub(crate) fn event_kind(body: &str) -> EventKind {
    let words = without_denials(&words_of(body));
    let kinds: [(EventKind, &str); 4] = [
        (
            EventKind::Recovery,
            "\
                resolved, recovered, recovers, restored, operational, back to normal, working again, all healthy, \
                permanently fixed, all clear",
        ),
        (
            EventKind::Mitigation,
            "\
                rolled back, roll back, rollback, reverted, reverting, restarted, restarting, mitigated, failed over, \
                scaled up, manual fix, downgraded",
        ),
        (
            EventKind::Detection,
            "\
                alert, alerts, alerted, alarm, reported, reports, reporting, detected, detects, noticed, notices, paged, \
                first report",
        ),
        (
            EventKind::Change,
            "\
                deployed, deploys, upgraded, upgrade, released, rolled out, rollout, merged, applied, migrated, \
                migration started, updated",
        ),
    ];
    kinds.iter().find(|(_, phrases)| says(&words, phrases)).map_or(EventKind::Note, |(kind, _)| *kind)
}

/// A category where the words make it plain.
pub(crate) fn factor_category(body: &str) -> FactorCategory {
    use FactorCategory as C;
    let words = words_of(body);
    let categories: [(C, &str); 14] = [
        (C::AccessAndExpiry, "certificate*, expired, expiry, expiration, privilege*, permission*, credential*"),
        (C::MissingDocumentation, "documentation, documented, undocumented, runbook*, playbook*, release notes"),
        (C::Alerting, "alert*, alarm*, paging, on call page"),
        (C::Observability, "monitoring, monitored, dashboard*, observability, visibility, logs, metrics"),
        (C::Testing, "test, tests, tested, testing, smoketest*, qa, sandbox*"),
        (C::Capacity, "capacity, memory, starvation, exhaust*, disk space, disk full, overload*, out of ip"),
        (C::KnowledgeConcentration, "knowledge, only one person, single staff member"),
        (C::Communication, "communicat*, announce*, not informed, not told"),
        (C::Ownership, "ownership, nobody owned, no owner, responsib*"),
        (C::TechDebt, "technical debt, tech debt, legacy, deprecat*, outdated"),
        (C::MissingAutomation, "manually, by hand, not automated, automation, hands on"),
        (C::Dependency, "dependency, dependencies, depend on, depends on, third party, vendor*, upstream"),
        (C::ConfigurationChange, "configuration, misconfigur*, configured, config"),
        (C::LatentDefect, "bug, bugs, race condition, memory leak"),
    ];
    categories.iter().find(|(_, phrases)| says(&words, phrases)).map_or(C::Unsorted, |(category, _)| *category)
}

/// System when nothing tells.
pub(crate) fn learning_kind(body: &str) -> LearningKind {
    let words = words_of(body);
    if says(
        &words,
        "\
            process*, procedure*, checklist*, runbook*, playbook*, review*, release notes, maintenance window*, war room*, \
            incident manager*, log book",
    ) {
        LearningKind::Process
    } else if says(
        &words,
        "people, knowledge, training, communicat*, staff*, colleague*, expertise, on call, team, teams, everyone",
    ) {
        LearningKind::People
    } else {
        LearningKind::System
    }
}
