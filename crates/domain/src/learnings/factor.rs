//! What is known of a contributing factor besides its sentence and its tags. Everything here may stay open: a sentence is enough.
//! Source: research/practice.md 4.1. There is no weight, no share and no order, and no place for a person.

use crate::timeline::details::is_web_address;
use crate::{Invalid, text};

/// Most lines of evidence of one factor.
pub const EVIDENCE_MAX: usize = 20;
/// Longest line of evidence, in bytes.
const LINE_MAX: usize = 2000;

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$means:meta])* $variant:ident $slug:literal $label:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$means])* $variant,)*
        }

        impl $name {
            /// All, in the order in which forms offer them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As stored and in forms.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// From [`slug`](Self::slug).
            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.slug() == slug)
            }

            /// On screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

choice! {
    /// The part that it played.
    Role {
        /// Had to be there for this to happen.
        Contributor "contributor" "Took part in it",
        /// Made room for it.
        Enabler "enabler" "Made room for it",
        /// Kept it smaller, or shortened it.
        Mitigator "mitigator" "Helped: made it smaller or shorter",
        /// Seen on the way; took no part this time.
        Risk "risk" "A risk that was seen on the way",
        /// Made it harder to deal with.
        Difficulty "difficulty" "Made it harder to deal with",
        /// Could as well have been otherwise.
        Luck "luck" "Luck, good or bad",
    }
}

choice! {
    /// When it mattered.
    Phase {
        /// Before anybody noticed.
        Before "before" "Before it began",
        /// Noticing.
        Detection "detection" "Noticing it",
        /// Finding out.
        Diagnosis "diagnosis" "Finding out",
        /// Mending.
        Repair "repair" "Mending it",
        /// Coming back to normal.
        Recovery "recovery" "Coming back to normal",
        /// Passing word on.
        Communication "communication" "Passing word on",
    }
}

choice! {
    /// Whether it was known before the incident.
    KnownBefore {
        /// Nobody knew.
        Nobody "no" "Nobody knew",
        /// Somebody knew.
        Somebody "somebody" "Somebody knew",
        /// It was written down somewhere.
        Written "written" "It was written down",
    }
}

choice! {
    /// How usual it is.
    Usual {
        /// The first time that anybody met it.
        First "first" "The first time",
        /// It happens.
        Sometimes "sometimes" "It happens sometimes",
        /// It is how things are.
        Normal "normal" "It is the normal state",
    }
}

choice! {
    /// How well it is known.
    Confidence {
        /// Data shows it.
        Data "data" "Seen in data",
        /// Several tell of it.
        Several "several" "Told by several",
        /// One tells of it.
        One "one" "Told by one",
        /// Nobody knows for certain.
        Guess "guess" "A guess",
    }
}

choice! {
    /// Where the group stands with it.
    FactorState {
        /// Somebody thinks so.
        Proposed "proposed" "Proposed",
        /// The group thinks so.
        Agreed "agreed" "Agreed",
        /// People see it in different ways: both views stay.
        Disputed "disputed" "Seen in different ways",
    }
}

/// A factor that somebody looks for by the part that it played, or by how usual it is. The slugs of both are different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marked {
    /// By the part that it played.
    As(Role),
    /// By how usual it is.
    Usually(Usual),
}

impl Marked {
    /// As in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::As(role) => role.slug(),
            Self::Usually(usual) => usual.slug(),
        }
    }

    /// From [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Role::from_slug(slug).map(Self::As).or_else(|| Usual::from_slug(slug).map(Self::Usually))
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::As(role) => role.label(),
            Self::Usually(usual) => usual.label(),
        }
    }
}

/// What is known of a factor besides its sentence and its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorDetails {
    /// The part that it played.
    pub role: Role,
    /// When it mattered.
    pub phase: Option<Phase>,
    /// Whether it was known before.
    pub known: Option<KnownBefore>,
    /// How usual it is.
    pub usual: Option<Usual>,
    /// How well it is known.
    pub confidence: Option<Confidence>,
    /// Where the group stands with it.
    pub state: FactorState,
    /// How others see it, Markdown; may be empty.
    pub other_view: String,
    /// Addresses that show it: of this site (`/incidents/…`) or of the web.
    pub evidence: Vec<String>,
}

impl Default for FactorDetails {
    fn default() -> Self {
        Self {
            role: Role::Contributor,
            phase: None,
            known: None,
            usual: None,
            confidence: None,
            state: FactorState::Proposed,
            other_view: String::new(),
            evidence: Vec::new(),
        }
    }
}

/// Reads evidence as typed: one address a line, of this site or of the web.
///
/// # Errors
/// Field `evidence`, with the line that is no address, or when there are too many.
pub fn read_evidence(typed: &str) -> Result<Vec<String>, Invalid> {
    let typed = text::long("evidence", typed)?;
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > EVIDENCE_MAX {
        return Err(Invalid::one("evidence", format!("Please choose at most {EVIDENCE_MAX} addresses.")));
    }
    match lines.iter().find(|line| !is_address(line)) {
        Some(line) => {
            let line: String = line.chars().take(60).collect();
            Err(Invalid::one(
                "evidence",
                format!("“{line}” is no address. Those of the web begin with https://, those here with /incidents/."),
            ))
        }
        None => Ok(lines.into_iter().map(str::to_owned).collect()),
    }
}

fn is_address(line: &str) -> bool {
    let here = line.starts_with("/incidents/") && line.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    line.len() <= LINE_MAX && (here || is_web_address(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_reads_back_from_its_slug() {
        assert!(Role::ALL.iter().all(|r| Role::from_slug(r.slug()) == Some(*r)));
        assert!(Phase::ALL.iter().all(|p| Phase::from_slug(p.slug()) == Some(*p)));
        assert!(KnownBefore::ALL.iter().all(|k| KnownBefore::from_slug(k.slug()) == Some(*k)));
        assert!(Usual::ALL.iter().all(|u| Usual::from_slug(u.slug()) == Some(*u)));
        assert!(Confidence::ALL.iter().all(|c| Confidence::from_slug(c.slug()) == Some(*c)));
        assert!(FactorState::ALL.iter().all(|s| FactorState::from_slug(s.slug()) == Some(*s)));
        assert_eq!(Role::from_slug("cause"), None);
        let marks = Role::ALL.iter().copied().map(Marked::As).chain(Usual::ALL.iter().copied().map(Marked::Usually));
        assert!(marks.into_iter().all(|mark| Marked::from_slug(mark.slug()) == Some(mark)), "no slug stands in both");
    }

    #[test]
    fn evidence_is_an_address_a_line() {
        let typed = " https://graphs.example/q?x=1 \n\n/incidents/INC-4#e-1\n";
        assert_eq!(read_evidence(typed).unwrap(), ["https://graphs.example/q?x=1", "/incidents/INC-4#e-1"]);
        assert!(read_evidence("").unwrap().is_empty());
        for wrong in ["javascript:alert(1)", "//evil.example", "/trends", "the graph", "/incidents/ x", "/incidents/\\x"] {
            let refused = read_evidence(wrong).unwrap_err();
            assert!(refused.message("evidence").is_some(), "{wrong}");
        }
        assert!(read_evidence(&"https://a.example\n".repeat(EVIDENCE_MAX + 1)).is_err());
    }
}
