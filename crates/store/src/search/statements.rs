//! The statements that find texts: two ways to a page or a count, for each engine. See decisions 23 and 31 for the two ways.

use domain::search::Kind;

macro_rules! hits {
    ($what:literal, $among:expr, $end:literal) => {
        concat!(
            "
select ",
            $what,
            "
from ",
            $among,
            "
where h.kind = $1 and (h.sort_at, h.number) < ($2, $3)
  and not i.restricted and i.trashed_at is null and (h.kind <> 'story' or i.published_at is not null)
  and (i.team_id = $4 or $4 is null) and (i.severity = $5 or $5 is null)
  and ($6 is null or exists (select 1 from incident_services v where v.incident_id = i.id and v.service_id = $6))
  and ($7 = '' or (h.kind <> 'factor' and h.label = $7) or (h.kind = 'factor' and exists (select 1 from factor_tags g
    where g.factor_id = h.object_id and g.counted = coalesce((select y.counted from vocabulary y where y.tag = $7), $7)))) and (h.sort_at >= $8 or $8 is null) and (h.sort_at < $9 or $9 is null)
  and h.words like $11 and h.words like $12 and h.words like $13
  and h.words like $14 and h.words like $15 and h.words like $16
",
            $end,
            " limit $10"
        )
    };
}
// What only a shown row needs is asked for the shown ones.
macro_rules! page {
    ($among:expr) => {
        concat!(
            "
select p.*,
  case p.kind when 'event' then (select e.body || ' ' || e.question from events e where e.id = p.object_id and e.deleted_at is null)
    when 'factor' then (select f.body || ' ' || f.other_view from factors f where f.id = p.object_id)
    when 'learning' then (select l.body || ' ' || l.body_before from learnings l where l.id = p.object_id)
    else (select c.body from sections c where c.incident_id = p.object_id and c.kind = p.part) end as body,
  (select e.at from events e where e.id = p.object_id and p.kind = 'event') as at
from (",
            hits!(
                "h.number, h.kind, h.object_id, h.part, h.label, h.sort_at, i.number as incident, i.title, i.severity, i.zone",
                $among,
                "order by h.sort_at desc, h.number desc"
            ),
            ") p order by p.sort_at desc, p.number desc"
        )
    };
}
macro_rules! count {
    ($among:expr) => {
        concat!("select count(*) from (", hits!("1", $among, ""), ") some_of_them")
    };
}
macro_rules! some_of_all {
    ($join:literal) => {
        concat!(
            "(select * from search_texts where kind = $1 and (sort_at, number) < ($2, $3) order by sort_at desc, number desc limit $17) h
  ",
            $join,
            " incidents i on i.id = h.incident_id"
        )
    };
}
macro_rules! found_on_sqlite {
    () => {
        "(select rowid as number from search_words where search_words match $17) w
  cross join search_texts h on h.number = w.number cross join incidents i on i.id = h.incident_id"
    };
}
// `offset 0` keeps the order: else PostgreSQL takes a pattern for rarer than the words and walks all texts for it.
// Each kind has an index of its own, which is used where the kind stands in the text: a word that many events have says nothing of factors.
macro_rules! found_on_postgres {
    ($kind:literal) => {
        concat!(
            "(select number from search_texts
    where kind = '",
            $kind,
            "' and array_to_tsvector(array_remove(string_to_array(words, ' '), '')) @@ cast($17 as tsquery) offset 0) w
  cross join lateral (select * from search_texts t where t.number = w.number offset 0) h join incidents i on i.id = h.incident_id"
        )
    };
}
macro_rules! of_each_kind {
    ($statement:ident) => {
        [
            $statement!(found_on_postgres!("event")),
            $statement!(found_on_postgres!("factor")),
            $statement!(found_on_postgres!("learning")),
            $statement!(found_on_postgres!("story")),
        ]
    };
}
/// For a page, then for a count; by engine, SQLite first: walking for some steps.
const WALKING: [[&str; 2]; 2] = [
    [page!(some_of_all!("cross join")), page!(some_of_all!("join"))],
    [count!(some_of_all!("cross join")), count!(some_of_all!("join"))],
];
/// As [`WALKING`], beginning at those that have the words.
const FOUND_ON_SQLITE: [&str; 2] = [page!(found_on_sqlite!()), count!(found_on_sqlite!())];
/// As [`FOUND_ON_SQLITE`], by kind.
const FOUND_ON_POSTGRES: [[&str; 4]; 2] = [of_each_kind!(page), of_each_kind!(count)];

/// What a statement answers.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    /// A page of texts.
    Page,
    /// How many there are.
    Count,
}

/// The statement that asks for texts of a kind, which is none of incidents.
pub(super) fn of(asked: Asked, kind: Kind, found: bool, on_sqlite: bool) -> &'static str {
    let asked = asked as usize;
    match (found, on_sqlite) {
        (false, _) => WALKING[asked][usize::from(!on_sqlite)],
        (true, true) => FOUND_ON_SQLITE[asked],
        (true, false) => FOUND_ON_POSTGRES[asked][(kind as usize).saturating_sub(1)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn walking_follows_the_order_and_what_was_found_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("plan.db").display());
        let store = Store::open(&url, crate::InstanceKey::new([7; 32])).await.unwrap();
        store.migrate().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let crate::db::Engine::Sqlite(db) = conn.engine() else { unreachable!("opened above") };
        for (found, wanted) in [(false, "idx_search_texts_order"), (true, "search_words VIRTUAL TABLE")] {
            for statement in [Asked::Page, Asked::Count].map(|asked| of(asked, Kind::Event, found, true)) {
                let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
                let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *db).await.unwrap();
                let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
                let first = steps.iter().find(|step| step.starts_with("SEARCH") || step.starts_with("SCAN")).unwrap();
                let at = steps.iter().position(|step| step.contains(wanted));
                let incidents = steps.iter().position(|step| step.contains("SEARCH i USING"));
                assert!(at.is_some() && at < incidents, "{first}: {steps:#?}");
            }
        }
    }
}
