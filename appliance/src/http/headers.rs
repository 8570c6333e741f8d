//! The headers that every answer carries (security.md section 6).

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderValue, STRICT_TRANSPORT_SECURITY};
use axum::middleware::Next;
use axum::response::Response;

/// What a page of the box may load and do: nothing but the box's own files; no path from text to script.
pub(super) const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
    require-trusted-types-for 'script'; trusted-types mesh";

/// What pages may ask the browser for; what is not named here is off.
const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), \
    clipboard-write=(self), geolocation=(), usb=(), serial=(), bluetooth=(), hid=(), midi=(), payment=(), \
    clipboard-read=(), browsing-topics=()";

const FIXED: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS),
];

/// Whether the certificate is one that browsers trust by themselves: only then may HSTS be promised.
#[derive(Debug, Clone, Copy)]
pub(super) struct PubliclyTrusted(pub(super) bool);

/// Adds the headers to an answer, errors included. A page that sets its own policy keeps it.
pub(super) async fn add(
    State(PubliclyTrusted(public)): State<PubliclyTrusted>,
    request: Request,
    next: Next,
) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    if is_api {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if public {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
