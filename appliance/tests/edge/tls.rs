//! TLS 1.3 and HTTP/1.1 and nothing else, with a certificate that a client who trusts the authority accepts.

use rustls::pki_types::ServerName;
use tokio::io::AsyncWriteExt;

use super::support::{Edge, answer, ask_hello, connector, read_to_end, secure};

fn authority(edge: &Edge) -> String {
    edge.certificates.as_ref().unwrap().authority_pem().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_trusts_the_authority_trusts_each_name_of_the_box() {
    let edge = Edge::secure().await;
    let authority = authority(&edge);
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut stream = secure(edge.address, &authority, name).await.unwrap();
        assert_eq!(ask_hello(&mut stream).await.status, 200, "{name}");
    }
    assert!(secure(edge.address, &authority, "evil.example").await.is_err());
    let other = Edge::secure().await;
    assert!(secure(other.address, &authority, "localhost").await.is_err(), "another box's authority");
}

#[tokio::test]
async fn http_2_is_not_offered() {
    let edge = Edge::secure().await;
    let authority = authority(&edge);
    let dial = async |protocols: &[&[u8]]| {
        let name = ServerName::try_from("localhost").unwrap();
        connector(&authority, protocols).connect(name, edge.dial().await).await
    };
    let both = dial(&[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(both.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let refused = dial(&[b"h2"]).await.unwrap_err();
    assert!(refused.to_string().contains("NoApplicationProtocol"), "{refused}");
}

#[tokio::test]
async fn tls_1_2_is_refused_with_the_alert_that_says_so() {
    let edge = Edge::secure().await;
    let mut stream = edge.dial().await;
    stream.write_all(&hello_of_tls_1_2()).await.unwrap();
    let bytes = read_to_end(&mut stream).await;
    // RFC 8446 section 6: an alert record, fatal, protocol_version.
    assert_eq!((bytes[0], &bytes[5..7]), (21, &[2, 70][..]), "{bytes:?}");
}

/// A ClientHello as a client of 2015 sends it (RFC 5246 section 7.4.1.2).
fn hello_of_tls_1_2() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    // No session; ECDHE-ECDSA and ECDHE-RSA with AES-128-GCM; no compression.
    body.extend([0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0]);
    // Groups x25519 and secp256r1, ECDSA with SHA-256.
    let extensions = [0, 10, 0, 6, 0, 4, 0, 29, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3];
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    record
}

#[tokio::test]
async fn plain_http_on_the_secure_port_is_told_where_to_go() {
    let edge = Edge::secure().await;
    let mut stream = edge.dial().await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let answer = answer(&read_to_end(&mut stream).await);
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("https://"), "{}", answer.text());
    assert_eq!(answer.header("content-length").unwrap(), answer.body.len().to_string());
}

#[tokio::test]
async fn noise_on_the_secure_port_is_closed() {
    let edge = Edge::secure().await;
    for noise in [&[0_u8; 64][..], &[22, 3, 1, 255, 255, 1, 2, 3], &[21; 7], b"\r\n\r\n\r\n\r\n"] {
        let mut stream = edge.dial().await;
        stream.write_all(noise).await.unwrap();
        read_to_end(&mut stream).await;
    }
    assert!(secure(edge.address, &authority(&edge), "localhost").await.is_ok());
}
