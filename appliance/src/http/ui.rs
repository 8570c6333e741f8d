//! The web client's files, embedded as brotli and served as they are stored.
//!
//! Names under `/assets` hold a hash of their content and never change; everything else is asked for again each
//! time and answered with 304 when it has not changed. Any page address gets the start page.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::response::IntoResponse;
use mesh_protocol::error::ErrorCode;
use rust_embed::RustEmbed;

use super::error::Refusal;

#[derive(RustEmbed)]
#[folder = "../webui/dist-br"]
#[allow_missing = true]
struct Files;

const START_PAGE: &str = "index.html";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Bytes that a compressed file may inflate to, for the rare client without brotli: the files are our own.
const INFLATED_BYTES: usize = 4 << 20;

struct File {
    bytes: Cow<'static, [u8]>,
    etag: String,
    is_brotli: bool,
}

fn find(path: &str) -> Option<File> {
    let embedded = |name: &str| Files::get(name);
    let (file, is_brotli) = match embedded(&format!("{path}.br")) {
        Some(file) => (file, true),
        None => (embedded(path)?, false),
    };
    let hash = file.metadata.sha256_hash();
    let etag = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // Weak: it is the same for the file with and without compression.
    Some(File { bytes: file.data, etag: format!("W/\"{etag}\""), is_brotli })
}

/// Serves a file of the web client, or its start page for a page address.
pub(super) async fn serve(request: Request) -> Response<Body> {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Refusal::from(ErrorCode::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ([(ALLOW, "GET,HEAD")], Refusal::from(ErrorCode::MethodNotAllowed)).into_response();
    }
    if !path.is_empty()
        && let Some(file) = find(path)
    {
        return respond(path, file, request.headers());
    }
    let wants_page = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if path.starts_with("assets/") || !wants_page {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    }
    match find(START_PAGE) {
        Some(file) => respond(START_PAGE, file, request.headers()),
        None => (
            StatusCode::NOT_FOUND,
            "This build of the appliance has no web client inside. Build it with `make dist`, or `make run`.\n",
        )
            .into_response(),
    }
}

fn respond(path: &str, file: File, headers: &HeaderMap) -> Response<Body> {
    let cache = if path.starts_with("assets/") { IMMUTABLE } else { "no-cache" };
    let mut response = if has_it(headers, &file.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if file.is_brotli && takes_brotli(headers) {
        ([(CONTENT_ENCODING, "br")], file.bytes).into_response()
    } else if file.is_brotli {
        match inflate(&file.bytes) {
            Some(bytes) => bytes.into_response(),
            None => Refusal::from(ErrorCode::Internal).into_response(),
        }
    } else {
        file.bytes.into_response()
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&file.etag) {
        out.insert(ETAG, etag);
    }
    response
}

/// The parts of a list in a header, which may be there more than once (RFC 9110 section 5.6.1).
fn list(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Whether the browser keeps this very file.
fn has_it(headers: &HeaderMap, etag: &str) -> bool {
    list(headers, IF_NONE_MATCH).any(|kept| kept == etag)
}

/// Whether brotli is named, and not only to refuse it (RFC 9110 section 12.5.3).
fn takes_brotli(headers: &HeaderMap) -> bool {
    list(headers, ACCEPT_ENCODING).any(|part| {
        let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map(|weight| weight.parse::<f32>());
        coding.trim().eq_ignore_ascii_case("br")
            && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
    })
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut inflated = Vec::new();
    let limit = u64::try_from(INFLATED_BYTES).unwrap_or(u64::MAX);
    brotli_decompressor::Decompressor::new(bytes, 4096).take(limit).read_to_end(&mut inflated).ok()?;
    Some(inflated)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest") => "application/json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
