//! When incidents began, for the heat map of hours and weekdays: instants, since an hour of the day is one of a zone.

use super::Filter;
use super::asked::{Asked, ask};
use super::measures::{Began, counting};
use crate::standing::check_global;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;

const BEGAN: &str = counting!(
    "
select i.number, i.started_at
from incidents i",
    "",
    "
order by i.started_at, i.number"
);

/// When the incidents of a filter began, earliest first.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn began(store: &Store, viewer: &Viewer, filter: &Filter) -> Result<Vec<Began>> {
    check_global(Right::SeeTrends, viewer)?;
    let asked = Asked::by(filter, viewer);
    let mut conn = store.read().await?;
    let rows: Vec<(i64, DateTime<Utc>)> = ask!(conn, BEGAN, &asked);
    Ok(rows.into_iter().map(|(number, started_at)| Began { key: IncidentKey(number), started_at }).collect())
}
