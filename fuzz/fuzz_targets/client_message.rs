//! What a client sends: decoding never panics, and what it accepts is accepted again, unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_protocol::codec;

fuzz_target!(|text: &str| {
    if let Ok(message) = codec::decode_client(text) {
        assert_eq!(codec::decode_client(&codec::encode_client(&message)), Ok(message));
    }
});
