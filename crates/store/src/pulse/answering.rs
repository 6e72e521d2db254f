//! Answering the pulse: one's answers are added to the sums of the quarter, and a mark says that this month is done. Nothing of one's own answers is
//! kept, so nobody can show them again, change them or take them back.

use super::{Turn, marks, sums};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, settings};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::pulse::{Answers, HelpResource};
use domain::rights::Right;
use domain::trends::Period;

/// How the pulse of this month stands for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is switched off.
    Off,
    /// It can be answered.
    Open,
    /// It can be answered, but they do not want to be asked this month.
    NotNow,
    /// They have answered.
    Answered,
}

/// The viewer's own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// The month that is asked about.
    pub month: Period,
    /// How it stands.
    pub asked: Asked,
    /// What it is for, in the organisation's words.
    pub purpose: String,
    /// Smallest group that figures are told of.
    pub smallest: usize,
    /// Whom to turn to.
    pub help: Vec<HelpResource>,
}

/// The viewer's own page.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn mine(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<Mine> {
    check_global(Right::OwnPages, viewer)?;
    let turn = Turn::at(now);
    let mut conn = store.read().await?;
    let chosen = settings::chosen_pulse(&mut conn).await?;
    let mark = marks::find(&mut conn, turn.quarter, viewer.person_id).await?;
    let asked = match (chosen.on, mark.has_answered(turn.place), mark.is_not_now(turn.place)) {
        (false, ..) => Asked::Off,
        (true, true, _) => Asked::Answered,
        (true, false, true) => Asked::NotNow,
        (true, false, false) => Asked::Open,
    };
    let smallest = settings::smallest_group(&mut conn).await?;
    Ok(Mine { month: turn.month, asked, purpose: chosen.purpose, smallest, help: chosen.help })
}

/// Whether this month's pulse waits for the viewer.
///
/// # Errors
/// What the database said.
pub async fn waits(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<bool> {
    if !viewer.has_account() {
        return Ok(false);
    }
    // Home asks this of everybody: most of the time one look is enough.
    let mut conn = store.read().await?;
    if !settings::pulse_is_on(&mut conn).await? {
        return Ok(false);
    }
    let turn = Turn::at(now);
    let mark = marks::find(&mut conn, turn.quarter, viewer.person_id).await?;
    Ok(!mark.has_answered(turn.place) && !mark.is_not_now(turn.place))
}

/// Adds the viewer's answers to the sums of this month. They count with the team that the viewer had at their first answer of the quarter.
///
/// # Errors
/// [`StoreError::NotFound`] without an account and while the pulse is off; [`StoreError::Refused`] for a second time in a month.
pub async fn answer(store: &Store, viewer: &Viewer, answers: &Answers, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let turn = Turn::at(now);
    let mut conn = store.write().await?;
    // Sums are read and written back, and a mark is looked for before it is set: one after the other.
    audit::take_turn(&mut conn).await?;
    if !settings::pulse_is_on(&mut conn).await? {
        return Err(StoreError::NotFound);
    }
    let mut mark = marks::find(&mut conn, turn.quarter, viewer.person_id).await?;
    if mark.has_answered(turn.place) {
        return Err(StoreError::Refused(
            "You have answered this month. What you said is counted, and cannot be found again to change it.",
        ));
    }
    let mut so_far = sums::begun(&mut conn, turn.quarter).await?;
    let team = mark.answer(turn.place, viewer.team_id);
    so_far.add(team, turn.place, answers);
    sums::put(&mut conn, turn.quarter, &so_far).await?;
    marks::put(&mut conn, turn.quarter, viewer.person_id, &mark).await?;
    conn.commit().await
}

/// The viewer does not want to be asked again this month. In the database it looks as an answer does.
///
/// # Errors
/// [`StoreError::NotFound`] without an account and while the pulse is off.
pub async fn not_this_month(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::OwnPages, viewer)?;
    let turn = Turn::at(now);
    let mut conn = store.write().await?;
    audit::take_turn(&mut conn).await?;
    if !settings::pulse_is_on(&mut conn).await? {
        return Err(StoreError::NotFound);
    }
    let mut mark = marks::find(&mut conn, turn.quarter, viewer.person_id).await?;
    let so_far = sums::begun(&mut conn, turn.quarter).await?;
    mark.not_now(turn.place);
    // Sealed anew, as by an answer.
    sums::put(&mut conn, turn.quarter, &so_far).await?;
    marks::put(&mut conn, turn.quarter, viewer.person_id, &mark).await?;
    conn.commit().await
}
