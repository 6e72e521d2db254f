//! What an endpoint's path can name in the world: own, of the same incident, of another one, of none; and forms that would do something.

use super::matrix::{Rule, State, Who};
use super::viewers::Viewers;
use crate::support::{Told, World};
use uuid::Uuid;

/// One thing that a path names.
#[derive(Clone, Debug)]
pub struct Object {
    /// The path, filled in.
    pub path: String,
    /// Where it stands; `None`: at no incident.
    pub state: Option<State>,
    /// Whose conversation, quote or link it is.
    pub owner: Option<Who>,
    /// There is such a thing there.
    pub there: bool,
}

impl Rule {
    /// Whether somebody may, by this rule.
    pub fn lets(self, who: Who, object: &Object) -> bool {
        let at = |states: &[State]| object.state.is_some_and(|s| states.contains(&s));
        match self {
            Self::Everybody => true,
            Self::Nobody => false,
            Self::These(these) => these.contains(&who),
            Self::At(rows) => object.there && rows.iter().any(|(states, these)| at(states) && these.contains(&who)),
            Self::Own(states) => object.there && at(states) && object.owner == Some(who),
            Self::Link => object.there,
        }
    }
}

/// The incidents with what they are.
pub fn incidents(world: &World) -> [(State, &Told); 7] {
    [
        (State::Open, &world.open),
        (State::Resolved, &world.resolved),
        (State::Review, &world.review),
        (State::Closed, &world.closed),
        (State::Planned, &world.planned),
        (State::Imported, &world.imported),
        (State::Foreign, &world.foreign),
    ]
}

/// Everything that this path can name.
pub fn objects(world: &World, viewers: &Viewers, path: &str) -> Vec<Object> {
    if path.contains("{key}") {
        let mut all: Vec<Object> =
            incidents(world).into_iter().map(|(state, told)| at_incident(world, path, state, told)).collect();
        let nowhere = fill(path, "INC-9999", &Uuid::from_u128(9).to_string());
        all.push(Object { path: nowhere, state: None, owner: None, there: false });
        // A thing of one incident under the key of another.
        if let Some(id) = nested(path, &world.review) {
            let path = fill(path, &world.foreign.key.to_string(), &id);
            all.push(Object { path, state: Some(State::Foreign), owner: None, there: false });
        }
        return all;
    }
    if path.starts_with("/one-on-one/") {
        let mut all = Vec::new();
        for (state, told) in incidents(world) {
            for (name, voice) in &told.voices {
                let path =
                    path.replace("{invitation}", &voice.invitation.to_string()).replace("{session}", &voice.session.to_string());
                let owner = viewers.who(name).filter(|who| *who != Who::Guest || state == State::Review);
                all.push(Object { path: path.replace("{number}", "2"), state: Some(state), owner, there: true });
            }
        }
        let nobody = path.replace("{invitation}", &Uuid::from_u128(9).to_string()).replace("{number}", "2");
        all.push(Object {
            path: nobody.replace("{session}", &Uuid::from_u128(8).to_string()),
            state: None,
            owner: None,
            there: false,
        });
        return all;
    }
    if path == "/quotes/{id}" {
        let mut all = Vec::new();
        for (state, told) in incidents(world) {
            for (label, id) in &told.quotes {
                // Said once, a quote stays left out; that is told to its author in words.
                let owner = if matches!(label.as_str(), "waiting" | "unattributed") { Who::Other } else { Who::Named };
                let owner = if state == State::Review && *label == "left-out" { Who::Other } else { owner };
                all.push(Object { path: format!("/quotes/{id}"), state: Some(state), owner: Some(owner), there: true });
            }
        }
        all.push(Object { path: format!("/quotes/{}", Uuid::from_u128(9)), state: None, owner: None, there: false });
        return all;
    }
    if path.starts_with("/learnings/{id}") || path == "/thanks/{id}" {
        let (thanks, named) = (path == "/thanks/{id}", Some(Who::Named));
        let id = |told: &Told| if thanks { told.thanks.map(|t| t.0) } else { told.learning.map(|l| l.0) };
        let mut all: Vec<Object> = incidents(world)
            .into_iter()
            .filter_map(|(state, told)| Some((state, id(told)?)))
            .map(|(state, id)| {
                let owner = named.filter(|_| thanks);
                Object { path: path.replace("{id}", &id.to_string()), state: Some(state), owner, there: true }
            })
            .collect();
        let nothing = path.replace("{id}", &Uuid::from_u128(9).to_string());
        all.push(Object { path: nothing, state: None, owner: None, there: false });
        return all;
    }
    if path == "/planned/{item}" {
        let mut all: Vec<Object> = incidents(world)
            .into_iter()
            .filter_map(|(state, told)| {
                Some(Object { path: format!("/planned/{}", told.item?), state: Some(state), owner: None, there: true })
            })
            .collect();
        all.push(Object { path: format!("/planned/{}", Uuid::from_u128(9)), state: None, owner: None, there: false });
        return all;
    }
    if path == "/invitation/{token}" {
        let link = |told: &Told| format!("/invitation/{}", told.guest().link.as_deref().unwrap());
        return vec![
            Object { path: link(&world.review), state: Some(State::Review), owner: None, there: true },
            // A link that ended explains itself, and is looked at in `mail.rs`.
            Object { path: "/invitation/no-such-link".to_owned(), state: None, owner: None, there: false },
        ];
    }
    if path == "/reminders/{token}" || path == "/shared/{token}" {
        let path = path.replace("{token}", "no-such-link");
        return vec![Object { path, state: None, owner: None, there: false }];
    }
    if path == "/feed/{token}" {
        return vec![Object { path: "/feed/no-such-feed.atom".to_owned(), state: None, owner: None, there: false }];
    }
    if path == "/password/{token}" {
        let kept = &world.kept;
        return vec![
            Object { path: format!("/password/{}", kept.access_link), state: None, owner: None, there: true },
            Object { path: format!("/password/{}", kept.replaced_link), state: None, owner: None, there: false },
            Object { path: "/password/no-such-link".to_owned(), state: None, owner: None, there: false },
        ];
    }
    if path == "/hooks/{kind}/{token}" {
        let path = "/hooks/generic/no-such-hook".to_owned();
        return vec![Object { path, state: None, owner: None, there: false }];
    }
    if path == "/proposals/{id}" {
        let path = format!("/proposals/{}", world.kept.proposal);
        return vec![Object { path, state: None, owner: None, there: true }];
    }
    if path == "/teams/{team}" || path == "/services/{service}" {
        let filled = path.replace("{team}", &world.people.team.to_string()).replace("{service}", &world.kept.service.to_string());
        return vec![Object { path: filled, state: None, owner: None, there: true }];
    }
    if path.starts_with("/schedules/") {
        let (team, import) = (world.people.team.to_string(), world.kept.schedule.to_string());
        let filled = path.replace("{team}", &team).replace("{import}", &import);
        return vec![Object { path: filled, state: None, owner: None, there: true }];
    }
    if path == "/trends/changes/{annotation}/remove" {
        let filled = path.replace("{annotation}", &world.kept.annotation.to_string());
        return vec![Object { path: filled, state: None, owner: None, there: true }];
    }
    if path.starts_with("/settings/") {
        let kept = &world.kept;
        let filled = path
            .replace("{person}", &world.people.outsider.person_id.to_string())
            .replace("{team}", &kept.empty_team.to_string())
            .replace("{service}", &kept.service.to_string())
            .replace("{hook}", &kept.hook.to_string())
            .replace("{delivery}", &kept.delivery.to_string())
            .replace("{calendar}", &kept.calendar.to_string())
            .replace("{set}", &kept.question_set.to_string())
            .replace("{place}", "1")
            .replace("{letter}", "reset");
        assert!(!filled.contains('{'), "how is {path} filled in?");
        return vec![Object { path: filled, state: None, owner: None, there: true }];
    }
    let path = &path.replace("{tag}", "capacity").replace("/trends/{file}", "/trends/incidents.svg");
    let file = server::assets::hashed("main.css");
    let path = path.replace("{topic}", "promise").replace("{token}", "no-such-link").replace("/assets/{file}", &file);
    assert!(!path.contains('{'), "how is {path} filled in?");
    vec![Object { path, state: None, owner: None, there: true }]
}

fn at_incident(world: &World, path: &str, state: State, told: &Told) -> Object {
    let key = told.key.to_string();
    let is_nested = path.replace("{key}", "").replace("{section}", "").replace("{part}", "").contains('{');
    let own = nested(path, told);
    let other = || nested(path, &world.planned).or_else(|| nested(path, &world.review)).or_else(|| nested(path, &world.imported));
    let id = own.clone().or_else(other).unwrap_or_default();
    Object { path: fill(path, &key, &id), state: Some(state), owner: None, there: own.is_some() || !is_nested }
}

/// The id of the thing that the path names below an incident, if that incident has one.
fn nested(path: &str, told: &Told) -> Option<String> {
    let voice = told.voices.values().next();
    if path.contains("/events/{id}") {
        told.event.map(|e| e.to_string())
    } else if path.contains("{answer}") {
        told.placed.map(|(answer, _)| answer.to_string())
    } else if path.contains("{words}") {
        told.placed.map(|(_, words)| words.to_string())
    } else if path.contains("/hypotheses/{id}") {
        told.hypothesis.map(|h| h.to_string())
    } else if path.contains("/source/{id}") {
        told.source.map(|s| s.to_string())
    } else if path.contains("/factors/{id}") {
        told.factor.map(|f| f.to_string())
    } else if path.contains("/runbooks/{id}") {
        told.link.map(|l| l.to_string())
    } else if path.contains("/met/{id}") {
        told.met.map(|m| m.to_string())
    } else if path.contains("/thanks/{id}") {
        told.thanks.map(|t| t.to_string())
    } else if path.contains("/learnings/{id}") {
        told.learning.map(|l| l.to_string())
    } else if path.contains("/quotes/{id}") {
        told.quotes.values().next().map(|q| q.to_string())
    } else if path.contains("/passages/{id}") {
        told.passage.map(|p| p.to_string())
    } else if path.contains("/comments/{id}") {
        told.comment.map(|c| c.to_string())
    } else if path.contains("/themes/{id}") {
        told.theme.map(|t| t.to_string())
    } else if path.contains("/lines/{id}") {
        told.line.map(|l| l.to_string())
    } else if path.contains("/calls/{id}") {
        told.call.map(|c| c.to_string())
    } else if path.contains("{attachment}") {
        told.attachment.map(|a| a.to_string())
    } else if path.contains("{import}") {
        told.raw.import.map(|i| i.to_string())
    } else if path.contains("{author}") {
        told.raw.author.map(|a| a.to_string())
    } else if path.contains("{line}") {
        told.change.map(|c| c.to_string())
    } else if path.contains("{item}") {
        told.item.map(|i| i.to_string())
    } else if path.contains("{group}") {
        told.group.map(|g| g.to_string())
    } else if path.contains("{idea}") {
        told.idea.map(|i| i.to_string())
    } else if path.contains("{nomination}") {
        voice.map(|v| v.nomination.to_string())
    } else if path.contains("{invitation}") {
        voice.map(|v| v.invitation.to_string())
    } else {
        None
    }
}

fn fill(path: &str, key: &str, id: &str) -> String {
    let mut filled = path.replace("{key}", key).replace("{section}", "summary").replace("{part}", "room");
    for name in [
        "{id}",
        "{attachment}",
        "{answer}",
        "{words}",
        "{import}",
        "{author}",
        "{line}",
        "{item}",
        "{idea}",
        "{group}",
        "{nomination}",
        "{invitation}",
    ] {
        filled = filled.replace(name, id);
    }
    filled
}

/// A form that would do something if it were let.
pub fn form(world: &World, path: &str, object: &Object) -> Vec<(String, String)> {
    let p = &world.people;
    let foreign = object.state == Some(State::Foreign);
    let told = incidents(world).into_iter().find(|(state, _)| object.state == Some(*state)).map(|(_, told)| told);
    let talked = told.and_then(|t| t.voices.get(if foreign { &p.foreign_responder.name } else { &p.named.name }));
    let answer = talked.unwrap_or(world.review.voice(&p.named)).answers[&2].to_string();
    let person = |v: &domain::people::Viewer| v.person_id.to_string();
    let fields: Vec<(&str, String)> = match path {
        "/incidents" | "/incidents/{key}/edit" => vec![
            ("title", "Changed by somebody".into()),
            ("severity", "2".into()),
            ("date", "2026-03-01".into()),
            ("time", "10:00".into()),
            ("zone", "UTC".into()),
            ("version", "1".into()),
        ],
        "/incidents/{key}/events" | "/incidents/{key}/events/{id}" => vec![
            ("date", "2026-03-01".into()),
            ("time", "10:00".into()),
            ("zone", "UTC".into()),
            ("kind", "note".into()),
            ("body", "Changed by somebody".into()),
            ("version", "1".into()),
        ],
        "/incidents/{key}/events/{id}/settle" => vec![("placement", "undone".into()), ("version", "1".into())],
        "/incidents/{key}/events/{id}/undo" => vec![("version", "1".into())],
        "/incidents/{key}/events/{id}/mark" => vec![("mark", "mitigated".into())],
        "/incidents/{key}/hypotheses" | "/incidents/{key}/hypotheses/{id}" => vec![
            ("body", "Changed by somebody".into()),
            ("state", "dropped".into()),
            ("zone", "UTC".into()),
            ("version", "1".into()),
        ],
        "/incidents/{key}/hypotheses/{id}/delete" => vec![("version", "1".into())],
        "/incidents/{key}/attachments/describe" => match told.and_then(|told| told.attachment) {
            Some(id) => vec![("of", id.to_string()), ("text", "Changed by somebody".into())],
            None => Vec::new(),
        },
        "/incidents/{key}/paste" => {
            vec![("text", "10:00 Changed by somebody".into()), ("day", "2026-03-01".into()), ("zone", "UTC".into())]
        }
        "/incidents/{key}/paste/add" => vec![
            ("take", "0".into()),
            ("date", "2026-03-01".into()),
            ("time", "10:00".into()),
            ("zone", "UTC".into()),
            ("kind", "note".into()),
            ("body", "Changed by somebody".into()),
        ],
        "/incidents/{key}/paste/undo" => vec![("at", "2026-03-01T10:00:00Z".into())],
        "/incidents/bulk" => vec![("keys", "INC-1".into()), ("keys", "INC-3".into()), ("severity", "1".into())],
        "/incidents/{key}/access" => vec![("reach", "named".into())],
        "/incidents/{key}/access/people" | "/incidents/{key}/access/people/off" => vec![("person", person(&p.outsider))],
        "/incidents/{key}/history/{line}/restore" => vec![("base_version", "1".into())],
        "/incidents/{key}/delete" => vec![("key", told.unwrap_or(&world.open).key.to_string())],
        "/incidents/{key}/merge" => vec![("into", world.open.key.to_string())],
        "/trash" => vec![("key", world.open.key.to_string())],
        "/incidents/{key}/events/{id}/delete" => vec![("version", "1".into())],
        "/incidents/{key}/raw/tell"
        | "/incidents/{key}/raw/untell"
        | "/incidents/{key}/raw/attach"
        | "/incidents/{key}/raw/detach" => {
            let of = told.unwrap_or(&world.open);
            let event = of.event.or(world.open.event).map(|e| e.to_string()).unwrap_or_default();
            vec![("entry", of.raw.entry.map(|e| e.to_string()).unwrap_or_default()), ("event", event), ("version", "1".into())]
        }
        "/incidents/{key}/raw/authors/{author}" => vec![("role", "Changed by somebody".into())],
        "/vocabulary" | "/vocabulary/{tag}" => vec![
            ("name", "Changed by somebody".into()),
            ("definition", "Something else.".into()),
            ("parent", "condition".into()),
            ("version", "0".into()),
        ],
        "/trends/changes" => vec![("day", "2026-01-01".into()), ("words", "Changed by somebody".into())],
        "/vocabulary/{tag}/retire" => vec![("retired", "yes".into())],
        "/vocabulary/{tag}/merge" => vec![("into", "tech-debt".into())],
        "/incidents/{key}/factors" | "/incidents/{key}/factors/{id}" => {
            vec![("factor", "Changed by somebody".into()), ("tag", "code-change".into()), ("version", "1".into())]
        }
        "/incidents/{key}/learnings" | "/incidents/{key}/learnings/{id}" => {
            vec![("known", "Changed by somebody".into()), ("kind", "system".into()), ("version", "1".into())]
        }
        "/incidents/{key}/learnings/{id}/links" => vec![
            ("kind", "runbook".into()),
            ("link_title", "Changed by somebody".into()),
            ("address", "https://runbooks.example/two".into()),
        ],
        "/incidents/{key}/met" => {
            let learning = world.planned.learning.map(|l| l.to_string()).unwrap_or_default();
            vec![("learning", learning), ("note", "Changed by somebody".into())]
        }
        "/learnings/{id}/new" => vec![("new", "yes".into())],
        "/incidents/{key}/thanks" => {
            vec![("to", format!("team:{}", p.team)), ("words", "Changed by somebody".into())]
        }
        "/thanks/{id}" => vec![("answer", "yes".into())],
        "/incidents/{key}/one-on-ones/invite" => vec![("name", "Somebody New".into())],
        "/incidents/{key}/one-on-ones/{invitation}/talk" => {
            vec![("note-2", "Changed by somebody".into()), ("base_version", "0".into())]
        }
        "/incidents/{key}/one-on-ones/several" => vec![("addresses", "somebody.new@example.org".into())],
        "/incidents/{key}/one-on-ones/nominations/{nomination}" => vec![("aside", "yes".into())],
        "/one-on-one/{invitation}/{number}" => {
            let version = if object.state == Some(State::Review) { "1" } else { "0" };
            vec![("text", "Changed by somebody".into()), ("audience", "named".into()), ("base_version", version.into())]
        }
        "/one-on-one/{invitation}/agree" => {
            vec![("facilitator", person(if foreign { &p.foreign_facilitator } else { &p.facilitator }))]
        }
        "/one-on-one/{invitation}/sessions" => vec![
            ("day", "2026-02-02".into()),
            ("from", "15:00".into()),
            ("to", "16:00".into()),
            ("zone", "Europe/Copenhagen".into()),
            ("kind", "responding".into()),
        ],
        "/incidents/{key}/review/open" | "/incidents/{key}/review/appoint" => {
            vec![("facilitator", person(&p.foreign_facilitator))]
        }
        "/incidents/{key}/review/release" => vec![("person", person(if foreign { &p.foreign_facilitator } else { &p.leader }))],
        "/incidents/{key}/review/quotes" => vec![
            ("answer", answer),
            ("section", "surprised".into()),
            ("text", "Said by somebody".into()),
            ("paraphrase", "yes".into()),
            ("attribution", "unattributed".into()),
        ],
        "/incidents/{key}/review/size" => vec![("signals", "surprise".into()), ("version", "0".into())],
        "/incidents/{key}/review/preparation" => vec![
            ("date", "2026-03-20".into()),
            ("time", "10:00".into()),
            ("zone", "UTC".into()),
            ("minutes", "60".into()),
            ("version", "0".into()),
        ],
        "/incidents/{key}/review/preparation/{part}" => vec![("mark", "done".into())],
        "/incidents/{key}/review/passages" => {
            // Part of every answer there.
            vec![("answer", answer), ("passage", "is what was written here.".into())]
        }
        "/incidents/{key}/review/passages/{id}" => {
            let theme = told.and_then(|t| t.theme).map(|t| t.to_string()).unwrap_or_default();
            vec![("act", "move".into()), ("theme", theme)]
        }
        "/incidents/{key}/timeline/perspectives/place/{answer}" | "/incidents/{key}/timeline/perspectives/words/{words}" => {
            let event = told.unwrap_or(&world.review).event.map(|e| e.to_string()).unwrap_or_default();
            vec![("passage", "is what was written here.".into()), ("event", event), ("differs", "yes".into())]
        }
        "/incidents/{key}/timeline/perspectives/events/{id}" => {
            vec![("act", "save".into()), ("version", "0".into()), ("note", "Changed by somebody".into())]
        }
        "/incidents/{key}/review/meeting/turn" => vec![("stage", "story".into())],
        "/incidents/{key}/review/meeting/opening" => vec![("opening", "Changed by somebody".into()), ("version", "0".into())],
        "/incidents/{key}/review/meeting/lines" => vec![("kind", "note".into()), ("text", "Changed by somebody".into())],
        "/incidents/{key}/review/meeting/lines/{id}" => vec![("act", "out".into())],
        "/incidents/{key}/review/meeting/calls" => {
            vec![("person", person(&p.other_responder)), ("about", "Changed by somebody".into())]
        }
        "/incidents/{key}/review/meeting/calls/answer" => vec![("answer", "no".into())],
        "/incidents/{key}/review/themes/vote" => vec![("act", "close".into())],
        "/incidents/{key}/review/themes/agenda" | "/incidents/{key}/review/vote" => vec![("themes", "none".into())],
        "/incidents/{key}/review/after" => vec![("learned", "5".into())],
        "/incidents/{key}/review/themes" => vec![("name", "Changed by somebody".into())],
        "/incidents/{key}/review/themes/{id}" => {
            vec![("act", "save".into()), ("name", "Changed by somebody".into()), ("version", "1".into())]
        }
        "/incidents/{key}/review/links" => vec![("days", "7".into()), ("names", "yes".into()), ("outside", "yes".into())],
        "/incidents/{key}/review/links/end" => vec![("link", Uuid::from_u128(9).to_string())],
        "/incidents/{key}/review/again" => vec![("outcome", "still-true".into())],
        "/incidents/{key}/review/comments/{id}" => vec![("act", "resolve".into())],
        "/incidents/{key}/review/{section}/comments" => vec![("body", "Said by somebody".into())],
        "/incidents/{key}/review/quotes/{id}" => vec![("act", "drop".into()), ("version", "1".into())],
        "/incidents/{key}/review/deadline" => vec![("date", "2026-03-20".into()), ("time", "10:00".into())],
        "/incidents/{key}/review/{section}" => vec![("body", "Changed by somebody".into()), ("base_version", "1".into())],
        "/incidents/{key}/review/{section}/hints" => vec![("act", "off".into())],
        "/quotes/{id}" => vec![("decision", "leave-out".into()), ("version", "1".into())],
        "/incidents/{key}/park" => vec![("text", "We should do something".into())],
        "/incidents/{key}/planning/open" => vec![("reason", "It burns, and everybody agreed that it cannot wait".into())],
        "/incidents/{key}/planning/items" | "/incidents/{key}/planning/items/{item}" => {
            vec![("title", "Changed by somebody".into()), ("state", "open".into()), ("version", "1".into())]
        }
        "/incidents/{key}/planning/ideas/{idea}/sort" => vec![("act", "group".into()), ("name", "Changed by somebody".into())],
        "/incidents/{key}/planning/groups/{group}" => vec![("act", "rename".into()), ("name", "Changed by somebody".into())],
        "/planned/{item}" => vec![("verdict", "yes".into()), ("words", "Changed by somebody".into())],
        "/incidents/{key}/planners" => vec![("planner", person(&p.outsider))],
        "/profile" => vec![("name", "Changed By Somebody".into()), ("zone", "UTC".into())],
        "/profile/sessions/end" => vec![("session", "0".into())],
        "/password/{token}" => vec![("password", "a few calm words".into())],
        "/settings/people/invite" | "/settings/people/{person}" => vec![
            ("name", "Changed By Somebody".into()),
            ("email", "changed@example.org".into()),
            ("takes_part", "leadership".into()),
            ("administrator", "yes".into()),
        ],
        "/settings/teams"
        | "/settings/teams/{team}"
        | "/settings/services"
        | "/settings/services/{service}"
        | "/settings/holidays"
        | "/settings/holidays/{calendar}" => vec![("name", "Changed by somebody".into())],
        "/settings/teams/{team}/away" | "/settings/services/{service}/away" => vec![("away", "yes".into())],
        "/settings/severities" => vec![("name_1", "Changed".into())],
        "/settings/holidays/{calendar}/days" | "/settings/holidays/{calendar}/days/remove" => {
            vec![("day", "2026-12-25".into()), ("name", "Changed by somebody".into())]
        }
        "/settings/holidays/{calendar}/team" => vec![("team", p.team.to_string())],
        "/settings/questions/usual" => vec![("everybody", "shipped-2".into())],
        "/settings/questions/{set}" => vec![("name", "Changed by somebody".into()), ("base_version", "1".into())],
        "/settings/questions/{set}/arrange" => vec![("act", "down-1".into()), ("base_version", "1".into())],
        "/settings/questions/{set}/publish" => vec![("base_version", "1".into())],
        "/settings/questions/{set}/retire" => vec![("retire", "yes".into())],
        "/settings/questions/{set}/{place}" => {
            vec![("kind", "surprises".into()), ("text", "Changed by somebody?".into()), ("base_version", "1".into())]
        }
        "/settings/hooks" => vec![("name", "Changed by somebody".into())],
        "/proposals/{id}" => vec![("act", "open".into())],
        "/settings/review" => vec![("soak_days", "0".into()), ("smallest_group", "9".into())],
        "/settings/writing/rules" => vec![("rules", "off: [B1]".into())],
        "/pulse" => vec![("focus", "3".into())],
        "/settings/pulse" => vec![("on", "yes".into()), ("purpose", "Changed by somebody".into())],
        "/settings/newcomers" => vec![("zone", "UTC".into()), ("starts", "08:00".into()), ("ends", "16:00".into())],
        "/settings/mail" => vec![("reminder_first_days", "1".into()), ("reminder_quotes_days", "0".into())],
        "/settings/mail/{letter}" => {
            vec![("subject", "Changed by somebody".into()), ("text", "{link}".into()), ("act", "save".into())]
        }
        "/set-up/{token}" => vec![
            ("name", "Somebody New".into()),
            ("email", "new@example.org".into()),
            ("password", "three calm words".into()),
            ("again", "three calm words".into()),
            ("zone", "UTC".into()),
        ],
        "/profile/erase" => vec![("confirm", "erase".into())],
        "/profile/close" => vec![("confirm", "close".into())],
        "/one-on-one/{invitation}/erase" => vec![("what", "all".into()), ("confirm", "erase".into())],
        "/profile/letters" => vec![("digest", "weekly".into())],
        "/profile/feed" => vec![("act", "end".into())],
        "/profile/looks" => vec![("theme", "dark".into())],
        _ => Vec::new(),
    };
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
