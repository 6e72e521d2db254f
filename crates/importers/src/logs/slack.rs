//! A Slack workspace export: which files are channels, and which of them are nobody's business.

mod blocks;
mod markup;
mod messages;
mod people;

use super::draft::ENTRIES_MAX;
use super::json_value::{Node, Source};
use super::payloads::documents;
use super::reports::Reports;
use super::unpack::File;
use domain::timeline::raw::ImportedLog;
use messages::Channel;
use people::People;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Lists at the top of an export; any other file there holds no messages.
const LISTS: [&str; 6] = ["channels.json", "groups.json", "dms.json", "mpims.json", "users.json", "org_users.json"];

/// Whether a file is one of the lists at the top of an export.
pub(super) fn is_list(path: &str) -> bool {
    LISTS.contains(&last(path))
}

/// What the lists at the top of an export say.
#[derive(Default)]
pub(super) struct Workspace {
    people: People,
    /// Ids of channels by their names.
    channels: HashMap<String, String>,
    /// Names of channels by their ids.
    names: HashMap<String, String>,
    /// Ids and names of conversations that are not open to all of the workspace.
    closed: HashSet<String>,
    /// A list of conversations could not be read: nobody can tell which of them are closed.
    unclear: bool,
    /// There is a list of the open channels, be it an empty one.
    listed: bool,
}

impl Workspace {
    /// The name of a channel by its id.
    fn channel_name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }

    fn read(files: &[File<'_>], reports: &Reports) -> Self {
        let mut workspace = Self::default();
        for file in files {
            if !is_list(&file.name) {
                continue;
            }
            let name = last(&file.name);
            let documents = documents(file, reports);
            workspace.listed |= name == "channels.json";
            let is_clear = matches!(&documents[..], [only] if only.json.is_list());
            workspace.unclear |= !is_clear && !name.ends_with("users.json");
            for document in documents {
                let source = Source { file: &file.name, line: document.line, reports };
                for item in Node::root(&document.json, &source).items() {
                    match name {
                        "users.json" | "org_users.json" => workspace.people.add(&item),
                        "channels.json" => {
                            workspace.names.insert(item.text("id"), item.text("name"));
                            workspace.channels.insert(item.text("name"), item.text("id"));
                        }
                        _ => workspace.closed.extend([item.text("id"), item.text("name")]),
                    }
                }
            }
        }
        workspace
    }

    /// Why a folder is left alone, if it is.
    fn refusal(&self, folder: &str) -> Option<&'static str> {
        let direct = folder.starts_with("mpdm-")
            || (folder.len() >= 9
                && folder.starts_with('D')
                && folder.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        if direct {
            return Some("Direct messages are never read");
        }
        if self.closed.contains(folder) {
            return Some(
                "Private channels and direct messages are not read along with an export; if the people of a private channel agree, import its folder alone",
            );
        }
        (self.listed && !self.channels.contains_key(folder)).then_some("Folders that channels.json does not name are not read")
    }
}

/// Reads an export, or a part of one: a channel's folder, a day's file.
pub(super) fn read(files: &[File<'_>], reports: &Reports) -> Vec<ImportedLog> {
    let workspace = Workspace::read(files, reports);
    if workspace.unclear {
        reports.unreadable(
            "",
            0,
            "Without that list nobody can tell which conversations are private, so nothing of the export was read.",
        );
        return Vec::new();
    }
    let mut channels: BTreeMap<&str, Vec<&File<'_>>> = BTreeMap::new();
    let mut refused: BTreeMap<&'static str, HashSet<&str>> = BTreeMap::new();
    let top = top(files);
    for file in files {
        let Some(folder) = folder(&file.name, top) else { continue };
        match workspace.refusal(folder) {
            Some(why) => {
                refused.entry(why).or_default().insert(folder);
            }
            None => channels.entry(folder).or_default().push(file),
        }
    }
    for (why, folders) in refused {
        let them = if folders.len() == 1 { "one folder was".to_owned() } else { format!("{} folders were", folders.len()) };
        reports.note("", 0, &format!("{why}: {them} left out."));
    }
    let mut logs = Vec::new();
    let mut total = 0;
    for (folder, mut files) in channels {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let id = workspace.channels.get(folder).filter(|id| !id.is_empty()).map_or(folder, String::as_str);
        let mut channel = Channel::new(&workspace, id, folder);
        for file in files {
            if total + channel.len() >= ENTRIES_MAX {
                reports.unreadable(
                    &file.name,
                    0,
                    &format!("More than {ENTRIES_MAX} messages; the rest was not read. Choose fewer channels."),
                );
                break;
            }
            for document in documents(file, reports) {
                let source = Source { file: &file.name, line: document.line, reports };
                channel.day(&Node::root(&document.json, &source));
            }
        }
        total += channel.len();
        let draft = channel.finish();
        if !draft.is_empty() {
            logs.extend(draft.finish(reports));
        }
    }
    if logs.is_empty() {
        reports.note("", 0, "No message was found in a channel.");
    }
    logs
}

/// The folder of the lists, with a `/` at its end; of a channel alone, nothing.
fn top<'a>(files: &'a [File<'_>]) -> Option<&'a str> {
    let lists = files.iter().filter(|f| is_list(&f.name));
    lists.map(|f| &f.name[..f.name.len() - last(&f.name).len()]).min_by_key(|folder| folder.len())
}

/// The channel that a file belongs to: its folder, or for a day's file alone its name. `None` for lists and what lies beside them.
fn folder<'a>(name: &'a str, top: Option<&str>) -> Option<&'a str> {
    let file = last(name);
    let path = &name[..name.len() - file.len()];
    if is_list(file) || top == Some(path) {
        return None;
    }
    let folder = last(path.trim_end_matches('/'));
    Some(if folder.is_empty() { file.trim_end_matches(".json") } else { folder })
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
