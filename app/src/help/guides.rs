//! The guides: long texts of `docs/`, readable here too. One text serves both: its links to other guides become links to their pages.

use crate::ui::Markdown;
use leptos::prelude::*;

/// A guide, by its file in `docs/`.
pub(super) struct Guide {
    pub(super) slug: &'static str,
    /// Its name in `docs/`, which other guides link to.
    file: &'static str,
    pub(super) icon: &'static str,
    /// For whom it is, and what is in it.
    pub(super) what: &'static str,
    text: &'static str,
}

/// All, in the order of the contents page.
pub(super) const GUIDES: [Guide; 5] = [
    Guide {
        slug: "my-words",
        file: "RESPONDERS.md",
        icon: "message-circle",
        what: "For who is asked: from the invitation to erasing",
        text: include_str!("../../../docs/RESPONDERS.md"),
    },
    Guide {
        slug: "facilitators",
        file: "FACILITATORS.md",
        icon: "users",
        what: "For who leads: prepare, invite, talk, write, publish, with a page to print",
        text: include_str!("../../../docs/FACILITATORS.md"),
    },
    Guide {
        slug: "admin",
        file: "ADMIN.md",
        icon: "settings",
        what: "For who keeps people, teams and settings, backs up and upgrades",
        text: include_str!("../../../docs/ADMIN.md"),
    },
    Guide {
        slug: "threats",
        file: "THREATS.md",
        icon: "shield-check",
        what: "Person by person: what stops them, what remains, what is not promised",
        text: include_str!("../../../docs/THREATS.md"),
    },
    Guide {
        slug: "contributing",
        file: "CONTRIBUTING.md",
        icon: "git-commit-horizontal",
        what: "For who changes Second Story itself",
        text: include_str!("../../../docs/CONTRIBUTING.md"),
    },
];

/// A part of a guide under a heading of its own.
struct Part {
    id: String,
    heading: &'static str,
    text: String,
}

impl Guide {
    /// Its first line.
    pub(super) fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// What stands before the first heading, and the parts.
    fn parts(&self) -> (String, Vec<Part>) {
        let (mut intro, mut parts, mut in_code) = (String::new(), Vec::<Part>::new(), false);
        for line in self.text.lines().skip(1) {
            in_code ^= line.starts_with("```");
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !in_code) {
                parts.push(Part { id: anchor(heading), heading, text: String::new() });
            } else {
                let text = parts.last_mut().map_or(&mut intro, |part| &mut part.text);
                text.push_str(line);
                text.push('\n');
            }
        }
        for part in &mut parts {
            part.text = linked(&part.text);
        }
        (linked(&intro), parts)
    }
}

/// The anchor that a heading has where `docs/` is read, so that an address of one place serves the other.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}

/// Links to other guides lead to their pages; other files of the repository are not here, and their names stay as words.
fn linked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let Some((target, behind)) = rest[at + 2..].split_once(')') else { break };
        out.push_str(&rest[..at]);
        if target.contains("://") || target.starts_with(['/', '#']) {
            out.push_str(&format!("]({target})"));
        } else if let Some(guide) = GUIDES.iter().find(|guide| guide.file == target) {
            out.push_str(&format!("](/help/{})", guide.slug));
        } else if let Some(open) = out.rfind('[') {
            out.remove(open);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The page of a guide: what it is, what is in it, its parts.
#[component]
pub(super) fn GuidePage(guide: &'static Guide) -> impl IntoView {
    let (intro, parts) = guide.parts();
    let contents = parts.iter().map(|part| view! { <li><a href=format!("#{}", part.id)>{part.heading}</a></li> }).collect_view();
    let told = parts
        .into_iter()
        .map(|part| view! { <h2 id=part.id>{part.heading}</h2><Markdown text=part.text class="md"/> })
        .collect_view();
    view! {
        <article class="page-narrow guide">
            <h1>{guide.title()}</h1>
            <div class="prose mt6">
                <Markdown text=intro class="md"/>
                <nav class="guide-contents" aria-label="On this page"><ol>{contents}</ol></nav>
                {told}
            </div>
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn links_lead_to_guides_that_are_here_and_to_nothing_else() {
        assert_eq!(linked("Read [who](THREATS.md) and [why](decisions/0004.md)."), "Read [who](/help/threats) and why.");
        assert_eq!(
            linked("[Leptos](https://leptos.dev) [a](/help) [b](#c) ]( x"),
            "[Leptos](https://leptos.dev) [a](/help) [b](#c) ]( x"
        );
        for guide in &GUIDES {
            let (intro, parts) = guide.parts();
            for text in parts.iter().map(|part| &part.text).chain([&intro]) {
                assert!(!text.contains(".md)"), "{}: {text}", guide.file);
            }
        }
    }

    #[test]
    fn a_guide_has_a_title_and_parts_with_anchors_of_their_own() {
        for guide in &GUIDES {
            assert!(!guide.title().is_empty() && !guide.title().starts_with('#'), "{}", guide.file);
            let (_, parts) = guide.parts();
            assert!(parts.len() > 4, "{}", guide.file);
            let anchors: BTreeSet<&str> = parts.iter().map(|part| part.id.as_str()).collect();
            assert_eq!(anchors.len(), parts.len(), "{}", guide.file);
        }
        assert_eq!(anchor("Publish, then let it rest"), "publish-then-let-it-rest");
    }
}
