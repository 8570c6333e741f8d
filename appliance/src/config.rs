//! Configuration: what an operator may set, parsed once and handed down.
//!
//! [`EXAMPLE`] is the documentation: every setting with its default. A test parses it and compares it with
//! [`Config::default`], so it can't go out of date.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use mesh_protocol::limit;
use serde::Deserialize;

/// Every setting with its default and meaning.
pub const EXAMPLE: &str = include_str!("config/example.toml");

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it listens.
    pub listen: ListenConfig,
    /// How it proves who it is.
    pub tls: TlsConfig,
    /// How much it takes.
    pub limits: LimitsConfig,
    /// What it writes to the log.
    pub log: LogConfig,
    /// How it helps devices to find a path to each other.
    pub ice: IceConfig,
}

/// Section `[listen]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListenConfig {
    /// Address of the web client and the API, over TLS.
    pub address: SocketAddr,
    /// Address of the plain page that explains how to get to the secure one.
    pub http_address: SocketAddr,
    /// Names and addresses people open, besides those the box finds itself.
    pub names: Vec<String>,
}

impl Default for ListenConfig {
    fn default() -> Self {
        Self {
            address: (Ipv6Addr::UNSPECIFIED, 8443).into(),
            http_address: (Ipv6Addr::UNSPECIFIED, 8080).into(),
            names: Vec::new(),
        }
    }
}

/// Section `[tls]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM file of an own certificate with its chain; the box makes its own without.
    pub certificate: Option<PathBuf>,
    /// PEM file of its private key.
    pub key: Option<PathBuf>,
    /// Whether browsers trust the own certificate by themselves; turns on HSTS.
    pub publicly_trusted: bool,
}

/// Section `[limits]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Connections at once, in all.
    pub connections: usize,
    /// Connections at once from one IPv4 address or IPv6 /64.
    pub connections_per_source: usize,
    /// Connections at once on which nobody has been authenticated.
    pub unauthenticated_connections: usize,
    /// WebSocket messages a second that one session may send; four times as many at once.
    pub messages_per_second: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            connections: 512,
            connections_per_source: 64,
            unauthenticated_connections: 128,
            messages_per_second: limit::MESSAGES_PER_SECOND,
        }
    }
}

/// Section `[log]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug` or `trace`, or a filter like `info,mesh_appliance=debug`.
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Automatic }
    }
}

/// Section `[ice]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IceConfig {
    /// UDP address of the box's own STUN; the port after it is used, too.
    pub stun_address: SocketAddr,
    /// Servers elsewhere.
    pub servers: Vec<IceServerConfig>,
}

impl Default for IceConfig {
    fn default() -> Self {
        Self { stun_address: (Ipv6Addr::UNSPECIFIED, 3478).into(), servers: Vec::new() }
    }
}

/// A STUN or TURN server.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IceServerConfig {
    /// `stun:`, `turn:` and `turns:` addresses.
    pub urls: Vec<String>,
    /// What it shares with the box (`static-auth-secret` of coturn), for TURN.
    #[serde(default)]
    pub secret: Option<String>,
}

impl std::fmt::Debug for IceServerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServerConfig").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl IceServerConfig {
    fn check(&self) -> Result<(), String> {
        let is_turn = |url: &String| url.starts_with("turn:") || url.starts_with("turns:");
        let is_known = |url: &String| is_turn(url) || url.starts_with("stun:");
        if self.urls.is_empty() || !self.urls.iter().all(is_known) {
            return Err("[[ice.servers]] urls start with stun:, turn: or turns:".to_owned());
        }
        if self.urls.iter().any(is_turn) && self.secret.as_ref().is_none_or(String::is_empty) {
            return Err(
                "[[ice.servers]] a TURN server needs the secret that it shares with the box".to_owned()
            );
        }
        Ok(())
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON lines elsewhere.
    #[default]
    Automatic,
    /// One line of text each.
    Text,
    /// One JSON object a line.
    Json,
}

/// A configuration file that can't be used, as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("the configuration {path} can't be read: {error}", path = .0.display(), error = .1)]
    Unreadable(PathBuf, std::io::Error),
    /// It has a mistake; the text says where and what is expected.
    #[error("the configuration {path} has a mistake: {error}\nSee `mesh-appliance config` for all settings.", path = .0.display(), error = .1)]
    Invalid(PathBuf, String),
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read or has a mistake.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable(path.into(), error))?;
        Self::parse(&text).map_err(|error| ConfigError::Invalid(path.into(), error))
    }

    /// Reads a text; the error says line, column and what is wrong.
    ///
    /// # Errors
    /// When it has a mistake.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if config.tls.certificate.is_some() != config.tls.key.is_some() {
            return Err("[tls] certificate and key belong together: set both or none".to_owned());
        }
        let limits = config.limits;
        let smallest = limits.connections.min(limits.connections_per_source);
        if smallest.min(limits.unauthenticated_connections) == 0 || limits.messages_per_second == 0 {
            return Err("[limits] must be at least 1".to_owned());
        }
        config.ice.servers.iter().try_for_each(IceServerConfig::check)?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_default() {
        assert_eq!(Config::parse(EXAMPLE), Ok(Config::default()));
        let uncommented: String =
            EXAMPLE.lines().map(|line| line.strip_prefix("#= ").unwrap_or(line).to_owned() + "\n").collect();
        assert!(Config::parse(&uncommented).is_ok(), "settings that have no default parse, too");
    }

    #[test]
    fn mistakes_are_named() {
        let error = Config::parse("[listen]\nadress = \"127.0.0.1:1\"").unwrap_err();
        assert!(error.contains("line 2") && error.contains("adress"), "{error}");
        let error = Config::parse("[limits]\nconnections = 0").unwrap_err();
        assert!(error.contains("limits"), "{error}");
        for (urls, word) in [("[]", "stun:"), ("[\"http://x\"]", "stun:"), ("[\"turn:x\"]", "secret")] {
            let error = Config::parse(&format!("[[ice.servers]]\nurls = {urls}")).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        let error = Config::parse("[tls]\nkey = \"key.pem\"").unwrap_err();
        assert!(error.contains("both"), "{error}");
    }
}
