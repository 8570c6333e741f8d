//! The names and addresses by which people may open the box: what goes into its certificate, and the exact list
//! that the `Host` of a request must be on.

use std::net::{IpAddr, SocketAddr, UdpSocket};

/// Configured names, and what the box finds out about itself. Lower case, each once.
pub fn discover(configured: &[String], listen: SocketAddr) -> Vec<String> {
    let mut names: Vec<String> = configured.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
    names.extend(["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()]);
    if let Some(host) = host_name() {
        names.push(format!("{host}.local"));
        names.push(host);
    }
    if listen.ip().is_unspecified() {
        names.extend(outgoing_addresses().iter().map(IpAddr::to_string));
    } else {
        names.push(listen.ip().to_string());
    }
    let mut seen = Vec::new();
    names.retain(|name| {
        !name.is_empty() && !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    names
}

fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().to_ascii_lowercase();
    let name = name.split('.').next().unwrap_or_default().to_owned();
    let is_label = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_label.then_some(name)
}

/// The addresses that the system would send from: connecting a datagram socket only asks its routing table.
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
        let names = discover(&["Mesh.Example.org".to_owned(), "localhost".to_owned()], listen);
        assert_eq!(names.first().map(String::as_str), Some("mesh.example.org"));
        for name in &names {
            assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
        }
        assert!(names.contains(&"::1".to_owned()));
    }
}
