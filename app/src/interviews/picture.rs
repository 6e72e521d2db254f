//! The picture of one's own stretches: each day a row, its bands beneath, the stretches on them, a short rest as a bracket.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use domain::interviews::WorkSession;
use domain::walltime::{
    self, Band, BandMinutes, DAILY_REST, Piece, Stretch, WorkHistory, part_in_days, person_minutes, split, to_utc, without,
};
use leptos::prelude::*;

/// Minutes as people say them.
pub(super) fn told(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m:02}"),
    }
}

/// One local day of the picture.
struct Day {
    date: NaiveDate,
    zone: Tz,
    /// What the day off is called, on the worker's calendar.
    holiday: Option<String>,
    bands: Vec<Piece>,
    work: Vec<Piece>,
    stretches: Vec<Stretch>,
}

/// The days that the stretches touch, each in the zone of its first stretch.
fn days(sessions: &[WorkSession], history: &WorkHistory) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for session in sessions {
        let Ok(zone) = walltime::parse_zone(&session.zone) else { continue };
        let whole = Stretch { start: session.started_at, end: session.ended_at, zone };
        let mut date = whole.start.with_timezone(&zone).date_naive();
        while let (Some(next), true) = (date.checked_add_days(Days::new(1)), whole.end > midnight(date, zone)) {
            if let Some(part) = part_in_days(&whole, date, next) {
                let work = split(part.start, part.end, zone, history);
                match days.iter_mut().find(|d| d.date == date && d.zone == zone) {
                    Some(day) => {
                        day.work.extend(work);
                        day.stretches.push(part);
                    }
                    None => {
                        let bands = split(midnight(date, zone), midnight(next, zone), zone, history);
                        let holiday = history.on(date).calendar.holidays.name(date).map(str::to_owned);
                        days.push(Day { date, zone, holiday, bands, work, stretches: vec![part] });
                    }
                }
            }
            date = next;
        }
    }
    days.sort_by_key(|d| d.stretches.first().map(|s| s.start));
    days
}

fn midnight(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    to_utc(zone, date.and_time(chrono::NaiveTime::MIN)).at
}

impl Day {
    /// Where an instant stands on the day's wall clock, in percent.
    fn x(&self, at: DateTime<Utc>) -> f64 {
        let local = at.with_timezone(&self.zone);
        if local.date_naive() > self.date {
            return 100.0;
        }
        f64::from(local.hour() * 60 + local.minute()) / 14.4
    }

    fn name(&self) -> String {
        let day = self.date.format("%A %-d %B");
        match &self.holiday {
            Some(holiday) => format!("{day}, {holiday}"),
            None => day.to_string(),
        }
    }

    fn minutes(&self) -> i64 {
        self.stretches.iter().map(|s| (s.end - s.start).num_minutes()).sum()
    }

    /// A short rest between two stretches of this day, the first of which lay in the night.
    fn short_rest(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let night = |s: &Stretch| self.work.iter().any(|p| p.band == Band::Night && p.start < s.end && s.start < p.end);
        let pair = self.stretches.windows(2).find(|two| night(&two[0]) && two[1].start - two[0].end >= TimeDelta::hours(2))?;
        (pair[1].start - pair[0].end < DAILY_REST).then_some((pair[0].end, pair[1].start))
    }

    fn told(&self) -> String {
        let stretches: Vec<String> = self
            .stretches
            .iter()
            .map(|s| {
                let end = if s.end >= midnight(self.date + TimeDelta::days(1), self.zone) {
                    "24:00".to_owned()
                } else {
                    walltime::clock(s.end, self.zone)
                };
                format!("{} to {end}", walltime::clock(s.start, self.zone))
            })
            .collect();
        format!("{}: {}.", self.name(), stretches.join(", "))
    }
}

fn stretches<'a>(sessions: impl Iterator<Item = &'a WorkSession>) -> Vec<Stretch> {
    let stretch =
        |s: &WorkSession| Some(Stretch { start: s.started_at, end: s.ended_at, zone: walltime::parse_zone(&s.zone).ok()? });
    sessions.filter_map(stretch).collect()
}

/// The figure of the work that was told, and beside it how long somebody waited or was on the way.
pub(super) fn figure(sessions: &[WorkSession], history: &WorkHistory) -> impl IntoView + use<> {
    let (work, other): (Vec<WorkSession>, Vec<WorkSession>) = sessions.iter().cloned().partition(|s| s.kind.is_work());
    let apart = without(&stretches(other.iter()), &stretches(work.iter()));
    let apart = person_minutes(&apart, history).total();
    view! {
        {(!work.is_empty()).then(|| of_work(&work, history))}
        {(apart > 0).then(|| view! {
            <p class="hint">{format!("Waiting and travel, {}, stand apart: they are yours to tell and are in no figure.", told(apart))}</p>
        })}
    }
}

/// Finding, picture, sums, table.
fn of_work(sessions: &[WorkSession], history: &WorkHistory) -> impl IntoView + use<> {
    let sum = person_minutes(&stretches(sessions.iter()), history);
    let days = days(sessions, history);
    let first = days.first().map_or_else(|| history.latest(), |day| history.on(day.date));
    let pattern = first.calendar.pattern;
    let rest = days.iter().find_map(Day::short_rest);
    let table: Vec<(String, BandMinutes)> = days.iter().map(|d| (d.name(), person_minutes(&d.stretches, history))).collect();
    view! {
        <figure class="chart">
            <figcaption>
                <strong>{finding(&sum)}</strong>
                <span>
                    {format!("Your own hours on the clock of where you were. Bands show your working hours, {} to {}, and the time around them.", pattern.start.format("%H:%M"), pattern.end.format("%H:%M"))}
                </span>
            </figcaption>
            {patterns()}
            {days.iter().map(row).collect_view()}
            <div class="kinds">{Band::ALL.into_iter().map(|band| kind(band, sum.get(band))).collect_view()}</div>
            {twin(table)}
        </figure>
        {rest.map(|(end, start)| view! {
            <div class="note">
                <crate::ui::Icon name="moon"/>
                <p>{format!("Between the night and your next start you had {}. That is short; asking for time back is fair.", told((start - end).num_minutes()))}</p>
            </div>
        })}
    }
}

/// One sentence that stays true.
fn finding(sum: &BandMinutes) -> String {
    let whole = told(sum.total());
    let when = |band: Band| ["in working time", "early or in the evening", "at night", "on days off"][band as usize];
    match Band::ALL.into_iter().find(|b| sum.get(*b) * 2 > sum.total()) {
        Some(band) if sum.get(band) == sum.total() => format!("{whole}, all {}", when(band)),
        Some(band) => format!("{whole}, most of it {}", when(band)),
        None => whole,
    }
}

fn class(band: Band) -> &'static str {
    ["work", "evening", "night", "weekend"][band as usize]
}

fn patterns() -> impl IntoView {
    view! {
        <svg class="sprite" aria-hidden="true">
            <defs>
                <pattern id="p-evening" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="pat" d="M0 0V6"></path></pattern>
                <pattern id="p-night" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="pat-dot" cx="3" cy="3" r="1.05"></circle></pattern>
                <pattern id="p-weekend" width="7" height="7" patternUnits="userSpaceOnUse"><path class="pat" d="M0 3.5H7M3.5 0V7"></path></pattern>
            </defs>
        </svg>
    }
}

fn percent(value: f64) -> String {
    format!("{value:.3}%")
}

fn row(day: &Day) -> impl IntoView + use<> {
    let rest = day.short_rest();
    let height = if rest.is_some() { "122" } else { "84" };
    let place = |p: &Piece| (day.x(p.start), day.x(p.end));
    let bands = day
        .bands
        .iter()
        .map(|p| {
            let (from, to) = place(p);
            view! { <rect class=format!("b-{}", class(p.band)) x=percent(from) y="26" width=percent(to - from) height="34"></rect> }
        })
        .collect_view();
    let work = day
        .work
        .iter()
        .map(|p| {
            let (from, to) = place(p);
            let (x, width) = (percent(from), percent((to - from).max(0.35)));
            let fill = (p.band != Band::Working).then(|| format!("url(#p-{})", class(p.band)));
            view! {
                <rect class=format!("f-{}", class(p.band)) x=x.clone() y="31" width=width.clone() height="24" rx="3"></rect>
                {fill.map(|fill| view! { <rect fill=fill x=x y="31" width=width height="24" rx="3"></rect> })}
            }
        })
        .collect_view();
    let hours = ticks(day)
        .into_iter()
        .map(|(x, text)| {
            let class = if x > 99.0 {
                "e"
            } else if x > 1.0 {
                "m"
            } else {
                "s"
            };
            view! { <text class=class x=percent(x) y="76">{text}</text> }
        })
        .collect_view();
    let bracket = rest.map(|(end, start)| {
        let (from, to) = (day.x(end), day.x(start));
        view! {
            <line class="whisk" x1=percent(from) x2=percent(to) y1="92" y2="92"></line>
            <line class="whisk" x1=percent(from) x2=percent(from) y1="88" y2="96"></line>
            <line class="whisk" x1=percent(to) x2=percent(to) y1="88" y2="96"></line>
            <text class="m soft-ink" x=percent(f64::midpoint(from, to)) y="110">{format!("rest {}", told((start - end).num_minutes()))}</text>
        }
    });
    view! {
        <svg class="plot" height=height role="img" aria-label=day.told()>
            <text class="ink" x="0" y="18">{day.name()}</text>
            <text class="e" x="100%" y="18">{told(day.minutes())}</text>
            {bands}
            {work}
            {hours}
            {bracket}
        </svg>
    }
}

/// Hours under a day: its ends and where its bands change, those that would touch left out.
fn ticks(day: &Day) -> Vec<(f64, String)> {
    let mut ticks = vec![(0.0, "00".to_owned())];
    for piece in day.bands.iter().skip(1) {
        let x = day.x(piece.start);
        let clock = walltime::clock(piece.start, day.zone);
        let text = clock.strip_suffix(":00").map_or(clock.clone(), str::to_owned);
        if ticks.last().is_none_or(|(before, _)| x - before > 8.0) && x < 93.0 {
            ticks.push((x, text));
        }
    }
    ticks.push((100.0, "24".to_owned()));
    ticks
}

fn kind(band: Band, minutes: i64) -> impl IntoView {
    let fill = (band != Band::Working).then(|| format!("url(#p-{})", class(band)));
    view! {
        <div class="kind-sum">
            <svg viewBox="0 0 18 14" aria-hidden="true">
                <rect class=format!("f-{}", class(band)) width="18" height="14"></rect>
                {fill.map(|fill| view! { <rect fill=fill width="18" height="14"></rect> })}
            </svg>
            <b>{told(minutes)}</b>
            <span>{band.label()}</span>
        </div>
    }
}

fn twin(table: Vec<(String, BandMinutes)>) -> impl IntoView {
    view! {
        <details class="more">
            <summary>"Show as a table"</summary>
            <div class="table-wrap" tabindex="0" role="region" aria-label="Minutes by day">
                <table>
                    <thead>
                        <tr><th scope="col">"Day"</th>{Band::ALL.into_iter().map(|b| view! { <th scope="col" class="n">{b.label()}</th> }).collect_view()}</tr>
                    </thead>
                    <tbody>
                        {table
                            .into_iter()
                            .map(|(day, minutes)| {
                                view! {
                                    <tr>
                                        <th scope="row">{day}</th>
                                        {Band::ALL.into_iter().map(|b| view! { <td class="n">{told(minutes.get(b))}</td> }).collect_view()}
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::interviews::WorkKind;
    use domain::{IncidentId, InvitationId, PersonId, WorkSessionId};

    fn session(from: &str, to: &str) -> WorkSession {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("an instant").to_utc();
        let id = uuid::Uuid::nil();
        WorkSession {
            id: WorkSessionId(id),
            invitation_id: InvitationId(id),
            person_id: PersonId(id),
            incident_id: IncidentId(id),
            started_at: at(from),
            ended_at: at(to),
            zone: "Europe/Madrid".to_owned(),
            kind: WorkKind::Responding,
        }
    }

    #[test]
    fn midnight_cuts_a_stretch_into_two_days() {
        let days = days(&[session("2026-11-16T21:00:00Z", "2026-11-17T01:30:00Z")], &WorkHistory::default());
        assert_eq!(
            days.iter().map(Day::told).collect::<Vec<_>>(),
            ["Monday 16 November: 22:00 to 24:00.", "Tuesday 17 November: 00:00 to 02:30."]
        );
        assert_eq!(days.iter().map(Day::minutes).sum::<i64>(), 270);
        assert!((days[0].x(days[0].stretches[0].end) - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_short_rest_after_a_night_is_seen_and_a_long_one_is_not() {
        let night = session("2026-11-17T01:14:00Z", "2026-11-17T04:55:00Z");
        let soon = session("2026-11-17T09:30:00Z", "2026-11-17T11:10:00Z");
        let late = session("2026-11-17T18:00:00Z", "2026-11-17T18:30:00Z");
        let rest = |sessions: &[WorkSession]| days(sessions, &WorkHistory::default()).iter().find_map(Day::short_rest);
        assert_eq!(rest(&[night.clone(), soon]).map(|(a, b)| (b - a).num_minutes()), Some(275));
        assert_eq!(rest(&[night, late]), None);
    }

    #[test]
    fn the_finding_stays_true() {
        let sum = |working, night| BandMinutes { working, night, ..BandMinutes::default() };
        assert_eq!(finding(&sum(100, 266)), "6 h 06, most of it at night");
        assert_eq!(finding(&sum(60, 60)), "2 h");
        assert_eq!(finding(&sum(45, 0)), "45 min, all in working time");
    }
}
