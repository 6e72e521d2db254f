//! The files that every page needs (module, glue, styles, icons, fonts), embedded at build time under names that carry a hash
//! of their content, and the handler that serves them.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// One embedded file.
pub struct Asset {
    /// The name that code uses: `main.css`.
    pub logical: &'static str,
    /// The name that a browser asks for below `/assets/`: `main-0123456789.css`.
    pub path: &'static str,
    pub content_type: &'static str,
    pub bytes: &'static [u8],
    /// The same as brotli, where that is smaller.
    pub br: Option<&'static [u8]>,
}

mod table {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// The file that a browser asks for by its hashed name.
pub fn find(hashed_name: &str) -> Option<&'static Asset> {
    table::ASSETS.iter().find(|asset| asset.path == hashed_name)
}

/// The address of a file: `main.css` becomes `/assets/main-0123456789.css`. In a build without the browser's half (a check, a
/// unit test) there is no such file and the plain name stands in.
pub fn hashed(logical: &str) -> String {
    let name = table::ASSETS.iter().find(|asset| asset.logical == logical).map_or(logical, |asset| asset.path);
    format!("/assets/{name}")
}

/// Serves `/assets/{file}`. The name changes with the content, so that a copy may be kept for ever.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    match find(&file) {
        Some(asset) => respond(asset, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn respond(asset: &Asset, request: &HeaderMap) -> Response {
    let br = asset.br.filter(|_| accepts_brotli(request));
    // The two forms are different bytes under one address, so each has a tag of its own.
    let tag = format!("\"{}{}\"", asset.path, if br.is_some() { ".br" } else { "" });
    let mut answer = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.insert(name, value);
        }
    };
    put(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    put(header::ETAG, &tag);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if asset.br.is_some() {
        put(header::VARY, "accept-encoding");
    }
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|value| value.split(',')).any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == tag)
    {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    put(header::CONTENT_TYPE, asset.content_type);
    if br.is_some() {
        put(header::CONTENT_ENCODING, "br");
    }
    (answer, br.unwrap_or(asset.bytes)).into_response()
}

/// Whether `br` is named and not refused by `q=0` (RFC 9110, 12.5.3). Compression is an offer: `*` alone gets the plain form.
fn accepts_brotli(request: &HeaderMap) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("br"));
        let refused = parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0));
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    static STYLES: Asset = Asset {
        logical: "main.css",
        path: "main-0123456789.css",
        content_type: "text/css; charset=utf-8",
        bytes: b"a{}",
        br: Some(b"small"),
    };
    static FONT: Asset =
        Asset { logical: "a.woff2", path: "a-0123456789.woff2", content_type: "font/woff2", bytes: b"font", br: None };

    fn asking(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    async fn body(response: Response) -> Vec<u8> {
        to_bytes(response.into_body(), 1 << 20).await.expect("a body in memory").to_vec()
    }

    #[tokio::test]
    async fn a_file_goes_out_as_brotli_to_who_takes_it_and_plain_to_who_does_not() {
        for (accepts, encoding, bytes) in [
            ("gzip, deflate, br, zstd", Some("br"), &b"small"[..]),
            ("BR;q=0.5", Some("br"), b"small"),
            ("gzip, br;q=0", None, b"a{}"),
            ("gzip", None, b"a{}"),
        ] {
            let response = respond(&STYLES, &asking(header::ACCEPT_ENCODING, accepts));
            let got = response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("ascii").to_owned());
            assert_eq!(got.as_deref(), encoding, "{accepts}");
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
            assert_eq!(body(response).await, bytes, "{accepts}");
        }
    }

    #[tokio::test]
    async fn a_file_may_be_kept_for_ever_and_is_what_it_says_it_is() {
        let response = respond(&FONT, &asking(header::ACCEPT_ENCODING, "br"));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "font/woff2");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(body(response).await, b"font");
    }

    #[tokio::test]
    async fn who_has_the_file_already_is_told_so() {
        let tag = respond(&STYLES, &HeaderMap::new()).headers()[header::ETAG].clone();
        let response = respond(&STYLES, &HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]));
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert!(body(response).await.is_empty());
        let other = respond(&STYLES, &asking(header::IF_NONE_MATCH, "\"main-9999999999.css\""));
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        for name in ["main.css", "..%2f..%2fetc%2fpasswd", "../Cargo.toml", ""] {
            let response = serve(Path(name.to_owned()), HeaderMap::new()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn every_embedded_file_is_found_under_the_name_that_pages_use() {
        for asset in table::ASSETS {
            let address = hashed(asset.logical);
            let name = address.strip_prefix("/assets/").expect("below /assets/");
            assert_eq!(find(name).map(|found| found.logical), Some(asset.logical));
        }
        assert_eq!(hashed("not-built.css"), "/assets/not-built.css");
    }
}
