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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_joined_letters_do_not_matter() {
        for (text, folded) in [
            ("Hello", "hello"),
            ("Chloé", "chloe"),
            ("CHLOE\u{301}", "chloe"),
            ("Œuvre, œdème", "oeuvre, oedeme"),
            ("Straße", "strasse"),
            ("ŁÓDŹ", "lodz"),
            ("Søren Æther", "soren aether"),
            ("İstanbul ısı", "istanbul isi"),
            ("ﬁne ２０", "fine 20"),
            ("l’été", "l'ete"),
            ("Ελλάδα", "ελλαδα"),
            ("日本", "日本"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_query_is_its_words() {
        assert_eq!(words("  Compte-rendu, l'ÉTÉ! "), ["compte", "rendu", "l", "ete"]);
        assert_eq!(words(" .,! "), Vec::<String>::new());
        assert_eq!(words("👍 ok"), ["ok"]);
    }

    #[test]
    fn every_word_must_begin_a_word_of_the_text() {
        let found = |query: &str, text: &str| matches(&words(query), text);
        assert!(found("chlo rend", "Le compte-rendu de Chloé"));
        assert!(found("COEUR", "au cœur"));
        assert!(found("", "anything"));
        assert!(!found("loe", "Chloé"), "not inside a word");
        assert!(!found("chloe marc", "Chloé"), "all words");
        assert!(found("an", "banane ananas"), "a later place counts when the first is inside a word");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn a_text_is_found_by_its_own_words(text in ".{0,60}") {
            prop_assert!(matches(&words(&text), &text));
        }
    }
}
