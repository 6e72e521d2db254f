//! How long a Slack export of 100,000 messages takes: `cargo run --release -p importers --example slack_speed [MESSAGES]`.

use domain::timeline::raw::RawSource;
use importers::{LogFile, LogOptions, guess_source, read_log};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::Instant;

const CHANNELS: usize = 10;
const DAYS: usize = 50;

fn main() {
    let messages = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let packed = archive(messages);
    println!("{messages} messages, {:.1} MB as an archive", packed.len() as f64 / 1e6);
    let file = [LogFile { name: "export.zip", bytes: &packed }];
    let started = Instant::now();
    let guessed = guess_source(&file);
    println!("guessed {guessed:?} in {:.3} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let read = read_log(RawSource::Slack, &file, &LogOptions { zone: chrono_tz::UTC, columns: None, day: None });
    let spent = started.elapsed().as_secs_f64();
    let entries: usize = read.logs.iter().map(|log| log.entries.len()).sum();
    println!("{} logs, {entries} entries, {} not read, in {spent:.2} s", read.logs.len(), read.unreadable.len());
}

/// An export whose messages carry what Slack writes with each: blocks, a profile, reactions, threads, edits.
fn archive(messages: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &str| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        archive.write_all(text.as_bytes()).expect("its text");
    };
    let people =
        (0..200).map(|i| format!(r#"{{"id":"U{i:03}","real_name":"Person {i}","profile":{{"email":"p{i}@ferry.example"}}}}"#));
    put("users.json", &format!("[{}]", people.collect::<Vec<_>>().join(",")));
    let channels = (0..CHANNELS).map(|c| format!(r#"{{"id":"C{c:03}","name":"inc-{c}"}}"#));
    put("channels.json", &format!("[{}]", channels.collect::<Vec<_>>().join(",")));
    let each = messages / (CHANNELS * DAYS);
    for channel in 0..CHANNELS {
        for day in 0..DAYS {
            let mut text = String::from("[");
            for i in 0..each {
                message(&mut text, day, i);
                text.push(if i + 1 < each { ',' } else { ']' });
            }
            put(&format!("inc-{channel}/2026-{:02}-{:02}.json", 1 + day / 28, 1 + day % 28), &text);
        }
    }
    archive.finish().expect("an archive").into_inner()
}

fn message(out: &mut String, day: usize, i: usize) {
    let (user, seconds) = (i % 200, 1_767_225_600 + day * 86_400 + i * 7);
    let words = format!(
        "Message {i}: <@U{user:03}> saw <https://charts.ferry.example/d/{i}|the board> &gt; 4 s, and the queue grew again"
    );
    let _ = write!(
        out,
        r#"{{"client_msg_id":"{day}-{i}","type":"message","text":"{words}","user":"U{user:03}","ts":"{seconds}.{i:06}","team":"T1",
        "user_team":"T1","user_profile":{{"avatar_hash":"x","image_72":"https://img.ferry.example/{user}","first_name":"P","real_name":"Person {user}","display_name":"p{user}","team":"T1","name":"p{user}","is_restricted":false}},
        "blocks":[{{"type":"rich_text","block_id":"b","elements":[{{"type":"rich_text_section","elements":[{{"type":"user","user_id":"U{user:03}"}},{{"type":"text","text":"{words}"}}]}}]}}]"#
    );
    if i.is_multiple_of(5) {
        out.push_str(r#","reactions":[{"name":"eyes","users":["U001","U002"],"count":2}]"#);
    }
    if i % 3 == 1 {
        let _ = write!(out, r#","thread_ts":"{}.{:06}""#, seconds - 7, i - 1);
    }
    if i.is_multiple_of(11) {
        let _ = write!(out, r#","edited":{{"user":"U{user:03}","ts":"{}.000000"}}"#, seconds + 60);
    }
    out.push('}');
}
