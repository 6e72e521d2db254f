//! Every known attack text, rendered and read again as a browser's tokeniser reads it: nothing runs, nothing loads.

use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;
use std::path::PathBuf;

#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();
    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            self.0.borrow_mut().push(tag);
        }
        TokenSinkResult::Continue
    }
}

fn tags(html: &str) -> Vec<Tag> {
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(html.into());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// What of a rendered text could do anything in a browser. Empty: inert.
fn dangers(html: &str) -> Vec<String> {
    const HARMLESS: &str =
        " a blockquote br code del div em h3 h4 h5 h6 hr li ol p pre strong sub sup table tbody td th thead tr ul ";
    let mut found = Vec::new();
    for tag in tags(html) {
        if !HARMLESS.contains(&format!(" {} ", tag.name)) {
            found.push(format!("<{}>", tag.name));
        }
        for attribute in &tag.attrs {
            let value = attribute.value.trim().to_lowercase();
            let allowed = match &*attribute.name.local {
                "href" => {
                    ["http:", "https:", "mailto:", "/"].iter().any(|start| value.starts_with(start)) && !value.starts_with("//")
                }
                "title" | "rel" | "start" => true,
                "class" | "tabindex" | "role" | "aria-label" => &*tag.name == "div",
                _ => false,
            };
            if !allowed {
                found.push(format!("{}={:?}", attribute.name.local, attribute.value));
            }
        }
    }
    found
}

fn shared(name: &str) -> Option<String> {
    let folder = std::env::var_os("SECOND_STORY_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name)).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there; set SECOND_STORY_DATA to the folder of test material", folder.join(name).display());
    }
    text
}

fn must_be_inert(payload: &str) {
    // As text, inside a link, inside a code block, as a reference, in a table: the places where Markdown changes its mind.
    for text in [
        payload.to_owned(),
        format!("[x]({payload})"),
        format!("[{payload}](https://example.org \"{payload}\")"),
        format!("<{payload}>"),
        format!("```{payload}\nx\n```"),
        format!("[x]\n\n[x]: {payload}"),
        format!("| a |\n|---|\n| {payload} |"),
    ] {
        let html = markdown::render(&text);
        let found = dangers(&html);
        assert!(found.is_empty(), "{found:?} in {html:?} from {text:?}");
    }
}

#[test]
fn the_check_itself_sees_an_attack() {
    for attack in
        ["<script>x</script>", "<p onclick=x>", "<a href=javascript:x>", "<img src=x>", "<a href=//other.example>", "<p style=x>"]
    {
        assert!(!dangers(attack).is_empty(), "{attack}");
    }
}

#[test]
fn every_attack_text_of_the_collection_is_inert() {
    let Some(all) = shared("xss-payloads.txt") else { return };
    let mut count = 0;
    for payload in all.lines().filter(|line| !line.trim().is_empty()) {
        must_be_inert(payload);
        count += 1;
    }
    assert!(count > 3_000, "only {count} texts were read");
}

#[test]
fn every_sanitiser_case_is_inert() {
    let Some(all) = shared("dompurify-fixtures/expect.json") else {
        return;
    };
    let cases: Vec<serde_json::Value> = serde_json::from_str(&all).expect("the collection is JSON");
    assert!(cases.len() > 100);
    for case in &cases {
        must_be_inert(case["payload"].as_str().expect("a payload"));
    }
}

#[test]
fn own_attacks_on_markdown_are_inert() {
    for payload in [
        "[a](javascript&colon;alert(1))",
        "[a](&#106;avascript:alert(1))",
        "![a](x\"onerror=alert(1))",
        "<javascript:alert(1)>",
        "[a](<javascript:alert(1)>)",
        "[a]: javascript:alert(1)\n\n[a]",
        "<https://example.org/\"onmouseover=alert(1)>",
        "</p><script>alert(1)</script>",
        "`</code><script>alert(1)</script>`",
        "# <img src=x onerror=alert(1)>",
        "a\n<!-- --><svg/onload=alert(1)>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php <script>alert(1)</script> ?>",
    ] {
        must_be_inert(payload);
    }
}
