//! What takes a while to make and is asked for again and again: the last few stay, found by what they were made of.

use std::sync::{Arc, Mutex, PoisonError};

/// How many stay.
const FEW: usize = 4;

pub(crate) struct Recent<K, V>(Mutex<Vec<(K, Arc<V>)>>);

impl<K, V> Recent<K, V> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The one that was made of `key`, or a new one. What could not be made is not kept.
    pub(crate) fn get<E>(
        &self,
        is: impl Fn(&K) -> bool,
        key: impl FnOnce() -> K,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        let found = |kept: &[(K, Arc<V>)]| kept.iter().find(|(key, _)| is(key)).map(|(_, value)| Arc::clone(value));
        if let Some(value) = found(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(value);
        }
        // Made without the lock: who asks for another one does not wait.
        let value = Arc::new(make()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == FEW {
            kept.remove(0);
        }
        kept.push((key(), Arc::clone(&value)));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_are_made_once() {
        let recent = Recent::<u32, u32>::new();
        let made = Mutex::new(Vec::new());
        let ask = |n: u32| {
            recent.get(
                |key| *key == n,
                || n,
                || {
                    made.lock().unwrap().push(n);
                    if n == 9 { Err(()) } else { Ok(n * 2) }
                },
            )
        };
        assert_eq!(ask(1).as_deref(), Ok(&2));
        assert_eq!(ask(1).as_deref(), Ok(&2));
        assert!(ask(9).is_err() && ask(9).is_err());
        for n in 2..6 {
            ask(n).unwrap();
        }
        ask(5).unwrap();
        ask(1).unwrap();
        assert_eq!(*made.lock().unwrap(), [1, 9, 9, 2, 3, 4, 5, 1]);
    }
}
