//! Which rules of the catalogue speak, as an organisation chose it: whole groups and single rules off, and on what is silent otherwise.

use crate::RULES;
use crate::rules::{Group, Rule};
use std::collections::BTreeSet;

/// What was switched. The default: the catalogue as it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    groups_off: BTreeSet<Group>,
    off: BTreeSet<String>,
    on: BTreeSet<String>,
}

impl Switches {
    /// From what is ticked on a page that shows all groups and all rules. Names that are in no catalogue say nothing.
    pub fn ticked(groups: &[String], rules: &[String]) -> Self {
        let ticked = |id: &str| rules.iter().any(|ticked| ticked == id);
        let ids = |wanted: &dyn Fn(&Rule) -> bool| {
            RULES.iter().filter(|rule| wanted(rule)).map(|rule| rule.id.to_string()).collect::<BTreeSet<_>>()
        };
        Self {
            groups_off: Group::CATALOGUE
                .into_iter()
                .filter(|group| !groups.iter().any(|ticked| ticked == group.letter()))
                .collect(),
            off: ids(&|rule| rule.default_on && !ticked(&rule.id)),
            on: ids(&|rule| !rule.default_on && ticked(&rule.id)),
        }
    }

    /// From words as [`Switches::written`] makes them: `-G` and `-B1` are off, `+C13` is on. What is in no catalogue (any more) says nothing.
    pub fn read(written: &str) -> Self {
        let mut switches = Self::default();
        for word in written.split_whitespace() {
            let (sign, name) = word.split_at_checked(1).unwrap_or_default();
            let rule = RULES.iter().find(|rule| rule.id == name);
            match (sign, Group::CATALOGUE.into_iter().find(|group| group.letter() == name), rule) {
                ("-", Some(group), _) => _ = switches.groups_off.insert(group),
                ("-", _, Some(_)) => _ = switches.off.insert(name.to_owned()),
                ("+", _, Some(_)) => _ = switches.on.insert(name.to_owned()),
                _ => {}
            }
        }
        switches
    }

    /// In words, to be kept.
    pub fn written(&self) -> String {
        let groups = self.groups_off.iter().map(|group| format!("-{}", group.letter()));
        let off = self.off.iter().map(|id| format!("-{id}"));
        let on = self.on.iter().map(|id| format!("+{id}"));
        groups.chain(off).chain(on).collect::<Vec<_>>().join(" ")
    }

    /// Whether this group may speak at all.
    pub fn has_group(&self, group: Group) -> bool {
        !self.groups_off.contains(&group)
    }

    /// Whether this rule is on, wherever its group is.
    pub fn has_rule(&self, rule: &Rule) -> bool {
        let id = rule.id.as_ref();
        !self.off.contains(id) && (rule.default_on || self.on.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assistant, Place};

    #[test]
    fn what_is_chosen_is_read_as_it_was_written() {
        for (given, kept) in [("", ""), ("-G -B1 +C13", "-G -B1 +C13"), ("-Z9 +G x -é - -B1", "-B1")] {
            assert_eq!(Switches::read(given).written(), kept, "{given:?}");
        }
    }

    #[test]
    fn ticks_become_switches() {
        let all = |wanted: &dyn Fn(&Rule) -> bool| -> Vec<String> {
            RULES.iter().filter(|rule| wanted(rule)).map(|rule| rule.id.to_string()).collect()
        };
        let groups: Vec<String> = Group::CATALOGUE.into_iter().map(|group| group.letter().to_owned()).collect();
        assert_eq!(Switches::ticked(&groups, &all(&|rule| rule.default_on)), Switches::default());
        let some: Vec<String> = groups.into_iter().filter(|letter| letter != "K").collect();
        assert_eq!(Switches::ticked(&some, &all(&|rule| rule.id != "B1")).written(), "-K -B1 +C13 +D9 +H2");
    }

    #[test]
    fn what_is_off_is_silent() {
        let text = "We should have noticed. A major outage began.";
        let found = |written: &str| -> Vec<String> {
            let assistant = Assistant { switches: Switches::read(written), ..Assistant::default() };
            assistant.check(text, Place::Review).iter().map(|hint| hint.rule.id.to_string()).collect()
        };
        assert!(found("").iter().any(|id| id == "B1"));
        assert!(!found("-B1").iter().any(|id| id == "B1"));
        assert!(!found("-B").iter().any(|id| id.starts_with('B')));
        assert!(found("+C13").iter().any(|id| id == "C13"));
        assert!(!found("+C13 -C").iter().any(|id| id == "C13"));
    }
}
