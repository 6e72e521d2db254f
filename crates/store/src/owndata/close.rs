//! Closing an account: everything said goes, the person becomes "a former member", and nothing leads back to them.

use super::erase::{everything, leave_no_trace};
use crate::db::{Conn, on, run};
use crate::reviews;
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, mail, people, pulse, sessions};
use chrono::{DateTime, Utc};
use domain::PersonId;
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::text::fold;

/// What a closed account is called everywhere.
pub const FORMER: &str = "A former member";

/// Why an account cannot be closed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nobody else administers.
    LastAdministrator,
    /// Nobody else facilitates these open reviews.
    Facilitates(Vec<IncidentKey>),
}

const OTHER_ADMINISTRATORS: &str = "
select count(*) from people
where is_administrator and deactivated_at is null and id <> $1 and email is not null";
const LEADS_ALONE: &str = "
select i.number from incident_roles r join incidents i on i.id = r.incident_id
where r.person_id = $1 and r.role = 'facilitator' and i.state = 'in-review' and i.trashed_at is null and not exists (
  select 1 from incident_roles o join people p on p.id = o.person_id
  where o.incident_id = r.incident_id and o.role = 'facilitator' and o.person_id <> $1 and p.deactivated_at is null)
order by i.number";
const CLOSE: &str = "
update people set name = $2, name_folded = $3, email = null, email_folded = null, password_hash = null, is_member = $4,
  is_leadership = $4, is_administrator = $4, may_facilitate = $4, team_id = null, manager_id = null, zone = 'UTC', work_starts = 540,
  work_ends = 1020, work_days = 31, theme = 'system', deactivated_at = $5
where id = $1";
const UNMANAGE: &str = "update people set manager_id = null where manager_id = $1";
// What they led or planned that is over stays under their new name.
const RELEASE: &str = "
delete from incident_roles where person_id = $1 and (role = 'participant' or (role = 'facilitator' and incident_id in (
  select id from incidents where state = 'in-review')))";
const DISOWN: &str = "update items set owner_id = null where owner_id = $1 and state not in ('done', 'wont-do')";
const FORGET_TRIES: &str = "delete from attempts where bucket = $1 or bucket = $2";
const EMAIL: &str = "select email_folded from people where id = $1";

/// What keeps the viewer's account from being closed; `None`: nothing.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn keeps_account(store: &Store, viewer: &Viewer) -> Result<Option<Keeps>> {
    check_global(Right::OwnPages, viewer)?;
    keeps(&mut store.read().await?, viewer).await
}

async fn keeps(conn: &mut Conn, viewer: &Viewer) -> Result<Option<Keeps>> {
    let me = viewer.person_id.0;
    let others: i64 = on!(conn, db => sqlx::query_scalar(OTHER_ADMINISTRATORS).bind(me).fetch_one(db).await)?;
    if viewer.administrator && others == 0 {
        return Ok(Some(Keeps::LastAdministrator));
    }
    let leads: Vec<i64> = on!(conn, db => sqlx::query_scalar(LEADS_ALONE).bind(me).fetch_all(db).await)?;
    Ok((!leads.is_empty()).then(|| Keeps::Facilitates(leads.into_iter().map(IncidentKey).collect())))
}

/// Closes the viewer's account: erases all that they said, their name, address and password, and ends their sessions.
///
/// # Errors
/// [`StoreError::Refused`] while [`keeps_account`] says so.
pub async fn close_account(store: &Store, viewer: &Viewer, quotes_too: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let quotes = if quotes_too { reviews::Standing::Go } else { reviews::Standing::LoseName };
    let mut conn = store.write().await?;
    let me = viewer.person_id;
    // First, because it takes the writers' turn on PostgreSQL: two last administrators cannot both leave.
    audit::note(&mut conn, now, Some(me), "account.close", &me.to_string(), None).await?;
    match keeps(&mut conn, viewer).await? {
        None => {}
        Some(Keeps::LastAdministrator) => {
            return Err(StoreError::Refused("Nobody else administers. Please make another administrator first."));
        }
        Some(Keeps::Facilitates(_)) => {
            return Err(StoreError::Refused(
                "A review that is open has no other facilitator. Please have somebody appointed first.",
            ));
        }
    }
    everything(&mut conn, viewer, quotes, now).await?;
    reviews::forget_way_to(&mut conn, me).await?;
    leave(&mut conn, me, now).await?;
    conn.commit().await?;
    leave_no_trace(store).await;
    Ok(())
}

/// The person is "a former member" from now on: no name, no address, no way in.
pub(super) async fn leave(conn: &mut Conn, me: PersonId, now: DateTime<Utc>) -> Result<()> {
    let email: Option<Option<String>> = on!(conn, db => sqlx::query_scalar(EMAIL).bind(me.0).fetch_optional(db).await)?;
    let tries = email.flatten().map(|email| format!("account {email}")).unwrap_or_default();
    run!(conn, sqlx::query(FORGET_TRIES).bind(tries).bind(format!("confirm {me}")))?;
    run!(conn, sqlx::query(RELEASE).bind(me.0))?;
    run!(conn, sqlx::query(DISOWN).bind(me.0))?;
    mail::forget_person(conn, me).await?;
    pulse::forget(conn, me).await?;
    run!(conn, sqlx::query(UNMANAGE).bind(me.0))?;
    run!(conn, sqlx::query(CLOSE).bind(me.0).bind(FORMER).bind(fold(FORMER)).bind(false).bind(now))?;
    people::end_feed(conn, me).await?;
    people::forget_wishes(conn, me).await?;
    people::forget_history(conn, me).await?;
    reviews::end_shares_of(conn, me).await?;
    sessions::end_all_of(conn, me).await
}
