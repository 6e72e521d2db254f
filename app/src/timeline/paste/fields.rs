//! What the two forms of pasting hold, and how proposals become events.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::timeline::typed::{self, Typed};
use domain::timeline::{NewEvent, Placement, Precision};
use domain::walltime;
use importers::{Proposal, midnights};
use serde::Deserialize;

/// The first step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::timeline) struct PasteFields {
    pub(super) text: String,
    /// The day of what names none.
    pub(super) day: String,
    /// The zone of what names none.
    pub(super) zone: String,
}

/// The second step: one entry a proposal in each list, but for `take`, which holds the places of those that are ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::timeline) struct RowFields {
    pub(super) take: Vec<String>,
    pub(super) date: Vec<String>,
    /// `yes`: the text names the day beside the time, so a midnight above does not move it.
    pub(super) own_day: Vec<String>,
    pub(super) time: Vec<String>,
    pub(super) zone: Vec<String>,
    pub(super) kind: Vec<String>,
    pub(super) body: Vec<String>,
    pub(super) flag: Vec<String>,
    /// Who said it, by the place in `who`; empty for nobody.
    pub(super) author: Vec<String>,
    /// Empty: is not asked; `ask`: asked and not answered; `next`: midnight was before it; `same`: it is out of order.
    pub(super) midnight: Vec<String>,
    /// The names that the text uses, and the role of each.
    pub(super) who: Vec<String>,
    pub(super) role: Vec<String>,
    /// The zone of times that name none, asked where others name one; `ask`: not answered.
    pub(super) unzoned: String,
}

fn at(of: &[String], n: usize) -> &str {
    of.get(n).map_or("", String::as_str)
}

impl RowFields {
    /// What the second step begins with.
    pub(super) fn of(first: &PasteFields, day: NaiveDate, proposals: &[Proposal]) -> Self {
        let asked = midnights(proposals);
        let mut who: Vec<String> = Vec::new();
        let mut author_of = |name: &str| {
            if name.is_empty() {
                return String::new();
            }
            let place = who.iter().position(|w| w == name).unwrap_or_else(|| {
                who.push(name.to_owned());
                who.len() - 1
            });
            place.to_string()
        };
        // Some name a zone and some do not: those may be in the same one, or in the one that was chosen.
        let timed = || proposals.iter().filter(|p| p.time.is_some());
        let is_mixed = timed().any(|p| p.zone.is_some()) && timed().any(|p| p.zone.is_none());
        let mut rows = Self { unzoned: if is_mixed { "ask".to_owned() } else { String::new() }, ..Self::default() };
        for (n, p) in proposals.iter().enumerate() {
            // What stands without a time above or below the rest is seldom an event.
            let timed = p.time.is_some() || proposals.iter().all(|p| p.time.is_none());
            if timed {
                rows.take.push(n.to_string());
            }
            let time = p.time.map(|t| t.format("%H:%M:%S").to_string()).unwrap_or_default();
            let time = time.strip_suffix(":00").unwrap_or(&time).to_owned();
            rows.time.push(if p.about && !time.is_empty() { format!("~{time}") } else { time });
            rows.date.push(if p.time.is_some() || p.day.is_some() { p.day.unwrap_or(day).to_string() } else { String::new() });
            rows.own_day.push(if p.own_day { "yes".to_owned() } else { String::new() });
            let chosen = if is_mixed && p.time.is_some() { String::new() } else { first.zone.clone() };
            rows.zone.push(p.zone.clone().unwrap_or(chosen));
            rows.kind.push(p.kind.slug().to_owned());
            rows.body.push(p.body.clone());
            rows.flag.push(p.flag.clone());
            rows.author.push(author_of(&p.author));
            rows.midnight.push(if asked.contains(&n) { "ask".to_owned() } else { String::new() });
        }
        rows.role = vec![String::new(); who.len()];
        rows.who = who;
        rows
    }

    pub(super) fn len(&self) -> usize {
        self.body.len()
    }

    pub(super) fn is_taken(&self, n: usize) -> bool {
        self.take.iter().any(|taken| taken.parse() == Ok(n))
    }

    pub(super) fn text(of: &[String], n: usize) -> String {
        at(of, n).to_owned()
    }

    /// The zones that rows name, each once.
    pub(super) fn zones(&self) -> Vec<String> {
        let mut zones: Vec<String> = self.zone.iter().filter(|z| !z.is_empty()).cloned().collect();
        zones.sort();
        zones.dedup();
        zones
    }

    /// The events of the ticked rows; or what to mend, by row, with `None` for the whole form.
    pub(super) fn parse(&self, now: DateTime<Utc>) -> Result<Vec<NewEvent>, Vec<(Option<usize>, String)>> {
        let (mut events, mut errors) = (Vec::new(), Vec::new());
        let mut nights = 0;
        for n in 0..self.len() {
            if at(&self.own_day, n) == "yes" {
                nights = 0;
            }
            match at(&self.midnight, n) {
                "next" => nights += 1,
                "ask" if self.is_taken(n) => {
                    errors.push((Some(n), "Please say whether midnight was before this.".to_owned()));
                }
                _ => {}
            }
            if self.is_taken(n) {
                match self.row(n, nights, now) {
                    Ok(event) => events.push(event),
                    Err(message) => errors.push((Some(n), message)),
                }
            }
        }
        if self.take.is_empty() {
            errors.push((None, "Please tick what should become an event.".to_owned()));
        }
        if errors.is_empty() { Ok(events) } else { Err(errors) }
    }

    fn row(&self, n: usize, nights: u64, now: DateTime<Utc>) -> Result<NewEvent, String> {
        let zone = match (at(&self.zone, n).trim(), self.unzoned.as_str()) {
            ("", "ask") => return Err("Please say, above, which zone this time is in.".to_owned()),
            ("", chosen) => chosen,
            (own, _) => own,
        };
        let date = at(&self.date, n).trim();
        let moved = date.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(nights)));
        let date = moved.map_or_else(|| date.to_owned(), |day| day.to_string());
        let author: Option<usize> = at(&self.author, n).parse().ok();
        let typed = Typed {
            date: &date,
            time: at(&self.time, n),
            zone,
            kind: at(&self.kind, n),
            body: at(&self.body, n),
            role: author.map_or("", |who| at(&self.role, who)),
            placement: Placement::InPlace.slug(),
            ..Typed::default()
        };
        let first = |invalid: domain::Invalid| invalid.fields.into_iter().next().map(|f| f.message).unwrap_or_default();
        let event = typed::parse(&typed).map_err(first)?;
        let began = event.at.filter(|_| event.precision != Precision::Date);
        walltime::has_been("time", began, now).map_err(first)?;
        let flag = [at(&self.flag, n), &event.flag].into_iter().filter(|f| !f.is_empty()).collect::<Vec<_>>().join(" ");
        Ok(NewEvent { flag, ..event })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
    }

    fn rows(text: &str) -> RowFields {
        let first = PasteFields { text: text.to_owned(), day: day().to_string(), zone: "Europe/Copenhagen".to_owned() };
        RowFields::of(&first, day(), &importers::read_pasted(text, 2026).proposals)
    }

    fn now() -> DateTime<Utc> {
        DateTime::parse_from_rfc3339("2026-03-09T10:00:00Z").unwrap().to_utc()
    }

    fn times(rows: &RowFields) -> Vec<String> {
        let events = rows.parse(now()).unwrap();
        events.iter().map(|e| e.at.map_or("–".to_owned(), |at| at.format("%d %H:%M").to_string())).collect()
    }

    #[test]
    fn midnight_is_asked_and_moves_what_follows_it() {
        let mut pasted = rows("23:50 Full\n00:10 Empty\n00:20 Calm\n2026-03-05 01:00 Rings");
        let errors = pasted.parse(now()).unwrap_err();
        assert_eq!(errors, [(Some(1), "Please say whether midnight was before this.".to_owned())]);
        pasted.midnight[1] = "next".to_owned();
        assert_eq!(times(&pasted), ["02 22:50", "02 23:10", "02 23:20", "05 00:00"]);
        pasted.midnight[1] = "same".to_owned();
        assert_eq!(times(&pasted), ["02 22:50", "01 23:10", "01 23:20", "05 00:00"]);
    }

    #[test]
    fn a_mix_of_zones_is_asked() {
        let mut pasted = rows("10:00 UTC Full\n10:05 Empty");
        let errors = pasted.parse(now()).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(errors[0].1.contains("which zone"));
        pasted.unzoned = "UTC".to_owned();
        assert_eq!(times(&pasted), ["02 10:00", "02 10:05"]);
        pasted.unzoned = "Europe/Copenhagen".to_owned();
        assert_eq!(times(&pasted), ["02 10:00", "02 09:05"]);
        assert_eq!(rows("10:00 Full\n10:05 Empty").unzoned, "", "nothing to ask where none names one");
    }

    #[test]
    fn who_said_it_becomes_a_role_and_never_a_name() {
        let mut pasted = rows("10:00 Frida: Full\n10:05 Ole: Empty\n10:06 Frida: Calm");
        assert_eq!(pasted.who, ["Frida", "Ole"]);
        pasted.role[0] = "on-call engineer".to_owned();
        let roles: Vec<String> = pasted.parse(now()).unwrap().into_iter().map(|e| e.details.role).collect();
        assert_eq!(roles, ["on-call engineer", "", "on-call engineer"]);
    }

    #[test]
    fn what_is_not_ticked_is_dropped_and_what_is_odd_is_said() {
        let mut pasted = rows("A heading\n10:00 Full\n10:05 Empty");
        assert_eq!(times(&pasted), ["02 09:00", "02 09:05"], "the heading has no time and is not ticked");
        pasted.time[1] = "25:00".to_owned();
        assert_eq!(pasted.parse(now()).unwrap_err().len(), 1);
        pasted.take.clear();
        assert_eq!(pasted.parse(now()).unwrap_err(), [(None, "Please tick what should become an event.".to_owned())]);
    }
}
