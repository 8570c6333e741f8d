//! The form of requests and refusals, whatever the endpoint.

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{Method, Request, StatusCode};
use mesh_protocol::error::{ErrorBody, ErrorCode};
use serde_json::{Value, json};

use crate::support::TestBox;

fn request(content_type: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post("/api/v1/session")
        .header(HOST, "localhost:8443")
        .header(ORIGIN, "https://localhost:8443");
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn bodies_that_are_not_what_is_expected_are_refused_in_one_form() {
    let (mesh, _owner) = TestBox::claimed().await;
    let mut browser = mesh.browser();
    let good = json!({ "userName": "alice", "password": "wrong wrong" }).to_string();
    let deep = "[".repeat(10_000);
    let twice = r#"{"userName":"a","userName":"b","password":"c"}"#;
    for body in ["", "{", "null", "[]", r#"{"userName":1,"password":"x"}"#, &deep, twice, "\u{0}"] {
        let answer = browser.raw(request(Some("application/json"), body.to_owned())).await;
        assert_eq!(answer.status.as_u16() / 100, 4);
        assert_eq!(answer.json::<ErrorBody>().code, ErrorCode::Malformed, "{body:?}");
    }
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let answer = browser.raw(request(kind, good.clone())).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind:?}");
        assert_eq!(answer.json::<ErrorBody>().code, ErrorCode::Malformed);
    }
    let mut packed = request(Some("application/json"), good.clone());
    packed.headers_mut().insert(CONTENT_ENCODING, "gzip".parse().unwrap());
    assert_eq!(browser.raw(packed).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = json!({ "userName": "alice", "password": "x".repeat(64 * 1024) }).to_string();
    browser.raw(request(Some("application/json"), large)).await.refused(ErrorCode::TooLarge);
    browser.raw(request(Some("application/json"), good)).await.refused(ErrorCode::CredentialsWrong);
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let (_mesh, mut owner) = TestBox::claimed().await;
    for origin in ["https://evil.example", "null", "https://localhost:8444", "http://localhost:8443"] {
        let mut foreign = Request::builder()
            .method(Method::DELETE)
            .uri("/api/v1/session")
            .header(HOST, "localhost:8443")
            .header("cookie", format!("__Host-mesh={}", owner.cookies["__Host-mesh"]))
            .body(Body::empty())
            .unwrap();
        foreign.headers_mut().insert(ORIGIN, origin.parse().unwrap());
        owner.raw(foreign).await.refused(ErrorCode::OriginForeign);
    }
    assert!(owner.is_signed_in().await);
}

/// Every operation of the document, with its path's parameters filled in.
fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&mesh_appliance::http::openapi::json()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let path = path
                .replace("{step}", "trust")
                .replace("{token}", &"0".repeat(64))
                .replace("{name}", "somebody")
                .replace("{id}", "0000000000001")
                .replace("{user}", "0000000000001")
                .replace("{room}", "0000000000001");
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            operations.push((method.to_uppercase().parse().unwrap(), path));
        }
    }
    assert!(operations.len() >= 34, "{operations:?}");
    operations
}

#[tokio::test]
async fn a_kind_of_request_that_an_address_does_not_take_is_refused_in_the_same_form() {
    let (mesh, mut owner) = TestBox::claimed().await;
    for (method, path, allowed) in [
        (Method::PUT, "/session", "DELETE,GET,HEAD,POST"),
        (Method::GET, "/recovery", "POST"),
        (Method::PATCH, "/ws", "GET,HEAD"),
    ] {
        let answer = owner.send(method, path, None).await.refused(ErrorCode::MethodNotAllowed);
        let mut allow: Vec<&str> = answer.headers["allow"].to_str().unwrap().split(',').collect();
        allow.sort_unstable();
        assert_eq!(allow.join(","), allowed, "{path}");
    }
    for path in ["/", "/healthz", "/ca.crt", "/some/page"] {
        let request = Request::post(path)
            .header(HOST, "localhost:8443")
            .header(ORIGIN, "https://localhost:8443")
            .body(Body::empty())
            .unwrap();
        let answer = mesh.browser().raw(request).await.refused(ErrorCode::MethodNotAllowed);
        assert!(answer.headers["allow"].to_str().unwrap().contains("GET"), "{path}");
    }
}

#[tokio::test]
async fn every_documented_operation_exists_and_refuses_in_the_documented_form() {
    let (mesh, _owner) = TestBox::claimed().await;
    for (method, path) in operations() {
        let answer = mesh.browser().send(method.clone(), &path, None).await;
        assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        if !answer.status.is_success() {
            let refusal: ErrorBody = answer.json();
            assert!(!refusal.message.is_empty(), "{method} {path}");
        }
        assert_eq!(answer.headers["cache-control"], "no-store", "{method} {path}");
    }
}

#[tokio::test]
async fn nothing_but_the_way_in_answers_strangers() {
    let (mesh, _owner) = TestBox::claimed().await;
    let ways_in =
        ["/status", "/trust", "/claim", "/claim/owner", "/recovery", "/session", "/invite/", "/user-names/"];
    for (method, path) in operations() {
        let is_way_in = match path.as_str() {
            "/session" => method != Method::GET,
            "/session/confirm" => false,
            other => {
                ways_in.iter().any(|way| other == *way || (way.ends_with('/') && other.starts_with(way)))
            }
        };
        let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
        let answer = mesh.browser().send(method.clone(), &path, body).await;
        if !is_way_in {
            answer.refused(ErrorCode::SignedOut);
        }
    }
}
