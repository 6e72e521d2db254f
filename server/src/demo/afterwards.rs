//! What came after stories of the demo were published: thanks, whether learnings held, where they were met again, who had not known, who read.
//! Said through the doors that people use.

use super::Roster;
use super::days::Days as When;
use super::files::{Afterwards, Files, Held, Rota};
use crate::cli::told;
use chrono::{DateTime, Datelike, Days, TimeDelta, Utc};
use domain::incidents::IncidentKey;
use domain::learnings::thanks::Thanked;
use domain::learnings::{LearningStatus, LinkKind, NewLink};
use domain::people::Viewer;
use domain::schedules::{ReadSchedule, ReadShift};
use domain::walltime::{parse_clock, parse_zone, to_utc};
use domain::{IncidentId, LearningId, TeamId};
use std::collections::HashMap;
use store::learnings::NewLearning;
use store::{Store, learnings, people, reviews, schedules};

/// Thanks and words about learnings come this long after their story.
const AFTER: TimeDelta = TimeDelta::days(1);

/// An incident of the demo as it is found here.
struct Place {
    id: IncidentId,
    facilitator: Viewer,
    at: DateTime<Utc>,
}

/// What the files are looked up in.
pub(super) struct Known<'a> {
    pub(super) store: &'a Store,
    pub(super) files: &'a Files,
    pub(super) roster: &'a Roster,
    /// Each incident with its number and its days.
    pub(super) numbered: HashMap<&'a str, (i64, &'a When)>,
    pub(super) now: DateTime<Utc>,
}

impl Known<'_> {
    fn address(&self, key: &str) -> Result<String, String> {
        let person = self.files.organisation.person.iter().find(|p| p.key == key);
        person.map(|p| p.address()).ok_or_else(|| format!("the demo's files name {key}, who is nobody"))
    }

    async fn viewer(&self, key: &str) -> Result<Viewer, String> {
        let address = self.address(key)?;
        let viewer = people::viewer_by_email(self.store, &address).await.map_err(told)?;
        viewer.ok_or_else(|| format!("{key} has no account in the demo"))
    }

    fn team(&self, key: &str) -> Result<TeamId, String> {
        self.roster.teams.get(key).copied().ok_or_else(|| format!("the demo's files name {key}, which is no team"))
    }

    async fn place(&self, key: &str) -> Result<Place, String> {
        let (number, days) =
            self.numbered.get(key).ok_or_else(|| format!("the demo's files name {key}, which is no incident"))?;
        let incident = self.files.incidents.iter().find(|i| i.key == key);
        let facilitator = self.viewer(incident.and_then(|i| i.facilitator.as_deref()).unwrap_or_default()).await?;
        let at = days.published.map_or(self.now, |published| (published + AFTER).min(self.now));
        let page = store::incidents::by_key(self.store, &facilitator, IncidentKey(*number), self.now).await.map_err(told)?;
        Ok(Place { id: page.incident.id, facilitator, at })
    }

    async fn learning(&self, place: &Place, which: usize) -> Result<domain::learnings::Learning, String> {
        let all = learnings::learnings(self.store, &place.facilitator, place.id, self.now).await.map_err(told)?;
        all.into_iter().nth(which).ok_or_else(|| format!("the demo's files name learning {which}, which is not there"))
    }
}

/// Says all of it.
///
/// # Errors
/// A sentence: a name in the files is unknown, or what the database said.
pub(super) async fn tell(known: &Known<'_>) -> Result<(), String> {
    let Afterwards { thanks, learning, readers, rota } = &known.files.afterwards;
    for thanks in thanks {
        let place = known.place(&thanks.incident).await?;
        let asked = match (&thanks.team, &thanks.person) {
            (Some(team), _) => (Thanked::Team(known.team(team)?), None),
            (None, Some(person)) => {
                let person = known.viewer(person).await?;
                (Thanked::Person(person.person_id), Some(person))
            }
            (None, None) => return Err("thanks in the demo's files are to nobody".to_owned()),
        };
        let id =
            reviews::thank(known.store, &place.facilitator, place.id, asked.0, &thanks.words, place.at).await.map_err(told)?;
        if let (Some(person), true) = (asked.1, thanks.says_yes) {
            reviews::answer_thanks(known.store, &person, id, true, place.at).await.map_err(told)?;
        }
    }
    for held in learning {
        hold(known, held).await?;
    }
    for readers in readers {
        let place = known.place(&readers.incident).await?;
        for person in
            known.files.organisation.person.iter().filter(|p| p.team.as_ref().is_some_and(|t| readers.teams.contains(t)))
        {
            reviews::readers(known.store, &known.viewer(&person.key).await?, place.id, known.now).await.map_err(told)?;
        }
    }
    for rota in rota {
        on_call(known, rota).await?;
    }
    reviews::count_readers(known.store).await.map_err(told)
}

/// The schedule of a team, as an administrator imports it: shifts begin on Mondays, or every so many days from one on.
async fn on_call(known: &Known<'_>, rota: &Rota) -> Result<(), String> {
    let zone = parse_zone(&rota.zone).map_err(|_| format!("{} is no time zone", rota.zone))?;
    let hour = parse_clock(&rota.hands_over).map_err(|_| format!("{} is no time", rota.hands_over))?;
    let today = known.now.with_timezone(&zone).date_naive();
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()) + 7 * rota.weeks);
    let mut shifts = Vec::new();
    for (n, key) in (0..7 * (rota.weeks + rota.weeks_ahead) / rota.days).zip(rota.people.iter().cycle()) {
        let begins = |shift: u64| to_utc(zone, (monday + Days::new(shift * rota.days)).and_time(hour)).at;
        let names = vec![known.address(key)?];
        shifts.push(ReadShift { line: 0, starts_at: begins(n), ends_at: begins(n + 1), names });
    }
    let keeper = known.files.organisation.person.iter().find(|p| p.administrator).ok_or("the demo has no administrator")?;
    let by = known.viewer(&keeper.key).await?;
    let read = ReadSchedule { shifts, notes: Vec::new() };
    schedules::take_over(known.store, &by, known.team(&rota.team)?, &rota.zone, &read, known.now).await.map(|_| ()).map_err(told)
}

async fn hold(known: &Known<'_>, held: &Held) -> Result<(), String> {
    let place = known.place(&held.incident).await?;
    let (store, by) = (known.store, &place.facilitator);
    let before = known.learning(&place, held.which).await?;
    let id: LearningId = before.id;
    let mut details = before.details;
    details.status =
        LearningStatus::from_slug(&held.status).ok_or_else(|| format!("“{}” is no status of a learning", held.status))?;
    details.reason.clone_from(&held.reason);
    details.teams = held.teams.iter().map(|team| known.team(team)).collect::<Result<_, _>>()?;
    let new = NewLearning { kind: before.kind, body: before.body, before: before.before, worded_as_plan: false, details };
    learnings::change_learning(store, by, (place.id, id), before.version, &new, place.at).await.map_err(told)?;
    let links = [(LinkKind::Runbook, &held.runbook), (LinkKind::Exercise, &held.exercise)];
    for (kind, title) in links.into_iter().filter_map(|(kind, title)| Some((kind, title.as_ref()?))) {
        let link = NewLink { kind, title: title.clone(), address: held.address.clone(), day: None };
        learnings::add_link(store, by, (place.id, id), &link, place.at).await.map_err(told)?;
    }
    if let Some(later) = &held.met_by {
        let later = known.place(later).await?;
        learnings::meet(store, &later.facilitator, later.id, id, &held.note, later.at).await.map_err(told)?;
    }
    for reader in &held.new_to {
        learnings::say_new(store, &known.viewer(reader).await?, id, true, known.now).await.map_err(told)?;
    }
    Ok(())
}
