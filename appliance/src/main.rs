//! The appliance binary.
fn main() {}
