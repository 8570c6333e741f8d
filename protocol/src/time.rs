//! Positions and instants as they travel: whole numbers that JavaScript can hold exactly.

use serde::{Deserialize, Deserializer, Serialize};

/// The largest whole number a JavaScript `number` holds exactly, 2^53 - 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

fn safe_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if value > MAX_SAFE_INTEGER {
        return Err(serde::de::Error::custom("number above 2^53 - 1"));
    }
    Ok(value)
}

/// Milliseconds since the Unix epoch, by the appliance's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(type = "number"), schema(value_type = u64))]
pub struct UnixMillis(#[serde(deserialize_with = "safe_integer")] pub u64);

/// Position of a room event in its room's history: dense, from 1. Zero means "before the first".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(type = "number"), schema(value_type = u64))]
pub struct Seq(#[serde(deserialize_with = "safe_integer")] pub u64);

impl Seq {
    /// The position before the first event.
    pub const ZERO: Seq = Seq(0);

    /// The position that follows this one.
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_javascript_cannot_hold_are_refused() {
        assert_eq!(serde_json::from_str::<Seq>("9007199254740991").ok(), Some(Seq(MAX_SAFE_INTEGER)));
        for text in ["9007199254740992", "-1", "1.5", "\"1\"", "1e3"] {
            assert!(serde_json::from_str::<Seq>(text).is_err(), "{text}");
            assert!(serde_json::from_str::<UnixMillis>(text).is_err(), "{text}");
        }
    }
}
