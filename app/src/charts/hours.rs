//! Hours by kind of working time: stacked bars by closed month, and one flat bar for a team. Where the kinds may not be told apart, a bar
//! holds fewer blocks.

use super::scale::{Linear, hours, label_every, percent, pixels};
use domain::trends::Hours;
use domain::walltime::Band;
use leptos::prelude::*;

/// Height of the drawing, its top margin and the base line, in pixels.
const HEIGHT: f64 = 236.0;
const TOP: f64 = 22.0;
const BASE: f64 = 212.0;
/// Where the bars begin, in percent: the axis has its words before it.
const LEFT: f64 = 7.0;
/// Part of a month's width that its bar takes.
const BAR: f64 = 0.68;

/// One month of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct HoursBar {
    /// Under it: "Oct".
    pub label: String,
    /// The month in full: "October 2026".
    pub month: String,
    /// The minutes, or why they are hidden.
    pub minutes: Result<Hours, &'static str>,
    /// The whole list of incidents of the month.
    pub link: String,
}

/// What a block stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One kind of working time.
    Band(Band),
    /// All outside working hours, not told apart.
    Outside,
    /// All hours, not told apart.
    All,
}

impl Kind {
    fn fill(self) -> &'static str {
        match self {
            Self::Band(band) => ["f-work", "f-evening", "f-night", "f-weekend"][band as usize],
            // Of no kind's colour: a bar must not look as if all of it were working time.
            Self::Outside => "f1",
            Self::All => "f4",
        }
    }

    fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Band(band) => [None, Some("url(#p-evening)"), Some("url(#p-night)"), Some("url(#p-weekend)")][band as usize],
            Self::Outside => Some("url(#p-evening)"),
            Self::All => None,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Band(band) => band.label(),
            Self::Outside => "Outside working time, not told apart",
            Self::All => "All hours, not told apart",
        }
    }
}

/// The parts that a figure tells, in the order in which they are stacked.
fn parts(told: &Hours) -> Vec<(Kind, i64)> {
    match told {
        Hours::ByBand(bands) => Band::ALL.iter().map(|band| (Kind::Band(*band), bands.get(*band))).collect(),
        Hours::InAndOut { working, outside } => vec![(Kind::Band(Band::Working), *working), (Kind::Outside, *outside)],
        Hours::Total { total } => vec![(Kind::All, *total)],
    }
}

/// A rectangle in percent (x) and pixels (y).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    kind: Kind,
    y: f64,
    height: f64,
}

/// The stacked blocks of one month, from the base line up, with a hairline of air between them.
fn blocks(told: &Hours, scale: &Linear) -> Vec<Block> {
    let mut y = BASE;
    let mut blocks = Vec::new();
    for (kind, minutes) in parts(told) {
        let tall = scale.part(minutes as f64 / 60.0) * (BASE - TOP);
        if tall > 0.0 {
            blocks.push(Block { kind, y: y - tall, height: (tall - 1.0).max(0.75) });
            y -= tall;
        }
    }
    blocks
}

fn label(bar: &HoursBar) -> String {
    match &bar.minutes {
        Ok(told) => {
            let words = |(kind, minutes): &(Kind, i64)| match kind {
                Kind::Band(Band::Working) => format!(", {} in working time", hours(*minutes)),
                Kind::Band(band) => format!(", {} {}", hours(*minutes), band.label().to_lowercase()),
                Kind::Outside => format!(", {} outside it, kinds not told apart", hours(*minutes)),
                Kind::All => ", kinds of working time not told apart".to_owned(),
            };
            let parts: String = parts(told).iter().map(words).collect();
            format!("{}: {} hours{parts}. Opens the incidents of that month", bar.month, hours(told.total()))
        }
        Err(why) => format!("{}: hidden, {why}. Opens the incidents of that month", bar.month),
    }
}

/// The legend of the four kinds, and of what is not told apart where a bar is like that.
#[component]
pub fn BandLegend(
    /// The figures that are drawn.
    told: Vec<Hours>,
) -> impl IntoView {
    let entry = |kind: Kind| {
        view! {
            <li>
                <svg viewBox="0 0 18 14" aria-hidden="true">
                    <rect class=kind.fill() width="18" height="14"></rect>
                    {kind.pattern().map(|p| view! { <rect width="18" height="14" fill=p></rect> })}
                </svg>
                {kind.label()}
            </li>
        }
    };
    let outside = told.iter().any(|t| matches!(t, Hours::InAndOut { .. })).then_some(Kind::Outside);
    let all = told.iter().any(|t| matches!(t, Hours::Total { .. })).then_some(Kind::All);
    let kinds = Band::ALL.into_iter().map(Kind::Band).chain(outside).chain(all);
    view! { <ul class="legend">{kinds.map(entry).collect_view()}</ul> }
}

/// Stacked bars by month. Each opens the month's whole list of incidents, never a part of it.
#[component]
pub fn HoursChart(bars: Vec<HoursBar>) -> impl IntoView {
    let largest = bars.iter().filter_map(|b| b.minutes.as_ref().ok()).map(|m| m.total() as f64 / 60.0).fold(0.0, f64::max);
    let scale = Linear::up_to(largest);
    let slot = (100.0 - LEFT) / bars.len().max(1) as f64;
    let (wide, thin) = (label_every(bars.len(), 12), label_every(bars.len(), 4));
    let last = bars.len().saturating_sub(1);
    let lines = scale.lines().into_iter().map(|value| {
        let y = BASE - scale.part(value) * (BASE - TOP);
        let class = if value == 0.0 { "axis" } else { "grid" };
        let unit = if value == scale.top() { " h" } else { "" };
        view! {
            <line class=class x1=percent(LEFT) x2="100%" y1=pixels(y) y2=pixels(y)></line>
            <text class="e" x=percent(LEFT - 1.4) y=pixels(y + 4.0)>{format!("{value:.0}{unit}")}</text>
        }
    });
    let lines = lines.collect_view();
    let drawn = bars.into_iter().enumerate().map(|(n, bar)| {
        let x = LEFT + slot * n as f64;
        // Counted from the end, so that the latest month always has its name.
        let class = match ((last - n) % wide, (last - n) % thin) {
            (0, 0) => Some("m"),
            (0, _) => Some("m wide"),
            _ => None,
        };
        let month = bar.label.clone();
        view! {
            {draw(bar, x + slot * (1.0 - BAR) / 2.0, slot * BAR, &scale, class)}
            {class.map(|class| view! { <text class=class x=percent(x + slot / 2.0) y="230">{month}</text> })}
        }
    });
    let drawn = drawn.collect_view();
    view! {
        <svg class="plot" height=pixels(HEIGHT) role="group" aria-label="Hours by month, stacked by kind of working time">{lines}{drawn}</svg>
    }
}

fn draw(bar: HoursBar, x: f64, width: f64, scale: &Linear, label_class: Option<&'static str>) -> AnyView {
    let aria = label(&bar);
    let Ok(minutes) = bar.minutes else {
        return view! {
            <a href=bar.link aria-label=aria>
                <rect class="q0" x=percent(x) y=pixels(TOP) width=percent(width) height=pixels(BASE - TOP) rx="3"></rect>
                <rect x=percent(x) y=pixels(TOP) width=percent(width) height=pixels(BASE - TOP) rx="3" fill="url(#p-hidden)"></rect>
            </a>
            <text class="m wide" x=percent(x + width / 2.0) y=pixels(TOP - 7.0)>"hidden"</text>
        }
        .into_any();
    };
    let blocks = blocks(&minutes, scale);
    let top = blocks.last().map_or(BASE, |b| b.y);
    let total_class = label_class.map(|class| if class == "m" { "m ink" } else { "m ink wide" });
    view! {
        <a href=bar.link aria-label=aria>
            <rect x=percent(x) y=pixels(TOP) width=percent(width) height=pixels(BASE - TOP) fill="transparent"></rect>
            {blocks.into_iter().map(|b| view! {
                <rect class=b.kind.fill() x=percent(x) y=pixels(b.y) width=percent(width) height=pixels(b.height) rx="1.5"></rect>
                {b.kind.pattern().map(|p| view! {
                    <rect fill=p x=percent(x) y=pixels(b.y) width=percent(width) height=pixels(b.height) rx="1.5"></rect>
                })}
            }).collect_view()}
        </a>
        {total_class.map(|class| view! {
            <text class=class x=percent(x + width / 2.0) y=pixels(top - 7.0)>{hours(minutes.total())}</text>
        })}
    }
    .into_any()
}

/// One flat bar: how a team's hours divide into kinds, as far as they may be told apart. Its words stand beside it.
#[component]
pub fn BandStrip(told: Hours) -> impl IntoView {
    let total = told.total().max(1) as f64;
    let mut x = 0.0;
    let mut drawn = Vec::new();
    for (kind, minutes) in parts(&told) {
        let width = minutes as f64 / total * 100.0;
        if width > 0.0 {
            drawn.push((kind, x, width));
            x += width;
        }
    }
    view! {
        <svg class="plot" height="14" aria-hidden="true">
            {drawn.into_iter().map(|(kind, x, width)| view! {
                <rect class=kind.fill() x=percent(x) y="0" width=percent(width) height="14"></rect>
                {kind.pattern().map(|p| view! { <rect fill=p x=percent(x) y="0" width=percent(width) height="14"></rect> })}
            }).collect_view()}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(working: i64, evening: i64, night: i64, weekend: i64) -> Hours {
        Hours::ByBand(domain::walltime::BandMinutes { working, evening, night, weekend })
    }

    fn bar(month: &str, minutes: Result<Hours, &'static str>) -> HoursBar {
        HoursBar { label: month[..3].into(), month: month.into(), minutes, link: format!("/incidents?month={month}") }
    }

    #[test]
    fn blocks_stack_without_overlap_and_end_at_the_total() {
        let scale = Linear::up_to(10.0);
        let stacked = blocks(&minutes(300, 60, 0, 120), &scale);
        assert_eq!(
            stacked.iter().map(|b| b.kind).collect::<Vec<_>>(),
            [Band::Working, Band::Evening, Band::Weekend].map(Kind::Band)
        );
        for pair in stacked.windows(2) {
            assert!(pair[1].y + pair[1].height <= pair[0].y, "{stacked:?}");
        }
        let whole = BASE - scale.part(8.0) * (BASE - TOP);
        assert!((stacked.last().unwrap().y - whole).abs() < 1e-9);
        assert!(blocks(&minutes(0, 0, 0, 0), &scale).is_empty());
    }

    #[test]
    fn every_month_is_one_link_with_a_full_sentence_and_a_hidden_one_is_hatched() {
        let bars = vec![bar("September 2026", Ok(minutes(1620, 300, 360, 60))), bar("October 2026", Err("too few people"))];
        let html = view! { <HoursChart bars/> }.to_html();
        assert_eq!(html.matches("<a ").count(), 2);
        assert!(
            html.contains("September 2026: 39 hours, 27 in working time, 5 early and evening, 6 night, 1 days off"),
            "{html}"
        );
        assert!(html.contains("October 2026: hidden, too few people") && html.contains("url(#p-hidden)"));
        assert!(!html.contains("style=") && !html.contains("viewBox"));
    }

    #[test]
    fn what_is_not_told_apart_is_one_block_with_words() {
        let folded = vec![
            bar("September 2026", Ok(Hours::InAndOut { working: 60, outside: 120 })),
            bar("October 2026", Ok(Hours::Total { total: 60 })),
        ];
        let told: Vec<Hours> = folded.iter().filter_map(|bar| bar.minutes.ok()).collect();
        let legend = view! { <BandLegend told/> }.to_html();
        assert!(legend.contains("Outside working time, not told apart") && legend.contains("All hours, not told apart"));
        let html = view! { <HoursChart bars=folded/> }.to_html();
        assert!(html.contains("September 2026: 3 hours, 1 in working time, 2 outside it, kinds not told apart."), "{html}");
        assert!(html.contains("October 2026: 1 hours, kinds of working time not told apart."), "{html}");
    }

    #[test]
    fn everything_is_drawn_within_its_width() {
        for count in [1, 2, 12, 60] {
            let bars = (0..count).map(|_| bar("October 2026", Ok(minutes(60, 60, 60, 60)))).collect::<Vec<_>>();
            let html = view! { <HoursChart bars/> }.to_html();
            for part in html.split(" x=\"").skip(1) {
                let x: f64 = part.split('%').next().unwrap().parse().unwrap();
                assert!((0.0..=100.0).contains(&x), "{count}: {x}");
            }
        }
    }
}
