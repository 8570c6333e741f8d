//! The one spelling of a capability: JWS compact (RFC 7515), EdDSA over Ed25519 (RFC 8037), made and read by
//! jsonwebtoken on ring, with everything around it stricter than a library may be.

use std::sync::Once;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use mesh_protocol::capability::{self, Claims, THUMBPRINT_CHARS};
use mesh_protocol::limit;

use super::key::{PublicKey, SigningKey, from_base64url};

/// Why a text is not a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum JwsError {
    /// Longer than [`limit::CAPABILITY_BYTES`].
    #[error("longer than a capability may be")]
    TooLong,
    /// Not three parts in base64url.
    #[error("not three parts in base64url")]
    Shape,
    /// The header is not the one spelling.
    #[error("another header than that of a capability")]
    Header,
    /// Signed by a key that is not known.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The claims are not the one spelling.
    #[error("claims that are none, or are spelled otherwise")]
    Claims,
    /// It could not be made.
    #[error("it could not be signed")]
    Signing,
}

/// Signs claims.
pub(super) fn encode(claims: &Claims, key: &SigningKey) -> Result<String, JwsError> {
    install();
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(capability::TYPE.to_owned());
    header.kid = Some(key.public().thumbprint());
    let text = jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(key.seed()));
    let text = text.map_err(|_| JwsError::Signing)?;
    if text.len() > limit::CAPABILITY_BYTES { Err(JwsError::TooLong) } else { Ok(text) }
}

/// Reads claims that one of the keys signed. `key` finds a key by its name.
pub(super) fn decode(text: &str, key: impl FnOnce(&str) -> Option<PublicKey>) -> Result<Claims, JwsError> {
    install();
    if text.len() > limit::CAPABILITY_BYTES {
        return Err(JwsError::TooLong);
    }
    let mut parts = text.split('.').map(from_base64url);
    let (Some(Some(header)), Some(Some(payload)), Some(Some(_)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(JwsError::Shape);
    };
    let public = key(kid(&header)?).ok_or(JwsError::UnknownKey)?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    // What the claims mean is checked by the verifier, with the issuer's clock; here is only their spelling.
    validation.leeway = 0;
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded =
        jsonwebtoken::decode::<Claims>(text, &DecodingKey::from_ed_der(public.bytes()), &validation);
    let claims = decoded.map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => JwsError::Signature,
        _ => JwsError::Claims,
    })?;
    match serde_json::to_vec(&claims.claims) {
        Ok(spelled) if spelled == payload => Ok(claims.claims),
        _ => Err(JwsError::Claims),
    }
}

/// The name of the key in a header that is spelled as it has to be.
fn kid(header: &[u8]) -> Result<&str, JwsError> {
    let kid = std::str::from_utf8(header).ok().and_then(|text| text.strip_suffix("\"}"));
    let kid = kid.and_then(|text| text.rsplit_once('"')).map(|(_, kid)| kid).ok_or(JwsError::Header)?;
    let is_exact = capability::is_base64url(kid, THUMBPRINT_CHARS);
    if is_exact && capability::header(kid).as_bytes() == header { Ok(kid) } else { Err(JwsError::Header) }
}

/// jsonwebtoken takes its cryptography from one place in the process; this one knows Ed25519 and nothing else.
fn install() {
    static INSTALLED: Once = Once::new();
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: signer,
        verifier_factory: verifier,
        key_utils: KeyUtils::new_unimplemented(),
    };
    // An error says that there is one already, which only a second copy of this code could have installed.
    INSTALLED.call_once(|| {
        let _ = PROVIDER.install_default();
    });
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    let seed = key.as_bytes().try_into().map_err(|_| ErrorKind::InvalidKeyFormat)?;
    match algorithm {
        Algorithm::EdDSA => {
            let key = SigningKey::from_seed(seed).map_err(|_| ErrorKind::InvalidKeyFormat)?;
            Ok(Box::new(Ed25519Signer(key)))
        }
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let bytes = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidKeyFormat)?;
    match algorithm {
        Algorithm::EdDSA => {
            let key = PublicKey::new(bytes).map_err(|_| ErrorKind::InvalidKeyFormat)?;
            Ok(Box::new(Ed25519Verifier(key)))
        }
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    }
}

struct Ed25519Signer(SigningKey);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign_bytes(message))
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(PublicKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        if self.0.has_signed_bytes(message, signature) { Ok(()) } else { Err(SignatureError::new()) }
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
