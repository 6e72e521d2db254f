//! When incidents began, for the heat map of hours and weekdays: instants, since an hour of the day is one of a zone.

use super::Filter;
use super::asked::Asked;
use super::measures::Began;
use super::sheets::{self, Wanted};
use crate::standing::check_global;
use crate::{Result, Store};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;

/// When the incidents of a filter began, earliest first.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn began(store: &Store, viewer: &Viewer, filter: &Filter) -> Result<Vec<Began>> {
    check_global(Right::SeeTrends, viewer)?;
    let mut conn = store.read().await?;
    let wanted = Wanted::by(&mut conn, &Asked::by(filter, viewer)).await?;
    let mut began = Vec::new();
    sheets::each(&mut conn, filter.days(), viewer.person_id, |day, sheet| {
        began.extend(wanted.of(sheet).map(|line| Began { key: IncidentKey(line.number), started_at: line.began(day) }));
        Ok(())
    })
    .await?;
    began.sort_by_key(|one| (one.started_at, one.key.0));
    Ok(began)
}
