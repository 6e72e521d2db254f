//! The statements of the list: three orders, and two ways to a page.
//!
//! One for each order, because the engines walk an index only for an order that stands in the text. The comparison with the cursor is a row
//! value over the index's own columns, so that a page costs the same wherever it begins.

use super::Sort;

macro_rules! listing {
    ($and:literal, $among:literal, $from:literal, $order:literal) => {
        concat!(
            "
select i.id, i.number, i.title, t.name as team, i.severity, i.nature, i.state, i.restricted, i.started_at, i.detected_at, i.resolved_at,
  i.published_at, i.revised_at, i.changed_at, i.zone",
            $and,
            "
from ",
            $among,
            " left join teams t on t.id = i.team_id
where ",
            $from,
            "
  and i.trashed_at is null
  and (not i.restricted or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $13))
  and (i.team_id = $3 or $3 is null) and (i.severity = $4 or $4 is null) and (i.state = $5 or $5 is null) and (i.nature = $21 or $21 is null)
  and (i.started_at >= $6 or $6 is null) and (i.started_at < $7 or $7 is null)
  and i.search_folded like $8 and i.search_folded like $9 and i.search_folded like $10
  and i.search_folded like $18 and i.search_folded like $19 and i.search_folded like $20
  and ($11 = '' or exists (select 1 from factor_tags f where f.incident_id = i.id
    and f.counted = coalesce((select y.counted from vocabulary y where y.tag = $11), $11)))
  and ($22 = '' or exists (select 1 from factor_tags f where f.incident_id = i.id
    and f.counted = coalesce((select y.counted from vocabulary y where y.tag = $22), $22)))
  and ($23 = '' or exists (select 1 from factors r where r.incident_id = i.id and $23 in (r.role, r.usual)
    and ($11 = '' or exists (select 1 from factor_tags f where f.factor_id = r.id
      and f.counted = coalesce((select y.counted from vocabulary y where y.tag = $11), $11)))))
  and ($24 = '' or (i.published_at is not null and exists (
    select 1 from sections s where s.incident_id = i.id and s.kind = $24 and s.body <> '')))
  and ($14 is null or exists (select 1 from incident_people n where n.incident_id = i.id and n.person_id = $14))
  and ($15 is null or exists (
    select 1 from incident_roles r where r.incident_id = i.id and r.person_id = $15 and r.role = 'facilitator'))
  and ($17 is null or exists (select 1 from incident_services v where v.incident_id = i.id and v.service_id = $17))
  and ($16 = 0 or (i.published_at is not null and (
    exists (select 1 from sections s where s.incident_id = i.id and s.kind = 'went-right' and s.body <> '')
    or exists (select 1 from events e where e.incident_id = i.id and e.kind = 'went-right' and e.deleted_at is null))))
order by ",
            $order,
            " limit $12"
        )
    };
}
macro_rules! walking {
    ($from:literal, $order:literal) => {
        listing!(
            ", (select string_agg(f.counted, ',') from factor_tags f where f.incident_id = i.id) as factors",
            "incidents i",
            $from,
            $order
        )
    };
}
// Those found are all read before they are sorted; what only a shown row needs is asked for the shown ones.
macro_rules! found {
    ($among:literal, $from:literal, $order:literal, $again:literal) => {
        concat!(
            "select p.*, (select string_agg(f.counted, ',') from factor_tags f where f.incident_id = p.id) as factors from (",
            listing!("", $among, $from, $order),
            ") p order by ",
            $again
        )
    };
}
macro_rules! found_among {
    ($among:literal) => {
        [
            found!(
                $among,
                "(i.started_at, i.number) < ($1, $2)",
                "i.started_at desc, i.number desc",
                "p.started_at desc, p.number desc"
            ),
            found!($among, "(i.started_at, i.number) > ($1, $2)", "i.started_at, i.number", "p.started_at, p.number"),
            found!(
                $among,
                "(i.changed_at, i.number) < ($1, $2)",
                "i.changed_at desc, i.number desc",
                "p.changed_at desc, p.number desc"
            ),
        ]
    };
}
/// Walks all in their order until the page is full: for no words, or for words that many have.
const WALKING: [&str; 3] = [
    walking!("(i.started_at, i.number) < ($1, $2)", "i.started_at desc, i.number desc"),
    walking!("(i.started_at, i.number) > ($1, $2)", "i.started_at, i.number"),
    walking!("(i.changed_at, i.number) < ($1, $2)", "i.changed_at desc, i.number desc"),
];
/// Begins at those that have the words; the words of restricted incidents are in no index, so those are taken that one is named on.
const FOUND_ON_SQLITE: [&str; 3] = found_among!(
    "(select rowid as number from incident_words where incident_words match $25
  union select r.number from incidents r where r.restricted and exists (
    select 1 from incident_people n where n.incident_id = r.id and n.person_id = $13)) w
  cross join incidents i on i.number = w.number"
);
const FOUND_ON_POSTGRES: [&str; 3] = found_among!(
    "(select number from incidents
    where not restricted and trashed_at is null and array_to_tsvector(array_remove(string_to_array(search_folded, ' '), '')) @@ cast($25 as tsquery)
  union select r.number from incidents r where r.restricted and exists (
    select 1 from incident_people n where n.incident_id = r.id and n.person_id = $13)) w
  join incidents i on i.number = w.number"
);

/// The statement for an order; `found` begins at those that have the words.
pub(super) fn of(sort: Sort, found: bool, on_sqlite: bool) -> &'static str {
    let statements = match (found, on_sqlite) {
        (false, _) => WALKING,
        (true, true) => FOUND_ON_SQLITE,
        (true, false) => FOUND_ON_POSTGRES,
    };
    statements[sort as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn every_order_walks_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        let store = Store::open(&url, crate::InstanceKey::new([7; 32])).await.unwrap();
        store.migrate().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let crate::db::Engine::Sqlite(db) = conn.engine() else { unreachable!("opened above") };
        let indexes = ["idx_incidents_started_at", "idx_incidents_started_at", "idx_incidents_changed_at"];
        for (statement, index) in WALKING.into_iter().zip(indexes) {
            let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *db).await.unwrap();
            let plan: Vec<String> = plan.into_iter().map(|(.., step)| step).collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "sorted after reading everything: {plan:#?}");
        }
        for statement in FOUND_ON_SQLITE {
            let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *db).await.unwrap();
            let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
            let place = |words: &str| steps.iter().position(|step| step.contains(words));
            assert!(
                place("SCAN w") < place("SEARCH i USING") && place("SEARCH i USING").is_some(),
                "begins with all: {steps:#?}"
            );
        }
    }
}
