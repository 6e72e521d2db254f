//! The words of the synthetic organisation. `{}` stands for the system that an incident is about.

use super::Chance;
use domain::timeline::EventKind;

pub(super) const TEAMS: [&str; 8] =
    ["Storefront", "Payments", "Search", "Warehouse", "Messaging", "Identity", "Data", "Platform"];

pub(super) const FIRST_NAMES: [&str; 30] = [
    "Aylin", "Bram", "Chiara", "Dawit", "Ewa", "Farid", "Greta", "Hiro", "Ingrid", "Jonas", "Katya", "Leon", "Malika", "Nils",
    "Oona", "Pedro", "Quinn", "Rasa", "Samir", "Tove", "Umar", "Vera", "Wim", "Ximena", "Yusuf", "Zora", "Anouk", "Bela",
    "Cosima", "Dmitri",
];

pub(super) const LAST_NAMES: [&str; 31] = [
    "Abara",
    "Bergqvist",
    "Castel",
    "Demir",
    "Eriksen",
    "Fontana",
    "Gallo",
    "Hakimi",
    "Ivanov",
    "Jensen",
    "Kowal",
    "Lindgren",
    "Mbeki",
    "Novak",
    "Okafor",
    "Petit",
    "Quiroga",
    "Rossi",
    "Sato",
    "Tamm",
    "Urbina",
    "Varga",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zeman",
    "Almeida",
    "Brandt",
    "Cohen",
    "Dufour",
    "Egan",
];

const SYSTEMS: [&str; 16] = [
    "the checkout",
    "the search index",
    "the mail queue",
    "the invoice run",
    "the sign-in page",
    "the mobile gateway",
    "the stock feed",
    "the image store",
    "the label printer bridge",
    "the payout job",
    "the notification fan-out",
    "the report warehouse",
    "the price cache",
    "the session store",
    "the returns desk",
    "the partner interface",
];

const BEHAVIOURS: [&str; 14] = [
    "answered slowly",
    "stopped taking new work",
    "showed yesterday’s numbers",
    "sent some messages twice",
    "lost its connections",
    "ran out of room",
    "refused new sessions",
    "fell behind by an hour",
    "restarted in a circle",
    "dropped one request in twenty",
    "answered with empty pages",
    "kept an old configuration",
    "could not reach its neighbour",
    "waited for a lock",
];

const CIRCUMSTANCES: [&str; 14] = [
    "after a certificate ran out",
    "during the nightly import",
    "while a replica caught up",
    "behind a new proxy",
    "in one region",
    "after a quiet release",
    "on the first of the month",
    "when a partner changed a field",
    "under a load test",
    "during a failover drill",
    "after the clocks changed",
    "while an index was rebuilt",
    "with a full log disk",
    "after a dependency moved",
];

pub(super) const SUMMARIES: &[&str] = &[
    "People noticed {} before the boards did, and it was brought back step by step.",
    "A part of the requests to {} was affected; the rest went on as usual.",
    "Nothing was lost in {}, and some of it came late.",
    "Two teams looked at {} from two sides and met in the middle.",
];

pub(super) const FACTORS: &[&str] = &[
    "The limit of {} was set for the load of two years ago.",
    "What {} depends on was written down for the old set-up only.",
    "The board of {} shows averages, and the averages looked fine.",
    "Three people know how {} starts, and one of them was there.",
    "The change to {} was tested with data that has no such case.",
    "The alert of {} rings often enough that a real one looks the same.",
];

pub(super) const LEARNINGS: &[&str] = &[
    "{} keeps its connections longer than its neighbours expect.",
    "A restart of {} takes as long as its oldest queue.",
    "Asking the desk first shows what {} looks like from outside.",
    "Two of the numbers of {} measure the same thing under two names.",
    "Handing {} over in writing took less time than it saved.",
];

pub(super) const SECTIONS: &[&str] = &[
    "At first {} looked like it does on any busy morning.",
    "The first reading of the logs pointed at the network, which was a sensible place to look.",
    "Somebody remembered a similar day, and compared.",
    "The queue of {} grew at an even pace, which turned out to matter.",
    "A second pair of eyes saw that only one region of {} was concerned.",
    "The desk had called customers before anybody asked for it.",
    "It was the third person who had the right to open the console of {}.",
    "By then the picture was clear enough to choose the slower and safer way.",
    "What had been a guess about {} became a measurement.",
];

pub(super) const ANSWERS: &[&str] = &[
    "I came in through a message from the desk and looked at {} first.",
    "I expected the queue to drain by itself, and it did the opposite.",
    "The board of {} was green the whole time.",
    "It helped that somebody wrote down what we had ruled out.",
    "I did not know whom to ask about {} at that hour.",
    "Two of us typed the same command, and it was harmless.",
    "I learned that {} reads its configuration only once.",
    "The page about {} describes the machine that we had before.",
    "I felt good about waiting five minutes before the restart.",
    "What I needed was a way to see one customer’s requests through {}.",
    "My picture changed when the second region stayed calm.",
    "I had a tab open with the right graph and did not trust it.",
];

pub(super) const ITEMS: &[&str] = &[
    "Show the age of the data of {} on its board",
    "Write down how {} starts, with somebody who has not done it",
    "Give {} a limit that fits its load of today",
    "Let the desk see the state of {}",
    "Rehearse the failover of {} in daylight",
];

pub(super) const EFFECTS: &[&str] = &[
    "Whoever looks at {} sees how old the numbers are.",
    "One more person can bring {} back at night.",
    "The next such load on {} is felt by nobody.",
];

/// Why an item is not done.
pub(super) const NOT_DONE: &str = "The part that it concerns is replaced next quarter.";

/// What events of a kind say.
pub(super) fn events(kind: EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::Detection => {
            &["The desk hears of {} from three customers.", "An alert for {} rings.", "A colleague sees the curve of {}."]
        }
        EventKind::Diagnosis => &[
            "The logs of {} show waits and no errors.",
            "{} is compared with the other region.",
            "A trace through {} ends at the same place each time.",
        ],
        EventKind::Change => {
            &["A release of {} is rolled out.", "A limit of {} is raised.", "Traffic moves to the second region of {}."]
        }
        EventKind::Decision => {
            &["It is decided to wait for the queue.", "The release of {} is taken back.", "The slower and safer way is chosen."]
        }
        EventKind::Mitigation => {
            &["One node of {} is taken out.", "The nightly job of {} is paused.", "{} is restarted, node by node."]
        }
        EventKind::Repair => &["The missing index of {} is built again.", "The broken part of {} is replaced."],
        EventKind::Communication => {
            &["The status page says that {} is slow.", "The desk gets a sentence for customers.", "Partners are told."]
        }
        EventKind::Handover => &["The morning shift takes over.", "Notes about {} pass to the next person."],
        EventKind::Recovery => &["{} answers at its usual pace.", "The queue of {} is empty again."],
        EventKind::WentRight => &["Somebody had kept a list of what was ruled out.", "The desk knew before anybody asked."],
        EventKind::Note | EventKind::KeyMoment => {
            &["The curve of {} goes up.", "The queue of {} stands still.", "It is quiet for ten minutes."]
        }
    }
}

/// One of these sentences, about this system.
pub(super) fn said(chance: &mut Chance, sentences: &[&str], system: &str) -> String {
    let sentence = *chance.one(sentences);
    let first = sentence.starts_with("{}");
    let text = sentence.replace("{}", system);
    if first { capital(&text) } else { text }
}

/// A title, and the system that it is about.
pub(super) fn title(chance: &mut Chance) -> (String, &'static str) {
    let system = *chance.one(&SYSTEMS);
    let title = format!("{} {} {}", capital(system), chance.one(&BEHAVIOURS), chance.one(&CIRCUMSTANCES));
    (title, system)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
