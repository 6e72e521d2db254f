//! What is told to the person who imports: what could not be read, and what was read with a grain of salt.

use domain::imported::Unreadable;
use domain::timeline::raw::{ImportedLog, ImportedLogs};
use std::cell::RefCell;

/// As many sentences of a kind are kept; the rest is counted.
const MAX: usize = 200;

/// Gathers sentences. Each begins with the name of its file where several files came.
pub(super) struct Reports {
    several: bool,
    unreadable: RefCell<Said>,
    notes: RefCell<Said>,
}

#[derive(Default)]
struct Said {
    kept: Vec<Unreadable>,
    more: usize,
}

impl Said {
    fn add(&mut self, line: usize, reason: String) {
        if self.kept.iter().any(|said| said.line == line && said.reason == reason) {
            return;
        }
        if self.kept.len() < MAX {
            self.kept.push(Unreadable { line, reason });
        } else {
            self.more += 1;
        }
    }

    fn all(mut self) -> Vec<Unreadable> {
        if self.more > 0 {
            self.kept.push(Unreadable { line: 0, reason: format!("And {} more of this sort.", self.more) });
        }
        self.kept
    }
}

impl Reports {
    pub(super) fn new(several: bool) -> Self {
        Self { several, unreadable: RefCell::default(), notes: RefCell::default() }
    }

    /// Something that could not be read.
    pub(super) fn unreadable(&self, file: &str, line: usize, reason: &str) {
        self.unreadable.borrow_mut().add(line, self.with_file(file, reason));
    }

    /// Something that was read with a grain of salt, or left out on purpose.
    pub(super) fn note(&self, file: &str, line: usize, reason: &str) {
        self.notes.borrow_mut().add(line, self.with_file(file, reason));
    }

    fn with_file(&self, file: &str, reason: &str) -> String {
        if self.several && !file.is_empty() { format!("{}: {reason}", super::draft::line(file, 120)) } else { reason.to_owned() }
    }

    /// The answer; never one without a word.
    pub(super) fn answer(self, logs: Vec<ImportedLog>, nothing: &str) -> ImportedLogs {
        let mut unreadable = self.unreadable.into_inner().all();
        let notes = self.notes.into_inner().all();
        if logs.is_empty() && unreadable.is_empty() && notes.is_empty() {
            unreadable.push(Unreadable { line: 0, reason: nothing.to_owned() });
        }
        ImportedLogs { logs, unreadable, notes }
    }
}
