//! The web client's files: as they are stored, once, and a page for every page address.
//!
//! They are built before the tests (`make test`); a build without them says what to do.

use std::io::Read;
use std::path::Path;

use super::support::{Answer, TestBox};

const PAGE: &[&str] = &["Accept: text/html", "Accept-Encoding: br"];

/// Whether there is a web client in this build.
fn is_built() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../webui/dist-br/index.html.br").exists()
}

/// The path of a script that the start page loads.
fn script(page: &str) -> String {
    let start = page.find("/assets/").expect("the page loads a script");
    let rest = &page[start..];
    rest[..rest.find('"').unwrap()].to_owned()
}

fn inflated(answer: &Answer) -> Vec<u8> {
    assert_eq!(answer.header("content-encoding"), Some("br"));
    let mut bytes = Vec::new();
    brotli_decompressor::Decompressor::new(answer.body.as_slice(), 4096).read_to_end(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn a_page_address_gets_the_start_page_or_a_sentence_that_says_how_to_build_it() {
    let mesh = TestBox::start().await;
    for target in ["/", "/rooms/1", "/welcome", "/settings/profile"] {
        let answer = mesh.ask_own("GET", target, PAGE).await;
        if is_built() {
            assert_eq!(answer.status, 200, "{target}");
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
            assert!(
                inflated(&answer).starts_with(b"<!doctype html>")
                    || inflated(&answer).starts_with(b"<!DOCTYPE")
            );
        } else {
            assert!(answer.status == 404 && answer.text().contains("make"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_file_is_the_same_with_and_without_brotli_and_is_sent_once() {
    let mesh = TestBox::start().await;
    if !is_built() {
        return assert_eq!(mesh.ask_own("GET", "/", PAGE).await.status, 404);
    }
    let page = mesh.ask_own("GET", "/", PAGE).await;
    let script = script(&String::from_utf8(inflated(&page)).unwrap());
    let small = mesh.ask_own("GET", &script, &["Accept-Encoding: gzip, br"]).await;
    let plain = mesh.ask_own("GET", &script, &[]).await;
    assert_eq!(inflated(&small), plain.body);
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(small.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(small.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(small.header("vary"), Some("Accept-Encoding"));
    let etag = format!("If-None-Match: {}", small.header("etag").unwrap());
    let again = mesh.ask_own("GET", &script, &["Accept-Encoding: br", &etag]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = mesh.ask_own("GET", &script, &["Accept-Encoding: br", "If-None-Match: \"other\""]).await;
    assert_eq!((other.status, other.body.len()), (200, small.body.len()));
    let head = mesh.ask_own("HEAD", &script, &["Accept-Encoding: br"]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), small.header("content-length"));
    let refused = mesh.ask_own("GET", &script, &["Accept-Encoding: br;q=0, gzip"]).await;
    assert_eq!(refused.header("content-encoding"), None, "it said that it does not take brotli");
}

#[tokio::test]
async fn what_is_no_page_gets_no_page() {
    let mesh = TestBox::start().await;
    for (target, lines) in [
        ("/assets/gone-123.js", PAGE),
        ("/favicon.nothing", &["Accept: image/*"][..]),
        ("/api/v2/rooms", PAGE),
        ("/../Cargo.toml", &[]),
        ("/%2e%2e/Cargo.toml", &[]),
        ("/assets/../../package.json", &[]),
        ("/..%2fpackage.json", &[]),
        ("//etc/passwd", &[]),
    ] {
        let answer = mesh.ask_own("GET", target, lines).await;
        assert_eq!(answer.status, 404, "{target}: {}", answer.text());
    }
}
