//! The demo organisation: an invented one with a year and a half behind it, told in `server/demo/*.toml`.

mod afterwards;
mod days;
mod files;
mod log;
mod preparing;
mod telling;
#[cfg(test)]
mod whole;

use crate::cli::told;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use days::Days;
use domain::people::GlobalRole;
use domain::trends::Period;
use domain::walltime::{WorkPattern, parse_clock, parse_zone};
use domain::{PersonId, ServiceId, TeamId};
use files::{Files, Incident, Organisation};
use std::collections::HashMap;
use store::seed::{self, Batch};
use store::{Store, settings, trends};

/// The password of every demo account.
pub const PASSWORD: &str = "second-story-demo";

/// The organisation's people, teams and services by the keys that the files use.
struct Roster {
    teams: HashMap<String, TeamId>,
    services: HashMap<String, ServiceId>,
    people: HashMap<String, (PersonId, String)>,
    administrator: PersonId,
}

impl Roster {
    fn person(&self, key: &str) -> Result<PersonId, String> {
        self.people.get(key).map(|(id, _)| *id).ok_or_else(|| format!("the demo's files name {key}, who is nobody"))
    }

    fn zone(&self, key: &str) -> &str {
        self.people.get(key).map_or("UTC", |(_, zone)| zone)
    }
}

/// Fills an empty database with the demo organisation, as it would stand at `now`. `false`: the demo is there already.
///
/// # Errors
/// A sentence: the database holds something that is not a demo, or what the database said.
pub async fn fill(store: &Store, now: DateTime<Utc>) -> Result<bool, String> {
    if settings::is_demo(store).await.map_err(told)? {
        return Ok(false);
    }
    if !seed::is_empty(store).await.map_err(told)? {
        return Err(
            "this database holds something that is not a demo; please name another one with --data or --database".to_owned()
        );
    }
    let files = files::read()?;
    let hash = seed::hash(store, PASSWORD).await.map_err(told)?;
    let mut batch = Batch::new(store);
    let dated = dated(&files, now)?;
    let first = dated.first().map_or(now, |(days, _)| days.started);
    let roster = hire(&mut batch, &files.organisation, &hash, first - TimeDelta::days(30))?;
    for (number, (days, incident)) in (1..).zip(&dated) {
        telling::tell(&mut batch, &roster, number, days, incident, files.told.get(&incident.key))?;
    }
    batch.mark_demo();
    batch.commit(now).await.map_err(told)?;
    for (number, (days, incident)) in (1..).zip(&dated) {
        if let Some(log) = files.logs.get(&incident.key) {
            log::take_in(store, &roster, &log::Belongs { log, number, days }).await?;
        }
        preparing::prepare(store, incident, number, now).await?;
    }
    let numbered = (1..).zip(&dated).map(|(number, (days, incident))| (incident.key.as_str(), (number, days))).collect();
    afterwards::tell(&afterwards::Known { store, files: &files, roster: &roster, numbered, now }).await?;
    close_months(store, first, now).await?;
    Ok(true)
}

/// The incidents with their days, the earliest first.
fn dated(files: &Files, now: DateTime<Utc>) -> Result<Vec<(Days, &Incident)>, String> {
    let mut dated = Vec::with_capacity(files.incidents.len());
    for incident in &files.incidents {
        let zone = parse_zone(&incident.zone).map_err(|_| format!("{} is no time zone", incident.zone))?;
        dated.push((Days::of(incident, zone, now)?, incident));
    }
    dated.sort_by_key(|(days, _)| days.started);
    Ok(dated)
}

/// Tells of teams, services and people. All have accounts; those without a demo address of their own sign in with the same password.
fn hire(batch: &mut Batch, organisation: &Organisation, hash: &str, at: DateTime<Utc>) -> Result<Roster, String> {
    let mut teams = HashMap::new();
    for team in &organisation.team {
        let id = TeamId(store::random::id());
        batch.team(id, &team.name, at);
        teams.insert(team.key.clone(), id);
    }
    let mut services = HashMap::new();
    for service in &organisation.service {
        let id = ServiceId(store::random::id());
        let team = service.team.as_ref().and_then(|team| teams.get(team)).copied();
        batch.service(id, &service.name, &service.description, team, at);
        services.insert(service.key.clone(), id);
    }
    let known: HashMap<String, (PersonId, String)> =
        organisation.person.iter().map(|p| (p.key.clone(), (PersonId(store::random::id()), p.zone.clone()))).collect();
    let id_of = |key: &str| known.get(key).map(|(id, _)| *id);
    let administrator = organisation.person.iter().find(|p| p.administrator).and_then(|p| id_of(&p.key));
    let managers: HashMap<&str, &str> =
        organisation.person.iter().filter_map(|p| Some((p.manager_of.as_deref()?, p.key.as_str()))).collect();
    // Managers first: others refer to them.
    let (leads, others): (Vec<_>, Vec<_>) = organisation.person.iter().partition(|p| p.manager_of.is_some());
    for person in leads.into_iter().chain(others) {
        let manager = person.team.as_deref().and_then(|team| managers.get(team)).filter(|key| **key != person.key);
        let new = seed::Person {
            id: id_of(&person.key).ok_or("a person of the demo without an id")?,
            name: person.name.clone(),
            email: person.address(),
            password_hash: Some(hash.to_owned()),
            role: match (person.administrator, person.leadership) {
                (true, _) => GlobalRole::Administrator,
                (_, true) => GlobalRole::Leadership,
                _ => GlobalRole::Member,
            },
            may_facilitate: person.may_facilitate,
            team_id: person.team.as_ref().and_then(|team| teams.get(team)).copied(),
            manager_id: manager.and_then(|key| id_of(key)),
            zone: person.zone.clone(),
            pattern: WorkPattern { start: clock(&person.work_start)?, end: clock(&person.work_end)?, ..WorkPattern::default() },
        };
        batch.person(new, at);
    }
    let administrator = administrator.ok_or("the demo has no administrator")?;
    Ok(Roster { teams, services, people: known, administrator })
}

fn clock(text: &str) -> Result<NaiveTime, String> {
    parse_clock(text).map_err(|_| format!("{text} is no time"))
}

/// Closes each month on the day on which it would have been closed.
async fn close_months(store: &Store, first: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    let mut month = Period::month_of(first.date_naive()).previous();
    loop {
        let at = trends::closes_on(month).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(4);
        if at > now {
            return trends::close_months(store, now).await.map(|_| ()).map_err(told);
        }
        trends::close_months(store, at).await.map_err(told)?;
        month = month.next();
    }
}
