//! Host and origin headers: only the box's own authorities are ever allowed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_appliance::http::origin::AllowedHosts;

fuzz_target!(|text: &str| {
    let allowed = AllowedHosts::new(vec!["box.local".to_owned(), "::1".to_owned()], 8443);
    if allowed.allows(text) {
        let known = ["box.local:8443", "[::1]:8443"];
        let plain = text.to_ascii_lowercase();
        assert!(known.contains(&plain.as_str()) || plain.trim_start_matches("box.local:").trim_start_matches('0') == "8443" || plain.trim_start_matches("[::1]:").trim_start_matches('0') == "8443");
    }
});
