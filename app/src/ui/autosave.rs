//! Saving by itself: the island of every page on which somebody writes at length. It sends the surrounding form to the handler that its
//! buttons use, keeps the words in the open page while the network is away, and says in one line where they are. Nothing is stored on
//! the device.

use leptos::prelude::*;

/// Where the words of the page are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server draws only the first two"))]
enum Status {
    /// Nothing was written yet.
    Idle,
    /// On the way for longer than a moment.
    Saving,
    /// On the server's disk: "Saved 10:42".
    Saved(String),
    /// The server cannot be reached.
    Offline,
    /// Refused, with the reason.
    Failed(String),
    /// Another page or device saved in between.
    Conflict,
}

impl Status {
    fn slug(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Saving => "saving",
            Self::Saved(_) => "saved",
            Self::Offline => "offline",
            Self::Failed(_) | Self::Conflict => "failed",
        }
    }

    fn icon(&self) -> &'static str {
        match self {
            Self::Idle | Self::Saving => "circle-dashed",
            Self::Saved(_) => "circle-check",
            Self::Offline => "wifi-off",
            Self::Failed(_) => "triangle-alert",
            Self::Conflict => "layers",
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Idle => "Nothing written yet".to_owned(),
            Self::Saving => "Saving".to_owned(),
            Self::Saved(label) => label.clone(),
            Self::Offline => "Offline, kept in this page".to_owned(),
            Self::Failed(reason) => format!("Not saved: {reason}"),
            Self::Conflict => "Two versions".to_owned(),
        }
    }
}

/// The save state of the form `qf`. `saved`: the label of the last save, empty when there was none; `sprite`: address of the icons.
#[island]
pub fn Autosave(saved: String, sprite: String) -> impl IntoView {
    let status = RwSignal::new(if saved.is_empty() { Status::Idle } else { Status::Saved(saved) });
    #[cfg(feature = "hydrate")]
    keeper::attach(status);
    view! {
        <span class="save" data-state=move || status.get().slug() role="status">
            <svg class="icon" aria-hidden="true"><use href=move || format!("{sprite}#i-{}", status.get().icon())></use></svg>
            <span>{move || status.get().words()}</span>
        </span>
        <button class="btn btn-small" form="qf" name="go" value="stay" hidden=move || status.get() != Status::Conflict>"See both"</button>
    }
}

/// "Saved 10:42", on another day "Saved 17 Nov, 10:42", on the viewer's clock.
#[cfg(feature = "ssr")]
pub fn saved_label(ctx: &crate::ctx::Ctx, at: chrono::DateTime<chrono::Utc>) -> String {
    use domain::walltime;
    let zone = ctx.zone();
    if walltime::day(at, zone) == walltime::day(ctx.now, zone) {
        format!("Saved {}", walltime::clock(at, zone))
    } else {
        format!("Saved {}, {}", at.with_timezone(&zone).format("%-d %b"), walltime::clock(at, zone))
    }
}

#[cfg(feature = "hydrate")]
mod keeper {
    //! The browser's half: when to send, in which order, and what to do when it does not arrive.

    use super::Status;
    use leptos::prelude::*;
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::time::Duration;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        Event, EventTarget, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlTextAreaElement,
        UrlSearchParams,
    };

    /// While somebody types, at most this long between saves.
    const WHILE_TYPING: Duration = Duration::from_millis(1500);
    /// Shorter than this is not worth a word.
    const MOMENT: Duration = Duration::from_millis(300);
    /// Until the next try when the server could not be reached.
    const AGAIN: Duration = Duration::from_secs(3);
    /// Browsers send no more than 64 KB for a page that is going away.
    const LAST_WORDS: usize = 60_000;
    /// What the buttons say, or what is sent apart from the words.
    const NOT_WORDS: [&str; 8] = ["base_version", "request_key", "follows", "go", "act", "out", "nominee", "reason"];

    /// One save on its way.
    #[derive(Clone)]
    struct Save {
        key: String,
        words: String,
        base: String,
        follows: String,
    }

    struct Keeper {
        form: HtmlFormElement,
        status: RwSignal<Status>,
        /// The version that the server has of these words.
        version: String,
        /// The words that the server has acknowledged, or has refused and need not be sent again.
        settled: String,
        sending: Option<Save>,
        /// Keys of saves that may or may not have arrived.
        unanswered: Vec<String>,
        timer: bool,
        refused: bool,
        /// The words were refused because nobody is signed in: whoever presses a button may have signed in again meanwhile.
        signed_out: bool,
        /// A button was pressed; it takes effect once the words are saved.
        pressed: Option<HtmlElement>,
        passing: bool,
        count: u32,
    }

    type Shared = Rc<RefCell<Keeper>>;

    /// Takes the form of the page into care.
    pub(super) fn attach(status: RwSignal<Status>) {
        let document = document();
        let Some(form) = document.get_element_by_id("qf").and_then(|e| e.dyn_into::<HtmlFormElement>().ok()) else { return };
        let version = hidden(&form, "base_version").and_then(|i| i.get_attribute("value")).unwrap_or_default();
        let typed_before = differs(&form);
        let settled = if typed_before { String::new() } else { words(&form) };
        let keeper = Rc::new(RefCell::new(Keeper {
            form: form.clone(),
            status,
            version,
            settled,
            sending: None,
            unanswered: Vec::new(),
            timer: false,
            refused: false,
            signed_out: false,
            pressed: None,
            passing: false,
            count: 0,
        }));
        let on = |target: &EventTarget, name: &str, act: fn(&Shared, &Event)| {
            let keeper = Rc::clone(&keeper);
            listen(target, name, move |event| act(&keeper, &event));
        };
        on(&form, "input", |k, _| soon(k, WHILE_TYPING));
        on(&form, "change", |k, _| flush(k));
        on(&form, "focusout", |k, _| flush(k));
        on(&form, "submit", submit);
        on(&document, "visibilitychange", |k, _| {
            if leptos::prelude::document().hidden() {
                last_words(k);
            }
        });
        let window: EventTarget = window().into();
        on(&window, "pagehide", |k, _| last_words(k));
        on(&window, "online", |k, _| again(k));
        on(&window, "beforeunload", warn);
        if typed_before {
            flush(&keeper);
        }
    }

    fn listen(target: &EventTarget, name: &str, act: impl FnMut(Event) + 'static) {
        let act = Closure::<dyn FnMut(Event)>::new(act);
        let _ = target.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
        // As long as the page.
        act.forget();
    }

    fn hidden(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
        form.query_selector(&format!("input[name={name}]")).ok().flatten()?.dyn_into().ok()
    }

    /// Whether something was typed before this module was there.
    fn differs(form: &HtmlFormElement) -> bool {
        let Ok(controls) = form.query_selector_all("textarea, option, input:not([type=hidden])") else { return false };
        (0..controls.length()).filter_map(|i| controls.get(i)).any(|node| {
            let text = node.dyn_ref::<HtmlTextAreaElement>().is_some_and(|t| t.default_value().is_ok_and(|d| d != t.value()));
            let picked =
                node.dyn_ref::<HtmlOptionElement>().is_some_and(|o| o.selected() && !o.default_selected() && o.index() > 0);
            let field = node.dyn_ref::<HtmlInputElement>().is_some_and(|i| {
                i.checked() != i.default_checked() || (i.value() != i.default_value() && !NOT_WORDS.contains(&i.name().as_str()))
            });
            text || picked || field
        })
    }

    /// What the form says, without what only its buttons say.
    fn words(form: &HtmlFormElement) -> String {
        let Ok(data) = FormData::new_with_form(form) else { return String::new() };
        let Ok(pairs) = UrlSearchParams::new_with_str_sequence_sequence(&js_sys::Array::from(&data)) else {
            return String::new();
        };
        for name in NOT_WORDS {
            pairs.delete(name);
        }
        String::from(pairs.to_string())
    }

    fn soon(keeper: &Shared, wait: Duration) {
        if std::mem::replace(&mut keeper.borrow_mut().timer, true) {
            return;
        }
        let keeper = Rc::clone(keeper);
        set_timeout(
            move || {
                keeper.borrow_mut().timer = false;
                flush(&keeper);
            },
            wait,
        );
    }

    /// Sends what is not saved yet, unless something is on its way: then it goes after that.
    fn flush(keeper: &Shared) {
        if let Some(save) = next(keeper, false) {
            send(keeper, save, false);
        }
    }

    /// The page may be gone in a moment: what is not acknowledged goes out now, after whatever is on its way.
    fn last_words(keeper: &Shared) {
        if let Some(save) = next(keeper, true) {
            send(keeper, save, true);
        }
    }

    fn next(keeper: &Shared, at_once: bool) -> Option<Save> {
        let mut k = keeper.borrow_mut();
        if k.passing || k.status.get_untracked() == Status::Conflict {
            return None;
        }
        let words = words(&k.form);
        let known = k.sending.as_ref().map_or(&k.settled, |s| &s.words);
        if *known == words || (k.sending.is_some() && !at_once) {
            return None;
        }
        k.count += 1;
        let key = format!("{:x}-{}", (js_sys::Math::random() * 4_294_967_296.0) as u32, k.count);
        let save = Save { key: key.clone(), words, base: k.version.clone(), follows: k.unanswered.join(" ") };
        k.unanswered.push(key);
        k.sending = Some(save.clone());
        Some(save)
    }

    fn send(keeper: &Shared, save: Save, leaving: bool) {
        let slow = Rc::clone(keeper);
        let key = save.key.clone();
        set_timeout(
            move || {
                let k = slow.borrow();
                if k.sending.as_ref().is_some_and(|s| s.key == key) && k.status.get_untracked() != Status::Offline {
                    k.status.set(Status::Saving);
                }
            },
            MOMENT,
        );
        let keeper = Rc::clone(keeper);
        let url = keeper.borrow().form.action();
        leptos::task::spawn_local(async move {
            let answer = post(&url, &save, leaving).await;
            // A later save took its place: that one's answer counts.
            if keeper.borrow().sending.as_ref().is_none_or(|s| s.key != save.key) {
                return;
            }
            match answer {
                Ok((status, body)) if status < 500 => answered(&keeper, save, status, &body),
                _ => away(&keeper),
            }
        });
    }

    async fn post(url: &str, save: &Save, leaving: bool) -> Result<(u16, JsValue), JsValue> {
        let headers = web_sys::Headers::new()?;
        headers.set("content-type", "application/x-www-form-urlencoded")?;
        headers.set("accept", "application/json")?;
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        let extra = UrlSearchParams::new()?;
        for (name, value) in [("base_version", &save.base), ("request_key", &save.key), ("follows", &save.follows)] {
            extra.append(name, value);
        }
        let body = format!("{}&{}", save.words, String::from(extra.to_string()));
        js_sys::Reflect::set(&init, &"keepalive".into(), &(leaving && body.len() < LAST_WORDS).into())?;
        init.set_body(&body.into());
        let response: web_sys::Response = JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.dyn_into()?;
        let status = response.status();
        let body = JsFuture::from(response.json()?).await.unwrap_or(JsValue::NULL);
        Ok((status, body))
    }

    fn field(body: &JsValue, name: &str) -> JsValue {
        js_sys::Reflect::get(body, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    fn answered(keeper: &Shared, save: Save, status: u16, body: &JsValue) {
        let mut k = keeper.borrow_mut();
        k.sending = None;
        k.unanswered.clear();
        k.settled = save.words;
        k.refused = status != 200;
        k.signed_out = status == 401;
        match status {
            200 => {
                if let Some(version) = field(body, "version").as_f64() {
                    k.version = format!("{version}");
                }
                k.status.set(Status::Saved(field(body, "saved").as_string().unwrap_or_else(|| "Saved".to_owned())));
            }
            409 if field(body, "stale").as_bool() == Some(true) => k.status.set(Status::Conflict),
            401 => {
                k.pressed = None;
                let reason = "you are signed out. Keep this page open, sign in again in another tab, then go on typing here.";
                k.status.set(Status::Failed(reason.to_owned()));
            }
            _ => {
                let reason = field(body, "message").as_string().unwrap_or_else(|| "the server refused it.".to_owned());
                k.status.set(Status::Failed(reason));
            }
        }
        let pressed = k.pressed.is_some();
        drop(k);
        // The page of a refused form says more than one line can: a button that was pressed leads to it.
        if pressed && (status == 409 || status == 422 || words(&keeper.borrow().form) == keeper.borrow().settled) {
            pass(keeper);
        } else {
            flush(keeper);
        }
    }

    /// Not reachable: the same save is tried again until it is answered, the newer words after it.
    fn away(keeper: &Shared) {
        {
            let mut k = keeper.borrow_mut();
            k.pressed = None;
            k.status.set(Status::Offline);
        }
        let keeper = Rc::clone(keeper);
        set_timeout(move || again(&keeper), AGAIN);
    }

    fn again(keeper: &Shared) {
        let offline = keeper.borrow().status.get_untracked() == Status::Offline;
        let save = keeper.borrow().sending.clone().filter(|_| offline);
        if let Some(save) = save {
            send(keeper, save, false);
        }
    }

    /// A button sends the form by itself once its words are saved; with nothing to save at once.
    fn submit(keeper: &Shared, event: &Event) {
        let clean = {
            let k = keeper.borrow();
            let conflict = k.status.get_untracked() == Status::Conflict;
            k.passing || conflict || (k.sending.is_none() && !k.signed_out && words(&k.form) == k.settled)
        };
        if clean {
            let mut k = keeper.borrow_mut();
            k.passing = true;
            if let Some(input) = hidden(&k.form, "base_version") {
                input.set_value(&k.version);
            }
            return;
        }
        event.prevent_default();
        {
            let mut k = keeper.borrow_mut();
            k.pressed = field(event, "submitter").dyn_into().ok();
            if std::mem::take(&mut k.signed_out) {
                k.settled.clear();
            }
        }
        again(keeper);
        flush(keeper);
    }

    fn pass(keeper: &Shared) {
        let (form, pressed) = {
            let mut k = keeper.borrow_mut();
            k.passing = true;
            (k.form.clone(), k.pressed.take())
        };
        let _ = match &pressed {
            Some(button) => form.request_submit_with_submitter(Some(button)),
            None => form.request_submit(),
        };
    }

    /// A name stands in the field of question 12 that only a button adds.
    fn named(form: &HtmlFormElement) -> bool {
        hidden(form, "nominee").is_some_and(|field| !field.value().trim().is_empty())
    }

    /// Asks before words are left behind that could not be saved.
    fn warn(keeper: &Shared, event: &Event) {
        last_words(keeper);
        let k = keeper.borrow();
        if k.passing {
            return;
        }
        if named(&k.form) {
            event.prevent_default();
            return;
        }
        let unsaved = k.sending.is_some() || words(&k.form) != k.settled || k.refused;
        let at_risk = matches!(k.status.get_untracked(), Status::Offline | Status::Failed(_) | Status::Conflict)
            || !window().navigator().on_line()
            || words(&k.form).len() > LAST_WORDS;
        if unsaved && at_risk {
            event.prevent_default();
            let _ = js_sys::Reflect::set(event, &"returnValue".into(), &"unsaved".into());
        }
    }
}
