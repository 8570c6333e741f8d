//! The command `mesh`.
fn main() {}
