//! Somebody who uses the service: sends what a browser sends, keeps cookies.

use super::Answer;
use axum::Router;
use axum::body::Body;
use http::{Method, Request, header};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// A browser.
#[derive(Clone)]
pub struct Person {
    router: Router,
    cookie: &'static str,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Person {
    /// With an empty jar.
    pub fn new(router: Router, cookie: &'static str) -> Self {
        Self { router, cookie, jar: Arc::default() }
    }

    /// With this session.
    #[must_use]
    pub fn with_session(self, token: &str) -> Self {
        self.jar.lock().unwrap().insert(self.cookie.to_owned(), token.to_owned());
        self
    }

    /// The same session at another service.
    #[must_use]
    pub fn at(&self, router: Router) -> Self {
        Self { router, cookie: self.cookie, jar: Arc::new(Mutex::new(self.jar.lock().unwrap().clone())) }
    }

    /// The present session's token.
    pub fn session(&self) -> Option<String> {
        self.jar.lock().unwrap().get(self.cookie).cloned()
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Self::request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Asks as an island does.
    pub async fn get_json(&self, path: &str) -> Answer {
        let request = Self::request(Method::GET, path).header(header::ACCEPT, "application/json");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form of this site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path).body(Body::from(encoded(fields))).unwrap()).await
    }

    /// Sends a form as an island does, asking for JSON.
    pub async fn post_json(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = form(path).header(header::ACCEPT, "application/json");
        self.send(request.body(Body::from(encoded(fields))).unwrap()).await
    }

    /// Sends a form with files, and further fields.
    pub async fn upload(&self, path: &str, field: &str, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Answer {
        self.send(uploading(path, files, field, fields, "text/html")).await
    }

    /// The same as an island does, asking for JSON.
    pub async fn upload_json(&self, path: &str, field: &str, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Answer {
        self.send(uploading(path, files, field, fields, "application/json")).await
    }

    /// Opens the page that a redirect of this site leads to.
    #[track_caller]
    pub fn follow(&self, answer: &Answer) -> impl Future<Output = Answer> + '_ {
        let location = answer.is(303).location();
        assert!(location.starts_with('/') && !location.starts_with("//"), "{location} leads away");
        async move { self.get(&location).await }
    }

    /// A request to fill in by hand.
    pub fn request(method: Method, path: &str) -> http::request::Builder {
        let path = path.split('#').next().unwrap_or(path);
        Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:3000")
    }

    /// Sends any request with this person's cookies.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let cookies = self.jar.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() && !request.headers().contains_key(header::COOKIE) {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let asked = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer = Answer {
            asked,
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        };
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap();
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap();
            let (name, value) = pair.split(';').next().unwrap().split_once('=').unwrap();
            if pair.to_lowercase().contains("max-age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn form(path: &str) -> http::request::Builder {
    Person::request(Method::POST, path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// Fields as a form sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

fn uploading(path: &str, files: &[(&str, &[u8])], field: &str, fields: &[(&str, &str)], accept: &str) -> Request<Body> {
    const MARK: &str = "second-story-test-boundary";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--{MARK}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, bytes) in files {
        let head =
            format!("content-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: text/markdown");
        body.extend(format!("--{MARK}\r\n{head}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{MARK}--\r\n").bytes());
    Person::request(Method::POST, path)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
        .body(Body::from(body))
        .unwrap()
}
