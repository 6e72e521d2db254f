//! Who is who in a Slack workspace.

use crate::logs::json_value::Node;
use domain::timeline::raw::RawAuthor;
use std::collections::HashMap;

/// People and bots by their ids.
#[derive(Default)]
pub(super) struct People(HashMap<String, RawAuthor>);

impl People {
    /// Takes an entry of `users.json`.
    pub(super) fn add(&mut self, user: &Node<'_>) {
        let id = user.text("id");
        let profile = user.at("profile");
        let known = [profile.first(&["display_name", "real_name"]), user.first(&["real_name", "name"])];
        let name = known.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
        let machine = user.is_true("is_bot") || id == "USLACKBOT";
        let author = RawAuthor { id: id.clone(), name, email: profile.text("email"), machine };
        // A bot writes under the id of its integration.
        let bot = profile.text("bot_id");
        if machine && !bot.is_empty() {
            self.0.insert(bot, author.clone());
        }
        self.0.insert(id, author);
    }

    /// The name that people know an id by.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(|author| author.name.as_str())
    }

    /// Who wrote a message. One that `users.json` does not know, as a guest from another workspace, is named by the message itself.
    pub(super) fn author(&self, message: &Node<'_>) -> Option<RawAuthor> {
        let (user, bot) = (message.text("user"), message.text("bot_id"));
        let machine = !bot.is_empty() || message.text("subtype") == "bot_message";
        let id = if user.is_empty() { bot } else { user };
        if let Some(known) = self.0.get(&id) {
            return Some(RawAuthor { machine: known.machine || machine, ..known.clone() });
        }
        let profile = message.at(if machine { "bot_profile" } else { "user_profile" });
        let own = if machine { message.text("username") } else { String::new() };
        let name = if own.is_empty() { profile.first(&["display_name", "real_name", "name"]) } else { own };
        let name = if name.is_empty() { message.text("username") } else { name };
        (!id.is_empty() || !name.is_empty()).then(|| RawAuthor { id, name, email: String::new(), machine })
    }
}
