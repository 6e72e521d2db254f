//! What an organisation calls the four severities. The levels themselves stay fixed; names and meanings are its own.

use crate::incidents::Severity;
use crate::{Invalid, text};

/// Longest name of a severity, in characters: it stands in rows and heads.
pub const NAME_MAX: usize = 16;
/// Longest meaning, in characters: one line beside a choice.
pub const MEANING_MAX: usize = 100;

/// Name and meaning of one level.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Words {
    /// What people call it.
    pub name: String,
    /// What it means, in one line.
    pub means: String,
}

/// The words of all levels, gravest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Severities([Words; 4]);

impl Default for Severities {
    fn default() -> Self {
        const MEANS: [&str; 4] = [
            "nearly everyone, or data at risk",
            "many people, or something that matters much",
            "some people, or a nuisance",
            "hardly anyone, or a near miss",
        ];
        Self(Severity::ALL.map(|s| Words { name: s.label().to_owned(), means: MEANS[s as usize].to_owned() }))
    }
}

impl Severities {
    /// From words that are known to be good; what is missing keeps its default.
    pub fn with(mut self, severity: Severity, name: Option<String>, means: Option<String>) -> Self {
        let words = &mut self.0[severity as usize];
        words.name = name.unwrap_or_else(|| std::mem::take(&mut words.name));
        words.means = means.unwrap_or_else(|| std::mem::take(&mut words.means));
        self
    }

    /// The words of a level.
    pub fn of(&self, severity: Severity) -> &Words {
        &self.0[severity as usize]
    }

    /// What a level is called.
    pub fn name(&self, severity: Severity) -> &str {
        &self.of(severity).name
    }

    /// Reads a form with a name and a meaning for each level. A field that is left empty goes back to the default.
    ///
    /// # Errors
    /// Fields `name_1` to `name_4` (too long, or two of one name) and `means_1` to `means_4`.
    pub fn parse(typed: &[(String, String); 4]) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let mut read = Self::default();
        for (severity, (name, means)) in Severity::ALL.into_iter().zip(typed) {
            let number = severity.number();
            let name = invalid.take(text::optional_line(&format!("name_{number}"), name, NAME_MAX)).filter(|n| !n.is_empty());
            let means =
                invalid.take(text::optional_line(&format!("means_{number}"), means, MEANING_MAX)).filter(|m| !m.is_empty());
            read = read.with(severity, name, means);
        }
        for (n, words) in read.0.iter().enumerate() {
            if read.0[..n].iter().any(|before| text::fold(&before.name) == text::fold(&words.name)) {
                invalid.add(&format!("name_{}", n + 1), "Another level has this name already.");
            }
        }
        invalid.or_ok()?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(names: [&str; 4]) -> [(String, String); 4] {
        names.map(|n| (n.to_owned(), String::new()))
    }

    #[test]
    fn names_are_the_organisations_own_and_empty_ones_go_back() {
        let read = Severities::parse(&typed(["Critical", "Major", " ", "P4"])).unwrap();
        assert_eq!(Severity::ALL.map(|s| read.name(s).to_owned()), ["Critical", "Major", "SEV3", "P4"]);
        assert_eq!(read.of(Severity::Sev1).means, Severities::default().of(Severity::Sev1).means);
    }

    #[test]
    fn two_levels_never_share_a_name() {
        let refused = Severities::parse(&typed(["Major", "major", "", ""])).unwrap_err();
        assert!(refused.message("name_2").is_some());
        // Also not with a default that another one keeps.
        assert!(Severities::parse(&typed(["", "", "", "sev1"])).unwrap_err().message("name_4").is_some());
        assert!(Severities::parse(&typed(["A name that is far too long", "", "", ""])).unwrap_err().message("name_1").is_some());
    }
}
