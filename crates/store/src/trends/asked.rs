//! How the statements of incident measures are asked: each has the filter of [`counting!`](super::measures) in the same places, and is cut
//! to whoever looks.

use super::Filter;
use super::measures::midnight;
use chrono::{DateTime, NaiveDate, Utc};
use domain::PersonId;
use domain::incidents::{Nature, Severity};
use domain::people::Viewer;
use domain::vocabulary::Tag;
use uuid::Uuid;

/// What a statement is asked with.
pub(super) struct Asked<'a> {
    /// From this instant on.
    pub(super) from: DateTime<Utc>,
    /// Before this one.
    pub(super) until: DateTime<Utc>,
    pub(super) team: Option<Uuid>,
    pub(super) severity: Option<i64>,
    pub(super) factor: &'a str,
    pub(super) me: PersonId,
    pub(super) service: Option<Uuid>,
    pub(super) nature: Option<&'static str>,
}

impl<'a> Asked<'a> {
    /// For the months of the filter.
    pub(super) fn by(filter: &'a Filter, viewer: &Viewer) -> Self {
        Self {
            from: midnight(filter.from.first_day()),
            until: midnight(filter.to.closed_on()),
            team: filter.team.map(|team| team.0),
            severity: filter.severity.map(Severity::number),
            factor: filter.factor.as_ref().map_or("", Tag::as_str),
            me: viewer.person_id,
            service: filter.service.map(|service| service.0),
            nature: filter.nature.map(Nature::slug),
        }
    }

    /// The same for other days.
    pub(super) fn between(self, from: NaiveDate, until: NaiveDate) -> Self {
        Self { from: midnight(from), until: midnight(until), ..self }
    }
}

/// All rows of a statement: `ask!(conn, STATEMENT, asked)`.
macro_rules! ask {
    ($conn:expr, $statement:ident, $asked:expr) => {{
        let asked: &$crate::trends::asked::Asked<'_> = $asked;
        $crate::db::on!($conn, db => sqlx::query_as($statement)
            .bind(asked.from)
            .bind(asked.until)
            .bind(asked.team)
            .bind(asked.severity)
            .bind(asked.factor)
            .bind(asked.me.0)
            .bind(asked.service)
            .bind(asked.nature)
            .fetch_all(db)
            .await)?
    }};
}
pub(super) use ask;
