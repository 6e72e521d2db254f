//! What stands around every chart: the finding as its title, what is counted, the table twin, how it is computed, and the CSV.

use leptos::prelude::*;

/// A cell of a table twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A number or words.
    Text(String),
    /// Several addresses with their words.
    Links(Vec<(String, String)>),
    /// Suppressed, with the reason in words: hatched, never empty.
    Hidden(&'static str),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A row of a table twin: what it is about, where that leads, and its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Heading of the row.
    pub head: String,
    /// What the row counts, as a list.
    pub link: Option<String>,
    /// One a column; a hidden one spans the rest.
    pub cells: Vec<Cell>,
}

/// The table twin of a chart: the same figures as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is.
    pub caption: &'static str,
    /// Headings of the columns, that of the rows first.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// The same for a spreadsheet: what is written there, line by line.
    pub fn lines(&self) -> Vec<String> {
        let words = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Links(links) => links.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" "),
            Cell::Hidden(why) => (*why).to_owned(),
        };
        let row = |row: &Row| {
            let cells: Vec<String> = std::iter::once(row.head.clone()).chain(row.cells.iter().map(words)).collect();
            crate::csv::cells(&cells.iter().map(String::as_str).collect::<Vec<_>>())
        };
        std::iter::once(crate::csv::cells(&self.columns)).chain(self.rows.iter().map(row)).collect()
    }

    pub(crate) fn view(self) -> impl IntoView {
        let mut columns = self.columns.into_iter();
        let first = columns.next().unwrap_or_default();
        let rest: Vec<&'static str> = columns.collect();
        let width = rest.len();
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-label=self.caption>
                <table>
                    <caption>{self.caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{first}</th>
                            {rest.into_iter().map(|c| view! { <th scope="col" class="n">{c}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{self.rows.into_iter().map(|row| row.view(width)).collect_view()}</tbody>
                </table>
            </div>
        }
    }
}

impl Row {
    fn view(self, width: usize) -> impl IntoView {
        let head = match self.link {
            Some(href) => view! { <a href=href>{self.head}</a> }.into_any(),
            None => self.head.into_any(),
        };
        let before = self.cells.iter().position(|c| matches!(c, Cell::Hidden(_))).unwrap_or_default();
        let span = (width - before.min(width)).max(1).to_string();
        let cells = self.cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => view! { <td class="n">{text}</td> }.into_any(),
            Cell::Links(links) => {
                let links = links.into_iter().map(|(href, words)| view! { <a href=href>{words}</a>" " });
                view! { <td class="n">{links.collect_view()}</td> }.into_any()
            }
            Cell::Hidden(why) => view! { <td class="hidden-cell" colspan=span.clone()><span>{why}</span></td> }.into_any(),
        });
        view! { <tr><th scope="row">{head}</th>{cells.collect_view()}</tr> }
    }
}

/// A card with a chart in it. `class` says how wide; the picture comes as children.
#[component]
pub fn ChartCard(
    /// `w6`, `w8`, …
    class: &'static str,
    /// A sentence that stays true.
    #[prop(into)]
    finding: String,
    /// What is counted, how many, and on whose clock.
    #[prop(into)]
    counted: String,
    /// The same as a table.
    table: Table,
    /// How it is computed, and what it cannot tell.
    computed: &'static str,
    /// Where the CSV is.
    #[prop(into)]
    csv: String,
    /// The picture.
    children: Children,
) -> impl IntoView {
    let svg = csv.replacen(".csv", ".svg", 1);
    view! {
        <figure class=format!("chart card {class}")>
            <figcaption><strong>{finding}</strong><span>{counted}</span></figcaption>
            {children()}
            <div class="chart-foot">
                <details class="more"><summary>"Show as a table"</summary>{table.view()}</details>
                <details class="more"><summary>"How it is computed, what it cannot tell"</summary><p class="small soft">{computed}</p></details>
                <span class="end small"><a href=csv>"CSV"</a>" "<a href=svg>"SVG"</a></span>
            </div>
        </figure>
    }
}

/// A card with a list in place of a picture: for what is watched and not judged.
#[component]
pub fn ListCard(
    /// `w6`, `w8`, …
    class: &'static str,
    /// A sentence that stays true.
    #[prop(into)]
    finding: String,
    /// What is counted, how many, and on whose clock.
    #[prop(into)]
    counted: String,
    /// The list.
    table: Table,
    /// How it is computed, and what it cannot tell.
    computed: &'static str,
    /// Where the CSV is.
    #[prop(into)]
    csv: String,
) -> impl IntoView {
    let empty = table.rows.is_empty();
    view! {
        <figure class=format!("card chart {class}")>
            <figcaption><strong>{finding}</strong><span>{counted}</span></figcaption>
            {(!empty).then(|| table.view())}
            <div class="chart-foot">
                <details class="more"><summary>"How it is computed, what it cannot tell"</summary><p class="small soft">{computed}</p></details>
                {(!empty).then(|| view! { <span class="end small"><a href=csv>"CSV"</a></span> })}
            </div>
        </figure>
    }
}

/// The patterns that tell kinds of working time apart without colour; once on a page with charts.
#[component]
pub fn Patterns() -> impl IntoView {
    view! {
        <svg class="sprite" aria-hidden="true">
            <defs>
                <pattern id="p-evening" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="pat" d="M0 0V6"></path>
                </pattern>
                <pattern id="p-night" width="6" height="6" patternUnits="userSpaceOnUse">
                    <circle class="pat-dot" cx="3" cy="3" r="1.05"></circle>
                </pattern>
                <pattern id="p-weekend" width="7" height="7" patternUnits="userSpaceOnUse">
                    <path class="pat" d="M0 3.5H7M3.5 0V7"></path>
                </pattern>
                <pattern id="p-hidden" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="grid-line" d="M0 0V7"></path>
                </pattern>
            </defs>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_cell_spans_what_it_hides_and_says_why() {
        let row = Row { head: "October".into(), link: None, cells: vec!["5".into(), Cell::Hidden("Too few people")] };
        let html = row.view(4).to_html();
        assert!(
            html.contains("class=\"hidden-cell\"") && html.contains("colspan=\"3\"") && html.contains("Too few people"),
            "{html}"
        );
    }
}
