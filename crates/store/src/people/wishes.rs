//! Which letters somebody wishes for, and up to which day each was told.

use super::{ViewerRow, pattern};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, calendars};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::people::Viewer;
use domain::rights::Right;
use domain::walltime::{self, WorkCalendar};
use domain::wishes::{Rhythm, Wishes};
use domain::{PersonId, reminders};

const MINE: &str = "
select digest, anniversaries, items, sheet, digest_from, anniversaries_from, items_from, sheet_from from letter_wishes where person_id = $1";
const KEEP: &str = "
insert into letter_wishes (person_id, digest, anniversaries, items, sheet, digest_from, anniversaries_from, items_from, sheet_from)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (person_id) do update set digest = excluded.digest, anniversaries = excluded.anniversaries, items = excluded.items,
  sheet = excluded.sheet, digest_from = excluded.digest_from, anniversaries_from = excluded.anniversaries_from,
  items_from = excluded.items_from, sheet_from = excluded.sheet_from";
const FORGET: &str = "delete from letter_wishes where person_id = $1";
// Whoever takes care of something and never said what they wish is reminded from the first day on that this is seen.
const BEGIN: &str = "
insert into letter_wishes (person_id, digest, anniversaries, items, digest_from, anniversaries_from, items_from, sheet_from)
select p.id, '', $1, $2, $3, $3, $3, $3 from people p
where p.deactivated_at is null and p.email is not null and p.id in (select t.owner_id from items t)
  and not exists (select 1 from letter_wishes w where w.person_id = p.id)
on conflict (person_id) do nothing";
const WISHING: &str = "
select p.id, p.name, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate, p.team_id, p.zone, p.theme,
  p.email, p.work_starts, p.work_ends, p.work_days,
  w.digest, w.anniversaries, w.items, w.sheet, w.digest_from, w.anniversaries_from, w.items_from, w.sheet_from
from letter_wishes w join people p on p.id = w.person_id
where p.deactivated_at is null and p.email is not null
  and (w.digest <> '' or w.sheet <> '' or w.anniversaries or (w.items and exists (select 1 from items t where t.owner_id = p.id)))
order by p.id";

#[derive(sqlx::FromRow)]
struct WishesRow {
    digest: String,
    anniversaries: bool,
    items: bool,
    sheet: String,
    digest_from: NaiveDate,
    anniversaries_from: NaiveDate,
    items_from: NaiveDate,
    sheet_from: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct WishingRow {
    #[sqlx(flatten)]
    person: ViewerRow,
    email: String,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
    #[sqlx(flatten)]
    wishes: WishesRow,
}

impl WishesRow {
    fn wishes(&self) -> Result<Wishes> {
        let rhythm = |slug: &str, column| Rhythm::from_slug(slug).ok_or(StoreError::Corrupt { table: "letter_wishes", column });
        let (digest, sheet) = (rhythm(&self.digest, "digest")?, rhythm(&self.sheet, "sheet")?);
        Ok(Wishes { digest, anniversaries: self.anniversaries, items: self.items, sheet })
    }
}

/// Kinds of letters that are looked at day by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Digest,
    Anniversaries,
    Items,
    Sheet,
}

impl Told {
    /// Says that everything before `$3` was told; another service that told of it first leaves nothing to do.
    fn statement(self) -> &'static str {
        const DIGEST: &str =
            "update letter_wishes set digest_from = $3 where person_id = $1 and digest_from = $2 and digest <> ''";
        const ANNIVERSARIES: &str =
            "update letter_wishes set anniversaries_from = $3 where person_id = $1 and anniversaries_from = $2 and anniversaries";
        const ITEMS: &str = "update letter_wishes set items_from = $3 where person_id = $1 and items_from = $2 and items";
        const SHEET: &str = "update letter_wishes set sheet_from = $3 where person_id = $1 and sheet_from = $2 and sheet <> ''";
        match self {
            Self::Sheet => SHEET,
            Self::Digest => DIGEST,
            Self::Anniversaries => ANNIVERSARIES,
            Self::Items => ITEMS,
        }
    }
}

/// Somebody to whom it is a good time to write, and what they wish for.
#[derive(Clone, Debug)]
pub struct Wisher {
    /// Who: their rights are asked like on a page.
    pub viewer: Viewer,
    /// Where to.
    pub(crate) address: String,
    /// Their own clock.
    pub zone: Tz,
    /// Their working days.
    pub(crate) calendar: WorkCalendar,
    /// What they wish for.
    pub wishes: Wishes,
    /// Today, on their own clock.
    pub today: NaiveDate,
    /// The first day of whose stories they were not told.
    pub digest_from: NaiveDate,
    /// The first day of whose anniversaries they were not told.
    pub anniversaries_from: NaiveDate,
    /// The first day for which they were not reminded.
    pub(crate) items_from: NaiveDate,
    /// The first day of which no sheet told them.
    pub sheet_from: NaiveDate,
}

/// What the viewer wishes for.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn letter_wishes(store: &Store, viewer: &Viewer) -> Result<Wishes> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    mine(&mut conn, viewer.person_id).await?.map_or_else(|| Ok(Wishes::default()), |row| row.wishes())
}

async fn mine(conn: &mut Conn, person: PersonId) -> Result<Option<WishesRow>> {
    Ok(on!(conn, db => sqlx::query_as(MINE).bind(person.0).fetch_optional(db).await)?)
}

/// Keeps what the viewer wishes for. What is asked for anew begins today.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn wish_letters(store: &Store, viewer: &Viewer, wishes: Wishes, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let today = now.with_timezone(&walltime::parse_zone(&viewer.zone).unwrap_or(chrono_tz::UTC)).date_naive();
    let mut conn = store.write().await?;
    let before = mine(&mut conn, viewer.person_id).await?;
    let from = |wished: bool, day: fn(&WishesRow) -> NaiveDate| before.as_ref().filter(|_| wished).map_or(today, day);
    let digest_from = from(before.as_ref().is_some_and(|b| !b.digest.is_empty()), |b| b.digest_from);
    let anniversaries_from = from(before.as_ref().is_some_and(|b| b.anniversaries), |b| b.anniversaries_from);
    let sheet_from = from(before.as_ref().is_some_and(|b| !b.sheet.is_empty()), |b| b.sheet_from);
    let items_from = from(before.as_ref().is_some_and(|b| b.items), |b| b.items_from);
    run!(
        conn,
        sqlx::query(KEEP)
            .bind(viewer.person_id.0)
            .bind(wishes.digest.slug())
            .bind(wishes.anniversaries)
            .bind(wishes.items)
            .bind(wishes.sheet.slug())
            .bind(digest_from)
            .bind(anniversaries_from)
            .bind(items_from)
            .bind(sheet_from)
    )?;
    conn.commit().await
}

/// Forgets what somebody wished who leaves.
pub(crate) async fn forget_wishes(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(person.0))?;
    Ok(())
}

/// Everybody who wishes for letters and for whom it is a working day between nine and six; nobody where no mail is set up.
///
/// # Errors
/// What the database said.
pub async fn wishers(store: &Store, now: DateTime<Utc>) -> Result<Vec<Wisher>> {
    if !store.sends_mail() {
        return Ok(Vec::new());
    }
    let mut conn = store.write().await?;
    let Wishes { anniversaries, items, .. } = Wishes::default();
    run!(conn, sqlx::query(BEGIN).bind(anniversaries).bind(items).bind(now.date_naive()))?;
    let rows: Vec<WishingRow> = on!(conn, db => sqlx::query_as(WISHING).fetch_all(db).await)?;
    let mut wishers = Vec::new();
    for row in rows {
        let wishes = row.wishes.wishes()?;
        let WishesRow { digest_from, anniversaries_from, items_from, sheet_from, .. } = row.wishes;
        let viewer = row.person.into_viewer();
        let zone = walltime::parse_zone(&viewer.zone).unwrap_or(chrono_tz::UTC);
        let today = now.with_timezone(&zone).date_naive();
        let told = wishes.digest.turn(digest_from, today).is_none() && wishes.sheet.turn(sheet_from, today).is_none();
        if told && (!wishes.anniversaries || anniversaries_from > today) && (!wishes.items || items_from > today) {
            continue;
        }
        let pattern = pattern(row.work_starts, row.work_ends, row.work_days)?;
        let calendar = calendars::of(&mut conn, viewer.person_id, pattern).await?;
        if reminders::may_arrive(now, zone, &calendar) {
            let address = row.email;
            wishers.push(Wisher {
                viewer,
                address,
                zone,
                calendar,
                wishes,
                today,
                digest_from,
                anniversaries_from,
                items_from,
                sheet_from,
            });
        }
    }
    conn.commit().await?;
    Ok(wishers)
}

/// Says that everything before `until` is told. `false` where another service said so first, or the wish is gone.
pub(crate) async fn told(conn: &mut Conn, person: PersonId, what: Told, from: NaiveDate, until: NaiveDate) -> Result<bool> {
    Ok(run!(conn, sqlx::query(what.statement()).bind(person.0).bind(from).bind(until))? == 1)
}
