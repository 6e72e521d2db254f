//! What administrators choose for the pulse: whether it is asked, what for, its objectives, and whom people can turn to.

use super::items::Item;
use crate::{Invalid, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Objectives: for an item, the percent of good answers that is meant to be reached.
pub type Goals = BTreeMap<Item, u32>;

/// Objectives that can be chosen, percent. Multiples of five, as shares are told.
pub const GOALS: std::ops::RangeInclusive<u32> = 50..=95;
/// Most places to turn to.
pub const HELP_MAX: usize = 8;
const NAME_MAX: usize = 80;
const HOW_MAX: usize = 200;
const LINK_MAX: usize = 300;
const PURPOSE_MAX: usize = 500;
/// What an address may begin with: nothing that runs.
const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "tel:"];

/// Somewhere to turn to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpResource {
    /// What it is.
    pub name: String,
    /// How to reach it: a number, a room, hours. May be empty.
    pub how: String,
    /// An address. May be empty.
    pub link: String,
}

/// All that is chosen. The default: off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// It is asked.
    pub on: bool,
    /// What for, shown to everybody who is asked.
    pub purpose: String,
    /// Objectives.
    pub goals: Goals,
    /// Whom people can turn to; shown whether the pulse is on or not.
    pub help: Vec<HelpResource>,
}

impl Chosen {
    /// Reads what was typed: whether it is on, its purpose, a percent or nothing for each item, and lines of name, how and link, of which
    /// empty ones go.
    ///
    /// # Errors
    /// Field `purpose` where it is on without one; `goal-SLUG`; `name-N`, `how-N`, `link-N` from 0.
    pub fn parse<'a>(
        on: bool,
        purpose: &str,
        goals: impl IntoIterator<Item = (Item, &'a str)>,
        help: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
    ) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let purpose = invalid.take(text::optional_line("purpose", purpose, PURPOSE_MAX)).unwrap_or_default();
        if on && purpose.is_empty() && invalid.message("purpose").is_none() {
            invalid.add("purpose", "Please say what it is for: everybody who is asked reads this.");
        }
        let mut chosen = Self { on, purpose, ..Self::default() };
        for (item, typed) in goals.into_iter().filter(|(_, typed)| !typed.trim().is_empty()) {
            match typed.trim().parse::<u32>() {
                Ok(goal) if GOALS.contains(&goal) && goal % 5 == 0 => {
                    chosen.goals.insert(item, goal);
                }
                _ => {
                    invalid.add(&format!("goal-{}", item.slug()), "Please choose 50 to 95 percent, in fives, or leave it empty.")
                }
            }
        }
        let lines = help.into_iter().take(HELP_MAX).enumerate();
        for (n, (name, how, link)) in
            lines.filter(|(_, (name, how, link))| ![name, how, link].iter().all(|t| t.trim().is_empty()))
        {
            let name = invalid.take(text::line(&format!("name-{n}"), name, NAME_MAX));
            let how = invalid.take(text::optional_line(&format!("how-{n}"), how, HOW_MAX));
            let link = invalid.take(address(&format!("link-{n}"), link));
            if let (Some(name), Some(how), Some(link)) = (name, how, link) {
                chosen.help.push(HelpResource { name, how, link });
            }
        }
        invalid.or_ok()?;
        Ok(chosen)
    }
}

fn address(field: &str, typed: &str) -> Result<String, Invalid> {
    let link = text::optional_line(field, typed, LINK_MAX)?;
    let known = SCHEMES.iter().any(|scheme| link.to_ascii_lowercase().starts_with(scheme));
    if !link.is_empty() && (!known || link.contains(' ')) {
        return Err(Invalid::one(field, "Please begin with https://, mailto: or tel:, or leave it empty."));
    }
    Ok(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(on: bool, purpose: &str, goal: &str, help: [&str; 3]) -> Result<Chosen, Invalid> {
        Chosen::parse(on, purpose, [(Item::Sleep, goal)], [(help[0], help[1], help[2]), ("", " ", "")])
    }

    #[test]
    fn nobody_is_asked_without_being_told_what_for() {
        assert!(parse(true, " ", "", [""; 3]).unwrap_err().message("purpose").is_some());
        assert_eq!(parse(false, "", "", [""; 3]), Ok(Chosen::default()));
        let chosen = parse(true, "To see whether our rotas let people sleep.", "80", ["Betty", "", ""]).unwrap();
        assert!(chosen.on && chosen.goals == Goals::from([(Item::Sleep, 80)]) && chosen.help.len() == 1);
    }

    #[test]
    fn objectives_are_told_in_the_steps_that_shares_are_told_in() {
        for wrong in ["45", "100", "82", "x", "-5"] {
            assert!(parse(false, "", wrong, [""; 3]).unwrap_err().message("goal-sleep").is_some(), "{wrong}");
        }
    }

    #[test]
    fn an_address_runs_nothing() {
        for link in ["", "https://help.example", "mailto:a@b.example", "tel:+49123", "HTTPS://X.example"] {
            assert!(parse(false, "", "", ["Betty", "", link]).is_ok(), "{link}");
        }
        for link in ["javascript:alert(1)", "data:text/html,x", "help.example", "//help.example", "https://a b"] {
            assert!(parse(false, "", "", ["Betty", "", link]).unwrap_err().message("link-0").is_some(), "{link}");
        }
        assert!(parse(false, "", "", ["", "by phone", ""]).unwrap_err().message("name-0").is_some());
    }
}
