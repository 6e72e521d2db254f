//! Clients that are slow, silent or too many, on real sockets: they are let go in time, and everybody else is served meanwhile.

use crate::support::{App, on_sqlite, people};
use server::limits::Limits;
use server::process::Process;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

macro_rules! with_sockets {
    ($($case:ident),* $(,)?) => {
        $(#[test] fn $case() { on_sqlite(cases::$case); })*
    };
}

with_sockets! {
    a_head_that_trickles_is_closed,
    a_body_that_trickles_is_told_and_closed,
    a_body_that_keeps_its_rate_is_heard_however_long_it_takes,
    an_idle_connection_is_closed,
    an_answer_that_nobody_takes_is_given_up,
    an_address_holds_so_many_connections,
    what_is_too_large_is_told_before_the_connection_ends,
    a_head_that_is_too_long_is_told,
}

fn short() -> Limits {
    Limits {
        connections: 64,
        per_address: Some(8),
        headers: Duration::from_millis(400),
        idle: Duration::from_millis(3000),
        body: Duration::from_millis(400),
        body_rate: 1000,
        stalled: Duration::from_millis(400),
        drain: Duration::from_secs(2),
    }
}

/// The accept loop over this service.
struct House {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl House {
    async fn open(app: &App, limits: Limits) -> Self {
        let (listener, address) = server::listen::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let process = Arc::new(Process::default());
        let router = app.router.clone();
        tokio::spawn(
            async move { server::listen::serve(listener, router, process, limits, async { drop(stopped.await) }).await },
        );
        Self { address, _stop: stop }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Others are served while somebody is slow.
    async fn serves_others(&self) {
        let begun = Instant::now();
        let mut other = self.connect().await;
        other.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let answer = read(&mut other).await;
        assert!(answer.starts_with("HTTP/1.1 200") && begun.elapsed() < Duration::from_secs(2), "{answer}");
    }
}

/// All that comes until the connection ends, which it has to.
async fn read(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let ended = timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await;
    assert!(ended.is_ok(), "the connection is still open after {}", String::from_utf8_lossy(&all));
    String::from_utf8_lossy(&all).into_owned()
}

fn form(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\n\r\n"
    )
}

/// Sends a byte now and then; the milliseconds until the connection was closed.
async fn trickles(stream: &mut TcpStream, every: u64) -> u128 {
    let begun = Instant::now();
    for _ in 0..200 {
        let mut byte = [0];
        // Closed: either reading says so, or writing.
        match timeout(Duration::from_millis(every), stream.read(&mut byte)).await {
            Ok(Ok(0) | Err(_)) => return begun.elapsed().as_millis(),
            _ if stream.write_all(b"x").await.is_err() => return begun.elapsed().as_millis(),
            _ => {}
        }
    }
    panic!("it may trickle for ever")
}

mod cases {
    use super::*;

    pub async fn a_head_that_trickles_is_closed(app: App) {
        let house = House::open(&app, short()).await;
        let mut slow = house.connect().await;
        slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-long: ").await.unwrap();
        house.serves_others().await;
        let took = trickles(&mut slow, 40).await;
        assert!((300..2500).contains(&took), "{took} ms");
        // On a connection that was answered before, too: its time runs from the first byte of the second head.
        let mut second = house.connect().await;
        second.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        sleep(Duration::from_millis(100)).await;
        let mut answer = [0; 4096];
        assert!(second.read(&mut answer).await.unwrap() > 0);
        second.write_all(b"GET / HTTP").await.unwrap();
        let took = trickles(&mut second, 40).await;
        assert!((300..2500).contains(&took), "{took} ms");
    }

    pub async fn a_body_that_trickles_is_told_and_closed(app: App) {
        let house = House::open(&app, short()).await;
        let mut slow = house.connect().await;
        slow.write_all(form("/sign-in", 5000).as_bytes()).await.unwrap();
        slow.write_all(b"email=").await.unwrap();
        house.serves_others().await;
        let begun = Instant::now();
        let (mut reading, mut writing) = slow.into_split();
        let sending = tokio::spawn(async move {
            while writing.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        });
        let mut all = Vec::new();
        timeout(Duration::from_secs(5), reading.read_to_end(&mut all)).await.expect("closed").ok();
        let (answer, took) = (String::from_utf8_lossy(&all).into_owned(), begun.elapsed().as_millis());
        sending.abort();
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("took too long to arrive"), "{answer}");
        assert!((300..3000).contains(&took), "{took} ms");
    }

    pub async fn a_body_that_keeps_its_rate_is_heard_however_long_it_takes(app: App) {
        let house = House::open(&app, short()).await;
        let mut steady = house.connect().await;
        let body = format!("email=ada%40example.org&password={}", "x".repeat(2000));
        steady.write_all(form("/sign-in", body.len()).as_bytes()).await.unwrap();
        for part in body.as_bytes().chunks(150) {
            steady.write_all(part).await.unwrap();
            sleep(Duration::from_millis(80)).await;
        }
        let mut answer = vec![0; 64 * 1024];
        let n = timeout(Duration::from_secs(5), steady.read(&mut answer)).await.unwrap().unwrap();
        assert!(answer[..n].starts_with(b"HTTP/1.1 422"), "{}", String::from_utf8_lossy(&answer[..n]));
    }

    pub async fn an_idle_connection_is_closed(app: App) {
        let house = House::open(&app, short()).await;
        let mut silent = house.connect().await;
        let begun = Instant::now();
        assert_eq!(read(&mut silent).await, "");
        let took = begun.elapsed().as_millis();
        assert!((300..2500).contains(&took), "a new connection owes a head: {took} ms");
        let mut kept = house.connect().await;
        let begun = Instant::now();
        kept.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        house.serves_others().await;
        let answer = read(&mut kept).await;
        let took = begun.elapsed().as_millis();
        assert!(answer.starts_with("HTTP/1.1 200") && (2500..9000).contains(&took), "{took} ms: {answer}");
    }

    pub async fn an_answer_that_nobody_takes_is_given_up(app: App) {
        let process = Arc::new(Process::default());
        let (listener, address) = server::listen::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let large = axum::Router::new().fallback(|| async { "x".repeat(64 * 1024 * 1024) });
        let counted = Arc::clone(&process);
        tokio::spawn(async move {
            server::listen::serve(listener, large, counted, short(), async { drop(stopped.await) }).await;
        });
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        sleep(Duration::from_millis(200)).await;
        assert_eq!(process.connections(), 1);
        sleep(Duration::from_millis(1500)).await;
        assert_eq!(process.connections(), 0, "it holds no place any more");
        drop((stream, stop));
        drop(app);
    }

    pub async fn an_address_holds_so_many_connections(app: App) {
        let limits = Limits { headers: Duration::from_secs(5), ..short() };
        let house = House::open(&app, limits).await;
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(house.connect().await);
        }
        sleep(Duration::from_millis(50)).await;
        let mut more = house.connect().await;
        let answer = read(&mut more).await;
        assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("many open connections"), "{answer}");
        held.clear();
        sleep(Duration::from_millis(100)).await;
        house.serves_others().await;
    }

    pub async fn what_is_too_large_is_told_before_the_connection_ends(app: App) {
        let people = people(&app).await;
        let session = app.as_(&people.responder).await.session().unwrap();
        let house = House::open(&app, short()).await;
        let mut large = house.connect().await;
        let body = format!("name={}", "x".repeat(1024 * 1024));
        let head = form("/profile", body.len()).replace("host: x", &format!("host: x\r\ncookie: session={session}"));
        large.write_all(head.as_bytes()).await.unwrap();
        // The server stops reading long before all is sent.
        large.write_all(body.as_bytes()).await.unwrap();
        let answer = read(&mut large).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("more than fits"), "{answer}");
    }

    pub async fn a_head_that_is_too_long_is_told(app: App) {
        let house = House::open(&app, short()).await;
        for head in [
            format!("GET /help HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {}\r\n\r\n", "x".repeat(20 * 1024)),
            format!("GET /help?{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "x".repeat(10 * 1024)),
        ] {
            let mut long = house.connect().await;
            long.write_all(head.as_bytes()).await.unwrap();
            let answer = read(&mut long).await;
            assert!(answer.starts_with("HTTP/1.1 431") && answer.contains("longer than ours"), "{answer}");
        }
        let mut endless = house.connect().await;
        endless.write_all(format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(70 * 1024)).as_bytes()).await.unwrap();
        let answer = read(&mut endless).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}
