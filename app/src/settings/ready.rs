//! A link that is shown once, and the words to send with it, ready to copy where no letter takes it.

use crate::ui::{Copy, CopyScript, Icon};
use domain::letters::Wording;
use leptos::prelude::*;

/// A link to copy, with what is said about it.
pub(crate) fn ready_link(id: &'static str, label: &'static str, link: String, children: AnyView) -> impl IntoView {
    view! {
        <section class="note note-good new-link" role="status">
            <Icon name="link"/>
            <div class="stack stack-tight">
                {children}
                <label class="vh" for=id>{label}</label>
                <div class="copy-row"><input id=id class="mono" readonly=true value=link/><Copy of=id what="link"/></div>
            </div>
        </section>
    }
}

/// The words of a letter, filled in.
pub(crate) fn ready_words(words: &Wording) -> impl IntoView + use<> {
    let (subject, text) = (words.subject.clone(), words.text.clone());
    view! {
        <details class="more letter">
            <summary>"Words to send with it"</summary>
            <div class="card stack stack-tight mt2">
                <p><span class="quiet small">"Subject "</span><b>{subject}</b></p>
                <p id="letter-text" class="letter-text">{text}</p>
                <p class="actions"><Copy of="letter-text" what="text"/></p>
                <p class="hint">"Please copy this into a mail of yours. An administrator can change the words under Settings, What mail says."</p>
            </div>
        </details>
        <CopyScript/>
    }
}
