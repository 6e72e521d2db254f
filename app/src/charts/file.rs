//! A chart as a file: cut from the page that shows it, so that both can never differ. It carries its title, its caption, how it is
//! computed, and its colours (the light ones, as on paper), and leads nowhere.

use super::Patterns;
use leptos::prelude::*;
use std::fmt::Write;

/// Width of the file and of what is drawn in it, in pixels.
const WIDTH: usize = 900;
const INSIDE: usize = 860;
const MARGIN: usize = 20;
/// Characters of a line of the title, and of the words in small letters.
const TITLE: usize = 76;
const LINE: usize = 132;
/// More pictures than this stand beside each other.
const BELOW: usize = 3;

/// What the stylesheet says of marks, in the light colours of tokens.css.
const STYLE: &str = "text{fill:#564f46}.ink{fill:#23201b;font-weight:520}.soft-ink{fill:#45403a}.title{fill:#23201b;font-size:18px;font-weight:620}\
.grid{stroke:#e5dfd4}.axis,.grid-line{stroke:#877e6f}.e{text-anchor:end}.m{text-anchor:middle}.thin{display:none}\
.f-work{fill:#279a98}.f-evening{fill:#9c650a}.f-night{fill:#2a469c}.f-weekend{fill:#5b2444}\
.pat{stroke:#fffefc;stroke-width:1.4;fill:none;opacity:.75}.pat-dot{fill:#fffefc;opacity:.8}.ground{fill:#fffefc}\
.f1{fill:#2394b3}.f2{fill:#b58025}.f3{fill:#33338f}.f4{fill:#4f7a58}.f5{fill:#6b3f5c}.f6{fill:#7a1f12}\
.q0{fill:#f3efe8}.q1{fill:#e6efee}.q2{fill:#b5d3cf}.q3{fill:#7db2ad}.q4{fill:#317f7b}.q5{fill:#0b4f50}\
.on-dark{fill:#ffffff}.on-light{fill:#23201b}.whisk{stroke:#23201b;stroke-width:1.5}.whisk-band{fill:#23201b;opacity:.13}";

/// The figure of a drawn page whose table is this file; `None` where the page has no such chart.
pub fn figure<'a>(page: &'a str, csv: &str) -> Option<&'a str> {
    let begin = [format!("href=\"{csv}?"), format!("href=\"{csv}\"")];
    let figures = page.split("<figure class=\"chart").skip(1).filter_map(|rest| rest.split("</figure>").next());
    figures.into_iter().find(|figure| begin.iter().any(|href| figure.contains(href.as_str())))
}

/// A figure as a file of its own. `beneath` stands last: whose it is, and of when.
pub fn as_file(figure: &str, beneath: &str) -> String {
    let figure = figure.replace("<!>", "");
    let finding = between(&figure, "<figcaption><strong>", "</strong>").unwrap_or_default();
    let counted = between(&figure, "</strong><span>", "</span>").unwrap_or_default();
    let computed = between(&figure, "<p class=\"small soft\">", "</p>").unwrap_or_default();
    let patterns = view! { <Patterns/> }.to_html().replace("<!>", "");
    let (mut y, mut body) = (MARGIN, String::new());
    lines(&mut body, &mut y, finding, TITLE, 23, "title");
    lines(&mut body, &mut y, counted, LINE, 16, "");
    y += 14;
    legend(&mut body, &mut y, &figure);
    pictures(&mut body, &mut y, &figure);
    lines(&mut body, &mut y, computed, LINE, 16, "");
    lines(&mut body, &mut y, &crate::ui::escape(beneath), LINE, 16, "");
    let height = y + MARGIN;
    let file = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" font-family=\"Inter, system-ui, -apple-system, Segoe UI, Roboto, sans-serif\" font-size=\"12\">\
         <title>{finding}</title><desc>{counted}</desc><style>{STYLE}</style><defs>{}</defs>\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>{body}</svg>\n",
        between(&patterns, "<defs>", "</defs>").unwrap_or_default()
    );
    file.chars()
        .filter(|c| matches!(*c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
        .collect()
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    text.split_once(begin)?.1.split_once(end).map(|(inside, _)| inside)
}

/// Words as lines of at most so many characters, broken between words.
fn lines(body: &mut String, y: &mut usize, text: &str, most: usize, step: usize, class: &str) {
    let mut line = String::new();
    let mut put = |line: &mut String| {
        if !line.is_empty() {
            *y += step;
            let _ = write!(body, "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{line}</text>");
            line.clear();
        }
    };
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > most {
            put(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    put(&mut line);
}

/// The entries of a legend, one below the other.
fn legend(body: &mut String, y: &mut usize, figure: &str) {
    let Some(list) = between(figure, "<ul class=\"legend\">", "</ul>") else { return };
    for entry in list.split("<li>").skip(1) {
        let Some((key, words)) = entry.split_once("</svg>") else { continue };
        let words = words.split("</li>").next().unwrap_or_default();
        let key = key.replacen("<svg", &format!("<svg x=\"{MARGIN}\" y=\"{y}\" width=\"18\" height=\"14\""), 1);
        let _ = write!(body, "{key}</svg><text x=\"{}\" y=\"{}\">{words}</text>", MARGIN + 26, *y + 11);
        *y += 20;
    }
    *y += 8;
}

/// The pictures of a figure: what its tag says, and what is in it. Whatever order the attributes have.
fn plots(figure: &str) -> Vec<(&str, &str)> {
    let all = figure.split("<svg").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        Some((tag, rest.split_once("</svg>")?.0))
    });
    all.filter(|(tag, _)| tag.contains("class=\"plot\"")).collect()
}

fn pictures(body: &mut String, y: &mut usize, figure: &str) {
    let all = plots(figure);
    let columns = if all.len() > BELOW { 3 } else { 1 };
    let width = (INSIDE - (columns - 1) * MARGIN) / columns;
    for row in all.chunks(columns) {
        let mut tallest = 0;
        // What each of several says stands above it; small ones have their name inside.
        let named = all.len() > 1 && columns == 1;
        if let Some(label) = row.first().and_then(|(tag, _)| between(tag, "aria-label=\"", "\"")).filter(|_| named) {
            lines(body, y, label, LINE, 16, "ink");
            *y += 10;
        }
        for (n, (tag, inside)) in row.iter().enumerate() {
            let height = between(tag, "height=\"", "\"").and_then(|h| h.parse::<f64>().ok()).unwrap_or_default();
            tallest = tallest.max(height.ceil() as usize);
            let x = MARGIN + n * (width + MARGIN);
            let inside = leading_nowhere(inside);
            let _ = write!(
                body,
                "<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" overflow=\"visible\">{inside}</svg>"
            );
        }
        *y += tallest + 18;
    }
    if all.is_empty() {
        lines(body, y, "There is no picture of it: too few to say.", LINE, 16, "ink");
        *y += 10;
    }
}

/// Links as plain groups: a file lies where none of our addresses lead anywhere.
fn leading_nowhere(picture: &str) -> String {
    let mut parts = picture.split("<a href=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once('"').map_or("", |(_, rest)| rest);
        out.push_str("<g");
        out.push_str(rest);
    }
    out.replace("</a>", "</g>").replace(" aria-label=", " data-words=").replace("fill=\"transparent\"", "fill=\"none\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{ChartCard, CountBar, CountsChart, ShareBar, SharesChart, Table};

    fn table() -> Table {
        Table { caption: "Incidents", columns: vec!["Month", "Incidents"], rows: Vec::new() }
    }

    fn page() -> String {
        let bar = |count| CountBar {
            label: "Oct".into(),
            month: "October 2026".into(),
            count,
            interval: (0.1, 5.6),
            link: "/incidents?from=2026-10&to=2026-10".into(),
        };
        let share =
            ShareBar { label: "A < B & C".into(), count: 2, of: 4, interval: (0.1, 0.9), link: "/incidents?factor=a&b=c".into() };
        let bars = vec![bar(0), bar(3)];
        let shares = [vec![share.clone()], vec![share]];
        let [one, other] = shares;
        view! {
            <ChartCard class="" finding="3 incidents in a month <&>" counted="Counted." table=table() computed="So." csv="/trends/incidents.csv?from=2026-10">
                <CountsChart bars/>
            </ChartCard>
            <ChartCard class="" finding="Shares" counted="Counted, too." table=table() computed="So." csv="/trends/factors.csv">
                <SharesChart bars=one/><SharesChart bars=other label="What helped"/>
            </ChartCard>
            <ChartCard class="" finding="Nothing" counted="Too few." table=table() computed="So." csv="/trends/right.csv">
                <p>"Too few to say"</p>
            </ChartCard>
        }
        .to_html()
    }

    /// Whether every tag that is opened is closed in its turn, and attributes are quoted.
    fn is_well_formed(xml: &str) -> bool {
        let mut open: Vec<String> = Vec::new();
        for tag in xml.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').expect("a tag ends");
            let loose = text
                .split('&')
                .skip(1)
                .any(|entity| !entity.split(';').next().unwrap().chars().all(|c| c == '#' || c.is_alphanumeric()));
            if tag.starts_with('?') {
                continue;
            }
            if loose || tag.matches('"').count() % 2 != 0 {
                return false;
            }
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap().to_owned();
            if tag.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !tag.ends_with('/') {
                open.push(name);
            }
        }
        open.is_empty()
    }

    #[test]
    fn a_chart_is_found_by_its_table_and_becomes_a_file_that_leads_nowhere() {
        let page = page();
        for (csv, words) in [
            ("/trends/incidents.csv", "3 incidents in a month &lt;&amp;&gt;"),
            ("/trends/factors.csv", "A &lt; B &amp; C"),
            ("/trends/factors.csv", ">What helped</text>"),
            ("/trends/incidents.csv", "<pattern id=\"p-night\""),
            ("/trends/right.csv", "There is no picture of it"),
        ] {
            let file = as_file(figure(&page, csv).unwrap(), "As of today & tomorrow");
            assert!(is_well_formed(&file), "{file}");
            assert!(file.contains(words) && file.contains("As of today &amp; tomorrow") && file.contains(">So.<"), "{file}");
            for no in ["href", "<a", "<!", "/incidents"] {
                assert!(!file.contains(no), "{no}: {file}");
            }
        }
        assert!(figure(&page, "/trends/hours.csv").is_none());
    }

    #[test]
    fn its_colours_are_the_light_ones_of_the_page() {
        let tokens = include_str!("../../../style/tokens.css");
        let mut colours = 0;
        for colour in STYLE.split('#').skip(1).map(|rest| &rest[..6]) {
            assert!(tokens.contains(&format!("light-dark(#{colour},")) || colour == "ffffff", "#{colour}");
            colours += 1;
        }
        assert!(colours > 25);
    }

    #[test]
    fn long_words_are_broken_into_lines() {
        let (mut body, mut y) = (String::new(), 0);
        lines(&mut body, &mut y, "one two three four", 8, 10, "");
        assert_eq!((body.matches("<text").count(), y), (3, 30));
        assert!(body.contains(">one two<"), "{body}");
    }
}
