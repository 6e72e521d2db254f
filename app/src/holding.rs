//! Files between the dry run and the import: in memory only, one choice a person, a quarter of an hour, within a limit.

use chrono::{DateTime, Duration, Utc};
use domain::PersonId;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long files wait for the second step.
const WAIT: Duration = Duration::minutes(15);
/// Bytes held for everybody together.
const ROOM: usize = 96 * 1024 * 1024;

/// A chosen file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What waits under a token.
pub(crate) trait Waiting: Clone {
    /// Bytes that it takes.
    fn size(&self) -> usize;
    /// The second step is done: this is its outcome, to be shown as often as it is asked for. Anything else is handed out once.
    fn is_done(&self) -> bool;
}

struct Entry<T> {
    token: String,
    since: DateTime<Utc>,
    held: T,
}

/// Held files, by person: a second choice replaces the first.
pub(crate) struct Holding<T>(Mutex<HashMap<PersonId, Entry<T>>>);

impl<T> Default for Holding<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Waiting> Holding<T> {
    /// Holds something under a token; `false` when there is no room.
    pub(crate) fn put(&self, token: &str, person: PersonId, now: DateTime<Utc>, held: T) -> bool {
        let mut entries = self.lock(now);
        let others: usize = entries.iter().filter(|(p, _)| **p != person).map(|(_, e)| e.held.size()).sum();
        if others + held.size() > ROOM {
            return false;
        }
        entries.insert(person, Entry { token: token.to_owned(), since: now, held });
        true
    }

    /// What is held under a token of this person.
    pub(crate) fn get(&self, token: &str, person: PersonId, now: DateTime<Utc>) -> Option<T> {
        self.lock(now).get(&person).filter(|e| e.token == token).map(|e| e.held.clone())
    }

    /// As [`get`](Self::get); files are handed out once.
    pub(crate) fn take(&self, token: &str, person: PersonId, now: DateTime<Utc>) -> Option<T> {
        let mut entries = self.lock(now);
        let entry = entries.get(&person).filter(|e| e.token == token)?;
        if entry.held.is_done() {
            return Some(entry.held.clone());
        }
        entries.remove(&person).map(|e| e.held)
    }

    fn lock(&self, now: DateTime<Utc>) -> MutexGuard<'_, HashMap<PersonId, Entry<T>>> {
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

    impl Waiting for usize {
        fn size(&self) -> usize {
            *self
        }

        fn is_done(&self) -> bool {
            *self == 0
        }
    }

    #[test]
    fn files_are_handed_to_their_person_once_and_not_for_long() {
        let (holding, now) = (Holding::default(), DateTime::UNIX_EPOCH);
        assert!(holding.put("t", person(1), now, 3));
        assert!(holding.get("t", person(2), now).is_none(), "not to somebody else");
        assert!(holding.get("u", person(1), now).is_none());
        assert!(holding.take("t", person(1), now) == Some(3));
        assert!(holding.take("t", person(1), now).is_none());
        assert!(holding.put("t", person(1), now, 3));
        assert!(holding.take("t", person(1), now + WAIT).is_none(), "too late");
        assert!(holding.put("t", person(1), now, 0));
        assert!(holding.take("t", person(1), now).is_some() && holding.take("t", person(1), now).is_some(), "the outcome stays");
    }

    #[test]
    fn there_is_a_limit_for_all_together() {
        let (holding, now) = (Holding::default(), DateTime::UNIX_EPOCH);
        for n in 0..4 {
            assert!(holding.put("t", person(n), now, ROOM / 4));
        }
        assert!(!holding.put("t", person(9), now, 1));
        assert!(holding.put("t", person(0), now, ROOM / 4), "one's own is replaced");
        assert!(holding.put("t", person(9), now + WAIT, ROOM), "what was old made room");
    }
}
