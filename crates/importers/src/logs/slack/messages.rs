//! The messages of a Slack channel.

use super::Workspace;
use super::blocks::Paragraphs;
use crate::logs::draft::{Draft, entry};
use crate::logs::json_value::Node;
use crate::logs::times;
use domain::timeline::raw::{RawEntry, RawKind};
use std::collections::HashSet;

/// A channel as its days are read.
pub(super) struct Channel<'a> {
    workspace: &'a Workspace,
    id: &'a str,
    name: &'a str,
    read: Vec<RawEntry>,
    draft: Draft,
    /// What was deleted, wherever in the export that is said.
    deleted: HashSet<String>,
}

impl<'a> Channel<'a> {
    pub(super) fn new(workspace: &'a Workspace, id: &'a str, name: &'a str) -> Self {
        Self { workspace, id, name, read: Vec::new(), draft: Draft::new(name.to_owned()), deleted: HashSet::new() }
    }

    /// Reads the file of a day, or what Slack's API answers about the history of a channel or a thread.
    pub(super) fn day(&mut self, day: &Node<'_>) {
        let answer = day.at("messages");
        for message in if answer.is_list() { answer.items() } else { day.items() } {
            if message.is_object() {
                self.message(&message);
            } else {
                message.report("This is no message; it was left out.");
            }
        }
    }

    fn message(&mut self, message: &Node<'_>) {
        match message.text("subtype").as_str() {
            // An edit carries the message as it is now.
            "message_changed" | "message_replied" => {
                let inner = message.at("message");
                if inner.is_object() && inner.text("subtype") != "message_changed" {
                    self.message(&inner);
                }
            }
            // Who deleted a message did not want it read.
            "tombstone" => {
                self.deleted.insert(self.name_of(&message.text("ts")));
            }
            "message_deleted" => {
                self.deleted.insert(self.name_of(&message.text("deleted_ts")));
            }
            subtype => self.written(message, subtype),
        }
    }

    fn written(&mut self, message: &Node<'_>, subtype: &str) {
        let ts = message.text("ts");
        let at = times::exact(&ts);
        let mut entry = entry(self.name_of(&ts), kind(subtype));
        if at.is_none() {
            message.report("The message has no time that can be read; it stays behind the one before it.");
            let client = message.text("client_msg_id");
            let place = || format!("{} {}", message.file().rsplit('/').next().unwrap_or_default(), message.place());
            entry.external_id = format!("{}/{}", self.id, if client.is_empty() { place() } else { client });
            entry.as_written = ts.clone();
        }
        entry.at = at;
        entry.author = self.workspace.people.author(message).and_then(|author| self.draft.author(author));
        entry.place = format!("#{}", self.name);
        let thread = message.text("thread_ts");
        entry.in_reply_to = Some(thread).filter(|thread| !thread.is_empty() && *thread != ts).map(|thread| self.name_of(&thread));
        let mut paragraphs = Paragraphs::new(self.workspace);
        paragraphs.markup(&message.text("text"));
        if paragraphs.is_empty() {
            paragraphs.blocks(&message.at("blocks"));
        }
        for attachment in message.at("attachments").items() {
            paragraphs.attachment(&attachment);
        }
        entry.text = paragraphs.text();
        entry.links = paragraphs.links;
        entry.reactions = message.at("reactions").items().iter().map(reaction).filter(|(name, _)| !name.is_empty()).collect();
        entry.files = message.at("files").items().iter().map(|file| file.first(&["name", "title"])).collect();
        if message.has("file") {
            entry.files.push(message.at("file").first(&["name", "title"]));
        }
        let edited = message.at("edited");
        entry.edited_at = if edited.is_null() { None } else { edited.time("ts") };
        self.read.push(entry);
    }

    /// Names a message: its channel and its time, in the one way of writing it.
    fn name_of(&self, ts: &str) -> String {
        let ts = times::exact(ts)
            .map_or_else(|| ts.to_owned(), |at| format!("{}.{:06}", at.timestamp(), at.timestamp_subsec_micros()));
        format!("{}/{ts}", self.id)
    }

    pub(super) fn len(&self) -> usize {
        self.read.len()
    }

    pub(super) fn finish(self) -> Draft {
        let mut draft = self.draft;
        for entry in self.read {
            if !self.deleted.contains(&entry.external_id) {
                draft.add(entry);
            }
        }
        draft
    }
}

fn kind(subtype: &str) -> RawKind {
    match subtype {
        ""
        | "bot_message"
        | "me_message"
        | "file_share"
        | "file_comment"
        | "thread_broadcast"
        | "reply_broadcast"
        | "slackbot_response"
        | "assistant_app_thread"
        | "document_mention" => RawKind::Message,
        // Who joined and left, a new topic, a pin.
        _ => RawKind::Other,
    }
}

fn reaction(reaction: &Node<'_>) -> (String, u32) {
    let users = u32::try_from(reaction.at("users").items().len()).unwrap_or(u32::MAX);
    (reaction.text("name"), reaction.text("count").parse().unwrap_or(users))
}
