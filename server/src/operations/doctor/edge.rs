//! What stands before the service: the address that people type, the proxy, and whether both say the same.

use super::Finding;
use crate::host::Listen;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the running service may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn look(listen: &Listen) -> Vec<Finding> {
    vec![settings(listen), running(listen).await]
}

fn is_https(listen: &Listen) -> bool {
    listen.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
}

/// Holds the settings against one another; no proxy is asked.
fn settings(listen: &Listen) -> Finding {
    let local = listen.listen.ip().is_loopback();
    match listen.trusted_proxies {
        _ if !local && !is_https(listen) && !listen.insecure_http => Finding::broken(
            "proxy headers",
            format!("{} can be reached from other machines, and no https address is named: `serve` refuses this", listen.listen),
            "Name it: --base-url https://stories.example.org",
        ),
        0 if is_https(listen) => Finding::look(
            "proxy headers",
            "people come by https, so through a proxy, but none is trusted: all of them seem to have the proxy's address",
            "Give --trusted-proxies 1 (or how many there are), and let the proxy add the client's address to X-Forwarded-For. Limits on \
             sign-in are counted by address.",
        ),
        n if n > 0 && !local => Finding::look(
            "proxy headers",
            format!("{n} proxies are trusted, and {} can be reached past them", listen.listen),
            "Let only the proxy reach this port: whoever comes past it can name any address as their own in X-Forwarded-For.",
        ),
        n if n > 0 && !is_https(listen) => Finding::look(
            "proxy headers",
            format!("{n} proxies are trusted, but --base-url names no https address"),
            "Name the address that people type: links and cookies are made for it.",
        ),
        n => Finding::ok("proxy headers", format!("{n} trusted proxies fit the listen address and the base URL.")),
    }
}

/// Asks the running service, as a proxy would.
async fn running(listen: &Listen) -> Finding {
    let host = listen.base_url.as_deref().and_then(|url| url.split("://").nth(1)).unwrap_or("localhost");
    let (host, path) =
        host.split_once('/').map_or((host, String::new()), |(host, path)| (host, format!("/{}", path.trim_end_matches('/'))));
    let ask = async {
        let mut stream = TcpStream::connect(listen.listen).await?;
        let request = format!(
            "GET {path}/sign-in HTTP/1.1\r\nhost: {host}\r\nx-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: https\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&answer).into_owned())
    };
    let address = listen.listen;
    let Ok(answered) = tokio::time::timeout(PATIENCE, ask).await else {
        return Finding::broken(
            "service",
            format!("{address} does not answer within 3 s"),
            "Look at its log; is the database away?",
        );
    };
    let Ok(answer) = answered else {
        return Finding::ok("service", format!("nothing runs at {address}; settings were compared, not tried."));
    };
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_lowercase();
    let secure = head.contains("strict-transport-security:");
    match head.split(' ').nth(1) {
        Some("200") if secure == is_https(listen) => Finding::ok(
            "service",
            format!("{address} answers, made for {}.", listen.base_url.as_deref().unwrap_or("this machine alone")),
        ),
        Some("200") => Finding::look(
            "service",
            format!("what runs at {address} was started with another --base-url than is named here"),
            "Give doctor the same options or environment as the service. If both are meant, restart the service with an https --base-url.",
        ),
        status => Finding::broken(
            "service",
            format!("{address} answers with status {}", status.unwrap_or("none")),
            "Look at its log; the line carries the id of the request.",
        ),
    }
}
