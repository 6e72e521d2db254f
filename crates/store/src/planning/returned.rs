//! Factors that came back after something was done about them: about the system, for the planning rooms of both incidents.
//!
//! What makes two factors the same one stands in `same_factor!` alone: a tag that both count for. And both incidents concern the same service.

use crate::db::on;
use crate::standing::require;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::planning::Returned;
use domain::rights::Right;
use domain::vocabulary::Tag;
use domain::{IncidentId, ItemId};
use uuid::Uuid;

/// `f` is a tag of the factor that the item answers to, `g` one of a factor that was there later. What nobody has sorted is the same as nothing.
macro_rules! same_factor {
    () => {
        "g.counted = f.counted and f.counted <> 'unsorted'"
    };
}
/// What a row says about the factor.
macro_rules! factor_label {
    () => {
        "f.counted"
    };
}
/// `$1` the incident, `$2` the viewer, `$3` now. `h` is where the item was made, `l` the later incident. The item itself is told where
/// the viewer has the open room of `h`.
macro_rules! came_back {
    ($here:literal, $other:literal) => {
        concat!(
            "
select distinct ",
            factor_label!(),
            " as label, h.number as first_number, l.number as again_number, l.title as again_title, l.started_at, t.id as item_id,
  t.title as item_title, t.done_at,
  exists (select 1 from incident_roles r join walls w on w.incident_id = r.incident_id
    where r.incident_id = h.id and r.person_id = $2 and r.role = 'planner'
      and (w.opened_early_at is not null or (w.opens_at is not null and w.opens_at <= $3))) as plans
from items t join item_factors x on x.item_id = t.id join factor_tags f on f.factor_id = x.factor_id join incidents h on h.id = t.incident_id
  join incident_services a on a.incident_id = h.id join incident_services b on b.service_id = a.service_id
  join incidents l on l.id = b.incident_id join factor_tags g on g.incident_id = l.id and ",
            same_factor!(),
            "
where ",
            $here,
            " and h.id <> l.id and t.state = 'done' and t.done_at is not null and l.started_at > t.done_at and ",
            $other,
            "
order by l.started_at, l.number, t.done_at, t.id limit 30"
        )
    };
}
const FROM_HERE: &str = came_back!(
    "t.incident_id = $1",
    "l.trashed_at is null
  and (not l.restricted or exists (select 1 from incident_people n where n.incident_id = l.id and n.person_id = $2))"
);
const TO_HERE: &str = came_back!(
    "l.id = $1",
    "h.trashed_at is null
  and (not h.restricted or exists (select 1 from incident_people n where n.incident_id = h.id and n.person_id = $2))"
);

#[derive(sqlx::FromRow)]
struct ReturnedRow {
    label: String,
    first_number: i64,
    again_number: i64,
    again_title: String,
    started_at: DateTime<Utc>,
    item_id: Uuid,
    item_title: String,
    done_at: DateTime<Utc>,
    plans: bool,
}

/// Factors of this incident that came back after an item of it was done, and factors of it about which something was done elsewhere
/// before it began.
///
/// # Errors
/// [`StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn returned(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Returned>> {
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    // What helped is no setback when it helps again.
    let words = crate::vocabulary::read(&mut conn).await?;
    let mut all = Vec::new();
    for sql in [FROM_HERE, TO_HERE] {
        let rows: Vec<ReturnedRow> =
            on!(conn, db => sqlx::query_as(sql).bind(incident.0).bind(viewer.person_id.0).bind(now).fetch_all(db).await)?;
        for row in rows {
            let tag = Tag::parse(&row.label).ok_or(StoreError::Corrupt { table: "factor_tags", column: "counted" })?;
            if words.helped(&tag) {
                continue;
            }
            all.push(Returned {
                tag,
                first: IncidentKey(row.first_number),
                again: IncidentKey(row.again_number),
                again_title: row.again_title,
                item: row.plans.then_some((ItemId(row.item_id), row.item_title)),
                days: (row.started_at - row.done_at).num_days(),
            });
        }
    }
    // Where nothing of the item is told, two of them read the same.
    all.dedup_by(|a, b| a.item.is_none() && a == b);
    Ok(all)
}
