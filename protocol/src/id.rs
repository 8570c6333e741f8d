//! Identities: random 64-bit numbers that travel as 13 characters of Crockford base 32, lower case.
//!
//! Binary formats hold the number itself. They are names, not secrets: knowing one grants nothing. The text form is canonical (one spelling per
//! number), so it can be compared and used in addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Crockford's alphabet (no i, l, o, u), lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of an identity on the wire: 13 × 5 = 65 bits, the first character is `0` to `f`.
pub const ID_CHARS: usize = 13;

/// The text is not the canonical form of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identity: 13 characters of 0-9 a-z without i, l, o, u expected")]
pub struct ParseIdError;

fn encode(value: u64) -> String {
    (0..ID_CHARS)
        .rev()
        .map(|place| {
            let digit = (value >> (5 * place)) & 0x1f;
            char::from(ALPHABET[digit as usize])
        })
        .collect()
}

fn decode(text: &str) -> Result<u64, ParseIdError> {
    if text.len() != ID_CHARS {
        return Err(ParseIdError);
    }
    let mut value: u64 = 0;
    for (place, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&c| c == byte).ok_or(ParseIdError)? as u64;
        if place == 0 && digit > 0x0f {
            return Err(ParseIdError);
        }
        value = (value << 5) | digit;
    }
    Ok(value)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
        #[cfg_attr(feature = "schema", ts(type = "string"), schema(value_type = String))]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                decode(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_u64(self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    return u64::deserialize(deserializer).map(Self);
                }
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// A room, direct messages included.
    RoomId
);
id!(
    /// A signed-in browser profile: what a person lists and revokes under "sessions".
    SessionId
);
id!(
    /// An invite or a one-time sign-in link, as listed and revoked; not the secret in the link.
    InviteId
);

id!(
    /// Something enrolled with its own key: a browser profile or an agent.
    DeviceId
);

id!(
    /// One call in a room, from the first who joins to the last who leaves.
    CallId
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_values_have_known_spellings() {
        assert_eq!(UserId(0).to_string(), "0000000000000");
        assert_eq!(UserId(1).to_string(), "0000000000001");
        assert_eq!(UserId(u64::MAX).to_string(), "fzzzzzzzzzzzz");
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in
            ["", "1", "000000000000I", "000000000000i", "g000000000000", "00000000000001", "00000000000é"]
        {
            assert_eq!(text.parse::<UserId>(), Err(ParseIdError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_the_round_trip(value: u64) {
            prop_assert_eq!(UserId(value).to_string().parse(), Ok(UserId(value)));
        }

        #[test]
        fn accepted_text_is_canonical(text in "[0-9a-z]{13}") {
            if let Ok(id) = text.parse::<RoomId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
