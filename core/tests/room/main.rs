//! One room, step by step: each file is one promise of `mesh_core::room`.

mod chat;
mod failure;
mod membership;
mod reading;
mod support;
mod typing;
