//! One page, eight questions: what a leadership that wants to know looks at first. Each has a sentence as its answer, how it is computed, what it
//! cannot tell, and a page that tells more.

use super::cost::{self, Triage};
use super::findings::{self, per_cent};
use super::incidents::filters;
use super::learning::{SHORTLY, three};
use super::query::{TrendsQuery, address};
use super::{nights, people, spread};
use crate::charts::Patterns;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::shell::{self, Head, Nav};
use crate::ui::Crumbs;
use axum::extract::Query;
use axum::response::Response;
use domain::trends::{FactorRow, Period, Unit};
use domain::vocabulary::{Tag, Vocabulary};
use leptos::prelude::*;
use std::sync::Arc;
use store::trends::{self, FactorMeasures, Filter, IncidentMeasures, Learned, PeopleMeasures};

const AT: &str = "/trends/questions";
const HEADING: &str = "Eight questions";

/// What the page tells from.
struct Told {
    filter: Filter,
    learned: Learned,
    released: PeopleMeasures,
    triage: Option<Triage>,
    measures: Arc<IncidentMeasures>,
    factors: Arc<FactorMeasures>,
    pulse: store::pulse::Released,
    words: Arc<Vocabulary>,
}

/// The page.
pub async fn show(ctx: Ctx, Query(query): Query<TrendsQuery>) -> Result<Response, AppError> {
    let (store, viewer) = (ctx.store(), ctx.viewer()?);
    let filter = query.filter(ctx.now);
    let released = trends::released(store, viewer, ctx.now).await?;
    let told = Told {
        triage: cost::read(&ctx, &released).await?,
        released,
        learned: trends::learned(store, viewer, &filter).await?,
        measures: trends::incident_measures(store, viewer, &filter).await?,
        factors: trends::factor_measures(store, viewer, &Filter { factor: None, ..filter.clone() }, ctx.now).await?,
        pulse: store::pulse::released(store, viewer, ctx.now).await?,
        words: Arc::clone(&ctx.vocabulary),
        filter,
    };
    let teams = store::people::teams(store).await?;
    let services = store::services::list(store, viewer).await?;
    Ok(shell::page(&ctx, Head::new(HEADING, Nav::Trends), move || {
        view! {
            <Patterns/>
            <Crumbs links=vec![("/trends".to_owned(), "Trends".to_owned())] here=HEADING/>
            <div class="page-head">
                <div>
                    <h1>{HEADING}</h1>
                    <p>"What a period taught, what it cost people, and how much of it can be seen. Behind each answer stands a page that tells more."</p>
                </div>
                <div class="actions"><a class="btn" href="/trends/report">"On one sheet"</a></div>
            </div>
            <div class="board">
                {filters(AT, &told.filter, None, &teams, &services)}
                {told.questions().into_iter().enumerate().map(|(at, question)| question.card(at + 1)).collect_view()}
            </div>
        }
    }))
}

/// A question with its answer.
struct Question {
    asked: &'static str,
    answer: AnyView,
    computed: &'static str,
    cannot: &'static str,
    more: Vec<(String, &'static str)>,
}

impl Question {
    fn card(self, number: usize) -> impl IntoView {
        let (id, heading) = (format!("q{number}"), format!("q{number}"));
        let more = self.more.into_iter().enumerate().map(|(at, (href, words))| {
            view! { {(at > 0).then_some(" · ")}<a href=href>{words}</a> }
        });
        let more = more.collect_view();
        view! {
            <section class="card w6" aria-labelledby=id>
                <div class="stack stack-tight">
                    <h2 id=heading>{format!("{number}. {}", self.asked)}</h2>
                    {self.answer}
                    <p class="small">{more}</p>
                    <details class="more">
                        <summary>"How it is computed, and what it cannot tell"</summary>
                        <p class="small soft">{self.computed}</p>
                        <p class="small soft">"It cannot tell "{self.cannot}</p>
                    </details>
                </div>
            </section>
        }
    }
}

fn lines(lines: impl IntoIterator<Item = String>) -> AnyView {
    lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view().into_any()
}

impl Told {
    fn questions(&self) -> [Question; 8] {
        [
            self.taught(),
            self.hours(),
            self.spread(),
            self.recurring(),
            self.helped(),
            self.learning(),
            self.wellbeing(),
            self.coverage(),
        ]
    }

    fn taught(&self) -> Question {
        Question {
            asked: "What did we learn?",
            answer: three(self.learned.named.clone()).into_any(),
            computed: "Three learnings of stories of these months: those that a later incident met again come first, then those that hold, then the newest. \
                What no longer holds is left out.",
            cannot: "which of them matters most to you.",
            more: vec![
                (address("/trends/learning", &self.filter), "What stories taught"),
                ("/learnings".to_owned(), "All learnings"),
            ],
        }
    }

    fn hours(&self) -> Question {
        let inside = self.released.hours.latest_that(Unit::Organisation, |told| told.in_and_out().is_some());
        let inside = inside.and_then(|(period, released)| Some(in_working_hours(period, released.given.out_of_hours_share()?)));
        let nights = nights::finding(self.released.nights.latest(Unit::Organisation));
        let minute = self.triage.as_ref().and_then(|triage| Some((triage.per_minute()?, triage.behind())));
        let minute = minute.map(|(cost, behind)| format!("A minute of incident time costs {cost} in people’s work ({behind})."));
        Question {
            asked: "What does it cost people?",
            answer: lines(std::iter::once(findings::of_hours(&self.released)).chain(inside).chain([nights]).chain(minute)),
            computed: "From closed months and groups of five people or more; the filters do not apply. Working hours are those that each person set for \
                themselves. Each card on the page behind it says how its figure came about.",
            cannot: "how hard an hour was, nor what nobody told.",
            more: vec![("/trends#people".to_owned(), "Hours and nights")],
        }
    }

    fn spread(&self) -> Question {
        let services = self.released.second_experts.as_ref().map(|(_, services)| match services.as_slice() {
            [] => "No service of which it may be said rests on one person.".to_owned(),
            [one] => format!("{} needs a second expert.", one.name),
            many => format!("{} services need a second expert.", many.len()),
        });
        Question {
            asked: "Is the load spread?",
            answer: lines(std::iter::once(spread::finding(&self.released)).chain(services)),
            computed: "Effective people of closed quarters beside what chance makes of the same work, from groups of seven people or more. A service needs a \
                second expert where seven in ten hours of two quarters rest on one person. Nobody is named; the filters do not apply.",
            cannot: "who, nor why: somebody may have been on call more, or know what nobody else knows.",
            more: vec![("/trends#people".to_owned(), "Spread of load"), ("/trends#second-experts".to_owned(), "Second experts")],
        }
    }

    fn recurring(&self) -> Question {
        let rows: Vec<FactorRow<Tag>> = self.factors.courses.iter().map(|course| course.row.clone()).collect();
        let again = match self.factors.again.len() {
            0 => "No factor was seen again at the same service within half a year.".to_owned(),
            1 => "One factor was seen again at the same service within half a year.".to_owned(),
            n => format!("{n} pairs of a factor and a service were seen again within half a year."),
        };
        Question {
            asked: "What keeps coming back?",
            answer: lines([findings::of_factors(&rows, self.factors.reviewed, &self.words), again]),
            computed: "Incidents with a published story that name a factor; incidents are counted, not tags. Seen again: three or more of them at one service \
                within 180 days.",
            cannot: "how much a factor weighed, nor what nobody wrote down.",
            more: vec![
                (address("/trends/factors", &self.filter), "Factors"),
                (address("/trends/factors", &self.filter) + "#watch", "To keep an eye on"),
            ],
        }
    }

    fn helped(&self) -> Question {
        let told = self.measures.right.iter().map(|month| month.told).sum();
        let named = self.factors.courses.iter().find(|course| self.words.helped(&course.row.factor));
        let named = named.map(|course| {
            let of = course.row.reviewed;
            format!(
                "{} is named most often of what helped, in {} of {of} stories.",
                self.words.name(&course.row.factor),
                course.row.incidents
            )
        });
        let support = findings::of_support(self.released.support.latest(Unit::Organisation));
        Question {
            asked: "What helped?",
            answer: lines(std::iter::once(findings::of_right(told, self.measures.reviewed)).chain(named).chain([support])),
            computed: "Stories that tell what went right, tags of what helped, and question 4 about support, from closed months and groups of five people or \
                more.",
            cannot: "what helps every day: that is written down least.",
            more: vec![(address("/trends/helped", &self.filter), "What helped"), ("/trends#people".to_owned(), "Support")],
        }
    }

    fn learning(&self) -> Question {
        Question {
            asked: "Do we learn?",
            answer: lines(super::learning::shortly(&self.learned)),
            computed: SHORTLY,
            cannot: "whether anybody works differently now. No index is made of it, and teams are not compared by it.",
            more: vec![(address("/trends/learning", &self.filter), "What becomes of learnings")],
        }
    }

    fn wellbeing(&self) -> Question {
        Question {
            asked: "How are people?",
            answer: lines(crate::pulse::finding(&self.pulse)),
            computed: "The pulse: voluntary, kept without who answered, told by closed quarter of groups of five people or more, eight for sleep, the rota and \
                burnout.",
            cannot: "how anybody is, and who does not answer may feel otherwise.",
            more: vec![("/trends/pulse".to_owned(), "The pulse")],
        }
    }

    fn coverage(&self) -> Question {
        let c = self.learned.coverage;
        let stories = if c.incidents == 0 {
            "No incident began in these months.".to_owned()
        } else {
            let share = per_cent(f64::from(c.published) / f64::from(c.incidents));
            format!(
                "{} of {} incidents have a published story ({share}), {} are on their way to one.",
                c.published, c.incidents, c.in_review
            )
        };
        let ends = match c.without_end {
            0 => None,
            1 => Some("One has no end yet, and stands in no duration.".to_owned()),
            n => Some(format!("{n} have no end yet, and stand in no duration.")),
        };
        Question {
            asked: "How much of it can be seen?",
            answer: lines(std::iter::once(stories).chain(ends).chain([people::confirmed_said(&self.released)])),
            computed: "Incidents of these months by what is known of them, and responders who told of their hours of those who were asked, in the latest \
                closed month that can be shown.",
            cannot: "what nobody reported. Fewer reported incidents can be bad news.",
            more: vec![(address("/trends/learning", &self.filter), "Coverage")],
        }
    }
}

/// The share that stands where it belongs.
fn in_working_hours(period: Period, outside: f64) -> String {
    format!(
        "{}: {} of the hours lay within people’s own working hours. That share should rise.",
        period.label(),
        per_cent(1.0 - outside)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_in_working_hours_is_what_is_not_outside() {
        let month = Period::month(2026, 3).unwrap();
        let said = "March 2026: 62 % of the hours lay within people’s own working hours. That share should rise.";
        assert_eq!(in_working_hours(month, 0.38), said);
    }
}
