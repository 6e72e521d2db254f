//! The accept loop: axum's own has no limit on how long a client may take for anything (research/security.md 4.2, 16).

use crate::limits::{Limits, PerAddress, Place};
use crate::process::Process;
use crate::slow::{Impatient, Phase, Timed};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::Service;

/// Said to an address that holds all the connections it may.
const TOO_MANY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 2\r\n\
    connection: close\r\ncontent-length: 69\r\n\r\nThere are many open connections from your address. Please try again.\n";

/// What every connection needs.
#[derive(Clone)]
struct House {
    router: Router,
    process: Arc<Process>,
    limits: Arc<Limits>,
}

/// Serves until `stop`; then takes no new work, says so to probes, and lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, process: Arc<Process>, limits: Limits, stop: impl Future<Output = ()>) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let places = PerAddress::default();
    let house = House { router, process, limits: Arc::new(limits) };
    let (stopping, stopped) = watch::channel(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await.ok();
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, most likely: the connections that are there need a moment to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let place = match house.limits.per_address.map(|most| places.take(peer.ip(), most)) {
            Some(None) => {
                tokio::spawn(turn_away(stream));
                continue;
            }
            Some(place) => place,
            None => None,
        };
        tokio::spawn(connection(house.clone(), stream, peer, Some(stopped.clone()), (slot, place)));
    }
    house.process.stop();
    let _ = stopping.send(true);
    let all = u32::try_from(house.limits.connections).unwrap_or(u32::MAX);
    let finished = tokio::time::timeout(house.limits.drain, slots.acquire_many(all));
    let late = async {
        loop {
            if let Ok((stream, peer)) = listener.accept().await {
                tokio::spawn(connection(house.clone(), stream, peer, None, (None, None)));
            }
        }
    };
    tokio::select! {
        finished = finished => if finished.is_err() {
            tracing::warn!("some requests did not finish in time");
        },
        () = late => {}
    }
}

async fn turn_away(mut stream: TcpStream) {
    let _ = stream.write_all(TOO_MANY.as_bytes()).await;
    linger(&mut stream).await;
}

/// One connection to its end. `stopped`: ends it between two requests; without it one request is heard (while the process stops).
async fn connection(
    house: House,
    stream: TcpStream,
    peer: SocketAddr,
    stopped: Option<watch::Receiver<bool>>,
    _held: (Option<OwnedSemaphorePermit>, Option<Place>),
) {
    let _ = stream.set_nodelay(true);
    let _counted = house.process.connection();
    let (phase, cut) = (Phase::new(), Arc::new(AtomicBool::new(false)));
    let service = {
        let (house, phase, cut) = (house.clone(), Arc::clone(&phase), Arc::clone(&cut));
        hyper::service::service_fn(move |request: http::Request<Incoming>| {
            phase.busy();
            let (phase, cut) = (Arc::clone(&phase), Arc::clone(&cut));
            let (head, body) = request.into_parts();
            let (body, arrival) = Timed::new(body, &house.limits);
            let mut request = http::Request::from_parts(head, Body::new(body));
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(Arc::clone(&arrival));
            let answer = house.router.clone().call(request);
            Box::pin(async move {
                let answer = answer.await;
                phase.idle();
                cut.fetch_or(arrival.cut(), Ordering::AcqRel);
                answer
            })
        })
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(house.limits.idle).max_buf_size(64 * 1024).keep_alive(stopped.is_some());
    let io = TokioIo::new(Impatient::new(stream, phase, &house.limits));
    let mut connection = http.serve_connection(io, service);
    let stop = async {
        match stopped {
            Some(mut stopped) => {
                // An error: the sender is gone, and with it the process.
                let _ = stopped.changed().await;
            }
            None => std::future::pending().await,
        }
    };
    let ended = tokio::select! {
        ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => ended,
        () = stop => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|cx| connection.poll_without_shutdown(cx)).await
        }
    };
    if ended.is_ok() {
        let mut io = connection.into_parts().io.into_inner();
        if cut.load(Ordering::Acquire) {
            linger(&mut io).await;
        } else {
            let _ = io.shutdown().await;
        }
    }
}

/// Closes a connection on which something is still on its way: closing at once would reset it, and the client would lose the answer
/// that says why (RFC 9112, 9.6).
async fn linger<S: AsyncReadExt + AsyncWriteExt + Unpin>(stream: &mut S) {
    let _ = stream.shutdown().await;
    let rest = async {
        let (mut sink, mut read) = ([0; 8 * 1024], 0);
        while read < 4 * 1024 * 1024 {
            match stream.read(&mut sink).await {
                Ok(n) if n > 0 => read += n,
                _ => break,
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), rest).await;
}

/// SIGTERM or Ctrl-C.
pub async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Binds the address; port 0 takes a free one.
///
/// # Errors
/// A sentence for the operator.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let listener = TcpListener::bind(address).await.map_err(|e| format!("cannot listen on {address}: {e}"))?;
    let local = listener.local_addr().map_err(|e| e.to_string())?;
    Ok((listener, local))
}
