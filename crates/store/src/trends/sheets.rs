//! Sheets: what is counted of the incidents of one day, in one row, so that a look at a year reads 365 rows and no incident.
//!
//! Triggers note a day of which anything changed, and the commit of the change itself writes its sheet anew, whole, from the incidents
//! (decision 52): there is nothing to add or subtract, and no way of writing can forget it. Restricted incidents stand on no sheet; those
//! that the viewer is named on are read beside them, in the same way.

use super::measures::midnight;
use crate::db::{Conn, on, run};
use crate::{Result, Store, StoreError, audit, migrations};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// The migration that made the tables.
const SINCE: i64 = 45;
/// Days of which incidents are read at once where all are: what is held is a few thousand incidents at most.
const AT_ONCE: u64 = 31;

// What a sheet is made of stands once, for all who may look and for those who are named on a restricted incident.
macro_rules! incidents_of {
    ($select:literal, $whose:literal) => {
        concat!(
            $select,
            "
where i.started_at >= $1 and i.started_at < $2 and i.trashed_at is null and ",
            $whose
        )
    };
}
// With an offset PostgreSQL looks for each of these few by itself; without one it gathers all incidents that somebody entered.
macro_rules! named {
    ($select:literal) => {
        incidents_of!(
            $select,
            "i.restricted and exists (
  select 1 from incident_people n where n.incident_id = i.id and n.person_id = $3 limit 1 offset 0)"
        )
    };
}
macro_rules! incidents {
    ($of:ident) => {
        $of!(
            "
select i.number, i.started_at, i.resolved_at, i.severity, i.nature, i.team_id, i.published_at is not null as reviewed,
  (i.published_at is not null
    and (exists (select 1 from sections s where s.incident_id = i.id and s.kind = 'went-right' and s.body <> '')
      or exists (select 1 from events e where e.incident_id = i.id and e.kind = 'went-right' and e.deleted_at is null))) as told_right
from incidents i"
        )
    };
}
macro_rules! services {
    ($of:ident) => {
        $of!(
            "
select i.number, v.service_id from incidents i join incident_services v on v.incident_id = i.id"
        )
    };
}
macro_rules! tags {
    ($of:ident) => {
        $of!(
            "
select i.number, c.counted, f.usual = 'normal' as usual
from incidents i join factor_tags c on c.incident_id = i.id join factors f on f.id = c.factor_id"
        )
    };
}
macro_rules! open {
    ($select:literal) => {
        incidents_of!($select, "not i.restricted")
    };
}
const INCIDENTS: &str = incidents!(open);
const NAMED_INCIDENTS: &str = incidents!(named);
const SERVICES: &str = services!(open);
const NAMED_SERVICES: &str = services!(named);
const TAGS: &str = tags!(open);
const NAMED_TAGS: &str = tags!(named);

const KEPT: &str = "select day, sheet from day_sheets where day >= $1 and day < $2 order by day";
const STALE_WITHIN: &str = "select count(*) from (select 1 from stale_days where day >= $1 and day < $2 limit 1) any_of_them";
const ANY_STALE: &str = "select count(*) from (select 1 from stale_days limit 1) any_of_them";
const STALE: &str = "select distinct day from stale_days order by day";
const PUT: &str = "
insert into day_sheets (day, sheet) values ($1, $2) on conflict (day) do update set sheet = excluded.sheet";
const TAKE_OUT: &str = "delete from day_sheets where day = $1";
const DONE: &str = "delete from stale_days where day = $1";
const FORGET: &str = "delete from day_sheets";
const FORGET_STALE: &str = "delete from stale_days";
const COUNT: &str = "select count(*) from day_sheets";
const ENDS: &str = "select min(started_at), max(started_at) from incidents";
const KEPT_ENDS: &str = "select min(day), max(day) from day_sheets";
const COUNTED_AS: &str = "select counted from vocabulary where tag = $1";

/// What readers and writers ask, for the tests that look at plans.
pub(super) const STATEMENTS: [(&str, &str); 8] = [
    ("sheets INCIDENTS", INCIDENTS),
    ("sheets NAMED_INCIDENTS", NAMED_INCIDENTS),
    ("sheets SERVICES", SERVICES),
    ("sheets NAMED_SERVICES", NAMED_SERVICES),
    ("sheets TAGS", TAGS),
    ("sheets NAMED_TAGS", NAMED_TAGS),
    ("sheets KEPT", KEPT),
    ("sheets STALE_WITHIN", STALE_WITHIN),
];

/// What is counted of one incident. Words stand on the sheet once; here is their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub(super) struct Line {
    pub(super) number: i64,
    /// Microseconds since midnight, in UTC.
    began: i64,
    /// Whole minutes from its start to its end, if it has one.
    pub(super) minutes: Option<i64>,
    pub(super) reviewed: bool,
    /// Its published story or the timeline below it tells what went right.
    pub(super) right: bool,
    pub(super) severity: i64,
    pub(super) nature: usize,
    team: Option<usize>,
    pub(super) services: Vec<usize>,
    /// Tags of its factors as they count, each once.
    pub(super) tags: Vec<usize>,
    /// Those of them that a factor has which was called the normal state.
    pub(super) usual: Vec<usize>,
}

/// As it stands in the row: numbers in this order, since a sheet has one for each incident.
type Written = (i64, i64, Option<i64>, bool, bool, i64, usize, Option<usize>, Vec<usize>, Vec<usize>, Vec<usize>);

impl From<Written> for Line {
    fn from(w: Written) -> Self {
        let (number, began, minutes, reviewed, right, severity, nature, team, services, tags, usual) = w;
        Self { number, began, minutes, reviewed, right, severity, nature, team, services, tags, usual }
    }
}

impl From<Line> for Written {
    fn from(l: Line) -> Self {
        (l.number, l.began, l.minutes, l.reviewed, l.right, l.severity, l.nature, l.team, l.services, l.tags, l.usual)
    }
}

/// The incidents of one day, by when they began and their number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sheet {
    /// Natures, ids of teams and services, and tags.
    words: Vec<String>,
    lines: Vec<Line>,
}

impl Sheet {
    fn place(&mut self, word: &str) -> usize {
        self.words.iter().position(|known| known == word).unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        })
    }

    fn find(&self, word: &str) -> Option<usize> {
        self.words.iter().position(|known| known == word)
    }

    fn read(text: &str) -> Result<Self> {
        let corrupt = StoreError::Corrupt { table: "day_sheets", column: "sheet" };
        let Ok(sheet) = serde_json::from_str::<Self>(text) else { return Err(corrupt) };
        // Whoever counts by place need not ask again whether there is such a word.
        let places =
            |line: &Line| [&line.services, &line.tags, &line.usual].into_iter().flatten().chain(&line.team).copied().max();
        let fits = |line: &Line| line.nature.max(places(line).unwrap_or_default()) < sheet.words.len();
        if sheet.lines.iter().all(fits) { Ok(sheet) } else { Err(corrupt) }
    }

    fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|_| StoreError::Corrupt { table: "day_sheets", column: "sheet" })
    }
}

impl Line {
    /// When it began, on this day.
    pub(super) fn began(&self, day: NaiveDate) -> DateTime<Utc> {
        midnight(day) + TimeDelta::microseconds(self.began)
    }
}

/// Words of several sheets, each with a number of its own.
#[derive(Default)]
pub(super) struct Words {
    words: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Words {
    /// The numbers of a sheet's words, in its order.
    pub(super) fn of(&mut self, sheet: &Sheet) -> Vec<usize> {
        sheet.words.iter().map(|word| self.number(word)).collect()
    }

    fn number(&mut self, word: &str) -> usize {
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), self.words.len() - 1);
        self.words.len() - 1
    }

    /// A word by its number.
    pub(super) fn word(&self, number: usize) -> &str {
        self.words.get(number).map_or("", String::as_str)
    }

    /// Counts by number, as counts by word.
    pub(super) fn counts(&self, counts: &BTreeMap<usize, i64>) -> Vec<(String, i64)> {
        counts.iter().map(|(number, count)| (self.word(*number).to_owned(), *count)).collect()
    }
}

/// What is asked of lines, beside the days.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    team: Option<String>,
    service: Option<String>,
    severity: Option<i64>,
    tag: Option<String>,
    nature: Option<&'static str>,
}

/// The same, by the places of one sheet; `None` where it names nothing of the kind, and no line of it is meant.
struct Here {
    team: Option<usize>,
    service: Option<usize>,
    severity: Option<i64>,
    tag: Option<usize>,
    nature: Option<usize>,
}

impl Wanted {
    /// As the filter asks; a tag counts as what it was merged into.
    pub(super) async fn by(conn: &mut Conn, asked: &super::asked::Asked<'_>) -> Result<Self> {
        let tag = match asked.factor {
            "" => None,
            tag => {
                let counted: Option<String> = on!(conn, db => sqlx::query_scalar(COUNTED_AS).bind(tag).fetch_optional(db).await)?;
                Some(counted.unwrap_or_else(|| tag.to_owned()))
            }
        };
        let id = |id: Option<Uuid>| id.map(|id| id.simple().to_string());
        Ok(Self { team: id(asked.team), service: id(asked.service), severity: asked.severity, tag, nature: asked.nature })
    }

    /// The same, of any nature.
    pub(super) fn of_any_nature(self) -> Self {
        Self { nature: None, ..self }
    }

    fn here(&self, sheet: &Sheet) -> Option<Here> {
        // What is asked for and stands nowhere on the sheet, no line has.
        let place = |word: Option<&str>| match word {
            None => Some(None),
            Some(word) => sheet.find(word).map(Some),
        };
        Some(Here {
            team: place(self.team.as_deref())?,
            service: place(self.service.as_deref())?,
            severity: self.severity,
            tag: place(self.tag.as_deref())?,
            nature: place(self.nature)?,
        })
    }

    /// The lines of a sheet that are meant.
    pub(super) fn of<'a>(&self, sheet: &'a Sheet) -> impl Iterator<Item = &'a Line> + use<'a> {
        let here = self.here(sheet);
        sheet.lines.iter().filter(move |line| here.as_ref().is_some_and(|here| here.means(line)))
    }
}

impl Here {
    fn means(&self, line: &Line) -> bool {
        (self.team.is_none() || self.team == line.team)
            && self.service.is_none_or(|service| line.services.contains(&service))
            && self.severity.is_none_or(|severity| severity == line.severity)
            && self.tag.is_none_or(|tag| line.tags.contains(&tag))
            && self.nature.is_none_or(|nature| nature == line.nature)
    }
}

#[derive(sqlx::FromRow)]
struct IncidentRow {
    number: i64,
    started_at: DateTime<Utc>,
    resolved_at: Option<DateTime<Utc>>,
    severity: i64,
    nature: String,
    team_id: Option<Uuid>,
    reviewed: bool,
    told_right: bool,
}

/// Tells each sheet of these days, with what the viewer may see of restricted incidents on sheets of their own after the others. One sheet
/// is held at a time, beside the text of all: some sixty bytes an incident.
pub(super) async fn each(
    conn: &mut Conn,
    (from, until): (NaiveDate, NaiveDate),
    me: PersonId,
    mut tell: impl FnMut(NaiveDate, &Sheet) -> Result<()>,
) -> Result<()> {
    let stale: i64 = on!(conn, db => sqlx::query_scalar(STALE_WITHIN).bind(from).bind(until).fetch_one(db).await)?;
    if stale == 0 {
        let kept: Vec<(NaiveDate, String)> = on!(conn, db => sqlx::query_as(KEPT).bind(from).bind(until).fetch_all(db).await)?;
        for (day, text) in &kept {
            tell(*day, &Sheet::read(text)?)?;
        }
    } else {
        // Written past this program, or from before there were sheets and not reached yet: slower, and as true.
        for (day, sheet) in counted(conn, from, until, None).await? {
            tell(day, &sheet)?;
        }
    }
    for (day, sheet) in counted(conn, from, until, Some(me)).await? {
        tell(day, &sheet)?;
    }
    Ok(())
}

/// Sheets from the incidents themselves: of all that are not restricted, or of the restricted ones that somebody is named on.
async fn counted(
    conn: &mut Conn,
    from: NaiveDate,
    until: NaiveDate,
    named: Option<PersonId>,
) -> Result<BTreeMap<NaiveDate, Sheet>> {
    macro_rules! ask {
        ($all:ident, $named:ident) => {
            match named {
                None => on!(conn, db => sqlx::query_as($all).bind(midnight(from)).bind(midnight(until)).fetch_all(db).await)?,
                Some(me) => on!(conn, db => sqlx::query_as($named)
                    .bind(midnight(from)).bind(midnight(until)).bind(me.0).fetch_all(db).await)?,
            }
        };
    }
    let mut incidents: Vec<IncidentRow> = ask!(INCIDENTS, NAMED_INCIDENTS);
    let mut days = BTreeMap::new();
    if incidents.is_empty() {
        return Ok(days);
    }
    let mut services: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let rows: Vec<(i64, Uuid)> = ask!(SERVICES, NAMED_SERVICES);
    for (number, service) in rows {
        services.entry(number).or_default().push(service.simple().to_string());
    }
    // Each tag once, and whether any factor that has it is the normal state.
    let mut tags: BTreeMap<i64, BTreeMap<String, bool>> = BTreeMap::new();
    let rows: Vec<(i64, String, bool)> = ask!(TAGS, NAMED_TAGS);
    for (number, tag, usual) in rows {
        *tags.entry(number).or_default().entry(tag).or_default() |= usual;
    }
    incidents.sort_by_key(|row| (row.started_at, row.number));
    for row in incidents {
        let day = row.started_at.date_naive();
        let sheet: &mut Sheet = days.entry(day).or_default();
        let mut concerned = services.remove(&row.number).unwrap_or_default();
        concerned.sort();
        let tags = tags.remove(&row.number).unwrap_or_default();
        let line = Line {
            number: row.number,
            began: (row.started_at - midnight(day)).num_microseconds().unwrap_or_default(),
            minutes: row.resolved_at.map(|at| (at - row.started_at).num_minutes()),
            reviewed: row.reviewed,
            right: row.told_right,
            severity: row.severity,
            nature: sheet.place(&row.nature),
            team: row.team_id.map(|team| sheet.place(&team.simple().to_string())),
            services: concerned.iter().map(|service| sheet.place(service)).collect(),
            usual: tags.iter().filter(|(_, usual)| **usual).map(|(tag, _)| sheet.place(tag)).collect(),
            tags: tags.keys().map(|tag| sheet.place(tag)).collect(),
        };
        sheet.lines.push(line);
    }
    Ok(days)
}

/// Writes the sheets of the days that this transaction changed something of.
pub(crate) async fn refresh(conn: &mut Conn) -> Result<()> {
    if !is_there(conn).await? {
        return Ok(());
    }
    let any: i64 = on!(conn, db => sqlx::query_scalar(ANY_STALE).fetch_one(db).await)?;
    if any == 0 {
        return Ok(());
    }
    // Who waits here reads, after the turn, what the other wrote; so the last of two that changed one day writes both.
    audit::take_turn(conn).await?;
    let days: Vec<NaiveDate> = on!(conn, db => sqlx::query_scalar(STALE).fetch_all(db).await)?;
    for part in together(&days) {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
        let mut counted = counted(conn, *first, after(*last), None).await?;
        for day in part {
            match counted.remove(day) {
                Some(sheet) => put(conn, *day, &sheet).await?,
                None => {
                    run!(conn, sqlx::query(TAKE_OUT).bind(*day))?;
                }
            }
            run!(conn, sqlx::query(DONE).bind(*day))?;
        }
    }
    Ok(())
}

/// Days that follow one another, in parts of which the incidents are read at once.
fn together(days: &[NaiveDate]) -> impl Iterator<Item = &[NaiveDate]> {
    days.chunk_by(|one, next| after(*one) == *next).flat_map(|part| part.chunks(AT_ONCE as usize))
}

fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

async fn put(conn: &mut Conn, day: NaiveDate, sheet: &Sheet) -> Result<()> {
    let text = sheet.written()?;
    run!(conn, sqlx::query(PUT).bind(day).bind(&text))?;
    Ok(())
}

/// Whether the schema knows of sheets; a file that is being taken in may be of an older one.
async fn is_there(conn: &mut Conn) -> Result<bool> {
    if !conn.sheets.load(Ordering::Relaxed) {
        let there = migrations::applied(conn).await?.contains(&SINCE);
        conn.sheets.store(there, Ordering::Relaxed);
    }
    Ok(conn.sheets.load(Ordering::Relaxed))
}

/// How the sheets stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// Days that have one.
    pub days: u64,
    /// Days whose sheet is not what their incidents say, without those that wait.
    pub wrong: u64,
    /// Days that wait for theirs.
    pub waiting: u64,
}

/// The first and the last day that has an incident or a sheet.
async fn ends(conn: &mut Conn) -> Result<Option<(NaiveDate, NaiveDate)>> {
    let (first, last): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) =
        on!(conn, db => sqlx::query_as(ENDS).fetch_one(db).await)?;
    let kept: (Option<NaiveDate>, Option<NaiveDate>) = on!(conn, db => sqlx::query_as(KEPT_ENDS).fetch_one(db).await)?;
    let days = [first.map(|at| at.date_naive()), last.map(|at| at.date_naive()), kept.0, kept.1];
    let first = days.iter().flatten().min();
    Ok(first.copied().zip(days.iter().flatten().max().copied()))
}

/// Stretches of days from one to another, none longer than what is read at once.
fn stretches(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let next = |from: &NaiveDate| from.checked_add_days(Days::new(AT_ONCE));
    std::iter::successors(Some(first), next)
        .take_while(move |from| *from <= last)
        .map(move |from| (from, next(&from).unwrap_or(last).min(after(last))))
}

/// Compares every sheet with the incidents of its day; takes a while in a large database.
///
/// # Errors
/// What the database said.
pub async fn check_sheets(store: &Store) -> Result<Sheets> {
    let mut conn = store.snapshot().await?;
    let days: i64 = on!(conn, db => sqlx::query_scalar(COUNT).fetch_one(db).await)?;
    let waiting: Vec<NaiveDate> = on!(conn, db => sqlx::query_scalar(STALE).fetch_all(db).await)?;
    let mut wrong = 0;
    if let Some((first, last)) = ends(&mut conn).await? {
        for (from, until) in stretches(first, last) {
            let kept: Vec<(NaiveDate, String)> =
                on!(conn, db => sqlx::query_as(KEPT).bind(from).bind(until).fetch_all(db).await)?;
            let mut counted = counted(&mut conn, from, until, None).await?;
            for (day, text) in kept.iter().filter(|(day, _)| !waiting.contains(day)) {
                let fits = counted.remove(day).is_some_and(|sheet| Sheet::read(text).is_ok_and(|kept| kept == sheet));
                wrong += u64::from(!fits);
            }
            wrong += counted.keys().filter(|day| !waiting.contains(day)).count() as u64;
        }
    }
    Ok(Sheets { days: u64::try_from(days).unwrap_or_default(), wrong, waiting: waiting.len() as u64 })
}

/// Writes every sheet anew; answers how many there are.
///
/// # Errors
/// What the database said; everything is as it was then.
pub async fn rebuild_sheets(store: &Store) -> Result<u64> {
    let mut conn = store.bulk().await?;
    audit::take_turn(&mut conn).await?;
    run!(conn, sqlx::query(FORGET))?;
    run!(conn, sqlx::query(FORGET_STALE))?;
    let mut written = 0;
    if let Some((first, last)) = ends(&mut conn).await? {
        for (from, until) in stretches(first, last) {
            for (day, sheet) in counted(&mut conn, from, until, None).await? {
                put(&mut conn, day, &sheet).await?;
                written += 1;
            }
        }
    }
    conn.commit().await?;
    Ok(written)
}

/// Writes the sheets that wait after a migration.
pub(crate) async fn fill_sheets(store: &Store) -> Result<()> {
    store.bulk().await?.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn line(number: i64, sheet: &mut Sheet, nature: &str, tags: &[&str]) -> Line {
        Line {
            number,
            began: 60_000_000,
            minutes: Some(5),
            reviewed: true,
            right: false,
            severity: 2,
            nature: sheet.place(nature),
            team: None,
            services: Vec::new(),
            tags: tags.iter().map(|tag| sheet.place(tag)).collect(),
            usual: Vec::new(),
        }
    }

    #[test]
    fn a_sheet_reads_as_it_was_written() {
        let mut sheet = Sheet::default();
        let one = line(7, &mut sheet, "incident", &["alerting", "capacity"]);
        let other = line(8, &mut sheet, "near-miss", &["capacity"]);
        sheet.lines.extend([one, other]);
        let text = sheet.written().unwrap();
        assert_eq!(
            text,
            r#"{"words":["incident","alerting","capacity","near-miss"],"lines":[[7,60000000,5,true,false,2,0,null,[],[1,2],[]],[8,60000000,5,true,false,2,3,null,[],[2],[]]]}"#
        );
        assert_eq!(Sheet::read(&text).unwrap(), sheet);
        assert_eq!(sheet.lines[0].began(day("2026-03-02")).to_rfc3339(), "2026-03-02T00:01:00+00:00");
        for damaged in ["{}", r#"{"words":["incident"],"lines":[[7,0,5,true,false,2,0,null,[],[1],[]]]}"#] {
            assert!(matches!(Sheet::read(damaged), Err(StoreError::Corrupt { .. })), "{damaged}");
        }
    }

    #[test]
    fn what_a_sheet_does_not_name_none_of_its_lines_has() {
        let mut sheet = Sheet::default();
        let one = line(7, &mut sheet, "incident", &["alerting"]);
        let other = line(8, &mut sheet, "near-miss", &["capacity"]);
        sheet.lines.extend([one, other]);
        let numbers = |wanted: Wanted| wanted.of(&sheet).map(|line| line.number).collect::<Vec<_>>();
        assert_eq!(numbers(Wanted::default()), [7, 8]);
        assert_eq!(numbers(Wanted { nature: Some("incident"), ..Wanted::default() }), [7]);
        assert_eq!(numbers(Wanted { tag: Some("capacity".to_owned()), ..Wanted::default() }), [8]);
        assert_eq!(numbers(Wanted { tag: Some("nobody-wrote-it".to_owned()), ..Wanted::default() }), [0; 0]);
        assert_eq!(numbers(Wanted { team: Some("an id".to_owned()), ..Wanted::default() }), [0; 0]);
        assert_eq!(numbers(Wanted { severity: Some(3), ..Wanted::default() }), [0; 0]);
    }

    #[test]
    fn days_are_read_in_parts_that_follow_one_another() {
        let days = ["2026-03-02", "2026-03-03", "2026-03-05"].map(day);
        assert_eq!(together(&days).map(<[NaiveDate]>::len).collect::<Vec<_>>(), [2, 1]);
        let parts: Vec<_> = stretches(day("2026-03-02"), day("2026-04-03")).collect();
        assert_eq!(parts, [(day("2026-03-02"), day("2026-04-02")), (day("2026-04-02"), day("2026-04-04"))]);
        let parts: Vec<_> = stretches(day("2026-03-02"), day("2026-03-02")).collect();
        assert_eq!(parts, [(day("2026-03-02"), day("2026-03-03"))]);
    }
}
