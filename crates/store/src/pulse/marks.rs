//! Marks: that somebody answered in a month, or did not want to be asked again. Whose a mark is, which month, and which of the two is sealed;
//! a reader of the database sees that there are so many, and not even when they came.

use crate::crypt::instance_keyring;
use crate::db::{Conn, on, run};
use crate::{Result, StoreError};
use chrono::NaiveDate;
use domain::trends::Period;
use domain::{PersonId, TeamId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

const FIND: &str = "select sealed from pulse_marks where quarter = $1 and mark = $2";
const PUT: &str = "
insert into pulse_marks (quarter, mark, sealed) values ($1, $2, $3)
on conflict (quarter, mark) do update set sealed = excluded.sealed";
const ALL: &str = "select mark, sealed from pulse_marks where quarter = $1";
const QUARTERS: &str = "select quarter from pulse_quarters where closed_at is null order by quarter";
const FORGET: &str = "delete from pulse_marks where quarter = $1 and mark = $2";

/// What a mark says: bits by month of the quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    answered: u8,
    not_now: u8,
    /// The team at the first answer, with which all answers of the quarter count; the outer `None` before it.
    home: Option<Option<TeamId>>,
}

/// Two bytes of months, one that says what the home is, sixteen of its id: always as long, so that a length says nothing.
const WRITTEN: usize = 19;

impl Mark {
    pub(super) fn has_answered(&self, place: usize) -> bool {
        self.answered & (1 << place) != 0
    }

    pub(super) fn is_not_now(&self, place: usize) -> bool {
        self.not_now & (1 << place) != 0
    }

    /// Marks an answer of somebody who has this team now; answers with which it counts.
    pub(super) fn answer(&mut self, place: usize, team: Option<TeamId>) -> Option<TeamId> {
        self.answered |= 1 << place;
        *self.home.get_or_insert(team)
    }

    pub(super) fn not_now(&mut self, place: usize) {
        self.not_now |= 1 << place;
    }

    fn written(&self) -> [u8; WRITTEN] {
        let mut bytes = [0; WRITTEN];
        bytes[..2].copy_from_slice(&[self.answered, self.not_now]);
        if let Some(home) = self.home {
            bytes[2] = if home.is_some() { 2 } else { 1 };
            bytes[3..].copy_from_slice(home.map_or(Uuid::nil(), |team| team.0).as_bytes());
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; WRITTEN] = bytes.try_into().ok()?;
        let home = match bytes[2] {
            0 => None,
            1 => Some(None),
            _ => Some(Some(TeamId(Uuid::from_slice(&bytes[3..]).ok()?))),
        };
        Some(Self { answered: bytes[0], not_now: bytes[1], home })
    }
}

/// Stands for a person in a quarter. It does not lead back to anybody without the instance key, and another quarter has another one.
fn name(conn: &Conn, quarter: Period, person: PersonId) -> Vec<u8> {
    let key = conn.keys.derived("pulse marks");
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()).expect("any length");
    mac.update(quarter.to_string().as_bytes());
    mac.update(person.0.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Binds what is sealed to its row.
fn associated(quarter: Period, name: &[u8]) -> Vec<u8> {
    [format!("pulse_marks\n{quarter}\n").as_bytes(), name].concat()
}

fn open(conn: &Conn, quarter: Period, name: &[u8], sealed: &[u8]) -> Result<Mark> {
    let clear = instance_keyring(&conn.keys, "pulse").open_bytes(&associated(quarter, name), sealed)?;
    Mark::read(&clear).ok_or(StoreError::Corrupt { table: "pulse_marks", column: "sealed" })
}

/// The mark of a person; one that says nothing where there is none.
pub(super) async fn find(conn: &mut Conn, quarter: Period, person: PersonId) -> Result<Mark> {
    let name = name(conn, quarter, person);
    let sealed: Option<Vec<u8>> =
        on!(conn, db => sqlx::query_scalar(FIND).bind(quarter.first_day()).bind(name.clone()).fetch_optional(db).await)?;
    sealed.map_or(Ok(Mark::default()), |sealed| open(conn, quarter, &name, &sealed))
}

pub(super) async fn put(conn: &mut Conn, quarter: Period, person: PersonId, mark: &Mark) -> Result<()> {
    let name = name(conn, quarter, person);
    let sealed = instance_keyring(&conn.keys, "pulse").seal_bytes(&associated(quarter, &name), &mark.written());
    run!(conn, sqlx::query(PUT).bind(quarter.first_day()).bind(name).bind(sealed))?;
    Ok(())
}

/// How many people answered in a quarter at least once.
pub(super) async fn people(conn: &mut Conn, quarter: Period) -> Result<u32> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = on!(conn, db => sqlx::query_as(ALL).bind(quarter.first_day()).fetch_all(db).await)?;
    let mut people = 0;
    for (name, sealed) in rows {
        people += u32::from(open(conn, quarter, &name, &sealed)?.answered != 0);
    }
    Ok(people)
}

async fn open_quarters(conn: &mut Conn) -> Result<Vec<Period>> {
    let quarters: Vec<NaiveDate> = on!(conn, db => sqlx::query_scalar(QUARTERS).fetch_all(db).await)?;
    Ok(quarters.into_iter().map(super::quarter_of).collect())
}

/// The months of quarters that are not closed in which somebody answered (`true`) or did not want to be asked again; for the person alone.
pub(crate) async fn months_of(conn: &mut Conn, person: PersonId) -> Result<Vec<(Period, bool)>> {
    let mut months = Vec::new();
    for quarter in open_quarters(conn).await? {
        let mark = find(conn, quarter, person).await?;
        let told = quarter.months().enumerate().filter(|(place, _)| mark.has_answered(*place) || mark.is_not_now(*place));
        months.extend(told.map(|(place, month)| (month, mark.has_answered(place))));
    }
    Ok(months)
}

/// Takes the marks of somebody who leaves for good. What they answered cannot be found among the sums.
pub(crate) async fn forget(conn: &mut Conn, person: PersonId) -> Result<()> {
    for quarter in open_quarters(conn).await? {
        let name = name(conn, quarter, person);
        run!(conn, sqlx::query(FORGET).bind(quarter.first_day()).bind(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_always_as_long_and_keeps_the_first_team() {
        let (first, later) = (TeamId(Uuid::from_u128(1)), TeamId(Uuid::from_u128(2)));
        let mut mark = Mark::default();
        mark.not_now(0);
        assert_eq!(mark.home, None, "who only does not want to be asked has no team here");
        assert_eq!(mark.answer(1, Some(first)), Some(first));
        assert_eq!(mark.answer(2, Some(later)), Some(first));
        assert_eq!(Mark::read(&mark.written()), Some(mark));
        assert!(mark.has_answered(1) && mark.has_answered(2) && !mark.has_answered(0) && mark.is_not_now(0));
        let mut without = Mark::default();
        assert_eq!(without.answer(0, None), None);
        assert_eq!(without.answer(1, Some(later)), None, "who had no team then stays without one");
        assert_eq!(Mark::read(&without.written()), Some(without));
        assert_eq!(Mark::read(&Mark::default().written()), Some(Mark::default()));
        assert_eq!(Mark::read(&[0; 3]), None);
    }
}
