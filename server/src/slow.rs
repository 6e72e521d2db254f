//! Slow clients: a body that must keep a rate, and a connection that is closed when a head does not come or an answer is not taken.

use crate::limits::Limits;
use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep_until};

/// How a request's body arrives, as the layers around the handler see it.
#[derive(Debug, Default)]
pub struct Arrival {
    state: AtomicU8,
    ended: Notify,
}

const COMING: u8 = 0;
const THERE: u8 = 1;
const TOO_SLOW: u8 = 2;
const CUT: u8 = 3;

impl Arrival {
    /// Waits until the body is there, or given up.
    pub async fn ended(&self) {
        let told = self.ended.notified();
        if self.state.load(Ordering::Acquire) == COMING {
            told.await;
        }
    }

    /// The body was given up because it came too slowly.
    pub fn too_slow(&self) -> bool {
        self.state.load(Ordering::Acquire) == TOO_SLOW
    }

    /// Nobody wanted the rest of the body: it is still on its way.
    pub fn cut(&self) -> bool {
        matches!(self.state.load(Ordering::Acquire), CUT | TOO_SLOW)
    }

    fn end(&self, state: u8) {
        self.state.store(state, Ordering::Release);
        self.ended.notify_waiters();
    }
}

/// A body that is given up when it falls behind its rate.
pub struct Timed {
    inner: Incoming,
    arrival: Arc<Arrival>,
    begun: Instant,
    received: u64,
    grace: Duration,
    rate: u64,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Timed {
    /// Watches `inner`.
    pub fn new(inner: Incoming, limits: &Limits) -> (Self, Arc<Arrival>) {
        let arrival = Arc::new(Arrival::default());
        if inner.is_end_stream() {
            arrival.end(THERE);
        }
        let (grace, rate) = (limits.body, limits.body_rate.max(1));
        let timed = Self { inner, arrival: Arc::clone(&arrival), begun: Instant::now(), received: 0, grace, rate, timer: None };
        (timed, arrival)
    }

    fn deadline(&self) -> Instant {
        let earned = Duration::from_millis(self.received.saturating_mul(1000) / self.rate);
        self.begun + self.grace + earned
    }
}

impl Body for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                this.timer = None;
                if this.inner.is_end_stream() {
                    this.arrival.end(THERE);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                this.arrival.end(THERE);
                Poll::Ready(Some(Err(error.into())))
            }
            Poll::Ready(None) => {
                this.arrival.end(THERE);
                Poll::Ready(None)
            }
            Poll::Pending => {
                let deadline = this.deadline();
                let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                ready!(timer.as_mut().poll(cx));
                this.arrival.end(TOO_SLOW);
                Poll::Ready(Some(Err(io::Error::from(ErrorKind::TimedOut).into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        if self.arrival.state.load(Ordering::Acquire) == COMING {
            self.arrival.end(CUT);
        }
    }
}

/// What a connection is at.
#[derive(Debug)]
pub struct Phase(AtomicU8);

const IDLE: u8 = 0;
const HEAD: u8 = 1;
const BUSY: u8 = 2;

impl Phase {
    /// A new connection owes a head.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU8::new(HEAD)))
    }

    /// A head is there; its answer is being made.
    pub fn busy(&self) {
        self.0.store(BUSY, Ordering::Release);
    }

    /// The answer is made.
    pub fn idle(&self) {
        self.0.store(IDLE, Ordering::Release);
    }
}

/// A connection that ends itself: when a head takes too long from its first byte on (hyper's own limit runs from the answer before,
/// so it serves as the one for idleness), and when an answer is not taken.
pub struct Impatient<S> {
    inner: S,
    phase: Arc<Phase>,
    headers: Duration,
    stalled: Duration,
    head: Option<Pin<Box<Sleep>>>,
    stall: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    /// Watches `inner`.
    pub fn new(inner: S, phase: Arc<Phase>, limits: &Limits) -> Self {
        let (headers, stalled) = (limits.headers, limits.stalled);
        Self { inner, phase, headers, stalled, head: None, stall: None }
    }

    fn patience(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if progress.is_ready() {
            self.stall = None;
            return progress;
        }
        let stalled = self.stalled;
        let timer = self.stall.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + stalled)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.inner).poll_read(cx, buffer);
        if read.is_ready() && buffer.filled().len() > before {
            let _ = this.phase.0.compare_exchange(IDLE, HEAD, Ordering::AcqRel, Ordering::Acquire);
        }
        if this.phase.0.load(Ordering::Acquire) != HEAD {
            this.head = None;
            return read;
        }
        let headers = this.headers;
        let timer = this.head.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + headers)));
        // Asked also when something came: whoever sends a byte now and then is late, too.
        if timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.patience(cx, progress)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.inner).poll_write_vectored(cx, bytes);
        self.patience(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
