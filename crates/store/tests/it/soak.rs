//! Working days of a review: holidays of its place are none, neither for the soak time nor for the time to look at quotes.

use crate::support::{People, at, new_incident, people};
use domain::incidents::Severity;
use domain::interviews::{AnswerBody, Audience};
use domain::reviews::{Attribution, SectionKind};
use domain::{IncidentId, TeamId};
use store::interviews::{self, Invitee, SaveAnswer};
use store::{Store, calendars, reviews};

conformance! {
    without_a_calendar_working_days_are_monday_to_friday,
    holidays_of_the_teams_calendar_are_no_working_days,
}

/// A Wednesday.
const NOW: &str = "2026-03-04T12:00:00Z";

/// Denmark, where the five of one team are, is off on Friday; Norway, where the three of the other are, on Friday and Monday.
async fn places(store: &Store) -> People {
    let p = people(store).await;
    for (name, team, days) in
        [("Denmark", p.team, &["2026-03-06"][..]), ("Norway", p.other_team, &["2026-03-06", "2026-03-09"][..])]
    {
        let calendar = calendars::add(store, &p.admin, name, at(NOW)).await.unwrap();
        let days: Vec<_> = days.iter().map(|day| domain::holidays::parse(day, "Fair").unwrap()).collect();
        calendars::put_days(store, &p.admin, calendar, &days, at(NOW)).await.unwrap();
        calendars::put_team_on(store, &p.admin, calendar, team, at(NOW)).await.unwrap();
    }
    p
}

async fn incident(store: &Store, p: &People, team_id: Option<TeamId>) -> IncidentId {
    let new = domain::incidents::NewIncident { team_id, ..new_incident("Labels", Severity::Sev2, "2026-03-02T10:00:00Z") };
    let key = store::incidents::add(store, &p.planner, &new, at(NOW)).await.unwrap();
    let id = store::incidents::by_key(store, &p.planner, key, at(NOW)).await.unwrap().incident.id;
    reviews::open(store, &p.admin, id, p.facilitator.person_id, false, at(NOW)).await.unwrap();
    reviews::save_section(store, &p.facilitator, id, SectionKind::Summary, 0, "Told.", at(NOW)).await.unwrap();
    id
}

async fn without_a_calendar_working_days_are_monday_to_friday(store: Store) {
    let before = people(&store).await;
    let plain = incident(&store, &before, None).await;
    let opens = reviews::publish(&store, &before.facilitator, plain, at(NOW)).await.unwrap();
    assert_eq!(opens, at("2026-03-06T08:00:00Z"));
}

async fn holidays_of_the_teams_calendar_are_no_working_days(store: Store) {
    let p = places(&store).await;
    for (team, opens) in [
        (Some(p.team), "2026-03-09T08:00:00Z"),
        (Some(p.other_team), "2026-03-10T08:00:00Z"),
        // Most people are on Denmark's.
        (None, "2026-03-09T08:00:00Z"),
        (Some(store::people::add_team(&store, "Nobody yet", at(NOW)).await.unwrap()), "2026-03-09T08:00:00Z"),
    ] {
        let id = incident(&store, &p, team).await;
        let (who, f) = (&p.responder, &p.facilitator);
        let invitation = interviews::invite(&store, f, id, &Invitee::Person(who.person_id), None, at(NOW)).await.unwrap().id;
        let save = SaveAnswer {
            body: AnswerBody { text: "The boards were green.".to_owned(), ..AnswerBody::default() },
            audience: Audience::Named,
            count_me: true,
            with_name: false,
            base_version: 0,
            request_key: String::new(),
            follows: String::new(),
        };
        interviews::save(&store, who, invitation, 2, &save, at(NOW)).await.unwrap();
        interviews::submit(&store, who, invitation, at(NOW)).await.unwrap();
        let answer = interviews::page(&store, who, invitation, at(NOW)).await.unwrap().answer(2).unwrap().id;
        let text = "The boards were green.".to_owned();
        let draft = reviews::Draft { section: SectionKind::Surprised, text, paraphrase: false, attribution: Attribution::Named };
        let quote = reviews::draft_excerpt(&store, f, id, answer, &draft, at(NOW)).await.unwrap();
        assert_eq!(reviews::readiness(&store, f, id, at(NOW)).await.unwrap().due, Some(at(opens)), "{team:?}");
        reviews::drop_excerpt(&store, f, id, quote, at(NOW)).await.unwrap();
        let told = reviews::publish(&store, f, id, at(NOW)).await.unwrap();
        assert_eq!(told, at(opens), "{team:?}");
    }
}
