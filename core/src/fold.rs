//! Text as search sees it: without case and accents, so "chloe" finds "Chloé".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded form: compatibility-decomposed, without combining marks, lower case, joined letters taken apart.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match undecomposed(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
}

/// Letters that Unicode does not decompose, though people type them without what makes them special.
fn undecomposed(c: char) -> Option<&'static str> {
    Some(match c {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        '’' => "'",
        _ => return None,
    })
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
