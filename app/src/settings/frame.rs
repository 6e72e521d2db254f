//! The frame around every page of settings: its rooms at the side, the page's head, then the page.

use leptos::prelude::*;

/// The rooms, in their order: address and name. A new one is a line here.
pub const ROOMS: [(&str, &str); 16] = [
    ("/settings/people", "People"),
    ("/settings/teams", "Teams"),
    ("/settings/services", "Services"),
    ("/settings/severities", "Severities"),
    ("/vocabulary", "Vocabulary of factors"),
    ("/settings/holidays", "Holidays"),
    ("/schedules", "On-call schedules"),
    ("/settings/questions", "Questions"),
    ("/settings/review", "Review settings"),
    ("/settings/writing", "Writing assistant"),
    ("/settings/pulse", "Pulse and help"),
    ("/settings/hooks", "Hooks"),
    ("/settings/newcomers", "New people"),
    ("/settings/mail", "What mail says"),
    ("/admin/operations", "Operations"),
    ("/admin/retention", "Retention"),
];

/// Navigation, head and room. `at` is the room's address; `lede` one sentence under the heading.
#[component]
pub fn SettingsFrame(
    at: &'static str,
    #[prop(into)] heading: String,
    #[prop(optional, into)] lede: String,
    children: Children,
) -> impl IntoView {
    let rooms = ROOMS.map(|(href, name)| {
        view! { <li><a href=href aria-current=(href == at).then_some("page")>{name}</a></li> }
    });
    view! {
        <div class="settings">
            <nav class="settings-nav" aria-label="Settings"><h2>"Settings"</h2><ul>{rooms.into_iter().collect_view()}</ul></nav>
            <div class="settings-room">
                <div class="page-head"><div><h1>{heading}</h1>{(!lede.is_empty()).then(|| view! { <p>{lede}</p> })}</div></div>
                {children()}
            </div>
        </div>
    }
}
