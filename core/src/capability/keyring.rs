//! The keys that may sign capabilities, as a device has pinned them: the appliance's identity, and the newest
//! set of token keys that the identity has signed.

use mesh_protocol::capability::{Keyset, Purpose};
use mesh_protocol::limit;
use serde::{Deserialize, Serialize};

use super::key::{PublicKey, SigningKey, base64url, from_base64url};

/// A keyset as it travels: the exact text that was signed, and the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedKeyset {
    /// [`Keyset`] as JSON.
    pub keyset: String,
    /// By the identity key, base64url.
    pub signature: String,
}

impl SignedKeyset {
    /// Signs the keyset of `keys` with the appliance's `identity`.
    pub fn new(identity: &SigningKey, epoch: u64, keys: &[PublicKey]) -> Self {
        let keys = keys.iter().map(|key| base64url(key.bytes())).collect();
        let keyset = Keyset { iss: identity.public().thumbprint(), epoch, keys };
        // Text and a number always serialise.
        let keyset = serde_json::to_string(&keyset).unwrap_or_default();
        let signature = base64url(&identity.sign(Purpose::Keyset, keyset.as_bytes()));
        Self { keyset, signature }
    }
}

/// Why a keyset is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum KeyringError {
    /// Not signed by the pinned identity.
    #[error("not signed by the appliance that was pinned")]
    Signature,
    /// Not a keyset, or one with too many or with unusable keys.
    #[error("not a keyset")]
    Malformed,
    /// Older than one that was seen.
    #[error("older than the keyset that is known")]
    Rollback,
}

/// What a device has pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyring {
    identity: PublicKey,
    issuer: String,
    epoch: u64,
    /// By name.
    keys: Vec<(String, PublicKey)>,
}

impl Keyring {
    /// Pins an appliance; `epoch` is the newest ever seen of it, 0 at first. No capability holds before a keyset
    /// was taken.
    pub fn new(identity: PublicKey, epoch: u64) -> Self {
        Self { identity, issuer: identity.thumbprint(), epoch, keys: Vec::new() }
    }

    /// The appliance: thumbprint of its identity key.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The newest epoch seen.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Takes a keyset that is not older than the known one. Epoch 0 is none.
    ///
    /// # Errors
    /// The reason when it is not taken; the known one stays.
    pub fn take(&mut self, signed: &SignedKeyset) -> Result<(), KeyringError> {
        let signature = from_base64url(&signed.signature).ok_or(KeyringError::Signature)?;
        if !self.identity.has_signed(Purpose::Keyset, signed.keyset.as_bytes(), &signature) {
            return Err(KeyringError::Signature);
        }
        let keyset: Keyset = serde_json::from_str(&signed.keyset).map_err(|_| KeyringError::Malformed)?;
        let keys: Result<Vec<_>, _> = keyset.keys.iter().map(|key| PublicKey::parse(key)).collect();
        let keys = keys.map_err(|_| KeyringError::Malformed)?;
        if keyset.iss != self.issuer || keys.len() > limit::TOKEN_KEYS {
            return Err(KeyringError::Malformed);
        }
        if keyset.epoch < self.epoch.max(1) {
            return Err(KeyringError::Rollback);
        }
        self.epoch = keyset.epoch;
        self.keys = keys.into_iter().map(|key| (key.thumbprint(), key)).collect();
        Ok(())
    }

    pub(super) fn key(&self, kid: &str) -> Option<PublicKey> {
        self.keys.iter().find(|(name, _)| name == kid).map(|(_, key)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed([seed; 32]).unwrap()
    }

    #[test]
    fn a_newer_keyset_replaces_and_an_older_one_is_refused() {
        let identity = key(1);
        let mut ring = Keyring::new(identity.public(), 0);
        let old = SignedKeyset::new(&identity, 1, &[key(2).public()]);
        let new = SignedKeyset::new(&identity, 2, &[key(3).public(), key(2).public()]);
        assert_eq!(ring.take(&old), Ok(()));
        assert_eq!(ring.take(&new), Ok(()));
        assert_eq!(ring.take(&old), Err(KeyringError::Rollback));
        assert_eq!(ring.key(&key(3).public().thumbprint()), Some(key(3).public()));
        // The switch for a lost appliance: a higher epoch without keys.
        assert_eq!(ring.take(&SignedKeyset::new(&identity, 3, &[])), Ok(()));
        assert_eq!(ring.key(&key(3).public().thumbprint()), None);
        assert_eq!(ring.take(&new), Err(KeyringError::Rollback));
        assert_eq!(ring.epoch(), 3);
        // What was seen before a restart still counts.
        assert_eq!(Keyring::new(identity.public(), 3).take(&new), Err(KeyringError::Rollback));
    }

    #[test]
    fn a_keyset_of_another_identity_or_with_more_keys_is_refused() {
        let (identity, other) = (key(1), key(9));
        let mut ring = Keyring::new(identity.public(), 0);
        let foreign = SignedKeyset::new(&other, 1, &[key(2).public()]);
        assert_eq!(ring.take(&foreign), Err(KeyringError::Signature));
        let keys: Vec<_> = (2..6).map(|seed| key(seed).public()).collect();
        assert_eq!(ring.take(&SignedKeyset::new(&identity, 1, &keys)), Err(KeyringError::Malformed));
        assert_eq!(ring.take(&SignedKeyset::new(&identity, 0, &[])), Err(KeyringError::Rollback));
        let mut swapped = SignedKeyset::new(&identity, 1, &[key(2).public()]);
        swapped.keyset = swapped.keyset.replace("\"epoch\":1", "\"epoch\":7");
        assert_eq!(ring.take(&swapped), Err(KeyringError::Signature));
        assert_eq!(ring.epoch(), 0);
    }
}
