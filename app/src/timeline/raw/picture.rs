//! The picture of a dry run: how close entries stand over time, what of them is new, and where the events lie that are told already.

use super::pane::thousands;
use crate::timeline::ribbon::{Scale, bar_words, percent, ticks};
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use domain::walltime;
use leptos::prelude::*;

/// Bars of the picture.
const BARS: usize = 48;
/// Where the bars stand, in pixels from the top.
const GROUND: f64 = 78.0;
/// Height of the fullest bar.
const TALL: f64 = 62.0;

/// An entry in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// It would come, or change.
    pub(super) fresh: bool,
}

/// What a bar counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bar {
    fresh: usize,
    known: usize,
    told: usize,
}

/// From the first to the last entry and event; `None` for no times or no time between.
fn scale(marks: &[Mark], told: &[DateTime<Utc>]) -> Option<Scale> {
    let all = || marks.iter().map(|m| m.at).chain(told.iter().copied());
    let (first, last) = (all().min()?, all().max()?);
    let air = ((last - first) / 48).max(Duration::seconds(30));
    (!marks.is_empty()).then_some(Scale { from: first - air, to: last + air })
}

fn bars(marks: &[Mark], told: &[DateTime<Utc>], scale: Scale) -> Vec<Bar> {
    let mut bars = vec![Bar::default(); BARS];
    let place = |at| ((scale.x(at) / 100.0 * BARS as f64) as usize).min(BARS - 1);
    for mark in marks {
        let bar = &mut bars[place(mark.at)];
        if mark.fresh { bar.fresh += 1 } else { bar.known += 1 }
    }
    for at in told {
        bars[place(*at)].told += 1;
    }
    bars
}

/// The picture with its caption and its table; nothing where no entry has a time.
#[component]
pub(super) fn Picture(marks: Vec<Mark>, told: Vec<DateTime<Utc>>, zone: Tz) -> impl IntoView {
    scale(&marks, &told).map(|scale| {
        let bars = bars(&marks, &told, scale);
        let most = bars.iter().map(|b| b.fresh + b.known).max().unwrap_or(1).max(1) as f64;
        let each = 100.0 / BARS as f64;
        let fresh = marks.iter().filter(|m| m.fresh).count();
        let words = format!(
            "{} entries from {} to {}; {} would come, {} are here already. {} events are told.",
            thousands(marks.len()),
            walltime::absolute(marks.iter().map(|m| m.at).min().unwrap_or(scale.from), zone),
            walltime::absolute(marks.iter().map(|m| m.at).max().unwrap_or(scale.to), zone),
            thousands(fresh),
            thousands(marks.len() - fresh),
            told.len()
        );
        let rects = bars.iter().enumerate().filter(|(_, b)| b.fresh + b.known > 0).map(|(n, bar)| {
            let (known, fresh) = (bar.known as f64 / most * TALL, bar.fresh as f64 / most * TALL);
            let (x, width) = (percent(n as f64 * each + 0.2), percent(each - 0.4));
            let rect = |class, y: f64, height: f64| {
                let (x, width) = (x.clone(), width.clone());
                (height > 0.0).then(|| view! {
                    <rect class=class x=x y=format!("{y:.1}") width=width height=format!("{height:.1}") rx="1"></rect>
                })
            };
            view! { {rect("q1", GROUND - known, known)}{rect("q3", GROUND - known - fresh, fresh)} }
        });
        let rects: Vec<_> = rects.collect();
        let lines: Vec<String> = told.iter().map(|at| percent(scale.x(*at))).collect();
        let rows: Vec<(String, Bar)> = bars
            .iter()
            .enumerate()
            .filter(|(_, bar)| **bar != Bar::default())
            .map(|(n, bar)| {
                let share = i32::try_from(n).unwrap_or_default();
                let from = scale.from + (scale.to - scale.from) / i32::try_from(BARS).unwrap_or(1) * share;
                (walltime::absolute(from, zone), *bar)
            })
            .collect();
        let caption = format!("Each row is {}, from its time on", bar_words(scale));
        view! {
            <figure class="ribbon-figure">
                <svg class="plot ribbon" height="100" role="img" aria-labelledby="picture-words">
                    <title id="picture-words">{words.clone()}</title>
                    {rects}
                    {lines.into_iter().map(|x| view! { <line class="told-line" x1=x.clone() x2=x y1="2" y2="78"></line> }).collect_view()}
                    <line class="axis" x1="0" x2="100%" y1="78.5" y2="78.5"></line>
                    {ticks(scale, zone).into_iter().map(|(x, words)| view! {
                        <line class="grid" x1=percent(x) x2=percent(x) y1="78" y2="83"></line>
                        <text class="m" x=percent(x) y="96">{words}</text>
                    }).collect_view()}
                </svg>
                <figcaption>
                    <ul class="legend">
                        <li><svg aria-hidden="true"><rect class="q3" width="100%" height="100%"></rect></svg>{format!("Would come, per {}", bar_words(scale))}</li>
                        <li><svg aria-hidden="true"><rect class="q1" width="100%" height="100%"></rect></svg>"Here already"</li>
                        <li><svg aria-hidden="true"><line class="told-line" x1="50%" x2="50%" y1="0" y2="100%"></line></svg>"Events told"</li>
                    </ul>
                    <p class="hint">{words}</p>
                    <details class="more">
                        <summary>"As a table"</summary>
                        <div class="table-wrap" tabindex="0" role="region" aria-label="Entries over time">
                            <table>
                                <caption>{caption}</caption>
                                <thead>
                                    <tr>
                                        <th scope="col">"From"</th><th scope="col" class="n">"Would come"</th>
                                        <th scope="col" class="n">"Here already"</th><th scope="col" class="n">"Events told"</th>
                                    </tr>
                                </thead>
                                <tbody>
                                    {rows.into_iter().map(|(from, bar)| view! {
                                        <tr><th scope="row">{from}</th><td class="n">{bar.fresh}</td><td class="n">{bar.known}</td><td class="n">{bar.told}</td></tr>
                                    }).collect_view()}
                                </tbody>
                            </table>
                        </div>
                    </details>
                </figcaption>
            </figure>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minute)
    }

    #[test]
    fn every_entry_and_event_is_in_a_bar() {
        let marks: Vec<Mark> = (0..200).map(|n| Mark { at: at(n), fresh: n % 3 > 0 }).collect();
        let told = [at(-40), at(100), at(500)];
        let scale = scale(&marks, &told).unwrap();
        let bars = bars(&marks, &told, scale);
        let sum = |count: fn(&Bar) -> usize| bars.iter().map(count).sum::<usize>();
        assert_eq!((sum(|b| b.fresh), sum(|b| b.known), sum(|b| b.told)), (133, 67, 3));
    }

    #[test]
    fn one_entry_is_drawn_and_none_is_not() {
        assert!(scale(&[], &[at(1)]).is_none());
        let scale = scale(&[Mark { at: at(1), fresh: true }], &[]).unwrap();
        assert!(scale.from < at(1) && at(1) < scale.to);
    }
}
