//! What every answer carries, whatever it is, and what a request's header and body may be.

use super::support::{Answer, TestBox};

/// The headers of `security.md` section 6, exactly.
const SNAPSHOT: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
         media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; \
         trusted-types mesh",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), clipboard-write=(self), \
         geolocation=(), usb=(), serial=(), bluetooth=(), hid=(), midi=(), payment=(), clipboard-read=(), \
         browsing-topics=()",
    ),
];

fn assert_headers(answer: &Answer, what: &str) {
    for (name, value) in SNAPSHOT {
        assert_eq!(answer.header(name), Some(*value), "{name} of {what}");
    }
    assert_eq!(answer.header("strict-transport-security"), None, "{what}: the authority is not public");
    assert_eq!(answer.header("server"), None, "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_headers() {
    let mesh = TestBox::start().await;
    let origin = format!("Origin: https://{}", mesh.host());
    let large = format!("Content-Length: {}", 64 * 1024 + 1);
    let json = "Content-Type: application/json";
    let requests: &[(u16, &str, &str, &[&str])] = &[
        (200, "GET", "/healthz", &[]),
        (200, "GET", "/ca.crt", &[]),
        (401, "GET", "/api/v1/session", &[]),
        (404, "GET", "/api/v1/nothing", &[]),
        (404, "GET", "/api", &[]),
        (404, "GET", "/assets/nothing.js", &[]),
        (405, "PATCH", "/api/v1/ws", &[&origin]),
        (405, "POST", "/", &[&origin]),
        (403, "POST", "/api/v1/session", &[]),
        (413, "POST", "/api/v1/session", &[&origin, json, &large]),
        (415, "POST", "/api/v1/session", &[&origin, json, "Content-Encoding: gzip", "Content-Length: 0"]),
    ];
    for (status, method, target, lines) in requests {
        let answer = mesh.ask_own(method, target, lines).await;
        assert_eq!(answer.status, *status, "{method} {target}: {}", answer.text());
        assert_headers(&answer, target);
        if target.starts_with("/api/") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}");
        }
    }
    let misdirected = mesh.ask("GET", "/", &["Host: evil.example"]).await;
    assert_eq!(misdirected.status, 421);
    assert_headers(&misdirected, "a misdirected request");
    assert_headers(&mesh.ask_own("GET", "/", &["Accept: text/html"]).await, "the start page");
}

#[tokio::test]
async fn a_header_is_as_large_as_it_may_be_and_no_larger() {
    let mesh = TestBox::start().await;
    let long = |bytes: usize| format!("X-Long: {}", "x".repeat(bytes));
    assert_eq!(mesh.ask_own("GET", "/healthz", &[&long(15 * 1024)]).await.status, 200);
    assert_eq!(mesh.ask_own("GET", "/healthz", &[&long(17 * 1024)]).await.status, 431);
    let many: Vec<String> = (0..64).map(|field| format!("X-{field}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    // Host and Connection count, too.
    assert_eq!(mesh.ask_own("GET", "/healthz", &many[..62]).await.status, 200);
    assert_eq!(mesh.ask_own("GET", "/healthz", &many[..63]).await.status, 431);
}

#[tokio::test]
async fn health_says_version_and_storage() {
    let mesh = TestBox::start().await;
    let health: serde_json::Value =
        serde_json::from_slice(&mesh.ask_own("GET", "/healthz", &[]).await.body).unwrap();
    assert_eq!(health["ok"], true);
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["storage"], "ok");
}
