//! The `Host` and `Origin` tables over the wire; the decisions themselves are tested where they are made.

use super::support::{Answer, TestBox};

fn code(answer: &Answer) -> String {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    body["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_name_of_the_box_is_answered() {
    let mesh = TestBox::start().await;
    let port = mesh.appliance.address().port();
    for name in ["localhost", "127.0.0.1", "[::1]", "box.example", "BOX.example"] {
        let answer = mesh.ask("GET", "/healthz", &[&format!("Host: {name}:{port}")]).await;
        assert_eq!(answer.status, 200, "{name}");
    }
    let absolute = format!("https://localhost:{port}/healthz");
    assert_eq!(mesh.ask_own("GET", &absolute, &[]).await.status, 200, "the absolute form is allowed");
}

#[tokio::test]
async fn every_other_host_is_misdirected() {
    let mesh = TestBox::start().await;
    let port = mesh.appliance.address().port();
    let own = format!("Host: localhost:{port}");
    let one = |host: String| vec![format!("Host: {host}")];
    let mut requests: Vec<(String, Vec<String>)> = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "localhost".to_owned(),
        "localhost:1".to_owned(),
        format!("localhost.:{port}"),
        format!("localhost:{port}:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:0{port}x"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("[0:0:0:0:0:0:0:1]:{port}"),
        format!("::1:{port}"),
        format!("localhost,evil.example:{port}"),
        String::new(),
    ]
    .into_iter()
    .map(|host| ("/healthz".to_owned(), one(host)))
    .collect();
    requests.push(("/healthz".to_owned(), vec![]));
    requests.push(("/healthz".to_owned(), vec![own.clone(), own.clone()]));
    requests.push(("/healthz".to_owned(), vec![own.clone(), "Host: evil.example".to_owned()]));
    requests.push((format!("https://evil.example:{port}/healthz"), vec![own.clone()]));
    requests.push((format!("http://evil.example:{port}/healthz"), vec![own]));
    for (target, lines) in requests {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let answer = mesh.ask("GET", &target, &lines).await;
        assert_eq!(answer.status, 421, "{target} {lines:?}");
        assert_eq!(code(&answer), "host_unknown");
    }
}

#[tokio::test]
async fn changes_and_sockets_from_elsewhere_are_refused() {
    let mesh = TestBox::start().await;
    let own = mesh.host();
    let port = mesh.appliance.address().port();
    let origins = [
        None,
        Some("null".to_owned()),
        Some(format!("http://{own}")),
        Some("https://localhost".to_owned()),
        Some(format!("https://localhost:{}", port ^ 1)),
        Some(format!("https://evil.example:{port}")),
        Some(format!("https://localhost.evil.example:{port}")),
        Some(format!("https://evillocalhost:{port}")),
        Some(format!("https://{own}/")),
        Some(format!("https://user@{own}")),
        Some(format!("https://box.example:{port}")),
    ];
    let upgrade = [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    for origin in origins {
        let origin = origin.map(|origin| format!("Origin: {origin}"));
        let lines: Vec<&str> = origin.as_deref().into_iter().collect();
        for (method, target) in [
            ("POST", "/api/v1/claim"),
            ("PUT", "/api/v1/account"),
            ("PATCH", "/api/v1/account"),
            ("DELETE", "/api/v1/session"),
        ] {
            let answer = mesh.ask_own(method, target, &lines).await;
            assert_eq!(
                (answer.status, code(&answer).as_str()),
                (403, "origin_foreign"),
                "{method} {lines:?}"
            );
        }
        let socket: Vec<&str> = lines.iter().chain(&upgrade).copied().collect();
        assert_eq!(mesh.ask_own("GET", "/api/v1/ws", &socket).await.status, 403, "{lines:?}");
    }
    let good = format!("Origin: https://{own}");
    let answer = mesh.ask_own("POST", "/api/v1/session", &[&good, "Content-Length: 0"]).await;
    assert_ne!(code(&answer), "origin_foreign", "the box's own page is let through");
    let foreign = [good.as_str(), "Sec-Fetch-Site: cross-site", "Content-Length: 0"];
    assert_eq!(mesh.ask_own("POST", "/api/v1/session", &foreign).await.status, 403);
    let neighbour = mesh.ask_own("GET", "/api/v1/session", &["Sec-Fetch-Site: same-site"]).await;
    assert_eq!(code(&neighbour), "origin_foreign", "another port of the same host reads nothing");
}
