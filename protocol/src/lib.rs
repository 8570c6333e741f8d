//! What Mesh says.
