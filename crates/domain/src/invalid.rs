//! What a form says when it is refused: which field, and how to mend it.

/// One refused field with a sentence that says how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The form field's `name`.
    pub field: String,
    /// A short, kind sentence for the person who typed.
    pub message: String,
}

/// All refused fields of one form. Empty means nothing was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{} field(s) refused", fields.len())]
pub struct Invalid {
    /// In the order in which they stand on the page.
    pub fields: Vec<FieldError>,
}

impl Invalid {
    /// One refused field.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut invalid = Self::default();
        invalid.add(field, message);
        invalid
    }

    /// Adds a refused field.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Keeps the value of a parser that went well; notes its complaint otherwise.
    pub fn take<T>(&mut self, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.fields.extend(invalid.fields);
                None
            }
        }
    }

    /// `Ok` when nothing was refused.
    ///
    /// # Errors
    /// Itself, when a field was refused.
    pub fn or_ok(self) -> Result<(), Self> {
        if self.fields.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The message for one field, if it was refused.
    pub fn message(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|f| f.field == field).map(|f| f.message.as_str())
    }
}
