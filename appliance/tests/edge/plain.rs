//! The plain port: one page that asks for nothing, the authority's certificate, and the way to the secure address.

use super::support::TestBox;

#[tokio::test]
async fn the_page_shows_the_address_and_the_fingerprint_in_the_readers_language() {
    let mesh = TestBox::start().await;
    let fingerprint = mesh.appliance.certificates().fingerprint();
    let address = format!("https://box.example:{}/", mesh.appliance.address().port());
    for (language, word) in
        [("en", "Continue on"), ("fr-CA,fr;q=0.9,en;q=0.5", "Continuez"), ("de", "Continue on")]
    {
        let accept = format!("Accept-Language: {language}");
        let answer = mesh.ask_plainly("GET", "/", &["Host: box.example:8080", &accept]).await;
        let page = answer.text();
        assert_eq!(answer.status, 200);
        assert!(page.contains(&fingerprint) && page.contains(&format!("href=\"{address}\"")), "{page}");
        assert!(page.contains(word), "{language}: {page}");
        for asking in ["<form", "<input", "<script", "<iframe", "style="] {
            assert!(!page.contains(asking), "{asking}");
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("set-cookie"), None);
    }
    let style = mesh.ask_plainly("GET", "/plain.css", &["Host: localhost"]).await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
}

#[tokio::test]
async fn the_authority_can_be_downloaded_and_its_key_can_not() {
    let mesh = TestBox::start().await;
    let answer = mesh.ask_plainly("GET", "/ca.crt", &["Host: localhost"]).await;
    assert_eq!(answer.header("content-type"), Some("application/x-x509-ca-cert"));
    assert_eq!(answer.text(), mesh.appliance.certificates().authority_pem().unwrap());
    assert_eq!(answer.text().matches("-----BEGIN").count(), 1, "the certificate and nothing else");
    let file = std::fs::read_to_string(mesh.folder.path().join("data/tls/ca.pem")).unwrap();
    assert_eq!(file, answer.text());
    // What it shows is what the file is.
    let (_, pem) = x509_parser::pem::parse_x509_pem(&answer.body).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &pem.contents);
    let shown: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(mesh.appliance.certificates().fingerprint(), shown.join(":"));
}

#[tokio::test]
async fn everything_else_is_sent_to_the_secure_address() {
    let mesh = TestBox::start().await;
    let port = mesh.appliance.address().port();
    for (method, host, name) in [
        ("GET", "localhost:8080", "localhost"),
        ("POST", "box.example", "box.example"),
        ("GET", "[::1]:8080", "[::1]"),
        ("GET", "127.0.0.1", "127.0.0.1"),
    ] {
        let answer = mesh.ask_plainly(method, "/rooms/a?b=c", &[&format!("Host: {host}")]).await;
        assert_eq!(answer.status, 308, "{host}");
        let location = format!("https://{name}:{port}/rooms/a?b=c");
        assert_eq!(answer.header("location"), Some(location.as_str()));
    }
    let own = ["Host: localhost"];
    let trick = mesh.ask_plainly("GET", "//evil.example/", &own).await;
    let location = trick.header("location").unwrap_or_default();
    assert!(location.starts_with(&format!("https://localhost:{port}/")), "{location}");
    for hosts in
        [&["Host: evil.example"][..], &["Host: localhost", "Host: localhost"], &["Host: @localhost"], &[]]
    {
        for target in ["/", "/rooms"] {
            assert_eq!(mesh.ask_plainly("GET", target, hosts).await.status, 421, "{hosts:?}");
        }
    }
}

#[tokio::test]
async fn the_api_is_not_there() {
    let mesh = TestBox::start().await;
    for target in ["/api/v1/session", "/healthz", "/api/v1/ws"] {
        let answer = mesh.ask_plainly("GET", target, &["Host: localhost"]).await;
        assert_eq!(answer.status, 308, "{target}");
        assert!(answer.body.is_empty());
    }
}
