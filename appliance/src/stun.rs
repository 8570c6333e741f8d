//! STUN: tells a browser or an agent from which address its packets arrive, so that two of them can find a direct
//! path (RFC 8489, binding requests only). No authentication, no relay, nothing is remembered but how often a
//! source has asked.
//!
//! It answers on two neighbouring ports: whether both see the same mapping tells a device what kind of NAT it is
//! behind (RFC 4787 section 4.1).

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use mesh_core::throttle::Bucket;
use mesh_core::time::Monotonic;
use tokio::net::UdpSocket;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::listen::Source;

const COOKIE: [u8; 4] = 0x2112_a442_u32.to_be_bytes();
const HEADER: usize = 20;
/// The largest request that is read: that of a browser is 20 to 60 bytes.
const REQUEST: usize = 548;
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const FINGERPRINT: u16 = 0x8028;
/// What a request may carry that has to be understood: credentials, which nobody needs here (RFC 8489 section
/// 14: username, integrity, realm, nonce, userhash, password algorithms).
const UNDERSTOOD: [u16; 7] = [0x0006, 0x0008, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e];
/// Requests a second from one source, and at once after a quiet time.
const RATE: (u32, u32) = (20, 50);
/// Sources that are told apart; the rest share one allowance.
const SOURCES: usize = 1_024;
/// How often sources that are quiet are forgotten.
const FORGET: Duration = Duration::from_secs(30);

/// The answer to a datagram; `None` when it is no binding request.
pub fn answer(datagram: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
    let Request { transaction, unknown, has_fingerprint } = Request::read(datagram)?;
    let mut message =
        Message::new(if unknown.is_empty() { BINDING_SUCCESS } else { BINDING_ERROR }, transaction);
    if unknown.is_empty() {
        message.xor_mapped_address(from);
    } else {
        // Class 4, number 20 (RFC 8489 section 14.8).
        message.attribute(ERROR_CODE, &[&[0, 0, 4, 20], b"Unknown Attribute".as_slice()].concat());
        let types: Vec<u8> = unknown.into_iter().flat_map(u16::to_be_bytes).collect();
        message.attribute(UNKNOWN_ATTRIBUTES, &types);
    }
    Some(if has_fingerprint { message.with_fingerprint() } else { message.0 })
}

struct Request {
    transaction: [u8; 12],
    /// Attributes that would have to be understood and are not.
    unknown: Vec<u16>,
    has_fingerprint: bool,
}

impl Request {
    fn read(datagram: &[u8]) -> Option<Self> {
        let (header, mut rest) = datagram.split_at_checked(HEADER)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let is_request = u16::from_be_bytes([header[0], header[1]]) == BINDING_REQUEST;
        if !is_request || header[4..8] != COOKIE || length != rest.len() || length % 4 != 0 {
            return None;
        }
        let transaction = header[8..].try_into().ok()?;
        let mut request = Self { transaction, unknown: Vec::new(), has_fingerprint: false };
        while !rest.is_empty() {
            let (head, body) = rest.split_at_checked(4)?;
            let kind = u16::from_be_bytes([head[0], head[1]]);
            let size = usize::from(u16::from_be_bytes([head[2], head[3]]));
            let (value, _) = body.split_at_checked(size)?;
            let (_, after) = body.split_at_checked(size.next_multiple_of(4))?;
            if kind == FINGERPRINT {
                // The last one, over all before it (RFC 8489 section 14.7).
                let before = datagram.len() - rest.len();
                if !after.is_empty() || value != fingerprint(&datagram[..before]) {
                    return None;
                }
                request.has_fingerprint = true;
            } else if kind < 0x8000 && !UNDERSTOOD.contains(&kind) && !request.unknown.contains(&kind) {
                request.unknown.push(kind);
            }
            rest = after;
        }
        Some(request)
    }
}

fn fingerprint(bytes: &[u8]) -> [u8; 4] {
    (crc32fast::hash(bytes) ^ 0x5354_554e).to_be_bytes()
}

/// A message that is being written.
struct Message(Vec<u8>);

impl Message {
    fn new(kind: u16, transaction: [u8; 12]) -> Self {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 0]);
        bytes.extend(COOKIE);
        bytes.extend(transaction);
        Self(bytes)
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        let size = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.0.extend(kind.to_be_bytes());
        self.0.extend(size.to_be_bytes());
        self.0.extend(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self.set_length(self.0.len() - HEADER);
    }

    fn set_length(&mut self, length: usize) {
        let length = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        self.0[2..4].copy_from_slice(&length);
    }

    /// RFC 8489 section 14.2: so that no NAT that rewrites addresses in packets finds one.
    fn xor_mapped_address(&mut self, address: SocketAddr) {
        let mask: Vec<u8> = self.0[4..HEADER].to_vec();
        let (family, octets) = match address.ip().to_canonical() {
            IpAddr::V4(address) => (1, address.octets().to_vec()),
            IpAddr::V6(address) => (2, address.octets().to_vec()),
        };
        let port = address.port().to_be_bytes();
        let mut value = vec![0, family, port[0] ^ mask[0], port[1] ^ mask[1]];
        value.extend(octets.iter().zip(&mask).map(|(byte, mask)| byte ^ mask));
        self.attribute(XOR_MAPPED_ADDRESS, &value);
    }

    fn with_fingerprint(mut self) -> Vec<u8> {
        self.set_length(self.0.len() - HEADER + 8);
        let value = fingerprint(&self.0);
        self.attribute(FINGERPRINT, &value);
        self.0
    }
}

/// How often who may ask.
struct Allowance {
    of_source: HashMap<Source, Bucket>,
    rest: Bucket,
}

impl Allowance {
    fn new(now: Monotonic) -> Self {
        Self { of_source: HashMap::new(), rest: Bucket::new(RATE.0, RATE.1, now) }
    }

    fn allows(&mut self, source: Source, now: Monotonic) -> bool {
        let is_full = self.of_source.len() >= SOURCES && !self.of_source.contains_key(&source);
        let bucket = if is_full {
            &mut self.rest
        } else {
            self.of_source.entry(source).or_insert_with(|| Bucket::new(RATE.0, RATE.1, now))
        };
        bucket.take(now).is_ok()
    }
}

/// Binds the two ports: that of `address` and the one after it (any two for port 0).
///
/// # Errors
/// When one of them can't be had.
pub async fn bind(address: SocketAddr) -> std::io::Result<[UdpSocket; 2]> {
    let first = bind_one(address).await?;
    let port = if address.port() == 0 { 0 } else { address.port().wrapping_add(1) };
    let second = bind_one(SocketAddr::new(address.ip(), port)).await?;
    Ok([first, second])
}

async fn bind_one(address: SocketAddr) -> std::io::Result<UdpSocket> {
    match UdpSocket::bind(address).await {
        // A system without IPv6 is listened on with IPv4, as for TCP.
        Err(error) if address.ip() == IpAddr::from([0_u16; 8]) && crate::lacks_ipv6(&error) => {
            UdpSocket::bind(SocketAddr::from(([0, 0, 0, 0], address.port()))).await
        }
        bound => bound,
    }
}

/// Answers on one port until it is stopped.
pub async fn serve(socket: UdpSocket, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut allowance = Allowance::new(clock.now().mono);
    let mut forget = tokio::time::interval(FORGET);
    let mut buffer = [0; REQUEST];
    loop {
        let received = tokio::select! {
            received = socket.recv_from(&mut buffer) => received,
            _ = forget.tick() => {
                allowance = Allowance::new(clock.now().mono);
                continue;
            }
            // Also when nobody can say so any more.
            _ = stop.wait_for(|stop| *stop) => return,
        };
        // An error is that of an answer nobody took (ICMP); the socket goes on.
        let Ok((size, from)) = received else { continue };
        let Some(datagram) = buffer.get(..size) else { continue };
        if allowance.allows(Source::of(from.ip()), clock.now().mono)
            && let Some(answer) = answer(datagram, from)
        {
            let _ = socket.try_send_to(&answer, from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 5769 section 2.1: a request with username, integrity, ICE attributes and fingerprint.
    const REQUEST_2_1: &str = "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e\
        74002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781e\
        f2b5b2d3f249c1b571a280280004e57a3bcf";
    /// Section 2.2: the answer with 192.0.2.1:32853.
    const ANSWER_2_2: &str = "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001\
        a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
    /// Section 2.3: the answer with [2001:db8:1234:5678:11:2233:4455:6677]:32853.
    const ANSWER_2_3: &str = "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f722000200014\
        0002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";
    /// Section 2.4: a request with long-term credentials and no fingerprint.
    const REQUEST_2_4: &str = "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382af\
        e382b900000015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f7267\
        000008001 4f67024656dd64a3e02b8e0712e85c9a28ca89666";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> =
            hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    fn plain_request() -> Vec<u8> {
        bytes("000100002112a442b7e7a701bc34d686fa87dfae")
    }

    const FROM: &str = "192.0.2.1:32853";

    #[test]
    fn mapped_addresses_are_written_as_in_rfc_5769() {
        for (from, vector) in
            [(FROM, ANSWER_2_2), ("[2001:db8:1234:5678:11:2233:4455:6677]:32853", ANSWER_2_3)]
        {
            let vector = bytes(vector);
            let answer = answer(&plain_request(), from.parse().unwrap()).unwrap();
            let attribute = &answer[HEADER..];
            assert_eq!(answer[..2], vector[..2]);
            assert_eq!(answer[4..HEADER], vector[4..HEADER]);
            assert_eq!(usize::from(answer[3]), attribute.len());
            // After SOFTWARE, which takes 16 bytes in the vector.
            assert_eq!(attribute, &vector[HEADER + 16..HEADER + 16 + attribute.len()]);
        }
    }

    #[test]
    fn fingerprints_are_those_of_rfc_5769() {
        for vector in [REQUEST_2_1, ANSWER_2_2, ANSWER_2_3] {
            let vector = bytes(vector);
            let (before, attribute) = vector.split_at(vector.len() - 8);
            assert_eq!(attribute[..4], bytes("80280004"));
            assert_eq!(attribute[4..], fingerprint(before));
        }
    }

    #[test]
    fn what_has_to_be_understood_and_is_not_is_named() {
        // The request of section 2.1 carries PRIORITY, which belongs to checks between two ICE agents.
        let answer = answer(&bytes(REQUEST_2_1), FROM.parse().unwrap()).unwrap();
        assert_eq!(answer[..2], BINDING_ERROR.to_be_bytes());
        let text = answer.windows(17).any(|part| part == b"Unknown Attribute");
        assert!(text);
        let named = [UNKNOWN_ATTRIBUTES.to_be_bytes(), [0, 2], [0, 0x24], [0, 0]].concat();
        assert!(answer.windows(8).any(|part| part == named), "{answer:02x?}");
        let (before, last) = answer.split_at(answer.len() - 8);
        assert_eq!(last[4..], fingerprint(before), "asked with a fingerprint, answered with one");
    }

    #[test]
    fn credentials_are_not_needed_and_do_not_hurt() {
        let request = bytes(REQUEST_2_4);
        let answer = answer(&request, FROM.parse().unwrap()).unwrap();
        assert_eq!(answer[..2], BINDING_SUCCESS.to_be_bytes());
        assert_eq!(answer[8..HEADER], request[8..HEADER]);
    }

    #[test]
    fn what_is_no_request_gets_no_answer() {
        let from = FROM.parse().unwrap();
        let good = bytes(REQUEST_2_1);
        for length in 0..good.len() {
            assert_eq!(answer(&good[..length], from), None, "{length}");
        }
        // A wrong bit is found by the fingerprint, wherever it is but in the name of the fingerprint itself.
        for place in (0..good.len()).filter(|place| !(good.len() - 8..good.len() - 6).contains(place)) {
            let mut bent = good.clone();
            bent[place] ^= 0x01;
            assert_eq!(answer(&bent, from), None, "{place}");
        }
        for other in [ANSWER_2_2, ANSWER_2_3, "0011000021 12a442b7e7a701bc34d686fa87dfae"] {
            assert_eq!(answer(&bytes(other), from), None, "answers and indications are not answered");
        }
        let mut old = plain_request();
        old[4] = 0;
        assert_eq!(answer(&old, from), None, "RFC 3489 is not spoken");
    }

    #[test]
    fn an_answer_is_hardly_larger_than_its_request() {
        let plain = answer(&plain_request(), "[2001:db8::1]:1".parse().unwrap()).unwrap();
        assert!(plain.len() <= 44, "{}", plain.len());
        // The worst case: attributes without a value, each of another kind.
        let mut greedy = plain_request();
        for kind in 0x4000_u16..0x4000 + 130 {
            greedy.extend(kind.to_be_bytes());
            greedy.extend([0, 0]);
        }
        let length = u16::try_from(greedy.len() - HEADER).unwrap().to_be_bytes();
        greedy[2..4].copy_from_slice(&length);
        let answer = answer(&greedy, FROM.parse().unwrap()).unwrap();
        assert!(answer.len() < greedy.len(), "{} for {}", answer.len(), greedy.len());
    }

    #[test]
    fn a_mapped_ipv4_address_is_told_as_ipv4() {
        let answer = answer(&plain_request(), "[::ffff:192.0.2.1]:32853".parse().unwrap());
        assert_eq!(answer, super::answer(&plain_request(), FROM.parse().unwrap()));
    }

    #[test]
    fn one_source_can_not_use_up_what_others_have() {
        let mut allowance = Allowance::new(Monotonic(0));
        let source = |number: u32| Source::of(IpAddr::from(number.to_be_bytes()));
        let asked = (0..100).filter(|_| allowance.allows(source(1), Monotonic(0))).count();
        assert_eq!(asked, 50);
        assert!(allowance.allows(source(2), Monotonic(0)));
        assert!(allowance.allows(source(1), Monotonic(1_000)));
        // Beyond the table's size the rest shares one allowance, and those inside keep theirs.
        for number in 0..2_000 {
            allowance.allows(source(number), Monotonic(1_000));
        }
        assert!(allowance.of_source.len() <= SOURCES);
        assert!(!allowance.allows(source(9_999), Monotonic(1_000)));
        assert!(allowance.allows(source(3), Monotonic(1_000)));
    }

    #[tokio::test]
    async fn both_ports_answer_over_udp() {
        let sockets = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let client = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let expected = answer(&plain_request(), client.local_addr().unwrap()).unwrap();
        for socket in sockets {
            let to = socket.local_addr().unwrap();
            let served = tokio::spawn(serve(socket, Clock::system(), stopped.clone()));
            client.send_to(&plain_request(), to).await.unwrap();
            let mut buffer = [0; 100];
            let (size, from) = client.recv_from(&mut buffer).await.unwrap();
            assert_eq!((&buffer[..size], from), (expected.as_slice(), to));
            drop(served);
        }
        stop.send(true).unwrap();
    }
}
