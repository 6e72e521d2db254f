//! Tests that the files agree with themselves: nobody answers who was not there, and a quote is a passage of its answer.

use super::files::{Told, read};
use domain::reviews::themes::Mark;
use std::collections::HashSet;

fn answer<'a>(told: &'a Told, person: &str, question: i64) -> &'a super::files::Answer {
    let found = told.answer.iter().find(|a| a.person == person && a.question == question);
    found.unwrap_or_else(|| panic!("{person} did not answer question {question}"))
}

#[test]
fn what_is_told_in_full_agrees_with_itself() {
    let files = read().unwrap();
    assert_eq!((files.incidents.len(), files.told.len()), (40, 10));
    for incident in files.incidents.iter().filter(|incident| incident.told) {
        let (key, told) = (&incident.key, &files.told[&incident.key]);
        let worked: HashSet<&str> = incident.work.iter().map(|work| work.person.as_str()).collect();
        assert_eq!(worked.len(), incident.work.len(), "{key}: everybody works once");
        let asked = told.submitted.iter().chain(&told.declined).chain(told.answer.iter().map(|a| &a.person));
        assert!(asked.into_iter().all(|person| worked.contains(person.as_str())), "{key}");
        assert!(told.submitted.iter().all(|person| told.answer.iter().any(|a| a.person == *person)), "{key}");
        let answered: HashSet<_> = told.answer.iter().map(|a| (&a.person, a.question)).collect();
        assert_eq!(answered.len(), told.answer.len(), "{key}: each question once");
        for quote in &told.quote {
            assert!(told.submitted.contains(&quote.person), "{key}: {} has not submitted", quote.person);
            let from = answer(told, &quote.person, quote.question);
            assert!(from.text.contains(&quote.text), "{key}: {}", quote.text);
            let audience = from.audience.as_str();
            assert!(
                audience == "named" || (audience == "unattributed" && quote.attribution == audience),
                "{key}: {}",
                quote.text
            );
        }
        for passage in told.theme.iter().flat_map(|theme| &theme.passages).chain(&told.marked) {
            assert!(told.submitted.contains(&passage.person), "{key}: {} has not submitted", passage.person);
            let from = answer(told, &passage.person, passage.question);
            let mark = Mark { text: passage.text.clone(), note: passage.about.clone() };
            assert!(mark.checked(&from.text).is_ok(), "{key}: {}", passage.text);
            assert!(["facilitator", "unattributed", "named"].contains(&from.audience.as_str()), "{key}: {}", passage.text);
        }
        let minutes: HashSet<i64> = incident.event.iter().map(|event| event.offset_minutes).collect();
        for placed in &told.placed {
            assert!(told.submitted.contains(&placed.person), "{key}: {} has not submitted", placed.person);
            let from = answer(told, &placed.person, placed.question);
            let mark = Mark { text: placed.text.clone(), note: String::new() };
            assert!(mark.checked(&from.text).is_ok() && minutes.contains(&placed.at), "{key}: {}", placed.text);
            assert!(["facilitator", "named"].contains(&from.audience.as_str()), "{key}: {}", placed.text);
        }
        assert!(told.different.iter().all(|d| told.placed.iter().any(|p| p.at == d.at)), "{key}: notes stand beside words");
        for item in &told.item {
            assert!(item.factors.iter().all(|n| *n < incident.factor.len()), "{key}: {}", item.title);
            assert!(item.learnings.iter().all(|n| *n < incident.learning.len()), "{key}: {}", item.title);
            assert_eq!(item.state == "wont-do", !item.reason.is_empty(), "{key}: {}", item.title);
        }
    }
}

#[test]
fn nobody_facilitates_where_they_worked() {
    for incident in read().unwrap().incidents {
        let facilitator = incident.facilitator.unwrap_or_default();
        assert!(incident.work.iter().all(|work| work.person != facilitator), "{}", incident.key);
        assert_eq!(facilitator.is_empty(), !incident.state.has_review(), "{}", incident.key);
        let minutes: Vec<i64> = incident.event.iter().map(|event| event.offset_minutes).collect();
        assert!(minutes.is_sorted(), "{}: events in their order", incident.key);
    }
}
