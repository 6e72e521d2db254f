//! Long imports with progress: the island of the import page. It sends the files of a form in several requests, or asks again and again
//! until all are written, and says how far it is. Without scripts the forms do the same in one request.

use leptos::prelude::*;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Progress {
    done: usize,
    of: usize,
    /// Why it stopped.
    failed: String,
}

/// Progress of the form with this id. `writes`: the second step, which asks until everything is written; else the first, which sends
/// what is chosen. `noun`: of what there are so many.
#[island]
pub fn Batches(form: String, writes: bool, noun: String) -> impl IntoView {
    let progress = RwSignal::new(Progress::default());
    #[cfg(feature = "hydrate")]
    sender::attach(&form, writes, progress);
    #[cfg(not(feature = "hydrate"))]
    let _ = form;
    let words = move || {
        let Progress { done, of, .. } = progress.get();
        format!("{done} of {of} {noun} {}", if writes { "written" } else { "sent" })
    };
    view! {
        <div class="progress" hidden=move || progress.get().of == 0>
            <progress max=move || progress.get().of value=move || progress.get().done aria-label="Progress of the import"></progress>
            <span class="small" role="status">{words}</span>
        </div>
        <p class="error" role="alert" hidden=move || progress.get().failed.is_empty()>{move || progress.get().failed}</p>
    }
}

#[cfg(feature = "hydrate")]
mod sender {
    //! The browser's half.

    use super::Progress;
    use leptos::prelude::*;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Event, File, FormData, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response, UrlSearchParams};

    /// Files and bytes of one request.
    const FILES: usize = 25;
    const BYTES: f64 = 4_000_000.0;
    const AWAY: &str = "The server cannot be reached. Nothing is lost: please try again.";

    pub(super) fn attach(form: &str, writes: bool, progress: RwSignal<Progress>) {
        let Some(form) = document().get_element_by_id(form).and_then(|f| f.dyn_into::<HtmlFormElement>().ok()) else { return };
        let this = form.clone();
        let act = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let form = this.clone();
            let files = chosen(&form);
            // What is asked for in one request needs no progress; the form does it.
            if !writes && files.len() <= FILES {
                return;
            }
            event.prevent_default();
            wasm_bindgen_futures::spawn_local(async move {
                busy(&form, true);
                let failed = if writes { write(&form, progress).await } else { send(&form, &files, progress).await };
                if let Err(failed) = failed {
                    progress.update(|p| p.failed = failed);
                    busy(&form, false);
                }
            });
        });
        let _ = form.add_event_listener_with_callback("submit", act.as_ref().unchecked_ref());
        act.forget();
    }

    fn busy(form: &HtmlFormElement, busy: bool) {
        if let Ok(Some(button)) = form.query_selector("button") {
            let _ = button.toggle_attribute_with_force("disabled", busy);
        }
    }

    /// What is chosen in all file fields, without what a folder holds besides reviews.
    fn chosen(form: &HtmlFormElement) -> Vec<File> {
        let Ok(inputs) = form.query_selector_all("input[type=file]") else { return Vec::new() };
        let mut files = Vec::new();
        for input in (0..inputs.length()).filter_map(|i| inputs.get(i)?.dyn_into::<HtmlInputElement>().ok()) {
            let Some(list) = input.files() else { continue };
            let readable = input.get_attribute("data-readable").unwrap_or_default();
            let fits =
                |file: &File| readable.is_empty() || readable.split(' ').any(|end| file.name().to_lowercase().ends_with(end));
            files.extend((0..list.length()).filter_map(|i| list.get(i)).filter(fits));
        }
        files
    }

    async fn send(form: &HtmlFormElement, files: &[File], progress: RwSignal<Progress>) -> Result<(), String> {
        progress.set(Progress { done: 0, of: files.len(), failed: String::new() });
        let (mut held, mut sent) = (String::new(), 0);
        while sent < files.len() {
            let data = FormData::new().map_err(|_| AWAY.to_owned())?;
            let _ = data.append_with_str("held", &held);
            let (mut bytes, mut count) = (0.0, 0);
            for file in files[sent..].iter().take(FILES) {
                if count > 0 && bytes + file.size() > BYTES {
                    break;
                }
                let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|p| p.as_string());
                let name = path.filter(|p| !p.is_empty()).unwrap_or_else(|| file.name());
                let _ = data.append_with_blob_and_filename("files", file, &name);
                bytes += file.size();
                count += 1;
            }
            let answer = ask(&form.action(), &data).await?;
            held = text(&answer, "held");
            sent += count;
            progress.update(|p| p.done = sent);
        }
        go(&format!("{}/read?held={held}", form.action()));
        Ok(())
    }

    async fn write(form: &HtmlFormElement, progress: RwSignal<Progress>) -> Result<(), String> {
        progress.update(|p| p.failed = String::new());
        loop {
            let data = FormData::new_with_form(form).map_err(|_| AWAY.to_owned())?;
            let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).map_err(|_| AWAY.to_owned())?;
            let answer = ask(&form.action(), &fields).await?;
            let number = |name: &str| field(&answer, name).and_then(|v| v.as_f64()).unwrap_or_default() as usize;
            let (done, of) = (number("done"), number("of"));
            progress.update(|p| (p.done, p.of) = (done, of));
            if done >= of {
                go(&format!("{}?done={}", form.action().trim_end_matches("/write"), text(&answer, "held")));
                return Ok(());
            }
        }
    }

    fn field(answer: &JsValue, name: &str) -> Option<JsValue> {
        js_sys::Reflect::get(answer, &name.into()).ok()
    }

    fn text(answer: &JsValue, name: &str) -> String {
        field(answer, name).and_then(|v| v.as_string()).unwrap_or_default()
    }

    async fn ask(address: &str, body: &JsValue) -> Result<JsValue, String> {
        let answer = async {
            let headers = Headers::new()?;
            headers.set("accept", "application/json")?;
            let init = RequestInit::new();
            init.set_method("POST");
            init.set_headers(&headers);
            init.set_body(body);
            let response: Response = JsFuture::from(window().fetch_with_str_and_init(address, &init)).await?.dyn_into()?;
            let json = JsFuture::from(response.json()?).await?;
            Ok::<_, JsValue>((response.ok(), json))
        };
        match answer.await {
            Ok((true, json)) => Ok(json),
            Ok((false, json)) => Err(Some(text(&json, "message")).filter(|m| !m.is_empty()).unwrap_or_else(|| AWAY.to_owned())),
            Err(_) => Err(AWAY.to_owned()),
        }
    }

    fn go(address: &str) {
        let _ = window().location().assign(address);
    }
}
