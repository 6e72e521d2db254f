//! How long a client may take, and how much of the house it may hold. Tests set shorter times than people get.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The limits of the accept loop.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections at once; beyond it new ones wait in the kernel's queue.
    pub connections: usize,
    /// Of them from one address. `None` behind trusted proxies, whose address all clients share.
    pub per_address: Option<usize>,
    /// For the headers of a request, from its first byte (or the connection's beginning) on.
    pub headers: Duration,
    /// For a connection on which nothing is asked.
    pub idle: Duration,
    /// For a body, before its rate counts.
    pub body: Duration,
    /// Bytes a second that a body must keep up on the whole.
    pub body_rate: u64,
    /// For a client that takes nothing of its answer.
    pub stalled: Duration,
    /// For running requests, once the process is asked to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2048,
            per_address: Some(256),
            headers: Duration::from_secs(10),
            // Longer than the 60 s that proxies keep a connection for, so that the proxy is the one that closes it.
            idle: Duration::from_secs(75),
            body: Duration::from_secs(10),
            // Half of what a phone does on a bad 2G connection.
            body_rate: 2 * 1024,
            stalled: Duration::from_secs(30),
            drain: Duration::from_secs(10),
        }
    }
}

/// How many connections each address holds.
#[derive(Clone, Debug, Default)]
pub struct PerAddress {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection's place; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    from: PerAddress,
    address: IpAddr,
}

impl PerAddress {
    /// A place for one more connection from this address, if it holds fewer than `most`.
    pub fn take(&self, address: IpAddr, most: usize) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let held = open.entry(address).or_default();
        if *held >= most {
            return None;
        }
        *held += 1;
        Some(Place { from: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.from.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = open.get_mut(&self.address) {
            *held -= 1;
            if *held == 0 {
                open.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_so_many_connections_and_no_more() {
        let places = PerAddress::default();
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let held: Vec<_> = (0..3).map(|_| places.take(here, 3).expect("room")).collect();
        assert!(places.take(here, 3).is_none());
        assert!(places.take(there, 3).is_some(), "others are not kept out");
        drop(held);
        assert!(places.take(here, 3).is_some());
        assert!(places.open.lock().expect("lock").is_empty(), "nothing is remembered of who left");
    }
}
