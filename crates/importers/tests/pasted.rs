//! Pasted text: chats, tables, histories, status pages; and any text at all.

use chrono::NaiveTime;
use domain::timeline::EventKind;
use importers::{Pasted, Proposal, midnights, read_pasted};
use proptest::prelude::*;

fn told(text: &str) -> Vec<String> {
    let one = |p: Proposal| {
        let day = p.day.map(|d| format!("{d} ")).unwrap_or_default();
        let time = p.time.map_or("--".to_owned(), |t| t.format("%H:%M").to_string());
        let zone = p.zone.map(|z| format!(" {z}")).unwrap_or_default();
        let author = if p.author.is_empty() { String::new() } else { format!(" <{}>", p.author) };
        format!("{day}{}{time}{zone}{author} {}", if p.about { "~" } else { "" }, p.body.replace('\n', " / "))
    };
    read_pasted(text, 2026).proposals.into_iter().map(one).collect()
}

#[test]
fn a_chat_with_names_above_their_words() {
    let text = "Tuesday, 17 November 2026\n\nFrida Holm  10:41 PM\nThe ferry list is empty\n\nI look at the queue\nOle [22:50]\nSame here";
    let expected =
        ["2026-11-17 22:41 <Frida Holm> The ferry list is empty / I look at the queue", "2026-11-17 22:50 <Ole> Same here"];
    assert_eq!(told(text), expected);
}

#[test]
fn a_chat_with_the_name_a_line_above_the_time() {
    assert_eq!(told("Frida Holm\n10:41\nEmpty\nOle Lind\n10:43\nFull"), ["10:41 <Frida Holm> Empty", "10:43 <Ole Lind> Full"]);
}

#[test]
fn lines_that_begin_with_their_time() {
    let text = "[22:41] <frida> the list is empty\n22:43:05 Ole: restarted it\n- ~22:50 Somebody rings: the ships wait\nand the bus\n2026-11-17T21:55:00Z ERROR pool exhausted";
    let expected = [
        "22:41 <frida> the list is empty",
        "22:43 <Ole> restarted it",
        "~22:50 Somebody rings: the ships wait / and the bus",
        "2026-11-17 21:55 UTC ERROR pool exhausted",
    ];
    assert_eq!(told(text), expected);
}

#[test]
fn tables_with_pipes_and_with_tabs() {
    let text = "| Time | Event |\n|---|---|\n| 10:41 CET | The list is empty |\n| 17 Nov 2026 10:50 | Restarted | Ole |";
    let read = read_pasted(text, 2026);
    let rows = told(text);
    assert_eq!(rows[rows.len() - 2..], ["10:41 Europe/Copenhagen The list is empty", "2026-11-17 10:50 Restarted – Ole"]);
    assert_eq!(read.proposals.len(), 3, "the heading stays, for a person to drop");
    assert_eq!(told("2026-11-17\t10:41\tEmpty\n2026-11-17\t10:43\tFull"), ["2026-11-17 10:41 Empty", "2026-11-17 10:43 Full"]);
}

#[test]
fn histories_of_shells() {
    assert_eq!(told("#1763375100\nkubectl get pods"), ["2025-11-17 10:25 UTC `kubectl get pods`"]);
    assert_eq!(
        told(": 1763375100:0;kubectl rollout undo deploy/lists"),
        ["2025-11-17 10:25 UTC `kubectl rollout undo deploy/lists`"]
    );
    assert_eq!(told("  501  2026-11-17 10:41:22 kubectl get pods"), ["2026-11-17 10:41 kubectl get pods"]);
    assert_eq!(
        told("  501  kubectl get pods\n  502  kubectl delete pod lists-1"),
        ["-- kubectl get pods", "-- kubectl delete pod lists-1"]
    );
}

#[test]
fn a_status_page_has_its_time_below_the_words() {
    let text =
        "Resolved - The lists are whole again.\nNov 17, 14:02 UTC\nInvestigating - We look at empty lists.\nNov 17, 12:31 UTC";
    let expected = [
        "2026-11-17 14:02 UTC Resolved - The lists are whole again.",
        "2026-11-17 12:31 UTC Investigating - We look at empty lists.",
    ];
    assert_eq!(told(text), expected);
    assert!(read_pasted(text, 2026).proposals.iter().all(|p| p.kind == EventKind::Communication));
}

#[test]
fn midnight_is_a_question() {
    let read = read_pasted("23:50 Full\n23:58 Calm\n00:12 Empty\n00:30 Full\n2026-11-18 00:20 Rings\n00:25 Calm", 2026);
    assert_eq!(midnights(&read.proposals), [2]);
    assert_eq!(read.proposals[5].day, read.proposals[4].day, "the day above goes on");
    let read = read_pasted("10:10 Full\n10:05 Calm", 2026);
    assert_eq!(midnights(&read.proposals), [1], "out of order, or a day later: a person knows");
}

#[test]
fn a_list_without_times_is_steps_and_what_goes_on_is_kept_together() {
    assert_eq!(told("1. Looked at the graph\n2. Restarted it"), ["-- Looked at the graph", "-- Restarted it"]);
    assert_eq!(told("Before it all\n10:41 Empty"), ["-- Before it all", "10:41 Empty"]);
    assert_eq!(told(""), Vec::<String>::new());
    let long: String = (0..400).map(|n| format!("step {n}\n")).collect();
    let read = read_pasted(&long, 2026);
    assert_eq!((read.proposals.len(), read.is_cut), (300, true));
}

#[test]
fn doubtful_dates_are_flagged_and_times_stay_what_they_are() {
    let read = read_pasted("04/11/2026 10:41 Empty\n24:00 The day ends", 2026);
    assert!(read.proposals[0].flag.contains("other way round"), "{read:?}");
    assert_eq!(read.proposals[1].time, NaiveTime::from_hms_opt(23, 59, 59));
}

proptest! {
    #[test]
    fn any_text_at_all_is_read(text in "\\PC{0,400}") {
        let Pasted { proposals, .. } = read_pasted(&text, 2026);
        prop_assert!(proposals.iter().all(|p| !p.body.is_empty()));
        prop_assert!(midnights(&proposals).iter().all(|n| *n < proposals.len()));
    }

    #[test]
    fn lines_of_times_names_and_marks_are_read(lines in proptest::collection::vec(
        prop_oneof!["[0-9:|\\[\\]#; .-]{0,24}", "[A-Z][a-z]{1,8} [0-9]{1,2}:[0-9]{2}( [AP]M)?", ": [0-9]{9,11}:[0-9];.{0,9}", "\\PC{0,30}"], 0..30
    )) {
        let text = lines.join("\n");
        let read = read_pasted(&text, 2026);
        // Every word that is no time and no mark is somewhere.
        prop_assert!(read.proposals.len() <= lines.len());
        prop_assert_eq!(read_pasted(&text, 2026), read);
    }
}
