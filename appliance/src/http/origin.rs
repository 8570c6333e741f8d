//! Which requests are the box's own: an exact `Host` allow-list against DNS rebinding, an exact `Origin` check on
//! everything that changes state or upgrades, against other sites (security.md T12, T13).
//!
//! The decisions are pure functions over header values; [`guard`] applies them to every request.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN, UPGRADE};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use mesh_protocol::error::ErrorCode;

use super::error::Refusal;

/// The names that the box answers to, and its port. The names follow the network.
#[derive(Debug)]
pub struct AllowedHosts {
    names: RwLock<Arc<Vec<String>>>,
    port: u16,
}

impl AllowedHosts {
    /// Names and addresses (IPv6 without brackets), and the port of the TLS listener.
    pub fn new(names: Vec<String>, port: u16) -> Self {
        Self { names: RwLock::new(Arc::new(names)), port }
    }

    /// The box is called something else now.
    pub fn replace(&self, names: Vec<String>) {
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(names);
    }

    /// Whether `name` (IPv6 without brackets) is one of the box's, whatever the port.
    fn knows(&self, name: &str) -> bool {
        let names = Arc::clone(&self.names.read().unwrap_or_else(PoisonError::into_inner));
        names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    /// The secure address by the name in `authority`, which may have another port; `None` when it is not the box's.
    pub fn secure_address(&self, authority: &str) -> Option<String> {
        let (name, _) = split_port(authority)?;
        let shown = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
        self.knows(name).then(|| match self.port {
            443 => format!("https://{shown}"),
            port => format!("https://{shown}:{port}"),
        })
    }

    /// Whether `authority` (`name`, `name:port`, `[address]:port`) is exactly one of the box's.
    pub fn allows(&self, authority: &str) -> bool {
        let (name, port) = match split_port(authority) {
            Some(parts) => parts,
            None => return false,
        };
        let expected = if self.port == 443 { [None, Some(443)] } else { [Some(self.port), Some(self.port)] };
        expected.contains(&port) && self.knows(name)
    }

    /// Whether `origin` is exactly `https://` and one of the box's authorities.
    pub fn allows_origin(&self, origin: &str) -> bool {
        origin.strip_prefix("https://").is_some_and(|authority| self.allows(authority))
    }
}

/// Splits a host header into name and port; `None` when it is neither.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (name, rest) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => match authority.split_once(':') {
            Some((name, port)) if !port.contains(':') => {
                (name, &authority[authority.len() - port.len() - 1..])
            }
            Some(_) => return None,
            None => (authority, ""),
        },
    };
    if name.is_empty() || authority.starts_with('[') != name.contains(':') {
        return None;
    }
    if rest.is_empty() {
        return Some((name, None));
    }
    let digits = rest.strip_prefix(':')?;
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| digits.parse().ok().map(|port| (name, Some(port)))).flatten()
}

/// Whether a request may be looked at.
///
/// # Errors
/// [`ErrorCode::HostUnknown`] or [`ErrorCode::OriginForeign`].
pub fn check(
    allowed: &AllowedHosts,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), ErrorCode> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).ok_or(ErrorCode::HostUnknown)?;
    // RFC 9112 section 3.2: one Host; an absolute target must not say something else.
    let is_single = hosts.next().is_none() && uri.authority().is_none_or(|target| target.as_str() == host);
    if !is_single || !allowed.allows(host) {
        return Err(ErrorCode::HostUnknown);
    }
    let asks_itself =
        headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !changes && !headers.contains_key(UPGRADE) {
        // A link from elsewhere may open a page; the API is the box's own pages' alone. The cookie's SameSite does
        // not know ports, so another program on the same host is a foreign one that it lets through.
        let is_own = asks_itself || !uri.path().starts_with("/api/");
        return if is_own { Ok(()) } else { Err(ErrorCode::OriginForeign) };
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    let origin = origins.next().and_then(|origin| origin.to_str().ok()).ok_or(ErrorCode::OriginForeign)?;
    let is_own = origins.next().is_none()
        && origin.strip_prefix("https://").is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        && allowed.allows_origin(origin)
        && asks_itself;
    if is_own { Ok(()) } else { Err(ErrorCode::OriginForeign) }
}

/// Refuses requests that are not the box's own.
pub async fn guard(State(allowed): State<Arc<AllowedHosts>>, request: Request, next: Next) -> Response {
    match check(&allowed, request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(code) => {
            tracing::info!(?code, "a request was refused: wrong host or origin");
            axum::response::IntoResponse::into_response(Refusal::from(code))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed() -> AllowedHosts {
        let names = ["localhost", "127.0.0.1", "::1", "box.local"].map(str::to_owned);
        AllowedHosts::new(names.to_vec(), 8443)
    }

    #[test]
    fn only_exact_hosts_are_allowed() {
        let allowed = allowed();
        for host in ["localhost:8443", "LOCALHOST:8443", "127.0.0.1:8443", "[::1]:8443", "box.local:8443"] {
            assert!(allowed.allows(host), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:",
            "localhost:443",
            "localhost:8444",
            "localhost:08443x",
            "localhost.:8443",
            "localhost:8443:8443",
            "xlocalhost:8443",
            "localhostx:8443",
            "evil.com:8443",
            "box.local.evil.com:8443",
            "evil.com#localhost:8443",
            "localhost@evil.com:8443",
            "user@localhost:8443",
            "127.0.0.1.nip.io:8443",
            "127.1:8443",
            "0x7f000001:8443",
            "2130706433:8443",
            "::1",
            "::1:8443",
            "[::1]",
            "[::1]8443",
            "[::1:8443",
            "[localhost]:8443",
            "[0:0:0:0:0:0:0:1]:8443",
            "localhost :8443",
            " localhost:8443",
            "localhost:+8443",
            "[::1%25eth0]:8443",
            "null",
        ] {
            assert!(!allowed.allows(host), "{host:?}");
        }
    }

    #[test]
    fn the_secure_address_keeps_the_name_and_has_the_port() {
        let allowed = allowed();
        let address = |host: &str| allowed.secure_address(host);
        assert_eq!(address("box.local").as_deref(), Some("https://box.local:8443"));
        assert_eq!(address("[::1]:8080").as_deref(), Some("https://[::1]:8443"));
        assert_eq!(address("evil.com"), None);
        assert_eq!(address("localhost@evil.com"), None);
        allowed.replace(vec!["evil.com".to_owned()]);
        assert_eq!(address("box.local"), None);
        assert!(address("evil.com").is_some() && allowed.allows("evil.com:8443"));
    }

    #[test]
    fn the_standard_port_may_be_left_out() {
        let allowed = AllowedHosts::new(vec!["mesh.example.org".to_owned()], 443);
        assert!(allowed.allows("mesh.example.org") && allowed.allows("mesh.example.org:443"));
        assert!(!allowed.allows("mesh.example.org:80"));
    }

    fn request(method: Method, headers: &[(&str, &str)]) -> Result<(), ErrorCode> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(axum::http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        check(&allowed(), &method, &Uri::from_static("/api/v1/session"), &map)
    }

    const OWN: (&str, &str) = ("host", "localhost:8443");

    #[test]
    fn changes_need_the_boxes_own_origin() {
        let good = [OWN, ("origin", "https://localhost:8443"), ("sec-fetch-site", "same-origin")];
        assert_eq!(request(Method::POST, &good), Ok(()));
        for origin in [
            "null",
            "",
            "http://localhost:8443",
            "https://localhost",
            "https://localhost:8444",
            "https://localhost:8443/",
            "https://localhost:8443.evil.com",
            "https://evil.com",
            "https://evil.com:8443",
            "https://localhost.evil.com:8443",
            "https://evillocalhost:8443",
            "HTTPS://localhost:8443",
            "//localhost:8443",
            "localhost:8443",
            "file://",
            "https://user@localhost:8443",
            "https://localhost:8443 ",
            "wss://localhost:8443",
            "https://box.local:8443",
            "chrome-extension://abc",
        ] {
            let refused = request(Method::POST, &[OWN, ("origin", origin)]);
            assert_eq!(refused, Err(ErrorCode::OriginForeign), "{origin:?}");
        }
        assert_eq!(request(Method::DELETE, &[OWN]), Err(ErrorCode::OriginForeign), "no origin");
        let twice = [OWN, ("origin", "https://localhost:8443"), ("origin", "https://localhost:8443")];
        assert_eq!(request(Method::POST, &twice), Err(ErrorCode::OriginForeign));
        let foreign = [OWN, ("origin", "https://localhost:8443"), ("sec-fetch-site", "cross-site")];
        assert_eq!(request(Method::POST, &foreign), Err(ErrorCode::OriginForeign));
    }

    #[test]
    fn upgrades_need_it_too_and_plain_reads_do_not() {
        assert_eq!(request(Method::GET, &[OWN]), Ok(()));
        for site in ["cross-site", "same-site", "same-origin, cross-site", ""] {
            let read = request(Method::GET, &[OWN, ("sec-fetch-site", site)]);
            assert_eq!(read, Err(ErrorCode::OriginForeign), "{site:?}");
        }
        let mixed = [OWN, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
        assert_eq!(request(Method::GET, &mixed), Err(ErrorCode::OriginForeign));
        let mut link = HeaderMap::new();
        link.insert(HOST, "localhost:8443".parse().unwrap());
        link.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert_eq!(check(&allowed(), &Method::GET, &Uri::from_static("/rooms"), &link), Ok(()));
        assert_eq!(request(Method::GET, &[OWN, ("upgrade", "websocket")]), Err(ErrorCode::OriginForeign));
        let good = [OWN, ("upgrade", "websocket"), ("origin", "https://localhost:8443")];
        assert_eq!(request(Method::GET, &good), Ok(()));
    }

    #[test]
    fn missing_and_repeated_hosts_are_refused() {
        assert_eq!(request(Method::GET, &[]), Err(ErrorCode::HostUnknown));
        assert_eq!(request(Method::GET, &[OWN, OWN]), Err(ErrorCode::HostUnknown));
        let uri = Uri::from_static("https://evil.com/");
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "localhost:8443".parse().unwrap());
        assert_eq!(check(&allowed(), &Method::GET, &uri, &headers), Err(ErrorCode::HostUnknown));
    }
}
