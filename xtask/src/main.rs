//! Generates and tidies.
fn main() {}
