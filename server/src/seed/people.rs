//! The sixty people of the synthetic organisation, in eight teams over five time zones.

use super::Chance;
use super::words::{FIRST_NAMES, LAST_NAMES, TEAMS};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::people::GlobalRole;
use domain::walltime::WorkPattern;
use domain::{PersonId, TeamId};
use store::seed::{self, Batch};

/// How many people there are.
const PEOPLE: usize = 60;
/// Those who sign in, with the demo's password; the others cannot.
const ACCOUNTS: [&str; 4] = ["member", "leadership", "facilitator", "admin"];
/// From here on one line manager a team, then the facilitators, then everybody else.
const MANAGERS: usize = ACCOUNTS.len();
const ZONES: [&str; 5] = ["Europe/Madrid", "Europe/London", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo"];

/// Somebody, as incidents need to know them.
pub(super) struct Person {
    pub(super) id: PersonId,
    pub(super) team: usize,
    pub(super) zone: &'static str,
    pub(super) manager: bool,
    pub(super) facilitates: bool,
    /// Takes part in incidents.
    pub(super) responds: bool,
}

/// Everybody.
pub(super) struct People {
    pub(super) teams: Vec<TeamId>,
    pub(super) all: Vec<Person>,
    pub(super) administrator: PersonId,
    /// `seed-facilitator@example.org`.
    pub(super) facilitator: usize,
}

/// Tells of teams and people.
pub(super) fn hire(batch: &mut Batch, chance: &mut Chance, hash: &str, now: DateTime<Utc>) -> People {
    let since = now - TimeDelta::days(6 * 365);
    let mut teams = Vec::new();
    for name in TEAMS {
        let id = TeamId(chance.id());
        batch.team(id, name, since);
        teams.push(id);
    }
    let mut all: Vec<Person> = Vec::with_capacity(PEOPLE);
    for n in 0..PEOPLE {
        let account = ACCOUNTS.get(n).copied();
        let manager = (MANAGERS..MANAGERS + TEAMS.len()).contains(&n);
        let facilitators = MANAGERS + TEAMS.len()..MANAGERS + 2 * TEAMS.len();
        all.push(Person {
            id: PersonId(chance.id()),
            team: n % TEAMS.len(),
            zone: chance.one::<&str>(&ZONES),
            manager,
            facilitates: account == Some("facilitator") || facilitators.contains(&n),
            responds: !matches!(account, Some("leadership" | "admin" | "facilitator")),
        });
    }
    let mut written: Vec<usize> = (0..PEOPLE).collect();
    // Managers first: others refer to them.
    written.sort_by_key(|n| !all[*n].manager);
    for n in written {
        let person = &all[n];
        let boss = all.iter().find(|p| p.manager && p.team == person.team).filter(|_| !person.manager);
        let account = ACCOUNTS.get(n).copied();
        let opens = NaiveTime::from_hms_opt(8 + u32::try_from(n % 3).unwrap_or_default(), 0, 0).unwrap_or(NaiveTime::MIN);
        let new = seed::Person {
            id: person.id,
            name: format!("{} {}", FIRST_NAMES[n % FIRST_NAMES.len()], LAST_NAMES[(n * 7) % LAST_NAMES.len()]),
            email: account.map_or_else(|| format!("person-{}@example.org", n + 1), |role| format!("seed-{role}@example.org")),
            password_hash: account.map(|_| hash.to_owned()),
            role: match account {
                Some("leadership") => GlobalRole::Leadership,
                Some("admin") => GlobalRole::Administrator,
                _ => GlobalRole::Member,
            },
            may_facilitate: person.facilitates,
            team_id: teams.get(person.team).copied(),
            manager_id: boss.map(|b| b.id),
            zone: person.zone.to_owned(),
            pattern: WorkPattern { start: opens, end: opens + TimeDelta::hours(8), ..WorkPattern::default() },
        };
        batch.person(new, since);
    }
    let at = |role: &str| ACCOUNTS.iter().position(|a| *a == role).unwrap_or_default();
    let administrator = all[at("admin")].id;
    People { teams, administrator, facilitator: at("facilitator"), all }
}
