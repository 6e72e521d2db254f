//! All that the page of incidents reads, held until anything is written: it is the page that is opened most.

use super::{Choices, Filter, ListPage, choices, list};
use crate::held::{Held, Moment};
use crate::interviews::{AskedOf, asked_of};
use crate::standing::check_global;
use crate::{Result, Store};
use domain::PersonId;
use domain::people::Viewer;
use domain::rights::Right;
use std::sync::Arc;

/// Pages that are held: a few of a few people each, about 20 KB a page.
const HELD: usize = 128;

/// A page of incidents with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Front {
    /// The rows.
    pub page: ListPage,
    /// What the list can be filtered by.
    pub choices: Choices,
    /// The one-on-ones that wait for the viewer.
    pub asked: Vec<AskedOf>,
}

/// By person, since restricted incidents and one-on-ones differ, and by all that was asked.
pub(crate) type HeldFronts = Held<(PersonId, Filter, usize), Moment, Front>;

pub(crate) fn no_fronts() -> HeldFronts {
    Held::with_room_for(HELD)
}

/// A page of at most `size` incidents, what there is to filter by, and what waits for the viewer.
///
/// # Errors
/// [`crate::StoreError::NotFound`] when the viewer sees no incidents.
pub async fn front(store: &Store, viewer: &Viewer, filter: &Filter, size: usize) -> Result<Arc<Front>> {
    // Asked each time: a right that was taken away holds at once, whatever is held.
    check_global(Right::SeeIncidents, viewer)?;
    let asked = (viewer.person_id, filter.clone(), size);
    let moment = store.moment().await;
    if let Some(front) = moment.as_ref().and_then(|moment| store.listed.get(&asked, moment)) {
        return Ok(front);
    }
    let front = Arc::new(Front {
        page: list(store, viewer, filter, size).await?,
        choices: choices(store, viewer).await?,
        asked: asked_of(store, viewer).await?,
    });
    if let Some(moment) = moment {
        store.listed.put(asked, moment, &front);
    }
    Ok(front)
}
