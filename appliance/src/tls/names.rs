//! The names and addresses by which people may open the box: the exact list that the `Host` of a request must be
//! on, and what goes into its certificate.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use nix::net::if_::InterfaceFlags;
use nix::sys::socket::SockaddrStorage;

/// Addresses of its own that the box answers to; a machine has a handful.
const ADDRESSES: usize = 32;

/// What the box is called. Lower case, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// What people may open; IPv6 addresses without brackets.
    pub open: Vec<String>,
    /// Of those, what the box's own certificate speaks for: names, addresses from the configuration, and private
    /// IPv4 addresses. Addresses that the network gave otherwise come and go, and nobody types them.
    pub certified: Vec<String>,
}

/// Configured names, and what the box finds out about itself now. Addresses change with the network.
pub fn discover(configured: &[String], listen: SocketAddr) -> Names {
    let mut given: Vec<String> = configured.iter().map(|name| canonical(name)).collect();
    given.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    if let Some(host) = host_name() {
        given.push(format!("{host}.local"));
        given.push(host);
    }
    let mut found = Vec::new();
    if listen.ip().is_unspecified() {
        found.extend(own_addresses());
    } else {
        given.push(listen.ip().to_canonical().to_string());
    }
    let certified = found.iter().filter(|address| is_private4(address)).map(IpAddr::to_string);
    Names {
        certified: each_once(given.iter().cloned().chain(certified)),
        open: each_once(given.iter().cloned().chain(found.iter().map(IpAddr::to_string))),
    }
}

/// A name as it is compared: lower case, addresses in their one spelling, IPv6 without brackets.
fn canonical(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(&name);
    bare.parse::<IpAddr>().map_or(name.clone(), |address| address.to_string())
}

fn each_once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

fn is_private4(address: &IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_private() || address.is_link_local())
}

fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().to_ascii_lowercase();
    let name = name.split('.').next().unwrap_or_default().to_owned();
    let is_label = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_label.then_some(name)
}

/// The addresses of the interfaces that are up; where the system does not tell, those that it would send from.
fn own_addresses() -> Vec<IpAddr> {
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else { return outgoing_addresses() };
    let mut addresses: Vec<IpAddr> = interfaces
        .filter(|interface| interface.flags.contains(InterfaceFlags::IFF_UP))
        .filter_map(|interface| address(interface.address.as_ref()?))
        .filter(is_reachable)
        .collect();
    addresses.sort_unstable();
    addresses.truncate(ADDRESSES);
    addresses
}

fn address(address: &SockaddrStorage) -> Option<IpAddr> {
    let four = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
    four.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
}

/// Whether a browser can open it: link-local IPv6 addresses need a zone, which no URL has.
fn is_reachable(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => !address.is_unicast_link_local(),
    }
}

/// Connecting a datagram socket only asks the routing table.
fn outgoing_addresses() -> Vec<IpAddr> {
    let ask = |from: &str, to: &str| {
        let socket = UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    // Documentation addresses (RFC 5737, RFC 3849): never sent to.
    [ask("0.0.0.0:0", "192.0.2.1:9"), ask("[::]:0", "[2001:db8::1]:9")].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_and_lower_case() {
        let listen = "127.0.0.1:8443".parse().unwrap();
        let configured = ["Mesh.Example.org", "localhost", "[2001:DB8:0::7]"].map(str::to_owned);
        let names = discover(&configured, listen).open;
        assert_eq!(names.first().map(String::as_str), Some("mesh.example.org"));
        for name in &names {
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
        }
        assert!(names.contains(&"::1".to_owned()));
        assert!(names.contains(&"2001:db8::7".to_owned()), "{names:?}");
    }

    #[test]
    fn a_box_that_listens_everywhere_answers_to_each_of_its_addresses() {
        let names = discover(&[], "[::]:8443".parse().unwrap());
        for address in outgoing_addresses() {
            assert!(names.open.contains(&address.to_string()), "{address} is not in {names:?}");
        }
        assert!(names.certified.iter().all(|name| names.open.contains(name)));
    }

    #[test]
    fn only_configured_addresses_may_be_public_in_the_certificate() {
        let public = "203.0.113.7".to_owned();
        assert!(!is_private4(&public.parse().unwrap()));
        assert!(
            discover(std::slice::from_ref(&public), "[::]:1".parse().unwrap()).certified.contains(&public)
        );
    }
}
