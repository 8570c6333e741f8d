//! The walls between the rings, where the compiler does not hold them by itself.

use super::File;

/// What a folder must not name, and why.
const WALLS: &[(&str, &[&str], &str)] = &[
    (
        "core/src/",
        &[
            "std::fs",
            "std::net",
            "std::thread",
            "std::process",
            "SystemTime",
            "Instant",
            "tokio",
            "redb",
            "axum",
        ],
        "core decides; files, sockets, clocks and threads belong to the shells",
    ),
    (
        "protocol/src/",
        &["std::fs", "std::net", "std::thread", "SystemTime", "Instant", "tokio", "mesh_core"],
        "protocol only says things",
    ),
    ("agent/", &["mesh_appliance", "mesh-appliance"], "agent and appliance don't know each other"),
    ("appliance/", &["mesh_agent", "mesh-agent"], "agent and appliance don't know each other"),
];

pub(super) fn check(file: &File) -> Vec<String> {
    let name = file.name();
    let mut problems = Vec::new();
    if !(file.is("rs") || name.ends_with("Cargo.toml")) {
        return problems;
    }
    for (folder, words, why) in WALLS {
        if !name.starts_with(folder) {
            continue;
        }
        for (number, line) in file.code().lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            for word in words.iter().filter(|word| line.contains(**word)) {
                problems.push(format!("{name}:{}: names {word}: {why}", number + 1));
            }
        }
    }
    let is_store = name.starts_with("appliance/src/store") || name.starts_with("appliance/tests/store");
    if file.is("rs") && name.starts_with("appliance/") && !is_store && file.code().contains("redb::") {
        problems.push(format!("{name}: names redb, which only the store knows"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn core_reads_no_clock_and_may_talk_about_it() {
        assert_eq!(check(&sample("core/src/a.rs", "let now = Instant::now();")).len(), 1);
        assert!(check(&sample("core/src/a.rs", "// Instant::now() is not allowed")).is_empty());
        assert!(check(&sample("appliance/src/a.rs", "let now = Instant::now();")).is_empty());
    }

    #[test]
    fn only_the_store_knows_redb() {
        assert_eq!(check(&sample("appliance/src/hub.rs", "use redb::Database;")).len(), 1);
        assert!(check(&sample("appliance/src/store/table.rs", "use redb::Database;")).is_empty());
    }
}
