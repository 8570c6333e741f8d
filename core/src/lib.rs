//! What Mesh decides.
