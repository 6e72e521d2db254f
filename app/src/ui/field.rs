//! Form fields: label above hint above error above the control, with all of it tied together for assistive technology.

use leptos::prelude::*;

/// The message beside a refused field.
#[component]
pub fn FieldError(id: String, error: Option<String>) -> impl IntoView {
    error.map(|error| view! { <p class="error" id=id>{error}</p> })
}

/// A label with hint and error around any control. The control must have `id=name` and `aria-describedby` when it wants them read.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] error: Option<String>,
    children: Children,
) -> impl IntoView {
    let class = if error.is_some() { "field field-error" } else { "field" };
    view! {
        <div class=class>
            <label for=name>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            <FieldError id=format!("{name}-error") error/>
            {children()}
        </div>
    }
}

fn described(name: &str, hint: bool, error: bool) -> Option<String> {
    let ids = [hint.then(|| format!("{name}-hint")), error.then(|| format!("{name}-error"))];
    let ids: Vec<String> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A single-line field.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] error: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    #[prop(optional)] list: Option<&'static str>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let describedby = described(name, !hint.is_empty(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <Field name label hint error>
            <input
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                placeholder=placeholder
                list=list
                required=required
                aria-describedby=describedby
                aria-invalid=invalid
            />
        </Field>
    }
}

/// A choice from a list: (value, label).
#[component]
pub fn Select(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] error: Option<String>,
) -> impl IntoView {
    let describedby = described(name, !hint.is_empty(), error.is_some());
    view! {
        <Field name label hint error>
            <select id=name name=name aria-describedby=describedby>
                {options
                    .into_iter()
                    .map(|(this, text)| {
                        let selected = this == value;
                        view! { <option value=this selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
        </Field>
    }
}

/// The only `<textarea>` of the site. On Leptos 0.8 its children are neither escaped nor kept from losing their first line break,
/// so the text is escaped here and set as inner HTML (stored XSS otherwise; research/security.md 4.2).
#[component]
pub fn SafeTextarea(
    #[prop(into)] id: String,
    name: &'static str,
    #[prop(into)] text: String,
    #[prop(default = 6)] rows: usize,
    #[prop(default = None)] describedby: Option<String>,
    #[prop(optional)] invalid: bool,
    #[prop(optional)] label: Option<String>,
    #[prop(optional)] form: Option<String>,
    #[prop(optional)] class: Option<&'static str>,
) -> impl IntoView {
    view! {
        <textarea
            id=id
            name=name
            rows=rows.to_string()
            class=class
            form=form
            aria-label=label
            aria-describedby=describedby
            aria-invalid=invalid.then_some("true")
            inner_html=format!("\n{}", escape(&text))
        ></textarea>
    }
}

/// Text as it may stand inside an element whose children Leptos does not escape.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A several-line field.
#[component]
pub fn TextareaField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] text: String,
    #[prop(default = 5)] rows: usize,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] error: Option<String>,
) -> impl IntoView {
    let describedby = described(name, !hint.is_empty(), error.is_some());
    let invalid = error.is_some();
    view! {
        <Field name label hint error>
            <SafeTextarea id=name name text rows describedby invalid/>
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textarea_cannot_be_closed_from_inside() {
        let html = view! { <SafeTextarea id="t" name="t" text="\n</textarea><script>alert(1)</script>"/> }.to_html();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains(">\n\n&lt;/textarea&gt;"), "the first line break survives: {html}");
    }
}
