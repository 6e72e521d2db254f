//! A small mail server: speaks enough SMTP to be sent to, and keeps what it got.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What came for one delivery.
#[derive(Clone, Debug)]
pub struct Got {
    /// The envelope's recipient.
    pub to: String,
    /// Header and body as they came, line ends as `\n`.
    pub raw: String,
}

impl Got {
    /// The lines before the body.
    pub fn head(&self) -> &str {
        self.raw.split("\n\n").next().unwrap()
    }

    /// The value of a header line.
    pub fn header(&self, name: &str) -> Option<String> {
        let unfolded = self.head().replace("\n ", " ").replace("\n\t", " ");
        unfolded.lines().find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_owned()))
    }

    /// The part of this type, decoded.
    pub fn part(&self, kind: &str) -> String {
        let at = self.raw.find(&format!("Content-Type: {kind}")).unwrap_or_else(|| panic!("no {kind} in {}", self.raw));
        let (head, rest) = self.raw[at..].split_once("\n\n").unwrap();
        let body = rest.split("\n--").next().unwrap();
        match head.lines().find_map(|l| l.strip_prefix("Content-Transfer-Encoding: ")).unwrap_or("7bit") {
            "quoted-printable" => decoded(body),
            "7bit" | "8bit" => body.to_owned(),
            other => panic!("what is {other}?"),
        }
    }
}

/// Quoted-printable.
fn decoded(body: &str) -> String {
    let mut bytes = Vec::new();
    let joined = body.replace("=\n", "");
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' && after.len() >= 2 {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The server.
pub struct Sink {
    /// Where it listens.
    pub url: String,
    port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Sink {
    /// Listens on a port of its own.
    pub async fn open() -> Self {
        let mut sink = Self::closed().await;
        sink.up().await;
        sink
    }

    /// A port on which nothing answers yet.
    pub async fn closed() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        Self { url: format!("smtp://127.0.0.1:{port}"), port, got: Arc::default(), task: None }
    }

    /// From now on it answers.
    pub async fn up(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let got = Arc::clone(&self.got);
        self.task = Some(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&got)));
            }
        }));
    }

    /// What came so far.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// One connection. Who is called "refused" is not known here.
async fn talk(stream: TcpStream, got: Arc<Mutex<Vec<Got>>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    writer.write_all(b"220 sink ESMTP\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250-sink\r\n250 8BITMIME\r\n",
            "RCPT" if line.contains("<refused@") => "550 5.1.1 refused@example.org is nobody here\r\n",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 fine\r\n"
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.unwrap();
                let mut raw = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push('\n');
                }
                got.lock().unwrap().push(Got { to: to.clone(), raw });
                "250 kept\r\n"
            }
            "QUIT" => {
                let _ = writer.write_all(b"221 bye\r\n").await;
                return;
            }
            _ => "250 fine\r\n",
        };
        if writer.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
