//! What a minute of incident time costs, where an administrator chose a rate for the whole organisation: from the hours of a closed month that
//! are shown anyway, and the incidents that began in it.

use crate::charts::scale::hours;
use crate::ctx::Ctx;
use crate::error::AppError;
use domain::incidents::Nature;
use domain::trends::{self, Cost, Period, Span, Unit, minutes_of_any};
use store::trends::{Filter, PeopleMeasures};

/// How it is computed, and what it cannot tell.
pub(super) const COMPUTED: &str = "Cost of triage: the hours that people told of in that month, at one rate for the whole organisation, over the minutes in \
    which an incident that began in it was going on; two at once count one minute. Near misses and drills are not in it; minutes of a restricted incident are, for those named on it alone, while its hours are in every total. It is never told by team, by \
    person or by incident. It cannot tell what an incident cost customers, nor what learning from it is worth.";

/// The cost of a month.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Triage {
    pub(super) month: Period,
    rate: i64,
    minutes: i64,
    cost: Cost,
    at_least: bool,
}

/// Of the latest month that shows hours; `None` where no rate is chosen, or no month is shown.
pub(super) async fn read(ctx: &Ctx, released: &PeopleMeasures) -> Result<Option<Triage>, AppError> {
    let months =
        released.hours.figures.iter().filter(|f| f.cell.unit == Unit::Organisation && f.cell.period.span() == Span::Month);
    let shown = months.filter_map(|f| Some((f.cell.period, f.value.ok()?))).max_by_key(|(month, _)| *month);
    let (Some(rate), Some((month, told))) = (released.rate, shown) else { return Ok(None) };
    let filter = Filter {
        from: month,
        to: month,
        nature: Some(Nature::Incident),
        team: None,
        service: None,
        severity: None,
        factor: None,
    };
    let measures = store::trends::incident_measures(ctx.store(), ctx.viewer()?, &filter).await?;
    let begin = |at: chrono::DateTime<chrono::Utc>| at.timestamp() / 60;
    let going_on = minutes_of_any(measures.lasted.iter().map(|l| (begin(l.started_at), begin(l.started_at) + l.minutes)));
    let complete = released.completeness.figure(Unit::Organisation, month).and_then(|value| value.ok());
    Ok(Some(Triage {
        month,
        rate,
        minutes: told.given.total(),
        cost: trends::cost(told.given.total(), rate, going_on),
        at_least: complete.is_some_and(|released| released.given.is_lower_bound()),
    }))
}

impl Triage {
    /// "9.50", of a minute; `None` where no incident of the month has an end.
    pub(super) fn per_minute(&self) -> Option<String> {
        let at_least = if self.at_least { "at least " } else { "" };
        self.cost.per_minute.map(|cost| format!("{at_least}{cost:.2}"))
    }

    /// "March 2026: 570 in all, for 6 hours at 95 an hour".
    pub(super) fn behind(&self) -> String {
        format!("{}: {:.0} in all, for {} h at {} an hour", self.month.label(), self.cost.total, hours(self.minutes), self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_says_what_it_is_made_of() {
        let month = Period::month(2026, 3).unwrap();
        let triage = |at_least| Triage { month, rate: 95, minutes: 360, cost: trends::cost(360, 95, 60), at_least };
        assert_eq!(triage(false).per_minute().unwrap(), "9.50");
        assert_eq!(triage(true).per_minute().unwrap(), "at least 9.50");
        assert_eq!(triage(false).behind(), "March 2026: 570 in all, for 6 h at 95 an hour");
    }
}
