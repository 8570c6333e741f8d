//! What a certificate says: its life, what it speaks for, what it may speak for.

use std::net::IpAddr;

use mesh_protocol::time::UnixMillis;
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::error::X509Error;
use x509_parser::extensions::GeneralName;

/// What this box looks at in a certificate.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) starts_at: UnixMillis,
    pub(super) expires_at: UnixMillis,
    parsed: X509Certificate<'a>,
}

/// Reads a certificate.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read<'a>(der: &'a CertificateDer<'_>) -> Result<Content<'a>, X509Error> {
    let (_, parsed) = x509_parser::parse_x509_certificate(der).map_err(|error| match error {
        x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => error,
        x509_parser::nom::Err::Incomplete(_) => X509Error::InvalidCertificate,
    })?;
    let millis = |seconds: i64| UnixMillis(u64::try_from(seconds).unwrap_or(0).saturating_mul(1000));
    let validity = parsed.validity();
    Ok(Content {
        starts_at: millis(validity.not_before.timestamp()),
        expires_at: millis(validity.not_after.timestamp()),
        parsed,
    })
}

impl Content<'_> {
    /// Whether it names each of `names`.
    pub(super) fn speaks_for(&self, names: &[String]) -> bool {
        let Ok(Some(alternatives)) = self.parsed.subject_alternative_name() else { return false };
        names.iter().all(|name| alternatives.value.general_names.iter().any(|one| is(one, name)))
    }

    /// Whether its constraints let it speak for each of `names`. A name is allowed by itself, not by its domain:
    /// the authority is made for what the box is called.
    pub(super) fn allows(&self, names: &[String]) -> bool {
        let Ok(Some(constraints)) = self.parsed.name_constraints() else { return false };
        let permitted = constraints.value.permitted_subtrees.as_deref().unwrap_or_default();
        names.iter().all(|name| permitted.iter().any(|subtree| permits(&subtree.base, name)))
    }

    /// Whether the key of `authority` is the one that its issuer is said to have.
    pub(super) fn is_signed_by(&self, authority: &CertificateDer<'_>) -> bool {
        read(authority)
            .is_ok_and(|authority| self.parsed.verify_signature(Some(authority.parsed.public_key())).is_ok())
    }
}

fn is(one: &GeneralName<'_>, name: &str) -> bool {
    match (one, name.parse::<IpAddr>()) {
        (GeneralName::DNSName(one), Err(_)) => one.eq_ignore_ascii_case(name),
        (GeneralName::IPAddress(one), Ok(IpAddr::V4(address))) => *one == address.octets(),
        (GeneralName::IPAddress(one), Ok(IpAddr::V6(address))) => *one == address.octets(),
        _ => false,
    }
}

fn permits(subtree: &GeneralName<'_>, name: &str) -> bool {
    match (subtree, name.parse::<IpAddr>()) {
        (GeneralName::IPAddress(net), Ok(IpAddr::V4(address))) => is_in(net, &address.octets()),
        (GeneralName::IPAddress(net), Ok(IpAddr::V6(address))) => is_in(net, &address.octets()),
        _ => is(subtree, name),
    }
}

/// Whether an address is in a net, written as address and mask (RFC 5280 section 4.2.1.10).
fn is_in(net: &[u8], address: &[u8]) -> bool {
    net.len() == 2 * address.len() && {
        let (base, mask) = net.split_at(address.len());
        base.iter().zip(mask).zip(address).all(|((base, mask), byte)| base & mask == byte & mask)
    }
}
