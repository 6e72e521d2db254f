//! How a change is told: who did what to which thing, and its fields under the names that the forms give them.

use chrono_tz::Tz;
use domain::history::{Change, Fields, ObjectKind, time};
use domain::incidents::{Nature, Severity};
use domain::learnings::{Confidence, FactorState, KnownBefore, LearningKind, LearningStatus, Phase, Role, Usual};
use domain::reviews::SectionKind;
use domain::timeline::hypothesis::HypothesisState;
use domain::timeline::{EventKind, Placement, Precision};
use domain::vocabulary::{Tag, Vocabulary};
use domain::walltime;
use store::history::Line;

/// What happened, as it stands between who and which.
pub(super) fn verb(line: &Line) -> &'static str {
    match (line.change, line.before.is_some() || line.withheld) {
        (Change::Added, _) => "added",
        (Change::Changed, _) => "changed",
        (Change::Deleted, _) if line.kind == ObjectKind::Incident => "split another incident off",
        (Change::Deleted, _) => "took out",
        (Change::Restored, true) => "put back an earlier version of",
        (Change::Restored, false) => "brought back",
        (Change::Imported, _) => "imported",
        (Change::Merged, _) => "merged another incident into",
    }
}

/// Which thing.
pub(super) fn thing(line: &Line) -> String {
    match line.kind {
        ObjectKind::Incident if !matches!(line.change, Change::Changed | Change::Restored) => "this incident".to_owned(),
        ObjectKind::Incident => "what the incident says of itself".to_owned(),
        ObjectKind::Event => "an event".to_owned(),
        ObjectKind::Section => {
            let title = SectionKind::from_slug(&line.object).map_or("", SectionKind::title);
            format!("the section “{title}”")
        }
        ObjectKind::Hypothesis => "a hypothesis".to_owned(),
        ObjectKind::Factor => "a factor".to_owned(),
        ObjectKind::Learning => "a learning".to_owned(),
    }
}

/// The fields of a kind in the order in which they are read, with their names; ids are not read.
fn names(kind: ObjectKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ObjectKind::Incident => &[
            ("title", "Title"),
            ("severity", "Severity"),
            ("nature", "What it was"),
            ("started_at", "Start"),
            ("detected_at", "Noticed"),
            ("declared_at", "Declared"),
            ("mitigated_at", "Mitigated"),
            ("resolved_at", "End"),
            ("zone", "Time zone"),
            ("team", "Team"),
            ("services", "Services"),
            ("summary", "Summary"),
            ("merged", "The other one"),
        ],
        ObjectKind::Event => &[
            ("at", "Time"),
            ("ends_at", "Until"),
            ("precision", "How well the time is known"),
            ("zone", "Time zone"),
            ("as_written", "Time as written"),
            ("kind", "Kind"),
            ("body", "What happened"),
            ("role", "Role of who acted"),
            ("placement", "What became of it"),
            ("settled_at", "Since"),
            ("recorded_at", "Time in the record"),
            ("learned_later", "Learned later"),
            ("question", "To ask"),
            ("sources", "Shown in"),
            ("flag", "To look at again"),
        ],
        ObjectKind::Hypothesis => &[
            ("body", "What people thought"),
            ("state", "How far it came"),
            ("raised_at", "Raised"),
            ("settled_at", "Settled"),
            ("spoke_for", "Spoke for it"),
            ("spoke_against", "Spoke against it"),
        ],
        ObjectKind::Section => &[("body", "Text")],
        ObjectKind::Factor => &[
            ("body", "In words"),
            // From before there were several tags.
            ("category", "Tags"),
            ("tags", "Tags"),
            ("role", "Part that it played"),
            ("phase", "When it mattered"),
            ("known", "Known before"),
            ("usual", "How usual"),
            ("confidence", "How well it is known"),
            ("state", "Where the group stands"),
            ("other_view", "Another view"),
            ("evidence", "What shows it"),
        ],
        ObjectKind::Learning => &[
            ("kind", "Kind"),
            ("body", "What is known now"),
            ("before", "Thought before"),
            ("worded_as_plan", "Worded as a plan in its document"),
            ("evidence", "What shows it"),
            ("teams", "Who should know"),
            ("status", "Does it hold?"),
            ("reason", "Why, or what holds now"),
            ("replaced_by", "Learning in its place"),
        ],
    }
}

/// A field that says something else than before.
pub(super) struct Differs {
    pub(super) name: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

/// The fields that differ; of a new or deleted thing those that say anything.
pub(super) fn differing(kind: ObjectKind, before: Option<&Fields>, after: Option<&Fields>, tags: &Vocabulary) -> Vec<Differs> {
    let said = |fields: Option<&Fields>, name: &str| fields.map(|f| value(kind, f, name, tags)).unwrap_or_default();
    let whole = before.is_none() || after.is_none();
    names(kind)
        .iter()
        // Of a whole thing these say nothing that its time does not say.
        .filter(|(field, _)| !whole || !matches!(*field, "precision" | "zone"))
        .map(|(field, name)| Differs { name, before: said(before, field), after: said(after, field) })
        .filter(|d| d.before != d.after)
        .collect()
}

/// A field's value in words.
fn value(kind: ObjectKind, fields: &Fields, name: &str, tags: &Vocabulary) -> String {
    let Some(raw) = fields.get(name) else { return String::new() };
    let zone: Tz = fields.get("zone").and_then(|z| walltime::parse_zone(z).ok()).unwrap_or(chrono_tz::UTC);
    let label = match (kind, name) {
        (
            _,
            "at" | "ends_at" | "started_at" | "detected_at" | "declared_at" | "mitigated_at" | "resolved_at" | "recorded_at"
            | "settled_at" | "raised_at",
        ) => {
            return time(fields, name).map_or_else(|| raw.clone(), |at| walltime::absolute(at, zone));
        }
        (_, "precision") => Precision::from_slug(raw).map(|p| match p {
            Precision::Exact => "Exactly",
            Precision::About => "About",
            Precision::Date => "The day alone",
            Precision::None => "Not known",
        }),
        (ObjectKind::Incident, "nature") => Some(Nature::from_slug(raw).label()),
        (ObjectKind::Incident, "severity") => raw.parse().ok().and_then(Severity::from_number).map(Severity::label),
        (ObjectKind::Event, "kind") => EventKind::from_slug(raw).map(EventKind::label),
        (ObjectKind::Event, "placement") => Placement::from_slug(raw).map(Placement::label),
        (ObjectKind::Event, "learned_later") => Some("Yes"),
        (ObjectKind::Hypothesis, "state") => HypothesisState::from_slug(raw).map(HypothesisState::label),
        (ObjectKind::Factor, "category" | "tags") => {
            let names = raw.split(',').filter_map(Tag::parse).map(|tag| tags.name(&tag).to_owned());
            return names.collect::<Vec<_>>().join(", ");
        }
        (ObjectKind::Factor, "role") => Role::from_slug(raw).map(Role::label),
        (ObjectKind::Factor, "phase") => Phase::from_slug(raw).map(Phase::label),
        (ObjectKind::Factor, "known") => KnownBefore::from_slug(raw).map(KnownBefore::label),
        (ObjectKind::Factor, "usual") => Usual::from_slug(raw).map(Usual::label),
        (ObjectKind::Factor, "confidence") => Confidence::from_slug(raw).map(Confidence::label),
        (ObjectKind::Factor, "state") => FactorState::from_slug(raw).map(FactorState::label),
        (ObjectKind::Learning, "kind") => LearningKind::from_slug(raw).map(LearningKind::label),
        (ObjectKind::Learning, "status") => LearningStatus::from_slug(raw).map(LearningStatus::label),
        (ObjectKind::Learning, "worded_as_plan") => Some("Yes"),
        _ => None,
    };
    label.map_or_else(|| raw.clone(), str::to_owned)
}
