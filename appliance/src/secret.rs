//! Randomness and secrets: drawn from the system, compared in constant time, stored only as hashes.

use base64::Engine as _;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// The system gave no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct RandomError;

fn random<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| RandomError)?;
    Ok(bytes)
}

/// A fresh identity.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_id() -> Result<u64, RandomError> {
    random().map(u64::from_le_bytes)
}

/// What a key grows from.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_seed() -> Result<[u8; 32], RandomError> {
    random()
}

/// The name of a capability: 128 random bits.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_name() -> Result<[u8; 16], RandomError> {
    random()
}

/// A fresh salt for a password.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_salt() -> Result<[u8; 16], RandomError> {
    random()
}

/// The alphabet of codes that people type: Crockford's, upper case.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A fresh claim code of [`mesh_protocol::limit::CLAIM_CODE_CHARS`] characters.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_code() -> Result<String, RandomError> {
    let bytes: [u8; mesh_protocol::limit::CLAIM_CODE_CHARS] = random()?;
    Ok(bytes.iter().map(|byte| char::from(CODE_ALPHABET[usize::from(byte % 32)])).collect())
}

/// A code as typed, in its one spelling: upper case, without dashes and spaces, `O` as zero, `I` and `L` as one.
pub fn normalize_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// Characters of a [`Token`].
pub const TOKEN_CHARS: usize = 64;

/// A 256-bit secret that a cookie or a link carries. Its `Debug` shows nothing.
pub struct Token(Zeroizing<String>);

impl Token {
    /// A fresh one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn random() -> Result<Self, RandomError> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(random()?);
        // Room for all of it at once: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(TOKEN_CHARS));
        for byte in bytes.iter() {
            for digit in [byte >> 4, byte & 0x0f] {
                text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        Ok(Self(text))
    }

    /// Takes what a request carries; `None` for what can't be a token.
    pub fn from_text(text: &str) -> Option<Self> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_token = text.len() == TOKEN_CHARS && text.bytes().all(is_hex);
        is_token.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text to hand out, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored instead of it.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a TURN server that shares `secret` accepts of `username`: HMAC-SHA1 of it, in base64.
pub fn turn_credential(secret: &str, username: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, username.as_bytes()))
}

/// SHA-256 of a secret, as it is stored and looked up.
pub fn hash(secret: &str) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, secret.as_bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(digest.as_ref());
    hash
}

/// Whether two secrets are the same, in a time that does not depend on where they differ.
pub fn is_same(a: &str, b: &str) -> bool {
    // Hashes have one length, so not even that of the secret shows.
    is_same_hash(&hash(a), &hash(b))
}

/// Whether two hashes are the same, in a time that does not depend on where they differ.
pub fn is_same_hash(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.iter().zip(b).fold(0, |difference, (x, y)| std::hint::black_box(difference | (x ^ y))) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_the_way_people_type_them() {
        assert_eq!(normalize_code(" k7qd-92xm "), "K7QD92XM");
        assert_eq!(normalize_code("oOiIlL"), "001111");
        let code = random_code().unwrap();
        assert_eq!(normalize_code(&code.to_lowercase()), code);
        assert_eq!(code.len(), mesh_protocol::limit::CLAIM_CODE_CHARS);
    }

    #[test]
    fn a_token_is_never_shown_and_never_repeats() {
        let (a, b) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), 64);
        assert_eq!(a.hash(), hash(a.reveal()));
        assert_eq!(format!("{a:?}"), "Token(…)");
    }

    #[test]
    fn only_the_one_spelling_is_a_token() {
        let token = Token::random().unwrap();
        assert_eq!(Token::from_text(token.reveal()).unwrap().hash(), token.hash());
        let shorter = token.reveal().get(1..).unwrap();
        for text in ["", shorter, &format!("{}0", token.reveal()), &format!("{shorter}G"), &"é".repeat(32)] {
            assert!(Token::from_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn equal_means_equal() {
        assert!(is_same("abc", "abc"));
        assert!(!is_same("abc", "abd"));
        assert!(!is_same("abc", "ab"));
    }
}
