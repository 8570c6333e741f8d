//! Configuration files: a mistake is an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesh_appliance::config::Config;

fuzz_target!(|text: &str| {
    let _ = Config::parse(text);
});
