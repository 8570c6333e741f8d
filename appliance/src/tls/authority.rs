//! The local certificate authority: made once, name-constrained, and the leaves it issues.
//!
//! It may speak for the box's own names and for private addresses, so that whoever steals it can't pretend to be
//! any site of the internet (RFC 5280 section 4.2.1.10). Addresses are private networks and not the box's own of
//! that day, because the network hands out others and everybody would have to install a new authority.
//!
//! Its certificate and key are one file, `authority.pem`, so that a power cut can't leave one without the other;
//! `ca.pem` is the certificate alone, for people and programs. The leaf is `leaf.pem`: it survives restarts, because
//! browsers that were told to go on in spite of a warning remember the leaf.

use std::net::IpAddr;
use std::path::Path;

use mesh_protocol::time::UnixMillis;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use time::OffsetDateTime;

use super::{TlsError, content, file};

const DAY_MS: u64 = 24 * 3600 * 1000;
/// Life of a leaf, from the day before it was made: 90 days.
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

/// A leaf: chain, key and end of life.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) expires_at: UnixMillis,
}

impl Authority {
    /// Loads the authority from `folder`, or makes it there; a new one when it may not speak for all `names`, or
    /// when its time is nearly over.
    pub(super) fn load_or_make(folder: &Path, names: &[String], now: UnixMillis) -> Result<Self, TlsError> {
        let place = folder.join("authority.pem");
        if place.exists() {
            let authority = Self::from_pem(&file::read(&place)?)?;
            let seen = content::read(&authority.der).map_err(damaged)?;
            if !seen.allows(names) {
                tracing::warn!("the box has a new name: devices have to install its new authority");
            } else if seen.expires_at.0 < now.0.saturating_add(LEAF_LIFE_MS) {
                tracing::warn!("the box's authority has expired: devices have to install its new one");
            } else {
                file::write(&folder.join("ca.pem"), &authority.pem)?;
                return Ok(authority);
            }
        }
        let key = KeyPair::generate().map_err(making)?;
        let certificate = authority_params(names, now)?.self_signed(&key).map_err(making)?;
        file::make_folder(folder)?;
        let both = format!("{}{}", certificate.pem(), key.serialize_pem());
        file::write(&place, &both)?;
        file::write(&folder.join("ca.pem"), &certificate.pem())?;
        Self::from_pem(&both)
    }

    fn from_pem(both: &str) -> Result<Self, TlsError> {
        let der = CertificateDer::from_pem_slice(both.as_bytes()).map_err(damaged)?;
        let key = PrivateKeyDer::from_pem_slice(both.as_bytes()).map_err(damaged)?;
        let key = KeyPair::try_from(&key).map_err(damaged)?;
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(damaged)?;
        let pem = both.split_inclusive("-----END CERTIFICATE-----").next().unwrap_or_default();
        Ok(Self { pem: format!("{pem}\n"), der, issuer })
    }

    /// The certificate, as PEM.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// Whether its constraints let it issue for `name`.
    pub(super) fn may_speak_for(&self, name: &str) -> bool {
        content::read(&self.der).is_ok_and(|seen| seen.allows(std::slice::from_ref(&name.to_owned())))
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The leaf in `folder` while it is good for `names`, else a fresh one that is kept there.
    pub(super) fn leaf(&self, folder: &Path, names: &[String], now: UnixMillis) -> Result<Leaf, TlsError> {
        let place = folder.join("leaf.pem");
        if let Ok(both) = std::fs::read_to_string(&place)
            && let Some(leaf) = self.kept_leaf(both.as_bytes(), names, now)
        {
            return Ok(leaf);
        }
        let key = KeyPair::generate().map_err(making)?;
        let leaf = leaf_params(names, now)?.signed_by(&key, &self.issuer).map_err(making)?;
        let both = format!("{}{}", leaf.pem(), key.serialize_pem());
        file::write(&place, &both)?;
        self.kept_leaf(both.as_bytes(), names, now)
            .ok_or_else(|| TlsError::Making("the fresh certificate is not usable".to_owned()))
    }

    fn kept_leaf(&self, both: &[u8], names: &[String], now: UnixMillis) -> Option<Leaf> {
        let der = CertificateDer::from_pem_slice(both).ok()?;
        let seen = content::read(&der).ok()?;
        let now = now.0.max(BUILD_TIME_MS);
        let left = seen.expires_at.0.saturating_sub(now);
        let is_good = seen.starts_at.0 <= now
            && left > LEAF_LIFE_MS / 3
            && left <= LEAF_LIFE_MS
            && seen.speaks_for(names)
            && seen.is_signed_by(&self.der);
        let key = PrivateKeyDer::from_pem_slice(both).ok()?;
        is_good.then(|| Leaf { chain: vec![der, self.der.clone()], key, expires_at: seen.expires_at })
    }
}

fn making(error: rcgen::Error) -> TlsError {
    TlsError::Making(error.to_string())
}

fn damaged(error: impl std::fmt::Display) -> TlsError {
    TlsError::Making(format!(
        "authority.pem in the data folder's tls is damaged ({error}); put it back from a backup, or delete it to \
         have a new one that devices install again"
    ))
}

fn leaf_params(names: &[String], now: UnixMillis) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(names.to_vec()).map_err(making)?;
    let start = now.0.max(BUILD_TIME_MS);
    params.not_before = instant(start - BACKDATE_MS)?;
    params.not_after = instant(start - BACKDATE_MS + LEAF_LIFE_MS)?;
    params.distinguished_name.push(DnType::CommonName, "Mesh box");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn authority_params(names: &[String], now: UnixMillis) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    // From the build on, so that a clock that was ahead when the box was made does no harm.
    params.not_before = instant(BUILD_TIME_MS - BACKDATE_MS)?;
    params.not_after = instant(now.0.max(BUILD_TIME_MS) + AUTHORITY_LIFE_MS)?;
    let host = names.iter().find(|name| name.ends_with(".local")).or(names.first());
    let of_box = host.map_or_else(String::new, |name| format!(" of {name}"));
    params.distinguished_name.push(DnType::CommonName, format!("Mesh box authority{of_box}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut permitted: Vec<GeneralSubtree> = Vec::new();
    for name in names {
        match name.parse::<IpAddr>() {
            Err(_) => permitted.push(GeneralSubtree::DnsName(name.clone())),
            Ok(address) if !is_private(address) => permitted.push(subnet(address, bits(address))),
            Ok(_) => {}
        }
    }
    let private = PRIVATE_NETS.iter().filter_map(|(net, prefix)| Some(subnet(net.parse().ok()?, *prefix)));
    permitted.extend(private);
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
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

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn subnet(address: IpAddr, prefix: u8) -> GeneralSubtree {
    GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix))
}

fn instant(millis: u64) -> Result<OffsetDateTime, TlsError> {
    let seconds = i64::try_from(millis / 1000).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| TlsError::Making(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_new_name_makes_a_new_authority_and_a_new_address_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let now = UnixMillis(BUILD_TIME_MS);
        let load =
            |list: &[&str]| Authority::load_or_make(folder.path(), &names(list), now).unwrap().der().to_vec();
        let first = load(&["box.local", "192.168.1.2"]);
        assert_eq!(first, load(&["box.local", "192.168.1.9"]), "addresses change with the network");
        assert_ne!(first, load(&["box.local", "mesh.example.org"]));
        let second = load(&["box.local", "203.0.113.7"]);
        assert_eq!(second, load(&["box.local", "203.0.113.7"]), "a public address from the configuration");
        assert_ne!(second, load(&["box.local", "203.0.113.8"]));
    }

    #[test]
    fn a_leaf_is_kept_while_it_is_good() {
        let folder = tempfile::tempdir().unwrap();
        let day = |days: u64| UnixMillis(BUILD_TIME_MS + days * DAY_MS);
        let list = names(&["box.local", "192.168.1.2"]);
        let authority = Authority::load_or_make(folder.path(), &list, day(0)).unwrap();
        let leaf = |list: &[String], now| authority.leaf(folder.path(), list, now).unwrap().chain[0].to_vec();
        let first = leaf(&list, day(0));
        assert_eq!(first, leaf(&list, day(58)), "browsers remember it over a restart");
        assert_eq!(first, leaf(&list[..1], day(58)), "it speaks for more than is needed");
        let second = leaf(&list, day(61));
        assert_ne!(first, second, "two thirds of its life are over");
        let moved = names(&["box.local", "192.168.1.3"]);
        let third = leaf(&moved, day(61));
        assert_ne!(second, third, "a new address");
        assert_ne!(third, leaf(&moved, day(0)), "it was made by a clock that was ahead");
    }

    #[test]
    fn the_leaf_of_another_authority_is_not_kept() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let now = UnixMillis(BUILD_TIME_MS);
        let list = names(&["box.local"]);
        let make = |folder: &Path| Authority::load_or_make(folder, &list, now).unwrap();
        let leaf = make(one.path()).leaf(one.path(), &list, now).unwrap();
        std::fs::copy(one.path().join("leaf.pem"), two.path().join("leaf.pem")).unwrap();
        let other = make(two.path()).leaf(two.path(), &list, now).unwrap();
        assert_ne!(leaf.chain[0], other.chain[0]);
    }

    #[test]
    fn a_clock_in_the_past_does_not_make_a_certificate_of_the_past() {
        let folder = tempfile::tempdir().unwrap();
        let list = names(&["box.local"]);
        let authority = Authority::load_or_make(folder.path(), &list, UnixMillis(0)).unwrap();
        let leaf = authority.leaf(folder.path(), &list, UnixMillis(0)).unwrap();
        assert_eq!(leaf.expires_at, UnixMillis(BUILD_TIME_MS - BACKDATE_MS + LEAF_LIFE_MS));
    }

    #[test]
    fn a_damaged_authority_is_said_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let list = names(&["box.local"]);
        let load = || Authority::load_or_make(folder.path(), &list, UnixMillis(BUILD_TIME_MS));
        load().unwrap();
        let place = folder.path().join("authority.pem");
        for damage in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            std::fs::write(&place, damage).unwrap();
            assert!(load().unwrap_err().to_string().contains("authority.pem"), "{damage:?}");
            assert_eq!(std::fs::read_to_string(&place).unwrap(), damage);
        }
    }
}
