//! Perspectives: what each responder tells, in a lane of their own beside the factual one; as a page, as a picture and as a file.

mod file;
mod grid;
mod page;
mod picture;
mod place;

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::table::Routes;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::incidents::{Incident, IncidentKey};
use domain::rights::Right;
use domain::timeline::{Precision, TimelineEvent};
use domain::walltime;
use store::incidents::Opened;

/// This page's endpoints. Whose words are there to be placed or moved, the store decides: authors have rights at their own.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/timeline/perspectives", Right::SeeIncidents, page::show)
        .post("/incidents/{key}/timeline/perspectives/events/{id}", Right::EditReview, page::note)
        .get("/incidents/{key}/timeline/perspectives/place/{answer}", Right::SeeIncidents, place::show)
        .post("/incidents/{key}/timeline/perspectives/place/{answer}", Right::SeeIncidents, place::place)
        .get("/incidents/{key}/timeline/perspectives/words/{words}", Right::SeeIncidents, place::show_placed)
        .post("/incidents/{key}/timeline/perspectives/words/{words}", Right::SeeIncidents, place::settle)
        .get("/incidents/{key}/timeline.svg", Right::SeeIncidents, file::show)
}

/// The incident that a path names, as the viewer sees it.
async fn opened(ctx: &Ctx, key: &str) -> Result<Opened, AppError> {
    let key: IncidentKey = key.parse().map_err(|()| AppError::NotFound)?;
    Ok(store::incidents::by_key(ctx.store(), ctx.viewer()?, key, ctx.now).await?)
}

/// Address of the page.
fn at(key: IncidentKey) -> String {
    format!("/incidents/{key}/timeline/perspectives")
}

/// The clock that an incident is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Clock {
    zone: Tz,
    /// The day on which it began: on others a time carries its day.
    day: NaiveDate,
}

impl Clock {
    fn of(incident: &Incident) -> Self {
        let zone = walltime::parse_zone(&incident.zone).unwrap_or(chrono_tz::UTC);
        Self { zone, day: incident.started_at.with_timezone(&zone).date_naive() }
    }

    /// "02:14", "6 Nov 02:14".
    fn time(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let format = if local.date_naive() == self.day { "%H:%M" } else { "%-d %b %H:%M" };
        local.format(format).to_string()
    }

    /// An event's time as the page says it: "02:14", "about 02:14", "3 March", "no time".
    fn of_event(self, event: &TimelineEvent) -> String {
        match event.at {
            None => "no time".to_owned(),
            Some(at) if event.precision == Precision::Date => walltime::day(at, self.zone),
            Some(at) if event.precision == Precision::About => format!("about {}", self.time(at)),
            Some(at) => self.time(at),
        }
    }
}

/// The first words of an event, for a list or a link, without the signs of Markdown.
fn short(event: &TimelineEvent, most: usize) -> String {
    let first = event.body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let plain: String = first.chars().filter(|c| !"*_`#>".contains(*c)).collect();
    cut(&plain, most)
}

/// Whole words of a text, up to about this many characters.
fn cut(text: &str, most: usize) -> String {
    let mut kept = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next_if(|word| kept.is_empty() || kept.chars().count() + word.chars().count() < most) {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if words.peek().is_some() { kept + "…" } else { kept }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_text_is_cut_between_words() {
        assert_eq!(cut("The board  turns red", 99), "The board turns red");
        assert_eq!(cut("The board turns red", 10), "The board…");
        assert_eq!(cut("Donaudampfschiff", 4), "Donaudampfschiff");
        assert_eq!(cut(" ", 4), "");
    }
}
