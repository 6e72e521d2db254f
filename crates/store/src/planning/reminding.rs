//! A quiet letter to who takes care of something: that a day is near or over for which it was meant, or that it is asked whether it helped.
//! How many of each, and no word of them: mail lies in places that no wall protects.

use crate::db::on;
use crate::mail::{self, Envelope};
use crate::people::{Told, Wisher, told};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::letters::Letter;
use domain::planning::{Verdict, asked_at, waits_in_words};
use domain::reminders;
use std::collections::HashMap;
use uuid::Uuid;

// As the lists of one's own items: behind an open wall, of an incident that is there for its owner.
const OWN: &str = "
select t.id, t.state, t.due_on, t.done_at
from items t join incidents i on i.id = t.incident_id join walls w on w.incident_id = i.id
where t.owner_id = $1 and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $1))
  and (w.opened_early_at is not null or (w.opens_at is not null and w.opens_at <= $2))
  and ((t.state in ('open', 'doing') and t.due_on is not null) or (t.state = 'done' and t.done_at is not null))";
const SAID: &str = "
select a.item_id, a.verdict, a.answered_at from item_answers a join items t on t.id = a.item_id
where t.owner_id = $1 and t.state = 'done'";

#[derive(sqlx::FromRow)]
struct OwnRow {
    id: Uuid,
    state: String,
    due_on: Option<NaiveDate>,
    done_at: Option<DateTime<Utc>>,
}

/// Queues a letter where a day has come since the last one, up to their today, on which somebody is reminded of what they take care of.
///
/// # Errors
/// What the database said.
pub async fn remind(store: &Store, wisher: &Wisher, now: DateTime<Utc>) -> Result<()> {
    let (person, name, from) = (wisher.viewer.person_id, wisher.viewer.name.as_str(), wisher.items_from);
    let Some(until) = wisher.today.checked_add_days(Days::new(1)).filter(|until| wisher.wishes.items && *until > from) else {
        return Ok(());
    };
    let mut conn = store.write().await?;
    if !told(&mut conn, person, Told::Items, from, until).await? {
        return Ok(());
    }
    let own: Vec<OwnRow> = on!(conn, db => sqlx::query_as(OWN).bind(person.0).bind(now).fetch_all(db).await)?;
    let rows: Vec<(Uuid, String, DateTime<Utc>)> = on!(conn, db => sqlx::query_as(SAID).bind(person.0).fetch_all(db).await)?;
    let mut said: HashMap<Uuid, Vec<(Verdict, DateTime<Utc>)>> = HashMap::new();
    for (item, verdict, at) in rows {
        let verdict = Verdict::from_slug(&verdict).ok_or(StoreError::Corrupt { table: "item_answers", column: "verdict" })?;
        said.entry(item).or_default().push((verdict, at));
    }
    let has_come = |day: &NaiveDate| (from..until).contains(day);
    let (mut near, mut over, mut asked) = (0, 0, 0);
    for item in own {
        match (item.due_on, item.done_at) {
            (Some(due), _) if item.state != "done" => {
                let reminded = reminders::item_days(due, &wisher.calendar).any(|day| has_come(&day));
                if due < wisher.today { over += usize::from(reminded) } else { near += usize::from(reminded) }
            }
            (_, Some(done)) => {
                let at = asked_at(done, said.get(&item.id).map_or(&[][..], Vec::as_slice));
                if at.is_some_and(|at| has_come(&at.with_timezone(&wisher.zone).date_naive())) {
                    asked += 1;
                }
            }
            _ => {}
        }
    }
    if let (Some(post), Some(what)) = (conn.post.clone(), waits_in_words(near, over, asked)) {
        let values = [("name", name), ("what", what.as_str()), ("link", &format!("{post}/planned"))];
        let words = mail::filled(&mut conn, Letter::Items, &values).await?;
        let envelope =
            Envelope { letter: Letter::Items, person, name, address: &wisher.address, incident: None, invitation: None };
        mail::queue(&mut conn, &envelope, &words, now).await?;
    }
    conn.commit().await
}
