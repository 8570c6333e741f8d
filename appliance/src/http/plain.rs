//! The plain-HTTP port: one page that explains how to get to the secure address, and the authority's certificate.
//! It asks for nothing, not even the claim code; everything else is sent to the secure address.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderValue, LOCATION,
};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use mesh_protocol::error::ErrorCode;

use super::error::Refusal;
use super::headers::{self, PubliclyTrusted};
use super::origin::AllowedHosts;
use crate::tls::Certificates;

/// What the plain listener knows.
#[derive(Debug, Clone)]
struct Plain {
    certificates: Arc<Certificates>,
    hosts: Arc<AllowedHosts>,
}

/// Everything that the plain listener serves.
pub fn router(certificates: Arc<Certificates>, hosts: Arc<AllowedHosts>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/plain.css", get(|| async { ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE) }))
        .route("/ca.crt", get(certificate))
        .fallback(redirect)
        .with_state(Plain { certificates, hosts })
        .layer(middleware::from_fn_with_state(PubliclyTrusted(false), headers::add))
}

/// The page's look; a file of its own, so that the page needs no inline style.
const STYLE: &str = include_str!("plain.css");
const ENGLISH: &str = include_str!("plain.en.html");
const FRENCH: &str = include_str!("plain.fr.html");

/// Nothing but the page's own style.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The secure address by the name that the visitor used; `None` when that is none of the box's names.
fn secure_address(plain: &Plain, headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    if hosts.next().is_some() { None } else { plain.hosts.secure_address(host) }
}

async fn page(State(plain): State<Plain>, headers: HeaderMap) -> Response<axum::body::Body> {
    let Some(address) = secure_address(&plain, &headers) else {
        return Refusal::from(ErrorCode::HostUnknown).into_response();
    };
    let language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let template =
        if language.trim_start().to_ascii_lowercase().starts_with("fr") { FRENCH } else { ENGLISH };
    let own_certificate = plain.certificates.authority_pem().is_none();
    let page = template
        .replace("{{address}}", &address)
        .replace("{{fingerprint}}", &plain.certificates.fingerprint())
        .replace("{{authority}}", if own_certificate { "hidden" } else { "shown" });
    ([(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))], Html(page)).into_response()
}

async fn certificate(State(plain): State<Plain>) -> Response<axum::body::Body> {
    authority_file(&plain.certificates)
}

/// The authority's certificate as a download; 404 with an own certificate.
pub(super) fn authority_file(certificates: &Certificates) -> Response<axum::body::Body> {
    match certificates.authority_pem() {
        Some(pem) => {
            let headers = [
                (CONTENT_TYPE, "application/x-x509-ca-cert"),
                (CONTENT_DISPOSITION, "attachment; filename=\"mesh-box.crt\""),
            ];
            (headers, pem.to_owned()).into_response()
        }
        None => Refusal::from(ErrorCode::NotFound).into_response(),
    }
}

async fn redirect(State(plain): State<Plain>, request: Request) -> Response<axum::body::Body> {
    let Some(address) = secure_address(&plain, request.headers()) else {
        return Refusal::from(ErrorCode::HostUnknown).into_response();
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match HeaderValue::from_str(&format!("{address}{path}")) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => Refusal::from(ErrorCode::Malformed).into_response(),
    }
}
