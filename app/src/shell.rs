//! The page around every page: head, bars, toast, scripts for islands; and the pages that errors become.

use crate::ctx::Ctx;
use crate::error::AppError;
use crate::ui::{Icon, Mark};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use domain::people::Theme;
use http::{StatusCode, header};
use leptos::prelude::*;

/// Which part of the site a page belongs to, for the main navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// None of them.
    None,
    /// Home.
    Home,
    /// Incidents and everything of one incident.
    Incidents,
    /// Trends.
    Trends,
    /// What administrators keep.
    Settings,
}

/// How the page around the content looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Top bar, `<main class="page">`, foot.
    Page,
    /// Nothing around it: the content brings its own bars and its own `<main id="main">` (one-on-ones).
    Talk,
    /// As [`Layout::Talk`], for readers from outside: nothing on it leads into the site, and no search engine is to keep it.
    Apart,
}

/// What a page says about itself.
#[derive(Clone, Debug)]
pub struct Head {
    /// Title of the window, without the product's name.
    pub title: String,
    /// Place in the navigation.
    pub nav: Nav,
    /// Look.
    pub layout: Layout,
    /// Behind the wall: slate ground, ink-blue accent.
    pub planning: bool,
    /// Under the top bar: which room this is and since when (icon, words).
    pub band: Option<(&'static str, String)>,
    /// The page holds islands and needs their script.
    pub islands: bool,
    /// HTTP status: 200, or 422 / 409 for a form that comes back.
    pub status: StatusCode,
    /// Class of `<main>`: `page`, or `story` for what is to be read.
    pub main: &'static str,
}

impl Head {
    /// A usual page.
    pub fn new(title: impl Into<String>, nav: Nav) -> Self {
        Self {
            title: title.into(),
            nav,
            layout: Layout::Page,
            planning: false,
            band: None,
            islands: false,
            status: StatusCode::OK,
            main: "page",
        }
    }

    /// A page with its own bars.
    #[must_use]
    pub fn talk(mut self) -> Self {
        self.layout = Layout::Talk;
        self
    }

    /// A page for readers from outside.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.layout = Layout::Apart;
        self
    }

    /// A page behind the wall.
    #[must_use]
    pub fn planning(mut self) -> Self {
        self.planning = true;
        self
    }

    /// With a band under the top bar that says which room this is.
    #[must_use]
    pub fn band(mut self, icon: &'static str, words: impl Into<String>) -> Self {
        self.band = Some((icon, words.into()));
        self
    }

    /// A page with islands.
    #[must_use]
    pub fn islands(mut self) -> Self {
        self.islands = true;
        self
    }

    /// A page to be read: one measure wide, times in the margin.
    #[must_use]
    pub fn story(mut self) -> Self {
        self.main = "story";
        self
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// 422 when a form came back with refused fields, else unchanged.
    #[must_use]
    pub fn refused(self, invalid: &domain::Invalid) -> Self {
        if invalid.fields.is_empty() { self } else { self.status(StatusCode::UNPROCESSABLE_ENTITY) }
    }
}

/// Draws a whole page. `body` is called inside a reactive owner that lives exactly as long as the drawing: nothing is left behind
/// when a client goes away.
pub fn page<V: IntoView + 'static>(ctx: &Ctx, head: Head, body: impl FnOnce() -> V) -> Response {
    let html = drawn(ctx, || {
        let content = body().into_any();
        document(ctx, &head, content)
    });
    debug_assert!(head.islands || !html.contains("<leptos-island"), "an island that nobody wakes: {}", head.title);
    // Markers between nodes serve hydration; a page without islands has nothing to hydrate. Text cannot hold one: `<` is escaped.
    let html = if head.islands { html } else { html.replace("<!>", "") };
    let mut response = (head.status, Html(html)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    if head.layout == Layout::Apart {
        // Its address is the key to it.
        response.headers_mut().insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
        let robots = header::HeaderName::from_static("x-robots-tag");
        response.headers_mut().insert(robots, header::HeaderValue::from_static("noindex, nofollow, noarchive"));
    }
    response
}

/// Draws a part of a page, for a page that is open and puts it into its place. No islands.
pub fn part<V: IntoView + 'static>(ctx: &Ctx, body: impl FnOnce() -> V) -> Response {
    let html = drawn(ctx, body).replace("<!>", "");
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// Something drawn outside of a page, with what every page has at hand.
pub(crate) fn drawn<V: IntoView>(ctx: &Ctx, body: impl FnOnce() -> V) -> String {
    use leptos::reactive::owner::Owner;
    let shared = std::sync::Arc::new(hydration_context::SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(shared));
    owner.with(|| {
        provide_context(ctx.nonce.clone());
        provide_context(ctx.clone());
        body().into_view().to_html()
    })
}

/// The document. `<html data-theme>` is set by the person's choice; without one the device decides.
fn document(ctx: &Ctx, head: &Head, content: AnyView) -> impl IntoView {
    let apart = head.layout == Layout::Apart;
    let theme = match ctx.viewer.as_ref().map(|v| v.theme) {
        Some(Theme::Light) => Some("light"),
        Some(Theme::Dark) => Some("dark"),
        _ => None,
    };
    let room = head.planning.then_some("planning");
    // A title is text to the browser: the markers that Leptos puts after dynamic children would show in it.
    let title = crate::ui::escape(&format!("{} · Second Story", head.title));
    let frame = match head.layout {
        Layout::Talk | Layout::Apart => content,
        Layout::Page => framed(ctx, head, content).into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-room=room>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {apart.then(|| view! { <meta name="robots" content="noindex, nofollow, noarchive"/><meta name="referrer" content="no-referrer"/> })}
                <title inner_html=title></title>
                <link rel="stylesheet" href=ctx.asset("main.css")/>
                <link rel="icon" type="image/svg+xml" href=ctx.asset("favicon.svg")/>
                {head.islands.then(|| island_scripts(ctx))}
            </head>
            <body>
                <a class="skip" href="#main">"Skip to content"</a>
                {ctx.site.demo.is_some().then(|| demo_bar(!apart))}
                {frame}
                {ctx.said().filter(|_| !apart).map(toast)}
            </body>
        </html>
    }
}

fn demo_bar(roles: bool) -> impl IntoView {
    view! {
        <aside class="demo-bar" aria-label="Demo">
            <span>"Demo: everything here is invented."</span>
            {roles.then(|| view! { " "<a href="/?doors=1">"Change role"</a> })}
        </aside>
    }
}

fn toast(sentence: &'static str) -> impl IntoView {
    view! {
        <div class="toast-place">
            <p class="toast" role="status">{sentence}</p>
        </div>
    }
}

fn framed(ctx: &Ctx, head: &Head, content: AnyView) -> impl IntoView {
    view! {
        {top_bar(ctx, head.nav)}
        {head.band.clone().map(|(icon, words)| view! {
            <aside class="room-band" aria-label="Which room">
                <div><b><Icon name=icon/>"Planning room"</b><span>{words}</span></div>
            </aside>
        })}
        <main id="main" class=head.main>{content}</main>
        {foot(ctx)}
    }
}

fn top_bar(ctx: &Ctx, nav: Nav) -> impl IntoView {
    let current = move |this: Nav| (nav == this).then_some("page");
    let viewer = ctx.viewer.clone().filter(domain::people::Viewer::has_account);
    let guest = ctx.viewer.as_ref().is_some_and(|v| v.guest_of.is_some());
    let administers = viewer.as_ref().is_some_and(|v| v.administrator);
    let trends = viewer.as_ref().is_some_and(|v| v.member || v.leadership);
    view! {
        <header class="topbar">
            <a class="brand" href="/"><Mark/>"Second Story"</a>
            {viewer.is_some().then(|| view! {
                <nav class="topnav" aria-label="Main">
                    <ul>
                        <li><a href="/" aria-current=current(Nav::Home)>"Home"</a></li>
                        <li><a href="/incidents" aria-current=current(Nav::Incidents)>"Incidents"</a></li>
                        {trends.then(|| view! { <li><a href="/trends" aria-current=current(Nav::Trends)>"Trends"</a></li> })}
                        {administers.then(|| view! { <li><a href="/settings" aria-current=current(Nav::Settings)>"Settings"</a></li> })}
                    </ul>
                </nav>
            })}
            <div class="toptools">
                {viewer.is_some().then(|| view! {
                    <form class="topsearch" role="search" aria-label="Everything" action="/search" method="get">
                        <Icon name="search"/>
                        <label class="vh" for="q-top">"Search everything"</label>
                        <input id="q-top" type="search" name="q" placeholder="Search" aria-keyshortcuts="/"/>
                    </form>
                    <a class="btn btn-quiet btn-icon topsearch-link" href="/search" aria-label="Search"><Icon name="search"/></a>
                    {search_key(ctx)}
                })}
                <a class="btn btn-quiet btn-icon" href="/help" aria-label="Help"><Icon name="circle-help"/></a>
                {match viewer {
                    Some(_) => view! {
                        <a class="btn btn-quiet btn-icon" href="/profile" aria-label="Your profile and settings"><Icon name="user"/></a>
                    }.into_any(),
                    None if guest => ().into_any(),
                    None => view! { <a class="btn" href="/sign-in">"Sign in"</a> }.into_any(),
                }}
            </div>
        </header>
    }
}

/// `/` leads to the search, where nobody is typing.
fn search_key(ctx: &Ctx) -> impl IntoView {
    const SCRIPT: &str = "document.addEventListener('keydown',event=>{if(event.key!=='/'||event.defaultPrevented||event.ctrlKey||event.metaKey\
        ||event.altKey||event.target.closest?.('input,select,textarea,[contenteditable]'))return;\
        const field=[...document.querySelectorAll('#q,#q-top')].find(field=>field.offsetParent);\
        if(field){event.preventDefault();field.focus();field.select()}})";
    view! { <script type="module" nonce=ctx.nonce.to_string() inner_html=SCRIPT></script> }
}

fn foot(ctx: &Ctx) -> impl IntoView {
    let zone = ctx.zone();
    let offset = ctx.now.with_timezone(&zone).format("%:z").to_string();
    view! {
        <footer class="foot">
            <span>{format!("Times in {} (UTC{offset})", zone.name())}</span>
            <a href="/help">"Help"</a>
            <a href="/help/promise">"What stays private"</a>
            {ctx.viewer.as_ref().is_some_and(domain::people::Viewer::has_account).then(|| view! {
                <a href="/profile#looks">"Light, dark or system"</a>
            })}
        </footer>
    }
}

/// Loads the wasm module and wakes the islands in the page. Our own few lines instead of `HydrationScripts`, which on 0.8 reads a
/// file on every render and knows nothing of hashed names inside the binary. Follows leptos 0.8.23 `island_script.js`, without
/// nested islands, which we do not have.
fn island_scripts(ctx: &Ctx) -> impl IntoView {
    let (js, wasm) = (ctx.asset("frontend.js"), ctx.asset("frontend.wasm"));
    let script = format!(
        "import('{js}').then(async m=>{{await m.default({{module_or_path:'{wasm}'}});m.hydrate();\
         for(const e of document.querySelectorAll('leptos-island'))await m[e.dataset.component]?.(e);\
         document.documentElement.dataset.awake='yes'}})"
    );
    let nonce = ctx.nonce.to_string();
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone()/>
        <script type="module" nonce=nonce inner_html=script></script>
    }
}

/// Draws the page of an error, or its JSON, with the request's id; everything else passes.
pub async fn error_pages(ctx: Ctx, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let error = match response.extensions().get::<AppError>() {
        Some(error) => error.clone(),
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED || response.extensions().get::<Bare>().is_some() => {
            AppError::NotFound
        }
        None => return response,
    };
    error_page(&ctx, &error)
}

/// Marks a response of the router itself (nothing there) that wants the page for it.
#[derive(Clone, Copy, Debug)]
pub struct Bare;

/// The page of an error.
pub fn error_page(ctx: &Ctx, error: &AppError) -> Response {
    let (heading, sentence) = error.words();
    if ctx.wants_json {
        let body = serde_json::json!({ "error": heading, "message": sentence });
        return (error.status(), axum::Json(body)).into_response();
    }
    let id = (*error == AppError::Internal).then(|| ctx.request_id.clone());
    let head = Head::new(heading, Nav::None).status(error.status());
    let mut response = page(ctx, head, move || {
        view! {
            <section class="lost">
                <h1>{heading}</h1>
                <p>{sentence}</p>
                {id.map(|id| view! { <p class="quiet small">"Number "<span class="mono">{id}</span></p> })}
                <p class="actions">
                    <a class="btn btn-primary" href="/">"Home"</a>
                    <a class="btn" href="/incidents">"Incidents"</a>
                    <a class="btn btn-quiet" href="/help">"Help"</a>
                </p>
            </section>
        }
    });
    if matches!(error, AppError::Unavailable | AppError::Stopping) {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
    }
    response
}
