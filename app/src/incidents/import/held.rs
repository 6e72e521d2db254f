//! Files between the dry run and the import: in memory only, one choice a person, a quarter of an hour, within a limit.

use chrono::{DateTime, Duration, Utc};
use domain::PersonId;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use store::imports::Counts;

/// How long files wait for the second step.
const WAIT: Duration = Duration::minutes(15);
/// Bytes held for everybody together.
const ROOM: usize = 96 * 1024 * 1024;

/// A chosen file.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// What waits under a token.
#[derive(Clone, Debug)]
pub(super) enum Held {
    /// Files for the second step.
    Files(Files),
    /// What the second step wrote.
    Done(Counts),
}

/// Files, and how many of them are written already.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    pub(super) files: Vec<Upload>,
    pub(super) written: usize,
    pub(super) counts: Counts,
}

impl Held {
    fn size(&self) -> usize {
        match self {
            Self::Files(held) => held.files.iter().map(|f| f.bytes.len() + f.name.len()).sum(),
            Self::Done(_) => 0,
        }
    }
}

struct Entry {
    token: String,
    since: DateTime<Utc>,
    held: Held,
}

/// Held files, by person: a second choice replaces the first.
#[derive(Default)]
pub(super) struct Holding(Mutex<HashMap<PersonId, Entry>>);

/// Of this process.
pub(super) static HELD: LazyLock<Holding> = LazyLock::new(Holding::default);

impl Holding {
    /// Holds something under a token; `false` when there is no room.
    pub(super) fn put(&self, token: &str, person: PersonId, now: DateTime<Utc>, held: Held) -> bool {
        let mut entries = self.lock(now);
        let others: usize = entries.iter().filter(|(p, _)| **p != person).map(|(_, e)| e.held.size()).sum();
        if others + held.size() > ROOM {
            return false;
        }
        entries.insert(person, Entry { token: token.to_owned(), since: now, held });
        true
    }

    /// What is held under a token of this person.
    pub(super) fn get(&self, token: &str, person: PersonId, now: DateTime<Utc>) -> Option<Held> {
        self.lock(now).get(&person).filter(|e| e.token == token).map(|e| e.held.clone())
    }

    /// As [`get`](Self::get); files are handed out once.
    pub(super) fn take(&self, token: &str, person: PersonId, now: DateTime<Utc>) -> Option<Held> {
        let mut entries = self.lock(now);
        let entry = entries.get(&person).filter(|e| e.token == token)?;
        match entry.held {
            Held::Done(_) => Some(entry.held.clone()),
            Held::Files(_) => entries.remove(&person).map(|e| e.held),
        }
    }

    fn lock(&self, now: DateTime<Utc>) -> MutexGuard<'_, HashMap<PersonId, Entry>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, e| e.since + WAIT > now);
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(n))
    }

    fn files(size: usize) -> Held {
        Held::Files(Files { files: vec![Upload { name: String::new(), bytes: vec![0; size] }], ..Files::default() })
    }

    #[test]
    fn files_are_handed_to_their_person_once_and_not_for_long() {
        let (holding, now) = (Holding::default(), DateTime::UNIX_EPOCH);
        assert!(holding.put("t", person(1), now, files(3)));
        assert!(holding.get("t", person(2), now).is_none(), "not to somebody else");
        assert!(holding.get("u", person(1), now).is_none());
        assert!(matches!(holding.take("t", person(1), now), Some(Held::Files(f)) if f.files[0].bytes.len() == 3));
        assert!(holding.take("t", person(1), now).is_none());
        assert!(holding.put("t", person(1), now, files(3)));
        assert!(holding.take("t", person(1), now + WAIT).is_none(), "too late");
    }

    #[test]
    fn there_is_a_limit_for_all_together() {
        let (holding, now) = (Holding::default(), DateTime::UNIX_EPOCH);
        for n in 0..4 {
            assert!(holding.put("t", person(n), now, files(ROOM / 4)));
        }
        assert!(!holding.put("t", person(9), now, files(1)));
        assert!(holding.put("t", person(0), now, files(ROOM / 4)), "one's own is replaced");
        assert!(holding.put("t", person(9), now + WAIT, files(ROOM)), "what was old made room");
    }
}
