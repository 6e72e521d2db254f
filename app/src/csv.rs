//! Files for spreadsheets, with a guard against cells that would be taken for formulas.

use axum::response::{IntoResponse, Response};
use http::header;

/// The lines as a file to be kept.
pub fn file(name: &str, lines: &[String]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, lines.concat()).into_response()
}

/// One line. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection).
pub fn cells(values: &[&str]) -> String {
    let line: Vec<String> = values.iter().map(|value| cell(value)).collect();
    format!("{}\r\n", line.join(","))
}

fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guarded = if formula { format!("'{value}") } else { value.to_owned() };
    if guarded.contains([',', '"', '\n', '\r', '\'']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_cannot_be_named_into_a_formula() {
        for name in ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx"] {
            assert_eq!(cell(name), format!("\"'{name}\""));
        }
        assert_eq!(cells(&["Payments", "a \"b\", c", "5"]), "Payments,\"a \"\"b\"\", c\",5\r\n");
    }
}
