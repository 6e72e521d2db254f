//! Mail: how it is set up, and the job that takes letters from the outbox to the mail server. Never in a request's path.
//!
//! No line of the log and no number says to whom, about what or with which link.

use crate::process::Process;
use app::site::Site;
use chrono::{DateTime, Utc};
use clap::Args;
use domain::mail::Trouble;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use store::Store;
use store::mail::Outgoing;

/// How often the outbox is looked into.
const EVERY: Duration = Duration::from_secs(5);
/// How long the mail server may take over one step of a letter.
const STEP: Duration = Duration::from_secs(20);
/// How long it may take over one letter.
const WHOLE: Duration = Duration::from_secs(90);

/// How mail is set up. Without it nothing is queued, and links are copied by hand.
#[derive(Args, Clone)]
pub struct Mail {
    /// The mail server: smtp://NAME:PASSWORD@HOST (port 587, STARTTLS), smtps://… (port 465); or @FILE, a file that holds it.
    #[arg(long, env = "SECOND_STORY_SMTP_URL", hide_env_values = true, value_parser = crate::host::database)]
    smtp_url: Option<String>,
    /// A file that holds the mail server's address, instead of the address itself.
    #[arg(long, env = "SECOND_STORY_SMTP_URL_FILE", conflicts_with = "smtp_url")]
    smtp_url_file: Option<PathBuf>,
    /// Who letters come from, such as "Second Story <stories@example.org>".
    #[arg(long, env = "SECOND_STORY_MAIL_FROM")]
    mail_from: Option<String>,
}

impl Mail {
    /// The way to the mail server, if one is set up. Nothing is asked of it yet.
    ///
    /// # Errors
    /// A sentence for the operator; it does not repeat the address, which may hold a password.
    pub fn post(&self) -> Result<Option<Post>, String> {
        let url = match (&self.smtp_url, &self.smtp_url_file) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(file)) => {
                Some(std::fs::read_to_string(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?.trim().to_owned())
            }
            (None, None) => None,
        };
        match (url.filter(|url| !url.is_empty()), &self.mail_from) {
            (None, _) => Ok(None),
            (Some(_), None) => Err("mail needs --mail-from, such as \"Second Story <stories@example.org>\"".to_owned()),
            (Some(url), Some(from)) => Post::new(&url, from).map(Some),
        }
    }
}

/// The way to the mail server.
#[derive(Clone)]
pub struct Post {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Post {
    /// By its address. To another machine the way is always encrypted; on this one plain SMTP is fine.
    ///
    /// # Errors
    /// A sentence for the operator, without the address.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        let from: Mailbox = from
            .parse()
            .map_err(|_| format!("--mail-from: \"{from}\" is no address such as \"Stories <stories@example.org>\""))?;
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(&encrypted(url)?)
            .map_err(|_| "the mail server's address cannot be read; write smtp://NAME:PASSWORD@HOST or smtps://…".to_owned())?
            .timeout(Some(STEP))
            .build();
        Ok(Self { smtp, from })
    }

    /// Whether the mail server answers and takes our name and password.
    ///
    /// # Errors
    /// What was in the way.
    pub async fn answers(&self) -> Result<(), Trouble> {
        match tokio::time::timeout(STEP, self.smtp.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(trouble(&error)),
            Ok(Ok(false)) | Err(_) => Err(Trouble::Unreachable),
        }
    }

    async fn send(&self, letter: &Outgoing, now: DateTime<Utc>) -> Result<(), Trouble> {
        let message = self.written(letter, now).ok_or(Trouble::Unwritable)?;
        match tokio::time::timeout(WHOLE, self.smtp.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(trouble(&error)),
            Err(_) => Err(Trouble::Unreachable),
        }
    }

    /// The letter as mail: both parts, nothing that leads outside, a Message-ID that says nothing.
    fn written(&self, letter: &Outgoing, now: DateTime<Utc>) -> Option<Message> {
        let to = Mailbox::new(None, letter.address.parse().ok()?);
        let id = format!("<{}@{}>", store::random::id().simple(), self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .date(SystemTime::from(now))
            .message_id(Some(id))
            .header(ByItself)
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), domain::mail::html(&letter.text)))
            .ok()
    }
}

/// `Auto-Submitted: auto-generated`: nobody's holiday note answers it.
#[derive(Clone)]
struct ByItself;

impl Header for ByItself {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The address with encryption asked for, unless the server is on this machine or the operator said otherwise.
fn encrypted(url: &str) -> Result<String, String> {
    let Some(rest) = url.strip_prefix("smtp://") else { return Ok(url.to_owned()) };
    if rest.contains("tls=opportunistic") && rest.contains('@') {
        return Err(
            "with a name and password the way to the mail server must be encrypted: leave tls=opportunistic out".to_owned()
        );
    }
    let host = rest.rsplit('@').next().unwrap_or(rest);
    let host = host.split(['/', '?']).next().unwrap_or(host);
    if is_here(host) || rest.contains("tls=") {
        return Ok(url.to_owned());
    }
    let mark = if rest.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{mark}tls=required"))
}

/// Whether this host, with or without a port, is this machine by its own name or address: `localhost.example.org` is another one.
fn is_here(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(name, _)| name);
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Which class of trouble this is. The words of the server are left behind: they may quote the address.
fn trouble(error: &lettre::transport::smtp::Error) -> Trouble {
    let code = error.status().map(|code| code.to_string());
    match code.as_deref() {
        Some("530" | "534" | "535" | "538") => Trouble::Credentials,
        Some(_) if error.is_permanent() => Trouble::Refused,
        Some(_) => Trouble::Later,
        None if error.is_tls() => Trouble::Unsafe,
        None if error.is_client() => Trouble::Credentials,
        None => Trouble::Unreachable,
    }
}

/// What one look into the outbox did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Letters that the mail server took.
    pub sent: u32,
    /// What was in the way of the one that ended the round.
    pub trouble: Option<Trouble>,
}

/// Sends what is due, one letter after the other, until nothing is or the server is in trouble.
///
/// # Errors
/// What the database said.
pub async fn round(store: &Store, post: &Post, clock: &(dyn Fn() -> DateTime<Utc> + Send + Sync)) -> store::Result<Round> {
    let mut round = Round::default();
    if store::mail::due(store, clock()).await? == 0 {
        return Ok(round);
    }
    while let Some(letter) = store::mail::next(store, clock()).await? {
        match post.send(&letter, clock()).await {
            Ok(()) => {
                store::mail::sent(store, letter.id, clock()).await?;
                round.sent += 1;
            }
            Err(trouble) => {
                let given_up = store::mail::not_sent(store, letter.id, trouble, clock()).await?;
                tracing::warn!(trouble = trouble.slug(), given_up, "a letter did not go");
                round.trouble = Some(trouble);
                if trouble != Trouble::Refused && trouble != Trouble::Unwritable {
                    break;
                }
            }
        }
    }
    Ok(round)
}

/// Sends letters until the process ends. Several services over one database share the work.
pub async fn run(site: Site, post: Post, process: Arc<Process>) {
    loop {
        match round(&site.store, &post, &*site.clock).await {
            Ok(Round { sent: 0, trouble: None }) => {}
            Ok(Round { sent, trouble: None }) => {
                crate::jobs::noted(&site, &process, "mail", Ok(format!("{sent} letters went."))).await;
            }
            Ok(Round { trouble: Some(trouble), .. }) => {
                let said = format!("A letter did not go: {}.", trouble.label());
                crate::jobs::noted(&site, &process, "mail", Err(said)).await;
            }
            Err(error) => tracing::warn!(%error, "the outbox could not be looked into"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_another_machine_is_encrypted() {
        let told = |url: &str| encrypted(url).expect("an address");
        assert_eq!(told("smtp://a:b@mail.example.org"), "smtp://a:b@mail.example.org?tls=required");
        for here in ["smtp://127.0.0.1:2525", "smtp://localhost", "smtp://[::1]:25", "smtp://localhost:25/"] {
            assert_eq!(told(here), here);
        }
        for elsewhere in ["smtp://localhost.example.org", "smtp://127.example.org:25"] {
            assert_eq!(told(elsewhere), format!("{elsewhere}?tls=required"));
        }
        assert_eq!(told("smtps://a:b@mail.example.org"), "smtps://a:b@mail.example.org");
        assert_eq!(told("smtp://relay.example.org?tls=opportunistic"), "smtp://relay.example.org?tls=opportunistic");
        assert!(encrypted("smtp://a:secret@relay.example.org?tls=opportunistic").unwrap_err().find("secret").is_none());
        assert!(Post::new("smtp://127.0.0.1:2525", "nobody").is_err());
        let refused = Post::new("mailto:a:secret@b", "Stories <stories@example.org>").map(|_| ()).unwrap_err();
        assert!(!refused.contains("secret"));
    }
}
