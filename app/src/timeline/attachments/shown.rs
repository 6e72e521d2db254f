//! Files among the sources of an event: an image in its place, which opens there; anything else as a download.

use crate::ui::{Icon, OwnFiles};
use domain::timeline::EventSource;
use domain::timeline::attachments::size;
use leptos::prelude::*;
use store::timeline::attachments::Attachment;

/// One source that is a file of the incident.
#[component]
pub(in crate::timeline) fn OwnSource(source: EventSource) -> impl IntoView {
    let own = use_context::<OwnFiles>().unwrap_or_default();
    let found = source.attachment().and_then(|id| Some((own.find(id)?.clone(), own.address(id))));
    match found {
        None => view! { <li><Icon name="paperclip"/><span class="quiet">"A file that was removed"</span></li> }.into_any(),
        Some((file, address)) if file.is_shown() => {
            let words = file.alt.clone();
            view! {
                <li class="event-shot">
                    <details>
                        <summary><Preview file address=address.clone()/></summary>
                        <p class="small">{words}" "<a href=address target="_blank" rel="noopener">"Open it by itself"</a></p>
                    </details>
                </li>
            }
            .into_any()
        }
        Some((file, address)) => {
            let about = format!("{}, {}", file.kind.label(), size(file.bytes));
            view! {
                <li><Icon name="paperclip"/><a href=address>{file.name}</a><span class="quiet">{about}</span></li>
            }
            .into_any()
        }
    }
}

/// An image, as large as its place allows.
#[component]
pub(super) fn Preview(file: Attachment, address: String) -> impl IntoView {
    let (width, height) = file.size.map(|(width, height)| (width.to_string(), height.to_string())).unzip();
    view! { <img class="shot" src=address alt=file.alt width=width height=height loading="lazy"/> }
}
