//! Pasted text: any text at all gives an answer, and the same one twice.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = importers::read_pasted(text, 2026);
    assert!(read.proposals.iter().all(|p| !p.body.is_empty()));
    assert!(importers::midnights(&read.proposals).iter().all(|n| *n < read.proposals.len()));
    assert_eq!(read, importers::read_pasted(text, 2026));
});
