//! Text as search sees it: without case and accents, so "chloe" finds "Chloé".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded form: compatibility-decomposed, without combining marks, lower case.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The folded words of a query.
pub fn words(query: &str) -> Vec<String> {
    fold(query)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether every one of `words` (folded) begins some word of `text`.
pub fn matches(words: &[String], text: &str) -> bool {
    let folded = fold(text);
    words.iter().all(|word| begins_a_word(&folded, word))
}

fn begins_a_word(folded: &str, word: &str) -> bool {
    folded
        .match_indices(word)
        .any(|(index, _)| folded[..index].chars().next_back().is_none_or(|before| !before.is_alphanumeric()))
}
