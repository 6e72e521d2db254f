//! Anything at all may be in a file: it gives an answer, in time, and never a panic; what people wrote survives as plain text.

use crate::support::{check, fixture, given, options, read, real};
use domain::timeline::raw::{ImportedLogs, RawSource};
use importers::{LogFile, guess_source, read_log, read_table_head};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Each format with a file of it, as a text.
fn seeds() -> Vec<(RawSource, String, String)> {
    let files = [
        (RawSource::Slack, "slack/inc-ferry-booking/2026-03-02.json"),
        (RawSource::Slack, "slack/inc-ferry-booking/2026-03-03.json"),
        (RawSource::Slack, "slack/users.json"),
        (RawSource::Alertmanager, "alertmanager/ferry.ndjson"),
        (RawSource::Alertmanager, "alertmanager/api-alerts.json"),
        (RawSource::PagerDuty, "pagerduty/webhooks.ndjson"),
        (RawSource::PagerDuty, "pagerduty/log_entries.json"),
        (RawSource::PagerDuty, "pagerduty/incident.json"),
        (RawSource::PagerDuty, "pagerduty/notes.json"),
        (RawSource::Statuspage, "statuspage/incidents.json"),
        (RawSource::Statuspage, "statuspage/webhooks.ndjson"),
        (RawSource::Grafana, "grafana/unified.json"),
        (RawSource::Grafana, "grafana/older.json"),
        (RawSource::IncidentIo, "incidentio/webhooks.ndjson"),
        (RawSource::IncidentIo, "incidentio/incidents.json"),
        (RawSource::IncidentIo, "incidentio/incident_updates.json"),
        (RawSource::Rootly, "rootly/webhooks.ndjson"),
        (RawSource::Rootly, "rootly/incidents.json"),
        (RawSource::Csv, "csv/harbour.csv"),
        (RawSource::Csv, "csv/natten.csv"),
        (RawSource::Json, "json/harbour.json"),
    ];
    let text = |path: &str| String::from_utf8(fixture(path).remove(0).1).expect("text");
    files.into_iter().map(|(source, path)| (source, path.rsplit('/').next().unwrap_or(path).to_owned(), text(path))).collect()
}

/// Reads bytes as every format; what each gives must hold together.
fn everything(name: &str, bytes: &[u8]) {
    let file = [LogFile { name, bytes }];
    for source in RawSource::ALL {
        check(&read_log(source, &file, &options()));
    }
    let _ = guess_source(&file);
    if let Some(head) = read_table_head(bytes) {
        assert!(head.rows.iter().all(|row| row.len() == head.names.len()));
    }
}

fn parsed(text: &str) -> Vec<Value> {
    serde_json::from_str(text).map_or_else(|_| text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect(), |v| vec![v])
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `new` in the place of the value number `at`.
fn replace(value: &mut Value, at: &mut usize, new: &Value) {
    if *at == 0 {
        *value = new.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(list) => list.iter_mut().for_each(|v| replace(v, at, new)),
        Value::Object(map) => map.values_mut().for_each(|v| replace(v, at, new)),
        _ => {}
    }
}

fn ids(read: &ImportedLogs) -> BTreeSet<(String, String)> {
    read.logs.iter().flat_map(|log| log.entries.iter().map(|e| (log.name.clone(), e.external_id.clone()))).collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let nested = (1usize..130).prop_map(|depth| {
        (0..depth).fold(json!([]), |inner, i| if i % 2 == 0 { json!([inner]) } else { json!({"a": inner, "alerts": []}) })
    });
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        "\\PC{0,20}".prop_map(|s| json!(s)),
        Just(json!({})),
        Just(json!([[], {}, "", null, 0])),
        Just(json!({"id": {}, "name": [], "type": 1})),
        nested,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        everything("a/b.json", &bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,200}", name in "\\PC{0,30}") {
        everything(&name, text.as_bytes());
        everything(&format!("{name}.csv"), format!("time,event\n{text},{text}\n2026-03-02 08:00,{text}").as_bytes());
    }

    #[test]
    fn any_cut_of_any_file_as_any_format(which in 0usize..21, cut in 0.0f64..1.0) {
        let (_, name, text) = seeds().swap_remove(which);
        let end = (text.len() as f64 * cut) as usize;
        everything(&name, &text.as_bytes()[..end]);
    }

    #[test]
    fn any_field_of_another_type(which in 0usize..21, documents in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), new in any_json()) {
        let (source, name, text) = seeds().swap_remove(which);
        let mut values = parsed(&text);
        if !values.is_empty() {
            let document = documents.index(values.len());
            let mut place = at.index(count(&values[document]));
            replace(&mut values[document], &mut place, &new);
            let lines: Vec<String> = values.iter().map(Value::to_string).collect();
            let files = [(name, lines.join("\n").into_bytes())];
            let once = read(source, &files, &options());
            prop_assert_eq!(ids(&once), ids(&read(source, &files, &options())));
        }
    }

    #[test]
    fn any_wrong_encoding(which in 0usize..21, at in any::<prop::sample::Index>(), junk in proptest::collection::vec(0x80u8..=0xFF, 1..4)) {
        let (_, name, text) = seeds().swap_remove(which);
        let at = at.index(text.len());
        let bytes: Vec<u8> = text.bytes().take(at).chain(junk).chain(text.bytes().skip(at)).collect();
        everything(&name, &bytes);
        let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        everything(&name, &utf16[..at.min(utf16.len())]);
    }

    #[test]
    fn any_words_survive_as_they_are(words in "[\\PC\\n]{1,80}") {
        survives(&words);
    }
}

/// A file of each format that says `words` once.
fn saying(words: &str) -> Vec<(RawSource, String)> {
    let slack = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let at = "2026-03-02T08:00:00Z";
    let cell = words.replace('"', "\"\"");
    vec![
        (RawSource::Slack, json!([{"type": "message", "ts": "1772438400.000100", "text": slack}]).to_string()),
        (RawSource::Alertmanager, json!({"alerts": [{"status": "firing", "labels": {"severity": "x"}, "annotations": {"description": words}, "startsAt": at, "fingerprint": "f"}]}).to_string()),
        (RawSource::PagerDuty, json!({"notes": [{"id": "n", "content": words, "created_at": at}]}).to_string()),
        (RawSource::Statuspage, json!({"id": "i", "incident_updates": [{"id": "u", "body": words, "created_at": at}]}).to_string()),
        (RawSource::Grafana, json!({"alerts": [{"status": "firing", "labels": {}, "annotations": {"description": words}, "startsAt": at}]}).to_string()),
        (RawSource::IncidentIo, json!({"incident_updates": [{"id": "u", "incident_id": "i", "message": words, "created_at": at}]}).to_string()),
        (RawSource::Rootly, json!({"data": [{"id": "e", "type": "incident_events", "attributes": {"event": words, "occurred_at": at}}]}).to_string()),
        // Enough beside it for the file to look like text whatever the words are.
        (RawSource::Csv, format!("time,event,length\n{at},\"x{cell}\",{}\n", "long ".repeat(cell.len() * 2))),
        (RawSource::Json, json!({"entries": [{"id": "e", "at": at, "text": words}]}).to_string()),
    ]
}

/// Whatever is written comes out to the letter, but for control characters and white space around it.
fn survives(words: &str) {
    let clean: String =
        words.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    // What a file begins with, this mark is dropped by.
    let clean = clean.replace('\u{FEFF}', "");
    let clean = clean.trim();
    for (source, text) in saying(&words.replace('\u{FEFF}', "")) {
        let read = read(source, &[("a.json".to_owned(), text.into_bytes())], &options());
        assert!(!clean.is_empty() || read.logs.len() <= 1);
        let texts: Vec<&str> = read.logs.iter().flat_map(|l| l.entries.iter().map(|e| e.text.as_str())).collect();
        let wanted = if source == RawSource::Csv { format!("x{}", words_of_a_cell(words)) } else { clean.to_owned() };
        assert_eq!(texts, [wanted.trim()], "{source:?}");
        // Addresses that may be followed are links beside the text, and nothing else is.
        check(&read);
    }
}

fn words_of_a_cell(words: &str) -> String {
    let clean: String =
        words.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    clean.replace('\u{FEFF}', "")
}

#[test]
fn markup_scripts_and_directions_survive_as_plain_text() {
    for words in [
        "<script>alert(1)</script>",
        "![x](javascript:alert(1)) [y](data:text/html;base64,PHg+) <https://a.example>",
        "# Heading\n\n| a | b |\n|---|---|\n```\n<b>\n```\n~~x~~ **y** _z_",
        "&lt;b&gt; &amp;amp; &#x3C;",
        "\u{202E}txt.exe\u{202C} \u{2066}isolated\u{2069} שלום مرحبا",
        "=HYPERLINK(\"http://a.example\",\"x\")",
        "<@U0HELM> <!here> <#C1|x> <mailto:a@b.example|mail>",
        "\u{0}\u{7}\u{1b}[31mred\u{1b}[0m",
        "👩‍👩‍👧‍👦 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    ] {
        survives(words);
    }
}

#[test]
fn the_naughty_strings_and_payloads_survive() {
    let naughty = real("naughty-strings.json");
    let naughty: Vec<String> = naughty.first().map(|(_, b)| serde_json::from_slice(b).expect("strings")).unwrap_or_default();
    let payloads = real("xss-payloads.txt");
    let payloads = payloads.first().map(|(_, b)| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
    let all = naughty.iter().map(String::as_str).chain(payloads.lines()).filter(|words| !words.trim().is_empty());
    all.for_each(survives);
}

#[test]
fn every_truncation_of_the_smallest_files_gives_an_answer() {
    for (source, name, text) in seeds().into_iter().filter(|(_, _, text)| text.len() < 1500) {
        for end in 0..=text.len() {
            check(&read_log(source, &[LogFile { name: &name, bytes: &text.as_bytes()[..end] }], &options()));
        }
    }
}

#[test]
fn an_archive_cut_anywhere_or_with_a_wrong_byte_gives_an_answer() {
    let packed = crate::support::zipped(&fixture("slack"));
    for at in (0..packed.len()).step_by(7) {
        check(&read_log(RawSource::Slack, &[LogFile { name: "a.zip", bytes: &packed[..at] }], &options()));
        let mut wrong = packed.clone();
        wrong[at] ^= 0xFF;
        let file = [LogFile { name: "a.zip", bytes: &wrong }];
        check(&read_log(RawSource::Slack, &file, &options()));
        let _ = guess_source(&file);
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    for (folder, source) in [
        ("slack", RawSource::Slack),
        ("pagerduty", RawSource::PagerDuty),
        ("statuspage", RawSource::Statuspage),
        ("incidentio", RawSource::IncidentIo),
        ("rootly", RawSource::Rootly),
        ("csv", RawSource::Csv),
    ] {
        let files = fixture(folder);
        let mut back = files.clone();
        back.reverse();
        assert_eq!(ids(&read(source, &files, &options())), ids(&read(source, &back, &options())), "{folder}");
        let twice = [files.clone(), back].concat();
        if source != RawSource::Csv {
            assert_eq!(ids(&read(source, &files, &options())), ids(&read(source, &twice, &options())), "{folder}");
        }
    }
}

#[test]
fn long_runs_of_anything_are_answered_in_time() {
    const LONG: usize = 60_000;
    let bits = [
        "[",
        "{\"a\":",
        "[]",
        "{}\n",
        "\"",
        "<",
        "<@",
        "<http://a|",
        "&amp;",
        "http://",
        "http://a ",
        ")",
        ",",
        ";\n",
        "\"\n",
        "1,",
        "2026-03-02 08:00,x\n",
        "8:00\n",
        "|",
        "\u{1F600}",
    ];
    for bit in bits {
        let run = bit.repeat(LONG / bit.len());
        let started = std::time::Instant::now();
        everything("a.json", run.as_bytes());
        let raw =
            json!([{"text": run, "ts": "1772438400.1"}, {"ts": "1772438401.1", "blocks": vec![json!({"text": bit}); 2000]}]);
        everything("a.json", raw.to_string().as_bytes());
        for (source, text) in saying(&run) {
            check(&read_log(source, &given(&[("a.json".to_owned(), text.into_bytes())]), &options()));
        }
        let spent = started.elapsed();
        assert!(spent < std::time::Duration::from_secs(20), "{bit:?} takes {spent:?}");
    }
}
