//! What the box sends, as agents decode it: never panics, and survives the round trip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_protocol::codec;

fuzz_target!(|text: &str| {
    if let Ok(message) = codec::decode_server(text) {
        assert_eq!(codec::decode_server(&codec::encode_server(&message)), Ok(message));
    }
});
