//! What the database says: engine and settings, schema, pages, references, audit trail, sealed words, search, trends, clock, backup, demo mark.

use super::Finding;
use crate::cli::told;
use crate::operations::age;
use chrono::{DateTime, TimeDelta, Utc};
use store::{Store, health, operations};

/// The daily backup and a few hours.
const OVERDUE: TimeDelta = TimeDelta::hours(30);
/// Clocks that are further apart put the timeline of an incident out of order.
const APART: TimeDelta = TimeDelta::seconds(5);
const RESTORE: &str = "Stop the service, keep the damaged file, and restore the last backup into a new one; then compare.";

/// A check that could not be made says why.
fn unless_failed(check: &'static str, finding: store::Result<Finding>) -> Finding {
    finding.unwrap_or_else(|error| {
        Finding::broken(check, format!("it could not be looked at: {}", told(error)), "See the other findings, then try again.")
    })
}

/// Everything; `key` is the id of the key at hand.
pub(super) async fn look(store: &Store, key: Option<String>, quick: bool, now: DateTime<Utc>) -> Vec<Finding> {
    let mut found = engine(store).await;
    found.push(unless_failed("schema", schema(store).await));
    let fits = unless_failed("instance key", key_fits(store, key.as_deref()).await);
    let opens = fits.state == super::State::Ok;
    found.push(fits);
    found.push(unless_failed("pages", pages(store, quick).await));
    found.push(unless_failed("references", references(store).await));
    if opens {
        found.push(unless_failed("audit trail", audit(store, now).await));
        found.push(unless_failed("sealed words", sealed(store).await));
    } else {
        let said = "not looked at, since the right instance key is not here";
        found.push(Finding::look("audit trail", said, "Bring the key, then ask again."));
        found.push(Finding::look("sealed words", said, "Bring the key, then ask again."));
    }
    found.push(unless_failed("search", search(store).await));
    found.push(unless_failed("trends", trends(store).await));
    found.push(unless_failed("clock", clock(store, now).await));
    found.push(unless_failed("backup", backup(store, now).await));
    found
}

async fn engine(store: &Store) -> Vec<Finding> {
    match health::settings(store).await {
        Err(error) => vec![unless_failed("settings", Err(error))],
        Ok((version, settings)) => {
            let unfit: Vec<String> =
                settings.iter().filter(|s| !s.is_fit()).map(|s| format!("{} is {}, not {}", s.name, s.value, s.wanted)).collect();
            let advice = "Set it as named, in the server's configuration or by letting `secondstory` open the file itself.";
            let setting = match settings.iter().any(|s| !s.is_fit() && s.grave) {
                true => Finding::broken("settings", unfit.join("; "), advice),
                false if !unfit.is_empty() => Finding::look("settings", unfit.join("; "), advice),
                false => {
                    let all = settings.iter().map(|s| format!("{}={}", s.name, s.value)).collect::<Vec<_>>();
                    Finding::ok("settings", format!("read back: {}.", all.join(", ")))
                }
            };
            // Opening has refused a version that loses data.
            vec![Finding::ok("engine", format!("{version}.")), setting]
        }
    }
}

async fn schema(store: &Store) -> store::Result<Finding> {
    let state = store.migration_state().await?;
    let last = state.applied.last().copied().unwrap_or_default();
    Ok(match (state.newer, state.pending.len()) {
        (Some(newer), _) => Finding::broken(
            "schema",
            format!("the database was written by a newer Second Story (migration {newer})"),
            "Start that one, or restore a backup from before the upgrade.",
        ),
        (None, 0) => Finding::ok("schema", format!("up to date at migration {last}.")),
        (None, n) => Finding::look(
            "schema",
            format!("{n} migrations are not applied; the last is {last}"),
            "`secondstory migrate --dry-run` lists them; `serve` applies them after a backup.",
        ),
    })
}

async fn key_fits(store: &Store, key: Option<&str>) -> store::Result<Finding> {
    let needed = store::settings::instance_key_id(store).await?;
    Ok(match (needed, key) {
        (None, _) => Finding::ok("instance key", "this database was never served and needs none yet."),
        (Some(needed), Some(key)) if needed == key => Finding::ok("instance key", format!("the database's own ({key}).")),
        (Some(needed), given) => Finding::broken(
            "instance key",
            format!("the database needs the key {needed}, and {} is here", given.unwrap_or("none")),
            "Give the right file with --key-file, or put it at DATA/secrets/instance.key.",
        ),
    })
}

async fn pages(store: &Store, quick: bool) -> store::Result<Finding> {
    let faults = health::integrity(store, quick).await?;
    let how = if quick { "the quick check" } else { "the whole check" };
    Ok(match faults.first() {
        None => Finding::ok("pages", format!("{how} found every page as it should be.")),
        Some(first) => {
            Finding::broken("pages", format!("{} faults, the first: {}", faults.len(), first.replace('\n', " ")), RESTORE)
        }
    })
}

async fn references(store: &Store) -> store::Result<Finding> {
    let faults = health::references(store).await?;
    Ok(match faults.first() {
        None => Finding::ok("references", "every row finds what it refers to."),
        Some(first) => Finding::broken("references", format!("{} faults, the first: {first}", faults.len()), RESTORE),
    })
}

async fn audit(store: &Store, now: DateTime<Utc>) -> store::Result<Finding> {
    let chain = health::audit_chain(store).await?;
    Ok(match (chain.broken_at, chain.last_at) {
        (Some(number), _) => Finding::broken(
            "audit trail",
            format!("entry {number} does not fit: it or what stood before it was changed or removed"),
            "Compare with a backup. Somebody, or a fault, has written to the database past the service.",
        ),
        (None, Some(last)) if last - now > APART => Finding::broken(
            "audit trail",
            format!("the last entry is {} s in the future", (last - now).num_seconds()),
            "The clock went back. Set it right before anybody writes.",
        ),
        (None, _) => Finding::ok("audit trail", format!("{} entries follow one another from the first on.", chain.entries)),
    })
}

async fn sealed(store: &Store) -> store::Result<Finding> {
    let sealed = health::sealed(store).await?;
    Ok(match sealed.faults.first() {
        None => Finding::ok(
            "sealed words",
            format!("the keys of {} incidents unwrap; {} sealed values open.", sealed.keys, sealed.values),
        ),
        Some(first) => Finding::broken("sealed words", format!("{} faults, the first: {first}", sealed.faults.len()), RESTORE),
    })
}

async fn search(store: &Store) -> store::Result<Finding> {
    const AGAIN: &str = "`secondstory doctor --rebuild-search` makes all words anew.";
    if !store.migration_state().await?.pending.is_empty() {
        return Ok(Finding::look("search", "not looked at, since migrations are not applied", "See the schema."));
    }
    let there = store::search::check(store).await?;
    Ok(match (there.too_much, there.missing, there.waiting) {
        (1.., ..) => Finding::broken("search", format!("{} texts can be found that should not be", there.too_much), AGAIN),
        (_, 1.., _) => Finding::broken("search", format!("{} texts cannot be found", there.missing), AGAIN),
        (_, _, 0) => Finding::ok("search", format!("{} texts can be found, each that should be.", there.texts)),
        (.., n) => Finding::look(
            "search",
            format!("{} texts can be found, {n} wait for their words", there.texts),
            "`serve` writes them in the background; the log says how far it is.",
        ),
    })
}

async fn trends(store: &Store) -> store::Result<Finding> {
    const AGAIN: &str = "`secondstory doctor --rebuild-trends` counts all days anew.";
    if !store.migration_state().await?.pending.is_empty() {
        return Ok(Finding::look("trends", "not looked at, since migrations are not applied", "See the schema."));
    }
    let sheets = store::trends::check_sheets(store).await?;
    Ok(match (sheets.wrong, sheets.waiting) {
        (0, 0) => Finding::ok("trends", format!("{} days are counted as their incidents say.", sheets.days)),
        (0, n) => Finding::look(
            "trends",
            format!("{} days are counted as their incidents say, {n} wait", sheets.days),
            "The next change that anybody makes counts them; until then trends read their incidents and are slower.",
        ),
        (n, _) => Finding::broken("trends", format!("{n} days are counted otherwise than their incidents say"), AGAIN),
    })
}

async fn clock(store: &Store, now: DateTime<Utc>) -> store::Result<Finding> {
    Ok(match health::clock(store).await? {
        None => Finding::ok("clock", format!("{}; SQLite has no other.", now.format("%Y-%m-%d %H:%M:%S UTC"))),
        Some(theirs) if (crate::clock::now() - theirs).abs() > APART => Finding::look(
            "clock",
            format!("the database's clock and this machine's are {} s apart", (crate::clock::now() - theirs).abs().num_seconds()),
            "Let both take their time from one source.",
        ),
        Some(_) => Finding::ok("clock", format!("{}; the database's agrees.", now.format("%Y-%m-%d %H:%M:%S UTC"))),
    })
}

async fn backup(store: &Store, now: DateTime<Utc>) -> store::Result<Finding> {
    if store::settings::is_demo(store).await? {
        return Ok(Finding::ok("backup", "this database is marked as a demo: it is not backed up, and `serve` refuses it."));
    }
    let advice = "`serve` makes one a day; `secondstory backup --to DIR` makes one now. Its messages say what is in the way.";
    Ok(match operations::last_backup(store).await? {
        None => Finding::look("backup", "no backup was made yet", advice),
        Some(last) if !last.verified => {
            Finding::broken("backup", format!("the last one, {}, was not found whole: {}", last.file, last.said), advice)
        }
        Some(last) if now - last.at > OVERDUE => {
            Finding::look("backup", format!("the last one, {}, is {}", last.file, age(now - last.at)), advice)
        }
        Some(last) => Finding::ok("backup", format!("{}, {}. {}", last.file, age(now - last.at), last.said)),
    })
}
