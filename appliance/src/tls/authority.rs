//! The local certificate authority: made once, name-constrained, and the leaves it issues.
//!
//! It may speak for the box's own names and for private addresses, so that whoever steals it can't pretend to be
//! any site of the internet (RFC 5280 section 4.2.1.10).

use std::fs::OpenOptions;
use std::io::Write;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use mesh_protocol::time::UnixMillis;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;

use super::TlsError;

const DAY_MS: u64 = 24 * 3600 * 1000;
/// Life of a leaf: 90 days.
pub(super) const LEAF_LIFE_MS: u64 = 90 * DAY_MS;
/// Life of the authority: ten years.
const AUTHORITY_LIFE_MS: u64 = 3650 * DAY_MS;
/// A certificate is good from a day before it was made: device clocks differ.
const BACKDATE_MS: u64 = DAY_MS;
/// No certificate starts before this: a box without a clock battery wakes up in the past. 2026-11-01.
const BUILD_TIME_MS: u64 = 1_793_491_200_000;

/// The authority.
#[derive(Debug)]
pub(super) struct Authority {
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Loads the authority from `folder`, or makes it there; a new one when it may not speak for all `names`.
    pub(super) fn load_or_make(folder: &Path, names: &[String], now: UnixMillis) -> Result<Self, TlsError> {
        let path = |name: &str| folder.join(name);
        let wanted = dns_names(names);
        if path("ca.pem").exists() {
            let allowed = read(&path("ca-names"))?;
            let allowed: Vec<&str> = allowed.lines().collect();
            if wanted.iter().all(|name| allowed.contains(&name.as_str())) {
                let allowed: Vec<String> = allowed.into_iter().map(str::to_owned).collect();
                return Self::from_pem(read(&path("ca.pem"))?, &read(&path("ca.key"))?, &allowed, now);
            }
            tracing::warn!(
                "the box has a new name: its authority is made anew, devices have to install it again"
            );
        }
        let key = KeyPair::generate().map_err(making)?;
        let certificate = params(&wanted, now)?.self_signed(&key).map_err(making)?;
        std::fs::create_dir_all(folder).map_err(|error| TlsError::File(folder.into(), error.to_string()))?;
        write(&path("ca.key"), &key.serialize_pem())?;
        write(&path("ca-names"), &wanted.join("\n"))?;
        write(&path("ca.pem"), &certificate.pem())?;
        Self::from_pem(certificate.pem(), &key.serialize_pem(), &wanted, now)
    }

    fn from_pem(pem: String, key: &str, names: &[String], now: UnixMillis) -> Result<Self, TlsError> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| TlsError::Making(format!("the authority's certificate is damaged: {error}")))?;
        let key = KeyPair::from_pem(key)
            .map_err(|error| TlsError::Making(format!("the authority's key is damaged: {error}")))?;
        Ok(Self { pem, der, issuer: Issuer::new(params(names, now)?, key) })
    }

    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Issues a leaf for `names`: chain, key, end of life.
    pub(super) fn issue(
        &self,
        names: &[String],
        now: UnixMillis,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>, UnixMillis), TlsError> {
        let key = KeyPair::generate().map_err(making)?;
        let mut params = CertificateParams::new(names.to_vec()).map_err(making)?;
        let start = now.0.max(BUILD_TIME_MS);
        params.not_before = instant(start.saturating_sub(BACKDATE_MS))?;
        params.not_after = instant(start + LEAF_LIFE_MS)?;
        params.distinguished_name.push(DnType::CommonName, "Mesh box");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&key, &self.issuer).map_err(making)?;
        let private = PrivateKeyDer::try_from(key.serialize_der())
            .map_err(|error| TlsError::Making(error.to_owned()))?;
        Ok((vec![leaf.der().clone(), self.der.clone()], private, UnixMillis(start + LEAF_LIFE_MS)))
    }
}

fn making(error: rcgen::Error) -> TlsError {
    TlsError::Making(error.to_string())
}

fn dns_names(names: &[String]) -> Vec<String> {
    names.iter().filter(|name| name.parse::<IpAddr>().is_err()).cloned().collect()
}

fn params(names: &[String], now: UnixMillis) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    let start = now.0.max(BUILD_TIME_MS);
    params.not_before = instant(start.saturating_sub(BACKDATE_MS))?;
    params.not_after = instant(start + AUTHORITY_LIFE_MS)?;
    params.distinguished_name.push(DnType::CommonName, "Mesh box authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let dns = names.iter().cloned().map(GeneralSubtree::DnsName);
    let private = PRIVATE_NETS.iter().filter_map(|(net, prefix)| {
        let address: IpAddr = net.parse().ok()?;
        Some(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, *prefix)))
    });
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: dns.chain(private).collect(),
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

/// Loopback, private, link-local and unique local addresses (RFC 1918, 3927, 4193, 4291).
const PRIVATE_NETS: &[(&str, u8)] = &[
    ("127.0.0.0", 8),
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("::1", 128),
    ("fc00::", 7),
    ("fe80::", 10),
];

fn instant(millis: u64) -> Result<OffsetDateTime, TlsError> {
    let seconds = i64::try_from(millis / 1000).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| TlsError::Making(error.to_string()))
}

fn read(path: &Path) -> Result<String, TlsError> {
    std::fs::read_to_string(path).map_err(|error| TlsError::File(path.into(), error.to_string()))
}

/// Writes a file that only the box's user can read, whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), TlsError> {
    let fresh = path.with_extension("new");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&fresh, path));
    written.map_err(|error| TlsError::File(path.into(), error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_makes_a_new_authority_and_a_new_address_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let now = UnixMillis(BUILD_TIME_MS);
        let load = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Authority::load_or_make(folder.path(), &names, now).unwrap().der().to_vec()
        };
        let first = load(&["box.local", "192.168.1.2"]);
        assert_eq!(first, load(&["box.local", "192.168.1.9"]), "addresses change with the network");
        assert_ne!(first, load(&["box.local", "mesh.example.org"]));
    }

    #[test]
    fn a_clock_in_the_past_does_not_make_a_certificate_of_the_past() {
        let folder = tempfile::tempdir().unwrap();
        let names = vec!["box.local".to_owned()];
        let authority = Authority::load_or_make(folder.path(), &names, UnixMillis(0)).unwrap();
        let (_, _, expires_at) = authority.issue(&names, UnixMillis(0)).unwrap();
        assert_eq!(expires_at, UnixMillis(BUILD_TIME_MS + LEAF_LIFE_MS));
    }
}
