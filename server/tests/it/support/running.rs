//! The process itself, started as people start it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const PROCESS: &str = env!("CARGO_BIN_EXE_secondstory");

/// A command of the process, with nothing of this machine's own set-up.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROCESS);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SECOND_STORY_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// What a command that ends by itself says.
pub fn said(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// A service that listens; ended when it is dropped.
pub struct Running {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    lines: Receiver<String>,
    log: PathBuf,
}

impl Running {
    /// `serve` over an SQLite file in `data`, with the log at TRACE beside it, and these further arguments.
    pub fn serve(data: &Path, arguments: &[&str]) -> Self {
        let database = format!("sqlite://{}", data.join("second-story.db").display());
        let log = data.with_extension("log");
        let mut command = command(&["serve"]);
        if !arguments.contains(&"--database") {
            command.args(["--database", &database]);
        }
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(arguments).env("SECOND_STORY_LOG", "trace");
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap());
        let mut child = command.spawn().unwrap();
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let first = lines.recv_timeout(Duration::from_secs(20));
        let first = first.unwrap_or_else(|_| panic!("did not start: {}", std::fs::read_to_string(&log).unwrap()));
        let address = first.strip_prefix("listening on http://").unwrap_or_else(|| panic!("said {first:?}")).parse().unwrap();
        Self { child, address, lines, log }
    }

    /// The set-up link's path, if one is printed.
    pub fn set_up_path(&self) -> Option<String> {
        while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(800)) {
            if let Some(at) = line.find("/set-up/") {
                return Some(line[at..].to_owned());
            }
        }
        None
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// One request on a connection of its own, with these further header lines.
    pub fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> (u16, String) {
        let mut stream = self.connect();
        stream.write_all(self.request(method, path, headers, body).as_bytes()).unwrap();
        read(&mut stream)
    }

    /// Opens a page.
    pub fn get(&self, path: &str) -> (u16, String) {
        self.ask("GET", path, &[], "")
    }

    /// Sends a form.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        self.ask("POST", path, &[], &serde_urlencoded::to_string(fields).unwrap())
    }

    /// A connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// The bytes of a request.
    pub fn request(&self, method: &str, path: &str, headers: &[&str], body: &str) -> String {
        let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let form = if method == "POST" {
            format!("content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n", body.len())
        } else {
            String::new()
        };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n{form}{more}\r\n{body}",
            self.address
        )
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Waits for the end, so long at most.
    pub fn ended(&mut self, within: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < within, "it is still there");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Reads an answer to the connection's end: status and all of it.
pub fn read(stream: &mut TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(), answer)
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
