//! Parked ideas on the table of planning: read, grouped, one standing for several, dropped with thanks.

use crate::db::Conn;
use crate::parking::{self, Group, Idea};
use crate::standing::require;
use crate::{Result, Store, audit};
use chrono::{DateTime, Utc};
use domain::people::Viewer;
use domain::rights::Right;
use domain::{GroupId, IncidentId, ParkedId};

/// The parked ideas, for planners once the wall is open; in no order that tells anything.
///
/// # Errors
/// [`crate::StoreError::NotFound`] while the wall stands, and for everybody who does not plan here.
pub async fn ideas(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Idea>> {
    parking::read(store, viewer, incident, now).await
}

/// The groups that planners made of them.
///
/// # Errors
/// As [`ideas`].
pub async fn groups(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Vec<Group>> {
    parking::read_groups(store, viewer, incident, now).await
}

/// What a planner does with an idea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting<'a> {
    /// Dropped, with these words of thanks to its author, or the usual ones where they are empty.
    Drop(&'a str),
    /// Back on the table.
    PutBack,
    /// Into a group, or out of all.
    Into(Option<GroupId>),
    /// Into a new group of this name.
    IntoNew(&'a str),
    /// Another one stands for it as well.
    Under(ParkedId),
    /// It stands for itself again.
    Alone,
}

/// Sorts one idea.
///
/// # Errors
/// Fields `name`, `under` and `thanks` with what to mend; [`crate::StoreError::NotFound`] when the idea or the group is not there, or
/// the viewer does not plan here.
pub async fn sort(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    idea: ParkedId,
    how: Sorting<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = opened(store, viewer, incident, now).await?;
    if !parking::holds(&mut conn, incident, idea).await? {
        return Err(crate::StoreError::NotFound);
    }
    let action = match how {
        Sorting::Drop(words) => {
            parking::set_aside(&mut conn, incident, idea, Some(now), words).await?;
            "idea.set-aside"
        }
        Sorting::PutBack => {
            parking::set_aside(&mut conn, incident, idea, None, "").await?;
            "idea.put-back"
        }
        Sorting::Into(group) => {
            parking::put_into(&mut conn, incident, idea, group).await?;
            "idea.group"
        }
        Sorting::IntoNew(name) => {
            let group = parking::add_group(&mut conn, incident, name, now).await?;
            parking::put_into(&mut conn, incident, idea, Some(group)).await?;
            "idea.group"
        }
        Sorting::Under(other) => {
            parking::put_under(&mut conn, incident, idea, other).await?;
            "idea.merge"
        }
        Sorting::Alone => {
            parking::stand_alone(&mut conn, incident, idea).await?;
            "idea.split"
        }
    };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &idea.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// Gives a group another name, or takes it apart (`None`): its ideas stay.
///
/// # Errors
/// Field `name`; [`crate::StoreError::NotFound`] when the group is not there or the viewer does not plan here.
pub async fn change_group(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    group: GroupId,
    name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = opened(store, viewer, incident, now).await?;
    let action = if let Some(name) = name {
        parking::rename_group(&mut conn, incident, group, name).await?;
        "group.rename"
    } else {
        parking::remove_group(&mut conn, incident, group).await?;
        "group.remove"
    };
    audit::note(&mut conn, now, Some(viewer.person_id), action, &group.to_string(), Some(incident)).await?;
    conn.commit().await
}

async fn opened(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Conn> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::Plan, incident, now).await?;
    // What stands under what is read before it is written: two at once would make a circle.
    audit::take_turn(&mut conn).await?;
    Ok(conn)
}
