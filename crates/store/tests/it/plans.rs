//! Plans of the statements of trends, held against a snapshot for each engine, so that an index that is lost, or used no more, is noticed
//! before somebody waits for it. `SECOND_STORY_WRITE_PLANS=1` writes the snapshots anew: look at what changed before you keep them.
//!
//! What is compared is which tables are read by which index. Costs, row counts, conditions and the order of joins differ between versions and
//! machines, and are left out.

use crate::support;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use store::Store;

/// Types of the parameters of a statement, in PostgreSQL's words: nothing bound would leave them open.
fn parameters(name: &str, sql: &str) -> Vec<&'static str> {
    let all: &[&str] = match name {
        "sheets KEPT" | "sheets STALE_WITHIN" => &["date", "date"],
        name if name.starts_with("cells ") => &["text", "date"],
        name if name.starts_with("sheets ") => &["timestamptz", "timestamptz", "uuid"],
        _ => &["timestamptz", "timestamptz", "uuid", "bigint", "text", "uuid", "uuid", "text"],
    };
    let used = (1..=all.len()).filter(|n| sql.contains(&format!("${n}"))).max().unwrap_or_default();
    all[..used].to_vec()
}

fn snapshot(engine: &str) -> std::path::PathBuf {
    std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/plans")).join(format!("{engine}.txt"))
}

/// Compares, or writes.
fn hold_against_snapshot(engine: &str, plans: &str) {
    let file = snapshot(engine);
    if std::env::var("SECOND_STORY_WRITE_PLANS").is_ok_and(|v| v == "1") {
        std::fs::write(&file, plans).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let changed = differences(&known, plans);
    assert!(
        changed.is_empty(),
        "the plans of these statements on {engine} are not those of {}:\n{}\nWas an index lost, or a statement changed? Where the new plan is \
         meant, SECOND_STORY_WRITE_PLANS=1 writes it down.",
        file.display(),
        changed.join("\n")
    );
}

/// What differs between two texts of plans, statement by statement.
fn differences(known: &str, found: &str) -> Vec<String> {
    let parts = |text: &str| text.split("\n\n").map(|part| part.trim().to_owned()).collect::<BTreeSet<_>>();
    let (known, found) = (parts(known), parts(found));
    let gone = known.difference(&found).map(|part| format!("was:\n{part}"));
    gone.chain(found.difference(&known).map(|part| format!("is:\n{part}"))).collect()
}

async fn sqlite_plans(db: &mut SqliteConnection) -> String {
    let mut plans = String::new();
    for (name, sql) in store::trends::statements() {
        // Not kept: a plan that was prepared before an index went would be told again.
        let asked = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}"))).persistent(false);
        let rows = asked.fetch_all(&mut *db).await.unwrap();
        writeln!(plans, "{name}").unwrap();
        for row in rows {
            let detail: String = row.get("detail");
            // `SEARCH i USING INDEX idx_… (started_at>? AND started_at<?)`: by what it is searched differs with the version.
            let step = detail.split(" (").next().unwrap_or_default();
            if step.starts_with("SEARCH") || step.starts_with("SCAN") {
                writeln!(plans, "  {step}").unwrap();
            }
        }
        plans.push('\n');
    }
    plans
}

async fn postgres_plans(db: &mut PgConnection) -> String {
    let mut plans = String::new();
    for (name, sql) in store::trends::statements() {
        let types = parameters(name, sql);
        let run = |text: String| AssertSqlSafe(text);
        sqlx::raw_sql(run(format!("deallocate all; prepare asked ({}) as {sql}", types.join(", "))))
            .execute(&mut *db)
            .await
            .unwrap();
        let nothing = vec!["null"; types.len()].join(", ");
        let rows = sqlx::raw_sql(run(format!("explain (costs off) execute asked({nothing})"))).fetch_all(&mut *db).await.unwrap();
        let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let steps: BTreeSet<String> = lines.iter().filter_map(|line| step(line)).collect();
        writeln!(plans, "{name}").unwrap();
        for step in steps {
            writeln!(plans, "  {step}").unwrap();
        }
        plans.push('\n');
    }
    plans
}

/// Which index, or which table as a whole, a line of PostgreSQL's plan reads.
fn step(line: &str) -> Option<String> {
    let word = |after: &str| Some(line.split_once(after)?.1.split_whitespace().next()?.to_owned());
    if line.contains("Seq Scan on ") {
        return word("Seq Scan on ").map(|table| format!("all of {table}"));
    }
    let index = if line.contains("Bitmap Index Scan on ") { word("Bitmap Index Scan on ") } else { word("Scan using ") };
    index.or_else(|| line.contains("Scan Backward using ").then(|| word("Backward using "))?).map(|index| format!("by {index}"))
}

/// Tables that trends read, with how many rows they get: as many that an index is worth it.
const TABLES: [(&str, i64); 13] = [
    ("incidents", 20_000),
    ("factors", 30_000),
    ("factor_tags", 30_000),
    ("incident_services", 20_000),
    ("sections", 20_000),
    ("events", 60_000),
    ("learnings", 20_000),
    ("learning_readers", 20_000),
    ("learning_links", 10_000),
    ("learnings_met", 5_000),
    ("incident_roles", 20_000),
    ("reviews", 15_000),
    ("day_sheets", 2_000),
];

/// Fills a table: what must not be null by its type, and what the statements look at so that it is not all the same.
async fn fill(db: &mut PgConnection, table: &str, rows: i64) {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select column_name::text, udt_name::text from information_schema.columns
         where table_schema = 'public' and table_name = $1
           and (is_nullable = 'NO' or column_name in ('published_at', 'team_id', 'resolved_at')) order by ordinal_position",
    )
    .bind(table)
    .fetch_all(&mut *db)
    .await
    .unwrap();
    let value = |(name, kind): &(String, String)| match (table, name.as_str(), kind.as_str()) {
        ("incidents" | "factors" | "learnings" | "events", "id", _) => format!("md5('{table}' || n)::uuid"),
        (_, "incident_id", _) => "md5('incidents' || (n % 20000 + 1))::uuid".to_owned(),
        (_, "factor_id", _) => "md5('factors' || n)::uuid".to_owned(),
        (_, "learning_id", _) => "md5('learnings' || (n % 20000 + 1))::uuid".to_owned(),
        (_, "person_id" | "service_id" | "team_id", _) => "md5('one of forty' || (n % 40))::uuid".to_owned(),
        (_, "severity", _) => "n % 4 + 1".to_owned(),
        (_, "restricted", _) => "n % 100 = 0".to_owned(),
        (_, "counted", _) => "'tag-' || (n % 20)".to_owned(),
        ("factors", "role", _) => "case when n % 8 = 0 then 'mitigator' else 'contributor' end".to_owned(),
        ("sections", "kind", _) => "case n % 3 when 0 then 'went-right' when 1 then 'surprised' else 'summary' end".to_owned(),
        ("events", "kind", _) => "case n % 20 when 0 then 'went-right' else 'note' end".to_owned(),
        ("incidents", "nature", _) => "case n % 10 when 0 then 'near-miss' else 'incident' end".to_owned(),
        (_, _, "uuid") => "md5('else' || n)::uuid".to_owned(),
        (_, _, "timestamptz") => "timestamptz '2022-01-01T00:00:00Z' + n * interval '2 hours'".to_owned(),
        (_, _, "date") => "date '2022-01-01' + n::integer".to_owned(),
        (_, _, "int8" | "int4") => "n".to_owned(),
        (_, _, "bool") => "false".to_owned(),
        (_, _, "bytea") => "''::bytea".to_owned(),
        _ => "'of some length, as texts are ' || n".to_owned(),
    };
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let values: Vec<String> = columns.iter().map(value).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql =
        format!("insert into {table} ({names}) select {values} from generate_series(1::bigint, {rows}) n on conflict do nothing");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *db).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("vacuum analyze {table}"))).execute(&mut *db).await.unwrap();
}

#[tokio::test]
async fn trends_are_read_by_the_indexes_that_are_meant_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url, support::key()).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let mut db = SqliteConnection::connect(&url).await.unwrap();
    let plans = sqlite_plans(&mut db).await;
    hold_against_snapshot("sqlite", &plans);
    for index in ["idx_incidents_counted", "idx_factor_tags_incident_id", "idx_incidents_restricted_started"] {
        assert!(plans.contains(index), "{index} is used");
        sqlx::query(AssertSqlSafe(format!("drop index {index}"))).execute(&mut db).await.unwrap();
        assert!(!differences(&plans, &sqlite_plans(&mut db).await).is_empty(), "{index} is missed");
    }
    db.close().await.unwrap();
}

#[tokio::test]
async fn trends_are_read_by_the_indexes_that_are_meant_on_postgres() {
    let Some(server) = support::postgres_server() else { return };
    let database = support::FreshDatabase::make(&server).await;
    let mut db = PgConnection::connect(&database.url).await.unwrap();
    // Neither triggers nor references: rows alone, as many as it takes.
    sqlx::raw_sql("set session_replication_role = replica").execute(&mut db).await.unwrap();
    for (table, rows) in TABLES {
        fill(&mut db, table, rows).await;
    }
    // Where an index can be used at all, it is; so a plan does not hang on how large these tables happen to be.
    sqlx::raw_sql("set enable_seqscan = off; set jit = off; set plan_cache_mode = force_generic_plan")
        .execute(&mut db)
        .await
        .unwrap();
    let plans = postgres_plans(&mut db).await;
    hold_against_snapshot("postgres", &plans);
    for index in ["idx_incidents_restricted_started", "idx_factor_tags_incident_id"] {
        assert!(plans.contains(index), "{index} is used");
        sqlx::raw_sql(AssertSqlSafe(format!("drop index {index}"))).execute(&mut db).await.unwrap();
        assert!(!differences(&plans, &postgres_plans(&mut db).await).is_empty(), "{index} is missed");
    }
    db.close().await.unwrap();
    database.drop_it().await;
}

/// Every statement of trends that is more than one line of a table is among those that are looked at.
#[test]
fn every_statement_over_incidents_is_looked_at() {
    let known: BTreeSet<&str> = store::trends::statements().into_iter().map(|(name, _)| name).collect();
    let mut found = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/trends")).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        for line in source.lines().filter(|line| line.starts_with("const ") && line.contains(": &str = ")) {
            let (name, made_by) = line["const ".len()..].split_once(": &str = ").unwrap();
            if made_by.contains("!(") {
                found += 1;
                assert!(known.contains(format!("{file} {name}").as_str()), "{file} {name} has no plan in the snapshots");
            }
        }
    }
    assert!(found >= 13, "{found}");
}

#[test]
fn a_line_of_a_plan_names_its_index_or_its_table() {
    let told = |line: &str| step(line).unwrap_or_default();
    assert_eq!(told("  ->  Index Only Scan using idx_a on incidents i"), "by idx_a");
    assert_eq!(told("  ->  Index Scan Backward using idx_b on incidents"), "by idx_b");
    assert_eq!(told("        ->  Bitmap Index Scan on idx_c"), "by idx_c");
    assert_eq!(told("  ->  Seq Scan on services s"), "all of services");
    assert_eq!((step("  Filter: (NOT restricted)"), step("  ->  Bitmap Heap Scan on events e")), (None, None));
}
