//! What one card of a question holds, where a question has several, and what can be ticked at question 11.

use super::AnswerBody;
use super::entries::{EntryField, EntryShape, FieldKind};

/// Roles that somebody may have had: (value, label). Several are fine, and roles change.
pub const ROLES: &[(&str, &str)] = &[
    ("detected", "Noticed it"),
    ("responder", "First responder"),
    ("lead", "Kept the response together"),
    ("expert", "Knew the part"),
    ("communicator", "Kept others informed"),
    ("support", "Spoke with customers"),
    ("change-author", "Made a change that took part"),
    ("observer", "Looked on"),
    ("affected", "Was affected by it"),
    ("newcomer", "New to this"),
    ("other", "Something else"),
];

/// The roles that an answer to question 1 tells, in words and in its order, each once.
pub fn roles_told(body: &AnswerBody) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    // Said instead of words: what was typed before stays its author's.
    let held = body.entries.iter().filter(|_| body.instead.is_none()).map(|entry| entry.value("role"));
    for label in held.filter_map(|role| ROLES.iter().find(|(value, _)| *value == role)).map(|(_, label)| (*label).to_owned()) {
        if !told.contains(&label) {
            told.push(label);
        }
    }
    told
}

pub(super) const ROLES_HELD: EntryShape = EntryShape {
    one: "role",
    fields: [
        Some(EntryField { key: "role", label: "Role", told: "", kind: FieldKind::Pick(ROLES) }),
        Some(EntryField { key: "from", label: "From about", told: "from", kind: FieldKind::Line }),
        Some(EntryField { key: "until", label: "Until about", told: "until", kind: FieldKind::Line }),
    ],
};

pub(super) const SURPRISES: EntryShape = EntryShape {
    one: "surprise",
    fields: [
        Some(EntryField { key: "expected", label: "What you expected", told: "Expected:", kind: FieldKind::Words }),
        Some(EntryField { key: "saw", label: "What you saw", told: "Saw:", kind: FieldKind::Words }),
        None,
    ],
};

pub(super) const GOOD: EntryShape = EntryShape {
    one: "action",
    fields: [
        Some(EntryField { key: "what", label: "What somebody did", told: "", kind: FieldKind::Words }),
        Some(EntryField {
            key: "thanks-to",
            label: "What made it possible",
            told: "thanks to",
            kind: FieldKind::Pick(&[
                ("skill", "Skill"),
                ("tool", "A tool"),
                ("people", "A person or team"),
                ("preparation", "Preparation"),
                ("communication", "Communication"),
                ("luck", "Luck"),
            ]),
        }),
        None,
    ],
};

pub(super) const HARD: EntryShape = EntryShape {
    one: "hard part",
    fields: [
        Some(EntryField { key: "what", label: "What was hard", told: "", kind: FieldKind::Words }),
        Some(EntryField {
            key: "area",
            label: "Where it was hard",
            told: "",
            kind: FieldKind::Pick(&[
                ("detection", "Noticing"),
                ("diagnosis", "Finding out"),
                ("access", "Access"),
                ("tooling", "Tools"),
                ("communication", "Communication"),
                ("coordination", "Working together"),
                ("decision", "Deciding"),
                ("hand-over", "Handing over"),
                ("hours", "The hour of the day"),
            ]),
        }),
        Some(EntryField {
            key: "often",
            label: "How often it is like that",
            told: "",
            kind: FieldKind::Pick(&[("first", "For the first time"), ("sometimes", "Sometimes"), ("usual", "Usually")]),
        }),
    ],
};

pub(super) const LEARNED: EntryShape = EntryShape {
    one: "thing learned",
    fields: [
        Some(EntryField { key: "before", label: "Before, I thought", told: "Before, I thought:", kind: FieldKind::Words }),
        Some(EntryField { key: "now", label: "Now I know", told: "Now I know:", kind: FieldKind::Words }),
        None,
    ],
};

pub(super) const TOOLS: EntryShape = EntryShape {
    one: "tool or page",
    fields: [
        Some(EntryField { key: "tool", label: "Tool, graph or page", told: "", kind: FieldKind::Line }),
        Some(EntryField {
            key: "how",
            label: "How it served you",
            told: "",
            kind: FieldKind::Pick(&[
                ("served", "Served me well"),
                ("misled", "Misled me"),
                ("missing", "Was missing"),
                ("mistrusted", "I did not trust it"),
            ]),
        }),
        Some(EntryField { key: "note", label: "In what way", told: "", kind: FieldKind::Line }),
    ],
};

/// What one may tick of oneself at question 11; nobody else ever sees it.
pub(super) const CARE: &[(&str, &str)] = &[
    ("breaks", "Took breaks"),
    ("ate", "Ate and drank"),
    ("slept", "Slept enough afterwards"),
    ("handed-over", "Handed over"),
    ("told", "Told somebody how it was"),
    ("none", "None of these"),
];
