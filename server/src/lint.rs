//! `secondstory lint`: the hints of the writing assistant for files, as the app gives them, for editors and for git hooks.

use crate::cli::Outcome;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use writing::{Assistant, Lexicon, Own, Place, Severity};

/// Rules of the project that stand beside its texts, if nobody names others.
const BESIDE: &str = ".secondstory.yml";
/// Larger files are no reviews.
const LARGEST: u64 = 4 * 1024 * 1024;
/// How names of files in a folder end that are texts.
const ENDINGS: [&str; 5] = [".md", ".markdown", ".mdx", ".md.erb", ".txt"];

/// What `lint` takes.
#[derive(Args)]
pub(crate) struct Lint {
    /// Files, or folders of Markdown; none, or `-`, for what comes in.
    paths: Vec<PathBuf>,
    /// How hints are printed: for people, or one JSON object a line.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// What the texts are: not every rule applies everywhere.
    #[arg(long = "as", value_enum, default_value = "review")]
    place: Kind,
    /// Least strength that is shown.
    #[arg(long, value_enum, default_value = "low")]
    least: Least,
    /// Own rules (YAML). Default: .secondstory.yml, where there is one.
    #[arg(long)]
    rules: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Review,
    Factor,
    Questions,
    Comment,
    Plan,
    External,
}

#[derive(Clone, Copy, ValueEnum)]
enum Least {
    Low,
    Medium,
    High,
}

/// A hint as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    /// From 1.
    line: usize,
    /// Of its first letter, in characters from 1.
    column: usize,
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    suggestion: &'a str,
}

/// Runs it. Exit 0 without a hint, 1 with some, 2 where something could not be read.
pub(crate) fn run(args: &Lint) -> Outcome {
    Ok(match lint(args, &mut BufWriter::new(io::stdout().lock())) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("secondstory: {sentence}");
            ExitCode::from(2)
        }
    })
}

fn lint(args: &Lint, out: &mut impl Write) -> Result<usize, String> {
    let own = own(args.rules.as_deref())?;
    let lexicon = Lexicon::new(own.people.iter().map(String::as_str), own.systems.iter().map(String::as_str));
    let assistant = Assistant { lexicon: lexicon.into(), own: own.into(), ..Assistant::default() };
    let mut count = 0;
    if args.paths.is_empty() {
        count += one(&assistant, args, "-", &from_input()?, out)?;
    }
    for path in &args.paths {
        if path.as_os_str() == "-" {
            count += one(&assistant, args, "-", &from_input()?, out)?;
            continue;
        }
        for file in files(path)? {
            count += one(&assistant, args, &file.to_string_lossy(), &text(&file)?, out)?;
        }
    }
    out.flush().map_err(|e| e.to_string())?;
    Ok(count)
}

fn own(named: Option<&Path>) -> Result<Own, String> {
    let Some(path) = named.or_else(|| Some(Path::new(BESIDE)).filter(|path| path.is_file())) else { return Ok(Own::default()) };
    Own::read(&text(path)?).map_err(|wrong| format!("{}, line {}: {}", path.display(), wrong.line, wrong.reason))
}

fn from_input() -> Result<String, String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > LARGEST { Err("what came in is too long for a review".to_owned()) } else { Ok(lossy(&bytes)) }
}

fn text(path: &Path) -> Result<String, String> {
    let said = |e: io::Error| format!("{}: {e}", path.display());
    if std::fs::metadata(path).map_err(said)?.len() > LARGEST {
        return Err(format!("{}: too long for a review", path.display()));
    }
    Ok(lossy(&std::fs::read(path).map_err(said)?))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file itself, or the texts of a folder in the order of their names; what begins with a dot is left alone.
fn files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let said = |e: io::Error| format!("{}: {e}", path.display());
    if !std::fs::metadata(path).map_err(said)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut names: Vec<_> = std::fs::read_dir(path).map_err(said)?.collect::<Result<_, _>>().map_err(said)?;
    names.sort_by_key(std::fs::DirEntry::file_name);
    let mut found = Vec::new();
    for entry in names {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(said)?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            found.extend(files(&entry.path())?);
        } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn one(assistant: &Assistant, args: &Lint, file: &str, text: &str, out: &mut impl Write) -> Result<usize, String> {
    let place = match args.place {
        Kind::Review => Place::Review,
        Kind::Factor => Place::Factor,
        Kind::Questions => Place::Questions,
        Kind::Comment => Place::Comment,
        Kind::Plan => Place::Plan,
        Kind::External => Place::External,
    };
    let least = match args.least {
        Least::Low => Severity::Low,
        Least::Medium => Severity::Medium,
        Least::High => Severity::High,
    };
    let mut count = 0;
    let (mut line, mut begun, mut at) = (1, 0, 0);
    for hint in assistant.check(text, place).iter().filter(|hint| hint.rule.severity >= least) {
        for (n, _) in text[at..hint.at.start].match_indices('\n') {
            line += 1;
            begun = at + n + 1;
        }
        at = hint.at.start;
        count += 1;
        let column = text[begun..at].chars().count() + 1;
        let (rule, severity) = (hint.rule.id.as_ref(), hint.rule.severity.slug());
        let (message, suggestion) = (hint.rule.why.as_ref(), hint.rule.offer.as_ref());
        let written = match args.format {
            Format::Json => {
                let shown = Line { file, line, column, rule, severity, message, suggestion };
                serde_json::to_writer(&mut *out, &shown).map_err(io::Error::from).and_then(|()| writeln!(out))
            }
            Format::Text => {
                let words = text[hint.at.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
                writeln!(out, "{file}:{line}:{column}: {rule} {severity}: “{words}”\n    {message}")
                    .and_then(|()| if suggestion.is_empty() { Ok(()) } else { writeln!(out, "    {suggestion}") })
            }
        };
        written.map_err(|e| e.to_string())?;
    }
    Ok(count)
}
