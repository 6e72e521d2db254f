//! What bots write beside the text of a message: blocks and attachments.

use super::Workspace;
use super::markup::{entities, link, person, plain};
use crate::logs::json_value::Node;
use domain::timeline::raw::RawLink;

/// Gathers paragraphs of a message.
pub(super) struct Paragraphs<'a> {
    workspace: &'a Workspace,
    pub(super) links: Vec<RawLink>,
    parts: Vec<String>,
}

impl<'a> Paragraphs<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, links: Vec::new(), parts: Vec::new() }
    }

    /// A text in Slack's markup.
    pub(super) fn markup(&mut self, text: &str) {
        let text = plain(text, self.workspace, &mut self.links);
        self.push(&text);
    }

    /// Bots say the same in several places; it is told once.
    fn push(&mut self, text: &str) {
        const NEAR: usize = 20;
        let text = text.trim();
        if !text.is_empty() && !self.parts.iter().rev().take(NEAR).any(|part| part == text) {
            self.parts.push(text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn text(&self) -> String {
        self.parts.join("\n")
    }

    /// The blocks of a message without a text.
    pub(super) fn blocks(&mut self, blocks: &Node<'_>) {
        for block in blocks.items() {
            match block.text("type").as_str() {
                "rich_text" => {
                    let text = self.rich(&block);
                    self.push(&text);
                }
                "image" | "video" => self.piece(&block.at(if block.has("title") { "title" } else { "alt_text" })),
                // Buttons are nothing that anybody said.
                "actions" | "divider" | "input" => {}
                _ => {
                    self.piece(&block.at("text"));
                    for part in ["fields", "elements"] {
                        for piece in block.at(part).items() {
                            self.piece(&piece);
                        }
                    }
                }
            }
        }
    }

    /// A text object: markup, or plain.
    fn piece(&mut self, piece: &Node<'_>) {
        if !piece.is_object() {
            let text = piece.as_text();
            return self.push(&text);
        }
        if piece.text("type") == "plain_text" {
            let text = piece.text("text");
            self.push(&text);
        } else if piece.has("alt_text") {
            let text = piece.text("alt_text");
            self.push(&text);
        } else {
            self.markup(&piece.text("text"));
        }
    }

    /// Rich text is a tree; its leaves are what people saw.
    fn rich(&mut self, node: &Node<'_>) -> String {
        let mut out = String::new();
        for element in node.at("elements").items() {
            match element.text("type").as_str() {
                "text" | "raw_text" => out.push_str(&element.text("text")),
                "link" => out.push_str(&link(&element.text("url"), &element.text("text"), &mut self.links)),
                "user" => out.push_str(&format!("@{}", person(&element.text("user_id"), "", self.workspace))),
                "channel" => {
                    let id = element.text("channel_id");
                    out.push_str(&format!("#{}", self.workspace.channel_name(&id).unwrap_or(&id)));
                }
                "usergroup" => out.push_str(&format!("@{}", element.text("usergroup_id"))),
                "broadcast" => out.push_str(&format!("@{}", element.text("range"))),
                "emoji" => out.push_str(&format!(":{}:", element.text("name"))),
                "date" => out.push_str(&element.first(&["fallback", "timestamp"])),
                _ => {
                    let inner = self.rich(&element);
                    if !out.is_empty() && !out.ends_with('\n') {
                        out.push('\n');
                    }
                    out.push_str(&inner);
                }
            }
        }
        out
    }

    /// An attachment. What Slack itself shows of a page that was linked to is none: nobody wrote it.
    pub(super) fn attachment(&mut self, attachment: &Node<'_>) {
        if ["from_url", "original_url", "app_unfurl_url"].iter().any(|key| attachment.has(key)) {
            return;
        }
        let before = self.parts.len();
        self.markup(&attachment.text("pretext"));
        let (title, address) = (attachment.text("title"), entities(&attachment.text("title_link")));
        if address.is_empty() {
            self.markup(&title);
        } else {
            let title = plain(&title, self.workspace, &mut Vec::new());
            let text = link(&address, &title, &mut self.links);
            self.push(&text);
        }
        self.markup(&attachment.text("text"));
        for field in attachment.at("fields").items() {
            let (name, value) = (field.text("title"), field.text("value"));
            self.markup(&if name.is_empty() || value.is_empty() { name + &value } else { format!("{name}: {value}") });
        }
        self.blocks(&attachment.at("blocks"));
        if self.parts.len() == before {
            self.markup(&attachment.text("fallback"));
        }
    }
}
