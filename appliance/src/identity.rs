//! The box as an issuer of capabilities: its identity key, which devices pin, and the keys that sign.
//!
//! They are in one file of the data folder that only the box's user can read. A token key signs for
//! [`KEY_LIFE_MS`]. Its successor signs at once, because devices hear of a keyset before of anything that it signs;
//! it stays in the keyset for [`OVERLAP_MS`], so that nothing issued before is refused.

use std::path::{Path, PathBuf};
use std::time::Duration;

use mesh_core::capability::{Issuer, KeyError, PublicKey, SignedKeyset, SigningKey, base64url};
use mesh_protocol::device;
use mesh_protocol::time::UnixMillis;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::clock::Clock;
use crate::file;
use crate::hub::{HubHandle, Signing};
use crate::secret::{self, RandomError};

/// The file in the data folder.
pub const FILE: &str = "identity.json";
/// How long a token key signs: 30 days.
pub const KEY_LIFE_MS: u64 = 30 * 24 * 3600 * 1000;
/// How long two token keys hold side by side: 10 minutes.
pub const OVERLAP_MS: u64 = 10 * 60 * 1000;

/// How often it is looked whether a key is due; the clock may have been set.
const LOOK: Duration = Duration::from_secs(60);

/// Why the box has no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file can't be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The file is not one.
    #[error(
        "{0} does not hold the box's keys; put back the file from a backup, or delete it to get new keys (every device then meets the box anew)"
    )]
    Malformed(PathBuf),
    /// A key can't be used.
    #[error("the box's keys can't be used: {0}")]
    Key(#[from] KeyError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// What the file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// 32 bytes each, in hexadecimal digits.
    identity: Seed,
    epoch: u64,
    /// The newest first; the first one signs.
    tokens: Vec<StoredToken>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredToken {
    seed: Seed,
    made_at: UnixMillis,
}

/// The secret that a key grows from; wiped when it goes.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Seed([u8; 32]);

impl Seed {
    fn random() -> Result<Self, RandomError> {
        secret::random_seed().map(Self)
    }

    fn key(&self) -> Result<SigningKey, KeyError> {
        SigningKey::from_seed(self.0)
    }
}

/// The box's keys, loaded.
pub struct Identity {
    path: PathBuf,
    stored: Stored,
    identity: SigningKey,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("epoch", &self.stored.epoch).finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads the keys of the box whose data is in `folder`, or makes them.
    ///
    /// # Errors
    /// When the file can't be used; nothing is overwritten then.
    pub fn load(folder: &Path, now: UnixMillis) -> Result<Self, IdentityError> {
        let path = folder.join(FILE);
        let stored = match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|_| IdentityError::Malformed(path.clone()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let first = StoredToken { seed: Seed::random()?, made_at: now };
                Stored { identity: Seed::random()?, epoch: 1, tokens: vec![first] }
            }
            Err(error) => return Err(IdentityError::File(path, error)),
        };
        let identity = stored.identity.key().map_err(|_| IdentityError::Malformed(path.clone()))?;
        if stored.tokens.is_empty() || stored.tokens.iter().any(|token| token.seed.key().is_err()) {
            return Err(IdentityError::Malformed(path));
        }
        let loaded = Self { path, stored, identity };
        loaded.save()?;
        Ok(loaded)
    }

    fn save(&self) -> Result<(), IdentityError> {
        // Numbers and byte strings always serialise.
        let text = zeroize::Zeroizing::new(serde_json::to_string(&self.stored).unwrap_or_default());
        file::write(&self.path, &text).map_err(|error| IdentityError::File(self.path.clone(), error))
    }

    /// When [`renew`](Self::renew) next has something to do.
    pub fn due(&self) -> UnixMillis {
        let newest = self.stored.tokens.first().map_or(0, |token| token.made_at.0);
        let after = if self.stored.tokens.len() > 1 { OVERLAP_MS } else { KEY_LIFE_MS };
        UnixMillis(newest.saturating_add(after))
    }

    /// Makes the next token key when the newest is old, and drops the one before when the overlap is over. Tells
    /// whether the keyset changed.
    ///
    /// # Errors
    /// When the change can't be written; the keys stay as they are.
    pub fn renew(&mut self, now: UnixMillis) -> Result<bool, IdentityError> {
        if now < self.due() {
            return Ok(false);
        }
        let mut tokens: Vec<StoredToken> = std::mem::take(&mut self.stored.tokens);
        let former = if tokens.len() > 1 {
            Some(tokens.split_off(1))
        } else {
            tokens.insert(0, StoredToken { seed: Seed::random()?, made_at: now });
            None
        };
        self.stored.tokens = tokens;
        self.stored.epoch += 1;
        if let Err(error) = self.save() {
            self.stored.epoch -= 1;
            match former {
                Some(former) => self.stored.tokens.extend(former),
                None => drop(self.stored.tokens.remove(0)),
            }
            return Err(error);
        }
        Ok(true)
    }

    /// What signs with the newest key, and what devices are told of it. `boot` is how often the box has started.
    ///
    /// # Errors
    /// Never for keys that were loaded.
    pub fn signing(&self, boot: u64) -> Result<Signing, IdentityError> {
        let newest = self.stored.tokens.first().ok_or(KeyError)?;
        let issuer = Issuer::new(self.identity.public().thumbprint(), newest.seed.key()?, boot);
        Ok(Signing { issuer, view: self.view(boot) })
    }

    /// Renews the keys when they are due and tells the hub; runs until it is aborted.
    pub(crate) async fn keep_fresh(mut self, boot: u64, hub: HubHandle, clock: Clock) {
        loop {
            tokio::time::sleep(LOOK).await;
            match self.renew(clock.wall()).and_then(|is_new| is_new.then(|| self.signing(boot)).transpose()) {
                Ok(Some(signing)) => hub.signing_changed(signing).await,
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the keys that sign capabilities could not be renewed"),
            }
        }
    }

    /// What devices are told of the issuer.
    fn view(&self, boot: u64) -> device::Issuer {
        let keys: Vec<PublicKey> = self
            .stored
            .tokens
            .iter()
            .filter_map(|token| token.seed.key().ok())
            .map(|key| key.public())
            .collect();
        let SignedKeyset { keyset, signature } = SignedKeyset::new(&self.identity, self.stored.epoch, &keys);
        device::Issuer { identity: base64url(self.identity.public().bytes()), keyset, signature, boot }
    }
}

#[cfg(test)]
mod tests {
    use mesh_core::capability::{Keyring, PublicKey};

    use super::*;

    fn ring(identity: &Identity) -> Keyring {
        let view = identity.view(1);
        let mut ring = Keyring::new(PublicKey::parse(&view.identity).unwrap(), 0);
        ring.take(&SignedKeyset { keyset: view.keyset, signature: view.signature }).unwrap();
        ring
    }

    #[test]
    fn the_keys_survive_a_restart_and_only_the_owner_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let first = Identity::load(folder.path(), UnixMillis(5)).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let second = Identity::load(folder.path(), UnixMillis(9)).unwrap();
        assert_eq!(first.view(1), second.view(1));
    }

    #[test]
    fn token_keys_are_renewed_with_an_overlap() {
        let folder = tempfile::tempdir().unwrap();
        let mut identity = Identity::load(folder.path(), UnixMillis(0)).unwrap();
        assert!(!identity.renew(UnixMillis(KEY_LIFE_MS - 1)).unwrap());
        let before = identity.view(1);
        assert!(identity.renew(UnixMillis(KEY_LIFE_MS)).unwrap());
        assert_eq!(ring(&identity).epoch(), 2);
        assert_ne!(identity.view(1).keyset, before.keyset);
        assert_eq!(identity.due(), UnixMillis(KEY_LIFE_MS + OVERLAP_MS));
        assert!(identity.renew(UnixMillis(KEY_LIFE_MS + OVERLAP_MS)).unwrap());
        assert_eq!(identity.due(), UnixMillis(2 * KEY_LIFE_MS));
        assert_eq!(ring(&identity).epoch(), 3);
        assert_eq!(identity.view(1).identity, before.identity);
    }

    #[test]
    fn a_file_that_holds_no_keys_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for text in ["", "{}", "{\"identity\":[1],\"epoch\":1,\"tokens\":[]}"] {
            std::fs::write(&path, text).unwrap();
            let error = Identity::load(folder.path(), UnixMillis(0)).unwrap_err();
            assert!(error.to_string().contains("backup"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn debug_output_has_no_keys() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::load(folder.path(), UnixMillis(0)).unwrap();
        assert_eq!(format!("{identity:?}"), "Identity { epoch: 1, .. }");
    }
}
