//! Words that must not be in a tracked file, and heads that must be.

use super::File;

/// Promises: finish them, or say in the closing note why not. Written apart here, so that this file is clean.
fn promises() -> Vec<String> {
    [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"), ("todo", "!("), ("unimplemented", "!(")]
        .iter()
        .map(|(first, second)| format!("{first}{second}"))
        .collect()
}

/// Places of one machine, and hosts of registries.
fn places() -> Vec<String> {
    [
        ("/work", "/main"),
        ("/root", "/.cargo"),
        ("registry.npm", "js"),
        ("static.crates", ".io"),
        ("deb.debian", ".org"),
    ]
    .iter()
    .map(|(first, second)| format!("{first}{second}"))
    .collect()
}

pub(super) fn check(file: &File) -> Vec<String> {
    let name = file.name();
    let mut problems = Vec::new();
    if name.ends_with(".lock") || name.ends_with("package-lock.json") || file.is_generated() {
        return problems;
    }
    let is_code =
        ["rs", "ts", "tsx", "css", "sh", "mjs"].iter().any(|ending| file.is(ending)) || name == "Makefile";
    for (number, line) in file.text.lines().enumerate() {
        let at = number + 1;
        if is_code {
            for word in promises().iter().filter(|word| has_word(line, word)) {
                problems.push(format!("{name}:{at}: promises something ({word})"));
            }
            if line.trim_start().starts_with("#[ignore") || line.contains(".skip(") || line.contains(".only(")
            {
                let is_iterator = file.is("rs") && !line.contains("#[ignore");
                if !is_iterator && name.contains("test") {
                    problems.push(format!("{name}:{at}: a test that does not run"));
                }
            }
        }
        for place in places().iter().filter(|place| line.contains(place.as_str())) {
            problems.push(format!("{name}:{at}: names a place of one machine ({place})"));
        }
    }
    if file.is("rs") && !file.text.starts_with("//!") && !file.text.starts_with("#![") {
        problems.push(format!("{name}: has no module head (//!) that says what it is for"));
    }
    problems
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(index, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let after = line[index + word.len()..].chars().next();
        edge(line[..index].chars().next_back()) && (word.ends_with('(') || edge(after))
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn promises_are_found_and_words_that_contain_them_are_not() {
        let promise = format!("//! x\n// {}: later", promises()[0]);
        assert_eq!(check(&sample("a.rs", &promise)).len(), 1);
        assert!(check(&sample("a.rs", "//! x\n// TODOS are fine")).is_empty());
    }

    #[test]
    fn every_rust_file_has_a_head() {
        assert_eq!(check(&sample("a.rs", "fn main() {}")).len(), 1);
    }

    #[test]
    fn places_of_one_machine_stay_out() {
        let line = format!("//! x\nlet path = \"{}\";", places()[0]);
        assert_eq!(check(&sample("a.rs", &line)).len(), 1);
    }
}
