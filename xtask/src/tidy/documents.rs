//! Documents are true: links lead somewhere, and the protocol's page names every message.

use std::path::{Path, PathBuf};

use super::File;

const PROTOCOL: &str = "docs/protocol-events.md";

pub(super) fn check(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.is("md")) {
        for link in links(&file.text) {
            let target = normal(&file.path.parent().unwrap_or(Path::new("")).join(&link));
            let exists = files.iter().any(|other| other.path == target || other.path.starts_with(&target));
            if !exists {
                problems.push(format!("{}: links to {link}, which does not exist", file.name()));
            }
        }
    }
    let text =
        |path: &str| files.iter().find(|file| file.path == Path::new(path)).map(|file| file.text.as_str());
    if let Some(page) = text(PROTOCOL) {
        for (source, name) in [
            ("protocol/src/control.rs", "ClientMessage"),
            ("protocol/src/control.rs", "ServerMessage"),
            ("protocol/src/chat.rs", "RoomEventKind"),
        ] {
            let variants = variants(text(source).unwrap_or_default(), name);
            if variants.is_empty() {
                problems.push(format!("{source}: the enum {name} was not found"));
            }
            for variant in variants.iter().filter(|variant| !page.contains(&format!("`{variant}`"))) {
                problems.push(format!("{PROTOCOL}: does not describe `{variant}` of {name}"));
            }
        }
    }
    problems
}

/// Relative targets of Markdown links and images.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split("](").skip(1) {
        let target = piece.split([')', ' ']).next().unwrap_or_default();
        let target = target.split('#').next().unwrap_or_default();
        if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
            found.push(target.to_owned());
        }
    }
    found
}

fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                normal.pop();
            }
            std::path::Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// The variants of an enum, in the spelling of the wire.
fn variants(source: &str, name: &str) -> Vec<String> {
    let Some((_, body)) = source.split_once(&format!("pub enum {name} {{")) else { return Vec::new() };
    let body = body.split("\n}").next().unwrap_or_default();
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
        .map(|variant| snake(&variant))
        .collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn dead_links_are_found() {
        let files = [
            sample("docs/a.md", "[b](b.md) [c](../c.md#x) [d](d.md) [e](https://e)"),
            sample("docs/b.md", ""),
            sample("c.md", ""),
        ];
        assert_eq!(check(&files).len(), 1);
    }

    #[test]
    fn a_message_without_a_description_is_found() {
        let source = "pub enum ClientMessage {\n    /// x\n    ChatSend(X),\n    Ping {\n        nonce: u32,\n    },\n}\n";
        assert_eq!(variants(source, "ClientMessage"), ["chat_send", "ping"]);
        let enums = source.to_owned() + "pub enum ServerMessage {\n    Pong(X),\n}\n";
        let files = [
            sample(PROTOCOL, "`chat_send` `pong` `posted`"),
            sample("protocol/src/control.rs", &enums),
            sample("protocol/src/chat.rs", "pub enum RoomEventKind {\n    Posted {\n    },\n}\n"),
        ];
        assert_eq!(check(&files), [format!("{PROTOCOL}: does not describe `ping` of ClientMessage")]);
    }
}
