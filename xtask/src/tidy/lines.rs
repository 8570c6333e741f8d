//! Sizes: files, and how often code relies on `expect`.

use super::File;

/// Lines of a Rust file without its tests.
const RUST_LINES: usize = 500;
/// Lines of a TypeScript file.
const TYPESCRIPT_LINES: usize = 300;
/// Bytes of a file that is no text.
const BINARY_BYTES: u64 = 400_000;
/// `expect` per thousand lines outside tests.
const EXPECTS: usize = 5;

pub(super) fn check(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    if file.is_generated() {
        return problems;
    }
    let name = file.name();
    let lines = file.code().lines().count();
    if file.is("rs") && !name.contains("/tests/") && lines > RUST_LINES {
        problems
            .push(format!("{name}: {lines} lines without tests, {RUST_LINES} are allowed: it is two things"));
    }
    let lines = file.text.lines().count();
    let is_script = file.is("ts") || file.is("tsx");
    if is_script && !name.contains(".test.") && !name.contains("/e2e/") && lines > TYPESCRIPT_LINES {
        problems.push(format!("{name}: {lines} lines, {TYPESCRIPT_LINES} are allowed: it is two things"));
    }
    if file.text.is_empty() && file.bytes > BINARY_BYTES {
        problems.push(format!("{name}: {} bytes, {BINARY_BYTES} are allowed for a binary file", file.bytes));
    }
    problems
}

/// `expect` is for invariants, and those are rare.
pub(super) fn check_panics(files: &[File]) -> Vec<String> {
    let code: Vec<&str> =
        files.iter().filter(|file| file.is("rs") && !file.is_test()).map(File::code).collect();
    let lines: usize = code.iter().map(|text| text.lines().count()).sum();
    let expects: usize = code.iter().map(|text| text.matches(".expect(\"").count()).sum();
    if expects * 1000 > lines * EXPECTS {
        return vec![format!(
            "{expects} `expect` in {lines} lines of Rust; {EXPECTS} per thousand are allowed"
        )];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn long_files_are_two_things() {
        assert_eq!(check(&sample("a.rs", &"x\n".repeat(501))).len(), 1);
        let tested = "x\n".repeat(400) + "#[cfg(test)]\nmod tests {\n" + &"x\n".repeat(400);
        assert!(check(&sample("a.rs", &tested)).is_empty());
        assert_eq!(check(&sample("a.tsx", &"x\n".repeat(301))).len(), 1);
        assert!(check(&sample("a.test.ts", &"x\n".repeat(900))).is_empty());
    }

    #[test]
    fn expect_is_rare() {
        let many = sample("a.rs", &"x.expect(\"y\");\n".repeat(10));
        assert_eq!(check_panics(&[many]).len(), 1);
        let few = sample("a.rs", &("x.expect(\"y\");\n".to_owned() + &"x\n".repeat(400)));
        assert!(check_panics(&[few]).is_empty());
    }
}
