//! A question set as a file, to take along or to give to another organisation.

use domain::Invalid;
use domain::interviews::Definition;
use serde::{Deserialize, Serialize};

/// What a file calls itself.
pub const SET_FORMAT: &str = "second-story question set 1";

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    #[serde(flatten)]
    definition: serde_json::Value,
}

/// The file of a set: JSON.
pub fn set_to_file(definition: &Definition) -> String {
    let file = File { format: SET_FORMAT.to_owned(), definition: serde_json::to_value(definition).unwrap_or_default() };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// The set of a file, held to all rules of a set.
///
/// # Errors
/// Field `file`, in words.
pub fn set_from_file(file: &str) -> Result<Definition, Invalid> {
    let no = |why: String| Invalid::one("file", why);
    let parsed: File = serde_json::from_str(file)
        .map_err(|e| no(format!("This is not a question set: {e}. A file begins with \"format\": \"{SET_FORMAT}\".")))?;
    if parsed.format != SET_FORMAT {
        return Err(no(format!("This calls itself “{}”; only “{SET_FORMAT}” can be read.", parsed.format)));
    }
    let definition: Definition =
        serde_json::from_value(parsed.definition).map_err(|e| no(format!("This question set cannot be read: {e}.")))?;
    definition.checked().map_err(|wrong| no(wrong.fields.into_iter().map(|f| f.message).collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::interviews::{SHIPPED, TWELVE, shipped_definition};

    #[test]
    fn a_file_holds_a_whole_set_and_a_foreign_one_is_refused() {
        for number in SHIPPED {
            let definition = shipped_definition(number).expect("a definition");
            assert_eq!(set_from_file(&set_to_file(definition)).as_ref(), Ok(definition));
        }
        let twelve = set_to_file(shipped_definition(TWELVE).expect("a definition"));
        let other = r#"{"format":"other","name":"x","questions":[]}"#;
        let bare = r#"{"format":"second-story question set 1"}"#;
        for file in ["", "[]", "{}", other, bare, &twelve.replace("\"purpose\"", "\"porpoise\"")] {
            assert_eq!(set_from_file(file).expect_err("refused").fields[0].field, "file", "{file}");
        }
    }
}
