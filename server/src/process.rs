//! What the process knows of itself: whether it is about to stop, how many connections are open, whether the disk has room.

use crate::metrics::Metrics;
use crate::space::Space;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Shared by the accept loop, the layers around requests, the probes and the jobs.
#[derive(Default)]
pub struct Process {
    /// Counters.
    pub metrics: Metrics,
    /// The guard over the disk of an SQLite file.
    pub space: Option<Space>,
    /// Who shows this token may read the metrics from elsewhere.
    pub metrics_token: Option<String>,
    stopping: AtomicBool,
    connections: Arc<AtomicI64>,
}

/// An open connection; not counted any more once it is dropped.
pub struct Counted(Arc<AtomicI64>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Process {
    /// With a guard over the disk, and a token for the metrics.
    pub fn new(space: Option<Space>, metrics_token: Option<String>) -> Self {
        Self { space, metrics_token, ..Self::default() }
    }

    /// From now on no new work is taken.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Counts a connection.
    pub fn connection(&self) -> Counted {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.connections))
    }

    /// Connections that are open now.
    pub fn connections(&self) -> i64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Too little room on the disk to take something new.
    pub fn is_full(&self) -> bool {
        self.space.as_ref().is_some_and(Space::is_short)
    }
}
