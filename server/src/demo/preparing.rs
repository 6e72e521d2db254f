//! What the demo says of an incident before its review meets: signals of learning, and when the meeting is.

use super::files::Incident;
use crate::cli::told;
use chrono::{DateTime, Days, NaiveTime, Utc};
use domain::incidents::IncidentKey;
use domain::reviews::preparing::Meeting;
use domain::reviews::sizing::{Signal, Size, Sizing};
use domain::walltime;
use store::Store;

/// The hour at which demo meetings begin, on the clock of the incident's zone.
const HOUR: u32 = 14;

/// Ticks signals and plans the meeting, where the files say so.
///
/// # Errors
/// A sentence: an unknown signal or zone, or what the database said.
pub(super) async fn prepare(store: &Store, incident: &Incident, number: i64, now: DateTime<Utc>) -> Result<(), String> {
    if incident.signals.is_empty() && incident.meets_in_days.is_none() {
        return Ok(());
    }
    let viewer = store::people::viewer_by_email(store, "facilitator@demo").await.map_err(told)?;
    let viewer = viewer.ok_or("the demo has no facilitator")?;
    let id = store::incidents::by_key(store, &viewer, IncidentKey(number), now).await.map_err(told)?.incident.id;
    if !incident.signals.is_empty() {
        let known = |slug: &String| Signal::from_slug(slug).ok_or_else(|| format!("“{slug}” is no signal"));
        let signals = incident.signals.iter().map(known).collect::<Result<Vec<_>, _>>()?;
        let size = incident.state.has_review().then_some(Size::Full);
        store::reviews::size(store, &viewer, id, Sizing { signals, size, ..Sizing::default() }, now).await.map_err(told)?;
    }
    if let Some(days) = incident.meets_in_days {
        let zone = walltime::parse_zone(&incident.zone).map_err(|_| format!("{} is no time zone", incident.zone))?;
        let time = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
        let day = now.with_timezone(&zone).date_naive() + Days::new(days);
        let at = walltime::to_utc(zone, day.and_time(time)).at;
        let plan = Meeting {
            at,
            zone: incident.zone.clone(),
            minutes: 60,
            place: "The map room, and the usual link".to_owned(),
            version: 0,
        };
        store::reviews::plan_meeting(store, &viewer, id, plan, now).await.map_err(told)?;
    }
    Ok(())
}
