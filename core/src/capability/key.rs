//! Ed25519 keys (RFC 8032): of the appliance, of devices. Signatures say what they are for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mesh_protocol::capability::Purpose;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

/// Something is not a key, or not one that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 key")]
pub struct KeyError;

/// The order-8 points and what else has small order, without the sign bit. For such a key signatures exist that
/// fit any message ("Taming the many EdDSAs", Chalkias, Garillot, Nikolaenko 2020, table 6).
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    small(0x01),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    large(0xec),
    large(0xed),
    large(0xee),
];

const fn small(first: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = first;
    bytes
}

/// A number just around 2^255 - 19.
const fn large(first: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = first;
    bytes[31] = 0x7f;
    bytes
}

/// Bytes as text (RFC 4648 section 5, no padding).
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Text as bytes; only the one spelling without padding and with zero bits at the end.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A public key that is none of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key in 32 bytes.
    ///
    /// # Errors
    /// When the point has small order.
    pub fn new(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let mut unsigned = bytes;
        unsigned[31] &= 0x7f;
        if SMALL_ORDER.contains(&unsigned) { Err(KeyError) } else { Ok(Self(bytes)) }
    }

    /// The key in base64url, as JSON Web Keys write it (`x`, RFC 8037).
    ///
    /// # Errors
    /// When it is not the one spelling of 32 bytes, or the point has small order.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let bytes = from_base64url(text).ok_or(KeyError)?;
        Self::new(bytes.try_into().map_err(|_| KeyError)?)
    }

    /// Its 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 of its canonical JSON Web Key (RFC 7638, RFC 8037 section 2), in base64url.
    pub fn thumbprint(&self) -> String {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, base64url(&self.0));
        base64url(ring::digest::digest(&ring::digest::SHA256, jwk.as_bytes()).as_ref())
    }

    /// Whether `signature` is this key's over `message`, for `purpose`.
    pub fn has_signed(&self, purpose: Purpose, message: &[u8], signature: &[u8]) -> bool {
        self.has_signed_bytes(&input(purpose, message), signature)
    }

    pub(super) fn has_signed_bytes(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(bytes, signature).is_ok()
    }
}

/// A key that signs. It is not shown by `Debug` and is wiped when it goes.
pub struct SigningKey {
    seed: Zeroizing<[u8; 32]>,
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// The key that grows from 32 random bytes.
    ///
    /// # Errors
    /// For seeds whose key can't be used, which random ones never are.
    pub fn from_seed(seed: [u8; 32]) -> Result<Self, KeyError> {
        let seed = Zeroizing::new(seed);
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| KeyError)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError)?;
        Ok(Self { seed, pair, public: PublicKey::new(public)? })
    }

    /// What it grew from, to be kept.
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// Signs `message` for `purpose`.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> Vec<u8> {
        self.sign_bytes(&input(purpose, message))
    }

    /// Signs bytes as they are: for capabilities, whose header says what they are.
    pub fn sign_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_vec()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

fn input(purpose: Purpose, message: &[u8]) -> Vec<u8> {
    [purpose.text().as_bytes(), &[0], message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037 appendix A.1 to A.3.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    fn key() -> SigningKey {
        SigningKey::from_seed(from_base64url(SEED).unwrap().try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_key_of_rfc_8037_has_its_public_half_and_its_thumbprint() {
        assert_eq!(base64url(key().public().bytes()), X);
        assert_eq!(PublicKey::parse(X).unwrap().thumbprint(), THUMBPRINT);
        assert_eq!(base64url(key().seed()), SEED);
    }

    #[test]
    fn a_signature_fits_its_purpose_its_message_and_its_key_only() {
        let (key, other) = (key(), SigningKey::from_seed([7; 32]).unwrap());
        let signature = key.sign(Purpose::Device, b"m");
        assert!(key.public().has_signed(Purpose::Device, b"m", &signature));
        assert!(!key.public().has_signed(Purpose::Keyset, b"m", &signature));
        assert!(!key.public().has_signed(Purpose::Device, b"n", &signature));
        assert!(!other.public().has_signed(Purpose::Device, b"m", &signature));
        assert!(!key.public().has_signed(Purpose::Device, b"m", &signature[..63]));
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        for bytes in SMALL_ORDER {
            let mut signed = bytes;
            signed[31] |= 0x80;
            assert_eq!(PublicKey::new(bytes), Err(KeyError));
            assert_eq!(PublicKey::new(signed), Err(KeyError));
        }
    }

    #[test]
    fn a_key_has_one_spelling() {
        let padded = format!("{X}=");
        let other_bits = X.replace("URo", "URp");
        for text in ["", "AA", &X[1..], &padded, &other_bits, &X.replace('_', "/")] {
            assert_eq!(PublicKey::parse(text), Err(KeyError), "{text}");
        }
    }

    #[test]
    fn debug_output_has_no_seed() {
        let text = format!("{:?}", SigningKey::from_seed([0xab; 32]).unwrap());
        assert!(!text.contains("171, 171"), "{text}");
    }
}
