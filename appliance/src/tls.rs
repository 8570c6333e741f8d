//! How the box proves who it is: an own certificate by configuration, or a local authority and a leaf of its own.
//!
//! The local authority ([`authority`]) is made at the first start, may only speak for the box's names and private
//! addresses, and is what people install on their devices. The leaf lives 90 days and is replaced after two
//! thirds of that while the box runs; nobody notices, because devices trust the authority.

mod authority;
pub mod names;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use mesh_protocol::time::UnixMillis;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::config::TlsConfig;

/// How often the leaf's age is looked at.
const RENEWAL_CHECK: Duration = Duration::from_secs(6 * 3600);

/// Why the box has no certificate, as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read or written.
    #[error("{path} can't be used: {error}", path = .0.display(), error = .1)]
    File(PathBuf, String),
    /// Certificate and key don't fit.
    #[error("the certificate {certificate} and the key {key} don't belong together: {error}", certificate = .0.display(), key = .1.display(), error = .2)]
    Mismatch(PathBuf, PathBuf, String),
    /// Making a certificate failed.
    #[error("no certificate could be made: {0}")]
    Making(String),
}

/// A certificate in use.
#[derive(Debug, Clone)]
struct Current {
    key: Arc<CertifiedKey>,
    expires_at: UnixMillis,
}

/// What certificates the box has; shared by the listener and the pages that show them.
#[derive(Debug)]
pub struct Certificates {
    current: RwLock<Current>,
    /// SHA-256 of the certificate to trust, as people compare it.
    fingerprint: String,
    /// The authority to install; `None` with an own certificate.
    authority: Option<authority::Authority>,
    /// Names and addresses that the box answers to.
    names: Vec<String>,
}

impl Certificates {
    /// Loads or makes the certificates. `folder` is the data folder's `tls`.
    ///
    /// # Errors
    /// When files can't be used or don't fit.
    pub fn load(
        config: &TlsConfig,
        folder: &Path,
        names: Vec<String>,
        clock: &Clock,
    ) -> Result<Arc<Self>, TlsError> {
        let (current, authority) = match (&config.certificate, &config.key) {
            (Some(certificate), Some(key)) => (own(certificate, key)?, None),
            _ => {
                let authority = authority::Authority::load_or_make(folder, &names, clock.wall())?;
                let (chain, key, expires_at) = authority.issue(&names, clock.wall())?;
                (Current { key: Arc::new(certified(chain, key)?), expires_at }, Some(authority))
            }
        };
        let trusted = match &authority {
            Some(authority) => authority.der().to_vec(),
            None => current.key.cert.first().map(|leaf| leaf.to_vec()).unwrap_or_default(),
        };
        if current.expires_at <= clock.wall() {
            tracing::warn!("the configured certificate has expired; browsers will refuse it");
        }
        Ok(Arc::new(Self {
            current: RwLock::new(current),
            fingerprint: fingerprint(&trusted),
            authority,
            names,
        }))
    }

    /// SHA-256 of the certificate that devices trust, as `7F:3A:…`.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The authority's certificate to install, as PEM; `None` with an own certificate.
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority.as_ref().map(authority::Authority::pem)
    }

    /// When the certificate in use ends.
    pub fn expires_at(&self) -> UnixMillis {
        self.current().expires_at
    }

    /// Names and addresses that the box answers to.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the listener needs: TLS 1.3 only, HTTP/1.1 only.
    ///
    /// # Errors
    /// When the crypto provider lacks TLS 1.3, which would be a wrong build.
    pub fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, TlsError> {
        let making = |error: rustls::Error| TlsError::Making(error.to_string());
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(making)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Resolver(Arc::clone(self))));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Resumption would save little among four people and costs memory for each connection.
        config.send_tls13_tickets = 0;
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Replaces the leaf when two thirds of its life are over; runs until it is dropped.
    pub async fn keep_fresh(self: Arc<Self>, clock: Clock) {
        let Some(authority) = &self.authority else { return };
        loop {
            tokio::time::sleep(RENEWAL_CHECK).await;
            let left = self.expires_at().0.saturating_sub(clock.wall().0);
            if left > authority::LEAF_LIFE_MS / 3 {
                continue;
            }
            let issued = authority.issue(&self.names, clock.wall());
            match issued.and_then(|(chain, key, expires_at)| Ok((certified(chain, key)?, expires_at))) {
                Ok((key, expires_at)) => {
                    let fresh = Current { key: Arc::new(key), expires_at };
                    *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                    tracing::info!("the certificate was renewed");
                }
                Err(error) => tracing::error!(%error, "the certificate could not be renewed; trying again"),
            }
        }
    }
}

#[derive(Debug)]
struct Resolver(Arc<Certificates>);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.current().key)
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, TlsError> {
    CertifiedKey::from_der(chain, key, &provider()).map_err(|error| TlsError::Making(error.to_string()))
}

fn own(certificate: &Path, key: &Path) -> Result<Current, TlsError> {
    let file =
        |path: &Path, error: rustls::pki_types::pem::Error| TlsError::File(path.into(), error.to_string());
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|e| file(certificate, e));
    let chain: Vec<CertificateDer<'static>> = chain?;
    let Some(leaf) = chain.first() else {
        return Err(TlsError::File(certificate.into(), "it holds no PEM certificate".to_owned()));
    };
    let expires_at = expiry(leaf).map_err(|error| TlsError::File(certificate.into(), error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| file(key, error))?;
    let certified = CertifiedKey::from_der(chain, private, &provider())
        .map_err(|error| TlsError::Mismatch(certificate.into(), key.into(), error.to_string()))?;
    Ok(Current { key: Arc::new(certified), expires_at })
}

/// When a certificate ends (RFC 5280 section 4.1.2.5).
fn expiry(certificate: &CertificateDer<'_>) -> Result<UnixMillis, String> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).map_err(|error| error.to_string())?;
    let seconds = parsed.validity().not_after.timestamp();
    Ok(UnixMillis(u64::try_from(seconds).unwrap_or(0).saturating_mul(1000)))
}

/// SHA-256 in the form that browsers show.
fn fingerprint(der: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, der);
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_look_like_the_browsers() {
        let shown = fingerprint(b"");
        assert!(shown.starts_with("E3:B0:C4:42:"), "{shown}");
        assert_eq!(shown.len(), 32 * 3 - 1);
    }

    #[test]
    fn the_authority_stays_and_the_leaf_is_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let clock = Clock::system();
        let load =
            || Certificates::load(&TlsConfig::default(), folder.path(), names.clone(), &clock).unwrap();
        let (first, second) = (load(), load());
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(first.authority_pem(), second.authority_pem());
        let life = first.expires_at().0 - clock.wall().0;
        assert!(life <= authority::LEAF_LIFE_MS && life > authority::LEAF_LIFE_MS / 3 * 2);
    }

    #[test]
    fn a_wrong_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let key = rcgen::KeyPair::generate().unwrap();
            let certificate = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
            let certificate = certificate.self_signed(&key).unwrap();
            let path = |end: &str| folder.path().join(format!("{name}.{end}"));
            std::fs::write(path("pem"), certificate.pem()).unwrap();
            std::fs::write(path("key"), key.serialize_pem()).unwrap();
            (path("pem"), path("key"))
        };
        let ((certificate, key), (_, other)) = (make("a"), make("b"));
        assert!(own(&certificate, &key).is_ok());
        assert!(matches!(own(&certificate, &other), Err(TlsError::Mismatch(..))));
        assert!(matches!(own(&key, &key), Err(TlsError::File(..))));
        assert!(matches!(own(Path::new("/nowhere"), &key), Err(TlsError::File(..))));
    }
}
