//! What helped, where it was luck, and what surprised people, by service. Reviewed incidents are counted: no person, no team's merit, and
//! no thanks, which nothing counts (decision 41).

use super::Filter;
use super::asked::{Asked, ask};
use super::measures::{count, counting};
use super::recurring::tag;
use crate::standing::check_global;
use crate::{Result, Store};
use domain::ServiceId;
use domain::learnings::Role;
use domain::people::Viewer;
use domain::rights::Right;
use domain::trends::{FactorRow, factor_rows};
use domain::vocabulary::Tag;

/// Factors that played one part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Reviewed incidents with a factor that played it.
    pub incidents: u32,
    /// The tags of these factors, most incidents first; what nobody sorted, too.
    pub tags: Vec<FactorRow<Tag>>,
}

/// Reviewed incidents of a service, and how many of their stories tell what surprised people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surprised {
    /// The service.
    pub service: ServiceId,
    /// Its reviewed incidents.
    pub reviewed: u32,
    /// Those whose story has words in the section about surprises.
    pub told: u32,
}

/// What a filter counts of what helped.
#[derive(Clone, Debug, PartialEq)]
pub struct Helped {
    /// Incidents with a published second story.
    pub reviewed: u32,
    /// Factors that made it smaller or shorter.
    pub mitigators: Part,
    /// Factors that were luck, good or bad.
    pub luck: Part,
    /// Reviewed incidents whose story tells of surprises.
    pub surprised: u32,
    /// The same by service; incidents that name no service are in none.
    pub by_service: Vec<Surprised>,
}

const REVIEWED: &str = counting!(
    "
select count(*) as reviewed, coalesce(sum(case when exists (
  select 1 from sections x where x.incident_id = i.id and x.kind = 'surprised' and x.body <> '') then 1 else 0 end), 0) as told
from incidents i",
    "
  and i.published_at is not null",
    ""
);
const PARTS: &str = counting!(
    "
select f.role, count(distinct f.incident_id) as incidents
from incidents i join factors f on f.incident_id = i.id",
    "
  and i.published_at is not null and f.role in ('mitigator', 'luck')",
    "
group by f.role"
);
const TAGS: &str = counting!(
    "
select f.role, c.counted, count(distinct f.incident_id) as incidents
from incidents i join factors f on f.incident_id = i.id join factor_tags c on c.factor_id = f.id",
    "
  and i.published_at is not null and f.role in ('mitigator', 'luck')",
    "
group by f.role, c.counted"
);
const SURPRISED: &str = counting!(
    "
select a.service_id, count(*) as reviewed, sum(case when exists (
  select 1 from sections x where x.incident_id = i.id and x.kind = 'surprised' and x.body <> '') then 1 else 0 end) as told
from incidents i join incident_services a on a.incident_id = i.id",
    "
  and i.published_at is not null",
    "
group by a.service_id"
);

/// What is asked, for the tests that look at plans.
pub(super) const STATEMENTS: [(&str, &str); 4] =
    [("helped REVIEWED", REVIEWED), ("helped PARTS", PARTS), ("helped TAGS", TAGS), ("helped SURPRISED", SURPRISED)];

/// What helped under a filter, whose own factor is left out of account.
///
/// # Errors
/// [`crate::StoreError::NotFound`] for who does not see trends.
pub async fn helped(store: &Store, viewer: &Viewer, filter: &Filter) -> Result<Helped> {
    check_global(Right::SeeTrends, viewer)?;
    let filter = Filter { factor: None, ..filter.clone() };
    let asked = Asked::by(&filter, viewer);
    let mut conn = store.read().await?;
    let all: Vec<(i64, i64)> = ask!(conn, REVIEWED, &asked);
    let parts: Vec<(String, i64)> = ask!(conn, PARTS, &asked);
    let tags: Vec<(String, String, i64)> = ask!(conn, TAGS, &asked);
    let services: Vec<(uuid::Uuid, i64, i64)> = ask!(conn, SURPRISED, &asked);
    let (reviewed, surprised) = all.first().map_or((0, 0), |row| (count(row.0), count(row.1)));
    let part = |role: Role| {
        let here = tags.iter().filter(|row| row.0 == role.slug());
        let counts: Vec<(Tag, u32)> = here.map(|row| Ok((tag(&row.1)?, count(row.2)))).collect::<Result<_>>()?;
        let incidents = parts.iter().find(|row| row.0 == role.slug()).map_or(0, |row| count(row.1));
        Ok::<_, crate::StoreError>(Part { incidents, tags: factor_rows(&counts, reviewed) })
    };
    let by_service = services.into_iter();
    Ok(Helped {
        reviewed,
        surprised,
        mitigators: part(Role::Mitigator)?,
        luck: part(Role::Luck)?,
        by_service: by_service
            .map(|(id, reviewed, told)| Surprised { service: ServiceId(id), reviewed: count(reviewed), told: count(told) })
            .collect(),
    })
}
