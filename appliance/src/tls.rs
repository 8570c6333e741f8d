//! How the box proves who it is: an own certificate by configuration, or a local authority and a leaf of its own.
//!
//! The local authority ([`authority`]) is made at the first start, may only speak for the box's names and private
//! addresses, and is what people install on their devices. The leaf lives 90 days and is replaced after two
//! thirds of that while the box runs; nobody notices, because devices trust the authority.

mod authority;
mod content;
mod file;
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
use crate::http::origin::AllowedHosts;
use authority::Authority;
use names::Names;

/// How often the box looks whether the network calls it something else.
const NAMES_CHECK: Duration = Duration::from_secs(10);
/// Every how many of those the certificate's age, or the configured files, are looked at: each ten minutes.
const CHECKS_A_RENEWAL: u32 = 60;

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
    /// What it speaks for, as far as the box knows.
    names: Arc<Vec<String>>,
}

impl Current {
    fn der(&self) -> &[u8] {
        self.key.cert.first().map_or(&[], |leaf| leaf)
    }
}

/// Where certificates come from.
#[derive(Debug)]
enum Origin {
    /// Files of the operator.
    Own { certificate: PathBuf, key: PathBuf },
    /// The box's own authority, with its folder.
    Local { authority: Box<Authority>, folder: PathBuf },
}

/// What certificates the box has; shared by the listener and the pages that show them.
#[derive(Debug)]
pub struct Certificates {
    current: RwLock<Current>,
    origin: Origin,
}

impl Certificates {
    /// Loads or makes the certificates. `folder` is the data folder's `tls`; `names` is what they have to speak for.
    ///
    /// # Errors
    /// When files can't be used or don't fit.
    pub fn load(
        config: &TlsConfig,
        folder: &Path,
        names: Vec<String>,
        clock: &Clock,
    ) -> Result<Arc<Self>, TlsError> {
        let origin = match (&config.certificate, &config.key) {
            (Some(certificate), Some(key)) => {
                Origin::Own { certificate: certificate.clone(), key: key.clone() }
            }
            _ => Origin::Local {
                authority: Box::new(Authority::load_or_make(folder, &names, clock.wall())?),
                folder: folder.to_owned(),
            },
        };
        let current = origin.issue(names, clock.wall())?;
        if current.expires_at <= clock.wall() {
            tracing::warn!("the configured certificate has expired; browsers will refuse it");
        }
        Ok(Arc::new(Self { current: RwLock::new(current), origin }))
    }

    /// SHA-256 of the certificate that devices trust, as `7F:3A:…`: the authority's, or the own one's.
    pub fn fingerprint(&self) -> String {
        match &self.origin {
            Origin::Local { authority, .. } => fingerprint(authority.der()),
            Origin::Own { .. } => fingerprint(self.current().der()),
        }
    }

    /// The authority's certificate to install, as PEM; `None` with an own certificate.
    pub fn authority_pem(&self) -> Option<&str> {
        match &self.origin {
            Origin::Local { authority, .. } => Some(authority.pem()),
            Origin::Own { .. } => None,
        }
    }

    /// When the certificate in use ends.
    pub fn expires_at(&self) -> UnixMillis {
        self.current().expires_at
    }

    /// Names and addresses that the certificate speaks for.
    pub fn names(&self) -> Arc<Vec<String>> {
        self.current().names
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

    /// Takes the certificate that is right for `names` and now; true when it is another one than before.
    ///
    /// # Errors
    /// When there is none; the one in use stays.
    pub fn refresh(&self, names: Vec<String>, now: UnixMillis) -> Result<bool, TlsError> {
        let fresh = self.origin.issue(names, now)?;
        let is_other = fresh.der() != self.current().der();
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(is_other)
    }

    /// Follows the network and the calendar: what the box is called by `find`, and a certificate that fits. Runs
    /// until it is dropped.
    pub async fn keep_fresh(
        self: Arc<Self>,
        clock: Clock,
        hosts: Arc<AllowedHosts>,
        find: impl Fn() -> Names + Send,
    ) {
        let mut known = find();
        for check in 1_u32.. {
            tokio::time::sleep(NAMES_CHECK).await;
            let found = find();
            if found == known && check % CHECKS_A_RENEWAL != 0 {
                continue;
            }
            hosts.replace(found.open.clone());
            match self.refresh(found.certified.clone(), clock.wall()) {
                Ok(true) => tracing::info!("the box has a new certificate; nobody has to do anything"),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the certificate could not be renewed; trying again"),
            }
            known = found;
        }
    }
}

impl Origin {
    fn issue(&self, mut names: Vec<String>, now: UnixMillis) -> Result<Current, TlsError> {
        match self {
            Self::Own { certificate, key } => own(certificate, key, names),
            Self::Local { authority, folder } => {
                // A name that came while the box runs has to wait for a new authority, at the next start.
                names.retain(|name| authority.may_speak_for(name));
                let leaf = authority.leaf(folder, &names, now)?;
                let key = CertifiedKey::from_der(leaf.chain, leaf.key, &provider())
                    .map_err(|error| TlsError::Making(error.to_string()))?;
                Ok(Current { key: Arc::new(key), expires_at: leaf.expires_at, names: Arc::new(names) })
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

fn own(certificate: &Path, key: &Path, names: Vec<String>) -> Result<Current, TlsError> {
    let unusable = |path: &Path, error: String| TlsError::File(path.into(), error);
    let text = file::read(certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let chain = chain.map_err(|error| unusable(certificate, error.to_string()))?;
    let Some(leaf) = chain.first() else {
        return Err(unusable(certificate, "it holds no PEM certificate".to_owned()));
    };
    let expires_at =
        content::read(leaf).map_err(|error| unusable(certificate, error.to_string()))?.expires_at;
    let private = PrivateKeyDer::from_pem_slice(file::read(key)?.as_bytes())
        .map_err(|_| unusable(key, "it holds no PEM private key".to_owned()))?;
    let certified = CertifiedKey::from_der(chain, private, &provider())
        .map_err(|error| TlsError::Mismatch(certificate.into(), key.into(), error.to_string()))?;
    Ok(Current { key: Arc::new(certified), expires_at, names: Arc::new(names) })
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

    fn load(folder: &Path, config: &TlsConfig, names: &[&str]) -> Result<Arc<Certificates>, TlsError> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Certificates::load(config, folder, names, &Clock::system())
    }

    #[test]
    fn browsers_see_the_same_certificates_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let start = || load(folder.path(), &TlsConfig::default(), &["localhost", "127.0.0.1"]).unwrap();
        let (first, second) = (start(), start());
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(first.authority_pem(), second.authority_pem());
        assert_eq!(first.current().der(), second.current().der());
    }

    #[test]
    fn a_new_address_gets_a_new_leaf_at_once_and_a_new_name_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let certificates = load(folder.path(), &TlsConfig::default(), &["localhost"]).unwrap();
        let now = Clock::system().wall();
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(!certificates.refresh(names(&["localhost"]), now).unwrap());
        assert!(certificates.refresh(names(&["localhost", "192.168.7.7"]), now).unwrap());
        assert_eq!(*certificates.names(), names(&["localhost", "192.168.7.7"]));
        assert!(!certificates.refresh(names(&["localhost", "new.example"]), now).unwrap());
        assert_eq!(*certificates.names(), names(&["localhost"]));
    }

    fn make(folder: &Path, name: &str) -> TlsConfig {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = certificate.self_signed(&key).unwrap();
        let path = |end: &str| folder.join(format!("{name}.{end}"));
        std::fs::write(path("pem"), certificate.pem()).unwrap();
        std::fs::write(path("key"), key.serialize_pem()).unwrap();
        TlsConfig { certificate: Some(path("pem")), key: Some(path("key")), publicly_trusted: false }
    }

    #[test]
    fn mistakes_in_an_own_certificate_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (good, other) = (make(folder.path(), "a"), make(folder.path(), "b"));
        let refused = |certificate: &Option<PathBuf>, key: &Option<PathBuf>| {
            let config = TlsConfig { certificate: certificate.clone(), key: key.clone(), ..good.clone() };
            load(folder.path(), &config, &["a"]).unwrap_err().to_string()
        };
        assert!(load(folder.path(), &good, &["a"]).unwrap().authority_pem().is_none());
        assert!(refused(&good.certificate, &other.key).contains("don't belong together"));
        assert!(refused(&good.key, &good.key).contains("no PEM certificate"));
        assert!(refused(&good.certificate, &good.certificate).contains("no PEM private key"));
        assert!(refused(&Some("/nowhere".into()), &good.key).contains("/nowhere"));
    }

    #[test]
    fn a_renewed_own_certificate_is_taken_without_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let config = make(folder.path(), "a");
        let certificates = load(folder.path(), &config, &["a"]).unwrap();
        let before = certificates.fingerprint();
        let now = Clock::system().wall();
        assert!(!certificates.refresh(vec!["a".to_owned()], now).unwrap());
        make(folder.path(), "a");
        assert!(certificates.refresh(vec!["a".to_owned()], now).unwrap());
        assert_ne!(certificates.fingerprint(), before);
        std::fs::write(config.key.unwrap(), "half a key").unwrap();
        assert!(certificates.refresh(vec!["a".to_owned()], now).is_err());
        assert!(!certificates.current().der().is_empty(), "the good one stays in use");
    }
}
