//! `secondstory user …` as somebody on the host types it, beside the service that runs.

use crate::support::{Running, said};
use std::process::Output;

/// A data folder with a service's database in it.
struct Place {
    _place: tempfile::TempDir,
    data: std::path::PathBuf,
}

impl Place {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        Self { _place: place, data }
    }

    fn user(&self, arguments: &[&str]) -> Output {
        let database = format!("sqlite://{}", self.data.join("second-story.db").display());
        said(&[&["user"], arguments, &["--database", &database]].concat())
    }

    fn add(&self, email: &str, name: &str, role: &str, more: &[&str]) -> Output {
        let account = ["add", "--email", email, "--name", name, "--role", role, "--password", "three calm words"];
        self.user(&[&account, more].concat())
    }
}

/// What a command that went well wrote.
#[track_caller]
fn fine(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The sentence of a command that did not.
#[track_caller]
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn sign_in(running: &Running, email: &str, password: &str) -> (u16, Option<String>) {
    let (status, answer) = running.post("/sign-in", &[("email", email), ("password", password)]);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: session="));
    (status, cookie.map(|value| format!("cookie: session={}", value.split(';').next().unwrap())))
}

#[test]
fn accounts_are_listed_one_a_line_with_their_roles() {
    let place = Place::new();
    let none = place.user(&["list"]);
    assert_eq!(fine(&none), "");
    assert!(String::from_utf8_lossy(&none.stderr).contains("No account yet. `secondstory user add` makes the first one."));
    fine(&place.add("ada@example.org", "Ada First", "administrator", &[]));
    fine(&place.add("bo@example.org", "Bo Second", "member", &["--may-facilitate", "--team", "Payments"]));
    fine(&place.add("cy@example.org", "Cy Third", "leadership", &[]));
    let lines = fine(&place.user(&["list"]));
    let lines: Vec<Vec<&str>> = lines.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(
        lines,
        [
            ["ada@example.org", "active", "administrator", "Ada First"],
            ["bo@example.org", "active", "member,may-facilitate", "Bo Second"],
            ["cy@example.org", "active", "leadership", "Cy Third"],
        ]
    );
    let twice = refused(&place.add("ADA@example.org", "Ada Again", "member", &[]));
    assert!(twice.contains("--email: "), "{twice}");
    let short = ["add", "--email", "d@example.org", "--name", "D", "--role", "member", "--password", "short"];
    let short = refused(&place.user(&short));
    assert!(short.contains("--password: "), "{short}");
}

#[test]
fn a_reset_link_sets_a_password_once_and_ends_sessions() {
    let place = Place::new();
    fine(&place.add("ada@example.org", "Ada First", "administrator", &[]));
    let running = Running::serve(&place.data, &[]);
    let (status, session) = sign_in(&running, "ada@example.org", "three calm words");
    let session = session.unwrap_or_else(|| panic!("{status}"));
    assert_eq!(running.ask("GET", "/profile", &[&session], "").0, 200);

    let reset = place.user(&["reset", "ada@example.org", "--base-url", "https://stories.example.org/"]);
    let link = fine(&reset);
    let path = link.trim().strip_prefix("https://stories.example.org").unwrap_or_else(|| panic!("{link}"));
    assert!(path.starts_with("/password/"), "{link}");
    let said = String::from_utf8_lossy(&reset.stderr).into_owned();
    assert!(said.contains("sets a new password and ends all sessions, once, until "), "{said}");
    assert_eq!(running.ask("GET", "/profile", &[&session], "").0, 200, "a link alone ends nothing");

    assert_eq!(running.get(path).0, 200);
    let words = [("password", "four other calm words"), ("again", "four other calm words")];
    assert_eq!(running.post(path, &words).0, 303);
    assert_eq!((running.get(path).0, running.post(path, &words).0), (404, 404), "once");
    assert_eq!(running.ask("GET", "/profile", &[&session], "").0, 303, "every session has ended");
    assert_eq!(sign_in(&running, "ada@example.org", "three calm words").1, None);
    assert!(sign_in(&running, "ada@example.org", "four other calm words").1.is_some());
    assert!(!running.log().contains(path.trim_start_matches("/password/")), "the log holds a link");

    let nobody = refused(&place.user(&["reset", "nobody@example.org"]));
    assert!(nobody.contains("there is no account nobody@example.org; `secondstory user list`"), "{nobody}");
}

#[test]
fn a_deactivated_account_is_out_at_once_and_gets_no_link() {
    let place = Place::new();
    fine(&place.add("ada@example.org", "Ada First", "administrator", &[]));
    fine(&place.add("bo@example.org", "Bo Second", "member", &[]));
    let running = Running::serve(&place.data, &[]);
    let session = sign_in(&running, "bo@example.org", "three calm words").1.unwrap();
    assert_eq!(running.ask("GET", "/incidents", &[&session], "").0, 200);
    let done = fine(&place.user(&["deactivate", "bo@example.org"]));
    assert!(done.contains("bo@example.org cannot sign in any more; every session has ended."), "{done}");
    assert_eq!(running.ask("GET", "/incidents", &[&session], "").0, 303);
    assert_eq!(sign_in(&running, "bo@example.org", "three calm words").1, None);
    let lines = fine(&place.user(&["list"]));
    assert!(lines.contains("bo@example.org\tdeactivated\t"), "{lines}");
    let link = refused(&place.user(&["reset", "bo@example.org"]));
    assert!(link.contains("bo@example.org is deactivated; an administrator can reactivate the account"), "{link}");
    let nobody = refused(&place.user(&["deactivate", "nobody@example.org"]));
    assert!(nobody.contains("there is no account nobody@example.org"), "{nobody}");
}
