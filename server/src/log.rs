//! The log: lines for people or JSON for machines, to standard error, and never a word that somebody wrote.

use clap::ValueEnum;
use std::io::IsTerminal;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins to log. `SECOND_STORY_LOG` sets what is logged, in the words of `tracing_subscriber::EnvFilter`.
pub fn begin(format: Format) {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("SECOND_STORY_LOG").unwrap_or_else(|_| "info,sqlx=warn,hyper=warn".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        Format::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        Format::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    without_words_of_panics();
}

/// Of a panic only the place is logged: its message may quote what it stumbled over, a sentence of an answer for instance.
pub fn without_words_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}
