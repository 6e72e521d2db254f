//! Hours beside earlier hours: decided when a month closes, kept with the figure, and refused where a few people came or left.

use super::{an_hour_each, members, month};
use crate::support::{People, at, people};
use domain::settings::Number;
use domain::trends::{Against, Cell, Unit};
use store::trends::{self as room, Beside};
use store::{Store, settings};

conformance! {
    a_figure_stands_beside_the_one_before_where_the_group_is_the_same,
    a_few_who_came_or_left_keep_a_figure_alone,
    the_same_month_a_year_before_is_found_over_the_turn_of_the_year,
    a_team_stands_beside_itself_only_where_the_rest_does_too,
    a_smallest_group_that_was_raised_takes_a_verdict_back,
}

/// What the organisation's figure of a month may stand beside, and of how many people the earlier figure is.
async fn beside(store: &Store, p: &People, unit: Unit, of: &str, against: Against) -> (Beside, Option<usize>) {
    let shown = room::released(store, &p.leader, at("2026-06-08T00:00:00Z")).await.unwrap();
    let (verdict, earlier) = shown.hours.beside(Cell { unit, period: month(of) }, against);
    (verdict, earlier.map(|released| released.people))
}

async fn a_figure_stands_beside_the_one_before_where_the_group_is_the_same(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 6).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    an_hour_each(&store, &p, "2026-03", &who).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let before = async |of: &'static str| beside(&store, &p, Unit::Organisation, of, Against::Before).await;
    assert_eq!(before("2026-03").await, (Beside::Way(0), Some(6)));
    assert_eq!(before("2026-02").await, (Beside::Nothing, None), "it is the first");
    assert_eq!(beside(&store, &p, Unit::Organisation, "2026-03", Against::YearBefore).await, (Beside::Nothing, None));
}

async fn a_few_who_came_or_left_keep_a_figure_alone(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 14).await;
    for (of, those) in [("2026-01", &who[..8]), ("2026-02", &who[..9]), ("2026-03", &who[1..10]), ("2026-04", &who[1..9])] {
        an_hour_each(&store, &p, of, those).await;
    }
    // Five of eight leave: enough of them, but the figures before tell of the rest, and five come.
    an_hour_each(&store, &p, "2026-05", &[&who[1..4], &who[9..14]].concat()).await;
    room::close_months(&store, at("2026-06-08T00:00:00Z")).await.unwrap();
    let before = async |of: &'static str| beside(&store, &p, Unit::Organisation, of, Against::Before).await;
    assert_eq!(before("2026-02").await, (Beside::Refused, Some(8)), "one came");
    assert_eq!(before("2026-03").await, (Beside::Refused, Some(9)), "one came for one who left: as many as before");
    assert_eq!(before("2026-04").await, (Beside::Refused, Some(9)), "one left");
    // The tenth of May is a Sunday: three stayed and went from one kind to another, which kinds and their sum would tell of them.
    assert_eq!(before("2026-05").await, (Beside::Way(2), Some(8)), "five left and five came");
}

async fn the_same_month_a_year_before_is_found_over_the_turn_of_the_year(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 7).await;
    an_hour_each(&store, &p, "2025-05", &who[..6]).await;
    an_hour_each(&store, &p, "2025-04", &who[..6]).await;
    an_hour_each(&store, &p, "2026-04", &who).await;
    an_hour_each(&store, &p, "2026-05", &who[..6]).await;
    room::close_months(&store, at("2026-06-08T00:00:00Z")).await.unwrap();
    let year = async |of: &'static str| beside(&store, &p, Unit::Organisation, of, Against::YearBefore).await;
    assert_eq!(year("2026-05").await, (Beside::Way(0), Some(6)));
    assert_eq!(year("2026-04").await, (Beside::Refused, Some(6)), "one came within the year");
}

async fn a_team_stands_beside_itself_only_where_the_rest_does_too(store: Store) {
    let p = people(&store).await;
    let pay = members(&store, p.team, "Pay", 12).await;
    let rest = members(&store, p.other_team, "Rest", 7).await;
    // Five come to the one team; in the other, one comes for one who leaves.
    an_hour_each(&store, &p, "2026-02", &[&pay[..6], &rest[..6]].concat()).await;
    an_hour_each(&store, &p, "2026-03", &[&pay[..11], &rest[1..]].concat()).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let before = async |unit| beside(&store, &p, unit, "2026-03", Against::Before).await.0;
    assert_eq!(before(Unit::Organisation).await, Beside::Refused, "one left");
    assert_eq!(before(Unit::Team(p.other_team)).await, Beside::Refused);
    assert_eq!(before(Unit::Team(p.team)).await, Beside::Way(0), "five came, and nothing else is told");
}

async fn a_smallest_group_that_was_raised_takes_a_verdict_back(store: Store) {
    let p = people(&store).await;
    let who = members(&store, p.team, "Pay", 9).await;
    an_hour_each(&store, &p, "2026-02", &who).await;
    an_hour_each(&store, &p, "2026-03", &who).await;
    room::close_months(&store, at("2026-04-08T00:00:00Z")).await.unwrap();
    let before = async || beside(&store, &p, Unit::Organisation, "2026-03", Against::Before).await;
    assert_eq!(before().await, (Beside::Way(0), Some(9)));
    settings::save_numbers(&store, &p.admin, &[(Number::SmallestGroup, "8")], at("2026-04-08T00:00:00Z")).await.unwrap();
    assert_eq!(before().await, (Beside::Refused, Some(9)));
}
