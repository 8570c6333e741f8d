//! Datagrams on the STUN port: an answer never panics, is a well-formed STUN message for the same transaction, and is
//! hardly larger than what asked for it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_appliance::stun;

fuzz_target!(|datagram: &[u8]| {
    let from = "[2001:db8::1]:40000".parse().expect("an address");
    if let Some(answer) = stun::answer(datagram, from) {
        assert!(datagram.len() >= 20 && answer.len() >= 20);
        assert_eq!(answer[4..20], datagram[4..20]);
        assert_eq!(usize::from(u16::from_be_bytes([answer[2], answer[3]])), answer.len() - 20);
        assert!(answer.len() <= datagram.len() + 48, "{} for {}", answer.len(), datagram.len());
        assert_eq!(stun::answer(&answer, from), None, "an answer is never answered");
    }
});
