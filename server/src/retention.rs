//! `secondstory retention`: the daily run by hand, or what it would take, in counts and never in content.

use crate::cli::{Outcome, told};
use chrono::{DateTime, Utc};
use domain::retention::{Counts, Kind};
use std::process::ExitCode;
use store::Store;

pub(crate) async fn run(store: &Store, dry: bool, now: DateTime<Utc>) -> Outcome {
    if store::settings::is_demo(store).await.map_err(told)? && !dry {
        return Err("this database holds a demo, from which nothing goes; --dry-run counts".to_owned());
    }
    if dry {
        let plan = store::retention::dry_run(store, now).await.map_err(told)?;
        println!("Nothing was taken. If it ran now:");
        print!("{}", lines(&plan.now));
        println!("Within a week, this included; authors are told of these:");
        print!("{}", lines(&plan.within_a_week));
        return Ok(ExitCode::SUCCESS);
    }
    match store::retention::run_daily(store, now).await.map_err(told)? {
        Some(counts) => {
            println!("Taken:");
            print!("{}", lines(&counts));
        }
        None => println!("It has run today already; the next run is tomorrow."),
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(counts: &Counts) -> String {
    Kind::ALL.iter().map(|kind| format!("{:>8}  {}\n", counts.of(*kind), kind.label().to_lowercase())).collect()
}
