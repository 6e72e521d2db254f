//! Day sheets: after whatever was done, in whatever order, what is counted from them is what the list of incidents shows, and `doctor`
//! finds each as its incidents say. The list is the slow recomputation: it reads the incidents one by one and knows no sheet.

use super::{bounds, month, year_2026};
use crate::support::{self, People, at, new_incident, people};
use chrono::{DateTime, Duration, Utc};
use domain::incidents::{IncidentKey, IncidentState, Nature, Severity};
use domain::learnings::{FactorCategory, FactorDetails, Usual};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::timeline::{EventDetails, EventKind, NewEvent, Precision};
use domain::trends::Period;
use domain::vocabulary::Tag;
use domain::{IncidentId, ServiceId};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeMap;
use store::incidents::Row;
use store::learnings::{self, NewFactor};
use store::owndata::{self, Erase};
use store::services::{self, ServiceChange};
use store::trends::{self as room, Filter};
use store::{Store, incidents, reviews, timeline, trash, vocabulary};

conformance! {
    sheets_say_what_the_incidents_say_after_random_acts,
    a_sheet_follows_each_kind_of_change,
}

/// The same numbers for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const TAGS: [FactorCategory; 4] =
    [FactorCategory::Alerting, FactorCategory::Capacity, FactorCategory::Dependency, FactorCategory::Unsorted];

/// Everything of a filter that the list shows, page by page.
async fn listed(store: &Store, viewer: &Viewer, filter: &incidents::Filter) -> Vec<Row> {
    let (mut rows, mut filter) = (Vec::new(), filter.clone());
    loop {
        let page = incidents::list(store, viewer, &filter, 100).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => filter.after = Some(next),
            None => return rows,
        }
    }
}

/// Counts the incidents of the list one by one, and holds them against what trends say.
async fn compare(store: &Store, viewer: &Viewer, filter: &Filter, told: &str) {
    let measures = room::incident_measures(store, viewer, filter).await.unwrap();
    let told = format!("{told}, for {} under {filter:?}", viewer.name);
    let mut rows = listed(store, viewer, &bounds(filter)).await;
    rows.sort_by_key(|row| (row.started_at, row.key.0));
    let published = |row: &&Row| row.state == IncidentState::Published;
    let month_of = |row: &Row| Period::month_of(row.started_at.date_naive());
    let right = listed(store, viewer, &incidents::Filter { right: true, ..bounds(filter) }).await;
    for counted in &measures.months {
        let here = rows.iter().filter(|row| month_of(row) == counted.month).count();
        assert_eq!(counted.incidents as usize, here, "{} {told}", counted.month);
    }
    for counted in &measures.right {
        let reviewed = rows.iter().filter(published).filter(|row| month_of(row) == counted.month).count();
        let tell = right.iter().filter(|row| month_of(row) == counted.month).count();
        assert_eq!((counted.reviewed as usize, counted.told as usize), (reviewed, tell), "{} {told}", counted.month);
    }
    assert_eq!(measures.reviewed as usize, rows.iter().filter(published).count(), "{told}");
    let lasted: Vec<_> = rows
        .iter()
        .filter_map(|row| Some((row.key, row.started_at, (row.resolved_at? - row.started_at).num_minutes())))
        .collect();
    assert_eq!(measures.lasted.iter().map(|l| (l.key, l.started_at, l.minutes)).collect::<Vec<_>>(), lasted, "{told}");
    // A row of the list does not say that a factor is unsorted.
    let mut factors: BTreeMap<&Tag, u32> = BTreeMap::new();
    for row in rows.iter().filter(published) {
        for tag in &row.factors {
            *factors.entry(tag).or_default() += 1;
        }
    }
    let counted: BTreeMap<&Tag, u32> =
        measures.factors.iter().filter(|f| !f.factor.is_unsorted()).map(|f| (&f.factor, f.incidents)).collect();
    assert_eq!(counted, factors, "{told}");
    let mut natures: BTreeMap<&str, u32> = BTreeMap::new();
    for row in listed(store, viewer, &incidents::Filter { nature: None, ..bounds(filter) }).await {
        *natures.entry(row.nature.slug()).or_default() += 1;
    }
    assert_eq!(measures.natures.iter().map(|(n, count)| (n.slug(), *count)).collect::<BTreeMap<_, _>>(), natures, "{told}");
    let began = room::began(store, viewer, filter).await.unwrap();
    assert_eq!(
        began.iter().map(|b| (b.key, b.started_at)).collect::<Vec<_>>(),
        rows.iter().map(|r| (r.key, r.started_at)).collect::<Vec<_>>()
    );
}

/// The world that acts change.
struct World<'a> {
    store: &'a Store,
    p: &'a People,
    services: Vec<ServiceId>,
    /// Incidents that were made, gone ones too.
    all: Vec<(IncidentId, IncidentKey)>,
    now: DateTime<Utc>,
    /// Acts that were not refused, of those that many others can stand in the way of.
    done: BTreeMap<&'static str, u32>,
}

impl World<'_> {
    fn drawn(&self, chance: &mut Chance) -> (domain::incidents::NewIncident, Vec<ServiceId>) {
        // A few minutes around midnight, so that an edit moves an incident to another day and month.
        let started =
            at("2026-03-31T23:50:00Z") + Duration::minutes(chance.below(40) as i64 - 10) - Duration::days(chance.below(3) as i64);
        let mut new = new_incident("Something", *chance.of(&Severity::ALL), "2026-03-01T10:00:00Z");
        new.started_at = started;
        new.detected_at = None;
        new.resolved_at = (chance.below(3) > 0).then(|| started + Duration::seconds(chance.below(9000) as i64));
        new.nature = *chance.of(&Nature::ALL);
        new.team_id = *chance.of(&[Some(self.p.team), Some(self.p.other_team), None]);
        let services = self.services.iter().copied().filter(|_| chance.below(2) == 0).collect();
        (new, services)
    }

    fn did(&mut self, act: &'static str, done: bool) {
        *self.done.entry(act).or_default() += u32::from(done);
    }

    /// One act; what is refused is no act, since another came before it.
    async fn act(&mut self, chance: &mut Chance) -> &'static str {
        self.now += Duration::minutes(1);
        let (store, p, now) = (self.store, self.p, self.now);
        if self.all.len() < 6 || chance.below(8) == 0 {
            let (new, services) = self.drawn(chance);
            let key = incidents::add_with(store, &p.outsider, &new, &services, now).await.unwrap();
            self.all.push((incidents::by_key(store, &p.outsider, key, now).await.unwrap().incident.id, key));
            return "add";
        }
        let (id, key) = *chance.of(&self.all);
        let tag = Tag::from(*chance.of(&TAGS));
        match chance.below(16) {
            0 | 1 => {
                let (new, services) = self.drawn(chance);
                if let Ok(opened) = incidents::by_key(store, &p.outsider, key, now).await {
                    let version = opened.incident.version;
                    let _ = incidents::change_with(store, &p.outsider, id, version, &new, Some(&services), now).await;
                }
                "change"
            }
            2 => {
                let _ = reviews::open(store, &p.manager, id, p.facilitator.person_id, true, now).await;
                let _ = reviews::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Told.", now).await;
                let published = reviews::publish(store, &p.facilitator, id, now).await;
                self.did("publish", published.is_ok());
                "publish"
            }
            3 | 4 => {
                let usual = *chance.of(&[None, Some(Usual::Normal)]);
                let details = FactorDetails { usual, ..FactorDetails::default() };
                let tags = vec![tag, Tag::from(*chance.of(&TAGS))];
                let factor = NewFactor { body: "One".to_owned(), tags, details };
                let _ = learnings::add_factor(store, &p.facilitator, id, &factor, now).await;
                "factor"
            }
            5 => {
                let factors = learnings::factors(store, &p.facilitator, id, now).await.unwrap_or_default();
                if let Some(one) = factors.first() {
                    let details = FactorDetails { usual: Some(Usual::Normal), ..FactorDetails::default() };
                    let new = NewFactor { body: "Other".to_owned(), tags: vec![tag], details };
                    let _ = learnings::change_factor(store, &p.facilitator, (id, one.id), one.version, &new, now).await;
                }
                "change a factor"
            }
            6 => {
                let factors = learnings::factors(store, &p.facilitator, id, now).await.unwrap_or_default();
                if let Some(one) = factors.first() {
                    let _ = learnings::remove_factor(store, &p.facilitator, id, one.id, now).await;
                }
                "remove a factor"
            }
            7 => {
                let merged = vocabulary::merge(store, &p.admin, &tag, &Tag::from(*chance.of(&TAGS)), now).await;
                self.did("merge tags", merged.is_ok());
                "merge tags"
            }
            8 => {
                let _ = vocabulary::split(store, &p.admin, &tag, now).await;
                "split tags"
            }
            9 => {
                let restricted = chance.below(2) == 0;
                let _ = incidents::restrict(store, &p.outsider, id, restricted, now).await;
                "restrict"
            }
            10 => {
                let _ = trash::put_in(store, &p.outsider, id, &key.to_string(), now).await;
                "trash"
            }
            11 => {
                let back = trash::put_back(store, &p.outsider, key, now).await;
                self.did("put back", back.is_ok());
                "put back"
            }
            12 => {
                let into = chance.of(&self.all).1;
                let merged = trash::merge(store, &p.outsider, id, &into.to_string(), now).await;
                self.did("merge", merged.is_ok());
                "merge"
            }
            13 => {
                let event = went_right(*chance.of(&[EventKind::WentRight, EventKind::Note]));
                let events = timeline::events(store, &p.outsider, id, now).await.map(|e| e.to_vec()).unwrap_or_default();
                let _ = match events.first() {
                    Some(one) if chance.below(2) == 0 => timeline::delete(store, &p.outsider, id, one.id, one.version, now).await,
                    Some(one) => timeline::change(store, &p.outsider, (id, one.id), one.version, &event, now).await,
                    None => timeline::add(store, &p.outsider, id, &event, now).await.map(drop),
                };
                "timeline"
            }
            14 => {
                let sections = reviews::sections(store, &p.facilitator, id, now).await.unwrap_or_default();
                let version = sections.iter().find(|s| s.kind == SectionKind::WentRight).map_or(0, |s| s.version);
                let body = *chance.of(&["", "Somebody looked."]);
                let _ = reviews::save_section(store, &p.facilitator, id, SectionKind::WentRight, version, body, now).await;
                "what went right"
            }
            _ => {
                if chance.below(3) == 0 {
                    let gone = trash::delete_now(store, &p.outsider, key, &key.to_string(), now).await;
                    let gone = gone.is_ok() || trash::delete_now(store, &p.admin, key, &key.to_string(), now).await.is_ok();
                    self.did("delete for good", gone);
                    "delete for good"
                } else {
                    let _ = owndata::erase(store, &p.responder, Erase::Everything, true, now).await;
                    "erase"
                }
            }
        }
    }
}

fn went_right(kind: EventKind) -> NewEvent {
    NewEvent {
        at: Some(at("2026-03-31T23:55:00Z")),
        ends_at: None,
        precision: Precision::Exact,
        as_written: String::new(),
        zone: "UTC".to_owned(),
        kind,
        body: "Seen in time.".to_owned(),
        flag: String::new(),
        details: EventDetails::default(),
        position: 0,
    }
}

async fn world<'a>(store: &'a Store, p: &'a People) -> World<'a> {
    let mut services = Vec::new();
    for name in ["Checkout", "Search"] {
        let new = ServiceChange { name: name.to_owned(), ..ServiceChange::default() };
        services.push(services::add(store, &p.admin, &new, at("2026-01-01T08:00:00Z")).await.unwrap());
    }
    World { store, p, services, all: Vec::new(), now: at("2026-04-02T08:00:00Z"), done: BTreeMap::new() }
}

async fn sheets_say_what_the_incidents_say_after_random_acts(store: Store) {
    // Another seed for each run would find more and repeat nothing: set the variable to try others.
    let seed = std::env::var("SECOND_STORY_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(45);
    let p = people(&store).await;
    let mut world = world(&store, &p).await;
    let mut chance = Chance(seed);
    let mut acts: BTreeMap<&str, u32> = BTreeMap::new();
    let spring = Filter { from: month("2026-03"), to: month("2026-04"), nature: None, ..year_2026() };
    for step in 0..240 {
        let act = world.act(&mut chance).await;
        *acts.entry(act).or_default() += 1;
        let told = format!("seed {seed}, step {step}, after {act}");
        let sheets = room::check_sheets(&store).await.unwrap();
        assert_eq!((sheets.wrong, sheets.waiting), (0, 0), "{told}");
        if step % 8 == 7 {
            let narrowed = match chance.below(5) {
                0 => Filter { team: Some(p.team), ..spring.clone() },
                1 => Filter { service: Some(*chance.of(&world.services)), ..spring.clone() },
                2 => Filter { severity: Some(*chance.of(&Severity::ALL)), nature: Some(Nature::Incident), ..spring.clone() },
                3 => Filter { factor: Some(Tag::from(*chance.of(&TAGS))), ..spring.clone() },
                _ => Filter { from: month("2026-04"), ..spring.clone() },
            };
            for viewer in [&p.outsider, &p.leader] {
                compare(&store, viewer, &spring, &told).await;
                compare(&store, viewer, &narrowed, &told).await;
            }
        }
    }
    assert_eq!(acts.len(), 16, "every kind of act came: {acts:?}");
    assert!(world.done.values().all(|times| *times > 0), "each was done at least once: {:?}", world.done);
    let measures = room::incident_measures(&store, &p.outsider, &spring).await.unwrap();
    assert!(measures.total() > 5 && measures.reviewed > 1 && !measures.factors.is_empty(), "{measures:?}");
}

async fn a_sheet_follows_each_kind_of_change(store: Store) {
    let p = people(&store).await;
    let now = at("2026-05-03T12:00:00Z");
    let new = new_incident("One", Severity::Sev2, "2026-05-02T10:00:00Z");
    let key = incidents::add(&store, &p.outsider, &new, now).await.unwrap();
    let id = incidents::by_key(&store, &p.outsider, key, now).await.unwrap().incident.id;
    let days = async || {
        let sheets = room::check_sheets(&store).await.unwrap();
        assert_eq!((sheets.wrong, sheets.waiting), (0, 0));
        sheets.days
    };
    assert_eq!(days().await, 1);
    // Restricted, it stands on no sheet, and is counted for who is named on it.
    incidents::restrict(&store, &p.outsider, id, true, now).await.unwrap();
    assert_eq!(days().await, 0);
    for (viewer, count) in [(&p.outsider, 1), (&p.leader, 0)] {
        assert_eq!(room::incident_measures(&store, viewer, &year_2026()).await.unwrap().total(), count, "{}", viewer.name);
        assert_eq!(room::began(&store, viewer, &year_2026()).await.unwrap().len(), count as usize);
    }
    incidents::restrict(&store, &p.outsider, id, false, now).await.unwrap();
    assert_eq!(days().await, 1);
    trash::put_in(&store, &p.outsider, id, &key.to_string(), now).await.unwrap();
    assert_eq!(days().await, 0);
}

/// What a fault, or somebody past the service, may leave: a sheet that is gone, one that says something else, one of a day without incidents,
/// and a day whose change no commit of this program saw.
const DAMAGE: [&str; 4] = [
    "delete from day_sheets where day = (select min(day) from day_sheets)",
    "update day_sheets set sheet = replace(sheet, 'true', 'false') where sheet like '%true%'",
    "insert into day_sheets (day, sheet) select '2026-11-11', min(sheet) from day_sheets",
    "update incidents set severity = 2 where number = (select max(number) from incidents)",
];

async fn damaged_and_written_anew(store: &Store, damage: impl AsyncFn(&'static str)) {
    let p = people(store).await;
    super::history(store, &p).await;
    let before = room::incident_measures(store, &p.leader, &year_2026()).await.unwrap();
    let whole = room::Sheets { days: 12, wrong: 0, waiting: 0 };
    assert_eq!(room::check_sheets(store).await.unwrap(), whole);
    for sql in DAMAGE {
        damage(sql).await;
    }
    let found = room::check_sheets(store).await.unwrap();
    assert!(found.wrong >= 8, "{found:?}");
    assert_eq!((found.days, found.waiting), (12, 1));
    // What waits is counted as it is, past all sheets: a new look sees the changed severity and nothing of the damage.
    let severe = Filter { severity: Some(Severity::Sev2), ..year_2026() };
    assert_eq!(room::incident_measures(store, &p.leader, &severe).await.unwrap().total(), 1);
    assert_eq!(room::rebuild_sheets(store).await.unwrap(), 12);
    assert_eq!(room::check_sheets(store).await.unwrap(), whole);
    assert_eq!(room::began(store, &p.leader, &year_2026()).await.unwrap().len(), before.total() as usize);
    compare(store, &p.leader, &year_2026(), "written anew").await;
}

#[tokio::test]
async fn sheets_that_went_wrong_are_found_and_written_anew_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    damaged_and_written_anew(&store, async |sql| {
        let mut db = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(sql).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    })
    .await;
    store.close().await;
}

#[tokio::test]
async fn sheets_that_went_wrong_are_found_and_written_anew_on_postgres() {
    let Some(server) = support::postgres_server() else { return };
    let database = support::FreshDatabase::make(&server).await;
    let store = Store::open(&database.url, support::key()).await.unwrap();
    damaged_and_written_anew(&store, async |sql| {
        let mut db = PgConnection::connect(&database.url).await.unwrap();
        let sql = sql.replace("'2026-11-11'", "date '2026-11-11'");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    })
    .await;
    store.close().await;
    database.drop_it().await;
}
