//! The list's filters: a GET form whose every choice stands in the URL, and each choice that is on with a way to take it off.

use crate::ctx::Ctx;
use crate::form::encode;
use crate::trends::places::{of_service, of_team};
use crate::ui::Icon;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use domain::incidents::{IncidentState, Nature, Severity};
use domain::learnings::Marked;
use domain::reviews::SectionKind;
use domain::rights::{Right, Standing, may};
use domain::vocabulary::{Tag, Vocabulary};
use domain::{PersonId, ServiceId, TeamId};
use leptos::prelude::*;
use serde::Deserialize;
use store::incidents::{Choices, Filter, Sort};

/// What the URL asks for, as typed; what cannot be read does not filter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    team: String,
    severity: String,
    state: String,
    nature: String,
    factor: String,
    /// A second tag of factors.
    with: String,
    /// The part that a factor played, or how usual it is.
    #[serde(rename = "as")]
    marked: String,
    service: String,
    facilitator: String,
    mine: String,
    right: String,
    /// A section of the story that has words.
    tells: String,
    from: String,
    to: String,
    pub(super) sort: String,
    pub(super) after: String,
    /// Rows can be ticked for a change of many.
    pub(super) select: String,
}

impl ListQuery {
    /// Name and value of each choice that is made; the cursor is none.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("q", &self.q),
            ("team", &self.team),
            ("severity", &self.severity),
            ("state", &self.state),
            ("nature", &self.nature),
            ("factor", &self.factor),
            ("with", &self.with),
            ("as", &self.marked),
            ("service", &self.service),
            ("facilitator", &self.facilitator),
            ("mine", &self.mine),
            ("right", &self.right),
            ("tells", &self.tells),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
        ]
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name, value.as_str()))
        .collect()
    }

    /// Whether rows can be ticked.
    pub(super) fn selects(&self) -> bool {
        !self.select.is_empty()
    }

    /// The same list with rows that can be ticked, or without.
    pub(super) fn ticking(&self, on: bool) -> Self {
        Self { select: if on { "1".to_owned() } else { String::new() }, ..self.clone() }
    }

    /// This list's address without `left_out`, with a cursor.
    pub(super) fn address(&self, left_out: &str, after: Option<&str>) -> String {
        let query = self.query(left_out, after);
        if query.is_empty() { "/incidents".to_owned() } else { format!("/incidents?{query}") }
    }

    /// The query of [`address`](Self::address).
    pub(super) fn query(&self, left_out: &str, after: Option<&str>) -> String {
        let mut pairs: Vec<String> = self
            .pairs()
            .into_iter()
            .filter(|(name, _)| *name != left_out)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        pairs.extend(after.map(|cursor| format!("after={}", encode(cursor))));
        pairs.extend((self.selects() && left_out != "select").then(|| "select=1".to_owned()));
        pairs.join("&")
    }

    /// What links of trends ask for and the form has no field for, so that it stays when the form is sent.
    fn without_field(&self) -> impl IntoView + use<> {
        let kept = self.pairs().into_iter().filter(|(name, _)| matches!(*name, "with" | "as" | "tells"));
        let kept: Vec<_> = kept.map(|(name, value)| (name, value.to_owned())).collect();
        kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    }

    pub(super) fn filter(&self) -> Filter {
        Filter {
            text: self.q.clone(),
            team: self.team.parse().ok().map(TeamId),
            severity: Severity::parse(&self.severity).ok(),
            state: IncidentState::from_slug(&self.state),
            nature: Nature::ALL.into_iter().find(|nature| nature.slug() == self.nature),
            factor: Tag::parse(&self.factor),
            with: Tag::parse(&self.with),
            marked: Marked::from_slug(&self.marked),
            service: self.service.parse().ok().map(ServiceId),
            facilitator: self.facilitator.parse().ok().map(PersonId),
            mine: !self.mine.is_empty(),
            right: !self.right.is_empty(),
            tells: SectionKind::from_slug(&self.tells),
            from: days(&self.from).map(|(first, _)| first),
            until: days(&self.to).map(|(_, after)| after),
            sort: Sort::from_slug(&self.sort),
            after: (!self.after.is_empty()).then(|| self.after.clone()),
        }
    }
}

/// First instant of a day or month (`2026-03-02`, `2026-03`; UTC, as trends count) and the first one after it.
pub(crate) fn days(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let text = text.trim();
    let (first, after) = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) => (day, day.checked_add_days(Days::new(1))?),
        Err(_) => {
            let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
            (first, first.checked_add_months(Months::new(1))?)
        }
    };
    (1970..=9000)
        .contains(&first.year())
        .then(|| (first.and_time(NaiveTime::MIN).and_utc(), after.and_time(NaiveTime::MIN).and_utc()))
}

/// A choice of the filter form: "Any", then what there is.
pub(crate) fn choice(
    name: &'static str,
    label: &'static str,
    value: &str,
    options: Vec<(String, String)>,
) -> impl IntoView + use<> {
    let id = format!("f-{name}");
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                <option value="">"Any"</option>
                {options
                    .into_iter()
                    .map(|(this, text)| {
                        let selected = this == value;
                        view! { <option value=this selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// What is chosen of the tags of factors, as it is counted, and what there is to choose.
pub(crate) fn factor_choices(words: &Vocabulary, chosen: Option<&Tag>) -> (String, Vec<(String, String)>) {
    let unsorted = Tag::unsorted();
    let first = (unsorted.to_string(), words.name(&unsorted).to_owned());
    let chosen = chosen.map(|tag| words.counted(tag).to_string()).unwrap_or_default();
    (chosen, std::iter::once(first).chain(words.choices()).collect())
}

pub(crate) fn day_field(name: &'static str, label: &'static str, value: &str) -> impl IntoView + use<> {
    let id = format!("f-{name}");
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name value=value inputmode="numeric" autocomplete="off" placeholder="2026-03"/>
        </div>
    }
}

/// The form.
pub(super) fn filters(query: &ListQuery, filter: &Filter, choices: &Choices) -> impl IntoView + use<> {
    let on = query.pairs().iter().filter(|(name, _)| !matches!(*name, "q" | "sort")).count();
    let open = on > 0;
    let team_options = choices.teams.iter().map(|t| (t.id.to_string(), t.name.clone())).collect();
    let services: Vec<(String, String)> = choices.services.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let facilitators = choices.facilitators.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let (mine, right) = (filter.mine, filter.right);
    let selects = query.selects();
    let words = expect_context::<Ctx>().severities;
    let severities = Severity::ALL.map(|s| (s.number().to_string(), words.name(s).to_owned())).to_vec();
    let natures = Nature::ALL.map(|n| (n.slug().to_owned(), n.label().to_owned())).to_vec();
    let states = IncidentState::ALL.map(|s| (s.slug().to_owned(), s.label().to_owned())).to_vec();
    let (factor, factors) = factor_choices(&expect_context::<Ctx>().vocabulary, filter.factor.as_ref());
    let severity = filter.severity.map(|s| s.number().to_string()).unwrap_or_default();
    let sort = filter.sort;
    let q = query.q.clone();
    view! {
        <form class="filters mt6" action="/incidents" method="get" role="search" aria-label="Filter incidents">
            <div class="filter-line">
                <span class="find">
                    <Icon name="search"/>
                    <label class="vh" for="f-q">"Words in title, summary or key"</label>
                    <input id="f-q" type="search" name="q" value=q placeholder="Words, or \"a phrase\""/>
                </span>
                <label class="vh" for="f-sort">"Sort"</label>
                <span>
                    <select id="f-sort" name="sort">
                        {Sort::ALL
                            .map(|this| {
                                let selected = this == sort;
                                view! { <option value=this.slug() selected=selected>{this.label()}</option> }
                            })
                            .into_iter()
                            .collect_view()}
                    </select>
                </span>
                <button class="btn">"Show"</button>
            </div>
            <details open=open>
                <summary class="btn btn-small">
                    <Icon name="list-filter"/>
                    {if on == 0 { "Filters".to_owned() } else { format!("Filters, {on} on") }}
                </summary>
                <div class="filter-grid">
                    {choice("team", "Team", &query.team, team_options)}
                    {choice("severity", "Severity", &severity, severities)}
                    {choice("state", "State", &query.state, states)}
                    {choice("nature", "What it was", &query.nature, natures)}
                    {choice("factor", "Factor", &factor, factors)}
                    {(!services.is_empty()).then(|| choice("service", "Service", &query.service, services))}
                    {choice("facilitator", "Facilitator", &query.facilitator, facilitators)}
                    {day_field("from", "From, month or day", &query.from)}
                    {day_field("to", "To", &query.to)}
                    <label class="check"><input type="checkbox" name="mine" value="1" checked=mine/>"Mine: I am named on it"</label>
                    <label class="check"><input type="checkbox" name="right" value="1" checked=right/>"Tells what went right"</label>
                </div>
            </details>
            {selects.then(|| view! { <input type="hidden" name="select" value="1"/> })}
            {query.without_field()}
            {chips(query, filter, choices)}
        </form>
    }
}

/// Each filter that is on, with a link that takes it off.
fn chips(query: &ListQuery, filter: &Filter, choices: &Choices) -> impl IntoView + use<> {
    let mut on: Vec<(&'static str, String)> = Vec::new();
    if !filter.text.trim().is_empty() {
        on.push(("q", format!("“{}”", filter.text.trim())));
    }
    on.extend(filter.team.and_then(|id| choices.teams.iter().find(|t| t.id == id)).map(|t| ("team", t.name.clone())));
    let pages = pages(filter, choices);
    let words = expect_context::<Ctx>().severities;
    on.extend(filter.severity.map(|s| ("severity", words.name(s).to_owned())));
    on.extend(filter.state.map(|s| ("state", s.label().to_owned())));
    on.extend(filter.nature.map(|n| ("nature", n.label().to_owned())));
    let tags = expect_context::<Ctx>().vocabulary;
    on.extend(filter.factor.as_ref().map(|tag| ("factor", tags.name(tags.counted(tag)).to_owned())));
    on.extend(filter.with.as_ref().map(|tag| ("with", format!("and {}", tags.name(tags.counted(tag))))));
    on.extend(filter.marked.map(|mark| ("as", format!("A factor: {}", mark.label()))));
    on.extend(
        filter
            .service
            .and_then(|id| choices.services.iter().find(|(this, _)| *this == id))
            .map(|(_, name)| ("service", name.clone())),
    );
    on.extend(
        filter
            .facilitator
            .and_then(|id| choices.facilitators.iter().find(|(this, _)| *this == id))
            .map(|(_, name)| ("facilitator", format!("Facilitated by {name}"))),
    );
    on.extend(filter.right.then(|| ("right", "Tells what went right".to_owned())));
    on.extend(filter.tells.map(|section| ("tells", format!("Tells: {}", section.title()))));
    on.extend(filter.mine.then(|| ("mine", "Mine".to_owned())));
    on.extend(filter.from.map(|_| ("from", format!("From {}", query.from.trim()))));
    on.extend(filter.until.map(|_| ("to", format!("To {}", query.to.trim()))));
    let several = on.len() > 1;
    (!on.is_empty()).then(|| {
        let chips = on.into_iter().map(|(name, text)| {
            view! {
                <a class="chip" href=query.address(name, None)>{text}<Icon name="x"/><span class="vh">"remove this filter"</span></a>
            }
        });
        view! {
            <div class="chips">
                {chips.collect_view()}
                {several.then(|| view! { <a class="small" href="/incidents">"All incidents"</a> })}
                {pages}
            </div>
        }
    })
}

/// The ways to the pages of the chosen team and service, for who sees trends.
fn pages(filter: &Filter, choices: &Choices) -> impl IntoView + use<> {
    let sees = expect_context::<Ctx>().viewer.is_some_and(|viewer| may(Right::SeeTrends, &Standing::of(&viewer)));
    let team = filter.team.and_then(|id| choices.teams.iter().find(|t| t.id == id)).map(|t| (of_team(t.id), t.name.clone()));
    let service = filter.service.and_then(|id| choices.services.iter().find(|(this, _)| *this == id));
    let service = service.map(|(id, name)| (of_service(*id), name.clone()));
    let chosen = team.into_iter().chain(service).filter(|_| sees);
    let links = chosen.map(|(href, name)| view! { <a class="small" href=href>{format!("The page of {name}")}</a> });
    links.collect::<Vec<_>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_every_choice_but_the_one_left_out() {
        let query = ListQuery { q: "disk & co".into(), severity: "2".into(), after: "old".into(), ..ListQuery::default() };
        assert_eq!(query.address("", None), "/incidents?q=disk%20%26%20co&severity=2");
        assert_eq!(query.address("q", Some("next")), "/incidents?severity=2&after=next");
        assert_eq!(ListQuery::default().address("", None), "/incidents");
    }

    #[test]
    fn a_period_is_read_as_days_or_months_and_nonsense_does_not_filter() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(days("2026-02"), Some((at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z"))));
        assert_eq!(days(" 2026-12-31 "), Some((at("2026-12-31T00:00:00Z"), at("2027-01-01T00:00:00Z"))));
        for nonsense in ["", "soon", "2026-13", "0000-01", "99999-01"] {
            assert_eq!(days(nonsense), None, "{nonsense}");
        }
    }
}
