//! The rules about the code, as far as no other tool holds them. Each rule is a function from a file to what is
//! wrong with it, with a test that shows it fail.

mod documents;
mod licences;
mod lines;
mod rings;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A tracked file.
pub(crate) struct File {
    /// From the root.
    pub(crate) path: PathBuf,
    /// Its text; empty for a binary file.
    pub(crate) text: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
}

impl File {
    fn is(&self, ending: &str) -> bool {
        self.path.extension().is_some_and(|extension| extension == ending)
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn is_generated(&self) -> bool {
        self.name().contains("/generated/")
    }

    /// Whether it holds only tests, or what tests and benchmarks need.
    fn is_test(&self) -> bool {
        let name = self.name();
        ["/tests/", "/e2e/", "/test/", ".test.", "/benches/", "/examples/"]
            .iter()
            .any(|part| name.contains(part))
            || name.starts_with("lab/")
            || name.starts_with("fuzz/")
    }

    /// The text up to the inline test module.
    fn code(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests").next().unwrap_or(&self.text)
    }
}

/// Looks at every tracked file; false when something is wrong.
#[expect(clippy::print_stderr, reason = "says what is wrong")]
pub(crate) fn run(root: &Path) -> Result<bool> {
    let files = tracked(root)?;
    let mut problems: Vec<String> = Vec::new();
    for file in &files {
        problems.extend(lines::check(file));
        problems.extend(rings::check(file));
        problems.extend(words::check(file));
    }
    problems.extend(lines::check_panics(&files));
    problems.extend(documents::check(&files));
    problems.extend(licences::check(root)?);
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(problems.is_empty())
}

fn tracked(root: &Path) -> Result<Vec<File>> {
    let output = Command::new("git").arg("-C").arg(root).args(["ls-files", "-z"]).output()?;
    ensure!(output.status.success(), "git can't list the files");
    let names = String::from_utf8(output.stdout).context("file names are UTF-8")?;
    let mut files = Vec::new();
    for name in names.split_terminator('\0') {
        let full = root.join(name);
        // A file may be deleted and not yet committed.
        let Ok(bytes) = std::fs::read(&full) else { continue };
        let size = bytes.len() as u64;
        files.push(File {
            path: name.into(),
            text: String::from_utf8(bytes).unwrap_or_default(),
            bytes: size,
        });
    }
    Ok(files)
}

#[cfg(test)]
pub(crate) fn sample(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.to_owned(), bytes: text.len() as u64 }
}
