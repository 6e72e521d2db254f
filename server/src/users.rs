//! `secondstory user list`, `reset` and `deactivate`: for the host, where nobody can sign in.

use crate::cli::{Outcome, told};
use crate::clock;
use domain::PersonId;
use domain::people::TakesPart;
use std::process::ExitCode;
use store::Store;
use store::people::{self, AccountLine, By, LinkKind};

/// Prints all accounts, one a line: address, state, roles, name; tabs between.
pub(crate) async fn list(store: &Store) -> Outcome {
    let all = people::accounts(store, By::Host).await.map_err(told)?;
    if all.is_empty() {
        eprintln!("No account yet. `secondstory user add` makes the first one.");
    }
    for line in &all {
        println!("{}\t{}\t{}\t{}", line.email, line.state.slug(), roles(line), line.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn roles(line: &AccountLine) -> String {
    let part = match line.takes_part {
        TakesPart::Not => None,
        part => Some(part.slug()),
    };
    let roles = [part, line.administrator.then_some("administrator"), line.may_facilitate.then_some("may-facilitate")];
    roles.into_iter().flatten().collect::<Vec<_>>().join(",")
}

async fn find(store: &Store, email: &str) -> Result<PersonId, String> {
    let found = people::by_email(store, email).await.map_err(told)?;
    found.ok_or_else(|| format!("there is no account {email}; `secondstory user list` shows those that there are"))
}

/// Prints a link by which this person sets a password.
pub(crate) async fn reset(store: &Store, email: &str, base_url: &str) -> Outcome {
    let person = find(store, email).await?;
    let link = match people::make_link(store, By::Host, person, clock::now()).await {
        Ok(link) => link,
        Err(store::StoreError::NotFound) => {
            return Err(format!("{email} is deactivated; an administrator can reactivate the account under Settings, People"));
        }
        Err(other) => return Err(told(other)),
    };
    println!("{}/password/{}", base_url.trim_end_matches('/'), link.token);
    let what = match link.kind {
        LinkKind::Invitation => "sets the first password",
        LinkKind::Reset => "sets a new password and ends all sessions",
    };
    eprintln!("It {what}, once, until {}. Nobody else should read it.", link.until.format("%Y-%m-%d %H:%M UTC"));
    Ok(ExitCode::SUCCESS)
}

/// Deactivates an account: all its sessions end at once.
pub(crate) async fn deactivate(store: &Store, email: &str) -> Outcome {
    let person = find(store, email).await?;
    people::deactivate(store, By::Host, person, clock::now()).await.map_err(told)?;
    println!("{email} cannot sign in any more; every session has ended.");
    Ok(ExitCode::SUCCESS)
}
